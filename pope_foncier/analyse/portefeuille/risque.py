"""Risk of a portfolio: many draws of its sites at once, the lowest cash pooled and each site alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pope_foncier.analyse.chaine import Evaluation, Moteur
from pope_foncier.analyse.portefeuille.assemblage import Prepare, preparer_lieux, reunir
from pope_foncier.analyse.portefeuille.ensemble import Ensemble
from pope_foncier.analyse.portefeuille.fiche import Portefeuille
from pope_foncier.analyse.portefeuille.lieu import CAPITAUX
from pope_foncier.analyse.scenarios import BASE, Dossier, varier
from pope_foncier.analyse.tirages import TAILLE_BLOC, tirer_aides
from pope_foncier.projet.contexte import lire_champ
from pope_foncier.projet.donnee import Donnee
from pope_foncier.projet.etude import Etude
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.memoire import garder_memoire

PROPRES = ("travaux.cout_m2_ht", "delais.etudes_mois", "delais.travaux_mois", "exploitation.taux_occupation")
"""Fields of a study drawn apart for each site, between the bounds that it states."""
COMMUNES = ("bt01", "prix")
"""Evolution paths whose gap to the central one is the same for all sites."""
TIRAGES = 1_000
RISQUE_ADMIS = 0.10
"""Share of the draws in which the cash may fall below zero, for the equity that the table asks for."""
ANNEES_APRES = 5
"""Years after the last opening over which the cash is watched."""


@dataclass(frozen=True)
class Risque:
    """Lowest cash of each draw over the months watched [€]."""

    communs: Tableau
    """Pooled, shape (D,)."""
    seuls: Tableau
    """Each site with its share of the equity, shape (sites, D)."""
    mois: int
    """Months watched from the start."""
    capital: float

    def probabilite(self, caisses: Tableau) -> float:
        """Share of the draws whose cash falls below zero; NaN when something is unknown."""
        return float(np.mean(np.where(np.isnan(caisses), np.nan, caisses < -0.005)))

    @property
    def capital_requis(self) -> float:
        """Equity at which the pooled cash falls below zero in the share of draws admitted: cash is linear in it."""
        return self.capital - float(np.quantile(self.communs, RISQUE_ADMIS))


def tirer_risque(
    portefeuille: Portefeuille,
    moteur: Moteur,
    nombre: int = TIRAGES,
    graine: int = 2026,
    etudes: Path | None = None,
    dossiers: Mapping[str, Dossier] | None = None,
) -> Risque:
    """Draw the sites of a portfolio and pool their cash, by blocks, every draw at once.

    Works cost, durations, occupation and grants are drawn apart for each site; construction costs and prices are common. A
    rent agreed before the works stays what was planned; shared jobs and the return on equity are those planned.
    """
    garder_memoire()
    prets = preparer_lieux(portefeuille, etudes, dossiers)
    prevu = reunir(portefeuille, prets, moteur)
    prets = [_au_loyer_convenu(p, moteur) for p in prets]
    debuts = [lieu.janvier - 1 + p.etude.date_depart.month for lieu, p in zip(prevu.lieux, prets, strict=True)]
    mois = min(max(x.ouverture for x in prevu.lieux) + 12 * ANNEES_APRES, prevu.duree)
    communes = _tirer_communes(prets[0].etude, moteur, nombre, graine)
    propres = [_tirer_propres(p.etude, nombre, graine + 1 + rang) | communes for rang, p in enumerate(prets)]
    communs, seuls = [], []
    for bas in range(0, nombre, TAILLE_BLOC):
        bloc = min(TAILLE_BLOC, nombre - bas)
        flux = [
            _flux(p, moteur, {c: v[bas : bas + TAILLE_BLOC] for c, v in tirages.items()}, debut, (bloc, prevu.duree))
            for p, tirages, debut in zip(prets, propres, debuts, strict=True)
        ]
        communs.append(_caisse_commune(prevu, flux)[..., :mois].min(axis=-1))
        seuls.append([_caisse_seule(prevu, rang, f)[..., :mois].min(axis=-1) for rang, f in enumerate(flux)])
    return Risque(np.concatenate(communs), np.concatenate(seuls, axis=-1), mois, prevu.capital)


def _au_loyer_convenu(pret: Prepare, moteur: Moteur) -> Prepare:
    """Same site with the rent that was planned, agreed for good."""
    bail = pret.etude.bail_gestionnaire
    if bail is None or bail.loyer != "equilibre":
        return pret
    par_m2 = pret.evaluer(moteur).loyers.par_m2
    assert par_m2 is not None
    loyer = float(par_m2.valeur.flat[0])
    fixe = bail.model_dump(mode="python", exclude_defaults=True) | {
        "loyer": "fixe",
        "loyer_m2_an": {"a_obtenir_de": "le bailleur"}
        if np.isnan(loyer)
        else {"valeur": loyer, "base": "loyer convenu"},
    }
    seul = replace(pret.dossier, etude=pret.etude, variantes={BASE: pret.etude})
    return replace(pret, etude=varier(seul, "convenu", {"bail_gestionnaire": fixe}))


def _tirer_communes(etude: Etude, moteur: Moteur, nombre: int, graine: int) -> dict[str, Tableau]:
    hasard = np.random.default_rng(graine)
    tirages = {}
    for nom in COMMUNES:
        chemin = moteur.evolutions.chemins[nom]
        bas, milieu, haut = (chemin.taux(n) - chemin.taux(etude.evolution) for n in ("bas", "central", "haut"))
        tirages[f"evolution.{nom}"] = hasard.triangular(bas, milieu, haut, nombre)
    return tirages


def _tirer_propres(etude: Etude, nombre: int, graine: int) -> dict[str, Tableau]:
    """Triangular draws between the bounds of a field, mode at its value; grants at their probability."""
    hasard = np.random.default_rng(graine)
    tirages = tirer_aides(etude, nombre, graine)
    for champ in PROPRES:
        if champ.startswith("exploitation.") and etude.exploitation is None:
            continue
        donnee = lire_champ(etude, champ)
        if isinstance(donnee, Donnee) and donnee.valeur is not None and donnee.intervalle is not None:
            bas, haut = donnee.intervalle
            if bas < haut:
                tirages[champ] = hasard.triangular(bas, donnee.valeur, haut, nombre)
    return tirages


def _flux(pret: Prepare, moteur: Moteur, tirages: Mapping[str, Tableau], debut: int, forme: tuple[int, int]) -> Tableau:
    """Net cash flow of the holder on the common axis, its own equity left out, shape (D, M)."""
    ev: Evaluation = moteur.tirer(replace(pret.dossier, etude=pret.etude), tirages, pret.etude)
    flux = ev.livre[f"solde.{ev.ctx.etude.acteurs.nom_maitre_ouvrage}"].valeur
    for identifiant in CAPITAUX:
        for code, signe in (
            (f"tresorerie.apport.{identifiant}", 1.0),
            (f"tresorerie.remuneration.{identifiant}", -1.0),
        ):
            if code in ev.livre.lignes:
                flux = flux - signe * ev.livre[code].valeur
    axe = np.zeros(forme)
    axe[:, debut : debut + ev.ctx.echelle.duree_mois] = flux
    return axe


def _caisse_commune(prevu: Ensemble, flux: list[Tableau]) -> Tableau:
    """Pooled cash of each draw, shape (D, M)."""
    commun = prevu.partages + prevu.rendu_aux_communes.sum(axis=0) + prevu.distribue
    return np.asarray(prevu.capital + np.cumsum(sum(flux) - commun, axis=-1))


def _caisse_seule(prevu: Ensemble, rang: int, flux: Tableau) -> Tableau:
    """Cash of one site alone in each draw, shape (D, M): its share of the equity and of its return, and its own jobs."""
    part = prevu.parts[rang]
    postes = sum((p.seuls[rang] for p in prevu.postes if not p.deja_compte), np.zeros(prevu.duree))
    return np.asarray(part * prevu.capital + np.cumsum(flux - postes - part * prevu.distribue, axis=-1))
