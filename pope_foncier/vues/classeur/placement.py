"""Sizes on a sheet: height of a row whose texts fold, widths, text of a footer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from textwrap import wrap

CORPS = 10
"""Size of the text of a cell [points]."""
_PLEIN = 1.1
"""Signs of a sentence that fit in one unit of the width of a column, which counts figures."""
_HAUTEUR_MAX = 400.0
"""Largest height that a spreadsheet admits, with some margin [points]."""


def hauteur(*cases: tuple[str, float], corps: float = CORPS) -> float:
    """Height of a row whose texts fold in columns of given widths [points]: spreadsheets do not all work it out on opening.

    Args:
        cases: text and width of its column, in figures.
    """
    lignes = max((_lignes(texte, largeur * CORPS / corps) for texte, largeur in cases), default=1)
    return min(lignes * (corps + 3.2) + 2.5, _HAUTEUR_MAX)


def _lignes(texte: str, largeur: float) -> int:
    """Lines that a text takes once folded between words."""
    return sum(len(wrap(ligne, max(int(largeur * _PLEIN), 1))) or 1 for ligne in texte.split("\n"))


def ensemble(largeurs: Iterable[float]) -> float:
    """Width of several columns together."""
    return sum(largeurs)


def court(texte: str, maxi: int) -> str:
    """Text that fits in a number of signs, its end left out."""
    return texte if len(texte) <= maxi else f"{texte[: maxi - 1]}…"


def en_pied(texte: str, maxi: int) -> str:
    """Text of a footer, where an ampersand is written twice."""
    return court(texte, maxi).replace("&", "&&")


def derniers(nombre: int, combien: int) -> tuple[int, int]:
    """First and last of the last rows of some."""
    return nombre - combien, nombre - 1


def largeur_de(textes: Iterable[str], mini: float = 8.0, maxi: float = 50.0) -> float:
    """Width of a column that shows some texts, a heading first: it may fold on two lines."""
    premier, *autres = textes
    tete = max((len(mot) for mot in premier.split()), default=0)
    return min(max(mini, tete + 2.0, len(premier) / 2 + 3.0, *(1.1 * len(t) + 2.0 for t in autres), 0.0), maxi)


def pages_de_large(largeurs: Iterable[float]) -> int:
    """Pages that columns take side by side, so that what is printed stays large enough to read."""
    return max(1, -int(-sum(largeurs) // _PAGE))


_PAGE = 210.0
"""Width of the columns of a landscape page of A4 that is still read without a glass."""


def dernier_rang(premier: int, suite: Iterable[object]) -> int:
    """Rank of the last of some, from that of the first."""
    return premier + sum(1 for _ in suite) - 1


def pages_des_mois(annees: int, depliees: int) -> int:
    """Pages side by side of a sheet of months: one a year unfolded, a dozen folded years on each of the next."""
    return min(annees, depliees) + -(-max(annees - depliees, 0) // 12)


def pages_des_annees(annees: int) -> int:
    """Pages side by side of a sheet of years: ten years on each are read without a glass."""
    return max(1, -(-annees // 10))


def en_jours(jour: date) -> int:
    """Number by which a spreadsheet stores a day."""
    return (jour - date(1899, 12, 30)).days
