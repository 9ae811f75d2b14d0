"""Workbook of a study as a Python user handles it: written, then proved by LibreOffice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.socle.lecture import lire_octets

if TYPE_CHECKING:
    from pope_foncier.vues.classeur.classeur import Classeur
    from pope_foncier.vues.classeur.verification import Verification


@dataclass(frozen=True, repr=False)
class ClasseurEcrit:
    """Workbook written on disk.

    Attributes:
        chemin: its file.
    """

    chemin: Path
    _fait: Classeur

    def verifier(self, tirages: int = 20, graine: int = 20261129) -> Verification:
        """Compute the workbook again with LibreOffice, as it is then under random inputs, and compare every number with the engine.

        Args:
            tirages: random changes of the inputs.
            graine: seed of the changes.

        Raises:
            ErreurCalcul: LibreOffice is not there.
        """
        from pope_foncier.vues.classeur.verification import verifier

        return verifier(moteur_du_projet(), self._fait, tirages, graine, lire_octets(self.chemin))

    def __repr__(self) -> str:
        return f"Classeur {self.chemin.name}, {len(self._fait.modele.entrees)} entrées"


def ecrire(dossier: Dossier, scenario: str, chemin: Path) -> ClasseurEcrit:
    """Write the workbook of a study in one scenario."""
    from pope_foncier.vues.classeur.classeur import ecrire_classeur

    return ClasseurEcrit(chemin, ecrire_classeur(moteur_du_projet(), dossier, scenario, chemin))
