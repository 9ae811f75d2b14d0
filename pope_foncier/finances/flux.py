"""Net present value and internal rate of return, vectorised on the draws; every root is reported, none is « indéterminé ».

A rate r and its force δ = ln(1+r) are found where ``Σ flux_k · exp(-δ t_k) = 0``. The sign of that sum is first read on
a fixed grid of δ (one matrix product for all the draws), then each change of sign is refined by a Newton iteration kept
inside its bracket. Two roots closer than the grid, or a double root, are not told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.socle.erreurs import ErreurCalcul

Tableau = NDArray[np.float64]

UNIQUE, PLUSIEURS, INDETERMINE = "unique", "plusieurs", "indéterminé"
_FORCES = np.sinh(np.linspace(-8.0, 8.0, 240)) / np.sinh(8.0) * 7.0
"""Grid of ln(1+r): from -99.9 % to 109,500 % a period, dense near zero, which is not on it (a common root)."""


@dataclass(frozen=True, slots=True)
class Taux:
    """Rate of return of D series of flows.

    Attributes:
        valeur: the rate when it is unique, else NaN, shape (D,) [fraction by unit of time].
        racines: every root in increasing order, NaN-padded, shape (D, R).
        nombre: number of roots, shape (D,).
    """

    valeur: Tableau
    racines: Tableau
    nombre: NDArray[np.intp]

    @property
    def statut(self) -> NDArray[np.str_]:
        """``unique``, ``plusieurs`` or ``indéterminé``, shape (D,)."""
        return np.where(self.nombre == 1, UNIQUE, np.where(self.nombre > 1, PLUSIEURS, INDETERMINE))

    @property
    def plus_proche_de_zero(self) -> Tableau:
        """Root nearest to zero, as spreadsheets show it; NaN when there is none, shape (D,)."""
        ecart = np.where(np.isnan(self.racines), np.inf, np.abs(self.racines))
        return np.asarray(self.racines[np.arange(ecart.shape[0]), np.argmin(ecart, axis=1)])


def van(flux: ArrayLike, taux: ArrayLike, temps: ArrayLike | None = None) -> Tableau:
    """Net present value, the first flow at time 0.

    Args:
        flux: signed flows, shape (N,) or (D, N) [€].
        taux: rate by unit of time, scalar, (D,) or (D, 1) [fraction].
        temps: times of the flows, shape (N,); by default 0, 1, 2…

    Returns:
        Present value, shape (D,) [€].
    """
    flux_, temps_ = _normaliser(flux, temps)
    force = np.log1p(np.asarray(taux, dtype=np.float64).reshape(-1, 1))
    return np.asarray(np.sum(flux_ * np.exp(-force * temps_), axis=1))


def valeurs_actuelles(flux: ArrayLike, taux: float, temps: ArrayLike | None = None) -> Tableau:
    """Present value of each flow, shape (D, N) [€]."""
    flux_, temps_ = _normaliser(flux, temps)
    return np.asarray(flux_ * np.exp(-np.log1p(taux) * temps_))


def tri(flux: ArrayLike, temps: ArrayLike | None = None) -> Taux:
    """Internal rate of return of D series, with every root.

    Args:
        flux: signed flows, shape (N,) or (D, N) [€].
        temps: times, shape (N,), in the unit of the rate wanted; by default 0, 1, 2…
    """
    flux_, temps_ = _normaliser(flux, temps)
    if not np.isfinite(flux_).all():
        raise ErreurCalcul("Taux de rendement : un flux est inconnu ou infini ; compléter les flux avant de calculer.")
    draws = flux_.shape[0]
    origine = temps_.min()
    rangs = temps_ - origine
    centre = np.where(_FORCES < 0, rangs.max(), 0.0)
    poids = np.exp(-_FORCES[None, :] * (rangs[:, None] - centre[None, :]))
    valeurs = flux_ @ poids
    signes = np.sign(valeurs)
    nuls = (signes == 0) & np.any(flux_ != 0, axis=1)[:, None]
    change = signes[:, :-1] * signes[:, 1:] < 0
    lignes, rang = np.nonzero(change)
    forces = _affiner(flux_, rangs, lignes, _FORCES[rang], _FORCES[rang + 1], signes[lignes, rang])
    lignes0, rang0 = np.nonzero(nuls)
    tous = np.concatenate([lignes, lignes0])
    racines_a_plat = np.concatenate([np.expm1(forces), np.expm1(_FORCES[rang0])])
    ordre = np.lexsort((racines_a_plat, tous))
    tous, racines_a_plat = tous[ordre], racines_a_plat[ordre]
    nombre = np.bincount(tous, minlength=draws).astype(np.intp)
    racines = np.full((draws, max(int(nombre.max(initial=0)), 1)), np.nan)
    position = np.arange(tous.size) - np.repeat(np.cumsum(nombre) - nombre, nombre)
    racines[tous, position] = racines_a_plat
    return Taux(np.where(nombre == 1, racines[:, 0], np.nan), racines, nombre)


def _affiner(
    flux: Tableau, rangs: Tableau, lignes: NDArray[np.intp], bas: Tableau, haut: Tableau, signe_bas: Tableau
) -> Tableau:
    """Safeguarded Newton on brackets, all at once; the work shrinks as roots converge."""
    bas, haut = bas.copy(), haut.copy()
    x = 0.5 * (bas + haut)
    if lignes.size == 0:
        return x
    pas_entier = bool(np.array_equal(rangs, np.arange(rangs.size)))
    ouverts = np.arange(lignes.size)
    for _ in range(80):
        f, derivee = _evaluer(flux[lignes[ouverts]], rangs, x[ouverts], pas_entier)
        a_gauche = np.sign(f) == signe_bas[ouverts]
        bas[ouverts] = np.where(a_gauche, x[ouverts], bas[ouverts])
        haut[ouverts] = np.where(a_gauche, haut[ouverts], x[ouverts])
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            suivant = x[ouverts] - f / derivee
        hors = ~((suivant > bas[ouverts]) & (suivant < haut[ouverts]))
        milieu = 0.5 * (bas[ouverts] + haut[ouverts])
        suivant = np.where(f == 0, x[ouverts], np.where(hors, milieu, suivant))
        bouge = np.abs(suivant - x[ouverts])
        x[ouverts] = suivant
        ouverts = ouverts[bouge > 1e-14 * (1.0 + np.abs(suivant))]
        if ouverts.size == 0:
            break
    return x


def _evaluer(flux: Tableau, rangs: Tableau, force: Tableau, pas_entier: bool) -> tuple[Tableau, Tableau]:
    """Value and derivative of ``Σ flux · exp(-δ t)``, scaled to stay finite when δ is negative."""
    if pas_entier:
        facteur = np.exp(-np.abs(force))[:, None]
        puissances = np.empty(flux.shape)
        puissances[:, :1] = 1.0
        puissances[:, 1:] = facteur
        np.cumprod(puissances, axis=1, out=puissances)
        negatif = force < 0
        if negatif.any():
            puissances[negatif] = puissances[negatif, ::-1]
    else:
        recul = np.where(force < 0, rangs.max(), 0.0)[:, None]
        puissances = np.exp(-force[:, None] * (rangs[None, :] - recul))
    produit = flux * puissances
    recul_ = np.where(force < 0, rangs[-1] if pas_entier else rangs.max(), 0.0)
    somme = produit.sum(axis=1)
    return somme, -(produit @ rangs) + recul_ * somme


def van_datee(flux: ArrayLike, dates: Sequence[date], taux: ArrayLike) -> Tableau:
    """Dated net present value (XNPV): times are days / 365 from the first date, shape (D,) [€]."""
    return van(flux, taux, _annees(dates))


def tri_date(flux: ArrayLike, dates: Sequence[date]) -> Taux:
    """Dated internal rate of return (XIRR): times are days / 365 from the first date [fraction a year]."""
    return tri(flux, _annees(dates))


def flux_croissants(premier: ArrayLike, croissance: ArrayLike, nombre: int, pente: float = 0.0) -> Tableau:
    """Flows growing at a constant rate, plus a straight line: ``premier (1+g)^k + pente k``, shape (D, nombre) [€]."""
    rangs = np.arange(nombre, dtype=np.float64)[None, :]
    base = np.asarray(premier, dtype=np.float64).reshape(-1, 1)
    taux = np.asarray(croissance, dtype=np.float64).reshape(-1, 1)
    return np.asarray(base * (1.0 + taux) ** rangs + pente * rangs)


def valeur_terminale(flux_suivant: ArrayLike, taux_sortie: ArrayLike) -> Tableau:
    """Reversion by direct capitalisation: the flow of the year after the sale over the exit rate [€].

    Raises:
        ErreurCalcul: exit rate of zero or less.
    """
    taux = np.asarray(taux_sortie, dtype=np.float64)
    if np.any(taux <= 0):
        raise ErreurCalcul("Taux de sortie : il doit être positif pour capitaliser un flux.")
    return np.asarray(np.asarray(flux_suivant, dtype=np.float64) / taux)


def annuite_unitaire(taux: ArrayLike, nombre: ArrayLike) -> Tableau:
    """Present value of 1 € paid at the end of each of n periods: ``(1-(1+i)^-n)/i``, and n at zero rate."""
    i, n = np.asarray(taux, dtype=np.float64), np.asarray(nombre, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        valeur = -np.expm1(-n * np.log1p(i)) / i
    return np.asarray(np.where(i == 0, n, valeur))


def valeur_acquise(
    taux: float, nombre: float, versement: float = 0.0, depart: float = 0.0, avance: bool = False
) -> float:
    """Future value of a first sum and of regular payments, both positive amounts paid in [€]."""
    croissance = (1.0 + taux) ** nombre
    rente = nombre if taux == 0 else (croissance - 1.0) / taux
    return float(depart * croissance + versement * rente * (1.0 + taux if avance else 1.0))


def nombre_versements(taux: float, versement: float, depart: float, cible: float, avance: bool = False) -> float:
    """Number of payments that bring a first sum to a target (NPER), amounts paid in being positive."""
    v = versement * (1.0 + taux) if avance else versement
    if taux == 0:
        return (cible - depart) / v
    rapport = (v + cible * taux) / (v + depart * taux)
    if rapport <= 0:
        raise ErreurCalcul("Ces versements n'atteignent jamais la cible : augmenter le versement ou le taux.")
    return float(np.log(rapport) / np.log1p(taux))


def _normaliser(flux: ArrayLike, temps: ArrayLike | None) -> tuple[Tableau, Tableau]:
    flux_ = np.atleast_2d(np.asarray(flux, dtype=np.float64))
    temps_ = np.arange(flux_.shape[1], dtype=np.float64) if temps is None else np.asarray(temps, dtype=np.float64)
    if temps_.shape != (flux_.shape[1],):
        raise ErreurCalcul(f"{flux_.shape[1]} flux pour {temps_.size} dates : les accorder.")
    return flux_, temps_


def _annees(dates: Sequence[date]) -> Tableau:
    return np.array([(jour - dates[0]).days / 365 for jour in dates])
