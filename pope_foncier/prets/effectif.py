"""Effective rates of a loan: TEG (proportional) and TAEG (equivalent), from all that the borrower receives and pays.

Sources: Code de la consommation, R. 314-1 to R. 314-3 and annex. A professional or public borrower is told a TEG: period
rate times periods a year; the others a TAEG: annual equivalent. Both put the same flows to zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.prets.contractuel import au_centime
from pope_foncier.prets.conversions import Tableau, temps_annexe
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.rendement import Taux, tri


@enregistrement
class TauxEffectif:
    """Effective rate of D loans.

    Attributes:
        taeg: annual equivalent rate (R. 314-3), shape (D,) [fraction]; NaN when undefined. A fee paid before the first
            drawdown gives a second root, absurdly high: the root nearest to zero is the rate, ``detail`` keeps them all.
        teg: annual proportional rate (R. 314-2), shape (D,) [fraction].
        taux_periode: period rate, shape (D,) [fraction].
        periodes_par_an: civil year over the unit period of each loan, shape (D,).
        detail: every root and its status.
    """

    taeg: Tableau
    teg: Tableau
    taux_periode: Tableau
    periodes_par_an: Tableau
    detail: Taux

    @property
    def periode_mois(self) -> Tableau:
        """Unit period of each loan, which the law wants stated with its rate, shape (D,) [months]."""
        return np.asarray(12.0 / self.periodes_par_an)


def taux_effectif(tableau: Echeancier, au_cent: bool = False) -> TauxEffectif:
    """Effective rates of a schedule: TAEG and TEG.

    Args:
        tableau: schedule of D loans.
        au_cent: payments rounded to the cent one by one, as a table shows them.

    Returns:
        Rates; time 0 is the first drawdown; dated loans follow the day rule of the annex.
    """
    lu = flux_du_pret(tableau, au_cent)
    return effectif_des_flux(lu.flux, lu.temps, unites(lu.verses, lu.mois))


@enregistrement
class FluxDuPret:
    """What a borrower receives and pays, fees left out of the rate removed.

    Attributes:
        flux: received minus paid at each instant, shape (D, T) [€].
        verses: paid alone, shape (D, T) [€].
        temps: instants in years, shape (T,); ``mois``: the same in months.
    """

    flux: Tableau
    verses: Tableau
    temps: Tableau
    mois: Tableau


def flux_du_pret(tableau: Echeancier, au_cent: bool = False) -> FluxDuPret:
    """Flows of the borrower; with ``au_cent`` the instalment, the insurance and the indemnity are each to the cent."""
    e = tableau.emprunt
    parts = [tableau.echeance, tableau.assurance, tableau.indemnites]
    verses = np.add.reduce([au_centime(p) for p in parts]) if au_cent else np.add.reduce(parts)
    mois = tableau.mois.astype(np.float64)
    temps = mois / 12.0
    if e.date_debut is not None and (e.date_premiere_echeance is not None or e.base_jours != "30/360"):
        temps = np.array([temps_annexe(e.date_debut, jour, e.periodes_par_an) for jour in tableau.dates])
    flux = tableau.deblocages - verses
    mois_tires, tires = tableau.deblocages_par_mois()
    en_periode = mois_tires % e.pas_mois != 0
    if en_periode.any():
        mois_tires, tires = mois_tires[en_periode], tires[:, en_periode]
        rangs = -(-mois_tires // e.pas_mois)
        np.subtract.at(flux.T, rangs, tires.T)
        avance = (rangs * e.pas_mois - mois_tires) / 12.0
        flux = np.concatenate([flux, tires], axis=1)
        verses = np.concatenate([verses, np.zeros(tires.shape)], axis=1)
        mois, temps = np.concatenate([mois, mois_tires]), np.concatenate([temps, temps[rangs] - avance])
    frais = [f for f in tableau.frais_dates if f.dans_teg]
    if frais:
        payes = np.concatenate([np.broadcast_to(f.montant, (flux.shape[0], 1)) for f in frais], axis=1)
        flux, verses = np.concatenate([flux, -payes], axis=1), np.concatenate([verses, payes], axis=1)
        mois_frais = np.array([f.mois for f in frais])
        mois, temps = np.concatenate([mois, mois_frais]), np.concatenate([temps, mois_frais / 12.0])
    return FluxDuPret(flux, verses, temps, mois)


def unites(verses: Tableau, mois: Tableau) -> Tableau:
    """Unit period of each loan: the smallest interval between two payments of the borrower, one month at least, shape (D,) [months].

    The drawdowns of the lender do not count (R. 314-2). A loan paid in one sum has no interval: its period runs from the
    first drawdown (month 0); a loan that nothing repays counts one year by convention.
    """
    ordre = np.argsort(mois, kind="stable")
    instants, verse = mois[ordre], np.abs(verses[:, ordre]) > 1e-9
    neuf = np.concatenate([[True], np.diff(instants) > 0])
    instants = instants[neuf]
    verse = np.logical_or.reduceat(verse, np.flatnonzero(neuf), axis=1)
    dernier = np.maximum.accumulate(np.where(verse, instants, -np.inf), axis=1)
    ecarts = np.where(verse[:, 1:], instants[1:] - dernier[:, :-1], np.inf)
    plus_petit = ecarts.min(axis=1, initial=np.inf)
    seul = np.where(dernier[:, -1] > 0, dernier[:, -1], 12.0)
    return np.where(np.isfinite(plus_petit), np.maximum(plus_petit, 1.0), np.maximum(seul, 1.0))


def effectif_des_flux(flux: ArrayLike, temps: ArrayLike, unite_mois: ArrayLike) -> TauxEffectif:
    """Effective rates of flows (received > 0, paid < 0) at times in years.

    Args:
        flux: (N,) or (D, N) [€].
        temps: (N,) [years].
        unite_mois: unit period, scalar or (D,) [months].
    """
    detail = tri(flux, temps)
    taeg = detail.plus_proche_de_zero
    parts = np.broadcast_to(12.0 / np.asarray(unite_mois, dtype=np.float64), taeg.shape)
    periode = np.expm1(np.log1p(taeg) / parts)
    return TauxEffectif(taeg, periode * parts, periode, parts, detail)


def affichage_taux(taux: float) -> float:
    """Rate as displayed: one decimal of percent, half up (annex to R. 314-3) [fraction]."""
    return float(np.floor(taux * 1000.0 + 0.5 + 1e-9) / 1000.0)


def cout_total(tableau: Echeancier, au_cent: bool = False) -> Tableau:
    """Total cost of credit: what the rate counts (fees outside the TEG left out) minus what was lent, shape (D,) [€]."""
    return np.asarray(-flux_du_pret(tableau, au_cent).flux.sum(axis=1))
