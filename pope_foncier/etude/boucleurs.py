"""Closers of a plan, once their amounts are known: what each brings, when it is paid, what is given back.

The amounts come from ``etude.bouclage``, which asks for the plan again until it closes; here they are ordinary resources:
grants among the grants, contributions among the contributions, loans among the loans.
"""

from __future__ import annotations

import numpy as np

from pope_foncier.aides.cumul import Subvention, don_de_bouclage
from pope_foncier.etude.apports import inscrire_apport
from pope_foncier.etude.tresorerie import ENTREPRISES
from pope_foncier.modele.calendrier import Calendrier, au_mois
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import DEMARRAGE, Boucleur, NatureBouclage
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.ressource import Ressource
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.prets_de_l_etude import ObjetDuFinancement, dette_de_bouclage
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, minimum
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.vocabulaire import au_rythme, connu_ou_zero, superieur, superieur_ou_egal


def champ(ctx: Contexte, boucleur: Boucleur) -> str:
    """Field of the study where the terms of a closer are read."""
    dit = any(b is boucleur for b in ctx.etude.bouclage)
    return f"{'bouclage' if dit else 'boucleurs'}[{boucleur.id}]"


def apporter(ctx: Contexte, livre: Livre, cal: Calendrier) -> list[Ressource]:
    """Own funds and contributions with a right of recovery that close the plan."""
    appeles = _appeles(ctx, "fonds_propres", "droit_de_reprise")
    return [inscrire_apport(ctx, livre, cal, b, b.cle, champ(ctx, b), ctx.bouclage[b.id]) for b in appeles]


def donner(ctx: Contexte, livre: Livre, cal: Calendrier, base: Grandeur) -> list[Subvention]:
    """Grants that close the plan, the unattributed ones included; ``base`` is the cost that they help to pay.

    They are paid to who orders the works, but for the start of its operator.
    """
    appeles = _appeles(ctx, "subvention", "a_trouver")
    return [don_de_bouclage(ctx, livre, cal, b, base, beneficiaire(ctx, b)) for b in appeles]


def beneficiaire(ctx: Contexte, boucleur: Boucleur) -> str:
    """Party that a closing grant is paid to: who orders the works, or its operator for what its start asks."""
    acteurs = ctx.etude.acteurs
    qui: str = acteurs.gestionnaire if boucleur.id == DEMARRAGE.id else acteurs.nom_maitre_ouvrage
    return qui


def preter(ctx: Contexte, livre: Livre, cal: Calendrier, objet: ObjetDuFinancement) -> list[Dette]:
    """Loans that close the plan."""
    return [dette_de_bouclage(ctx, livre, cal, champ(ctx, b), b, objet) for b in _appeles(ctx, "pret")]


def reporter(ctx: Contexte, livre: Livre, cal: Calendrier) -> list[Ressource]:
    """Works put off: not paid with the others, at their rhythm, but done and paid later at the prices of that day."""
    ressources = []
    travaux = livre["tresorerie.travaux"]
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    for b in _appeles(ctx, "report_travaux"):
        montant, code = ctx.bouclage[b.id], b.cle
        livre.inscrire(f"ressources.{code}", montant)
        evite = au_rythme(montant, travaux)
        livre.inscrire(f"tresorerie.{code}.evite", evite, ENTREPRISES, porteur, b.libelle)
        attente = ctx.entree(f"{champ(ctx, b)}.report_mois")
        quand = (cal.ouverture + attente).nommer(f"Mois des travaux reportés : {b.libelle}", "mois")
        _verifier_report(ctx, cal, b.libelle, montant, quand)
        fait = livre.inscrire(f"tresorerie.{code}.fait", au_mois(ctx, montant, quand), porteur, ENTREPRISES, b.libelle)
        alors, prevu = (
            ctx.indice_au_mois("bt01", ctx.etude.travaux.date_valeur, m) for m in (quand, cal.debut_travaux)
        )
        hausse = alors / prevu
        surcout = au_mois(ctx, montant * (hausse - 1.0), quand)
        livre.inscrire(f"tresorerie.{code}.hausse", surcout, porteur, ENTREPRISES, b.libelle)
        ressources.append(Ressource(code, "report_travaux", montant, evite, fait, surcout, ENTREPRISES))
    return ressources


def _verifier_report(ctx: Contexte, cal: Calendrier, libelle: str, montant: Grandeur, quand: Grandeur) -> None:
    """Refuse works put off until the premises are no longer used, or the study is over: they would never be done.

    Raises:
        ErreurCalcul: names the month asked and the last one possible.
    """
    fin = minimum(cal.fin_usage, float(ctx.echelle.duree_mois))
    perdus = connu_ou_zero(superieur(montant, 0.005) * superieur_ou_egal(quand, fin))
    if aiguiller(perdus):
        ou = perdus.valeur > 0.0
        demande, possible = (float(np.broadcast_to(g.valeur, ou.shape)[ou][0]) for g in (quand, fin))
        raise ErreurCalcul(
            f"« {libelle} » : travaux reportés au mois {formater_nombre(demande, 2, 0)} de l'étude, quand l'usage du lieu ou l'étude finit au mois "
            f"{formater_nombre(possible, 2, 0)} : ils ne seraient jamais faits. Diminuer « report_mois », ou retirer cet apport de bouclage."
        )


def _appeles(ctx: Contexte, *natures: NatureBouclage) -> list[Boucleur]:
    """Closers of these natures that are called: none on the plan as it stands."""
    return [b for b in ctx.boucleurs if b.id in ctx.bouclage and b.nature in natures]
