"""Minutes asked from the console: computed by a process of their own, one at a time, from the journal and the study of the workshop."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from pope_foncier.ateliers.formats import NOMS
from pope_foncier.ateliers.journal import Journal
from pope_foncier.socle.erreurs import ErreurPope

_FAIRE_S = 180.0
"""Time left to the minutes: each scenario is computed again."""
_DOUX = 10
"""By how much the computation gives way to the pages."""
_UN_A_LA_FOIS = asyncio.Semaphore(1)
_REFUS = 3
"""Exit code of a refusal in words."""


async def faire(journal: Journal, seance: int, forme: str) -> tuple[str, bytes]:
    """Minutes of a session (0 for all of them): name of the file, and its content.

    Raises:
        ErreurPope: why there are none, in French.
    """
    ordre = (sys.executable, "-c", f"from {__name__} import ecrire; ecrire()", str(journal.chemin), str(seance), forme)
    async with _UN_A_LA_FOIS:
        try:
            fait = await asyncio.to_thread(subprocess.run, ordre, capture_output=True, timeout=_FAIRE_S)
        except subprocess.TimeoutExpired:
            raise ErreurPope("Le compte rendu n'est pas fait : l'ordinateur est très occupé. Réessayer.") from None
    nom, _, contenu = fait.stdout.partition(b"\n")
    if fait.returncode == 0:
        return nom.decode(), contenu
    if fait.returncode == _REFUS:
        raise ErreurPope(fait.stderr.decode("utf-8", "replace").strip())
    raise ErreurPope("Le compte rendu n'est pas fait : son calcul s'est arrêté. Essayer « pope-foncier compte-rendu ».")


def ecrire() -> None:
    """In its own process: write on the standard output the name of the file, a line break, then its content."""
    from pope_foncier.ateliers.compte_rendu import nom_du_fichier, octets
    from pope_foncier.ateliers.modele import Modele
    from pope_foncier.ateliers.ouverture import etudes_de_l_atelier
    from pope_foncier.ateliers.textes import refus

    if hasattr(os, "nice"):
        os.nice(_DOUX)  # the phones come first
    chemin, seance, dite = sys.argv[1:]
    journal, forme = Journal(Path(chemin)), next(f for f in NOMS if f == dite)
    try:
        modele, *autres = map(Modele.ouvrir, etudes_de_l_atelier())
        contenu = octets(journal, modele, forme, int(seance), autres=autres)
        nom = nom_du_fichier(journal, forme, int(seance))
    except ErreurPope as erreur:
        print(refus(erreur), file=sys.stderr)
        sys.exit(_REFUS)
    sys.stdout.buffer.write(nom.encode() + b"\n" + contenu)
