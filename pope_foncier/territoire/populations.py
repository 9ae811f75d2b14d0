"""Inhabitants of the communes, by INSEE code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche


class Populations(Fiche):
    """Inhabitants of communes, by INSEE code."""

    millesime: Texte
    licence: Texte
    source: Reference
    note: Texte
    habitants: dict[str, int]


@lru_cache(maxsize=2)
def lire_populations(chemin: Path | None = None) -> Populations:
    """Read the inhabitants of the communes."""
    return lire_fiche(Populations, chemin or dossier_donnees() / "territoires" / "populations.yaml")
