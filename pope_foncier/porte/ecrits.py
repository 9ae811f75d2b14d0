"""Documents that a study writes for its partners."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat as TousLesScenarios
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.porte.attendu import verifie
from pope_foncier.socle.refus import NomsProches


class Ecrits(NomsProches):
    """What a study, its changes made, writes."""

    @abstractmethod
    def dossier_entier(self) -> Dossier:
        """Study ready for the engine with all its scenarios."""

    @verifie
    def synthese(self, chemin: str | Path) -> Path:
        """Write the synthesis of the study as a Word document that its partners edit (extra ``dossier``).

        Title, decision in a few lines, figures of the plan as it stands and of the closed plan, plan and cash as pictures, montage,
        open questions, sources. Same bytes at each run.

        Raises:
            ErreurCalcul: python-docx is not installed.
            ErreurSortie: the file cannot be written.
        """
        from pope_foncier.vues.word.synthese import ecrire_synthese

        moteur = moteur_du_projet()
        return ecrire_synthese(TousLesScenarios.calculer(self.dossier_entier(), moteur), moteur, Path(chemin))
