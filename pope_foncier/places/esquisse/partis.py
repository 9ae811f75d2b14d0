"""Schemes of circulation: corridor along a bar, room at its end, crosswise behind a front, round a patio, along two wings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.grille import Axe, Bande, Boite, Squelette, mesurer_bande
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.terrain import Terrain

_MINCE_M = 2.2
"""A strip thinner than this holds no room of the programme but stores [m]."""


def partis(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses) -> list[Squelette]:
    """Schemes that suit an outline, without any room yet."""
    return [*_barres(terrain, besoins, h), *_barres(terrain.quart(), besoins, h)]


def _barres(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses) -> Iterator[Squelette]:
    """Corridor along x, full or with a head at one end, at several depths."""
    x0, y0, x1, y1 = terrain.libre.bounds
    c = h.couloir_m.valeur + h.cloison_m.valeur
    large, longue = y1 - y0, x1 - x0
    if large < c + _MINCE_M or longue < 2 * c or longue < 0.75 * large:
        return
    vie = sum(b.surface_m2 for b in besoins if b.fonction in ("eveil", "repas", "motricite", "activites"))
    for part, ou in _positions(large - c, terrain):
        bas = y0 + part * (large - c)
        for tete, profondeur in _tetes(vie, large, longue, c):
            for gauche in (True, False) if tete else (True,):
                yield from _barre(terrain, h, (x0, y0, x1, y1), bas, c, tete, profondeur, gauche, ou)


def _positions(reste: float, terrain: Terrain) -> list[tuple[float, str]]:
    """Where the corridor may lie across a bar: part of what it leaves on the low side, and its name."""
    if reste < 5.2:
        return [(0.0, "latéral"), (1.0, "latéral")]
    parts = [(0.5, "central")]
    if reste >= 6.4:
        parts += [(p, "décalé") for p in (0.38, 0.62) if min(p, 1 - p) * reste >= _MINCE_M]
    return parts


def _tetes(vie_m2: float, large: float, longue: float, c: float) -> list[tuple[str, float]]:
    """Heads at an end: none, a room over the whole width, or a front with the corridor behind it."""
    tetes: list[tuple[str, float]] = [("", 0.0)]
    fond = min(max(vie_m2 / large, 4.4), 7.6)
    if longue - fond > 1.2 * fond:
        tetes.append(("bout", fond))
    devant = min(max(vie_m2 / max(large - 2.8, 3.0), 4.4), 7.6)
    if large >= 8.0 and longue - devant - c > 5.0:
        tetes.append(("front", devant))
    return tetes


def _barre(
    terrain: Terrain,
    h: Hypotheses,
    boite: Boite,
    bas: float,
    c: float,
    tete: str,
    profondeur: float,
    gauche: bool,
    ou: str,
) -> Iterator[Squelette]:
    from shapely import union_all
    from shapely.geometry import box

    x0, y0, x1, y1 = boite
    couloirs, zones = [], []
    a, b = x0, x1
    if tete:
        coupe = x0 + profondeur if gauche else x1 - profondeur
        zones.append(((x0, y0, coupe, y1) if gauche else (coupe, y0, x1, y1), "y"))
        a, b = (coupe, x1) if gauche else (x0, coupe)
        if tete == "front":
            couloirs.append((coupe, y0, coupe + c, y1) if gauche else (coupe - c, y0, coupe, y1))
            a, b = (coupe + c, x1) if gauche else (x0, coupe - c)
    couloirs.append((a, bas, b, bas + c))
    zones += [((a, y0, b, bas), "x"), ((a, bas + c, b, y1), "x")]
    circulation = union_all([box(*k) for k in couloirs]).intersection(terrain.libre)
    nom = {"": f"couloir {ou} de bout en bout", "bout": f"pièce de vie en bout, couloir {ou}", "front": f"pièces de vie en façade sur toute la largeur, couloir {ou}"}
    lu = squelette(terrain, h, nom[tete], f"{tete or 'barre'}-{ou}", circulation, zones)
    if lu is not None:
        yield lu


def squelette(
    terrain: Terrain, h: Hypotheses, parti: str, famille: str, circulation: Any, zones: Sequence[tuple[Boite, str]]
) -> Squelette | None:
    """Scheme with its strips measured; None when a column or a core stands in the way of the circulation."""
    from shapely import union_all
    from shapely.geometry import Polygon

    if circulation.geom_type != "Polygon" or not _passe(terrain, circulation, h):
        return None
    bandes: list[Bande] = []
    for boite, axe in zones:
        lue = mesurer_bande(terrain, circulation, boite, _axe(axe), h)
        if lue is not None:
            bandes.append(lue)
    if not bandes:
        return None
    return Squelette(parti, famille, terrain, circulation, tuple(bandes), union_all([Polygon()]))


def _axe(axe: str) -> Axe:
    return "x" if axe == "x" else "y"


def _passe(terrain: Terrain, circulation: Any, h: Hypotheses) -> bool:
    """Whether the corridor stays whole at its width once columns are out."""
    from shapely import get_parts

    nette = circulation.buffer(-h.cloison_m.valeur / 2, join_style="mitre").difference(terrain.poteaux)
    rayon = h.couloir_m.valeur / 2 - 0.01
    return len(get_parts(nette.buffer(-rayon, join_style="mitre"))) == 1
