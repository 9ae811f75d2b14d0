"""Where a workbook comes from: study, scenario and print, in the properties of the file, so that it can be sent back and compared."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from pope_foncier.etude.fiche import Etude
from pope_foncier.vues.classeur.entrees import EtudeEcrite
from pope_foncier.vues.classeur.saisies import etude_de

if TYPE_CHECKING:
    from xlsxwriter import Workbook

ETUDE, SCENARIO, EMPREINTE = "pope_etude", "pope_scenario", "pope_empreinte"
"""Names of the properties."""


def signer(classeur: Workbook, lu: EtudeEcrite) -> None:
    """Write in the properties of a workbook the study that it was written of; no clock: its day is that of the study."""
    etude = etude_de(lu)
    classeur.set_custom_property(ETUDE, lu.dossier.nom)
    classeur.set_custom_property(SCENARIO, lu.scenario)
    classeur.set_custom_property(EMPREINTE, empreinte(etude))


def empreinte(etude: Etude) -> str:
    """Print of a study, which any change of its sheet changes; its other scenarios and what it says of its doubt leave it as it is."""
    brut = etude.model_dump(
        mode="json", exclude_defaults=True, exclude={"scenarios", "blocs", "doute", "questions_ouvertes"}
    )
    return hashlib.sha256(json.dumps(brut, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
