"""Building models (IFC2x3, IFC4): spaces with their footprint and areas, doors, windows, stairs, outline of the walls, storey by storey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import cos, radians, sin
from pathlib import Path
from typing import Any

from pope_foncier.lieu.fichiers.ifc_donnees import (
    Place,
    Unites,
    avis_des_places,
    lire_etages,
    lire_places,
    lire_unites,
    nommer,
    place_sure,
    sol_de,
    surface_declaree,
)
from pope_foncier.lieu.fichiers.ifc_formes import Formes
from pope_foncier.lieu.fichiers.ifc_objets import (
    BAIES,
    BATIS,
    MURS,
    Maquette,
    baies,
    batis,
    contours,
    est_dedans,
    etage_de,
    piece,
    sans_doubles,
)
from pope_foncier.lieu.fichiers.ifc_ouvert import abime, ouvrir
from pope_foncier.lieu.fichiers.niveaux import Etage, numeroter
from pope_foncier.lieu.fichiers.releve import Niveau, Objet, Releve
from pope_foncier.lieu.fichiers.systemes import LOCAL, en_clair
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.socle.nombres import formater_nombre

_ECART_M2, _ECART_PART = 0.05, 0.005
"""A declared area farther than both from the drawn one is another area, not a rounding."""
_CITES = 12
_AUTRES = {
    "IfcSlab": "dalles",
    "IfcRoof": "toits",
    "IfcFurnishingElement": "meubles",
    "IfcBuildingElementProxy": "objets sans genre",
    "IfcChimney": "conduits",
    "IfcBeam": "poutres",
    "IfcCovering": "revêtements",
    "IfcRailing": "garde-corps",
    "IfcDistributionElement": "réseaux et équipements techniques",
    "IfcFlowTerminal": "appareils",
}


def lire_ifc(chemin: Path) -> Releve:
    """Content of a building model, in metres, in the axes of its project, or in the grid of France that it lies in without a doubt.

    The area of a space is that of its footprint; the one that the file declares stands beside it, and both are said when they differ.

    Raises:
        ErreurDonnees: not a model, cut short, in a schema that is not read, or without anything to draw.
        ErreurCalcul: the extra is not installed, or the model would take too much memory.
    """
    modele, avis = ouvrir(chemin)
    try:
        releve = _relever(modele, avis)
    except ErreurPope:
        raise
    except Exception:  # a broken model gives anything in the place of anything
        raise abime(chemin) from None
    if not releve.objets:
        message = "aucune pièce ni aucun mur dans ce modèle."
        raise ErreurDonnees.une(chemin_court(chemin), message, "exporter les pièces (IfcSpace) depuis la maquette.")
    return releve


def _relever(modele: Any, avis: Sequence[str]) -> Releve:
    """Content of a model that was opened.

    Args:
        avis: what of it could not be read.
    """
    espaces = list(modele.by_type("IfcSpace"))
    noms, doubles = nommer(espaces)
    dedans = [e for e, nom in zip(espaces, noms, strict=True) if est_dedans(e, nom)]
    maquette, etages, avis_des_etages = _maquette(modele, dedans)
    unites, formes = maquette.unites, maquette.formes
    volumes = [(e, nom, formes.volume(e)) for e, nom in zip(espaces, noms, strict=True)]
    pieces = [piece(e, nom, v, maquette) for e, nom, v in volumes if v is not None]
    murs, ouverts = contours(maquette, pieces)
    construits = batis(maquette)
    objets = [*murs, *sans_doubles(pieces, construits), *baies(maquette), *construits]
    muets = [f"{nom} ({_m2(surface_declaree(e, unites))})" for e, nom, v in volumes if v is None]
    tous = [
        *avis,
        *_avis_d_unite(unites),
        *doubles,
        *avis_des_etages,
        *([f"Pièces sans forme lisible, laissées : {_liste(muets)}."] if muets else []),
        *ouverts,
        *_avis_des_pieces(pieces, etages, maquette.numeros),
    ]
    places = lire_places(modele, unites)
    nord, dits_de_la_pose = _nord(modele, [p.rotation_degres for p in places if p.rotation_degres is not None])
    if (place := place_sure(places)) is not None:
        objets, nord = [_pose(o, place) for o in objets], None
        dits_de_la_pose = [
            f"Modèle posé en {en_clair(place.systeme)} par son géoréférencement : à vérifier avec son auteur."
        ]
    return Releve(
        format=modele.schema.replace("X", "x"),
        objets=tuple(objets),
        titre=_titre(modele),
        systeme=place.systeme if place is not None else LOCAL,
        metres_par_unite=1.0 if unites.longueur else None,
        niveaux=tuple(Niveau(maquette.numeros[e.entite], e.nom, round(e.altitude_m, 3)) for e in etages),
        nord_degres=nord,
        position=next(
            ((p.longitude, p.latitude) for p in places if p.longitude is not None and p.latitude is not None), None
        ),
        laisses=_laisses(modele, objets, len(muets)),
        avis=(*tous, *avis_des_places(places), *dits_de_la_pose),
    )


def _pose(objet: Objet, place: Place) -> Objet:
    """Thing of the model turned and moved to where its map conversion says."""
    from shapely.affinity import affine_transform

    angle = radians(place.rotation_degres or 0.0)
    a, b = cos(angle), sin(angle)
    return replace(objet, forme=affine_transform(objet.forme, [a, -b, b, a, *place.origine]))


def _maquette(modele: Any, dedans: Sequence[Any]) -> tuple[Maquette, list[Etage], list[str]]:
    """Model with the storeys that a plan keeps: those that hold rooms, or walls in a model without rooms; and what to say of them."""
    unites = lire_unites(modele)
    habites = {etage_de(p) for p in dedans or [m for genre in MURS for m in modele.by_type(genre)]}
    tous = lire_etages(modele, unites)
    etages = [e for e in tous if e.entite in habites]
    numeros, avis = numeroter(etages)
    par_entite: dict[Any, int] = {e.entite: n for e, n in zip(etages, numeros, strict=True)}
    sols: dict[Any, float] = {e.entite: sol_de(e.entite, unites) for e in etages}
    if None in habites:
        par_entite[None], sols[None] = 0, 0.0
        avis.append("Des pièces ou des murs ne sont dans aucun étage : ils sont lus au rez-de-chaussée.")
    vides = [f"{e.nom} ({formater_nombre(e.altitude_m, 2)} m)" for e in tous if e.entite not in habites]
    if vides:
        avis.append(f"Étages sans pièce, laissés : {_liste(vides)}.")
    return Maquette(modele, Formes(), unites, par_entite, sols), etages, avis


def _avis_d_unite(unites: Unites) -> list[str]:
    if unites.longueur is None:
        return ["Le fichier ne dit pas son unité de longueur : il est lu en mètres."]
    metres = formater_nombre(unites.longueur, 4, 0)
    return [] if unites.longueur == 1.0 else [f"Une unité du fichier fait {metres} m : tout est rendu ici en mètres."]


def _avis_des_pieces(espaces: Sequence[Objet], etages: Sequence[Etage], numeros: Mapping[Any, int]) -> list[str]:
    """Areas that the file declares otherwise than it draws them, storey by storey; spaces that are not rooms."""
    avis = []
    for etage in etages:
        pieces = [o for o in espaces if o.niveau == numeros[etage.entite] and o.nature]
        ecarts = [o for o in pieces if _s_ecarte(o)]
        if not ecarts:
            continue
        declares = sum(o.surface_declaree_m2 or o.forme.area for o in pieces)
        deux = ((o.nom, o.surface_declaree_m2 or 0.0, o.forme.area) for o in ecarts)
        dits = [f"{nom} {formater_nombre(dit, 2)} / {formater_nombre(vu, 2)}" for nom, dit, vu in deux]
        avis.append(
            f"« {etage.nom} » : {_m2(declares)} déclarés, {_m2(sum(o.forme.area for o in pieces))} dessinés ; la surface dessinée "
            f"est gardée. Déclarée / dessinée (m²) : {_liste(dits, ' ; ')}."
        )
    dehors = [f"{o.nom} ({_m2(o.surface_declaree_m2 or o.forme.area)})" for o in espaces if not o.nature]
    if dehors:
        avis.append(f"Espaces qui ne sont pas des pièces, laissés s'ils ne sont pas nommés : {_liste(dehors)}.")
    return avis


def _s_ecarte(objet: Objet) -> bool:
    if objet.surface_declaree_m2 is None:
        return False
    ecart = abs(objet.surface_declaree_m2 - objet.forme.area)
    return bool(ecart > _ECART_M2 and ecart > _ECART_PART * objet.forme.area)


def _nord(modele: Any, rotations: Sequence[float]) -> tuple[float | None, list[str]]:
    """North clockwise from the y axis: that of the map conversion, else that of the drawing context; and whether they differ."""
    from math import atan2, degrees

    contextes = modele.by_type("IfcGeometricRepresentationContext", include_subtypes=False)
    dits = [degrees(atan2(*c.TrueNorth.DirectionRatios[:2])) for c in contextes if c.TrueNorth is not None]
    vrai = next((d for d in dits if abs(d) > 1e-6), dits[0] if dits else None)
    if not rotations:
        return (None if vrai is None else round(vrai, 4)), []
    avis = []
    if vrai is not None and abs(vrai) > 1e-6 and abs(vrai - rotations[0]) > 1:
        deux = f"{formater_nombre(rotations[0], 1)}° par le géoréférencement, gardé, {formater_nombre(vrai, 1)}° par le dessin"
        avis = [f"Deux nords : {deux}."]
    return round(rotations[0], 4), avis


def _laisses(modele: Any, objets: Sequence[Objet], muets: int) -> dict[str, int]:
    """What the model holds that a plan does not."""
    lus = (*MURS, *BAIES, *BATIS)
    percees = sum(len(modele.by_type(x)) for x in BAIES) - sum(o.couche in BAIES for o in objets)
    comptes = Counter({"pièces sans forme": muets, "portes et fenêtres sans forme ou d'étages laissés": percees})
    for objet in modele.by_type("IfcElement"):
        if objet.is_a("IfcOpeningElement") or any(objet.is_a(x) for x in lus):
            continue
        comptes[next((nom for genre, nom in _AUTRES.items() if objet.is_a(genre)), "autres objets")] += 1
    return {nom: combien for nom, combien in comptes.items() if combien}


def _titre(modele: Any) -> str:
    projets = modele.by_type("IfcProject")
    return str(projets[0].LongName or projets[0].Name or "") if projets else ""


def _m2(valeur: float | None) -> str:
    return "surface inconnue" if valeur is None else f"{formater_nombre(valeur, 2)}\u00a0m²"


def _liste(noms: Sequence[str], entre: str = ", ") -> str:
    return entre.join(noms[:_CITES]) + (f" et {len(noms) - _CITES} autres" if len(noms) > _CITES else "")
