"""Outlines from lines: walls drawn as separate strokes are closed into cells; small gaps are bridged, coordinates stay."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry import LineString, Polygon
    from shapely.geometry.base import BaseGeometry

Xy = tuple[float, float]
_PAREIL = 1e-3
"""Share of an area under which two outlines are the same one."""


def fermer(lignes: Sequence[LineString], accroche: float) -> tuple[list[Polygon], list[LineString]]:
    """Cells that lines enclose, and the lines that enclose nothing.

    Args:
        lignes: strokes, in any order and direction.
        accroche: widest gap that is bridged, in the unit of the drawing; coordinates are kept to a ten-thousandth of it.
    """
    from shapely import get_parts, line_merge, polygonize_full, union_all

    if not lignes:
        return [], []
    grain = accroche * 1e-4
    reseau = _noue(union_all(list(lignes), grid_size=grain))
    if ponts := _ponts(reseau, accroche):
        reseau = _noue(union_all([*reseau, *ponts], grid_size=grain))
    cellules, coupures, pendants, _ = polygonize_full(reseau)
    restes = get_parts(line_merge(union_all([coupures, pendants])))
    return [c for c in get_parts(cellules) if c.area > 0], [r for r in restes if r.length > accroche]


def _noue(reseau: BaseGeometry) -> list[LineString]:
    from shapely import get_parts

    return [p for p in get_parts(reseau) if p.geom_type == "LineString" and p.length > 0]


def jambages(murs: Sequence[LineString], accroche: float, epaisseur: float) -> list[LineString]:
    """Strokes that close the end of a wall at an opening: from the loose end of one face to that of the other, at right angles.

    Args:
        murs: strokes of the walls.
        accroche: see ``fermer``.
        epaisseur: thickest wall, in the unit of the drawing.
    """
    from shapely import LineString, Point, STRtree, union_all

    if not murs:
        return []
    libres = _bouts_libres(_noue(union_all(list(murs), grid_size=accroche * 1e-4)))
    arbre = STRtree([Point(bout) for bout, _, _ in libres])
    ajoutes = []
    for i, (bout, (ux, uy), _) in enumerate(libres):
        for j in arbre.query(Point(bout), predicate="dwithin", distance=epaisseur):
            autre, (vx, vy), _ = libres[j]
            dx, dy = autre[0] - bout[0], autre[1] - bout[1]
            if j > i and ux * vx + uy * vy > 0.97 and abs(dx * ux + dy * uy) <= 0.1 * math.hypot(dx, dy):
                ajoutes.append(LineString([bout, autre]))
    return ajoutes


def seuils(
    passages: Sequence[LineString], murs: Sequence[LineString], pres: float, epaisseur: float
) -> list[LineString]:
    """Strokes that close the thickness of a wall at doors, from the end of one jamb to that of the other: no room has it.

    Args:
        passages: openings of doors, from jamb to jamb.
        murs: strokes of the walls, jambs included.
        pres: how far a passage may stand from its jambs, in the unit of the drawing.
        epaisseur: thickest wall, in the unit of the drawing.
    """
    from shapely import LineString, Point, STRtree

    faces = [LineString(s) for ligne in murs for s in pairwise(ligne.coords) if 0 < math.dist(*s) <= epaisseur]
    if not faces:
        return []
    arbre = STRtree(faces)
    fermes = []
    for passage in passages:
        bouts = (passage.coords[0], passage.coords[-1])
        (xa, ya), (xb, yb) = bouts
        normale = ((ya - yb) / passage.length, (xb - xa) / passage.length)
        jambes = [
            _jambe(
                Point(bout), [faces[i] for i in arbre.query(Point(bout), predicate="dwithin", distance=pres)], normale
            )
            for bout in bouts
        ]
        if jambes[0] is not None and jambes[1] is not None:
            fermes += [LineString([jambes[0].coords[i], jambes[1].coords[i]]) for i in (0, 1)]
    return fermes


def _jambe(bout: BaseGeometry, faces: Sequence[LineString], normale: Xy) -> LineString | None:
    """Face of a wall nearest to the end of a passage, and square to it, in the direction of its normal."""
    trouvees: list[tuple[float, int, LineString]] = []
    for face in faces:
        (xa, ya), (xb, yb) = face.coords
        avance = float((xb - xa) * normale[0] + (yb - ya) * normale[1])
        if abs(avance) >= 0.97 * float(face.length):
            trouvees.append((float(face.distance(bout)), len(trouvees), face if avance > 0 else face.reverse()))
    return min(trouvees)[2] if trouvees else None


def _bouts_libres(reseau: Sequence[LineString]) -> list[tuple[Xy, Xy, int]]:
    """Loose ends: where, in which direction the stroke goes on, and its rank."""
    bouts = Counter(b for ligne in reseau for b in (ligne.coords[0], ligne.coords[-1]))
    libres = []
    for rang, ligne in enumerate(reseau):
        points = ligne.coords
        for bout, voisin in ((points[0], points[1]), (points[-1], points[-2])):
            if bouts[bout] == 1:
                long = math.dist(bout, voisin)
                libres.append((bout, ((bout[0] - voisin[0]) / long, (bout[1] - voisin[1]) / long), rang))
    return libres


def _ponts(reseau: Sequence[LineString], accroche: float) -> list[LineString]:
    """Short strokes from each loose end to the nearest line within reach, a little beyond it so that they cross."""
    from shapely import LineString, Point, STRtree, shortest_line

    arbre = STRtree(reseau)
    ponts = []
    for bout, _, rang in _bouts_libres(reseau):
        point = Point(bout)
        proches = [i for i in arbre.query(point, predicate="dwithin", distance=accroche) if i != rang]
        if proches:
            _, (x, y) = min((shortest_line(point, reseau[i]) for i in proches), key=lambda t: t.length).coords
            ponts.append(LineString([bout, (x + (x - bout[0]) * 1e-3, y + (y - bout[1]) * 1e-3)]))
    return [p for p in ponts if p.length > 0]


def sans_doubles(polygones: Sequence[Polygon]) -> list[int]:
    """Ranks of the outlines kept when the same one is drawn twice (its hatch, its copy): the first of each."""
    from shapely import STRtree

    if not polygones:
        return []
    arbre = STRtree(polygones)
    gardes: list[int] = []
    retires: set[int] = set()
    for i, polygone in enumerate(polygones):
        if i in retires:
            continue
        gardes.append(i)
        for j in arbre.query(polygone, predicate="intersects"):
            meme_aire = j > i and abs(polygones[j].area - polygone.area) <= _PAREIL * polygone.area
            if meme_aire and polygones[j].symmetric_difference(polygone).area <= _PAREIL * polygone.area:
                retires.add(int(j))
    return gardes


def largeur(polygone: Polygon) -> float:
    """Diameter of the largest disc inside, in the unit of the drawing."""
    from shapely import maximum_inscribed_circle

    return 2 * float(maximum_inscribed_circle(polygone).length)
