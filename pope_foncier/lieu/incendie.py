"""Fire class of a crèche (ERP type R) from the children on each storey."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.constats import StatutConstat
from pope_foncier.lieu.locaux import Local, lire_fonctions
from pope_foncier.socle.nombres import formater_nombre


def enfants_par_niveau(locaux: tuple[Local, ...], places: float) -> dict[int, float]:
    """Children by storey, in proportion to the strict child area of each: a working reading when units are not placed."""
    fonctions = lire_fonctions()
    surfaces: dict[int, float] = {}
    for local in locaux:
        if fonctions[local.fonction].compte == "strict":
            surfaces[local.niveau] = surfaces.get(local.niveau, 0.0) + local.total_m2
    total = sum(surfaces.values())
    return {n: places * s / total for n, s in sorted(surfaces.items())} if total else {}


def classer_erp(niveaux: Mapping[int, float], catalogue: Catalogue, jour: date) -> tuple[StatutConstat, str]:
    """Fire class of a crèche (type R) from the children on each storey.

    Basement forbidden; several storeys of children, one upper storey, or ground floor each have their own threshold, and
    « from » means equal or above. Children on several storeys are counted at the upper ones; a part of a child is a child.
    """
    if any(n < 0 for n in niveaux):
        return "non_respecte", "enfants en sous-sol"
    etages = sum(v for n, v in niveaux.items() if n > 0)
    if etages and len(niveaux) > 1:
        cas, compte, chemin = "plusieurs niveaux d'enfants", etages, "erp_plusieurs_niveaux"
    elif etages:
        cas, compte, chemin = "un seul niveau d'enfants, à l'étage", etages, "erp_etage_unique"
    else:
        cas, compte, chemin = "enfants en rez-de-chaussée", sum(niveaux.values()), "erp_rez_de_chaussee"
    seuil = float(catalogue.a_la_date(f"referentiel.batiment.{chemin}", jour).valeur)
    enfants = math.ceil(compte - 1e-9)
    texte = f"{cas} : {formater_nombre(enfants)} enfant{'s' if enfants > 1 else ''}, seuil {formater_nombre(seuil)}"
    if enfants >= seuil:
        return "concerne", f"{texte} : hors de la 5e catégorie"
    return "respecte", f"{texte} : 5e catégorie"
