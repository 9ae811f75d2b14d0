"""Checks of a drawn plan, subject by subject: ways out, access, daylight and air, equipment, neighbours."""

from __future__ import annotations

from datetime import date

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.constats import Constat
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.places.controles_acces import controler_acces
from pope_foncier.places.controles_issues import controler_issues
from pope_foncier.places.controles_niveaux import controler_niveaux
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation

ConstatsParSujet = dict[str, list[Constat]]


def controler_plan(plan: PlanTrace, situation: Situation, catalogue: Catalogue, jour: date) -> ConstatsParSujet:
    """Findings on the doors, windows, stairs and rooms of a plan, by subject; empty for a plan without rooms."""
    if not plan.de_nature("piece"):
        return {}
    feu = ReglesDuJour(catalogue, "referentiel.evacuation", jour)
    acces = ReglesDuJour(catalogue, "referentiel.accessibilite", jour)
    return {
        "Issues et évacuation": controler_issues(plan, situation, feu),
        "Accessibilité": controler_acces(plan, situation, acces),
        "Changements de niveau": controler_niveaux(plan, situation, acces),
    }
