"""Variants as cards of a page: each with its drawing, all at one scale, and the lines that tell them apart."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.francais import espaces
from pope_foncier.vues.etude.variantes import ENTETES, Variante, croquis
from pope_foncier.vues.formes import page
from pope_foncier.vues.formes.gabarits import balises, rendre
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.lieu.dessin_en_svg import DessinALEchelle

_CROQUIS_MM = (60.0, 46.0)
"""Room of a drawing on a card [mm]; shown 320 px wide or more, its letters are 16 px high or more."""
_DITES = ("Places", "Ce qui limite", "Contrôles non tenus", "Fourchette du coût", "Ouverture")
"""Lines of a card; the table beside has them all."""


def cartes(variantes: Sequence[Variante]) -> str:
    """Cards as markup, whose style is ``page.STYLE_CARTES``."""
    dessins = croquis(variantes, *_CROQUIS_MM)
    return str(rendre("variantes.html", cartes=[_carte(v, d) for v, d in zip(variantes, dessins, strict=True)]))


def _carte(variante: Variante, dessin: DessinALEchelle | str) -> dict[str, Any]:
    dites = {nom: espaces(str(cellule)) for nom, cellule in zip(ENTETES, variante.cellules, strict=True)}
    lignes = [(nom, dites[nom]) for nom in _DITES]
    carte = {"nom": variante.nom, "dessin": "", "legende": dessin, "lignes": lignes, "pieces": ""}
    if isinstance(dessin, str) or not isinstance(variante.dessinee, PlanTrace):
        return carte
    mots = f"{variante.nom} : {dites['Plan']}, {dites['Lieu']}"
    svg = page.a_part(dessin.svg, f"v{zlib.crc32((mots + dessin.svg).encode()):08x}-")
    legende = f"{dites['Plan']} ; {dites['Lieu']} ; travaux\u00a0: {dites['Genre de travaux']}. Tous les dessins sont à la même échelle."
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{proteger(mots)}" ', 1)
    return {**carte, "dessin": balises(svg), "legende": legende, "pieces": plan_simple.noms(variante.dessinee)}
