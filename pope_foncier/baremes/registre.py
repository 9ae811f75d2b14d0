"""Register of the known aid schemes: which are modelled, in part or not, why, and when it was checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche

Etat = Literal["modelise", "partiel", "non_modelise"]
ETAT_EN_CLAIR: dict[str, str] = {"modelise": "modélisé", "partiel": "en partie", "non_modelise": "non modélisé"}


class DispositifConnu(Fiche):
    """Known scheme: its state in the model and the reason of it."""

    id: Texte
    nom: Texte
    financeur: Texte
    etat: Etat
    pourquoi: Texte
    verifie_le: date


class Registre(Fiche):
    """All the known schemes."""

    dispositifs: tuple[DispositifConnu, ...]


def lire_registre(chemin: Path | None = None) -> Registre:
    """Read the register of the project."""
    return lire_fiche(Registre, chemin or dossier_donnees() / "dispositifs.yaml")
