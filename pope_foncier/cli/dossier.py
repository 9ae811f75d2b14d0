"""Command of the dossier: a study as a PDF for its partners, its figures and the manifest of both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
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
    """Écrire le dossier d'une étude pour ses partenaires : PDF, chiffres (resultats.json) et manifeste."""
    from pope_foncier.cli.suivi import barre
    from pope_foncier.socle.ecriture import exiger_un_dossier
    from pope_foncier.vues.documents import sorties
    from pope_foncier.vues.dossier.composition import typst

    typst()
    lieu = sortie or Path("sorties") / fichier.stem
    exiger_un_dossier(lieu)
    with barre("lecture de l'étude", 5) as suivi:
        lue = retouchee(fichier, pret, bloc)
        suivi("calcul des scénarios")
        vu = pf.carnets.etude(lue)
        ecrits = sorties.ecrire_dossier(vu.resultat, vu.moteur, fichier, lieu, suivi, scenario)
    for chemin in ecrits:
        typer.echo(f"Écrit : {chemin}")
