"""Opening of an application: the study and the journal it works on; a study that cannot be read is said in its place."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.journal import Journal, nom_du_journal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.socle.chemins import dossier_donnees, dossier_sorties
from pope_foncier.socle.erreurs import ErreurPope


def etudes_de_l_atelier() -> list[Path]:
    """Studies of the workshop: ``POPE_ATELIER_ETUDE`` when set, one path or several, else the main one."""
    principale = dossier_donnees() / "etudes" / "gare_saint_denis.yaml"
    return [Path(x) for x in os.environ.get("POPE_ATELIER_ETUDE", str(principale)).split(os.pathsep)]


def journal_de(etudes: Sequence[str]) -> Journal:
    """Journal of the workshop of some studies, in the folder ``POPE_ATELIER_JOURNAUX``, or ``sorties/ateliers``."""
    dossier = Path(os.environ.get("POPE_ATELIER_JOURNAUX", dossier_sorties() / "ateliers"))
    return Journal(dossier / f"{nom_du_journal(etudes)}.sqlite")


def servie() -> bool:
    """Whether the page is one of the server of the workshops, which has its minutes."""
    return "POPE_ATELIER_JOURNAUX" in os.environ


def ouvrir(
    fichier: Path | str | None,
    journal: Journal | None,
    construire: Callable[[Modele, Journal], w.Widget],
    assembler: Callable[[Sequence[Modele], Journal], w.Widget] | None = None,
) -> w.Widget:
    """Application on a study, ready to show in JupyterLab or Voilà; in its place, why the study does not open.

    Args:
        fichier: study; those of the workshop without it.
        construire: makes the application of one study.
        assembler: makes that of several; the first study alone without it.
    """
    try:
        modeles = [Modele.ouvrir(f) for f in ([fichier] if fichier else etudes_de_l_atelier())]
        tenu = journal or journal_de([m.dossier.nom for m in modeles])
        return construire(modeles[0], tenu) if assembler is None or len(modeles) == 1 else assembler(modeles, tenu)
    except ErreurPope as erreur:
        return champs.encadrer(
            champs.titre("Cette étude ne s'ouvre pas"), w.HTML(textes.message(str(erreur), bon=False))
        )
