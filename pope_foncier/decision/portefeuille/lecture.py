"""Reading of a site of a portfolio: the ledger of its study, moved to the common axis, let to an operator or operated by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pope_foncier.aides.cumul import Subvention
from pope_foncier.decision.portefeuille.fiche import LignePortefeuille
from pope_foncier.decision.portefeuille.financement import CAPITAL, PlanDuLieu
from pope_foncier.decision.portefeuille.lieu import Lieu
from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.boucleurs import cle_de
from pope_foncier.etude.chaine import Evaluation
from pope_foncier.exploitation.charges import SALARIES
from pope_foncier.modele.lignes import Poste
from pope_foncier.socle.grandeur import Tableau

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
