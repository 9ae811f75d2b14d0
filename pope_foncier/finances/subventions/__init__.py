"""Capital grants: rule of each scheme, conditions, caps, stacking, payments."""

from pope_foncier.finances.subventions.conditions import EtatCondition
from pope_foncier.finances.subventions.cumul import Subvention, calculer, don_de_bouclage, part_publique

__all__ = ["EtatCondition", "Subvention", "calculer", "don_de_bouclage", "part_publique"]
