"""Equity and quasi-equity: own funds, self-financing, contributions with a right of recovery; VAT that comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pope_foncier.finances.entree import Entree
from pope_foncier.finances.livre import Livre
from pope_foncier.projet.calendrier import Calendrier, au_mois
from pope_foncier.projet.contexte import Contexte, lire_champ
from pope_foncier.projet.cout_travaux import CoutTravaux
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, maximum, par_annee, vers_mois

TRESOR = "État (TVA)"


@dataclass(frozen=True, slots=True)
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
    nature: Literal["fonds_propres", "autofinancement", "droit_de_reprise", "report_travaux", "recuperation", "fctva"]
    montant: Grandeur
    encaisse: Grandeur
    reprise: Grandeur | None = None
    remuneration: Grandeur | None = None
    apporteur: str = ""

    @property
    def est_apport(self) -> bool:
        """Whether it is equity or quasi-equity: neither VAT that comes back nor works put off."""
        return self.nature in ("fonds_propres", "autofinancement", "droit_de_reprise")


def apporter(ctx: Contexte, livre: Livre, cal: Calendrier) -> list[Ressource]:
    """Compute the contributions of a study; a right of recovery is given back in equal months, without interest.

    The capped return of shares is paid at the end of each year of opening; the shares themselves stay in the company.
    """
    realiser = ctx.entree("realiser", "Projet réalisé (1) ou non (0)", "")
    ressources = []
    for apport in ctx.etude.apports:
        champ = f"apports[{apport.id}]"
        montant = (ctx.entree(f"{champ}.montant", f"{apport.libelle}, montant", "€") * realiser).nommer(apport.libelle)
        ressources.append(
            inscrire_apport(ctx, livre, cal, champ, apport.id, apport.nature, apport.libelle, apport.apporteur, montant)
        )
    return ressources


def inscrire_apport(
    ctx: Contexte,
    livre: Livre,
    cal: Calendrier,
    champ: str,
    cle: str,
    nature: Literal["fonds_propres", "autofinancement", "droit_de_reprise"],
    nom: str,
    apporteur: str,
    montant: Grandeur,
) -> Ressource:
    """Write one contribution: amount in the plan, payment, returns and capped return, whose terms are read at ``champ``."""
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    livre.inscrire(f"ressources.{cle}", "ressources", montant)
    quand = ctx.entree(f"{champ}.mois_versement", f"{nom}, mois du versement", "mois")
    if ctx.chocs:
        quand = quand + ctx.choquer(f"{champ}.retard_mois", Grandeur(0.0, "Retard", "mois"))
    encaisse = au_mois(ctx, montant, quand).nommer(f"Versement : {nom}")
    livre.inscrire(f"tresorerie.apport.{cle}", "tresorerie", encaisse, apporteur, porteur)
    reprise = None
    if nature == "droit_de_reprise":
        differe = ctx.entree(f"{champ}.reprise_differe_mois", f"{nom}, différé de reprise", "mois")
        duree = ctx.entree(f"{champ}.reprise_duree_mois", f"{nom}, durée de la reprise", "mois")
        reprise = appliquer(
            _rendre, "{1} rendu en {3} à partir du mois {2}", ctx.mois, montant, quand + differe, duree, axe="mois"
        ).nommer(f"Reprise : {nom}")
        livre.inscrire(f"tresorerie.reprise.{cle}", "emprunts", reprise, porteur, apporteur)
    remuneration = None
    if getattr(lire_champ(ctx.etude, champ), "remuneration", None) is not None:
        taux = ctx.entree(f"{champ}.remuneration", f"{nom}, rémunération", "%")
        remuneration = appliquer(
            _chaque_annee,
            "{1} × {2} à la fin de chaque année d'ouverture",
            ctx.mois,
            montant,
            taux,
            cal.ouverture,
            cal.ouvert,
        ).nommer(f"Rémunération : {nom}")
        livre.inscrire(f"tresorerie.remuneration.{cle}", "emprunts", remuneration, porteur, apporteur)
    return Ressource(cle, nature, montant, encaisse, reprise, remuneration, apporteur)


def _chaque_annee(mois: Tableau, capital: Tableau, taux: Tableau, ouverture: Tableau, ouvert: Tableau) -> Tableau:
    """Return of a capital paid in the last month of each full open year, shape (…, M)."""
    rang = mois - np.floor(ouverture + 0.5) + 1.0
    echeance = (rang > 0) & (rang % 12 == 0) & (ouvert > 0)
    return np.where(np.isnan(ouverture + ouvert + capital + taux), np.nan, np.where(echeance, capital * taux, 0.0))


def _rendre(mois: Tableau, montant: Tableau, debut: Tableau, duree: Tableau) -> Tableau:
    dans = (mois >= debut) & (mois < debut + duree)
    return np.where(np.isnan(montant + debut + duree), np.nan, np.where(dans, montant / np.maximum(duree, 1.0), 0.0))


def compenser_tva(
    ctx: Contexte, livre: Livre, paiements: Grandeur, cout: CoutTravaux, achat: Entree
) -> Ressource | None:
    """VAT that comes back to the project owner: deducted after a delay, or FCTVA at its share of spending with VAT.

    Args:
        paiements: spending with VAT by month, shape (…, M) [€].
        cout: cost plan, whose VAT comes back whatever the horizon; insurance, which bears none, gives none back.
        achat: purchase, whose VAT comes back when the building is new.
    """
    fiche = ctx.etude.compensation_tva
    if fiche is None:
        return None
    if fiche.nature == "recuperation":
        nom, taux = "TVA récupérée", ctx.bareme("fiscalite.tva.taux_normal")
        due = (paiements * (taux / (1.0 + taux))).nommer("TVA déductible du mois")
        part = taux / (1.0 + taux)
    else:
        nom, part = "Compensation de la TVA (FCTVA)", ctx.bareme("subventions.autres.fctva_taux")
        due = (paiements * part).nommer("FCTVA de la dépense du mois")
    if fiche.annees is None:
        delai = ctx.entree("compensation_tva.delai_mois", "Délai de retour de la TVA", "mois")
        encaisse = appliquer(retarder, "{} rendue {} plus tard", due, delai, axe="mois")
    else:
        mois = ctx.entree("compensation_tva.mois_versement", "Mois de versement du FCTVA", "")
        encaisse = l_annee_suivante(ctx, due, mois, fiche.annees)
    encaisse = encaisse.nommer(f"Versement : {nom}")
    neuf = ctx.etude.acquisition is not None and ctx.etude.acquisition.regime == "neuf_ou_vefa"
    taxee = cout.total_ttc
    if ctx.etude.travaux.assurances_part is not None:
        taxee = (taxee - cout.assurances).nommer("Coût TTC hors assurances, sans TVA")
    depense = taxee + achat.prix if neuf else taxee
    montant = (depense * part).nommer(nom)
    livre.inscrire("ressources.compensation_tva", "ressources", montant)
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    livre.inscrire("tresorerie.compensation_tva", "tresorerie", encaisse, TRESOR, porteur)
    return Ressource("compensation_tva", fiche.nature, montant, encaisse)


def l_annee_suivante(ctx: Contexte, droits: Grandeur, mois: Grandeur, annees: int = 1) -> Grandeur:
    """Total of each calendar year paid in one month (1 to 12) of a later year, shape (…, M); beyond the horizon, unpaid."""
    du_mois = Grandeur((ctx.echelle.mois + ctx.echelle.depart.month - 1) % 12 + 1, "mois de l'année", axe="mois")
    total = appliquer(
        lambda v: np.concatenate([np.zeros((*v.shape[:-1], min(annees, v.shape[-1]))), v], axis=-1)[..., : v.shape[-1]],
        f"{{}}, {annees} an{'s' if annees > 1 else ''} avant",
        par_annee(droits, ctx.echelle),
    )
    return appliquer(
        lambda t, m, q: np.where(np.isnan(q), np.nan, np.where(m == q, t, 0.0 * t)),
        "{0} si {1} = {2}",
        vers_mois(total, ctx.echelle),
        du_mois,
        mois,
    )


def retarder(flux: Tableau, delai: Tableau) -> Tableau:
    """Flows moved later by whole months, earlier when the delay is below zero, shape (…, M)."""
    dernier = flux.shape[-1] - 1
    rangs = np.arange(flux.shape[-1]) - np.nan_to_num(delai).astype(np.intp)
    forme = np.broadcast_shapes(flux.shape, rangs.shape)
    pris = np.take_along_axis(np.broadcast_to(flux, forme), np.broadcast_to(np.clip(rangs, 0, dernier), forme), axis=-1)
    return np.where(np.isnan(delai), np.nan, np.where((rangs >= 0) & (rangs <= dernier), pris, 0.0))


def creance(droits: Grandeur, encaisse: Grandeur, nom: str) -> Grandeur:
    """Receivable: what is earned and not yet paid at the end of each month, never below zero, shape (…, M)."""
    ecart = appliquer(lambda a, b: np.cumsum(a - b, axis=-1), "cumul de {} moins cumul de {}", droits, encaisse)
    return maximum(ecart, 0.0).nommer(nom)
