"""Signs of an architect for what is drawn in and around rooms, as strokes in metres that any drawing library can lay down."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pope_foncier.lieu.plan import ElementTrace, Nature, PlanTrace

if TYPE_CHECKING:
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
ENCRE, BLANC = "#1A1A1A", "#FFFFFF"
_DEMI_MUR_M, _MUR_M, _MARCHE_M, _FEUILLE_M = 0.12, 0.8, 0.28, 0.08
"""Half of the wall of an opening drawn in none, thickest wall, depth of a step, distance of a sliding leaf from its wall: signs, not measures [m]."""
_ARBRE_MM, _FLECHE_MM = 2.6, 3.2
"""Signs that keep their size on paper."""


@dataclass(frozen=True, slots=True)
class Trait:
    """Stroke: an open line, or a closed outline with its ground; thickness on paper [mm]."""

    points: tuple[Point, ...]
    epaisseur: float = 0.18
    fond: str = ""
    couleur: str = ENCRE
    tirets: bool = False


@dataclass(frozen=True, slots=True)
class _Feuille:
    """What the signs of a storey are drawn on."""

    plan: PlanTrace
    mm: float
    murs: BaseGeometry
    """What is built and is no room."""


def symboles(plan: PlanTrace, niveau: int, mm_par_metre: float) -> Iterator[Trait]:
    """Strokes of a storey: cores and columns first, then stairs, openings, what stands around."""
    feuille = _Feuille(plan, mm_par_metre, _murs(plan, niveau))
    for nature, dessiner in _DESSINS.items():
        for element in plan.de_nature(nature, niveau if nature not in ("arbre", "sortie") else None):
            yield from dessiner(element, feuille)


def _noyau(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    yield from (Trait(a, 0.35, "#9E9E9E") for a in _contours(element))


def _poteau(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    yield from (Trait(a, 0.2, ENCRE) for a in _contours(element))


def _escalier(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    """Outline, its steps across the long side, and the line that one walks."""
    yield from (Trait(a, 0.25, BLANC) for a in _contours(element))
    o, u, v, long, large = _repere(element.forme)
    for rang in range(1, int(long / _MARCHE_M + 1e-9)):
        yield from _dans(element, (_en(o, u, v, rang * _MARCHE_M, 0.0), _en(o, u, v, rang * _MARCHE_M, large)), 0.13)
    axe = _en(o, u, v, 0.5 * _MARCHE_M, large / 2), _en(o, u, v, long - 0.5 * _MARCHE_M, large / 2)
    yield from _dans(element, axe, 0.18)


def _rampe(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    yield from (Trait(a, 0.25, BLANC) for a in _contours(element))
    o, u, v, long, large = _repere(element.forme)
    for bord in (0.0, large):
        yield from _dans(element, (_en(o, u, v, 0.0, bord), _en(o, u, v, long, large / 2)), 0.18)


def _ascenseur(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    yield from (Trait(a, 0.35, BLANC) for a in _contours(element))
    o, u, v, long, large = _repere(element.forme)
    yield from _dans(element, (o, _en(o, u, v, long, large)), 0.18)
    yield from _dans(element, (_en(o, u, v, long, 0.0), _en(o, u, v, 0.0, large)), 0.18)


def _fenetre(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    """Gap in the wall and its double line."""
    for a, b in _segments(element):
        yield Trait(_bande(a, b, *_mur(a, b, feuille.murs)), 0.15, BLANC)
        milieu = sum(_mur(a, b, feuille.murs)) / 2
        for ecart in (milieu - 0.035, milieu + 0.035):
            yield Trait(_decale(a, b, ecart), 0.15)


def _porte(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    """Gap in the wall, leaf and arc on the side that the plan says; a leaf whose side nobody says is not drawn open."""
    points = [(float(x), float(y)) for x, y, *_ in element.forme.coords]
    a, b = points[0], points[-1]
    fiche = element.element
    droite, gauche = _mur(a, b, feuille.murs)
    yield Trait(_bande(a, b, droite, gauche), 0.1, BLANC, BLANC)
    nx, ny = _normale(a, b)
    for x, y in (a, b):
        yield Trait(((x + droite * nx, y + droite * ny), (x + gauche * nx, y + gauche * ny)), 0.18)
    if fiche.ouverture == "coulissante":
        yield Trait(_decale(a, b, _FEUILLE_M), 0.4)
        return
    cote = 0.0
    if fiche.vers is not None:
        croix = (b[0] - a[0]) * (fiche.vers[1] - a[1]) - (b[1] - a[1]) * (fiche.vers[0] - a[0])
        cote = math.copysign(1.0, croix)
    if not cote and fiche.ouverture != "va_et_vient":
        yield Trait((a, b), 0.2)
        return
    milieu = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    feuilles = [(a, milieu, 1.0), (b, milieu, -1.0)] if (fiche.vantaux or 1) > 1 else [(a, b, 1.0)]
    for gond, bout, sens in feuilles:
        for vers in (1.0, -1.0) if fiche.ouverture == "va_et_vient" else (cote,):
            yield from _battant(gond, bout, sens * vers)


def _battant(gond: Point, bout: Point, sens: float) -> Iterator[Trait]:
    """Leaf open at a right angle, and the quarter of a circle that it sweeps."""
    x, y = bout[0] - gond[0], bout[1] - gond[1]
    arc = [
        (gond[0] + x * math.cos(t) - y * math.sin(t), gond[1] + x * math.sin(t) + y * math.cos(t))
        for t in (sens * k * math.pi / 24 for k in range(13))
    ]
    yield Trait(tuple(arc), 0.13)
    yield Trait((gond, arc[-1]), 0.4)


def _controle(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    for a, b in _segments(element):
        yield Trait((a, b), 0.5, couleur="#0072B2", tirets=True)


def _sortie(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    """Arrow that leaves the building."""
    x, y = element.forme.x, element.forme.y
    batiments = [b.forme.centroid for b in feuille.plan.batiments_du_niveau(element.element.niveau)]
    loin = min(batiments, key=element.forme.distance, default=None)
    dx, dy = (0.0, 1.0) if loin is None else (x - loin.x, y - loin.y)
    norme = math.hypot(dx, dy) or 1.0
    dx, dy, pas = dx / norme, dy / norme, _FLECHE_MM / feuille.mm
    base = (x - dy * pas / 2, y + dx * pas / 2), (x + dy * pas / 2, y - dx * pas / 2)
    yield Trait((base[0], (x + dx * pas, y + dy * pas), base[1]), 0.2, "#009E73")
    yield Trait(((x - dx * pas, y - dy * pas), (x, y)), 0.6, couleur="#009E73")


def _arbre(element: ElementTrace, feuille: _Feuille) -> Iterator[Trait]:
    x, y, r = element.forme.x, element.forme.y, _ARBRE_MM / feuille.mm
    tour = tuple((x + r * math.cos(k * math.pi / 12), y + r * math.sin(k * math.pi / 12)) for k in range(24))
    yield Trait(tour, 0.25, "#CDEBD8", "#00694D")
    for dx, dy in ((r / 3, 0.0), (0.0, r / 3)):
        yield Trait(((x - dx, y - dy), (x + dx, y + dy)), 0.2, couleur="#00694D")


_DESSINS: dict[Nature, Callable[[ElementTrace, _Feuille], Iterator[Trait]]] = {
    "noyau": _noyau,
    "escalier": _escalier,
    "rampe": _rampe,
    "ascenseur": _ascenseur,
    "poteau": _poteau,
    "fenetre": _fenetre,
    "porte": _porte,
    "controle": _controle,
    "arbre": _arbre,
    "sortie": _sortie,
}
_CLES = {
    "facade_aveugle": "trait rouge : façade aveugle",
    "noyau": "aplat gris : noyau à garder",
    "poteau": "aplat noir : poteau",
    "controle": "tirets bleus : ligne de contrôle",
    "sortie": "flèche verte : sortie",
}
"""Signs that a reader does not know beforehand, told in a key."""


def cles(plans: Sequence[PlanTrace]) -> tuple[str, ...]:
    """Key of the signs met in some plans."""
    natures = {e.element.nature for plan in plans for e in plan.elements}
    return tuple(dit for nature, dit in _CLES.items() if nature in natures)


def _contours(element: ElementTrace) -> Iterator[tuple[Point, ...]]:
    from shapely import get_parts

    for partie in get_parts(element.forme):
        yield tuple((float(x), float(y)) for x, y, *_ in partie.exterior.coords[:-1])


def _segments(element: ElementTrace) -> Iterator[tuple[Point, Point]]:
    points = [(float(x), float(y)) for x, y, *_ in element.forme.coords]
    return pairwise(points)


def _repere(forme: Polygon) -> tuple[Point, Point, Point, float, float]:
    """Corner, directions and sizes of the smallest rectangle around a shape, the long side first."""
    p = [(float(x), float(y)) for x, y, *_ in forme.minimum_rotated_rectangle.exterior.coords[:4]]
    if math.dist(p[0], p[1]) < math.dist(p[1], p[2]):
        p = [*p[1:], p[0]]
    long, large = math.dist(p[0], p[1]), math.dist(p[1], p[2])
    u = (p[1][0] - p[0][0]) / long, (p[1][1] - p[0][1]) / long
    v = (p[2][0] - p[1][0]) / large, (p[2][1] - p[1][1]) / large
    return p[0], u, v, long, large


def _en(o: Point, u: Point, v: Point, s: float, t: float) -> Point:
    return o[0] + s * u[0] + t * v[0], o[1] + s * u[1] + t * v[1]


def _dans(element: ElementTrace, ligne: tuple[Point, Point], epaisseur: float) -> Iterator[Trait]:
    """Part of a line inside an element."""
    from shapely import get_parts
    from shapely.geometry import LineString

    for partie in get_parts(LineString(ligne).intersection(element.forme)):
        if partie.geom_type == "LineString" and partie.length > 0:
            yield Trait(tuple((float(x), float(y)) for x, y, *_ in partie.coords), epaisseur)


def _normale(a: Point, b: Point) -> Point:
    long = math.dist(a, b) or 1.0
    return (a[1] - b[1]) / long, (b[0] - a[0]) / long


def _decale(a: Point, b: Point, ecart: float) -> tuple[Point, Point]:
    nx, ny = _normale(a, b)
    return (a[0] + ecart * nx, a[1] + ecart * ny), (b[0] + ecart * nx, b[1] + ecart * ny)


def _bande(a: Point, b: Point, droite: float, gauche: float) -> tuple[Point, ...]:
    pres, loin = _decale(a, b, droite), _decale(a, b, gauche)
    return (loin[0], loin[1], pres[1], pres[0])


def _murs(plan: PlanTrace, niveau: int) -> BaseGeometry:
    from shapely import union_all

    return union_all([b.forme for b in plan.batiments_du_niveau(niveau)]).difference(
        union_all([p.forme for p in plan.de_nature("piece", niveau)])
    )


def _mur(a: Point, b: Point, murs: BaseGeometry) -> tuple[float, float]:
    """How far the wall of an opening goes on its right and on its left [m], the right negative."""
    from shapely import get_parts
    from shapely.geometry import LineString

    milieu = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    nx, ny = _normale(a, b)
    travers = LineString([(milieu[0] + s * nx, milieu[1] + s * ny) for s in (-_MUR_M, _MUR_M)])
    traversees = travers.intersection(murs)
    for partie in get_parts(traversees) if not traversees.is_empty else ():
        bouts = sorted((x - milieu[0]) * nx + (y - milieu[1]) * ny for x, y, *_ in partie.coords)
        if bouts[0] - _DEMI_MUR_M <= 0.0 <= bouts[-1] + _DEMI_MUR_M and bouts[-1] - bouts[0] < 2 * _MUR_M - 1e-6:
            return bouts[0], bouts[-1]
    return -_DEMI_MUR_M, _DEMI_MUR_M
