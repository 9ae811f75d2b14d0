"""Areas that a site offers: as given, measured on a plan, or from its sheet; outdoor spaces at a distance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.projet.donnee import Donnee
from pope_foncier.projet.geometrie import a_portee, surface_des_pieces_m2, surface_m2
from pope_foncier.projet.plan import PlanTrace
from pope_foncier.projet.regles_locaux import ReglesLocaux
from pope_foncier.projet.site import Site
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre


@dataclass(frozen=True, slots=True)
class Surfaces:
    """Areas of a site, low, central and high, shape (3,); NaN when unknown."""

    plancher_m2: Tableau
    cour_m2: Tableau
    cour_dense_m2: Tableau
    """Yard in pieces that reach the minimum of a very dense zone."""
    origine: str
    """French mention: where the areas come from."""


def surfaces_du_site(
    site: Site,
    regles: ReglesLocaux,
    plan: PlanTrace | None = None,
    surface: Donnee[float] | None = None,
    cour: Donnee[float] | None = None,
) -> Surfaces:
    """Gross floor area and yard: as given, else measured on the plan, else those of the sheet."""
    mesure = plan is not None and bool(plan.formes("batiment"))
    if surface is None and plan is not None and mesure:
        niveaux = {e.element.niveau for e in plan.de_nature("piece")} or {0}
        plancher = np.full(3, sum(surface_m2(b) for b in plan.formes("batiment")) * len(niveaux))
        statut = {"hypothese": "plan supposé", "releve": "relevé", "publie": "contour publié"}[plan.fiche.statut]
        origine = f"{statut} « {plan.fiche.titre} »"
    else:
        donnee = surface or site.surface_m2
        plancher = _fourchette(donnee)
        origine = (
            donnee.source.titre if donnee.source else donnee.base or f"inconnue, à demander : {donnee.a_obtenir_de}"
        )
    morceaux = plan.formes("cour") if plan is not None else []
    if cour is None and plan is not None and (morceaux or plan.fiche.sans_cour):
        dehors = np.full(3, sum(surface_m2(m) for m in morceaux))
        dense = np.full(3, surface_des_pieces_m2(morceaux, regles.piece_min) if morceaux else 0.0)
        return Surfaces(plancher, dehors, dense, origine)
    dehors = _fourchette(cour or site.surface_exterieure_m2)
    return Surfaces(plancher, dehors, np.where(dehors < regles.piece_min, 0.0, dehors), origine)


def espace_a_distance(
    site: Site, catalogue: Catalogue, jour: date, plan: PlanTrace | None
) -> tuple[bool | None, tuple[str, ...]]:
    """Whether an admitted outdoor space lies within the distance; None when nobody has looked."""
    rayon = float(exiger(catalogue.a_la_date("referentiel.locaux.distance_alternative_m", jour)).valeur)
    public_admis = float(exiger(catalogue.a_la_date("referentiel.locaux.alternative_public_admis", jour)).valeur) > 0
    trouves = [
        (e.nom, e.genre == "prive", float(e.distance_m.valeur))
        for e in site.espaces_a_distance
        if e.distance_m.valeur is not None
    ]
    if plan is not None and plan.formes("batiment"):
        from shapely import union_all

        parcs = plan.de_nature("parc")
        proches = a_portee(union_all(plan.formes("batiment")), [p.forme for p in parcs], rayon)
        trouves += [(parcs[rang].nom, False, distance) for rang, distance in proches]
    proches_nommes = [(nom, prive) for nom, prive, d in trouves if d <= rayon]
    if any(prive or public_admis for _, prive in proches_nommes):
        return True, ()
    if proches_nommes:
        noms = ", ".join(nom for nom, _ in proches_nommes)
        return None, (
            f"Espace public à moins de {formater_nombre(rayon)} m ({noms}) : admis ou non, à demander à la PMI.",
        )
    return (False if trouves else None), ()


def _fourchette(donnee: Donnee[float]) -> Tableau:
    if donnee.valeur is None:
        return np.full(3, math.nan)
    bas, haut = donnee.intervalle or (donnee.valeur, donnee.valeur)
    return np.array([bas, donnee.valeur, haut], dtype=np.float64)
