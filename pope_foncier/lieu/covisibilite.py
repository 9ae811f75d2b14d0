"""What one sees of a room from another: the share of its floor in sight, through the openings between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.socle.grandeur import Tableau

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_POINTS = 48
"""About how many points stand for the floor of a room: the share moves by two or three hundredths with more."""


def part_vue(depuis: BaseGeometry, vers: BaseGeometry, baies: Sequence[BaseGeometry]) -> float:
    """Share of a floor that one sees on average from another, through lines drawn on the walls between them."""
    import shapely

    if not baies:
        return 0.0
    trous = [b.buffer(max(b.distance(depuis), b.distance(vers)) + 0.01, cap_style="flat") for b in baies]
    ouvert = shapely.union_all([depuis, vers, *trous]).buffer(1e-6)
    shapely.prepare(ouvert)
    yeux, cibles = _points(depuis), _points(vers)
    bouts = np.stack([np.repeat(yeux, len(cibles), axis=0), np.tile(cibles, (len(yeux), 1))], axis=1)
    return float(shapely.covers(ouvert, shapely.linestrings(bouts)).mean())


def _points(piece: BaseGeometry) -> Tableau:
    """Points spread over a floor, in the frame of its longer side so that turning the plan moves them with it."""
    import shapely
    from shapely.affinity import rotate

    (x0, y0), (x1, y1) = piece.minimum_rotated_rectangle.exterior.coords[:2]
    angle = math.atan2(y1 - y0, x1 - x0)
    droite = rotate(piece, -angle, origin=(0, 0), use_radians=True)
    pas = math.sqrt(droite.area / _POINTS)
    a, b, u, v = droite.bounds
    xs, ys = (
        bas + (np.arange(n) + 0.5) * (haut - bas) / n
        for bas, haut, n in ((a, u, _rangs(u - a, pas)), (b, v, _rangs(v - b, pas)))
    )
    grille = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    dedans = grille[shapely.contains_xy(droite, grille[:, 0], grille[:, 1])]
    c, s = math.cos(angle), math.sin(angle)
    return np.asarray(dedans @ np.array([[c, s], [-s, c]]))


def _rangs(longueur: float, pas: float) -> int:
    return max(round(longueur / pas), 1)
