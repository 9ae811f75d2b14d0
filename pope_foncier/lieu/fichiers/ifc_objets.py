"""Objects of a building model as a plan draws them: rooms, outline of the walls, doors, windows, stairs, lifts, columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pope_foncier.lieu.fichiers.ifc_donnees import Unites, hauteur_declaree, proprietes, surface_declaree
from pope_foncier.lieu.fichiers.ifc_formes import EXTRA, Formes, Volume, contient, contour, trait
from pope_foncier.lieu.fichiers.noms_de_pieces import lire_nom
from pope_foncier.lieu.fichiers.releve import Objet
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.extras import bibliotheque

MURS = ("IfcWall", "IfcCurtainWall")
BATIS = {"IfcStair": "escalier", "IfcRamp": "rampe", "IfcTransportElement": "ascenseur", "IfcColumn": "poteau"}
BAIES = {"IfcDoor": "porte", "IfcWindow": "fenetre"}


@dataclass(frozen=True, slots=True)
class Maquette:
    """Model being read: its solids, units, and the storeys that a plan keeps."""

    modele: Any
    formes: Formes
    unites: Unites
    numeros: Mapping[Any, int]
    """Number of each storey kept."""
    sols: Mapping[Any, float]
    """Level of each storey kept [m]."""


def etage_de(objet: Any) -> Any:
    """Storey that holds an object, whatever lies between."""
    return bibliotheque("ifcopenshell.util.element", *EXTRA).get_parent(objet, ifc_class="IfcBuildingStorey")


def est_dedans(espace: Any, nom: str) -> bool:
    """Whether a space is a room: neither outdoors nor a roof, as its properties or its name say."""
    dehors = any(n.lower() == "isexternal" and v is True for _, n, v, _ in proprietes(espace))
    place = str(getattr(espace, "InteriorOrExteriorSpace", None) or getattr(espace, "PredefinedType", None) or "")
    lu = lire_nom(nom)
    return not dehors and not place.startswith("EXTERNAL") and not (lu is not None and lu.dehors)


def piece(espace: Any, nom: str, volume: Volume, maquette: Maquette) -> Objet:
    """Space by its footprint, with the area that the file declares; no nature for what is not a room."""
    lu, dedans = lire_nom(nom), est_dedans(espace, nom)
    hauteur = volume.haut - volume.bas if volume.droit else hauteur_declaree(espace, maquette.unites)
    return Objet(
        forme=volume.emprise,
        couche="IfcSpace",
        nom=nom,
        nature=("piece" if lu is None or not lu.nature else lu.nature) if dedans else "",
        fonction=lu.fonction if lu is not None and dedans and not lu.a_confirmer else "",
        niveau=maquette.numeros.get(etage_de(espace)),
        proprietes={"hauteur_m": round(hauteur, 3)} if hauteur and dedans else {},
        surface_declaree_m2=surface_declaree(espace, maquette.unites),
    )


def contours(maquette: Maquette, pieces: Sequence[Objet]) -> tuple[list[Objet], list[str]]:
    """Outline of the building by storey: its walls where they close around the rooms, else a zone that holds them; and what is missing."""
    modele, formes, etages, avis = maquette.modele, maquette.formes, maquette.numeros, []
    murs = defaultdict(list)
    for genre in MURS:
        for mur in modele.by_type(genre):
            if (niveau := etages.get(etage_de(mur))) is not None and (volume := formes.volume(mur)) is not None:
                murs[niveau].append(volume.emprise)
    zones = [(z, v) for z in _du_genre(modele, "IfcSpatialZone") if (v := formes.volume(z)) is not None]
    objets, ouverts = [], []
    for niveau in sorted(set(etages.values())):
        siennes = [o.forme for o in pieces if o.niveau == niveau and o.nature]
        traces = contour(murs[niveau], siennes)
        objets += [Objet(p, "IfcWall", f"Murs, niveau {niveau}", "batiment", niveau=niveau) for p in traces]
        if traces:
            continue
        tenantes = [(z, v) for z, v in zones if siennes and contient(v.emprise, siennes)]
        if not tenantes:
            ouverts.append(str(niveau))
            continue
        zone, volume = min(tenantes, key=lambda x: x[1].emprise.area)
        nom = zone.Name or "zone"
        objets.append(Objet(volume.emprise, "IfcSpatialZone", nom, "batiment", niveau=niveau))
        avis.append(
            f"Niveau {niveau} : les murs ne se ferment pas, le contour est celui de la zone « {abreger(nom, 40)} »."
        )
    if ouverts and any(murs.values()):
        avis.append(
            f"Niveau {', '.join(ouverts)} : les murs ne se ferment pas autour des pièces, aucun contour de bâtiment n'en est tiré."
        )
    elif ouverts:
        avis.append("Aucun mur dans ce modèle : le contour du bâtiment est à donner.")
    return objets, avis


def baies(maquette: Maquette) -> list[Objet]:
    """Doors and windows as lines of their width along their wall."""
    objets = []
    for genre, nature in BAIES.items():
        for baie in maquette.modele.by_type(genre):
            etage = etage_de(baie)
            perces = [r.RelatingOpeningElement for r in baie.FillsVoids]
            volume = next((v for v in map(maquette.formes.volume, (*perces, baie)) if v is not None), None)
            largeur = float(baie.OverallWidth) * (maquette.unites.longueur or 1.0) if baie.OverallWidth else None
            ligne = trait(volume.emprise, largeur) if volume is not None and etage in maquette.numeros else None
            if volume is None or ligne is None:
                continue
            dits = _porte(baie) if nature == "porte" else _fenetre(volume, maquette.sols[etage])
            nom = _nom_court(baie.Name or "")
            objets.append(Objet(ligne, genre, nom, nature, niveau=maquette.numeros[etage], proprietes=dits))
    return objets


def _nom_court(nom: str) -> str:
    """Family and number of « M_Single-Flush:0864 x 2032mm:0864 x 2032mm:150378 », as some software names a product."""
    morceaux = nom.split(":")
    return nom if len(morceaux) < 3 else f"{morceaux[0]} {morceaux[-1]}"


def _porte(porte: Any) -> dict[str, Any]:
    """Leaves, way of opening and exit of a door; its clear width is not that of its frame: it stays unknown."""
    genre = bibliotheque("ifcopenshell.util.element", *EXTRA).get_type(porte)
    mode = str(getattr(porte, "OperationType", None) or getattr(genre, "OperationType", None) or "")
    dits: dict[str, Any] = {}
    if "SWING" in mode:
        dits["ouverture"] = "va_et_vient" if "DOUBLE_SWING" in mode else "battante"
    elif "SLIDING" in mode:
        dits["ouverture"] = "coulissante"
    if "ouverture" in dits:
        dits["vantaux"] = 2 if mode.startswith("DOUBLE_DOOR") else 1
    if any(n.lower() == "fireexit" and v is True for _, n, v, _ in proprietes(porte)):
        dits["issue"] = True
    return dits


def _fenetre(volume: Volume, sol: float) -> dict[str, Any]:
    """Sill and top of a window above the floor of its storey [m]."""
    allege, linteau = round(volume.bas - sol, 3), round(volume.haut - sol, 3)
    return {"allege_m": allege, "linteau_m": linteau} if allege >= 0 else {}


def batis(maquette: Maquette) -> list[Objet]:
    """Stairs, ramps, lifts and columns, by their footprint."""
    objets = []
    for genre, nature in BATIS.items():
        for bati in maquette.modele.by_type(genre):
            niveau = maquette.numeros.get(etage_de(bati))
            if niveau is None or (volume := maquette.formes.volume(bati)) is None:
                continue
            for p in getattr(volume.emprise, "geoms", [volume.emprise]):
                objets.append(Objet(p, genre, _nom_court(bati.Name or ""), nature, niveau=niveau))
    return objets


def sans_doubles(pieces: Sequence[Objet], construits: Sequence[Objet]) -> list[Objet]:
    """Spaces, less those of stairs and lifts that the model draws as such too; a space in several pieces is as many rooms."""
    gardees = []
    for x in pieces:
        pareils = (c.forme for c in construits if c.nature == x.nature and c.niveau == x.niveau)
        if any(x.forme.intersection(f).area > x.forme.area / 2 for f in pareils):
            continue
        parties = list(getattr(x.forme, "geoms", [x.forme]))
        if len(parties) == 1:
            gardees.append(x)
        for rang, partie in enumerate(parties if len(parties) > 1 else (), 1):
            nom = f"{x.nom} ({rang} sur {len(parties)})"
            gardees.append(replace(x, forme=partie, nom=nom, surface_declaree_m2=None))
    return gardees


def _du_genre(modele: Any, genre: str) -> list[Any]:
    """Objects of a kind that older schemas do not have."""
    try:
        return list(modele.by_type(genre))
    except RuntimeError:
        return []
