"""Rooms, doors and the outside of one storey as a graph: what each opening joins, and what leads out of the storey."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pope_foncier.lieu.plan import ElementTrace, Nature, PlanTrace
from pope_foncier.socle.enregistrements import enregistrement

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

XY = tuple[float, float]
DEHORS, INCONNU = -1, -2
"""What lies behind a door when it is not a room: open air, or a part of the building that is not drawn."""
_PORTEE_M, _PAS_M = 1.0, 0.05
"""How far from a door a room or the open air is looked for: the thickest wall, and a drawing a little off [m]."""
_PRES_DE_LA_SORTIE_M = 2.0
_CONTRE_LE_MUR_M = 0.5
"""How far from a wall a yard may be drawn and still touch it [m]."""
OBSTACLES: tuple[Nature, ...] = ("poteau", "noyau")
NATURES_DES_BAIES: tuple[Nature, Nature] = ("porte", "fenetre")


@enregistrement
class Baie:
    """Door or window, and the spaces on its two sides: the rank of a room, ``DEHORS`` or ``INCONNU``."""

    trace: ElementTrace
    milieu: XY
    normale: XY
    """Unit vector towards the first side."""
    cotes: tuple[int, int]
    seuils: tuple[XY, XY]
    """Where one steps off on each side."""
    vers: int | None
    """Side to which the leaf swings: 0, 1, or None when nobody says."""

    @property
    def nom(self) -> str:
        """Name shown to the user."""
        return self.trace.nom

    @property
    def largeur_m(self) -> float | None:
        """Clear width; None when only the opening is drawn."""
        return self.trace.element.largeur_passage_m

    @property
    def tracee_m(self) -> float:
        """Length drawn: more than the clear width, never less."""
        return float(self.trace.forme.length)

    def de_l_autre_cote(self, rang: int) -> int:
        """Space that the door opens to from a room."""
        return self.cotes[1] if self.cotes[0] == rang else self.cotes[0]

    def seuil(self, rang: int) -> XY:
        """Where one stands in a room before going through."""
        return self.seuils[0] if self.cotes[0] == rang else self.seuils[1]


@enregistrement
class Degagement:
    """Way out of a storey: a door to the open air, stairs, or an exit drawn as a point."""

    nom: str
    point: XY
    espace: int
    """Rank of the room that it leaves."""
    largeur_m: float | None
    porte: Baie | None = None
    sure: bool = True
    """False through a yard: nobody said that it leads to the street."""


@enregistrement
class Reseau:
    """Rooms and doors of one storey."""

    niveau: int
    pieces: tuple[ElementTrace, ...]
    libres: tuple[BaseGeometry, ...]
    """Floor of each room that one can walk on: columns and cores out."""
    portes: tuple[Baie, ...]
    fenetres: tuple[Baie, ...]
    issues: tuple[Degagement, ...]

    def portes_de(self, rang: int) -> list[Baie]:
        """Doors of a room."""
        return [p for p in self.portes if rang in p.cotes]

    def fenetres_de(self, rang: int) -> list[Baie]:
        """Windows of a room, those to another room included."""
        return [f for f in self.fenetres if rang in f.cotes]

    def issues_de(self, rang: int) -> list[Degagement]:
        """Ways out that a room has by itself."""
        return [i for i in self.issues if i.espace == rang]

    def nom(self, rang: int) -> str:
        """Name of a space."""
        return {DEHORS: "dehors", INCONNU: "une partie non dessinée"}.get(rang) or self.pieces[rang].nom

    def fonction(self, rang: int) -> str:
        """Function of a room; empty for the open air and what is not drawn."""
        return "" if rang < 0 else self.pieces[rang].element.fonction or ""


def reseaux_du_plan(plan: PlanTrace) -> tuple[Reseau, ...]:
    """Graph of every storey where a room is drawn, from the lowest."""
    return tuple(reseau_du_niveau(plan, n) for n in sorted({p.element.niveau for p in plan.de_nature("piece")}))


def reseau_du_niveau(plan: PlanTrace, niveau: int = 0) -> Reseau:
    """Graph of one storey.

    A door to the open air is a way out unless it is drawn with ``issue: false`` or opens on a patio; above or below ground
    only stairs, exits drawn as points and doors with ``issue: true`` are.
    """
    from shapely import union_all

    pieces = tuple(plan.de_nature("piece", niveau))
    obstacles = [e.forme for n in OBSTACLES for e in plan.de_nature(n, niveau)]
    plein = union_all(obstacles) if obstacles else None
    libres = tuple(_libre(p.forme, plein) for p in pieces)
    murs = union_all([b.forme for b in plan.batiments_du_niveau(niveau)])
    portes, fenetres = (
        tuple(_baie(t, pieces, murs) for t in plan.de_nature(nature, niveau)) for nature in NATURES_DES_BAIES
    )
    issues = tuple(_issues(plan, niveau, pieces, portes, _patios(murs)))
    return Reseau(niveau, pieces, libres, portes, fenetres, issues)


def _libre(piece: BaseGeometry, plein: BaseGeometry | None) -> BaseGeometry:
    from shapely import get_parts

    if plein is None or not plein.intersects(piece):
        return piece
    return max(get_parts(piece.difference(plein)), key=lambda p: p.area, default=piece)


def _baie(trace: ElementTrace, pieces: tuple[ElementTrace, ...], murs: BaseGeometry) -> Baie:
    from shapely.ops import nearest_points

    (x0, y0), *_, (x1, y1) = (tuple(map(float, c[:2])) for c in trace.forme.coords)
    longueur = math.hypot(x1 - x0, y1 - y0) or 1.0
    milieu = trace.forme.interpolate(0.5, normalized=True)
    normale = (-(y1 - y0) / longueur, (x1 - x0) / longueur)
    cotes, seuils = [], []
    for sens in (1.0, -1.0):
        cote, ici = _derriere(milieu, (sens * normale[0], sens * normale[1]), pieces, murs, trace.element.issue)
        seuil = nearest_points(pieces[cote].forme, milieu)[0] if cote >= 0 else ici
        cotes.append(cote)
        seuils.append((float(seuil.x), float(seuil.y)))
    vers = None
    if trace.element.vers is not None:
        x, y = trace.element.vers
        ecart = (x - milieu.x) * normale[0] + (y - milieu.y) * normale[1]
        vers = 0 if ecart > 0 else 1
    return Baie(trace, (milieu.x, milieu.y), normale, (cotes[0], cotes[1]), (seuils[0], seuils[1]), vers)


def _derriere(
    milieu: BaseGeometry, sens: XY, pieces: tuple[ElementTrace, ...], murs: BaseGeometry, issue: bool | None
) -> tuple[int, BaseGeometry]:
    """Space met when one walks straight from the middle of a door, and where."""
    from shapely.geometry import Point

    for pas in range(1, round(_PORTEE_M / _PAS_M) + 1):
        ici = Point(milieu.x + sens[0] * pas * _PAS_M, milieu.y + sens[1] * pas * _PAS_M)
        trouvee = next((r for r, p in enumerate(pieces) if p.forme.intersects(ici)), None)
        if trouvee is not None:
            return trouvee, ici
        if not murs.is_empty and not murs.intersects(ici):
            return DEHORS, ici
    return (DEHORS if murs.is_empty and issue else INCONNU), ici


def _patios(murs: BaseGeometry) -> list[BaseGeometry]:
    """Courts closed on every side by the building."""
    from shapely import get_parts
    from shapely.geometry import Polygon

    return [Polygon(trou) for corps in get_parts(murs) for trou in corps.interiors]


def _issues(
    plan: PlanTrace,
    niveau: int,
    pieces: tuple[ElementTrace, ...],
    portes: tuple[Baie, ...],
    patios: list[BaseGeometry],
) -> list[Degagement]:
    from shapely.geometry import Point

    issues = []
    cours, sorties = plan.formes("cour"), plan.de_nature("sortie", niveau)
    for porte in portes:
        dit = porte.trace.element.issue
        if DEHORS not in porte.cotes or max(porte.cotes) < 0 or dit is False or (niveau and not dit):
            continue
        ici = Point(porte.seuil(DEHORS))
        menee = dit or any(ici.distance(s.forme) <= _PRES_DE_LA_SORTIE_M for s in sorties)
        if menee or not any(p.intersects(ici) for p in patios):
            sure = bool(menee) or not any(c.distance(ici) <= _CONTRE_LE_MUR_M for c in cours)
            issues.append(Degagement(porte.nom, porte.milieu, max(porte.cotes), porte.largeur_m, porte, sure))
    for sortie in sorties:
        if all(math.dist(sortie.forme.coords[0], i.point) > _PRES_DE_LA_SORTIE_M for i in issues):
            issues += _issue_en(sortie, pieces, None)
    if niveau:
        bas = niveau - 1 if niveau > 0 else niveau + 1
        for escalier in plan.de_nature("escalier", niveau) or plan.de_nature("escalier", bas):
            issues += _issue_en(escalier, pieces, escalier.element.largeur_m)
    return issues


def _issue_en(trace: ElementTrace, pieces: tuple[ElementTrace, ...], largeur_m: float | None) -> list[Degagement]:
    """Way out drawn by itself, at the nearest room."""
    from shapely.ops import nearest_points

    proches = sorted((p.forme.distance(trace.forme), r) for r, p in enumerate(pieces))
    if not proches or proches[0][0] > _PRES_DE_LA_SORTIE_M:
        return []
    rang = proches[0][1]
    point = nearest_points(pieces[rang].forme, trace.forme)[0]
    return [Degagement(trace.nom, (float(point.x), float(point.y)), rang, largeur_m)]


def joindre(reseau: Reseau, depart: int, sans: set[int]) -> set[int]:
    """Rooms that one reaches from a room through the doors drawn, without some rooms; the first one is reached."""
    vus: set[int] = set()
    file = [depart]
    while file:
        ici = file.pop()
        if ici not in vus:
            vus.add(ici)
            suites = (p.de_l_autre_cote(ici) for p in reseau.portes_de(ici))
            file += [s for s in suites if s >= 0 and s not in sans]
    return vus


def mene_dehors(reseau: Reseau, depart: int, sans: int) -> bool:
    """Whether a space leads out of the storey without a room; unknown parts do not."""
    if depart < 0:
        return depart == DEHORS
    return any(reseau.issues_de(rang) for rang in joindre(reseau, depart, {sans}))


def longueur_devant_m(reseau: Reseau, porte: Baie, rang: int) -> float:
    """Free length of a room straight behind one of its doors [m]."""
    from shapely.geometry import LineString

    sens = 1.0 if porte.cotes[0] == rang else -1.0
    x, y = porte.seuil(rang)
    nx, ny = sens * porte.normale[0], sens * porte.normale[1]
    libre = reseau.libres[rang]
    portee = libre.length
    rayon = LineString([(x + nx * 1e-6, y + ny * 1e-6), (x + nx * portee, y + ny * portee)])
    dedans = rayon.intersection(libre.buffer(1e-6))
    morceaux = [m for m in getattr(dedans, "geoms", [dedans]) if m.distance(rayon.boundary.geoms[0]) < 1e-4]
    return max((float(m.length) for m in morceaux), default=0.0)
