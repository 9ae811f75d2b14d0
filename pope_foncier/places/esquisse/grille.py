"""Grid of a sketch: strips of rooms along the circulation, cut in steps whose area, light and access are measured."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Literal

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
_PAS_MIN, _SAUT_M = 8, 0.8
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
    """Identifier of its kind: heads, corridor, rest; sketches of one kind look alike."""
    terrain: Terrain
    circulation: BaseGeometry
    bandes: tuple[Bande, ...]
    reste: BaseGeometry
    """Part of the outline that is not used."""

    @property
    def couloir(self) -> str:
        """Kind of circulation."""
        return self.famille.split("|")[1]


def mesurer_bandes(terrain: Terrain, circulation: BaseGeometry, boite: Boite, axe: Axe, h: Hypotheses) -> list[Bande]:
    """Strips of a box of the ground, measured step by step: one, or several where its depth jumps (a notch, a core)."""
    from shapely import area, intersection
    from shapely.geometry import box

    longueur, travers = _cotes(boite, axe)
    pas = int(longueur / h.trame_m.valeur + 1e-6)
    if pas < _PAS_MIN or travers < 1.0:
        return []
    pas_m = longueur / pas
    libre = terrain.libre.intersection(box(*boite)).difference(circulation)
    toute = _tranche(boite, axe, pas_m, 0, pas)
    morceaux = intersection(libre.intersection(box(*toute)), _cellules(toute, axe, pas, 0.0))
    aires = area(morceaux)
    sauts = [k for k in range(1, pas) if abs(aires[k] - aires[k - 1]) > _SAUT_M * pas_m]
    bandes = []
    for i, j in pairwise([0, *sauts, pas]):
        if j - i >= _PAS_MIN and sum(aires[i:j]) > 1.0 * (j - i) * pas_m:
            tranche = _tranche(boite, axe, pas_m, i, j)
            lue = _mesurer(terrain, circulation, libre, tranche, axe, h, None if sauts else morceaux)
            bandes += [lue] if lue is not None else []
    return bandes


def _cotes(boite: Boite, axe: Axe) -> tuple[float, float]:
    """Length along the axis, then width across."""
    dx, dy = boite[2] - boite[0], boite[3] - boite[1]
    return (dx, dy) if axe == "x" else (dy, dx)


def _tranche(boite: Boite, axe: Axe, pas_m: float, i: int, j: int) -> Boite:
    x0, y0, x1, y1 = boite
    if axe == "x":
        return (x0 + i * pas_m, y0, x0 + j * pas_m, y1)
    return (x0, y0 + i * pas_m, x1, y0 + j * pas_m)


def _mesurer(
    terrain: Terrain,
    circulation: BaseGeometry,
    zone: BaseGeometry,
    boite: Boite,
    axe: Axe,
    h: Hypotheses,
    morceaux: Any = None,
) -> Bande | None:
    """Strip of a box, measured step by step, its steps being cut already or not; None when the circulation does not reach it."""
    import numpy as np
    from shapely import area, buffer, intersection, length, points
    from shapely.geometry import box

    longueur, _ = _cotes(boite, axe)
    pas = int(longueur / h.trame_m.valeur + 1e-6)
    libre = zone.intersection(box(*boite))
    proche = circulation.intersection(libre.buffer(_BORD, join_style="mitre"))
    if pas < _PAS_MIN or proche.area < 1e-6:
        return None
    pas_m = longueur / pas
    cellules, larges = _cellules(boite, axe, pas, 0.0), _cellules(boite, axe, pas, _BORD)
    if morceaux is None or len(morceaux) != pas:
        morceaux = intersection(libre, cellules)
    aires, touches = area(morceaux), larges.copy()
    entamees = aires < area(cellules) - 1e-9
    touches[entamees] = intersection(buffer(morceaux[entamees], _BORD, join_style="mitre"), larges[entamees])
    nettes = np.maximum(aires - h.cloison_m.valeur * pas_m, 0.0)

    autour = box(*boite).buffer(_MUR_M, join_style="mitre")

    def le_long(lignes: BaseGeometry, bornes: Any, valeur: float = 1.0) -> tuple[int, ...]:
        proches = lignes.intersection(autour)
        return _cumul(valeur * length(intersection(proches, bornes))) if not proches.is_empty else (0,) * (pas + 1)

    dehors = le_long(terrain.dehors, larges)
    portes = points(terrain.entrees) if terrain.entrees else []
    entree = sum(
        (np.array([c.distance(p) < 0.5 for c in cellules], dtype=int) for p in portes), np.zeros(pas, dtype=int)
    )
    i = 1 if axe == "x" else 0
    centre = box(*proche.bounds).centroid
    return Bande(
        boite=boite,
        axe=axe,
        pas_m=pas_m,
        profondeur_m=float(np.sort(nettes)[pas // 2]) / pas_m,
        aire_dm2=_cumul(nettes),
        jour_cm=dehors if terrain.tout_eclaire else le_long(terrain.jour, larges, terrain.jour_par_m),
        dehors_cm=dehors,
        baies_cm=le_long(terrain.fenetres, _cellules(boite, axe, pas, _MUR_M)),
        acces_cm=le_long(circulation.boundary, touches),
        voies_cm=le_long(terrain.voies, larges),
        cour_cm=le_long(terrain.cour, larges),
        entree=(0, *accumulate(map(int, entree))),
        bas=bool((centre.y if axe == "x" else centre.x) < (boite[i] + boite[i + 2]) / 2),
    )


def _cellules(boite: Boite, axe: Axe, pas: int, marge: float) -> Any:
    """Boxes of the steps of a strip, widened across by a margin, and along at both ends."""
    import numpy as np
    from shapely import box

    x0, y0, x1, y1 = boite
    bords = np.linspace(x0, x1, pas + 1) if axe == "x" else np.linspace(y0, y1, pas + 1)
    debuts, fins = bords[:-1].copy(), bords[1:].copy()
    debuts[0] -= marge
    fins[-1] += marge
    if axe == "x":
        return box(debuts, y0 - marge, fins, y1 + marge)
    return box(x0 - marge, debuts, x1 + marge, fins)


def _cumul(valeurs: Any) -> tuple[int, ...]:
    """Running total from 0 in hundredths, without drift."""
    return (0, *(round(100 * float(v)) for v in accumulate(valeurs)))
