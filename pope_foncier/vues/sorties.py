"""Outputs of a study: ``resultats.json``, the executed notebook and its HTML, the decision note."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.export import exporter
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.socle.chemins import RACINE
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.vues import note

CARNET = "etude_site.ipynb"
_DELAI_CELLULE_S = 120


def ecrire_tout(
    resultat: Resultat,
    moteur: Moteur,
    fichier_etude: Path,
    dossier: Path,
    suivi: Callable[[str], None],
    carnet: bool = True,
) -> list[Path]:
    """Write every output of a study in a folder; each file is complete or absent."""
    suivi("résultats")
    ecrits = [ecrire(dossier / "resultats.json", json.dumps(exporter(resultat), ensure_ascii=False, indent=1))]
    suivi("note de décision")
    ecrits.append(ecrire(dossier / "note.html", note.rediger(resultat, moteur)))
    if carnet:
        suivi("carnet")
        ecrits += executer_carnet(fichier_etude, dossier)
    return ecrits


def executer_carnet(fichier_etude: Path, dossier: Path) -> list[Path]:
    """Run the study notebook on a study file, with a time limit per cell; write the notebook and its HTML."""
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    with tempfile.TemporaryDirectory() as essai:
        papermill.execute_notebook(
            RACINE / "notebooks" / CARNET,
            Path(essai) / CARNET,
            {"fichier_etude": str(fichier_etude.resolve())},
            cwd=RACINE / "notebooks",
            execution_timeout=_DELAI_CELLULE_S,
            progress_bar=False,
            log_output=False,
        )
        carnet = nbformat.read(Path(essai) / CARNET, as_version=4)
    html, _ = HTMLExporter(exclude_input=True, exclude_output_prompt=True, embed_images=True).from_notebook_node(carnet)
    html = _sans_exterieur(html)
    return [
        ecrire(dossier / CARNET, nbformat.writes(carnet)),
        ecrire(dossier / CARNET.replace(".ipynb", ".html"), html),
    ]


def _sans_exterieur(html: str) -> str:
    """Drop every script of the exporter: the page is text and pictures, read offline; say that it is in French."""
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.S)
    return re.sub(r"<html[^>]*>", '<html lang="fr">', html, count=1)
