"""Laws of the values drawn at random, as a user calls them: those that a sheet writes beside an assumption."""

from __future__ import annotations

from collections.abc import Mapping

from pope_foncier.modele.loi import (
    POIDS_PERT,
    Chance,
    Discrete,
    Entiers,
    Lognormale,
    Loi,
    Normale,
    Pert,
    Triangulaire,
    Uniforme,
)
from pope_foncier.porte.attendu import verifie
from pope_foncier.socle.erreurs import ErreurCalcul


@verifie
def normale(moyenne: float, ecart_type: float) -> Loi:
    """Normal law, by its mean and its standard deviation; cut at the bounds of the field that it is drawn for.

    >>> import pope_foncier as pf
    >>> pf.normale(0.04, 0.005)
    normale(0.04, 0.005)
    """
    return Normale(float(moyenne), float(ecart_type))


@verifie
def uniforme(bas: float, haut: float) -> Loi:
    """Uniform law between two bounds.

    >>> import pope_foncier as pf
    >>> pf.uniforme(0.55, 0.75)
    uniforme(0.55, 0.75)
    """
    return Uniforme(float(bas), float(haut))


@verifie
def entiers(bas: int, haut: int, pas: int = 1) -> Loi:
    """Whole numbers of equal chance, from ``bas`` to ``haut`` by ``pas``: months of a term, of a grace, of a delay; ``pas=3`` for quarterly instalments.

    >>> import pope_foncier as pf
    >>> pf.entiers(0, 12, pas=3)
    entiers(0, 12, 3)
    """
    return Entiers(bas, haut, pas)


@verifie
def triangle(bas: float, milieu: float, haut: float) -> Loi:
    """Triangular law: lowest, most likely and highest value.

    >>> import pope_foncier as pf
    >>> pf.triangle(2200, 2700, 3200)
    triangle(2200, 2700, 3200)
    """
    return Triangulaire(float(bas), float(milieu), float(haut))


@verifie
def pert(bas: float, mode: float, haut: float, poids: float = POIDS_PERT) -> Loi:
    """PERT law: lowest, most likely and highest value, gathered around the most likely one more than a triangle is.

    >>> import pope_foncier as pf
    >>> pf.pert(2200, 2700, 3200)
    pert(2200, 2700, 3200, 4)
    """
    return Pert(float(bas), float(mode), float(haut), float(poids))


@verifie
def lognormale(
    mediane: float | None = None, ecart: float | None = None, quantiles: Mapping[float, float] | None = None
) -> Loi:
    """Log-normal law: by its median and the standard deviation of its logarithm, or by two values after the chance of falling under each.

    >>> import pope_foncier as pf
    >>> pf.lognormale(2700, 0.15)
    lognormale(2700, 0.15)
    >>> pf.lognormale(quantiles={0.1: 2300, 0.9: 3200})
    lognormale(2712.93, 0.128844)
    """
    if quantiles is not None and (mediane, ecart) == (None, None):
        return Lognormale.par_quantiles(sorted(quantiles.items()))
    if mediane is None or ecart is None or quantiles is not None:
        raise ErreurCalcul("Loi log-normale : donner « mediane » et « ecart », ou « quantiles », mais pas les deux.")
    return Lognormale(float(mediane), float(ecart))


@verifie
def discrete(chances: Mapping[float, float]) -> Loi:
    """A few values, each with its chance.

    >>> import pope_foncier as pf
    >>> pf.discrete({6: 0.5, 9: 0.3, 15: 0.2})
    discrete([6, 9, 15], [0.5, 0.3, 0.2])
    """
    return Discrete(tuple(float(v) for v in chances), tuple(float(c) for c in chances.values()))


@verifie
def chance(probabilite: float) -> Loi:
    """Law of all or nothing: 1 with that probability, else 0; a grant obtained or refused (``aides[piaje].coefficient``).

    >>> import pope_foncier as pf
    >>> pf.chance(0.6)
    chance(0.6)
    """
    return Chance(float(probabilite))
