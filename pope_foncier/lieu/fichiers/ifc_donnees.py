"""What a building model says of its spaces beside their shape: names, areas with their units, storeys, place on earth."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pope_foncier.lieu.etendues import FRANCE_DEGRES, dans
from pope_foncier.lieu.fichiers.ifc_formes import EXTRA
from pope_foncier.lieu.fichiers.niveaux import Etage
from pope_foncier.lieu.fichiers.systemes import en_degres, lire_systeme
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.nombres import formater_nombre

_SURFACES = (
    "netfloorarea",
    "grossfloorarea",
    "netplannedarea",
    "grossplannedarea",
    "gsa bim area",
    "net area",
    "area",
    "surface",
)
"""Names of an area in quantities and property sets, the first found being taken: those of the standard, then those of vendors."""
_HAUTEURS = ("finishceilingheight", "clearheight", "netheight", "height", "unbounded height", "hauteur")
_UN_KILOMETRE = 1_000.0
_CODE = re.compile(r"EPSG:{0,2}\s*([0-9]{4,6})")
_CONVERSIONS = 8
"""Units said by other units, one after the other, at most."""


@dataclass(frozen=True, slots=True)
class Unites:
    """Metres of one unit of length, square metres of one unit of area; None when the file does not say."""

    longueur: float | None
    surface: float | None


def lire_unites(modele: Any) -> Unites:
    """Units that the project declares."""
    projets = modele.by_type("IfcProject")
    declarees = projets[0].UnitsInContext.Units if projets and projets[0].UnitsInContext else ()
    par_genre = {getattr(u, "UnitType", ""): u for u in declarees}
    longueur, surface = (par_genre.get(x) for x in ("LENGTHUNIT", "AREAUNIT"))
    return Unites(echelle(longueur) if longueur else None, echelle(surface) if surface else None)


def echelle(unite: Any) -> float:
    """Metres, or square metres, of one unit."""
    facteur = 1.0
    for _ in range(_CONVERSIONS):
        if not unite.is_a("IfcConversionBasedUnit"):
            break
        facteur *= float(unite.ConversionFactor.ValueComponent.wrappedValue)
        unite = unite.ConversionFactor.UnitComponent
    prefixe = bibliotheque("ifcopenshell.util.unit", *EXTRA).get_prefix_multiplier(unite.Prefix)
    return facteur * float(prefixe) ** (2 if unite.Name == "SQUARE_METRE" else 1)


def proprietes(objet: Any) -> Iterator[tuple[str, str, Any, Any]]:
    """Quantities and simple properties of an object: set, name, value, unit of its own."""
    for lien in getattr(objet, "IsDefinedBy", ()):
        ensemble = lien.RelatingPropertyDefinition if lien.is_a("IfcRelDefinesByProperties") else None
        if ensemble is None:
            continue
        if ensemble.is_a("IfcElementQuantity"):
            for q in ensemble.Quantities:
                if q.is_a("IfcPhysicalSimpleQuantity"):
                    yield ensemble.Name or "", q.Name or "", q[3], q.Unit
        elif ensemble.is_a("IfcPropertySet"):
            for p in ensemble.HasProperties:
                if p.is_a("IfcPropertySingleValue") and p.NominalValue is not None:
                    yield ensemble.Name or "", p.Name or "", p.NominalValue.wrappedValue, p.Unit


def _mesure(objet: Any, noms: Sequence[str], defaut: float | None) -> float | None:
    """First measure above zero by the order of the names, in metres or square metres; zero is what software writes for unknown."""
    trouvees: dict[str, float] = {}
    for _, nom, valeur, unite in proprietes(objet):
        rang = nom.strip().lower()
        if rang in noms and isinstance(valeur, int | float) and math.isfinite(valeur) and valeur > 0:
            trouvees.setdefault(rang, float(valeur) * (echelle(unite) if unite else defaut or 1.0))
    return next((trouvees[n] for n in noms if n in trouvees), None)


def surface_declaree(espace: Any, unites: Unites) -> float | None:
    """Area that the file writes for a space [m²]."""
    return _mesure(espace, _SURFACES, unites.surface)


def hauteur_declaree(espace: Any, unites: Unites) -> float | None:
    """Height that the file writes for a space [m]."""
    return _mesure(espace, _HAUTEURS, unites.longueur)


def nommer(espaces: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Names of spaces from their short and long names, and what a reader must know of them.

    A number goes before the long name (« A102 Living Room »). A short name in words is the name; where the long ones are less
    telling (two « Cuisine » for « Piece » and « Entree »), they are only said.
    """
    courts = [(e.Name or "").strip() for e in espaces]
    longs = [(e.LongName or "").strip() for e in espaces]
    repetes = {n for n, combien in Counter(courts).items() if combien > 1}
    noms, ecartes = [], []
    for court, long in zip(courts, longs, strict=True):
        if not court or not long or court.lower() == long.lower():
            noms.append(court or long or "sans nom")
        elif re.search(r"[0-9]", court) or len(court) < 3:
            noms.append(f"{court} {long}")
        elif court in repetes:
            noms.append(long)
        else:
            noms.append(court)
            ecartes.append(f"{court} (nom long « {long} »)")
    avis = [f"Deux noms pour une pièce, le nom court est gardé : {', '.join(ecartes[:10])}."] if ecartes else []
    return noms, avis


def lire_etages(modele: Any, unites: Unites) -> list[Etage]:
    """Storeys from the lowest to the highest, whatever their order in the file."""
    etages = [
        Etage(e, e.Name or e.LongName or "sans nom", _altitude(e, unites)) for e in modele.by_type("IfcBuildingStorey")
    ]
    return sorted(etages, key=lambda e: e.altitude_m)


def _altitude(etage: Any, unites: Unites) -> float:
    return float(etage.Elevation) * (unites.longueur or 1.0) if etage.Elevation is not None else sol_de(etage, unites)


def sol_de(etage: Any, unites: Unites) -> float:
    """Level where a storey is placed, in the axes of the shapes [m]; its elevation may be that of the ground of the town."""
    pose = bibliotheque("ifcopenshell.util.placement", *EXTRA).get_local_placement(etage.ObjectPlacement)
    return float(pose[2][3]) * (unites.longueur or 1.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Place on earth that a file gives, and the turn of its axes."""

    dit: str
    latitude: float | None
    longitude: float | None
    rotation_degres: float | None = None
    """Angle of the x axis of the model from the east of the grid, anticlockwise: true north is as much clockwise from its y axis."""
    systeme: str = ""
    """System of the grid when it is one of France that plans are read in; empty else."""
    origine: tuple[float, float] = (0.0, 0.0)
    """East and north of the origin of the model in that grid [m]."""


def lire_places(modele: Any, unites: Unites) -> list[Place]:
    """Places that a file gives: its map conversion (IFC4, or the usual property set of IFC2x3), latitude and longitude of its sites."""
    trouvees = []
    if modele.schema != "IFC2X3":
        for conversion in modele.by_type("IfcMapConversion"):
            unite = getattr(conversion.TargetCRS, "MapUnit", None)
            trouvees.append(
                _place_projetee(
                    conversion.get_info(), conversion.TargetCRS.Name or "", echelle(unite) if unite else unites.longueur
                )
            )
    for objet in (*modele.by_type("IfcProject"), *modele.by_type("IfcSite")):
        lues: dict[str, dict[str, Any]] = {}
        for ensemble, nom, valeur, _ in proprietes(objet):
            lues.setdefault(ensemble.lower(), {})[nom] = valeur
        if (conversion := lues.get("epset_mapconversion")) is not None:
            crs = str(lues.get("epset_projectedcrs", {}).get("Name", ""))
            trouvees.append(_place_projetee(conversion, crs, unites.longueur))
        if objet.is_a("IfcSite") and objet.RefLatitude and objet.RefLongitude:
            latitude, longitude = (_degres(x) for x in (objet.RefLatitude, objet.RefLongitude))
            dit = f"latitude {_nombre(latitude, 4)}°, longitude {_nombre(longitude, 4)}° (terrain « {objet.Name or 'sans nom'} »)"
            trouvees.append(Place(dit, latitude, longitude))
    return [p for p in trouvees if p is not None]


def avis_des_places(places: Sequence[Place]) -> list[str]:
    """Where the file lies, and the places that contradict each other."""
    avis = [f"Le fichier se place à : {' ; '.join(p.dit for p in places)}."] if places else []
    if (loin := _ecart_des_places_m(places)) > _UN_KILOMETRE:
        avis.append(
            f"Ces places se contredisent : {_nombre(loin / 1000, 0)} km les séparent. Dire laquelle est juste avant de poser le plan."
        )
    return avis


def place_sure(places: Sequence[Place]) -> Place | None:
    """Only place in a grid of France that a file gives, when nothing in it says another; None else: the model stays in its own axes."""
    en_grille = [p for p in places if p.systeme]
    return en_grille[0] if len(en_grille) == 1 and _ecart_des_places_m(places) <= _UN_KILOMETRE else None


def _ecart_des_places_m(places: Sequence[Place]) -> float:
    connues = [p for p in places if p.latitude is not None]
    return max((_distance_m(connues[0], p) for p in connues[1:]), default=0.0)


def _place_projetee(valeurs: dict[str, Any], crs: str, metres: float | None) -> Place | None:
    """Place of a map conversion, its lengths in units of that many metres."""
    try:
        est, nord, altitude = (
            float(valeurs.get(c) or 0.0) * (metres or 1.0) for c in ("Eastings", "Northings", "OrthogonalHeight")
        )
        abscisse, ordonnee = (valeurs.get(c) for c in ("XAxisAbscissa", "XAxisOrdinate"))
        rotation = (
            None if abscisse is None or ordonnee is None else math.degrees(math.atan2(float(ordonnee), float(abscisse)))
        )
    except (TypeError, ValueError):
        return None
    latitude, longitude = _en_degres(crs, est, nord)
    tourne = "" if rotation is None else f", axes tournés de {_nombre(rotation, 1)}°"
    ou = (
        ""
        if latitude is None or longitude is None
        else f" (latitude {_nombre(latitude, 4)}°, longitude {_nombre(longitude, 4)}°)"
    )
    dit = f"{crs or 'système non dit'}, E {_nombre(est, 1)} m, N {_nombre(nord, 1)} m, altitude {_nombre(altitude, 1)} m{tourne}{ou}"
    return Place(dit, latitude, longitude, rotation, _grille_de_france(crs, latitude, longitude), (est, nord))


def _grille_de_france(crs: str, latitude: float | None, longitude: float | None) -> str:
    """Lambert-93 or a conic zone that a system names, when the place is in France; empty else."""
    code = _CODE.search(crs.upper())
    if code is None or latitude is None or longitude is None or not dans((longitude, latitude), FRANCE_DEGRES):
        return ""
    try:
        lu = lire_systeme(f"EPSG:{code[1]}")
    except ErreurCalcul:
        return ""
    return "" if en_degres(lu) else lu


def _en_degres(crs: str, est: float, nord: float) -> tuple[float | None, float | None]:
    code = _CODE.search(crs.upper())
    if code is None:
        return None, None
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        longitude, latitude = Transformer.from_crs(int(code[1]), 4326, always_xy=True).transform(est, nord)
    except ProjError:
        return None, None
    return (latitude, longitude) if math.isfinite(latitude) and math.isfinite(longitude) else (None, None)


def _degres(morceaux: Sequence[int]) -> float:
    """Degrees of an angle in degrees, minutes, seconds and millionths."""
    return sum(x / poids for x, poids in zip(morceaux, (1, 60, 3600, 3.6e9), strict=False))


def _distance_m(a: Place, b: Place) -> float:
    from pyproj import Geod

    return float(Geod(ellps="WGS84").inv(a.longitude, a.latitude, b.longitude, b.latitude)[2])


def _nombre(valeur: float, decimales: int) -> str:
    return formater_nombre(valeur, decimales, 0)
