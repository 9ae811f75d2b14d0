"""Integer search with thresholds: the largest number of places that every constraint allows, what binds, what comes next.

Exact: every number of places from 1 to the search bound is tried, for all sites at once. Shapes: sites on the leading
axis S, candidate numbers of places on the last axis N (candidate of rank i is i + 1 places).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Tableau

Rangs = NDArray[np.intp]
Masque = NDArray[np.bool_]

PLACES_MAX = 250
"""Search bound."""
_MARGE = 1e-9


@enregistrement
class Contrainte:
    """Constraint: what each number of places needs (S or 1, N), and what the site offers (S or 1, 1)."""

    code: str
    libelle: str
    """French name, after « limite : »."""
    unite: str
    besoin: Tableau
    offre: Tableau


@enregistrement
class Solution:
    """Answer for S sites; ranks point into ``contraintes``, -1 is none, ``len(contraintes)`` is a change of category."""

    contraintes: tuple[Contrainte, ...]
    places: Tableau
    """Shape (S,); NaN when an offer is unknown."""
    limite: Rangs
    """Rank of the first constraint that forbids one more place, shape (S,); -1 at the search bound."""
    manque: Tableau
    """What that constraint lacks for one more place, in its unit, shape (S,)."""
    limites: Masque
    """All the constraints that forbid one more place, as a mask (C, S)."""
    change_categorie: Masque
    """Whether one more place opens another category, mask (S,)."""
    places_ensuite: Tableau
    """Once the limit is lifted, places reached when the next event comes, shape (S,)."""
    ensuite: Rangs
    """Rank of that next event: another constraint, or a change of category, shape (S,)."""


def resoudre(contraintes: Sequence[Contrainte], seuils: Tableau, places_max: int = PLACES_MAX) -> Solution:
    """Largest number of places allowed by all the constraints, with the binding one and the next event behind it.

    Args:
        contraintes: in the order in which they are told; the first violated by one more place is « the » limit.
        seuils: last number of places of each category, shape (T,).
        places_max: search bound N; needs are given for 1 … N places.

    An unknown offer makes the answer unknown, unless nothing and plenty of it give the same places and the same limits.
    """
    sites = max(max(np.atleast_2d(c.besoin).shape[0], np.size(c.offre)) for c in contraintes)
    besoins = np.stack([np.broadcast_to(np.atleast_2d(c.besoin), (sites, places_max)) for c in contraintes])
    offres = np.stack([np.broadcast_to(np.asarray(c.offre).reshape(-1), (sites,)) for c in contraintes])
    rien, assez = (
        _chercher(tuple(contraintes), besoins, np.where(np.isnan(offres), v, offres), seuils) for v in (0.0, np.inf)
    )
    ambigu = (rien.places != assez.places) | (rien.limites != assez.limites).any(axis=0)
    inconnu = ambigu | np.isnan(besoins).any(axis=(0, 2))
    suite_sure = (rien.ensuite == assez.ensuite) & (rien.places_ensuite == assez.places_ensuite) & ~inconnu
    return Solution(
        assez.contraintes,
        np.where(inconnu, np.nan, assez.places),
        np.where(inconnu, -1, assez.limite),
        np.where(inconnu, np.nan, assez.manque),
        assez.limites & ~inconnu,
        assez.change_categorie & ~inconnu,
        np.where(suite_sure, assez.places_ensuite, np.nan),
        np.where(suite_sure, assez.ensuite, -1),
    )


def _chercher(contraintes: tuple[Contrainte, ...], besoins: Tableau, offres: Tableau, seuils: Tableau) -> Solution:
    """Search with known offers: needs (C, S, N), offers (C, S)."""
    sites, places_max = besoins.shape[1:]
    n = np.arange(1, places_max + 1)
    tient: Masque = np.less_equal(besoins, offres[:, :, None] + _MARGE)
    possible = np.asarray(tient.all(axis=0))
    places = np.where(possible.any(axis=-1), places_max - possible[:, ::-1].argmax(axis=-1), 0)
    suivant = np.minimum(places, places_max - 1)
    site = np.arange(sites)
    refus: Masque = np.logical_not(tient[:, site, suivant]) & (places < places_max)
    limite = np.where(refus.any(axis=0), refus.argmax(axis=0), -1)
    manque = np.where(limite >= 0, besoins[limite, site, suivant] - offres[limite, site], 0.0)
    ensuite, places_ensuite = _ensuite(tient, refus, places, seuils, n)
    return Solution(
        contraintes,
        places.astype(np.float64),
        limite,
        manque,
        refus,
        np.isin(places, seuils) & refus.any(axis=0),
        places_ensuite,
        ensuite,
    )


def _ensuite(tient: Masque, refus: Masque, places: Rangs, seuils: Tableau, n: Rangs) -> tuple[Rangs, Tableau]:
    """Next event once the limits are lifted: the first number of places, above ``places``, that cannot become one more.

    Returns:
        Rank of the event (-1: none up to the search bound) and the places at which it comes, shape (S,).
    """
    autres: Masque = np.logical_not(tient | refus[:, :, None])
    bloque = np.zeros(autres.shape[1:], dtype=bool)
    bloque[:, :-1] = np.asarray(autres.any(axis=0))[:, 1:] | np.isin(n[:-1], seuils)
    bloque &= n > places[:, None]
    existe = bloque.any(axis=-1) & refus.any(axis=0)
    rang = bloque.argmax(axis=-1)
    violees = autres[:, np.arange(len(places)), np.minimum(rang + 1, len(n) - 1)]
    quoi = np.where(violees.any(axis=0), violees.argmax(axis=0), len(tient))
    return np.where(existe, quoi, -1), np.where(existe, n[rang], np.nan)
