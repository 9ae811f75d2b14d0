"""Geometries of a file cut into what a plan draws: outlines, lines, points; heights dropped, rings closed, broken ones repaired."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.enregistrements import enregistrement

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

OBJETS_MAX = 20_000
"""Objects of one file: a whole town is not the survey of a place."""
_COORDONNEE_MAX = 1e9
_SIMPLES = {"Polygon", "LineString", "Point"}
_MULTIPLES = {"MultiPolygon": "Polygon", "MultiLineString": "LineString", "MultiPoint": "Point"}
_PAREIL = 1e-6
"""Share of an area under which two ways of counting it agree."""


@enregistrement
class Morceau:
    """One simple geometry, with what to add to the name of the object when it has several."""

    forme: BaseGeometry
    suffixe: str = ""


def couper(geometrie: Any, laisses: Counter[str]) -> list[Morceau] | None:
    """Simple geometries of a GeoJSON one; what nothing can be drawn of is counted, None when its coordinates cannot be read."""
    if not isinstance(geometrie, dict) or not geometrie.get("type"):
        laisses["objets sans géométrie"] += 1
        return []
    genre, coordonnees = str(geometrie["type"]), geometrie.get("coordinates")
    if genre == "GeometryCollection":
        laisses["géométries composées"] += 1
        return []
    if genre not in _SIMPLES and genre not in _MULTIPLES:
        laisses["géométries d'un genre inconnu"] += 1
        return []
    if genre in _MULTIPLES and not isinstance(coordonnees, list):
        return None
    parties = coordonnees if genre in _MULTIPLES else [coordonnees]
    formes = [_forme(_MULTIPLES.get(genre, genre), partie, laisses) for partie in parties or []]
    if any(f is None for f in formes):
        return None
    return numeroter([f for f in formes if not f.is_empty])  # type: ignore[union-attr]


def numeroter(formes: Sequence[BaseGeometry]) -> list[Morceau]:
    """Pieces of one object, each told by its rank when there are several."""
    total = len(formes)
    return [Morceau(f, f" (morceau {i} sur {total})" if total > 1 else "") for i, f in enumerate(formes, 1)]


def simples(forme: BaseGeometry, laisses: Counter[str]) -> list[Morceau]:
    """Simple geometries of one that a library has read, without heights."""
    from shapely import force_2d, get_parts

    if forme is None or forme.is_empty:
        laisses["objets sans géométrie"] += 1
        return []
    if forme.geom_type == "GeometryCollection":
        laisses["géométries composées"] += 1
        return []
    if not all(math.isfinite(v) and abs(v) < _COORDONNEE_MAX for v in forme.bounds):
        laisses["tracés aux coordonnées illisibles"] += 1
        return []
    parties = [_reparee(force_2d(p), laisses) for p in get_parts(forme)]
    gardees = [p for p in parties if p.geom_type in _SIMPLES and not p.is_empty]
    if len(gardees) < len(parties):
        laisses["tracés d'un genre inconnu (arcs, surfaces en relief)"] += len(parties) - len(gardees)
    return numeroter(gardees)


def reparer(forme: BaseGeometry) -> BaseGeometry:
    """Outline whose ring touches itself (a bridge to a hole, a point twice), made of an outer ring and holes.

    The area must be the one that the ring encloses when walked (shoelace): a ring that crosses itself is left as it is,
    since nobody knows which area was meant.
    """
    from shapely import get_parts, make_valid

    if forme.geom_type != "Polygon" or forme.is_valid:
        return forme
    parcourue = abs(_surface_parcourue(forme.exterior.coords)) - sum(
        abs(_surface_parcourue(trou.coords)) for trou in forme.interiors
    )
    morceaux = [p for p in get_parts(make_valid(forme)) if p.geom_type == "Polygon"]
    if len(morceaux) == 1 and math.isclose(morceaux[0].area, parcourue, rel_tol=_PAREIL):
        return morceaux[0]
    return forme


def _surface_parcourue(points: Any) -> float:
    x0, y0 = points[0][:2]
    decales = [(p[0] - x0, p[1] - y0) for p in points]
    return float(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(decales))) / 2


def _forme(genre: str, coordonnees: Any, laisses: Counter[str]) -> BaseGeometry | None:
    """Geometry of some coordinates; empty, and counted, when it encloses or draws nothing; None when they cannot be read."""
    from shapely.geometry import LineString, Point, Polygon

    if genre == "Point":
        points = _points([coordonnees])
        return None if points is None else Point(points[0])
    if genre == "LineString":
        points = _points(coordonnees)
        if points is not None and len(set(points)) < 2:
            laisses["lignes réduites à un point"] += 1
            return LineString()
        return None if points is None else LineString(points)
    if not isinstance(coordonnees, list) or not coordonnees:
        return None
    anneaux = [_points(a) for a in coordonnees]
    if any(a is None for a in anneaux):
        return None
    if any(len(set(a or ())) < 3 for a in anneaux[:1]):
        laisses["contours de moins de trois points"] += 1
        return Polygon()
    dehors, *trous = anneaux
    return _reparee(Polygon(dehors, [t for t in trous if t and len(set(t)) >= 3]), laisses)


def _reparee(forme: BaseGeometry, laisses: Counter[str]) -> BaseGeometry:
    """Outline repaired when it can be, and counted."""
    saine = reparer(forme)
    if saine is not forme:
        laisses["ponts d'un contour vers son trou (le trou est gardé)"] += 1
    return saine


def _points(bruts: Any) -> list[tuple[float, float]] | None:
    """Points without height; None when one of them is not made of two finite numbers."""
    if not isinstance(bruts, list):
        return None
    points = []
    for brut in bruts:
        if not isinstance(brut, list) or len(brut) < 2:
            return None
        x, y = brut[:2]
        if not all(isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < _COORDONNEE_MAX for v in (x, y)):
            return None
        points.append((float(x), float(y)))
    return points
