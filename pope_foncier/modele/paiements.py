"""When what is owed is paid: flows moved later, totals of a year paid in one month of a later one, and what is still owed."""

from __future__ import annotations

import numpy as np

from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, maximum, par_annee, vers_mois


def l_annee_suivante(ctx: Contexte, droits: Grandeur, mois: Grandeur, annees: int = 1) -> Grandeur:
    """Total of each calendar year paid in one month (1 to 12) of a later year, shape (…, M); beyond the horizon, unpaid."""
    du_mois = Grandeur((ctx.echelle.mois + ctx.echelle.depart.month - 1) % 12 + 1, "mois de l'année", axe="mois")
    total = appliquer(
        lambda v: np.concatenate([np.zeros((*v.shape[:-1], min(annees, v.shape[-1]))), v], axis=-1)[..., : v.shape[-1]],
        f"{{}}, {annees} an{'s' if annees > 1 else ''} avant",
        par_annee(droits, ctx.echelle),
    )
    return appliquer(
        lambda t, m, q: np.where(np.isnan(q), np.nan, np.where(m == q, t, 0.0 * t)),
        "{0} si {1} = {2}",
        vers_mois(total, ctx.echelle),
        du_mois,
        mois,
    )


def retarder(flux: Tableau, delai: Tableau) -> Tableau:
    """Flows moved later by whole months, earlier when the delay is below zero, shape (…, M)."""
    dernier = flux.shape[-1] - 1
    rangs = np.arange(flux.shape[-1]) - np.nan_to_num(delai).astype(np.intp)
    forme = np.broadcast_shapes(flux.shape, rangs.shape)
    pris = np.take_along_axis(np.broadcast_to(flux, forme), np.broadcast_to(np.clip(rangs, 0, dernier), forme), axis=-1)
    return np.where(np.isnan(delai), np.nan, np.where((rangs >= 0) & (rangs <= dernier), pris, 0.0))


def creance(droits: Grandeur, encaisse: Grandeur) -> Grandeur:
    """Receivable: what is earned and not yet paid at the end of each month, never below zero, shape (…, M)."""
    ecart = appliquer(lambda a, b: np.cumsum(a - b, axis=-1), "cumul de {} moins cumul de {}", droits, encaisse)
    return maximum(ecart, 0.0)
