"""Documents that a study writes for its partners."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat as TousLesScenarios
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.socle.ecriture import ecrire_ensemble, exiger_un_dossier


def _en_silence(quoi: str) -> None:
    """Follow nothing."""


def synthese(dossier: Dossier, scenario: str, chemin: Path) -> Path:
    """Write the synthesis of a study as a Word document; ``Etude.synthese`` says what it holds."""
    from pope_foncier.vues.word.synthese import ecrire_synthese

    moteur = moteur_du_projet()
    return ecrire_synthese(TousLesScenarios.calculer(dossier, moteur), moteur, chemin, scenario)


def dossier(
    etude: Dossier, scenario: str, lieu: Path, fichier: Path | None = None, suivi: Callable[[str], None] = _en_silence
) -> list[Path]:
    """Write the dossier of a study for its partners; ``Etude.ecrire_dossier`` says what it holds.

    Args:
        fichier: file of the study, whose print the manifest keeps.
        suivi: told of each step as it begins.
    """
    from pope_foncier.vues.classeur.classeur import composer, contexte_de, xlsxwriter
    from pope_foncier.vues.classeur.modele_du_classeur import modeler
    from pope_foncier.vues.documents.sorties import RESULTATS, resultats_en_json
    from pope_foncier.vues.dossier.composition import typst
    from pope_foncier.vues.dossier.fichiers import fichiers
    from pope_foncier.vues.dossier.sujet import Sujet
    from pope_foncier.vues.word.mise_en_forme import docx
    from pope_foncier.vues.word.synthese import NOM, rediger

    typst()
    docx()
    xlsxwriter()
    exiger_un_dossier(lieu)
    suivi("calcul des scénarios")
    moteur = moteur_du_projet()
    resultat = TousLesScenarios.calculer(etude, moteur)
    suivi("résultats")
    autres: dict[str, str | bytes] = {RESULTATS: resultats_en_json(resultat)}
    suivi("classeur")
    modele = modeler(contexte_de(moteur, etude, scenario), scenario)
    autres[f"{etude.nom}_{scenario}.xlsx"] = composer(etude, scenario, modele, resultat).octets
    suivi("synthèse")
    sujet = Sujet(resultat, moteur, scenario)
    autres[NOM] = rediger(resultat, moteur, scenario, None if isinstance(sujet.doute, str) else sujet.doute)
    faits = fichiers(sujet, fichier, autres, suivi)
    return ecrire_ensemble({lieu / nom: contenu for nom, contenu in {**faits, **autres}.items()})
