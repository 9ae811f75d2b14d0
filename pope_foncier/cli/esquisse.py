"""Command of the first fit: rooms of a programme placed in the outline of a place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierSite, app, fiche, option_entier
from pope_foncier.cli.lieux import DateDepot, Mode


@app.command()
def esquisse(
    fichier: FichierSite,
    places: Annotated[
        int | None, option_entier("--places", 1, 500, "Places voulues ; par défaut celles du programme de confort")
    ] = None,
    depot: DateDepot = "",
    mode: Mode = "multi_accueil",
    plan: Annotated[
        Path | None,
        typer.Option(
            help="Plan de départ : son nom, ou son fichier ; contour, noyaux, poteaux et ouvertures gardés, pièces redessinées",
            parser=fiche("plans"),
            metavar="PLAN",
        ),
    ] = None,
    contour: Annotated[
        str, typer.Option(help="Taille à la place d'un plan : « 12 x 20 », largeur sur rue puis profondeur, en mètres")
    ] = "",
    facades: Annotated[
        list[str] | None,
        typer.Option(
            help="Côté éclairé de cette taille (sud pour la rue, nord, est, ouest), à répéter ; tous par défaut"
        ),
    ] = None,
    programme: Annotated[
        Path | None,
        typer.Option(
            help="Liste de locaux voulus (YAML) à la place du programme des places, par exemple orgeval_2013",
            parser=fiche("cas/programmes"),
            metavar="PROGRAMME",
        ),
    ] = None,
    graine: Annotated[int, option_entier("--graine", 0, 1_000_000, "La même graine rend les mêmes esquisses")] = 1,
    baies_dessinees: Annotated[
        bool, typer.Option("--baies-dessinees", help="N'employer que les fenêtres du plan, sans en ouvrir d'autres")
    ] = False,
    papier: Annotated[str, typer.Option(help="A4 ou A3")] = "A3",
    sortie: Annotated[Path, typer.Option(help="Dossier des sorties")] = Path("sorties/esquisses"),
) -> None:
    """Placer les pièces du programme dans le contour d'un lieu : trois esquisses différentes, ou ce qui manque.

    Une esquisse n'est pas un plan d'exécution : c'est un plan supposé (YAML, GeoJSON, planche) que l'on corrige et que l'on contrôle.
    """
    from pope_foncier.socle.ecriture import exiger_un_dossier
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.documents.terminal import dire, ecran, montrer
    from pope_foncier.vues.lieu.planches import Papier
    from pope_foncier.vues.places.esquisses import table_controles, table_esquisses, table_surfaces

    formats: dict[str, Papier] = {"A4": "A4", "A3": "A3"}
    if papier not in formats:
        raise ErreurCalcul(f"Papier « {papier} » inconnu : choisir A4 ou A3.")
    exiger_un_dossier(sortie)
    console = ecran()
    vu = pf.carnets.esquisse(
        fichier,
        places,
        depot or None,
        mode,
        plan,
        contour=contour,
        facades=facades or (),
        programme=programme,
        graine=graine,
        percer=not baies_dessinees,
    )
    if not vu.esquisses.variantes:
        for motif in vu.esquisses.motifs:
            dire(motif, console)
        raise typer.Exit(1)
    montrer(table_esquisses(vu.esquisses, vu.lieu, vu.demande.programme), console)
    montrer(table_surfaces(vu.esquisses), console)
    for variante in vu.esquisses.variantes:
        montrer(table_controles(variante, vu.lieu), console)
    for ecrit in vu.ecrire(sortie, fichier.stem, formats[papier]):
        typer.echo(f"Écrit : {ecrit}")
