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
        "--plafond",
        "montant",
        "Coût que la commune accepte au plus, par place et par an, tout ce qui est à trouver compris",
    ),
]
PlafondContribution = Annotated[
    float | None,
    option_saisie(
        "--plafond-contribution",
        "montant",
        "Contribution que la commune accepte au plus, par place, en croisière, plan bouclé ; par défaut celle de l'étude",
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
    image: Annotated[Path | None, typer.Option(help="Image à écrire (PNG) : les entrées qui pèsent le plus")] = None,
) -> None:
    """Dire ce qui fait bouger un chiffre : chaque entrée en doute d'un bout à l'autre, à côté de sa pente."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.documents.terminal import ecran, montrer
    from pope_foncier.vues.formes.figures import octets

    etude = pf.ouvrir(fichier).scenarios[scenario]
    montrer(pf.carnets.sensibilite(etude).table_tornade(chiffre, centiles), ecran())
    if image is not None:
        typer.echo(f"Écrit : {ecrire(image, octets(pf.sensibilite(etude).dessiner(chiffre)))}")


@app.command()
def grille(
    fichier: FichierEtude,
    x: Annotated[str, typer.Option(help="Entrée des colonnes, par exemple travaux.cout_m2_ht", metavar="CHAMP")],
    y: Annotated[str, typer.Option(help="Entrée des lignes", metavar="CHAMP")],
    chiffre: Chiffre = "a_trouver.total",
    seuil: Annotated[
        float | None, option_saisie("--seuil", "montant", "Seuil du chiffre ; celui du ratio par défaut")
    ] = None,
    scenario: Scenario = "base",
    image: Annotated[
        Path | None, typer.Option(help="Image à écrire (PNG), avec le seuil et la place de l'étude")
    ] = None,
) -> None:
    """Lire un chiffre selon deux entrées à la fois, chacune dans ce qu'elle peut être, le plan refermé à chaque case."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.documents.terminal import ecran, montrer
    from pope_foncier.vues.formes.figures import octets

    etude = pf.ouvrir(fichier).scenarios[scenario]
    montrer(pf.carnets.sensibilite(etude).table_grille(x, y, chiffre, seuil), ecran())
    if image is not None:
        figure = pf.sensibilite(etude).dessiner_la_grille(x, y, chiffre, seuil)
        typer.echo(f"Écrit : {ecrire(image, octets(figure))}")


@app.command("parts-du-doute")
def parts_du_doute(
    fichier: FichierEtude,
    chiffre: Chiffre = "a_trouver.total",
    scenario: Scenario = "base",
    points: Annotated[
        int,
        option_entier(
            "--points", 8, 8192, "Points de la suite, une puissance de deux : plus il y en a, plus les parts sont sûres"
        ),
    ] = 256,
) -> None:
    """Dire d'où vient le doute sur un chiffre : la part de chaque entrée, seule et avec les autres (indices de Sobol)."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    carnet = pf.carnets.sensibilite(pf.ouvrir(fichier).scenarios[scenario])
    montrer(carnet.table_parts(chiffre, points), ecran())


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
    plafond_contribution: PlafondContribution = None,
    scenario: Scenarios = None,
    montage: Montages = None,
) -> None:
    """Dire ce qui ferait changer d'avis : la valeur de chaque entrée où un seuil est passé, ou un choix renversé."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    options = _options(fichiers, scenario)
    if chiffre is None:
        dits = {"plafond": plafond, "plafond_contribution": plafond_contribution}
        table = pf.savoir(*options, **dits, montages=montage or (), tirages=100).table_des_bascules()
    else:
        table = pf.carnets.sensibilite(options[0]).table_bascules(chiffre, seuil)
    montrer(table, ecran())


@app.command()
def savoir(
    fichiers: Etudes,
    plafond: Plafond = None,
    plafond_contribution: PlafondContribution = None,
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
    plafonds = {"plafond": plafond, "plafond_contribution": plafond_contribution, "a_trouver": a_trouver}
    decision = pf.savoir(*options, **plafonds, montages=montage or (), tirages=tirages)
    console = ecran()
    for table in decision.tables():
        montrer(table, console)
    console.print(str(decision))


def _options(fichiers: list[Path], scenarios: list[str] | None) -> list[pf.Etude]:
    """Studies between which to choose: those named, or the scenarios of the first."""
    ouvertes = [pf.ouvrir(f) for f in fichiers]
    return [ouvertes[0].scenarios[nom] for nom in scenarios] if scenarios else ouvertes
