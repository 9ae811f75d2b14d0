"""Parties: PôPE's founding members and its outside partners, by role."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from pope_foncier.baremes.modele import Source
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, faute, lire_fiche, sans_double


class Acteur(Fiche):
    """Party: who it is and the roles it may take in a montage."""

    id: Texte
    nom: Texte
    nom_complet: Texte | None = None
    roles: tuple[Texte, ...] = Field(min_length=1)
    membre_fondateur: bool
    activites: Texte | None = None
    source: Texte


class Annuaire(Fiche):
    """Directory of the parties, with its sources."""

    acteurs: tuple[Acteur, ...] = Field(min_length=1)
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _coherence(self) -> Self:
        sans_double("acteur", [a.id for a in self.acteurs], "donner un « id » différent à chacun.")
        for acteur in self.acteurs:
            if acteur.source not in self.sources:
                cite = f"« {acteur.id} » cite la source « {acteur.source} », absente."
                raise faute(cite, "la décrire dans « sources ».")
        return self


def lire_annuaire(chemin: Path | None = None) -> Annuaire:
    """Read the directory of the project."""
    return lire_fiche(Annuaire, chemin or dossier_donnees() / "acteurs.yaml")
