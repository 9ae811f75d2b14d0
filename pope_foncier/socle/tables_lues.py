"""Tables of others, CSV or XLSX: the row of headings found wherever it is, columns by their usual names, rows of totals checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.csv_strict import RANGS_DE_TITRES, Rangs, charger_csv
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.xlsx_strict import charger_xlsx

_TOTAL = re.compile(
    r"((?:sous|s)[ /-]*total|subtotal)|(?:(?:grand|montant) )?(?:total|totaux)\b|(?:a )?report(?:er)?\W*$"
)


@dataclass(frozen=True, slots=True)
class TableLue:
    """Table under its headings."""

    fichier: str
    ligne_des_titres: int
    titres: tuple[str, ...]
    places: Mapping[str, int]
    """Place of each column found, by the name that the reader gives it."""
    rangs: Rangs
    """Rows below the headings, each with its number."""

    def texte(self, cellules: Sequence[str], colonne: str) -> str:
        """Cell of a row under a heading; empty when the table has no such column."""
        place = self.places.get(colonne)
        return cellules[place].strip() if place is not None and place < len(cellules) else ""


def lire_table(chemin: Path, colonnes: Mapping[str, Sequence[str]], remede: str = "") -> TableLue:
    """Rows of a table, and the place of each column.

    Headings stand on the row, among the first ones, where most of them are recognised; those of a workbook on the sheet where that
    row is.

    Args:
        chemin: CSV or XLSX.
        colonnes: usual headings of each column, as ``cle`` writes them; the first one found is taken.
        remede: what to do when the file is absent.

    Raises:
        ErreurDonnees: unreadable file, or an empty table.
    """

    def reconnus(rang: Sequence[str]) -> int:
        return len(_places(rang, colonnes))

    if chemin.suffix.lower() in (".xlsx", ".xlsm"):
        rangs = charger_xlsx(chemin, remede, reconnus)
    else:
        rangs = charger_csv(chemin, remede=remede, latin=True, titres=reconnus)
    fichier = chemin_court(chemin)
    if not rangs:
        raise ErreurDonnees.une(fichier, "tableau vide.", "le remplir.")
    i = max(range(min(len(rangs), RANGS_DE_TITRES)), key=lambda n: reconnus(rangs[n][1]))
    ligne, titres = rangs[i]
    return TableLue(fichier, ligne, tuple(titres), _places(titres, colonnes), rangs[i + 1 :])


def _places(titres: Sequence[str], colonnes: Mapping[str, Sequence[str]]) -> dict[str, int]:
    propres = [cle(t) for t in titres]
    return {c: propres.index(nom) for c, noms in colonnes.items() for nom in noms[::-1] if nom in propres}


def cle(titre: str) -> str:
    """Heading without case, accents, signs nor digits: « Prix unitaire (€ HT) » gives ``prix_unitaire_ht``."""
    return re.sub(r"[^a-z]+", "_", _ascii(titre).replace("(", " ").replace(")", " ")).strip("_")


def genre_de_total(texte: str) -> Literal["", "sous_total", "total"]:
    """Whether a text names a row of totals, of a part or of the whole."""
    trouve = _TOTAL.match(" ".join(_ascii(texte).split()))
    return "" if trouve is None else "sous_total" if trouve[1] else "total"


def _ascii(texte: str) -> str:
    return unicodedata.normalize("NFKD", texte[:1000]).encode("ascii", "ignore").decode().lower()


@dataclass(slots=True)
class Cumul:
    """Sum of the rows of a table as they are read, against which its rows of totals are checked."""

    tout: float = 0.0
    _departs: list[float] = field(default_factory=lambda: [0.0])
    """Sum where each group of rows begins."""
    _rangs: int = 0

    def ajouter(self, valeur: float) -> None:
        """Count a row."""
        self.tout += valeur
        self._rangs += 1

    def ecart(self, ecrit: float, genre: str) -> float | None:
        """Sum that a row of totals should show when it shows another; the group of rows ends there.

        It may be that of its own group, of several groups before it, or of the whole table; each row may have been rounded to the cent.
        """
        juste = any(abs(self.tout - depart - ecrit) <= 0.005 * (self._rangs + 1) + 1e-9 for depart in self._departs)
        attendu = self.tout - (self._departs[-1] if genre == "sous_total" else 0.0)
        self._departs.append(self.tout)
        return None if juste else attendu
