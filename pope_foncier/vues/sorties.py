"""Outputs of a study: ``resultats.json``, the executed notebook and its HTML, the decision note."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.resultats import Resultat, exporter
from pope_foncier.socle.chemins import RACINE
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.vues import note

CARNET = "01_une_gare_de_bout_en_bout.ipynb"
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
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter
    from papermill.parameterize import parameterize_notebook

    carnet = nbformat.read(RACINE / "notebooks" / CARNET, as_version=4)  # type: ignore[no-untyped-call]
    carnet.metadata.setdefault("papermill", {})
    pret = parameterize_notebook(carnet, {"fichier_etude": str(fichier_etude.resolve())})
    NotebookClient(
        pret, timeout=_DELAI_CELLULE_S, resources={"metadata": {"path": str(RACINE / "notebooks")}}
    ).execute()
    html, _ = HTMLExporter(exclude_input=True, embed_images=True).from_notebook_node(pret)
    html = _sans_exterieur(html)
    return [
        ecrire(dossier / CARNET, nbformat.writes(pret)),  # type: ignore[no-untyped-call]
        ecrire(dossier / CARNET.replace(".ipynb", ".html"), html),
    ]


def _sans_exterieur(html: str) -> str:
    """Drop the scripts that the exporter would fetch from outside: the page is read offline."""
    import re

    html = re.sub(r"<script[^>]*src=\"https?://[^\"]*\"[^>]*>\s*</script>", "", html)
    html = re.sub(r"<script type=\"text/x-mathjax-config\">.*?</script>", "", html, flags=re.S)
    return re.sub(r"<html(?! lang=\"fr\")[^>]*>", '<html lang="fr">', html, count=1)
