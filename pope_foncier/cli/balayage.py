"""Command on sweeps: sites × modes × montages × closings × draws, on threads or on a cluster, resumable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from pope_foncier.cli.application import app, fiche, option_entier


@app.command()
def balayage(
    fichier: Annotated[
        Path,
        typer.Argument(
            help="Plan de balayage : son nom, par exemple demonstration, ou son fichier (YAML)",
            parser=fiche("balayages"),
            metavar="PLAN",
        ),
    ],
    moteur: Annotated[
        Literal["fils", "dask"], typer.Option(help="Qui calcule : des fils de cette machine, ou une grappe Dask")
    ] = "fils",
    adresse: Annotated[
        str | None,
        typer.Option(
            help="Adresse de la grappe ; sans elle, dask lance des ouvriers sur cette machine", metavar="tcp://…"
        ),
    ] = None,
    fils: Annotated[
        int | None,
        option_entier("--fils", 1, 1_000, "Morceaux calculés à la fois sur cette machine ; 2 par défaut"),
    ] = None,
    sortie: Annotated[
        Path | None, typer.Option(help="Dossier du balayage ; par défaut sorties/balayages/<plan>/")
    ] = None,
    reprendre: Annotated[
        bool, typer.Option("--reprendre", help="Garder les morceaux déjà finis du dossier, calculer les autres")
    ] = False,
    essai: Annotated[
        int | None,
        option_entier(
            "--essai", 1, 10_000, "Mesurer tant de morceaux et dire le temps du balayage entier par extrapolation"
        ),
    ] = None,
    csv: Annotated[
        bool, typer.Option("--csv", help="Écrire aussi la table pour un tableur français (balayage.csv)")
    ] = False,
) -> None:
    """Balayer sites × modes × montages × bouclages × tirages, par morceaux que l'on peut interrompre et reprendre."""
    from pope_foncier.decision.balayage.depot import Depot
    from pope_foncier.decision.balayage.deroule import derouler, etat, mesurer
    from pope_foncier.decision.balayage.plan import lire_plan
    from pope_foncier.decision.balayage.resume import resumer
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.decision.balayage import tableaux
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.cadre import en_csv

    if adresse is not None and moteur != "dask":
        raise ErreurCalcul("--adresse ne sert qu'avec --moteur dask. L'ajouter, ou retirer l'adresse.")
    if adresse is not None and fils is not None:
        raise ErreurCalcul("--fils ne dit rien à une grappe qui a ses ouvriers. Retirer --fils, ou l'adresse.")
    console = terminal.ecran()
    plan = lire_plan(fichier)
    terminal.dire(plan.titre, console, "bold")
    terminal.dire(tableaux.phrase_du_plan(plan), console)
    depot = Depot(sortie or Path("sorties") / "balayages" / plan.nom)
    if not reprendre:
        depot.exiger_libre()
    trouve = etat(plan, depot)
    if dit := tableaux.phrase_de_l_etat(trouve):
        terminal.dire(dit, console)
    try:
        with _executeur(moteur, adresse, fils) as executeur, _avance() as suivre:
            if essai is not None:
                terminal.montrer(tableaux.projection(mesurer(plan, depot, executeur, trouve, essai, suivre)), console)
                return
            bilan = derouler(plan, depot, executeur, trouve, suivre)
    except KeyboardInterrupt:
        terminal.dire(
            f"Interrompu. Les morceaux finis sont dans {depot.morceaux} : relancer avec --reprendre.", console
        )
        raise typer.Exit(130) from None
    resume = resumer(plan, bilan.table)
    terminal.dire(tableaux.phrase_du_bilan(bilan), console)
    terminal.dire(tableaux.phrase_des_etats(resume), console)
    for table in (tableaux.par_site(resume), tableaux.pourquoi_pas(resume)):
        if table is not None:
            terminal.montrer(table, console)
    console.print(f"\nTable écrite : {bilan.fichier}", soft_wrap=True)
    if csv:
        ecrit = ecrire(depot.dossier / "balayage.csv", en_csv(tableaux.en_cadre(bilan.table)))
        console.print(f"Table écrite : {ecrit}", soft_wrap=True)


def _executeur(moteur: str, adresse: str | None, fils: int | None) -> Any:
    from pope_foncier.decision.balayage.executeurs import Fils, Grappe

    if moteur == "dask":
        return Grappe(adresse, fils)
    return nullcontext(Fils() if fils is None else Fils(fils))


@contextmanager
def _avance() -> Iterator[Any]:
    """Progress bar with what remains, on a terminal; nothing elsewhere."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from pope_foncier.vues.documents import terminal

    console = terminal.ecran(erreurs=True)
    if not console.is_terminal:
        yield lambda faits, tous: None
        return
    with Progress(
        TextColumn("morceaux"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("depuis"),
        TimeElapsedColumn(),
        TextColumn("reste"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as barre:
        tache = barre.add_task("morceaux", total=None)
        yield lambda faits, tous: barre.update(tache, completed=faits, total=tous)
