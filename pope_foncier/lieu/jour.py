"""Daylight of rooms: the façade that each has on its own wall, seen straight across the wall and nothing else.

A side of a room takes daylight where the façade lies straight in front of it, within the thickness of an outer wall, and no
other room stands between. A corner, a re-entrant point or the end of a partition gives none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
Intervalle = tuple[float, float]

_MUR_M, _TRACE_M = 0.8, 0.2
"""Thickest outer wall between a room and its façade (old masonry), and how far a line may be drawn from its wall [m]."""
_TROP_FIN_M = 0.005
"""Points nearer than this to a straight line add nothing to a façade [m]."""
_DEBORD_M = 0.05
"""How far a room may be drawn beyond its façade [m]."""
_PARALLELE = math.cos(math.radians(20))


@dataclass(frozen=True, slots=True)
class _Pan:
    """Straight piece of an outline, what it encloses on its left; its own frame runs along it, then inwards."""

    a: Point
    b: Point

    @property
    def longueur(self) -> float:
        return math.hypot(self.b[0] - self.a[0], self.b[1] - self.a[1])

    @property
    def direction(self) -> Point:
        return (self.b[0] - self.a[0]) / self.longueur, (self.b[1] - self.a[1]) / self.longueur

    def lu(self, p: Sequence[float]) -> Point:
        """Point in the frame of the piece: along it, then inwards."""
        (ux, uy), x, y = self.direction, p[0] - self.a[0], p[1] - self.a[1]
        return x * ux + y * uy, y * ux - x * uy

    def place(self, t: float, s: float) -> Point:
        """Point of the plan at a place of the frame."""
        ux, uy = self.direction
        return self.a[0] + t * ux - s * uy, self.a[1] + t * uy + s * ux

    def face_a(self, autre: _Pan) -> bool:
        """Whether both run the same way, within 20°, so that what they enclose lies on the same side."""
        return sum(u * v for u, v in zip(self.direction, autre.direction, strict=True)) >= _PARALLELE

    def longe(self, autre: _Pan) -> bool:
        """Whether both run along, whichever the way."""
        return self.face_a(autre) or self.face_a(_Pan(autre.b, autre.a))


def jour_des_pieces(
    pieces: Sequence[BaseGeometry],
    batiment: BaseGeometry,
    aveugles: Sequence[BaseGeometry] = (),
    pleins: Sequence[BaseGeometry] = (),
) -> list[float]:
    """Façade length of each room of a storey that can take daylight [m].

    Args:
        pieces: rooms of the storey: each hides the façade from those behind.
        batiment: outline of the building at the storey, patios as holes.
        aveugles: lines of façade without opening.
        pleins: what else hides a façade: cores, lifts.
    """
    from shapely import STRtree, box
    from shapely.geometry import LineString

    percees = _percees(_pans(batiment), aveugles)
    if not percees:
        return [0.0] * len(pieces)
    ecrans = [*pieces, *pleins]
    arbre_facades = STRtree([LineString([pan.a, pan.b]) for pan, _ in percees])
    arbre_ecrans = STRtree(ecrans)
    totaux = []
    for rang, piece in enumerate(pieces):
        total = 0.0
        for cote in _pans(piece):
            ligne = LineString([cote.a, cote.b])
            pres = arbre_facades.query(ligne, predicate="dwithin", distance=_MUR_M)
            en_face = [percees[k] for k in sorted(pres) if cote.face_a(percees[k][0])]
            if not en_face:
                continue
            x0, y0, x1, y1 = ligne.bounds
            autour = arbre_ecrans.query(box(x0 - _MUR_M, y0 - _MUR_M, x1 + _MUR_M, y1 + _MUR_M))
            devant = [ecrans[j] for j in autour if j != rang]
            vus = [i for pan, ouvertes in en_face for i in _vus(cote, pan, ouvertes, devant)]
            total += cote.longueur * sum(fin - debut for debut, fin in _unir(vus))
        totaux.append(total if total > _TRACE_M else 0.0)
    return totaux


def _percees(facades: Iterable[_Pan], aveugles: Sequence[BaseGeometry]) -> list[tuple[_Pan, list[Intervalle]]]:
    """Pieces of façade and the parts of each that are not blind."""
    murs = [pan for ligne in aveugles for pan in _pans(ligne)]
    percees = []
    for pan in facades:
        bouches = []
        for mur in murs:
            if pan.longe(mur):
                (t0, s0), (t1, s1) = sorted((pan.lu(mur.a), pan.lu(mur.b)))
                bouches.append(_entre((t0, s0), (t1, s1), (t0, t1), (-_TRACE_M, _TRACE_M)))
        ouvertes = _oter((0.0, pan.longueur), bouches)
        if ouvertes:
            percees.append((pan, ouvertes))
    return percees


def _vus(cote: _Pan, pan: _Pan, ouvertes: list[Intervalle], devant: Sequence[BaseGeometry]) -> list[Intervalle]:
    """Parts of a side, from 0 to 1, that have an open façade straight in front, nothing between; both face the same way."""
    (t0, s0), (t1, s1) = pan.lu(cote.a), pan.lu(cote.b)
    pente = (s1 - s0) / (t1 - t0)
    debut, fin = _entre((t0, s0), (t1, s1), (max(t0, 0.0), min(t1, pan.longueur)), (-_DEBORD_M, _MUR_M))
    if fin - debut <= 0:
        return []
    caches = _ombres(pan, [(debut, s0 + pente * (debut - t0)), (fin, s0 + pente * (fin - t0))], devant)
    libres = [i for o in ouvertes for i in _oter((max(o[0], debut), min(o[1], fin)), caches)]
    return [((d - t0) / (t1 - t0), (f - t0) / (t1 - t0)) for d, f in libres]


def _entre(a: Point, b: Point, le_long: Intervalle, bornes: Intervalle) -> Intervalle:
    """Part of a line, along the façade, that is within two distances from it; empty when its end comes first."""
    (t0, s0), (t1, s1) = a, b
    if abs(s1 - s0) < 1e-12:
        return le_long if bornes[0] <= s0 <= bornes[1] else (0.0, 0.0)
    premier, dernier = sorted(t0 + (s - s0) * (t1 - t0) / (s1 - s0) for s in bornes)
    return max(le_long[0], premier), min(le_long[1], dernier)


def _ombres(pan: _Pan, cote: list[Point], devant: Sequence[BaseGeometry]) -> list[Intervalle]:
    """Parts of a piece of façade, along it, that other rooms hide from a side."""
    from shapely import get_parts
    from shapely.geometry import Polygon

    (debut, s0), (fin, s1) = cote
    if min(s0, s1) <= _DEBORD_M:
        return []
    mur = Polygon([pan.place(t, s) for t, s in ((debut, 0.0), (fin, 0.0), (fin, s1), (debut, s0))])
    ombres = []
    for ecran in devant:
        for morceau in get_parts(mur.intersection(ecran)):
            if morceau.area > _DEBORD_M**2:
                ts = [pan.lu(p)[0] for p in morceau.exterior.coords]
                ombres.append((min(ts), max(ts)))
    return ombres


def _unir(intervalles: Iterable[Intervalle]) -> list[Intervalle]:
    unis: list[Intervalle] = []
    for debut, fin in sorted(i for i in intervalles if i[0] < i[1]):
        if unis and debut <= unis[-1][1]:
            unis[-1] = (unis[-1][0], max(unis[-1][1], fin))
        else:
            unis.append((debut, fin))
    return unis


def _oter(entier: Intervalle, otes: Iterable[Intervalle]) -> list[Intervalle]:
    """What is left of an interval."""
    restes, ici = [], entier[0]
    for debut, fin in _unir(otes):
        if debut > ici:
            restes.append((ici, min(debut, entier[1])))
        ici = max(ici, fin)
    restes.append((ici, entier[1]))
    return [(d, f) for d, f in restes if f - d > 1e-9]


def _pans(forme: BaseGeometry) -> Iterator[_Pan]:
    """Straight pieces of outlines and lines; what a polygon encloses is on the left of each."""
    from shapely import get_parts
    from shapely.geometry.polygon import orient

    for partie in get_parts(forme):
        if partie.geom_type == "Polygon":
            tourne = orient(partie.simplify(_TROP_FIN_M))
            lignes = [tourne.exterior, *tourne.interiors]
        else:
            lignes = [partie]
        for ligne in lignes:
            points = [(float(x), float(y)) for x, y, *_ in ligne.coords]
            yield from (_Pan(a, b) for a, b in pairwise(points) if a != b)
