"""State of a loan being unrolled: a record, and what it says of the rows that follow."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pope_foncier.prets.clauses import Anticipe
from pope_foncier.prets.conversions import Tableau, colonne
from pope_foncier.prets.deblocage import PlanDeDeblocage
from pope_foncier.prets.profils import Situation, au_plus, nombre_echeances
from pope_foncier.prets.revision import Etape
from pope_foncier.prets.suspension import Arret, rang_final, rangs_ajoutes
from pope_foncier.prets.termes import Emprunt


@dataclass
class EtatPret:
    """State of the unrolling: the columns being filled and the balance at the last row done; a record, filled by ``moteur``."""

    emprunt: Emprunt
    capital: Tableau
    differe: Tableau
    """Rows without principal, drawdown phase included, (1 or D, 1)."""
    nombre: Tableau
    """Rows of repayment in the contract, those that a holiday adds left out."""
    total: int
    etapes: dict[int, Etape]
    deblocages: PlanDeDeblocage
    anticipes: dict[int, Anticipe]
    arrets: tuple[Arret, ...]
    bornes: list[int]
    fractions: Tableau | None
    """Year fraction of each row, (1, N), when it is not one period."""
    colonnes: dict[str, Tableau]
    echeance_tenue: Tableau | None
    solde: Tableau = field(init=False)
    etape: Etape = field(init=False)
    attente: Tableau = field(default_factory=lambda: np.zeros((1, 1)))
    derniere_echeance: Tableau | None = None
    alertes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.solde, self.etape = self.deblocages.a(0), self.etapes[0]

    @property
    def fins(self) -> Tableau:
        """Last row, (1 or D, 1)."""
        return rang_final(self.arrets, self.differe + self.nombre)

    def arret(self, rang: int) -> Arret | None:
        """Holiday of the row that follows ``rang``."""
        return next((a for a in self.arrets if a.debut <= rang < a.fin), None)

    def avant_le_capital(self, rang: int) -> Tableau:
        """Rows of grace or of holiday that remain after a row, (1 or D, 1)."""
        arret = self.arret(rang)
        return np.full((1, 1), float(arret.fin - rang)) if arret else np.maximum(self.differe - rang, 0.0)

    def mode(self, rang: int) -> str:
        """What becomes of the interest of a row without principal after ``rang``, by the name of the grace that does it."""
        e, arret = self.emprunt, self.arret(rang)
        if arret is not None:
            return "total_capitalise" if arret.capitalise else "partiel"
        if rang < e.periodes_prefinancement:
            return "total_capitalise" if e.interets_prefinancement == "capitalises" else "partiel"
        return e.differe if e.differe in ("total_capitalise", "total_simple", "interets_stockes") else "partiel"

    def rangs_de_remboursement(self, rang: int, avant: Tableau) -> Tableau:
        """Rows of repayment of the contract elapsed when the principal starts again, ``avant`` rows after ``rang``."""
        reprise = rang + avant
        return np.maximum(reprise - rangs_ajoutes(self.arrets, reprise) - self.differe, 0.0)

    def colonne(self, nom: str) -> Tableau:
        """Column filled only by some loans, created when first needed."""
        if nom not in self.colonnes:
            modele = self.colonnes["interets"]
            self.colonnes[nom] = modele.copy() if nom == "interets_payes" else np.zeros(modele.shape)
        return self.colonnes[nom]


def accorder_duree(etat: EtatPret, rang: int) -> None:
    """Number of rows that an instalment held after an early repayment asks from here on, at the present rate."""
    tenue = etat.echeance_tenue
    if tenue is None:
        assert etat.emprunt.echeance is not None
        tenue = colonne(etat.emprunt.echeance, "Échéance")
    avant = etat.avant_le_capital(rang)
    taux = etat.emprunt.en_taux_periode(etat.etape.taux)
    capitalise = etat.mode(rang) == "total_capitalise"
    solde = etat.solde * (1.0 + taux) ** avant if capitalise else etat.solde + etat.attente
    vif, mois = solde > 0, etat.emprunt.mois_du_rang(rang + int(avant.max()) + 1)
    reste = np.maximum(np.ceil(nombre_echeances(np.where(vif, solde, 0.0), taux, tenue, mois) - 1e-9), 1.0)
    ecoule = etat.rangs_de_remboursement(rang, avant)
    au_plus_tard = etat.total - rangs_ajoutes(etat.arrets, np.full((1, 1), float(etat.total))) - etat.differe
    etat.nombre = np.where(vif, np.minimum(ecoule + reste, au_plus_tard), etat.nombre)


def situation(etat: EtatPret, rang: int, capital: Tableau, taux: Tableau, largeur: int) -> Situation:
    """What the profile is told at a rank, for the ``largeur`` rows that follow."""
    avant = etat.avant_le_capital(rang)
    ecoule = etat.rangs_de_remboursement(rang, avant)
    reste = np.maximum(etat.nombre - ecoule, 0.0)
    rangs = np.arange(1.0, largeur + 1)[None, :]
    decale = bool(avant.any())
    entier = not decale and bool((reste >= largeur).all())
    rangs = rangs - avant if decale else rangs
    return Situation(capital, taux, reste, rangs, ecoule, etat.etape.progression, etat.emprunt, entier)


def remboursements_prevus(etat: EtatPret, quand: Situation) -> Tableau:
    """Principal planned by the profile, or by the instalment kept after an early repayment."""
    if not np.any(quand.nombre > 0):
        return np.zeros((1, quand.rang.shape[1]))
    if etat.echeance_tenue is not None:
        return au_plus(etat.echeance_tenue, quand)
    return etat.emprunt.forme.remboursements(quand)
