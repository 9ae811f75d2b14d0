"""Years that a reader looks at: the first one open for twelve months, and the cruising year after the ramp-up."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.chaine import Evaluation
from pope_foncier.exploitation.demarrage import fin_de_montee
from pope_foncier.modele.calendrier import entre
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, par_annee

PLEINE = "première année pleine"
CROISIERE = "année de croisière"


def annee_pleine(ev: Evaluation) -> Grandeur:
    """Rank of the first calendar year open for twelve months, shape (…, 1); NaN when there is none."""
    ouverts = par_annee(ev.calendrier.ouvert, ev.ctx.echelle)
    return appliquer(lambda m: _premiere(m > 11.5), "première année ouverte douze mois", ouverts, axe="")


def annee_de_croisiere(ev: Evaluation) -> Grandeur:
    """Rank of the first calendar year open for twelve months, all after the ramp-up, shape (…, 1); NaN when there is none."""
    ouverts = par_annee(ev.calendrier.ouvert, ev.ctx.echelle)
    montee = par_annee(entre(ev.ctx, ev.calendrier.ouverture, fin_de_montee(ev.ctx, ev.calendrier)), ev.ctx.echelle)
    return appliquer(
        lambda m, n: _premiere((m > 11.5) & (n < 0.5)),
        "première année ouverte douze mois, sans montée en charge",
        ouverts,
        montee,
        axe="",
    )


def a_l_annee(annuel: Grandeur, rang: Grandeur, quand: str = PLEINE) -> Grandeur:
    """Value of a yearly quantity at a rank that may differ between scenarios, shape (…, 1)."""

    def lire(v: Tableau, r: Tableau) -> Tableau:
        large = np.broadcast_to(v, (*np.broadcast_shapes(v.shape[:-1], r.shape[:-1]), v.shape[-1]))
        position = np.broadcast_to(np.nan_to_num(r).astype(np.intp), (*large.shape[:-1], 1))
        return np.where(np.isnan(r), np.nan, np.take_along_axis(large, position, axis=-1))

    return appliquer(lire, f"{{0}} ({quand})", annuel, rang, axe="")


def en_clair(ev: Evaluation, rang: Grandeur, scenario: int = 0) -> int | None:
    """Calendar year at a rank, or None."""
    valeur = rang.au_point(scenario)
    return None if np.isnan(valeur) else ev.ctx.echelle.annees[int(valeur)]


def rang_de_croisiere(ev: Evaluation, scenario: int = 0) -> int | None:
    """Rank of the cruising year of a scenario; None when the horizon or the tenure ends before."""
    rang = annee_de_croisiere(ev).au_point(scenario)
    return None if np.isnan(rang) else int(rang)


def _premiere(vrai: Tableau) -> Tableau:
    return np.where(vrai.any(axis=-1, keepdims=True), vrai.argmax(axis=-1, keepdims=True), np.nan)
