"""Catchment of a site: children of Caf families within walking distance, from the Caf table by IRIS and IRIS outlines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.csv_strict import charger_csv
from pope_foncier.socle.erreurs import PROBLEMES_MAX, ErreurDonnees, Probleme, abreger
from pope_foncier.socle.json_strict import charger_json
from pope_foncier.socle.nombres import lire_nombre

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_CODE = "CODGEO"
_TABLE_MAX_OCTETS, _CONTOURS_MAX_OCTETS = 50_000_000, 100_000_000
"""Largest files: those of the whole country."""
_ENFANTS_MAX = 100_000.0
_ETENDUE_MAX = 3.0
"""Largest extent of an outline [degrees]: an IRIS is far smaller, a region too."""


@dataclass(frozen=True, slots=True)
class Bassin:
    """Children within a distance as the crow flies; suppressed IRIS are named, never counted as zero."""

    distance_m: float
    enfants: float
    """Children of 0 to 2 of Caf families, each IRIS for the share of its area within the distance (an estimate)."""
    iris: tuple[str, ...]
    secrets: tuple[str, ...]
    """IRIS within the distance whose count is suppressed."""


def lire_enfants_iris(fichier: Path, colonne: str = "ENF_2") -> dict[str, float | None]:
    """Read the Caf table by IRIS (comma or semicolon): children 0 to 2 by code; an empty cell is suppressed, hence None.

    Raises:
        ErreurDonnees: missing file or column, and every row that is short, twice there, or without a count.
    """
    court = chemin_court(fichier)
    remede = "télécharger la table « familles allocataires par Iris » de la Caf (data.caf.fr)."
    rangs = charger_csv(fichier, ";,", _TABLE_MAX_OCTETS, remede)
    titres = [c.strip() for c in rangs[0][1]] if rangs else []
    trouvees = abreger(", ".join(titres), 400) or "aucune"
    problemes = [
        Probleme(court, 1, c, "colonne absente.", f"choisir parmi : {trouvees}.")
        for c in (_CODE, colonne)
        if c not in titres
    ]
    if problemes:
        raise ErreurDonnees(problemes)
    code, nombre = titres.index(_CODE), titres.index(colonne)
    enfants: dict[str, float | None] = {}
    for ligne, cellules in rangs[1:]:
        if len(problemes) >= PROBLEMES_MAX:
            break
        if len(cellules) <= max(code, nombre):
            problemes.append(
                Probleme(court, ligne, "", "ligne incomplète.", "rendre les cases perdues, ou la retirer.")
            )
            continue
        iris, brut = cellules[code].strip(), cellules[nombre].strip()
        try:
            if not iris or iris in enfants:
                message = f"Iris « {iris} » en double." if iris else "code d'Iris vide."
                problemes.append(Probleme(court, ligne, _CODE, message, "ne garder qu'une ligne par Iris."))
            enfants[iris] = _compter(brut) if brut else None
        except ValueError as erreur:
            problemes.append(Probleme(court, ligne, colonne, f"{erreur}.", "corriger, ou vider la case si secret."))
    if problemes:
        raise ErreurDonnees(problemes)
    return enfants


def _compter(brut: str) -> float:
    """Number of children of an IRIS.

    Raises:
        ValueError: not a number, below zero, or more than a town.
    """
    nombre = lire_nombre(brut)
    if not 0.0 <= nombre <= _ENFANTS_MAX:
        raise ValueError(f"« {brut} » n'est pas un nombre d'enfants de 0 à {_ENFANTS_MAX:.0f}")
    return nombre


def enfants_a_distance(
    contours: Path, enfants: dict[str, float | None], lon: float, lat: float, distance_m: float, cle: str = "CODE_IRIS"
) -> Bassin:
    """Children within a distance of a point.

    Args:
        contours: outlines of the IRIS, GeoJSON in longitude and latitude (IGN or Insee).
        enfants: children by IRIS, None when suppressed.
        lon: longitude of the site.
        lat: latitude of the site.
        distance_m: distance as the crow flies [m].
        cle: property that holds the code of the IRIS.

    Raises:
        ErreurDonnees: unreadable outlines; every element without code, without outline, or whose outline crosses itself.
    """
    from pyproj import Transformer
    from shapely.geometry import Point

    court = chemin_court(contours)
    remede = "donner un GeoJSON de contours d'Iris (FeatureCollection)."
    brut = charger_json(contours, remede, _CONTOURS_MAX_OCTETS)
    elements = brut.get("features") if isinstance(brut, dict) else None
    if not isinstance(elements, list) or not elements:
        raise ErreurDonnees([Probleme(court, None, "features", "liste des contours absente ou vide.", remede)])
    vers_metres = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True).transform
    cercle = Point(vers_metres(lon, lat)).buffer(distance_m, quad_segs=64)
    somme, dedans, secrets = 0.0, [], []
    problemes: list[Probleme] = []
    for rang, element in enumerate(elements, 1):
        if len(problemes) >= PROBLEMES_MAX:
            break
        try:
            code, forme = _iris(element, cle, vers_metres)
            part = _part_dedans(forme, cercle)
        except _ContourFaux as faux:
            problemes.append(Probleme(court, None, f"features[{rang}]", str(faux), faux.remede))
            continue
        nombre = enfants.get(code)
        if part <= 0.0:
            continue
        if nombre is None:
            secrets.append(code)
            continue
        dedans.append(code)
        somme += part * nombre
    if problemes:
        raise ErreurDonnees(problemes)
    return Bassin(distance_m, somme, tuple(dedans), tuple(secrets))


def _part_dedans(forme: BaseGeometry, cercle: BaseGeometry) -> float:
    """Share of an outline that lies in a circle."""
    from shapely.errors import ShapelyError

    try:
        return float(forme.intersection(cercle).area / forme.area)
    except ShapelyError:
        raise _ContourFaux("le contour se recoupe.", "remettre les points dans l'ordre du tour.") from None


class _ContourFaux(ValueError):
    """What is wrong in an element, and how to mend it."""

    def __init__(self, message: str, remede: str) -> None:
        super().__init__(message)
        self.remede = remede


def _iris(element: Any, cle: str, vers_metres: Any) -> tuple[str, BaseGeometry]:
    """Code of an element and its outline in metres."""
    from shapely import transform
    from shapely.errors import ShapelyError
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    proprietes = element.get("properties") if isinstance(element, dict) else None
    code = proprietes.get(cle) if isinstance(proprietes, dict) else None
    if not isinstance(code, str | int) or isinstance(code, bool):
        raise _ContourFaux(f"propriété absente : « {cle} ».", "nommer celle qui porte le code de l'Iris.")
    geometrie = element.get("geometry")
    if not isinstance(geometrie, dict) or geometrie.get("type") not in ("Polygon", "MultiPolygon"):
        raise _ContourFaux(
            "contour absent : un « Polygon » ou un « MultiPolygon » est attendu.", "le rendre, ou le retirer."
        )
    try:
        forme = shape(geometrie)
        if not forme.is_valid:
            lieu = abreger(explain_validity(forme).partition("[")[2].rstrip("]"), 60).replace(" ", " ; ")
            raise _ContourFaux(f"le contour se recoupe ({lieu}).", "remettre les points dans l'ordre du tour.")
        if forme.is_empty:
            raise _ContourFaux("le contour n'enferme aucune surface.", "vérifier les points.")
        ouest, sud, est, nord = forme.bounds
        if (
            not (-180.0 <= ouest <= est <= 180.0 and -90.0 <= sud <= nord <= 90.0)
            or max(est - ouest, nord - sud) > _ETENDUE_MAX
        ):
            raise _ContourFaux(
                "le contour sort du globe, ou dépasse une région.", "écrire des points [longitude, latitude]."
            )
        forme = transform(forme, vers_metres, interleaved=False)
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError) as erreur:
        if isinstance(erreur, _ContourFaux):
            raise
        raise _ContourFaux("coordonnées illisibles.", "écrire des points [longitude, latitude].") from None
    if not math.isfinite(forme.area) or forme.area <= 0.0:
        raise _ContourFaux("le contour n'enferme aucune surface en France.", "écrire des points [longitude, latitude].")
    return str(code), forme
