"""Commands on who holds the walls: montages of a site, portfolio of a company."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import app, fiche, option_entier


@app.command()
def montages(
    fichiers: Annotated[
        list[Path],
        typer.Argument(
            help="Études : leurs noms, par exemple gare_saint_denis, ou leurs fichiers (YAML)",
            parser=fiche("etudes"),
            metavar="ÉTUDES...",
        ),
    ],
    detail: Annotated[bool, typer.Option(help="Tableaux de chaque étude ; sans eux, la matrice seule")] = True,
    flux: Annotated[
        Path | None,
        typer.Option(
            help="Dossier où écrire les flux de chaque montage une fois son plan bouclé, mois par mois et acteur par acteur (CSV)"
        ),
    ] = None,
) -> None:
    """Comparer les montages d'un ou de plusieurs sites : acheter, louer, porter, occuper."""
    from pope_foncier.socle.ecriture import ecrire_ensemble, exiger_un_dossier
    from pope_foncier.vues.decision.montages.carnet import matrice
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.etude import flux as flux_csv

    if flux is not None:
        exiger_un_dossier(flux)
    comparatifs, console = pf.carnets.montages(*fichiers).comparatifs, terminal.ecran()
    if detail:
        for comparatif in comparatifs:
            console.print(terminal.mot(f"\n{comparatif.dossier.etude.titre}", "bold"))
            for table in comparatif.tables.values():
                terminal.montrer(table, console)
    terminal.montrer(matrice(comparatifs), console)
    if flux is not None:
        evalues = [(f"{x.dossier.nom}_{c.nom}", c) for x in comparatifs for c in x.cas if c.evaluation is not None]
        contenus = {flux / f"{nom}.csv": flux_csv.en_csv(cas.bouclee) for nom, cas in evalues}
        console.print(f"{len(ecrire_ensemble(contenus))} fichiers de flux (plan bouclé) écrits dans {flux}.")


@app.command()
def portefeuille(
    fichier: Annotated[
        Path,
        typer.Argument(
            help="Portefeuille : son nom, par exemple sci_plaine_commune, ou son fichier (YAML)",
            parser=fiche("portefeuilles"),
            metavar="PORTEFEUILLE",
        ),
    ],
    tirages: Annotated[
        int | None,
        option_entier(
            "--tirages", 1, 100_000, "Nombre de tirages du tableau de risque ; celui des hypothèses par défaut"
        ),
    ] = None,
) -> None:
    """Réunir plusieurs lieux dans une même société : trésorerie commune, bilan, risque, et ce qu'un échec fait aux autres."""
    from pope_foncier.decision.portefeuille import lire_regles_risque
    from pope_foncier.vues.documents import terminal

    regles, console = lire_regles_risque(), terminal.ecran()
    if tirages is not None:
        regles = regles.model_copy(update={"tirages": tirages})
    for table in pf.carnets.portefeuille(fichier).listees(regles):
        terminal.montrer(table, console)
