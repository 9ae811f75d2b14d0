"""A picture as a small record: curves, bands, boxes and landmarks on two axes, each with its words; it knows no drawing library.

A function of a room reads a result and gives the record; ``image_en_axes`` and ``image_en_svg`` draw any of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
"""Palette that colour-blind readers tell apart; hatching and line styles double it, in the same order."""
HACHURES = ("", "///", "...", "xx", "\\\\\\", "++", "oo", "--")
TRAITS = ("-", "--", "-.", ":", "long", "-..")
TIRETS = {"--": (6, 3), "-.": (7, 3, 2, 3), ":": (2, 3), "long": (13, 3), "-..": (7, 2, 2, 2, 2, 2)}
"""Strokes and gaps of the broken lines, in points."""
TEINTES = tuple(zip(OKABE_ITO, HACHURES, strict=True))
"""Colour and hatch of bars, by rank."""
LOOKS = tuple(zip(OKABE_ITO, (*TRAITS, *TRAITS), strict=False))
"""Colour and line style of curves, by rank."""
ALERTE, GRIS, PALE = OKABE_ITO[5], "#555555", "#9A9A9A"
MARGE = math.inf
"""Column of words at the right of the picture."""
Graduations = tuple[tuple[float, str], ...]


class Teintes:
    """Colour and hatch by name: once shown, a name never changes its look, whatever comes and goes around it."""

    def __init__(self, noms: Iterable[str] = ()) -> None:
        self._rangs = {nom: rang for rang, nom in enumerate(dict.fromkeys(noms))}

    def de(self, nom: str) -> tuple[str, str]:
        """Colour and hatch of a name."""
        rang = self._rangs.setdefault(nom, len(self._rangs))
        return OKABE_ITO[rang % 8], HACHURES[(rang + rang // 8) % 8]


@dataclass(frozen=True, slots=True)
class Mots:
    """Words of a mark, set beside it where they cover nothing, or in a column where they are pushed apart."""

    texte: str
    cotes: str = "NE SE NW SW"
    """Sides to try, the best first: of the point of a curve, of the ends of a box; C is the middle of a box, WC is in it at its beginning."""
    colonne: float | None = None
    """Where the column of words begins, or the margin."""
    jusqua: float | None = None
    """Where the column ends; the edge of the picture by default."""
    gras: bool = False
    pale: bool = False
    """Whether they tell of what is unknown."""
    cle: tuple[str, str] | None = None
    """Colour and hatch of the bars that they are the key of, in place of a line."""


@dataclass(frozen=True, slots=True)
class Courbe:
    """Line through points, or points alone; its words stand at the last point, or at another."""

    x: Tableau
    y: Tableau
    mots: Mots | None = None
    couleur: str = OKABE_ITO[0]
    trait: str = "-"
    """Line style; empty for points alone."""
    epaisseur: float = 2.0
    marque: str = ""
    """Sign at each point: o, s, D, ^."""
    creuse: bool = False
    nomme_a: int = -1

    @classmethod
    def point(cls, x: float, y: float, mots: Mots | None = None, couleur: str = "black", marque: str = "o") -> Courbe:
        """One point, with its words; without a sign, the words alone."""
        return cls(np.array([x]), np.array([y]), mots, couleur, "", marque=marque)

    def en_marches(self) -> Courbe:
        """Same values, each kept until the next one."""
        return replace(self, x=np.repeat(self.x, 2)[1:], y=np.repeat(self.y, 2)[:-1])


@dataclass(frozen=True, slots=True)
class Boite:
    """Bar, or part of one, between two corners; hollow when nobody brings what it shows."""

    x0: float
    y0: float
    x1: float
    y1: float
    mots: Mots | None = None
    teinte: tuple[str, str] = (OKABE_ITO[0], "")
    creuse: bool = False

    @classmethod
    def en_rang(
        cls, rang: float, debut: float, fin: float, mots: Mots | None, teinte: tuple[str, str], creuse: bool = False
    ) -> Boite:
        """Bar of a row."""
        return cls(debut, rang - 0.35, fin, rang + 0.35, mots, teinte, creuse)


@dataclass(frozen=True, slots=True)
class Repere:
    """Straight line across the picture, at a value of x or of y: a threshold, a date, an area."""

    sens: str
    valeur: float
    mots: Mots | None = None
    trait: str = "-"
    couleur: str = "black"


@dataclass(frozen=True, slots=True)
class Bande:
    """Area between two curves; the curves that edge it bear its words."""

    x: Tableau
    bas: Tableau
    haut: Tableau
    teinte: tuple[str, str] = (OKABE_ITO[4], "")
    mots: None = None


Marque = Courbe | Boite | Repere | Bande


@dataclass(frozen=True, slots=True)
class Axe:
    """Axis: its ends, upside down if the first is the larger, its title with the unit, its ticks."""

    bas: float
    haut: float
    titre: str = ""
    graduations: Graduations | None = None
    """Ticks with their words; round values by default."""
    ecrire: Callable[[float], str] | None = None
    gras: bool = False
    """Whether the ticks are the titles of columns."""

    @classmethod
    def des_rangs(cls, noms: Sequence[str]) -> Axe:
        """Rows from the top, each with its name."""
        return cls(len(noms) - 0.5, -0.5, graduations=tuple((float(rang), nom) for rang, nom in enumerate(noms)))

    @classmethod
    def des_annees(cls, x: Tableau) -> Axe:
        """Whole years between two dates."""
        ans = range(math.ceil(x[0]), math.floor(x[-1]) + 1)
        return cls(float(x[0]), float(x[-1]), graduations=tuple((float(an), str(an)) for an in ans))

    @classmethod
    def autour(cls, valeurs: Iterable[ArrayLike], titre: str, marge: float = 0.12) -> Axe:
        """Zero and all values, with a margin."""
        tous = np.concatenate([[0.0], *(np.ravel(v) for v in valeurs)])
        bas, haut = float(np.nanmin(tous)), float(np.nanmax(tous))
        marge *= max(haut - bas, 1.0)
        return cls(bas - marge if bas < 0 else 0.0, haut + marge, titre)

    @property
    def reperes(self) -> Graduations:
        """Ticks with their words: about five round values, one, two or five times a power of ten, when none is given."""
        if self.graduations is not None:
            return self.graduations
        bas, haut = min(self.bas, self.haut), max(self.bas, self.haut)
        brut = max((haut - bas) / 5.5, 1e-9)
        puissances = [10.0 ** (math.floor(math.log10(brut)) + k) for k in (0, 1)]
        pas = min((m * p for p in puissances for m in (1.0, 2.0, 5.0)), key=lambda p: abs(math.log(p / brut)))
        decimales = max(0, -math.floor(math.log10(pas) + 1e-9))
        ecrire = self.ecrire or (lambda v: formater_nombre(v, decimales, decimales))
        rangs = range(math.ceil(bas / pas - 1e-9), math.floor(haut / pas + 1e-9) + 1)
        return tuple((rang * pas, ecrire(rang * pas)) for rang in rangs)


@dataclass(frozen=True, slots=True)
class Image:
    """Picture: what is drawn, its words and its source; a message in place of what cannot be drawn."""

    titre: str
    texte: str
    """Picture in words, for who does not see it."""
    source: str
    x: Axe = Axe(0.0, 1.0)
    y: Axe = Axe(0.0, 1.0)
    marques: Sequence[Marque] = ()
    proportion: float = 0.47
    """Height over width; a picture grows when its columns of words ask for more."""
    message: str = ""

    def sans(self, quoi: str, manques: Iterable[str]) -> Image:
        """Sentence in place of a picture of unknown figures."""
        liste = " ; ".join(sorted(manques)) or "des données de l'étude"
        return replace(self, message=f"{quoi} ne se dessine pas : il manque {liste}.")
