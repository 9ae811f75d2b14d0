"""Documents that a study writes for its partners."""

from __future__ import annotations

from pathlib import Path

from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat as TousLesScenarios
from pope_foncier.etude.scenarios import Dossier


def synthese(dossier: Dossier, scenario: str, chemin: Path) -> Path:
    """Write the synthesis of a study as a Word document; ``Etude.synthese`` says what it holds."""
    from pope_foncier.vues.word.synthese import ecrire_synthese

    moteur = moteur_du_projet()
    return ecrire_synthese(TousLesScenarios.calculer(dossier, moteur), moteur, chemin, scenario)
