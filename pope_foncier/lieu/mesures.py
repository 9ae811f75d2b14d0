"""Measures of a plan: what an architect reads first, gathered from the pure functions of geometry."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pope_foncier.lieu.cotes import dimensions_m
from pope_foncier.lieu.geometrie import a_portee, compacite, perimetre_m, surface_des_pieces_m2, surface_m2
from pope_foncier.lieu.plan import Nature, PlanTrace
from pope_foncier.lieu.rail import distance_au_rail_m


@dataclass(frozen=True, slots=True)
class MesuresPlan:
    """Measures in metres and square metres; infinite or NaN when nothing of the kind is drawn."""

    parcelle_m2: float
    emprise_m2: float
    perimetre_m: float
    compacite: float
    cour_m2: float
    cour_comptee_dense_m2: float
    """Yard in pieces that reach the minimum of a very dense zone."""
    au_rail_m: float
    dimensions_m: tuple[tuple[float, float], ...]
    """Length and width of each building of the ground floor, along itself."""
    parcs: tuple[tuple[str, float], ...]
    """Parks within the distance: name and straight-line distance, nearest first."""


def mesurer_plan(plan: PlanTrace, piece_min_m2: float, rayon_m: float) -> MesuresPlan:
    """Measure a plan.

    Args:
        plan: traced plan, in metres.
        piece_min_m2: smallest piece of yard that counts in a very dense zone.
        rayon_m: distance within which a park is looked for.
    """
    from shapely import union_all

    batiment, cours, parcs = union_all(plan.formes("batiment")), plan.formes("cour"), plan.de_nature("parc")
    vide = batiment.is_empty
    proches = [] if vide else a_portee(batiment, [p.forme for p in parcs], rayon_m)
    return MesuresPlan(
        parcelle_m2=sum(surface_m2(p) for p in plan.formes("parcelle")) or math.nan,
        emprise_m2=math.nan if vide else surface_m2(batiment),
        perimetre_m=math.nan if vide else perimetre_m(batiment),
        compacite=math.nan if vide else compacite(batiment),
        cour_m2=sum(surface_m2(c) for c in cours),
        cour_comptee_dense_m2=surface_des_pieces_m2(cours, piece_min_m2) if cours else 0.0,
        au_rail_m=distance_au_rail_m(plan),
        dimensions_m=tuple(dimensions_m(plan)),
        parcs=tuple((parcs[rang].nom, distance) for rang, distance in proches),
    )


def surfaces_dessinees(plan: PlanTrace, niveau: int) -> list[tuple[Nature, int, float]]:
    """What a storey draws of a place, without a site: nature, how many, their areas in all [m²]; what is not drawn is left out."""
    natures: tuple[Nature, ...] = ("parcelle", "batiment", "piece", "cour")
    par_nature = [(n, [e.forme for e in plan.de_nature(n, niveau)]) for n in natures]
    return [(n, len(formes), sum(map(surface_m2, formes))) for n, formes in par_nature if formes]
