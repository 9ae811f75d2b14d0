"""Layers of a map of a place: stops, parks, tracks, communes, crèches of files that the user gives or lays in ``data/couches``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.lieu.etendues import FRANCE_DEGRES, FRANCE_LAMBERT93, dans
from pope_foncier.lieu.fichiers.lecteurs import lire_releve
from pope_foncier.lieu.fichiers.systemes import LOCAL, deviner
from pope_foncier.lieu.geometrie import LAMBERT93, projeter
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.refus import refuser
from pope_foncier.socle.tables_lues import lire_table

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GENRES: dict[str, str] = {
    "communes": "communes",
    "parcs": "parcs et jardins",
    "voies": "voies ferrées",
    "arrets": "gares et arrêts",
    "creches": "crèches existantes",
}
"""Kinds of layers, in the order drawn, with their French name."""
FORMATS = (".geojson", ".json", ".gpkg", ".shp", ".kml", ".csv")
_COLONNES = {
    "nom": ("nom", "name", "libelle", "nom_long", "nom_gare", "nom_etablissement", "intitule"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "ensemble": ("geo_point_d", "geo_point", "geopoint", "position_geographique", "coordonnees"),
}
"""Columns of a table of points: a name, and its position in two columns or in one (« latitude, longitude »)."""
_MORCEAU = re.compile(r" \(morceau \d+ sur \d+\)$")


@enregistrement
class Couche:
    """Layer in Lambert-93: each thing with its name, empty when the file gives none."""

    genre: str
    source: str
    objets: tuple[tuple[str, BaseGeometry], ...]
    laisses: int = 0
    """Things left out: without a position, or out of metropolitan France."""

    @property
    def libelle(self) -> str:
        """French name of what it shows."""
        return GENRES[self.genre]

    def proches(self, lieu: BaseGeometry, nombre: int = 3) -> list[tuple[str, float]]:
        """Nearest things and their distance [m], as the crow flies, a thing in several pieces once."""
        distances: dict[str, float] = {}
        for rang, (nom, forme) in enumerate(self.objets):
            cle = nom or f"sans nom ({rang + 1})"
            distances[cle] = min(float(forme.distance(lieu)), distances.get(cle, float("inf")))
        return sorted(distances.items(), key=lambda x: x[1])[:nombre]


def lire_couches(donnees: Mapping[str, str | Path], pres_de: tuple[float, float] | None) -> tuple[Couche, ...]:
    """Layers of the files given, by kind; those laid in ``data/couches`` for the kinds that are not.

    Args:
        pres_de: longitude and latitude of the site: tells the system of a file that says nothing.

    Raises:
        Inconnu: a kind that no map draws.
        ErreurDonnees: a file that cannot be read, or without any position.
    """
    for genre in donnees:
        if genre not in GENRES:
            raise refuser("Couche inconnue", genre, GENRES)
    fichiers = {**couches_deposees(), **{genre: Path(f) for genre, f in donnees.items()}}
    return tuple(lire_couche(genre, fichiers[genre], pres_de) for genre in GENRES if genre in fichiers)


def couches_deposees() -> dict[str, Path]:
    """Files laid in ``data/couches``, named by what they hold (« arrets.geojson »)."""
    dossier = dossier_donnees() / "couches"
    return {f.stem: f for f in sorted(dossier.glob("*")) if f.stem in GENRES and f.suffix.lower() in FORMATS}


def lire_couche(genre: str, chemin: Path, pres_de: tuple[float, float] | None = None) -> Couche:
    """One layer, from a vector file or from a table with latitudes and longitudes.

    Raises:
        ErreurDonnees: a file that cannot be read, without any position, or in axes that a map cannot place.
    """
    court = chemin_court(chemin)
    if chemin.suffix.lower() == ".csv":
        objets, laisses = _lire_la_table(chemin, court)
        return Couche(genre, chemin.name, tuple((nom, projeter(forme)) for nom, forme in objets), laisses)
    releve = lire_releve(chemin)
    code = releve.systeme or _deviner([o.forme for o in releve.objets], pres_de)
    if code in ("", LOCAL):
        message = "le fichier ne dit pas son système, ou est en axes locaux : une carte ne peut pas le placer."
        raise ErreurDonnees.une(court, message, "l'exporter en WGS84 ou en Lambert-93.")
    lus = ((_MORCEAU.sub("", o.nom), projeter(o.forme, code, LAMBERT93)) for o in releve.objets)
    formes = tuple((nom, f) for nom, f in lus if dans((f.centroid.x, f.centroid.y), FRANCE_LAMBERT93))
    source = f"{releve.titre} ({chemin.name})" if releve.titre else chemin.name
    return Couche(genre, source, formes, len(releve.objets) - len(formes))


def _deviner(formes: Iterable[BaseGeometry], pres_de: tuple[float, float] | None) -> str:
    from shapely import union_all

    tout = union_all([f.envelope for f in formes])
    return deviner(tout.bounds, pres_de)[0] if not tout.is_empty else ""


def _lire_la_table(chemin: Path, court: str) -> tuple[list[tuple[str, BaseGeometry]], int]:
    """Points of a table of open data, in degrees, and how many rows have no position in metropolitan France.

    Raises:
        ErreurDonnees: no column of positions, or no row with one.
    """
    from shapely.geometry import Point

    table = lire_table(chemin, _COLONNES)
    if "ensemble" not in table.places and not {"latitude", "longitude"} <= set(table.places):
        remede = "nommer les colonnes « latitude » et « longitude » (degrés), et « nom »."
        raise ErreurDonnees.une(court, "aucune colonne de position.", remede)
    points: list[tuple[str, BaseGeometry]] = []
    laisses = 0
    for _, ligne in table.rangs:
        ensemble = table.texte(ligne, "ensemble")
        lus = ensemble.split(",") if ensemble else [table.texte(ligne, c) for c in ("latitude", "longitude")]
        try:
            y, x = (float(v.replace(",", ".")) for v in lus)
        except ValueError:
            x = y = float("nan")
        if not dans((x, y), FRANCE_DEGRES):
            laisses += 1
            continue
        points.append((table.texte(ligne, "nom"), Point(x, y)))
    if not points:
        raise ErreurDonnees.une(
            court, "aucune ligne n'a de position en France.", "remplir latitude et longitude, en degrés."
        )
    return points, laisses
