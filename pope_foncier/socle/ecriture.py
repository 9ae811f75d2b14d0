"""Safe writing: a file is complete or absent, never half-written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pope_foncier.socle.erreurs import ErreurSortie


def ecrire(chemin: Path, contenu: str | bytes) -> Path:
    """Write through a temporary file of the same folder, then rename.

    Raises:
        ErreurSortie: when the folder cannot be created or written.
    """
    octets = contenu.encode("utf-8") if isinstance(contenu, str) else contenu
    provisoire: str | None = None
    try:
        chemin.parent.mkdir(parents=True, exist_ok=True)
        poignee, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=f".{chemin.name}.")
        with os.fdopen(poignee, "wb") as fichier:
            fichier.write(octets)
        Path(provisoire).chmod(0o644)
        os.replace(provisoire, chemin)
    except OSError as erreur:
        if provisoire:
            Path(provisoire).unlink(missing_ok=True)
        raise ErreurSortie(f"Impossible d'écrire {chemin} : {erreur.strerror}. Choisir un autre dossier.") from erreur
    return chemin
