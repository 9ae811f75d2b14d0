"""Questions of a form at the terminal: a fault is told at once and asked again, an interruption keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import typer

from pope_foncier.socle.brouillon import Brouillon
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope
from pope_foncier.socle.questions import Question


def dire_les_reprises(brouillon: Brouillon) -> None:
    """Say which answers of an earlier draft are not asked again."""
    if brouillon.reprises:
        typer.echo(f"{brouillon.reprises} réponses déjà données sont reprises de {brouillon.fichier}.")


def reponses_en_options(dites: Iterable[str], questions: Sequence[Question]) -> dict[str, str]:
    """Answers given in advance, ``champ=texte``, by question.

    Raises:
        ErreurCalcul: not so written, or of no question.
    """
    connus = [q.champ for q in questions]
    reponses = {}
    for dite in dites:
        champ, egal, texte = dite.partition("=")
        if not egal or champ.strip() not in connus:
            raise ErreurCalcul(f"--reponse « {dite} » : écrire QUESTION=RÉPONSE, parmi {', '.join(connus)}.")
        reponses[champ.strip()] = texte
    return reponses


def interroger(brouillon: Brouillon, dites: Mapping[str, str] | None = None) -> int:
    """Ask what is left of a form.

    Args:
        brouillon: draft that keeps the answers.
        dites: answers given in advance; one that cannot be read is said and asked.

    Returns:
        How many questions were asked and answered.

    Raises:
        ErreurPope: interrupted; says where the answers are kept.
    """
    posees, avance = 0, dict(dites or {})
    while (question := brouillon.suivante) is not None:
        demandee = question.champ not in avance
        if demandee and question.aide:
            typer.echo(f"  ({question.aide})")
        if demandee and question.longue:
            typer.echo("\n".join(f"  {rang} {mots}" for rang, mots in enumerate((question.choix or {}).values(), 1)))
        try:
            texte = avance.pop(question.champ, None) or typer.prompt(
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
        posees += demandee
        compris = question.dire(brouillon.reponses[question.champ]) if question.dire else ""
        if compris:
            typer.echo(f"  → {compris}")
    return posees
