"""Workbook of a study: its sheets, in the order of a committee.

The sheets with formulas are written by ``feuilles_vives``, the sheet of the inputs by ``hypotheses``, what stands around them by ``autour``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.vues.classeur import autour, controles, feuilles_vives, hypotheses, synthese
from pope_foncier.vues.classeur.entrees import EtudeEcrite, Repere
from pope_foncier.vues.classeur.formules import PREMIERE, SEULE
from pope_foncier.vues.classeur.modele_du_classeur import Modele, modeler
from pope_foncier.vues.classeur.saisies import choix_de, etude_de
from pope_foncier.vues.classeur.styles import Styles

FEUILLES = (
    "Lisez-moi",
    "Synthèse",
    "Graphiques",
    "Hypothèses",
    "Programme et coûts",
    "Plan de financement",
    "Plan pluriannuel",
    "Emprunts par an",
    "Échéancier",
    "Trésorerie",
    "Exploitation",
    "Exploitation par an",
    "Bilan",
    "Ratios par année",
    "Chiffres clés",
    "Scénarios",
    "Épreuves",
    "Sources",
    "Contrôles",
    "Journal des barèmes",
    "Places essayées",
    "Bouclage",
    "Tel quel",
)
"""Sheets, in order; the name of some is longer: one schedule a loan, months and years of the plan as it stands."""


@dataclass(frozen=True, repr=False)
class Classeur:
    """Workbook that was written: its rows, its bytes, the cells of its inputs."""

    modele: Modele
    lu: EtudeEcrite
    octets: bytes
    feuilles: tuple[str, ...]
    cases: Mapping[str, str]
    """Cell to type in on the sheet of the inputs (``B12``), by the name of the cell that the formulas read."""

    @property
    def etude(self) -> Etude:
        """Sheet of the study under the scenario that is written."""
        return etude_de(self.lu)


def xlsxwriter() -> Any:
    """The library that writes workbooks.

    Raises:
        ErreurCalcul: it is not installed; how to install it.
    """
    return bibliotheque("xlsxwriter", "dossier", "Écrire un classeur")


def contexte_de(moteur: Moteur, dossier: Dossier, scenario: str = BASE) -> Contexte[Etude, Site]:
    """Context of one scenario, alone."""
    return moteur.contexte(dossier, dossier.variantes[scenario])


def composer(dossier: Dossier, scenario: str, modele: Modele, tous: Resultat | None = None) -> Classeur:
    """Write the workbook of a study in one scenario.

    Args:
        tous: all the scenarios of the study, when the workbook is to show them and the stresses.
    """
    ecrivain = xlsxwriter()
    from pope_foncier.vues.classeur.feuille_rapide import FeuilleRapide

    ouverte = Vue(scenario, dossier.titre(scenario), modele.ouverte, 0)
    lu = EtudeEcrite(
        dossier, scenario, ouverte, replace(ouverte, ev=modele.bouclee, _bouclees={}, _lus={}), reperes(modele)
    )
    sortie = BytesIO()
    classeur = ecrivain.Workbook(sortie, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    jour = datetime.combine(dossier.etude.date_depart, time())
    classeur.set_properties({"title": dossier.etude.titre, "created": jour})  # the study's own date: no clock
    styles = Styles(classeur, f"{dossier.etude.titre} — {dossier.titre(scenario)}")
    noms = sorted({*modele.disposition.feuilles, "Synthèse", "Hypothèses", "Contrôles", *autour.noms(tous)}, key=_rang)
    feuilles = {nom: classeur.add_worksheet(nom, FeuilleRapide) for nom in noms}
    synthese.ecrire(feuilles["Synthèse"], styles, lu, modele)
    hypotheses.ecrire(classeur, feuilles["Hypothèses"], styles, lu, modele.entrees)
    for nom, lue in modele.disposition.feuilles.items():
        feuilles_vives.ecrire(feuilles[nom], lue, modele, styles)
    controles.ecrire(feuilles["Contrôles"], styles, modele)
    autour.ecrire(classeur, feuilles, styles, lu, tous)
    feuilles["Synthèse"].activate()
    definies = {nom: f"B{ou.rpartition('$')[2]}" for nom, _, ou, *_ in classeur.defined_names}
    cases = {nom: case for nom, case in definies.items() if nom in _lues(modele, lu)}
    classeur.close()
    return Classeur(modele, lu, sortie.getvalue(), tuple(noms), cases)


def _lues(modele: Modele, lu: EtudeEcrite) -> set[str]:
    """Names of the cells of the inputs and of the choices in words."""
    return {e.cellule for e in modele.entrees} | {c.cellule for c in choix_de(etude_de(lu))}


def ecrire_classeur(moteur: Moteur, dossier: Dossier, scenario: str, chemin: Path) -> Classeur:
    """Write the workbook of a study at a path, whole or not at all."""
    modele = modeler(contexte_de(moteur, dossier, scenario), scenario)
    fait = composer(dossier, scenario, modele, Resultat.calculer(dossier, moteur))
    ecrire(chemin, fait.octets)
    return fait


def reperes(modele: Modele) -> dict[str, Repere]:
    """Place of each figure, by its code."""
    lus = {}
    for posee, place in modele.disposition.posees:
        premiere = PREMIERE if posee.rangee.axe else SEULE
        repere = Repere(place.feuille, place.ligne, premiere, premiere + posee.rangee.valeur.size - 1)
        lus.update(dict.fromkeys(posee.codes, repere))
    return lus


def _rang(nom: str) -> tuple[int, str]:
    """Place of a sheet: that of the longest name which begins it."""
    trouves = [k for k, debut in enumerate(FEUILLES) if nom == debut] or [
        k for k, debut in enumerate(FEUILLES) if nom.startswith(debut)
    ]
    return (trouves[-1] if trouves else len(FEUILLES), nom)
