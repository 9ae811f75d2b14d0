"""Commands on what moves a decision: tornado of a figure."""

from __future__ import annotations

from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, Scenario, app

Chiffre = Annotated[str, typer.Option(help="Code du chiffre, par exemple contribution_par_place", metavar="CHIFFRE")]


@app.command()
def tornade(fichier: FichierEtude, chiffre: Chiffre = "a_trouver.total", scenario: Scenario = "base") -> None:
    """Dire ce qui fait bouger un chiffre : chaque entrée en doute d'un bout à l'autre, à côté de sa pente."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    montrer(pf.carnets.sensibilite(pf.ouvrir(fichier).scenarios[scenario]).table_tornade(chiffre), ecran())
