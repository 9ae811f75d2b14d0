"""Table of the views on a sheet: numbers as numbers in their unit, marked as held, words where there is no value."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pope_foncier.vues.classeur.placement import ensemble, hauteur
from pope_foncier.vues.classeur.styles import Styles, format_de
from pope_foncier.vues.formes.cases import Case, Cellule
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NOM, AUTRES = 54.0, 17.0
"""Widths of the column of names and of the others."""
_MOIS = "mm/yyyy"


def ecrire_table(feuille: Worksheet, styles: Styles, table: Table, ligne: int) -> int:
    """Write a table at a row: its title, headings, cells, note; values are those of the engine, held.

    Returns:
        Row after it.
    """
    feuille.write_string(ligne, 0, table.titre, styles.sous_titre)
    debut = ligne + 1
    largeurs = [NOM, *(AUTRES for _ in table.entetes[1:])]
    feuille.set_row(debut, hauteur(*zip(table.entetes, largeurs, strict=True)))
    for colonne, titre in enumerate(table.entetes):
        feuille.write_string(debut, colonne, titre, styles.entete)
    for rang, cellules in enumerate(table.cellules, start=debut + 1):
        dits = [str(c) if isinstance(c, str) else "" for c in cellules]
        feuille.set_row(rang, hauteur(*zip(dits, largeurs, strict=True)))
        for colonne, cellule in enumerate(cellules):
            _poser(feuille, styles, rang, colonne, cellule)
    fin = debut + 1 + len(table.cellules)
    if table.note:
        feuille.merge_range(fin, 0, fin, max(len(table.entetes) - 1, 1), table.note, styles.note)
        feuille.set_row(fin, hauteur((table.note, ensemble(largeurs)), corps=9))
        fin += 1
    return fin + 1


def _poser(feuille: Worksheet, styles: Styles, ligne: int, colonne: int, cellule: Cellule) -> None:
    if not isinstance(cellule, Case) or cellule.manque:
        forme = styles.libelle if colonne == 0 else styles.du_genre("tenu", align="right", text_wrap=True)
        feuille.write_string(ligne, colonne, str(cellule).strip() if colonne else str(cellule), forme)
    elif isinstance(cellule.valeur, date):
        forme = styles.du_genre("tenu", num_format=_MOIS if cellule.genre == "mois" else "dd/mm/yyyy", align="right")
        jour = cellule.valeur
        feuille.write_datetime(ligne, colonne, datetime(jour.year, jour.month, jour.day), forme)
    else:
        valeur = float(cellule.valeur)
        feuille.write_number(ligne, colonne, valeur, styles.du_genre("tenu", num_format=_format(cellule, valeur)))


def _format(cellule: Case, valeur: float) -> str:
    """Number format of a cell of a table."""
    if cellule.genre in ("montant", "part"):
        return format_de("€" if cellule.genre == "montant" else "%", valeur)
    if cellule.unite:
        return format_de(cellule.unite, valeur)
    return "0" if cellule.genre == "annee" else "#,##0" if valeur == round(valeur) else "#,##0.00"
