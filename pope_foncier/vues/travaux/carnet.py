"""Notebook view of works and calendar: one call per cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pope_foncier.decision.cout_au_calage import au_calage
from pope_foncier.decision.delais import TirageDelais, couter_un_mois, echeances, tirer_delais
from pope_foncier.decision.travaux_compares import comparer_modes, relire_abandon
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.modele.planning import Planning
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.travaux.calage import Calage, caler
from pope_foncier.vues.formes.cellules import html_de, image_de, montrer, source_etude
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.travaux import tableaux as tableaux_travaux
from pope_foncier.vues.travaux import tableaux_calendrier
from pope_foncier.vues.travaux.graphiques import calendrier, dessiner_calage, phases

if TYPE_CHECKING:
    from IPython.display import HTML, Image


@dataclass(frozen=True, repr=False)
class CarnetTravaux(Pages):
    """Study with its works by lots and its phases, opened in a notebook."""

    dossier: Dossier
    moteur: Moteur

    @cached_property
    def ev(self) -> Evaluation:
        """Evaluation of the study."""
        return self.moteur.tirer(self.dossier, {})

    @cached_property
    def vue(self) -> Vue:
        """Same, as the tables read it."""
        return Vue(BASE, self.dossier.etude.titre, self.ev, 0)

    @cached_property
    def planning(self) -> Planning:
        """Phases of the study."""
        if self.ev.calendrier.planning is None:
            raise ErreurCalcul("L'étude n'a pas de phases : compléter « delais.phases » dans son fichier.")
        return self.ev.calendrier.planning

    @cached_property
    def tirage(self) -> TirageDelais:
        """Draws of the durations."""
        return tirer_delais(self.dossier, self.moteur)

    @cached_property
    def _calage(self) -> Calage:
        return caler(self.moteur.catalogue)

    def tables(self) -> Iterator[Table]:
        """Tables that the study allows, for the terminal; the range of the cost in any case."""
        etude = self.dossier.etude
        if etude.travaux.plan is not None:
            yield self._exiger(tableaux_travaux.lots(self.vue))
        yield tableaux_travaux.fourchettes(self.vue)
        if etude.travaux.plan is not None:
            yield tableaux_travaux.frais(self.ev)
        if etude.delais.phases:
            yield self._exiger(tableaux_calendrier.phases(self.vue, self.tirage))
            yield tableaux_calendrier.ouverture(self.tirage, self.ev.ctx.echelle)
            if retards := tableaux_calendrier.un_mois(couter_un_mois(self.dossier, self.moteur)):
                yield retards

    def au_calage(self) -> Table | None:
        """Cost of the study beside that of the published operations, for the terminal; None without a place."""
        return tableaux_travaux.au_calage(au_calage(self.vue))

    @staticmethod
    def _exiger(table: Table | None) -> Table:
        if table is None:
            raise ErreurCalcul(
                "L'étude n'a pas ce que ce tableau montre : un plan de travaux par lots, ou des phases dont les durées sont connues."
            )
        return table

    def lots(self) -> HTML:
        """Works by lot."""
        return html_de(self._exiger(tableaux_travaux.lots(self.vue)))

    def fourchettes(self) -> HTML:
        """Range, and what would shrink it."""
        return html_de(tableaux_travaux.fourchettes(self.vue))

    def frais(self) -> HTML:
        """Fees."""
        return html_de(tableaux_travaux.frais(self.ev))

    def reperes(self) -> HTML:
        """Price landmarks and soil removal."""
        return html_de(tableaux_travaux.reperes())

    def modes(self) -> HTML:
        """Kinds of works on this site."""
        return html_de(tableaux_travaux.modes(comparer_modes(self.dossier, self.moteur)))

    def abandon(self, identite: str) -> HTML:
        """Project given up."""
        return html_de(tableaux_travaux.abandon(relire_abandon(self.moteur, identite)))

    def phases(self) -> HTML:
        """Phases, margins, criticality."""
        return html_de(self._exiger(tableaux_calendrier.phases(self.vue, self.tirage)))

    def image_phases(self) -> Image | HTML:
        """Gantt picture."""
        etapes, texte = phases(self.planning, self.tirage), "Calendrier des phases, avec le chemin critique"
        return montrer(calendrier(etapes, self.ev.ctx.echelle, texte, source_etude(self.dossier.nom)))

    def chemin_critique(self) -> None:
        """Print the critical path and the deadlines of the law."""
        print(*self.chemin_et_echeances(), sep="\n")

    def chemin_et_echeances(self) -> list[str]:
        """Critical path, then the deadlines of the law, a sentence each."""
        planning = self.planning
        return [tableaux_calendrier.chemin_critique(self.vue), *echeances(planning, self.ev.ctx)]

    def ouverture(self) -> HTML:
        """Quantiles of the opening."""
        return html_de(tableaux_calendrier.ouverture(self.tirage, self.ev.ctx.echelle))

    def un_mois(self) -> HTML:
        """Cost of one more month."""
        return html_de(self._exiger(tableaux_calendrier.un_mois(couter_un_mois(self.dossier, self.moteur))))

    def calage(self) -> HTML:
        """Back-test."""
        return html_de(tableaux_travaux.calage(self._calage))

    def image_calage(self) -> Image:
        """Chart of the back-test."""
        source = "coûts publiés de « docs/calage.md » et calcul du projet"
        return image_de(dessiner_calage(self._calage), "Coût prévu et coût publié, opération par opération", source)
