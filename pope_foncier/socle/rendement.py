"""Net present value and internal rate of return, vectorised on the draws; every root is reported, none is « indéterminé ».

A rate r and its force δ = ln(1+r) are found where ``Σ flux_k · exp(-δ t_k) = 0``. The sign of that sum is first read on
a fixed grid of δ (one matrix product for all the draws), then each change of sign is refined by a Newton iteration kept
inside its bracket.

The number of roots is at most the number of changes of sign of the flows in time (Descartes' rule, which holds for any
times). Only the draws where fewer roots were seen are searched again, on a grid four times finer, where each local
extremum of the value near zero is located: a pair of roots inside one cell shows as two, and a value that touches zero
without crossing it is a double root, counted twice. What stays unseen is three roots inside one fine cell (0.1 % apart at
5 %).
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
_FORCES_FINES = np.sinh(np.linspace(-8.0, 8.0, 960)) / np.sinh(8.0) * 7.0
_TOUCHE = 1e-13
"""Value that counts as touching zero, as a share of the sum of the flows without their signs, discounted."""


@dataclass(frozen=True, slots=True)
class Taux:
    """Rate of return of D series of flows.

    Attributes:
        valeur: the rate when it is unique, else NaN, shape (D,) [fraction by unit of time].
        racines: every root in increasing order, a double one twice, NaN-padded, shape (D, R).
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
    rangs = temps_ - temps_.min()
    lignes, forces = _racines(flux_, rangs, _FORCES)
    suspects = np.bincount(lignes, minlength=draws) < changements_de_signe(flux_, rangs)
    if suspects.any():
        gardees = ~suspects[lignes]
        encore, forces_fines = _racines(flux_[suspects], rangs, _FORCES_FINES, serrees=True)
        lignes = np.concatenate([lignes[gardees], np.flatnonzero(suspects)[encore]])
        forces = np.concatenate([forces[gardees], forces_fines])
    ordre = np.lexsort((forces, lignes))
    lignes, forces = lignes[ordre], forces[ordre]
    nombre = np.bincount(lignes, minlength=draws).astype(np.intp)
    racines = np.full((draws, max(int(nombre.max(initial=0)), 1)), np.nan)
    position = np.arange(lignes.size) - np.repeat(np.cumsum(nombre) - nombre, nombre)
    racines[lignes, position] = np.expm1(forces)
    return Taux(np.where(nombre == 1, racines[:, 0], np.nan), racines, nombre)


def changements_de_signe(flux: Tableau, temps: Tableau) -> NDArray[np.intp]:
    """Changes of sign of the flows (D, N) in the order of their times (N,), zeros left out: bound of the roots, shape (D,)."""
    if np.any(np.diff(temps) <= 0):
        ordre = np.argsort(temps, kind="stable")
        debuts = np.flatnonzero(np.concatenate([[True], np.diff(temps[ordre]) > 0]))
        flux = np.add.reduceat(flux[:, ordre], debuts, axis=1)
    paye = flux < 0
    avec_zero = np.flatnonzero((flux == 0).any(axis=1))
    if avec_zero.size:
        non_nuls = flux[avec_zero] != 0
        premier = np.argmax(non_nuls, axis=1)[:, None]
        rangs = np.arange(flux.shape[1], dtype=np.int32)
        dernier = np.maximum.accumulate(np.where(non_nuls, rangs, premier), axis=1)
        paye[avec_zero] = np.take_along_axis(paye[avec_zero], dernier, axis=1)
    return np.asarray(np.count_nonzero(paye[:, 1:] != paye[:, :-1], axis=1))


def _racines(flux: Tableau, rangs: Tableau, grille: Tableau, serrees: bool = False) -> tuple[NDArray[np.intp], Tableau]:
    """Roots of all the draws: their rank in the batch and their force; ``serrees`` also looks between the grid points."""
    centre = np.where(grille < 0, rangs.max(), 0.0)
    poids = np.exp(-grille[None, :] * (rangs[:, None] - centre[None, :]))
    valeurs = flux @ poids
    signes = np.sign(valeurs)
    nuls = (signes == 0) & np.any(flux != 0, axis=1)[:, None]
    lignes, rang = np.nonzero(signes[:, :-1] * signes[:, 1:] < 0)
    bas, haut, signe_bas = grille[rang], grille[rang + 1], signes[lignes, rang]
    touches: tuple[NDArray[np.intp], Tableau] = (np.zeros(0, dtype=np.intp), np.zeros(0))
    if serrees:
        relatives = np.abs(valeurs) / np.maximum(np.abs(flux) @ poids, 1e-300)
        avant, ici, apres = relatives[:, :-2], relatives[:, 1:-1], relatives[:, 2:]
        meme_cote = (signes[:, :-2] * signes[:, 2:] > 0) & (signes[:, :-2] * signes[:, 1:-1] >= 0)
        creux = meme_cote & (ici < avant) & (ici <= apres)
        nuls[:, 1:-1] &= ~creux
        paires, milieu = np.nonzero(creux)
        gauche, droite, signe = grille[milieu], grille[milieu + 2], signes[paires, milieu]
        fond, valeur = _fond(flux[paires], rangs, gauche, droite, signe)
        touche = np.abs(valeur) <= _TOUCHE
        perce = ~touche & (valeur < 0)
        touches = np.tile(paires[touche], 2), np.tile(fond[touche], 2)
        lignes = np.concatenate([lignes, paires[perce], paires[perce]])
        bas = np.concatenate([bas, gauche[perce], fond[perce]])
        haut = np.concatenate([haut, fond[perce], droite[perce]])
        signe_bas = np.concatenate([signe_bas, signe[perce], -signe[perce]])
    forces = _affiner(flux, rangs, lignes, bas, haut, signe_bas)
    lignes0, rang0 = np.nonzero(nuls)
    return np.concatenate([lignes, lignes0, touches[0]]), np.concatenate([forces, grille[rang0], touches[1]])


def _fond(flux: Tableau, rangs: Tableau, gauche: Tableau, droite: Tableau, signe: Tableau) -> tuple[Tableau, Tableau]:
    """Bottom of a hollow by golden section: where ``signe`` × value, as a share of the flows, is least, and that share."""
    nombre_d_or = (np.sqrt(5.0) - 1.0) / 2.0

    def part(force: Tableau) -> Tableau:
        recul = np.where(force < 0, rangs.max(), 0.0)[:, None]
        poids = np.exp(-force[:, None] * (rangs[None, :] - recul))
        return np.asarray(signe * np.sum(flux * poids, axis=1) / np.sum(np.abs(flux) * poids, axis=1))

    a, b = gauche.copy(), droite.copy()
    c, d = b - nombre_d_or * (b - a), a + nombre_d_or * (b - a)
    f_c, f_d = part(c), part(d)
    for _ in range(45):
        a_gauche = f_c < f_d
        a, b = np.where(a_gauche, a, c), np.where(a_gauche, d, b)
        neuf = np.where(a_gauche, b - nombre_d_or * (b - a), a + nombre_d_or * (b - a))
        f_neuf = part(neuf)
        c, d = np.where(a_gauche, neuf, d), np.where(a_gauche, c, neuf)
        f_c, f_d = np.where(a_gauche, f_neuf, f_d), np.where(a_gauche, f_c, f_neuf)
    return np.where(f_c < f_d, c, d), np.minimum(f_c, f_d)


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
