"""Opening of an application: the study and the journal it works on; a study that cannot be read is said in its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.socle.chemins import dossier_donnees, dossier_sorties
from pope_foncier.socle.erreurs import ErreurPope


def etude_de_l_atelier() -> Path:
    """Study of the workshop: ``POPE_ATELIER_ETUDE`` when set, else the main one."""
    return Path(os.environ.get("POPE_ATELIER_ETUDE", dossier_donnees() / "etudes" / "gare_saint_denis.yaml"))


def journal_de(etude: str) -> Journal:
    """Journal of the workshops of a study, in the folder ``POPE_ATELIER_JOURNAUX``, or ``sorties/ateliers``."""
    return Journal(Path(os.environ.get("POPE_ATELIER_JOURNAUX", dossier_sorties() / "ateliers")) / f"{etude}.sqlite")


def servie() -> bool:
    """Whether the page is one of the server of the workshops, which has its minutes."""
    return "POPE_ATELIER_JOURNAUX" in os.environ


def ouvrir(
    fichier: Path | str | None, journal: Journal | None, construire: Callable[[Modele, Journal], w.Widget]
) -> w.Widget:
    """Application on a study, ready to show in JupyterLab or Voilà; in its place, why the study does not open."""
    try:
        modele = Modele.ouvrir(fichier or etude_de_l_atelier())
        return construire(modele, journal or journal_de(modele.dossier.nom))
    except ErreurPope as erreur:
        return champs.encadrer(
            champs.titre("Cette étude ne s'ouvre pas"), w.HTML(textes.message(str(erreur), bon=False))
        )
