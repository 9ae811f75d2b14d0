"""What new places bring to each city of a territory through the bonus trajectoire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.exploitation.bonus import apport_de_trajectoire
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.territoire.fiche import FicheTerritoire


@dataclass(frozen=True, slots=True)
class Trajectoire:
    """Rise of the co-funded places of one city, and what it brings.

    Attributes:
        commune: name of the city.
        base: co-funded places before; NaN when unknown.
        hausse: new places over the base [fraction]; NaN without a base.
        gain: bonus of the city [€/year]; NaN without a base.
    """

    commune: str
    base: float
    hausse: float
    gain: float


def trajectoires(
    territoire: FicheTerritoire, places: float, catalogue: Catalogue, jour: date, annee: int
) -> list[Trajectoire]:
    """Bonus that some new places open to each city, its places of one year being taken for those of 2023."""

    def lire(nom: str) -> Tableau:
        return np.array([*exiger(catalogue.a_la_date(f"exploitation.bonus.trajectoire_{nom}", jour)).valeur.values()])

    paliers, montants = lire("croissances"), lire("montants")
    psu = territoire.table("places_creche").de(annee) - territoire.table("places_creche_hors_psu").de(annee)
    lues = []
    for commune, base in zip(territoire.communes, psu, strict=True):
        hausse = gain = float("nan")
        if base > 0.0:
            hausse = float(places / base)
            gain = float(apport_de_trajectoire(base, np.array(0.0), np.array(places), base, paliers, montants))
        lues.append(Trajectoire(commune.nom, float(base), hausse, gain))
    return lues
