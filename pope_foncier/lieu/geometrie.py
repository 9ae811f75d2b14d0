"""Geometry measures: one pure function per measure, on true polygons in metres (EPSG:2154 or a local survey grid)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyproj import Transformer
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

LAMBERT93, WGS84, LAEA_EUROPE = "EPSG:2154", "EPSG:4326", "EPSG:3035"

_MUR_M, _TRACE_M = 0.8, 0.2
"""Thickest outer wall between a room and its façade (old masonry), and how far a line may be drawn from its wall [m]."""


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


def largeur_utile_m(polygone: BaseGeometry) -> float:
    """Usable width [m]: diameter of the largest disc inside the polygon, to the centimetre."""
    from shapely import maximum_inscribed_circle

    return 2 * float(maximum_inscribed_circle(polygone, tolerance=0.005).length)


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


def longueur_commune_m(polygone: BaseGeometry, ligne: BaseGeometry, ecart_m: float = _MUR_M) -> float:
    """Length of the outline of a polygon that runs along a line, within the thickness of a wall [m].

    The line is widened without caps, and only sides parallel to it count, so that a partition which meets a façade at
    right angles adds nothing.
    """
    bande = ligne.buffer(ecart_m, cap_style="flat")
    total = 0.0
    for a, b in _segments(polygone):
        morceau = _droite(a, b).intersection(bande)
        if morceau.length > _TRACE_M and _parallele(a, b, ligne, ecart_m):
            total += float(morceau.length)
    return total


def lineaire_de_jour_m(
    piece: BaseGeometry, batiment: Polygon, aveugles: Sequence[BaseGeometry] = (), ecart_m: float = _MUR_M
) -> float:
    """Façade length of a room that can take daylight [m]: its sides along the building's outline, blind walls out."""
    from shapely import union_all

    facade = batiment.boundary
    if aveugles:
        facade = facade.difference(union_all(list(aveugles)).buffer(_TRACE_M, cap_style="flat"))
    return longueur_commune_m(piece, facade, ecart_m) if not facade.is_empty else 0.0


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


def _segments(geometrie: BaseGeometry) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    from shapely import get_parts

    paires = []
    for partie in get_parts(geometrie.boundary if geometrie.geom_type.endswith("Polygon") else geometrie):
        points = [(float(x), float(y)) for x, y, *_ in partie.coords]
        paires += list(pairwise(points))
    return paires


def _droite(a: tuple[float, float], b: tuple[float, float]) -> BaseGeometry:
    from shapely.geometry import LineString

    return LineString([a, b])


def _parallele(a: tuple[float, float], b: tuple[float, float], ligne: BaseGeometry, ecart_m: float) -> bool:
    """Whether a side is within 20° of a neighbouring segment of the line."""
    direction = math.atan2(b[1] - a[1], b[0] - a[0])
    cote = _droite(a, b)
    for c, d in _segments(ligne):
        ecart = abs(math.sin(direction - math.atan2(d[1] - c[1], d[0] - c[0])))
        if ecart <= math.sin(math.radians(20)) and cote.distance(_droite(c, d)) <= ecart_m:
            return True
    return False
