"""The commune as one payer: what it brings to the investment and to the operation, by year and by place, on the closed plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pope_foncier.decision.montages.en_etude import patrimoine
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.lectures import a_trouver, capital_a_trouver
from pope_foncier.etude.resultats import Vue


@dataclass(frozen=True, slots=True)
class Payeur:
    """What the commune pays on the closed plan, over the whole study [€].

    Attributes:
        investissement: paid to the investment, less what comes back; with what its property costs when it holds the premises.
        fonctionnement: due to the operation, whatever the route.
        a_trouver: what the plan asks of nobody in particular.
        capital_a_trouver: part of it that is a capital, which the rent pays.
        annees: years open.
        places: places.
    """

    investissement: float
    fonctionnement: float
    a_trouver: float
    capital_a_trouver: float
    annees: float
    places: float

    @property
    def par_an(self) -> float:
        """All that it pays by open year [€/year]."""
        return _diviser(self.investissement + self.fonctionnement, self.annees)

    @property
    def par_place_an(self) -> float:
        """The same by place [€/place/year]: what compares tenures of different length."""
        return _diviser(self.par_an, self.places)

    @property
    def par_place_an_avec_le_reste(self) -> float:
        """The same if it also gave what nobody has promised, but for a capital, which the rent gives back [€/place/year]."""
        return self.par_place_an + _diviser(self.a_trouver - self.capital_a_trouver, self.annees * self.places)


def ce_que_paie_la_commune(vue: Vue) -> Payeur:
    """What the commune pays in all on the closed plan of a scenario."""
    du_plan, bouclee = budget(vue), vue.bouclee
    solde = f"solde.{patrimoine(bouclee.ev.ctx.etude.acteurs.commune)}"
    des_murs = -bouclee.montant(solde) if solde in bouclee.ev.livre.lignes else 0.0
    return Payeur(
        float(du_plan.investissement.sum()) + des_murs,
        float(du_plan.fonctionnement.sum()),
        a_trouver(vue),
        capital_a_trouver(vue),
        vue.valeur(vue.ev.calendrier.ouvert) / 12.0,
        vue.valeur(vue.ev.capacite.places),
    )


def _diviser(montant: float, par: float) -> float:
    return montant / par if par else math.nan
