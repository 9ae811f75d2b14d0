"""Law and schemes: every scale with its last value, the schemes known; what is to look at again, by weight on some studies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.registre import lire_registre
from pope_foncier.etude.veille import Veille
from pope_foncier.vues.baremes import tableaux
from pope_foncier.vues.formes.cellules import html_de
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML


@dataclass(frozen=True, repr=False)
class CarnetBaremes(Pages):
    """Scales of the project, open."""

    catalogue: Catalogue

    def liste(self) -> Table:
        """Every scale, with its last known value."""
        return tableaux.table_baremes(self.catalogue)

    def dispositifs(self) -> Table:
        """Schemes known: computed, in part, or not, and why."""
        return tableaux.table_dispositifs(lire_registre())

    def versements(self) -> Table:
        """Who may ask for each scheme that has a rule, and when it is paid."""
        return tableaux.table_versements(self.catalogue)


@dataclass(frozen=True, repr=False)
class CarnetVeille(Pages):
    """Values of the law to look at again on a day, the heaviest on some studies first."""

    jour: date
    toutes: Sequence[Veille]

    def lues(self) -> Table:
        """Those that a study reads."""
        lues = [v for v in self.toutes if v.etude]
        return tableaux.table_veille(lues, self.jour, len(self.toutes) - len(lues))

    def a_revoir(self) -> HTML:
        """Those that a study reads, as a notebook shows them."""
        return html_de(self.lues())

    def tout(self) -> Table:
        """All of them."""
        return tableaux.table_veille(self.toutes, self.jour)
