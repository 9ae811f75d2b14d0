"""What the words of a description say of the works: their depth, and whether the building comes from a factory."""

from __future__ import annotations

import re
from typing import Literal

Profondeur = Literal["rafraichissement", "transformation", "lourde"]
"""Depth of works on a building that stands: finishes only; rooms and services; structure, extension or heritage."""

LOURDE = (
    "extension",
    "extended",
    "restructur",
    "heavy",
    "lourd",
    "rebuil",
    "heritage",
    "listed",
    "patrimoine",
    "surélév",
)
"""Words that make the works deep: structure touched, floor area added, building kept for its heritage."""
LEGERE = ("light", "légèr", "refresh", "rafraîch", "repaint", "no new place", "sans place nouvelle", "one section")
"""Words that make them a refresh, when none of the former stands."""
MODULAIRE = (
    "modular",
    "module",
    "prefabricated",
    "préfabriqu",
    "container",
    "conteneur",
    "off-site",
    "usine",
    "demountable",
)
"""Words of a building made in a factory."""
_DEMOLI = re.compile(r"(demolition|démolition) (of|de|d'|du)\b[^,;.]*")
"""What is pulled down is not what is built."""


def profondeur(description: str) -> Profondeur:
    """Depth of works on a building that stands, from its description; nothing said: a conversion."""
    if _dit(description, LOURDE):
        return "lourde"
    return "rafraichissement" if _dit(description, LEGERE) else "transformation"


def modulaire(description: str) -> bool:
    """Whether a new building is said to be made in a factory."""
    return _dit(_DEMOLI.sub("", description.lower()), MODULAIRE)


def _dit(description: str, mots: tuple[str, ...]) -> bool:
    return any(mot in description.lower() for mot in mots)
