"""Dimensions of buildings along themselves, and the direction of true north: what a drawing writes, measured apart from it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.plan import PlanTrace

if TYPE_CHECKING:
    from shapely.geometry import Polygon

Point = tuple[float, float]
_ALIGNE_M = 0.02
"""How far a point of a façade may be from a straight line without being a corner [m]."""
_PAS_DE_NORD_DEG = 1e-4


class Cote(NamedTuple):
    """Side to be dimensioned, what it belongs to on its left."""

    a: Point
    b: Point

    @property
    def longueur_m(self) -> float:
        """Length [m]."""
        return math.dist(self.a, self.b)


def rectangles(plan: PlanTrace, niveau: int = 0) -> list[tuple[Cote, Cote, Cote, Cote]]:
    """Sides of the smallest rectangle around each building of a storey, in the order of its outline."""
    return [tuple(_cotes(corps.minimum_rotated_rectangle)) for corps in _corps(plan, niveau)]  # type: ignore[misc]


def facades(plan: PlanTrace, niveau: int = 0) -> list[Cote]:
    """Every outer side of the buildings of a storey, points in line joined; patios are left out."""
    return [cote for corps in _corps(plan, niveau) for cote in _cotes(corps)]


def dimensions_m(plan: PlanTrace, niveau: int = 0) -> list[tuple[float, float]]:
    """Length and width of each building of a storey, along itself [m]."""
    return [
        (max(r[0].longueur_m, r[1].longueur_m), min(r[0].longueur_m, r[1].longueur_m)) for r in rectangles(plan, niveau)
    ]


def nord_degres(plan: PlanTrace) -> float | None:
    """Direction of true north, clockwise from the y axis of the plan: as said on a local grid, that of the meridian else.

    None on a local grid whose north nobody says.
    """
    from shapely import union_all
    from shapely.geometry import Point as PointGeo

    if plan.fiche.systeme == "local":
        return plan.fiche.nord_degres
    ici = union_all([e.forme for e in plan.elements]).envelope.centroid
    geo = projeter(ici, LAMBERT93, WGS84)
    la = projeter(PointGeo(geo.x, geo.y + _PAS_DE_NORD_DEG), WGS84, LAMBERT93)
    return math.degrees(math.atan2(la.x - ici.x, la.y - ici.y))


def _corps(plan: PlanTrace, niveau: int) -> list[Polygon]:
    """Buildings of a storey, those that touch as one."""
    from shapely import get_parts, union_all

    return [p for p in get_parts(union_all([b.forme for b in plan.batiments_du_niveau(niveau)])) if not p.is_empty]


def _cotes(polygone: Polygon) -> list[Cote]:
    from shapely.geometry.polygon import orient

    points = [(float(x), float(y)) for x, y, *_ in orient(polygone).exterior.coords[:-1]]
    coins = [p for i, p in enumerate(points) if not _en_ligne(points[i - 1], p, points[(i + 1) % len(points)])]
    coins = coins if len(coins) > 2 else points
    return [Cote(a, b) for a, b in pairwise([*coins, coins[0]])]


def _en_ligne(a: Point, p: Point, b: Point) -> bool:
    base = math.dist(a, b)
    if base == 0:
        return False
    return abs((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / base <= _ALIGNE_M
