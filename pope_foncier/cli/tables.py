"""Commands for partners who work in a spreadsheet: read a workbook sent back, take the series of some figures home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, PointDecimal, Scenario, app


@app.command()
def importer(
    classeur: Annotated[
        Path, typer.Argument(help="Classeur rendu (XLSX), écrit par « pope-foncier classeur »", metavar="CLASSEUR")
    ],
    etude: Annotated[
        str | None,
        typer.Option(
            help="Étude d'où il vient, par son nom ou son fichier ; par défaut celle que le classeur nomme",
            metavar="ÉTUDE",
        ),
    ] = None,
    nom: Annotated[str, typer.Option(help="Nom du scénario", metavar="NOM")] = "classeur_rendu",
    sortie: Annotated[Path | None, typer.Option(help="Fichier YAML à écrire ; par défaut, à l'écran seulement")] = None,
) -> None:
    """Relire un classeur qu'un partenaire a rempli : un scénario qui ne tient que ce qui a changé."""
    from pope_foncier.socle.ecriture import ecrire

    rendu = pf.carnets.classeur_rendu(classeur, etude, nom)
    dite = rendu.etude.nom if rendu.depuis == "base" else f"{rendu.etude.nom}, scénario {rendu.depuis}"
    combien = len(rendu.changements)
    typer.echo(
        f"Étude {dite} : {combien or 'aucune'} valeur{'s' if combien > 1 else ''} changée{'s' if combien > 1 else ''}."
    )
    for changement in rendu.changements:
        typer.echo(f"  • {changement}")
    for remarque in rendu.remarques:
        typer.echo(f"À savoir : {remarque}", err=True)
    if sortie is not None:
        typer.echo(f"Écrit : {ecrire(sortie, rendu.yaml())}")
    elif combien:
        typer.echo(f"\n{rendu.yaml()}", nl=False)


@app.command()
def table(
    etude: FichierEtude,
    code: Annotated[
        list[str] | None,
        typer.Argument(
            help="Codes de lignes ou de chiffres, par exemple tresorerie.cumul ; sans code, leur liste", metavar="CODE…"
        ),
    ] = None,
    scenario: Scenario = "base",
    par_an: Annotated[
        bool, typer.Option("--par-an", help="Une ligne par année civile : sommes des flux, derniers soldes")
    ] = False,
    tel_quel: Annotated[
        bool, typer.Option("--tel-quel", help="Lire le plan tel quel ; par défaut le plan bouclé")
    ] = False,
    xlsx: Annotated[Path | None, typer.Option(help="Classeur à écrire, une feuille")] = None,
    csv: Annotated[Path | None, typer.Option(help="Fichier CSV à écrire ; par défaut, à l'écran")] = None,
    point: PointDecimal = False,
) -> None:
    """Écrire des séries mois par mois, ou année par année : une colonne par code ; sans code, la liste des codes."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.classeur.tables import en_classeur
    from pope_foncier.vues.formes.cadre import MARQUE, en_csv

    resultat = pf.ouvrir(etude).scenarios[scenario].calculer("tel_quel" if tel_quel else "boucle")
    cadre = resultat.table(*code, par_an=par_an) if code else resultat.chiffres
    pied = f"{resultat.nom}, scénario {resultat.scenario}, {resultat.lecture}"
    if xlsx is not None:
        typer.echo(f"Écrit : {ecrire(xlsx, en_classeur({_TITRE: cadre}, pied))} ({len(cadre)} lignes).")
    texte = en_csv(cadre.set_axis(cadre.index.astype(str), axis="index"), point, index=True)
    if csv is not None:
        typer.echo(f"Écrit : {ecrire(csv, texte)} ({len(cadre)} lignes).")
    elif xlsx is None:
        typer.echo(texte.removeprefix(MARQUE), nl=False)


_TITRE = "Séries"
"""Name of the sheet."""
