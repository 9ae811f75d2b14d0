"""What a bank's offer says besides the terms that the schedule needs: parties, object, day, securities, early repayment, conditions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pope_foncier.modele.clauses_de_pret import ModeIndemnite
from pope_foncier.socle.fiches import Fiche, Jour, Nombre, Part, Taux, Texte

NatureEmprunteur = Literal["association", "societe", "collectivite", "professionnel", "particulier"]


class IndemnitePrevue(Fiche):
    """Indemnity that the contract would ask for an early repayment."""

    mode: ModeIndemnite = "aucune"
    pourcentage: Part | None = None
    mois: Nombre | None = None
    taux_reference: Taux | None = None


class FicheOffre(Fiche):
    """Offer as the bank wrote it; nothing here changes the schedule."""

    preteur: Texte
    emprunteur: Texte
    nature_emprunteur: NatureEmprunteur = "association"
    """Who borrows: a private person is told a TAEG, the others a TEG."""
    objet: Texte
    date_offre: Jour | None = None
    valable_jusqu_au: Jour | None = None
    indice: Texte | None = None
    """Name of the index of a revised rate."""
    suretes: tuple[Texte, ...] = Field((), max_length=50)
    anticipe: IndemnitePrevue | None = None
    """Indemnity of an early repayment; None when the offer does not say."""
    reserves: tuple[Texte, ...] = Field((), max_length=50)
    """Conditions of the bank, pieces that it still asks for."""

    @property
    def doit_un_taeg(self) -> bool:
        """Whether the law asks for a TAEG: the borrower is a consumer."""
        return self.nature_emprunteur == "particulier"
