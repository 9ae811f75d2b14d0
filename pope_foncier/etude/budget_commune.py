"""Budget of the commune by calendar year: what it pays to the investment, less what comes back, and to the operation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.par_place import Places
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.fiche_bouclage import A_TROUVER, RESTE_EN_CAPITAL
from pope_foncier.modele.lignes import FAMILLES, Poste
from pope_foncier.socle.grandeur import Grandeur, Tableau, somme, total

_INVESTISSEMENT: tuple[Poste, ...] = (
    *(*FAMILLES["aide"], *FAMILLES["bouclage"], *FAMILLES["apport"]),
    *("deblocage", "interets", "remboursement", "frais", "accessoires", "report"),
)
"""Flows that fund the investment or give it back."""


SANS_EXPLOITATION = "Exploitation (l'étude ne la décrit pas)"
"""What is not known of a study of the works alone: what the commune pays to the operation."""
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


def _investi(vue: Vue, acteur: str) -> Tableau:
    total = np.zeros(len(vue.annees))
    for ligne in vue.ev.livre.du_poste(*_INVESTISSEMENT):
        if ligne.est_flux and acteur in (ligne.payeur, ligne.receveur):
            total = total + (1.0 if ligne.payeur == acteur else -1.0) * vue.annuel(ligne.code)
    return total


def paye_en_tout(ev: Evaluation, proprietes: str = "") -> Grandeur:
    """What the commune pays over the whole study less what comes back, investment and operation, shape (…, 1) [€].

    A capital that nobody brings to walls that it holds is its own spending. It is unknown when the study does not describe the operation.

    Args:
        ev: closed plan.
        proprietes: party that holds the property of the commune, whose cost is its own.
    """
    commune, livre = ev.ctx.etude.acteurs.commune, ev.livre
    lignes = [x for x in livre.du_poste(*_INVESTISSEMENT) if x.est_flux and commune in (x.payeur, x.receveur)]
    payes = [total(x.grandeur) for x in lignes if x.payeur == commune]
    rendus = [0.0 - total(x.grandeur) for x in lignes if x.receveur == commune]
    murs = [0.0 - total(livre[solde])] if (solde := f"solde.{proprietes}") in livre.lignes else []
    sien = capitaux_a_trouver(ev) if tient_les_murs(ev, proprietes) else []
    return somme([*payes, *rendus, *murs, total(compte_de_la_commune(ev)), *sien], "Payé par la commune")


def capitaux_a_trouver(ev: Evaluation) -> list[Grandeur]:
    """Capital that the closed plan asks of nobody in particular [€]: the rent of its holder gives it back."""
    return [
        a.montant for a in apports_de_bouclage(ev) if a.est_a_trouver and a.boucleur.nature == RESTE_EN_CAPITAL.nature
    ]


def dons_a_trouver(ev: Evaluation) -> list[Grandeur]:
    """Everything else that it asks of nobody in particular [€]."""
    return [
        a.montant for a in apports_de_bouclage(ev) if a.est_a_trouver and a.boucleur.nature != RESTE_EN_CAPITAL.nature
    ]


def compte_de_la_commune(ev: Evaluation) -> Grandeur:
    """What the commune pays to the operation each month; unknown, and no zero, when the study does not describe it."""
    if ev.compte is not None:
        return ev.compte.commune
    manque = frozenset({SANS_EXPLOITATION})
    return Grandeur(np.full((1, 1), np.nan), "Commune au fonctionnement", "€", axe="mois", manques=manque)


def tient_les_murs(ev: Evaluation, proprietes: str = "") -> bool:
    """Whether the commune, or the party that holds its property, orders the works: a capital that nobody brings them is then missing from its own money."""
    acteurs = ev.ctx.etude.acteurs
    return acteurs.nom_maitre_ouvrage in (acteurs.commune, proprietes)


def _verse(vue: Vue, commune: str) -> Tableau:
    total = np.zeros(len(vue.annees))
    for ligne in vue.ev.livre.du_poste("produits", "encaissement"):
        if ligne.payeur == commune:
            total = total + vue.annuel(ligne.code)
    return total
