"""Childcare modes: whether the premises rules apply, what caps the places."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche

ModeEtude = Literal[
    "collectif_psu", "creche_parentale", "micro_creche_psu", "micro_creche_paje", "creche_familiale", "mam"
]
"""Mode d'accueil of a study: who looks after the children, and who pays."""

MODES_PSU: tuple[ModeEtude, ...] = ("collectif_psu", "creche_parentale", "micro_creche_psu", "creche_familiale")
MODES_COLLECTIFS: tuple[ModeEtude, ...] = ("collectif_psu", "creche_parentale", "micro_creche_psu", "micro_creche_paje")


class RenvoiBareme(Fiche):
    """Reference to a scale, or to one entry of its table."""

    bareme: Texte
    cle: Texte | None = None

    def lire(self, catalogue: Catalogue, jour: date) -> float:
        """Value at a date."""
        valeur = exiger(catalogue.a_la_date(self.bareme, jour)).valeur
        return float(valeur[self.cle] if self.cle else valeur)


class CategoriesMode(Fiche):
    """Size categories of a mode: the scale of their last places, and their French names in order, the open one last."""

    bareme: Texte
    libelles: dict[str, Texte]
    au_dela: Texte

    def en_clair(self, catalogue: Catalogue, jour: date) -> str:
        """French list at a date."""
        seuils = exiger(catalogue.a_la_date(self.bareme, jour)).valeur
        dits = [f"{libelle} jusqu'à {float(seuils[cle]):.0f}" for cle, libelle in self.libelles.items()]
        return ", ".join([f"{dits[0]} places", *dits[1:], f"{self.au_dela} au-delà"])


class ModeAccueil(Fiche):
    """Mode d'accueil."""

    libelle: Texte
    referentiel: bool
    """Whether the areas of the référentiel bâtimentaire apply."""
    plafond: RenvoiBareme | None = None
    moins_3_ans: RenvoiBareme | None = None
    assistants: RenvoiBareme | None = None
    categories: CategoriesMode | None = None
    """Categories of its own; those of the crèches collectives otherwise."""
    precision: Texte

    def places_max(self, catalogue: Catalogue, jour: date) -> float:
        """Largest number of places that the mode allows, infinite without a cap."""
        return math.inf if self.plafond is None else self.plafond.lire(catalogue, jour)


class ModesAccueil(Fiche):
    """All the modes, by identifier."""

    modes: dict[str, ModeAccueil]


@lru_cache(maxsize=4)
def lire_modes(chemin: Path | None = None) -> dict[str, ModeAccueil]:
    """Read the modes of the project."""
    return lire_fiche(ModesAccueil, chemin or dossier_donnees() / "modes_accueil.yaml").modes


def mode_accueil(identifiant: str) -> ModeAccueil:
    """One mode.

    Raises:
        ErreurCalcul: unknown mode; the known ones are listed.
    """
    modes = lire_modes()
    if identifiant not in modes:
        raise ErreurCalcul(f"Mode d'accueil inconnu : « {identifiant} ». Choisir parmi : {', '.join(modes)}.")
    return modes[identifiant]
