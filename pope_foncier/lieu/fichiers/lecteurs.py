"""Readers of the files of the trade, by the suffix of the file; what is not read is told with what to ask for instead."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from pope_foncier.lieu.fichiers.releve import Releve
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.lecture import existe, lire_octets

LECTEURS: dict[str, tuple[str, str, str]] = {
    ".geojson": ("GeoJSON", "geojson", "lire_geojson"),
    ".json": ("GeoJSON", "geojson", "lire_geojson"),
    ".gpkg": ("GeoPackage", "vecteurs", "lire_vecteurs"),
    ".shp": ("Shapefile", "vecteurs", "lire_vecteurs"),
    ".kml": ("KML", "vecteurs", "lire_vecteurs"),
    ".dxf": ("DXF", "dxf", "lire_dxf"),
    ".ifc": ("IFC", "ifc", "lire_ifc"),
}
"""Format in words, module of this folder and function that reads it: ``(chemin) -> Releve``."""
TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")
"""Tables of rooms: they draw nothing, and make a programme of rooms."""
NON_LUS: dict[str, tuple[str, str]] = {
    ".dwg": ("un DWG, le format fermé d'AutoCAD", "l'enregistrer en DXF (« Enregistrer sous », DXF 2010 ou 2013)."),
    ".rvt": ("un projet Revit", "l'exporter en IFC 4 ou en DXF."),
    ".pln": ("un projet ArchiCAD", "l'exporter en IFC 4 ou en DXF."),
    ".skp": ("un modèle SketchUp", "l'exporter en IFC ou en DXF."),
    ".kmz": ("un KMZ, un KML comprimé", "le renommer en .zip, l'ouvrir, et importer le fichier .kml qu'il contient."),
    ".zip": ("une archive", "l'ouvrir, et importer le fichier .shp, .gpkg ou .dxf qu'elle contient."),
    ".ifczip": ("un IFC comprimé", "l'ouvrir, et importer le fichier .ifc qu'il contient."),
    ".dbf": ("la table d'un Shapefile", "importer le fichier .shp du même nom."),
    ".shx": ("l'index d'un Shapefile", "importer le fichier .shp du même nom."),
    ".prj": ("le système d'un Shapefile", "importer le fichier .shp du même nom."),
    ".pdf": ("un PDF, une image du plan", "demander à son auteur le DXF ou l'IFC dont il est tiré."),
    ".png": ("une image", "demander à son auteur le DXF ou l'IFC dont elle est tirée."),
    ".jpg": ("une image", "demander à son auteur le DXF ou l'IFC dont elle est tirée."),
    ".svg": ("un dessin SVG, sans échelle sûre", "demander le DXF, le GeoJSON ou l'IFC dont il est tiré."),
    ".xls": ("un ancien classeur Excel", "l'enregistrer en XLSX ou CSV."),
    ".ods": ("un classeur OpenDocument", "l'enregistrer en XLSX ou CSV."),
    ".gml": ("un GML", "l'exporter en GeoPackage ou en GeoJSON depuis QGIS."),
    ".tab": ("une table MapInfo", "l'exporter en GeoPackage ou en GeoJSON depuis QGIS."),
}


def lire_releve(chemin: Path, calques: Mapping[str, str] | None = None) -> Releve:
    """What a file of the trade holds.

    Args:
        chemin: file.
        calques: what the layers of a drawing bear, as the user says it (``lieu.fichiers.calques.ROLES``).

    Raises:
        ErreurDonnees: a format that is not read, or the faults of the file.
    """
    court, suffixe = chemin_court(chemin), chemin.suffix.lower()
    if suffixe in NON_LUS:
        quoi, remede = NON_LUS[suffixe]
        raise ErreurDonnees.une(court, f"c'est {quoi} : ce format n'est pas lu.", remede)
    if suffixe in (".yaml", ".yml"):
        raise ErreurDonnees.une(
            court, "c'est un plan du projet (YAML) : il n'a pas à être importé.", "le lire tel quel."
        )
    if suffixe not in LECTEURS:
        if not existe(chemin):
            lire_octets(chemin)  # says why
        raise ErreurDonnees.une(
            court,
            f"suffixe « {suffixe} » inconnu.",
            "donner un DXF, un IFC, un GeoJSON, un GeoPackage, un Shapefile, un KML, ou un tableau de locaux (XLSX, CSV).",
        )
    _, module, fonction = LECTEURS[suffixe]
    lire = getattr(import_module(f"pope_foncier.lieu.fichiers.{module}"), fonction)
    releve = lire(chemin, calques) if suffixe == ".dxf" else lire(chemin)
    assert isinstance(releve, Releve)
    return releve


def format_etranger(chemin: Path) -> str:
    """Format in words of a file of the trade that is no plan of ours; empty for a plan (YAML, GeoJSON)."""
    suffixe = chemin.suffix.lower()
    if suffixe in NON_LUS:
        return NON_LUS[suffixe][0]
    quoi = "tableau de locaux" if suffixe in TABLES else LECTEURS.get(suffixe, ("",))[0]
    return f"un {quoi}" if quoi and quoi != "GeoJSON" else ""
