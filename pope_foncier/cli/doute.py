"""Command on the doubt about a study: ranges, risks, what is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, Scenario, app, option_entier


@app.command()
def douter(
    fichier: FichierEtude,
    tirages: Annotated[
        int | None, option_entier("--tirages", 1, 1_000_000, "Nombre de tirages ; par défaut celui de l'étude")
    ] = None,
    graine: Annotated[
        int | None, option_entier("--graine", 0, 2**32 - 1, "Graine : la même redonne les mêmes tirages")
    ] = None,
    methode: Annotated[
        str | None, typer.Option(help="Façon de tirer : hasard, hypercube ou sobol", metavar="MÉTHODE")
    ] = None,
    scenario: Scenario = "base",
    html: Annotated[
        Path | None, typer.Option("--html", "-o", help="Page à écrire, avec ses images ; par défaut, à l'écran")
    ] = None,
) -> None:
    """Tirer une étude au hasard selon ses lois : fourchette de chaque chiffre, risques, et leur précision."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.decision.doute import tableaux
    from pope_foncier.vues.decision.doute.page import en_page
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.cellules import source_etude

    etude = pf.ouvrir(fichier).scenarios[scenario]
    lu = pf.douter(etude, n=tirages, graine=graine, methode=methode).lecture
    if html is not None:
        typer.echo(f"Écrit : {ecrire(html, en_page(lu, source_etude(etude.nom)))}")
        return
    console = terminal.ecran()
    terminal.dire(tableaux.phrase(lu), console, "bold")
    for table in tableaux.toutes(lu):
        terminal.montrer(table, console)
