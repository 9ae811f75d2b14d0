"""What a project asks of others by place and by year of opening, the figure that decides: paid by the commune, and still to find for good.

By place and by year: a longer tenure, or more places, is not a heavier project for all that it pays longer, or for more children.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from pope_foncier.etude.a_trouver import GROUPE
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.deplacements import Deplacements
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.inconnues import au_milieu, inconnues, milieux
from pope_foncier.etude.pentes import effets
from pope_foncier.etude.poids import Poids, peser
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import sans_place
from pope_foncier.socle.grandeur import Grandeur, Tableau, somme, total
from pope_foncier.socle.pentes import Sortie

EFFORT = "Effort demandé par place et par an"
UNITE = "€/place/an"
EN_CLAIR = "ce que paie la commune et ce qui reste à trouver en tout, sauf l'avance de trésorerie qui revient, par place et par an d'ouverture"


def demande(ev: Evaluation) -> Grandeur:
    """What a closed plan asks of others over the study, shape (…, 1) [€]: paid by the commune, and to find; without an operation, to find.

    Cash advanced at a lowest month that comes back is not asked for good: counted, a grant paid after that month would weigh nothing.
    """
    de_la_commune = [] if ev.compte is None else [total(ev.compte.commune)]
    trouves = [ev.livre[f"{GROUPE}{nom}"] for nom in ("investissement", "definitif")]
    return somme([*trouves, *de_la_commune], "Contribution de la commune et à trouver, avance qui revient exceptée")


def effort(ev: Evaluation) -> Grandeur:
    """Effort of a closed plan, shape (…, 1) [€/place/year]."""
    annees = (total(ev.calendrier.ouvert) / 12.0).nommer("Années d'ouverture", "ans")
    return (demande(ev) / ev.capacite.places / annees).nommer(EFFORT, UNITE)


def inconnues_de_l_effort(vue: Vue) -> list[str]:
    """Unknown inputs that leave the effort unknown, by field."""
    ev = vue.bouclee.ev
    return inconnues(ev, effort(ev), vue.rang)[0]


def poids_sur_l_effort(vue: Vue, champs: Collection[str]) -> dict[str, Poids]:
    """Weight of some inputs on the effort, by field; none where it is unknown, unless each unknown input states its interval."""
    connue = None if vue.aucune_place else vue_connue(vue)
    if connue is None:
        return {}
    ev = connue.bouclee.ev
    lus = effets(ev, [Sortie(effort(ev), np.ones(1))], connue.rang)[0]
    return {p.effet.champ: p for p in peser(connue, [e for e in lus if e.champ in champs], _lire)}


def vue_connue(vue: Vue) -> Vue | None:
    """Scenario whose effort is known: itself, else with each unknown input at the middle of its interval; None when one states none."""
    manquantes = inconnues_de_l_effort(vue)
    valeurs = milieux(vue, manquantes)
    if len(valeurs) < len(manquantes):
        return None
    return au_milieu(vue, valeurs) if manquantes else vue


def sans_l_aide(vue: Vue, aides: Collection[str]) -> dict[str, float]:
    """What the effort becomes more when a grant is refused, by grant [€/place/year]; none where the effort is unknown."""
    champs = {aide: f"aides[{aide}].coefficient" for aide in aides}
    if vue.aucune_place or not champs:
        return {}
    parts = {c: float(vue.ev.ctx.entree(c).au_point(vue.rang)) for c in champs.values()}
    essais = [(c, valeur) for c in champs.values() for valeur in (0.0, parts[c])]
    lues = Deplacements(vue, _lire, parts).bouger(essais).figure.reshape(-1, 2)
    return {
        aide: float(sans - avec) for aide, (sans, avec) in zip(champs, lues, strict=True) if np.isfinite(sans - avec)
    }


def _lire(ouverte: Evaluation) -> Tableau:
    """Effort once the plan is closed, one value a row; none in a row that holds no place."""
    return np.where(sans_place(ouverte), np.nan, np.ravel(effort(boucler(ouverte)).valeur))
