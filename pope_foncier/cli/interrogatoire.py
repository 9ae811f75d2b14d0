"""Questions of a form at the terminal: a fault is told at once and asked again, an interruption keeps what was typed."""

from __future__ import annotations

import typer

from pope_foncier.socle.brouillon import Brouillon
from pope_foncier.socle.erreurs import ErreurPope


def dire_les_reprises(brouillon: Brouillon) -> None:
    """Say which answers of an earlier draft are not asked again."""
    if brouillon.reprises:
        typer.echo(f"{brouillon.reprises} réponses déjà données sont reprises de {brouillon.fichier}.")


def interroger(brouillon: Brouillon) -> int:
    """Ask what is left of a form.

    Returns:
        How many questions were answered.

    Raises:
        ErreurPope: interrupted; says where the answers are kept.
    """
    posees = 0
    while (question := brouillon.suivante) is not None:
        if question.aide:
            typer.echo(f"  ({question.aide})")
        try:
            texte = typer.prompt(
                question.invite(brouillon.reponses), default="", show_default=False, prompt_suffix=" "
            )
        except (typer.Abort, KeyboardInterrupt, EOFError):
            garde = f"réponses gardées dans {brouillon.fichier}" if brouillon.textes else "aucune réponse à garder"
            raise ErreurPope(f"Saisie interrompue : {garde}. Relancer la même commande pour reprendre.") from None
        try:
            brouillon.repondre(question, texte)
        except ValueError as erreur:
            typer.echo(f"  {erreur}.", err=True)
            continue
        posees += 1
        compris = question.dire(brouillon.reponses[question.champ]) if question.dire else ""
        if compris:
            typer.echo(f"  → {compris}")
    return posees
