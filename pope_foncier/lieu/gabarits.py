"""Clearances of a wheelchair: turning disc, space before a door, space at an equipment, room for a ramp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pope_foncier.lieu.reseau import Baie
from pope_foncier.socle.enregistrements import enregistrement

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_GLISSE_M = 0.05
_JEU_M = 1e-3


def debattement(porte: Baie) -> BaseGeometry | None:
    """Floor that the leaf of a hinged door sweeps, one leaf or two; None when its side is unknown or it slides.

    One leaf is hung at the first point of the line.
    """
    from shapely import union_all
    from shapely.geometry import LineString, Point

    element = porte.trace.element
    if porte.vers is None or element.ouverture == "coulissante":
        return None
    sens = 1.0 if porte.vers == 0 else -1.0
    nx, ny = sens * porte.normale[0], sens * porte.normale[1]
    (xa, ya), (xb, yb) = (tuple(porte.trace.forme.coords[k][:2]) for k in (0, -1))
    longueur = math.hypot(xb - xa, yb - ya)
    deux = (element.vantaux or 1) >= 2
    gonds = [(xa, ya), (xb, yb)] if deux else [(xa, ya)]
    vantail = longueur / len(gonds)
    balayes = []
    for x, y in gonds:
        cote = LineString([(xa + nx * vantail, ya + ny * vantail), (xb + nx * vantail, yb + ny * vantail)])
        bande = LineString([(xa, ya), (xb, yb)]).union(cote).convex_hull
        balayes.append(Point(x, y).buffer(vantail).intersection(bande))
    return union_all(balayes)


def grand_cote_m(forme: BaseGeometry) -> float:
    """Longer side of the smallest rectangle round a shape [m]."""
    a, b, c = forme.minimum_rotated_rectangle.exterior.coords[:3]
    return max(math.dist(a, b), math.dist(b, c))


def diametre_libre_m(piece: BaseGeometry, retires: Sequence[BaseGeometry] = ()) -> float:
    """Largest disc that fits on a floor once some parts are taken out [m], to the centimetre."""
    from shapely import get_parts, maximum_inscribed_circle, union_all

    libre = piece.difference(union_all(list(retires))) if retires else piece
    morceaux = [p for p in get_parts(libre) if p.area > 0]
    return max((2 * float(maximum_inscribed_circle(p, tolerance=0.005).length) for p in morceaux), default=0.0)


def rectangle_tient(piece: BaseGeometry, porte: Baie, rang: int, largeur_m: float, longueur_m: float) -> bool:
    """Whether a rectangle lies before a door in a room, straight ahead or along the wall, the doorway inside its side."""
    import numpy as np
    import shapely

    sens = 1.0 if porte.cotes[0] == rang else -1.0
    normale = np.array([sens * porte.normale[0], sens * porte.normale[1]])
    tangente = np.array([-normale[1], normale[0]])
    seuil = np.array(porte.seuil(rang))
    ouverture = porte.largeur_m or porte.tracee_m
    large = piece.buffer(_JEU_M, join_style="mitre")
    shapely.prepare(large)
    for face, profondeur in ((largeur_m, longueur_m), (longueur_m, largeur_m)):
        jeu = max((face - ouverture) / 2, 0.0)
        coins = np.array([(-face / 2, 0.0), (face / 2, 0.0), (face / 2, profondeur), (-face / 2, profondeur)])
        base = seuil + coins[:, :1] * tangente + coins[:, 1:] * normale
        pas = max(round(jeu / _GLISSE_M), 1)
        glisses = jeu * np.arange(-pas, pas + 1) / pas
        if shapely.covers(large, shapely.polygons(base + glisses[:, None, None] * tangente)).any():
            return True
    return False


def place_pour(piece: BaseGeometry, largeur_m: float, longueur_m: float) -> bool:
    """Whether a rectangle lies somewhere on a floor, along either direction of the room, to ``_GLISSE_M``."""
    import numpy as np
    import shapely
    from shapely.affinity import rotate

    if piece.is_empty:
        return False
    (x0, y0), (x1, y1) = piece.minimum_rotated_rectangle.exterior.coords[:2]
    c, s = (x1 - x0) / math.hypot(x1 - x0, y1 - y0), (y1 - y0) / math.hypot(x1 - x0, y1 - y0)
    droite = rotate(piece, -math.atan2(s, c), origin=(0, 0), use_radians=True)
    large = droite.buffer(_JEU_M, join_style="mitre")
    shapely.prepare(large)
    a, b, u, v = droite.bounds
    for dx, dy in ((largeur_m, longueur_m), (longueur_m, largeur_m)):
        xs, ys = (np.append(np.arange(bas, haut - d, _GLISSE_M), haut - d) for bas, haut, d in ((a, u, dx), (b, v, dy)))
        x, y = (g.ravel() for g in np.meshgrid(xs, ys))
        if shapely.covers(large, shapely.box(x, y, x + dx, y + dy)).any():
            return True
    return False


@enregistrement
class Rampe:
    """Ramp that makes up a level, under some slopes: slope, length of slope, length with its landings [m]."""

    pente: float
    longueur_m: float
    avec_paliers_m: float


def rampe_pour(denivele_m: float, pentes: dict[str, float], mesures: dict[str, float]) -> Rampe:
    """Shortest ramp for a level: the steepest slope that its length admits, a landing at each end and within."""
    palier, entre = mesures["palier_longueur"], mesures["entre_paliers"]
    pente = pentes["courante"]
    for cle in ("demi_metre", "deux_metres"):
        if denivele_m / pentes[cle] <= mesures[cle] + 1e-9:
            pente = pentes[cle]
            break
    longueur = denivele_m / pente
    au_milieu = math.ceil(longueur / entre - 1e-9) - 1 if pente >= pentes["avec_paliers"] - 1e-9 else 0
    return Rampe(pente, longueur, longueur + palier * (2 + au_milieu))
