"""Loan engine: every loan a French lender can propose.

The call, for one loan or D loans (numbers may be arrays (D,) or (D, 1))::

    from pope_foncier.prets import Emprunt, echeancier, placer_sur_mois, taux_effectif

    pret = Emprunt(capital=300_000, taux=0.035, duree_mois=180, differe="partiel", differe_mois=24)
    tableau = echeancier(pret)                       # columns (D, N+1), index 0 = first drawdown
    tableau.echeance, tableau.interets_payes, tableau.remboursement, tableau.capital_restant_du
    mois = placer_sur_mois(tableau, duree_mois=360, mois_debut=18)   # {"echeance": (D, 360), …} on the study's months
    taux_effectif(tableau).teg, taux_effectif(tableau).taeg
"""

from pope_foncier.prets.clauses import (
    Anticipe,
    Assurance,
    Deblocage,
    Frais,
    Garantie,
    Indemnite,
    Palier,
    PalierEcheance,
    Participation,
    Revision,
    Suspension,
)
from pope_foncier.prets.echeancier import Echeancier, placer_sur_mois
from pope_foncier.prets.effectif import TauxEffectif, cout_total, taux_effectif
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.profils import PROFILS, SIMPLES
from pope_foncier.prets.termes import Emprunt

__all__ = [
    "PROFILS",
    "SIMPLES",
    "Anticipe",
    "Assurance",
    "Deblocage",
    "Echeancier",
    "Emprunt",
    "Frais",
    "Garantie",
    "Indemnite",
    "Palier",
    "PalierEcheance",
    "Participation",
    "Revision",
    "Suspension",
    "TauxEffectif",
    "cout_total",
    "echeancier",
    "placer_sur_mois",
    "taux_effectif",
]
