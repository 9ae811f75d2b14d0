"""Catchment of a site: children of Caf families within walking distance, from the Caf table by IRIS and IRIS outlines."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme


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
        ErreurDonnees: missing file or column.
    """
    court = chemin_court(fichier)
    if not fichier.is_file():
        remede = "télécharger la table « familles allocataires par Iris » de la Caf (data.caf.fr)."
        raise ErreurDonnees([Probleme(court, None, "", "fichier absent.", remede)])
    texte = fichier.read_text(encoding="utf-8-sig")
    separateur = ";" if ";" in texte.partition("\n")[0] else ","
    lecteur = csv.DictReader(texte.splitlines(), delimiter=separateur)
    presentes = lecteur.fieldnames or []
    problemes = [
        Probleme(court, 1, c, "colonne absente.", f"choisir parmi : {', '.join(presentes)}.")
        for c in ("CODGEO", colonne)
        if c not in presentes
    ]
    if problemes:
        raise ErreurDonnees(problemes)
    return {x["CODGEO"].strip(): (float(x[colonne].replace(",", ".")) if x[colonne].strip() else None) for x in lecteur}


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
        ErreurDonnees: unreadable outlines, or without the code.
    """
    from pyproj import Transformer
    from shapely import transform
    from shapely.geometry import Point, shape

    court = chemin_court(contours)
    try:
        elements = json.loads(contours.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError):
        remede = "donner un GeoJSON de contours d'Iris (FeatureCollection)."
        raise ErreurDonnees([Probleme(court, None, "", "contours illisibles.", remede)]) from None
    vers_metres = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True).transform
    cercle = Point(vers_metres(lon, lat)).buffer(distance_m, quad_segs=64)
    somme, dedans, secrets = 0.0, [], []
    for element in elements:
        code = element.get("properties", {}).get(cle)
        if code is None:
            raise ErreurDonnees([Probleme(court, None, cle, "propriété absente.", "nommer celle qui porte le code.")])
        forme = transform(shape(element["geometry"]), vers_metres, interleaved=False)
        part = forme.intersection(cercle).area / forme.area if forme.area else 0.0
        if part <= 0.0:
            continue
        nombre = enfants.get(code)
        if nombre is None:
            secrets.append(code)
            continue
        dedans.append(code)
        somme += part * nombre
    return Bassin(distance_m, somme, tuple(dedans), tuple(secrets))
