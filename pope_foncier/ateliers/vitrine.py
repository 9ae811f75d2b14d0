"""Three cards on the page: what each shows, which scenario it shows, and which one the levers set."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from pope_foncier.ateliers import champs
from pope_foncier.ateliers.cartes import NOMBRE, Cartes

_ICI = "."
"""Choice of a card that shows an attempt."""


class Vitrine:
    """Cards side by side, each with its choice and the button that puts it on the levers.

    Attributes:
        boite: widget to show.
    """

    def __init__(self, regler: Callable[[int], None], montrer: Callable[[int, str], None]) -> None:
        self._montrer, self._muet = montrer, False
        self.pages = [w.HTML() for _ in range(NOMBRE)]
        self.boutons = [champs.bouton("", lambda r=rang: regler(r)) for rang in range(NOMBRE)]  # type: ignore[misc]
        self.choix = [champs.choix("Montrer", [("", "")], "") for _ in range(NOMBRE)]
        for rang, choix in enumerate(self.choix):
            choix.observe(lambda _, r=rang: self._choisi(r), "value")
        self._cases = [self._boite(rang) for rang in range(NOMBRE)]
        self.boite = w.Box(self._cases)
        self.boite.add_class("pf-trois")

    def peindre(self, pages: list[str]) -> None:
        """Show the cards."""
        for page, html in zip(self.pages, pages, strict=True):
            page.value = html

    def offrir(self, cartes: Cartes) -> None:
        """Say what each card may show, and which one the levers set."""
        self._muet = True
        try:
            for rang, (choix, carte) in enumerate(zip(self.choix, cartes.cartes, strict=True)):
                options = [(o.titre, o.cle) for o in cartes.origines.values()]
                ici = [(cartes.titres[rang], _ICI)] if carte.est_un_essai else []
                if choix.options != (*ici, *options):
                    choix.options = (*ici, *options)
                choix.value = _ICI if carte.est_un_essai else carte.origine.cle
                bouton, regle = self.boutons[rang], rang == cartes.rang
                bouton.description = "Sur les leviers" if regle else "Régler ce scénario"
                bouton.disabled = carte.reglages is None
                for morceau, classe in ((bouton, "pf-choisi"), (self._cases[rang], "pf-reglee")):
                    (morceau.add_class if regle else morceau.remove_class)(classe)
        finally:
            self._muet = False

    def _boite(self, rang: int) -> w.VBox:
        pied = w.HBox([self.boutons[rang], self.choix[rang]])
        pied.add_class("pf-pied")
        boite = w.VBox([self.pages[rang], pied])
        boite.add_class("pf-case")
        return boite

    def _choisi(self, rang: int) -> None:
        cle = str(self.choix[rang].value)
        if not self._muet and cle != _ICI:
            self._montrer(rang, cle)
