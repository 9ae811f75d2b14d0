"""Plan files: reading YAML and GeoJSON, writing GeoJSON for CAD and maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.plan import ELEMENTS_MAX, Plan, PlanTrace, Systeme
from pope_foncier.lieu.plan_controles import controler, tracer
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.json_strict import charger_json
from pope_foncier.socle.yaml_strict import Lignes, charger_yaml


def lire_plan(chemin: Path, pres_de: tuple[float, float] | None = None) -> PlanTrace:
    """Read a plan from YAML or GeoJSON and trace it in metres.

    Args:
        chemin: ``.yaml``, or ``.geojson`` whose properties bear the fields of ``Element``.
        pres_de: longitude and latitude of the site; a georeferenced plan that lies elsewhere is wrongly projected.

    Raises:
        ErreurDonnees: all the faults of the file, each with the element and the place.
    """
    plan, lignes = lire_fiche_de_plan(chemin)
    court = chemin_court(chemin)
    trace, problemes = tracer(plan, court, lignes)
    if not problemes:
        problemes = controler(trace, court, lignes, pres_de)
    if problemes:
        raise ErreurDonnees(problemes)
    return trace


def lire_fiche_de_plan(chemin: Path) -> tuple[Plan, Lignes]:
    """Sheet of a plan whose outlines nobody has checked yet, and the lines of its fields: what an editor can mend.

    Raises:
        ErreurDonnees: a field that is missing, unknown or of the wrong kind.
    """
    if chemin.suffix.lower() in (".geojson", ".json"):
        donnees, lignes = lire_geojson(chemin), Lignes()
    else:
        donnees, lignes = charger_yaml(chemin)
    return valider(Plan, donnees, chemin_court(chemin), lignes), lignes


def lire_geojson(chemin: Path) -> dict[str, Any]:
    """Plain data of a plan from a GeoJSON FeatureCollection; coordinates are WGS84 unless ``crs`` says Lambert-93.

    Raises:
        ErreurDonnees: not JSON, no features, foreign reference system, or a geometry that is neither outline nor line.
    """
    court = chemin_court(chemin)
    brut = charger_json(chemin, "exporter le plan en GeoJSON.")
    if not isinstance(brut, dict) or not isinstance(brut.get("features"), list):
        raise ErreurDonnees([Probleme(court, None, "", "« features » absent.", "exporter une FeatureCollection.")])
    if (nombre := len(brut["features"])) > ELEMENTS_MAX:
        message = f"{nombre} éléments ; {ELEMENTS_MAX} au plus sont admis."
        raise ErreurDonnees([Probleme(court, None, "features", message, "n'exporter que le lieu.")])
    problemes: list[Probleme] = []
    plan = {c: brut[c] for c in ("titre", "statut", "site", "base", "source", "nord_degres", "sans_cour") if c in brut}
    plan.setdefault("titre", str(brut.get("name") or chemin.stem))
    plan["systeme"] = brut.get("systeme") or _systeme_du_crs(brut.get("crs"), court, problemes)
    plan["elements"] = [_element(f, rang, court, problemes) for rang, f in enumerate(brut["features"])]
    if problemes:
        raise ErreurDonnees(problemes)
    return plan


def _systeme_du_crs(crs: Any, court: str, problemes: list[Probleme]) -> str:
    nom = (
        str(crs["properties"].get("name", ""))
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict)
        else ""
    )
    if not nom or nom.endswith(("CRS84", ":4326")):
        return "wgs84"
    if nom.endswith(":2154"):
        return "lambert93"
    problemes.append(
        Probleme(
            court,
            None,
            "crs",
            f"système « {nom} » non admis.",
            "exporter en WGS84 (EPSG:4326) ou Lambert-93 (EPSG:2154).",
        )
    )
    return "wgs84"


def _element(feature: Any, rang: int, court: str, problemes: list[Probleme]) -> dict[str, Any]:
    geometrie = feature.get("geometry") if isinstance(feature, dict) else None
    geometrie = geometrie if isinstance(geometrie, dict) else {}
    proprietes = feature.get("properties") if isinstance(feature, dict) else None
    element = {c: v for c, v in proprietes.items() if v is not None} if isinstance(proprietes, dict) else {}
    genre, anneaux = geometrie.get("type"), geometrie.get("coordinates", [])
    try:
        if genre == "MultiPolygon" and len(anneaux) == 1:
            genre, anneaux = "Polygon", anneaux[0]
        if genre == "Polygon":
            element["points"] = _plats(_ouvert(anneaux[0]))
            if len(anneaux) > 1:
                element["trous"] = [_plats(_ouvert(a)) for a in anneaux[1:]]
            return element
        if genre == "LineString":
            element["points"] = _plats(anneaux)
            return element
        faute = f"géométrie « {genre} » : un contour (Polygon) ou une ligne (LineString) est attendu."
    except (TypeError, IndexError, KeyError):
        faute = f"géométrie « {genre} » : coordonnées illisibles."
    problemes.append(
        Probleme(court, None, f"elements[{rang + 1}]", faute, "séparer les morceaux, ou retirer l'élément.")
    )
    return element


def _ouvert(anneau: Any) -> Any:
    """Ring without its closing point; some exports leave it out already."""
    return anneau[:-1] if anneau[0] == anneau[-1] else anneau


def _plats(points: Any) -> list[Any]:
    """Points without altitude."""
    return [p[:2] if isinstance(p, list) else p for p in points]


def en_geojson(plan: PlanTrace, systeme: Systeme | None = None) -> str:
    """GeoJSON of a plan, for CAD or a map: in its own system by default, or projected to WGS84 or Lambert-93.

    A local grid is written in its metres, which a map cannot place; ``systeme`` says so in the file.
    """
    from shapely.geometry import mapping

    origine = plan.fiche.systeme
    cible = origine if systeme is None or origine == "local" else systeme
    features = []
    for trace in plan.elements:
        forme = trace.forme if cible in ("local", "lambert93") else projeter(trace.forme, LAMBERT93, WGS84)
        proprietes = trace.element.model_dump(exclude={"points", "trous"}, exclude_none=True)
        features.append({"type": "Feature", "properties": proprietes, "geometry": mapping(forme)})
    tete: dict[str, Any] = {"type": "FeatureCollection", "systeme": cible}
    if cible == "lambert93":
        tete["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{LAMBERT93.replace(':', '::')}"}}
    tete |= plan.fiche.model_dump(mode="json", exclude={"elements", "systeme"}, exclude_none=True)
    return json.dumps({**tete, "features": features}, ensure_ascii=False, indent=1) + "\n"
