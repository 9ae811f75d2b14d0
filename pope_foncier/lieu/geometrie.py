"""Geometry measures: one pure function per measure, on true polygons in metres (EPSG:2154 or a local survey grid)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyproj import Transformer
    from shapely.geometry.base import BaseGeometry

LAMBERT93, WGS84, LAEA_EUROPE = "EPSG:2154", "EPSG:4326", "EPSG:3035"

_NICHE_M = 0.8
"""How deep a recess may be without being a passage: the reveal of a door in old masonry [m]."""


@lru_cache(maxsize=8)
def _passage(depart: str, arrivee: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(depart, arrivee, always_xy=True)


def projeter(geometrie: BaseGeometry, depart: str = WGS84, arrivee: str = LAMBERT93) -> BaseGeometry:
    """Reproject a geometry, x then y (longitude then latitude); WGS84 to Lambert-93 by default."""
    from shapely import transform

    if depart == arrivee:
        return geometrie
    passage = _passage(depart, arrivee)
    return transform(geometrie, passage.transform, interleaved=False)


def surface_m2(polygone: BaseGeometry) -> float:
    """Planar area of the true polygon, holes out [m²]."""
    return float(polygone.area)


def perimetre_m(polygone: BaseGeometry) -> float:
    """Length of the outline, holes included [m]."""
    return float(polygone.length)


def compacite(polygone: BaseGeometry) -> float:
    """Isoperimetric compactness, 4π × area ÷ perimeter²: 1 for a disc, 0.79 for a square, near 0 for a ribbon."""
    return float(4 * math.pi * polygone.area / polygone.length**2)


def cotes_du_rectangle_m(forme: BaseGeometry) -> tuple[float, float]:
    """Longer and shorter side of the smallest rectangle, turned as it must, that holds a geometry [m]."""
    from shapely.geometry import Point

    coins = [Point(p) for p in forme.minimum_rotated_rectangle.exterior.coords]
    a, b = coins[0].distance(coins[1]), coins[1].distance(coins[2])
    return float(max(a, b)), float(min(a, b))


def largeur_utile_m(polygone: BaseGeometry) -> float:
    """Usable width [m]: diameter of the largest disc inside the polygon, to the centimetre."""
    from shapely import maximum_inscribed_circle

    return 2 * float(maximum_inscribed_circle(polygone, tolerance=0.005).length)


def passage_le_plus_etroit_m(polygone: BaseGeometry) -> float:
    """Narrowest passage [m], to the centimetre: the largest width that can go everywhere, recesses of a wall's depth left out.

    The polygon is narrowed by half a width, then widened again: what the largest piece left no longer reaches lies beyond a
    narrower passage.
    """
    from shapely import get_parts

    def passe(largeur: float) -> bool:
        reste = max(get_parts(polygone.buffer(-largeur / 2)), key=lambda p: p.area)
        atteint = reste.buffer(largeur / 2, join_style="mitre").buffer(_NICHE_M, join_style="mitre")
        return bool(polygone.difference(atteint).area < 1e-4)

    bas, haut = 0.0, largeur_utile_m(polygone)
    if passe(haut - 0.01):
        return round(haut, 2)
    while haut - bas > 1e-3:
        milieu = (bas + haut) / 2
        bas, haut = (milieu, haut) if passe(milieu) else (bas, milieu)
    return round(haut, 2)


def partie_large(polygone: BaseGeometry, largeur_m: float) -> BaseGeometry:
    """Part of a polygon where a width is free everywhere (morphological opening with square corners), to the millimetre."""
    rayon = largeur_m / 2 - 5e-4
    ouvert = polygone.buffer(-rayon, join_style="mitre").buffer(rayon, join_style="mitre")
    return ouvert.intersection(polygone)


def distance_m(a: BaseGeometry, b: BaseGeometry) -> float:
    """Shortest horizontal distance between two geometries [m]; infinite when one is empty."""
    return math.inf if a.is_empty or b.is_empty else float(a.distance(b))


def a_portee(lieu: BaseGeometry, cibles: Sequence[BaseGeometry], rayon_m: float) -> list[tuple[int, float]]:
    """Targets within a straight-line distance: (rank, distance [m]), nearest first; a walk is always longer."""
    distances = sorted((distance_m(lieu, cible), rang) for rang, cible in enumerate(cibles))
    return [(rang, distance) for distance, rang in distances if distance <= rayon_m]


def surface_des_pieces_m2(morceaux: Sequence[BaseGeometry], minimum_m2: float) -> float:
    """Area of the pieces that reach a minimum, once touching pieces are joined [m²]."""
    from shapely import get_parts, union_all

    return float(sum(p.area for p in get_parts(union_all(list(morceaux))) if p.area >= minimum_m2 - 1e-9))


def recouvrements(polygones: Sequence[BaseGeometry], tolerance_m2: float = 0.05) -> list[tuple[int, int, float, Any]]:
    """Overlapping pairs: (rank, rank, area [m²], a point inside the overlap)."""
    from shapely import STRtree

    trouves: list[tuple[int, int, float, Any]] = []
    if len(polygones) < 2:
        return trouves
    for i, j in sorted(map(tuple, STRtree(polygones).query(polygones, predicate="intersects").T.tolist())):
        commun = polygones[i].intersection(polygones[j]) if i < j else None
        if commun is not None and commun.area > tolerance_m2:
            trouves.append((i, j, float(commun.area), commun.representative_point()))
    return trouves
