"""Shapefile, GeoPackage and KML, read by pyogrio: every layer and folder, heights dropped, text in whatever encoding."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from pope_foncier.lieu.fichiers.candidats import champs_etrangers, lire_etiquettes, nom_de
from pope_foncier.lieu.fichiers.formes import OBJETS_MAX, simples
from pope_foncier.lieu.fichiers.releve import Objet, Releve
from pope_foncier.lieu.fichiers.systemes import lire_systeme
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, ErreurPope
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.lecture import lire_octets

_TAILLE_MAX_OCTETS = 60_000_000
_FORMATS = {".shp": "Shapefile", ".gpkg": "GeoPackage", ".kml": "KML"}
_SIGNATURES = {".shp": b"\x00\x00\x27\x0a", ".gpkg": b"SQLite format 3\x00"}


def lire_vecteurs(chemin: Path) -> Releve:
    """What a Shapefile, a GeoPackage or a KML holds, all its layers.

    Raises:
        ErreurDonnees: another kind of file, a part of it that is missing, layers of several systems, or too many objects.
        ErreurCalcul: pyogrio is not installed.
    """
    court, suffixe = chemin_court(chemin), chemin.suffix.lower()
    _verifier(chemin, court, suffixe)
    pyogrio = bibliotheque("pyogrio", "plans", f"lire un {_FORMATS[suffixe]}")
    laisses: Counter[str] = Counter()
    objets: list[Objet] = []
    declares: dict[str, str] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library leaves aside is counted here
            couches = [str(nom) for nom, _ in pyogrio.list_layers(chemin)]
            for couche in couches:
                siens, crs = _couche(pyogrio, chemin, couche, laisses)
                objets += siens
                if siens:
                    declares[couche] = crs
    except ErreurPope:
        raise
    except Exception:  # whatever the library raises on a damaged file
        message = f"ce n'est pas un {_FORMATS[suffixe]} lisible : fichier abîmé ou incomplet."
        raise ErreurDonnees.une(court, message, "l'ouvrir dans QGIS, puis l'exporter de nouveau.") from None
    if len(objets) > OBJETS_MAX:
        message = f"{len(objets)} objets ; {OBJETS_MAX} au plus sont admis."
        raise ErreurDonnees.une(court, message, "n'exporter que le lieu et ses abords.")
    return Releve(_FORMATS[suffixe], tuple(objets), systeme=_systeme(declares, court), laisses=dict(laisses))


def _verifier(chemin: Path, court: str, suffixe: str) -> None:
    """Refuse what the file is not, before a library opens it: its first bytes say its kind."""
    octets = lire_octets(chemin, _TAILLE_MAX_OCTETS)
    attendue = _SIGNATURES.get(suffixe)
    if attendue is not None and not octets.startswith(attendue):
        raise ErreurDonnees.une(court, f"ce n'est pas un {_FORMATS[suffixe]}.", "vérifier le fichier, ou son suffixe.")
    if suffixe == ".gpkg" and len(octets) < _octets_declares(octets):
        raise ErreurDonnees.une(
            court, "le fichier est coupé avant sa fin.", "le recopier ou le télécharger de nouveau."
        )
    if suffixe == ".kml" and (b"<kml" not in octets[:4096] or b"<OGRVRT" in octets):
        raise ErreurDonnees.une(court, "ce n'est pas un KML.", "vérifier le fichier, ou son suffixe.")
    if suffixe != ".shp":
        return
    voisins = {f.suffix.lower() for f in chemin.parent.glob("*") if f.stem == chemin.stem}
    manquent = [s for s in (".shx", ".dbf") if s not in voisins]
    if manquent:
        quoi = " et ".join(f"« {chemin.stem}{s} »" for s in manquent)
        remede = "un Shapefile est fait de plusieurs fichiers : donner ensemble .shp, .shx, .dbf et .prj."
        raise ErreurDonnees.une(court, f"{quoi} manque{'nt' if len(manquent) > 1 else ''}.", remede)


def _octets_declares(octets: bytes) -> int:
    """Size that the head of a SQLite file declares [bytes]: its pages times their size."""
    page = int.from_bytes(octets[16:18], "big")
    return int.from_bytes(octets[28:32], "big") * (65_536 if page == 1 else page)


def _couche(pyogrio: Any, chemin: Path, couche: str, laisses: Counter[str]) -> tuple[list[Objet], str]:
    """Objects of a layer and the system that it declares."""
    from shapely import from_wkb

    meta, _, wkb, colonnes = _lire(pyogrio, chemin, couche)
    if wkb is None:
        laisses[f"table sans géométrie « {couche} »"] += 1
        return [], ""
    champs = [str(c) for c in meta["fields"]]
    objets, etrangers = [], Counter[str]()
    lus = {*lire_etiquettes().noms, *lire_etiquettes().hauteurs}
    for rang, octets in enumerate(wkb):
        attributs = {c: v for c, col in zip(champs, colonnes, strict=True) if (v := _en_texte(col[rang]))}
        etrangers.update(c for c in attributs if c.lower() not in lus)
        nom = nom_de(attributs)
        forme = None if octets is None else from_wkb(octets, on_invalid="ignore")
        objets += [
            Objet(m.forme, couche=couche, nom=f"{nom}{m.suffixe}" if nom else "", attributs=attributs)
            for m in simples(forme, laisses)
        ]
    laisses.update(champs_etrangers(etrangers))
    return objets, str(meta["crs"] or "")


def _lire(pyogrio: Any, chemin: Path, couche: str) -> Any:
    """Layer as arrays; dates as text (some are impossible), text in the encoding that the file says, else that of Windows."""
    reglages = {"layer": couche, "datetime_as_string": True, "force_2d": True, "max_features": OBJETS_MAX + 1}
    try:
        return pyogrio.raw.read(chemin, **reglages)
    except UnicodeDecodeError:
        return pyogrio.raw.read(chemin, encoding="CP1252", **reglages)


def _en_texte(valeur: Any) -> str:
    """Value of a field as text; empty when the field is."""
    if valeur is None or (isinstance(valeur, float) and math.isnan(valeur)):
        return ""
    if isinstance(valeur, float) and float(valeur).is_integer():
        return str(int(valeur))
    return " ".join(str(valeur).split())


def _systeme(declares: dict[str, str], court: str) -> str:
    """System of the layers that hold something; empty when none says it."""
    codes = {}
    for couche, crs in declares.items():
        if not crs:
            continue
        try:
            codes[couche] = lire_systeme(_code(crs))
        except ErreurCalcul as erreur:
            raise ErreurDonnees.une(court, f"couche « {couche} » : {erreur}", "la reprojeter dans QGIS.") from None
    differents = list(dict.fromkeys(codes.values()))
    if len(differents) > 1 or (codes and len(codes) < len(declares)):
        dits = ", ".join(f"« {c} » : {codes.get(c, 'aucun')}" for c in declares)
        raise ErreurDonnees.une(
            court, f"les couches n'ont pas le même système ({dits}).", "n'en exporter qu'un système."
        )
    return differents[0] if differents else ""


def _code(crs: str) -> str:
    """EPSG code of a system, found from its text when the file names none."""
    if crs.upper().startswith("EPSG:"):
        return crs
    from pyproj import CRS

    code = CRS.from_user_input(crs).to_epsg(min_confidence=60)
    return f"EPSG:{code}" if code else crs
