"""Benchmark of the chain: one scenario, its replay, its slopes, 10,000 and 100,000 draws, loading; figures are medians of repeats."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pope_foncier.etude import indicateurs, ratios
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.pentes import effets
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import Dossier, ouvrir, varier
from pope_foncier.etude.tirages import DuPlanTelQuel, tirer_par_blocs
from pope_foncier.prets import Emprunt, echeancier
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.pentes import Sortie
from pope_foncier.socle.rendement import tri

ETUDE = "gare_saint_denis"
_TIRAGES = 10_000
_REPETITIONS = 5
_LECTURE = (
    "from pope_foncier.etude.moteur import Moteur\n"
    "from pope_foncier.etude.scenarios import ouvrir\n"
    "from pope_foncier.socle.chemins import dossier_donnees\n"
    f"dossier = ouvrir(dossier_donnees() / 'etudes' / '{ETUDE}.yaml')\n"
    "Moteur.ouvrir().evaluer(dossier, ['base'])\n"
)


def mesurer(sortie: Path) -> dict[str, float]:
    """Measure and write the figures as JSON.

    ``chargement_s``: a fresh Python that imports the package, loads the study with the scales it reads, and evaluates it
    once. ``scenario_ms``: one full scenario, every line, ratio and key figure. ``reprise_ms``: the same once three inputs have changed,
    replayed; ``bouclage_ms``: its closed plan. ``pente_ms``: slopes of five figures of the closed plan to all the inputs. ``tirage_us``: per draw,
    10,000 draws with price path, rate, occupancy and works cost drawn, one thread; ``tirages_100000_s``: ten times as many, two
    threads, and ``tirages_100000_mo`` the memory that they add. ``noyau_us``: one multiply and one add of float64 per engine line.
    """
    moteur = Moteur.ouvrir()
    dossier = ouvrir(dossier_donnees() / "etudes" / f"{ETUDE}.yaml")
    ev = moteur.evaluer(dossier, ["base"])[0]
    mensuelles = sum(1 for ligne in ev.livre.lignes.values() if ligne.grandeur.axe == "mois")
    hasard = np.random.default_rng(20261124)
    tirages = {
        "evolution.prix": hasard.normal(0.0, 0.005, _TIRAGES),
        "prets[banque].taux": hasard.uniform(0.03, 0.06, _TIRAGES),
        "exploitation.taux_occupation": hasard.uniform(0.55, 0.75, _TIRAGES),
        "travaux.cout_m2_ht": hasard.uniform(3000.0, 4500.0, _TIRAGES),
    }

    def scenario() -> None:
        une = moteur.evaluer(dossier, ["base"])[0]
        ratios.calculer(une)
        indicateurs.calculer(une)

    scenario()
    mesures = _reprises(moteur, dossier) | {
        "scenario_ms": 1e3 * _mediane(scenario, 4 * _REPETITIONS),
        "tirage_us": 1e6 / _TIRAGES * _mediane(lambda: _tirer(moteur, dossier, tirages), _REPETITIONS),
        "lignes": float(mensuelles),
        "noyau_us": _noyau() * mensuelles,
        "chargement_s": _mediane(_charger, _REPETITIONS),
    }
    mesures |= _beaucoup(moteur, dossier, tirages) | _emprunts(hasard)
    mesures["rapport_noyau"] = mesures["tirage_us"] / mesures["noyau_us"]
    arrondies = {nom: round(valeur, 4) for nom, valeur in mesures.items()}
    ecrire(sortie, json.dumps(arrondies, indent=1))
    return arrondies


def _reprises(moteur: Moteur, dossier: Dossier) -> dict[str, float]:
    """Replay of three inputs that move each time, its closing, and slopes of five figures."""
    rangs = iter(range(10_000))

    def varie() -> Etude:
        i = next(rangs)
        return varier(
            dossier,
            "banc",
            {
                "travaux.cout_m2_ht": 3000.0 + i,
                "prets[banque].taux": 0.03 + 1e-6 * i,
                "exploitation.taux_occupation": 0.6 + 1e-6 * i,
            },
        )

    variees = [varie() for _ in range(8 * _REPETITIONS)]
    suivantes = iter(variees)

    def reprendre() -> Vue:
        vue = Resultat.reprendre(dossier, next(suivantes), moteur).vue()
        assert vue.ratios
        assert vue.indicateurs
        return vue

    moteur.reprise(moteur.contexte(dossier))
    boucler(reprendre().ev)
    mesures = {"reprise_ms": 1e3 * _mediane(reprendre, 4 * _REPETITIONS)}
    vue = reprendre()
    mesures["bouclage_ms"] = 1e3 * _mediane(lambda: boucler(vue.ev), 4 * _REPETITIONS)
    bouclee = Resultat.calculer(dossier, moteur).vue().bouclee
    ratio = next(r.grandeur for r in bouclee.ratios if r.code == "couverture_minimale")
    lus = [bouclee.indicateurs[n] for n in ("contribution_par_place", "contribution_totale", "cout_total")]
    sorties = [Sortie(g, np.ones(1)) for g in (*lus, ratio, bouclee.ev.livre["a_trouver.total"])]
    mesures["pente_ms"] = 1e3 * _mediane(lambda: effets(bouclee.ev, sorties), _REPETITIONS)
    return mesures


def _beaucoup(moteur: Moteur, dossier: Dossier, tirages: dict[str, Tableau]) -> dict[str, float]:
    """100,000 draws on two threads, and the memory that they add to the process [MB]."""
    cent_mille = {champ: np.tile(v, 10) for champ, v in tirages.items()}
    avant = _memoire_mo()
    duree = _mediane(lambda: _tirer(moteur, dossier, cent_mille, fils=2), _REPETITIONS)
    return {"tirages_100000_s": duree, "tirages_100000_mo": _memoire_mo() - avant}


def _memoire_mo() -> float:
    """Largest memory of the process so far [MB]; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tirer(moteur: Moteur, dossier: Dossier, tirages: dict[str, Tableau], fils: int = 1) -> dict[str, Tableau]:
    def garder(ev: Evaluation) -> dict[str, Grandeur]:
        return {"reste": ev.plan.reste_a_financer, **{r.code: r.grandeur for r in ratios.calculer(ev)}}

    return tirer_par_blocs(moteur, dossier, tirages, DuPlanTelQuel(garder), fils=fils)


def _emprunts(hasard: np.random.Generator) -> dict[str, float]:
    """Loans and rates of return: 10,000 different loans × 360 months, one schedule of 240 rows, 10,000 IRRs of 360 flows."""
    capital, taux = hasard.uniform(1e5, 1e6, _TIRAGES), hasard.uniform(0.01, 0.06, _TIRAGES)
    duree = hasard.integers(10, 31, _TIRAGES) * 12.0
    flux = np.concatenate([np.full((_TIRAGES, 1), -2e5), hasard.uniform(500, 2000, (_TIRAGES, 359))], axis=1)
    return {
        "prets_10000_s": _mediane(lambda: echeancier(Emprunt(capital, taux, duree)).echeance, _REPETITIONS),
        "echeancier_240_ms": 1e3 * _mediane(lambda: echeancier(Emprunt(2e5, 0.04, 240)).echeance, 100),
        "echeancier_240_centime_ms": 1e3
        * _mediane(lambda: echeancier(Emprunt(2e5, 0.04, 240, arrondi="centime")).echeance, 50),
        "tri_10000_s": _mediane(lambda: tri(flux), _REPETITIONS),
    }


def _noyau() -> float:
    """Microseconds per draw of one multiply and one add on 256 draws × 360 months."""
    a, b, c = np.random.default_rng(1).random((3, 256, 360))
    o = np.empty_like(a)

    def coup() -> None:
        np.multiply(a, b, out=o)
        np.add(o, c, out=o)

    return 1e6 / 256 * _mediane(coup, 200)


def _charger() -> None:
    subprocess.run([sys.executable, "-c", _LECTURE], check=True, capture_output=True, timeout=60)


def _mediane(action: Callable[[], object], repetitions: int) -> float:
    durees = []
    for _ in range(repetitions):
        debut = time.perf_counter()
        action()
        durees.append(time.perf_counter() - debut)
    return statistics.median(durees)
