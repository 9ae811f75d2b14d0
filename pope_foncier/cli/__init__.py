"""Command line: thin commands over the package; a user never sees a traceback for bad data."""

from __future__ import annotations

import sys

import typer

from pope_foncier.cli import atelier, baremes, comite, etudes, exploitation, lieux, montages, prets, travaux
from pope_foncier.cli.application import app
from pope_foncier.socle.erreurs import ErreurPope

__all__ = [
    "app",
    "atelier",
    "baremes",
    "comite",
    "etudes",
    "exploitation",
    "lieux",
    "montages",
    "prets",
    "principal",
    "travaux",
]


def principal() -> None:
    """Entry point: errors of the family become one French message and exit code 2."""
    for flux in (sys.stdout, sys.stderr):
        if hasattr(flux, "reconfigure"):
            flux.reconfigure(encoding="utf-8")
    try:
        app()
    except ErreurPope as erreur:
        typer.echo(f"Erreur : {erreur}", err=True)
        raise SystemExit(2) from None
