"""Map of several places at one scale: where each lies, how far they are from each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from pope_foncier.lieu.site import Site
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.lieu import dessin_de_carte as dessin
from pope_foncier.vues.lieu.carte import Carte, position
from pope_foncier.vues.lieu.dessin_de_carte import ECHELLES, HAUT_MM, SIGNES, Carre, Fond

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_MARGE = 1.35
"""Room left around the places, for their names."""


def dresser_ensemble(sites: Sequence[Site]) -> Carte | str:
    """Map of some places, or in words why there is none."""
    from shapely import union_all

    places = [(site.nom, p) for site in sites if (p := position(site)) is not None]
    inconnus = [site.nom for site in sites if site.position is None]
    absents = f"Sans position dans leur fiche : {', '.join(inconnus)}." if inconnus else ""
    if len(places) < 2:
        return f"Pas de carte : il faut la position de deux lieux au moins. {absents}".strip()
    tous = union_all([p for _, p in places])
    centre = tous.envelope.centroid
    rayon = _MARGE * max(500.0, *(math.hypot(p.x - centre.x, p.y - centre.y) for _, p in places))
    if 2000 * rayon / ECHELLES[-1] > HAUT_MM:
        return f"Pas de carte : ces lieux sont trop loin les uns des autres pour une même feuille. {_distances(places)}"
    fond = Fond.autour(centre, rayon)
    carres = [
        (Carre(nom, 0.0, False), forme) for nom, forme in dessin.carres_du_cadre(fond)
    ]  # squares of 1 km, as a scale alone
    signes, noms = dessin.points(fond, "lieu", places)
    corps = [*dessin.grille(fond, carres), *signes, *(fond.nommer(*nom) for nom in noms)]
    point = f'<path d="{SIGNES["lieu"].chemin}" fill="{SIGNES["lieu"].couleur}"/>'
    cle = [
        (point, "lieu de l'atelier"),
        (
            '<rect x="-2.6" y="-1.7" width="5.2" height="3.4" fill="white" stroke="#8a8a8a" stroke-width=".25"/>',
            "1 km de côté",
        ),
    ]
    texte = f"Carte des lieux de l'atelier. {_distances(places)}"
    sources = dict.fromkeys(s.position.source.titre for s in sites if s.position is not None)
    return Carte(
        dessin.feuille(fond, corps, cle),
        texte,
        f"positions : {' ; '.join(sources)}. Projection Lambert-93.",
        absents,
        "",
    )


def _distances(places: Sequence[tuple[str, BaseGeometry]]) -> str:
    """Distance between each two places, as the crow flies."""
    dites = [
        f"{a} – {b} : {formater_nombre(pa.distance(pb) / 1000, 1)} km" for (a, pa), (b, pb) in combinations(places, 2)
    ]
    return f"À vol d'oiseau : {' ; '.join(dites)}."
