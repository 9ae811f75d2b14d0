"""Sheets with formulas: heads of the axes, then one row a quantity, each cell with the value of the engine as its cached result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.operations_du_temps import TOTAL
from pope_foncier.socle.temps import Echelle
from pope_foncier.vues.classeur.disposition import Feuille, Posee, Titre
from pope_foncier.vues.classeur.formules import (
    ANNEE,
    DATE,
    DEBUT,
    FIN,
    PREMIERE,
    RANG,
    SEULE,
    Ecriture,
    Place,
    en_colonne,
    lettres,
)
from pope_foncier.vues.classeur.modele_du_classeur import Modele
from pope_foncier.vues.classeur.placement import hauteur, pages_des_annees
from pope_foncier.vues.classeur.rangees import Axe, Rangee
from pope_foncier.vues.classeur.styles import ANNEES_DEPLIEES, Styles, replier_les_mois
from pope_foncier.vues.classeur.textes import sens_de

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_DETAIL = 2
"""Depth of the outline of the rows without a name, folded when a workbook opens."""
LIBELLE, CODE, UNITE = 0, 1, 2
"""Columns of the words of a row."""
INFINI = 1e300
"""What stands for an infinite number."""
_TITRES = {RANG: "Rang", ANNEE: "Rang de l'année", DEBUT: "Premier mois", FIN: "Dernier mois", DATE: ""}
_LARGEURS = ((LIBELLE, 48.0), (CODE, 10.0), (UNITE, 11.0), (SEULE, 16.0), (SEULE + 1, 1.5))
_LARGEURS_SEULES = ((LIBELLE, 74.0), (CODE, 40.0), (UNITE, 22.0), (SEULE, 20.0))
"""Widths of the columns of words: beside months or years, and on a sheet of single numbers, which they fill."""


_LUES_AU_MOIS = ("Trésorerie", "Exploitation")
"""Sheets whose first years are in sight month by month; the others open on the ends of years, and print on a few pages."""


@dataclass(frozen=True, slots=True)
class Attendu:
    """Numbers that the engine gives for cells of a row: sheet, row and first column from zero, values, unit.

    Attributes:
        vivante: whether they are formulas.
        depend: whether an input moves them.
    """

    feuille: str
    ligne: int
    premiere: int
    valeurs: NDArray[np.float64]
    unite: str
    vivante: bool
    depend: bool


def ecriture(modele: Modele) -> Ecriture:
    """How the formulas of a workbook are written."""
    return Ecriture(modele.disposition.place, lambda r: modele.cellules[id(r)])


def ecrire(feuille: Worksheet, lue: Feuille, modele: Modele, styles: Styles) -> None:
    """Write the rows of a sheet."""
    styles.mettre_en_page(feuille, lue.nom, (DATE + 1, PREMIERE), DATE + 1)
    feuille.write_string(0, LIBELLE, lue.nom, styles.titre)
    feuille.write_string(1, LIBELLE, sens_de(lue.nom), styles.detail)
    for colonne, largeur in _LARGEURS if lue.axe else _LARGEURS_SEULES:
        feuille.set_column(colonne, colonne, largeur)
    if lue.axe == "mois":
        depliees = ANNEES_DEPLIEES if lue.nom in _LUES_AU_MOIS else 0
        replier_les_mois(feuille, modele.ouverte.ctx.echelle.rang_annee.tolist(), PREMIERE, depliees=depliees)
    elif lue.axe:
        feuille.set_column(PREMIERE, PREMIERE + len(modele.ouverte.ctx.echelle.annees) - 1, 12.0)
        feuille.fit_to_pages(pages_des_annees(len(modele.ouverte.ctx.echelle.annees)), 0)
    _tete(feuille, lue.axe, modele.ouverte.ctx.echelle, lue, styles)
    ecrit = ecriture(modele)
    for rang, ligne in enumerate(lue.lignes, start=DATE + 1):
        if isinstance(ligne, Titre):
            feuille.write_string(rang, LIBELLE, ligne.texte, styles.sous_titre)
            continue
        _ligne(feuille, ligne, Place(lue.nom, rang, ligne.rangee.valeur.size), ecrit, styles)
    large = max((x.rangee.valeur.size for x in lue.lignes if isinstance(x, Posee)), default=1)
    styles.dire_l_indetermine(feuille, DATE + 1, SEULE, DATE + len(lue.lignes), PREMIERE + large)


def _ligne(feuille: Worksheet, posee: Posee, place: Place, ecrit: Ecriture, styles: Styles) -> None:
    rangee, rang = posee.rangee, place.ligne
    nom, largeur = rangee.nom or rangee.detail, (_LARGEURS if rangee.axe else _LARGEURS_SEULES)[LIBELLE][1]
    haut = hauteur((nom, largeur)) if rangee.nom else None
    feuille.set_row(rang, haut, None, {"level": posee.niveau, "hidden": posee.niveau == _DETAIL})
    aspect_du_nom = styles.chiffre if posee.codes else styles.libelle if rangee.nom else styles.detail
    feuille.write_string(rang, LIBELLE, nom, aspect_du_nom)
    feuille.write_string(rang, CODE, posee.codes[0] if posee.codes else "", styles.detail)
    feuille.write_string(rang, UNITE, rangee.unite, styles.detail)
    tenue = rangee.genre == "tenue"
    aspect = styles.tenue(rangee.unite) if tenue else styles.nombre(rangee.unite)
    premiere = PREMIERE if rangee.axe else SEULE
    if rangee.genre != "formule":
        for k, valeur in enumerate(rangee.valeur):
            if np.isnan(valeur):
                feuille.write_formula(rang, premiere + k, "=NA()", aspect, "#N/A")
            else:
                feuille.write_number(rang, premiere + k, float(np.clip(valeur, -INFINI, INFINI)), aspect)
    else:
        texte = "=" + ecrit.formule(rangee, place)
        for k, valeur in enumerate(rangee.valeur.tolist()):
            feuille.write_formula(
                rang,
                premiere + k,
                en_colonne(texte, premiere + k),
                aspect,
                en_cache(valeur),
            )
    if se_totalise(posee):
        somme = f"=SUM({lettres(PREMIERE)}{rang + 1}:{place.derniere}{rang + 1})"
        total = float(TOTAL.valeur(rangee.valeur)[0])
        feuille.write_formula(rang, SEULE, somme, styles.nombre(rangee.unite, gras=True), en_cache(total))


def se_totalise(posee: Posee) -> bool:
    """Whether a row of months is a flow, whose total is shown."""
    return posee.flux and posee.rangee.axe == "mois"


def en_cache(valeur: float) -> float | str:
    """Result that a formula holds until it is computed again; an unknown is an error that spreads."""
    return "#N/A" if isnan(valeur) else float(np.clip(valeur, -INFINI, INFINI))


def _tete(feuille: Worksheet, axe: Axe, echelle: Echelle, lue: Feuille, styles: Styles) -> None:
    """Ranks, years and dates of the columns."""
    feuille.write_string(DATE, LIBELLE, "Ligne", styles.entete)
    feuille.write_string(DATE, CODE, "Code", styles.entete)
    feuille.write_string(DATE, UNITE, "Unité", styles.entete)
    feuille.write_string(DATE, SEULE, "Valeur ou total", styles.entete)
    if not axe:
        return
    tetes = tetes_de_l_axe(axe, echelle, max(x.rangee.valeur.size for x in lue.lignes if isinstance(x, Posee)))
    for rang, valeurs in tetes.items():
        feuille.write_string(rang, UNITE, _TITRES[rang], styles.detail)
        for k, valeur in enumerate(valeurs):
            if rang == DATE:
                feuille.write_string(rang, PREMIERE + k, str(valeur), styles.entete)
            else:
                feuille.write_number(rang, PREMIERE + k, float(valeur), styles.detail)


def tetes_de_l_axe(axe: Axe, echelle: Echelle, duree: int) -> Mapping[int, list[float | str]]:
    """Numbers and dates at the head of the columns, by row."""
    rangs: list[float | str] = [float(k) for k in range(duree)]
    if axe == "mois":
        annees: list[float | str] = [float(a) for a in echelle.rang_annee]
        return {RANG: rangs, ANNEE: annees, DATE: [f"{echelle.date_du_mois(k):%m/%Y}" for k in range(duree)]}
    if axe == "annee":
        debuts = [float(d) for d in echelle.debuts_annee]
        fins = [*(d - 1.0 for d in debuts[1:]), echelle.duree_mois - 1.0]
        return {RANG: rangs, ANNEE: rangs, DEBUT: [*debuts], FIN: [*fins], DATE: [str(a) for a in echelle.annees]}
    return {RANG: rangs, DATE: [str(k + 1) for k in range(duree)]}


def attendus(modele: Modele, depend: Callable[[Rangee], bool]) -> Iterator[Attendu]:
    """Every numeric cell of the sheets of rows, with the value of the engine."""
    for posee, place in modele.disposition.posees:
        rangee = posee.rangee
        premiere = PREMIERE if rangee.axe else SEULE
        vivante, bouge = rangee.genre == "formule", depend(rangee)
        yield Attendu(place.feuille, place.ligne, premiere, rangee.valeur, rangee.unite, vivante, bouge)
        if se_totalise(posee):
            total = np.asarray(TOTAL.valeur(rangee.valeur))
            yield Attendu(place.feuille, place.ligne, SEULE, total, rangee.unite, True, bouge)
