"""Budget of the commune by calendar year: what it pays to the investment, less what comes back, and to the operation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.lignes import FAMILLES, Poste
from pope_foncier.socle.grandeur import Tableau

_INVESTISSEMENT: tuple[Poste, ...] = (
    *(*FAMILLES["aide"], *FAMILLES["bouclage"], *FAMILLES["apport"]),
    *("deblocage", "interets", "remboursement", "frais", "accessoires", "report"),
)
"""Flows that fund the investment or give it back."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Amounts by calendar year, shape (years,) [€].

    Attributes:
        investissement: paid by the commune, less what comes back to it.
        a_trouver: what the closed plan asks of nobody in particular.
        fonctionnement: due to the operation for the year, whatever the route.
        verse: paid to the operation in the year.
        places_annees: places times years of opening: what a place-year divides by.
    """

    investissement: Tableau
    a_trouver: Tableau
    fonctionnement: Tableau
    verse: Tableau
    places_annees: float

    @property
    def ensemble(self) -> Tableau:
        """Investment and operation that the commune pays, what nobody promised left out."""
        return self.investissement + self.fonctionnement

    def par_place_et_par_an(self, montants: Tableau) -> float:
        """Whole-life amount by place and year of opening [€/place/year]; NaN without a place or a year."""
        return float(montants.sum()) / self.places_annees if self.places_annees > 0 else float("nan")


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
        bouclee.valeur(bouclee.ev.capacite.places) * bouclee.valeur(bouclee.ev.calendrier.ouvert) / 12.0,
    )


def _investi(vue: Vue, acteur: str) -> Tableau:
    total = np.zeros(len(vue.annees))
    for ligne in vue.ev.livre.du_poste(*_INVESTISSEMENT):
        if ligne.est_flux and acteur in (ligne.payeur, ligne.receveur):
            total = total + (1.0 if ligne.payeur == acteur else -1.0) * vue.annuel(ligne.code)
    return total


def _verse(vue: Vue, commune: str) -> Tableau:
    total = np.zeros(len(vue.annees))
    for ligne in vue.ev.livre.du_poste("produits", "encaissement"):
        if ligne.payeur == commune:
            total = total + vue.annuel(ligne.code)
    return total
