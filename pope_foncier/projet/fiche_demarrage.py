"""Sheet of the start: what the operator spends before the first child comes."""

from __future__ import annotations

from pope_foncier.projet.donnee import DonneeEuros, DonneeMois
from pope_foncier.socle.fiches import Fiche


class Demarrage(Fiche):
    """Costs before the opening, uses of the plan of an operator that orders the works."""

    direction_mois: DonneeMois
    """Months of the whole direction before the opening."""
    recrutement: DonneeEuros
    """Recruitment, training and communication [€], in the month before the opening."""
