"""What the rules of a plan are read for: persons present, fire category, new or existing building."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pope_foncier.socle.enregistrements import enregistrement

Regime = Literal["existant", "neuf"]


@enregistrement
class Situation:
    """Persons and building that a plan is checked for; None when nobody knows."""

    enfants: int | None = None
    """Children present at most at one moment."""
    personnes: int | None = None
    """Children and staff: those that the exits are for."""
    par_niveau: Mapping[int, int] | None = None
    """Persons on each storey; those of the whole establishment pass through the ground floor."""
    cinquieme: bool | None = None
    """Whether the establishment is in the 5th category."""
    neuf: bool | None = None
    places: int | None = None

    @property
    def cinquiemes(self) -> tuple[bool, ...]:
        """Readings of the category."""
        return (True, False) if self.cinquieme is None else (self.cinquieme,)

    @property
    def regimes(self) -> tuple[Regime, ...]:
        """Readings of the building."""
        if self.neuf is None:
            return ("existant", "neuf")
        return ("neuf",) if self.neuf else ("existant",)

    def personnes_au(self, niveau: int) -> int | None:
        """Persons who leave by the exits of a storey: at ground level, those of the whole establishment."""
        if niveau == 0:
            return self.personnes
        return None if self.par_niveau is None else self.par_niveau.get(niveau)
