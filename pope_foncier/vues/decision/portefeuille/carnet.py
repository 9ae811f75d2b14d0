"""Notebook view of a portfolio: its tables, and its cash beside that of each site alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.decision.portefeuille.assemblage import assembler
from pope_foncier.decision.portefeuille.fiche import lire_portefeuille
from pope_foncier.etude.chaine import Moteur
from pope_foncier.vues.decision import graphiques_ensemble
from pope_foncier.vues.decision.portefeuille import tableaux as tableaux_portefeuille
from pope_foncier.vues.formes import figures
from pope_foncier.vues.formes.cellules import html_de, image_de

if TYPE_CHECKING:
    from IPython.display import HTML, Image


@dataclass(frozen=True)
class CarnetPortefeuille:
    """Portfolio file opened for a notebook."""

    fichier: Path
    moteur: Moteur

    @classmethod
    def ouvrir(cls, fichier: str) -> CarnetPortefeuille:
        """Open a portfolio file."""
        return cls(Path(fichier), Moteur.ouvrir())

    def image(self) -> Image:
        """Cash of the company, and of each site if it stood alone."""
        ensemble = assembler(lire_portefeuille(self.fichier), self.moteur)
        fig, ax = figures.figure(9.0, 4.2)
        graphiques_ensemble.tracer_caisses(ensemble, ax)
        texte = f"{ensemble.fiche.titre} : trésorerie des lieux réunis et de chacun à part"
        return image_de(fig, texte, f"portefeuille « {self.fichier.stem} », hypothèses comprises")

    def tables(self) -> HTML:
        """Sites, trials, reserve, risk, shared jobs and balance sheet."""
        from IPython.display import HTML

        tables = tableaux_portefeuille.tables(self.fichier, self.moteur)
        return HTML("".join(str(html_de(table).data) for table in tables))
