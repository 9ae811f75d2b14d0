"""Variants of the premises: a study on a drawn plan of its site, whose areas take the place of those that it assumes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import Dossier, varier
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.places.places_du_mode import nom_du_mode
from pope_foncier.places.regles_locaux import lire_regles
from pope_foncier.places.surfaces import surfaces_du_site
from pope_foncier.socle.erreurs import ErreurCalcul

_STATUTS = {"hypothese": "plan supposé", "releve": "plan relevé", "publie": "plan publié"}


def sur_le_plan(dossier: Dossier, fichier: Path, plan: PlanTrace, catalogue: Catalogue) -> Dossier:
    """Study on a plan: its areas, and its rooms that fail a check not counted; an area that it does not draw stays as assumed.

    Args:
        fichier: file of the plan.

    Raises:
        ErreurCalcul: a plan of another site.
    """
    etude, fiche = dossier.etude, plan.fiche
    if fiche.site is not None and fiche.site != etude.site:
        raise ErreurCalcul(
            f"Le plan « {fiche.titre} » est du site « {fiche.site} », l'étude de « {etude.site} » : choisir un plan de ce site, "
            "ou corriger « site » dans le fichier du plan."
        )
    regles = lire_regles(catalogue, nom_du_mode(etude.mode_accueil), etude.date_demande)
    lues = surfaces_du_site(dossier.site, regles, plan)
    surcharges: dict[str, Any] = {}
    if plan.formes("batiment") and not math.isnan(lues.plancher_m2[1]):
        surcharges |= surcharges_de_la_surface(etude, _mesuree(plan, float(lues.plancher_m2[1])))
    if plan.formes("cour") or fiche.sans_cour:
        surcharges["programme.surface_exterieure_m2"] = _mesuree(plan, float(lues.cour_m2[1]))
    variee = varier(dossier, "plan", surcharges) if surcharges else etude
    return replace(sur_la_fiche(dossier, fichier), etude=variee)


def sur_la_fiche(dossier: Dossier, fichier: Path) -> Dossier:
    """Same study, its site having another plan: the rooms that the chain counts are those of this one."""
    return replace(dossier, site=dossier.site.model_copy(update={"plan": str(fichier.resolve())}))


def duree_des_travaux(vue: Vue) -> float:
    """Months from the beginning of the works to their reception; NaN when unknown."""
    calendrier = vue.ev.calendrier
    return vue.valeur(calendrier.reception) - vue.valeur(calendrier.debut_travaux)


def surcharges_de_la_surface(etude: Etude, surface: Mapping[str, Any]) -> dict[str, Any]:
    """Overrides of the floor area of a study; the area taxed as offices follows it when it was the same."""
    suit = etude.taxes is not None and etude.taxes.surface_bureaux_m2.valeur == etude.programme.surface_m2.valeur
    champs = ("programme.surface_m2", *(("taxes.surface_bureaux_m2",) if suit else ()))
    return {champ: dict(surface) for champ in champs}


def _mesuree(plan: PlanTrace, m2: float) -> dict[str, Any]:
    """Area measured on a plan: a fact when it is a survey or a publication, an assumption when the plan is one."""
    fiche = plan.fiche
    mesuree: dict[str, Any] = {"valeur": round(m2, 2), "base": f"{_STATUTS[fiche.statut]} « {fiche.titre} », mesuré"}
    if fiche.source is not None and fiche.statut != "hypothese":
        mesuree["source"] = fiche.source.model_dump(exclude_none=True)
    return mesuree
