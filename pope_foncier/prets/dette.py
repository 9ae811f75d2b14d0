"""Loan of a study once computed: what it brings, what it asks each month, what is owed."""

from __future__ import annotations

from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, total

ACCESSOIRES = ("assurance", "commission", "autres_frais")
"""Lines of the accessories of a loan, by the end of their code."""


@enregistrement
class Dette:
    """Loan on the study's months: capital, shape (…, 1); interest, repayment and balance, shape (…, M)."""

    id: str
    libelle: str
    emprunteur: str
    capital: Grandeur
    """All that is drawn, financed fees included."""
    interets: Grandeur
    """Paid."""
    remboursement: Grandeur
    restant: Grandeur
    fin: Grandeur
    """Month after the last payment, shape (…, 1)."""
    frais: Grandeur | None = None
    """Fees and cost of the security, paid with the drawdown [€], shape (…, 1)."""
    accessoires: Grandeur | None = None
    """Insurance, commissions, later fees and indemnities, by month."""
    capitalises: Grandeur | None = None
    """Interest that runs and is not paid that month: the debt rises; below zero when what was stored is paid."""
    anticipes: Grandeur | None = None
    """Principal repaid early and its indemnity: chosen, so no part of the debt service."""
    garanti: Grandeur | None = None
    """Amount that its security covers at the drawdown, shape (…, 1)."""
    rachat: Grandeur | None = None
    """Drawdown by month of a loan that pays off another: no resource of the plan."""
    debut: Grandeur | None = None
    """Month of the first drawdown, shape (…, 1)."""

    @property
    def courus(self) -> tuple[Grandeur, ...]:
        """Interest, paid or added to the balance."""
        return (self.interets,) if self.capitalises is None else (self.interets, self.capitalises)

    @property
    def charges(self) -> tuple[Grandeur, ...]:
        """What it costs once drawn, by month: interest, paid or added to the balance, and accessories."""
        return self.courus if self.accessoires is None else (*self.courus, self.accessoires)

    @property
    def echeances(self) -> tuple[Grandeur, ...]:
        """What the contract makes due, by month: interest, principal, accessories; not what is repaid early by choice."""
        dues: tuple[Grandeur, ...] = (self.interets, self.remboursement)
        dues = dues if self.accessoires is None else (*dues, self.accessoires)
        return dues if self.anticipes is None else (*dues, (self.anticipes * -1.0).nommer("Remboursé par anticipation"))

    @property
    def rendus(self) -> tuple[Grandeur, ...]:
        """Principal repaid, less the interest added to it: with the charges, all that is paid."""
        if self.rachat is not None:
            return (self.remboursement, (self.rachat * -1.0).nommer("Versé pour racheter un prêt, en moins"))
        if self.capitalises is None:
            return (self.remboursement,)
        return (self.remboursement, (self.capitalises * -1.0).nommer("Intérêts ajoutés à la dette, en moins"))

    def accessoires_avant(self, cal: Calendrier) -> Grandeur | None:
        """Fees and accessories that belong to the investment: with the drawdown, or before the opening, shape (…, 1) [€]; None without any."""
        if self.accessoires is None:
            return self.frais
        avant = total(self.accessoires * cal.avant_ouverture)
        if not aiguiller(avant):
            return self.frais
        return nommer(f"besoins.frais_{self.id}", avant if self.frais is None else self.frais + avant, self.libelle)
