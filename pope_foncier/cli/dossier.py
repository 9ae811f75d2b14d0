"""Command of the dossier: a study as a PDF for its partners, its figures and the manifest of both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pope_foncier.cli.application import BlocsEnPlus, FichierEtude, Scenario, app
from pope_foncier.cli.etudes import PretsEnPlus, retouchee


@app.command()
def dossier(
    fichier: FichierEtude,
    sortie: Annotated[Path | None, typer.Option(help="Dossier des sorties ; par défaut sorties/<étude>/")] = None,
    scenario: Scenario = "base",
    pret: PretsEnPlus = None,
    bloc: BlocsEnPlus = None,
) -> None:
    """Écrire le dossier d'une étude pour ses partenaires : PDF, classeur, synthèse en Word, chiffres (resultats.json) et manifeste."""
    from pope_foncier.cli.suivi import barre
    from pope_foncier.porte.ecrits import dossier as ecrire
    from pope_foncier.vues.dossier.composition import typst

    typst()
    with barre("lecture de l'étude", 7) as suivi:
        lue = retouchee(fichier, pret, bloc)
        lieu = sortie or Path("sorties") / lue.nom
        ecrits = ecrire(lue.dossier_entier(), lue.scenarios[scenario].scenario, lieu, fichier, suivi)
    for chemin in ecrits:
        typer.echo(f"Écrit : {chemin}")
