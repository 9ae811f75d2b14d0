"""A picture as a small record: curves, boxes, landmarks and direct labels on two axes; it knows no drawing library.

A function of a room reads a result and gives the record; ``image_en_axes`` and ``image_en_svg`` draw any of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
"""Palette that colour-blind readers tell apart."""
HACHURES = ("", "///", "...", "xx", "\\\\\\", "++", "oo", "--")
"""Hatching that doubles the palette, in the order of its colours."""
TRAITS = ("-", "--", "-.", ":", "long", "-..")
"""Line styles that double the palette."""
TIRETS = {
    "--": (6.0, 3.0),
    "-.": (7.0, 3.0, 2.0, 3.0),
    ":": (2.0, 3.0),
    "long": (13.0, 3.0),
    "-..": (7.0, 2.0, 2.0, 2.0, 2.0, 2.0),
}
"""Strokes and gaps of the broken lines, in points."""
ALERTE, GRIS, PALE = OKABE_ITO[5], "#555555", "#9A9A9A"


class Teintes:
    """Colour and hatch by name: once shown, a name never changes its look, whatever comes and goes around it."""

    def __init__(self, noms: Iterable[str] = ()) -> None:
        self._rangs = {nom: rang for rang, nom in enumerate(dict.fromkeys(noms))}

    def de(self, nom: str) -> tuple[str, str]:
        """Colour and hatch of a name."""
        rang = self._rangs.setdefault(nom, len(self._rangs))
        return OKABE_ITO[rang % 8], HACHURES[(rang + rang // 8) % 8]


@dataclass(frozen=True, slots=True)
class Courbe:
    """Line through points, or points alone."""

    x: Tableau
    y: Tableau
    couleur: str = OKABE_ITO[0]
    trait: str = "-"
    """Line style; empty for points alone."""
    epaisseur: float = 2.0
    marque: str = ""
    """Sign at each point: o, s, D, ^."""
    creuse: bool = False
    """Whether the signs are hollow."""


@dataclass(frozen=True, slots=True)
class Boite:
    """Bar, or part of one: a rectangle between two corners; hollow when nobody brings what it shows."""

    x0: float
    y0: float
    x1: float
    y1: float
    couleur: str = OKABE_ITO[0]
    hachure: str = ""
    creuse: bool = False


@dataclass(frozen=True, slots=True)
class Repere:
    """Straight line across the picture: a threshold, a date, an area."""

    valeur: float
    sens: str
    """Axis that the value is read on: x or y."""
    nom: str = ""
    trait: str = "-"
    couleur: str = "black"


@dataclass(frozen=True, slots=True)
class Etiquette:
    """Words of a point, set beside it where they cover nothing, or in a column where they are pushed apart."""

    x: float
    y: float
    texte: str
    cotes: str = "NE SE NW SW"
    """Sides of the point to try, the best first; C is on it, « EC » and « WC » within the bar between the two ends."""
    colonne: float | None = None
    """Where the column of words begins; the upper end of the axis is the margin."""
    jusqua: float | None = None
    """Where the column ends; the edge of the picture by default."""
    autre_bout: float | None = None
    """Other end of the bar that is named, for the words set on its west side."""
    couleur: str = GRIS
    """Of the line that joins the words to their point."""
    trait: str = "-"
    gras: bool = False
    pale: bool = False
    """Whether the words tell of what is unknown."""


@dataclass(frozen=True, slots=True)
class Axe:
    """Axis: its ends, upside down if the first is the larger, its title with the unit, its ticks."""

    bas: float
    haut: float
    titre: str = ""
    graduations: tuple[tuple[float, str], ...] | None = None
    """Ticks with their words; round values by default."""
    ecrire: Callable[[float], str] | None = None
    entier: bool = False
    gras: bool = False

    def reperes(self) -> tuple[tuple[float, str], ...]:
        """Ticks with their words."""
        if self.graduations is not None:
            return self.graduations
        valeurs, pas = rondes(self.bas, self.haut, self.entier)
        decimales = max(0, -math.floor(math.log10(pas) + 1e-9))
        ecrire = self.ecrire or (lambda v: formater_nombre(v, decimales, decimales))
        return tuple((v, ecrire(v)) for v in valeurs)


@dataclass(frozen=True, slots=True)
class Image:
    """Picture: what is drawn, its words and its source; a message in place of what cannot be drawn."""

    titre: str
    texte: str
    """Picture in words, for who does not see it."""
    source: str
    x: Axe = field(default_factory=lambda: Axe(0.0, 1.0))
    y: Axe = field(default_factory=lambda: Axe(0.0, 1.0))
    marques: tuple[Courbe | Boite | Repere, ...] = ()
    etiquettes: tuple[Etiquette, ...] = ()
    proportion: float = 0.45
    """Height over width; a picture grows when its columns of words ask for more."""
    message: str = ""
    """Why nothing is drawn."""


def rondes(bas: float, haut: float, entier: bool = False) -> tuple[list[float], float]:
    """Round values between two ends, about five, and their step: one, two or five times a power of ten."""
    bas, haut = min(bas, haut), max(bas, haut)
    brut = max((haut - bas) / 5.5, 1e-9)
    puissance = 10.0 ** math.floor(math.log10(brut))
    pas = min((m * puissance for m in (1.0, 2.0, 5.0, 10.0)), key=lambda p: abs(math.log(p / brut)))
    pas = max(1.0, pas) if entier else pas
    premier, dernier = math.ceil(bas / pas - 1e-9), math.floor(haut / pas + 1e-9)
    return [rang * pas for rang in range(premier, dernier + 1)], pas


def en_marches(x: Sequence[float] | Tableau, y: Sequence[float] | Tableau) -> tuple[Tableau, Tableau]:
    """Points of a curve that keeps its value until the next one."""
    return np.repeat(np.asarray(x, dtype=float), 2)[1:], np.repeat(np.asarray(y, dtype=float), 2)[:-1]


def en_annees(depart_annee: int, depart_mois: int, mois: ArrayLike) -> Tableau:
    """Dates on an axis of years, of months after a start."""
    return depart_annee + (depart_mois - 1 + np.asarray(mois, dtype=float)) / 12


def annee(valeur: float) -> str:
    """Words of a tick of years."""
    return f"{valeur:.0f}"


def non_dessine(quoi: str, manques: Iterable[str]) -> str:
    """Sentence in place of a picture of unknown figures."""
    liste = " ; ".join(sorted(manques)) or "des données de l'étude"
    return f"{quoi} ne se dessine pas : il manque {liste}."
