"""Variants that an architect keeps, of one place or of several: cards and a table side by side, which a change of place leaves there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.gardees import ICI
from pope_foncier.vues.etude import variantes
from pope_foncier.vues.etude.cartes_des_variantes import cartes
from pope_foncier.vues.etude.variantes import Variante

GARDEES_MAX = 5


class VariantesGardees:
    """Variants kept, their buttons, cards and table; an application of a place joins it, the next one takes its turn."""

    def __init__(self) -> None:
        self.gardees: list[Variante] = []
        self.html = w.HTML()
        self._rang, self._affichee = 0, _rien
        self.boites = [
            champs.bouton("Garder cette variante pour comparer", self.garder),
            champs.bouton("Oublier les variantes gardées", self.oublier),
            self.html,
        ]

    def suivre(self, affichee: Callable[[], Variante]) -> None:
        """Read the variant on the screen there from now on."""
        self._affichee = affichee

    def cote_a_cote(self) -> list[Variante]:
        """Variants kept, then the one on the screen."""
        return [*self.gardees, replace(self._affichee(), nom=ICI)]

    def garder(self) -> None:
        """Keep the variant on the screen; beyond five, the oldest leaves."""
        self._rang += 1
        self.gardees = [*self.gardees, replace(self._affichee(), nom=f"Variante {self._rang}")][-GARDEES_MAX:]
        self.montrer()

    def oublier(self) -> None:
        """Forget the variants kept."""
        self._rang, self.gardees = 0, []
        self.montrer()

    def montrer(self) -> None:
        """Draw the cards and the table again."""
        if not self.gardees:
            self.html.value = ""
            return
        toutes = self.cote_a_cote()
        self.html.value = f"<h2>Variantes gardées</h2>{cartes(toutes)}{textes.tables(variantes.table(toutes))}"


def _rien() -> Variante:
    raise AssertionError("no application has joined")
