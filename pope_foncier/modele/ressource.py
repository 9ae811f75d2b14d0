"""Resource of a plan that is neither a grant nor a loan: what it counts, what comes, what is given back."""

from __future__ import annotations

from typing import Literal

from pope_foncier.modele.fiche_bouclage import NatureBouclage
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur


@enregistrement
class Ressource:
    """Resource of the plan that is neither a grant nor a loan.

    Attributes:
        montant: what the plan counts, shape (…, 1) [€].
        encaisse: what comes each month, shape (…, M).
        reprise: what is given back each month, shape (…, M), or nothing.
        remuneration: capped return of shares paid each month, shape (…, M), or nothing.
        apporteur: who brings it, when it is a contribution.
    """

    id: str
    nature: NatureBouclage | Literal["autofinancement", "recuperation", "fctva"]
    montant: Grandeur
    encaisse: Grandeur
    reprise: Grandeur | None = None
    remuneration: Grandeur | None = None
    apporteur: str = ""

    @property
    def est_apport(self) -> bool:
        """Whether it is equity or quasi-equity: neither VAT that comes back nor works put off."""
        return self.nature in ("fonds_propres", "autofinancement", "droit_de_reprise")
