"""Commands that compare: two scenarios in words."""

from __future__ import annotations

from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import FichierEtude, app

BlocsEnPlus = Annotated[
    list[str] | None,
    typer.Option("--bloc", help="Bloc de changements, à répéter, par exemple travaux_plus_15", metavar="BLOC"),
]


@app.command()
def difference(
    fichier: FichierEtude,
    de: Annotated[str, typer.Option(help="Scénario de départ", metavar="SCÉNARIO")] = "base",
    vers: Annotated[
        str | None, typer.Option(help="Scénario d'arrivée ; celui de départ par défaut", metavar="SCÉNARIO")
    ] = None,
    bloc: BlocsEnPlus = None,
) -> None:
    """Dire ce qui sépare deux scénarios : entrées changées, puis besoins, ressources, à trouver, commune, dette, caisse."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.decision.comparer import mots
    from pope_foncier.vues.documents.terminal import dire, ecran, montrer

    etude = pf.ouvrir(fichier)
    if vers is None and not bloc:
        raise ErreurCalcul(
            f"Rien à comparer. Donner « --vers » ({', '.join(n for n in etude.scenarios if n != de) or 'aucun autre scénario'}) "
            f"ou « --bloc » ({', '.join(etude.blocs)})."
        )
    arrivee = etude.scenarios[vers or de].avec_blocs(*bloc or ())
    lue, console = pf.difference(etude.scenarios[de], arrivee), ecran()
    dire(lue.phrase, console, "bold")
    montrer(mots.table(lue._ecarts), console)
