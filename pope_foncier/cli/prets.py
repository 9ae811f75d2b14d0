"""Commands on a loan: schedule and effective rates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import app, fiche
from pope_foncier.cli.interrogatoire import dire_les_reprises, interroger

groupe = typer.Typer(help="Saisir l'offre d'une banque, ou résumer un prêt sur une page.", no_args_is_help=True)
app.add_typer(groupe, name="pret")

FichierPret = Annotated[
    Path,
    typer.Argument(
        help="Prêt : son nom, par exemple pret_bancaire, ou son fichier (YAML)",
        parser=fiche("exemples"),
        metavar="PRÊT",
    ),
]


@app.command()
def echeancier(
    fichier: FichierPret,
    par_annee: Annotated[bool, typer.Option("--par-annee", help="Totaux par année de prêt")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Écrire l'échéancier en CSV sur la sortie")] = False,
    json: Annotated[bool, typer.Option("--json", help="Écrire l'échéancier en JSON sur la sortie")] = False,
) -> None:
    """Afficher l'échéancier d'un prêt, ou de plusieurs tranches."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.cadre import MARQUE
    from pope_foncier.vues.prets import echeancier as pret

    if par_annee + csv + json > 1:
        raise ErreurCalcul("--par-annee, --csv et --json s'excluent : en choisir un.")
    prets = pf.carnets.pret(fichier).echeanciers
    if csv or json:
        typer.echo(pret.en_csv(prets).removeprefix(MARQUE) if csv else pret.en_json(prets), nl=not csv)
        return
    for tranche in prets:
        terminal.montrer(pret.tableau(tranche, par_annee), terminal.ecran())


@app.command()
def teg(fichier: FichierPret) -> None:
    """Donner le TEG, le TAEG et le coût d'un prêt, ou de plusieurs tranches."""
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.prets import echeancier as pret

    terminal.montrer(pret.taux(pf.carnets.pret(fichier).echeanciers), terminal.ecran())


@groupe.command("nouveau")
def nouveau(
    sortie: Annotated[Path, typer.Argument(help="Fiche à écrire (YAML)", metavar="FICHE")] = Path("pret.yaml"),
) -> None:
    """Saisir l'offre d'une banque ligne à ligne et écrire sa fiche, que lisent echeancier, teg et une étude.

    Une réponse qui ne se lit pas est redemandée. Interrompue, la saisie reprend où elle en était.
    """
    from pope_foncier.prets.offre_en_fiche import a_redemander, enregistrer, refuser_d_ecraser
    from pope_foncier.prets.questions_d_offre import QUESTIONS
    from pope_foncier.socle.brouillon import Brouillon
    from pope_foncier.socle.erreurs import ErreurDonnees

    refuser_d_ecraser(sortie)
    brouillon = Brouillon(sortie, QUESTIONS)
    dire_les_reprises(brouillon)
    while True:
        interroger(brouillon)
        try:
            enregistrer(brouillon.reponses, sortie)
        except ErreurDonnees as erreur:
            champ = a_redemander(erreur, brouillon.reponses)
            typer.echo(f"Ces conditions ne font pas un prêt. {erreur}\nÀ redonner :", err=True)
            brouillon.oublier(champ)
            continue
        brouillon.effacer()
        break
    typer.echo(f"Écrit : {sortie}\nÀ lancer : pope-foncier echeancier {sortie} ; pope-foncier pret resume {sortie}")
    teg(sortie)


@groupe.command("resume")
def resume(
    fichier: Annotated[
        Path | None,
        typer.Argument(
            help="Prêt : son nom, par exemple pret_bancaire, ou son fichier (YAML) ; inutile avec --etude",
            parser=fiche("exemples"),
            metavar="PRÊT",
            show_default=False,
        ),
    ] = None,
    etude: Annotated[
        Path | None,
        typer.Option(
            help="Étude dont résumer les prêts, à la place d'un fichier de prêt",
            parser=fiche("etudes"),
            metavar="ÉTUDE",
        ),
    ] = None,
    pret: Annotated[str | None, typer.Option(help="Prêt de l'étude ; par défaut tous")] = None,
    scenario: Annotated[str, typer.Option(help="Nom du scénario de l'étude")] = "base",
    sortie: Annotated[Path | None, typer.Option(help="Page à écrire ; par défaut sorties/pret_<nom>.html")] = None,
) -> None:
    """Résumer un prêt sur une page A4 : conditions, échéancier par année, TEG, coût, sûretés, réserves (HTML)."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.socle.erreurs import ErreurCalcul

    if (fichier is None) == (etude is None):
        raise ErreurCalcul("Dire quel prêt résumer : un fichier de prêt, ou une étude (--etude).")
    if etude is not None:
        page, nom = pf.carnets.etude(etude).resume_des_prets(scenario, pret), etude.stem
    else:
        assert fichier is not None
        page, nom = pf.carnets.pret(fichier).resume(), fichier.stem
    typer.echo(f"Écrit : {ecrire(sortie or Path('sorties') / f'pret_{nom}.html', page)}")
