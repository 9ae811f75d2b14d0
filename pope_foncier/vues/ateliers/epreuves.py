"""One-word stresses of a lender on any study, and what a lender reads of each: gap, trough, cover, statuses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from pope_foncier.analyse.ratios import STATUT_EN_CLAIR
from pope_foncier.analyse.resultats import Vue
from pope_foncier.projet.etude import Etude
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.ateliers.lecture import centaines, reste
from pope_foncier.vues.ateliers.modele import donnee
from pope_foncier.vues.ateliers.regles import Epreuve
from pope_foncier.vues.tableaux import Table


def surcharges_d_epreuve(epreuve: Epreuve, vue: Vue) -> dict[str, Any] | None:
    """Overrides of a stress on the study of a view; None when it has nothing to act on.

    The largest counted grant is the one refused or late. The Livret A acts on the loans that follow it alone, through their
    margin: the index and the margin add up.
    """
    etude = vue.ev.ctx.etude
    if epreuve.livret_a is not None:
        indexes = [p for p in etude.prets if p.indexation is not None and p.indexation.evolution == epreuve.chemin]
        surcharges = {}
        for pret in indexes:
            champ = f"prets[{pret.id}].indexation.marge"
            surcharges[champ] = donnee(lire_entree(vue, champ) + epreuve.livret_a)
        return surcharges or None
    if epreuve.champ is not None:
        valeur = lire_entree(vue, epreuve.champ)
        if math.isnan(valeur):
            return None
        ajoute, multiplie = epreuve.ajoute or 0.0, 1.0 if epreuve.multiplie is None else epreuve.multiplie
        return {epreuve.champ: donnee(max(valeur * multiplie + ajoute, 0.0))}
    comptees = [s for s in vue.ev.subventions if vue.valeur(s.subvention) > 0]
    if not comptees:
        return None
    aide = max(comptees, key=lambda s: vue.valeur(s.subvention)).aide
    if epreuve.coefficient_aide is not None:
        return {f"aides[{aide.id}].coefficient": epreuve.coefficient_aide}
    return {f"aides[{aide.id}].retard_mois": aide.retard_mois + (epreuve.retard_mois or 0)}


def resume(vue: Vue) -> tuple[str, ...]:
    """What a lender compares: uses, grants, loans, gap, trough and its month, lowest cover, ratios not met."""
    ind = vue.indicateurs
    porteur = vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul = vue.mensuel(f"tresorerie.cumul.{porteur}")
    if np.isnan(cumul).any():
        creux = quand = negatifs = "inconnu"
    else:
        rang = int(np.argmin(cumul))
        creux, quand = centaines(float(cumul[rang])), vue.ev.ctx.echelle.mois_en_clair(rang)
        fin = vue.valeur(vue.ev.calendrier.fin_titre)
        tenus = len(cumul) if np.isnan(fin) else int(min(fin, len(cumul)))
        negatifs = formater_nombre(float((cumul[:tenus] < -0.005).sum()))
    statuts = [r.statut(vue.rang) for r in vue.ratios]
    return (
        centaines(vue.valeur(vue.ev.plan.besoins)),
        centaines(vue.valeur(ind["subventions"])),
        centaines(vue.valeur(ind["emprunts"])),
        reste(vue.montant("ressources.reste_a_financer")),
        creux,
        quand,
        _couverture(vue, "couverture_minimale"),
        _couverture(vue, "couverture_sans_commune"),
        centaines(vue.valeur(ind["contribution"])) if "contribution" in ind else "—",
        negatifs,
        formater_nombre(statuts.count("non_respecte")),
        formater_nombre(statuts.count("indetermine")),
    )


def _couverture(vue: Vue, code: str) -> str:
    if vue.valeur(vue.indicateurs["emprunts"]) == 0:
        return "sans dette"
    ratio = next((r for r in vue.ratios if r.code == code), None)
    return "—" if ratio is None else formater_nombre(vue.valeur(ratio.grandeur), 2)


SANS_LA_COMMUNE = (
    "La contribution de la commune ramène chaque résultat à zéro et personne ne l'a décidée : là où la couverture sans elle "
    "passe sous 1, c'est elle qui paie la dette."
)
ENTETES = (
    "Besoins",
    "Subventions",
    "Emprunts",
    "Reste à financer",
    "Point bas",
    "Mois du point bas",
    "Couverture de la dette, minimum",
    "… sans la contribution de la commune",
    "Contribution de la commune, par an",
    "Mois de trésorerie sous zéro",
    f"Ratios « {STATUT_EN_CLAIR['non_respecte']} »",
    f"Ratios « {STATUT_EN_CLAIR['indetermine']} »",
)


def comparer(titre: str, vues: Mapping[str, Vue], note: str = "", sans_effet: Mapping[str, str] | None = None) -> Table:
    """Views side by side, one column each; a stress without effect has its column, which says so."""
    colonnes = {nom: resume(v) for nom, v in vues.items()}
    colonnes |= {f"{mot} : sans effet": ("—",) * len(ENTETES) for mot in sans_effet or {}}
    endettees = any(vue.valeur(vue.indicateurs["emprunts"]) != 0 for vue in vues.values())
    note = " ".join([*(sans_effet or {}).values(), SANS_LA_COMMUNE if endettees else "", note]).strip()
    lignes = tuple((entete, *(c[rang] for c in colonnes.values())) for rang, entete in enumerate(ENTETES))
    return Table(titre, ("", *colonnes), lignes, note=note)


def sans_objet(epreuve: Epreuve) -> str:
    """Why a stress has nothing to act on, in a sentence."""
    if epreuve.livret_a is not None:
        return f"{epreuve.mot} : aucun prêt de cette pile ne suit le Livret A, sa hausse ne change rien ici."
    if epreuve.champ is not None:
        return f"{epreuve.mot} : l'étude ne donne pas ce que l'épreuve fait varier, elle ne change rien ici."
    return f"{epreuve.mot} : aucune aide comptée dans cette pile, l'épreuve ne change rien ici."


def etudes_eprouvees(
    etude: Etude, vue: Vue, epreuves: tuple[Epreuve, ...], varier: Any
) -> tuple[dict[str, Etude], dict[str, str]]:
    """Study under each stress, by its word; and, by their word, why some have nothing to act on."""
    etudes, sans_effet = {}, {}
    for epreuve in epreuves:
        surcharges = surcharges_d_epreuve(epreuve, vue)
        if surcharges is None:
            sans_effet[epreuve.mot] = sans_objet(epreuve)
        else:
            etudes[epreuve.mot] = varier(etude, surcharges)
    return etudes, sans_effet


def lire_entree(vue: Vue, champ: str) -> float:
    """Value of an input of the study of a view; NaN when unknown or absent."""
    try:
        valeur = vue.ev.ctx.entree(champ, champ, "").valeur.reshape(-1)
    except (AttributeError, StopIteration):
        return math.nan
    return float(valeur[vue.rang if len(valeur) > 1 else 0])
