"""State of a loan being unrolled: a record, and what it says of the rows that follow."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pope_foncier.prets.clauses import Anticipe
from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.deblocage import PlanDeDeblocage
from pope_foncier.prets.profils import PROFILS, Situation, au_plus, nombre_echeances
from pope_foncier.prets.revision import Etape
from pope_foncier.prets.termes import Emprunt, colonne


@dataclass
class EtatPret:
    """State of the unrolling: the columns being filled and the balance at the last row done; a record, filled by ``moteur``."""

    emprunt: Emprunt
    capital: Tableau
    solde: Tableau
    differe: Tableau
    """Rows without principal, drawdown phase included, (1 or D, 1)."""
    nombre: Tableau
    """Rows of repayment."""
    total: int
    etapes: dict[int, Etape]
    deblocages: PlanDeDeblocage
    anticipes: dict[int, Anticipe]
    bornes: list[int]
    fractions: Tableau | None
    """Year fraction of each row, (1, N), when it is not one period."""
    colonnes: dict[str, Tableau]
    etape: Etape
    attente: Tableau = field(default_factory=lambda: np.zeros((1, 1)))
    derniere_echeance: Tableau | None = None
    echeance_tenue: Tableau | None = None
    alertes: list[str] = field(default_factory=list)

    def colonne(self, nom: str) -> Tableau:
        """Column filled only by some loans, created when first needed."""
        if nom not in self.colonnes:
            modele = self.colonnes["interets"]
            if nom == "interets_payes":
                self.colonnes[nom] = modele.copy()
            else:
                self.colonnes[nom] = np.zeros(modele.shape)
        return self.colonnes[nom]


def accorder_duree(etat: EtatPret, rang: int) -> None:
    """Number of rows that an instalment held after an early repayment asks from here on, at the present rate."""
    tenue = etat.echeance_tenue
    if tenue is None:
        assert etat.emprunt.echeance is not None
        tenue = colonne(etat.emprunt.echeance, "Échéance")
    avant = np.maximum(etat.differe - rang, 0.0)
    taux = etat.emprunt.en_taux_periode(etat.etape.taux)
    solde = (
        etat.solde * (1.0 + taux) ** avant if etat.emprunt.differe == "total_capitalise" else etat.solde + etat.attente
    )
    vif = solde > 0
    reste = np.maximum(np.ceil(nombre_echeances(np.where(vif, solde, 0.0), taux, tenue) - 1e-9), 1.0)
    etat.nombre = np.where(
        vif, np.minimum(np.maximum(rang - etat.differe, 0.0) + reste, etat.total - etat.differe), etat.nombre
    )


def situation(etat: EtatPret, rang: int, capital: Tableau, taux: Tableau, largeur: int) -> Situation:
    """What the profile is told at a rank, for the ``largeur`` rows that follow."""
    e = etat.emprunt
    avant = np.maximum(etat.differe - rang, 0.0)
    reste = np.maximum(etat.nombre - np.maximum(rang - etat.differe, 0.0), 0.0)
    rangs = np.arange(1.0, largeur + 1)[None, :]
    decale = bool(avant.any())
    entier = not decale and bool((reste >= largeur).all())
    return Situation(
        capital,
        taux,
        reste,
        rangs - avant if decale else rangs,
        np.maximum(rang - etat.differe, 0.0),
        etat.etape.progression,
        e,
        entier,
    )


def remboursements_prevus(etat: EtatPret, quand: Situation) -> Tableau:
    """Principal planned by the profile, or by the instalment kept after an early repayment."""
    if not np.any(quand.nombre > 0):
        return np.zeros((1, quand.rang.shape[1]))
    if etat.echeance_tenue is not None:
        return au_plus(etat.echeance_tenue, quand)
    if etat.emprunt.profil == "annuite_constante" and np.any(quand.progression):
        return PROFILS["progressif"].remboursements(quand)
    return PROFILS[etat.emprunt.profil].remboursements(quand)
