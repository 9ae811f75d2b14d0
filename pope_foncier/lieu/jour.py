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


def lineaire_de_jour_m(
    piece: BaseGeometry,
    batiment: BaseGeometry,
    aveugles: Sequence[BaseGeometry] = (),
    voisines: Sequence[BaseGeometry] = (),
) -> float:
    """Façade length of a room that can take daylight [m].

    Args:
        piece: room.
        batiment: outline of the building at its storey, patios as holes.
        aveugles: lines of façade without opening.
        voisines: the other rooms of the storey, which hide the façade from those behind.
    """
    return jour_des_pieces([piece], batiment, aveugles, voisines)[0]


def jour_des_pieces(
    pieces: Sequence[BaseGeometry],
    batiment: BaseGeometry,
    aveugles: Sequence[BaseGeometry] = (),
    voisines: Sequence[BaseGeometry] = (),
) -> list[float]:
    """Façade length of each room of a storey that can take daylight [m]; the rooms hide each other, and ``voisines`` hide them."""
    from shapely import STRtree
    from shapely.geometry import LineString

    facades = [pan for pan in _pans(batiment) if pan.longueur > 0]
    percees = _percees(facades, aveugles)
    if not percees:
        return [0.0] * len(pieces)
    ecrans = [*pieces, *voisines]
    arbre_facades = STRtree([LineString([pan.a, pan.b]) for pan, _ in percees])
    arbre_ecrans = STRtree(ecrans)
    totaux = []
    for rang, piece in enumerate(pieces):
        total = 0.0
        for cote in _pans(piece):
            ligne = LineString([cote.a, cote.b])
            vus: list[Intervalle] = []
            for k in sorted(arbre_facades.query(ligne, predicate="dwithin", distance=_MUR_M)):
                pan, ouvertes = percees[k]
                devant = [ecrans[j] for j in arbre_ecrans.query(ligne.buffer(_MUR_M)) if j != rang]
                vus += _vus(cote, pan, ouvertes, devant)
            total += cote.longueur * sum(fin - debut for debut, fin in _unir(vus))
        totaux.append(total if total > _TRACE_M else 0.0)
    return totaux


def _percees(facades: Iterable[_Pan], aveugles: Sequence[BaseGeometry]) -> list[tuple[_Pan, list[Intervalle]]]:
    """Pieces of façade and the parts of each that are not blind."""
    murs = [pan for ligne in aveugles for pan in _pans(ligne) if pan.longueur > 0]
    percees = []
    for pan in facades:
        bouches = []
        for mur in murs:
            (t0, s0), (t1, s1) = pan.lu(mur.a), pan.lu(mur.b)
            if pan.longe(mur) and _TRACE_M >= min(abs(s0), abs(s1), abs(s0 + s1) / 2):
                bouches.append((min(t0, t1), max(t0, t1)))
        ouvertes = _oter((0.0, pan.longueur), bouches)
        if ouvertes:
            percees.append((pan, ouvertes))
    return percees


def _vus(cote: _Pan, pan: _Pan, ouvertes: list[Intervalle], devant: Sequence[BaseGeometry]) -> list[Intervalle]:
    """Parts of a side, from 0 to 1, that have an open façade straight in front, nothing between."""
    if not cote.face_a(pan):
        return []
    (t0, s0), (t1, s1) = pan.lu(cote.a), pan.lu(cote.b)
    pente = (s1 - s0) / (t1 - t0)
    debut, fin = _entre(t0, s0, pente, max(t0, 0.0), min(t1, pan.longueur))
    if fin - debut <= 0:
        return []
    caches = _ombres(pan, [(debut, s0 + pente * (debut - t0)), (fin, s0 + pente * (fin - t0))], devant)
    libres = [i for o in ouvertes for i in _oter((max(o[0], debut), min(o[1], fin)), caches)]
    return [((d - t0) / (t1 - t0), (f - t0) / (t1 - t0)) for d, f in libres]


def _entre(t0: float, s0: float, pente: float, debut: float, fin: float) -> Intervalle:
    """Part of a side that is no farther from the façade than a wall is thick, nor outside."""
    if abs(pente) < 1e-12:
        return (debut, fin) if -_DEBORD_M <= s0 <= _MUR_M else (0.0, 0.0)
    bornes = sorted(t0 + (s - s0) / pente for s in (-_DEBORD_M, _MUR_M))
    return max(debut, bornes[0]), min(fin, bornes[1])


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
    for debut, fin in sorted(intervalles):
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
            tourne = orient(partie)
            lignes = [tourne.exterior, *tourne.interiors]
        else:
            lignes = [partie]
        for ligne in lignes:
            points = [(float(x), float(y)) for x, y, *_ in ligne.coords]
            yield from (_Pan(a, b) for a, b in pairwise(points) if a != b)
