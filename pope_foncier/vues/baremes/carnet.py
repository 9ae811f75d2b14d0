"""Law and schemes: every scale with its last value, those to read again, the schemes known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.registre import lire_registre
from pope_foncier.vues.baremes import tableaux
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table


@dataclass(frozen=True, repr=False)
class CarnetBaremes(Pages):
    """Scales of the project, open."""

    catalogue: Catalogue

    def liste(self) -> Table:
        """Every scale, with its last known value."""
        return tableaux.table_baremes(self.catalogue)

    def a_reverifier(self, jour: date) -> Table:
        """Values that are empty, unsure, or closed on a day."""
        return tableaux.table_a_reverifier(self.catalogue, jour)

    def dispositifs(self) -> Table:
        """Schemes known: computed, in part, or not, and why."""
        return tableaux.table_dispositifs(lire_registre())

    def versements(self) -> Table:
        """Who may ask for each scheme that has a rule, and when it is paid."""
        return tableaux.table_versements(self.catalogue)
