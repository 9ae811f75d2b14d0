"""Map of a place as SVG text at a true scale, without any library nor network: squares, communes, parks, tracks, points, names."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pope_foncier.lieu.carreau import COTE_M
from pope_foncier.lieu.geometrie import LAEA_EUROPE, LAMBERT93, WGS84, projeter
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes.proteger import proteger

if TYPE_CHECKING:
    from shapely.geometry import Point, Polygon
    from shapely.geometry.base import BaseGeometry

LARGE_MM, HAUT_MM = 165.0, 112.0
"""Frame of the map on paper [mm]."""
ECHELLES = (500, 1000, 2000, 2500, 5000, 7500, 10000, 15000, 20000, 25000, 30000, 40000, 50000, 75000, 100000)
_PIED, _CORPS, _SIGNES = 26.0, 3.55, 34
"""Foot with scale, north and key; height of the letters, 16 px on a screen 760 px wide [mm]; signs of a name."""
_CERCLES = (100, 200, 300, 500, 1000, 2000, 5000)
"""Radii of the circles that give distances [m]."""
_LISIBLE_MM = 9.0
"""Side of a square under which its inhabitants are not written [mm]."""
_DANS_UN_CARRE = ((0.5, 0.2), (0.5, 0.8), (0.35, 0.35), (0.65, 0.65), (0.65, 0.3), (0.35, 0.7))
"""Where the inhabitants of a square may be written, in shares of its sides."""
Boite = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Carre:
    """Square of the INSEE grid: its name and what it counts, None when the extract does not have it."""

    nom: str
    habitants: float | None
    dense: bool


@dataclass(frozen=True, slots=True)
class Signe:
    """Look of a kind of points: path drawn around its place, colour, whether it is hollow."""

    chemin: str
    couleur: str
    creux: bool = False


SIGNES: dict[str, Signe] = {
    "lieu": Signe("M-1.9 0a1.9 1.9 0 1 0 3.8 0a1.9 1.9 0 1 0-3.8 0Z", "#000000"),
    "etudie": Signe("M-1.6 0a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0Z", "#000000", True),
    "arrets": Signe("M-1.4 -1.4h2.8v2.8h-2.8Z", "#0072B2"),
    "creches": Signe("M0 -1.9L1.9 0L0 1.9L-1.9 0Z", "#D55E00"),
}
"""Signs told apart by their shape as well as by their colour."""
SURFACES = {
    "parcs": ("#A6DCCB", "#00694D", ' fill="#00513c"'),
    "communes": ("none", "#444444", ' fill="#444" font-style="italic"'),
}
"""Fill, line and letters of what is an area."""
Nom = tuple[float, float, str, str, bool]
"""Name to write: place, words, style of its letters, whether it is centred there."""


@dataclass
class Fond:
    """Frame of a map: Lambert-93 to millimetres from its upper left corner, and the places that names have taken."""

    x: float
    y: float
    echelle: int
    pris: list[Boite] = field(default_factory=list)
    tus: int = 0
    """Names that found no room."""

    @classmethod
    def autour(cls, centre: Point, rayon_m: float) -> Fond:
        """Frame around a point, at the largest usual scale that shows a radius."""
        tient = (e for e in ECHELLES if 2000 * rayon_m / e <= HAUT_MM)
        return cls(centre.x, centre.y, next(tient, ECHELLES[-1]))

    @property
    def pas(self) -> float:
        """Millimetres of a metre."""
        return 1000.0 / self.echelle

    @property
    def cadre(self) -> Polygon:
        """What the frame shows."""
        from shapely.geometry import box

        dx, dy = LARGE_MM / 2 / self.pas, HAUT_MM / 2 / self.pas
        return box(self.x - dx, self.y - dy, self.x + dx, self.y + dy)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Place of a point."""
        return LARGE_MM / 2 + (x - self.x) * self.pas, HAUT_MM / 2 - (y - self.y) * self.pas

    def chemin(self, forme: BaseGeometry) -> str:
        """Outline or line of a shape."""
        from shapely import get_parts

        lignes = [
            ligne
            for p in get_parts(forme)
            for ligne in ((p.exterior, *p.interiors) if p.geom_type == "Polygon" else (p,))
        ]
        return "".join(
            "M" + "L".join("{:.2f} {:.2f}".format(*self.point(x, y)) for x, y, *_ in g.coords) for g in lignes
        )

    def nommer(self, x: float, y: float, nom: str, style: str = "", seul: bool = False) -> str:
        """Name beside a point where it covers nothing written yet, or nothing, counted.

        Args:
            style: attributes of its letters.
            seul: centred on the point, which has no sign, and nowhere else.
        """
        court = abreger(nom, _SIGNES)
        large, demi = 0.57 * _CORPS * len(court), 0.55 * _CORPS
        autour = ((x + 2.8, y), (x - 2.8 - large, y), (x - large / 2, y - 4.4), (x - large / 2, y + 4.4))
        for gx, gy in ((x - large / 2, y),) if seul else autour:
            boite = (gx, gy - demi, gx + large, gy + demi)
            dedans = boite[0] >= 0.5 and boite[1] >= 0.5 and boite[2] <= LARGE_MM - 0.5 and boite[3] <= HAUT_MM - 0.5
            if dedans and not any(_se_couvrent(boite, b) for b in self.pris):
                self.pris.append(boite)
                return (
                    f'<text x="{gx:.2f}" y="{gy + 0.35 * _CORPS:.2f}" paint-order="stroke" stroke="white" stroke-width="1"{style}>'
                    f"{proteger(court)}</text>"
                )
        self.tus += 1
        return ""

    def signe(self, x: float, y: float, genre: str) -> str:
        """Sign of a kind at a place."""
        s = SIGNES[genre]
        self.pris.append((x - 2, y - 2, x + 2, y + 2))
        return f'<path transform="translate({x:.2f} {y:.2f})" d="{s.chemin}" fill="{"white" if s.creux else s.couleur}" stroke="{s.couleur if s.creux else "white"}" stroke-width=".5"/>'


def _se_couvrent(a: Boite, b: Boite) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def carres_du_cadre(fond: Fond) -> list[tuple[str, BaseGeometry]]:
    """Squares of the INSEE grid that the frame shows, by name, in Lambert-93."""
    from shapely.geometry import box

    x0, y0, x1, y1 = projeter(fond.cadre, LAMBERT93, LAEA_EUROPE).bounds
    carres = []
    for est in range(int(x0 // COTE_M) * COTE_M, int(x1) + 1, COTE_M):
        for nord in range(int(y0 // COTE_M) * COTE_M, int(y1) + 1, COTE_M):
            forme = projeter(box(est, nord, est + COTE_M, nord + COTE_M), LAEA_EUROPE, LAMBERT93)
            if forme.intersects(fond.cadre):
                carres.append((f"CRS3035RES{COTE_M}mN{nord}E{est}", forme))
    return carres


def grille(fond: Fond, carres: Sequence[tuple[Carre, BaseGeometry]]) -> Iterator[str]:
    """Squares; those of a very dense zone are tinted and dotted."""
    for carre, forme in carres:
        paint = "url(#dense)" if carre.dense else "white"
        tirets = ' stroke-dasharray="1.5 1"' if carre.habitants is None else ""
        yield f'<path d="{fond.chemin(forme)}" fill="{paint}" stroke="#8a8a8a" stroke-width=".25"{tirets}/>'


def habitants(fond: Fond, carres: Sequence[tuple[Carre, BaseGeometry]]) -> Iterator[str]:
    """Inhabitants of each square that the frame shows enough of, where nothing else is written."""
    for carre, forme in carres:
        x0, y0, x1, y1 = forme.intersection(fond.cadre).bounds
        dit = "?" if carre.habitants is None else formater_nombre(carre.habitants)
        if min(x1 - x0, y1 - y0) * fond.pas >= _LISIBLE_MM:
            places = (fond.point(x0 + a * (x1 - x0), y0 + b * (y1 - y0)) for a, b in _DANS_UN_CARRE)
            yield next((mots for x, y in places if (mots := fond.nommer(x, y, dit, ' fill="#444"', seul=True))), "")


def aires(fond: Fond, genre: str, objets: Sequence[tuple[str, BaseGeometry]]) -> tuple[list[str], list[Nom]]:
    """Parks, or communes as boundaries, and the name of each, in or beside what the frame shows of it."""
    fill, trait, lettres = SURFACES[genre]
    tirets = ' stroke-dasharray="3 1.2"' if genre == "communes" else ""
    vus = [(nom, forme, vu) for nom, forme in objets if not (vu := forme.intersection(fond.cadre)).is_empty]
    corps = [
        f'<path d="{fond.chemin(forme)}" fill="{fill}" fill-opacity=".75" stroke="{trait}" stroke-width=".5"{tirets}/>'
        for _, forme, _ in vus
    ]
    places = {nom: fond.point(*vu.representative_point().coords[0][:2]) for nom, _, vu in vus if nom}
    return corps, [(*place, nom, lettres, genre == "communes") for nom, place in places.items()]


def voies(fond: Fond, objets: Sequence[tuple[str, BaseGeometry]]) -> Iterator[str]:
    """Tracks."""
    for _, forme in objets:
        if forme.intersects(fond.cadre) and forme.geom_type == "LineString":
            d = fond.chemin(forme)
            yield f'<path d="{d}" fill="none" stroke="#1a1a1a" stroke-width=".5"/><path d="{d}" fill="none" stroke="#1a1a1a" stroke-width="1.6" stroke-dasharray=".35 1.6"/>'


def points(fond: Fond, genre: str, objets: Sequence[tuple[str, BaseGeometry]]) -> tuple[list[str], list[Nom]]:
    """Signs of some points, the nearest to the middle first, and their names, to be set once all the signs are."""
    vus = [(nom, c) for nom, f in objets if (c := f.centroid).within(fond.cadre)]
    vus.sort(key=lambda x: math.hypot(x[1].x - fond.x, x[1].y - fond.y))
    places = [(*fond.point(c.x, c.y), nom) for nom, c in vus]
    gras = ' font-weight="bold"' if genre == "lieu" else ""
    return [fond.signe(x, y, genre) for x, y, _ in places], [(x, y, nom, gras, False) for x, y, nom in places if nom]


def cercles(fond: Fond, centre: Point) -> Iterator[str]:
    """Two circles of a round radius around the site, each with its distance."""
    tient = [r for r in _CERCLES if 9 <= r * fond.pas <= HAUT_MM / 2 - 3][-2:]
    x, y = fond.point(centre.x, centre.y)
    for rayon in tient:
        r = rayon * fond.pas
        dit = f"{rayon}\u00a0m" if rayon < 1000 else f"{rayon // 1000}\u00a0km"
        fond.pris.append((x - 5, y - r - 2, x + 5, y - r + 2))
        yield (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}" fill="none" stroke="#CC79A7" stroke-width=".5" stroke-dasharray="2 1.4"/>'
            f'<text x="{x:.2f}" y="{y - r + 1.2:.2f}" text-anchor="middle" paint-order="stroke" stroke="white" stroke-width="1.2">{dit}</text>'
        )


def pied(fond: Fond, cle: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Scale bar and scale, true north, key of the signs in three columns.

    Args:
        cle: markup of each sign, drawn around (0, 0), and what it is.
    """
    metres = next((m for m in (50, 100, 200, 500, 1000, 2000) if m * fond.pas >= 18), 5000)
    long, y = metres * fond.pas, HAUT_MM + 6.5
    dit = f"{metres}\u00a0m" if metres < 1000 else f"{metres // 1000}\u00a0km"
    yield (
        f'<path d="M1 {y}h{long:.2f}M1 {y - 1.2}v2.4M{1 + long:.2f} {y - 1.2}v2.4" stroke="black" stroke-width=".5" fill="none"/>'
        f'<text x="{3 + long:.2f}" y="{y + 1.2}">{dit}, échelle 1:{formater_nombre(fond.echelle)} à {formater_nombre(LARGE_MM / 10, 1)} cm de large</text>'
    )
    x = LARGE_MM - 6
    yield (
        f'<g transform="translate({x} {y - 0.3}) rotate({_nord(fond):.2f})"><path d="M0 3.4V-3M-1.2 -1L0 -3.4L1.2 -1" fill="none" stroke="black" '
        f'stroke-width=".5"/></g><text x="{x - 4.5}" y="{y + 1.2}">N</text>'
    )
    for rang, (signe, nom) in enumerate(cle):
        cx, cy = 4 + rang % 2 * LARGE_MM / 2, HAUT_MM + 13 + rang // 2 * 5.2
        yield f'<g transform="translate({cx:.2f} {cy:.2f})">{signe}</g><text x="{cx + 5:.2f}" y="{cy + 1.2:.2f}">{proteger(nom)}</text>'


def _nord(fond: Fond) -> float:
    """Direction of true north, clockwise from the top of the sheet [degrees]."""
    from shapely.geometry import Point

    degres = projeter(Point(fond.x, fond.y), LAMBERT93, WGS84)
    plus_haut = projeter(Point(degres.x, degres.y + 0.01))
    return math.degrees(math.atan2(plus_haut.x - fond.x, plus_haut.y - fond.y))


def feuille(fond: Fond, corps: Sequence[str], cle: Sequence[tuple[str, str]]) -> str:
    """Whole SVG, at its true size."""
    haut = HAUT_MM + 13 + 5.2 * -(-len(cle) // 2)
    motif = (
        '<pattern id="dense" width="3" height="3" patternUnits="userSpaceOnUse"><rect width="3" height="3" fill="#F7E6C4"/>'
        '<circle cx="1.5" cy="1.5" r=".22" fill="#7a5a10"/></pattern>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LARGE_MM + 1:.1f}mm" height="{haut:.1f}mm" viewBox="-0.5 -0.5 {LARGE_MM + 1:.1f} {haut:.1f}" '
        f'font-family="DejaVu Sans,Liberation Sans,Arial,sans-serif" font-size="{_CORPS}"><defs>{motif}<clipPath id="cadre">'
        f'<rect width="{LARGE_MM}" height="{HAUT_MM}"/></clipPath></defs><g clip-path="url(#cadre)">{"".join(corps)}</g>'
        f'<rect width="{LARGE_MM}" height="{HAUT_MM}" fill="none" stroke="#333" stroke-width=".4"/>{"".join(pied(fond, cle))}</svg>'
    )
