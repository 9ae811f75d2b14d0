"""Table of the slopes of a figure: effect of each input, weight, next steps in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pope_foncier.etude.poids import Poids
from pope_foncier.etude.prochaines_marches import Marches
from pope_foncier.etude.voies import Voie
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    import pandas as pd

PAR = "Surtout par"
"""Heading of the line of the plan by which an input acts most."""
_NOTE = (
    "Une unité de plus : celle de la valeur, un point pour un pourcentage. Pèse : la moitié de ce que le chiffre bouge sur l'intervalle de "
    "l'étude, sinon sur dix pour cent en plus ou en moins. Une entrée qui agit par marches n'a pas d'effet par unité : sa prochaine marche "
    "est dite."
)
PAR_EN_CLAIR = (
    "Surtout par : la ligne du plan qui bouge le plus dans le même sens. Elle dit pourquoi une recette peut alourdir ce qui "
    "est à trouver : ce que la Caf ou la commune paie plus tard est à avancer (besoin en fonds de roulement, pertes d'ouverture), même quand "
    "le projet coûte moins à la commune."
)
_REGLES = (
    " Une règle lue entière (barème de paie de la branche, tranches d'un impôt, plafond) n'a pas de pente et manque ici : « pope-foncier veille » "
    "la pèse en refaisant l'étude."
)
_IMMOBILE = (
    "Aucune entrée ne déplace ce chiffre près de sa valeur : il est tenu par une limite (zéro, un plafond, un compte qui ne dépend pas d'elles). "
    "Lire un chiffre qui l'explique, par exemple « a_trouver.total »."
)


def tableau_pentes(cadre: pd.DataFrame) -> Table:
    """Effect of every input on a figure, the heaviest first."""
    unite = cadre.attrs["unite"]
    milieu = "".join(f" Lu au milieu de son intervalle : {champ}." for champ in cadre.attrs.get("au_milieu", ()))
    par_une_ligne = bool(cadre["par"].any())
    lignes = tuple(
        (
            str(rang.libelle),
            cases.mesure(rang.valeur, rang.unite).sinon("par année"),
            _signee(rang.effet_unite, unite).sinon("—"),
            _signee(rang.effet_1pc, unite).sinon("—"),
            cases.mesure(rang.poids, unite).sinon("—"),
            str(rang.selon),
            str(rang.marche),
            *((str(rang.par),) if par_une_ligne else ()),
        )
        for rang in cadre.itertuples()
    )
    regles = _REGLES if cadre.attrs.get("baremes") else ""
    immobile = cadre[["effet_unite", "effet_1pc", "poids"]].isna().to_numpy().all() and not cadre["marche"].any()
    entetes = ("Entrée", "Valeur", "Une unité de plus", "1 % de plus", "Pèse (±)", "Selon", "Prochaine marche")
    return Table(
        f"Ce que pèse chaque entrée sur « {cadre.attrs['libelle']} »",
        (*entetes, *((PAR,) if par_une_ligne else ())),
        lignes,
        note=f"{_IMMOBILE if immobile else _NOTE}{f' {PAR_EN_CLAIR}' if par_une_ligne else ''}{regles}{milieu}",
    )


def en_mots(poids: Poids, marches: Marches | None, unite: str) -> str:
    """Next steps of an input in French, or what moves with it; nothing when it has a slope and no step in sight."""
    if poids.liee:
        return poids.liee
    effet = poids.effet
    if marches is None:
        return ""
    sauts = [s.dire(effet.unite, unite) for s in (marches.plus, marches.moins) if s is not None]
    if sauts or effet.est_lisse:
        return " ; ".join(sauts)
    bas, haut = (formater(v, effet.unite) for v in (marches.portee.bas, marches.portee.haut))
    return f"aucune marche de {bas} à {haut}"


def voie_en_mots(voie: Voie | None, unite: str) -> str:
    """Line by which an input acts most, and by how much for 1 %; nothing when there is none."""
    return "" if voie is None else f"{voie.libelle} : {_signee(voie.un_pour_cent, unite)}"


_PETIT = 10.0
"""Under it a slope shows two decimals: a rounded one would contradict the effect of one percent."""


def _signee(valeur: float, unite: str) -> Case:
    case = cases.mesure(valeur, unite)
    if 0.005 <= abs(valeur) < _PETIT and unite.startswith("€"):
        case = case.dite(f"{formater_nombre(valeur, 2)}\u00a0{unite}")
    return case.dite(f"+{case}") if valeur > 0 else case
