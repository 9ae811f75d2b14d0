"""Cash of each party of a project on the closed plan: how low it falls, when, and what is missing.

A plan closes on one page; its cash may lack in two pockets: that of who orders the works, and that of who runs the place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.chaine import parties_du_projet
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.grandeur import Tableau

_MOINDRE = 0.5
"""Amount under which no cash is missing [€]."""


@dataclass(frozen=True, slots=True)
class CaisseDePartie:
    """Cash of one party.

    Attributes:
        acteur: its name.
        cumul: cash at the end of each month, from zero at the start, shape (M,) [€].
        mois_du_creux: month of the lowest cash.
        premier_mois: first month with less than nothing; None when there is none.
    """

    acteur: str
    cumul: Tableau
    mois_du_creux: int
    premier_mois: int | None

    @property
    def est_connue(self) -> bool:
        """Whether every month is known."""
        return not bool(np.isnan(self.cumul).any())

    @property
    def point_bas(self) -> float:
        """Lowest cash [€]; NaN when unknown."""
        return float(self.cumul[self.mois_du_creux]) if self.est_connue else float("nan")

    @property
    def manque(self) -> float:
        """Cash missing at the lowest month [€]; NaN when unknown."""
        return max(-self.point_bas, 0.0) if self.est_connue else float("nan")

    def mois_sous_zero(self, fin: int) -> int:
        """Months with less than nothing before some month."""
        return int((self.cumul[:fin] < -_MOINDRE).sum())


def lire_caisse(acteur: str, cumul: Tableau) -> CaisseDePartie:
    """Cash of a party from its balances by month, shape (M,)."""
    connue = not np.isnan(cumul).any()
    sous_zero = np.flatnonzero(cumul < -_MOINDRE)
    return CaisseDePartie(
        acteur, cumul, int(np.argmin(cumul)) if connue else 0, int(sous_zero[0]) if len(sous_zero) else None
    )


def caisses(vue: Vue) -> list[CaisseDePartie]:
    """Cash of who orders the works, then of the operator when it is another, on the closed plan of a scenario."""
    bouclee = vue.bouclee
    return [
        lire_caisse(acteur, bouclee.mensuel(f"tresorerie.cumul.{acteur}"))
        for acteur in parties_du_projet(bouclee.ev.ctx.etude)
    ]
