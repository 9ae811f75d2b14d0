"""Files of a dossier: the PDF, and the manifest of all that is written with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pope_foncier.vues.dossier import composition, manifeste
from pope_foncier.vues.dossier.ensemble import rassembler
from pope_foncier.vues.dossier.sujet import Sujet

PDF = "dossier.pdf"


def fichiers(
    sujet: Sujet, fichier: Path | None, autres: Mapping[str, str | bytes], suivi: Callable[[str], None]
) -> dict[str, str | bytes]:
    """PDF and manifest, by name.

    Args:
        fichier: file of the study.
        autres: what else is written in the same folder, by name.
        suivi: told of each step.

    Raises:
        ErreurCalcul: the typesetting library is not installed, said before anything is computed.
    """
    composition.typst()
    suivi("parties du dossier")
    donnees = rassembler(sujet)
    suivi("mise en page")
    pdf = composition.composer(donnees, sujet.dossier.etude.date_depart)
    sorties: dict[str, str | bytes] = {PDF: pdf, **autres}
    return {PDF: pdf, manifeste.NOM: manifeste.rediger(sujet, fichier, sorties)}
