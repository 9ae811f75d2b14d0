"""Points of the drawn plan of a site to confirm: rules of the building that fail, then facts that nobody gave."""

from __future__ import annotations

from collections.abc import Iterator

from pope_foncier.etude.points_du_plan import Point
from pope_foncier.etude.resultats import Vue
from pope_foncier.places.controles_plan import controler_plan
from pope_foncier.places.pieces_du_site import plan_du_site
from pope_foncier.places.situation import situation_des_locaux


def points_du_lieu(vue: Vue) -> Iterator[Point]:
    """Rules read on the plan that the site sheet names, for the places of a scenario; nothing without such a plan."""
    ctx, lu = vue.ev.ctx, plan_du_site(vue.ev.ctx)
    if lu is None:
        return
    plan, locaux = lu
    jour, neuf = ctx.etude.date_demande, ctx.etude.travaux.construction_neuve
    places, passages = vue.valeur(vue.ev.capacite.places), plan.niveaux_des_passages()
    situation = situation_des_locaux(locaux, places, ctx.catalogue, jour, neuf, passages)
    constats = [c for lus in controler_plan(plan, situation, ctx.catalogue, jour).values() for c in lus]
    for statut, mot in (("non_respecte", "non respecté"), ("a_verifier", "à vérifier")):
        trouves = list(dict.fromkeys(c.sujet for c in constats if c.statut == statut))
        if trouves:
            s = "s" if len(trouves) > 1 else ""
            accord = f"{mot}{s}" if statut == "non_respecte" else mot
            etat = f"{len(trouves)} point{s} {accord}"
            yield (
                "Plan du lieu : issues, accès, jour",
                etat,
                " ; ".join(trouves),
                "l'architecte et la commission de sécurité",
            )
