"""Extents of metropolitan France in the systems met in practice: what some coordinates look like, and where they cannot be."""

from __future__ import annotations

from collections.abc import Sequence

Etendue = tuple[float, float, float, float]
"""x min, y min, x max, y max."""
FRANCE_DEGRES: Etendue = (-5.5, 41.0, 10.0, 51.6)
FRANCE_DEGRES_INVERSES: Etendue = (41.0, -5.5, 51.6, 10.0)
FRANCE_LAMBERT93: Etendue = (90_000.0, 6_040_000.0, 1_250_000.0, 7_120_000.0)
FRANCE_MERCATOR: Etendue = (-620_000.0, 5_010_000.0, 1_120_000.0, 6_700_000.0)
ETENDUES: tuple[tuple[str, Etendue], ...] = (
    ("WGS84 (degrés)", FRANCE_DEGRES),
    ("WGS84 avec latitude et longitude inversées", FRANCE_DEGRES_INVERSES),
    ("Lambert-93", FRANCE_LAMBERT93),
    ("Lambert II étendu", (0.0, 1_600_000.0, 1_250_000.0, 2_700_000.0)),
    ("Lambert conique conforme 9 zones", (1_100_000.0, 1_100_000.0, 2_300_000.0, 9_400_000.0)),
    ("UTM ou Web Mercator", (-700_000.0, 4_500_000.0, 1_200_000.0, 6_700_000.0)),
)


def dans(point: Sequence[float], etendue: Etendue) -> bool:
    """Whether a point lies in an extent."""
    x0, y0, x1, y1 = etendue
    return x0 <= point[0] <= x1 and y0 <= point[1] <= y1


def ressemblance(point: Sequence[float], sauf: str = "") -> str:
    """System that a point looks like, in French; empty when none."""
    return next((nom for nom, etendue in ETENDUES if nom != sauf and dans(point, etendue)), "")
