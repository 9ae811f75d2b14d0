"""Sharing of what a plan lacks between its closers, in order: the amount of each as an expression of the gap and of the inputs."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.boucleurs import champ
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.service_dette import disponible, service
from pope_foncier.modele.fiche_bouclage import DEMARRAGE, Boucleur
from pope_foncier.prets.prets_de_l_etude import service_d_un_euro
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, maximum, minimum, par_annee, somme
from pope_foncier.socle.vocabulaire import plus_bas, si, superieur


def repartir(ev: Evaluation) -> dict[str, Grandeur]:
    """Share out what the plan lacks between the closers, in order, shape (…, 1) each [€]; an operator's start is apart from the owner's gap.

    Each part is an expression of the amounts called in the evaluation and of its inputs: at the fixed point it equals the amount itself.
    """
    ctx, du_gestionnaire = ev.ctx, ev.plan.manque_du_gestionnaire
    manque = ev.plan.reste_a_financer + somme(ctx.bouclage.values()) - du_gestionnaire
    total = reste = maximum(manque, 0.0).nommer("Manque du plan avant tout apport de bouclage")
    parts = {}
    for boucleur in ctx.boucleurs:
        if boucleur.id == DEMARRAGE.id:
            parts[boucleur.id] = du_gestionnaire
            continue
        bornes = [_voulu(ev, boucleur, total, reste), reste]
        if boucleur.plafond is not None:
            bornes.append(ctx.entree(f"{champ(ctx, boucleur)}.plafond"))
        if boucleur.nature == "report_travaux":
            bornes.append(ev.cout.travaux_ht + ev.cout.aleas_ht)
        part = maximum(minimum(*bornes), 0.0).nommer(boucleur.libelle)
        parts[boucleur.id] = part
        reste = (reste - part).nommer(f"Manque du plan après {boucleur.libelle}")
    return parts


def _voulu(ev: Evaluation, boucleur: Boucleur, total: Grandeur, reste: Grandeur) -> Grandeur:
    ou = champ(ev.ctx, boucleur)
    if boucleur.montant is not None:
        return ev.ctx.entree(f"{ou}.montant")
    if boucleur.part is not None:
        return total * ev.ctx.entree(f"{ou}.part")
    if boucleur.pret is not None and boucleur.pret.couverture_cible is not None:
        return _capacite(ev, boucleur)
    return reste


def _capacite(ev: Evaluation, boucleur: Boucleur) -> Grandeur:
    """Largest loan whose service leaves the cover of each year of debt at the target, shape (…, 1) [€].

    The years are those that the cover is read on: from the opening, ramp-up included.
    """
    echelle, porteur = ev.ctx.echelle, ev.ctx.etude.acteurs.nom_maitre_ouvrage
    du_pret = next((d for d in ev.dettes if d.id == boucleur.cle), None)
    echeances = service_d_un_euro(ev.ctx, ev.calendrier, champ(ev.ctx, boucleur), boucleur)
    unitaire = par_annee(echeances * (1.0 - ev.calendrier.avant_ouverture), echelle)
    dispo = disponible(ev, porteur)
    if dispo is None:
        raise ErreurCalcul(
            f"« {boucleur.libelle} » vise une couverture, mais l'étude n'a pas de compte d'exploitation. "
            "Retirer « couverture_cible », ou compléter « exploitation »."
        )
    cible = ev.ctx.entree(f"{champ(ev.ctx, boucleur)}.pret.couverture_cible")
    autres = par_annee(service(ev, porteur), echelle)
    if du_pret is not None:
        autres = autres - unitaire * du_pret.capital
    capacite = (par_annee(dispo, echelle) / cible - autres) / unitaire
    return maximum(plus_bas(si(superieur(unitaire, 0.0), capacite, np.inf)), 0.0)
