"""Picture of a site: steps of places against floor area."""

from __future__ import annotations

import math

import numpy as np

from pope_foncier.places import courbe
from pope_foncier.places.capacite_site import CapaciteSite
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes.image import ALERTE, OKABE_ITO, PALE, TRAITS, Axe, Courbe, Image, Marque, Mots, Repere

_PLACES_MONTREES = 66
_TITRE = "Places selon la surface de plancher"


def places(
    reponse: CapaciteSite, source: str, retenues: float | None = None, coefficient: float | None = None
) -> Image:
    """Places as steps of the floor area: what the law admits, what the comfort programme holds; the site is on both.

    What holds the place besides its area (yard, beds, cap of the mode, places wanted) holds its curves: each goes on flat.

    Args:
        source: what the picture is drawn from.
        retenues: places that a study retains, NaN when unknown; without a study, those of the comfort programme.
        coefficient: gross over usable area; that of the programme by default.
    """
    droit, confort = reponse.usuelle or reponse.lignes[0], reponse.confort
    if confort is None:
        return Image(_TITRE, "", source, message="La règle des m² par place ne s'applique pas à ce mode d'accueil.")
    possibles, du_confort = (float(x.solution.places[1]) for x in (droit, confort))
    ici = du_confort if retenues is None else retenues
    pas = courbe.courbes(reponse, droit, confort, coefficient, ici if ici < du_confort else math.inf)
    if not any(len(p.places) for p in pas):
        return Image(_TITRE, "", source, message=f"Aucune place, quelle que soit la surface : {pas[0].palier}.")
    texte = f"{_TITRE}. {'. '.join(f'{x.regime} : {x.phrase}' for x in (droit, confort))}."
    if retenues is not None:
        texte += f" L'étude retient {_places(retenues)}."
    plancher = float(reponse.surfaces.plancher_m2[1])
    visees = max(_PLACES_MONTREES, *(1.1 * float(np.nan_to_num(x)) for x in (possibles, ici)))
    vues = [p.places <= visees for p in pas]
    bout = max(
        1.05 * float(np.nan_to_num(plancher)),
        *(1.02 * float(p.plancher_m2[v][-1]) for p, v in zip(pas, vues, strict=True) if v.any()),
    )
    haut = max(float(p.places[v][-1]) for p, v in zip(pas, vues, strict=True) if v.any())
    haut = max(haut, *(float(np.nan_to_num(x)) for x in (possibles, ici)))
    marques: list[Marque] = [
        Repere("y", float(v), Mots(f"{int(v)} places"), ":", PALE) for v in reponse.regles.seuils if v < haut
    ]
    if math.isnan(plancher):
        marques.append(Courbe.point(0.6 * bout, 0.1 * haut, Mots("surface inconnue", "E", pale=True), marque=""))
    else:
        marques.append(Repere("x", plancher, Mots(f"{formater_nombre(plancher)}\u00a0m²"), ":"))
    du_confort_dit = "au confort" if retenues is None else "retenues"
    dits = (("droit", possibles, "au plus", "NW W SE E"), ("confort (estimation)", ici, du_confort_dit, "SE E NW"))
    paliers = (pas[0].palier, "" if pas[1].palier == pas[0].palier else pas[1].palier)
    for rang, (nom, lues, dites, cotes) in enumerate(dits):
        marques += _marches(pas[rang], vues[rang], nom, rang, bout, paliers[rang])
        if not math.isnan(plancher):
            signe, mots = "" if math.isnan(lues) else "o", Mots(f"{_places(lues)}\n{dites}", cotes, gras=True)
            marques.append(Courbe.point(plancher, float(np.nan_to_num(lues)), mots, marque=signe))
    axes = Axe(0.0, bout, "surface de plancher, m²"), Axe(0.0, haut * 1.2, "places")
    return Image(_TITRE, texte, source, *axes, marques, 0.55)


def _marches(pas: courbe.Courbe, vue: np.ndarray, nom: str, rang: int, bout: float, palier: str) -> list[Marque]:
    """Steps of a way to count with its name, and the flat end with what holds it, said once for both."""
    couleur, trait = (OKABE_ITO[0], ALERTE)[rang], TRAITS[rang]
    x, y = [0.0, *pas.plancher_m2[vue]], [0.0, *pas.places[vue]]
    milieu = round((0.45, 0.6)[rang] * (len(x) - 1))
    marques: list[Marque] = [Courbe.point(x[milieu], y[milieu], Mots(nom, ("NW W", "SE E")[rang]), couleur, marque="")]
    if vue.all() and pas.palier:
        x, y = [*x, bout], [*y, y[-1]]
        if palier:
            marques.append(Courbe.point(bout, y[-1], Mots(f"palier : {palier}", ("NW", "SW")[rang]), couleur, ""))
    return [Courbe(np.array(x), np.array(y), None, couleur, trait).en_marches(), *marques]


def _places(nombre: float) -> str:
    return "places inconnues" if math.isnan(nombre) else f"{formater_nombre(nombre)} places"
