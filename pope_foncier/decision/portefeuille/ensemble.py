"""Pooled portfolio: several sites of one company on one axis — common treasury, reserve, shared jobs, one balance sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from pope_foncier.decision.portefeuille.axes import empiler
from pope_foncier.decision.portefeuille.fiche import Portefeuille
from pope_foncier.decision.portefeuille.lieu import Lieu
from pope_foncier.decision.portefeuille.postes import PosteCalcule
from pope_foncier.etude.bilan_annuel import BilanAnnuel
from pope_foncier.etude.comptes_previsionnels import DECOUVERT
from pope_foncier.modele.livre import verifier_nul
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True)
class Ensemble:
    """Pooled portfolio, shape (…, M) [€]: leading axes are draws, a single scenario has one."""

    fiche: Portefeuille
    depart: date
    lieux: tuple[Lieu, ...]
    postes: tuple[PosteCalcule, ...]

    def __repr__(self) -> str:
        return f"Ensemble({self.fiche.titre!r}, {len(self.lieux)} lieux)"

    @property
    def capital(self) -> float:
        """Equity of the company, paid in at the start [€]; NaN when unknown."""
        return self.fiche.capital_verse

    @property
    def besoin(self) -> Tableau:
        """What the plans of the sites lack together before the equity, shape (…, 1)."""
        return np.asarray(empiler(x.besoin for x in self.lieux).sum(axis=0))

    @property
    def a_trouver(self) -> Tableau:
        """What the equity does not cover, shape (…, 1): nobody brings it."""
        return np.asarray(empiler(x.a_trouver for x in self.lieux).sum(axis=0))

    @property
    def duree(self) -> int:
        """Months of the common axis."""
        return int(self.lieux[0].solde.shape[-1])

    def somme(self, *noms: str) -> Tableau:
        """Sum over the sites of some of their flows or balances."""
        return np.asarray(sum((getattr(x, nom) for x in self.lieux for nom in noms), self._nul))

    @property
    def _nul(self) -> Tableau:
        return np.zeros((1, self.duree))

    @cached_property
    def rendu_aux_communes(self) -> Tableau:
        """Saving on jobs that lowers the contributions that follow the account, never below zero, shape (sites, …, M)."""
        nul = np.zeros((len(self.lieux), 1, self.duree))
        if self.fiche.economie_des_postes == "societe":
            return nul
        economies = sum((p.economies for p in self.postes if p.deja_compte), nul)
        suivent = empiler(x.leviers * x.contribution_calculee for x in self.lieux)
        return np.asarray(np.minimum(economies, suivent))

    @property
    def rendu_en_tout(self) -> Tableau:
        """What all the communes keep of that saving, shape (…, M)."""
        return np.asarray(self.rendu_aux_communes.sum(axis=0))

    @property
    def cout_des_postes(self) -> tuple[Tableau, Tableau, Tableau]:
        """Cost of all the shared jobs by month: each site alone, shared, and what sharing saves, each of shape (…, M)."""
        seuls = sum((p.seuls.sum(axis=0) for p in self.postes), self._nul)
        communs = sum((p.commun for p in self.postes), self._nul)
        return seuls, communs, seuls - communs

    @cached_property
    def partages(self) -> Tableau:
        """What the shared jobs add to the charges of the sites; below zero, what they save."""
        communs = sum((p.commun for p in self.postes), self._nul)
        deja = sum((p.seuls.sum(axis=0) for p in self.postes if p.deja_compte), self._nul)
        return np.asarray(communs - deja)

    @property
    def premiere_ouverture(self) -> Tableau:
        """Month of the first opening, shape (…, 1)."""
        return np.asarray(empiler(x.ouverture for x in self.lieux).min(axis=0))

    @property
    def derniere_ouverture(self) -> Tableau:
        """Month of the last opening, shape (…, 1)."""
        return np.asarray(empiler(x.ouverture for x in self.lieux).max(axis=0))

    @cached_property
    def remuneration(self) -> Tableau:
        """Return paid for one euro of equity, in the last month of each year from the first opening."""
        rendement = self.fiche.rendement_capital
        if rendement is None:
            return self._nul
        taux = np.nan if rendement.valeur is None else rendement.valeur
        rang = np.arange(self.duree) - self.premiere_ouverture + 1
        return np.asarray(np.where((rang > 0) & (rang % 12 == 0), taux, 0.0))

    @property
    def distribue(self) -> Tableau:
        """Return paid on the equity."""
        return self.capital * self.remuneration

    @cached_property
    def reste_par_euro(self) -> Tableau:
        """What one euro of equity leaves in the cash at the end of each month: cash is linear in the equity."""
        return np.asarray(1.0 - np.cumsum(self.remuneration, axis=-1))

    @cached_property
    def caisse_sans_capital(self) -> Tableau:
        """Cash at the end of each month, if no equity were paid in and none remunerated."""
        flux = self.somme("solde") - self.partages - self.rendu_en_tout
        return np.asarray(np.cumsum(flux, axis=-1))

    @cached_property
    def caisse(self) -> Tableau:
        """Cash at the end of each month, equity paid in at the start."""
        return np.asarray(self.capital * self.reste_par_euro + self.caisse_sans_capital)

    @cached_property
    def reserve(self) -> Tableau:
        """Reserve that the rule asks for at the end of each month: debt service and charges of the months to come."""
        regle = self.fiche.reserve
        if regle is None:
            return self._nul
        service = self.somme("interets", "remboursements")
        charges = self.somme("charges") + self.partages
        return _a_venir(service, regle.mois_service_dette.valeur) + _a_venir(charges, regle.mois_charges.valeur)

    @property
    def parts(self) -> Tableau:
        """Share of each site in the equity, pro rata of its investment, shape (sites, …, 1)."""
        investis = empiler(x.investissement.sum(axis=-1, keepdims=True) for x in self.lieux)
        total = np.broadcast_to(investis.sum(axis=0), investis.shape)
        egales = np.full(investis.shape, 1.0 / len(self.lieux))
        return np.asarray(np.divide(investis, total, out=egales, where=total != 0))

    def capital_de(self, rang: int) -> Tableau:
        """Share of one site in the equity, shape (…, 1) [€]."""
        return np.asarray(self.parts[rang] * self.capital)

    def caisse_seule_sans_capital(self, rang: int) -> Tableau:
        """Cash of one site if it stood alone without equity: its flows, and its own jobs."""
        propres = sum((p.seuls[rang] for p in self.postes if not p.deja_compte), self._nul)
        return np.asarray(np.cumsum(self.lieux[rang].solde - propres, axis=-1))

    def caisse_seule(self, rang: int, part: Tableau | float) -> Tableau:
        """Cash of one site if it stood alone: its share of the equity and of its return, its flows, and its own jobs."""
        return np.asarray(part * self.capital * self.reste_par_euro + self.caisse_seule_sans_capital(rang))

    def avec(self, rang: int, lieu: Lieu) -> Ensemble:
        """Same portfolio with another state of one site; shared jobs follow."""
        lieux = tuple(lieu if i == rang else autre for i, autre in enumerate(self.lieux))
        return replace(self, lieux=lieux, postes=tuple(p.pour(lieux) for p in self.postes))

    def bilan(self) -> BilanAnnuel:
        """Balance sheet at the end of each year.

        Cash comes from the ledgers and debts from their schedules; the results come from what is earned, charged,
        depreciated and carried to income. Nothing is deduced from the other side.

        Raises:
            IdentiteRompue: assets differ from liabilities by half a cent or more.
        """

        def cumul(*noms: str) -> Tableau:
            return np.cumsum(self.somme(*noms), axis=-1)

        resultat = cumul("produits", "quote_part") - cumul("charges", "interets", "dotation")
        resultat = resultat - np.cumsum(self.partages + self.rendu_en_tout, axis=-1)
        creance = self.somme("creance")
        actif = {
            "Immeubles et travaux, nets": cumul("investissement") - cumul("dotation"),
            "Subventions à recevoir": self.somme("a_recevoir"),
            libelle("tresorerie.creance_caf"): np.maximum(creance, 0.0),
            "Trésorerie": np.maximum(self.caisse, 0.0),
        }
        passif = {
            "Capital": self._nul + self.capital,
            "Rémunération versée aux parts": -np.cumsum(self.distribue, axis=-1),
            "Fonds propres apportés par les lieux": cumul("propres"),
            "Résultats cumulés": resultat,
            "Subventions non rapportées": self.somme("subventions_a_rapporter"),
            "Emprunts": self.somme("emprunts"),
            "Apports à rendre": self.somme("reprises"),
            "Prêt relais": self.somme("relais"),
            DECOUVERT: np.maximum(-self.caisse, 0.0),
            "Avances de la Caf": np.maximum(-creance, 0.0),
        }
        verifier_nul(np.asarray(sum(actif.values()) - sum(passif.values())), "actif = passif du portefeuille")
        fins = np.arange(11, self.duree, 12)
        return BilanAnnuel(*({nom: v[..., fins] for nom, v in cote.items()} for cote in (actif, passif)))


def _a_venir(flux: Tableau, mois: int | None) -> Tableau:
    """Sum of the flows of the next months, shape (…, M); what is beyond the axis does not count."""
    if mois is None:
        return np.full(flux.shape, np.nan)
    cumul, duree = np.cumsum(flux, axis=-1), flux.shape[-1]
    return np.asarray(cumul[..., np.minimum(np.arange(duree) + mois, duree - 1)] - cumul)


def annees_du_depart(valeur: Tableau, annees: Sequence[int]) -> Tableau:
    """Sums over the years from the start that exist on the axis (year 1 is months 0 to 11), shape (…, years)."""
    return np.stack([valeur[..., 12 * (a - 1) : 12 * a].sum(axis=-1) for a in annees], axis=-1)
