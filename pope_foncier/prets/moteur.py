"""Loan engine: from terms to a schedule, for one loan or D different loans, by one code path.

The life of a loan is cut at its events (rate stages, drawdowns, early repayments). Between two events the rate is
constant, so a segment is a closed form over (draws × rows); only what forces a recurrence (cents, real days, payment
caps) is unrolled row by row (``contractuel``). There is no loop over draws.
"""

from __future__ import annotations

import numpy as np

from pope_foncier.prets import cout, rembourse_anticipe
from pope_foncier.prets.alertes import alerte_anatocisme, alertes_de_paliers, anticipes_de_trop
from pope_foncier.prets.clauses import Deblocage
from pope_foncier.prets.contractuel import au_centime
from pope_foncier.prets.conversions import Tableau, colonne
from pope_foncier.prets.deblocage import plan_de_deblocage
from pope_foncier.prets.durees import fractions_annee, longueurs
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.etat import EtatPret, accorder_duree, remboursements_prevus, situation
from pope_foncier.prets.interets_stockes import echeance_et_rangs
from pope_foncier.prets.revision import Etape, etapes
from pope_foncier.prets.segments import capital_apres_differe, direct, par_lignes, par_stock, taux_lignes
from pope_foncier.prets.suspension import arrets, rang_final, verifier_arrets
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul, IdentiteRompue
from pope_foncier.socle.memoire import exiger_memoire
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.temps import ajouter_mois

_TOLERANCE = 0.005
_COLONNES = 18
"""Columns alive at the worst moment of a schedule, of its effective rates and of its frame, by measure."""


def echeancier(emprunt: Emprunt) -> Echeancier:
    """Amortisation schedule of a loan, or of D loans at once.

    Args:
        emprunt: terms; its numbers may be scalars or arrays (D,) or (D, 1).

    Returns:
        Schedule whose columns are (D, N+1) [€].

    Raises:
        ErreurCalcul: terms that contradict each other.
        IdentiteRompue: what is repaid is not what was lent (a fault of the engine).
    """
    e = emprunt
    if e.interets_prefinancement == "finances" and e.prefinancement_mois:
        return _finances(e)
    etat = _ouvrir(e)
    for debut, fin in zip(etat.bornes, [*etat.bornes[1:], etat.total], strict=True):
        _evenements(etat, debut)
        _segment(etat, debut, fin)
    return _fermer(etat)


def _finances(e: Emprunt) -> Echeancier:
    """Interest financed in the draws: the sums received are scaled so that the balance after drawdown is the capital."""
    assert e.capital is not None
    essai = e.avec(interets_prefinancement="capitalises", arrondi="aucun", revision=None, anticipes=(), frais=())
    atteint = echeancier(essai).capital_restant_du[:, e.periodes_prefinancement][:, None]
    capital = colonne(e.capital, "Capital")
    facteur = capital / atteint
    if e.arrondi != "aucun":
        facteur = au_centime(capital * facteur) / capital
    deblocages = tuple(
        d if d.montant is None else Deblocage(d.mois, montant=np.reshape(d.montant, (-1, 1)) * facteur)
        for d in e.deblocages
    )
    return echeancier(e.avec(capital=capital * facteur, interets_prefinancement="capitalises", deblocages=deblocages))


def _ouvrir(e: Emprunt) -> EtatPret:
    """State before the first row: lengths, events and empty columns."""
    capital = cout.capital_emprunte(e)
    deblocages = plan_de_deblocage(e, capital)
    differe, nombre = longueurs(e, capital, echeancier)
    suspendus = arrets(e)
    tenue = None
    if e.differe == "interets_stockes" and differe.any():
        tenue, nombre = echeance_et_rangs(e, differe, nombre, echeancier)
    fins = rang_final(suspendus, differe + nombre)
    total = int(fins.max())
    verifier_arrets(suspendus, fins)
    stages = {s.rang: s for s in etapes(e, total)}
    anticipes = {e.rang_du_mois(a.mois, "Remboursement anticipé"): a for a in e.anticipes}
    if anticipes and max(anticipes) >= total:
        raise ErreurCalcul(
            "Remboursement anticipé : le prêt est déjà remboursé à cette date ; choisir un mois plus tôt."
        )
    if e.date_debut is not None:
        ajouter_mois(e.date_debut, e.mois_du_rang(total))  # refuses a last date out of the calendar
    fractions = fractions_annee(e, total)
    evenements = {0, *stages, *anticipes, *deblocages.rangs, e.periodes_prefinancement}
    evenements |= {rang for a in suspendus for rang in (a.debut, a.fin)}
    if (fractions is not None or e.arrondi != "aucun") and differe.size == 1:
        evenements.add(int(differe[0, 0]))
    draws = max(a.shape[0] for a in (capital, e.taux_periode, differe, nombre, *_draws(e, stages)))
    forme = (draws, total + 1)
    exiger_memoire(8.0 * draws * (total + 1) * _COLONNES, f"{draws} prêts à la fois", "En calculer moins à la fois.")
    colonnes = {n: np.empty(forme) for n in ("interets", "remboursement", "capital_restant_du")}
    for nom in ("interets", "remboursement"):
        colonnes[nom][:, 0] = 0.0
    colonnes["capital_restant_du"][:, :1] = deblocages.a(0)
    bornes = sorted(b for b in evenements if b < total)
    return EtatPret(
        e, capital, differe, nombre, total, stages, deblocages, anticipes, suspendus, bornes, fractions, colonnes, tenue
    )


def _evenements(etat: EtatPret, rang: int) -> None:
    """Apply what happens after the row ``rang``: early repayment, then the new rate."""
    if rang in etat.anticipes:
        rembourse_anticipe.appliquer(etat, rang, etat.anticipes[rang])
    if rang and rang in etat.etapes:
        etat.etape = etat.etapes[rang]
        if etat.anticipes and etat.emprunt.forme.duree == "calculee":
            accorder_duree(etat, rang)


def _fermer(etat: EtatPret) -> Echeancier:
    """Check the identities, clean the columns, add insurance and fees."""
    e, c = etat.emprunt, etat.colonnes
    forme = c["interets"].shape
    zeros = np.broadcast_to(np.zeros((1, 1)), forme)
    deblocages = etat.deblocages.colonne(forme, etat.capital)
    capitalises = c.get("interets_capitalises", zeros)
    rembourse = c["remboursement"]
    ecart = deblocages.sum(axis=1) - rembourse.sum(axis=1)
    if "interets_capitalises" in c:
        ecart = ecart + capitalises.sum(axis=1)
    tolerance = _TOLERANCE + 1e-9 * float(etat.capital.max())
    if np.any(np.abs(ecart) > tolerance):
        pire = int(np.argmax(np.abs(ecart)))
        raise IdentiteRompue(
            f"Échéancier « {e.libelle} » : au tirage {pire}, le capital prêté et les intérêts capitalisés diffèrent du "
            f"capital remboursé de {euros(float(ecart[pire]), 2)} ; signaler ce prêt."
        )
    fins = np.broadcast_to(etat.fins.astype(np.intp), (forme[0], 1))
    if int(fins.min()) == etat.total:
        c["capital_restant_du"][:, -1] = 0.0
    else:
        vivant = np.arange(forme[1])[None, :] < fins
        for nom in ("capital_restant_du", "interets", "interets_payes"):
            if nom in c:
                vue, garde = (c[nom], vivant) if nom == "capital_restant_du" else (c[nom][:, 1:], vivant[:, :-1])
                np.multiply(vue, garde, out=vue)
    if e.differe == "interets_retenus":
        _retenir(etat)
    if e.interets_prefinancement == "avance":
        _avancer(etat)
    etat.alertes += alerte_anatocisme(etat)
    if e.anticipes:
        etat.alertes += [f"{dit} : seul ce reste est remboursé." for dit in anticipes_de_trop(e, c["anticipes"])]
    if e.paliers or e.paliers_echeance:
        differe = e.mois_du_rang(int(etat.differe.max()))
        etat.alertes += alertes_de_paliers(e, e.mois_du_rang(etat.total), differe)
    return cout.completer(etat, deblocages, np.asarray(capitalises), fins)


def _draws(e: Emprunt, stages: dict[int, Etape]) -> list[Tableau]:
    autres = [e.progression, e.echeance, e.duree_profil_mois, e.commission_non_utilisation]
    autres += [a.montant for a in e.anticipes]
    tableaux = [colonne(a, "Paramètre") for a in autres if a is not None]
    tableaux += [np.atleast_2d(np.asarray(a, dtype=np.float64)) for a in (e.service, e.tableau) if a is not None]
    return tableaux + [s.taux for s in stages.values()]


def _retenir(etat: EtatPret) -> None:
    """Interest of the grace withheld from the first drawdown: moved to index 0."""
    interets = etat.colonnes["interets"]
    fin = etat.differe
    if etat.emprunt.forme.au_terme:
        fin = etat.differe + etat.nombre
    rangs = np.arange(interets.shape[1])[None, :] <= fin
    interets[:, 0] = np.sum(interets * rangs, axis=1)
    interets[:, 1:] *= ~rangs[:, 1:]


def _avancer(etat: EtatPret) -> None:
    """Interest of the drawdown phase paid at the start of each period: moved one index back."""
    fin = etat.emprunt.periodes_prefinancement
    for nom in ("interets", "interets_payes"):
        if nom in etat.colonnes:
            colonne_ = etat.colonnes[nom]
            colonne_[:, :fin] = colonne_[:, 1 : fin + 1].copy()
            colonne_[:, fin] = 0.0


def _segment(etat: EtatPret, debut: int, fin: int) -> None:
    """Fill the rows debut+1..fin, between two events."""
    if fin > debut:
        avant = etat.avant_le_capital(debut)
        mode = etat.mode(debut) if avant.any() else "partiel"
        stocke = mode == "interets_stockes" or bool(etat.attente.any() and mode == "partiel")
        par_stock(etat, debut, fin, avant) if stocke else _segment_ordinaire(etat, debut, fin, mode, avant)
        etat.solde = etat.colonnes["capital_restant_du"][:, fin : fin + 1]


def _segment_ordinaire(etat: EtatPret, debut: int, fin: int, mode: str, avant: Tableau) -> None:
    e, taux = etat.emprunt, etat.emprunt.en_taux_periode(etat.etape.taux)
    capital = etat.solde
    if mode == "total_capitalise":
        capital = etat.solde * (1.0 + taux) ** avant
    elif mode == "total_simple":
        capital = etat.solde * (1.0 + taux * avant) + etat.attente
    premiere = etat.fractions is not None and debut == 0 and not avant.any()
    if premiere and (e.premiere_periode == "repartie" or e.terme == "a_echoir") and e.forme.tient == "echeance":
        assert etat.fractions is not None
        capital = capital * (1.0 + taux_lignes(etat, taux, 0, 1)) / (1.0 + taux)
    plafonne = e.revision is not None and e.revision.coefficient_echeance_max is not None
    ligne_a_ligne = etat.fractions is not None or e.arrondi != "aucun" or plafonne or bool(etat.deblocages.fractions)
    if ligne_a_ligne and mode.startswith("total"):
        capital = capital_apres_differe(etat, taux_lignes(etat, taux, debut, fin), avant, mode)
    plan = remboursements_prevus(etat, situation(etat, debut, capital, taux, fin - debut))
    if ligne_a_ligne:
        par_lignes(etat, debut, fin, taux, capital, plan, mode, avant)
    else:
        direct(etat, debut, fin, taux, plan, mode, avant)
