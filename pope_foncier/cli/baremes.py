"""Commands on the law and the schemes: scales, known schemes, published plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import app


@app.command()
def baremes(
    a_reverifier: Annotated[
        bool, typer.Option("--a-reverifier", help="Seulement les valeurs vides, incertaines ou closes")
    ] = False,
    date: Annotated[str, typer.Option(help="Date de lecture, année-mois-jour")] = "",
) -> None:
    """Lister les barèmes et leur dernière valeur, ou ceux qu'il faut revoir."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.socle.temps import en_date
    from pope_foncier.vues.documents.terminal import ecran, montrer

    if date and not a_reverifier:
        raise ErreurCalcul(
            "--date ne sert qu'avec --a-reverifier : la liste montre la dernière valeur connue de chaque barème."
        )
    lus = pf.carnets.baremes()
    montrer(lus.a_reverifier(en_date(date)) if a_reverifier else lus.liste(), ecran())


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
