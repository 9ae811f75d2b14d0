"""What the words of a description say of the works: their depth, and whether the building comes from a factory."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Profondeur = Literal["rafraichissement", "transformation", "lourde"]
"""Depth of works on a building that stands: finishes only; rooms and services; structure, extension or heritage."""

LOURDE = (
    *("extension", "extended", "enlarg", "agrandi", "surélév", "restructur", "heavy", "lourd", "rebuil"),
    *("complete ", "completely ", "complète", "full renovation", "full rehabilitation", "heritage", "listed"),
    "patrimoine",
)
"""Beginnings of words that make the works deep (whole words where a space follows): structure touched, floor area added,
all made again, building kept for its heritage."""
LEGERE = (
    *("light ", "légèr", "minor", "refresh", "rafraîch", "repaint", "paint", "peinture"),
    *("no new place", "sans place nouvelle", "one section"),
)
"""Those that make them a refresh, when none of the former stands."""
MOYENNE = (
    *("conversion", "convert", "transform", "reconver", "fit-out", "fitting", "aménag", "réaménag", "adapt"),
    *("refurbish", "réagenc", "remodel"),
)
"""Those that make them a conversion: rooms and services made again within what stands; said, and nothing more."""
MODULAIRE = (
    *("modular", "module", "prefab", "préfabriqu", "container", "conteneur", "off-site", "en usine", "factory-"),
    *("demountable", "démontable"),
)
"""Words of a building made in a factory."""
_DEMOLI = re.compile(r"(demolition|démolition) (of|de|d'|du)\b[^,;.]*")
"""What is pulled down is not what is built."""
_NIE = re.compile(r"\b(?:sans|ni|no|not|without|pas (?:de |d['’]))\s*(?:aucune?|any|an?|une?)?\s*\w+")
"""What is denied is not done."""


def profondeur(description: str) -> Profondeur | None:
    """Depth of works on a building that stands, from its description; None when it does not say it."""
    if _dit(_NIE.sub("", description.lower()), LOURDE):
        return "lourde"
    if _dit(description, LEGERE):
        return "rafraichissement"
    return "transformation" if _dit(description, MOYENNE) else None


def modulaire(description: str) -> bool:
    """Whether a new building is said to be made in a factory."""
    return _dit(_DEMOLI.sub("", description.lower()), MODULAIRE)


def nom_de_lieu(texte: str) -> str:
    """Name of a place without case, accents nor signs: two files that name one commune are to agree."""
    ascii_seul = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", ascii_seul))


def _dit(description: str, mots: tuple[str, ...]) -> bool:
    """Whether one of the words begins somewhere in the description, or stands there whole where a space ends it."""
    motif = "|".join(re.escape(mot.rstrip()) + (r"\b" if mot != mot.rstrip() else "") for mot in mots)
    return re.search(rf"\b({motif})", description.lower()) is not None
