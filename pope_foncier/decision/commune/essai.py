"""What a trial changes for the city: what it pays, and what nobody brings, by place and year of opening."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.etude.resultats import Vue


@dataclass(frozen=True, slots=True)
class Essai:
    """Change between two scenarios [€/place/year].

    Attributes:
        paye: of what the city pays.
        manque: of what nobody brings, with the cash that never comes back when the study describes the operation.
    """

    paye: float
    manque: float

    @property
    def est_connu(self) -> bool:
        """Whether nothing unknown stands in the way."""
        return math.isfinite(self.paye) and math.isfinite(self.manque)

    @property
    def poids(self) -> float:
        """The larger of the two, whatever its sign."""
        return max(abs(self.paye), abs(self.manque))


def essayer(avant: Vue, apres: Vue) -> Essai:
    """Change from one scenario to another; unknown when one of them is, or holds no place."""
    paye, manque = (b - a for a, b in zip(_paye_et_manque(avant), _paye_et_manque(apres), strict=True))
    return Essai(paye, manque)


def _paye_et_manque(vue: Vue) -> tuple[float, float]:
    """Both amounts of a scenario; without operation, those of the investment alone."""
    if vue.aucune_place:
        return math.nan, math.nan
    lu = ce_que_paie_la_commune(vue)
    if vue.ev.compte is not None:
        return lu.par_place_an, lu.tout_compris - lu.par_place_an
    return lu.places.par_place_et_par_an(lu.investissement), lu.places.par_place_et_par_an(lu.a_trouver)
