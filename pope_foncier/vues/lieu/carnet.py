"""Drawn plans of one site: one sheet at a true scale, and each plan for other tools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.lieu.lieu_ouvert import dessiner_plans
from pope_foncier.vues.lieu.planches import Papier


@dataclass(frozen=True, repr=False)
class CarnetPlans(Pages):
    """Plan of a site, or its variants, under a mode d'accueil at a filing date."""

    fichiers: tuple[Path, ...]
    mode: str
    jour: date

    def ecrire(
        self,
        dossier: Path,
        papier: Papier = "A4",
        echelle: int | None = None,
        niveau: int = 0,
        toutes_les_cotes: bool = False,
    ) -> list[Path]:
        """Write one storey on a sheet (SVG, PDF, PNG), and each plan in GeoJSON and DXF.

        Raises:
            ErreurCalcul: several plans that are not of one site; a storey that none of them draws.
        """
        return dessiner_plans(self.fichiers, self.jour, self.mode, papier, echelle, dossier, niveau, toutes_les_cotes)
