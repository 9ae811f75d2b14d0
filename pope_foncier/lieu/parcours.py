"""Walks inside a storey: the shortest way from a point to each way out, through the doors and round the corners.

Exact between corners, doors and ways out (visibility graph of each room). The farthest point of a room is looked for at its
corners, then every ``PAS_M``: exact for a room with one way out, short by ``TOLERANCE_M`` at most for the others.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pope_foncier.lieu.reseau import XY, Reseau
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Tableau

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

PAS_M = 0.25
TOLERANCE_M = 0.2
"""Largest error on the farthest point of a room with several ways out [m]."""
_EPS = 1e-6


class PlusLoin(NamedTuple):
    """Longest walk of a room."""

    distance_m: float
    """To the nearest way out; infinite without one."""
    depart: XY
    vers: tuple[float, ...]
    """To each way out [m]."""


@enregistrement
class Parcours:
    """Shortest ways of a storey: nodes are ways out, doors on each side, and re-entrant corners."""

    reseau: Reseau
    noeuds: Tableau
    """Positions, shape (N, 2)."""
    pieces: tuple[tuple[int, ...], ...]
    """Nodes that lie in each room."""
    distances: Tableau
    """From each way out to each node [m], shape (ways out, N)."""

    points: tuple[Tableau, ...]
    """Corners and floor of each room, shape (points, 2)."""

    def des_points(self, rang: int, points: Tableau) -> Tableau:
        """Walk from points of a room to each way out [m], shape (ways out, points); infinite without a way."""
        visibles = list(self.pieces[rang])
        if not visibles or not len(self.distances):
            return np.full((len(self.distances), len(points)), np.inf)
        vus = _longueurs_visibles(self.reseau.libres[rang], points, self.noeuds[visibles])
        return np.asarray((vus[None, :, :] + self.distances[:, None, visibles]).min(axis=2))

    def plus_loin(self) -> tuple[PlusLoin, ...]:
        """Longest walks of each room: to each way out, and to the nearest one."""
        lus = []
        for rang, points in enumerate(self.points):
            marches = self.des_points(rang, points)
            au_plus_pres = marches.min(axis=0, initial=np.inf)
            pire = int(au_plus_pres.argmax())
            depart = (float(points[pire][0]), float(points[pire][1]))
            lus.append(PlusLoin(float(au_plus_pres[pire]), depart, tuple(float(m.max()) for m in marches)))
        return tuple(lus)

    def cul_de_sac(self, rang: int, point: XY) -> float:
        """Walk from a point of a room to where two ways out part, or to the only one [m].

        With two ways out this is (a + b − c) ÷ 2, where c is the walk between them: the length of the branch, to about the
        half width of the corridor.
        """
        ici = self.des_points(rang, np.array([point]))[:, 0]
        joignables = [i for i in range(len(ici)) if np.isfinite(ici[i])]
        if len(joignables) < 2:
            return float(ici[joignables[0]]) if joignables else math.inf
        entre = [
            (ici[i] + ici[j] - self.distances[i, j]) / 2 for n, i in enumerate(joignables) for j in joignables[n + 1 :]
        ]
        return max(float(min(entre)), 0.0)


def parcours(reseau: Reseau) -> Parcours:
    """Shortest ways of a storey; the first nodes are the ways out, in the order of the storey."""
    noeuds: list[XY] = [i.point for i in reseau.issues]
    pieces: list[list[int]] = [[] for _ in reseau.pieces]
    aretes: list[tuple[int, int, float]] = []

    def poser(point: XY, rang: int) -> int:
        noeuds.append(point)
        pieces[rang].append(len(noeuds) - 1)
        return len(noeuds) - 1

    for n, issue in enumerate(reseau.issues):
        seuil = issue.porte.seuil(issue.espace) if issue.porte else issue.point
        aretes.append((n, poser(seuil, issue.espace), math.dist(issue.point, seuil)))
    for porte in reseau.portes:
        a, b = porte.cotes
        if min(a, b) >= 0 and a != b:
            murs = sum(math.dist(porte.milieu, s) for s in porte.seuils)
            aretes.append((poser(porte.seuils[0], a), poser(porte.seuils[1], b), murs))
    for rang, libre in enumerate(reseau.libres):
        for coin in _coins_rentrants(libre):
            poser(coin, rang)
        ici = pieces[rang]
        points = np.array([noeuds[k] for k in ici]).reshape(-1, 2)
        vus = _longueurs_visibles(libre, points, points)
        aretes += [
            (ici[i], ici[j], float(vus[i, j]))
            for i in range(len(ici))
            for j in range(i + 1, len(ici))
            if np.isfinite(vus[i, j])
        ]
    lues = [_plus_courts(len(noeuds), aretes, n) for n in range(len(reseau.issues))]
    distances = np.array(lues).reshape(len(reseau.issues), len(noeuds))
    return Parcours(
        reseau,
        np.array(noeuds).reshape(-1, 2),
        tuple(tuple(p) for p in pieces),
        distances,
        tuple(_points_de(p) for p in reseau.libres),
    )


def _plus_courts(nombre: int, aretes: Sequence[tuple[int, int, float]], depart: int) -> list[float]:
    voisins: list[list[tuple[int, float]]] = [[] for _ in range(nombre)]
    for i, j, longueur in aretes:
        voisins[i].append((j, longueur))
        voisins[j].append((i, longueur))
    trouves = [math.inf] * nombre
    trouves[depart] = 0.0
    file = [(0.0, depart)]
    while file:
        fait, i = heapq.heappop(file)
        if fait > trouves[i]:
            continue
        for j, longueur in voisins[i]:
            if fait + longueur < trouves[j]:
                trouves[j] = fait + longueur
                heapq.heappush(file, (trouves[j], j))
    return trouves


def _longueurs_visibles(piece: BaseGeometry, depuis: Tableau, vers: Tableau) -> Tableau:
    """Straight distances between points of a room; infinite when a wall or a column stands between."""
    import shapely

    ecarts = np.hypot(*(depuis[:, None, :] - vers[None, :, :]).transpose(2, 0, 1))
    if not ecarts.size or _convexe(piece):
        return np.asarray(ecarts)
    large = piece.buffer(_EPS, join_style="mitre")
    shapely.prepare(large)
    bouts = np.stack([np.repeat(depuis, len(vers), axis=0), np.tile(vers, (len(depuis), 1))], axis=1)
    vus = shapely.covers(large, shapely.linestrings(bouts)).reshape(ecarts.shape)
    return np.asarray(np.where(vus, ecarts, np.inf))


def _convexe(piece: BaseGeometry) -> bool:
    return bool(piece.convex_hull.area - piece.area <= 1e-9 * max(piece.area, 1.0))


def _anneaux(piece: Any) -> list[tuple[list[XY], bool]]:
    """Rings of a room, each with whether it is a hole."""
    return [([(x, y) for x, y, *_ in anneau.coords][:-1], trou) for anneau, trou in _tours(piece)]


def _tours(piece: Any) -> list[tuple[Any, bool]]:
    return [(piece.exterior, False), *((t, True) for t in piece.interiors)]


def _coins_rentrants(piece: BaseGeometry) -> list[XY]:
    """Corners round which a shortest way can turn: re-entrant ones of the outline, salient ones of a column."""
    if _convexe(piece):
        return []
    coins = []
    for points, trou in _anneaux(piece):
        tour = 1.0 if _aire(points) > 0 else -1.0
        for k, (x, y) in enumerate(points):
            (xa, ya), (xb, yb) = points[k - 1], points[(k + 1) % len(points)]
            virage = ((x - xa) * (yb - y) - (y - ya) * (xb - x)) * tour
            if virage > _EPS if trou else virage < -_EPS:
                coins.append((x, y))
    return coins


def _aire(points: Sequence[XY]) -> float:
    return sum(xa * yb - xb * ya for (xa, ya), (xb, yb) in zip(points, [*points[1:], points[0]], strict=True)) / 2


def _points_de(piece: BaseGeometry) -> Tableau:
    """Corners of a room, then its floor every ``PAS_M``."""
    import shapely

    x0, y0, x1, y1 = piece.bounds
    xs, ys = (np.arange(a + PAS_M / 2, b, PAS_M) for a, b in ((x0, x1), (y0, y1)))
    grille = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    shapely.prepare(piece)
    dedans = grille[shapely.contains_xy(piece, grille[:, 0], grille[:, 1])] if len(grille) else grille
    bord = np.array([p for points, _ in _anneaux(piece) for p in points])
    return np.concatenate([bord, dedans])
