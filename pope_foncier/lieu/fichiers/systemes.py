"""Reference systems met in France: Lambert-93, conic zones, degrees, Web Mercator, UTM; what a file says, or what its numbers look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pope_foncier.lieu.etendues import FRANCE_DEGRES, FRANCE_LAMBERT93, FRANCE_MERCATOR, dans
from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.vraisemblance import lire_vraisemblance
from pope_foncier.socle.erreurs import ErreurCalcul, abreger

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

LOCAL, WEB_MERCATOR = "local", "EPSG:3857"
_NOMS: dict[str, str] = {
    LOCAL: "axes locaux",
    LAMBERT93: "Lambert-93",
    WGS84: "degrés WGS84",
    "EPSG:4171": "degrés RGF93",
    WEB_MERCATOR: "Web Mercator",
    **{f"EPSG:{3900 + zone}": f"conique conforme CC{zone}" for zone in range(42, 51)},
}
_AUTRES_NOMS: dict[str, str] = {
    "crs84": WGS84,
    "wgs84": WGS84,
    "degres": WGS84,
    "lambert93": LAMBERT93,
    "l93": LAMBERT93,
    "webmercator": WEB_MERCATOR,
    "900913": WEB_MERCATOR,
    **{f"cc{zone}": f"EPSG:{3900 + zone}" for zone in range(42, 51)},
}
_DEGRES = (WGS84, "EPSG:4171")
_DEGRES_MAX = 0.5
"""Extent of a map of a place in degrees: numbers that close together are no metres."""
_ZONES_CONIQUES = (1_100_000.0, 2_300_000.0)
"""Eastings of the conic zones: 1,700,000 on the central meridian."""
_LOCAL_MAX = 50_000.0
"""Numbers smaller than this, in whatever unit, are those of a drawing with its own axes."""


def lire_systeme(texte: str) -> str:
    """Code of a system, from what a file or a user writes: « EPSG:2154 », « lambert93 », « CC44 », a URN, « local ».

    Raises:
        ErreurCalcul: a system that is not read.
    """
    brut = texte.strip().lower()
    mot = re.sub(r"[^a-z0-9]", "", re.split(r"[:/]", brut)[-1] if brut.startswith(("urn:", "http")) else brut)
    if mot == LOCAL:
        return LOCAL
    numero = re.search(r"(\d{4,6})$", mot)
    code = _AUTRES_NOMS.get(mot) or (f"EPSG:{numero[1]}" if numero else "")
    if code in _NOMS or _est_utm(code):
        return code
    raise ErreurCalcul(
        f"Système « {abreger(texte)} » non admis. Exporter en WGS84 (EPSG:4326), en Lambert-93 (EPSG:2154) ou dans une zone "
        "CC42 à CC50 (EPSG:3942 à 3950) ; sont lus aussi Web Mercator (EPSG:3857), l'UTM et les axes locaux (« local »)."
    )


def _est_utm(code: str) -> bool:
    numero = int(code.removeprefix("EPSG:") or 0)
    return 32601 <= numero <= 32660 or 32701 <= numero <= 32760 or 25828 <= numero <= 25838


def en_clair(code: str) -> str:
    """French name of a system, with its code."""
    if code == LOCAL:
        return _NOMS[LOCAL]
    nom = _NOMS.get(code) or f"UTM zone {int(code.removeprefix('EPSG:')) % 100} {'sud' if '327' in code else 'nord'}"
    return f"{nom} ({code})"


def en_degres(code: str) -> bool:
    """Whether the coordinates of a system are degrees."""
    return code in _DEGRES


def deviner(bornes: Sequence[float], pres_de: tuple[float, float] | None = None) -> tuple[str, bool]:
    """System that some coordinates look like, empty when none, and whether the position of the site confirms it.

    Args:
        bornes: extent of the coordinates: x min, y min, x max, y max.
        pres_de: longitude and latitude of the site.
    """
    from shapely.geometry import box

    possibles = _candidats(bornes)
    if pres_de is not None:
        for code in possibles:
            if code != LOCAL and distances_m([box(*bornes)], code, pres_de)[0] <= lire_vraisemblance().position_refus_m:
                return code, True
    return (possibles[0] if possibles else ""), False


def _candidats(bornes: Sequence[float]) -> list[str]:
    x, y = (bornes[0] + bornes[2]) / 2, (bornes[1] + bornes[3]) / 2
    candidats = []
    if sont_des_degres(bornes) and max(bornes[2] - bornes[0], bornes[3] - bornes[1]) < _DEGRES_MAX:
        candidats.append(WGS84)
    if dans((x, y), FRANCE_LAMBERT93):
        candidats.append(LAMBERT93)
    zone = round((y - 200_000) / 1e6)
    if _ZONES_CONIQUES[0] <= x <= _ZONES_CONIQUES[1] and 1 <= zone <= 9 and abs(y - 200_000 - zone * 1e6) < 200_000:
        candidats.append(f"EPSG:{3941 + zone}")
    if dans((x, y), FRANCE_MERCATOR):
        candidats.append(WEB_MERCATOR)
    if max(abs(v) for v in bornes) < _LOCAL_MAX:
        candidats.append(LOCAL)
    return candidats


def sont_des_degres(bornes: Sequence[float]) -> bool:
    """Whether an extent may be longitudes and latitudes."""
    return dans(bornes[:2], (-180, -90, 180, 90)) and dans(bornes[2:], (-180, -90, 180, 90))


def systeme_en_metres(bornes: Sequence[float], code: str) -> str:
    """System in which areas are those of the ground: the one of the file, else Lambert-93, or UTM out of France."""
    from shapely.geometry import box

    if code not in (*_DEGRES, WEB_MERCATOR):
        return code
    centre = projeter(box(*bornes).centroid, code, WGS84)
    if dans((centre.x, centre.y), FRANCE_DEGRES):
        return LAMBERT93
    return f"EPSG:{327 if centre.y < 0 else 326}{int((centre.x + 180) // 6) % 60 + 1:02d}"


def distances_m(formes: Sequence[BaseGeometry], code: str, pres_de: tuple[float, float]) -> list[float]:
    """Distance on the ground from a point in degrees to the centre of each geometry of a system [m]."""
    from numpy import abs as absolu
    from numpy import array, full
    from pyproj import Geod
    from shapely import centroid, get_x, get_y

    centres = projeter(centroid(array(formes, dtype=object)), code, WGS84)
    x, y = get_x(centres), get_y(centres)
    longitude, latitude = (full(x.shape, v) for v in pres_de)
    return [float(d) for d in absolu(Geod(ellps="GRS80").inv(longitude, latitude, x, y)[2])]


def en_france(forme: BaseGeometry, code: str) -> bool:
    """Whether a geometry of a system lies in metropolitan France."""
    centre = projeter(forme.centroid, code, WGS84)
    return dans((centre.x, centre.y), FRANCE_DEGRES)
