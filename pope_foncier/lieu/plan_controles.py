"""Checks of a plan: wrong system, degrees, self-crossing, overlaps; every fault is told with its element and its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pope_foncier.lieu.etendues import ETENDUES, FRANCE_DEGRES, FRANCE_DEGRES_INVERSES, dans, ressemblance
from pope_foncier.lieu.fichiers.formes import reparer
from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, distance_m, projeter, recouvrements, surface_m2
from pope_foncier.lieu.plan import LIGNES, POINTS, Element, ElementTrace, Plan, PlanTrace
from pope_foncier.lieu.vraisemblance import faute_de_mesure, lire_vraisemblance
from pope_foncier.socle.erreurs import Probleme
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.yaml_strict import Lignes

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_LOCAL_MAX_M = 20_000.0
_ECART_DE_TRACE_M = 0.05


def tracer(
    plan: Plan, fichier: str, lignes: Lignes, remarques: tuple[str, ...] = ()
) -> tuple[PlanTrace, list[Probleme]]:
    """Geometries in metres, and the faults of each element alone."""
    problemes: list[Probleme] = []
    traces = []
    for rang, element in enumerate(plan.elements):
        forme = forme_de(element)
        faute = _faute_de_systeme(plan, element) or _faute_de_forme(forme)
        if faute is None:
            metres = projeter(forme) if plan.systeme == "wgs84" else forme
            faute = faute_de_mesure(element, surface_m2(metres)) if metres.geom_type == "Polygon" else None
        if faute is not None:
            problemes.append(_probleme(fichier, lignes, rang, element, *faute))
            continue
        traces.append(ElementTrace(projete(element) if plan.systeme == "wgs84" else element, metres))
    return PlanTrace(plan, tuple(traces), remarques), problemes


def projete(element: Element, depart: str = WGS84, arrivee: str = LAMBERT93) -> Element:
    """Element whose point of swing is in the system of its geometry; its own points are left as the file writes them."""
    if element.vers is None:
        return element
    from shapely.geometry import Point as PointGeo

    vers = projeter(PointGeo(element.vers), depart, arrivee)
    return element.model_copy(update={"vers": (vers.x, vers.y)})


def controler(
    plan: PlanTrace, fichier: str, lignes: Lignes, pres_de: tuple[float, float] | None = None
) -> list[Probleme]:
    """Faults between elements: overlaps on one storey, rooms out of the building, a plan far from its site."""
    problemes = []
    rangs = {id(t): r for r, t in enumerate(plan.elements)}
    for a, b, surface, lieu in _paires_en_trop(plan):
        problemes.append(
            _probleme(
                fichier,
                lignes,
                rangs[id(b)],
                b.element,
                f"recouvre « {a.nom} » sur {formater_nombre(surface, 1)} m², autour du point {_lieu(lieu.coords[0])}.",
                "écarter les deux tracés, ou n'en garder qu'un.",
            )
        )
    if plan.formes("batiment"):
        from shapely import union_all

        for piece in plan.de_nature("piece"):
            murs = union_all([b.forme for b in plan.batiments_du_niveau(piece.element.niveau)])
            dehors = piece.forme.difference(murs)
            if dehors.difference(murs.buffer(_ECART_DE_TRACE_M)).area > 0:
                problemes.append(
                    _probleme(
                        fichier,
                        lignes,
                        rangs[id(piece)],
                        piece.element,
                        f"sort du bâtiment de {formater_nombre(dehors.area, 1)} m², autour du point "
                        f"{_lieu(dehors.representative_point().coords[0])}.",
                        "corriger la pièce ou le bâtiment.",
                    )
                )
    problemes += _loin_du_site(plan, fichier, pres_de)
    return problemes


def _paires_en_trop(plan: PlanTrace) -> list[tuple[ElementTrace, ElementTrace, float, Any]]:
    """Pairs that must not overlap: plots, yards, buildings or rooms of one storey, and a yard with the ground floor."""
    groupes: list[Sequence[ElementTrace]] = [plan.de_nature("parcelle"), plan.de_nature("cour")]
    niveaux = sorted({t.element.niveau for t in plan.elements})
    groupes += [plan.de_nature("batiment", n) for n in niveaux] + [plan.de_nature("piece", n) for n in niveaux]
    trouves = []
    for groupe in groupes:
        trouves += [(groupe[i], groupe[j], s, p) for i, j, s, p in recouvrements([t.forme for t in groupe])]
    dehors = plan.de_nature("cour")
    dedans = plan.de_nature("batiment", 0) or plan.de_nature("piece", 0)
    melange = [*dedans, *dehors]
    for i, j, s, p in recouvrements([t.forme for t in melange]):
        if (i < len(dedans)) != (j < len(dedans)):
            trouves.append((melange[i], melange[j], s, p))
    return trouves


def _loin_du_site(plan: PlanTrace, fichier: str, pres_de: tuple[float, float] | None) -> list[Probleme]:
    from shapely.geometry import Point as PointGeo

    if pres_de is None or plan.fiche.systeme == "local":
        return []
    ici = projeter(PointGeo(*pres_de), WGS84, LAMBERT93)
    ecart = min(distance_m(ici, t.forme) for t in plan.elements)
    if ecart <= lire_vraisemblance().position_refus_m:
        return []
    return [
        Probleme(
            fichier,
            None,
            "systeme",
            f"le plan est à {formater_nombre(ecart / 1000, 1)} km de la position du site.",
            "vérifier la projection du plan, ou la position du site.",
        )
    ]


def forme_de(element: Element) -> BaseGeometry:
    """Geometry of an element, in the coordinates of its plan; a ring that touches itself becomes an outline with holes."""
    from shapely.geometry import LineString, Polygon
    from shapely.geometry import Point as PointGeo

    if element.nature in POINTS:
        return PointGeo(element.points[0])
    if element.nature in LIGNES:
        return LineString(element.points)
    return reparer(Polygon(element.points, [list(t) for t in element.trous]))


def _faute_de_forme(forme: BaseGeometry) -> tuple[str, str] | None:
    from shapely.validation import explain_validity

    if forme.geom_type == "Point":
        return None
    if forme.length <= 0 or (forme.geom_type == "Polygon" and forme.convex_hull.area <= 0):
        return "le tracé n'enferme aucune surface.", "vérifier les points."
    if not forme.is_valid:
        motif, _, lieu = explain_validity(forme).partition("[")
        point = _lieu(tuple(float(v) for v in lieu.rstrip("]").split()[:2])) if lieu else "non précisé"
        if "Self-intersection" in motif or "Ring" in motif:
            remede = "remettre les points dans l'ordre du tour ; un vide à l'intérieur s'écrit dans « trous »."
            return f"le contour se recoupe au point {point}.", remede
        return f"le tracé n'est pas valide au point {point}.", "vérifier les points et les trous."
    return None


def _faute_de_systeme(plan: Plan, element: Element) -> tuple[str, str] | None:
    """Coordinates that cannot be in the system that the plan declares."""
    attendu = {"wgs84": "WGS84 (degrés)", "lambert93": "Lambert-93"}.get(plan.systeme)
    if attendu is not None:
        etendue = dict(ETENDUES)[attendu]
        dehors = [p for p in element.points if not dans(p, etendue)]
        if not dehors:
            return None
        ailleurs = ressemblance(dehors[0], sauf=attendu)
        conseil = f"ces coordonnées ressemblent à du {ailleurs}" if ailleurs else "vérifier le système du relevé"
        return f"le point {_lieu(dehors[0])} est hors de la France métropolitaine en {attendu}.", f"{conseil}."
    xs, ys = [p[0] for p in element.points], [p[1] for p in element.points]
    serre = max(max(xs) - min(xs), max(ys) - min(ys)) < 0.1
    if serre and any(dans(element.points[0], e) for e in (FRANCE_DEGRES, FRANCE_DEGRES_INVERSES)):
        return (
            f"le tracé est mesuré en degrés (point {_lieu(element.points[0])}), des mètres sont attendus.",
            "écrire « systeme: wgs84 », ou donner des mètres.",
        )
    if max(map(abs, xs + ys)) > _LOCAL_MAX_M:
        return (
            f"le point {_lieu(element.points[0])} est trop loin de l'origine d'un relevé local.",
            "écrire « systeme: lambert93 », ou ramener l'origine près du bâtiment.",
        )
    return None


def _lieu(point: Sequence[float]) -> str:
    return f"({' ; '.join(formater_nombre(v, 6 if abs(v) < 180 and v != round(v, 2) else 2, 0) for v in point[:2])})"


def _probleme(fichier: str, lignes: Lignes, rang: int, element: Element, message: str, remede: str) -> Probleme:
    nom = f"« {element.nom or element.fonction or element.nature} » : "
    return Probleme(fichier, lignes.get(("elements", rang)), f"elements[{rang + 1}]", nom + message, remede)
