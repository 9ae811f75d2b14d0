"""Plan files: reading YAML and GeoJSON, writing GeoJSON for CAD and maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pope_foncier.lieu.fichiers.lecteurs import TABLES, format_etranger
from pope_foncier.lieu.fichiers.tel_quel import plan_tel_quel
from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.plan import Plan, PlanTrace, Systeme
from pope_foncier.lieu.plan_controles import controler, forme_de, projete, tracer
from pope_foncier.lieu.site import Site
from pope_foncier.lieu.vraisemblance import exiger_du_site
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.trouver import fiches_livrees
from pope_foncier.socle.yaml_strict import Lignes, charger_yaml


def lire_plan(chemin: Path, pres_de: tuple[float, float] | None = None) -> PlanTrace:
    """Read a plan from YAML or GeoJSON and trace it in metres.

    Args:
        chemin: ``.yaml``, or ``.geojson`` of any origin whose objects bear their ``nature``; what is foreign is counted.
        pres_de: longitude and latitude of the site; a georeferenced plan that lies elsewhere is wrongly projected.

    Raises:
        ErreurDonnees: all the faults of the file, each with the element and the place.
    """
    court = chemin_court(chemin)
    plan, lignes, remarques = lire_fiche_de_plan(chemin)
    trace, problemes = tracer(plan, court, lignes, remarques)
    if not problemes:
        problemes = controler(trace, court, lignes, pres_de)
    if problemes:
        raise ErreurDonnees(problemes)
    return trace


def lire_plan_du_site(chemin: Path, site: Site) -> PlanTrace:
    """Read a plan, which must be that of a site: where its sheet places it, and not ten times larger or smaller than it says.

    Raises:
        ErreurDonnees: all the faults of the file, or a plan of another place or of another unit.
    """
    position = site.position
    plan = lire_plan(chemin, (position.longitude, position.latitude) if position else None)
    exiger_du_site(plan, site, chemin_court(chemin))
    return plan


def lire_fiche_de_plan(chemin: Path) -> tuple[Plan, Lignes, tuple[str, ...]]:
    """Sheet of a plan whose outlines nobody has checked yet, which an editor can mend; lines of its fields, remarks on what was left out.

    Raises:
        ErreurDonnees: a file of another kind; a field that is missing, unknown or of the wrong kind.
    """
    court = chemin_court(chemin)
    if etranger := format_etranger(chemin):
        remede = f"le convertir : « pope-foncier plan importer {chemin.name} --site … », puis lire le plan écrit."
        if chemin.suffix.lower() in TABLES:
            remede = f"en tirer un programme : « pope-foncier plan importer {chemin.name} », puis le donner à --locaux."
        raise ErreurDonnees.une(court, f"c'est {etranger}, non un plan du projet (YAML ou GeoJSON).", remede)
    if chemin.suffix.lower() in (".geojson", ".json"):
        plan, remarques = plan_tel_quel(chemin)
        return plan, Lignes(), remarques
    donnees, lignes = charger_yaml(chemin)
    return valider(Plan, donnees, court, lignes), lignes, ()


def en_geojson(plan: PlanTrace, systeme: Systeme | None = None) -> str:
    """GeoJSON of a plan, for CAD or a map: in its own system by default, or projected to WGS84 or Lambert-93.

    A local grid is written in its metres, which a map cannot place; ``systeme`` says so in the file.
    """
    from shapely.geometry import mapping

    origine = plan.fiche.systeme
    cible = origine if systeme is None or origine == "local" else systeme
    en_degres = cible == "wgs84"
    features = []
    for ecrit, trace in zip(plan.fiche.elements, plan.elements, strict=True):
        if cible == origine:
            element, forme = ecrit, forme_de(ecrit)
        else:
            element = projete(trace.element, LAMBERT93, WGS84) if en_degres else trace.element
            forme = projeter(trace.forme, LAMBERT93, WGS84) if en_degres else trace.forme
        proprietes = element.model_dump(exclude={"points", "trous"}, exclude_none=True)
        features.append({"type": "Feature", "properties": proprietes, "geometry": mapping(forme)})
    tete: dict[str, Any] = {"type": "FeatureCollection", "systeme": cible}
    if cible == "lambert93":
        tete["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{LAMBERT93.replace(':', '::')}"}}
    tete |= plan.fiche.model_dump(mode="json", exclude={"elements", "systeme"}, exclude_none=True)
    return json.dumps({**tete, "features": features}, ensure_ascii=False, indent=1) + "\n"


def plans_du_site(site: str) -> list[Path]:
    """Plans known of a site, by title."""
    titres = {f: charger_yaml(f, ("titre", "site"))[0] for f in fiches_livrees("plans").values()}
    return sorted((f for f, lu in titres.items() if lu.get("site") == site), key=lambda f: str(titres[f].get("titre")))
