"""Scenario that a dossier is about, and what its parts read of it, each computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pope_foncier.decision.doute.lecture import LectureDuDoute, douter
from pope_foncier.decision.epreuves import Effet, eprouver
from pope_foncier.decision.plans_des_aides import PlansDesAides, plans_des_aides
from pope_foncier.decision.sensibilite.en_bref import EnBref, en_bref
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision.montages.carnet import Comparatif
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from pope_foncier.vues.places import locaux_du_scenario

_RIEN = "Ce scénario ne fait rien : aucune place, aucun coût, aucune ressource. Ce qu'il évite se lit à côté des autres, dans « Les scénarios »."


@dataclass(frozen=True)
class Sujet:
    """One scenario of a study, with the engine that computed it."""

    resultat: Resultat
    moteur: Moteur
    scenario: str = BASE

    @cached_property
    def vue(self) -> Vue:
        """The scenario, on the plan as it stands."""
        return self.resultat.vue(self.scenario)

    @cached_property
    def sans_chiffre(self) -> str:
        """Why the scenario has no figure to show: it holds no place, or does nothing on purpose; nothing when it has some."""
        return lectures.sans_place(self.vue) or ("" if self.vue.places.nombre != 0 else _RIEN)

    @property
    def chiffree(self) -> bool:
        """Whether the scenario has figures: it opens places, or an unknown number of them."""
        return not self.sans_chiffre

    @property
    def plan_connu(self) -> bool:
        """Whether the gap of the plan is known: a plan of unknown amounts cannot be stressed."""
        return self.chiffree and not np.isnan(self.vue.montant("ressources.reste_a_financer"))

    @cached_property
    def dossier(self) -> Dossier:
        """Study of the scenario, alone."""
        complet = self.resultat.dossier
        etude = complet.variantes[self.scenario]
        return replace(complet, etude=etude, variantes={BASE: etude})

    @cached_property
    def lieu(self) -> Lieu:
        """Place, with its plan if one is drawn."""
        return locaux_du_scenario.lieu_dessine(self.vue)

    @cached_property
    def plan(self) -> PlanTrace | str:
        """Plan of the place, else a block diagram of the rooms, or why neither."""
        try:
            return locaux_du_scenario.plan_ou_schema(self.vue, self.lieu)
        except ErreurCalcul as erreur:
            return f"Pas de schéma : {erreur}"

    @cached_property
    def aides(self) -> PlansDesAides | None:
        """Plans by the grants obtained."""
        return plans_des_aides(self.dossier, self.moteur) if self.chiffree else None

    @cached_property
    def bref(self) -> EnBref | None:
        """Decision under the ceiling of the study; None when it states none or cannot be computed."""
        return en_bref(self.dossier, self.moteur) if self.plan_connu else None

    @cached_property
    def comparatif(self) -> Comparatif | None:
        """Montages of the place; None when the study does not describe its property."""
        return (
            None
            if self.dossier.etude.foncier is None or not self.chiffree
            else Comparatif.de(self.dossier, self.moteur)
        )

    @cached_property
    def epreuves(self) -> list[Effet]:
        """Stresses of the closed plan; nothing when it is unknown."""
        return eprouver(self.vue) if self.plan_connu else []

    @cached_property
    def doute(self) -> LectureDuDoute | str:
        """Draws of the study, or why there are none."""
        if not self.plan_connu:
            return "des montants du plan sont inconnus"
        try:
            return douter(self.dossier, self.moteur)
        except ErreurCalcul as erreur:
            return str(erreur)
