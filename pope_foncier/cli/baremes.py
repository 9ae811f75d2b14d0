"""Commands on the law and the schemes: scales, known schemes, published plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import app


@app.command()
def baremes() -> None:
    """Lister les barèmes et leur dernière valeur."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    montrer(pf.carnets.baremes().liste(), ecran())


@app.command()
def veille(
    etudes: Annotated[
        list[str] | None,
        typer.Argument(metavar="ÉTUDE…", help="Études qui pèsent les valeurs ; par défaut toutes celles du projet"),
    ] = None,
    date: Annotated[str, typer.Option(help="Jour de la veille, année-mois-jour")] = "",
    tout: Annotated[bool, typer.Option("--tout", help="Aussi les valeurs qu'aucune de ces études ne lit")] = False,
) -> None:
    """Lister ce qui finit, est à confirmer, a été lu il y a longtemps ou dont le début est inconnu : à qui le demander, ce qu'il pèse sur les études."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    lue = pf.carnets.veille(date, *(etudes or ()))
    montrer(lue.tout() if tout else lue.lues(), ecran())


@app.command()
def dispositifs() -> None:
    """Lister les dispositifs d'aide connus : modélisés, en partie, connus de nom ou sans objet, et pourquoi ; qui peut les demander, et quand ils sont versés."""
    from pope_foncier.vues.documents.terminal import ecran, montrer

    lus, console = pf.carnets.baremes(), ecran()
    montrer(lus.dispositifs(), console)
    montrer(lus.versements(), console)


@app.command("plans-publies")
def plans_publies(
    cas: Annotated[
        Path | None, typer.Option(help="Fichier de plans publiés ; par défaut data/cas/plans_publies.yaml")
    ] = None,
    sortie: Annotated[Path | None, typer.Option(help="Page à écrire ; par défaut docs/plans_publies.md")] = None,
) -> None:
    """Refaire les plans de financement publiés et les comparer aux règles connues."""
    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.etude.plans_echange import lire_fichier
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.etude import plans_publies as vue

    page = sortie or (Path("sorties") / f"plans_{cas.stem}.md" if cas else Path("docs/plans_publies.md"))
    typer.echo(f"Écrit : {ecrire(page, vue.rediger(Catalogue(), lire_fichier(cas) if cas else None))}")
