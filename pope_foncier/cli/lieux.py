"""Commands on a place: what fits, published premises."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, FichierSite, app, fiche, option_entier

DateDepot = Annotated[str, typer.Option("--date", help="Jour du dépôt du dossier, année-mois-jour")]
Mode = Annotated[str, typer.Option(help="Mode d'accueil, par exemple multi_accueil, micro_creche ou mam")]


@app.command()
def capacite(
    fichier: FichierSite,
    depot: DateDepot = "",
    mode: Mode = "multi_accueil",
    plan: Annotated[
        Path | None,
        typer.Option(
            help="Plan du lieu : son nom, ou son fichier (YAML ou GeoJSON)", parser=fiche("plans"), metavar="PLAN"
        ),
    ] = None,
    locaux: Annotated[
        Path | None,
        typer.Option(
            help="Pièces du lieu quand elles ne sont pas dessinées : programme de locaux (YAML), par exemple tiré d'un tableau par "
            "« plan importer »",
            metavar="FICHIER",
        ),
    ] = None,
    surface: Annotated[str, typer.Option(help="Surface de plancher supposée, en m²")] = "",
    tolerance: Annotated[str, typer.Option(help="Tolérance sur cette surface, par exemple « 5 % »")] = "",
    cour: Annotated[str, typer.Option(help="Cour supposée, en m²")] = "",
    surnombre: Annotated[
        bool | None,
        typer.Option(
            "--surnombre/--sans-surnombre",
            help="Accueil en surnombre (115 % des places) déclaré ou non, pour la sécurité incendie ; à vérifier sans cela",
        ),
    ] = None,
) -> None:
    """Dire combien de places tiennent sur un site, ce qui limite, et ce qui reste à vérifier.

    Sans --date, la date est celle de la seule étude du site, s'il n'y en a qu'une.
    """
    from pope_foncier.socle.chemins import chemin_court
    from pope_foncier.socle.temps import date_en_clair
    from pope_foncier.vues.documents.terminal import ecran, montrer
    from pope_foncier.vues.lieu import tableaux as tableaux_site

    console = ecran()
    supposees = {"surface": surface, "tolerance": tolerance, "cour": cour}
    vu = pf.carnets.site(fichier, depot or None, mode, plan, neuf=None, locaux=locaux, surnombre=surnombre, **supposees)
    lieu = vu.lieu
    if vu.etude is not None:
        console.print(f"Date du dépôt : {date_en_clair(lieu.jour)}, celle de l'étude {chemin_court(vu.etude)}.")
    if lieu.neuf is not None:
        console.print(f"Bâtiment {'neuf' if lieu.neuf else 'existant'}, d'après l'étude ou le genre du lieu.")
    montrer(tableaux_site.table_places(lieu.capacite), console)
    if lieu.capacite.regles.referentiel:
        montrer(tableaux_site.table_marches(lieu.capacite), console)
        if lieu.places >= 1:
            montrer(tableaux_site.table_equipement(lieu.capacite, int(lieu.places)), console)
    mesures = lieu.mesures()
    if lieu.plan is not None and mesures is not None:
        montrer(tableaux_site.table_mesures(lieu.plan, mesures), console)
        montrer(tableaux_site.table_constats("Plan et fiche du site", lieu.plan_et_site()), console)
    if lieu.capacite.locaux:
        montrer(tableaux_site.table_locaux(lieu.capacite), console)
        titre = "Contrôle des locaux dessinés" if lieu.programme is None else "Contrôle des locaux du programme"
        montrer(tableaux_site.table_constats(titre, lieu.controles()), console)
    for regles in tableaux_site.tables_du_plan(lieu.regles_du_plan()):
        montrer(regles, console)
    montrer(tableaux_site.table_constats("Contraintes du lieu", lieu.contraintes()), console)


@app.command()
def variantes(
    fichier: FichierEtude,
    plans: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Plans du même site : leurs noms, ou leurs fichiers ; sans rien de nommé, ceux que l'on connaît du site",
            parser=fiche("plans"),
            metavar="PLANS...",
        ),
    ] = None,
    scenario: Annotated[list[str] | None, typer.Option(help="Scénario de l'étude, à répéter")] = None,
    etude: Annotated[
        list[Path] | None,
        typer.Option(help="Autre étude, d'un autre lieu ou non, à répéter", parser=fiche("etudes"), metavar="ÉTUDE"),
    ] = None,
    sortie: Annotated[
        Path | None,
        typer.Option(help="Feuille A3 à écrire (PDF) ; par défaut sorties/<étude>/variantes.pdf"),
    ] = None,
) -> None:
    """Mettre côte à côte des variantes d'un lieu : plan, places, ce qui limite, contrôles non tenus, coût, durée ; feuille A3 en PDF."""
    from pope_foncier.vues.documents.terminal import ecran, montrer
    from pope_foncier.vues.etude.variantes import table

    vues = pf.carnets.variantes(fichier, *(plans or ()), scenarios=scenario or (), etudes=etude or ())
    montrer(table(vues.variantes), ecran())
    typer.echo(f"Écrit : {vues.ecrire(sortie or Path('sorties') / fichier.stem / 'variantes.pdf')}")


@app.command()
def carte(
    fichier: FichierSite,
    couche: Annotated[
        list[str] | None,
        typer.Option(
            help="Ce qui entoure le lieu, à répéter : communes, parcs, voies, arrets ou creches = fichier, par exemple arrets=gares.geojson",
            metavar="GENRE=FICHIER",
        ),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="Plan du lieu, placé sur le terrain", parser=fiche("plans"), metavar="PLAN")
    ] = None,
    rayon: Annotated[
        int | None, option_entier("--rayon", 50, 40_000, "Ce que la carte montre autour, en mètres")
    ] = None,
    depot: DateDepot = "",
    sortie: Annotated[Path | None, typer.Option(help="Dossier des sorties ; par défaut sorties/<site>/")] = None,
) -> None:
    """Dessiner la carte d'un lieu sans réseau : carreaux Insee, autres lieux, couches données ; distances ; SVG et page PDF."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.documents.terminal import ecran, montrer
    from pope_foncier.vues.lieu.carte import distances

    couches = {genre: chemin for genre, _, chemin in (c.partition("=") for c in couche or ())}
    if sans := [genre for genre, chemin in couches.items() if not chemin]:
        raise ErreurCalcul(
            f"--couche {sans[0]} : écrire le genre puis le fichier, par exemple --couche arrets=gares.geojson."
        )
    vue = pf.carnets.carte(fichier, plan, couches, rayon, depot or None)
    ecrits = vue.ecrire(sortie or Path("sorties") / fichier.stem)
    montrer(distances(vue.alentours_lus), ecran())
    for ecrit in ecrits:
        typer.echo(f"Écrit : {ecrit}")


@app.command("locaux-observes")
def locaux_observes(
    sortie: Annotated[Path, typer.Option(help="Fichier à écrire")] = Path("docs/locaux_observes.md"),
) -> None:
    """Comparer les lieux publiés au programme paramétrique et aux places que la loi admet."""
    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.places import locaux_observes as page

    typer.echo(f"Écrit : {ecrire(sortie, page.rediger(Catalogue()))}")
