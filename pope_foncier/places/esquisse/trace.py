"""Sketch as a plan: rooms as polygons of the true outline, doors with their widths, entrance; what the first plan keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pope_foncier.lieu.plan import Element, ElementTrace, Plan, PlanTrace
from pope_foncier.lieu.plan_controles import tracer
from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.grille import Bande, Boite
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.modele import Placement, Pose
from pope_foncier.places.esquisse.portes import HORS, Cellule, baies, entree, issues, nom_de_la_porte, portes
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import valider

_REMPLACEES = ("piece", "escalier", "rampe")
"""Natures of the first plan that a sketch draws anew on its storey."""
_MUR_M = 0.6
"""How far from the outline a door or a window is still in the outer wall [m]."""
_RETOUCHES, _RETOUCHE_M2 = 4, 0.02
"""Times that the partition of a pair is moved, and what each takes beyond the area missing [m²]."""
RESERVE, CIRCULATION = "À affecter", "Circulation"


@enregistrement
class Trace:
    """Sketch drawn, and the area of each room wanted [m²]."""

    plan: PlanTrace
    surfaces: tuple[float, ...]
    sans_porte: tuple[str, ...]
    """Rooms that no door could be drawn to."""

    def nommee(self, titre: str) -> Trace:
        """Same sketch, under another title."""
        fiche = self.plan.fiche.model_copy(update={"titre": titre})
        return Trace(PlanTrace(fiche, self.plan.elements), self.surfaces, self.sans_porte)


def dessiner(
    depart: PlanTrace,
    placement: Placement,
    besoins: Sequence[Besoin],
    h: Hypotheses,
    titre: str,
    base: str,
    niveau: int,
) -> Trace:
    """Draw a placing in the plan that it starts from."""
    terrain = placement.squelette.terrain
    cellules = _cellules(placement, besoins, h)
    elements = [_donnees(e.element) for e in depart.elements if _gardee(e, depart, niveau)]
    surfaces = [0.0] * len(besoins)
    for cellule in cellules:
        nette = _nette(cellule.forme, terrain.poteaux, h)
        if nette is None:
            continue
        if cellule.rang is not None:
            surfaces[cellule.rang] = float(nette.area)
        dehors = terrain.vers_le_plan(nette)
        points, trous = _anneaux(dehors)
        piece = {
            "nature": "piece",
            "nom": cellule.nom,
            "fonction": cellule.fonction,
            "niveau": niveau,
            "points": points,
        }
        elements.append(piece | ({"trous": trous} if trous else {}))
    premiere, interieures = entree(cellules, terrain, h), list(portes(cellules, terrain, h))
    for porte in [*premiere, *interieures, *issues(cellules, terrain, h, premiere)]:
        ligne, vers = terrain.vers_le_plan(porte.ligne), terrain.vers_le_plan(porte.vers)
        elements.append(
            {
                "nature": "porte",
                "nom": porte.nom,
                "niveau": niveau,
                "largeur_passage_m": porte.largeur_m,
                "vantaux": 2 if porte.largeur_m > h.deux_vantaux_m.valeur else 1,
                "ouverture": "battante",
                "vers": _point(vers.coords[0]),
                "issue": porte.issue,
                "points": [_point(p) for p in ligne.coords],
            }
        )
    for baie in baies(cellules, terrain, h):
        points = [_point(p) for p in terrain.vers_le_plan(baie.ligne).coords]
        elements.append({"nature": "fenetre", "nom": baie.nom, "niveau": niveau, "points": points})
    fiche = depart.fiche
    brut: dict[str, Any] = {"titre": titre, "statut": "hypothese", "systeme": _systeme(fiche), "base": base}
    brut |= {"site": fiche.site, "nord_degres": fiche.nord_degres, "sans_cour": fiche.sans_cour, "elements": elements}
    plan, problemes = tracer(valider(Plan, brut, titre), titre, {})
    if problemes:
        raise ErreurDonnees(problemes)
    ouvertes = {p.nom for p in interieures}
    sans = tuple(c.nom for c in cellules if c.besoin is not None and nom_de_la_porte(c) not in ouvertes)
    return Trace(plan, tuple(surfaces), sans)


def _gardee(e: ElementTrace, depart: PlanTrace, niveau: int) -> bool:
    """Whether a sketch keeps an element: all but the rooms of its storey, and the doors and windows between them."""
    if e.element.niveau != niveau or e.element.nature in ("batiment", "parcelle"):
        return True
    if e.element.nature in _REMPLACEES:
        return False
    if e.element.nature in ("porte", "fenetre"):
        return (
            min((b.forme.boundary.distance(e.forme) for b in depart.batiments_du_niveau(niveau)), default=0.0) < _MUR_M
        )
    return True


def _systeme(fiche: Plan) -> str:
    """System of the sketch: a plan in degrees was projected before it was measured."""
    return "lambert93" if fiche.systeme == "wgs84" else fiche.systeme


def _donnees(element: Element) -> dict[str, Any]:
    return element.model_dump(exclude_none=True, exclude_defaults=True) | {"nature": element.nature}


def _cellules(placement: Placement, besoins: Sequence[Besoin], h: Hypotheses) -> list[Cellule]:
    """Cells that share the outline without gap: rooms, circulation, what stays; corners left over join a neighbour."""
    from shapely import get_parts, union_all
    from shapely.geometry import box

    squelette = placement.squelette
    libre = squelette.terrain.libre.difference(squelette.reste)
    dispo = libre.difference(squelette.circulation)
    cellules = [Cellule(CIRCULATION, "circulation", None, squelette.circulation, None)]
    for pose in placement.poses:
        bande = squelette.bandes[pose.bande]
        boite = bande.tranche(pose.debut, pose.fin)
        boites = [boite] if len(pose.article) < 2 else _couper(pose, bande, besoins, dispo, h)
        for rang, morceau in zip(pose.article or (None,), boites, strict=True):
            forme = box(*morceau).intersection(dispo)
            forme = max(get_parts(forme), key=lambda g: g.area, default=None)
            if forme is None or forme.geom_type != "Polygon" or forme.area < 0.3:
                continue
            nom, fonction = (besoins[rang].nom, besoins[rang].fonction) if rang is not None else (RESERVE, "a_affecter")
            cellules.append(Cellule(nom, fonction, rang, forme, besoins[rang] if rang is not None else None))
    prises = union_all([c.forme for c in cellules])
    for reste in get_parts(libre.difference(prises.buffer(1e-6))):
        if reste.geom_type == "Polygon" and reste.area > 0.02:
            cellules = _donner(cellules, reste)
    for reste in get_parts(squelette.reste):
        if reste.geom_type == "Polygon" and reste.area > 1.0:
            cellules.append(Cellule(HORS, "a_affecter", None, reste, None))
    return cellules


def _couper(pose: Pose, bande: Bande, besoins: Sequence[Besoin], libre: Any, h: Hypotheses) -> list[Boite]:
    """Front, along the circulation, then back: in proportion, then moved until the room that admits nothing less is whole."""
    x0, y0, x1, y1 = bande.tranche(pose.debut, pose.fin)
    deux = [besoins[r] for r in pose.article]
    part = deux[0].surface_m2 / sum(b.surface_m2 for b in deux)
    boites = _partager((x0, y0, x1, y1), bande, part)
    stricte = next((k for k, b in enumerate(deux) if not b.piece.en_moins), None)
    if stricte is None:
        return boites
    aire = (x1 - x0) * (y1 - y0)
    for _ in range(_RETOUCHES):
        manques = [b.surface_m2 - _aire_nette(boite, libre, h) for b, boite in zip(deux, boites, strict=True)]
        autre = 1 - stricte
        cede = -manques[autre] + deux[autre].surface_m2 * deux[autre].piece.en_moins
        if manques[stricte] <= 0 or cede <= 0:
            break
        part += (1 if stricte == 0 else -1) * min(manques[stricte] + _RETOUCHE_M2, cede) / aire
        boites = _partager((x0, y0, x1, y1), bande, part)
    return boites


def _partager(boite: Boite, bande: Bande, part: float) -> list[Boite]:
    """Front, along the circulation, then back, at a part of the depth."""
    x0, y0, x1, y1 = boite
    part = part if bande.bas else 1 - part
    if bande.axe == "x":
        y = y0 + part * (y1 - y0)
        basse, haute = (x0, y0, x1, y), (x0, y, x1, y1)
    else:
        x = x0 + part * (x1 - x0)
        basse, haute = (x0, y0, x, y1), (x, y0, x1, y1)
    return [basse, haute] if bande.bas else [haute, basse]


def _aire_nette(boite: Boite, libre: Any, h: Hypotheses) -> float:
    from shapely.geometry import box

    return float(box(*boite).intersection(libre).buffer(-h.cloison_m.valeur / 2, join_style="mitre").area)


def _donner(cellules: list[Cellule], reste: Any) -> list[Cellule]:
    """Cells with a left-over joined to the neighbour that it touches most."""
    longueurs = [c.forme.buffer(1e-3).intersection(reste).area for c in cellules]
    k = max(range(len(cellules)), key=lambda i: (round(longueurs[i], 6), -i))
    joint = cellules[k].forme.union(reste.buffer(2e-6, join_style="mitre"))
    if longueurs[k] <= 0 or joint.geom_type != "Polygon":
        return cellules
    c = cellules[k]
    return [*cellules[:k], Cellule(c.nom, c.fonction, c.rang, joint, c.besoin), *cellules[k + 1 :]]


def _nette(forme: Any, poteaux: Any, h: Hypotheses) -> Any:
    """Room within its partitions, columns out."""
    from shapely import get_parts

    nette = forme.buffer(-h.cloison_m.valeur / 2, join_style="mitre").difference(poteaux)
    morceaux = [g for g in get_parts(nette) if g.geom_type == "Polygon" and g.area > 0.2]
    return max(morceaux, key=lambda g: g.area) if morceaux else None


def _anneaux(forme: Any) -> tuple[list[list[float]], list[list[list[float]]]]:
    """Outline and holes, points in line left out."""
    simple = forme.simplify(0.004)
    return [_point(p) for p in simple.exterior.coords[:-1]], [
        [_point(p) for p in t.coords[:-1]] for t in simple.interiors
    ]


def _point(p: Sequence[float]) -> list[float]:
    return [round(float(v), 3) + 0.0 for v in p[:2]]
