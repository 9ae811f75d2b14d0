"""Social actions of a study: posts, other costs, and the shares that funders pay."""

from __future__ import annotations

from pydantic import model_validator

from pope_foncier.projet.donnee import DonneeEuros, DonneePart, DonneePositif
from pope_foncier.socle.fiches import Fiche, Identifiant, Texte, faute, sans_double
from pope_foncier.socle.nombres import pourcent


class FinancementAction(Fiche):
    """Share of a social action that a funder pays."""

    id: Identifiant
    payeur: Texte
    part: DonneePart


class ActionSociale(Fiche):
    """Social action of the place: insertion post, training, language or parenting time, shared post; cost and funders."""

    id: Identifiant
    libelle: Texte
    etp: DonneePositif
    """Full-time posts of the action, whole, before sharing."""
    cout_etp: DonneeEuros
    part_du_lieu: DonneePart | None = None
    """Share that this place bears of a post shared in a groupement d'employeurs; without it, all of it."""
    autres_couts: DonneeEuros | None = None
    """Training, material, speakers [€/year]."""
    financements: tuple[FinancementAction, ...] = ()

    @model_validator(mode="after")
    def _financements_possibles(self) -> ActionSociale:
        sans_double("financement", [f.id for f in self.financements])
        total = sum(f.part.valeur or 0.0 for f in self.financements)
        if total > 1.0 + 1e-9:
            raise faute(
                f"action « {self.libelle} » financée à {pourcent(total)} de son coût.", "ne pas dépasser 100 %."
            )
        return self
