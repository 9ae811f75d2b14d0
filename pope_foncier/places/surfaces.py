"""Areas that a site offers: as given, measured on a plan, or from its sheet; outdoor spaces at a distance."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.lieu.geometrie import a_portee, surface_des_pieces_m2, surface_m2
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.site import AvisPmi, Site
from pope_foncier.lieu.vraisemblance import surface_dessinee_m2
from pope_foncier.modele.donnee import Donnee
from pope_foncier.places.regles_locaux import ReglesLocaux
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre


@enregistrement
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
    if surface is None and plan is not None and plan.formes("batiment"):
        plancher, origine = _plancher_du_plan(plan)
    elif surface is None and site.surface_m2.valeur is None and site.contour_m is not None:
        from shapely.geometry import Polygon

        plancher, origine = np.full(3, surface_m2(Polygon(site.contour_m))), "contour de la fiche du site"
    else:
        donnee = surface or site.surface_m2
        sans_source = donnee.base or f"inconnue, à demander : {donnee.a_obtenir_de}"
        plancher, origine = _fourchette(donnee), donnee.source.titre if donnee.source else sans_source
    morceaux = plan.formes("cour") if plan is not None else []
    if cour is None and plan is not None and (morceaux or plan.fiche.sans_cour):
        dehors = np.full(3, sum(surface_m2(m) for m in morceaux))
        dense = np.full(3, surface_des_pieces_m2(morceaux, regles.piece_min) if morceaux else 0.0)
        return Surfaces(plancher, dehors, dense, origine)
    dehors = _fourchette(cour or site.surface_exterieure_m2)
    return Surfaces(plancher, dehors, np.where(dehors < regles.piece_min, 0.0, dehors), origine)


def mesurer_le_plan(plan: PlanTrace) -> tuple[float | None, float | None]:
    """Floor area and yard that a plan draws [m²]; None for what it does not draw."""
    plancher = float(_plancher_du_plan(plan)[0][1]) if plan.formes("batiment") else None
    morceaux = plan.formes("cour")
    return plancher, sum(surface_m2(m) for m in morceaux) if morceaux or plan.fiche.sans_cour else None


@enregistrement
class Ailleurs:
    """Whether an outdoor space at a distance stands for the yard, and what is said of it."""

    admis: bool | None
    """None when nobody has looked, when the PMI has not answered, or when it depends on a measure."""
    reserves: tuple[str, ...] = ()
    """French sentences, one a space that has something to say."""


def espace_a_distance(site: Site, catalogue: Catalogue, jour: date, plan: PlanTrace | None) -> Ailleurs:
    """Whether an outdoor space within the distance of the law stands for the yard: the answer of the PMI first.

    Without an answer, a private space is admitted, as the law reads; a public one is left to ask. A distance that is unknown,
    or whose range straddles the limit, leaves the question open as well.
    """
    rayon = float(exiger(catalogue.a_la_date("referentiel.locaux.distance_alternative_m", jour)).valeur)
    public_admis = float(exiger(catalogue.a_la_date("referentiel.locaux.alternative_public_admis", jour)).valeur) > 0
    trouves = [
        (e.nom, e.genre == "prive", _fourchette(e.distance_m), e.pmi or AvisPmi()) for e in site.espaces_a_distance
    ]
    if plan is not None and plan.formes("batiment"):
        from shapely import union_all

        parcs = plan.de_nature("parc")
        proches = a_portee(union_all(plan.formes("batiment")), [p.forme for p in parcs], rayon)
        trouves += [(parcs[rang].nom, False, np.full(3, distance), AvisPmi()) for rang, distance in proches]
    metres = f"{formater_nombre(rayon)} m"
    refuses = [f"Espace à distance ({nom}) : {pmi.en_clair}." for nom, _, _, pmi in trouves if pmi.reponse == "non"]
    trouves = [x for x in trouves if x[3].reponse != "non"]
    loin = [
        f"Espace à distance ({nom}) : plus loin que {metres}, il ne tient pas lieu de cour."
        for nom, _, d, _ in trouves
        if d[0] > rayon
    ]
    surs = [(nom, prive, pmi) for nom, prive, d, pmi in trouves if d[2] <= rayon]
    admis = [(nom, pmi) for nom, prive, pmi in surs if prive or public_admis or pmi.reponse == "oui"]
    if admis:
        dits = [f"Espace à distance ({nom}) : {pmi.en_clair}." for nom, pmi in admis if pmi.reponse == "oui"]
        return Ailleurs(True, (*dits, *loin))
    ouverts = [f"Espace public à moins de {metres} ({nom}) : admis ou non, {pmi.en_clair}." for nom, _, pmi in surs]
    flous = [nom for nom, _, d, _ in trouves if not (d[2] <= rayon or d[0] > rayon)]
    if flous:
        ouverts.append(f"Espace à distance ({', '.join(flous)}) : distance à mesurer, {metres} au plus.")
    vus = bool(trouves or refuses or site.sans_espace_a_distance)
    return Ailleurs(False if vus and not ouverts else None, (*refuses, *ouverts, *loin))


def _plancher_du_plan(plan: PlanTrace) -> tuple[Tableau, str]:
    """Gross floor area of the storeys drawn above ground [m²], and where it comes from.

    Each storey counts its own outline; one that has rooms and no outline counts its rooms alone.
    """
    statut = {"hypothese": "plan supposé", "releve": "relevé", "publie": "contour publié"}[plan.fiche.statut]
    origine = f"{statut} « {plan.fiche.titre} »"
    for niveau in sorted({e.element.niveau for e in plan.elements if e.element.nature in ("batiment", "piece")}):
        if niveau < 0:
            origine += " ; sous-sol non compté"
        elif not plan.de_nature("batiment", niveau):
            origine += f" ; {f'étage {niveau}' if niveau else 'rez-de-chaussée'} sans contour : ses pièces seules"
    return np.full(3, surface_dessinee_m2(plan)), origine


def _fourchette(donnee: Donnee[float]) -> Tableau:
    if donnee.valeur is None:
        return np.full(3, math.nan)
    bas, haut = donnee.intervalle or (donnee.valeur, donnee.valeur)
    return np.array([bas, donnee.valeur, haut], dtype=np.float64)
