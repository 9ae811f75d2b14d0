"""Curves of places against floor area: every rule that holds the place holds its curves, so that its points lie on them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from pope_foncier.places.capacite_site import CapaciteSite, LigneCapacite, marches
from pope_foncier.places.programme_type import lire_programme_type
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.solveur import PLACES_MAX

_MARGE = 1e-9


class Courbe(NamedTuple):
    """Steps of a way to count."""

    plancher_m2: Tableau
    """Floor area from which each number of places fits [m²]."""
    places: Tableau
    palier: str
    """What holds the last number of places whatever the area, in French; nothing when the search ends there."""


def courbes(
    reponse: CapaciteSite,
    droit: LigneCapacite,
    confort: LigneCapacite,
    coefficient: float | None = None,
    voulues: float = math.inf,
) -> tuple[Courbe, Courbe]:
    """Law and comfort programme of a place: floor area against places; what is no area is held as it is.

    Child area is read in floor area at the ratio of the place: that of its rooms when they are drawn. An unknown yard holds
    nothing, and counts for nothing.

    Args:
        reponse: places of the site.
        droit, confort: the two ways to count.
        coefficient: gross over usable area; that of the programme by default.
        voulues: places of the comfort programme that a study does not exceed.
    """
    cour = float(np.nan_to_num(reponse.surfaces.cour_dense_m2[1]))
    pas = marches(reponse.regles, bool(reponse.densite.dense), cour, PLACES_MAX, coefficient)
    enfants, plancher = (np.array([m[rang] for m in pas]) for rang in (1, 3))
    enfants = enfants * _plancher_par_m2(reponse, droit, coefficient)
    if reponse.comptees is not None and reponse.comptees.ecartes:
        plancher = np.maximum(plancher, enfants)
    return _courbe(droit, enfants), _courbe(confort, plancher, voulues)


def _plancher_par_m2(reponse: CapaciteSite, droit: LigneCapacite, coefficient: float | None) -> float:
    """Floor area of the place by square metre of child area counted; infinite where no room drawn counts."""
    comptee = float("nan") if reponse.comptees is None else reponse.comptees.comptees[droit.comptee or "usuel"]
    if math.isnan(comptee):
        return coefficient or lire_programme_type().coefficient_sdo_su.central
    return float(reponse.surfaces.plancher_m2[1]) / comptee if comptee > 0 else math.inf


def _courbe(ligne: LigneCapacite, aires: Tableau, voulues: float = math.inf) -> Courbe:
    n = np.arange(1.0, aires.size + 1)
    refus = {"aucune pièce dessinée ne compte": ~np.isfinite(aires)}
    for c in ligne.solution.contraintes:
        if c.code != "interieur":
            besoin, offre = np.atleast_2d(c.besoin)[0], float(np.broadcast_to(np.ravel(c.offre), 3)[1])
            refus[c.libelle] = ~(besoin <= offre + _MARGE) & (not math.isnan(offre))
    refus["places voulues"] = n > voulues
    admis = ~np.any(list(refus.values()), axis=0)
    dernier = int(n[admis].max()) if admis.any() else 0
    tenu = [libelle for libelle, non in refus.items() if dernier < n.size and non[dernier]]
    return Courbe(aires[admis], n[admis], ", ".join(tenu))
