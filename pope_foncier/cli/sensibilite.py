"""Commands on what moves a decision: tornado of a figure, thresholds, what to know first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, Scenario, app, fiche, option_entier, option_saisie

Chiffre = Annotated[str, typer.Option(help="Code du chiffre, par exemple contribution_par_place", metavar="CHIFFRE")]
Etudes = Annotated[
    list[Path],
    typer.Argument(
        help="Une étude, ou plusieurs entre lesquelles choisir : leurs noms ou leurs fichiers (YAML)",
        parser=fiche("etudes"),
        metavar="ÉTUDES...",
    ),
]
Scenarios = Annotated[
    list[str] | None, typer.Option(help="Scénario de l'étude, à répéter : choisir entre eux", metavar="SCÉNARIO")
]
Montages = Annotated[
    list[str] | None, typer.Option(help="Montage de l'étude, à répéter : choisir entre eux", metavar="MONTAGE")
]
Plafond = Annotated[
    float | None,
    option_saisie(
        "--plafond", "montant", "Coût que la commune accepte au plus, par place et par an ; par défaut celui de l'étude"
    ),
]


@app.command()
def tornade(
    fichier: FichierEtude,
    chiffre: Chiffre = "a_trouver.total",
    scenario: Scenario = "base",
    centiles: Annotated[
        bool, typer.Option("--centiles", help="Du 10e au 90e centile de chaque loi, au lieu de ses bouts")
    ] = False,
) -> None:
    """Dire ce qui fait bouger un chiffre : chaque entrée en doute d'un bout à l'autre, à côté de sa pente."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    carnet = pf.carnets.sensibilite(pf.ouvrir(fichier).scenarios[scenario])
    montrer(carnet.table_tornade(chiffre, centiles), ecran())


@app.command()
def bascules(
    fichiers: Etudes,
    chiffre: Annotated[
        str | None, typer.Option(help="Ratio dont on lit le seuil, ou chiffre avec --seuil", metavar="CHIFFRE")
    ] = None,
    seuil: Annotated[
        float | None, option_saisie("--seuil", "montant", "Seuil du chiffre ; celui du ratio par défaut")
    ] = None,
    plafond: Plafond = None,
    scenario: Scenarios = None,
    montage: Montages = None,
) -> None:
    """Dire ce qui ferait changer d'avis : la valeur de chaque entrée où un seuil est passé, ou un choix renversé."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    options = _options(fichiers, scenario)
    if chiffre is None:
        table = pf.savoir(*options, plafond=plafond, montages=montage or (), tirages=100).table_des_bascules()
    else:
        table = pf.carnets.sensibilite(options[0]).table_bascules(chiffre, seuil)
    montrer(table, ecran())


@app.command()
def savoir(
    fichiers: Etudes,
    plafond: Plafond = None,
    a_trouver: Annotated[
        float | None,
        option_saisie("--a-trouver", "montant", "Somme que l'on peut trouver au plus, au lieu d'un plafond"),
    ] = None,
    scenario: Scenarios = None,
    montage: Montages = None,
    tirages: Annotated[
        int | None, option_entier("--tirages", 100, 100_000, "Nombre de tirages ; celui des hypothèses par défaut")
    ] = None,
) -> None:
    """Dire ce qu'il faut savoir d'abord : ce que vaudrait de lever chaque doute avant de décider, et ce que coûte l'étude."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    options = _options(fichiers, scenario)
    decision = pf.savoir(*options, plafond=plafond, a_trouver=a_trouver, montages=montage or (), tirages=tirages)
    console = ecran()
    for table in decision.tables():
        montrer(table, console)
    console.print(str(decision))


def _options(fichiers: list[Path], scenarios: list[str] | None) -> list[pf.Etude]:
    """Studies between which to choose: those named, or the scenarios of the first."""
    ouvertes = [pf.ouvrir(f) for f in fichiers]
    return [ouvertes[0].scenarios[nom] for nom in scenarios] if scenarios else ouvertes
