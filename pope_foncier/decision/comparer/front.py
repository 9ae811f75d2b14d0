"""Options that no other beats on everything: dominated ones and by whom, ties, and those that an unknown leaves out of the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True, slots=True)
class Domination:
    """One option beaten by another: at least as good on every axis, better on some."""

    option: int
    par: int
    mieux_sur: tuple[int, ...]
    """Axes where the other is better, by rank."""


@dataclass(frozen=True, slots=True)
class Front:
    """Order that several axes leave between options, by rank.

    Attributes:
        non_dominees: options that no other beats.
        dominees: each of the others, with one that beats it and is itself beaten by none.
        egales: groups of options equal on every axis.
        non_classables: options unknown on an axis, with the axes: an unknown neither beats nor is beaten.
    """

    non_dominees: tuple[int, ...]
    dominees: tuple[Domination, ...]
    egales: tuple[tuple[int, ...], ...]
    non_classables: tuple[tuple[int, tuple[int, ...]], ...]


def front_de(valeurs: Tableau, sens: Sequence[int]) -> Front:
    """Front of several options.

    Args:
        valeurs: values by option and axis, shape (options, axes); NaN when unknown.
        sens: +1 for an axis where more is better, −1 where less is.
    """
    utiles = np.asarray(valeurs, dtype=float) * np.asarray(sens, dtype=float)
    inconnus = np.isnan(utiles)
    classables = np.flatnonzero(~inconnus.any(axis=1))
    distinctes, groupe = np.unique(utiles[classables], axis=0, return_inverse=True)
    groupe = np.ravel(groupe)
    battues_par = _battues(distinctes)
    reines = [g for g, par in enumerate(battues_par) if par < 0]
    premier = [int(classables[np.flatnonzero(groupe == g)[0]]) for g in range(len(distinctes))]
    dominees = []
    for rang, g in zip(classables, groupe, strict=True):
        par = battues_par[g]
        if par >= 0:
            mieux = tuple(int(i) for i in np.flatnonzero(distinctes[par] > distinctes[g]))
            dominees.append(Domination(int(rang), premier[par], mieux))
    memes = [tuple(int(x) for x in classables[groupe == g]) for g in range(len(distinctes))]
    return Front(
        tuple(int(r) for r, g in zip(classables, groupe, strict=True) if g in set(reines)),
        tuple(dominees),
        tuple(m for m in memes if len(m) > 1),
        tuple(
            (int(i), tuple(int(j) for j in np.flatnonzero(inconnus[i]))) for i in np.flatnonzero(inconnus.any(axis=1))
        ),
    )


def _battues(distinctes: Tableau) -> list[int]:
    """For each distinct point, the rank of an unbeaten point that beats it; −1 when none does."""
    if not len(distinctes):
        return []
    par = []
    for point in distinctes:
        meilleures = np.flatnonzero((distinctes >= point).all(axis=1) & (distinctes > point).any(axis=1))
        par.append(int(meilleures[0]) if len(meilleures) else -1)
    reines = [i for i, p in enumerate(par) if p < 0]
    tetes = distinctes[reines]
    for i, p in enumerate(par):
        if p >= 0:
            du_front = np.flatnonzero((tetes >= distinctes[i]).all(axis=1))
            par[i] = reines[int(du_front[0])]
    return par
