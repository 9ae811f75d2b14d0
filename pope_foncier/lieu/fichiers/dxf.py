"""DXF: a drawing of an architect or a surveyor, read as layers, outlines, rooms with their names, unit asked when it must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pope_foncier.lieu.fichiers.calques import role_dit, role_du_calque
from pope_foncier.lieu.fichiers.dxf_avis import avis_du_dessin
from pope_foncier.lieu.fichiers.dxf_baies import Porte
from pope_foncier.lieu.fichiers.dxf_dessin import MUETS, Dessin, lire_contours
from pope_foncier.lieu.fichiers.dxf_ecrit import lire_tete
from pope_foncier.lieu.fichiers.dxf_niveaux import situer
from pope_foncier.lieu.fichiers.dxf_pieces import ESPACES_CLOS, Contour, nommer
from pope_foncier.lieu.fichiers.dxf_retour import objets_de_retour
from pope_foncier.lieu.fichiers.dxf_textes import Etiquette, lire_etiquettes
from pope_foncier.lieu.fichiers.dxf_traits import calque_de, lire_traits
from pope_foncier.lieu.fichiers.geojson import jours_en_dates
from pope_foncier.lieu.fichiers.noms_de_pieces import lire_nom, niveau_du_nom
from pope_foncier.lieu.fichiers.releve import Niveau, Objet, Releve
from pope_foncier.lieu.fichiers.unites_du_dessin import Indices, unite_probable
from pope_foncier.lieu.plan import POINTS, Nature
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.extras import bibliotheque

if TYPE_CHECKING:
    from ezdxf.document import Drawing

TAILLE_MAX_OCTETS = 60_000_000
_DWG, _BINAIRE = b"AC10", b"AutoCAD Binary DXF"
_SANS_TEMPS = {"hors_plan": "traits de cotes, mobilier, cartouche, trames…", "noms": "traits des calques de textes"}


def lire_dxf(chemin: Path, calques: Mapping[str, str] | None = None) -> Releve:
    """Content of a DXF file, text or binary, of any version.

    Args:
        chemin: file.
        calques: what some layers bear (``lieu.fichiers.calques.ROLES``); the table of usual names serves for the others.

    Raises:
        ErreurDonnees: a DWG, a damaged file, or one that draws nothing.
        ErreurCalcul: the libraries of the formats of plans are not installed.
    """
    document, avis = _ouvrir(chemin)
    rendus, entites = objets_de_retour(list(document.modelspace()))
    noms = {c.dxf.name for c in document.layers} | set(map(calque_de, entites))
    noms |= {calque_de(e) for bloc in document.blocks for e in bloc}
    dits = {n: role_dit(n, calques or {}) for n in noms}
    roles = {n: dits[n] or role_du_calque(n) for n in noms}
    # Walls said to be the building: they close its rooms all the same, and their outline is the building.
    enveloppes = frozenset(n for n in noms if dits[n] == "batiment" and role_du_calque(n) == "mur")
    roles |= dict.fromkeys(enveloppes, "mur")
    traits = lire_traits(document, entites, [n for n, role in roles.items() if role in POINTS])
    if traits.vide and not rendus:
        message = "l'espace objet de ce DXF ne dessine rien."
        raise ErreurDonnees.une(chemin_court(chemin), message, "exporter le plan lui-même, et non sa mise en page.")
    dessine = _releve(Dessin(traits, roles, _unite_declaree(document), enveloppes), rendus, chemin.stem, avis)
    if vaines := sorted(enveloppes - dessine.couches().keys()):
        sans = next((a for a in dessine.avis if a.startswith("Aucun contour")), "")
        message = f"le calque « {vaines[0]} » ne ferme pas le tour d'un bâtiment. {sans}".rstrip()
        raise ErreurDonnees.une(chemin_court(chemin), message, "tracer le contour, fermé, sur un calque à part.")
    tete = lire_tete(document)
    if not tete:
        return dessine
    return replace(
        dessine,
        titre=tete.get("titre", dessine.titre),
        systeme=tete.pop("systeme", ""),
        nord_degres=tete.get("nord_degres"),
        tete=jours_en_dates(tete),
    )


def _releve(dessin: Dessin, rendus: Sequence[Objet], titre: str, avis: Sequence[str]) -> Releve:
    from shapely import Point

    etiquettes = lire_etiquettes([t for t in dessin.traits.textes if dessin.role(t.calque) != "hors_plan"])
    fermes = [Contour(c, p, dessin.role(c)) for c, p in dessin.traits.fermes if dessin.role(c) not in MUETS]
    probable = unite_probable(_indices(dessin, nommer(fermes, etiquettes), etiquettes), dessin.declaree)
    lu = lire_contours(dessin, etiquettes, _metres(dessin, probable))
    # The areas printed in the rooms that walls close may tell more; and walls close to a tolerance in metres.
    mieux = unite_probable(_indices(dessin, lu.contours, etiquettes), dessin.declaree)
    if _metres(dessin, mieux) != _metres(dessin, probable):
        lu = lire_contours(dessin, etiquettes, _metres(dessin, mieux))
    objets = [*rendus, *map(_objet, lu.contours)] + [_objet_porte(p) for p in lu.portes]
    objets += [Objet(f, c, nature=_nature(dessin.role(c)), niveau=niveau_du_nom(c)) for c, f in lu.lignes]
    objets += [Objet(Point(xy), c, nature=dessin.role(c), niveau=niveau_du_nom(c)) for c, xy in dessin.traits.points]
    objets, niveaux = situer(objets, etiquettes, _metres(dessin, mieux))
    return Releve(
        format="DXF",
        objets=tuple(objets),
        titre=titre,
        metres_par_unite=dessin.declaree,
        unite_probable=mieux,
        niveaux=_niveaux(objets),
        laisses=_laisses(dessin, lu.ouverts),
        avis=(*avis, *niveaux, *avis_du_dessin(dessin, lu, mieux, _metres(dessin, mieux), bool(rendus))),
    )


def _niveaux(objets: Sequence[Objet]) -> tuple[Niveau, ...]:
    return tuple(Niveau(n, f"niveau {n}") for n in sorted({o.niveau for o in objets if o.niveau is not None}))


def _metres(dessin: Dessin, probable: tuple[float, str] | None) -> float:
    """Metres of one unit that tolerances are taken with: the likely one, else the one declared."""
    return probable[0] if probable else dessin.declaree or 1.0


def _nature(role: str) -> str:
    return role if role in get_args(Nature) else ""


def _objet(contour: Contour) -> Objet:
    nature, lu = _nature(contour.nature), contour.lu
    if lu is not None and lu.dehors and nature in ("piece", "batiment"):
        nature = ""
    if lu is not None and lu.nature and nature == "piece":
        nature = lu.nature
    fonction = lu.fonction if lu is not None and not lu.a_confirmer else ""
    if (
        nature == "piece"
        and not contour.nom
        and contour.couche != ESPACES_CLOS
        and (du_calque := lire_nom(contour.couche)) is not None
    ):
        fonction = "" if du_calque.a_confirmer else du_calque.fonction
    return Objet(
        contour.forme,
        contour.couche,
        nom=contour.nom,
        nature=nature,
        fonction=fonction if nature in ("piece", "") else "",
        niveau=niveau_du_nom(contour.couche) if contour.niveau is None else contour.niveau,
        surface_declaree_m2=contour.surface_m2,
    )


def _objet_porte(porte: Porte) -> Objet:
    champs = {"ouverture": "battante", "vantaux": porte.vantaux, "vers": porte.vers}
    return Objet(porte.passage, porte.calque, nature="porte", niveau=niveau_du_nom(porte.calque), proprietes=champs)


def _indices(dessin: Dessin, contours: Sequence[Contour], etiquettes: Sequence[Etiquette]) -> Indices:
    traits = dessin.traits
    grand = max(contours, key=lambda c: c.forme.area, default=None)
    xs, ys = [], []
    for calque, forme in (*traits.fermes, *traits.lignes):
        if dessin.role(calque) not in MUETS:
            x0, y0, x1, y1 = forme.bounds
            xs += [x0, x1]
            ys += [y0, y1]
    return Indices(
        imprimees=[(c.surface_m2, c.forme.area, c.imprime) for c in contours if c.surface_m2],
        en_pieds=sum(e.en_pieds for e in etiquettes),
        rayons_de_porte=[a.rayon for a in traits.arcs if dessin.role(a.calque) in ("porte", "baie") and a.est_un_quart],
        plus_grand=float(grand.forme.area) if grand else 0.0,
        nature=_nature(grand.nature) if grand else "",
        etendue=max(max(xs) - min(xs), max(ys) - min(ys)) if xs else 0.0,
    )


def _laisses(dessin: Dessin, ouverts: int) -> dict[str, int]:
    """Strokes left out, in words."""
    laisses = Counter(dessin.traits.laisses)
    for calque, _ in (*dessin.traits.fermes, *dessin.traits.lignes, *dessin.traits.hachures):
        if (mots := _SANS_TEMPS.get(dessin.role(calque))) is not None:
            laisses[mots] += 1
    laisses["traits ouverts de calques de contours"] = ouverts
    return {c: n for c, n in laisses.items() if n}


def _unite_declaree(document: Drawing) -> float | None:
    """Metres of one unit that the header declares; None for « sans unité »."""
    from ezdxf.enums import InsertUnits
    from ezdxf.units import conversion_factor

    code = int(document.header.get("$INSUNITS", 0) or 0)
    if not 0 < code < len(InsertUnits):
        return None
    return float(conversion_factor(InsertUnits(code), InsertUnits.Meters))


def _ouvrir(chemin: Path) -> tuple[Any, list[str]]:
    """Document of a file, repaired when ezdxf can; one sentence otherwise."""
    court = chemin_court(chemin)

    def refus(message: str, remede: str) -> ErreurDonnees:
        return ErreurDonnees.une(court, message, remede)

    ezdxf = bibliotheque("ezdxf", "plans", "La lecture d'un DXF")
    try:
        taille = chemin.stat().st_size
        with chemin.open("rb") as flux:
            tete = flux.read(64)
    except OSError:
        raise refus("fichier introuvable ou illisible.", "vérifier le nom du fichier.") from None
    if tete.startswith(_DWG):
        raise refus("c'est un DWG, format fermé d'AutoCAD.", "l'enregistrer sous « DXF » dans le logiciel de dessin.")
    if taille > TAILLE_MAX_OCTETS:
        raise refus(f"fichier de {taille // 1_000_000} Mo.", "n'exporter que le plan du lieu.")
    try:
        return ezdxf.readfile(chemin), []
    except Exception:  # a damaged file may break its reader anywhere: the repair below judges
        if tete.startswith(_BINAIRE):
            raise refus("DXF binaire abîmé.", "l'enregistrer de nouveau, en DXF texte.") from None
    recover = bibliotheque("ezdxf.recover", "plans", "La lecture d'un DXF")
    try:
        document, _ = recover.readfile(chemin)
    except Exception:  # a damaged file may break the repair anywhere
        raise refus(
            "ce n'est pas un DXF, ou il est abîmé.", "l'exporter de nouveau, en DXF (R2000 ou plus récent)."
        ) from None
    if not len(document.modelspace()):
        raise refus("ce n'est pas un DXF, ou il est abîmé.", "l'exporter de nouveau, en DXF (R2000 ou plus récent).")
    return document, ["Fichier abîmé, lu jusqu'où il peut l'être : comparer avec l'original, ou l'exporter de nouveau."]
