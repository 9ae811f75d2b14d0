"""Notebook view of what moves a decision: one call per cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.sensibilite.tornade import tornade
from pope_foncier.etude.resultats import Vue
from pope_foncier.vues.decision.sensibilite import graphiques, tableaux_tornade
from pope_foncier.vues.formes.cellules import html_de, montrer, source_etude
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image


@dataclass(frozen=True, repr=False)
class CarnetSensibilite(Pages):
    """One scenario of a study, on the plan as it stands, and what moves its figures."""

    nom: str
    vue: Vue

    def tornade(self, chiffre: str = "a_trouver.total") -> Image | HTML:
        """Tornado of a figure."""
        return montrer(graphiques.tornade(tornade(self.vue, chiffre), source_etude(self.nom)))

    def tornade_en_table(self, chiffre: str = "a_trouver.total") -> HTML:
        """The same as a table, folded."""
        return html_de(self.table_tornade(chiffre), plie=True)

    def table_tornade(self, chiffre: str) -> Table:
        """Every input that moves a figure."""
        return tableaux_tornade.tableau(tornade(self.vue, chiffre))
