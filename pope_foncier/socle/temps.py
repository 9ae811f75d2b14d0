"""Time: months counted from the study's start, calendar years, French dates. Nothing reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.socle.erreurs import ErreurCalcul, abreger
from pope_foncier.socle.fiches import ANNEES

_MOIS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def date_en_clair(jour: date) -> str:
    """French date: ``1er janvier 2026``."""
    return f"{'1er' if jour.day == 1 else jour.day} {_MOIS[jour.month - 1]} {jour.year}"


def mois_en_clair(jour: date) -> str:
    """French month: ``janvier 2029``."""
    return f"{_MOIS[jour.month - 1]} {jour.year}"


def ajouter_mois(jour: date, nombre: int) -> date:
    """Date shifted by whole months, kept inside the target month (31 January + 1 = 28 or 29 February).

    Raises:
        ErreurCalcul: outside the years 1 to 9998, that dates and the length of their year can hold.
    """
    rang = jour.year * 12 + jour.month - 1 + nombre
    annee, mois = divmod(rang, 12)
    if not 1 <= annee <= 9998:
        raise ErreurCalcul(
            f"La date sort du calendrier (de l'an 1 à l'an 9998) à {abs(nombre)} mois du {jour:%d/%m/%Y} : "
            "corriger la date de départ (« date_debut » d'un prêt)."
        )
    suivant = date(annee + (mois == 11), (mois + 1) % 12 + 1, 1)
    dernier = (suivant - date(annee, mois + 1, 1)).days
    return date(annee, mois + 1, min(jour.day, dernier))


def mois_entre(debut: date, fin: date) -> int:
    """Number of calendar months from one date's month to another's."""
    return (fin.year - debut.year) * 12 + fin.month - debut.month


@dataclass(frozen=True)
class Echelle:
    """Time axis: ``duree_mois`` months from the month of ``depart`` (month 0)."""

    depart: date
    duree_mois: int

    @cached_property
    def mois(self) -> NDArray[np.float64]:
        """Month ranks 0, 1, 2…, shape (M,)."""
        return np.arange(self.duree_mois, dtype=np.float64)

    @cached_property
    def annees(self) -> tuple[int, ...]:
        """Calendar years touched by the axis."""
        return tuple(range(self.depart.year, self.date_du_mois(self.duree_mois - 1).year + 1))

    @cached_property
    def debuts_annee(self) -> NDArray[np.intp]:
        """Rank of the first month of each calendar year, for ``np.add.reduceat``."""
        premier = 13 - self.depart.month
        return np.array([0, *range(premier, self.duree_mois, 12)], dtype=np.intp)

    @cached_property
    def rang_annee(self) -> NDArray[np.intp]:
        """Rank of the calendar year of each month, shape (M,)."""
        return (np.arange(self.duree_mois) + self.depart.month - 1) // 12

    @cached_property
    def mois_par_annee(self) -> NDArray[np.intp]:
        """Months of the axis in each calendar year, shape (years,)."""
        return np.bincount(self.rang_annee)

    def date_du_mois(self, rang: int) -> date:
        """First day of month ``rang``."""
        return ajouter_mois(self.depart.replace(day=1), int(rang))

    def en_annees(self, mois: ArrayLike) -> NDArray[np.float64]:
        """Dates of months on an axis of years: January 2029 is 2029, July 2029 is 2029.5."""
        return self.depart.year + (self.depart.month - 1 + np.asarray(mois, dtype=np.float64)) / 12

    def mois_en_clair(self, rang: int) -> str:
        """French month: ``janvier 2029``."""
        return mois_en_clair(self.date_du_mois(rang))


def en_date(jour: str | date) -> date:
    """Day given as text, ``2026-12-01``, or as a date.

    Raises:
        ErreurCalcul: not a date, or one of another age.
    """
    try:
        lu = jour.date() if isinstance(jour, datetime) else date.fromisoformat(str(jour))
    except ValueError:
        trouve = f" ; trouvé : « {abreger(str(jour))} »" if jour else ""
        raise ErreurCalcul(
            f"Dire à quelle date (« --date » en ligne de commande), année-mois-jour, par exemple 2026-12-01{trouve}."
        ) from None
    if not ANNEES[0] <= lu.year <= ANNEES[1]:
        raise ErreurCalcul(
            f"Date (« --date » en ligne de commande) : de l'an {ANNEES[0]} à l'an {ANNEES[1]} ; trouvé : l'an {lu.year}."
        )
    return lu
