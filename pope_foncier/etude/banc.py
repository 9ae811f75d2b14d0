"""Benchmark of the chain: one scenario, its replay, its slopes, 10,000 and 100,000 draws, loading; figures are medians of repeats.

What each figure measures, and its bar, are in ``cles_du_banc``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from pope_foncier.socle.lecture import lire_octets
from pope_foncier.socle.pentes import Sortie
from pope_foncier.socle.rendement import tri

ETUDE = "gare_saint_denis"
GRAINE = 20261124
_LECTURE = (
    "from pope_foncier.etude.moteur import Moteur\n"
    "from pope_foncier.etude.scenarios import ouvrir\n"
    "from pope_foncier.socle.chemins import dossier_donnees\n"
    f"dossier = ouvrir(dossier_donnees() / 'etudes' / '{ETUDE}.yaml')\n"
    "Moteur.ouvrir().evaluer(dossier, ['base'])\n"
)


@dataclass(frozen=True, slots=True)
class Ampleur:
    """How much is measured.

    Attributes:
        tirages: draws of ``tirage_us``; ``tirages_100000_s`` takes ten times as many.
        repetitions: repeats whose median is kept.
        nombres: numbers of draws of the curve of time.
        annees: horizons of the curve of time [years].
        montages: montages of ``comparer_900_s``.
    """

    tirages: int = 10_000
    repetitions: int = 5
    nombres: tuple[int, ...] = (1_000, 10_000, 25_000, 50_000, 75_000, 100_000)
    annees: tuple[int, ...] = (10, 15, 20, 25, 30, 35, 40)
    montages: int = 15


COMPLETE = Ampleur()
REDUITE = Ampleur(100, 1, (100, 300), (10, 12), 1)
"""Just enough to see that everything runs: its figures mean nothing."""


def mesurer(sortie: Path, ampleur: Ampleur = COMPLETE) -> dict[str, float]:
    """Measure and write the figures as JSON."""
    moteur = Moteur.ouvrir()
    dossier = ouvrir_l_etude()
    ev = moteur.evaluer(dossier, ["base"])[0]
    mensuelles = sum(1 for ligne in ev.livre.lignes.values() if ligne.grandeur.axe == "mois")
    hasard = np.random.default_rng(GRAINE)
    tirages = tirer_les_entrees(hasard, ampleur.tirages)

    def scenario() -> None:
        une = Moteur(moteur.catalogue, moteur.evolutions).evaluer(dossier, ["base"])[0]
        ratios.calculer(une)
        indicateurs.calculer(une)

    scenario()
    mesures = _reprises(moteur, dossier, ampleur) | {
        "scenario_ms": 1e3 * mediane(scenario, 4 * ampleur.repetitions),
        "tirage_us": 1e6 / ampleur.tirages * mediane(lambda: tirer(moteur, dossier, tirages), ampleur.repetitions),
        "lignes": float(mensuelles),
        "noyau_us": _noyau(ampleur) * mensuelles,
        "chargement_s": mediane(_charger, ampleur.repetitions),
    }
    mesures |= _beaucoup(moteur, dossier, tirages, ampleur) | _emprunts(hasard, ampleur)
    mesures["rapport_noyau"] = mesures["tirage_us"] / mesures["noyau_us"]
    arrondies = {nom: round(valeur, 4) for nom, valeur in mesures.items() if not np.isnan(valeur)}
    ecrire(sortie, json.dumps(arrondies, indent=1))
    return arrondies


def ouvrir_l_etude() -> Dossier:
    """Study that is measured."""
    return ouvrir(dossier_donnees() / "etudes" / f"{ETUDE}.yaml")


def tirer_les_entrees(hasard: np.random.Generator, nombre: int) -> dict[str, Tableau]:
    """Draws of a price path, a rate, an occupancy and a works cost, by field."""
    return {
        "evolution.prix": hasard.normal(0.0, 0.005, nombre),
        "prets[banque].taux": hasard.uniform(0.03, 0.06, nombre),
        "exploitation.taux_occupation": hasard.uniform(0.55, 0.75, nombre),
        "travaux.cout_m2_ht": hasard.uniform(3000.0, 4500.0, nombre),
    }


def _reprises(moteur: Moteur, dossier: Dossier, ampleur: Ampleur) -> dict[str, float]:
    """Replay of three inputs that move each time, its closing, and slopes of five figures."""
    fois = 4 * ampleur.repetitions

    def varie(i: int) -> Etude:
        return varier(
            dossier,
            "banc",
            {
                "travaux.cout_m2_ht": 3000.0 + i,
                "prets[banque].taux": 0.03 + 1e-6 * i,
                "exploitation.taux_occupation": 0.6 + 1e-6 * i,
            },
        )

    suivantes = iter([varie(i) for i in range(fois + 2)])

    def reprendre() -> Vue:
        vue = Resultat.reprendre(dossier, next(suivantes), moteur).vue()
        assert vue.ratios
        assert vue.indicateurs
        return vue

    moteur.reprise(moteur.contexte(dossier))
    boucler(reprendre().ev)
    mesures = {"reprise_ms": 1e3 * mediane(reprendre, fois)}
    vue = reprendre()
    mesures["bouclage_ms"] = 1e3 * mediane(lambda: boucler(vue.ev), fois)
    bouclee = Resultat.calculer(dossier, moteur).vue().bouclee
    ratio = next(r.grandeur for r in bouclee.ratios if r.code == "couverture_minimale")
    lus = [bouclee.indicateurs[n] for n in ("contribution_par_place", "contribution_totale", "cout_total")]
    sorties = [Sortie(g, np.ones(1)) for g in (*lus, ratio, bouclee.ev.livre["a_trouver.total"])]
    mesures["pente_ms"] = 1e3 * mediane(lambda: effets(bouclee.ev, sorties), ampleur.repetitions)
    return mesures


def _beaucoup(moteur: Moteur, dossier: Dossier, tirages: Mapping[str, Tableau], ampleur: Ampleur) -> dict[str, float]:
    """Ten times as many draws on two threads, and the memory that they take in a fresh Python [MB]."""
    nombreux = {champ: np.tile(v, 10) for champ, v in tirages.items()}
    return {
        "tirages_100000_s": mediane(lambda: tirer(moteur, dossier, nombreux, fils=2), ampleur.repetitions),
        "tirages_100000_mo": memoire_mo(10 * ampleur.tirages, fils=2),
    }


def memoire_mo(nombre: int, fils: int) -> float:
    """Peak of the memory that some draws add to a fresh Python once the package is imported [MB]; NaN where the system does not say."""
    demande = f"from pope_foncier.etude.banc import pic_mo; print(pic_mo({nombre}, {fils}))"
    fait = subprocess.run([sys.executable, "-c", demande], check=True, capture_output=True, text=True, timeout=600)
    return float(fait.stdout)


def pic_mo(nombre: int, fils: int) -> float:
    """Peak of this process above what it takes now, the study opened and drawn [MB]."""
    avant = _plus_haut_mo()
    tirer(Moteur.ouvrir(), ouvrir_l_etude(), tirer_les_entrees(np.random.default_rng(GRAINE), nombre), fils)
    return _plus_haut_mo() - avant


def _plus_haut_mo() -> float:
    """Largest memory of the process so far [MB]: that of Linux, which a process does not take from the one that starts it."""
    etat = Path("/proc/self/status")
    if not etat.exists():
        return float("nan")
    champs = dict(x.split(":", 1) for x in lire_octets(etat).decode().splitlines() if ":" in x)
    return float(champs["VmHWM"].split()[0]) / 1024


def tirer(moteur: Moteur, dossier: Dossier, tirages: Mapping[str, Tableau], fils: int = 1) -> dict[str, Tableau]:
    """Gap and ratios of the plan as it stands, draw by draw."""
    return tirer_par_blocs(moteur, dossier, tirages, DuPlanTelQuel(lus_d_un_tirage), fils=fils)


def lus_d_un_tirage(ev: Evaluation) -> dict[str, Grandeur]:
    """What is read of each draw: the gap and the ratios."""
    return {"reste": ev.plan.reste_a_financer, **{r.code: r.grandeur for r in ratios.calculer(ev)}}


def _emprunts(hasard: np.random.Generator, ampleur: Ampleur) -> dict[str, float]:
    """Loans and rates of return: 10,000 different loans × 360 months, one schedule of 240 rows, 10,000 IRRs of 360 flows."""
    n, fois = ampleur.tirages, ampleur.repetitions
    capital, taux = hasard.uniform(1e5, 1e6, n), hasard.uniform(0.01, 0.06, n)
    duree = hasard.integers(10, 31, n) * 12.0
    flux = np.concatenate([np.full((n, 1), -2e5), hasard.uniform(500, 2000, (n, 359))], axis=1)
    return {
        "prets_10000_s": mediane(lambda: echeancier(Emprunt(capital, taux, duree)).echeance, fois),
        "echeancier_240_ms": 1e3 * mediane(lambda: echeancier(Emprunt(2e5, 0.04, 240)).echeance, 20 * fois),
        "echeancier_240_centime_ms": 1e3
        * mediane(lambda: echeancier(Emprunt(2e5, 0.04, 240, arrondi="centime")).echeance, 10 * fois),
        "tri_10000_s": mediane(lambda: tri(flux), fois),
    }


def _noyau(ampleur: Ampleur) -> float:
    """Microseconds per draw of one multiply and one add on 256 draws × 360 months."""
    a, b, c = np.random.default_rng(1).random((3, 256, 360))
    o = np.empty_like(a)

    def coup() -> None:
        np.multiply(a, b, out=o)
        np.add(o, c, out=o)

    return 1e6 / 256 * mediane(coup, 40 * ampleur.repetitions)


def _charger() -> None:
    subprocess.run([sys.executable, "-c", _LECTURE], check=True, capture_output=True, timeout=60)


def mediane(action: Callable[[], object], repetitions: int) -> float:
    """Median duration of an action [s]."""
    durees = []
    for _ in range(repetitions):
        debut = time.perf_counter()
        action()
        durees.append(time.perf_counter() - debut)
    return statistics.median(durees)
