"""Cost of a place by the law learnt on the published operations: median and range, total and works alone apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.travaux import calage_modele as modele
from pope_foncier.travaux.calage import departements_appris
from pope_foncier.travaux.calage_donnees import (
    NatureCout,
    Observation,
    OperationDuCalage,
    lire_operations,
    observer,
)
from pope_foncier.travaux.calage_mots import nom_de_lieu

NATURES: tuple[NatureCout, ...] = ("total", "travaux")


@dataclass(frozen=True, slots=True)
class CoutPrevu:
    """Cost by the law: P10, median and P90 [€ HT], prices of the back-test."""

    bas: float
    prevu: float
    haut: float


def prevoir(lieu: OperationDuCalage, catalogue: Catalogue) -> dict[NatureCout, CoutPrevu]:
    """Cost of a place by scope, before tax, learnt from every published operation but those of its commune.

    Args:
        lieu: place, of which at least the places or the area are known.
        catalogue: scales (BT01, VAT).
    """
    r = modele.lire_reglages()
    toutes = observer(lire_operations(), catalogue, r.date_prix)
    maison = [o for o in toutes if not lieu.lieu or nom_de_lieu(o.operation.lieu) != nom_de_lieu(lieu.lieu)]
    departements = departements_appris(maison, r)
    demandes = [Observation(lieu, nature, "ht", np.nan, r.date_prix.year, False) for nature in NATURES]
    plan, montants = modele.Plan.dresser(maison, r, departements), np.array([o.montant for o in maison])
    centre, (bas, haut) = modele.ajuster(plan, montants, r).prevoir(
        modele.Plan.dresser(demandes, r, departements), r.quantiles
    )
    return {
        nature: CoutPrevu(float(bas[0, i]), float(centre[0, i]), float(haut[0, i])) for i, nature in enumerate(NATURES)
    }
