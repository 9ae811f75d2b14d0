"""Shapes of a building model seen in plan: footprint of a solid, its heights, line of a door or of a window in its wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.extras import bibliotheque

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

EXTRA = ("ifc", "La lecture d'un modèle IFC")
_GRILLE_M = 1e-4
"""Points of a mesh closer than this are one [m]."""
_MIETTE_M2 = 1e-3
"""Parts and holes of a footprint under this are those of its mesh [m²]."""
_JOINT_M = 0.05
"""Walls whose ends are closer than twice this meet [m]."""
_PLAT_M = 0.02
"""A floor or a ceiling flat within this has one level [m]."""
_DEHORS = 0.02
"""Share of a room that may lie out of the walls that hold it."""


@enregistrement
class Volume:
    """Solid of a model: its footprint and its levels [m]."""

    emprise: BaseGeometry
    bas: float
    haut: float
    droit: bool
    """Whether its floor and its ceiling are flat: its height is then one."""


class Formes:
    """Solids of a model, meshed once each, in metres and in the axes of the project."""

    def __init__(self) -> None:
        self._geom = bibliotheque("ifcopenshell.geom", *EXTRA)
        self._reglages = self._geom.settings()
        self._reglages.set("use-world-coords", True)
        self._reglages.set("disable-opening-subtractions", True)

    def volume(self, produit: Any) -> Volume | None:
        """Solid of a product, its parts together; None when it has no shape that can be read."""
        import numpy as np
        from shapely import area, polygons, union_all

        points, faces, depart = [], [], 0
        for piece in (produit, *(p for r in produit.IsDecomposedBy for p in r.RelatedObjects)):
            if not getattr(piece, "Representation", None) or piece.is_a("IfcRailing"):
                continue
            try:
                maille = self._geom.create_shape(self._reglages, piece).geometry
            except Exception:  # whatever the library raises on a shape that it cannot make
                continue
            sommets = np.asarray(maille.verts, dtype=float).reshape(-1, 3)
            points.append(sommets)
            faces.append(np.asarray(maille.faces, dtype=int).reshape(-1, 3) + depart)
            depart += len(sommets)
        if not depart:
            return None
        triangles = np.concatenate(points)[np.concatenate(faces)]
        plans = polygons(triangles[:, :, :2])
        plats = area(plans) > 1e-9
        emprise = _nette(union_all(plans[plats], grid_size=_GRILLE_M).simplify(_GRILLE_M))
        if emprise.is_empty or not np.isfinite(triangles).all():
            return None
        z = triangles[plats][:, :, 2]
        bas, haut = float(z.min()), float(z.max())
        couvert = [area(plans[plats][(abs(z - niveau) < _PLAT_M).all(axis=1)]).sum() for niveau in (bas, haut)]
        return Volume(emprise, bas, haut, min(couvert) > (1 - _DEHORS) * emprise.area)


def _nette(emprise: BaseGeometry) -> BaseGeometry:
    """Footprint without the crumbs of a mesh: parts and holes too small to be drawn."""
    from shapely import MultiPolygon, Polygon

    parties = []
    for p in getattr(emprise, "geoms", [emprise]):
        if p.geom_type == "Polygon" and p.area > _MIETTE_M2:
            parties.append(Polygon(p.exterior, [t for t in p.interiors if Polygon(t).area > _MIETTE_M2]))
    return parties[0] if len(parties) == 1 else MultiPolygon(parties)


def trait(emprise: BaseGeometry, largeur_m: float | None) -> BaseGeometry | None:
    """Line of an opening along its wall: the middle of its footprint, on the side whose length is nearest to its width."""
    import numpy as np
    from shapely import LineString

    coins = np.array(emprise.minimum_rotated_rectangle.exterior.coords) if emprise.area > 0 else np.empty((0, 2))
    if len(coins) < 5:
        return None
    cotes = [coins[1] - coins[0], coins[2] - coins[1]]
    longueurs = [float(np.hypot(*c)) for c in cotes]
    rang = min((0, 1), key=lambda i: abs(longueurs[i] - largeur_m) if largeur_m else -longueurs[i])
    demi = cotes[rang] / longueurs[rang] * (largeur_m or longueurs[rang]) / 2
    centre = coins[:4].mean(axis=0)
    return LineString([centre - demi, centre + demi])


def contour(murs: list[BaseGeometry], pieces: list[BaseGeometry]) -> list[BaseGeometry]:
    """Outer outlines that walls close around the rooms; none when they leave one of them open.

    Without rooms, what the walls enclose is taken when it is more than the walls themselves.
    """
    from shapely import Polygon, union_all

    if not murs:
        return []
    masse = union_all(murs)
    ferme = masse.buffer(_JOINT_M, join_style="mitre").buffer(-_JOINT_M, join_style="mitre")
    pleins = [Polygon(p.exterior) for p in getattr(ferme, "geoms", [ferme])]
    if not pieces:
        return [p for p in pleins if p.area > 2 * p.intersection(masse).area]
    tenants = [p for p in pleins if any(p.intersects(x.representative_point()) for x in pieces)]
    return tenants if tenants and contient(union_all(tenants), pieces) else []


def contient(contour: BaseGeometry, pieces: list[BaseGeometry]) -> bool:
    """Whether an outline holds all the rooms, within the thickness of a joint."""
    large = contour.buffer(_JOINT_M)
    return all(x.difference(large).area <= _DEHORS * x.area for x in pieces)
