"""Files that the sheets of a study name and that its chain reads: the plan drawn of its site, the quotes of its works."""

from __future__ import annotations

from pathlib import Path

from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.lieu.site import Site
from pope_foncier.places.pieces_du_site import fichier_du_plan
from pope_foncier.socle.lecture import etat_du_fichier
from pope_foncier.travaux.postes import fichier_du_devis

EtatsDesFichiers = tuple[tuple[Path, tuple[int, int] | None], ...]
"""Files, and what changes in each when it is written again."""


def etats_des_fichiers(site: Site, etude: Etude) -> EtatsDesFichiers:
    """State of the files that the sheets name: in another one, what was computed of equal sheets no longer holds."""
    plan = etude.travaux.plan
    nommes = (fichier_du_plan(site), None if plan is None else fichier_du_devis(plan))
    return tuple((chemin, etat_du_fichier(chemin)) for chemin in nommes if chemin is not None)


def etats_du_dossier(dossier: Dossier) -> tuple[EtatsDesFichiers, ...]:
    """State of the files that a study and its scenarios name."""
    return tuple(etats_des_fichiers(dossier.site, etude) for etude in (dossier.etude, *dossier.variantes.values()))
