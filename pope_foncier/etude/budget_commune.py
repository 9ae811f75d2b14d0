"""Budget of the commune by calendar year: what it pays to the investment, less what comes back, and to the operation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.par_place import Places
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.lignes import FAMILLES, Poste
from pope_foncier.modele.livre import Ligne
from pope_foncier.socle.grandeur import Tableau

_INVESTISSEMENT: tuple[Poste, ...] = (
    *(*FAMILLES["aide"], *FAMILLES["bouclage"], *FAMILLES["apport"]),
    *("deblocage", "interets", "remboursement", "frais", "accessoires", "report"),
)
"""Flows that fund the investment or give it back."""


MONTANTS = ("investissement", "fonctionnement", "ensemble", "a_trouver", "verse")
"""Amounts of a budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Amounts by calendar year, shape (years,) [€].

    Attributes:
        investissement: paid by the commune, less what comes back to it.
        a_trouver: what the closed plan asks of nobody in particular.
        fonctionnement: due to the operation for the year, whatever the route.
        verse: paid to the operation in the year.
        places: what these amounts are divided by.
    """

    investissement: Tableau
    a_trouver: Tableau
    fonctionnement: Tableau
    verse: Tableau
    places: Places

    @property
    def ensemble(self) -> Tableau:
        """Investment and operation that the commune pays, what nobody promised left out."""
        return self.investissement + self.fonctionnement

    @property
    def paie_autrement(self) -> bool:
        """Whether some year pays the operation another amount than what is due for it."""
        return bool(np.any(np.abs(self.verse - self.fonctionnement) > 0.5))

    @property
    def totaux(self) -> dict[str, float]:
        """Each amount over the whole study [€]."""
        return {nom: float(getattr(self, nom).sum()) for nom in MONTANTS}

    @property
    def fonctionnement_par_place(self) -> Tableau:
        """Due to the operation by place, each calendar year as it stands [€/place]."""
        return self.places.par_place(self.fonctionnement)

    def par_place_et_par_an(self, nom: str) -> float:
        """One amount over the study by place and year of opening [€/place/year]; NaN without a place or a year."""
        return self.places.par_place_et_par_an(self.totaux[nom])

    def apres(self, annees: int) -> dict[str, float]:
        """Each amount over the years that follow the first ones [€]."""
        return {nom: float(getattr(self, nom)[annees:].sum()) for nom in MONTANTS}


def budget(vue: Vue) -> Budget:
    """Budget of the commune on the closed plan of a scenario."""
    bouclee = vue.bouclee
    commune = bouclee.ev.ctx.etude.acteurs.commune
    exploite = bouclee.ev.compte is not None
    return Budget(
        _investi(bouclee, commune),
        _investi(bouclee, A_TROUVER),
        bouclee.annuel("commune.contribution") if exploite else np.zeros(len(vue.annees)),
        _verse(bouclee, commune),
        bouclee.places,
    )


def flux_d_investissement(ev: Evaluation, acteur: str) -> list[tuple[float, Ligne]]:
    """Flows that a party pays to the investment (+1), or that come back to it (−1)."""
    lignes = (x for x in ev.livre.du_poste(*_INVESTISSEMENT) if x.est_flux and acteur in (x.payeur, x.receveur))
    return [(1.0 if x.payeur == acteur else -1.0, x) for x in lignes]


def _investi(vue: Vue, acteur: str) -> Tableau:
    total = np.zeros(len(vue.annees))
    for signe, ligne in flux_d_investissement(vue.ev, acteur):
        total = total + signe * vue.annuel(ligne.code)
    return total


def _verse(vue: Vue, commune: str) -> Tableau:
    total = np.zeros(len(vue.annees))
    for ligne in vue.ev.livre.du_poste("produits", "encaissement"):
        if ligne.payeur == commune:
            total = total + vue.annuel(ligne.code)
    return total
