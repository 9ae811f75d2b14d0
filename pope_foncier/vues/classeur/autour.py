"""What stands around the sheets of formulas: how to read the workbook, charts, scenarios, stresses, sources, scales, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pope_foncier.etude.resultats import Resultat
from pope_foncier.vues.classeur import graphiques, textes
from pope_foncier.vues.classeur.entrees import EtudeEcrite
from pope_foncier.vues.classeur.origine import signer
from pope_foncier.vues.classeur.styles import Styles

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


def noms(tous: Resultat | None) -> set[str]:
    """Names of these sheets.

    Args:
        tous: all the scenarios of the study, when they are to be shown.
    """
    du_moteur = {textes.SCENARIOS, textes.EPREUVES} if tous is not None else set()
    return {textes.LISEZ_MOI, graphiques.FEUILLE, textes.SOURCES, textes.JOURNAL, *du_moteur}


def ecrire(
    classeur: Workbook, feuilles: Mapping[str, Worksheet], styles: Styles, lu: EtudeEcrite, tous: Resultat | None
) -> None:
    """Write these sheets, and sign the workbook."""
    signer(classeur, lu)
    textes.lisez_moi(feuilles[textes.LISEZ_MOI], styles, lu, list(feuilles))
    graphiques.ecrire(classeur, feuilles[graphiques.FEUILLE], styles, lu)
    textes.sources(feuilles[textes.SOURCES], styles, lu)
    textes.journal(feuilles[textes.JOURNAL], styles, lu)
    if tous is not None:
        textes.scenarios(feuilles[textes.SCENARIOS], styles, tous)
        textes.epreuves(feuilles[textes.EPREUVES], styles, tous.vue(lu.scenario))
