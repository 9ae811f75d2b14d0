"""Lines of a screen without colours, written as rich would write them: folded once already, nothing is left to measure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import get_character_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment

from pope_foncier.socle.erreurs import sans_controle
from pope_foncier.vues.formes.colonnes import plier
from pope_foncier.vues.formes.table import Table


class TelQuel:
    """Text that a screen writes as it is: neither folded, nor cropped, nor styled."""

    def __init__(self, texte: str) -> None:
        self.texte = texte

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Segment(f"{self.texte}\n")


def sans_couleurs(console: Console) -> bool:
    """Whether a screen shows no style, and draws the rules of a table as they are."""
    return console.color_system is None and not console.options.ascii_only and not console.legacy_windows


def lisible_telle_quelle(texte: str, largeur: int) -> bool:
    """Whether each sign of a text takes one cell, and none of its lines more than a width."""
    if not _DROITS.issuperset(texte):
        neufs = set(texte) - _DROITS - {"\n"}
        if any(get_character_cell_size(signe) != 1 for signe in neufs):
            return False
        _DROITS.update(neufs, "\n")
    return all(len(ligne) <= largeur for ligne in texte.split("\n"))


_DROITS: set[str] = set()
"""Signs of one cell met so far."""


def grille(table: Table, rangs: Sequence[int], tailles: Sequence[int]) -> str | None:
    """Some columns of a table, at their widths, headers at the bottom of theirs; None when a sign is wider than a cell."""
    entetes = _ranger([table.entetes[r] for r in rangs], tailles)
    lignes = [_ranger([ligne[r] for r in rangs], tailles) for ligne in table.lignes]
    if entetes is None or None in lignes or 0 in tailles:
        return None
    haut = max(map(len, entetes))
    entetes = [[""] * (haut - len(cellule)) + cellule for cellule in entetes]
    a_gauche = [table.a_gauche[r] for r in rangs]
    lues = [_regle(tailles, "┏━┳┓"), *_cadrer(entetes, tailles, a_gauche, "┃"), _regle(tailles, "┡━╇┩")]
    for ligne in lignes:
        lues += _cadrer(ligne or [], tailles, a_gauche, "│")
    return "\n".join([*lues, _regle(tailles, "└─┴┘")])


def _ranger(cellules: Sequence[str], tailles: Sequence[int]) -> list[list[str]] | None:
    """Lines of the cells of a row, each folded at its width; None when one cannot be written as it is."""
    pliees = [sans_controle(plier(c, taille)) for c, taille in zip(cellules, tailles, strict=True)]
    if not all(lisible_telle_quelle(c, taille) for c, taille in zip(pliees, tailles, strict=True)):
        return None
    return [c.split("\n") for c in pliees]


def _cadrer(cellules: Sequence[list[str]], tailles: Sequence[int], a_gauche: Sequence[bool], trait: str) -> list[str]:
    """Lines of a row between rules."""
    colonnes = [
        [x.ljust(taille) if gauche else x.rstrip().rjust(taille) for x in cellule]
        + [" " * taille] * (max(map(len, cellules)) - len(cellule))
        for cellule, taille, gauche in zip(cellules, tailles, a_gauche, strict=True)
    ]
    return [f"{trait} {f' {trait} '.join(ligne)} {trait}" for ligne in zip(*colonnes, strict=True)]


def _regle(tailles: Sequence[int], signes: str) -> str:
    """Rule across a table: its start, its line, its crossings, its end."""
    trait = signes[1]
    colonnes = (f"{trait}{''.ljust(taille, trait)}{trait}" for taille in tailles)
    return f"{signes[0]}{signes[2].join(colonnes)}{signes[3]}"
