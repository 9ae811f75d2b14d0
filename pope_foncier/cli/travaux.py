"""Commands on the works: lots and phases, test against published operations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, app, fiche


@app.command()
def travaux(
    fichier: FichierEtude,
    variante: Annotated[
        Path | None,
        typer.Option(
            help="Champs à remplacer : leur nom, par exemple travaux_par_lots, ou leur fichier (YAML)",
            parser=fiche("exemples"),
            metavar="VARIANTE",
        ),
    ] = None,
    image: Annotated[Path | None, typer.Option(help="Écrire aussi le calendrier des phases, en PNG")] = None,
) -> None:
    """Détailler les travaux par lots, leur fourchette et le calendrier par phases d'une étude."""
    from pope_foncier.socle.ecriture import ecrire, exiger_un_dossier
    from pope_foncier.vues.documents import terminal

    if image is not None:
        exiger_un_dossier(image.parent)
    carnet = pf.carnets.travaux(fichier, variante)
    console = terminal.ecran()
    for table in carnet.tables():
        terminal.montrer(table, console)
    if (prevue := carnet.au_calage()) is not None:
        terminal.montrer(prevue, console)
    if carnet.dossier.etude.delais.phases:
        for phrase in carnet.chemin_et_echeances():
            terminal.dire(phrase, console)
    if image is not None:
        typer.echo(f"Écrit : {ecrire(image, carnet.image_phases().data)}")


@app.command()
def calage(
    cas: Annotated[
        Path | None, typer.Option(help="Fichier d'opérations publiées ; par défaut data/cas/operations_publiees.yaml")
    ] = None,
    sortie: Annotated[Path | None, typer.Option(help="Page à écrire ; par défaut docs/calage.md")] = None,
) -> None:
    """Juger le coût estimé sur des opérations publiées, chacune prévue sans elle-même."""
    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.socle.ecriture import ecrire_ensemble
    from pope_foncier.travaux.calage import caler, essayer
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.figures import octets
    from pope_foncier.vues.travaux import page_calage as vue
    from pope_foncier.vues.travaux import tableaux as tableaux_travaux
    from pope_foncier.vues.travaux.graphiques import dessiner_calage

    catalogue = Catalogue()
    resultat = caler(catalogue, cas)
    page = sortie or (Path("sorties") / f"calage_{cas.stem}.md" if cas else Path("docs/calage.md"))
    image = f"images/{page.stem}.png"
    terminal.montrer(tableaux_travaux.calage(resultat), terminal.ecran())
    essais, annonces = (None, None) if cas else (essayer(catalogue), caler(catalogue, annonces=True))
    texte = vue.rediger(resultat, essais, annonces, image)
    for ecrit in ecrire_ensemble({page: texte, page.parent / image: octets(dessiner_calage(resultat))}):
        typer.echo(f"Écrit : {ecrit}")
