"""Command on the workbook of a study: written, and proved by LibreOffice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, Scenario, app, option_entier

if TYPE_CHECKING:
    from pope_foncier.vues.classeur.verification import Verification


@app.command()
def classeur(
    fichier: FichierEtude,
    scenario: Scenario = "base",
    sortie: Annotated[
        Path | None, typer.Option(help="Fichier du classeur ; par défaut sorties/<étude>/<étude>_<scénario>.xlsx")
    ] = None,
    verifier: Annotated[
        bool,
        typer.Option("--verifier", help="Recalculer le classeur par LibreOffice et comparer chaque nombre au moteur"),
    ] = False,
    tirages: Annotated[
        int, option_entier("--tirages", 0, 200, "Changements d'entrées au hasard que la vérification essaie")
    ] = 20,
    graine: Annotated[int, option_entier("--graine", 0, 10**9, "Graine de ces changements")] = 20261129,
) -> None:
    """Écrire une étude en classeur dont les formules sont vivantes, pour Excel et LibreOffice."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.classeur.compte_rendu import phrases

    etude = pf.ouvrir(fichier).scenarios[scenario]
    ecrit = etude.classeur(sortie or Path("sorties") / etude.nom / f"{etude.nom}_{scenario}.xlsx")
    typer.echo(f"Classeur écrit : {ecrit.chemin}")
    if not verifier:
        return
    lue: Verification = ecrit.verifier(tirages, graine)
    for phrase in phrases(lue):
        typer.echo(phrase)
    if not lue.est_juste:
        raise ErreurCalcul("Le classeur ne redonne pas les nombres du moteur : voir les cellules ci-dessus.")
