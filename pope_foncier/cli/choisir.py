"""Commands that choose: the value that reaches a target."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, Scenario, app, nombre

_BORNE = 1e12
_TelQuel = Annotated[
    bool, typer.Option("--tel-quel", help="Lire le plan tel quel ; par défaut le plan bouclé à chaque valeur essayée")
]


@app.command()
def viser(
    fichier: FichierEtude,
    champ: Annotated[str, typer.Option(help="Nombre de l'étude à chercher, par exemple travaux.cout_m2_ht")],
    chiffre: Annotated[str, typer.Option(help="Chiffre à atteindre, par exemple couverture_minimale ou a_trouver")],
    cible: Annotated[
        float,
        typer.Option(
            help="Valeur voulue de ce chiffre : « 1,10 », « 250 000 », « 4 % »",
            parser=nombre("--cible", -_BORNE, _BORNE),
            metavar="NOMBRE",
        ),
    ],
    entre: Annotated[
        tuple[str, str] | None,
        typer.Option(
            help="Plus petite et plus grande valeur essayées ; par défaut l'intervalle de l'étude, sinon ce que sa fiche admet",
            metavar="BAS HAUT",
        ),
    ] = None,
    tel_quel: _TelQuel = False,
    scenario: Scenario = "base",
    sortie: Annotated[Path | None, typer.Option(help="Fichier CSV à écrire, en nombres")] = None,
) -> None:
    """Chercher toutes les valeurs d'une entrée qui amènent un chiffre à une valeur voulue, ou dire qu'il n'y en a pas."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.decision.choisir import tableaux_but
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.cadre import en_csv

    lire = nombre("--entre", -_BORNE, _BORNE)
    plage = None if entre is None else (lire(entre[0]), lire(entre[1]))
    etude = pf.ouvrir(fichier).scenarios[scenario]
    visee = pf.viser(etude, champ, chiffre, cible, plage, "tel_quel" if tel_quel else "boucle")
    console = terminal.ecran()
    terminal.dire(repr(visee), console, "bold")
    terminal.montrer(tableaux_but.table(visee._but), console)
    if sortie is not None:
        typer.echo(f"Écrit : {ecrire(sortie, en_csv(visee.tableau))}")
