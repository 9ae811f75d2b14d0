"""Forecast accounts of a borrower as a record: income, charges, balances, assets and liabilities by year, and their ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.bilan_annuel import BilanAnnuel
from pope_foncier.exploitation.emprunteur import Emprunteur
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.grandeur import Tableau

_JOURS = 365.0


EXCEDENT, AVANT_INTERETS, RESULTAT = "Excédent brut d'exploitation", "Résultat avant intérêts", "Résultat"
CAPACITE = libelle("exploitation.capacite_autofinancement")
SOLDES = (EXCEDENT, AVANT_INTERETS, RESULTAT, CAPACITE)
"""Intermediate balances, what is left at a step, among what the steps add or take."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ComptesPrevisionnels(BilanAnnuel):
    """Accounts of a borrower by calendar year, its balance sheet at the end of each; every array is (scenarios, years) [€].

    Attributes:
        annees: calendar years of the study.
        produits: income by post.
        charges: charges by post.
        boucles: whether the plan of the project is closed.
        quote_a_trouver: share of the grant quota that stands for what nobody has promised.
        recu_a_trouver: what nobody has promised, read as paid up to the end of each year.
    """

    emprunteur: Emprunteur
    annees: tuple[int, ...]
    produits: dict[str, Tableau]
    charges: dict[str, Tableau]
    boucles: bool = False
    quote_a_trouver: Tableau | None = None
    recu_a_trouver: Tableau | None = None

    def __repr__(self) -> str:
        return f"ComptesPrevisionnels({self.emprunteur.nom!r}, {self.annees[0]} à {self.annees[-1]})"

    @property
    def resultat(self) -> Tableau:
        """Result of each year."""
        return np.asarray(sum(self.produits.values()) - sum(self.charges.values()))

    @property
    def resultat_sans_a_trouver(self) -> Tableau | None:
        """Result without the quota of what nobody has promised; None when the plan asks for no such grant."""
        return None if self.quote_a_trouver is None else np.asarray(self.resultat - self.quote_a_trouver)

    @property
    def capacite_autofinancement(self) -> Tableau:
        """Result + depreciation − grant quota: neither of the two is cash."""
        return np.asarray(self.resultat + self.charges["Dotations"] - self.produits["Quotes-parts de subvention"])

    def soldes(self) -> dict[str, Tableau]:
        """Intermediate balances, from income to self-financing; the grant quota is outside the EBE, as it is no cash."""
        quotes, dotations = self.produits["Quotes-parts de subvention"], self.charges["Dotations"]
        interets = self.charges["Intérêts et frais"]
        produits = np.asarray(sum(self.produits.values()) - quotes)
        charges = np.asarray(sum(self.charges.values()) - dotations - interets)
        excedent = produits - charges
        return {
            "Produits, hors quotes-parts": produits,
            "Charges d'activité": charges,
            EXCEDENT: excedent,
            "Dotations, moins quotes-parts": dotations - quotes,
            AVANT_INTERETS: excedent - dotations + quotes,
            "Intérêts et frais": interets,
            RESULTAT: self.resultat,
            CAPACITE: self.capacite_autofinancement,
        }

    def ratios(self) -> dict[str, Tableau]:
        """Ratios of each year: equity share, financial debt over self-financing (years), days of cash.

        The equity share is also given with what nobody has promised owed instead of given: a gap adds no equity. An overdraft is a financial debt, and takes days of cash below zero.
        """
        propres, dettes = (np.asarray(sum(self.passif[p] for p in postes)) for postes in (_PROPRES, _FINANCIERES))
        decaissees = np.asarray(sum(v for n, v in self.charges.items() if n != "Dotations"))
        lus = _ratios(
            propres, self.total_actif, dettes, self.capacite_autofinancement, self.tresorerie_nette, decaissees
        )
        if self.recu_a_trouver is None:
            return lus
        with np.errstate(divide="ignore", invalid="ignore"):
            return lus | {SANS_A_TROUVER: np.asarray((propres - self.recu_a_trouver) / self.total_actif)}

    @property
    def tresorerie_nette(self) -> Tableau:
        """Cash less the overdraft at the end of each year, signed."""
        return np.asarray(self.actif["Disponibilités"] - self.passif[DECOUVERT])


SANS_A_TROUVER = "fonds_propres_sans_a_trouver"
DECOUVERT = "Concours bancaires (découvert)"
_PROPRES = ("Fonds propres", "Subventions d'investissement", "Apports avec droit de reprise")
_FINANCIERES = ("Dettes existantes", "Emprunts du projet", "Prêt relais", DECOUVERT)


def ratios_avant(emprunteur: Emprunteur) -> dict[str, Tableau]:
    """Ratios of the opening balance sheet and of the last closed account, before the project, each a single number."""
    b, compte = emprunteur.bilan, emprunteur.comptes[-1]
    propres = b.fonds_propres + b.subventions_investissement + b.apports_droit_reprise
    bilan = b.immobilisations_nettes + b.creances + b.disponibilites
    dettes = sum(d.restant_du for d in emprunteur.dettes) + b.decouvert
    valeurs = (
        propres,
        bilan,
        dettes,
        compte.capacite_autofinancement,
        b.tresorerie_nette,
        compte.charges + compte.interets,
    )
    return _ratios(*(np.array(float(v)) for v in valeurs))


def _ratios(
    propres: Tableau, bilan: Tableau, dettes: Tableau, capacite: Tableau, disponible: Tableau, decaissees: Tableau
) -> dict[str, Tableau]:
    with np.errstate(divide="ignore", invalid="ignore"):
        poids = np.where(dettes <= 0.005, 0.0, np.where(capacite > 0.0, dettes / capacite, np.inf))
        return {
            "fonds_propres_sur_bilan": np.asarray(propres / bilan),
            "dette_sur_capacite": np.asarray(poids),
            "jours_de_tresorerie": np.asarray(disponible / (decaissees / _JOURS)),
        }
