"""Ground of a sketch: the outline in its own frame, what stays (cores, columns, openings), and where light, yard and entrance are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul

if TYPE_CHECKING:
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

_PRES_M = 1.2
"""How far from a wall an opening or a yard may be drawn and still be its own [m]."""


@enregistrement
class Terrain:
    """Outline of one storey turned so that its main walls lie along the axes, the longest way along x."""

    angle: float
    """Turn from the plan to this frame [degrees], around ``pivot``."""
    pivot: tuple[float, float]
    mur: BaseGeometry
    """Outline as drawn."""
    libre: Polygon
    """Inside of the outer walls, cores out, half a partition beyond the rooms."""
    dehors: BaseGeometry
    """Sides of ``libre`` along an outer wall that is not blind: a door may open there."""
    jour: BaseGeometry
    """Those that take daylight: the same, or the windows drawn when no other may be opened."""
    fenetres: BaseGeometry
    """Windows drawn on the outer walls."""
    percer: bool
    """Whether others may be opened."""
    jour_par_m: float
    """Metres of façade that a metre of ``jour`` is worth: one, or more for windows alone."""
    voies: BaseGeometry
    """Sides near a platform or a track."""
    cour: BaseGeometry
    """Sides along a yard."""
    entrees: tuple[tuple[float, float], ...]
    """Entrances drawn, at their middle."""
    poteaux: BaseGeometry
    noyaux: BaseGeometry

    @property
    def tout_eclaire(self) -> bool:
        """Whether daylight is taken wherever a door may open, metre for metre."""
        return self.jour_par_m == 1.0 and self.jour.equals_exact(self.dehors, 0.0)

    def quart(self) -> Terrain:
        """Same ground, turned by a quarter."""
        from shapely.affinity import rotate

        def tourner(forme: BaseGeometry) -> Any:
            return rotate(forme, 90, origin=self.pivot)

        x0, y0 = self.pivot
        entrees = tuple((x0 - (y - y0), y0 + (x - x0)) for x, y in self.entrees)
        formes = {
            nom: tourner(getattr(self, nom))
            for nom in ("mur", "libre", "dehors", "jour", "fenetres", "voies", "cour", "poteaux", "noyaux")
        }
        reste = {nom: getattr(self, nom) for nom in ("pivot", "percer", "jour_par_m")}
        return Terrain(angle=self.angle + 90, entrees=entrees, **reste, **formes)

    def vers_le_plan(self, forme: BaseGeometry) -> Any:
        """Shape of this frame in the coordinates of the plan, to the millimetre."""
        from shapely import set_precision
        from shapely.affinity import rotate

        return set_precision(rotate(forme, -self.angle, origin=self.pivot), 0.001)


def terrain_du_plan(plan: PlanTrace, hypotheses: Hypotheses, niveau: int = 0, percer: bool = True) -> Terrain:
    """Ground of a plan: its outline, with what its drawing keeps.

    Args:
        percer: whether windows may be opened beside those drawn.

    Raises:
        ErreurCalcul: no outline, or several buildings that do not touch.
    """
    from shapely import union_all
    from shapely.affinity import rotate

    mur = _contour(plan, niveau)
    angle, pivot = -_direction(mur), (float(mur.centroid.x), float(mur.centroid.y))
    x0, y0, x1, y1 = rotate(mur, angle, origin=pivot).bounds
    if y1 - y0 > x1 - x0 + 1e-6:
        angle += 90

    def ici(formes: Sequence[BaseGeometry]) -> Any:
        return rotate(union_all(list(formes)), angle, origin=pivot)

    mur = ici([mur])
    epaisseur = hypotheses.mur_m.valeur - hypotheses.cloison_m.valeur / 2
    noyaux, poteaux = (ici(_formes(plan, nature, niveau)) for nature in ("noyau", "poteau"))
    libre = mur.buffer(-epaisseur, join_style="mitre")
    if not noyaux.is_empty:
        libre = libre.difference(noyaux.buffer(hypotheses.cloison_m.valeur / 2, join_style="mitre"))
    libre = max(getattr(libre, "geoms", [libre]), key=lambda g: g.area)
    if libre.is_empty:
        raise ErreurCalcul(f"« {plan.fiche.titre} » : le contour est plus mince que ses murs.")
    dehors = libre.boundary.intersection(mur.boundary.buffer(epaisseur + 0.05, join_style="mitre"))
    rails = ici([*plan.formes("quai"), *plan.formes("voie")])
    voies = _le_long(dehors, rails, hypotheses.rail_m.valeur)
    cour = _le_long(dehors, ici(plan.formes("cour")), epaisseur + _PRES_M)
    if aveugles := plan.formes("facade_aveugle"):
        dehors = _sans(dehors, ici(aveugles), epaisseur + 0.2)
    bord = mur.boundary
    fenetres = ici([f for f in _formes(plan, "fenetre", niveau) if ici([f]).distance(bord) < _PRES_M / 2])
    jour, jour_par_m = dehors, 1.0
    if not percer and not fenetres.is_empty:
        h = hypotheses
        jour_par_m = h.baie_hauteur_m.valeur / h.baie_part.valeur / h.jour_profondeur_m.valeur
        jour = dehors.intersection(fenetres.buffer(epaisseur + 0.2, cap_style="flat"))
    entrees = tuple(
        (float(p.x), float(p.y))
        for p in (ici([f]).centroid for f in _entrees(plan, niveau))
        if p.distance(bord) < _PRES_M
    )
    return Terrain(
        angle=angle,
        pivot=pivot,
        mur=mur,
        libre=libre,
        dehors=dehors,
        jour=jour,
        fenetres=fenetres,
        percer=percer,
        jour_par_m=jour_par_m,
        voies=voies,
        cour=cour,
        entrees=entrees,
        poteaux=poteaux,
        noyaux=noyaux,
    )


def _contour(plan: PlanTrace, niveau: int) -> Any:
    """Outline of a storey, in one piece."""
    from shapely import union_all

    contours = [b.forme for b in plan.batiments_du_niveau(niveau)]
    if not contours:
        raise ErreurCalcul(
            f"« {plan.fiche.titre} » : aucun contour de bâtiment, donc aucune esquisse. Dessiner « batiment »."
        )
    mur = union_all(contours)
    if mur.geom_type != "Polygon":
        raise ErreurCalcul(
            f"« {plan.fiche.titre} » : plusieurs bâtiments séparés. En garder un seul dans le plan de départ."
        )
    return mur


def _formes(plan: PlanTrace, nature: str, niveau: int) -> list[BaseGeometry]:
    return [e.forme for e in plan.elements if e.element.nature == nature and e.element.niveau == niveau]


def _entrees(plan: PlanTrace, niveau: int) -> list[BaseGeometry]:
    """Doors drawn as the way in: those that say so by their name, else the exits."""
    issues = [e for e in plan.de_nature("porte", niveau) if e.element.issue]
    nommees = [e for e in issues if e.nom.lower().startswith("entrée")]
    return [e.forme for e in nommees or issues]


def _sans(cotes: BaseGeometry, aveugles: BaseGeometry, distance_m: float) -> Any:
    """Sides without those that a blind wall runs along: a wall that only meets them at a corner takes nothing away."""
    from shapely import get_parts, union_all
    from shapely.geometry import LineString

    murs = [LineString(p) for ligne in get_parts(aveugles) for p in pairwise(ligne.coords)]
    gardes = []
    for ligne in get_parts(cotes):
        for paire in pairwise(ligne.coords):
            cote = LineString(paire)
            le_long = [m.buffer(distance_m, cap_style="flat") for m in murs if _paralleles(cote, m)]
            gardes.append(cote.difference(union_all(le_long)) if le_long else cote)
    return union_all(gardes)


def _paralleles(a: BaseGeometry, b: BaseGeometry) -> bool:
    """Whether two straight lines run the same way, within 20°."""
    directions = []
    for ligne in (a, b):
        (x0, y0), (x1, y1) = ligne.coords[0][:2], ligne.coords[-1][:2]
        directions.append(math.atan2(y1 - y0, x1 - x0))
    return abs(math.sin(directions[0] - directions[1])) <= math.sin(math.radians(20))


def _le_long(cotes: BaseGeometry, voisin: BaseGeometry, distance_m: float) -> Any:
    """Sides that face a neighbour within a distance: those nearer to it than the middle of the outline."""
    from shapely import get_parts, union_all
    from shapely.geometry import LineString

    if voisin.is_empty:
        return LineString()
    centre, gardes = cotes.envelope.centroid, []
    for ligne in get_parts(cotes):
        for a, b in pairwise(ligne.coords):
            cote = LineString([a, b])
            milieu = cote.centroid
            loin = milieu.distance(voisin)
            tourne_vers = loin < centre.distance(voisin) - 0.5 and cote.distance(voisin) > 0.7 * max(loin, 0.1)
            if loin <= distance_m and tourne_vers:
                gardes.append(cote)
    return union_all(gardes) if gardes else LineString()


def _direction(mur: BaseGeometry) -> float:
    """Direction of the main walls, within a quarter turn [degrees]: the one that most of the outline follows."""
    cotes: dict[int, float] = {}
    exactes: dict[int, list[tuple[float, float]]] = {}
    for (xa, ya), (xb, yb) in pairwise(mur.exterior.coords):
        longueur = math.hypot(xb - xa, yb - ya)
        degres = math.degrees(math.atan2(yb - ya, xb - xa)) % 90
        rang = round(degres / 3) % 30
        cotes[rang] = cotes.get(rang, 0.0) + longueur
        exactes.setdefault(rang, []).append((longueur, degres))
    principal = max(cotes, key=lambda r: (round(cotes[r], 3), -r))
    degres = max(exactes[principal])[1]
    return 0.0 if min(degres, 90 - degres) < 1e-3 else degres
