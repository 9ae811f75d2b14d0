"""Charges of a place other than staff: lines that the study details, and the rest read on the national cost, by nature."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from pope_foncier.projet.donnee import DonneeEuros, DonneePositif
from pope_foncier.socle.fiches import Fiche, Identifiant, Texte, faute

NatureCharge = Literal["achats", "services_exterieurs", "autres", "dotations"]
"""Nature of a charge other than staff, by account of the chart: 60; 61; 62, 63 and 65; 68."""

NATURES_EN_CLAIR: dict[NatureCharge, str] = {
    "achats": "achats (compte 60 : repas, couches, énergie)",
    "services_exterieurs": "services extérieurs (compte 61 : loyer, entretien, assurances)",
    "autres": "autres charges (comptes 62, 63 et 65)",
    "dotations": "dotations (compte 68)",
}


class ChargeDetaillee(Fiche):
    """Yearly charge by place, square metre, billed hour or lump sum: meals, nappies, energy, insurance, renewal."""

    id: Identifiant
    libelle: Texte
    par: Literal["place", "m2", "heure", "an"]
    nature: NatureCharge | None = None
    """Needed beside ``charges_nationales``: a nature that a line details is no longer taken in the national cost."""
    montant: DonneeEuros


class ChargesNationales(Fiche):
    """Charges read on the national cost of a place, without the natures that the study enters apart.

    The national cost is a full cost: it holds the rent, the upkeep, the insurance and the depreciation of the mean crèche.
    """

    saisies_a_part: tuple[NatureCharge, ...]
    """Natures that other lines of the study count (rent, depreciation, detailed charges): none is counted twice."""
    niveau: DonneePositif
    """Level of the place against the national mean: 1 is the mean."""

    @model_validator(mode="after")
    def _natures(self) -> ChargesNationales:
        if len(set(self.saisies_a_part)) < len(self.saisies_a_part):
            raise faute("« saisies_a_part » nomme deux fois la même nature.", "n'en garder qu'une.")
        return self

    @property
    def gardees(self) -> tuple[NatureCharge, ...]:
        """Natures taken in the national cost, in the order of the chart of accounts."""
        return tuple(n for n in NATURES_EN_CLAIR if n not in self.saisies_a_part)
