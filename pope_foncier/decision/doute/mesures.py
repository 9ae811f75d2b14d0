"""What draws say, and how sure it is: probabilities with their Wilson interval, percentiles with the interval of their ranks.

Both intervals hold 95 times in 100 for independent draws; a hypercube or a Sobol sequence does as well or better. A draw without a value may
hide any value: an interval goes from the case where all of those are low to the case where all are high.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

CONFIANCE = 0.95
"""Share of the samples whose interval holds the true value."""
_Z = NormalDist().inv_cdf(0.5 + CONFIANCE / 2)


@dataclass(frozen=True, slots=True)
class Probabilite:
    """How often something happens in the draws.

    Attributes:
        valeur: share of all the draws in which it happens for sure; NaN when none says.
        bas, haut: interval at 95 %, wide enough for the draws that do not say.
        indefinis: draws that do not say.
        tirages: all the draws.
    """

    valeur: float
    bas: float
    haut: float
    indefinis: int
    tirages: int

    @property
    def contraire(self) -> float:
        """Share of all the draws in which it does not happen, those that do not say included."""
        return 1.0 - self.valeur


@dataclass(frozen=True, slots=True)
class Quantile:
    """Value under which a figure falls in a share of the draws.

    Attributes:
        valeur: quantile of the draws that have a value; NaN when none has.
        bas, haut: interval at 95 %; infinite when the draws cannot bound it.
        indefinis: draws without a value.
        tirages: all the draws.
    """

    valeur: float
    bas: float
    haut: float
    indefinis: int
    tirages: int


def probabilite(arrive: NDArray[np.bool_], indefini: NDArray[np.bool_]) -> Probabilite:
    """How often something happens.

    Args:
        arrive: whether it does, by draw; not read where the draw does not say.
        indefini: whether the draw does not say.
    """
    nombre, muets = len(arrive), int(indefini.sum())
    fois = int((arrive & ~indefini).sum())
    if muets == nombre:
        return Probabilite(math.nan, 0.0, 1.0, muets, nombre)
    return Probabilite(fois / nombre, wilson(fois, nombre)[0], wilson(fois + muets, nombre)[1], muets, nombre)


def wilson(fois: int, nombre: int) -> tuple[float, float]:
    """Wilson interval of a share: ``fois`` out of ``nombre`` independent draws."""
    part, z2 = fois / nombre, _Z * _Z
    milieu = (part + z2 / (2 * nombre)) / (1 + z2 / nombre)
    demi = _Z / (1 + z2 / nombre) * math.sqrt(part * (1 - part) / nombre + z2 / (4 * nombre * nombre))
    return (0.0 if fois == 0 else milieu - demi), (1.0 if fois == nombre else milieu + demi)


def quantile(valeurs: Tableau, part: float) -> Quantile:
    """Quantile of draws, its interval being two of the values in order, whose ranks the binomial law gives.

    Raises:
        ErreurCalcul: a share that is not strictly between 0 and 1.
    """
    if not 0 < part < 1:
        raise ErreurCalcul(f"Quantile : une part strictement comprise entre 0 et 1 est attendue ; trouvé : {part}.")
    nombre = len(valeurs)
    definies = np.sort(valeurs[~np.isnan(valeurs)])
    muets = nombre - len(definies)
    valeur = float(np.quantile(definies, part)) if len(definies) else math.nan
    rang_bas, rang_haut = rangs_du_quantile(nombre, part)
    bas = definies[rang_bas - muets - 1] if rang_bas - muets >= 1 else -math.inf
    haut = definies[rang_haut - 1] if rang_haut <= len(definies) else math.inf
    return Quantile(valeur, float(bas), float(haut), muets, nombre)


def rangs_du_quantile(nombre: int, part: float) -> tuple[int, int]:
    """Ranks from 1 of the two ordered draws that hold a quantile: the number of draws under it is binomial, taken as normal."""
    demi = _Z * math.sqrt(nombre * part * (1 - part))
    return math.floor(nombre * part - demi), math.ceil(nombre * part + demi) + 1
