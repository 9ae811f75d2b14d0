"""Commands on a loan: schedule and effective rates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import app, fiche

FichierPret = Annotated[
    Path,
    typer.Argument(
        help="Prêt : son nom, par exemple pret_bancaire, ou son fichier (YAML)",
        parser=fiche("exemples"),
        metavar="PRÊT",
    ),
]


@app.command()
def echeancier(
    fichier: FichierPret,
    par_annee: Annotated[bool, typer.Option("--par-annee", help="Totaux par année de prêt")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Écrire l'échéancier en CSV sur la sortie")] = False,
    json: Annotated[bool, typer.Option("--json", help="Écrire l'échéancier en JSON sur la sortie")] = False,
) -> None:
    """Afficher l'échéancier d'un prêt, ou de plusieurs tranches."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.cadre import MARQUE
    from pope_foncier.vues.prets import echeancier as pret

    if par_annee + csv + json > 1:
        raise ErreurCalcul("--par-annee, --csv et --json s'excluent : en choisir un.")
    prets = pf.carnets.pret(fichier).echeanciers
    if csv or json:
        typer.echo(pret.en_csv(prets).removeprefix(MARQUE) if csv else pret.en_json(prets), nl=not csv)
        return
    for tranche in prets:
        terminal.montrer(pret.tableau(tranche, par_annee), terminal.ecran())


@app.command()
def teg(fichier: FichierPret) -> None:
    """Donner le TEG, le TAEG et le coût d'un prêt, ou de plusieurs tranches."""
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.prets import echeancier as pret

    terminal.montrer(pret.taux(pf.carnets.pret(fichier).echeanciers), terminal.ecran())
