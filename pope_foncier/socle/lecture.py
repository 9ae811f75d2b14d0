"""Safe reading: an ordinary file of a bounded size, or a French refusal; no name, however strange, breaks it."""

from __future__ import annotations

import errno
import stat
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.memoire import exiger_memoire

TAILLE_MAX_OCTETS, FICHE_MAX_OCTETS = 10_000_000, 3_000_000
"""Largest table or plan of another tool; largest sheet: some eighty times the largest shipped, and each of its signs may be a value."""
T = TypeVar("T")

_RAISONS = {
    errno.ENOENT: ("fichier absent.", "vérifier le nom et le dossier."),
    errno.ENOTDIR: ("fichier absent : ce qui le précède n'est pas un dossier.", "vérifier le nom et le dossier."),
    errno.EISDIR: ("c'est un dossier, un fichier est attendu.", "donner le chemin du fichier."),
    errno.ENAMETOOLONG: ("nom de fichier trop long.", "vérifier le nom."),
    errno.EACCES: ("fichier fermé à la lecture.", "vérifier les droits du fichier et de son dossier."),
    errno.EPERM: ("fichier fermé à la lecture.", "vérifier les droits du fichier et de son dossier."),
    errno.ELOOP: ("le fichier est un lien qui tourne en rond.", "donner le chemin du fichier."),
}


def existe(chemin: Path) -> bool:
    """Whether an ordinary file lies there; a name that no disk can hold is no file."""
    try:
        return chemin.is_file()
    except (OSError, ValueError):
        return False


def etat_du_fichier(chemin: Path) -> tuple[int, int] | None:
    """What changes each time that a file is written: its date [ns] and its size [bytes]; None when there is none."""
    try:
        etat = chemin.stat()
    except (OSError, ValueError):
        return None
    return etat.st_mtime_ns, etat.st_size


class AuRepos:
    """What was read of files, kept until they change; what nobody has written for a while alone: the clock of a disk may be coarse.

    Args:
        gardes: how many are kept.
    """

    REPOS_S = 2.0
    """Seconds since the last writing after which what a file holds is kept."""

    def __init__(self, gardes: int) -> None:
        self._gardes = gardes
        self._lus: dict[Hashable, tuple[tuple[int, ...], Any]] = {}

    def lire(self, chemin: Path, quoi: Hashable, lire: Callable[[], T]) -> T:
        """What a reading gives of a file, given again to who asks for the same: it is never changed.

        Args:
            quoi: what is read of it.
            lire: reads it; what it refuses is not kept.
        """
        try:
            etat = chemin.stat()
        except (OSError, ValueError):
            return lire()
        marque = (etat.st_dev, etat.st_ino, etat.st_mtime_ns, etat.st_ctime_ns, etat.st_size)
        cle = (quoi, str(chemin))
        garde = self._lus.get(cle)
        if garde is not None and garde[0] == marque:
            return cast("T", garde[1])
        lu = lire()
        if time.time() - max(etat.st_mtime, etat.st_ctime) > self.REPOS_S:
            if len(self._lus) >= self._gardes:
                self._lus.clear()
            self._lus[cle] = marque, lu
        return lu


def lire_octets(chemin: Path, maxi: int = TAILLE_MAX_OCTETS, remede: str = "") -> bytes:
    """Content of a file.

    Args:
        chemin: file to read.
        maxi: largest size [bytes].
        remede: what to do when the file is absent, instead of the usual advice.

    Raises:
        ErreurDonnees: absent, a folder, a pipe or a device, closed, too large, or a name that no disk can hold.
    """
    try:
        etat = chemin.stat()
        if stat.S_ISDIR(etat.st_mode):
            raise IsADirectoryError(errno.EISDIR, "")
        if not stat.S_ISREG(etat.st_mode):
            raise _refus(chemin, "ce n'est pas un fichier ordinaire.", "donner le chemin d'un fichier.")
        if etat.st_size > maxi:
            message = f"fichier de {etat.st_size / 1e6:.0f} Mo : {maxi / 1e6:.0f} Mo au plus sont admis."
            raise _refus(chemin, message, "vérifier que c'est le bon fichier, ou n'en garder que l'utile.")
        return chemin.read_bytes()
    except ValueError:
        raise _refus(chemin, "ce n'est pas un nom de fichier.", "vérifier le nom.") from None
    except OSError as erreur:
        message, conseil = _RAISONS.get(erreur.errno or 0, ("fichier illisible.", "vérifier le disque et le nom."))
        absent = erreur.errno in (errno.ENOENT, errno.ENOTDIR) and remede
        raise _refus(chemin, message, remede if absent else conseil) from None


def exiger_de_tenir(chemin: Path, texte: str, poids: dict[str, float]) -> None:
    """Refuse a text that would take too much memory once cut into values.

    Args:
        chemin: its file.
        texte: what the file holds.
        poids: memory that goes with each separator [bytes], measured.

    Raises:
        ErreurCalcul: the estimate is above the limit.
    """
    octets = sum(texte.count(signe) * sien for signe, sien in poids.items())
    exiger_memoire(octets, chemin_court(chemin), "Vérifier que c'est le bon fichier, ou n'en garder que l'utile.")


def _refus(chemin: Path, message: str, remede: str) -> ErreurDonnees:
    return ErreurDonnees([Probleme(chemin_court(chemin), None, "", message, remede)])
