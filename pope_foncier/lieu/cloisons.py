"""Partitions of a drawn plan: the sides of rooms that face each other across a wall, which move together with the doors in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from pope_foncier.lieu.plan import LIGNES, Element, Point
from pope_foncier.socle.enregistrements import enregistrement

_EPAISSEUR_M, _TRACE_M, _RECOUVRE_M = 0.5, 0.02, 0.05
"""Thickness of a wall between two sides at most, looseness of a drawing, length that two sides share at least [m]."""
_COTES_MAX = 1_500
"""Sides beyond which a plan is too large to look for its partitions."""
Sommet = tuple[int, int, int]
"""Rank of an element, of its ring (0 the outline, then its holes), of a point; a side is named by its first point."""


@enregistrement
class Cotes:
    """Sides of rooms, one a row."""

    noms: tuple[Sommet, ...]
    a: np.ndarray
    """First point, shape (n, 2) [m]."""
    long: np.ndarray
    """Unit vector along the side, shape (n, 2)."""
    dehors: np.ndarray
    """Unit normal that leaves the room, shape (n, 2)."""
    longueur: np.ndarray
    """Shape (n,) [m]."""


def cloisons(elements: Sequence[Element], niveau: int = 0) -> list[tuple[list[Sommet], list[Sommet]]]:
    """Partitions of a storey: the sides of each, and all the points that move with it.

    Two sides are of one partition when they face each other within the thickness of a wall, and so on from side to side: the
    whole line of a corridor moves, never one room into the next. Façades are not partitions, nothing faces them.
    """
    cotes = _cotes(elements, niveau)
    if cotes is None or len(cotes.noms) > _COTES_MAX:
        return []
    paires = _en_face(cotes)
    groupes = _grouper(len(cotes.noms), paires)
    portees = _portees(elements, niveau, cotes)
    tailles = {nom: len(_anneaux(elements[nom[0]])[nom[1]]) for nom in cotes.noms}
    trouvees = []
    for rangs in groupes:
        noms = [cotes.noms[r] for r in rangs]
        points = dict.fromkeys(p for e, a, k in noms for p in ((e, a, k), (e, a, (k + 1) % tailles[e, a, k])))
        siens = dict.fromkeys(e for r in rangs for e in portees.get(r, ()))
        portes = [(e, 0, k) for e in siens for k in range(len(elements[e].points))]
        trouvees.append((noms, [*points, *portes]))
    return trouvees


def _anneaux(element: Element) -> list[tuple[Point, ...]]:
    return [element.points, *element.trous]


def _cotes(elements: Sequence[Element], niveau: int) -> Cotes | None:
    noms: list[Sommet] = []
    debuts, fins, sens = [], [], []
    for e, element in enumerate(elements):
        if element.nature != "piece" or element.niveau != niveau:
            continue
        for a, anneau in enumerate(_anneaux(element)):
            aire = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise((*anneau, anneau[0])))
            for k, (p, q) in enumerate(pairwise((*anneau, anneau[0]))):
                if p != q:
                    noms.append((e, a, k))
                    debuts.append(p)
                    fins.append(q)
                    sens.append(1.0 if (aire > 0) == (a == 0) else -1.0)
    if not noms:
        return None
    debut, fin = np.array(debuts, dtype=np.float64), np.array(fins, dtype=np.float64)
    longueur = np.hypot(*(fin - debut).T)
    long = (fin - debut) / longueur[:, None]
    dehors = np.stack([long[:, 1], -long[:, 0]], axis=1) * np.array(sens)[:, None]
    return Cotes(tuple(noms), debut, long, dehors, longueur)


def _en_face(c: Cotes) -> np.ndarray:
    """Pairs of sides of two rooms that face each other across a wall, shape (m, 2)."""
    pieces = np.array([nom[0] for nom in c.noms])
    ecart = c.a[None, :, :] - c.a[:, None, :]
    distance = np.einsum("ijk,ik->ij", ecart, c.dehors)
    debut = np.einsum("ijk,ik->ij", ecart, c.long)
    fin = debut + c.longueur[None, :] * (c.long @ c.long.T)
    commun = np.minimum(np.maximum(debut, fin), c.longueur[:, None]) - np.maximum(np.minimum(debut, fin), 0.0)
    face = (c.dehors @ c.dehors.T < -0.9998) & (pieces[:, None] != pieces[None, :])
    face &= (distance >= -_TRACE_M) & (distance <= _EPAISSEUR_M) & (commun > _RECOUVRE_M)
    return np.argwhere(face)


def _grouper(nombre: int, paires: np.ndarray) -> list[list[int]]:
    """Connected sides, those that face nothing left out."""
    chef = list(range(nombre))

    def racine(i: int) -> int:
        while chef[i] != i:
            chef[i] = chef[chef[i]]
            i = chef[i]
        return i

    for i, j in paires:
        chef[racine(int(i))] = racine(int(j))
    groupes: dict[int, list[int]] = {}
    for i in range(nombre):
        groupes.setdefault(racine(i), []).append(i)
    return [g for g in groupes.values() if len(g) > 1]


def _portees(elements: Sequence[Element], niveau: int, c: Cotes) -> dict[int, list[int]]:
    """Doors and other lines drawn in the wall behind each side, by the rank of the side."""
    dans: dict[int, list[int]] = {}
    for e, element in enumerate(elements):
        if element.nature not in LIGNES or element.nature in ("voie", "controle") or element.niveau != niveau:
            continue
        ecart = np.array(element.points)[None, :, :] - c.a[:, None, :]
        distance, position = (ecart @ axe[:, :, None] for axe in (c.dehors, c.long))
        pres = (distance >= -_TRACE_M) & (distance <= _EPAISSEUR_M)
        le_long = (position >= -_TRACE_M) & (position <= c.longueur[:, None, None] + _TRACE_M)
        for rang in np.flatnonzero((pres & le_long).all(axis=(1, 2))):
            dans.setdefault(int(rang), []).append(e)
    return dans
