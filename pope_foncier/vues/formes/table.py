"""Table: typed rows, shown in French formats by the terminal, the note and the notebooks alike, or taken as numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pope_foncier.vues.formes.cases import Rang

if TYPE_CHECKING:
    import pandas as pd

_NOMBRE = re.compile(r"[+−-]?\s?\d|inconnu|aucun")
"""Beginning of a cell that reads as a number, or as its absence."""


@dataclass(frozen=True)
class Table:
    """Table: title, headings, rows of values and texts; shown with words to the left, numbers to the right.

    In a column that holds numbers, a text says why there is none.
    """

    titre: str
    entetes: tuple[str, ...]
    cellules: tuple[Rang, ...]
    note: str = ""
    totaux: tuple[int, ...] = ()
    """Ranks of the rows to set in bold."""
    texte: bool = False
    """All columns are set to the left."""
    cles: int = 1
    """How many of the first columns name the row."""
    en_lignes: str = ""
    """What the columns are when each row is a figure (scenarios side by side): the index of the frame, whose columns are then the figures."""
    deux_cotes: bool = False
    """Two lists side by side, each with its names and its values (uses and resources): one under the other in the frame."""
    melee: bool = False
    """Words among numbers are values too (a site card); elsewhere they say why there is no number."""

    @cached_property
    def lignes(self) -> tuple[tuple[str, ...], ...]:
        """Rows as they are shown; among rows of several names, a first name that goes on is said once."""
        dites = [tuple(str(c) for c in rang) for rang in self.cellules]
        if self.cles == 1:
            return tuple(dites)
        suivies = pairwise([("",), *dites])
        return tuple(("" if ligne[0] == avant[0] else ligne[0], *ligne[1:]) for avant, ligne in suivies)

    @cached_property
    def a_gauche(self) -> tuple[bool, ...]:
        """Which columns are set to the left: the first one, and those with more words than numbers."""

        def mots(rang: int) -> bool:
            cellules = [ligne[rang] for ligne in self.lignes if ligne[rang] not in ("", "—")]
            return sum(not _NOMBRE.match(c) for c in cellules) > len(cellules) / 2

        return tuple(self.texte or rang == 0 or mots(rang) for rang in range(len(self.entetes)))

    def to_frame(self, totaux: bool = True) -> pd.DataFrame:
        """Same table in numbers, indexed by what names its rows.

        Columns of numbers are floats (a share is a fraction) or integers, months and days are Timestamps, the others are text. A cell
        without value is NaN; ``attrs`` keeps why (``motifs``, by row and column), the units, the title and the note. A row that is
        only a heading becomes a level of the index; a column « unité » is added where units change from row to row.

        Args:
            totaux: whether to keep the rows in bold.
        """
        from pope_foncier.vues.formes.cadre import en_cadre

        return en_cadre(self, totaux)

    def to_csv(self, point: bool = False) -> str:
        """Same table as CSV: for a French spreadsheet (semicolons, decimal commas, mark of UTF-8), or for a program.

        Args:
            point: commas between the cells, decimal points, no mark, and an empty cell where there is no value instead of why.
        """
        from pope_foncier.vues.formes.cadre import en_csv

        cadre = self.to_frame()
        return en_csv(cadre if point else _dire_les_motifs(cadre), point, index=True)


def _dire_les_motifs(cadre: pd.DataFrame) -> pd.DataFrame:
    """Frame whose cells without value say why."""
    dit = cadre.astype(object)
    for (ligne, colonne), motif in cadre.attrs["motifs"].items():
        dit.iloc[ligne, colonne] = motif
    return dit
