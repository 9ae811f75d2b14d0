"""Schemes of circulation: corridor along a bar, room at its end, crosswise behind a front, round a patio, along two wings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pope_foncier.places.esquisse.ailes import autour_d_un_patio, decouper, deux_ailes
from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.grille import Axe, Boite, Squelette
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.squelettes import squelette
from pope_foncier.places.esquisse.terrain import Terrain
from pope_foncier.socle.enregistrements import enregistrement

DE_VIE = ("eveil", "repas", "motricite", "activites")
Tete = tuple[str, float]
"""What closes a bar at an end, and how deep it is [m]."""
_AISE = 1.05
"""Length given to a part of a bar over what the programme asks for."""
_TROP_LONG = 1.25
"""A bar longer than the programme asks for, by this ratio, is used in part."""
_NOMS = {
    "": "couloir {} de bout en bout",
    "bout": "pièces de vie en bout, couloir {}",
    "bouts": "pièces de vie aux deux bouts, couloir {}",
    "front": "pièces de vie en front, sur toute la largeur, couloir {}",
}


def partis(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses) -> list[Squelette]:
    """Schemes that suit an outline, without any room yet."""
    if terrain.libre.interiors:
        return list(autour_d_un_patio(terrain, h))
    if len(ailes := decouper(terrain)) == 2:
        return [lu for sens in (ailes, ailes[::-1]) for lu in deux_ailes(terrain, h, *sens)]
    return [lu for t in (terrain, terrain.quart()) for lu in (*_barres(t, besoins, h), *_rangs(t, besoins, h))]


def _barres(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses) -> Iterator[Squelette]:
    """Corridor along x, full or with a head at one end, at several depths; a part of a bar too long for the programme."""
    x0, y0, x1, y1 = terrain.libre.bounds
    c = h.couloir_m.valeur + h.cloison_m.valeur
    large = y1 - y0
    if large < c + h.bande_mince_m.valeur or x1 - x0 < max(2 * c, 0.75 * large):
        return
    vie = sum(b.surface_m2 for b in besoins if b.fonction in DE_VIE)
    groupes = sum(b.fonction in DE_VIE for b in besoins)
    utile = sum(b.surface_m2 for b in besoins) * (1 + h.cloison_m.valeur)
    a, b, cote = _portion(terrain, _AISE * utile / (large - c) + c)
    for part, ou in _positions(large - c, h):
        for gauche, droite in _tetes(groupes, vie, large, b - a, h):
            if all(
                not tete or _eclairee(terrain, bord, sens * fond, h)
                for (tete, fond), bord, sens in ((gauche, a, 1), (droite, b, -1))
            ):
                barre = Barre((a, y0, b, y1), y0 + part * (large - c), gauche, droite, ou, cote)
                if (lu := _barre(terrain, h, barre, c)) is not None:
                    yield lu


@enregistrement
class Barre:
    """Corridor of a bar: where, and what closes it at each end."""

    boite: Boite
    bas: float
    gauche: Tete
    droite: Tete
    ou: str
    cote: str
    """Which part of the outline is used; empty when all of it is."""


def _portion(terrain: Terrain, besoin: float) -> tuple[float, float, str]:
    """Part of a bar that holds the programme: all of it, else the end or the middle with the entrance, the yard, most floor."""
    from shapely.geometry import Point, box

    x0, y0, x1, y1 = terrain.libre.bounds
    if x1 - x0 < _TROP_LONG * besoin:
        return x0, x1, ""
    milieu = (x0 + x1 - besoin) / 2
    portions = [
        (x0, x0 + besoin, "une extrémité"),
        (x1 - besoin, x1, "une extrémité"),
        (milieu, milieu + besoin, "le milieu"),
    ]

    def merite(portion: tuple[float, float, str]) -> tuple[int, float, float]:
        zone = box(portion[0], y0 - 1, portion[1], y1 + 1)
        entrees = sum(zone.contains(Point(e)) for e in terrain.entrees)
        cour, plancher = terrain.cour.intersection(zone).length, terrain.libre.intersection(zone).area
        return entrees, round(cour, 1), round(plancher, 0)

    return max(portions, key=merite)


def _positions(reste: float, h: Hypotheses) -> list[tuple[float, str]]:
    """Where the corridor may lie across a bar: part of what it leaves on the low side, and its name."""
    mince = h.bande_mince_m.valeur
    parts = [(0.0, "latéral"), (1.0, "latéral")] if reste < h.un_rang_m.valeur else []
    decale = max(0.33, mince / reste)
    if decale < 0.46:
        parts += [(decale, "décalé"), (1 - decale, "décalé")]
    return parts + ([(0.5, "central")] if reste >= 2 * mince else [])


def _tetes(groupes: int, vie_m2: float, large: float, longue: float, h: Hypotheses) -> Iterator[tuple[Tete, Tete]]:
    """What closes a bar at both ends: nothing, rooms over the whole width, or a front with the corridor behind it."""
    rien: Tete = ("", 0.0)
    yield rien, rien
    for combien in (1, 2) if groupes > 1 else (1,):
        fond = _fond(vie_m2 / combien / large, h)
        bout: Tete = ("bout", fond)
        if longue - combien * fond > 1.2 * fond:
            yield from [(bout, rien), (rien, bout)] if combien == 1 else [(bout, bout)]
    fond, c = _fond_du_front(vie_m2, large, h), h.couloir_m.valeur + h.cloison_m.valeur
    if large >= h.front_large_m.valeur and longue - fond - c > h.front_reste_m.valeur:
        yield from [(("front", fond), rien), (rien, ("front", fond))]


def _fond(voulu: float, h: Hypotheses) -> float:
    """Depth of a head, between those that are drawn [m]."""
    return min(max(voulu, h.tete_min_m.valeur), h.tete_max_m.valeur)


def _fond_du_front(vie_m2: float, large: float, h: Hypotheses) -> float:
    """Depth of a front of living rooms that shares its width with the entrance [m]."""
    return _fond(vie_m2 / max(large - h.front_entree_m.valeur, 3.0), h)


def _eclairee(terrain: Terrain, bord: float, fond: float, h: Hypotheses) -> bool:
    """Whether a head takes the daylight that a living room asks for; its depth is negative when it goes to the left."""
    from shapely.geometry import box

    _, y0, _, y1 = terrain.libre.bounds
    zone = box(min(bord, bord + fond) - 0.1, y0 - 0.1, max(bord, bord + fond) + 0.1, y1 + 0.1)
    return bool(terrain.jour.intersection(zone).length >= 2 * h.jour_minimum_m.valeur)


def _barre(terrain: Terrain, h: Hypotheses, barre: Barre, c: float) -> Squelette | None:
    from shapely import union_all
    from shapely.geometry import box

    x0, y0, x1, y1 = barre.boite
    (gauche, de), (droite, a) = barre.gauche, barre.droite
    u, v = x0 + de, x1 - a
    zones: list[tuple[Boite, Axe]] = []
    couloirs: list[Boite] = []
    if gauche:
        zones.append(((x0, y0, u, y1), "y"))
    if droite:
        zones.append(((v, y0, x1, y1), "y"))
    if gauche == "front":
        couloirs.append((u, y0, u + c, y1))
        u += c
    if droite == "front":
        couloirs.append((v - c, y0, v, y1))
        v -= c
    couloirs.append((u, barre.bas, v, barre.bas + c))
    zones += [((u, y0, v, barre.bas), "x"), ((u, barre.bas + c, v, y1), "x")]
    circulation = union_all([box(*k) for k in couloirs]).intersection(terrain.libre)
    reste = terrain.libre.difference(box(x0, y0 - 1, x1, y1 + 1)) if barre.cote else None
    tete = "bouts" if gauche and droite else gauche or droite
    parti = _NOMS[tete].format(barre.ou) + (f", dans {barre.cote} du bâtiment" if barre.cote else "")
    return squelette(terrain, h, parti, f"{tete or 'barre'}|{barre.ou}|{terrain.angle:.0f}", circulation, zones, reste)


def _rangs(terrain: Terrain, besoins: Sequence[Besoin], h: Hypotheses) -> Iterator[Squelette]:
    """Rows parallel to a front, for a deep plot lit at one end: living rooms, corridor, row, corridor, row."""
    from shapely import union_all
    from shapely.geometry import box

    x0, y0, x1, y1 = terrain.libre.bounds
    c = h.couloir_m.valeur + h.cloison_m.valeur
    vie = sum(b.surface_m2 for b in besoins if b.fonction in DE_VIE)
    fond = _fond_du_front(vie, y1 - y0, h)
    reste = x1 - x0 - fond - 2 * c
    if y1 - y0 < h.front_large_m.valeur or not 2 * h.bande_mince_m.valeur <= reste <= 2 * h.un_rang_m.valeur - 2:
        return
    for a, sens in ((x0, 1), (x1, -1)):
        if not _eclairee(terrain, a, sens * fond, h):
            continue
        for part in (0.36, 0.5):
            bords = [a]
            for large in (fond, c, part * reste, c, (1 - part) * reste):
                bords.append(bords[-1] + sens * large)
            rangs = [(min(u, v), y0, max(u, v), y1) for u, v in pairwise(bords)]
            for lien in ((y0, y0 + c), (y1 - c, y1)):
                milieu = rangs[2]
                passage = (milieu[0], lien[0], milieu[2], lien[1])
                deux = (milieu[0], lien[1], milieu[2], y1) if lien[0] == y0 else (milieu[0], y0, milieu[2], lien[0])
                zones: list[tuple[Boite, Axe]] = [(rangs[0], "y"), (deux, "y"), (rangs[4], "y")]
                circulation = union_all([box(*k) for k in (rangs[1], passage, rangs[3])]).intersection(terrain.libre)
                nom = f"front|rangs|{part} {terrain.angle:.0f}"
                lu = squelette(terrain, h, "rangs parallèles à la façade, deux circulations", nom, circulation, zones)
                if lu is not None:
                    yield lu
