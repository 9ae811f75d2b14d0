"""What a reader of a drawing must know: its unit, what closes no outline, layers of unknown use, areas that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pope_foncier.lieu.fichiers.calques import FERMENT
from pope_foncier.lieu.fichiers.dxf_dessin import Dessin, Lu
from pope_foncier.lieu.fichiers.dxf_pieces import ESPACES_CLOS, Contour
from pope_foncier.lieu.fichiers.unites_du_dessin import en_unites
from pope_foncier.socle.nombres import formater_nombre

if TYPE_CHECKING:
    from shapely.geometry import Polygon

_CALQUES_MAX = 12
_ECART_IMPRIME = 0.05
"""Relative difference between the area printed and the area drawn from which it is said."""


def avis_du_dessin(dessin: Dessin, lu: Lu, probable: tuple[float, str] | None, metres: float, rendu: bool) -> list[str]:
    """Sentences on a drawing, the most serious first; ``rendu``: it holds outlines of ours besides."""
    return [
        *_unite(dessin, probable),
        *(() if rendu else _sans_contour(lu, metres)),
        *_vides(lu.vides, metres),
        *_surfaces_imprimees(lu.contours, metres),
        *_calques_des_murs(dessin),
        *_calques_inconnus(dessin),
    ]


def _unite(dessin: Dessin, probable: tuple[float, str] | None) -> list[str]:
    if probable is None or dessin.declaree is None:
        return []
    declare = en_unites(dessin.declaree)
    return [f"Le fichier déclare des {declare}, mais {probable[1]} : à confirmer avant toute mesure."]


def _sans_contour(lu: Lu, metres: float) -> list[str]:
    """No building and no room: what the walls close is said, never the box around them."""
    grands = [
        c for c in lu.contours if c.forme.area * metres**2 >= 1 and c.nature in ("batiment", "piece", "parcelle", "")
    ]
    clos = [c for c in grands if c.couche == ESPACES_CLOS and not c.nature]
    if len(grands) > len(clos):
        return []
    if not lu.murs:
        return [
            "Aucun contour fermé de bâtiment, de pièce ni de parcelle dans ce dessin : y tracer le contour, fermé, sur un calque à part."
        ]
    emprise = formater_nombre(_surface(lu.murs) * metres**2, 2)
    return [
        f"Aucun contour fermé de bâtiment ni de pièce : les murs ne ferment que leurs propres emprises ({len(lu.murs)}, {emprise} m² "
        f"en tout){_petits(clos, metres)}. Y tracer le contour, fermé, sur un calque à part ; le rectangle autour des murs n'est pas une surface."
    ]


def _petits(clos: Sequence[Contour], metres: float) -> str:
    if not clos:
        return ""
    aires = ", ".join(f"{formater_nombre(c.forme.area * metres**2, 2)} m²" for c in clos[:5])
    return f" et {len(clos)} espace{'s' if len(clos) > 1 else ''} sans nom ({aires})"


def _surface(polygones: Sequence[Polygon]) -> float:
    return sum(float(p.area) for p in polygones)


def _vides(vides: Sequence[Contour], metres: float) -> list[str]:
    if not vides:
        return []
    aires = ", ".join(f"{formater_nombre(c.forme.area * metres**2, 2)} m²" for c in vides[:5])
    noms = ", ".join(f"« {n} »" for n in dict.fromkeys(c.couche for c in vides))
    return [
        f"Contours tracés dans un autre du même calque ({noms}), pris pour des vides : {aires}{'…' if len(vides) > 5 else ''}."
    ]


def _surfaces_imprimees(contours: Sequence[Contour], metres: float) -> list[str]:
    ecarts = [
        f"« {c.nom or c.couche} » {formater_nombre(c.forme.area * metres**2, 2)} m² tracés, {formater_nombre(c.surface_m2, 2)} écrits"
        for c in contours
        if c.nature == "piece" and c.surface_m2 and abs(c.forme.area * metres**2 / c.surface_m2 - 1) > _ECART_IMPRIME
    ]
    if not ecarts:
        return []
    suite = f" ; et {len(ecarts) - 5} autres" if len(ecarts) > 5 else ""
    return [f"Surfaces écrites sur le plan et tracées qui diffèrent : {' ; '.join(ecarts[:5])}{suite}."]


def _calques_des_murs(dessin: Dessin) -> list[str]:
    traits = Counter(c for c, _ in (*dessin.traits.fermes, *dessin.traits.lignes) if dessin.role(c) in FERMENT)
    if not traits:
        return []
    noms = [f"« {c} » ({dessin.role(c)}, {n})" for c, n in traits.most_common(_CALQUES_MAX)]
    return [f"Calques dont les traits ferment les pièces : {', '.join(noms)}."]


def _calques_inconnus(dessin: Dessin) -> list[str]:
    traits = Counter(
        c for c, _ in (*dessin.traits.fermes, *dessin.traits.lignes, *dessin.traits.hachures) if not dessin.role(c)
    )
    if not traits:
        return []
    noms = [f"« {c} » ({n})" for c, n in traits.most_common(_CALQUES_MAX)]
    suite = f" et {len(traits) - _CALQUES_MAX} autres" if len(traits) > _CALQUES_MAX else ""
    return [f"Calques dont le nom ne dit pas l'usage (traits) : {', '.join(noms)}{suite}."]
