"""Net present value and internal rate of return, vectorised on the draws; every root is reported, none is « indéterminé ».

How the roots are found, and how many there can be, is in ``racines``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import pourcent
from pope_foncier.socle.racines import BORNES, racines

Tableau = NDArray[np.float64]

UNIQUE, PLUSIEURS, INDETERMINE = "unique", "plusieurs", "indéterminé"


@enregistrement
class Taux:
    """Rate of return of D series of flows.

    Attributes:
        valeur: the rate when it is unique, else NaN, shape (D,) [fraction by unit of time].
        racines: every root found in increasing order, a double one twice, NaN-padded, shape (D, R).
        nombre: number of roots found, shape (D,).
        hors_bornes: whether the changes of sign of the flows tell one more root, outside the rates searched, shape (D,).
    """

    valeur: Tableau
    racines: Tableau
    nombre: NDArray[np.intp]
    hors_bornes: NDArray[np.bool_]

    @property
    def statut(self) -> NDArray[np.str_]:
        """``unique``, ``plusieurs`` or ``indéterminé``, shape (D,); a root outside the rates searched counts among several."""
        plusieurs = (self.nombre > 1) | ((self.nombre == 1) & self.hors_bornes)
        return np.where(plusieurs, PLUSIEURS, np.where(self.nombre == 1, UNIQUE, INDETERMINE))

    @property
    def motif(self) -> list[str]:
        """Why each draw has no unique rate, in words; empty when it has one."""
        cherche = f"cherché de {pourcent(BORNES[0], 7)} à {pourcent(BORNES[1], 0)}"
        mots = {
            (UNIQUE, False): "",
            (PLUSIEURS, False): "plusieurs taux annulent ces flux",
            (PLUSIEURS, True): f"plusieurs taux annulent ces flux, dont un au-delà ({cherche})",
            (INDETERMINE, False): f"aucun taux n'annule ces flux ({cherche})",
            (INDETERMINE, True): f"le taux est au-delà ({cherche})",
        }
        return [mots[str(s), bool(h)] for s, h in zip(self.statut, self.hors_bornes, strict=True)]

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
    lignes, forces, changements = racines(flux_, temps_ - temps_.min())
    nombre = np.bincount(lignes, minlength=flux_.shape[0]).astype(np.intp)
    trouvees = np.full((flux_.shape[0], max(int(nombre.max(initial=0)), 1)), np.nan)
    position = np.arange(lignes.size) - np.repeat(np.cumsum(nombre) - nombre, nombre)
    trouvees[lignes, position] = np.expm1(forces)
    hors_bornes = (changements - nombre) % 2 == 1
    return Taux(np.where((nombre == 1) & ~hors_bornes, trouvees[:, 0], np.nan), trouvees, nombre, hors_bornes)


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
