"""Grid of a sketch: strips of rooms along the circulation, cut in steps whose area, light and access are measured."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Literal

from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.terrain import Terrain
from pope_foncier.socle.enregistrements import enregistrement

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Boite = tuple[float, float, float, float]
Axe = Literal["x", "y"]
_BORD = 0.05
"""How far outside a strip a wall or the circulation is still its own [m]."""
_MUR_M = 0.6
"""How far from a strip a window of its outer wall may be drawn [m]."""
_PAS_MIN, _SAUT_M = 4, 0.8
"""Least steps of a strip, and change of depth from one step to the next that cuts it in two [m]."""


@enregistrement
class Bande:
    """Strip of rooms side by side, cut across its axis; tables go from its start to each step."""

    boite: Boite
    axe: Axe
    pas_m: float
    profondeur_m: float
    """Depth where it is deep: area over length, partitions out."""
    aire_dm2: tuple[int, ...]
    """Area within partitions along the strip, from its start."""
    jour_cm: tuple[int, ...]
    dehors_cm: tuple[int, ...]
    """Length of outer wall where a door may open."""
    baies_cm: tuple[int, ...]
    """Length of the windows drawn."""
    acces_cm: tuple[int, ...]
    """Length along the circulation."""
    voies_cm: tuple[int, ...]
    cour_cm: tuple[int, ...]
    entree: tuple[int, ...]
    """Entrances drawn."""
    bas: bool
    """Whether the circulation is on the low side (south or west) of the strip."""

    @property
    def pas(self) -> int:
        """Number of steps."""
        return len(self.aire_dm2) - 1

    @property
    def debut_m(self) -> float:
        """Start along the axis."""
        return self.boite[0 if self.axe == "x" else 1]

    @property
    def travers_m(self) -> float:
        """Middle across the axis."""
        i = 1 if self.axe == "x" else 0
        return (self.boite[i] + self.boite[i + 2]) / 2

    def tranche(self, debut: int, fin: int) -> Boite:
        """Box between two steps."""
        x0, y0, x1, y1 = self.boite
        a, b = (self.debut_m + k * self.pas_m for k in (debut, fin))
        return (a, y0, b, y1) if self.axe == "x" else (x0, a, x1, b)

    def rang(self, coordonnee: float) -> float:
        """Step of a coordinate along the axis."""
        return (coordonnee - self.debut_m) / self.pas_m


@enregistrement
class Squelette:
    """Scheme of a sketch: circulation, strips of rooms, and what stays out of it."""

    parti: str
    """French name."""
    famille: str
    """Identifier of its kind; sketches of one kind look alike."""
    terrain: Terrain
    circulation: BaseGeometry
    bandes: tuple[Bande, ...]
    reste: BaseGeometry
    """Part of the outline that is not used."""


def mesurer_bandes(terrain: Terrain, circulation: BaseGeometry, boite: Boite, axe: Axe, h: Hypotheses) -> list[Bande]:
    """Strips of a box of the ground, measured step by step: one, or several where its depth jumps (a notch, a core)."""
    de, a = (boite[0], boite[2]) if axe == "x" else (boite[1], boite[3])
    pas = int((a - de) / h.trame_m.valeur + 1e-6)
    travers = boite[3] - boite[1] if axe == "x" else boite[2] - boite[0]
    if pas < _PAS_MIN or travers < 1.0:
        return []
    pas_m = (a - de) / pas
    aires = [_libre(terrain, circulation, _tranche(boite, axe, de, pas_m, k, k + 1)).area for k in range(pas)]
    sauts = [k for k in range(1, pas) if abs(aires[k] - aires[k - 1]) > _SAUT_M * pas_m]
    bandes = []
    for i, j in pairwise([0, *sauts, pas]):
        if j - i >= _PAS_MIN and sum(aires[i:j]) > 1.0 * (j - i) * pas_m:
            lue = _mesurer(terrain, circulation, _tranche(boite, axe, de, pas_m, i, j), axe, h)
            bandes += [lue] if lue is not None else []
    return bandes


def _tranche(boite: Boite, axe: Axe, de: float, pas_m: float, i: int, j: int) -> Boite:
    x0, y0, x1, y1 = boite
    u, v = de + i * pas_m, de + j * pas_m
    return (u, y0, v, y1) if axe == "x" else (x0, u, x1, v)


def _libre(terrain: Terrain, circulation: BaseGeometry, boite: Boite) -> BaseGeometry:
    from shapely.geometry import box

    return terrain.libre.intersection(box(*boite)).difference(circulation)


def _mesurer(terrain: Terrain, circulation: BaseGeometry, boite: Boite, axe: Axe, h: Hypotheses) -> Bande | None:
    """Strip of a box, measured step by step; None when the circulation does not reach it."""
    from shapely.geometry import box

    de, a = (boite[0], boite[2]) if axe == "x" else (boite[1], boite[3])
    pas = int((a - de) / h.trame_m.valeur + 1e-6)
    pas_m, cloison = (a - de) / max(pas, 1), h.cloison_m.valeur
    libre, bord = _libre(terrain, circulation, boite), circulation.boundary
    proche = circulation.intersection(libre.buffer(_BORD, join_style="mitre"))
    if pas < _PAS_MIN or proche.area < 1e-6:
        return None
    mesures: list[tuple[float, float, float, float, float, float, float, int]] = []
    for k in range(pas):
        u = de + k * pas_m
        cellule = _cellule(boite, axe, u, u + pas_m, 0.0)
        morceau = libre.intersection(cellule)
        large = _cellule(boite, axe, u - (k == 0) * _BORD, u + pas_m + (k == pas - 1) * _BORD, _BORD)
        profonde = _cellule(boite, axe, u - (k == 0) * _MUR_M, u + pas_m + (k == pas - 1) * _MUR_M, _MUR_M)
        touche = morceau.buffer(_BORD, join_style="mitre").intersection(large)
        mesures.append(
            (
                max(morceau.area - cloison * pas_m, 0.0),
                terrain.jour.intersection(large).length,
                terrain.dehors.intersection(large).length,
                terrain.fenetres.intersection(profonde).length,
                bord.intersection(touche).length,
                terrain.voies.intersection(large).length,
                terrain.cour.intersection(large).length,
                sum(_dedans(e, cellule) for e in terrain.entrees),
            )
        )
    aires = sorted(m[0] for m in mesures)
    profondeur = aires[len(aires) // 2] / pas_m
    aire, jour, dehors, baies, acces, voies, cour = (_cumul([m[i] for m in mesures], 100) for i in range(7))
    entree = (0, *accumulate(int(m[7]) for m in mesures))
    i = 1 if axe == "x" else 0
    centre = box(*proche.bounds).centroid
    bas = (centre.y if axe == "x" else centre.x) < (boite[i] + boite[i + 2]) / 2
    return Bande(boite, axe, pas_m, profondeur, aire, jour, dehors, baies, acces, voies, cour, entree, bas)


def _cellule(boite: Boite, axe: Axe, debut: float, fin: float, marge: float) -> BaseGeometry:
    from shapely.geometry import box

    x0, y0, x1, y1 = boite
    return box(debut, y0 - marge, fin, y1 + marge) if axe == "x" else box(x0 - marge, debut, x1 + marge, fin)


def _dedans(point: tuple[float, float], cellule: BaseGeometry) -> bool:
    from shapely.geometry import Point

    return bool(cellule.distance(Point(point)) < 0.5)


def _cumul(valeurs: list[float], facteur: int) -> tuple[int, ...]:
    """Running total from 0, in whole units, without drift."""
    return (0, *(round(v * facteur) for v in accumulate(valeurs)))
