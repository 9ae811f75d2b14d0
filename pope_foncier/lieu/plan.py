"""Plan of a site: plot, buildings, rooms, yards, tracks as drawn elements, read from YAML or GeoJSON, refused when wrong.

A plan is a survey, a published outline, or an assumption of a study, and says which. Its coordinates are in metres of a
local survey grid, in Lambert-93 (EPSG:2154), or in degrees (WGS84) that are projected before any measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Entier, Fiche, Niveau, Nombre, NomDeFichier, Positif, Texte, faute

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Nature = Literal[
    "parcelle",
    "batiment",
    "piece",
    "cour",
    "quai",
    "voie",
    "parc",
    "facade_aveugle",
    "porte",
    "fenetre",
    "controle",
    "escalier",
    "rampe",
    "ascenseur",
    "poteau",
    "noyau",
    "sortie",
    "arbre",
]
LIGNES: tuple[str, ...] = ("voie", "facade_aveugle", "porte", "fenetre", "controle")
"""Natures drawn as lines: a door and a window on their wall, ``controle`` is the ticket line of a station."""
POINTS: tuple[str, ...] = ("sortie", "arbre")
"""Natures drawn as one point; those that are neither lines nor points are polygons (``noyau``: a core that stays)."""
Systeme = Literal["local", "lambert93", "wgs84"]
Statut = Literal["hypothese", "releve", "publie"]
ELEMENTS_MAX, POINTS_MAX = 2_000, 2_000
"""Elements of a plan, points of an element."""
Point = tuple[Nombre, Nombre]
Ouverture = Literal["battante", "coulissante", "va_et_vient"]
Equipement = Literal["table_change", "lavabo_adulte", "lavabo_enfant", "cuvette_enfant", "wc_adapte", "lits"]

PROPRES: dict[str, tuple[str, ...]] = {
    "fonction": ("piece",),
    "effectif": ("piece",),
    "sol_m": ("piece",),
    "equipements": ("piece",),
    "tiers_dessus": ("piece",),
    "tiers_dessous": ("piece",),
    "largeur_passage_m": ("porte",),
    "vantaux": ("porte",),
    "ouverture": ("porte",),
    "vers": ("porte",),
    "issue": ("porte",),
    "ressaut_m": ("porte",),
    "coupe_feu_h": ("porte",),
    "allege_m": ("fenetre",),
    "linteau_m": ("fenetre",),
    "ouvrante": ("fenetre",),
    "denivele_m": ("escalier", "rampe"),
    "largeur_m": ("escalier", "rampe"),
}
"""Fields that only some natures have."""


class Element(Fiche):
    """Drawn element: an outline (polygon) or a line, with what it is."""

    nature: Nature
    nom: Texte | None = None
    fonction: Texte | None = None
    """Function of a room, from the list of functions."""
    niveau: Niveau = 0
    """Storey of a room, or of the outline of a building: 0 ground floor, negative below ground."""
    hauteur_m: Positif | None = None
    effectif: Entier | None = None
    """Persons declared in a room at one time, children and adults."""
    sol_m: Nombre | None = None
    """Level of the floor of a room above that of the entrance [m]."""
    equipements: dict[Equipement, Entier] | None = None
    """What a room holds, in numbers."""
    tiers_dessus: bool | None = None
    tiers_dessous: bool | None = None
    """Whether a third party lives or works above, below."""
    largeur_passage_m: Positif | None = None
    """Clear width of a door, leaf open at 90° [m]; None when only the opening is drawn."""
    vantaux: Entier | None = None
    ouverture: Ouverture | None = None
    vers: Point | None = None
    """Point on the side to which a door swings."""
    issue: bool | None = None
    """Whether a door is an exit to the outside, or to a way that leads there."""
    ressaut_m: Positif | None = None
    """Step under a door [m]."""
    coupe_feu_h: Positif | None = None
    """Fire rating of a door [h]."""
    allege_m: Positif | None = None
    """Height of the sill of a window [m]."""
    linteau_m: Positif | None = None
    """Height of the top of a window [m]."""
    ouvrante: bool | None = None
    denivele_m: Positif | None = None
    """Difference of level that stairs or a ramp make up [m]."""
    largeur_m: Positif | None = None
    """Clear width of stairs or of a ramp [m]."""
    points: tuple[Point, ...] = Field(max_length=POINTS_MAX)
    trous: tuple[tuple[Point, ...], ...] = Field((), max_length=50)

    @model_validator(mode="after")
    def _assez_de_points(self) -> Element:
        if self.nature in POINTS and len(self.points) != 1:
            raise faute(f"un seul point attendu, {len(self.points)} trouvé(s).", "donner la position, un point.")
        minimum = 1 if self.nature in POINTS else 2 if self.nature in LIGNES else 3
        if len(self.points) < minimum:
            raise faute(f"au moins {minimum} points attendus, {len(self.points)} trouvé(s).", "compléter le tracé.")
        if self.nature in LIGNES + POINTS and self.trous:
            quoi = "un point" if self.nature in POINTS else "une ligne"
            raise faute(f"{quoi} n'a pas de trou.", "retirer « trous ».")
        if any(len(trou) < 3 for trou in self.trous):
            raise faute("un trou demande au moins 3 points.", "compléter le trou, ou le retirer.")
        if self.nature == "piece" and self.fonction is None:
            raise faute("une pièce sans fonction.", "ajouter « fonction », par exemple eveil, sommeil ou bureau.")
        return self

    @model_validator(mode="after")
    def _champs_de_sa_nature(self) -> Element:
        ailleurs = [c for c, natures in PROPRES.items() if getattr(self, c) is not None and self.nature not in natures]
        if ailleurs:
            attendues = " ; ".join(f"« {c} » : {' ou '.join(PROPRES[c])}" for c in ailleurs)
            raise faute(
                f"champ d'une autre nature que « {self.nature} » ({attendues}).", "le retirer, ou corriger la nature."
            )
        return self


class Plan(Fiche):
    """Plan as a data sheet."""

    titre: Texte
    statut: Statut
    site: NomDeFichier | None = None
    systeme: Systeme
    nord_degres: Nombre | None = None
    """Direction of north, clockwise from the y axis of a local grid; None when nobody says."""
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
    remarques: tuple[str, ...] = ()
    """What was left out of the file, in sentences."""

    def de_nature(self, nature: Nature, niveau: int | None = None) -> list[ElementTrace]:
        """Elements of a nature, of one storey or all."""
        return [e for e in self.elements if e.element.nature == nature and niveau in (None, e.element.niveau)]

    def batiments_du_niveau(self, niveau: int) -> list[ElementTrace]:
        """Outlines of the buildings at a storey: those drawn for it, else those of the ground floor."""
        return self.de_nature("batiment", niveau) or self.de_nature("batiment", 0) or self.de_nature("batiment")

    def formes(self, nature: Nature) -> list[BaseGeometry]:
        """Geometries of a nature."""
        return [e.forme for e in self.de_nature(nature)]

    def niveaux_des_passages(self) -> frozenset[int]:
        """Storeys where stairs or a lift are drawn."""
        return frozenset(e.element.niveau for e in self.elements if e.element.nature in ("escalier", "ascenseur"))
