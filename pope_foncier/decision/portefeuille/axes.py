"""Axes of a portfolio: the last one is the month, those ahead are draws; a quantity that no draw moves has one row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

SOUS_ZERO = -0.005
"""Cash under this is below zero: half a cent is rounding [€]."""


def empiler(valeurs: Iterable[Tableau]) -> Tableau:
    """Stack arrays of the sites or of the jobs after spreading them over the same draws, shape (n, …, M)."""
    return np.stack(np.broadcast_arrays(*valeurs))


def au_mois(valeur: Tableau, mois: Tableau) -> Tableau:
    """Value at one month by draw, shape (…, 1); zero before the first month.

    Args:
        valeur: quantity by month, shape (…, M).
        mois: rank of the month, shape (…, 1).
    """
    rang = np.arange(valeur.shape[-1])
    return np.asarray(np.where(rang == mois, valeur, 0.0).sum(axis=-1, keepdims=True))


def unique(valeur: np.ndarray) -> Any:
    """The only draw of a quantity: a table shows one scenario, and never mixes draws in silence.

    Raises:
        ErreurCalcul: there are several draws.
    """
    if len(valeur) != 1:
        raise ErreurCalcul(f"Un tableau montre un seul scénario, {len(valeur)} tirages reçus. Choisir un tirage.")
    return valeur[0]
