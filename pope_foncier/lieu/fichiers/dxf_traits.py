"""Strokes of a DXF: blocks opened, curves flattened, closed outlines told from lines, texts with their place."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.erreurs import ErreurCalcul

if TYPE_CHECKING:
    from shapely.geometry import LineString, Polygon

FLECHE = 1 / 2000
"""Flattening of curves: the chord leaves its arc by at most this part of the radius (0.5 mm for a radius of 1 m)."""
TRAITS_MAX = 100_000
_PROFONDEUR_MAX = 12
_COORDONNEE_MAX = 1e12
_ECART_DE_FERMETURE = 1e-6
"""First and last point closer than this part of the length of a polyline make a closed one."""
_LAISSES = {
    "DIMENSION": "cotes",
    "ARC_DIMENSION": "cotes",
    "LEADER": "repères fléchés",
    "MULTILEADER": "repères fléchés",
    "MLEADER": "repères fléchés",
    "POINT": "points",
    "SOLID": "aplats",
    "TRACE": "aplats",
    "ATTDEF": "définitions d'attribut",
    "IMAGE": "images",
    "WIPEOUT": "masques",
    "OLE2FRAME": "objets d'un autre logiciel",
    "3DFACE": "faces en volume",
    "MESH": "volumes",
    "3DSOLID": "volumes",
    "BODY": "volumes",
    "REGION": "régions",
}
"""What a plan is not made of, in words."""

Xy = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ecrit:
    """Text of a drawing, with the middle of its box."""

    texte: str
    calque: str
    milieu: Xy
    hauteur: float
    largeur: float
    angle: float


@dataclass(frozen=True, slots=True)
class Arc:
    """Arc of a drawing: the swing of a door, when its layer says so."""

    calque: str
    centre: Xy
    rayon: float
    ligne: LineString
    degres: float

    @property
    def est_un_quart(self) -> bool:
        """Whether it may be the swing of a door, near a quarter of a circle."""
        return 60 <= self.degres <= 120

    @property
    def bouts(self) -> tuple[Xy, Xy]:
        """Two ends."""
        (xa, ya), (xb, yb) = self.ligne.coords[0], self.ligne.coords[-1]
        return (xa, ya), (xb, yb)


@dataclass(slots=True)
class Traits:
    """All that a drawing holds, by kind."""

    fermes: list[tuple[str, Polygon]] = field(default_factory=list)
    hachures: list[tuple[str, Polygon]] = field(default_factory=list)
    lignes: list[tuple[str, LineString]] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    textes: list[Ecrit] = field(default_factory=list)
    points: list[tuple[str, Xy]] = field(default_factory=list)
    laisses: Counter[str] = field(default_factory=Counter)
    lus: int = 0
    """Strokes and blocks opened so far."""

    @property
    def vide(self) -> bool:
        """Whether nothing is drawn."""
        return not (self.fermes or self.lignes or self.textes or self.hachures or self.points)

    def compter(self) -> None:
        """Count one stroke or one block opened.

        Raises:
            ErreurCalcul: more than a plan has, blocks that open themselves without end included.
        """
        self.lus += 1
        if self.lus > TRAITS_MAX:
            raise ErreurCalcul(f"Ce dessin a plus de {TRAITS_MAX} traits : n'exporter que le plan du lieu.")


def lire_traits(dessin: Any, entites: Iterable[Any], en_point: Sequence[str]) -> Traits:
    """Strokes of the entities of a drawing.

    Args:
        dessin: ezdxf document, for its layers.
        entites: entities of the model space.
        en_point: layers whose blocks and points are one point each (trees, exits).

    Raises:
        ErreurCalcul: more strokes than a plan has.
    """
    traits = Traits()
    eteints = {c.dxf.name for c in dessin.layers if c.is_off() or c.is_frozen()}
    _parcourir(entites, "", traits, eteints, frozenset(en_point), ())
    return traits


def calque_de(entite: Any) -> str:
    """Layer of an entity; that of nothing, « 0 », for one whose kind no program knows."""
    return str(entite.dxf.get("layer", "0")) if entite.dxf.is_supported("layer") else "0"


def _parcourir(
    entites: Iterable[Any],
    parent: str,
    traits: Traits,
    eteints: set[str],
    en_point: frozenset[str],
    blocs: tuple[str, ...],
) -> None:
    for entite in entites:
        calque = calque_de(entite)
        calque = parent if parent and calque == "0" else calque
        genre = entite.dxftype()
        if calque in eteints or getattr(entite.dxf, "invisible", False):
            traits.laisses["traits de calques éteints ou gelés"] += 1
        elif calque in en_point and genre in ("INSERT", "POINT"):
            lieu = entite.dxf.insert if genre == "INSERT" else entite.dxf.location
            traits.points.append((calque, (lieu.x, lieu.y)))
        elif genre == "INSERT" and (len(blocs) >= _PROFONDEUR_MAX or entite.dxf.name in blocs):
            traits.laisses["blocs emboîtés sans fin"] += 1
        elif genre == "INSERT":
            for copie in entite.multi_insert() if entite.mcount > 1 else (entite,):
                traits.compter()
                _parcourir(copie.attribs, calque, traits, eteints, en_point, (*blocs, entite.dxf.name))
                _parcourir(copie.virtual_entities(), calque, traits, eteints, en_point, (*blocs, entite.dxf.name))
        else:
            traits.compter()
            try:
                _un_trait(entite, genre, calque, traits)
            except Exception:  # one stroke that cannot be read leaves the others
                traits.laisses["traits illisibles"] += 1


def _un_trait(entite: Any, genre: str, calque: str, traits: Traits) -> None:
    if genre in ("TEXT", "ATTRIB", "MTEXT"):
        if (ecrit := _ecrit(entite, genre, calque)) is not None:
            traits.textes.append(ecrit)
    elif genre == "HATCH":
        traits.hachures += [(calque, p) for p in _hachure(entite)]
    elif (points := points_de(entite, genre)) is None:
        traits.laisses[_LAISSES.get(genre, "objets d'un autre genre")] += 1
    else:
        _ranger(points, entite, genre, calque, traits)


def _ranger(points: list[Xy], entite: Any, genre: str, calque: str, traits: Traits) -> None:
    """Outline when it closes by its flag or by its points, a line otherwise."""
    from shapely import LineString, Polygon

    points = [p for i, p in enumerate(points) if not i or p != points[i - 1]]
    if len(points) < 2:
        return
    ligne = LineString(points)
    drapeau = genre in ("LWPOLYLINE", "POLYLINE") and bool(entite.is_closed)
    jointif = math.dist(points[0], points[-1]) <= _ECART_DE_FERMETURE * ligne.length
    if len(points) > 3 - (drapeau and not jointif) and (drapeau or jointif):
        polygone = Polygon(points[:-1] if jointif else points)
        if polygone.area > 0:
            traits.fermes.append((calque, polygone))
            return
    traits.lignes.append((calque, ligne))
    if genre == "ARC":
        ouvert = (entite.dxf.end_angle - entite.dxf.start_angle) % 360
        centre = entite.ocs().to_wcs(entite.dxf.center)
        arc = Arc(calque, (centre.x, centre.y), float(entite.dxf.radius), ligne, ouvert)
        traits.arcs.append(arc)


def points_de(entite: Any, genre: str) -> list[Xy] | None:
    """Points of a stroke, curves flattened; None for what is no stroke of a plan."""
    if genre == "LINE":
        suite = [entite.dxf.start, entite.dxf.end]
    elif genre in ("ARC", "CIRCLE"):
        suite = list(entite.flattening(float(entite.dxf.radius) * FLECHE))
    elif genre == "ELLIPSE":
        suite = list(entite.flattening(entite.dxf.major_axis.magnitude * FLECHE))
    elif genre == "SPLINE":
        suite = list(entite.flattening(_etendue(entite.control_points or entite.fit_points) * FLECHE / 2))
    elif genre == "LWPOLYLINE":
        suite = list(entite.vertices_in_wcs()) if not entite.has_arc else _avec_arcs(entite)
    elif genre == "POLYLINE" and (entite.is_2d_polyline or entite.is_3d_polyline):
        suite = list(entite.points_in_wcs()) if not entite.has_arc else _avec_arcs(entite)
    else:
        return None
    points = [(float(p[0]), float(p[1])) for p in suite]
    if not all(abs(v) < _COORDONNEE_MAX for point in points for v in point):
        raise ValueError("coordinates out of any drawing")
    return points


def _avec_arcs(polyligne: Any) -> list[Any]:
    """Points of a polyline with bulges, each arc flattened in the direction of travel."""
    sommets = list(polyligne.vertices_in_wcs() if polyligne.dxftype() == "LWPOLYLINE" else polyligne.points_in_wcs())
    suite = [sommets[0]]
    for morceau in polyligne.virtual_entities():
        if morceau.dxftype() == "ARC":
            points = list(morceau.flattening(float(morceau.dxf.radius) * FLECHE))
        else:
            points = [morceau.dxf.start, morceau.dxf.end]
        if points[-1].distance(suite[-1]) < points[0].distance(suite[-1]):
            points.reverse()
        suite += points[1:]
    return suite


def _etendue(points: Iterable[Any]) -> float:
    xs, ys = zip(*((float(p[0]), float(p[1])) for p in points), strict=True)
    return float(max(max(xs) - min(xs), max(ys) - min(ys), 1e-9))


def _hachure(entite: Any) -> list[Polygon]:
    """Areas that a hatch fills, islands out."""
    from ezdxf.path import from_hatch
    from shapely import Polygon, get_parts

    rempli: Any = None
    for chemin in from_hatch(entite):
        points = [(p.x, p.y) for p in chemin.flattening(_etendue(chemin.control_vertices()) * FLECHE / 2)]
        if len(points) >= 4:
            forme = Polygon(points).buffer(0)
            rempli = forme if rempli is None else rempli.symmetric_difference(forme)
    return [] if rempli is None else [p for p in get_parts(rempli) if p.geom_type == "Polygon" and p.area > 0]


def _ecrit(entite: Any, genre: str, calque: str) -> Ecrit | None:
    """Text with the middle of its box, whose width is taken from its number of signs."""
    texte = entite.plain_text().strip()
    if not texte:
        return None
    lignes = texte.split("\n")
    if genre == "MTEXT":
        hauteur, angle = float(entite.dxf.char_height), math.radians(float(entite.get_rotation()))
        point = entite.dxf.insert
        rang = int(entite.dxf.get("attachment_point", 1)) - 1
        dx, dy = (0.5, 0.0, -0.5)[rang % 3], (-0.5, 0.0, 0.5)[rang // 3]
    else:
        hauteur, angle = float(entite.dxf.height), math.radians(float(entite.dxf.get("rotation", 0)))
        alignement, debut, fin = entite.get_placement()
        point = entite.ocs().to_wcs(debut)
        nom = alignement.name
        dx = -0.5 if nom.endswith("RIGHT") else 0.0 if nom.endswith("CENTER") or nom == "MIDDLE" else 0.5
        dy = -0.5 if nom.startswith("TOP") else 0.0 if nom.startswith("MIDDLE") else 0.5
        if fin is not None and nom in ("ALIGNED", "FIT"):
            point, dx = (point + entite.ocs().to_wcs(fin)) / 2, 0.0
    large = 0.7 * hauteur * max(map(len, lignes))
    haut = hauteur * (1 + 1.6 * (len(lignes) - 1))
    cos, sin = math.cos(angle), math.sin(angle)
    u, v = dx * large, dy * haut
    return Ecrit(texte, calque, (point.x + u * cos - v * sin, point.y + u * sin + v * cos), hauteur, large, angle)
