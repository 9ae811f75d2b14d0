"""Cells of a table: a value, its unit and its kind, written in French when shown; a text stays a text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pope_foncier.socle import nombres
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.temps import Echelle, date_en_clair, mois_en_clair

Genre = Literal["montant", "nombre", "part", "mesure", "annee", "mois", "date"]


@dataclass(frozen=True, slots=True)
class Case:
    """Value of a cell; its text is written when asked for."""

    valeur: float | date
    """Number (a share is a fraction, a year an integer) or day; NaN when there is none, and the text says why."""
    genre: Genre
    unite: str = ""
    decimales: int = 0
    decimales_min: int | None = None
    dit: str | None = None
    """Text shown in place of the usual one: a sign, a range around the value, or why there is none."""

    @property
    def manque(self) -> bool:
        """Whether the cell has no value."""
        return not isinstance(self.valeur, date) and math.isnan(self.valeur)

    def sinon(self, texte: str) -> Case:
        """Same cell, with the text to show when it has no value."""
        return self.dite(texte) if self.manque else self

    def dite(self, texte: str) -> Case:
        """Same value, shown with another text."""
        return replace(self, dit=texte)

    def arrondie(self, decimales: int) -> Case:
        """Same value, shown rounded: to the thousand with −3."""
        if self.manque or isinstance(self.valeur, date):
            return self
        return self.dite(str(replace(self, valeur=round(self.valeur, decimales))))

    def unitee(self) -> Case:
        """Same value, shown with its unit."""
        return self.dite(f"{self}\u00a0{self.unite}")

    def signee(self) -> Case:
        """Same value, with a plus sign when it shows above zero."""
        positive = not isinstance(self.valeur, date) and self.valeur > 0.5 * 10.0**-self.decimales
        return self.dite(f"+{self}") if positive else self

    def __str__(self) -> str:
        return _ECRITURES[self.genre](self) if self.dit is None else self.dit


class SousUnTitre(str):
    """Name of a row under a heading: the others, headings and totals, stand out."""


Dire = Callable[[float], "Case | str"]
"""How an amount is written."""
Cellule = Case | str
Rang = tuple[Cellule, ...]
"""Row of a table."""


def sous_un_titre(nom: str) -> SousUnTitre:
    """Name of a row under a heading, shown a little to the right."""
    return SousUnTitre(f"  {nom}")


def hors_des_titres(rangs: Sequence[Rang]) -> tuple[int, ...]:
    """Ranks of the rows that are under no heading."""
    return tuple(i for i, rang in enumerate(rangs) if not isinstance(rang[0], SousUnTitre))


_ECRITURES: dict[Genre, Callable[[Case], str]] = {
    "montant": lambda c: nombres.euros(c.valeur, c.decimales),  # type: ignore[arg-type]
    "nombre": lambda c: nombres.formater_nombre(c.valeur, c.decimales, c.decimales_min),  # type: ignore[arg-type]
    "part": lambda c: nombres.pourcent(c.valeur, c.decimales),  # type: ignore[arg-type]
    "mesure": lambda c: nombres.formater(c.valeur, c.unite),  # type: ignore[arg-type]
    "annee": lambda c: str(c.valeur),
    "mois": lambda c: mois_en_clair(c.valeur),  # type: ignore[arg-type]
    "date": lambda c: date_en_clair(c.valeur),  # type: ignore[arg-type]
}


def montant(valeur: float, decimales: int = 0, unite: str = "€") -> Case:
    """Amount, shown in euros; the unit says of what, when it is by place or by year."""
    return Case(float(valeur), "montant", unite, decimales)


def centaines(valeur: float) -> Case:
    """Amount as citizens read it everywhere (page, pictures, minutes): to the nearest hundred euros, halves up."""
    lu = montant(valeur)
    return lu if lu.manque else lu.dite(nombres.euros(math.floor(valeur / 100 + 0.5) * 100))


def nombre(valeur: float, decimales: int = 0, decimales_min: int | None = None, unite: str = "") -> Case:
    """Number, shown without its unit; an int stays one."""
    return Case(valeur if isinstance(valeur, int) else float(valeur), "nombre", unite, decimales, decimales_min)


def part(valeur: float, decimales: int = 2) -> Case:
    """Share, a fraction shown as a percentage."""
    return Case(float(valeur), "part", "%", decimales)


def mesure(valeur: float, unite: str) -> Case:
    """Value shown with its unit."""
    return Case(float(valeur), "mesure", unite)


def grandeur(lue: Grandeur, rang: int = 0) -> Case:
    """Quantity of a scenario, « inconnu » or « indéterminé » when it has no value."""
    return mesure(lue.au_point(rang), lue.unite).sinon(lue.lire(rang))


def annee(valeur: int) -> Case:
    """Calendar year."""
    return Case(int(valeur), "annee")


def mois(echelle: Echelle, rang: float) -> Case:
    """Month of a study by its rank, rounded down; « inconnu » without a rank."""
    if math.isnan(rang):
        return Case(math.nan, "mois", dit="inconnu")
    return Case(echelle.date_du_mois(int(rang)), "mois")


def mois_du(valeur: date) -> Case:
    """Month of a day."""
    return Case(valeur, "mois")


def jour(valeur: date) -> Case:
    """Day."""
    return Case(valeur, "date")


def sans_valeur(motif: str) -> Case:
    """Cell of a column of numbers that has none, and why."""
    return Case(math.nan, "nombre", dit=motif)
