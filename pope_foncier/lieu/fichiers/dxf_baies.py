"""Doors and windows of a drawing: the quarter circle of a swing tells a door, strokes side by side in a wall a window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.lieu.fichiers.dxf_traits import Arc, Xy

if TYPE_CHECKING:
    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

_PRES = 0.15
"""Part of the radius within which a stroke belongs to the leaf."""


_MENEAU_M, _FENETRE_MIN_M = 0.06, 0.3
"""Half the gap between two strokes of one window, and the narrowest window [m]."""


@dataclass(frozen=True, slots=True)
class Porte:
    """Opening of a door, from its hinge to the other jamb (from jamb to jamb for two leaves), and where it swings to."""

    calque: str
    passage: LineString
    vers: Xy
    vantaux: int
    battement: BaseGeometry
    """Area that the leaves sweep: strokes inside are the leaf, never a wall."""


def lire_fenetres(traits: Sequence[LineString], metres: float, mur: float) -> list[LineString]:
    """Windows of a layer of windows: each bundle of strokes no wider than a wall is one, drawn along its middle.

    Args:
        traits: strokes of the layer.
        metres: metres of one unit.
        mur: thickest wall [m]; a wider bundle (a corner window, a curtain wall with its return) is left out.
    """
    from shapely import LineString, MultiLineString, STRtree, get_parts, minimum_rotated_rectangle, union_all

    if not traits:
        return []
    arbre = STRtree(traits)
    fenetres = []
    for paquet in get_parts(union_all([t.buffer(_MENEAU_M / metres) for t in traits])):
        siens = [traits[i] for i in arbre.query(paquet, predicate="intersects")]
        rectangle = minimum_rotated_rectangle(MultiLineString(siens))
        if rectangle.geom_type == "LineString":
            axe = LineString([rectangle.coords[0], rectangle.coords[-1]])
            large = 0.0
        else:
            a, b, c, d = list(rectangle.exterior.coords)[:4]
            if math.dist(a, b) > math.dist(b, c):
                a, b, c, d = b, c, d, a
            axe = LineString([((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), ((c[0] + d[0]) / 2, (c[1] + d[1]) / 2)])
            large = math.dist(a, b)
        if large * metres < mur and axe.length * metres >= _FENETRE_MIN_M:
            fenetres.append(axe)
    return fenetres


def lire_portes(arcs: Sequence[Arc], traits: Sequence[LineString], murs: BaseGeometry) -> list[Porte]:
    """Doors of the swings of some layers.

    Args:
        arcs: arcs of the layers of doors and openings.
        traits: other strokes of these layers.
        murs: strokes of the walls: the jamb is the end of the swing nearest to them, the leaf decides when both are near.
    """
    portes = [p for a in arcs if a.est_un_quart and (p := _porte(a, traits, murs)) is not None]
    return _a_deux_vantaux(portes)


def _porte(arc: Arc, traits: Sequence[LineString], murs: BaseGeometry) -> Porte | None:
    from shapely import LineString, Point, Polygon, STRtree

    battement = Polygon([arc.centre, *arc.ligne.coords]).buffer(_PRES * arc.rayon, join_style="mitre")
    vantail = (
        [t for t in traits if battement.covers(t)]
        if len(traits) < 40
        else [traits[i] for i in STRtree(traits).query(battement, predicate="covers")]
    )
    au_mur = [Point(bout).distance(murs) for bout in arc.bouts]
    if murs.is_empty or abs(au_mur[0] - au_mur[1]) <= 0.5 * _PRES * arc.rayon:
        au_mur = [-_au_vantail(vantail, arc.centre, bout, arc.rayon) for bout in arc.bouts]
    ouvert = 0 if au_mur[0] > au_mur[1] else 1
    jambage = arc.bouts[1 - ouvert]
    if math.dist(arc.centre, jambage) <= 0:
        return None
    return Porte(arc.calque, LineString([arc.centre, jambage]), arc.bouts[ouvert], 1, battement)


def _au_vantail(vantail: Sequence[LineString], centre: Xy, bout: Xy, rayon: float) -> float:
    """Distance from an end of the swing to a stroke that runs there from the hinge; infinite without one."""
    from shapely import Point

    charniere, fin = Point(centre), Point(bout)
    longs = [t for t in vantail if t.length >= 0.7 * rayon and charniere.distance(t) <= _PRES * rayon]
    return min((d for t in longs if (d := fin.distance(t)) <= _PRES * rayon), default=math.inf)


def _a_deux_vantaux(portes: Sequence[Porte]) -> list[Porte]:
    """Doors, two leaves that meet on the same line made one."""
    from shapely import LineString

    faites: list[Porte] = []
    for porte in portes:
        autre = next((i for i, p in enumerate(faites) if p.vantaux == 1 and _se_rejoignent(p, porte)), None)
        if autre is None:
            faites.append(porte)
            continue
        voisine = faites[autre]
        passage = LineString([voisine.passage.coords[0], porte.passage.coords[0]])
        faites[autre] = Porte(voisine.calque, passage, voisine.vers, 2, voisine.battement.union(porte.battement))
    return faites


def _se_rejoignent(a: Porte, b: Porte) -> bool:
    (xa, ya), fin_a = a.passage.coords
    (xb, yb), fin_b = b.passage.coords
    ecart = 0.1 * a.passage.length
    ensemble = math.dist((xa, ya), (xb, yb))
    long = float(a.passage.length) + float(b.passage.length)
    return math.dist(fin_a, fin_b) <= float(ecart) and abs(ensemble - long) <= float(ecart)
