"""Views kept beside the one on the screen: a few, side by side in one table; the oldest leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.etude.resultats import Vue
from pope_foncier.vues.formes.table import Table

GARDEES_MAX = 3
ICI = "À l'écran"


class Gardees:
    """Views kept, their buttons and their table.

    Args:
        nom: what is kept, a feminine French noun.
        affichee: gives the view on the screen.
        comparer: table of views by name.
        apres: called once something is kept or forgotten; it shows the table, and what else changes.
    """

    def __init__(
        self,
        nom: str,
        affichee: Callable[[], Vue],
        comparer: Callable[[Mapping[str, Vue]], Table],
        apres: Callable[[], None] | None = None,
    ) -> None:
        self.vues: dict[str, Vue] = {}
        self.html = w.HTML()
        self._nom, self._affichee, self._comparer, self._apres = nom, affichee, comparer, apres or self.montrer
        self.boites = [
            champs.bouton(f"Garder cette {nom} pour comparer", self.garder),
            champs.bouton(f"Oublier les {nom}s gardées", self.oublier),
            self.html,
        ]

    def cote_a_cote(self) -> dict[str, Vue]:
        """Views kept, then the one on the screen."""
        return {**self.vues, ICI: self._affichee()}

    def garder(self) -> None:
        """Keep the view on the screen."""
        vues = [*self.vues.values(), self._affichee()][-GARDEES_MAX:]
        self.vues = {f"{self._nom.capitalize()} {rang}": v for rang, v in enumerate(vues, 1)}
        self._apres()

    def oublier(self) -> None:
        """Forget the views kept."""
        self.vues = {}
        self._apres()

    def montrer(self) -> None:
        """Draw the table again."""
        self.html.value = textes.tables(self._comparer(self.cote_a_cote())) if self.vues else ""
