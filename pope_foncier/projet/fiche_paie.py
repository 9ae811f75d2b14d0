"""Pay sheet of a study: make-up of the team, seniority, weighed posts, by the scale of the branch (Alisfa)."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from pope_foncier.projet.donnee import DonneeEuros, DonneePart, DonneePositif
from pope_foncier.socle.fiches import Entier, Fiche, faute, sans_double
from pope_foncier.socle.nombres import pourcent

Metier = Literal["animation", "accompagnement", "education", "paramedical", "coordination", "direction", "service"]
"""Reference job of the branch (Alisfa)."""


class Pesee(Fiche):
    """Weighing of a post: its level in each criterion of the branch, level 1 being worth nothing."""

    metier: Metier
    formation: Entier = 1
    complexite: Entier = 1
    autonomie: Entier = 1
    relations: Entier = 1
    finances: Entier = 1
    personnel: Entier = 1
    securite: Entier = 1
    projet: Entier = 1

    @property
    def niveaux(self) -> dict[str, int]:
        """Level by criterion."""
        return {n: v for n, v in self.model_dump().items() if n != "metier"}


class Paie(Fiche):
    """Pay from the scale of the branch instead of a typed cost per FTE (Alisfa, contributions, tax on wages)."""

    part_education: DonneePart
    """Share of éducateurs de jeunes enfants in the staff with the children."""
    part_accompagnement: DonneePart
    """Share of auxiliaires de puériculture; the rest holds a CAP."""
    points_anciennete: DonneePositif
    """Mean points of seniority and skills, added to every post, on the opening year."""
    points_anciennete_par_an: DonneePositif | None = None
    """Points added each year by the ageing of the team; none when turnover keeps the mean steady."""
    taxe_ailleurs: DonneeEuros
    """Tax on wages, before allowance, of the other places of the same association: the allowance is given once."""
    etp_ailleurs: DonneePositif
    """FTE of the other places of the same association: the transport levy starts at a number of employees."""
    pesees: tuple[Pesee, ...] = ()
    """Weighed posts; the others take the mean points observed for the job."""
    versement_mobilite: Literal["selon_effectif", "exonere"] = "selon_effectif"
    """Whether the employer owes the transport levy: by its employees, or exempt (public-utility association, social activity)."""

    @model_validator(mode="after")
    def _parts_et_pesees(self) -> Paie:
        education, accompagnement = self.part_education.valeur, self.part_accompagnement.valeur
        if education is not None and accompagnement is not None and education + accompagnement > 1.0 + 1e-9:
            raise faute(
                f"éducateurs et auxiliaires font {pourcent(education + accompagnement)} de l'équipe.",
                "ne pas dépasser 100 % : le reste porte un CAP.",
            )
        sans_double("métier pesé", [p.metier for p in self.pesees])
        return self
