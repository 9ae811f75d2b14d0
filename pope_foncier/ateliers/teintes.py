"""Colours of the workshops: one by scenario number and by name card, with the chip that always writes the number beside its colour."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.ateliers.journal_entrees import TEINTES
from pope_foncier.vues.formes.gabarits import morceau


@dataclass(frozen=True, slots=True)
class Teinte:
    """Colour: its name in French, its ground, and the ink read on it."""

    nom: str
    fond: str
    encre: str


_BLANC, _NOIR = "#ffffff", "#1a1a1a"
PALETTE = (
    Teinte("bleu", "#0b5394", _BLANC),
    Teinte("orange", "#f2a33a", _NOIR),
    Teinte("brique", "#b3411b", _BLANC),
    Teinte("turquoise", "#5bc2a9", _NOIR),
    Teinte("prune", "#7a1f5c", _BLANC),
    Teinte("jaune", "#ece06c", _NOIR),
    Teinte("vert", "#17693a", _BLANC),
    Teinte("rose", "#f0a0c4", _NOIR),
    Teinte("indigo", "#33258c", _BLANC),
    Teinte("ciel", "#9ad1f2", _NOIR),
    Teinte("brun", "#4a2c12", _BLANC),
    Teinte("gris", "#aeb6bf", _NOIR),
)
"""Colours in order: a dark one, then a light one, so that two neighbours differ in lightness for every eye."""
DEPART = Teinte("ardoise", "#4a5a68", _BLANC)
"""Colour of what nobody has proposed: a starting scenario, an attempt."""
assert len(PALETTE) == TEINTES


def du_scenario(numero: int | None) -> Teinte:
    """Colour of a scenario by its number, the same everywhere and for ever; that of a start without a number."""
    return DEPART if numero is None else PALETTE[(numero - 1) % TEINTES]


def de_la_carte(teinte: int | None) -> Teinte:
    """Colour of a name card; grey when nobody chose one."""
    return DEPART if teinte is None else PALETTE[teinte % TEINTES]


def pastille(numero: int | None, sans_numero: str = "départ") -> str:
    """Chip of a scenario as HTML: « n° 3 » on its colour; a word without a number."""
    lue = du_scenario(numero)
    return str(morceau("pastille.html", "pastille", lue, sans_numero if numero is None else f"n°\u00a0{numero}"))


def jeton(nom: str, teinte: int | None) -> str:
    """Chip of a name card as HTML."""
    return str(morceau("pastille.html", "pastille", de_la_carte(teinte), nom))


def feuille() -> str:
    """Style of the chips, for the pages that show them."""
    return (
        ".pf-pastille{display:inline-block;border-radius:999px;padding:.1em .65em;font-weight:700;white-space:nowrap;"
        "line-height:1.4;border:1px solid rgb(0 0 0/.18)}"
    )
