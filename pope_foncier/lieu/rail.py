"""Railway beside a site: distances from the buildings to what is drawn, and to the emprise that the law counts from."""

from __future__ import annotations

from collections.abc import Mapping

from pope_foncier.lieu.geometrie import distance_m
from pope_foncier.lieu.plan import Nature, PlanTrace
from pope_foncier.socle.nombres import formater_nombre


def distance_au_rail_m(plan: PlanTrace) -> float:
    """Distance from the buildings to the nearest platform edge or track drawn [m]; infinite when none is drawn."""
    return min(_distance(plan, "quai"), _distance(plan, "voie"))


def distance_a_l_emprise_m(plan: PlanTrace, emprise_m: float) -> float:
    """Distance from the buildings to the railway emprise [m]; infinite when neither platform nor track is drawn.

    The emprise is the platform edge, or by default a line at ``emprise_m`` from the outer rail (code des transports,
    article R. 2231-2). Talus and ditches are not drawn: they can only bring it nearer.
    """
    return max(min(_distance(plan, "quai"), _distance(plan, "voie") - emprise_m), 0.0)


def bandes_de_bruit(plan: PlanTrace | None, largeurs_m: Mapping[str, float]) -> str:
    """French sentence: strips of the sound classification by category, and where the buildings lie among them."""
    largeurs = list(largeurs_m.values())
    *premieres, derniere = (formater_nombre(v) for v in largeurs)
    texte = f"bandes de {', '.join(premieres)} et {derniere} m de la catégorie 1 à {len(largeurs)}, classement à lire"
    distance = _distance(plan, "voie") if plan is not None else float("inf")
    if distance == float("inf"):
        return texte
    dans = sum(distance <= v for v in largeurs)
    ou = "hors de toutes les bandes de cette voie"
    if dans:
        ou = f"dans la bande des catégories 1 à {dans}" if dans > 1 else "dans la bande de la catégorie 1"
    return f"{texte} ; bâtiment à {formater_nombre(distance, 1)} m : {ou}"


def _distance(plan: PlanTrace, nature: Nature) -> float:
    from shapely import union_all

    return distance_m(union_all(plan.formes("batiment")), union_all(plan.formes(nature)))
