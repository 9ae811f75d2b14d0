"""What a lender and a borrower do of a loan in progress: refinancing by a new one, and a guarantee that is called."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.prets.clauses import Indemnite
from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.cout import montant_garanti
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.rembourse_anticipe import indemnite
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.rendement import van


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
    rang = int(np.searchsorted(tableau.mois, mois, side="right")) - 1
    solde = tableau.capital_restant_du[:, rang : rang + 1]
    perte = solde * (1.0 - np.asarray(recouvrement, dtype=np.float64).reshape(-1, 1))
    garanti = montant_garanti(tableau.emprunt, perte)
    return GarantieAppelee(solde[:, 0], garanti[:, 0], (perte - garanti)[:, 0])
