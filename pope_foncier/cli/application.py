"""Application that the commands join, and what several of them read alike."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="pope-foncier",
    help="Études foncières et d'investissement pour de nouveaux lieux d'accueil de la petite enfance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FichierEtude = Annotated[
    Path, typer.Argument(help="Fichier de l'étude (YAML), par exemple data/etudes/gare_saint_denis.yaml")
]


def lire_jour(texte: str) -> date:
    """Day typed by the user.

    Raises:
        ErreurCalcul: not a date.
    """
    from pope_foncier.socle.erreurs import ErreurCalcul

    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise ErreurCalcul("Dire à quelle date : --date 2026-12-01 (année-mois-jour).") from None


def verifier_scenario(nom: str, connus: Collection[str]) -> None:
    """Check the name of a scenario.

    Raises:
        ErreurCalcul: unknown, with the near names, or all of them.
    """
    from difflib import get_close_matches

    from pope_foncier.socle.erreurs import ErreurCalcul

    if nom not in connus:
        proches = get_close_matches(nom, connus, n=3, cutoff=0.5)
        suite = f"Peut-être : {', '.join(proches)}. " if proches else ""
        raise ErreurCalcul(f"Scénario inconnu : « {nom} ». {suite}Scénarios de l'étude : {', '.join(connus)}.")
