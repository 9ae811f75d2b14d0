"""Filling of the rows between two events: by closed form, or row by row when the recurrence forces it."""

from __future__ import annotations

import numpy as np

from pope_foncier.modele.clauses_de_pret import Arrondi
from pope_foncier.prets.alertes import alerte_amortissement_negatif
from pope_foncier.prets.contractuel import Deroule, EcheancesConnues, au_centime, derouler
from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.etat import EtatPret
from pope_foncier.prets.interets_stockes import derouler_stock


def direct(etat: EtatPret, debut: int, fin: int, taux: Tableau, plan: Tableau, mode: str, avant: Tableau) -> None:
    """Closed form: balances by cumulated sums, interest on the balance before."""
    c = etat.colonnes
    soldes, interets = c["capital_restant_du"], c["interets"]
    lignes = slice(debut + 1, fin + 1)
    capitalises = _capitalises_differe(etat, taux, fin - debut, mode, avant)
    if plan.min() < -1e-9 and not etat.emprunt.forme.peut_augmenter:
        hausse = np.maximum(-plan, 0.0)
        capitalises = hausse if capitalises is None else capitalises + hausse
        etat.alertes.append(alerte_amortissement_negatif(debut, plan))
        plan = np.maximum(plan, 0.0)
        c["remboursement"][:, lignes] = plan
        net = plan - capitalises
    else:
        c["remboursement"][:, lignes] = plan
        net = plan if capitalises is None else plan - capitalises
    cumul = soldes[:, lignes]
    np.cumsum(net, axis=1, out=cumul) if net.shape == cumul.shape else np.copyto(cumul, np.cumsum(net, axis=1))
    np.subtract(etat.solde, cumul, out=cumul)
    np.multiply(soldes[:, debut:fin], taux, out=interets[:, lignes])
    if capitalises is not None or "interets_payes" in c:
        payes = etat.colonne("interets_payes")[:, lignes]
        payes[...] = interets[:, lignes]
        if capitalises is not None:
            etat.colonne("interets_capitalises")[:, lignes] = capitalises
            if mode.startswith("total"):
                payes *= np.arange(1, fin - debut + 1)[None, :] > avant
            payes -= np.where(np.arange(1, fin - debut + 1)[None, :] > avant, capitalises, 0.0)
    if fin in etat.deblocages.rangs:
        soldes[:, fin : fin + 1] += etat.deblocages.a(fin)


def _capitalises_differe(etat: EtatPret, taux: Tableau, largeur: int, mode: str, avant: Tableau) -> Tableau | None:
    """Interest added to the balance during a total grace, (D, w) or None."""
    if mode == "partiel":
        return None
    k = np.arange(1.0, largeur + 1)[None, :]
    if mode == "total_capitalise":
        return np.asarray(np.where(k <= avant, etat.solde * taux * (1.0 + taux) ** (np.minimum(k, avant) - 1), 0.0))
    du = etat.attente + etat.solde * taux * np.minimum(avant, largeur)
    fini = (avant <= largeur) & (avant > 0)
    etat.attente = np.where(fini, 0.0, du)
    return np.asarray(np.where((k == avant) & fini, du, 0.0))


def taux_lignes(etat: EtatPret, taux: Tableau, debut: int, fin: int) -> Tableau:
    """True period rate of the rows debut+1..fin."""
    if etat.fractions is None:
        return np.broadcast_to(taux, (taux.shape[0], fin - debut))
    e, fractions = etat.emprunt, etat.fractions[:, debut:fin]
    if e.conversion == "proportionnelle" and e.capitalisations_par_an in (None, e.periodes_par_an):
        return etat.etape.taux * fractions
    return np.asarray(np.expm1(np.log1p(taux) * fractions * e.periodes_par_an))


def capital_apres_differe(etat: EtatPret, lignes_taux: Tableau, avant: Tableau, mode: str) -> Tableau:
    """Balance at the end of a total grace that ends at different rows by draw, by the rounding and days of the contract.

    The loop runs over the rows of grace only; a grace that goes on after the segment gives a value that is not used.
    """
    centime = etat.emprunt.arrondi == "centime"
    solde, attente = etat.solde, etat.attente
    for k in range(min(int(avant.max()), lignes_taux.shape[1])):
        interet = solde * lignes_taux[:, k : k + 1]
        interet = np.where(k < avant, au_centime(interet) if centime else interet, 0.0)
        if mode == "total_capitalise":
            solde = solde + interet
        else:
            attente = attente + interet
    return np.asarray(solde + attente if mode == "total_simple" else solde)


def par_lignes(
    etat: EtatPret, debut: int, fin: int, taux: Tableau, capital: Tableau, plan: Tableau, mode: str, avant: Tableau
) -> None:
    """Unroll the rows of a segment one after the other."""
    e, c, largeur = etat.emprunt, etat.colonnes, fin - debut
    if e.forme.tient == "echeance":
        plan = plan + (capital - np.cumsum(plan, axis=1) + plan) * taux
        plan = _plafonner(etat, debut, plan)
        if fin > float(etat.differe.max()):
            etat.derniere_echeance = au_centime(plan[:, -1:]) if e.arrondi != "aucun" else plan[:, -1:]
    lignes_taux = taux_lignes(etat, taux, debut, fin)
    supplement, brisee = None, debut == 0 and etat.fractions is not None and e.date_premiere_echeance is not None
    if brisee and e.premiere_periode == "interets_en_plus" and e.terme == "echu":
        en_plus = _en_plus(etat.solde * lignes_taux[:, :1], etat.solde * taux, e.arrondi)
        supplement = np.concatenate([en_plus, np.zeros((en_plus.shape[0], largeur - 1))], axis=1)
    connues = _connues(etat, debut, fin, lignes_taux, plan, mode, avant, supplement)
    d = derouler(etat.solde, etat.attente, connues, e.arrondi)
    lignes = _poser(etat, debut, fin, d)
    if d.capitalises.any() or "interets_payes" in c:
        etat.colonne("interets_payes")[:, lignes] = d.payes
        etat.colonne("interets_capitalises")[:, lignes] = d.capitalises
        if mode == "partiel" and (d.capitalises > 1e-9).any():
            etat.alertes.append(alerte_amortissement_negatif(debut, -d.capitalises))


def _en_plus(reelle: Tableau, normale: Tableau, arrondi: Arrondi) -> Tableau:
    """Interest of a broken period beyond that of a whole one: the difference of what the contract rounds."""
    if arrondi == "centime":
        return au_centime(reelle) - au_centime(normale)
    return au_centime(reelle - normale) if arrondi == "echeance" else reelle - normale


def par_stock(etat: EtatPret, debut: int, fin: int, avant: Tableau) -> None:
    """Unroll the rows of a segment where interest is stored or due, the instalment being held."""
    e = etat.emprunt
    assert etat.echeance_tenue is not None
    plan = etat.echeance_tenue * np.ones((1, fin - debut))
    lignes_taux = taux_lignes(etat, e.en_taux_periode(etat.etape.taux), debut, fin)
    d = derouler_stock(
        etat.solde, etat.attente, _connues(etat, debut, fin, lignes_taux, plan, "interets_stockes", avant), e
    )
    etat.colonne("interets_payes")[:, _poser(etat, debut, fin, d)] = d.payes


def _connues(
    etat: EtatPret,
    debut: int,
    fin: int,
    lignes_taux: Tableau,
    plan: Tableau,
    mode: str,
    avant: Tableau,
    supplement: Tableau | None = None,
) -> EcheancesConnues:
    """What the rows of a segment know before they are unrolled."""
    rangs, simple = np.arange(debut + 1.0, fin + 1)[None, :], mode == "total_simple"
    return EcheancesConnues(
        taux=lignes_taux,
        plan=plan,
        par_echeance=etat.emprunt.forme.tient == "echeance",
        differe=(rangs - debut <= avant).astype(np.float64),
        capitalise=mode == "total_capitalise",
        simple=simple,
        fin_differe=((rangs == etat.differe) & simple).astype(np.float64),
        dernier=(rangs == etat.fins).astype(np.float64),
        en_plus=etat.deblocages.interets_partiels(etat.etape.taux, debut, fin),
        supplement=np.zeros((1, fin - debut)) if supplement is None else supplement,
        deblocages=etat.deblocages.lignes(debut, fin),
    )


def _poser(etat: EtatPret, debut: int, fin: int, d: Deroule) -> slice:
    """Write the rows unrolled in the columns of the loan; the rows written."""
    c, lignes = etat.colonnes, slice(debut + 1, fin + 1)
    c["interets"][:, lignes], c["remboursement"][:, lignes] = d.interets, d.remboursement
    c["capital_restant_du"][:, lignes] = d.solde
    etat.attente = d.en_attente
    return lignes


def _plafonner(etat: EtatPret, debut: int, plan: Tableau) -> Tableau:
    r = etat.emprunt.revision
    if r is None or r.coefficient_echeance_max is None or not etat.etape.revisee or etat.derniere_echeance is None:
        return plan
    if debut not in etat.etapes:
        return plan
    return np.minimum(plan, etat.derniere_echeance * r.coefficient_echeance_max)
