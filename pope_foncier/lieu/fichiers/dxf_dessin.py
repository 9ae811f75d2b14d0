"""Drawing with the role of its layers, and the outlines, doors and lines that it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pope_foncier.lieu.fichiers.calques import FERMENT
from pope_foncier.lieu.fichiers.contours import largeur
from pope_foncier.lieu.fichiers.dxf_baies import Porte, lire_fenetres, lire_portes
from pope_foncier.lieu.fichiers.dxf_pieces import (
    CONTOUR_DES_MURS,
    ESPACES_CLOS,
    MUR_M,
    Contour,
    contours_du_calque,
    emprises,
    enveloppe,
    evider,
    fermer_les_murs,
    nommer,
    percer,
)
from pope_foncier.lieu.fichiers.dxf_textes import Etiquette
from pope_foncier.lieu.fichiers.dxf_traits import Traits
from pope_foncier.lieu.fichiers.noms_de_pieces import niveau_du_nom
from pope_foncier.lieu.plan import LIGNES

if TYPE_CHECKING:
    from shapely.geometry import LineString, Polygon

MUETS = ("hors_plan", "noms")
"""Roles whose strokes draw nothing of the building."""


@dataclass(frozen=True, slots=True)
class Dessin:
    """Strokes of a drawing, the role of each layer, the unit that it declares."""

    traits: Traits
    roles: Mapping[str, str]
    declaree: float | None
    enveloppes: frozenset[str] = frozenset()
    """Layers of walls that the user says to be the building."""

    def role(self, calque: str) -> str:
        """Role of a layer; empty when nobody knows."""
        return self.roles.get(calque, "")

    def calques(self) -> set[str]:
        """Layers that draw something."""
        return {c for c, _ in self.traits.fermes + self.traits.lignes + self.traits.hachures}

    def reduit(self, calques: set[str]) -> Dessin:
        """Same drawing, some layers alone, without texts."""
        traits = Traits(
            fermes=[x for x in self.traits.fermes if x[0] in calques],
            hachures=[x for x in self.traits.hachures if x[0] in calques],
            lignes=[x for x in self.traits.lignes if x[0] in calques],
            arcs=[a for a in self.traits.arcs if a.calque in calques],
        )
        return Dessin(traits, self.roles, self.declaree, self.enveloppes & calques)

    def lignes(self, *roles: str) -> list[LineString]:
        """Open strokes of some roles."""
        return [f for c, f in self.traits.lignes if self.role(c) in roles]

    def bords(self, *roles: str) -> list[LineString]:
        """Rings of the closed strokes and hatches of some roles."""
        fermes = [f for c, f in self.traits.fermes + self.traits.hachures if self.role(c) in roles]
        return [anneau for p in fermes for anneau in (p.exterior, *p.interiors)]

    def fermes(self, *roles: str) -> list[Polygon]:
        """Closed strokes of some roles."""
        return [f for c, f in self.traits.fermes if self.role(c) in roles]


@dataclass(slots=True)
class Lu:
    """What a drawing makes once its unit is supposed."""

    contours: list[Contour] = field(default_factory=list)
    portes: list[Porte] = field(default_factory=list)
    lignes: list[tuple[str, LineString]] = field(default_factory=list)
    murs: list[Polygon] = field(default_factory=list)
    """Footprints that the strokes of the walls alone close."""
    vides: list[Contour] = field(default_factory=list)
    """Outlines inside another of their layer: patios, ducts."""
    ouverts: int = 0
    """Strokes that close nothing on layers of outlines."""


def lire_contours(dessin: Dessin, etiquettes: Sequence[Etiquette], metres: float) -> Lu:
    """Outlines with their names, doors, lines of a drawing.

    Args:
        dessin: drawing with the roles of its layers.
        etiquettes: texts read.
        metres: metres of one unit, for the tolerances.
    """
    lu, clos = Lu(), list[Contour]()
    ferment = {c for c in dessin.calques() if dessin.role(c) in FERMENT}
    for niveau in {niveau_du_nom(c) for c in ferment}:  # storeys drawn one upon the other
        etage = dessin.reduit({c for c in ferment if niveau_du_nom(c) == niveau})
        clos += [replace(c, niveau=niveau) for c in _fermer(etage, lu, metres)]
    for calque in sorted(dessin.calques()):
        role = dessin.role(calque)
        if role in (*MUETS, *FERMENT, "trou_batiment", "trou_parcelle"):
            continue
        contours, restes = contours_du_calque(
            calque,
            role,
            [f for c, f in dessin.traits.fermes + dessin.traits.hachures if c == calque],
            [f for c, f in dessin.traits.lignes if c == calque],
            metres,
        )
        if role in LIGNES:
            restes = [*restes, *(c.forme.exterior for c in contours)]
        else:
            lu.contours += contours
        if role and role not in LIGNES:
            lu.ouverts += len(restes)
        else:
            lu.lignes += [(calque, reste) for reste in restes]
    lu.contours += _utiles(clos, lu.contours)
    for nature in ("batiment", "parcelle"):
        lu.contours = percer(lu.contours, dessin.fermes(f"trou_{nature}"), nature)
    nommes = [c for c in nommer(lu.contours, etiquettes) if c.lu is not None or not c.etroit]
    lu.contours, lu.vides = evider(nommes)
    return lu


def _fermer(etage: Dessin, lu: Lu, metres: float) -> list[Contour]:
    """Spaces that the walls of one storey close and the building around; its doors and walls are noted."""
    portes, ouvertures = _portes(etage, metres)
    murs = etage.lignes("mur") + etage.bords("mur")
    ouvertures += etage.lignes("fenetre") + etage.bords("fenetre")
    clos = fermer_les_murs(murs, ouvertures, [p.passage for p in portes], metres)
    if etage.enveloppes:
        clos = [c for c in clos if c.couche != CONTOUR_DES_MURS]
    for calque in sorted(etage.enveloppes):
        seul = etage.reduit({calque})
        traits, passages = seul.lignes("mur") + seul.bords("mur"), [p.passage for p in portes]
        clos += enveloppe(calque, traits, ouvertures, passages, metres)
    lu.portes += portes
    for calque in sorted(c for c in etage.calques() if etage.role(c) == "fenetre"):
        seul = etage.reduit({calque})
        vitres = seul.lignes("fenetre") + seul.bords("fenetre")
        lu.lignes += [(calque, fenetre) for fenetre in lire_fenetres(vitres, metres, MUR_M)]
    lu.murs += emprises(murs, metres)
    return clos


def _portes(dessin: Dessin, metres: float) -> tuple[list[Porte], list[LineString]]:
    """Doors, and the strokes of doors and openings that close rooms: the leaves and their swing out.

    An outline wider than a wall on these layers is no opening.
    """
    from shapely import MultiLineString

    arcs = [a for a in dessin.traits.arcs if dessin.role(a.calque) in ("porte", "baie")]
    traces = {id(a.ligne) for a in arcs}
    minces = [p.exterior for p in dessin.fermes("porte", "baie") if largeur(p) * metres < MUR_M]
    traits = [t for t in dessin.lignes("porte", "baie") if id(t) not in traces] + minces
    portes = lire_portes(arcs, traits, MultiLineString(dessin.lignes("mur") + dessin.bords("mur")))
    fixes = [t for t in traits if not any(p.battement.covers(t) for p in portes)]
    return portes, fixes


def _utiles(clos: Sequence[Contour], dessines: Sequence[Contour]) -> list[Contour]:
    """Cells closed by walls, but what a layer of rooms or of buildings already draws."""
    natures = {c.nature for c in dessines}
    return [c for c in clos if (c.nature or "piece") not in natures or c.couche not in (ESPACES_CLOS, CONTOUR_DES_MURS)]
