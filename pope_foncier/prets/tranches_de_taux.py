"""Bands of durations of the published loan rates: which one a term belongs to, and the last rate published for it."""

from __future__ import annotations

from datetime import date

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.baremes.modele import ValeurDatee

_TAUX = "taux.marche.pret_association_"


def tranche_de(catalogue: Catalogue, duree_mois: float, jour: date) -> tuple[str, ValeurDatee]:
    """Band of a fixed-rate loan of so many months to an association, and the last rate published for it on a day."""
    debuts = exiger(catalogue.a_la_date(f"{_TAUX}durees", jour)).valeur
    tranche = [nom for nom, debut in debuts.items() if debut == 0 or duree_mois > debut][-1]
    return tranche, exiger(catalogue.derniere(f"{_TAUX}{tranche}", jour))


def en_clair(tranche: str) -> str:
    """French name of a band: ``2_10_ans`` gives « 2 à 10 ans »."""
    mots = tranche.split("_")
    return f"{mots[0]} à {mots[1]} ans" if len(mots) == 3 and mots[1].isdigit() else " ".join(mots)
