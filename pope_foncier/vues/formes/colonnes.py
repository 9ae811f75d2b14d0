"""Width of the columns of a table in so many signs: labels wrap between words, numbers are never cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pope_foncier.vues.formes.table import Table

_LIEN = "\ue000"
"""Space before a colon or inside quotation marks, which a line does not break at."""
_BORDS = 3
"""Signs of a column beside its text: two margins and a rule."""
_LIBELLE, _MOTS = 24, 14
"""Signs under which the first column, and another column of words, would be hard to read."""


def plier(texte: str, largeur: int) -> str:
    """Text on lines of a width, broken at plain spaces only: the no-break spaces of a number hold it together.

    A word longer than the width is cut, which the widths below never ask of a number.
    """
    liee = re.sub(r" (?=[:;?!»])|(?<=«) ", _LIEN, texte)
    lignes = [ligne for paragraphe in liee.split("\n") for ligne in _lignes(paragraphe, largeur)]
    return "\n".join(lignes).replace(_LIEN, " ")


def _lignes(paragraphe: str, largeur: int) -> list[str]:
    retrait = " " * (len(paragraphe) - len(paragraphe.lstrip(" ")))
    lignes, ligne = [], retrait
    for mot in filter(None, paragraphe.split(" ")):
        if len(ligne) > len(retrait) and len(ligne) + 1 + len(mot) > largeur:
            lignes.append(ligne)
            ligne = retrait
        ligne = f"{ligne} {mot}" if len(ligne) > len(retrait) else f"{retrait}{mot}"
        while len(ligne) > largeur:
            lignes.append(ligne[:largeur])
            ligne = retrait + ligne[largeur:]
    return [*lignes, ligne]


def largeurs(table: Table, rangs: Sequence[int], largeur: int) -> list[int] | None:
    """Width of some columns of a table so that they fit; None when their words and numbers do not."""
    colonnes = [[table.entetes[r], *(ligne[r] for ligne in table.lignes)] for r in rangs]
    naturelles = [max(map(len, cellules)) for cellules in colonnes]
    mots = [max((len(m) for c in cellules for m in c.split(" ")), default=0) for cellules in colonnes]
    lisibles = [_LIBELLE if r == 0 else _MOTS if table.a_gauche[r] else 0 for r in rangs]
    voulues = [max(m, min(n, aise)) for m, n, aise in zip(mots, naturelles, lisibles, strict=True)]
    reste = largeur - 1 - sum(v + _BORDS for v in voulues)
    if reste < 0:
        return None
    while reste > 0 and any(v < n for v, n in zip(voulues, naturelles, strict=True)):
        serree = max(range(len(voulues)), key=lambda i: naturelles[i] / voulues[i] if voulues[i] else 0.0)
        voulues[serree] += 1
        reste -= 1
    return voulues


def parties(table: Table, largeur: int) -> list[tuple[list[int], list[int]]] | None:
    """Columns to show one under the other, each with their widths: all of them, or the first one with some of the others.

    None when even two columns do not fit, when the columns are words that are read together, or when a cell is a whole paragraph.
    """
    longue = max((len(c) for ligne in table.lignes for c in ligne), default=0)
    if longue > 3 * largeur:
        return None
    trouvees: list[tuple[list[int], list[int]]] = []
    reste = list(range(1, len(table.entetes)))
    while reste or not trouvees:
        pris = next((n for n in range(len(reste), -1, -1) if largeurs(table, [0, *reste[:n]], largeur)), 0)
        if pris < len(reste) and (pris == 0 or any(table.a_gauche[1:])):
            return None
        rangs = [0, *reste[:pris]]
        trouvees.append((rangs, largeurs(table, rangs, largeur) or []))
        reste = reste[pris:]
    return trouvees
