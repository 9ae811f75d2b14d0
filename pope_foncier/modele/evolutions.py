"""Evolution paths: how prices, wages, PSU, rents and rates move after their last known value. Always an assumption."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Taux, Texte, lire_fiche

Variante = Literal["bas", "central", "haut"]


class Evolution(Fiche):
    """Path in three variants, and why: a yearly growth rate, or the level that a rate takes."""

    libelle: Texte
    genre: Literal["croissance", "niveau"] = "croissance"
    bas: Taux
    central: Taux
    haut: Taux
    base: Texte

    def taux(self, variante: Variante) -> float:
        """Yearly growth rate, or level, of a variant."""
        return float(getattr(self, variante))


class Evolutions(Fiche):
    """Set of paths, by name."""

    chemins: dict[str, Evolution]


def lire_evolutions(chemin: Path | None = None) -> Evolutions:
    """Read the evolution paths of the project."""
    return lire_fiche(Evolutions, chemin or dossier_donnees() / "hypotheses" / "evolutions.yaml")
