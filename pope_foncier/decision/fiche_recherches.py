"""Ranges of the searches and dates shown, as data: where to look, never a limit of the trade."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.modele.modes import ModeEtude, RenvoiBareme
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Euros, Fiche, Nombre, Texte, lire_fiche


class LoyerSupportable(Fiche):
    """Search of the largest rent that an operator can bear."""

    premier_haut_m2_an: Euros
    """First upper bound [€/m²/year]; widened as long as it is bearable."""
    base: Texte


class Retraits(Fiche):
    """Dates of an early withdrawal shown, years after the opening."""

    annees: tuple[int, ...] = Field(min_length=1, max_length=5)
    base: Texte


class Levier(Fiche):
    """Input that balances a mode, and the range in which it is looked for."""

    champ: Texte
    bas: Nombre
    haut: Nombre | RenvoiBareme
    """A number, or the scale that caps the input."""
    base: Texte

    def bornes(self, catalogue: Catalogue, jour: date) -> tuple[float, float]:
        """Range at a date."""
        haut = self.haut.lire(catalogue, jour) if isinstance(self.haut, RenvoiBareme) else self.haut
        return self.bas, haut


class PointMort(Fiche):
    """Input that balances each mode."""

    modes: dict[ModeEtude, Levier]
    autres_modes: Levier

    def levier(self, mode: ModeEtude) -> Levier:
        """Input that balances a mode."""
        return self.modes.get(mode, self.autres_modes)


class Recherches(Fiche):
    """Searches of the comparison of montages and of the break-even."""

    loyer_supportable: LoyerSupportable
    retraits: Retraits
    point_mort: PointMort


@lru_cache(maxsize=2)
def lire_recherches(chemin: Path | None = None) -> Recherches:
    """Read the searches of the data folder."""
    return lire_fiche(Recherches, chemin or dossier_donnees() / "hypotheses" / "recherches.yaml")
