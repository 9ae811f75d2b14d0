"""Cost of a loan: fees, guarantee, insurance, and the effective rates TEG (proportional) and TAEG (equivalent).

Sources: Code de la consommation, R. 314-1 to R. 314-3 and annex. A professional or public borrower is told a TEG: period
rate times periods a year; the others a TAEG: annual equivalent. Both put the same flows to zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.prets.clauses import Frais
from pope_foncier.prets.contractuel import au_centime
from pope_foncier.prets.conversions import Tableau, temps_annexe
from pope_foncier.prets.echeancier import Echeancier, FraisDate
from pope_foncier.prets.etat import EtatPret
from pope_foncier.prets.termes import Emprunt, colonne
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.rendement import Taux, tri


@dataclass(frozen=True, slots=True)
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


def capital_emprunte(e: Emprunt) -> Tableau:
    """Capital lent, financed fees and premium included, (1 or D, 1) [€]."""
    if e.capital is None:
        service = np.atleast_2d(np.asarray(e.service, dtype=np.float64))
        rangs = np.arange(1.0, service.shape[1] + 1)[None, :]
        a_la_fin = np.sum(service * (1.0 + e.taux_periode) ** -rangs, axis=1, keepdims=True)
        return np.asarray(a_la_fin / _croissance_avant_service(e))
    capital = colonne(e.capital, "Capital")
    en_plus = [montant_frais(f, capital) for f in e.frais if f.finances]
    if e.assurance is not None and e.assurance.financee:
        en_plus.append(_prime(e, capital))
    return capital + np.add.reduce(en_plus) if en_plus else capital


def _croissance_avant_service(e: Emprunt) -> Tableau:
    """Growth of the balance before the first repayment: only the interest that is not paid makes it grow."""
    propre = e.periodes_differe - e.periodes_prefinancement
    avant = e.periodes_prefinancement if e.interets_prefinancement == "capitalises" else 0
    composees = avant + propre if e.differe == "total_capitalise" else avant
    croissance = (1.0 + e.taux_periode) ** composees
    return np.asarray(croissance * (1.0 + e.taux_periode * propre) if e.differe == "total_simple" else croissance)


def montant_frais(frais: Frais, capital: Tableau) -> Tableau:
    """Amount of a fee, (1 or D, 1) [€]."""
    if frais.montant is not None:
        return colonne(frais.montant, frais.libelle)
    return capital * colonne(frais.taux, frais.libelle) if frais.taux is not None else capital * 0.0


def _prime(e: Emprunt, capital: Tableau) -> Tableau:
    a = e.assurance
    assert a is not None
    if a.montant is not None:
        return colonne(a.montant, "Prime d'assurance") * a.quotite
    assert a.taux is not None
    return capital * colonne(a.taux, "Taux d'assurance") * a.quotite


def montant_garanti(e: Emprunt, assiette: Tableau) -> Tableau:
    """Guaranteed amount: share of a balance, under the ceiling, same shape [€]."""
    if e.garantie is None:
        return assiette * 0.0
    garanti = assiette * colonne(e.garantie.quotite, "Quotité garantie")
    return garanti if e.garantie.plafond is None else np.minimum(garanti, e.garantie.plafond)


def completer(etat: EtatPret, deblocages: Tableau, capitalises: Tableau, fins: Any) -> Echeancier:
    """Add insurance, fees and rates to the columns of the engine, and make the schedule."""
    e, c = etat.emprunt, etat.colonnes
    demande = etat.capital if e.capital is None else colonne(e.capital, "Capital")
    forme = c["interets"].shape
    taux = _taux_par_periode(etat, forme[1])
    brut = dict(
        deblocages=deblocages,
        interets=c["interets"],
        interets_payes=c.get("interets_payes", c["interets"]),
        interets_capitalises=capitalises,
        remboursement=c["remboursement"],
        capital_restant_du=c["capital_restant_du"],
        taux=taux,
        assurance=_assurance(etat, demande, fins),
        indemnites=_en_fin(etat, demande, fins),
    )
    if e.terme == "a_echoir":
        premier = brut["deblocages"][:, :-1]
        brut = {nom: valeurs[:, 1:] for nom, valeurs in brut.items()}
        brut["deblocages"] = premier
    frais = [FraisDate(f.mois, montant_frais(f, demande), f.dans_teg, f.libelle) for f in e.frais if f.mois is not None]
    frais += [*_commissions(etat, fins), *_non_utilisation(etat)]
    return Echeancier(e, fins.astype(np.float64), **brut, frais_dates=tuple(frais), alertes=tuple(etat.alertes))


def _taux_par_periode(etat: EtatPret, largeur: int) -> Tableau:
    stages = etat.etapes
    if len(stages) == 1:
        taux = stages[0].taux
        return np.broadcast_to(taux, (taux.shape[0], largeur))
    lignes = np.empty((max(s.taux.shape[0] for s in stages.values()), largeur))
    for rang in sorted(stages):
        lignes[:, rang + (1 if rang else 0) :] = stages[rang].taux
    return lignes


def _assurance(etat: EtatPret, demande: Tableau, fins: Any) -> Tableau:
    e, forme = etat.emprunt, etat.colonnes["interets"].shape
    a = e.assurance
    if a is None:
        return np.broadcast_to(np.zeros((1, 1)), forme)
    primes = np.zeros(forme)
    if a.mode == "prime_unique":
        rang = 1 if e.terme == "a_echoir" else 0
        primes[:, rang : rang + 1] = _prime(e, demande)
        return primes
    if a.mode == "capital_initial":
        periode = _prime(e, demande) if a.montant is not None else _prime(e, etat.capital) / e.periodes_par_an
        rangs = np.arange(1, forme[1])[None, :]
        primes[:, 1:] = np.where(rangs <= fins, periode, 0.0)
    else:
        assert a.taux is not None
        taux = colonne(a.taux, "Taux d'assurance") * a.quotite / e.periodes_par_an
        primes[:, 1:] = etat.colonnes["capital_restant_du"][:, :-1] * taux
    return au_centime(primes) if e.arrondi != "aucun" else primes


def _en_fin(etat: EtatPret, demande: Tableau, fins: Any) -> Tableau:
    """Indemnities, exit fees and participation, at their period, (D, N+1) [€]."""
    e, forme = etat.emprunt, etat.colonnes["interets"].shape
    derniers = [f for f in e.frais if f.mois is None]
    if not derniers and e.participation is None:
        return etat.colonnes.get("indemnites", np.broadcast_to(np.zeros((1, 1)), forme))
    colonne_frais = etat.colonne("indemnites")
    lignes = np.arange(forme[0])
    for f in derniers:
        if not f.dans_teg:
            raise ErreurCalcul(f"{f.libelle} : des frais de sortie hors TEG se donnent avec leur mois (« mois »).")
        colonne_frais[lignes, fins[:, 0]] += np.broadcast_to(montant_frais(f, demande), (forme[0], 1))[:, 0]
    if e.participation is not None:
        p = e.participation
        annees = fins / e.periodes_par_an
        valeur, croissance = colonne(p.valeur, "Valeur"), colonne(p.croissance, "Croissance")
        gain = valeur * ((1.0 + croissance) ** annees - 1.0) * colonne(p.part, "Part")
        colonne_frais[lignes, fins[:, 0]] += np.broadcast_to(gain, (forme[0], 1))[:, 0]
    return colonne_frais


def _commissions(etat: EtatPret, fins: Any) -> list[FraisDate]:
    """Commission of the guarantee: once, or at each anniversary while the loan lasts."""
    e = etat.emprunt
    g = e.garantie
    if g is None:
        return []
    taux = colonne(g.commission, "Commission de garantie")
    initial = montant_garanti(e, etat.capital)
    libelle = "commission de garantie"
    if g.assiette == "initiale":
        return [FraisDate(0, initial * taux, g.dans_teg, libelle)]
    soldes, suite = etat.colonnes["capital_restant_du"], []
    mois = [e.mois_du_rang(rang) for rang in range(etat.total + 1)]
    for anniversaire in range(0, mois[-1], 12):
        rang = int(np.searchsorted(mois, anniversaire, side="right")) - 1
        vivant = (rang < fins).astype(np.float64)
        garanti = initial if g.assiette == "initiale_annuelle" else montant_garanti(e, soldes[:, rang : rang + 1])
        suite.append(FraisDate(anniversaire, garanti * taux * vivant, g.dans_teg, libelle))
    return suite


def _non_utilisation(etat: EtatPret) -> list[FraisDate]:
    """Commission of each row on what is not drawn yet, up to the last drawdown."""
    e, deblocages = etat.emprunt, etat.deblocages
    taux = colonne(e.commission_non_utilisation, "Commission de non-utilisation")
    if not taux.any():
        return []
    reste, suite = etat.capital - deblocages.a(0), []
    for rang in range(1, max(deblocages.rangs) + 1):
        duree = 1.0 / e.periodes_par_an if etat.fractions is None else float(etat.fractions[0, rang - 1])
        montant = reste * taux * duree - deblocages.interets_partiels(taux, rang - 1, rang)
        montant = au_centime(montant) if e.arrondi != "aucun" else montant
        suite.append(FraisDate(e.mois_du_rang(rang), montant, True, "commission de non-utilisation"))
        reste = reste - deblocages.a(rang)
    return suite


def taux_effectif(tableau: Echeancier, au_cent: bool = False) -> TauxEffectif:
    """Effective rates of a schedule: TAEG and TEG.

    Args:
        tableau: schedule of D loans.
        au_cent: payments rounded to the cent one by one, as a table shows them.

    Returns:
        Rates; time 0 is the first drawdown; dated loans follow the day rule of the annex.
    """
    flux, temps, mois = flux_du_pret(tableau, au_cent)
    return effectif_des_flux(flux, temps, unites(flux, mois))


def flux_du_pret(tableau: Echeancier, au_cent: bool = False) -> tuple[Tableau, Tableau, Tableau]:
    """Flows of the borrower (D, T) [€], their times in years (T,) and in months (T,), fees left out of the rate removed."""
    e = tableau.emprunt
    paye = tableau.echeance + tableau.assurance + tableau.indemnites
    flux = -(au_centime(paye) if au_cent else paye)
    mois = tableau.mois.astype(np.float64)
    temps = mois / 12.0
    if e.date_debut is not None and (e.date_premiere_echeance is not None or e.base_jours != "30/360"):
        temps = np.array([temps_annexe(e.date_debut, jour, e.periodes_par_an) for jour in tableau.dates])
    flux = flux + tableau.deblocages
    mois_tires, tires = tableau.deblocages_par_mois()
    en_periode = mois_tires % e.pas_mois != 0
    if en_periode.any():
        mois_tires, tires = mois_tires[en_periode], tires[:, en_periode]
        rangs = -(-mois_tires // e.pas_mois)
        np.subtract.at(flux.T, rangs, tires.T)
        avance = (rangs * e.pas_mois - mois_tires) / 12.0
        flux = np.concatenate([flux, tires], axis=1)
        mois, temps = np.concatenate([mois, mois_tires]), np.concatenate([temps, temps[rangs] - avance])
    frais = [f for f in tableau.frais_dates if f.dans_teg]
    if frais:
        colonnes = [np.broadcast_to(-f.montant, (flux.shape[0], 1)) for f in frais]
        flux = np.concatenate([flux, *colonnes], axis=1)
        mois_frais = np.array([f.mois for f in frais])
        mois, temps = np.concatenate([mois, mois_frais]), np.concatenate([temps, mois_frais / 12.0])
    return flux, temps, mois


def unites(flux: Tableau, mois: Tableau) -> Tableau:
    """Unit period of each loan: the smallest interval between its flows, one month at least (R. 314-2), shape (D,) [months].

    A loan with one flow, or none, has no interval: one year by convention.
    """
    ordre = np.argsort(mois, kind="stable")
    instants, verses = mois[ordre], np.abs(flux[:, ordre]) > 1e-9
    neuf = np.concatenate([[True], np.diff(instants) > 0])
    instants = instants[neuf]
    verses = np.logical_or.reduceat(verses, np.flatnonzero(neuf), axis=1)
    dernier = np.maximum.accumulate(np.where(verses, instants, -np.inf), axis=1)
    ecarts = np.where(verses[:, 1:], instants[1:] - dernier[:, :-1], np.inf)
    plus_petit = ecarts.min(axis=1, initial=np.inf)
    return np.where(np.isfinite(plus_petit), np.maximum(plus_petit, 1.0), 12.0)


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
    flux, _, _ = flux_du_pret(tableau, au_cent)
    return np.asarray(-flux.sum(axis=1))
