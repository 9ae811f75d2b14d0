"""Plan of a site: plot, buildings, rooms, yards, tracks as drawn elements, read from YAML or GeoJSON, refused when wrong.

A plan is a survey, a published outline, or an assumption of a study, and says which. Its coordinates are in metres of a
local survey grid, in Lambert-93 (EPSG:2154), or in degrees (WGS84) that are projected before any measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Fiche, Niveau, Nombre, NomDeFichier, Positif, Texte, faute

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Nature = Literal["parcelle", "batiment", "piece", "cour", "quai", "voie", "parc", "facade_aveugle"]
LIGNES: tuple[str, ...] = ("voie", "facade_aveugle")
"""Natures drawn as lines; the others are polygons."""
Systeme = Literal["local", "lambert93", "wgs84"]
Statut = Literal["hypothese", "releve", "publie"]
ELEMENTS_MAX, POINTS_MAX = 2_000, 2_000
"""Elements of a plan, points of an element."""
Point = tuple[Nombre, Nombre]


class Element(Fiche):
    """Drawn element: an outline (polygon) or a line, with what it is."""

    nature: Nature
    nom: Texte | None = None
    fonction: Texte | None = None
    """Function of a room, from the list of functions."""
    niveau: Niveau = 0
    """Storey of a room, or of the outline of a building: 0 ground floor, negative below ground."""
    hauteur_m: Positif | None = None
    points: tuple[Point, ...] = Field(max_length=POINTS_MAX)
    trous: tuple[tuple[Point, ...], ...] = Field((), max_length=50)

    @model_validator(mode="after")
    def _assez_de_points(self) -> Element:
        minimum = 2 if self.nature in LIGNES else 3
        if len(self.points) < minimum:
            raise faute(f"au moins {minimum} points attendus, {len(self.points)} trouvé(s).", "compléter le tracé.")
        if self.nature in LIGNES and self.trous:
            raise faute("une ligne n'a pas de trou.", "retirer « trous ».")
        if any(len(trou) < 3 for trou in self.trous):
            raise faute("un trou demande au moins 3 points.", "compléter le trou, ou le retirer.")
        if self.nature == "piece" and self.fonction is None:
            raise faute("une pièce sans fonction.", "ajouter « fonction », par exemple eveil, sommeil ou bureau.")
        return self


class Plan(Fiche):
    """Plan as a data sheet."""

    titre: Texte
    statut: Statut
    site: NomDeFichier | None = None
    systeme: Systeme
    nord_degres: Nombre = 0.0
    """Direction of north, clockwise from the y axis; meaningful for a local grid."""
    sans_cour: bool = False
    """The place has no yard: without this, a yard that is not drawn stays unknown."""
    base: Texte | None = None
    """Why this assumption."""
    source: Reference | None = None
    elements: tuple[Element, ...] = Field(min_length=1, max_length=ELEMENTS_MAX)

    @model_validator(mode="after")
    def _provenance(self) -> Plan:
        if self.statut == "hypothese" and self.base is None:
            raise faute("un plan supposé sans « base ».", "dire pourquoi ce tracé est supposé.")
        if self.statut != "hypothese" and self.source is None:
            raise faute("un plan relevé ou publié sans « source ».", "nommer le relevé ou la publication.")
        if self.sans_cour and any(e.nature == "cour" for e in self.elements):
            raise faute("« sans_cour » et une cour dessinée à la fois.", "retirer l'un des deux.")
        return self


@enregistrement
class ElementTrace:
    """Element with its geometry in metres."""

    element: Element
    forme: BaseGeometry

    @property
    def nom(self) -> str:
        """Name shown to the user."""
        return self.element.nom or self.element.fonction or self.element.nature


@enregistrement
class PlanTrace:
    """Plan ready for measures: every geometry valid, in metres."""

    fiche: Plan
    elements: tuple[ElementTrace, ...]

    def de_nature(self, nature: Nature, niveau: int | None = None) -> list[ElementTrace]:
        """Elements of a nature, of one storey or all."""
        return [e for e in self.elements if e.element.nature == nature and niveau in (None, e.element.niveau)]

    def batiments_du_niveau(self, niveau: int) -> list[ElementTrace]:
        """Outlines of the buildings at a storey: those drawn for it, else those of the ground floor."""
        return self.de_nature("batiment", niveau) or self.de_nature("batiment", 0) or self.de_nature("batiment")

    def formes(self, nature: Nature) -> list[BaseGeometry]:
        """Geometries of a nature."""
        return [e.forme for e in self.de_nature(nature)]
