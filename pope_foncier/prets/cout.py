"""Cost of a loan beside its interest: fees, guarantee, insurance, commission on what is not drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from pope_foncier.prets.clauses import Frais
from pope_foncier.prets.contractuel import au_centime
from pope_foncier.prets.conversions import Tableau, colonne
from pope_foncier.prets.echeancier import Echeancier, FraisDate
from pope_foncier.prets.etat import EtatPret
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul

COMMISSION_DE_GARANTIE = "commission de garantie"
"""Label of the commissions among the dated fees."""


def capital_emprunte(e: Emprunt) -> Tableau:
    """Capital lent, financed fees and premium included, (1 or D, 1) [€]."""
    if e.capital is None:
        service = np.atleast_2d(np.asarray(e.service, dtype=np.float64))
        rangs = np.arange(1.0, service.shape[1] + 1)[None, :]
        a_la_fin = np.sum(service * (1.0 + e.taux_periode) ** -rangs, axis=1, keepdims=True)
        return np.asarray(a_la_fin / _croissance_avant_service(e))
    capital = colonne(e.capital, "Capital")
    en_plus = [paye(e, montant_frais(f, capital)) for f in e.frais if f.finances]
    if e.assurance is not None and e.assurance.financee:
        en_plus.append(paye(e, _prime(e, capital)))
    return capital + np.add.reduce(en_plus) if en_plus else capital


def _croissance_avant_service(e: Emprunt) -> Tableau:
    """Growth of the balance before the first repayment: only the interest that is not paid makes it grow."""
    propre = e.periodes_differe - e.periodes_prefinancement
    avant = e.periodes_prefinancement if e.interets_prefinancement == "capitalises" else 0
    composees = avant + propre if e.differe == "total_capitalise" else avant
    croissance = (1.0 + e.taux_periode) ** composees
    return np.asarray(croissance * (1.0 + e.taux_periode * propre) if e.differe == "total_simple" else croissance)


def paye(e: Emprunt, montant: Tableau) -> Tableau:
    """Amount as it is paid: to the cent when the contract rounds, same shape [€]."""
    return montant if e.arrondi == "aucun" else au_centime(montant)


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
    return part_garantie(assiette, colonne(e.garantie.quotite, "Quotité garantie"), e.garantie.plafond)


def part_garantie(assiette: Tableau, quotite: Tableau, plafond: Tableau | float | None = None) -> Tableau:
    """Share of a balance that a guarantor covers, under its ceiling [€]."""
    garanti = assiette * quotite
    return garanti if plafond is None else np.asarray(np.minimum(garanti, plafond))


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
        anticipes=c.get("anticipes", np.broadcast_to(np.zeros((1, 1)), forme)),
    )
    if e.terme == "a_echoir":
        premier = brut["deblocages"][:, :-1]
        brut = {nom: valeurs[:, 1:] for nom, valeurs in brut.items()}
        brut["deblocages"] = premier
    frais = [
        FraisDate(float(f.mois), paye(e, montant_frais(f, demande)), f.dans_teg, f.libelle)
        for f in e.frais
        if f.mois is not None
    ]
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
    e, forme, a = etat.emprunt, etat.colonnes["interets"].shape, etat.emprunt.assurance
    if a is None:
        return np.broadcast_to(np.zeros((1, 1)), forme)
    primes = np.zeros(forme)
    if a.mode == "prime_unique":
        rang = 1 if e.terme == "a_echoir" else 0
        primes[:, rang : rang + 1] = paye(e, _prime(e, demande))
        return primes
    if a.mode == "capital_initial":
        periode = _prime(e, demande) if a.montant is not None else _prime(e, etat.capital) / e.periodes_par_an
        rangs = np.arange(1, forme[1])[None, :]
        primes[:, 1:] = np.where(rangs <= fins, periode, 0.0)
    else:
        assert a.taux is not None
        taux = colonne(a.taux, "Taux d'assurance") * a.quotite / e.periodes_par_an
        primes[:, 1:] = etat.colonnes["capital_restant_du"][:, :-1] * taux
    return paye(e, primes)


def _en_fin(etat: EtatPret, demande: Tableau, fins: Any) -> Tableau:
    """Indemnities, exit fees and participation, at their period, (D, N+1) [€]."""
    e, forme = etat.emprunt, etat.colonnes["interets"].shape
    derniers = [f for f in e.frais if f.mois is None]
    if not derniers and e.participation is None:
        return etat.colonnes.get("indemnites", np.broadcast_to(np.zeros((1, 1)), forme))
    colonne_frais = etat.colonne("indemnites")
    for f in derniers:
        if not f.dans_teg:
            raise ErreurCalcul(f"{f.libelle} : des frais de sortie hors TEG se donnent avec leur mois (« mois »).")
    dus = [montant_frais(f, demande) for f in derniers]
    if e.participation is not None:
        p = e.participation
        hausse = (1.0 + colonne(p.croissance, "Croissance")) ** (fins / e.periodes_par_an) - 1.0
        dus.append(colonne(p.valeur, "Valeur") * hausse * colonne(p.part, "Part"))
    for du in dus:
        colonne_frais[np.arange(forme[0]), fins[:, 0]] += np.broadcast_to(paye(e, du), (forme[0], 1))[:, 0]
    return colonne_frais


def _commissions(etat: EtatPret, fins: Any) -> list[FraisDate]:
    """Commission of the guarantee: once, or at each anniversary while the loan lasts."""
    e, g = etat.emprunt, etat.emprunt.garantie
    if g is None:
        return []
    taux, initial = colonne(g.commission, "Commission de garantie"), montant_garanti(e, etat.capital)
    if g.assiette == "initiale":
        return [FraisDate(0, paye(e, initial * taux), g.dans_teg, COMMISSION_DE_GARANTIE)]
    soldes, suite = etat.colonnes["capital_restant_du"], []
    mois = [e.mois_du_rang(rang) for rang in range(etat.total + 1)]
    for anniversaire in range(0, mois[-1], 12):
        rang = int(np.searchsorted(mois, anniversaire, side="right")) - 1
        vivant = (rang < fins).astype(np.float64)
        garanti = initial if g.assiette == "initiale_annuelle" else montant_garanti(e, soldes[:, rang : rang + 1])
        suite.append(FraisDate(anniversaire, paye(e, garanti * taux) * vivant, g.dans_teg, COMMISSION_DE_GARANTIE))
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
        suite.append(FraisDate(e.mois_du_rang(rang), paye(e, montant), True, "commission de non-utilisation"))
        reste = reste - deblocages.a(rang)
    return suite
