"""Plan as a DXF for the architect: metres, layers by nature, names and areas as texts; what leaves comes back whole.

Each outline carries the fields of its element as extended data, under the name of an application of ours: our reader takes
them from there, and the geometry from what is drawn, moved or not.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pope_foncier.lieu.geometrie import LAMBERT93
from pope_foncier.lieu.plan import LIGNES, POINTS, ElementTrace, PlanTrace
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.json_strict import decoder
from pope_foncier.socle.nombres import formater_nombre

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.layouts.layout import Modelspace
    from shapely.geometry.base import BaseGeometry

APPLICATION = "POPE_FONCIER"
"""Name under which a drawing of ours keeps what its strokes are."""
_MORCEAU = 240
"""Signs of one string of extended data (255 bytes at most)."""
CALQUES: dict[str, tuple[str, int]] = {
    "parcelle": ("PARCELLE", 94),
    "batiment": ("BATIMENT", 7),
    "piece": ("PIECE", 140),
    "cour": ("COUR", 3),
    "quai": ("QUAI", 8),
    "voie": ("VOIE_FERREE", 8),
    "parc": ("PARC", 96),
    "facade_aveugle": ("FACADE_AVEUGLE", 1),
    "porte": ("PORTE", 30),
    "fenetre": ("FENETRE", 4),
    "controle": ("LIGNE_DE_CONTROLE", 6),
    "escalier": ("ESCALIER", 33),
    "rampe": ("RAMPE", 33),
    "ascenseur": ("ASCENSEUR", 33),
    "poteau": ("POTEAU", 7),
    "noyau": ("NOYAU", 7),
    "sortie": ("SORTIE", 1),
    "arbre": ("ARBRE", 3),
}
"""Layer of each nature, and its colour (AutoCAD index)."""
_TEXTES, _BATTEMENTS, _COTES, _CARTOUCHE = "TEXTE", "BATTEMENT", "COTATION", "CARTOUCHE"
_HAUTEUR_M, _RECUL_M = 0.18, 0.8
"""Height of texts, and distance of the dimensions to what they measure [m]."""


def en_dxf(plan: PlanTrace, cotes: bool = True) -> str:
    """DXF (R2010) of a plan, in metres, in its axes or in Lambert-93.

    Args:
        plan: plan to write.
        cotes: draw as dimensions the two sides of the smallest rectangle around the buildings of each storey.

    Raises:
        ErreurCalcul: the libraries of the formats of plans are not installed.
    """
    ezdxf = bibliotheque("ezdxf", "plans", "L'écriture d'un DXF")
    fixe, ezdxf.options.write_fixed_meta_data_for_testing = ezdxf.options.write_fixed_meta_data_for_testing, True
    try:  # the same plan makes the same file, without the hour
        document = ezdxf.new("R2010", setup=True, units=6)
        document.header["$PDMODE"], document.header["$PDSIZE"] = 35, 0.4
        document.appids.add(APPLICATION)
        _ecrire_tete(document, plan)
        espace = document.modelspace()
        niveaux = {t.element.niveau for t in plan.elements}
        prefixes = {n: _prefixe(n) if len(niveaux) > 1 else "" for n in sorted(niveaux)}
        for rang, trace in enumerate(plan.elements):
            prefixe = prefixes[trace.element.niveau]
            _dessiner(document, espace, plan, rang, prefixe)
        for niveau, prefixe in prefixes.items() if cotes else ():
            _coter(document, espace, plan.de_nature("batiment", niveau), prefixe)
        _cartouche(document, espace, plan)
        flux = io.StringIO()
        document.write(flux)
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = fixe
    return flux.getvalue()


def _prefixe(niveau: int) -> str:
    """Storey as it stands before the name of a layer: RDC_, N01_, S01_."""
    return "RDC_" if niveau == 0 else f"{'N' if niveau > 0 else 'S'}{abs(niveau):02d}_"


def _calque(document: Drawing, nom: str, couleur: int) -> str:
    if nom not in document.layers:
        document.layers.add(nom, color=couleur)
    return nom


def _dessiner(document: Drawing, espace: Modelspace, plan: PlanTrace, rang: int, prefixe: str) -> None:
    """Strokes of one element, with its fields."""
    trace = plan.elements[rang]
    element, forme = trace.element, trace.forme
    nom, couleur = CALQUES[element.nature]
    attributs = {"layer": _calque(document, prefixe + nom, couleur)}
    champs = element.model_dump(mode="json", exclude={"points", "trous"}, exclude_none=True)
    if element.nature in POINTS:
        marquer(espace.add_point(forme.coords[0], attributs), {"rang": rang, "champs": champs})
    elif element.nature in LIGNES:
        marquer(espace.add_lwpolyline(list(forme.coords), dxfattribs=attributs), {"rang": rang, "champs": champs})
        if element.nature == "porte" and "vers" in champs:
            _battre(document, espace, trace, champs["vers"], prefixe)
    else:
        anneau = list(forme.exterior.coords)[:-1]
        marquer(espace.add_lwpolyline(anneau, close=True, dxfattribs=attributs), {"rang": rang, "champs": champs})
        for trou in forme.interiors:
            points = list(trou.coords)[:-1]
            marquer(espace.add_lwpolyline(points, close=True, dxfattribs=attributs), {"rang": rang, "trou": True})
        if element.nature in ("piece", "cour", "parcelle", "escalier"):
            _nommer(document, espace, rang, trace, _libre(plan, trace), prefixe)


def _libre(plan: PlanTrace, trace: ElementTrace) -> BaseGeometry:
    """Where the name of an outline stands: that of a plot, out of its buildings and yards."""
    from shapely import get_parts, union_all

    if trace.element.nature != "parcelle":
        return trace.forme
    reste = get_parts(trace.forme.difference(union_all(plan.formes("batiment") + plan.formes("cour"))))
    return max(reste, key=lambda partie: float(partie.area), default=trace.forme)


def _nommer(
    document: Drawing, espace: Modelspace, rang: int, trace: ElementTrace, libre: BaseGeometry, prefixe: str
) -> None:
    """Name and area, in the widest part of an outline."""
    from shapely import maximum_inscribed_circle

    disque, centre = maximum_inscribed_circle(libre, tolerance=0.02), libre.centroid
    rayon = float(disque.length)
    if libre.contains(centre) and centre.distance(libre.boundary) >= 0.6 * rayon:
        x, y = centre.x, centre.y
    else:
        x, y = disque.coords[0]
    texte = f"{_sans_code(trace.nom)}\\P{formater_nombre(trace.forme.area, 2)} m²"
    hauteur = min(_HAUTEUR_M, 2 * rayon / max(4.0, 0.8 * len(trace.nom)))
    attributs = {"layer": _calque(document, prefixe + _TEXTES, 7), "char_height": hauteur, "attachment_point": 5}
    ecrit = espace.add_mtext(texte, dxfattribs={**attributs, "insert": (x, y)})
    marquer(ecrit, {"etiquette": rang, "texte": ecrit.plain_text()})


def _sans_code(texte: str) -> str:
    """Text whose signs are no code of a drawing program."""
    for signe in "\\{}":
        texte = texte.replace(signe, f"\\{signe}")
    return texte.replace("^", "^ ")


def _battre(document: Drawing, espace: Modelspace, trace: ElementTrace, vers: list[float], prefixe: str) -> None:
    """Leaf and swing of a door, on the side it opens to; a sliding door has none."""
    from ezdxf.math import ConstructionArc, Vec2

    if trace.element.ouverture == "coulissante":
        return
    debut, fin = Vec2(trace.forme.coords[0]), Vec2(trace.forme.coords[-1])
    calque = {"layer": _calque(document, prefixe + _BATTEMENTS, 9)}
    cote = 1 if (fin - debut).det(Vec2(vers) - debut) > 0 else -1
    gonds = [(debut, fin)] if (trace.element.vantaux or 1) == 1 else [(debut, debut.lerp(fin)), (fin, debut.lerp(fin))]
    for rang, (gond, bout) in enumerate(gonds):
        ouvert = gond + (bout - gond).orthogonal(ccw=(cote > 0) == (rang == 0))
        marquer(espace.add_line(gond, ouvert, calque), {"dessin": "battement"})
        a, b = (bout, ouvert) if (bout - gond).det(ouvert - gond) > 0 else (ouvert, bout)
        arc = ConstructionArc(gond, (bout - gond).magnitude, (a - gond).angle_deg, (b - gond).angle_deg)
        marquer(
            espace.add_arc(arc.center, arc.radius, arc.start_angle, arc.end_angle, dxfattribs=calque),
            {"dessin": "battement"},
        )


def _coter(document: Drawing, espace: Modelspace, batiments: Sequence[ElementTrace], prefixe: str) -> None:
    """Dimensions along the buildings of a storey: the two sides of the smallest rectangle around them."""
    from shapely import minimum_rotated_rectangle, union_all

    rectangle = minimum_rotated_rectangle(union_all([t.forme for t in batiments]))
    if rectangle.is_empty or rectangle.geom_type != "Polygon":
        return
    points = list(rectangle.exterior.coords)
    if not rectangle.exterior.is_ccw:
        points.reverse()
    calque = {"layer": _calque(document, prefixe + _COTES, 8)}
    style = {
        "dimtxt": _HAUTEUR_M,
        "dimasz": _HAUTEUR_M,
        "dimexe": 0.1,
        "dimexo": 0.1,
        "dimdec": 2,
        "dimlfac": 1,
        "dimdsep": 44,
        "dimzin": 0,
    }
    bas = sorted(pairwise(points), key=lambda c: (c[0][1] + c[1][1], c[0][0] + c[1][0]))[0]
    rang = points.index(bas[0])
    for i in (rang, (rang + 1) % 4):
        cote = espace.add_aligned_dim(
            p1=points[i], p2=points[i + 1], distance=-_RECUL_M, dimstyle="EZDXF", override=style, dxfattribs=calque
        )
        cote.render()
        marquer(cote.dimension, {"dessin": "cote"})


def _cartouche(document: Drawing, espace: Modelspace, plan: PlanTrace) -> None:
    """Title, and what is only supposed, under the drawing."""
    from shapely import total_bounds

    x0, y0, x1, _ = (float(v) for v in total_bounds([t.forme for t in plan.elements]))
    lignes = [plan.fiche.titre]
    if plan.fiche.statut == "hypothese":
        lignes.append(f"Plan supposé, non relevé : {plan.fiche.base or 'base non dite'}")
    elif plan.fiche.source is not None:
        lignes.append(f"Source : {plan.fiche.source.titre}")
    attributs = {"layer": _calque(document, _CARTOUCHE, 7), "char_height": 1.4 * _HAUTEUR_M, "width": max(8.0, x1 - x0)}
    insertion = {"insert": (x0, y0 - 3 * _RECUL_M), "attachment_point": 1}
    marquer(
        espace.add_mtext("\\P".join(map(_sans_code, lignes)), dxfattribs=attributs | insertion), {"dessin": "cartouche"}
    )


def _ecrire_tete(document: Drawing, plan: PlanTrace) -> None:
    """Head of the plan, in the dictionary of the drawing."""
    tete = plan.fiche.model_dump(mode="json", exclude={"elements", "systeme"}, exclude_none=True)
    tete["systeme"] = "local" if plan.fiche.systeme == "local" else LAMBERT93
    document.rootdict.add_xrecord(APPLICATION).reset([(1, m) for m in _morceaux(tete)])


def _morceaux(donnees: Mapping[str, Any]) -> Iterator[str]:
    """Data as plain ASCII text in short pieces, since not every program keeps long or accented strings."""
    texte = json.dumps(donnees, separators=(",", ":"))
    return (texte[i : i + _MORCEAU] for i in range(0, len(texte), _MORCEAU))


def marquer(entite: Any, donnees: Mapping[str, Any]) -> None:
    """Write our data on an entity."""
    entite.set_xdata(APPLICATION, [(1000, m) for m in _morceaux(donnees)])


def marque(entite: Any) -> dict[str, Any]:
    """Our data on an entity; empty when it bears none, or none that can be read."""
    if not entite.has_xdata(APPLICATION):
        return {}
    donnees = _lire("".join(str(v) for code, v in entite.get_xdata(APPLICATION) if code == 1000))
    return donnees if _est_une_marque(donnees) else {}


def _est_une_marque(donnees: Mapping[str, Any]) -> bool:
    """Whether data are what we write: an element with its rank, a hole of one, its name, or a stroke beside; a damaged file holds anything."""
    champs = donnees.get("champs", {"nature": ""})
    if not isinstance(donnees.get("rang", 0), int) or not isinstance(champs, dict):
        return False
    textes = [champs.get("nature"), champs.get("nom", ""), champs.get("fonction", ""), donnees.get("texte", "")]
    if not all(isinstance(t, str) for t in textes) or not isinstance(champs.get("niveau", 0), int):
        return False
    if "etiquette" in donnees:
        return isinstance(donnees["etiquette"], int) and "texte" in donnees
    return "dessin" in donnees or ("rang" in donnees and ("champs" in donnees or "trou" in donnees))


def lire_tete(document: Drawing) -> dict[str, Any]:
    """Head of a plan of ours; empty for another drawing."""
    enregistre: Any = document.rootdict.get(APPLICATION)
    if enregistre is None or enregistre.dxftype() != "XRECORD":
        return {}
    return _lire("".join(str(balise.value) for balise in enregistre.tags if balise.code == 1))


def _lire(texte: str) -> dict[str, Any]:
    try:
        donnees = decoder(texte)
    except (ValueError, RecursionError):
        return {}
    return donnees if isinstance(donnees, dict) else {}
