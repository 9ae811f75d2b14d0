"""Premises of a scenario: its place with the areas that it assumes, and the rooms of the places that it retains."""

from __future__ import annotations

import math
from dataclasses import replace

from pope_foncier.etude.resultats import Vue
from pope_foncier.lieu.locaux import ProgrammeLocaux
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.plan_lecture import lire_plan_du_site
from pope_foncier.places.capacite_site import CapaciteSite
from pope_foncier.places.places_du_mode import nom_du_mode
from pope_foncier.places.programme_type import programme_des_places
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.lieu.lieu_ouvert import Lieu


def lieu_de(vue: Vue) -> Lieu:
    """Place of a scenario: its site, its mode, its works and the areas that it assumes."""
    etude, programme = vue.ev.ctx.etude, vue.ev.ctx.etude.programme
    rapport = vue.valeur(vue.ev.ctx.entree("programme.coefficient_sdo_su"))
    lecture = etude.lecture_densite
    return Lieu(
        vue.ev.ctx.site,
        vue.ev.ctx.catalogue,
        nom_du_mode(etude.mode_accueil),
        etude.date_demande,
        surface=programme.surface_m2,
        cour=programme.surface_exterieure_m2,
        neuf=etude.travaux.construction_neuve,
        coefficient=None if math.isnan(rapport) else rapport,
        dense=None if lecture == "carreau" else lecture == "tres_dense",
        espace=None if etude.lecture_espace == "site" else etude.lecture_espace == "admis",
    )


def lieu_sur(vue: Vue, plan: PlanTrace | None) -> Lieu:
    """Same place on a drawn plan, which gives its areas; what the plan does not draw stays as the scenario assumes it."""
    lieu = lieu_de(vue)
    if plan is None:
        return lieu
    dessine = replace(lieu, plan=plan, surface=None, cour=None)
    lues = dessine.capacite.surfaces
    gardees = {
        nom: getattr(lieu, nom)
        for nom, mesure in (("surface", lues.plancher_m2[1]), ("cour", lues.cour_m2[1]))
        if math.isnan(mesure)
    }
    return replace(dessine, **gardees)


def lieu_dessine(vue: Vue) -> Lieu:
    """Same place, with its plan if one is drawn."""
    etude, site = vue.ev.ctx.etude, vue.ev.ctx.site
    fichiers = sorted((dossier_donnees() / "plans").glob(f"{etude.site}*.yaml"), key=lambda f: "suppose" not in f.stem)
    return replace(lieu_de(vue), plan=lire_plan_du_site(fichiers[0], site) if fichiers else None)


def plan_ou_schema(vue: Vue, lieu: Lieu) -> PlanTrace | str:
    """Plan drawn of the place, else the block diagram of the places retained in the areas of the study, or why neither.

    Raises:
        ErreurCalcul: too few or too many places for the programme.
    """
    if lieu.plan is not None:
        return lieu.plan
    retenu = programme(vue, lieu.capacite)
    if isinstance(retenu, str):
        return retenu
    surface, cour = (vue.valeur(g) for g in surfaces(vue))
    return plan_simple.schema(retenu, surface, cour, vue.ev.ctx.etude.site)


def surfaces(vue: Vue) -> tuple[Grandeur, Grandeur]:
    """Floor area and yard of a scenario [m²]."""
    ctx = vue.ev.ctx
    return (
        ctx.entree("programme.surface_m2"),
        ctx.entree("programme.surface_exterieure_m2"),
    )


def programme(vue: Vue, capacite: CapaciteSite) -> ProgrammeLocaux | str:
    """Rooms of the places retained, or why there are none.

    Raises:
        ErreurCalcul: too few or too many places for the programme.
    """
    places = vue.valeur(vue.ev.capacite.places)
    if not capacite.regles.referentiel:
        return "Pas de schéma des surfaces : la règle des m² par place ne s'applique pas à ce mode."
    if math.isnan(places):
        return "Pas de schéma : la surface ou la cour est inconnue. Les régler, ou les demander."
    if places < 1:
        return "Pas de schéma : aucune place possible."
    cour = vue.valeur(surfaces(vue)[1])
    return programme_des_places(
        int(places), capacite.regles, bool(vue.ev.capacite.dense), 0.0 if math.isnan(cour) else cour
    )
