"""Picture of a site: steps of places against area."""

from __future__ import annotations

import numpy as np

from pope_foncier.places.capacite_site import CapaciteSite, LigneCapacite, marches
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.solveur import PLACES_MAX
from pope_foncier.vues.formes.image import ALERTE, OKABE_ITO, PALE, TRAITS, Axe, Courbe, Image, Marque, Mots, Repere

_PLACES_MONTREES = 66


def places(reponse: CapaciteSite, retenues: float, source: str) -> Image:
    """Places as steps of the area: child area that the law counts, floor area of the comfort programme; the site on each.

    Args:
        retenues: places that the study retains; NaN when unknown.
        source: what the picture is drawn from.
    """
    regles, droit = reponse.regles, reponse.lignes[0]
    montrees = [droit, *([reponse.confort] if reponse.confort is not None else [])]
    texte = f"Places selon la surface ; l'étude retient {_places(retenues)}. {'. '.join(f'{x.regime} : {x.phrase}' for x in montrees)}."
    possibles = float(droit.solution.places[1])
    cour = float(np.nan_to_num(reponse.surfaces.cour_dense_m2[1]))
    visees = np.nanmax([_PLACES_MONTREES, 1.1 * np.nan_to_num(possibles), 1.1 * np.nan_to_num(retenues)])
    pas = marches(regles, bool(reponse.densite.dense), cour, int(min(visees, PLACES_MAX)))
    hauteurs, haut = [0.0, *(float(m[0]) for m in pas)], float(pas[-1][0])
    comptee, plancher = surface_d_enfants(droit), float(reponse.surfaces.plancher_m2[1])
    lu = ("au plus", "utiles") if reponse.comptees is None else ("possibles", "comptés")
    series = (
        ("droit : surface d'enfants", 1, comptee, possibles, *lu, "NW W SE E"),
        ("confort : plancher (estimation)", 3, plancher, retenues, "retenues", "de plancher", "SE E NW"),
    )
    bout = max(pas[-1][3] * 1.02, *(1.05 * float(np.nan_to_num(s)) for s in (comptee, plancher)))
    marques: list[Marque] = [
        Repere("y", float(v), Mots(f"{int(v)} places"), ":", PALE) for v in regles.seuils[regles.seuils < haut]
    ]
    for rang, (nom, colonne, surface, lues, dites, comptes, cotes) in enumerate(series):
        couleur, trait = (OKABE_ITO[0], ALERTE)[rang], TRAITS[rang]
        x = np.array([0.0, *(m[colonne] for m in pas)])
        marques.append(Courbe(x, np.array(hauteurs), Mots(nom, "NW W"), couleur, trait).en_marches())
        if not np.isnan(surface):
            m2, mots = Mots(f"{formater_nombre(surface)}\u00a0m² {comptes}"), f"{_places(lues)}\n{dites}"
            marques.append(Repere("x", surface, m2, trait, couleur))
            signe = "" if np.isnan(lues) else "o"
            marques.append(
                Courbe.point(surface, float(np.nan_to_num(lues)), Mots(mots, cotes, gras=True), marque=signe)
            )
    if np.isnan(plancher):
        marques.append(Courbe.point(0.6 * bout, 0.1 * haut, Mots("surface inconnue", "E", pale=True), marque=""))
    axes = Axe(0.0, bout, "surface, m²"), Axe(0.0, haut * 1.16, "places")
    return Image("Places selon la surface", texte, source, *axes, marques, 0.55)


def surface_d_enfants(ligne: LigneCapacite) -> float:
    """Children's area that a legal regime counts on the site, central value [m²]; NaN when unknown."""
    offres = [c.offre for c in ligne.solution.contraintes if c.code == "interieur"]
    return float(np.asarray(offres[0]).reshape(-1)[1]) if offres else float("nan")


def _places(nombre: float) -> str:
    return "places inconnues" if np.isnan(nombre) else f"{formater_nombre(nombre)} places"
