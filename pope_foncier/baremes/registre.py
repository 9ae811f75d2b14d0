"""Register of the known aid schemes: which are modelled, in part or not, why, and when it was checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche

Etat = Literal["modelise", "partiel", "non_modelise", "sans_objet"]
ETAT_EN_CLAIR: dict[Etat, str] = {
    "modelise": "modélisé",
    "partiel": "en partie",
    "non_modelise": "connu de nom",
    "sans_objet": "sans objet ici",
}


class DispositifConnu(Fiche):
    """Known scheme: its state in the model and the reason of it."""

    id: Texte
    nom: Texte
    financeur: Texte
    etat: Etat
    pourquoi: Texte
    verifie_le: date
    ou: tuple[Texte, ...] = ()
    """Departments where a local scheme exists; everywhere without any."""

    def existe_a(self, code_insee: str) -> bool:
        """Whether it exists where a commune lies."""
        return not self.ou or any(code_insee.startswith(d) for d in self.ou)


class Registre(Fiche):
    """All the known schemes."""

    dispositifs: tuple[DispositifConnu, ...]


def lire_registre(chemin: Path | None = None) -> Registre:
    """Read the register of the project."""
    return lire_fiche(Registre, chemin or dossier_donnees() / "dispositifs.yaml")
