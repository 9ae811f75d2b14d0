"""Plan to a true scale as SVG text, without any drawing library: rooms hatched by group and numbered, north, scale bar."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.lieu.cotes import nord_degres
from pope_foncier.lieu.plan import ElementTrace, PlanTrace
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.lieu.dessin import AUTOUR, COUR, GROUPES, PARC, TRAIT
from pope_foncier.vues.lieu.dessin_des_signes import Trait, symboles

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

ECHELLES = (50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 2000)
"""Denominators of scale, the largest drawing first."""
_MARGE, _PIED, _CORPS = 3.0, 13.0, 3.1
"""Margin, foot of the sheet with its scale bar, height of the letters [mm]."""
_MOTIFS = {
    "..": '<circle cx="1" cy="1" r=".16"/>',
    "xx": '<path d="M0 2L2 0M0 0L2 2"/>',
    "//": '<path d="M0 2L2 0"/>',
    "\\\\": '<path d="M0 0L2 2"/>',
    "--": '<path d="M0 1H2"/>',
    "o": '<circle cx="1" cy="1" r=".5" fill="none"/>',
    "++": '<path d="M1 0V2M0 1H2"/>',
}
_TYPES = {
    "parcelle": ("#ffffff", "", 'stroke-dasharray="2.4 .8 .5 .8" stroke-width=".25"'),
    "parc": (*PARC, 'stroke-width=".2"'),
    "cour": (*COUR, 'stroke-width=".3"'),
    "quai": ("#eeeeee", "++", 'stroke-width=".2"'),
    "batiment": ("#ffffff", "", 'stroke-width=".6"'),
}
"""Ground, hatch and line of what is drawn around the rooms, from the bottom up."""


@dataclass(frozen=True, slots=True)
class DessinALEchelle:
    """Drawing whose SVG has its true size on paper [mm]."""

    svg: str
    large_mm: float
    echelle: int


def echelle_qui_tient(plan: PlanTrace, large_mm: float, haut_mm: float) -> int:
    """Largest usual scale at which a plan fits a place on the page [mm]; beyond the smallest one, that one."""
    x0, y0, x1, y1 = _etendue(plan)
    tient = (
        e
        for e in ECHELLES
        if (x1 - x0) * 1000 / e <= large_mm - 2 * _MARGE and (y1 - y0) * 1000 / e <= haut_mm - 2 * _MARGE - _PIED
    )
    return next(tient, ECHELLES[-1])


def dessiner(
    plan: PlanTrace, large_mm: float, haut_mm: float, niveau: int = 0, echelle: int | None = None
) -> DessinALEchelle:
    """Storey of a plan at the largest usual scale that fits a place, cut beyond the smallest one; or at a scale that others share.

    Args:
        large_mm, haut_mm: place on the page [mm].
        niveau: storey drawn.
        echelle: denominator of the scale; the largest that fits when None.
    """
    x0, y0, x1, y1 = _etendue(plan)
    echelle = echelle or echelle_qui_tient(plan, large_mm, haut_mm)
    feuille = _Feuille(x0, y1, 1000.0 / echelle)
    large = min(max((x1 - x0) * feuille.pas + 2 * _MARGE, 90.0), large_mm)
    haut = min((y1 - y0) * feuille.pas + 2 * _MARGE + _PIED, haut_mm)
    feuille.bord = ((large - (x1 - x0) * feuille.pas) / 2, _MARGE)
    corps = [*_autour(plan, feuille, niveau), *_pieces(plan, feuille, niveau), *_pied(plan, feuille, large, haut)]
    motifs = "".join(
        f'<pattern id="{nom}" width="2" height="2" patternUnits="userSpaceOnUse"><rect width="2" height="2" fill="{couleur}"/>'
        f'<g stroke="#333" stroke-width=".12" fill="#333">{_MOTIFS[hachure]}</g></pattern>'
        for (couleur, hachure), nom in feuille.motifs.items()
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{large:.2f}mm" height="{haut:.2f}mm" viewBox="0 0 {large:.2f} {haut:.2f}" '
        f'font-family="DejaVu Sans,Liberation Sans,Arial,sans-serif" font-size="{_CORPS}"><defs>{motifs}<clipPath id="cadre">'
        f'<rect width="{large:.2f}" height="{haut - _PIED:.2f}"/></clipPath></defs>{"".join(corps)}</svg>'
    )
    return DessinALEchelle(svg, large, echelle)


class _Feuille:
    """Sheet in millimetres, counted from its upper left corner; paints of the hatches met."""

    def __init__(self, x0: float, y1: float, pas: float) -> None:
        self.x0, self.y1, self.pas = x0, y1, pas
        self.bord = (0.0, 0.0)
        self.motifs: dict[tuple[str, str], str] = {}

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Place of a point of the plan."""
        return self.bord[0] + (x - self.x0) * self.pas, self.bord[1] + (self.y1 - y) * self.pas

    def chemin(self, forme: BaseGeometry) -> str:
        """Outline of a shape, its holes too."""
        from shapely import get_parts

        lignes = [
            anneau
            for partie in get_parts(forme)
            for anneau in ((partie.exterior, *partie.interiors) if partie.geom_type == "Polygon" else (partie,))
        ]
        return "".join(
            "M" + "L".join("{:.2f} {:.2f}".format(*self.point(x, y)) for x, y, *_ in ligne.coords) for ligne in lignes
        )

    def fond(self, couleur: str, hachure: str) -> str:
        """Paint of a look."""
        if not hachure:
            return couleur
        return f"url(#{self.motifs.setdefault((couleur, hachure), f'h{len(self.motifs)}')})"

    def contour(self, element: ElementTrace, couleur: str, hachure: str, trait: str) -> str:
        """Filled outline of an element."""
        return (
            f'<path clip-path="url(#cadre)" d="{self.chemin(element.forme)}" fill="{self.fond(couleur, hachure)}" fill-rule="evenodd" '
            f'stroke="{TRAIT}" {trait}/>'
        )

    def trait(self, trait: Trait) -> str:
        """Stroke of a sign."""
        points = " ".join("{:.2f},{:.2f}".format(*self.point(x, y)) for x, y in trait.points)
        forme, fond = ("polygon", trait.fond) if trait.fond else ("polyline", "none")
        tirets = ' stroke-dasharray="1.6 .9"' if trait.tirets else ""
        return (
            f'<{forme} clip-path="url(#cadre)" points="{points}" fill="{fond}" stroke="{trait.couleur}" '
            f'stroke-width="{trait.epaisseur}"{tirets}/>'
        )


def _etendue(plan: PlanTrace) -> tuple[float, float, float, float]:
    """Extent of what is built [m]; tracks and parks are cut by the frame."""
    from shapely import union_all

    formes = [e.forme for e in plan.elements if e.element.nature not in AUTOUR]
    x0, y0, x1, y1 = union_all(formes or [e.forme for e in plan.elements]).bounds
    return x0, y0, x1, y1


def _autour(plan: PlanTrace, feuille: _Feuille, niveau: int) -> Iterator[str]:
    for nature, (couleur, hachure, trait) in _TYPES.items():
        elements = plan.batiments_du_niveau(niveau) if nature == "batiment" else plan.de_nature(nature)  # type: ignore[arg-type]
        yield from (feuille.contour(e, couleur, hachure, trait) for e in elements)
    for element in plan.de_nature("voie"):
        yield (
            f'<path clip-path="url(#cadre)" d="{feuille.chemin(element.forme)}" fill="none" stroke="#555" stroke-width=".5" '
            'stroke-dasharray="1.6 .8"/>'
        )


def _pieces(plan: PlanTrace, feuille: _Feuille, niveau: int) -> Iterator[str]:
    pieces = plan.de_nature("piece", niveau)
    for element in pieces:
        fonction = element.element.fonction or ""
        couleur, hachure = next(((c, h) for qui, c, h in GROUPES.values() if fonction in qui), ("#ffffff", ""))
        yield feuille.contour(element, couleur, hachure, 'stroke-width=".35"')
    for element in plan.de_nature("facade_aveugle"):
        yield f'<path d="{feuille.chemin(element.forme)}" fill="none" stroke="{TRAIT}" stroke-width=".9"/>'
    yield from (feuille.trait(t) for t in symboles(plan, niveau, feuille.pas))
    rangs = {str(nom): str(rang) for rang, nom, *_ in plan_simple.table(plan).cellules}
    for element in (*(pieces or plan.de_nature("batiment")), *plan.de_nature("cour")):
        if element.nom not in rangs:
            continue
        centre = element.forme.representative_point()
        x, y = feuille.point(centre.x, centre.y)
        demi = 0.5 * _CORPS * (0.35 + 0.62 * len(rangs[element.nom]))
        yield (
            f'<rect x="{x - demi:.2f}" y="{y - 0.62 * _CORPS:.2f}" width="{2 * demi:.2f}" height="{1.24 * _CORPS:.2f}" rx=".6" '
            f'fill="white" fill-opacity=".9"/><text x="{x:.2f}" y="{y + 0.35 * _CORPS:.2f}" text-anchor="middle">{rangs[element.nom]}</text>'
        )


def _pied(plan: PlanTrace, feuille: _Feuille, large: float, haut: float) -> Iterator[str]:
    """North and scale bar, of four steps, or of two on a narrow drawing."""
    metres = next(p for p in (1, 2, 5, 10, 20, 50, 100, 500) if p * feuille.pas >= 8.0)
    pas, x, y = metres * feuille.pas, 14.0, haut - 5.0
    pas_dessines = 4 if x + 4 * pas + 2 * _CORPS <= large else 2
    for rang in range(pas_dessines):
        fond = TRAIT if rang % 2 == 0 else "white"
        yield f'<rect x="{x + rang * pas:.2f}" y="{y:.2f}" width="{pas:.2f}" height="1.3" fill="{fond}" stroke="{TRAIT}" stroke-width=".2"/>'
    for rang in (r for r in (0, 1, 2, 4) if r <= pas_dessines):
        unite = "\u00a0m" if rang == pas_dessines else ""
        yield f'<text x="{x + rang * pas:.2f}" y="{y - 1.0:.2f}" text-anchor="middle">{rang * metres}{unite}</text>'
    angle, cx, cy = nord_degres(plan), 5.0, haut - 5.5
    if angle is None:
        yield f'<text x="{cx}" y="{cy:.2f}" text-anchor="middle">N ?<title>Nord non connu</title></text>'
        return
    dx, dy = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    yield (
        f'<g transform="translate({cx} {cy:.2f}) rotate({angle:.2f})"><path d="M0 3.2V-3M-1.1 -1L0 -3.2L1.1 -1" fill="none" stroke="{TRAIT}" '
        f'stroke-width=".4"/></g><text x="{cx + 5.0 * dx:.2f}" y="{cy - 4.6 * dy + 1.0:.2f}" text-anchor="middle">N</text>'
    )
