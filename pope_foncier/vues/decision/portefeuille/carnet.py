"""Notebook view of a portfolio: its tables, and its cash beside that of each site alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.portefeuille import Ensemble, ReglesRisque
from pope_foncier.etude.moteur import Moteur
from pope_foncier.vues.decision.portefeuille import tableaux as tableaux_portefeuille
from pope_foncier.vues.decision.portefeuille.graphiques import caisses
from pope_foncier.vues.formes.cellules import html_de, montrer
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image


@dataclass(frozen=True, repr=False)
class CarnetPortefeuille(Pages):
    """Portfolio opened for a notebook or a terminal."""

    nom: str
    ensemble: Ensemble
    moteur: Moteur

    def image(self) -> Image | HTML:
        """Cash of the company, and of each site if it stood alone."""
        return montrer(caisses(self.ensemble, f"portefeuille « {self.nom} », hypothèses comprises"))

    def listees(self, regles: ReglesRisque | None = None) -> list[Table]:
        """Tables of the portfolio; ``regles`` say what is drawn and how many times, those of the data by default."""
        return tableaux_portefeuille.tables(self.ensemble, self.moteur, regles)

    def tables(self) -> HTML:
        """Sites, trials, reserve, risk, shared jobs and balance sheet."""
        from IPython.display import HTML

        return HTML("".join(str(html_de(table).data) for table in self.listees()))
