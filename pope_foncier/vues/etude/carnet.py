"""Notebook view of a borrower with a project: one call per cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.etude.comptes_previsionnels import ComptesPrevisionnels
from pope_foncier.vues.etude import tableaux_bilan
from pope_foncier.vues.formes.cellules import html_de
from pope_foncier.vues.formes.pages_de_carnet import Pages

if TYPE_CHECKING:
    from IPython.display import HTML


@dataclass(frozen=True, repr=False)
class CarnetEmprunteur(Pages):
    """Borrower and a study that it carries, opened in a notebook."""

    comptes: ComptesPrevisionnels

    def resultat(self) -> HTML:
        """Forecast income statement."""
        return html_de(tableaux_bilan.table_resultat(self.comptes))

    def bilan(self) -> HTML:
        """Forecast balance sheet."""
        return html_de(tableaux_bilan.table_bilan(self.comptes))

    def ratios(self) -> HTML:
        """Ratios before and with the project."""
        return html_de(tableaux_bilan.table_ratios_emprunteur(self.comptes))
