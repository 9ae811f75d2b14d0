"""Site: what is known of a place, each fact with its source; what is not known stays empty."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from pope_foncier.lieu.constats import StatutConstat
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEntier, DonneePositif, DonneeSurface, Reference, Reponse
from pope_foncier.socle.fiches import CodeInsee, Entier, Fiche, Jour, NomDeFichier, Texte, faute
from pope_foncier.socle.temps import date_en_clair

LATITUDES, LONGITUDES = (41.0, 51.6), (-5.3, 9.7)
"""Box of metropolitan France [degrees]."""


def _polygone(brut: Any) -> tuple[tuple[float, float], ...]:
    """Outline in metres: at least three points, no self-crossing, a positive area."""
    if not isinstance(brut, list | tuple) or not all(isinstance(p, list | tuple) and len(p) == 2 for p in brut):
        raise faute(
            "un contour est une liste de points [x, y] en mètres.", "écrire par exemple [[0, 0], [20, 0], [20, 10]]."
        )
    try:
        points = tuple((float(x), float(y)) for x, y in brut)
    except (TypeError, ValueError):
        raise faute("un point du contour n'est pas fait de deux nombres.", "écrire [x, y] en mètres.") from None
    if len(points) < 3:
        raise faute(f"un contour demande au moins 3 points, {len(points)} trouvé(s).", "compléter le contour.")
    from shapely import Polygon
    from shapely.validation import explain_validity

    polygone = Polygon(points)
    if not polygone.is_valid:
        lieu = explain_validity(polygone).partition("[")[2].rstrip("]").replace(" ", " ; ")
        raise faute(f"le contour se recoupe au point ({lieu}).", "remettre les points dans l'ordre du tour.")
    if polygone.area <= 0:
        raise faute("le contour n'enferme aucune surface.", "vérifier les points.")
    return points


Contour = Annotated[tuple[tuple[float, float], ...], BeforeValidator(_polygone)]


class Position(Fiche):
    """Position in WGS84 degrees."""

    latitude: Annotated[float, BeforeValidator(lambda v: _degre(v, *LATITUDES, "latitude"))]
    longitude: Annotated[float, BeforeValidator(lambda v: _degre(v, *LONGITUDES, "longitude"))]
    source: Reference


def _degre(brut: Any, mini: float, maxi: float, quoi: str) -> float:
    if isinstance(brut, bool) or not isinstance(brut, int | float):
        raise faute(f"une {quoi} en degrés est attendue.", "écrire par exemple 48.93549.")
    if not mini <= brut <= maxi:
        raise faute(
            f"{quoi} {brut} hors de la France métropolitaine.",
            "vérifier l'ordre latitude, longitude et le système (WGS84).",
        )
    return float(brut)


class Carreau(Fiche):
    """INSEE 1 km grid square that contains the site: the law reads its density, not the commune's."""

    identifiant: Texte
    habitants: Annotated[DonneePositif, Declaration("Habitants du carreau de 1 km", "habitants")]
    millesime: Texte


class ConstatSite(Fiche):
    """Finding on a constraint, with its evidence."""

    contrainte: Texte
    statut: StatutConstat
    preuve: Texte
    source: Reference | None = None


GenreDeLieu = Literal["gare", "coque", "terrain", "ecole", "logement", "modulaire"]
"""Kinds of place of ``data/hypotheses/lieux.yaml``."""


class AvisPmi(Fiche):
    """Answer of the PMI on an outdoor space: whether it stands for the yard, the day it said so, whom to ask."""

    reponse: Reponse = "inconnu"
    le: Jour | None = None
    aupres_de: Texte = "la PMI"

    @property
    def en_clair(self) -> str:
        """French words: the answer and its day, or whom to ask."""
        if self.reponse == "inconnu":
            return f"à demander à {self.aupres_de}"
        dit = "admis" if self.reponse == "oui" else "refusé"
        return f"{dit} par {self.aupres_de}" + (f" le {date_en_clair(self.le)}" if self.le else ", date non dite")


class EspaceADistance(Fiche):
    """Outdoor space that could replace a yard, how far it is, and what the PMI says of it."""

    nom: Texte
    genre: Literal["prive", "public"]
    distance_m: Annotated[DonneePositif, Declaration("{nom}, distance", "m")]
    pmi: AvisPmi | None = None


class Site(Fiche):
    """Site as a data sheet."""

    nom: Texte
    commune: Texte
    code_insee: CodeInsee
    adresse: Texte | None = None
    genre: GenreDeLieu | None = None
    position: Position | None = None
    carreau: Carreau | None = None
    usage_actuel: Texte
    domaine: Literal["public_ferroviaire", "public_communal", "prive", "inconnu"]
    surface_m2: Annotated[DonneeSurface, Declaration("Surface du site", "m²")]
    surface_exterieure_m2: Annotated[DonneeSurface, Declaration("Surface extérieure du site", "m²")]
    niveaux: Entier | None = None
    """Storeys of the building above ground, ground floor included, whatever the project takes of them."""
    contour_m: Contour | None = None
    plan: NomDeFichier | None = None
    """Surveyed or published plan, by the name of its file in ``data/plans/``."""
    annee_construction: Annotated[DonneeEntier | None, Declaration("Année de construction", "")] = None
    surface_tertiaire_voisine_m2: Annotated[
        DonneeSurface | None, Declaration("Bureaux, commerces et gares du même ensemble", "m²")
    ] = None
    """Offices, shops and stations of the same building or plot, neighbours included [m²]."""
    hauteur_m: Annotated[DonneePositif | None, Declaration("Hauteur libre sous plafond", "m")] = None
    voies_ferrees: Reponse = "inconnu"
    """Whether tracks run within the distance at which their manager is informed; « non » leaves out what they alone ask for."""
    espaces_a_distance: tuple[EspaceADistance, ...] = Field((), max_length=100)
    sans_espace_a_distance: bool = False
    """Somebody looked and found no outdoor space within the distance of the law."""
    constats: tuple[ConstatSite, ...] = Field((), max_length=200)
    frequentation_jour: Annotated[DonneeEntier | None, Declaration("Montées un jour ouvré", "voyageurs")] = None
    identifiant_gare: Texte | None = None
    remarques: tuple[Texte, ...] = Field((), max_length=200)

    @property
    def du_domaine_public(self) -> bool:
        """Whether the land belongs to the public domain, where an ordinary lease is not open."""
        return self.domaine in ("public_ferroviaire", "public_communal")
