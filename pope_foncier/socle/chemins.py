"""Paths: where the project's data lie, and how a path is shown to a user."""

from __future__ import annotations

import os
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]


def dossier_donnees() -> Path:
    """Data folder: ``POPE_DONNEES`` when set, else ``data/`` beside the package."""
    return Path(os.environ.get("POPE_DONNEES", RACINE / "data"))


def chemin_court(chemin: Path) -> str:
    """Path as shown in messages: relative to the working folder or to the project when possible, with ``/``."""
    try:
        complet = Path(chemin).resolve()
    except (OSError, ValueError, RuntimeError):
        return Path(chemin).as_posix()
    for base in (Path.cwd(), RACINE):
        if complet.is_relative_to(base):
            return complet.relative_to(base).as_posix()
    return complet.as_posix()
