"""Site of a portfolio: flows and balances of its holder on the common axis, let to an operator or operated by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.aides.cumul import Subvention
from pope_foncier.decision.portefeuille.axes import au_mois
from pope_foncier.decision.portefeuille.fiche import LignePortefeuille
from pope_foncier.decision.portefeuille.financement import CAPITAL, PlanDuLieu
from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.boucleurs import cle_de
from pope_foncier.etude.chaine import Evaluation
from pope_foncier.exploitation.compte import SALARIES
from pope_foncier.modele.lignes import Poste
from pope_foncier.socle.grandeur import Tableau

_INVESTIS: tuple[Poste, ...] = ("acquisition", "depot", "travaux", "equipement", "report")
"""What buys something lasting; works put off are those not paid with the others, less those done later."""
_COURANTES: tuple[Poste, ...] = ("personnel", "courantes", "actions", "avant_ouverture")
"""What the operation spends."""


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


@dataclass(frozen=True, slots=True)
class _Lecteur:
    """Reads the lines of one site on the common axis of ``duree`` months, from month ``debut``."""

    ev: Evaluation
    debut: int
    duree: int

    @property
    def nul(self) -> Tableau:
        """Nothing each month."""
        return np.zeros((1, self.duree))

    def poser(self, valeur: Tableau) -> Tableau:
        """Flow in its place, nothing before nor after."""
        valeur = np.atleast_2d(valeur)
        axe = np.zeros((*valeur.shape[:-1], self.duree))
        axe[..., self.debut : self.debut + self.ev.ctx.echelle.duree_mois] = valeur
        return axe

    def garder(self, valeur: Tableau) -> Tableau:
        """Balance in its place, that of the last month kept after it."""
        fin = self.debut + self.ev.ctx.echelle.duree_mois
        axe = self.poser(valeur)
        axe[..., fin:] = axe[..., fin - 1 : fin]
        return axe

    def sommer(self, *postes: Poste, de: str | None = None, a: str | None = None) -> Tableau:
        """Flows under these headings, from or to a party."""
        lignes = (
            x
            for x in self.ev.livre.du_poste(*postes)
            if x.est_flux and de in (None, x.payeur) and a in (None, x.receveur)
        )
        return sum((self.poser(x.grandeur.valeur) for x in lignes), self.nul)

    def lire(self, code: str, placer: Callable[[Tableau], Tableau] | None = None) -> Tableau:
        """Line by its code, as a flow unless said; nothing when the site has none."""
        livre = self.ev.livre
        return (placer or self.poser)(livre[code].valeur) if code in livre.lignes else self.nul


def lire_lieu(ligne: LignePortefeuille, plan: PlanDuLieu, debut: int, duree: int) -> Lieu:
    """Flows and balances of the holder of one site, moved to the common axis of ``duree`` months from month ``debut``.

    The equity of the company is apart, and what is to be found does not come: neither is in the cash of the site.
    """
    ev = plan.bouclee
    lu = _Lecteur(ev, debut, duree)
    acteurs, mois = ev.ctx.etude.acteurs, ev.ctx.echelle.duree_mois
    porteur = acteurs.nom_maitre_ouvrage
    exploite = acteurs.maitre_ouvrage == "gestionnaire"
    nul, poser, garder, sommer, lire = lu.nul, lu.poser, lu.garder, lu.sommer, lu.lire
    ouverture = debut + np.atleast_2d(ev.calendrier.ouverture.valeur)
    investi = sommer(*_INVESTIS, de=porteur) - sommer("depot", "report", "tva_rendue", a=porteur)
    dettes = [d for d in ev.dettes if d.emprunteur == porteur]
    absents = {cle_de(a.boucleur) for a in apports_de_bouclage(ev) if a.est_a_trouver or a.boucleur.id == CAPITAL}
    codes = {f"tresorerie.{x}{c}" for c in absents for x in ("", "apport.")}
    manquent = (x for x in ev.livre.du_poste("don", "apport") if x.code in codes and x.receveur == porteur)
    non_venus = sum((poser(x.grandeur.valeur) for x in manquent), nul)
    apports = [a for a in ev.apports if a.est_apport and a.id not in absents]
    aides = [a for a in ev.subventions if a.aide.id not in absents]
    verses = sum((poser(a.remuneration.valeur) for a in apports if a.remuneration is not None), nul)
    rendus = sum((poser(a.reprise.valeur) for a in apports if a.reprise is not None), nul)
    empruntes = sum((poser(a.encaisse.valeur) for a in apports if a.nature == "droit_de_reprise"), nul)
    recues = sum((poser(a.versement.valeur) for a in aides), nul)
    acquises = sum((np.atleast_2d(a.subvention.valeur) for a in aides), np.zeros((1, 1)))
    gardees = sum((np.atleast_2d(a.acquise.valeur) for a in aides), np.zeros((1, 1)))
    depuis = np.arange(duree) >= ouverture
    dotation, quote_part = lire("exploitation.charges.dotation"), nul
    produits = leviers = sommer("bail", a=porteur)
    creance = nul
    if exploite:
        assert ev.compte is not None
        leviers = poser(ev.compte.contribution.valeur)
        produits = poser(ev.compte.produits.valeur) - lire("exploitation.produits.quote_part") + leviers
        quote_part = poser(plan.en_capital.livre["exploitation.produits.quote_part"].valeur)
        creance = lire("tresorerie.creance_caf", garder) + lire("tresorerie.creance_commune", garder)
    else:
        dotation, quote_part = _etaler(ev, investi.sum(axis=-1, keepdims=True), gardees, ouverture, debut + mois, duree)
    courantes = sommer(*_COURANTES, de=porteur)
    salaires = sommer(*_COURANTES, de=porteur, a=SALARIES)
    return Lieu(
        id=ligne.id,
        libelle=ligne.libelle,
        exploite=exploite,
        ouverture=ouverture,
        produits=produits,
        leviers=leviers,
        contribution_calculee=exploite and _suit_le_compte(ev),
        charges_murs=sommer("propriete", "loyer", "frais", de=porteur),
        charges_exploitation=courantes - salaires,
        salaires=salaires,
        interets=lire("relais.interets") + sum((poser(d.interets.valeur) for d in dettes), nul),
        investissement=investi,
        subventions=recues - sum((poser(a.rendu.valeur) for a in aides if a.rendu is not None), nul),
        deblocages=sum((lire(f"emprunts.{d.id}.deblocage") for d in dettes), nul),
        remboursements=sum((poser(d.remboursement.valeur) for d in dettes), nul),
        propres=sum((poser(a.encaisse.valeur) for a in apports if a.nature != "droit_de_reprise"), nul) - verses,
        dotation=dotation,
        quote_part=quote_part,
        solde=poser(ev.livre[f"solde.{porteur}"].valeur) - non_venus,
        emprunts=sum((garder(d.restant.valeur) for d in dettes), nul),
        relais=lire("relais.encours", garder),
        reprises=np.cumsum(empruntes - rendus, axis=-1),
        creance=creance,
        a_recevoir=np.where(depuis, acquises - np.cumsum(recues, axis=-1), 0.0),
        engagement=sum((_a_rendre(ev, a, ouverture, duree) for a in aides), nul),
        besoin=np.atleast_2d(plan.besoin),
        a_trouver=np.atleast_2d(plan.a_trouver),
        tenu=poser(np.ones(mois)),
        emploie=poser(ev.calendrier.ouvert.valeur) if exploite else nul,
        places=np.atleast_2d(ev.capacite.places.valeur),
        etp={
            c: np.atleast_2d(ev.livre[f"exploitation.etp.{c}"].valeur).max(axis=-1, keepdims=True)
            for c in ("direction", "sante")
        }
        if exploite
        else {},
        mode=ev.ctx.etude.mode_accueil,
        janvier=debut + 1 - ev.ctx.echelle.depart.month,
        mois_solde=_mois_du_solde(ev),
    )


def _mois_du_solde(ev: Evaluation) -> Tableau:
    exploitation = ev.ctx.etude.exploitation
    if exploitation is None or exploitation.versements_caf is None:
        return np.full((1, 1), 12.0)
    return np.atleast_2d(ev.ctx.entree("exploitation.versements_caf.mois_solde").valeur)


def _etaler(
    ev: Evaluation, investi: Tableau, acquises: Tableau, ouverture: Tableau, fin: int, duree: int
) -> tuple[Tableau, Tableau]:
    """Depreciation and grant quota of a site that is let: evenly from the opening to the end of the study, land apart."""
    achat = ev.ctx.etude.acquisition
    terrain: Tableau | float = 0.0
    if achat is not None:
        part = ev.ctx.entree("acquisition.part_terrain")
        terrain = np.atleast_2d(ev.entree.prix.valeur * part.valeur)
    rang = np.arange(duree)
    etale = ((rang >= ouverture) & (rang < fin)) / np.maximum(fin - ouverture, 1.0)
    return (investi - terrain) * etale, acquises * etale


def _a_rendre(ev: Evaluation, aide: Subvention, ouverture: Tableau, duree: int) -> Tableau:
    """Grant to give back month by month if the use stopped: pro rata of the commitment left, or whole if the scheme says so.

    Past the end of the tenure, what had to be given back has been.
    """
    if aide.aide.engagement_ans is None:
        return np.zeros((1, duree))
    ans = np.atleast_2d(ev.ctx.entree(f"aides[{aide.aide.id}].engagement_ans").valeur)
    reste = np.clip(1.0 - (np.arange(duree) - ouverture) / (12.0 * ans), 0.0, 1.0)
    if aide.reversement == "total":
        reste = (reste > 0.0).astype(np.float64)
    fin = ouverture + np.atleast_2d(ev.calendrier.fin_usage.valeur - ev.calendrier.ouverture.valeur)
    return np.asarray(np.atleast_2d(aide.subvention.valeur) * reste * (np.arange(duree) < fin))


def _suit_le_compte(ev: Evaluation) -> bool:
    fiche = ev.ctx.etude.exploitation
    return fiche is not None and (
        fiche.contribution_commune.est_calculee() or fiche.contribution_commune.mode == "plafonnee"
    )
