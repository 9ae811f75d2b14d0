"""Checks of a drawn plan, subject by subject: ways out, access, daylight and air, equipment, neighbours."""

from __future__ import annotations

from datetime import date

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.constats import Constat
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.reseau import reseaux_du_plan
from pope_foncier.places.controles_acces import controler_acces
from pope_foncier.places.controles_issues import controler_issues
from pope_foncier.places.controles_jour import controler_jour
from pope_foncier.places.controles_niveaux import controler_niveaux
from pope_foncier.places.controles_usage import controler_usage
from pope_foncier.places.controles_voisinage import controler_voisinage
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation

ConstatsParSujet = dict[str, list[Constat]]


def controler_plan(plan: PlanTrace, situation: Situation, catalogue: Catalogue, jour: date) -> ConstatsParSujet:
    """Findings on the doors, windows, stairs and rooms of a plan, by subject; empty for a plan without rooms."""
    reseaux = reseaux_du_plan(plan)
    if not reseaux:
        return {}
    feu = ReglesDuJour(catalogue, "referentiel.evacuation", jour)
    acces = ReglesDuJour(catalogue, "referentiel.accessibilite", jour)
    return {
        "Issues et évacuation": controler_issues(reseaux, situation, feu),
        "Accessibilité": controler_acces(reseaux, situation, acces),
        "Changements de niveau": controler_niveaux(plan, reseaux, situation, acces),
        "Jour, air et vues": controler_jour(reseaux),
        "Voisinage et feu": controler_voisinage(plan, reseaux, situation, feu),
        "Usage": controler_usage(plan, reseaux),
    }
