"""Safe writing: a file is complete or absent, and the outputs of a command come all together or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pope_foncier.socle.erreurs import ErreurSortie

_RAISONS = {
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota du disque atteint",
    errno.EFBIG: "fichier trop gros pour ce disque",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ENOTDIR: "ce qui le précède n'est pas un dossier",
    errno.EEXIST: "ce qui le précède n'est pas un dossier",
    errno.EISDIR: "c'est un dossier",
    errno.EIO: "le disque ne répond pas",
}


def en_francais(erreur: OSError | ValueError) -> str:
    """Why the system refuses to write, in French."""
    return _RAISONS.get(getattr(erreur, "errno", None) or 0, "nom de fichier refusé")


def exiger_un_dossier(dossier: Path) -> None:
    """Refuse at once, before anything is computed, a folder that could not be made or written; nothing is made yet.

    Raises:
        ErreurSortie: says why.
    """
    try:
        place = next(x for x in (dossier, *dossier.absolute().parents) if _existe(x))
        for absent in dossier.absolute().relative_to(place.absolute()).parts:
            _existe(place / absent)  # a name too long is one anywhere
        if not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "")
        if not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "")
    except (OSError, ValueError) as erreur:
        raise _impossible(dossier, erreur) from erreur


def _existe(place: Path) -> bool:
    """Whether a place exists; what its name makes impossible is an error."""
    try:
        place.stat()
    except FileNotFoundError:
        return False
    return True


def _impossible(chemin: Path, erreur: OSError | ValueError) -> ErreurSortie:
    return ErreurSortie(f"Impossible d'écrire {chemin} : {en_francais(erreur)}. Choisir un autre dossier.")


def ecrire(chemin: Path, contenu: str | bytes) -> Path:
    """Write one file through a temporary one of the same folder, flushed to the disk, then renamed.

    Raises:
        ErreurSortie: when the folder cannot be created or written.
    """
    return ecrire_ensemble({chemin: contenu})[0]


def ecrire_ensemble(contenus: Mapping[Path, str | bytes]) -> list[Path]:
    """Write the outputs of a command: all are whole and flushed beside their place before the first takes it.

    Returns:
        The files, in their order.

    Raises:
        ErreurSortie: a folder cannot be created, a file cannot be written; the files of before are then left as they were.
    """
    poses: list[tuple[str, Path]] = []
    chemin = Path()
    try:
        for chemin, contenu in contenus.items():
            chemin.parent.mkdir(parents=True, exist_ok=True)
            if chemin.is_dir():
                raise IsADirectoryError(errno.EISDIR, "")
            poses.append((_poser_a_cote(chemin, contenu), chemin))
        for rang, (provisoire, chemin) in enumerate(poses):
            os.replace(provisoire, chemin)
            poses[rang] = ("", chemin)
        for dossier in {c.parent for c in contenus}:
            _forcer_le_dossier(dossier)
    except (OSError, ValueError) as erreur:
        raise _impossible(chemin, erreur) from erreur
    finally:
        for provisoire, _ in poses:
            if provisoire:
                Path(provisoire).unlink(missing_ok=True)
    return list(contenus)


def _poser_a_cote(chemin: Path, contenu: str | bytes) -> str:
    """Temporary file of the same folder, whole and on the disk; nothing is left of it when it cannot be written."""
    octets = contenu.encode("utf-8", "replace") if isinstance(contenu, str) else contenu
    poignee, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=f".{chemin.name[:40]}.")
    try:
        with os.fdopen(poignee, "wb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        Path(provisoire).chmod(0o644)
    except OSError:
        Path(provisoire).unlink(missing_ok=True)
        raise
    return provisoire


def _forcer_le_dossier(dossier: Path) -> None:
    """Flush the names of a folder to the disk, where the system allows it."""
    with contextlib.suppress(OSError):
        poignee = os.open(dossier, os.O_RDONLY)
        try:
            os.fsync(poignee)
        finally:
            os.close(poignee)
