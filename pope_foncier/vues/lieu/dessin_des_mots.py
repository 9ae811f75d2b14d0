"""Words of a plan at a true scale: dimensions along the building first, then names where nothing hides them; what is too small is numbered."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from pope_foncier.lieu.cotes import Cote, facades, rectangles
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.plan import ElementTrace, PlanTrace
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.lieu.dessin_des_signes import symboles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

MARGE_MM, MARGE_DES_FACADES_MM = 6.4, 14.0
"""Paper that the dimensions take around a building, without and with every side."""
_PRES_MM, _LOIN_MM = 4.2, 11.0
"""From a wall to its line of dimension: alone or nearest, and beyond the sides."""
_MEME_M = 0.02
"""Two lengths that are one on paper [m]."""
_CORPS_PT, _NOIR, _GRIS, _ROUGE = 6.5, "#1A1A1A", "#3F3F3F", "#B22222"
_MM_PAR_POINT = 25.4 / 72
_PARTS = (0.2, 0.35, 0.5, 0.65, 0.8)
"""Places tried for a name, across its outline."""
_NOM_MAX = 120
"""Signs of a name on a drawing: each way of cutting it is tried."""
_TAILLES = (7.5, 7.0, 6.5, 6.0, 5.5)
"""Sizes of letters tried for a name [pt]: the last is the smallest that one reads on paper."""


class MotsDuPlan:
    """What is written on one drawing: boxes already taken, and rooms told by a number."""

    def __init__(
        self,
        plan: PlanTrace,
        ax: Axes,
        mm_par_metre: float,
        niveau: int,
        deja: int = 0,
        ecartees: Container[tuple[str, int, float]] = (),
    ) -> None:
        from shapely import MultiPoint, box

        self.plan, self.ax, self.mm, self.niveau = plan, ax, mm_par_metre, niveau
        (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
        self.cadre = box(x0, y0, x1, y1)
        signes = symboles(plan, niveau, mm_par_metre)
        self.prises: list[BaseGeometry] = [MultiPoint(t.points).convex_hull.buffer(0.1 / mm_par_metre) for t in signes]
        self.deja, self.numerotees, self.ecartees = deja, list[str](), ecartees

    def ecrire(self, toutes_les_cotes: bool = False) -> tuple[str, ...]:
        """Write dimensions then names; what a number stands for, for the key."""
        from shapely import union_all

        pieces = self.plan.de_nature("piece", self.niveau)
        batiments = self.plan.batiments_du_niveau(self.niveau)
        if batiments:
            cotes = facades(self.plan, self.niveau) if toutes_les_cotes else []
            for cote in sorted(cotes, key=lambda c: -c.longueur_m):
                self._coter(cote, _PRES_MM)
            self._cotes_d_ensemble(_LOIN_MM if toutes_les_cotes else _PRES_MM, [c.longueur_m for c in cotes])
            self._au_rail(union_all([b.forme for b in batiments]))
        for element in (*pieces, *(() if pieces else batiments), *self.plan.de_nature("cour")):
            self._nommer(element)
        for element in self.plan.de_nature("quai"):
            self._nommer(element, surface=False)
        return tuple(self.numerotees)

    def _cotes_d_ensemble(self, loin_mm: float, dites: list[float]) -> None:
        """Length and width of each building, each on the side where it covers least; not again when a side says it."""
        autour = [e.forme for nature in ("cour", "quai", "batiment") for e in self.plan.de_nature(nature)]
        autour += [e.forme.buffer(0.8) for e in self.plan.de_nature("voie")]
        for cotes in rectangles(self.plan, self.niveau):
            for paire in ((cotes[0], cotes[2]), (cotes[1], cotes[3])):
                libre = min(paire, key=lambda c: (self._gene(c, loin_mm, autour), *_bas_puis_gauche(c)))
                if not any(abs(libre.longueur_m - d) <= _MEME_M for d in dites):
                    self._coter(libre, loin_mm)

    def _gene(self, cote: Cote, loin_mm: float, autour: list[BaseGeometry]) -> float:
        """How much a line of dimension and its words would cover, or go out of the frame [m²], to the tenth."""
        from shapely.geometry import LineString

        demi = 0.75 * _CORPS_PT * _MM_PAR_POINT / self.mm
        boite = LineString(_decaler(cote, loin_mm / self.mm)).buffer(demi, cap_style="flat")
        return round(float(sum(boite.intersection(f).area for f in autour) + 10 * boite.difference(self.cadre).area), 1)

    def _coter(self, cote: Cote, loin_mm: float) -> None:
        """Line of dimension between two marks, with the length on a white ground where no other word stands."""
        from shapely.geometry import LineString

        loin = loin_mm / self.mm
        a, b = _decaler(cote, loin)
        for mur, bout in ((cote.a, a), (cote.b, b)):
            x, y = bout[0] + 0.2 * (bout[0] - mur[0]), bout[1] + 0.2 * (bout[1] - mur[1])
            debut = mur[0] + 0.25 * (bout[0] - mur[0]), mur[1] + 0.25 * (bout[1] - mur[1])
            self.ax.plot([debut[0], x], [debut[1], y], color=_GRIS, linewidth=0.35, zorder=6)
        fleche = {
            "arrowstyle": "<->",
            "color": _GRIS,
            "linewidth": 0.5,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 6,
        }
        self.ax.annotate("", a, b, arrowprops=fleche, zorder=6)
        texte = f"{formater_nombre(cote.longueur_m, 2)}\u00a0m"
        ou, angle, boite = min(self._places_d_une_cote(cote, loin, texte), key=lambda p: self._cachee(p[2]))
        self.prises += [boite, LineString([a, b]).buffer(0.3 / self.mm, cap_style="flat")]
        self._texte(ou, texte, _CORPS_PT, angle, _GRIS)

    def _places_d_une_cote(
        self, cote: Cote, loin: float, texte: str
    ) -> Iterator[tuple[tuple[float, float], float, BaseGeometry]]:
        """Where the words of a dimension may stand, the best first: on their line or along it; across it when the side is short."""
        from shapely.geometry import LineString

        demi = 0.62 * _CORPS_PT * _MM_PAR_POINT * len(texte) / 2 / self.mm
        (ax, ay), (bx, by) = _decaler(cote, loin)
        ux, uy = (bx - ax) / cote.longueur_m, (by - ay) / cote.longueur_m
        if cote.longueur_m > 2 * demi + 3 / self.mm:
            a_cote = 1.6 * _CORPS_PT * _MM_PAR_POINT / self.mm
            places = [(part, hors, False) for hors in (0.0, a_cote, -a_cote) for part in (0.5, 0.3, 0.7)]
        else:
            places = [(0.5, k * (demi + 1.2 / self.mm), True) for k in (1, 2.2, 3.4, -1)]
        for part, hors, en_travers in places:
            x, y = ax + part * (bx - ax) + hors * uy, ay + part * (by - ay) - hors * ux
            vx, vy = (uy, -ux) if en_travers else (ux, uy)
            mots = LineString([(x - demi * vx, y - demi * vy), (x + demi * vx, y + demi * vy)])
            yield (x, y), math.degrees(math.atan2(vy, vx)), mots.buffer(0.7 * _CORPS_PT * _MM_PAR_POINT / self.mm)

    def _au_rail(self, batiments: BaseGeometry) -> None:
        """Distance to the nearest platform or track, when it is in the frame."""
        from shapely import box, union_all
        from shapely.ops import nearest_points

        rail = [*self.plan.formes("quai"), *self.plan.formes("voie")]
        if not rail:
            return
        a, b = nearest_points(batiments, union_all(rail))
        if a.distance(b) <= 0 or not self.cadre.contains(b):
            return
        fleche = {
            "arrowstyle": "<->",
            "color": _ROUGE,
            "linewidth": 0.7,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 6,
        }
        self.ax.annotate("", (a.x, a.y), (b.x, b.y), arrowprops=fleche, zorder=6)
        texte = f"{formater_nombre(a.distance(b), 2)}\u00a0m du quai ou de la voie"
        demi = 0.29 * _CORPS_PT * _MM_PAR_POINT * len(texte) / self.mm
        haut = 0.7 * _CORPS_PT * _MM_PAR_POINT / self.mm
        a_droite = 1 if (a.x + b.x) / 2 < self.cadre.centroid.x else -1
        places = []
        for part, cote in itertools.product((0.5, 0.75, 0.25, 0.9), (a_droite, -a_droite)):
            x, y = a.x + part * (b.x - a.x) + cote * (demi + 1.5 / self.mm), a.y + part * (b.y - a.y)
            places.append(((x, y), box(x - demi, y - haut, x + demi, y + haut)))
        ou, boite = min(places, key=lambda p: self._cachee(p[1]))
        self.prises.append(boite)
        self._texte(ou, texte, _CORPS_PT, 0.0, _ROUGE)

    def _prises_sur(self, place: BaseGeometry) -> BaseGeometry:
        """What is already taken on a place; what does not touch it is left apart."""
        from shapely import intersects, union_all

        touchees = intersects(self.prises, place)
        return union_all([p for p, touche in zip(self.prises, touchees, strict=True) if touche])

    def _cachee(self, place: BaseGeometry) -> float:
        """How much of a place is taken, or out of the frame [m²], to the hundredth."""
        prises = place.intersection(self._prises_sur(place)).area
        return round(float(prises + place.difference(self.cadre).area), 2)

    def _nommer(self, element: ElementTrace, surface: bool = True) -> None:
        """Name and area inside an outline, clear of what is written or drawn; a number when the smallest letters do not fit."""
        from shapely import get_parts

        visible = element.forme.intersection(self.cadre)
        libre = visible.difference(self._prises_sur(visible)) if not visible.is_empty else visible
        if libre.is_empty:
            return
        libre = max(get_parts(libre), key=lambda p: p.area)
        bas = [f"{formater_nombre(element.forme.area, 1)}\u00a0m²"] if surface else []
        ecartee = (element.nom, element.element.niveau, round(element.forme.area, 2)) in self.ecartees
        couleur = _ROUGE if ecartee else _NOIR
        bas += ["ne compte pas"] if ecartee else []
        nom = _nom(element)
        for taille in _TAILLES:
            for angle, lignes in itertools.product((0.0, 90.0), _coupes(nom, bas)):
                ou = self._poser(libre, lignes, taille, angle)
                if ou is not None:
                    self._texte(ou, "\n".join(lignes), taille, angle, couleur)
                    return
        numero = self.deja + len(self.numerotees) + 1
        self.numerotees.append(f"{numero}. {' '.join([nom, *bas])}")
        centre = libre.representative_point()
        self._texte((centre.x, centre.y), str(numero), _TAILLES[0], 0.0, couleur)

    def _poser(self, libre: Polygon, lignes: list[str], taille: float, angle: float) -> tuple[float, float] | None:
        """Where some lines, flat or upright, hold in a free place; near its middle first."""
        from shapely import box, maximum_inscribed_circle

        dx, dy = (
            0.29 * taille * _MM_PAR_POINT * max(map(len, lignes)) / self.mm + 0.3 / self.mm,
            0.6 * taille * _MM_PAR_POINT * len(lignes) / self.mm,
        )
        if angle:
            dx, dy = dy, dx
        x0, y0, x1, y1 = libre.bounds
        if 2 * dx > x1 - x0 or 2 * dy > y1 - y0:
            return None
        milieu, large = libre.centroid, maximum_inscribed_circle(libre).coords[0]
        grille = [(x0 + a * (x1 - x0), y0 + b * (y1 - y0)) for a in _PARTS for b in _PARTS]
        grille.sort(key=lambda p: (p[0] - milieu.x) ** 2 + (p[1] - milieu.y) ** 2)
        for x, y in ((milieu.x, milieu.y), large, *grille):
            if libre.contains(box(x - dx, y - dy, x + dx, y + dy)):
                return x, y
        return None

    def _texte(self, ou: tuple[float, float], texte: str, taille: float, angle: float, couleur: str) -> None:
        angle = (angle + 90) % 180 - 90
        self.ax.text(
            *ou,
            texte,
            ha="center",
            va="center",
            fontsize=taille,
            linespacing=1.05,
            rotation=90.0 if angle == -90 else angle,
            rotation_mode="anchor",
            color=couleur,
            bbox={"boxstyle": "square,pad=0.12", "facecolor": "white", "alpha": 0.85, "edgecolor": "none"},
            clip_on=True,
            zorder=7,
        )


def _nom(element: ElementTrace) -> str:
    """Name of an element, or what it is in French."""
    fiche = element.element
    if fiche.nom is not None:
        return abreger(fiche.nom, _NOM_MAX)
    return lire_fonctions()[fiche.fonction].libelle if fiche.fonction else fiche.nature.replace("batiment", "bâtiment")


def _coupes(nom: str, bas: list[str]) -> list[list[str]]:
    """Name on one line, then on more and more, its area below."""
    vues: list[list[str]] = []
    for signes in range(len(nom), max(map(len, nom.split()), default=1) - 1, -1):
        lignes = textwrap.wrap(nom, signes, break_long_words=False) + bas
        if lignes not in vues:
            vues.append(lignes)
    return vues


def _decaler(cote: Cote, de_m: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Side moved away from what lies on its left."""
    long = cote.longueur_m
    nx, ny = (cote.b[1] - cote.a[1]) / long * de_m, (cote.a[0] - cote.b[0]) / long * de_m
    return (cote.a[0] + nx, cote.a[1] + ny), (cote.b[0] + nx, cote.b[1] + ny)


def _bas_puis_gauche(cote: Cote) -> tuple[float, float]:
    return round(cote.a[1] + cote.b[1], 3), round(cote.a[0] + cote.b[0], 3)
