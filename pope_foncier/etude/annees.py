"""Years that a reader looks at: the first one open for twelve months, and the cruising year after the ramp-up."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.exploitation.demarrage import fin_de_montee
from pope_foncier.modele.calendrier import entre
from pope_foncier.socle.grandeur import Grandeur, dire, par_annee
from pope_foncier.socle.vocabulaire import au_rang, inferieur, premier, superieur

PLEINE = "première année pleine"
CROISIERE = "année de croisière"
DOUZE_MOIS, _AUCUN_MOIS = 11.5, 0.5
"""Whole months are compared half a month away."""


def annee_pleine(ev: Evaluation) -> Grandeur:
    """Rank of the first calendar year open for twelve months, shape (…, 1); NaN when there is none."""
    ouverts = par_annee(ev.calendrier.ouvert, ev.ctx.echelle)
    return dire(premier(superieur(ouverts, DOUZE_MOIS)), "première année ouverte douze mois", ouverts)


def annee_de_croisiere(ev: Evaluation) -> Grandeur:
    """Rank of the first calendar year open for twelve months, all after the ramp-up, shape (…, 1); NaN when there is none."""
    ouverts = par_annee(ev.calendrier.ouvert, ev.ctx.echelle)
    montee = par_annee(entre(ev.ctx, ev.calendrier.ouverture, fin_de_montee(ev.ctx, ev.calendrier)), ev.ctx.echelle)
    pleine = premier(superieur(ouverts, DOUZE_MOIS) * inferieur(montee, _AUCUN_MOIS))
    return dire(pleine, "première année ouverte douze mois, sans montée en charge", ouverts, montee)


def a_l_annee(annuel: Grandeur, rang: Grandeur, quand: str = PLEINE) -> Grandeur:
    """Value of a yearly quantity at a rank that may differ between scenarios, shape (…, 1)."""
    return au_rang(annuel, rang, f"{{0}} ({quand})")


def en_clair(ev: Evaluation, rang: Grandeur, scenario: int = 0) -> int | None:
    """Calendar year at a rank, or None."""
    valeur = rang.au_point(scenario)
    return None if np.isnan(valeur) else ev.ctx.echelle.annees[int(valeur)]


def rang_de_croisiere(ev: Evaluation, scenario: int = 0) -> int | None:
    """Rank of the cruising year of a scenario; None when the horizon or the tenure ends before."""
    rang = annee_de_croisiere(ev).au_point(scenario)
    return None if np.isnan(rang) else int(rang)
