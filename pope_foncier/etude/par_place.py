"""« Par place »: what an amount is divided by, said once for every table.

- **By place**: an amount paid once (a cost, a gap), or that of one calendar year, over the places of the scenario. The year is as it
  stands: opened in part, it is not made up to twelve months, so a year is read beside others only when it is the cruising year or the
  first full one.
- **By place and year**: an amount of the whole study over places × years of opening, months open within the study ÷ 12, the first and
  the last year counting for their months. It is what compares tenures of different lengths.

The discounted costs of a montage are the second one, amounts and place-years being discounted alike (``decision/montages/comparaison.py``).
Places are those that the scenario opens, not the children met nor the hours sold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np

from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a scenario and its years of opening within the study."""

    nombre: float
    annees: float

    @property
    def places_annees(self) -> float:
        """Places times years of opening."""
        return self.nombre * self.annees

    @overload
    def par_place(self, montant: float) -> float: ...
    @overload
    def par_place(self, montant: Tableau) -> Tableau: ...
    def par_place(self, montant: float | Tableau) -> float | Tableau:
        """Amount paid once, or of one year, by place [€/place]; NaN without a place."""
        return diviser(montant, self.nombre)

    def par_place_et_par_an(self, total: float | Tableau) -> float:
        """Amount of the whole study, or the sum of its years, by place and year of opening [€/place/year]; NaN without one."""
        return diviser(float(np.sum(total)), self.places_annees)

    def par_an(self, total: float | Tableau) -> float:
        """Amount of the whole study, or the sum of its years, by year of opening [€/year]; NaN without one."""
        return diviser(float(np.sum(total)), self.annees)


@overload
def diviser(montant: float, par: float) -> float: ...
@overload
def diviser(montant: Tableau, par: float) -> Tableau: ...
def diviser(montant: float | Tableau, par: float) -> float | Tableau:
    """Quotient, NaN over nothing or over an unknown."""
    return montant / par if par > 0 else montant * float("nan")
