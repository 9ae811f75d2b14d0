"""Doors of a sketch: each room on the circulation or on the room that it may open on, the entrance, the ways out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.terrain import Terrain
from pope_foncier.socle.enregistrements import enregistrement

HORS = "Hors projet, à affecter"
"""Name of what stays out of a sketch: another part of the building, that no door of the sketch opens on."""
_MUR_M = 0.4
"""Thickness of a wall where a window drawn takes the place [m]."""
_BOUT_M = 3.0
"""A façade of the circulation shorter than this is its end [m]."""


@enregistrement
class Cellule:
    """Part of the outline, up to the middle of its partitions."""

    nom: str
    fonction: str
    rang: int | None
    """Rank of the room wanted; None for the circulation and what stays."""
    forme: Any
    besoin: Besoin | None


@enregistrement
class Porte:
    """Door on a wall, in the frame of the ground."""

    nom: str
    largeur_m: float
    ligne: Any
    vers: Any
    """Point on the side to which it swings."""
    issue: bool


def portes(cellules: Sequence[Cellule], terrain: Terrain, h: Hypotheses) -> Iterator[Porte]:
    """Inner doors: each room on the circulation, or on the room that leads to it; then those that a group asks for."""
    couloir = cellules[0]
    hall = next((c for c in cellules if c.fonction == "hall"), None)
    pres_de = (hall or couloir).forme.centroid
    for c in cellules:
        if c.nom == HORS or (c.rang is None and c.fonction != "a_affecter"):
            continue
        largeur = largeur_de(c, h)
        ouverte = porte_entre(c, couloir, largeur, pres_de, terrain, h)
        if ouverte is not None:
            yield ouverte
        for autre in _dessert(c, cellules, h, ouverte is None):
            directe = h.voisins(c.fonction, autre.fonction) >= 2
            if (directe or ouverte is None) and (
                seconde := porte_entre(c, autre, largeur, pres_de, terrain, h)
            ) is not None:
                yield seconde
                ouverte = seconde


def nom_de_la_porte(c: Cellule) -> str:
    """Name of the doors of a room."""
    return f"Porte : {c.nom}"


def largeur_de(c: Cellule, h: Hypotheses) -> float:
    """Clear width of the door of a room."""
    if c.fonction == "hall":
        return h.entree_m.valeur
    enfants = c.besoin is not None and (c.besoin.enfants or c.fonction in ("vestiaire_enfants", "poussettes"))
    return h.porte_m.valeur if enfants else h.porte_service_m.valeur


def _dessert(c: Cellule, cellules: Sequence[Cellule], h: Hypotheses, isolee: bool) -> Iterator[Cellule]:
    """Rooms that a room may open on beside the circulation, those that the life of a group asks for first."""
    if c.besoin is None:
        return
    par = list(h.par_une_autre.get(c.fonction, ()))
    par += [f for e in h.enfilades if e.derriere == c.fonction for f in e.acces if f not in par]
    for fonction in sorted(par, key=lambda f: -h.voisins(c.fonction, f)):
        if isolee or h.voisins(c.fonction, fonction) >= 2:
            for autre in cellules:
                if (
                    autre is not c
                    and autre.fonction == fonction
                    and autre.besoin is not None
                    and c.besoin.avec(autre.besoin)
                ):
                    yield autre


def porte_entre(
    c: Cellule, autre: Cellule, largeur: float, pres_de: Any, terrain: Terrain, h: Hypotheses
) -> Porte | None:
    """Door in the longest wall that two cells share, at its end nearest to a point, clear of columns; None without room."""
    commun = _droits(c.forme.boundary.intersection(autre.forme.boundary.buffer(0.01)), h)
    for mur in sorted(commun, key=lambda m: -m.length):
        ligne = placer(mur, largeur, pres_de, terrain, h)
        if ligne is not None:
            dedans = _du_cote(ligne, c.forme)
            return Porte(nom_de_la_porte(c), largeur, ligne, dedans, False)
    return None


def placer(mur: Any, largeur: float, pres_de: Any, terrain: Terrain, h: Hypotheses) -> Any:
    """Stretch of a straight wall that a door takes, as near a point as it may; None without room between columns, windows."""
    from shapely.ops import substring

    montant = h.montant_m.valeur
    if mur.length < largeur + 2 * montant - 0.05:
        return None
    marge = min(montant + 0.05, (mur.length - largeur) / 2)
    ecarts = [marge + 0.1 * k for k in range(int((mur.length - largeur - 2 * marge) / 0.1 + 1e-6) + 1)]
    lignes = [substring(mur, e, e + largeur) for e in ecarts]
    for ligne in sorted(lignes, key=lambda x: round(float(x.centroid.distance(pres_de)), 3)):
        libre = terrain.poteaux.is_empty or ligne.distance(terrain.poteaux) > h.poteau_degage_m.valeur
        if libre and not ligne.buffer(_MUR_M, cap_style="flat").intersects(terrain.fenetres):
            return ligne
    return None


def entree(cellules: Sequence[Cellule], terrain: Terrain, h: Hypotheses) -> list[Porte]:
    """Entrance of the hall on its façade, away from the tracks, unless one is drawn there."""
    from shapely.geometry import Point

    hall = next((c for c in cellules if c.fonction == "hall"), None)
    if hall is None or any(hall.forme.distance(Point(e)) < 0.6 for e in terrain.entrees):
        return []
    for mur in _au_calme(_facades(hall, terrain, h), terrain):
        ligne = placer(mur, h.entree_m.valeur, mur.centroid, terrain, h)
        if ligne is None:
            ligne = placer(mur, h.porte_m.valeur, mur.centroid, terrain, h)
        if ligne is not None:
            return [
                Porte("Entrée", round(float(ligne.length), 2), _sur_le_mur(ligne, terrain), _dehors(ligne, hall), True)
            ]
    return []


def issues(
    cellules: Sequence[Cellule], terrain: Terrain, h: Hypotheses, posees: Sequence[Porte] = ()
) -> Iterator[Porte]:
    """Ways out of the ends of the circulation; of the living rooms on the yard, or outdoors when no way out is near."""
    sorties = [p.ligne for p in posees]
    for mur in _facades(cellules[0], terrain, h):
        if mur.length < _BOUT_M and (ligne := placer(mur, h.porte_m.valeur, mur.centroid, terrain, h)) is not None:
            sorties.append(ligne)
            yield Porte("Issue", h.porte_m.valeur, _sur_le_mur(ligne, terrain), _dehors(ligne, cellules[0]), True)
    for c in cellules:
        if c.fonction != "eveil":
            continue
        sur_cour = [] if terrain.cour.is_empty else _droits(c.forme.boundary.intersection(terrain.cour.buffer(0.05)), h)
        loin = all(c.forme.distance(s) > h.issue_loin_m.valeur for s in sorties)
        murs = sorted(sur_cour, key=lambda m: -m.length) or (
            _au_calme(_facades(c, terrain, h), terrain) if loin else []
        )
        for mur in murs[:1]:
            if (ligne := placer(mur, h.porte_m.valeur, mur.centroid, terrain, h)) is not None:
                sorties.append(ligne)
                nom = "Vers la cour" if sur_cour else f"Issue : {c.nom}"
                yield Porte(nom, h.porte_m.valeur, _sur_le_mur(ligne, terrain), _dehors(ligne, c), True)


def baies(cellules: Sequence[Cellule], terrain: Terrain, h: Hypotheses) -> Iterator[Porte]:
    """Windows to open where those drawn do not light a room enough; nothing when none is drawn."""
    if terrain.fenetres.is_empty or not terrain.percer:
        return
    for c in cellules:
        if c.besoin is None or c.fonction == "hall" or c.besoin.piece.facade == "indifferente":
            continue
        vues = terrain.fenetres.intersection(c.forme.buffer(h.mur_m.valeur + 0.2)).length
        manque = c.besoin.surface_m2 * h.baie_part.valeur / h.baie_hauteur_m.valeur - vues
        if manque <= 0 or (vues and c.besoin.piece.facade != "due"):
            continue
        murs = [m for m in _facades(c, terrain, h) if m.distance(terrain.fenetres) > h.mur_m.valeur + 0.2]
        for mur in _au_calme(murs, terrain)[:1]:
            large = max(h.baie_min_m.valeur, min(manque, mur.length - 2 * h.montant_m.valeur))
            if (ligne := placer(mur, large, mur.centroid, terrain, h)) is not None:
                yield Porte(f"Baie à ouvrir : {c.nom}", large, _sur_le_mur(ligne, terrain), _dehors(ligne, c), False)


def _au_calme(murs: list[Any], terrain: Terrain) -> list[Any]:
    """Walls away from the tracks first, then the longest."""
    pres = [not terrain.voies.is_empty and m.distance(terrain.voies) < 0.05 for m in murs]
    return [m for _, _, m in sorted(zip(pres, [-m.length for m in murs], murs, strict=True), key=lambda x: x[:2])]


def _facades(c: Cellule, terrain: Terrain, h: Hypotheses) -> list[Any]:
    """Straight sides of a cell on a façade, the longest first."""
    murs = _droits(c.forme.boundary.intersection(terrain.dehors.buffer(0.02)), h)
    return sorted(murs, key=lambda m: -m.length)


def _droits(forme: Any, h: Hypotheses) -> list[Any]:
    """Straight stretches of a linework, at least a door long."""
    from itertools import pairwise

    from shapely import get_parts
    from shapely.geometry import LineString
    from shapely.ops import linemerge

    lignes = [g for g in get_parts(forme) if g.geom_type == "LineString"]
    if not lignes:
        return []
    fusion = linemerge(lignes) if len(lignes) > 1 else lignes[0]
    droits = []
    for ligne in get_parts(fusion):
        simple = ligne.simplify(0.005)
        droits += [LineString(p) for p in pairwise(simple.coords)]
    return [d for d in droits if d.length > h.porte_m.valeur]


def _du_cote(ligne: Any, forme: Any, ecart: float = 0.4) -> Any:
    """Point beside a door, on the side of a cell."""
    a, b = ligne.parallel_offset(ecart, "left").centroid, ligne.parallel_offset(ecart, "right").centroid
    return a if forme.distance(a) <= forme.distance(b) else b


def _dehors(ligne: Any, c: Cellule) -> Any:
    """Point beside a door, on the other side than its cell."""
    a, b = ligne.parallel_offset(0.7, "left").centroid, ligne.parallel_offset(0.7, "right").centroid
    return b if c.forme.distance(a) <= c.forme.distance(b) else a


def _sur_le_mur(ligne: Any, terrain: Terrain) -> Any:
    """Door moved from the inner side of an outer wall to the outline drawn."""
    from shapely.affinity import translate
    from shapely.geometry import Point
    from shapely.ops import nearest_points

    milieu = ligne.centroid
    ici = nearest_points(terrain.mur.boundary, Point(milieu))[0]
    return translate(ligne, ici.x - milieu.x, ici.y - milieu.y)
