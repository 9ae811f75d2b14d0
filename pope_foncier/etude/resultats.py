"""Result of a study: all its scenarios, read one at a time; the inputs that their figures read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from pope_foncier.etude import annees, indicateurs, ratios
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.controles import Ratio
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.par_place import Places, diviser
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.sans_place import raison_sans_place
from pope_foncier.etude.scenarios import BASE, Dossier, verifier_scenario
from pope_foncier.prets.dette import ACCESSOIRES
from pope_foncier.socle.grandeur import Grandeur, Tableau, vers_mois
from pope_foncier.socle.operations_du_temps import sommes_annuelles
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.temps import Echelle

T = TypeVar("T")


@dataclass(frozen=True)
class Vue:
    """One scenario of a result: reads the lines at its rank."""

    nom: str
    titre: str
    ev: Evaluation
    rang: int
    _bouclees: dict[int, Evaluation] = field(default_factory=dict, repr=False, compare=False)
    """Closed plans already computed, by evaluation: the scenarios of one evaluation share theirs."""
    _lus: dict[Callable[[Vue], Any], Any] = field(default_factory=dict, repr=False, compare=False)
    """What several pages read of the scenario, each computed once."""

    def une_fois(self, calcul: Callable[[Vue], T]) -> T:
        """What a function reads of the scenario, computed once."""
        if calcul not in self._lus:
            self._lus[calcul] = calcul(self)
        return cast(T, self._lus[calcul])

    @cached_property
    def bouclee(self) -> Vue:
        """The same scenario once its plan is closed by the closers of the study; itself when it is closed already."""
        if self.ev.est_bouclee:
            return self
        if id(self.ev) not in self._bouclees:
            self._bouclees[id(self.ev)] = boucler(self.ev)
        return Vue(self.nom, self.titre, self._bouclees[id(self.ev)], self.rang)

    @cached_property
    def aucune_place(self) -> str:
        """Why this scenario holds no place: views then show no figure of it; nothing when it holds some, or an unknown number."""
        return raison_sans_place(self.ev, self.rang)

    @property
    def est_ouverte(self) -> bool:
        """Whether the plan lacks money, or nobody knows if it does."""
        reste = self.valeur(self.ev.plan.reste_a_financer)
        return not reste <= BOUCLE_A

    @cached_property
    def indicateurs(self) -> dict[str, Grandeur]:
        """Key figures."""
        releve = self.ev.releve
        return indicateurs.calculer(self.ev) if releve is None else releve.indicateurs

    @cached_property
    def ratios(self) -> list[Ratio]:
        """Ratios with thresholds."""
        releve = self.ev.releve
        return ratios.calculer(self.ev) if releve is None else list(releve.ratios)

    @cached_property
    def places(self) -> Places:
        """Places and years of opening, which amounts are divided by."""
        return Places(self.valeur(self.ev.capacite.places), self.valeur(self.ev.calendrier.ouvert) / 12.0)

    def part_des_besoins(self, montant: float) -> float:
        """Share of the uses of the plan that an amount pays [fraction]; NaN without uses."""
        return diviser(montant, self.valeur(self.ev.plan.besoins))

    def valeur(self, grandeur: Grandeur) -> float:
        """Single value (total over the months of a monthly line)."""
        ligne = self._ligne(grandeur)
        return float(ligne.sum() if grandeur.axe else ligne[0])

    def au_rang(self, tableau: Tableau) -> float:
        """Value of an array by scenario, shape (…, 1)."""
        valeurs = np.ravel(tableau)
        return float(valeurs[self.rang if len(valeurs) > 1 else 0])

    def montant(self, code: str) -> float:
        """Value of a line of the ledger: total of a flow, last balance of a stock."""
        if self.ev.livre.lignes[code].stock:
            return float(self.mensuel(code)[-1])
        return self.valeur(self.ev.livre[code])

    def mensuel(self, code: str) -> np.ndarray:
        """Values by month of a line, shape (M,)."""
        return np.broadcast_to(self._ligne(self.ev.livre[code]), (self.ev.ctx.echelle.duree_mois,))

    def annuel(self, code: str) -> np.ndarray:
        """Line by calendar year, shape (years,): sums of a flow, balances at the end of the year of a stock."""
        return par_annee_civile(self.mensuel(code), self.ev.ctx.echelle, self.ev.livre.lignes[code].stock)

    def accessoires_du_pret(self, pret: str) -> np.ndarray:
        """Insurance and fees of a loan by calendar year, shape (years,) [€]."""
        lignes = [f"emprunts.{pret}.{quoi}" for quoi in ACCESSOIRES]
        annuels = (self.annuel(code) for code in lignes if code in self.ev.livre.lignes)
        return sum(annuels, np.zeros(len(self.annees)))

    def annuites_du_pret(self, pret: str) -> np.ndarray:
        """Interest, capital, insurance and fees of a loan by calendar year, shape (years,) [€]."""
        interets, capital = (self.annuel(f"emprunts.{pret}.{quoi}") for quoi in ("interets", "remboursement"))
        return np.asarray(interets + capital + self.accessoires_du_pret(pret))

    @property
    def annee_des_prix(self) -> int:
        """Year whose prices constant euros are read at: that of the operating prices, else that of the start."""
        exploitation = self.ev.ctx.etude.exploitation
        return int(exploitation.annee_prix if exploitation else self.ev.ctx.etude.date_depart.year)

    def indice_des_prix(self) -> Tableau:
        """Price index of each month, 1 in the year of prices, shape (M,): nominal ÷ index = constant euros."""
        return vers_mois(self.ev.ctx.indice("prix", self.annee_des_prix), self.ev.ctx.echelle).valeur.reshape(-1)

    def mois_de(self, code: str) -> float:
        """First month where a line is not zero; 0 when there is none."""
        non_nuls = np.flatnonzero(self.mensuel(code))
        return float(non_nuls[0]) if len(non_nuls) else 0.0

    @property
    def annees(self) -> tuple[int, ...]:
        """Calendar years of the study."""
        return self.ev.ctx.echelle.annees

    @cached_property
    def annee_pleine(self) -> int | None:
        """First calendar year open for twelve months."""
        return annees.en_clair(self.ev, annees.annee_pleine(self.ev), self.rang)

    @cached_property
    def annee_de_croisiere(self) -> int | None:
        """First calendar year open for twelve months after the ramp-up."""
        return annees.en_clair(self.ev, annees.annee_de_croisiere(self.ev), self.rang)

    def expliquer(self, code: str) -> str:
        """French sentence of a line."""
        return self.ev.livre[code].expliquer(self.rang, echelle=self.ev.ctx.echelle)

    def _ligne(self, grandeur: Grandeur) -> np.ndarray:
        lignes = grandeur.valeur.reshape(-1, grandeur.valeur.shape[-1])
        return np.asarray(lignes[self.rang if len(lignes) > 1 else 0])


_GARDES = 2
"""Results that an engine keeps, with all that was read of them: some ten megabytes each."""


@dataclass(frozen=True)
class Resultat:
    """Result of a study: its file and one evaluation per group of scenarios."""

    dossier: Dossier
    evaluations: tuple[Evaluation, ...]

    @classmethod
    def calculer(cls, dossier: Dossier, moteur: Moteur) -> Resultat:
        """Evaluate all the scenarios of a study; who asks again for the same studies is given the same result."""
        return moteur.une_fois(
            "resultat", dossier, lambda: cls(dossier, tuple(moteur.evaluer(dossier))), gardes=_GARDES
        )

    @classmethod
    def reprendre(cls, dossier: Dossier, etude: Etude, moteur: Moteur) -> Resultat:
        """Evaluate one variant of a study, replaying what was recorded of its structure."""
        seul = replace(dossier, etude=etude, variantes={BASE: etude})
        return cls(seul, (moteur.reprendre(moteur.contexte(seul), [BASE]),))

    def vue(self, nom: str = BASE) -> Vue:
        """One scenario by name.

        Raises:
            Inconnu: the study has no such scenario; the near names are offered.
        """
        verifier_scenario(nom, self.dossier.variantes)
        return self._vues[nom]

    @cached_property
    def _vues(self) -> dict[str, Vue]:
        bouclees: dict[int, Evaluation] = {}
        return {
            nom: Vue(nom, self.dossier.titre(nom), ev, rang, bouclees)
            for ev in self.evaluations
            for rang, nom in enumerate(ev.noms)
        }

    def vues(self) -> list[Vue]:
        """All scenarios, in the order of the study."""
        return [self._vues[nom] for nom in self.dossier.variantes]


def faits(vue: Vue) -> list[tuple[Grandeur, str]]:
    """Facts that a scenario uses, each once, with its source."""
    lus = {
        origine.reference: (grandeur, origine.titre_source)
        for grandeur, origine in entrees(vue)
        if origine.nature == "fait"
    }
    return list(lus.values())


def entrees(vue: Vue) -> Iterator[tuple[Grandeur, Origine]]:
    """Inputs that the figures of a scenario read, each with where it comes from."""
    vues: set[int] = set()
    lignes = [ligne.grandeur for ligne in vue.ev.livre.lignes.values()]
    for ligne in lignes:
        for feuille in ligne.feuilles():
            if id(feuille) in vues:
                continue
            vues.add(id(feuille))
            yield feuille, feuille.origines[vue.rang if len(feuille.origines) > 1 else 0]
    site = vue.ev.ctx.site
    for champ in ("surface_m2", "surface_exterieure_m2"):
        grandeur = vue.ev.ctx.entree_site(champ)
        if site is not None:
            yield grandeur, grandeur.origines[0]


def douteuse(origine: Origine) -> bool:
    """Whether the origin of a figure leaves a doubt: assumption, unknown, or a source that is not sure."""
    return origine.nature in ("hypothese", "inconnu") or origine.fiabilite in ("estimation", "a_confirmer", "hypothese")


def par_annee_civile(mois: np.ndarray, echelle: Echelle, stock: bool) -> np.ndarray:
    """Months by calendar year: sums, or for a stock the value of the last month of the year."""
    if not stock:
        return sommes_annuelles(mois, echelle)
    return np.asarray(mois[np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1])
