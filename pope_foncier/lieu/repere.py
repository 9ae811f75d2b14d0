"""Axes of a screen for a plan: its origin near the building, the longest wall along the x axis, so that handles move along walls."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pope_foncier.lieu.plan import PlanTrace, Point

_CONTEXTE = ("voie", "quai", "parc", "parcelle", "controle")
"""What stands around the building."""


@dataclass(frozen=True, slots=True)
class Repere:
    """Origin [m] and direction of the x axis [radians] of the axes of the screen in those of the plan."""

    x: float
    y: float
    angle: float

    @classmethod
    def du_plan(cls, trace: PlanTrace) -> Repere:
        """Axes along the smallest rectangle that holds what is built."""
        from shapely import get_coordinates, union_all
        from shapely.affinity import translate

        construit = [e.forme for e in trace.elements if e.element.nature not in _CONTEXTE]
        tout = union_all(construit or [e.forme for e in trace.elements])
        if tout.is_empty:
            x, y = trace.fiche.elements[0].points[0]
            return cls(x, y, 0.0)
        x0, y0, *_ = tout.bounds
        coins = get_coordinates(translate(tout, -x0, -y0).minimum_rotated_rectangle).tolist()
        if len(coins) < 4:
            return cls(x0, y0, 0.0)
        (ax, ay), (bx, by), (cx, cy), *_ = coins
        long = (
            (bx - ax, by - ay) if math.hypot(bx - ax, by - ay) >= math.hypot(cx - bx, cy - by) else (cx - bx, cy - by)
        )
        angle = math.atan2(long[1], long[0])
        return cls(x0, y0, (angle + math.pi / 2) % math.pi - math.pi / 2)

    def vers(self, points: Iterable[Point]) -> list[list[float]]:
        """Points of the plan in the axes of the screen."""
        c, s = math.cos(self.angle), math.sin(self.angle)
        ecarts = ((px - self.x, py - self.y) for px, py in points)
        return [[round(dx * c + dy * s, 4), round(dy * c - dx * s, 4)] for dx, dy in ecarts]

    def depuis(self, points: Iterable[Sequence[float]]) -> list[Point]:
        """Points of the screen in the axes of the plan."""
        c, s = math.cos(self.angle), math.sin(self.angle)
        return [(self.x + float(u) * c - float(v) * s, self.y + float(u) * s + float(v) * c) for u, v in points]
