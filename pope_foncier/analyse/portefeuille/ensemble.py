"""Pooled portfolio: several sites of one company on one axis — common treasury, reserve, shared jobs, one balance sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from pope_foncier.analyse.portefeuille.fiche import Portefeuille
from pope_foncier.analyse.portefeuille.lieu import Lieu
from pope_foncier.analyse.portefeuille.postes import PosteCalcule
from pope_foncier.finances.livre import verifier_nul
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True, slots=True)
class BilanCommun:
    """Balance sheet of the company at the end of each year from the start, by post, each of shape (years,) [€]."""

    actif: dict[str, Tableau]
    passif: dict[str, Tableau]


@dataclass(frozen=True)
class Ensemble:
    """Pooled portfolio, shape (M,) [€]."""

    fiche: Portefeuille
    depart: date
    lieux: tuple[Lieu, ...]
    postes: tuple[PosteCalcule, ...]

    @property
    def capital(self) -> float:
        """Equity of the company, paid in at the start [€]; NaN when unknown."""
        return float("nan") if self.fiche.capital.valeur is None else float(self.fiche.capital.valeur)

    @property
    def duree(self) -> int:
        """Months of the common axis."""
        return len(self.lieux[0].solde)

    def somme(self, *noms: str) -> Tableau:
        """Sum over the sites of some of their flows or balances."""
        return np.asarray(sum((getattr(x, nom) for x in self.lieux for nom in noms), np.zeros(self.duree)))

    @cached_property
    def rendu_aux_communes(self) -> Tableau:
        """Saving on jobs that lowers the contributions, never below zero, shape (sites, M)."""
        nul = np.zeros((len(self.lieux), self.duree))
        if self.fiche.economie_des_postes == "societe":
            return nul
        economies = sum((p.economies for p in self.postes if p.deja_compte), nul)
        return np.asarray(np.minimum(economies, np.array([x.leviers for x in self.lieux])))

    @cached_property
    def partages(self) -> Tableau:
        """What the shared jobs add to the charges of the sites; below zero, what they save."""
        nul = np.zeros(self.duree)
        communs = sum((p.commun for p in self.postes), nul)
        deja = sum((p.seuls.sum(axis=0) for p in self.postes if p.deja_compte), nul)
        return np.asarray(communs - deja)

    @cached_property
    def distribue(self) -> Tableau:
        """Return paid on the equity, in the last month of each year from the first opening."""
        rendement = self.fiche.rendement_capital
        if rendement is None:
            return np.zeros(self.duree)
        taux = np.nan if rendement.valeur is None else rendement.valeur
        rang = np.arange(self.duree) - min(x.ouverture for x in self.lieux) + 1
        return np.asarray(np.where((rang > 0) & (rang % 12 == 0), self.capital * taux, 0.0))

    @cached_property
    def caisse(self) -> Tableau:
        """Cash at the end of each month, equity paid in at the start."""
        flux = self.somme("solde") - self.partages - self.rendu_aux_communes.sum(axis=0)
        return np.asarray(self.capital + np.cumsum(flux - self.distribue))

    @cached_property
    def reserve(self) -> Tableau:
        """Reserve that the rule asks for at the end of each month: debt service and charges of the months to come."""
        regle = self.fiche.reserve
        if regle is None:
            return np.zeros(self.duree)
        service = self.somme("interets", "remboursements")
        charges = self.somme("charges") + self.partages
        return _a_venir(service, regle.mois_service_dette.valeur) + _a_venir(charges, regle.mois_charges.valeur)

    @property
    def parts(self) -> Tableau:
        """Share of each site in the equity, pro rata of its investment, shape (sites,)."""
        investis = np.array([x.investissement.sum() for x in self.lieux])
        if investis.sum() == 0:
            return np.full(len(self.lieux), 1.0 / len(self.lieux))
        return np.asarray(investis / investis.sum())

    def caisse_seule(self, rang: int, part: float) -> Tableau:
        """Cash of one site if it stood alone: its share of the equity and of its return, its flows, and its own jobs."""
        lieu = self.lieux[rang]
        propres = sum((p.seuls[rang] for p in self.postes if not p.deja_compte), np.zeros(self.duree))
        return np.asarray(part * self.capital + np.cumsum(lieu.solde - propres - part * self.distribue))

    def avec(self, rang: int, lieu: Lieu) -> Ensemble:
        """Same portfolio with another state of one site; shared jobs follow."""
        lieux = tuple(lieu if i == rang else autre for i, autre in enumerate(self.lieux))
        return replace(self, lieux=lieux, postes=tuple(p.pour(lieux) for p in self.postes))

    def bilan(self) -> BilanCommun:
        """Balance sheet at the end of each year.

        Cash comes from the ledgers and debts from their schedules; the results come from what is earned, charged,
        depreciated and carried to income. Nothing is deduced from the other side.

        Raises:
            IdentiteRompue: assets differ from liabilities by half a cent or more.
        """

        def cumul(*noms: str) -> Tableau:
            return np.cumsum(self.somme(*noms))

        resultat = cumul("produits", "quote_part") - cumul("charges", "interets", "dotation")
        resultat = resultat - np.cumsum(self.partages + self.rendu_aux_communes.sum(axis=0))
        creance = self.somme("creance")
        actif = {
            "Immeubles et travaux, nets": cumul("investissement") - cumul("dotation"),
            "Subventions à recevoir": self.somme("a_recevoir"),
            "Créance sur la Caf": np.maximum(creance, 0.0),
            "Trésorerie": self.caisse,
        }
        passif = {
            "Capital": np.full(self.duree, self.capital),
            "Rémunération versée aux parts": -np.cumsum(self.distribue),
            "Fonds propres apportés par les lieux": cumul("propres"),
            "Résultats cumulés": resultat,
            "Subventions non rapportées": self.somme("subventions_a_rapporter"),
            "Emprunts": self.somme("emprunts"),
            "Apports à rendre": self.somme("reprises"),
            "Prêt relais": self.somme("relais"),
            "Avances de la Caf": np.maximum(-creance, 0.0),
        }
        verifier_nul(np.asarray(sum(actif.values()) - sum(passif.values())), "actif = passif du portefeuille")
        fins = np.arange(11, self.duree, 12)
        return BilanCommun(*({nom: v[fins] for nom, v in cote.items()} for cote in (actif, passif)))


def _a_venir(flux: Tableau, mois: int | None) -> Tableau:
    """Sum of the flows of the next months, shape (M,); what is beyond the axis does not count."""
    if mois is None:
        return np.full(len(flux), np.nan)
    cumul = np.cumsum(flux)
    return cumul[np.minimum(np.arange(len(flux)) + mois, len(flux) - 1)] - cumul


def annees_du_depart(valeur: Tableau, annees: Sequence[int]) -> list[float]:
    """Sums over the years from the start that exist on the axis (year 1 is months 0 to 11)."""
    return [float(valeur[..., 12 * (a - 1) : 12 * a].sum()) for a in annees]
