"""Working readings of a plan: what the project supposes to apply the rules, and habits of design; never the law."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Positif, Texte, lire_fiche


class UsagesDuPlan(Fiche):
    """Assumptions on a plan."""

    base: Texte
    circulations: tuple[Texte, ...]
    """Functions of the rooms that one walks through to go out."""
    hors_projet: tuple[Texte, ...]
    """Functions of what is not assigned: without a door, it is no part of the place and asks for no way out."""
    public: tuple[Texte, ...]
    """Functions of the rooms where parents and children go."""
    retrecissement_court_m: Positif
    devant_la_porte_m: Positif
    jeux: tuple[Texte, ...]
    """Functions of the rooms where children play and eat."""
    sans_porte_entre: tuple[tuple[Texte, Texte], ...]
    porte_de_poussettes_m: Positif
    cour_contre_le_mur_m: Positif
    allege_min_m: Positif
    profondeur_en_linteaux: tuple[Positif, Positif]
    travail: tuple[Texte, ...]
    """Functions of the rooms where the staff works."""
    source_du_travail: Texte
    source_du_jour: Texte
    source_de_l_air: Texte
    source_du_sommeil: Texte
    source_des_alleges: Texte


@lru_cache(maxsize=2)
def lire_usages(chemin: Path | None = None) -> UsagesDuPlan:
    """Read the assumptions of the project."""
    return lire_fiche(UsagesDuPlan, chemin or dossier_donnees() / "hypotheses" / "plan.yaml")
