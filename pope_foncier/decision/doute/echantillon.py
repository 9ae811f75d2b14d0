"""Samples: one stream of chances a field, so that one field more changes no other; at random, as a Latin hypercube, or as a Sobol sequence.

- **Random** (``hasard``): each field draws from its own generator, seeded by the seed and the name of the field.
- **Latin hypercube** (``hypercube``): each field falls once in each of the n slices of equal chance, in an order and at a place of its own stream.
- **Sobol** (``sobol``): a field takes one dimension of the sequence, scrambled by its own stream (a random lower triangular matrix and a shift, as
  Matoušek does). The dimensions are good *together*, so which one a field takes matters: its rank among the inputs of the study, drawn or
  not. One law more in the same sheet thus changes no other field; one loan or one grant more shifts the fields that follow it.

Links between fields come after (``correlations``). A sample is made whole before it is cut into blocks: blocks and threads change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args
from zlib import crc32

import numpy as np

from pope_foncier.decision.doute.correlations import Liens, lier
from pope_foncier.modele.loi import Loi
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.refus import refuser

Methode = Literal["hasard", "hypercube", "sobol"]
METHODES: tuple[Methode, ...] = get_args(Methode)
_BITS = 30
"""Binary digits of a Sobol point."""


def echantillon(
    lois: Mapping[str, Loi],
    nombre: int,
    graine: int,
    methode: str = "hasard",
    correlations: Liens | None = None,
    rangs: Mapping[str, int] | None = None,
) -> dict[str, Tableau]:
    """Draw some fields.

    Args:
        lois: law by field.
        nombre: number of draws D.
        graine: seed; the same gives the same draws, whatever the machine.
        methode: ``hasard``, ``hypercube`` or ``sobol``.
        correlations: correlation by pair of fields; the others are independent.
        rangs: dimension of each field in the Sobol sequence; by default, its rank among the laws given.

    Returns:
        Values by field, shape (D,) each.

    Raises:
        Inconnu: no such method, or a correlation on a field that is not drawn.
        ErreurCalcul: correlations that contradict each other.
    """
    libres = chances_libres(list(lois), nombre, graine, methode, rangs)
    liees = lier(libres, correlations or {}, garder_les_rangs=methode != "hasard")
    return {champ: loi.valeurs(liees[champ]) for champ, loi in lois.items()}


def chances_libres(
    champs: list[str], nombre: int, graine: int, methode: str, rangs: Mapping[str, int] | None = None
) -> dict[str, Tableau]:
    """Independent chances by field, strictly between 0 and 1, shape (D,) each.

    Raises:
        Inconnu: no such method.
    """
    if methode not in METHODES:
        raise refuser("Méthode de tirage inconnue", methode, METHODES)
    if methode == "sobol":
        return _sobol(champs, nombre, graine, rangs or {c: i for i, c in enumerate(champs)})
    tirer = chances if methode == "hasard" else _hypercube
    return {champ: _ouvertes(tirer(graine, champ, nombre)) for champ in champs}


def flux(graine: int, nom: str) -> np.random.Generator:
    """Stream of random numbers of one name under a seed."""
    return np.random.default_rng(crc32(f"{graine}/{nom}".encode()))


def chances(graine: int, nom: str, nombre: int) -> Tableau:
    """Random chances of one name under a seed, shape (D,)."""
    return flux(graine, nom).random(nombre)


def _hypercube(graine: int, nom: str, nombre: int) -> Tableau:
    hasard = flux(graine, nom)
    tranches = hasard.permutation(nombre)
    return (tranches + hasard.random(nombre)) / nombre


def _sobol(champs: list[str], nombre: int, graine: int, rangs: Mapping[str, int]) -> dict[str, Tableau]:
    qmc = bibliotheque("scipy.stats.qmc", "decider", "Une suite de Sobol")
    suite = qmc.Sobol(max(rangs[c] for c in champs) + 1, scramble=False, bits=_BITS)
    points = suite.random_base2(max(nombre - 1, 0).bit_length())[:nombre]
    return {champ: _brouiller(points[:, rangs[champ]], flux(graine, champ)) for champ in champs}


def _brouiller(points: Tableau, hasard: np.random.Generator) -> Tableau:
    """Points of one dimension under a random lower triangular matrix of digits, then a random shift; their strata are kept."""
    chiffres = (points * 2.0**_BITS).astype(np.int64)
    melanges = np.zeros_like(chiffres)
    for rang in range(_BITS):
        plus_forts = int(hasard.integers(2**rang)) << (_BITS - rang) if rang else 0
        masque = plus_forts | 1 << (_BITS - 1 - rang)
        melanges |= (np.bitwise_count(chiffres & masque).astype(np.int64) & 1) << (_BITS - 1 - rang)
    return (np.asarray(melanges ^ hasard.integers(2**_BITS)) + 0.5) / 2.0**_BITS


def _ouvertes(tirees: Tableau) -> Tableau:
    """Chances strictly between 0 and 1: a law without bounds has no value at either."""
    return np.clip(tirees, 2.0**-54, 1.0 - 2.0**-53)
