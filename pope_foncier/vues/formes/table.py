"""Table: plain rows in French formats, that the terminal, the note and the notebooks all show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_NOMBRE = re.compile(r"[+−-]?\s?\d|inconnu|aucun")
"""Beginning of a cell that reads as a number, or as its absence."""


@dataclass(frozen=True, slots=True)
class Table:
    """Table ready to show: title, headings, rows of text; words to the left, numbers to the right."""

    titre: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    note: str = ""
    totaux: tuple[int, ...] = ()
    """Ranks of the rows to set in bold."""
    texte: bool = False
    """All columns are text."""

    @property
    def a_gauche(self) -> tuple[bool, ...]:
        """Which columns are set to the left: the first one, and those with more words than numbers."""

        def mots(rang: int) -> bool:
            cellules = [ligne[rang] for ligne in self.lignes if ligne[rang] not in ("", "—")]
            return sum(not _NOMBRE.match(c) for c in cellules) > len(cellules) / 2

        return tuple(self.texte or rang == 0 or mots(rang) for rang in range(len(self.entetes)))

    def to_frame(self) -> pd.DataFrame:
        """Same table as a DataFrame of text, for the notebooks."""
        import pandas as pd

        return pd.DataFrame([list(ligne) for ligne in self.lignes], columns=list(self.entetes)).set_index(
            self.entetes[0]
        )
