"""Switches: what the code decides on a value (a tax written only when due, a price refused), so that a replay can check it.

Arithmetic is recorded by the quantities themselves; a Python ``if`` on a value is not. Every such decision of the chain goes through
``aiguiller``: while an evaluation is recorded, its condition is kept with what was found. A replay follows the recorded operations only
as long as each condition is found the same; otherwise the evaluation is recorded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

import numpy as np

from pope_foncier.socle.grandeur import Grandeur, Tableau


class Aiguillage(NamedTuple):
    """Condition of a decision, and whether it was found somewhere."""

    condition: Grandeur
    trouve: bool


_RELEVE: ContextVar[list[Aiguillage] | None] = ContextVar("aiguillages", default=None)


def aiguiller(condition: Grandeur) -> bool:
    """Whether a condition holds in some scenario or month: not zero. An unknown condition holds."""
    trouve = vaut_quelque_part(condition.valeur)
    releve = _RELEVE.get()
    if releve is not None:
        releve.append(Aiguillage(condition, trouve))
    return trouve


def reprendre_les_aiguillages(trouves: Iterable[Aiguillage]) -> None:
    """Keep switches found before, by what is not worked out again."""
    releve = _RELEVE.get()
    if releve is not None:
        releve.extend(trouves)


def vaut_quelque_part(valeur: Tableau) -> bool:
    """Whether an array is not zero everywhere; an unknown is not zero."""
    return bool(np.count_nonzero(valeur))


@contextmanager
def relever_les_aiguillages() -> Iterator[list[Aiguillage]]:
    """Keep the switches of an evaluation."""
    releve: list[Aiguillage] = []
    jeton = _RELEVE.set(releve)
    try:
        yield releve
    finally:
        _RELEVE.reset(jeton)
