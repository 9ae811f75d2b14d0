"""Notebook view of what moves a decision: one call per cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.sensibilite.bascules import basculer, d_un_ratio
from pope_foncier.decision.sensibilite.decisions import Choix, Option
from pope_foncier.decision.sensibilite.entrees import entrees_en_doute
from pope_foncier.decision.sensibilite.grille import grille
from pope_foncier.decision.sensibilite.parts import POINTS, parts_du_doute
from pope_foncier.decision.sensibilite.savoir import Savoir, savoir
from pope_foncier.decision.sensibilite.tornade import Tornade, tornade
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.vues.decision.sensibilite import graphiques, tableaux, tableaux_tornade
from pope_foncier.vues.formes.cellules import html_de, montrer, source_etude
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image

A_TROUVER = "a_trouver.total"
"""Figure shown when none is asked for."""


@dataclass(frozen=True, repr=False)
class CarnetSensibilite(Pages):
    """One scenario of a study, on the plan as it stands, and what moves its figures."""

    nom: str
    vue: Vue

    def tornade(self, chiffre: str = A_TROUVER, centiles: bool = False) -> Image | HTML:
        """Tornado of a figure."""
        return montrer(graphiques.tornade(self._tornade(chiffre, centiles), source_etude(self.nom)))

    def tornade_en_table(self, chiffre: str = A_TROUVER, centiles: bool = False) -> HTML:
        """The same as a table, folded."""
        return html_de(self.table_tornade(chiffre, centiles), plie=True)

    def table_tornade(self, chiffre: str, centiles: bool = False) -> Table:
        """Every input that moves a figure."""
        return tableaux_tornade.tableau(self._tornade(chiffre, centiles))

    def _tornade(self, chiffre: str, centiles: bool) -> Tornade:
        entrees = entrees_en_doute(self.vue.ev.ctx.etude, self._moteur, centiles)
        return tornade(self.vue, chiffre, entrees)

    def bascules(self, chiffre: str, seuil: float | None = None) -> HTML:
        """Where a ratio passes its threshold, or a figure the one given."""
        return html_de(self.table_bascules(chiffre, seuil))

    def table_bascules(self, chiffre: str, seuil: float | None = None) -> Table:
        """The same as a table."""
        question = d_un_ratio(self.vue, chiffre, seuil)
        return tableaux.bascules(question, basculer(question))

    def grille(self, x: str, y: str, chiffre: str = A_TROUVER, seuil: float | None = None) -> Image | HTML:
        """Figure over two inputs, and where it passes its threshold."""
        return montrer(graphiques.grille(grille(self.vue, x, y, chiffre, seuil), source_etude(self.nom)))

    def table_grille(self, x: str, y: str, chiffre: str, seuil: float | None = None) -> Table:
        """The same as a table."""
        return tableaux.grille(grille(self.vue, x, y, chiffre, seuil))

    def parts(self, chiffre: str = A_TROUVER, points: int = POINTS) -> Image | HTML:
        """Share of the doubt of a figure that each input explains."""
        return montrer(graphiques.parts(parts_du_doute(self.vue, chiffre, points), source_etude(self.nom)))

    def table_parts(self, chiffre: str, points: int = POINTS) -> Table:
        """The same as a table."""
        return tableaux.parts(parts_du_doute(self.vue, chiffre, points))

    def savoir(self, plafond: float) -> HTML:
        """What to know first before building or not under a ceiling, by place and year."""
        return html_de(tableaux.inconnues(self._savoir(plafond)))

    def regrets(self, plafond: float) -> HTML:
        """What each option would be regretted by."""
        return html_de(tableaux.options(self._savoir(plafond)))

    def _savoir(self, plafond: float) -> Savoir:
        ctx = self.vue.ev.ctx
        dossier = Dossier(self.nom, ctx.etude, ctx.site, {BASE: ctx.etude})
        return savoir(Choix((Option(self.nom, dossier),), plafond), self._moteur)

    @property
    def _moteur(self) -> Moteur:
        return Moteur(self.vue.ev.ctx.catalogue, self.vue.ev.ctx.evolutions)
