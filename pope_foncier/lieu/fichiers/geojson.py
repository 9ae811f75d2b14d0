"""GeoJSON of any origin: ours, a GIS, a map of OpenStreetMap; foreign properties are kept to choose by, and counted."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

from pope_foncier.lieu.fichiers.candidats import champs_etrangers, nom_de
from pope_foncier.lieu.fichiers.formes import OBJETS_MAX, Morceau, couper
from pope_foncier.lieu.fichiers.releve import Objet, Releve
from pope_foncier.lieu.fichiers.systemes import lire_systeme
from pope_foncier.lieu.plan import Element, Nature, Plan
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme, abreger
from pope_foncier.socle.json_strict import charger_json
from pope_foncier.socle.refus import proposer

_TETE = tuple(c for c in Plan.model_fields if c not in ("elements", "systeme"))
_CHAMPS = tuple(c for c in Element.model_fields if c not in ("points", "trous"))
_SANS_FEATURES = ("Polygon", "MultiPolygon", "LineString", "MultiLineString", "GeometryCollection")
_COUCHES = ("layer", "couche", "calque", "role")
"""Properties that, in a map exported from a drawing, name the layer of each object."""


def lire_geojson(chemin: Path) -> Releve:
    """What a GeoJSON file holds; coordinates are degrees unless « crs », or « systeme » in a file of ours, says otherwise.

    Raises:
        ErreurDonnees: not JSON, no features, a system that is not read, or coordinates that are no numbers.
    """
    court = chemin_court(chemin)
    brut = charger_json(chemin, "exporter le plan en GeoJSON.")
    traits = _traits(brut, court)
    notre = "systeme" in brut or "statut" in brut
    objets: list[Objet] = []
    laisses: Counter[str] = Counter()
    etrangers: Counter[str] = Counter()
    problemes: list[Probleme] = []
    for rang, trait in enumerate(traits, 1):
        morceaux = couper(trait.get("geometry"), laisses)
        if morceaux is None:
            message = "coordonnées illisibles : deux nombres finis par point sont attendus."
            problemes.append(
                Probleme(court, None, f"elements[{rang}]", message, "corriger le tracé, ou le refaire exporter.")
            )
            continue
        proprietes = trait.get("properties")
        proprietes = proprietes if isinstance(proprietes, dict) else {}
        if notre and isinstance(nature := proprietes.get("nature"), str) and nature not in get_args(Nature):
            message = f"nature « {abreger(nature)} » inconnue."
            problemes.append(Probleme(court, None, f"elements[{rang}]", message, proposer(nature, get_args(Nature))))
            continue
        objets += [_objet(m, proprietes, notre, brut.get("name"), etrangers) for m in morceaux]
    if problemes:
        raise ErreurDonnees(problemes)
    laisses.update(champs_etrangers(etrangers))
    titre = brut.get("titre") or brut.get("name") or ""
    return Releve(
        "GeoJSON",
        tuple(objets),
        titre=titre if isinstance(titre, str) else "",
        systeme=_systeme(brut, court),
        metres_par_unite=1.0 if notre else None,
        tete={c: jours_en_dates(brut[c]) for c in _TETE if c in brut},
        laisses=dict(laisses),
    )


def _traits(brut: Any, court: str) -> list[dict[str, Any]]:
    """Features of the file; a bare geometry is one feature."""
    if isinstance(brut, dict) and brut.get("type") == "Topology":
        raise ErreurDonnees.une(court, "c'est du TopoJSON.", "l'exporter en GeoJSON.")
    if isinstance(brut, dict) and brut.get("type") in _SANS_FEATURES:
        return [{"geometry": brut}]
    if isinstance(brut, dict) and brut.get("type") == "Feature" and "geometry" in brut:
        return [brut]
    if not isinstance(brut, dict) or not isinstance(brut.get("features"), list):
        raise ErreurDonnees.une(court, "« features » absent.", "exporter une FeatureCollection.")
    if len(brut["features"]) > OBJETS_MAX:
        message = f"{len(brut['features'])} éléments ; {OBJETS_MAX} au plus sont admis."
        raise ErreurDonnees.une(court, message, "n'exporter que le lieu et ses abords.", "features")
    return [t if isinstance(t, dict) else {} for t in brut["features"]]


def _systeme(brut: Mapping[str, Any], court: str) -> str:
    """System that the file declares; degrees by the norm, empty when the numbers cannot be degrees."""
    if isinstance(brut.get("systeme"), str):
        dit = brut["systeme"]
    else:
        crs = brut.get("crs")
        proprietes = crs.get("properties") if isinstance(crs, dict) else None
        dit = str(proprietes.get("name") or "") if isinstance(proprietes, dict) else ""
    if not dit:
        return ""
    try:
        return lire_systeme(dit)
    except ErreurCalcul as erreur:
        raise ErreurDonnees.une(court, str(erreur), "le projeter, ou corriger « crs ».", "crs") from None


def _objet(
    morceau: Morceau, proprietes: Mapping[str, Any], notre: bool, nom_du_fichier: Any, etrangers: Counter[str]
) -> Objet:
    dits = {c: v for c, v in proprietes.items() if v is not None and v != ""}
    a_nous = {c: dits[c] for c in _CHAMPS if c in dits and (notre or _recevable(c, dits[c]))}
    nature = a_nous.pop("nature", "")
    if not nature:  # without its nature, nothing says that « nom », « niveau » or « fonction » have our meaning
        a_nous = {c: v for c, v in a_nous.items() if c == "nom"}
    attributs = {c: str(v) for c, v in dits.items() if c != "nature" or not nature}
    etrangers.update(c for c in dits if c not in a_nous and c != "name" and not (c == "nature" and nature))
    nom = a_nous.pop("nom", "") or ("" if notre else nom_de(attributs))
    couche = next((str(dits[c]) for c in _COUCHES if isinstance(dits.get(c), str)), nom_du_fichier)
    niveau = a_nous.pop("niveau", None)
    return Objet(
        morceau.forme,
        couche=couche if isinstance(couche, str) else "",
        nom=f"{nom}{morceau.suffixe}" if nom else "",
        nature=nature,
        fonction=a_nous.pop("fonction", ""),
        niveau=niveau,
        proprietes=a_nous,
        attributs=attributs,
    )


def _recevable(champ: str, valeur: Any) -> bool:
    """Whether a property of a file that is not ours may be a field of our plan: a GIS has a « nature » of its own too."""
    if champ == "nature":
        return valeur in get_args(Nature)
    if champ in ("nom", "fonction"):
        return isinstance(valeur, str)
    return (
        isinstance(valeur, int | float) and not isinstance(valeur, bool) if champ in ("niveau", "hauteur_m") else True
    )


def jours_en_dates(valeur: Any) -> Any:
    """Same value, its dates read: JSON writes them as text."""
    if isinstance(valeur, dict):
        return {c: jours_en_dates(v) for c, v in valeur.items()}
    if isinstance(valeur, str) and len(valeur) == 10:
        with contextlib.suppress(ValueError):
            return date.fromisoformat(valeur)
    return valeur
