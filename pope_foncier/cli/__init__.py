"""Command line: thin commands over the package; a user never sees a traceback for bad data."""

from __future__ import annotations

import contextlib
import sys
from typing import NoReturn

import typer

from pope_foncier.cli import (
    atelier,
    balayage,
    baremes,
    choisir,
    classeur,
    comite,
    comparer,
    dossier,
    doute,
    esquisse,
    etudes,
    exploitation,
    lieux,
    montages,
    plans,
    prets,
    sensibilite,
    tables,
    tailles,
    travaux,
)
from pope_foncier.cli.application import app
from pope_foncier.socle.ecriture import en_francais
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.memoire import ramasser_moins_souvent
from pope_foncier.socle.refus import paquet_absent

__all__ = [
    "app",
    "atelier",
    "balayage",
    "baremes",
    "choisir",
    "classeur",
    "comite",
    "comparer",
    "dossier",
    "doute",
    "esquisse",
    "etudes",
    "exploitation",
    "lieux",
    "montages",
    "plans",
    "prets",
    "principal",
    "sensibilite",
    "tables",
    "tailles",
    "travaux",
]


def principal() -> None:
    """Entry point: errors of the family become one French message and exit code 2."""
    for flux in (sys.stdout, sys.stderr):
        if hasattr(flux, "reconfigure"):
            flux.reconfigure(encoding="utf-8")
    ramasser_moins_souvent()
    try:
        app()
        sys.stdout.flush()
    except ErreurPope as erreur:
        _refuser(str(erreur))
    except ModuleNotFoundError as erreur:
        if erreur.name is None or erreur.name.startswith("pope_foncier"):
            raise
        _refuser(paquet_absent(erreur, "cette commande"))
    except OSError as erreur:
        if erreur.filename is not None:
            raise
        sys.stdout = None  # what could not be written is not tried again at the end
        _refuser(
            f"Impossible d'écrire ce que la commande affiche : {en_francais(erreur)}. Choisir une autre destination."
        )


def _refuser(message: str) -> NoReturn:
    with contextlib.suppress(OSError):
        typer.echo(f"Erreur : {message}", err=True)
    raise SystemExit(2) from None
