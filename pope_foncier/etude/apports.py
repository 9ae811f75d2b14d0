"""Equity and quasi-equity: own funds, self-financing, contributions with a right of recovery; VAT that comes back."""

from __future__ import annotations

from collections.abc import Sequence

from pope_foncier.acquisition.entree import Entree
from pope_foncier.modele.calendrier import Calendrier, au_mois, entre
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import A_TROUVER, Boucleur
from pope_foncier.modele.financement import Apport
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.paiements import l_annee_suivante, retard
from pope_foncier.modele.ressource import Ressource
from pope_foncier.prets.dette import Dette
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, somme, total
from pope_foncier.socle.vocabulaire import decaler, dernier, pareil, plancher, si, superieur
from pope_foncier.travaux.cout import CoutTravaux

TRESOR = "État (TVA)"


def apporter(ctx: Contexte, livre: Livre, cal: Calendrier) -> list[Ressource]:
    """Compute the contributions of a study; a right of recovery is given back in equal months, without interest.

    The capped return of shares is paid at the end of each year of opening; the shares themselves stay in the company.
    """
    ressources = []
    for apport in ctx.etude.apports:
        champ = f"apports[{apport.id}]"
        montant = (ctx.entree(f"{champ}.montant") * ctx.entree("realiser")).nommer(apport.libelle)
        ressources.append(inscrire_apport(ctx, livre, cal, apport, apport.id, champ, montant))
    return ressources


def inscrire_apport(
    ctx: Contexte, livre: Livre, cal: Calendrier, fiche: Apport | Boucleur, cle: str, champ: str, montant: Grandeur
) -> Ressource:
    """Write one contribution: amount in the plan, payment, returns and capped return, whose terms are read at ``champ``."""
    porteur, apporteur, nom = ctx.etude.acteurs.nom_maitre_ouvrage, fiche.apporteur or A_TROUVER, fiche.libelle
    livre.inscrire(f"ressources.{cle}", montant)
    quand = ctx.entree(f"{champ}.mois_versement")
    if ctx.chocs:
        quand = quand + retard(ctx, champ)
    encaisse = livre.inscrire(f"tresorerie.apport.{cle}", au_mois(ctx, montant, quand), apporteur, porteur, nom)
    reprise = remuneration = None
    if fiche.nature == "droit_de_reprise":
        differe, duree = (ctx.entree(f"{champ}.reprise_{x}_mois") for x in ("differe", "duree"))
        reprise = _rendre(ctx, montant, quand + differe, duree)
        livre.inscrire(f"tresorerie.reprise.{cle}", reprise, porteur, apporteur, nom)
    if isinstance(fiche, Apport) and fiche.remuneration is not None:
        remuneration = _chaque_annee(ctx, cal, montant, ctx.entree(f"{champ}.remuneration"))
        livre.inscrire(f"tresorerie.remuneration.{cle}", remuneration, porteur, apporteur, nom)
    return Ressource(cle, fiche.nature, montant, encaisse, reprise, remuneration, apporteur)


def _chaque_annee(ctx: Contexte, cal: Calendrier, capital: Grandeur, taux: Grandeur) -> Grandeur:
    """Return of a capital paid in the last month of each full open year, shape (…, M)."""
    rang = ctx.mois - plancher(cal.ouverture + 0.5) + 1.0
    fin_d_annee = pareil(rang / 12.0, plancher(rang / 12.0))
    echeance = superieur(rang, 0.0) * fin_d_annee * superieur(cal.ouvert, 0.0)
    du = capital * taux
    phrase = "{1} × {2} à la fin de chaque année d'ouverture"
    return dire(si(echeance, du, 0.0 * du), phrase, ctx.mois, capital, taux, cal.ouverture, cal.ouvert)


def _rendre(ctx: Contexte, montant: Grandeur, debut: Grandeur, duree: Grandeur) -> Grandeur:
    rendu = si(entre(ctx, debut, debut + duree), montant / maximum(duree, 1.0), 0.0 * montant)
    return dire(rendu, "{1} rendu en {3} à partir du mois {2}", ctx.mois, montant, debut, duree)


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
        variante, taux = "recuperation", ctx.bareme("fiscalite.tva.taux_normal")
        part = taux / (1.0 + taux)
        due = (paiements * part).nommer("TVA déductible du mois")
    else:
        variante, part = "", ctx.bareme("subventions.autres.fctva_taux")
        due = (paiements * part).nommer("FCTVA de la dépense du mois")
    if fiche.annees is None:
        encaisse = decaler(due, ctx.entree("compensation_tva.delai_mois"), "{} rendue {} plus tard")
    else:
        encaisse = l_annee_suivante(ctx, due, ctx.entree("compensation_tva.mois_versement"), fiche.annees)
    neuf = ctx.etude.acquisition is not None and ctx.etude.acquisition.regime == "neuf_ou_vefa"
    taxee = cout.total_ttc
    if ctx.etude.travaux.assurances_part is not None:
        taxee = (taxee - cout.assurances).nommer("Coût TTC hors assurances, sans TVA")
    depense = taxee + achat.prix if neuf else taxee
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    montant = livre.inscrire("ressources.compensation_tva", depense * part, nom=variante)
    encaisse = livre.inscrire("tresorerie.compensation_tva", encaisse, TRESOR, porteur, variante)
    return Ressource("compensation_tva", fiche.nature, montant, encaisse)


def reste_a_rendre(ctx: Contexte, dettes: Sequence[Dette], apports: Sequence[Ressource]) -> Grandeur:
    """What the project owner still owes at the end of the study: loans and contributions to give back, shape (…, 1) [€]."""
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    du = [dernier(d.restant, "dernier [{}]") for d in dettes if d.emprunteur == porteur]
    du += [a.montant - total(a.reprise) for a in apports if a.reprise is not None]
    return somme(du, "Reste dû à la fin de l'étude")
