"""Map of the INSEE 1 km squares around a site: inhabitants of each, the site, the other sites of the project; SVG text, no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pope_foncier.lieu.carreau import COTE_M, Carreaux
from pope_foncier.lieu.geometrie import LAEA_EUROPE, projeter
from pope_foncier.lieu.site import Site
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes.proteger import proteger

_COTES = (7, 5)
"""Squares across and down; odd, so that the site is in the middle one."""
_PAS, _PIED, _CORPS = 18.0, 8.0, 3.0
"""Side of a square, foot of the map, height of the letters [mm]."""
_SIGNES = 42
"""Signs of the name of another site."""


@dataclass(frozen=True, slots=True)
class CarteDesCarreaux:
    """Map, the picture in words and its true width [mm]."""

    svg: str
    texte: str
    large_mm: float


def dessiner(site: Site, autres: Sequence[Site], carreaux: Carreaux) -> CarteDesCarreaux | None:
    """Squares around a site; None when its position is unknown, or when the extract holds none of them.

    Args:
        autres: other sites, shown when they stand on the map.
    """
    if site.position is None:
        return None
    x, y = _position(site)
    colonnes, rangees = _COTES
    est, nord = (int(v // COTE_M) * COTE_M for v in (x, y))
    x0, y1 = est - colonnes // 2 * COTE_M, nord + (rangees // 2 + 1) * COTE_M
    cases = {
        (c, r): carreaux.habitants.get(f"CRS3035RES{COTE_M}mN{y1 - (r + 1) * COTE_M}E{x0 + c * COTE_M}")
        for c in range(colonnes)
        for r in range(rangees)
    }
    if not any(v is not None for v in cases.values()):
        return None
    large, haut = colonnes * _PAS + 1.0, rangees * _PAS + _PIED
    corps = [*_grille(cases), *_lieux(site, autres, (x0, y1)), _echelle(haut)]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{large:.1f}mm" height="{haut:.1f}mm" viewBox="-0.5 -0.5 {large:.1f} {haut:.1f}" '
        f'font-family="DejaVu Sans,Liberation Sans,Arial,sans-serif" font-size="{_CORPS}">{"".join(corps)}</svg>'
    )
    centre = cases[colonnes // 2, rangees // 2]
    combien = "inconnus" if centre is None else formater_nombre(centre)
    texte = f"Carreaux Insee de 1 km autour de {site.nom} ; habitants de son carreau : {combien}."
    return CarteDesCarreaux(svg, texte, large)


def _position(site: Site) -> tuple[float, float]:
    """Place of a site in the metres of the INSEE grid."""
    from shapely.geometry import Point

    assert site.position is not None
    point = projeter(Point(site.position.longitude, site.position.latitude), arrivee=LAEA_EUROPE)
    return point.x, point.y


def _grille(cases: Mapping[tuple[int, int], float | None]) -> list[str]:
    """Squares, the darker the more inhabited, with their inhabitants."""
    plus = max(v for v in cases.values() if v is not None) or 1.0
    corps = []
    for (c, r), habitants in cases.items():
        gris = 255 if habitants is None else round(252 - 62 * habitants / plus)
        fond = f"rgb({gris},{gris},{gris})"
        dit = "inconnu" if habitants is None else formater_nombre(habitants)
        corps.append(
            f'<rect x="{c * _PAS:.1f}" y="{r * _PAS:.1f}" width="{_PAS}" height="{_PAS}" fill="{fond}" stroke="#666" stroke-width=".2"/>'
            f'<text x="{(c + 0.5) * _PAS:.1f}" y="{(r + 1) * _PAS - 1.4:.1f}" text-anchor="middle" fill="#333">{dit}</text>'
        )
    return corps


def _lieux(site: Site, autres: Sequence[Site], coin: tuple[float, float]) -> list[str]:
    """The site as a full disc, the others as hollow ones, each with its name."""
    corps = []
    colonnes, rangees = _COTES
    for lieu in (*autres, site):
        if lieu.position is None or (lieu is not site and lieu.nom == site.nom):
            continue
        x, y = _position(lieu)
        px, py = (x - coin[0]) / COTE_M * _PAS, (coin[1] - y) / COTE_M * _PAS
        if not (0 <= px <= colonnes * _PAS and 0 <= py <= rangees * _PAS):
            continue
        plein, gras = ("black", ' font-weight="bold"') if lieu is site else ("white", "")
        a_droite = px < colonnes * _PAS / 2
        nom, rangee = proteger(abreger(lieu.nom, _SIGNES)), py // _PAS * _PAS
        haut = rangee + min(max(py - rangee + 1.0, 1.4 * _CORPS), _PAS - 2 * _CORPS)  # never over a number
        corps.append(
            f'<circle cx="{px:.2f}" cy="{py:.2f}" r="1.5" fill="{plein}" stroke="black" stroke-width=".5"/><text x="{px + (2.4 if a_droite else -2.4):.2f}" '
            f'y="{haut:.2f}" text-anchor="{"start" if a_droite else "end"}" paint-order="stroke" stroke="white" stroke-width=".8"{gras}>{nom}</text>'
        )
    return corps


def _echelle(haut: float) -> str:
    """One kilometre."""
    y = haut - 3.0
    return (
        f'<path d="M0 {y}h{_PAS}M0 {y - 1}v2M{_PAS} {y - 1}v2" stroke="black" stroke-width=".4" fill="none"/>'
        f'<text x="{_PAS + 2}" y="{y + 1}">1 km ; grille Insee, nord en haut ou presque</text>'
    )
