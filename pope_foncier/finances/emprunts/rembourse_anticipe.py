"""Early repayment in part or in whole, its indemnity, refinancing, and a guarantee that is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.finances.emprunts.clauses import Anticipe, Indemnite
from pope_foncier.finances.emprunts.conversions import Tableau
from pope_foncier.finances.emprunts.termes import Emprunt, colonne
from pope_foncier.socle.erreurs import ErreurCalcul

if TYPE_CHECKING:
    from pope_foncier.finances.emprunts.moteur import EtatPret
    from pope_foncier.finances.emprunts.resultat import Echeancier


def indemnite(
    clause: Indemnite, rembourse: Tableau, taux_annuel: Tableau, restantes: Tableau, solde: Tableau, emprunt: Emprunt
) -> Tableau:
    """Early repayment indemnity.

    Args:
        clause: what the contract says.
        rembourse: amount repaid early, (1 or D, 1) [€].
        taux_annuel: annual rate in force [fraction].
        restantes: instalments that remained, (1 or D, n) [€].
        solde: balance before the early repayment [€].
        emprunt: terms, for the conversion of the reference rate.

    Returns:
        Indemnity, (1 or D, 1) [€].
    """
    if clause.mode == "aucune":
        return rembourse * 0.0
    mois_interets = rembourse * taux_annuel * clause.mois / 12.0
    if clause.mode == "mois_interets":
        return mois_interets
    if clause.mode == "pourcentage":
        return rembourse * clause.pourcentage
    if clause.mode == "mois_interets_plafonnes":
        return np.minimum(mois_interets, rembourse * clause.pourcentage)
    assert clause.taux_reference is not None
    reference = emprunt.en_taux_periode(colonne(clause.taux_reference, "Taux de référence"))
    rangs = np.arange(1.0, restantes.shape[1] + 1)[None, :]
    valeur = np.sum(restantes * (1.0 + reference) ** -rangs, axis=1, keepdims=True)
    part = np.divide(rembourse, solde, out=np.zeros_like(rembourse * solde), where=solde > 0)
    return np.asarray(np.maximum(valeur - solde, 0.0) * part)


def appliquer(etat: EtatPret, rang: int, anticipe: Anticipe) -> None:
    """Apply an early repayment after the row ``rang``, in the columns and in the terms of what follows.

    Raises:
        ErreurCalcul: shortening asked for a profile that is not a level instalment.
    """
    e, c = etat.emprunt, etat.colonnes
    avant = etat.solde.copy()
    if anticipe.montant is not None:
        rembourse = np.minimum(colonne(anticipe.montant, "Remboursement anticipé"), avant)
    else:
        rembourse = avant * (1.0 if anticipe.part is None else anticipe.part)
    taux = e.en_taux_periode(etat.etape.taux)
    en_differe_total = bool(np.any(rang < etat.differe)) and e.differe.startswith("total")
    if en_differe_total and anticipe.indemnite.mode == "actuarielle":
        raise ErreurCalcul("Indemnité actuarielle pendant un différé total : rembourser après la fin du différé.")
    plan = etat.remboursements(etat.situation(rang, avant, taux, etat.total - rang))
    restantes = plan + (avant - np.cumsum(plan, axis=1) + plan) * taux
    du = indemnite(anticipe.indemnite, rembourse, etat.etape.taux, restantes, avant, e)
    etat.colonne("indemnites")[:, rang] += du[:, 0]
    c["remboursement"][:, rang] += rembourse[:, 0]
    c["capital_restant_du"][:, rang] -= rembourse[:, 0]
    etat.solde = c["capital_restant_du"][:, rang : rang + 1]
    etat.solde[np.abs(etat.solde) < 1e-9] = 0.0
    _solder(etat, rang)
    if e.profil == "echeance_fixe":
        etat.accorder_duree(rang)
    elif anticipe.mode == "reduire_duree" and np.any(etat.solde > 0):
        if e.profil != "annuite_constante" or np.any(rang < etat.differe):
            raise ErreurCalcul(
                "Réduire la durée à échéance inchangée n'a de sens que pour une échéance constante, après le différé ; "
                "choisir « mode: reduire_echeance »."
            )
        if e.revision is not None or e.paliers:
            raise ErreurCalcul(
                "Réduire la durée à échéance inchangée suppose un taux fixe : une révision recalcule l'échéance ; "
                "choisir « mode: reduire_echeance »."
            )
        etat.echeance_tenue = restantes[:, :1]
        etat.accorder_duree(rang)


def _solder(etat: EtatPret, rang: int) -> None:
    """Close the draws repaid in whole: no row remains, and the simple interest of a grace is paid with the capital."""
    ecoule = np.maximum(rang - etat.differe, 0.0)
    vif = etat.solde > 0
    if np.any(etat.attente > 0) and not vif.all():
        etat.colonne("interets_payes")[:, rang] += np.where(vif, 0.0, etat.attente)[:, 0]
        etat.attente = np.where(vif, etat.attente, 0.0)
    a_venir = any(r > rang for r in etat.tirages.rangs)
    if not a_venir:
        etat.nombre = np.where(vif, etat.nombre, ecoule)
        etat.differe = np.where(vif, etat.differe, np.minimum(etat.differe, float(rang)))


@dataclass(frozen=True, slots=True)
class Refinancement:
    """Refinancing of a loan by a new one.

    Attributes:
        solde, indemnite: balance and indemnity to pay off, shape (D,) [€].
        gain: payments given up minus new payments and indemnity, shape (D,) [€].
        gain_actualise: the same at the rate of discount [€].
    """

    solde: Tableau
    indemnite: Tableau
    gain: Tableau
    gain_actualise: Tableau


def refinancer(
    ancien: Echeancier,
    mois: int,
    nouveau: Emprunt,
    clause: Indemnite | None = None,
    taux_actualisation: ArrayLike = 0.0,
) -> Refinancement:
    """Compare keeping a loan and paying it off by a new one.

    Args:
        ancien: schedule in progress.
        mois: month of the refinancing, an instalment of the old loan.
        nouveau: terms of the new loan; its capital is replaced by what has to be paid off, indemnity included.
        clause: early repayment indemnity of the old loan.
        taux_actualisation: yearly discount rate of the gain [fraction].
    """
    from pope_foncier.finances.emprunts.moteur import echeancier
    from pope_foncier.finances.flux import van

    rangs = np.flatnonzero(ancien.mois == mois)
    if rangs.size == 0 or mois == 0:
        raise ErreurCalcul(
            f"Refinancement : le mois {mois} n'est pas celui d'une échéance ; choisir un mois d'échéance."
        )
    rang = int(rangs[0])
    solde = ancien.capital_restant_du[:, rang : rang + 1]
    restantes = ancien.echeance[:, rang + 1 :]
    taux = np.broadcast_to(ancien.taux, ancien.remboursement.shape)[:, rang : rang + 1]
    du = indemnite(clause or Indemnite(), solde, taux, restantes, solde, ancien.emprunt)
    neuf = echeancier(nouveau.avec(capital=solde + du))
    gardes, pris = ancien.versement[:, rang + 1 :], neuf.versement
    temps_gardes, temps_pris = (ancien.mois[rang + 1 :] - mois) / 12.0, neuf.mois / 12.0
    gain = gardes.sum(axis=1) - pris.sum(axis=1)
    actualise = van(gardes, taux_actualisation, temps_gardes) - van(pris, taux_actualisation, temps_pris)
    return Refinancement(solde[:, 0], du[:, 0], gain, actualise)


@dataclass(frozen=True, slots=True)
class GarantieAppelee:
    """Guarantee called: what the guarantor pays and what stays with the lender and the borrower, shape (D,) [€]."""

    solde: Tableau
    paye_par_le_garant: Tableau
    perte_du_preteur: Tableau


def appeler_garantie(tableau: Echeancier, mois: int, recouvrement: ArrayLike = 0.0) -> GarantieAppelee:
    """Guarantee called at a month: share of the balance at that date, under the ceiling, after recoveries.

    Args:
        tableau: schedule whose terms hold a guarantee.
        mois: month of the default.
        recouvrement: share of the balance recovered from the borrower, shared pro rata [fraction].
    """
    from pope_foncier.finances.emprunts.cout import montant_garanti

    rang = int(np.searchsorted(tableau.mois, mois, side="right")) - 1
    solde = tableau.capital_restant_du[:, rang : rang + 1]
    perte = solde * (1.0 - np.asarray(recouvrement, dtype=np.float64).reshape(-1, 1))
    garanti = montant_garanti(tableau.emprunt, perte)
    return GarantieAppelee(solde[:, 0], garanti[:, 0], (perte - garanti)[:, 0])
