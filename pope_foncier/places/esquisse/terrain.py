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
    jour: BaseGeometry
    """Sides of ``libre`` that face a façade which is not blind."""
    voies: BaseGeometry
    """Sides near a platform or a track."""
    cour: BaseGeometry
    """Sides along a yard."""
    entrees: tuple[tuple[float, float], ...]
    """Entrances drawn, at their middle."""
    poteaux: BaseGeometry
    noyaux: BaseGeometry

    def quart(self) -> Terrain:
        """Same ground, turned by a quarter."""
        from shapely.affinity import rotate

        def tourner(forme: BaseGeometry) -> Any:
            return rotate(forme, 90, origin=self.pivot)

        x0, y0 = self.pivot
        entrees = tuple((x0 - (y - y0), y0 + (x - x0)) for x, y in self.entrees)
        formes = (
            tourner(f) for f in (self.mur, self.libre, self.jour, self.voies, self.cour, self.poteaux, self.noyaux)
        )
        mur, libre, jour, voies, cour, poteaux, noyaux = formes
        return Terrain(self.angle + 90, self.pivot, mur, libre, jour, voies, cour, entrees, poteaux, noyaux)

    def vers_le_plan(self, forme: BaseGeometry) -> Any:
        """Shape of this frame in the coordinates of the plan, to the millimetre."""
        from shapely import set_precision
        from shapely.affinity import rotate

        return set_precision(rotate(forme, -self.angle, origin=self.pivot), 0.001)


def terrain_du_plan(plan: PlanTrace, hypotheses: Hypotheses, niveau: int = 0) -> Terrain:
    """Ground of a plan: its outline, with what its drawing keeps.

    Raises:
        ErreurCalcul: no outline, or several buildings that do not touch.
    """
    from shapely import union_all
    from shapely.affinity import rotate

    contours = [b.forme for b in plan.batiments_du_niveau(niveau)]
    if not contours:
        raise ErreurCalcul(f"« {plan.fiche.titre} » : aucun contour de bâtiment, donc aucune esquisse. Dessiner « batiment ».")
    mur = union_all(contours)
    if mur.geom_type != "Polygon":
        raise ErreurCalcul(f"« {plan.fiche.titre} » : plusieurs bâtiments séparés. En garder un seul dans le plan de départ.")
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
    jour = _facade(plan, ici, libre, mur, epaisseur, niveau)
    rails = ici([*plan.formes("quai"), *plan.formes("voie")])
    dehors = libre.boundary.intersection(mur.boundary.buffer(epaisseur + 0.05, join_style="mitre"))
    voies = _le_long(dehors, rails, hypotheses.rail_m.valeur)
    cour = _le_long(dehors, ici(plan.formes("cour")), epaisseur + _PRES_M)
    portes = [f for f in _formes(plan, "porte", niveau) if _est_entree(plan, f)]
    milieux = [rotate(f.centroid, angle, origin=pivot) for f in portes]
    entrees = tuple((float(p.x), float(p.y)) for p in milieux if p.distance(mur.boundary) < _PRES_M)
    return Terrain(angle, pivot, mur, libre, jour, voies, cour, entrees, poteaux, noyaux)


def _formes(plan: PlanTrace, nature: str, niveau: int) -> list[BaseGeometry]:
    return [e.forme for e in plan.elements if e.element.nature == nature and e.element.niveau == niveau]


def _est_entree(plan: PlanTrace, forme: BaseGeometry) -> bool:
    """Whether a door drawn is the way in: an exit, or any door when none says so."""
    portes = [e for e in plan.elements if e.element.nature == "porte"]
    issues = [e for e in portes if getattr(e.element, "issue", None)]
    return any(e.forme is forme for e in (issues or portes))


def _facade(plan: PlanTrace, ici: Any, libre: BaseGeometry, mur: BaseGeometry, epaisseur: float, niveau: int) -> Any:
    """Sides that take daylight: those of the outer walls, blind ones out; only the windows when some are drawn."""
    cotes = libre.boundary.intersection(mur.boundary.buffer(epaisseur + 0.05, join_style="mitre"))
    aveugles = plan.formes("facade_aveugle")
    if aveugles:
        cotes = cotes.difference(ici(aveugles).buffer(epaisseur + 0.2, cap_style="flat"))
    if fenetres := _formes(plan, "fenetre", niveau):
        cotes = cotes.intersection(ici(fenetres).buffer(epaisseur + 0.2, cap_style="flat"))
    return cotes


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
            if milieu.distance(voisin) <= distance_m and milieu.distance(voisin) < centre.distance(voisin) - 0.5:
                if cote.distance(voisin) > 0.7 * max(milieu.distance(voisin), 0.1):
                    gardes.append(cote)
    return union_all(gardes) if gardes else LineString()


def _direction(mur: BaseGeometry) -> float:
    """Direction of the main walls, within a quarter turn [degrees]: the one that most of the outline follows."""
    cotes: dict[int, float] = {}
    exactes: dict[int, list[tuple[float, float]]] = {}
    for (xa, ya), (xb, yb) in pairwise(mur.exterior.coords):  # type: ignore[attr-defined]
        longueur = math.hypot(xb - xa, yb - ya)
        degres = math.degrees(math.atan2(yb - ya, xb - xa)) % 90
        rang = round(degres / 3) % 30
        cotes[rang] = cotes.get(rang, 0.0) + longueur
        exactes.setdefault(rang, []).append((longueur, degres))
    principal = max(cotes, key=lambda r: (round(cotes[r], 3), -r))
    degres = max(exactes[principal])[1]
    return 0.0 if min(degres, 90 - degres) < 1e-3 else degres
