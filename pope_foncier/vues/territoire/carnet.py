"""Needs of a territory: children, places, coverage, what is missing, what a project brings, children around a point."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pope_foncier.territoire.fiche import FicheTerritoire
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.territoire import tableaux


@dataclass(frozen=True, repr=False)
class CarnetBesoins(Pages):
    """Needs of a territory, open."""

    territoire: FicheTerritoire

    def tables(self, horizon: int, places: float) -> list[Table]:
        """Communes, coverage, places missing at a horizon, and what some new places bring."""
        return [
            tableaux.table_communes(self.territoire),
            tableaux.table_couverture(self.territoire),
            tableaux.table_manques(self.territoire, horizon),
            tableaux.table_retombees(self.territoire, places),
        ]

    def bassin(self, iris: Path | None, contours: Path | None, point: str, distance_m: float) -> Table:
        """Children within a distance of a point, from tables of the Caf."""
        return tableaux.table_bassin(iris, contours, point, distance_m)
