"""What a bank's offer changes in the closed plan of a study: each amount without it and with it."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.etude.resultats import Vue


@dataclass(frozen=True, slots=True)
class Changement:
    """Amount of a study without an offer and with it [€]."""

    avant: float
    apres: float

    @property
    def ecart(self) -> float:
        """What the offer adds [€]."""
        return self.apres - self.avant


def changements_du_plan(avant: Vue, apres: Vue) -> dict[str, Changement]:
    """Needs, loans and money left to find of both closed plans, by name."""
    deux = (avant, apres)
    return {
        "Besoins du plan": Changement(*(v.valeur(v.bouclee.ev.plan.besoins) for v in deux)),
        "Emprunts": Changement(*(v.valeur(v.bouclee.indicateurs["emprunts"]) for v in deux)),
        "À trouver, que personne n'a promis": Changement(*map(a_trouver, deux)),
    }


def changement_du_creux(avant: Vue, apres: Vue, rang: int) -> Changement:
    """Lowest cash of one of the parties that decide, by its rank among them."""
    return Changement(*(caisses(v)[rang].point_bas for v in (avant, apres)))
