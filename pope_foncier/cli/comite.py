"""Commands of a committee of lenders: stresses combined at will, goal seek on the cover of the debt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import Depuis, FichierEtude, PointDecimal, Scenario, app, fiche, nombre

if TYPE_CHECKING:
    from pope_foncier.etude.resultats import Vue


def _vue(fichier: Path, scenario: str) -> Vue:
    """Scenario of a study.

    Raises:
        ErreurCalcul: it holds no place, and why: no figure stands for a project.
    """
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.formes.lectures import sans_place

    vue = pf.carnets.etude(fichier).vue(scenario)
    if phrase := sans_place(vue):
        raise ErreurCalcul(f"Scénario {scenario}. {phrase}")
    return vue


@app.command()
def epreuves(
    fichier: Annotated[
        Path | None,
        typer.Argument(
            help="Étude : son nom, par exemple gare_saint_denis, ou son fichier (YAML) ; inutile avec --liste",
            parser=fiche("etudes"),
            metavar="ÉTUDE",
            show_default=False,
        ),
    ] = None,
    choc: Annotated[
        list[str] | None,
        typer.Option("--choc", help="Épreuve à subir, par exemple travaux_15 ; à répéter pour les subir ensemble"),
    ] = None,
    liste: Annotated[bool, typer.Option("--liste", help="Montrer les épreuves connues, sans rien calculer")] = False,
    scenario: Scenario = "base",
    sortie: Annotated[
        Path | None, typer.Option(help="Fichier CSV à écrire, en nombres ; par défaut, à l'écran")
    ] = None,
    point: PointDecimal = False,
) -> None:
    """Éprouver un plan bouclé dont le financement est arrêté : toutes les épreuves, ou celles choisies, ensemble."""
    from pope_foncier.decision.epreuves import eprouver, eprouver_ensemble
    from pope_foncier.decision.fiche_epreuves import lire_epreuves
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.decision import tableaux_epreuves
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.cadre import en_csv

    console = terminal.ecran()
    if liste:
        terminal.montrer(tableaux_epreuves.connues(lire_epreuves()), console)
        return
    if fichier is None:
        raise ErreurCalcul("Dire quelle étude éprouver, par exemple gare_saint_denis ; ou --liste.")
    vue = _vue(fichier, scenario)
    effets = eprouver_ensemble(vue, choc) if choc else eprouver(vue)
    if sortie is not None:
        cadre = tableaux_epreuves.cadre(vue, effets)
        typer.echo(f"Écrit : {ecrire(sortie, en_csv(cadre, point))} ({len(cadre)} lignes).")
        return
    for table in tableaux_epreuves.deux_tables(vue, effets):
        terminal.montrer(table, console)


@app.command()
def recherche(
    fichier: FichierEtude,
    cible: Annotated[
        list[float] | None,
        typer.Option(
            help="Couverture voulue, par exemple 1,10 ; à répéter ; par défaut celles de data/hypotheses/couvertures_cherchees.yaml",
            parser=nombre("--cible", 1.0, 100.0),
            metavar="NOMBRE",
        ),
    ] = None,
    depuis: Depuis = None,
    scenario: Scenario = "base",
) -> None:
    """Chercher ce qu'une couverture voulue demande : forfait de la commune, plus grand montant de chaque prêt."""
    from pope_foncier.decision.recherche import rechercher
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.etude import tableaux_comite

    vue = _vue(fichier, scenario)
    table = tableaux_comite.recherches(rechercher(vue, cible or None, depuis), depuis)
    if table is None:
        typer.echo(tableaux_comite.SANS_RECHERCHE)
        return
    terminal.montrer(table, terminal.ecran())
