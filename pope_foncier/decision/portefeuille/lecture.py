"""Reading of a site of a portfolio: the ledger of its study, moved to the common axis, let to an operator or operated by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from pope_foncier.aides.cumul import Subvention
from pope_foncier.decision.portefeuille.fiche import LignePortefeuille
from pope_foncier.decision.portefeuille.financement import CAPITAL, PlanDuLieu
from pope_foncier.decision.portefeuille.lieu import Lieu
from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.exploitation.charges import SALARIES
from pope_foncier.modele.lignes import Poste
from pope_foncier.socle.grandeur import Grandeur, Tableau

_INVESTIS: tuple[Poste, ...] = ("acquisition", "depot", "travaux", "equipement", "report")
"""What buys something lasting; works put off are those not paid with the others, less those done later."""
_COURANTES: tuple[Poste, ...] = ("personnel", "courantes", "actions", "avant_ouverture")
"""What the operation spends."""


@dataclass(frozen=True, slots=True)
class _Lecteur:
    """Reads the lines of one site on the common axis of ``duree`` months, from month ``debut``."""

    ev: Evaluation
    debut: int
    duree: int

    @property
    def porteur(self) -> str:
        """Who orders the works of the site."""
        return self.ev.ctx.etude.acteurs.nom_maitre_ouvrage

    @property
    def exploite(self) -> bool:
        """Whether the holder operates the place itself."""
        return self.ev.ctx.etude.acteurs.maitre_ouvrage == "gestionnaire"

    @property
    def ouverture(self) -> Tableau:
        """Month of the opening, shape (…, 1)."""
        return np.asarray(self.debut + np.atleast_2d(self.ev.calendrier.ouverture.valeur))

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
        lignes = self.ev.livre.du_poste(*postes)
        return self.tout(
            x.grandeur for x in lignes if x.est_flux and de in (None, x.payeur) and a in (None, x.receveur)
        )

    def tout(self, flux: Iterable[Grandeur | None]) -> Tableau:
        """Sum of the flows that there are, in their place."""
        return sum((self.poser(g.valeur) for g in flux if g is not None), self.nul)

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
    absents = {a.boucleur.cle for a in apports_de_bouclage(ev) if a.est_a_trouver or a.boucleur.id == CAPITAL}
    dettes = [d for d in ev.dettes if d.emprunteur == lu.porteur]
    apports = [a for a in ev.apports if a.est_apport and a.id not in absents]
    aides = [a for a in ev.subventions if a.aide.id not in absents]
    investi = lu.sommer(*_INVESTIS, de=lu.porteur) - lu.sommer("depot", "report", "tva_rendue", a=lu.porteur)
    courantes, salaires = lu.sommer(*_COURANTES, de=lu.porteur), lu.sommer(*_COURANTES, de=lu.porteur, a=SALARIES)
    rendus, recues = lu.tout(a.reprise for a in apports), lu.tout(a.versement for a in aides)
    empruntes = lu.tout(a.encaisse for a in apports if a.nature == "droit_de_reprise")
    propres = lu.tout(a.encaisse for a in apports if a.nature != "droit_de_reprise")
    dotation, quote_part = _amortir(lu, plan, aides, investi)
    produits, leviers, creance = _produire(lu)
    return Lieu(
        id=ligne.id,
        libelle=ligne.libelle,
        exploite=lu.exploite,
        ouverture=lu.ouverture,
        produits=produits,
        leviers=leviers,
        contribution_calculee=lu.exploite and _suit_le_compte(ev),
        charges_murs=lu.sommer("propriete", "loyer", "frais", de=lu.porteur),
        charges_exploitation=courantes - salaires,
        salaires=salaires,
        interets=lu.lire("relais.interets") + lu.tout(g for d in dettes for g in d.charges),
        investissement=investi,
        subventions=recues - lu.tout(a.rendu for a in aides),
        deblocages=sum((lu.lire(f"emprunts.{d.id}.deblocage") for d in dettes), lu.nul),
        remboursements=lu.tout(d.remboursement for d in dettes),
        propres=propres - lu.tout(a.remuneration for a in apports),
        dotation=dotation,
        quote_part=quote_part,
        solde=lu.poser(ev.livre[f"solde.{lu.porteur}"].valeur) - _non_venus(lu, absents),
        emprunts=sum((lu.garder(d.restant.valeur) for d in dettes), lu.nul),
        relais=lu.lire("relais.encours", lu.garder),
        reprises=np.cumsum(empruntes - rendus, axis=-1),
        creance=creance,
        a_recevoir=_a_recevoir(lu, aides, recues),
        engagement=sum((_a_rendre(ev, a, lu.ouverture, duree) for a in aides), lu.nul),
        besoin=np.atleast_2d(plan.besoin),
        a_trouver=np.atleast_2d(plan.a_trouver),
        tenu=lu.poser(np.ones(ev.ctx.echelle.duree_mois)),
        emploie=lu.poser(ev.calendrier.ouvert.valeur) if lu.exploite else lu.nul,
        places=np.atleast_2d(ev.capacite.places.valeur),
        etp=_etp(ev) if lu.exploite else {},
        mode=ev.ctx.etude.mode_accueil,
        janvier=debut + 1 - ev.ctx.echelle.depart.month,
        mois_solde=_mois_du_solde(ev),
    )


def _produire(lu: _Lecteur) -> tuple[Tableau, Tableau, Tableau]:
    """Income earned, its part that may be asked to rise, and what the Caf and the commune owe; rents of a site that is let."""
    if not lu.exploite:
        loyers = lu.sommer("bail", a=lu.porteur)
        return loyers, loyers, lu.nul
    compte = lu.ev.compte
    assert compte is not None
    contribution = lu.poser(compte.contribution.valeur)
    produits = lu.poser(compte.produits.valeur) - lu.lire("exploitation.produits.quote_part") + contribution
    creance = lu.lire("tresorerie.creance_caf", lu.garder) + lu.lire("tresorerie.creance_commune", lu.garder)
    return produits, contribution, creance


def _amortir(lu: _Lecteur, plan: PlanDuLieu, aides: Iterable[Subvention], investi: Tableau) -> tuple[Tableau, Tableau]:
    """Depreciation, and grants carried to income: those of the account, else spread over the open years of a site that is let."""
    if lu.exploite:
        quote_part = lu.poser(plan.en_capital.livre["exploitation.produits.quote_part"].valeur)
        return lu.lire("exploitation.charges.dotation"), quote_part
    gardees = sum((np.atleast_2d(a.acquise.valeur) for a in aides), np.zeros((1, 1)))
    fin = lu.debut + lu.ev.ctx.echelle.duree_mois
    return _etaler(lu.ev, investi.sum(axis=-1, keepdims=True), gardees, lu.ouverture, fin, lu.duree)


def _a_recevoir(lu: _Lecteur, aides: Iterable[Subvention], recues: Tableau) -> Tableau:
    """Grants acquired at the opening and not yet received."""
    acquises = sum((np.atleast_2d(a.subvention.valeur) for a in aides), np.zeros((1, 1)))
    ouvert = np.arange(lu.duree) >= lu.ouverture
    return np.where(ouvert, acquises - np.cumsum(recues, axis=-1), 0.0)


def _non_venus(lu: _Lecteur, absents: set[str]) -> Tableau:
    """Flows to the holder that closed its plan and do not come: equity of the company, what is to be found."""
    codes = {f"tresorerie.{x}{c}" for c in absents for x in ("", "apport.")}
    lignes = lu.ev.livre.du_poste("don", "apport")
    return lu.tout(x.grandeur for x in lignes if x.code in codes and x.receveur == lu.porteur)


def _etp(ev: Evaluation) -> dict[str, Tableau]:
    """FTE of the posts that several sites may share."""
    return {
        c: np.atleast_2d(ev.livre[f"exploitation.etp.{c}"].valeur).max(axis=-1, keepdims=True)
        for c in ("direction", "sante")
    }


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
