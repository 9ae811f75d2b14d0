"""Things of a file seen as elements of a plan: measured in metres, with the nature that their layer or their fields propose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args

from pope_foncier.lieu.fichiers.calques import role_du_calque
from pope_foncier.lieu.fichiers.noms_de_pieces import mots_de
from pope_foncier.lieu.fichiers.releve import Objet
from pope_foncier.lieu.plan import LIGNES, POINTS, Nature
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


CARTES = ("GeoJSON", "GeoPackage", "Shapefile", "KML")
"""Formats of maps: nobody has read yet what their layers and fields tell."""
DEDANS = ("piece", "porte", "fenetre", "escalier", "rampe", "ascenseur", "poteau", "noyau", "sortie", "controle")
"""Natures that a building holds: they are kept with it."""
RIEN = "rien"
"""What a user answers for a layer that the plan leaves out."""


class Etiquette(Fiche):
    """Field of a map that tells a nature."""

    champ: Texte
    valeurs: tuple[Texte, ...] = ()
    sauf: tuple[Texte, ...] = ()
    nature: Nature


class Etiquettes(Fiche):
    """Fields of maps: natures, and heights measured in metres."""

    sources: dict[str, Reference]
    etiquettes: tuple[Etiquette, ...]
    noms: tuple[Texte, ...]
    identifiants: tuple[Texte, ...]
    hauteurs: tuple[Texte, ...]


@lru_cache(maxsize=2)
def lire_etiquettes() -> Etiquettes:
    """Read the table of the project."""
    return lire_fiche(Etiquettes, dossier_donnees() / "locaux" / "etiquettes.yaml")


@enregistrement
class Candidat:
    """Thing that may enter the plan."""

    rang: int
    """Rank in the file, from 1."""
    objet: Objet
    forme: BaseGeometry
    """Geometry in metres."""
    nature: str
    """Nature told by the user, by the file, or proposed; empty when nobody says."""
    proposee: bool = False
    """Whether the nature is only proposed by a layer or a field."""
    distance_m: float | None = None
    """Distance to the position of the site; None when one of the two has none."""

    @property
    def surface(self) -> float:
        """Area of an outline [m²]; 0 for a line or a point."""
        return float(self.forme.area)

    @property
    def nom(self) -> str:
        """Name shown to the user."""
        return self.objet.nom or self.identifiant or f"n° {self.rang}"

    @property
    def identifiant(self) -> str:
        """Identifier of the thing in the base that it comes from; empty when none."""
        return _premier(self.objet.attributs, lire_etiquettes().identifiants)

    def dits(self, champ: str) -> list[str]:
        """Values that a field has: of the file, or « couche », « nom », « nature », « niveau »."""
        a_nous = {"couche": self.objet.couche, "nom": self.objet.nom, "nature": self.nature}
        if self.objet.niveau is not None:
            a_nous["niveau"] = str(self.objet.niveau)
        trouves = [v for c, v in self.objet.attributs.items() if c.lower() == champ.lower()]
        return trouves + [v for c, v in a_nous.items() if c == champ.lower() and v]


def cle(nom: str) -> str:
    """Name of a layer or of a room as it is compared: capitals, accents and plurals aside; signs alone stay themselves."""
    return " ".join(mots_de(nom)) or nom.strip()


def dites_du_nom(nom: str, dites: Mapping[str, str], noms: Collection[str] = ()) -> str:
    """What the user says of a layer or of a room: by its very name, by its words, then of all; empty when nothing.

    Args:
        noms: names that exist: one that is somebody's very name is not taken for another's.
    """
    if nom and nom in dites:
        return dites[nom]
    voisins = (v for n, v in dites.items() if n and n not in noms and cle(n) == cle(nom))
    return next(voisins, dites.get("", ""))


def nature_de(objet: Objet, dite: str, carte: bool) -> tuple[str, bool]:
    """Nature of a thing, and whether it is only proposed: what the user says of its layer, the file, then its fields.

    Args:
        carte: whether the file is a map; the layers of drawings and models were read with them.
    """
    if dite:
        return ("" if dite == RIEN else dite), False
    if objet.nature:
        return objet.nature, False
    return (proposee(objet), True) if carte else ("", False)


def proposee(objet: Objet) -> str:
    """Nature that the layer or the fields of a thing propose; empty when none suits its geometry."""
    candidates = [_du_calque(objet.couche)] if objet.couche else []
    candidates += [e.nature for e in lire_etiquettes().etiquettes if _repond(e, objet.attributs)]
    return next((n for n in candidates if n and convient(n, objet.forme)), "")


def _repond(etiquette: Etiquette, attributs: Mapping[str, str]) -> bool:
    valeur = attributs.get(etiquette.champ)
    if valeur is None or valeur in etiquette.sauf:
        return False
    return not etiquette.valeurs or valeur in etiquette.valeurs


def _du_calque(couche: str) -> str:
    role = role_du_calque(couche)
    return role if role in get_args(Nature) else ""


def nom_de(attributs: Mapping[str, str]) -> str:
    """Name of a thing of a map: the first filled of the fields that name; empty when none."""
    return _premier(attributs, lire_etiquettes().noms)


def champs_etrangers(etrangers: Counter[str]) -> dict[str, int]:
    """How many values of fields a plan does not keep, the fields named; they still serve to choose."""
    if not etrangers:
        return {}
    noms = ", ".join(f"« {abreger(n, 24)} »" for n in list(etrangers)[:6])
    return {f"valeurs des champs étrangers au plan ({noms}{'…' if len(etrangers) > 6 else ''})": etrangers.total()}


def _premier(attributs: Mapping[str, str], champs: Sequence[str]) -> str:
    petits = {c.lower(): v for c, v in attributs.items() if v}
    return next((petits[c] for c in champs if c in petits), "")


def convient(nature: str, forme: BaseGeometry) -> bool:
    """Whether a geometry may be drawn as a nature; a closed line is an outline."""
    if nature in POINTS:
        return bool(forme.geom_type == "Point")
    if nature in LIGNES:
        return bool(forme.geom_type == "LineString")
    return forme.geom_type == "Polygon" or (forme.geom_type == "LineString" and bool(forme.is_ring))


def en_forme(nature: str, forme: BaseGeometry) -> BaseGeometry:
    """Geometry as its nature draws it: a closed line becomes the outline that it walks."""
    from shapely.geometry import Polygon

    return Polygon(forme.coords) if forme.geom_type == "LineString" and nature not in LIGNES else forme


def points_et_trous(forme: BaseGeometry, decimales: int | None = None) -> dict[str, Any]:
    """Fields of an element that draw a geometry, rounded, or as they are."""
    if forme.geom_type != "Polygon":
        return {"points": _liste(forme.coords, decimales)}
    champs: dict[str, Any] = {"points": _liste(forme.exterior.coords, decimales)[:-1]}
    if forme.interiors:
        champs["trous"] = [_liste(trou.coords, decimales)[:-1] for trou in forme.interiors]
    return champs


def _liste(coords: Any, decimales: int | None) -> list[list[float]]:
    points = [[float(v) for v in p[:2]] for p in coords]
    if decimales is None:
        return points
    arrondis = [[round(v, decimales) for v in p] for p in points]
    return [p for i, p in enumerate(arrondis) if i == 0 or p != arrondis[i - 1]]


def contours(candidats: Sequence[Candidat], nature: str) -> list[Candidat]:
    """Outlines of a nature."""
    return [c for c in candidats if c.nature == nature and convient(nature, c.forme)]


def qui_contient_les_autres(candidats: Sequence[Candidat]) -> tuple[Candidat | None, list[Candidat]]:
    """Outline that holds all the others, two at least, and those others; None and nothing when there is none."""
    fermes = sorted((c for c in candidats if c.surface > 0), key=lambda c: -c.surface)
    if len(fermes) < 3 or not all(fermes[0].forme.covers(c.forme) for c in fermes[1:]):
        return None, []
    return fermes[0], sorted(fermes[1:], key=lambda c: c.rang)


def plages(candidats: Sequence[Candidat]) -> list[str]:
    """Ranks of things, those that follow one another as one: « 2-5 », « 7 »."""
    suites: list[list[int]] = []
    for rang in sorted(c.rang for c in candidats):
        if suites and suites[-1][-1] == rang - 1:
            suites[-1].append(rang)
        else:
            suites.append([rang])
    return [f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in suites]


def avec_leur_interieur(choisis: Sequence[Candidat], tous: Sequence[Candidat]) -> tuple[Candidat, ...]:
    """Things chosen, and what is drawn in the buildings among them, of the natures of which nothing was chosen."""
    murs = [c for c in choisis if c.nature == "batiment" and convient(c.nature, c.forme)]
    attendues = set(DEDANS) - {c.nature for c in choisis}
    gardes = {c.rang for c in choisis}
    gardes |= {c.rang for c in tous if c.nature in attendues and any(_dedans(c, mur) for mur in murs)}
    return tuple(c for c in tous if c.rang in gardes)


def _dedans(candidat: Candidat, mur: Candidat) -> bool:
    """Whether a thing is drawn in a building: most of an outline, any part of a line or a point."""
    if candidat.forme.geom_type == "Polygon":
        return bool(mur.forme.contains(candidat.forme.representative_point()))
    return bool(mur.forme.intersects(candidat.forme))
