"""Sizes of the rooms of a sketch in a strip: widths that an item may have, pairs that may stand one behind the other, façade due."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.grille import Bande
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.voisins import Article, portes_vers
from pope_foncier.socle.enregistrements import enregistrement


@enregistrement
class Gabarit:
    """Item in a strip: its widths, partition included [m], and what its area is measured against."""

    mini: float
    voulu: float
    maxi: float
    fond: float
    """Depth, partition between the two rooms of a pair out [m]."""
    surface: float
    """Area wanted [m²]."""
    enfants: float
    """Part of it that counts for children, passages apart."""
    surplus: float
    """Points of a square metre in excess."""


def gabarit(article: Article, bande: Bande, besoins: Sequence[Besoin], h: Hypotheses) -> Gabarit | None:
    """Item in a strip; None when its depth does not suit."""
    pieces = [besoins[r] for r in article]
    cloison = h.cloison_m.valeur
    total, fond = sum(b.surface_m2 for b in pieces), bande.profondeur_m - cloison * (len(pieces) - 1)
    mini, maxi = 0.0, math.inf
    for b in pieces:
        travers = fond * b.surface_m2 / total
        if travers < b.piece.largeur_m - 1e-6:
            return None
        serre = total / fond * (1 - b.piece.en_moins) + (h.trame_m.valeur / 3 if b.enfants else 0.0)
        mini = max(mini, b.piece.largeur_m, travers / b.piece.allongement, serre)
        maxi = min(maxi, travers * b.piece.allongement)
    if mini > maxi + h.trame_m.valeur / 2:
        return None
    maxi = max(mini, maxi)
    voulu = min(max(total / fond, mini), maxi)
    plus = min(maxi, max(voulu, total / fond * (1 + min(b.piece.en_plus for b in pieces))))
    enfants = sum(b.surface_m2 for b in pieces if b.enfants) / total
    surplus = h.poids.surplus_par_m2 * (0.5 if pieces[0].enfants else 1.0)
    return Gabarit(mini + cloison, voulu + cloison, plus + cloison, fond, total, enfants, surplus)


def articles_possibles(besoins: Sequence[Besoin], h: Hypotheses) -> list[Article]:
    """Pairs of which one room may stand behind the other."""
    return [
        (r, q)
        for r, devant in enumerate(besoins)
        for q, derriere in enumerate(besoins)
        if r != q and devant.avec(derriere) and portes_vers(devant, derriere, h) is not None
    ]


def facade_due(besoin: Besoin, h: Hypotheses) -> float:
    """Façade that a room asks for, by the depth that light reaches [m]."""
    if besoin.fonction == "hall":
        return h.jour_minimum_m.valeur
    return max(h.jour_minimum_m.valeur, besoin.surface_m2 / h.jour_profondeur_m.valeur)
