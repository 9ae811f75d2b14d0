"""Title block of a sheet: key, areas and places, checks that fail, constraints, source, scale, date; it holds in its column."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.vues.lieu.dessin import TRAIT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROUGE = "#B22222"
_TAILLES = {"A4": (6.6, 6.2, 5.8, 5.5), "A3": (7.6, 7.0, 6.5, 6.0)}
"""Letters tried, the largest first [pt]."""
_INTERLIGNE = 0.53
"""Height of a line by point of its letters [mm]."""


@dataclass(frozen=True, slots=True)
class Partie:
    """Part of a title block: its title, then its lines; a part that may be cut gives its last lines up first."""

    titre: str
    lignes: tuple[str, ...]
    couleur: str = TRAIT
    garde: int = 99
    """Rank in which it is cut: the smallest first; 99 is never cut."""
    legende: tuple[tuple[str, str], ...] = ()
    """Colour and hatch of each line, for a key."""


def ecrire(
    fond: Axes, parties: Sequence[Partie], papier: str, x: float, bas: float, largeur: float, haut: float
) -> None:
    """Write a title block between two heights of a sheet in millimetres, at the largest letters that hold."""
    from matplotlib.patches import Rectangle

    fond.add_patch(Rectangle((x, bas), largeur, haut - bas, fill=False, edgecolor="#BDBDBD", linewidth=0.8))
    dites = [p for p in parties if p.lignes]
    for taille in _TAILLES[papier]:
        lignes = _lignes(dites, taille, largeur)
        if _hauteur(lignes, taille) <= haut - bas - 4.0:
            break
    else:
        lignes = _lignes(_couper(dites, taille, largeur, haut - bas - 4.0), taille, largeur)
    y, pas = haut - 2.0, taille * _INTERLIGNE
    for ligne in lignes:
        y -= 0.35 * pas if ligne.gras else 0.0
        if ligne.carre is not None:
            couleur, hachure = ligne.carre
            carre = Rectangle((x + 2, y - 0.85 * pas), 7, 0.8 * pas, facecolor=couleur, edgecolor=TRAIT, linewidth=0.4)
            carre.set_hatch(hachure)
            fond.add_patch(carre)
        gauche = x + (11 if ligne.carre is not None else 2)
        poids = "bold" if ligne.gras else "normal"
        fond.text(gauche, y, ligne.texte, fontsize=taille, va="top", fontweight=poids, color=ligne.couleur)
        y -= pas


@dataclass(frozen=True, slots=True)
class _Ligne:
    texte: str
    couleur: str
    gras: bool = False
    carre: tuple[str, str] | None = None


def _lignes(parties: Sequence[Partie], taille: float, largeur: float) -> list[_Ligne]:
    lignes = []
    for partie in parties:
        signes = int((largeur - 5) / (taille * 0.2))
        if partie.titre:
            lignes += [_Ligne(x, partie.couleur, True) for x in textwrap.wrap(_insecable(partie.titre), signes)]
        for rang, dit in enumerate(partie.lignes):
            if partie.legende:
                lignes.append(_Ligne(dit, partie.couleur, carre=partie.legende[rang]))
                continue
            lignes += [_Ligne(x, partie.couleur) for x in textwrap.wrap(_insecable(dit), signes)]
    return lignes


def _hauteur(lignes: Sequence[_Ligne], taille: float) -> float:
    return taille * _INTERLIGNE * (len(lignes) + 0.35 * sum(x.gras for x in lignes))


def _couper(parties: Sequence[Partie], taille: float, largeur: float, haut: float) -> list[Partie]:
    """Parts that hold: lines are taken off those that may be cut, and how many are said."""
    restes, otees = list(parties), [0] * len(parties)
    while _hauteur(_lignes(restes, taille, largeur), taille) > haut:
        rang = min(
            (r for r, p in enumerate(parties) if p.garde < 99 and len(p.lignes) > otees[r] + 1),
            key=lambda r: parties[r].garde,
            default=None,
        )
        if rang is None:
            break
        otees[rang] += 1
        gardees = parties[rang].lignes[: len(parties[rang].lignes) - otees[rang]]
        suite = f"… et {otees[rang]} de plus, au tableau du lieu"
        restes[rang] = Partie(parties[rang].titre, (*gardees, suite), parties[rang].couleur, parties[rang].garde)
    return restes


def _insecable(texte: str) -> str:
    """Text whose French signs stay with their word at the end of a line."""
    for avant, apres in ((" :", "\u00a0:"), (" ;", "\u00a0;"), ("« ", "«\u00a0"), (" »", "\u00a0»")):
        texte = texte.replace(avant, apres)
    return texte
