"""Notebook view of a comparison: options, front, ranking with its parts, small multiples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.comparer.comparaison import Comparaison
from pope_foncier.vues.decision.comparer import tableaux
from pope_foncier.vues.decision.comparer.graphiques import dessiner
from pope_foncier.vues.formes.cellules import html_de, image_de
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.proteger import proteger

if TYPE_CHECKING:
    from IPython.display import HTML, Image, Markdown


@dataclass(frozen=True, repr=False)
class CarnetComparer(Pages):
    """Options compared, for a notebook."""

    comparaison: Comparaison

    def options(self, au_plus: int = 20) -> HTML:
        """Figures of the options, the best ranked first."""
        return html_de(tableaux.options(self.comparaison, au_plus))

    def impossibles(self) -> HTML:
        """Options that cannot be, by reason."""
        return html_de(tableaux.impossibles(self.comparaison))

    def classement(self, au_plus: int = 12) -> HTML:
        """Ranking, what each criterion brings to it, and how often each option is first when weights are drawn."""
        return html_de(tableaux.classement(self.comparaison, au_plus))

    def phrases(self) -> Markdown:
        """Who beats whom, ties, what is left out, what would change the first."""
        from IPython.display import Markdown

        return Markdown("\n\n".join(proteger(p, markdown=True) for p in tableaux.phrases(self.comparaison)))

    def image(self, au_plus: int = 9) -> Image:
        """Small panels on the same scales, one an option."""
        texte = " ".join(tableaux.phrases(self.comparaison)[:1])
        return image_de(dessiner(self.comparaison, au_plus), f"Un panneau par option, mêmes échelles. {texte}")
