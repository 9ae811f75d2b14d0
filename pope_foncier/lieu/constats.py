"""Findings: what a check says of a room or of a site — value, threshold, status, source, whom to ask."""

from __future__ import annotations

from typing import Literal

from pope_foncier.socle.enregistrements import enregistrement

StatutConstat = Literal["respecte", "a_surveiller", "non_respecte", "concerne", "sans_objet", "a_verifier"]
CONSTAT_EN_CLAIR: dict[str, str] = {
    "respecte": "respecté",
    "a_surveiller": "à surveiller",
    "non_respecte": "non respecté",
    "concerne": "concerné",
    "sans_objet": "sans objet",
    "a_verifier": "à vérifier",
}


@enregistrement
class Constat:
    """Finding of one check; texts are French, ready to show."""

    id: str
    sujet: str
    statut: StatutConstat
    valeur: str
    seuil: str = ""
    """Threshold, or another mark that ``repere`` names."""
    source: str = ""
    a_demander_a: str = ""
    repere: str = "seuil"
    suite: str = ""
    """What follows when it applies or fails."""
