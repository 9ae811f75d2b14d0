"""Print of the program: two machines that have the same compute the same part alike."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.lecture import lire_octets

_PAQUET = Path(__file__).resolve().parents[2]
_TAILLE_MAX = 100_000_000
"""Largest file of the package or of its data [bytes]."""
_NE_CALCULENT_PAS = ("vues", "porte", "ateliers", "cli")
"""Rooms that show: they change no figure of a part."""
_LUES_PAR_LE_PLAN = ("etudes", "sites", "balayages", "portefeuilles")
"""Folders of the data whose sheets a part carries itself, or never reads."""


def programme() -> str:
    """Print of this program: source of what computes, its version with it, law and assumptions, versions of Python and numpy."""
    return _programme(dossier_donnees())


@lru_cache(maxsize=2)
def _programme(donnees: Path) -> str:
    somme = hashlib.sha256()
    somme.update("/".join((*platform.python_version_tuple()[:2], np.__version__)).encode())
    for racine, fichiers in ((_PAQUET, _sources()), (donnees, _fiches(donnees))):
        for fichier in sorted(fichiers):
            somme.update(fichier.relative_to(racine).as_posix().encode())
            somme.update(hashlib.sha256(lire_octets(fichier, _TAILLE_MAX)).digest())
    return somme.hexdigest()


def _sources() -> Iterator[Path]:
    return (f for f in _PAQUET.rglob("*.py") if f.relative_to(_PAQUET).parts[0] not in _NE_CALCULENT_PAS)


def _fiches(donnees: Path) -> Iterator[Path]:
    return (f for f in donnees.rglob("*") if f.is_file() and f.relative_to(donnees).parts[0] not in _LUES_PAR_LE_PLAN)


def exiger_le_meme(attendu: str) -> None:
    """Refuse to compute a part prepared by another version of the program or of its data.

    Raises:
        ErreurCalcul: says which of the two differs.
    """
    if programme() != attendu:
        raise ErreurCalcul(
            "Ce programme n'est pas celui qui a préparé le balayage : code, barèmes, hypothèses, version de Python ou de numpy "
            f"diffèrent (empreinte {programme()[:8]} ici, {attendu[:8]} attendue). Installer partout la même version et les mêmes "
            "données (POPE_DONNEES)."
        )
