"""Widths of the columns of a Word table: shared by the words that they hold, none too narrow for a number or an ordinary word."""

from __future__ import annotations

from collections.abc import Sequence

_MOT_MAX, _LIGNE, _MARGE_MM = 22, 34, 3.4
"""Signs beyond which a word may be cut, signs beyond which a cell may as well go to the next line, inner margins of a cell [mm]."""
_LARGE_DE = 0.66
"""Width of a sign over the size of the letters, bold numbers included."""
_MM_PAR_POINT = 25.4 / 72


def largeurs(lignes: Sequence[Sequence[str]], largeur_mm: float, points: float) -> list[float]:
    """Widths of the columns [mm], their sum being the width of the page.

    Args:
        lignes: texts of the rows, the heading first.
        largeur_mm: width between the margins.
        points: size of the letters.
    """
    signe = points * _LARGE_DE * _MM_PAR_POINT
    colonnes = list(zip(*lignes, strict=True))
    moindres = [max(map(_mot, textes)) * signe + _MARGE_MM for textes in colonnes]
    libre = largeur_mm - sum(moindres)
    if libre <= 0:
        return [m * largeur_mm / sum(moindres) for m in moindres]
    manques = [max(max(map(_ligne, c)) * signe + _MARGE_MM - m, 0.0) for c, m in zip(colonnes, moindres, strict=True)]
    part = libre / sum(manques) if sum(manques) else 0.0
    reste = libre / len(moindres) if not sum(manques) else 0.0
    return [m + q * part + reste for m, q in zip(moindres, manques, strict=True)]


def _ligne(texte: str) -> float:
    """Signs that a cell would like on a line, long sentences counting less."""
    return min(len(texte), _LIGNE) + max(len(texte) - _LIGNE, 0) / 6


def _mot(texte: str) -> int:
    """Signs of the longest word of a text, numbers held together by their hard spaces."""
    return min(max((len(mot) for mot in texte.split(" ")), default=0), _MOT_MAX)
