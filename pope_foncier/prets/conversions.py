"""Rate conversions and day counts: from a quoted yearly rate to the rate of one period, and from dates to years."""

from __future__ import annotations

from datetime import date
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.modele.clauses_de_pret import BaseJours, Conversion
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import ajouter_mois, mois_entre

Tableau = NDArray[np.float64]
CONVERSIONS: tuple[Conversion, ...] = get_args(Conversion)
BASES_JOURS: tuple[BaseJours, ...] = get_args(BaseJours)


def colonne(valeur: ArrayLike, quoi: str) -> Tableau:
    """Column of draws: scalar → (1, 1), (D,) or (D, 1) → (D, 1).

    Raises:
        ErreurCalcul: another shape, or a value that is not a finite number.
    """
    tableau = np.asarray(valeur, dtype=np.float64)
    if (tableau.ndim == 2 and tableau.shape[1] != 1) or tableau.ndim > 2:
        raise ErreurCalcul(f"{quoi} : une valeur par tirage est attendue, un tableau {tableau.shape} trouvé.")
    if not np.isfinite(tableau).all():
        raise ErreurCalcul(f"{quoi} : valeur inconnue ou infinie ; la renseigner avant de calculer.")
    return tableau.reshape(-1, 1)


def taux_effectif_annuel(taux_nominal: ArrayLike, capitalisations_par_an: int) -> Tableau:
    """Effective annual rate of a nominal rate compounded m times a year: ``(1+i/m)^m - 1``.

    Example:
        >>> round(float(taux_effectif_annuel(0.0525, 4)), 10)
        0.0535426674
    """
    m = capitalisations_par_an
    return np.asarray(np.expm1(m * np.log1p(np.asarray(taux_nominal, dtype=np.float64) / m)))


def taux_nominal_annuel(taux_effectif: ArrayLike, capitalisations_par_an: int) -> Tableau:
    """Nominal annual rate, compounded m times a year, of an effective rate: ``m((1+e)^(1/m) - 1)``."""
    m = capitalisations_par_an
    return np.asarray(m * np.expm1(np.log1p(np.asarray(taux_effectif, dtype=np.float64)) / m))


def taux_de_periode(
    taux: ArrayLike,
    periodes_par_an: int,
    conversion: Conversion = "proportionnelle",
    capitalisations_par_an: int | None = None,
) -> Tableau:
    """Period rate of a quoted annual rate.

    Args:
        taux: annual rate, any shape [fraction].
        periodes_par_an: payments a year.
        conversion: ``proportionnelle`` (i/m) or ``equivalente`` ((1+i)^(1/m) - 1).
        capitalisations_par_an: compounding of the quoted rate when it differs from the payments (2 = half-yearly);
            it then takes the place of ``conversion``.

    Returns:
        Rate of one period, same shape [fraction].
    """
    annuel = np.asarray(taux, dtype=np.float64)
    m = capitalisations_par_an or (1 if conversion == "equivalente" else periodes_par_an)
    if m == periodes_par_an:
        return np.asarray(annuel / periodes_par_an)
    return np.asarray(np.expm1(m / periodes_par_an * np.log1p(annuel / m)))


def fraction_annee(debut: date, fin: date, base: BaseJours) -> float:
    """Year fraction between two dates.

    Args:
        debut: excluded.
        fin: included.
        base: ``30/360`` (European), ``exact/365``, ``exact/360``, ``exact/exact`` (days over the length of their own
            civil year), ``mois_normalise`` (whole months of 1/12 counted backwards, then days over the real year:
            annex to R. 314-3 of the Code de la consommation).

    Returns:
        Years.
    """
    if fin < debut:
        raise ErreurCalcul(f"La date {fin:%d/%m/%Y} précède {debut:%d/%m/%Y} : ranger les dates dans l'ordre.")
    jours = (fin - debut).days
    if base in ("exact/365", "exact/360"):
        return jours / int(base.removeprefix("exact/"))
    if base == "30/360":
        mois = (fin.year - debut.year) * 12 + fin.month - debut.month
        return (mois * 30 + min(fin.day, 30) - min(debut.day, 30)) / 360
    if base == "mois_normalise":
        return temps_annexe(debut, fin, 12)
    total = 0.0
    for annee in range(debut.year, fin.year + 1):
        de, a = max(debut, date(annee, 1, 1)), min(fin, date(annee + 1, 1, 1))
        total += max((a - de).days, 0) / longueur_annee(annee)
    return total


def longueur_annee(annee: int) -> int:
    """Length of a civil year: 365 or 366 days."""
    return (date(annee + 1, 1, 1) - date(annee, 1, 1)).days


def temps_annexe(debut: date, fin: date, periodes_par_an: int = 12) -> float:
    """Time in years by the rule of the APR annex (R. 314-3, part III; directive 2014/17, annex I).

    Whole periods are counted backwards from ``fin``, the days that remain are divided by the 365 or 366 days of the
    year that ends where the whole periods stop. Whole periods are years for yearly payments, else months.

    Example:
        >>> temps_annexe(date(2012, 1, 12), date(2012, 2, 15)) == 1 / 12 + 3 / 365
        True
        >>> temps_annexe(date(2012, 1, 12), date(2012, 2, 15), 1) == 34 / 365
        True
    """
    pas = 12 if periodes_par_an == 1 else 1
    signe = 1.0
    if fin < debut:
        debut, fin, signe = fin, debut, -1.0
    nombre = mois_entre(debut, fin) // pas
    while nombre > 0 and ajouter_mois(fin, -nombre * pas) < debut:
        nombre -= 1
    repere = ajouter_mois(fin, -nombre * pas)
    reste = (repere - debut).days
    annee_pleine = (repere - ajouter_mois(repere, -12)).days
    return signe * (nombre * pas / 12 + reste / annee_pleine)


def periodes(mois: ArrayLike, periodes_par_an: int, quoi: str) -> Tableau:
    """Number of periods in a number of months.

    Raises:
        ErreurCalcul: the months do not make whole periods.
    """
    nombre = np.asarray(mois, dtype=np.float64) * periodes_par_an / 12
    if np.any(np.abs(nombre - np.rint(nombre)) > 1e-9):
        pas = 12 // periodes_par_an
        raise ErreurCalcul(
            f"{quoi} : ce nombre de mois ne fait pas un nombre entier de périodes de {pas} mois. "
            f"Écrire un multiple de {pas}, ou changer la périodicité."
        )
    return np.asarray(np.rint(nombre))
