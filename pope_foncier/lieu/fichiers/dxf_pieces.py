"""Rooms and building of a drawing: cells that walls and openings close, outlines of the other layers, each with its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pope_foncier.lieu.fichiers.contours import fermer, jambages, largeur, sans_doubles, seuils
from pope_foncier.lieu.fichiers.dxf_textes import Etiquette
from pope_foncier.lieu.fichiers.noms_de_pieces import NomLu, lire_nom, niveau_du_nom

if TYPE_CHECKING:
    from shapely import STRtree
    from shapely.geometry import LineString, Polygon

ACCROCHE_M = 0.02
"""Gap between two strokes that is closed [m]."""
SEUIL_M = 0.12
"""How far the opening of a door may stand from its jambs: the frame [m]."""
MUR_M = 0.65
"""Cells narrower than this between lines of walls are walls, or the thickness of an opening [m]."""
ESPACES_CLOS, CONTOUR_DES_MURS = "espaces clos par les murs", "contour extérieur des murs"
"""Names of the layers made of the lines of walls."""
_NOMS_MAX = 120
_PIECE_ENTIERE = 0.8
"""Share of a building from which a room is the whole of it: a garage."""
_MURS_DEDANS = 0.8
"""Share of the length of the walls that their outline must hold."""


@dataclass(frozen=True, slots=True)
class Contour:
    """Closed outline with its layer and what its names say."""

    couche: str
    forme: Polygon
    nature: str = ""
    nom: str = ""
    lu: NomLu | None = None
    surface_m2: float | None = None
    imprime: str = ""
    """Text that prints the area."""
    niveau: int | None = None
    """Storey that the layers of its walls tell."""
    etroit: bool = False
    """Closed by walls and no wider than one: the wall itself, or a closet when a name stands in it."""


def fermer_les_murs(
    murs: Sequence[LineString], ouvertures: Sequence[LineString], passages: Sequence[LineString], metres: float
) -> list[Contour]:
    """Spaces that walls, windows and doors close, and the building around them; the thickness of a wall at a door is no room.

    The building is drawn only when it holds most of the walls: walls that close one corner, or nothing, have no outline,
    whatever their extent. Narrow cells are kept too, for the name that may stand in them.
    """
    accroche, cellules = ACCROCHE_M / metres, _cellules(murs, ouvertures, passages, metres)
    contours = [Contour(ESPACES_CLOS, _droit(c, accroche), etroit=largeur(c) * metres < MUR_M) for c in cellules]
    if 0 < sum(c.etroit for c in contours) < len(contours):
        contours += _tours(CONTOUR_DES_MURS, cellules, murs, metres)
    return contours


def enveloppe(
    calque: str,
    murs: Sequence[LineString],
    ouvertures: Sequence[LineString],
    passages: Sequence[LineString],
    metres: float,
) -> list[Contour]:
    """Buildings that the walls of a layer go round, when the user says that it draws the building."""
    return _tours(calque, _cellules(murs, ouvertures, passages, metres), murs, metres)


def _cellules(
    murs: Sequence[LineString], ouvertures: Sequence[LineString], passages: Sequence[LineString], metres: float
) -> list[Polygon]:
    accroche, mur = ACCROCHE_M / metres, MUR_M / metres
    coiffes = [*murs, *jambages(murs, accroche, mur)]
    return fermer([*coiffes, *ouvertures, *passages, *seuils(passages, coiffes, SEUIL_M / metres, mur)], accroche)[0]


def _tours(couche: str, cellules: Sequence[Polygon], murs: Sequence[LineString], metres: float) -> list[Contour]:
    """Outer rings of cells; none when most of the walls are outside of them."""
    from shapely import Polygon, get_parts, union_all

    accroche = ACCROCHE_M / metres
    tours = [
        Polygon(t.exterior) for t in get_parts(union_all(list(cellules), grid_size=accroche * 1e-4)) if not t.is_empty
    ]
    larges = [t for t in tours if largeur(t) * metres >= MUR_M]
    if not _tient(larges, murs, accroche):
        return []
    return [Contour(couche, _droit(t, accroche), "batiment") for t in larges]


def _tient(tours: Sequence[Polygon], murs: Sequence[LineString], accroche: float) -> bool:
    """Whether some outlines hold most of the walls."""
    from shapely import MultiLineString, union_all

    tous = MultiLineString(list(murs))
    return bool(tous.intersection(union_all([t.buffer(accroche) for t in tours])).length >= _MURS_DEDANS * tous.length)


def _droit(polygone: Polygon, accroche: float) -> Polygon:
    """Same outline without the points that the crossing of strokes left on its straight sides."""
    return polygone.simplify(2e-4 * accroche)


def emprises(murs: Sequence[LineString], metres: float) -> list[Polygon]:
    """Footprints of walls: narrow cells that the strokes of walls alone close."""
    cellules, _ = fermer(murs, ACCROCHE_M / metres)
    return [c for c in cellules if largeur(c) * metres < MUR_M]


def contours_du_calque(
    calque: str, nature: str, fermes: Sequence[Polygon], lignes: Sequence[LineString], metres: float
) -> tuple[list[Contour], list[LineString]]:
    """Outlines of one layer, those that its lines close included, and its other lines."""
    clos, restes = fermer(lignes, ACCROCHE_M / metres)
    tous = [*fermes, *clos]
    return [Contour(calque, tous[i], nature) for i in sans_doubles(tous)], restes


def percer(contours: Sequence[Contour], trous: Sequence[Polygon], nature: str) -> list[Contour]:
    """Outlines of a nature without the holes that other layers draw inside them."""
    perces = []
    for contour in contours:
        forme = contour.forme
        for trou in trous if contour.nature == nature else ():
            if forme.contains(trou.representative_point()) and trou.area < forme.area:
                forme = forme.difference(trou)
        perces.append(replace(contour, forme=forme) if forme.geom_type == "Polygon" else contour)
    return perces


def evider(contours: Sequence[Contour]) -> tuple[list[Contour], list[Contour]]:
    """Outlines, and those that are voids: drawn inside another of the same layer (a patio in a building, a duct in a room).

    A room that has a name of its own is cut out of the one around it, and stays.
    """
    from shapely import STRtree

    if not contours:
        return [], []
    formes = [c.forme for c in contours]
    paires = [
        (dehors, dedans)
        for dehors, dedans in STRtree(formes).query(formes, predicate="covers").T.tolist()
        if _evidee(contours[dehors], contours[dedans])
    ]
    vides = {dedans for _, dedans in paires if contours[dedans].nature == "batiment" or not contours[dedans].nom}
    gardes = []
    for rang, contour in enumerate(contours):
        forme = contour.forme
        for dehors, dedans in paires:
            if dehors == rang:
                forme = forme.difference(formes[dedans])
        if rang not in vides:
            gardes.append(replace(contour, forme=forme) if forme.geom_type == "Polygon" else contour)
    return gardes, [contours[i] for i in sorted(vides)]


def _evidee(dehors: Contour, dedans: Contour) -> bool:
    """Whether an outline covered by another of its layer is cut out of it; those that walls make are not drawn by anybody."""
    pareils = dehors.couche == dedans.couche and dehors.nature == dedans.nature and dehors is not dedans
    dessines = dehors.nature in ("batiment", "piece") and dehors.couche not in (ESPACES_CLOS, CONTOUR_DES_MURS)
    return pareils and dessines and bool(dehors.forme.area > dedans.forme.area)


def nommer(contours: Sequence[Contour], etiquettes: Sequence[Etiquette]) -> list[Contour]:
    """Outlines with the names and areas written in them: each text goes to the smallest outline that holds it.

    Outlines of one nature, or of one unknown layer, share the texts: a plot keeps its number though a building stands on it.
    A building has the name of a room only when that room fills it.
    """
    from shapely import STRtree

    nommes = list(contours)
    piece: dict[int, float] = {}
    groupes = {(c.nature or c.couche, _niveau(c)) for c in contours}
    for cle, niveau in sorted(groupes, key=lambda g: (g[0] == "batiment", g[0], -1e9 if g[1] is None else g[1])):
        rangs = [i for i, c in enumerate(contours) if (c.nature or c.couche, _niveau(c)) == (cle, niveau)]
        arbre = STRtree([contours[i].forme for i in rangs])
        dedans: dict[int, list[Etiquette]] = {}
        for numero, etiquette in enumerate(etiquettes):
            if None not in (etiquette.niveau, niveau) and etiquette.niveau != niveau:
                continue
            if (rang := _plus_petit(arbre, [contours[i] for i in rangs], etiquette)) is None:
                continue
            aire = float(contours[rangs[rang]].forme.area)
            if cle in ("piece", ESPACES_CLOS):
                piece[numero] = aire
            if contours[rangs[rang]].couche == CONTOUR_DES_MURS:
                continue
            if cle != "batiment" or piece.get(numero, aire) >= _PIECE_ENTIERE * aire:
                dedans.setdefault(rangs[rang], []).append(etiquette)
        for i, siennes in dedans.items():
            nommes[i] = _avec_nom(contours[i], siennes)
    return nommes


def _niveau(contour: Contour) -> int | None:
    return niveau_du_nom(contour.couche) if contour.niveau is None else contour.niveau


def _plus_petit(arbre: STRtree, contours: Sequence[Contour], etiquette: Etiquette) -> int | None:
    from shapely import Point

    trouves = arbre.query(Point(etiquette.ecrit.milieu), predicate="within")
    return min((int(i) for i in trouves), key=lambda i: contours[i].forme.area, default=None)


def _avec_nom(contour: Contour, siennes: Sequence[Etiquette]) -> Contour:
    """Outline with its name: known words first; numbers for a plot; nothing for a building that holds several rooms.

    A space that walls close is a room once a name stands in it.
    """
    imprimees = [e for e in siennes if e.surface_m2]
    surface = imprimees[0].surface_m2 if len(imprimees) == 1 else None
    possibles = [e for e in siennes if e.est_un_nom]
    connus = [e for e in possibles if e.connu]
    noms = connus or possibles
    if contour.nature == "parcelle" and not noms:
        noms = [e for e in siennes if e.nom and not e.surface_m2]
    if contour.nature not in ("piece", "") and len(noms) > 1:
        noms = []
    uniques = list(dict.fromkeys(e.nom for e in noms))
    nature = contour.nature or ("piece" if contour.couche == ESPACES_CLOS and noms else "")
    nom = ", ".join(uniques)[:_NOMS_MAX] if connus or len(uniques) == 1 else ""
    lu = lire_nom(nom) if nom else None
    if lu is not None and len({lire_nom(n) for n in uniques}) > 1:
        lu = NomLu(a_confirmer=True)
    return replace(
        contour,
        nature=nature,
        nom=nom,
        lu=lu,
        surface_m2=surface,
        imprime=imprimees[0].ecrit.texte if surface is not None else "",
    )
