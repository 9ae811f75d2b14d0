"""DXF of ours coming back: each stroke that bears our data is its element again, as it is now drawn and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pope_foncier.lieu.fichiers.dxf_ecrit import marque
from pope_foncier.lieu.fichiers.dxf_textes import lire_etiquettes
from pope_foncier.lieu.fichiers.dxf_traits import Ecrit, points_de
from pope_foncier.lieu.fichiers.releve import Objet
from pope_foncier.lieu.plan import LIGNES, POINTS, Element

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_LOIN = 3.0
"""Lengths of a door from which the point that it swings to is not its own."""
_CHAMPS = set(Element.model_fields) - {"nature", "nom", "fonction", "niveau", "points", "trous"}


def objets_de_retour(entites: Sequence[Any]) -> tuple[list[Objet], list[Any]]:
    """Elements that bear our data, and the other entities, drawn since by somebody.

    The name of a room is the text that stands in it when somebody rewrote it; a hole is cut out of the outline that holds it.
    """
    from shapely import Polygon

    donnees = [(e, marque(e)) for e in entites]
    autres = [e for e, d in donnees if not d]
    trous = [(d["rang"], _forme(e, "piece")) for e, d in donnees if d.get("trou")]
    copies = Counter(d.get("rang") for _, d in donnees if "champs" in d)
    noms = {d["etiquette"]: _nom_recrit(e, d["texte"]) for e, d in donnees if "etiquette" in d}
    objets = []
    for entite, dits in donnees:
        champs = dits.get("champs")
        forme = _forme(entite, champs.get("nature", "")) if isinstance(champs, dict) else None
        if forme is None or not isinstance(champs, dict):
            continue
        for rang, trou in trous:
            if rang == dits["rang"] and trou is not None and forme.contains(trou):
                forme = Polygon(forme.exterior, [*forme.interiors, trou.exterior])
        recrit = noms.get(dits["rang"], "") if copies[dits["rang"]] == 1 else ""
        objets.append(
            Objet(
                forme,
                entite.dxf.layer,
                nom=recrit or champs.get("nom", ""),
                nature=champs["nature"],
                fonction=champs.get("fonction", ""),
                niveau=champs.get("niveau", 0),
                proprietes=_proprietes(champs, forme),
            )
        )
    return objets, autres


def _proprietes(champs: Mapping[str, Any], forme: BaseGeometry) -> dict[str, Any]:
    """Fields of our plan; the side of a door that was moved or scaled since is no longer known."""
    gardes = {c: v for c, v in champs.items() if c in _CHAMPS}
    if "vers" in gardes and not _est_pres(gardes["vers"], forme):
        del gardes["vers"]
    return gardes


def _est_pres(vers: Any, forme: BaseGeometry) -> bool:
    from shapely import Point

    deux = isinstance(vers, list) and len(vers) == 2 and all(isinstance(v, int | float) for v in vers)
    return deux and bool(Point(vers).distance(forme) <= _LOIN * forme.length)


def _nom_recrit(entite: Any, texte: str) -> str:
    """Name that somebody has written over ours; empty when the text is still ours."""
    lu = entite.plain_text()
    return "" if lu == texte else lire_etiquettes([Ecrit(lu, "", (0.0, 0.0), 1.0, 1.0, 0.0)])[0].nom


def _forme(entite: Any, nature: str) -> BaseGeometry | None:
    """Geometry of an entity as its nature draws it; None when it is no longer one."""
    from shapely import LineString, Point, Polygon

    if entite.dxftype() == "POINT":
        return Point(entite.dxf.location.x, entite.dxf.location.y) if nature in POINTS else None
    points = points_de(entite, entite.dxftype())
    if not points or nature in POINTS:
        return None
    if nature in LIGNES:
        return LineString(points) if len(points) > 1 else None
    return Polygon(points) if len(points) > 2 else None
