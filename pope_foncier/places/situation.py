"""What the rules of a plan are read for: persons present, fire category, new or existing building."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.incendie import classer_l_etablissement, effectifs, enfants_par_niveau
from pope_foncier.lieu.locaux import Local
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


def situation_des_locaux(
    locaux: Collection[Local],
    places: float,
    catalogue: Catalogue,
    jour: date,
    neuf: bool | None,
    passages: Collection[int] = (),
    surnombre: bool | None = None,
) -> Situation:
    """Situation of some rooms for some places.

    The option to exceed them is used for the persons present unless it is said not to be: the prudent reading.

    Persons are shared among the storeys as the strict child area is: a working reading when units are not placed.
    """
    if math.isnan(places) or places < 1:
        return Situation(neuf=neuf)
    presents = effectifs(int(places), catalogue, jour, surnombre is not False)
    statut, _ = classer_l_etablissement(locaux, places, catalogue, jour, surnombre, passages)
    cinquieme = {"respecte": True, "concerne": False}.get(statut)
    partages = enfants_par_niveau(locaux, presents.personnes)
    par_niveau = {niveau: math.ceil(part - 1e-9) for niveau, part in partages.items()}
    return Situation(presents.enfants, presents.personnes, par_niveau, cinquieme, neuf, int(places))
