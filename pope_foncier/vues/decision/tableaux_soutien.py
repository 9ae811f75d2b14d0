"""What the commune would have to bring, by meaning of « balance », beside what the study says that it brings."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.soutien import Besoin, annonce, besoins
from pope_foncier.etude.resultats import Vue
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table

TITRE = "Ce que la commune devrait apporter"
_NOTE = (
    "Chaque lecture de l'équilibre referme le plan à sa manière. Manque : ce que la contribution de l'étude laisse à trouver par "
    "place en croisière ; négatif, ce qu'elle a de trop. Les moyennes comptent les seules années d'ouverture."
)


def devrait(vue: Vue) -> Table | None:
    """What each reading asks by place and by year, and what the study's contribution lacks; None without operation."""
    dite = annonce(vue)
    if dite is None:
        return None
    lignes: list[Rang] = [_ligne(f"Dans l'étude : {_courte(vue)}", dite, vue, manque=False)]
    lignes += [_ligne(b.libelle, b, vue) for b in besoins(vue)]
    croisiere = "croisière" if vue.annee_de_croisiere is None else f"croisière {vue.annee_de_croisiere}"
    entetes = (
        "Lecture",
        f"Par place, {croisiere}",
        "Manque par place",
        "Par place et par an, moyenne",
        f"Par an, {croisiere}",
        "Investissement à trouver",
    )
    note = f"{_majuscule(lectures.soutien(vue))}. {_NOTE}"
    return Table(lectures.nommer(TITRE, lectures.BOUCLE), entetes, tuple(lignes), note=note, totaux=(0,))


def _ligne(nom: str, besoin: Besoin, vue: Vue, manque: bool = True) -> Rang:
    """One reading: « inconnu » where an amount misses, a dash where no year is a cruising one."""
    annee, dire = vue.annee_de_croisiere, cases.montant if np.isnan(besoin.par_annee).any() else _euros
    par_an = np.nan if annee is None else float(besoin.par_annee[vue.annees.index(annee)])
    return (
        nom,
        dire(besoin.par_place),
        dire(besoin.manque_par_place) if manque else "—",
        dire(besoin.par_place_an),
        dire(par_an),
        cases.montant(besoin.a_trouver),
    )


def par_annee(vue: Vue, annees: int = 10) -> Table | None:
    """What each reading asks year by year, from the opening; None without operation."""
    dite = annonce(vue)
    if dite is None:
        return None
    lues = [dite, *besoins(vue)]
    rangs = [r for r in range(len(vue.annees)) if any(b.par_annee[r] > 0.5 for b in lues)][:annees]
    return Table(
        lectures.nommer(f"{TITRE}, par année", lectures.BOUCLE),
        ("Lecture", *(str(vue.annees[r]) for r in rangs)),
        tuple((b.libelle, *(cases.montant(float(b.par_annee[r])) for r in rangs)) for b in lues),
        totaux=(0,),
    )


def _courte(vue: Vue) -> str:
    exploitation = vue.ev.ctx.etude.exploitation
    assert exploitation is not None
    return lectures.mode_de_soutien(exploitation.contribution_commune)


def _euros(valeur: float) -> Case:
    return cases.montant(valeur).sinon("—")


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
