"""Commands that choose: the value that reaches a target, what land is worth to a project, the best plan under the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, Scenario, app, nombre, option_saisie

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


@app.command("valeur-fonciere")
def valeur_fonciere(
    fichier: FichierEtude,
    a_trouver: Annotated[
        float | None, option_saisie("--a-trouver", "montant", "Ce qui peut rester à trouver ; 0 € sans autre condition")
    ] = None,
    couverture: Annotated[
        float | None,
        typer.Option(
            help="Couverture de la dette à tenir chaque année, par exemple 1,10",
            parser=nombre("--couverture", 0.0, 100.0),
            metavar="NOMBRE",
        ),
    ] = None,
    cout_commune: Annotated[
        float | None,
        option_saisie(
            "--cout-commune",
            "montant",
            "Plafond du coût de la commune par place et par an, tout ce qui est à trouver compris",
        ),
    ] = None,
    montage: Annotated[
        str | None, typer.Option(help="Code d'un autre montage du site, qui achète par exemple (voir « montages »)")
    ] = None,
    champ: Annotated[str | None, typer.Option(help="Autre nombre de l'étude que le prix ou le loyer")] = None,
    scenario: Scenario = "base",
) -> None:
    """Dire le plus haut prix d'achat, ou le plus haut loyer, que le projet supporte sous une condition, le plan étant bouclé."""
    from pope_foncier.vues.decision.choisir import tableaux_but
    from pope_foncier.vues.documents import terminal

    valeur = pf.valeur_fonciere(
        pf.ouvrir(fichier).scenarios[scenario],
        a_trouver=a_trouver,
        couverture=couverture,
        cout_commune=cout_commune,
        montage=montage,
        champ=champ,
    )
    console = terminal.ecran()
    terminal.dire(repr(valeur), console, "bold")
    terminal.montrer(tableaux_but.table(valeur._valeur.but), console)


_MONTANTS = "montant"


@app.command("meilleur-plan")
def meilleur_plan(
    fichier: FichierEtude,
    minimiser: Annotated[
        str, typer.Option(help="cout_ville (coût actualisé de la commune), contribution ou fonds_propres")
    ] = "cout_ville",
    plafond_contribution: Annotated[
        float | None, option_saisie("--plafond-contribution", _MONTANTS, "Plus forte contribution, par place et par an")
    ] = None,
    plafond_investissement: Annotated[
        float | None,
        option_saisie("--plafond-investissement", _MONTANTS, "Plus forte subvention de la commune aux travaux"),
    ] = None,
    plafond_fonds_propres: Annotated[
        float | None, option_saisie("--plafond-fonds-propres", _MONTANTS, "Fonds propres disponibles ; aucun sans cela")
    ] = None,
    plafond_pret: Annotated[
        float | None, option_saisie("--plafond-pret", _MONTANTS, "Plus grand montant du prêt principal")
    ] = None,
    plafond_cout_ville: Annotated[
        float | None, option_saisie("--plafond-cout-ville", _MONTANTS, "Plus fort coût actualisé de la commune")
    ] = None,
    montages: Annotated[
        bool, typer.Option("--montages", help="Chercher aussi dans les autres montages du site")
    ] = False,
    scenario: Scenario = "base",
) -> None:
    """Chercher le plan le moins cher qui tient toutes les règles : aides, prêts, durées, fonds propres, part de la commune."""
    from pope_foncier.vues.decision.choisir import tableaux_plan
    from pope_foncier.vues.documents import terminal

    propose = pf.meilleur_plan(
        pf.ouvrir(fichier).scenarios[scenario],
        minimiser,
        plafond_contribution=plafond_contribution,
        plafond_investissement=plafond_investissement,
        plafond_fonds_propres=plafond_fonds_propres,
        plafond_pret=plafond_pret,
        plafond_cout_ville=plafond_cout_ville,
        montages=montages,
    )
    console = terminal.ecran()
    terminal.dire(repr(propose), console, "bold")
    for table in tableaux_plan.tables(propose._trouve):
        terminal.montrer(table, console)
