"""Site of a portfolio on the common axis: flows and balances of its holder, and what they become when it closes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.decision.portefeuille.axes import au_mois
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True)
class Lieu:
    """One site on the common axis, shape (…, M) [€]: what is earned and paid, and what is owed at the end of each month.

    Leading axes are draws. What is said once for all months (opening, places, posts) has shape (…, 1).

    Cash (``solde``) is read from the ledger and debts from their schedules, apart from the flows that explain them, so that a
    balance sheet that closes proves something. It is that of the plan as it stands: what is to be found does not come. The
    contribution is that of the closed plan, which does not give it back: the company bears the loss.
    """

    id: str
    libelle: str
    exploite: bool
    """Whether the holder operates the crèche itself; otherwise it lets."""
    ouverture: Tableau
    """Month of the opening on the common axis, shape (…, 1)."""
    produits: Tableau
    """Income earned: rents, or families, Caf, commune and others; grants carried to income apart."""
    leviers: Tableau
    """Income that may be asked to rise: rents, or contribution of the commune."""
    contribution_calculee: bool
    """Whether the contribution follows the account: a lump does not fall with a saving."""
    charges_murs: Tableau
    """Charges that stay when the site is empty: property tax, insurance, maintenance, rent of the tenure, loan fees."""
    charges_exploitation: Tableau
    salaires: Tableau
    interets: Tableau
    investissement: Tableau
    """Spending capitalised, less the VAT that comes back."""
    subventions: Tableau
    """Grants received, less given back."""
    deblocages: Tableau
    remboursements: Tableau
    propres: Tableau
    """Equity that the study brings besides the equity of the company, less its return."""
    dotation: Tableau
    quote_part: Tableau
    solde: Tableau
    """Net cash flow of the holder, without the equity of the company."""
    emprunts: Tableau
    relais: Tableau
    reprises: Tableau
    """Quasi-equity to give back."""
    creance: Tableau
    """Receivable on the Caf; below zero, an advance of the Caf."""
    a_recevoir: Tableau
    """Grants acquired at the opening and not yet received."""
    engagement: Tableau
    """Grants to give back if the use stopped at each month."""
    besoin: Tableau
    """What the plan lacks before the equity of the company, shape (…, 1)."""
    a_trouver: Tableau
    """What the equity of the company does not cover, shape (…, 1)."""
    tenu: Tableau
    """1 while the study lasts."""
    emploie: Tableau
    """1 while the site employs its team; always 0 for a site that is let."""
    places: Tableau
    """Places, shape (…, 1)."""
    etp: dict[str, Tableau]
    """FTE of the operating account, by kind, shape (…, 1)."""
    mode: str
    janvier: int
    """Rank of a January of the site on the common axis; a shifted site keeps the calendar of its study."""
    mois_solde: Tableau
    """Month of the year (1 to 12) in which the Caf pays its balance, shape (…, 1)."""

    @property
    def investi(self) -> Tableau:
        """Spending capitalised over the study, shape (…, 1) [€]."""
        return np.asarray(self.investissement.sum(axis=-1, keepdims=True))

    @property
    def subventionne(self) -> Tableau:
        """Grants received over the study, less given back, shape (…, 1) [€]."""
        return np.asarray(self.subventions.sum(axis=-1, keepdims=True))

    @property
    def emprunte(self) -> Tableau:
        """Loans drawn over the study, shape (…, 1) [€]."""
        return np.asarray(self.deblocages.sum(axis=-1, keepdims=True))

    @property
    def charges(self) -> Tableau:
        """Charges other than interest and depreciation."""
        return np.asarray(self.charges_murs + self.charges_exploitation + self.salaires)

    @property
    def subventions_a_rapporter(self) -> Tableau:
        """Grants acquired and not yet carried to income, at the end of each month."""
        return np.asarray(np.cumsum(self.subventions - self.quote_part, axis=-1) + self.a_recevoir)


def fermer(lieu: Lieu, mois: Tableau, preavis: int) -> Lieu:
    """Site that closes at a month: income and running charges stop, wages after the notice; debt and property charges stay.

    The Caf pays the balance of the year before in its usual month, and that of the last year a year later. Grants are given
    back pro rata of the commitment; what is left of them is carried to income as before, and a refund above what was left
    is a charge.

    Args:
        lieu: site as planned.
        mois: first month when it is closed, shape (…, 1).
        preavis: months of wages still paid.
    """
    rang = np.arange(lieu.solde.shape[-1])
    avant = (rang < mois).astype(np.float64)
    salaires = lieu.salaires * (rang < mois + preavis)
    creance = _creance_apres(lieu, mois, rang)
    rendu = np.where(rang == mois, lieu.engagement, 0.0)
    a_rendre = au_mois(lieu.engagement, mois)
    reste = np.maximum(au_mois(lieu.subventions_a_rapporter, mois - 1), 0.0)
    garde = np.maximum(reste - a_rendre, 0.0)
    part = np.divide(garde, reste, out=np.zeros_like(garde), where=~(reste <= 0))
    perte = np.where(rang == mois, np.maximum(a_rendre - reste, 0.0), 0.0)
    encaisse = _moins_variation(lieu.produits * avant, creance) - _moins_variation(lieu.produits, lieu.creance)
    decaisse = lieu.charges_exploitation * (avant - 1.0) + salaires - lieu.salaires
    return replace(
        lieu,
        produits=lieu.produits * avant,
        leviers=lieu.leviers * avant,
        charges_exploitation=lieu.charges_exploitation * avant,
        salaires=salaires,
        subventions=lieu.subventions - rendu,
        quote_part=lieu.quote_part * np.where(rang < mois, 1.0, part) - perte,
        creance=creance,
        emploie=lieu.emploie * (rang < mois + preavis),
        solde=lieu.solde + encaisse - decaisse - rendu,
    )


def _creance_apres(lieu: Lieu, mois: Tableau, rang: np.ndarray) -> Tableau:
    """Receivable on the Caf once the site is closed: paid in the two usual months that follow."""
    du = au_mois(lieu.creance, mois - 1)
    janvier = mois - 1 - (mois - 1 - lieu.janvier) % 12
    solde = janvier + lieu.mois_solde - 1
    ancien = np.where(solde >= mois, au_mois(lieu.creance, janvier - 1), 0.0)
    apres = np.where(rang < solde, du, np.where(rang < solde + 12, du - ancien, 0.0))
    return np.asarray(np.where(rang < mois, lieu.creance, apres))


def _moins_variation(produits: Tableau, creance: Tableau) -> Tableau:
    """Cash received for what is earned: income less the rise of the receivable."""
    return np.asarray(produits - np.diff(creance, axis=-1, prepend=0.0))
