"""Notebook view of some variants of premises side by side: cards, table, A3 sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.socle.ecriture import ecrire
from pope_foncier.vues.dossier.planches_des_variantes import planches
from pope_foncier.vues.etude import cartes_des_variantes, variantes
from pope_foncier.vues.etude.variantes import Variante
from pope_foncier.vues.formes.cellules import html_de
from pope_foncier.vues.formes.page import STYLE_CARTES
from pope_foncier.vues.formes.pages_de_carnet import Pages

if TYPE_CHECKING:
    from IPython.display import HTML, Image

_POINTS = 60
"""Dots by inch of the sheet in a notebook: 990 across."""


@dataclass(frozen=True, repr=False)
class CarnetVariantes(Pages):
    """Variants opened in a notebook."""

    variantes: tuple[Variante, ...]

    def table(self) -> HTML:
        """What tells the variants apart, one column each."""
        return html_de(variantes.table(self.variantes))

    def cartes(self) -> HTML:
        """A card a variant: its drawing, all at one scale, its places, what fails, its cost, its opening."""
        from IPython.display import HTML

        return HTML(f"<style>{STYLE_CARTES}</style>{cartes_des_variantes.cartes(self.variantes)}")

    def planche(self) -> Image:
        """A3 sheet as a picture."""
        from IPython.display import Image

        noms = ", ".join(v.nom for v in self.variantes)
        return Image(planches(self.variantes, _POINTS), alt=f"Variantes côte à côte : {noms}")

    def ecrire(self, chemin: str | Path) -> Path:
        """Write the A3 sheets as a PDF.

        Raises:
            ErreurCalcul: the typesetting library is not installed.
            ErreurSortie: the file cannot be written.
        """
        return ecrire(Path(chemin), planches(self.variantes))
