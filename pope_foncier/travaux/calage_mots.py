"""What the words of a description say of the works: their depth, and whether the building comes from a factory."""

from __future__ import annotations

import re
from typing import Literal

Profondeur = Literal["rafraichissement", "transformation", "lourde"]
"""Depth of works on a building that stands: finishes only; rooms and services; structure, extension or heritage."""

LOURDE = (
    *("extension", "extended", "enlarg", "agrandi", "surélév", "restructur", "heavy", "lourd", "rebuil"),
    *("complete", "complète", "full renovation", "full rehabilitation", "heritage", "listed", "patrimoine"),
)
"""Words that make the works deep: structure touched, floor area added, all made again, building kept for its heritage."""
LEGERE = (
    *("light ", "légèr", "minor", "refresh", "rafraîch", "repaint", "paint", "peinture"),
    *("no new place", "sans place nouvelle", "one section"),
)
"""Words that make them a refresh, when none of the former stands."""
MODULAIRE = (
    *("modular", "module", "prefab", "préfabriqu", "container", "conteneur", "off-site", "en usine", "factory-"),
    *("demountable", "démontable"),
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
    """Whether one of the words begins somewhere in the description."""
    return re.search(r"\b(" + "|".join(map(re.escape, mots)) + ")", description.lower()) is not None
