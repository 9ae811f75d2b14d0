"""Schemes of outlines that are not a bar: two wings at a right angle, four sides round a patio."""

from __future__ import annotations

from collections.abc import Iterator

from pope_foncier.places.esquisse.grille import Axe, Boite, Squelette
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.squelettes import squelette
from pope_foncier.places.esquisse.terrain import Terrain
from pope_foncier.socle.nombres import formater_nombre

_PLEINE = 0.86
"""Part of its bounding box that an outline fills, above which it is a bar."""


def decouper(terrain: Terrain) -> list[Boite]:
    """Two boxes that share an outline in L, the one that holds the corner first; one box for any other outline."""
    from shapely.geometry import box

    libre = terrain.libre
    boite: Boite = tuple(libre.bounds)
    x0, y0, x1, y1 = boite
    if libre.area >= _PLEINE * (x1 - x0) * (y1 - y0):
        return [boite]
    simple = libre.simplify(0.6)
    coins = [p for p in simple.exterior.coords[:-1] if x0 + 2 < p[0] < x1 - 2 and y0 + 2 < p[1] < y1 - 2]
    for x, y in coins:
        for a, b in (((x0, y0, x, y1), (x, y0, x1, y1)), ((x0, y0, x1, y), (x0, y, x1, y1))):
            lus = [libre.intersection(box(*k)).buffer(0) for k in (a, b)]
            pleins = [
                m.area > 0.93 * (m.bounds[2] - m.bounds[0]) * (m.bounds[3] - m.bounds[1]) for m in lus if not m.is_empty
            ]
            if len(pleins) == 2 and all(pleins):
                ailes: list[Boite] = [tuple(m.bounds) for m in lus]
                return sorted(ailes, key=lambda k: -(k[2] - k[0]) * (k[3] - k[1]))
    return [boite]


def deux_ailes(terrain: Terrain, h: Hypotheses, une: Boite, autre: Boite) -> Iterator[Squelette]:
    """Corridor along each wing of an L, the second joining the first; the corner belongs to the wing that is longest with it."""
    coin = _coin(terrain, une, autre)
    if coin is None:
        return
    grande, petite, axe = coin
    c = h.couloir_m.valeur + h.cloison_m.valeur
    for part in (0.5, 0.36, 0.64):
        for part2 in (0.5, 0.36, 0.64):
            lu = _joindre(terrain, h, (grande, petite), axe, (part, part2), c)
            if lu is not None:
                yield lu


def _coin(terrain: Terrain, une: Boite, autre: Boite) -> tuple[Boite, Boite, Axe] | None:
    """First wing with the corner, second one, direction of the first; None when the second does not lean on its side."""
    if abs(une[3] - autre[1]) < 0.05 or abs(autre[3] - une[1]) < 0.05:
        return une, autre, "x"
    if abs(une[2] - autre[0]) < 0.05 or abs(autre[2] - une[0]) < 0.05:
        return une, autre, "y"
    return None


def _joindre(
    terrain: Terrain,
    h: Hypotheses,
    ailes: tuple[Boite, Boite],
    axe: Axe,
    parts: tuple[float, float],
    c: float,
) -> Squelette | None:
    """Corridors of both wings and the strips that they leave, computed with the first wing along x."""
    from shapely import union_all
    from shapely.geometry import box

    def sens(k: Boite) -> Boite:
        return k if axe == "x" else (k[1], k[0], k[3], k[2])

    (x0, y0, x1, y1), (u0, v0, u1, v1) = (sens(k) for k in ailes)
    dessus = v0 >= y1 - 0.05
    bas = y0 + parts[0] * (y1 - y0 - c)
    gauche = u0 + parts[1] * (u1 - u0 - c)
    if min(bas - y0, y1 - bas - c, gauche - u0, u1 - gauche - c) < h.bande_mince_m.valeur - 0.3:
        return None
    de, a = (bas + c, v1) if dessus else (v0, bas)
    couloirs = [(x0, bas, x1, bas + c), (gauche, de, gauche + c, a)]
    proche = (y1, "haut") if dessus else (y0, "bas")
    zones: list[tuple[Boite, Axe]] = []
    loin = (x0, y0, x1, bas) if dessus else (x0, bas + c, x1, y1)
    zones.append((loin, "x"))
    borde = (bas + c, y1) if dessus else (y0, bas)
    for p, q in ((x0, gauche), (gauche + c, x1)):
        zones.append(((p, borde[0], q, borde[1]), "x"))
    haut = (proche[0], v1) if dessus else (v0, proche[0])
    for p, q in ((u0, gauche), (gauche + c, u1)):
        zones.append(((p, haut[0], q, haut[1]), "y"))
    circulation = union_all([box(*sens(k)) for k in couloirs]).intersection(terrain.libre)
    tournees: list[tuple[Boite, Axe]] = [
        (sens(k), _tourne(d, axe)) for k, d in zones if k[2] - k[0] > 1 and k[3] - k[1] > 1
    ]
    famille = f"ailes|{axe}|{parts[0]} {parts[1]}"
    ou, longueur = ("central" if p == 0.5 else "décalé" for p in parts), formater_nombre(x1 - x0)
    parti = "deux ailes, couloirs {} et {}, angle dans l'aile de {} m".format(*ou, longueur)
    return squelette(terrain, h, parti, famille, circulation, tournees)


def _tourne(axe: Axe, premiere: Axe) -> Axe:
    return axe if premiere == "x" else ("y" if axe == "x" else "x")


def autour_d_un_patio(terrain: Terrain, h: Hypotheses) -> Iterator[Squelette]:
    """Corridor round a patio, along it or in the middle of the rooms; sides too thin for a corridor keep one row."""
    from shapely import union_all
    from shapely.geometry import Polygon, box

    patio = max((Polygon(t) for t in terrain.libre.interiors), key=lambda p: p.area)
    x0, y0, x1, y1 = terrain.libre.bounds
    a0, b0, a1, b1 = patio.bounds
    c, mince = h.couloir_m.valeur + h.cloison_m.valeur, h.bande_mince_m.valeur
    for nom, part in (("le long du patio", 0.0), ("au milieu des pièces", 0.42), ("près du patio", 0.30)):
        ecarts = [part * (large - c) for large in (a0 - x0, b0 - y0, x1 - a1, y1 - b1)]
        if part and min(ecarts) < mince - 0.3:
            continue
        if min(large - c - e for large, e in zip((a0 - x0, b0 - y0, x1 - a1, y1 - b1), ecarts, strict=True)) < mince:
            continue
        p0, q0, p1, q1 = a0 - ecarts[0], b0 - ecarts[1], a1 + ecarts[2], b1 + ecarts[3]
        for coins in ("x", "y"):
            anneau = box(p0 - c, q0 - c, p1 + c, q1 + c).difference(box(p0, q0, p1, q1))
            zones: list[tuple[Boite, Axe]]
            if coins == "x":
                zones = [((x0, y0, x1, q0 - c), "x"), ((x0, q1 + c, x1, y1), "x")]
                zones += [((x0, q0 - c, p0 - c, q1 + c), "y"), ((p1 + c, q0 - c, x1, q1 + c), "y")]
            else:
                zones = [((x0, y0, p0 - c, y1), "y"), ((p1 + c, y0, x1, y1), "y")]
                zones += [((p0 - c, y0, p1 + c, q0 - c), "x"), ((p0 - c, q1 + c, p1 + c, y1), "x")]
            if part:
                zones += [((p0, q0, p1, b0), "x"), ((p0, b1, p1, q1), "x")]
                zones += [((p0, b0, a0, b1), "y"), ((a1, b0, p1, b1), "y")]
            circulation = union_all([anneau]).intersection(terrain.libre)
            lu = squelette(terrain, h, f"circulation {nom}", f"patio|{part}|{coins}", circulation, zones)
            if lu is not None:
                yield lu
        # circulation on three sides: the fourth side belongs to deep rooms between façade and patio
        if part == 0.0:
            yield from _trois_cotes(terrain, h, (x0, y0, x1, y1), (a0, b0, a1, b1), c)


def _trois_cotes(terrain: Terrain, h: Hypotheses, dehors: Boite, patio: Boite, c: float) -> Iterator[Squelette]:
    """Corridor along three sides of a patio; the rooms of the fourth go from the façade to the patio."""
    from shapely import union_all
    from shapely.geometry import box

    x0, y0, x1, y1 = dehors
    a0, b0, a1, b1 = patio
    coupes = {
        "sud": ((x0, b0, x1, y1), [((x0, y0, x1, b0), "x")]),
        "nord": ((x0, y0, x1, b1), [((x0, b1, x1, y1), "x")]),
    }
    for cote, (_, traversantes) in coupes.items():
        bas, haut = (b0, b1 + c) if cote == "sud" else (b0 - c, b1)
        barres = [box(a0 - c, bas, a0, haut), box(a1, bas, a1 + c, haut)]
        barres.append(box(a0 - c, b1, a1 + c, b1 + c) if cote == "sud" else box(a0 - c, b0 - c, a1 + c, b0))
        zones: list[tuple[Boite, Axe]] = [(k, "x") for k, _ in traversantes]
        y2, y3 = (b0, y1) if cote == "sud" else (y0, b1)
        milieu = (a0 - c, b1 + c, a1 + c, y1) if cote == "sud" else (a0 - c, y0, a1 + c, b0 - c)
        zones += [((x0, y2, a0 - c, y3), "y"), ((a1 + c, y2, x1, y3), "y"), (milieu, "x")]
        circulation = union_all(barres).intersection(terrain.libre)
        parti = "circulation sur trois côtés du patio, pièces traversantes sur le quatrième"
        lu = squelette(terrain, h, parti, f"patio|trois côtés|{cote}", circulation, zones)
        if lu is not None:
            yield lu
