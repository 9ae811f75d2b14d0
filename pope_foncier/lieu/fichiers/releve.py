"""What a file of the trade holds, whatever its format: objects in its own units, layers, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.enregistrements import enregistrement

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@enregistrement
class Objet:
    """One drawn thing of a file: its geometry in the units and axes of the file, and what the file says of it."""

    forme: BaseGeometry
    """Polygon, line or point, in units of the file."""
    couche: str = ""
    """Layer, storey set, table or folder that holds it, as the file writes it."""
    nom: str = ""
    """Name that a reader of the file would see: text inside, name of a space, « name » of a map."""
    nature: str = ""
    """Nature of our plan that the format or its layer tells (``lieu.plan.Nature``); empty when it must be asked."""
    fonction: str = ""
    """Function of a room that its name tells; empty when it must be asked."""
    niveau: int | None = None
    """Storey, 0 for the ground floor; None when the file does not say."""
    proprietes: Mapping[str, Any] = field(default_factory=dict)
    """Fields of our plan (``lieu.plan.Element``) that the file gives: ``hauteur_m``, ``largeur_passage_m``…, in metres."""
    attributs: Mapping[str, str] = field(default_factory=dict)
    """What else the file says of it, as text: never read as a measure, only to choose by (« osm_id », « IDU »)."""
    surface_declaree_m2: float | None = None
    """Area written in the file, which may not be that of the geometry [m²]."""


@enregistrement
class Niveau:
    """Storey named by a file."""

    numero: int
    nom: str
    altitude_m: float | None = None


@enregistrement
class Releve:
    """Content of a file, before anybody has said what each thing is."""

    format: str
    """Format in words: « DXF », « IFC4 », « GeoPackage »…"""
    objets: tuple[Objet, ...]
    titre: str = ""
    """Title that the file gives itself; empty when none."""
    systeme: str = ""
    """Reference system that the file declares, as « EPSG:2154 », or « local »; empty when it says nothing."""
    metres_par_unite: float | None = None
    """Metres of one unit of the drawing as the file declares it; None when it says nothing, or when the axes are degrees."""
    unite_probable: tuple[float, str] | None = None
    """Another unit that the content points to: metres of one unit, and the reason in words; to be asked, never believed alone."""
    niveaux: tuple[Niveau, ...] = ()
    nord_degres: float | None = None
    """True north, clockwise from the y axis of the file; None when it says nothing."""
    position: tuple[float, float] | None = None
    """Longitude and latitude where a drawing in local axes says that it lies."""
    tete: Mapping[str, Any] = field(default_factory=dict)
    """Fields of our plan (``lieu.plan.Plan``) that the file gives of itself: ``statut``, ``site``, ``base``…"""
    laisses: Mapping[str, int] = field(default_factory=dict)
    """What was left out, in words, with how many: « cotes », « propriétés étrangères », « points »…"""
    avis: tuple[str, ...] = ()
    """What a reader of the file must know, in sentences: contradictory places, areas that differ…"""

    def couches(self) -> dict[str, list[Objet]]:
        """Objects by layer, in the order of the file."""
        par_couche: dict[str, list[Objet]] = {}
        for objet in self.objets:
            par_couche.setdefault(objet.couche, []).append(objet)
        return par_couche
