"""Paths: where the project's data lie, and how a path is shown to a user.

In a checkout of the repository (editable install included) ``data/``, ``notebooks/`` and ``sorties/`` lie beside the package; an
installed wheel carries the first two inside the package and writes in the working folder.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pope_foncier.socle.erreurs import ErreurPope

_PAQUET = Path(__file__).resolve().parents[1]
RACINE = _PAQUET.parent
_DONNEES, _CARNETS = "_donnees", "_carnets"


def dossier_donnees() -> Path:
    """Data folder: ``POPE_DONNEES`` when set, else the one of the package, else ``data/`` beside it.

    Raises:
        ErreurPope: no such folder.
    """
    nomme = os.environ.get("POPE_DONNEES")
    dossier = Path(nomme) if nomme else _des_deux(_DONNEES, "data")
    if not dossier.is_dir():
        remede = (
            "Corriger ou vider POPE_DONNEES." if nomme else "Réinstaller pope_foncier, ou le nommer par POPE_DONNEES."
        )
        raise ErreurPope(f"Le dossier des données est absent : {dossier}. {remede}")
    return dossier


def dossier_a_completer() -> Path:
    """Data folder to add sheets to: never the one inside an installed package, which the next version replaces.

    Raises:
        ErreurPope: the package is installed and ``POPE_DONNEES`` names no folder.
    """
    dossier = dossier_donnees()
    if est_installe() and not os.environ.get("POPE_DONNEES"):
        raise ErreurPope(
            "Les données livrées dans le paquet ne se complètent pas : en copier le dossier "
            f"({dossier}), puis nommer la copie par POPE_DONNEES."
        )
    return dossier


def dossier_carnets() -> Path:
    """Folder of the notebooks that the commands run.

    Raises:
        ErreurPope: no such folder.
    """
    dossier = _des_deux(_CARNETS, "notebooks")
    if not dossier.is_dir():
        raise ErreurPope(f"Le dossier des carnets est absent : {dossier}. Réinstaller pope_foncier.")
    return dossier


def dossier_sorties() -> Path:
    """Folder of what the project writes: ``sorties/`` beside a checkout, else in the working folder."""
    return (Path.cwd() if est_installe() else RACINE) / "sorties"


@lru_cache(maxsize=1)
def est_installe() -> bool:
    """Whether the package is an installed copy, which carries its own data."""
    return (_PAQUET / _DONNEES).is_dir()


def _des_deux(embarque: str, voisin: str) -> Path:
    """Folder inside an installed package, or beside a checkout."""
    return _PAQUET / embarque if est_installe() else RACINE / voisin


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
