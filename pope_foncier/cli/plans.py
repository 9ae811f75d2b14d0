"""Commands on drawn plans: the sheet to scale, and a file of the trade made a plan of ours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

import pope_foncier as pf
from pope_foncier.cli.application import app, fiche, option_entier, saisie
from pope_foncier.cli.lieux import DateDepot, Mode

if TYPE_CHECKING:
    from datetime import date as Date

    from pope_foncier.vues.lieu.carnet_import import CarnetImport
    from pope_foncier.vues.lieu.carnet_locaux import CarnetLocaux


class _DessinerParDefaut(TyperGroup):
    """``plan PLANS…`` draws them, as it always did; ``plan importer FICHIER`` is a command of its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["dessiner", *args]
        return super().parse_args(ctx, args)


groupe = typer.Typer(
    cls=_DessinerParDefaut,
    help="Dessiner un plan à l'échelle (« plan PLANS… »), ou importer un fichier d'architecte, de géomètre ou de carte.",
    no_args_is_help=True,
)
app.add_typer(groupe, name="plan")


@groupe.command()
def dessiner(
    fichiers: Annotated[
        list[Path],
        typer.Argument(
            help="Plan, ou variantes d'un même site : leurs noms, ou leurs fichiers (YAML ou GeoJSON)",
            parser=fiche("plans"),
            metavar="PLANS...",
        ),
    ],
    depot: DateDepot = "",
    mode: Mode = "multi_accueil",
    papier: Annotated[str, typer.Option(help="A4 ou A3")] = "A4",
    echelle: Annotated[
        int | None,
        option_entier("--echelle", 1, 100_000, "100 pour 1:100 ; par défaut la plus grande qui tient"),
    ] = None,
    niveau: Annotated[
        int,
        option_entier("--niveau", -20, 200, "Niveau dessiné : 0 rez-de-chaussée, 1 premier étage"),
    ] = 0,
    cotes: Annotated[
        bool, typer.Option("--toutes-les-cotes", help="Coter chaque façade, au lieu de la longueur et de la largeur")
    ] = False,
    sortie: Annotated[Path, typer.Option(help="Dossier des sorties")] = Path("sorties/plans"),
) -> None:
    """Dessiner un plan à l'échelle (SVG, PDF, PNG) et l'écrire en DXF et GeoJSON, pour la CAO et les cartes."""
    from pope_foncier.socle.ecriture import exiger_un_dossier
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.lieu.planches import Papier

    formats: dict[str, Papier] = {"A4": "A4", "A3": "A3"}
    if papier not in formats:
        raise ErreurCalcul(f"Papier « {papier} » inconnu : choisir A4 ou A3.")
    exiger_un_dossier(sortie)
    carnet = pf.carnets.plans(*fichiers, date=depot, mode=mode)
    ecrits = carnet.ecrire(sortie, formats[papier], echelle, niveau, cotes)
    for ecrit in ecrits:
        typer.echo(f"Écrit : {ecrit}")
    if not any(ecrit.suffix == ".dxf" for ecrit in ecrits):
        typer.echo('DXF non écrit, la bibliothèque ezdxf n\'est pas installée : pip install "pope-foncier[plans]".')


@groupe.command()
def importer(
    fichier: Annotated[
        Path,
        typer.Argument(
            metavar="FICHIER", help="DXF, IFC, GeoJSON, GeoPackage, Shapefile, KML, ou tableau de locaux (XLSX, CSV)"
        ),
    ],
    site: Annotated[str, typer.Option(help="Site du plan : son nom, par exemple gare_saint_denis")] = "",
    choisir: Annotated[
        list[str] | None,
        typer.Option(
            help="Ce que l'on garde, à répéter : rang de la liste, plus_grand, proche (du site), couche=…, nom=…, champ=valeur, "
            "tout ; « couche=batiments,plus_grand » : l'un puis l'autre",
            metavar="CHOIX",
        ),
    ] = None,
    nature: Annotated[
        list[str] | None,
        typer.Option(
            help="Ce que dessine une couche, ou un tracé par son rang, à répéter : murs=batiment, 6=batiment ; rien : la laisser",
            metavar="COUCHE=NATURE",
        ),
    ] = None,
    calques: Annotated[
        str,
        typer.Option(
            help="Fichier (YAML, « calques: {NOM: rôle} ») qui dit ce que portent les calques d'un DXF : mur, baie, noms, hors_plan, "
            "ou une nature ; les noms usuels sont connus",
            metavar="FICHIER",
        ),
    ] = "",
    fonction: Annotated[
        list[str] | None,
        typer.Option(help="À quoi sert une pièce, à répéter : « Salle 2=eveil »", metavar="PIÈCE=FONCTION"),
    ] = None,
    systeme: Annotated[str, typer.Option(help="Système : EPSG:2154, CC42 à CC50, EPSG:4326, EPSG:3857, local")] = "",
    unite: Annotated[str, typer.Option(help="Unité du dessin : m, cm, mm, pouce ou pied")] = "",
    statut: Annotated[str, typer.Option(help="releve, publie ou hypothese ; hypothese tant que rien ne le dit")] = "",
    titre: Annotated[str, typer.Option(help="Titre du plan ; par défaut celui du fichier")] = "",
    jour: Annotated[
        str, typer.Option("--date", help="Jour de l'importation, écrit dans le plan ; par défaut aujourd'hui")
    ] = "",
    sortie: Annotated[
        Path | None,
        typer.Option(
            help="Plan à écrire (YAML), ou son dossier ; par défaut data/plans, au nom du fichier ; à côté de lui pour un tableau de locaux"
        ),
    ] = None,
    liste: Annotated[bool, typer.Option("--liste", help="Dire ce que le fichier contient, sans rien écrire")] = False,
) -> None:
    """Faire un plan du projet d'un fichier d'architecte, de géomètre ou de carte, et dire ce qui en est laissé."""
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.lieu.carnet_import import CarnetImport
    from pope_foncier.vues.lieu.tableaux import table_constats

    console = terminal.ecran()
    ouvert = pf.carnets.importer(
        fichier,
        site=site,
        choisir=choisir or (),
        natures=nature or (),
        calques=calques,
        fonctions=fonction or (),
        systeme=systeme,
        unite=unite,
        statut=statut,
        titre=titre,
        date=_jour(jour),
    )
    for table in ouvert.tables():
        terminal.montrer(table, console)
    for phrase in ouvert.a_savoir():
        terminal.dire(f"• {phrase}", console)
    if liste:
        return
    ouvert = _tout_demander(ouvert)
    ecrits = ouvert.ecrire(sortie)
    for ecrit in ecrits:
        terminal.dire(f"\nÉcrit : {ecrit}", console)
    if isinstance(ouvert, CarnetImport) and (constats := ouvert.plan_et_site()):
        terminal.montrer(table_constats("Plan et fiche du site", constats), console)
    for phrase in ouvert.phrases():
        terminal.dire(f"• {phrase}", console)
    if isinstance(ouvert, CarnetImport) and site:
        terminal.dire(f"Pour voir les places : pope-foncier capacite {site} --plan {ecrits[0]}", console)


def _jour(texte: str) -> Date:
    """Day of the import: typed, else today's."""
    from datetime import date

    return saisie("--date", "jour")(texte) if texte else date.today()


def _tout_demander(ouvert: CarnetImport | CarnetLocaux) -> CarnetImport | CarnetLocaux:
    """Ask what is left to say, when somebody is there to answer.

    Raises:
        ErreurPope: interrupted.
        ErreurDonnees: nobody to answer; says every option that is missing.
    """
    from pope_foncier.socle.erreurs import ErreurPope

    while sys.stdin.isatty() and (posees := ouvert.questions()):
        question = posees[0]
        try:
            reponse = typer.prompt(question.invite, default=question.propose or None, prompt_suffix="\n> ")
        except (typer.Abort, KeyboardInterrupt, EOFError):
            raise ErreurPope("Importation interrompue : rien n'est écrit.") from None
        try:
            ouvert = ouvert.repondre(question, reponse)
        except ErreurPope as erreur:
            typer.echo(f"  {erreur}", err=True)
    return ouvert
