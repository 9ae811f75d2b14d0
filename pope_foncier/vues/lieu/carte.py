"""Map of a place, for a page, a notebook or a dossier alike: what is known around it, what is not and how to give it, distances."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.baremes.catalogue import exiger
from pope_foncier.lieu.carreau import Carreaux, lire_carreaux
from pope_foncier.lieu.couches import GENRES, Couche, lire_couches
from pope_foncier.lieu.geometrie import projeter
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.site import Site
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.trouver import fiches_livrees
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import dessin_de_carte as dessin
from pope_foncier.vues.lieu.dessin_de_carte import SIGNES, SURFACES, Carre, Fond, Nom
from pope_foncier.vues.lieu.lieu_ouvert import Lieu

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

RAYON_M = 2_000.0
"""What a map shows around its place when nobody asks otherwise [m]."""
_PROCHES = 3
"""Things of a kind whose distance is told, the nearest first."""
_A_DONNER = (
    "Les couches se donnent par pope-foncier carte … --couche arrets=FICHIER (GeoJSON, GeoPackage, Shapefile, KML, ou CSV avec latitude "
    "et longitude), ou se déposent dans data/couches."
)
SANS_POSITION = "Pas de carte : la position du lieu n'est pas connue. La donner dans sa fiche (« position »)."


@dataclass(frozen=True, slots=True)
class Carte:
    """Map: drawing, its words, where it comes from, what it does not show."""

    svg: str
    texte: str
    source: str
    absents: str
    remede: str
    """How to give what is absent, for who draws the map; a reader of a dossier has no use of it."""
    large_mm: float = dessin.LARGE_MM


@dataclass(frozen=True, slots=True)
class Alentours:
    """What is known around a place."""

    site: Site
    seuil_dense: float
    """Inhabitants of a square from which the zone is very dense [inhabitants/km²]."""
    carreaux: Carreaux
    autres: tuple[Site, ...] = ()
    couches: tuple[Couche, ...] = ()
    plan: PlanTrace | None = None

    @property
    def place(self) -> dict[str, list[BaseGeometry]]:
        """What the plan draws, when it is placed on the ground: a local grid is not."""
        if self.plan is None or self.plan.fiche.systeme == "local":
            return {}
        natures = ("batiment", "voie", "quai", "parc")
        return {n: [e.forme for e in self.plan.elements if e.element.nature == n] for n in natures}

    @property
    def lieu(self) -> BaseGeometry | None:
        """The building when its plan is placed, else the position of the sheet, in Lambert-93; None without any."""
        from shapely import union_all

        if self.place.get("batiment"):
            return union_all(self.place["batiment"])
        return position(self.site)


def alentours_de(lieu: Lieu, couches: Mapping[str, str | Path] | None = None) -> Alentours:
    """What is known around a place: squares and places of the project, layers given or laid in ``data/couches``.

    Raises:
        Inconnu: a kind of layer that no map draws.
        ErreurDonnees: a layer that cannot be read.
    """
    site = lieu.site
    seuil = exiger(lieu.catalogue.a_la_date("referentiel.locaux.seuil_densite", lieu.jour))
    autres = tuple(lire_fiche(Site, f) for f in fiches_livrees("sites").values())
    pres_de = (site.position.longitude, site.position.latitude) if site.position else None
    lues = lire_couches(couches or {}, pres_de)
    return Alentours(site, float(seuil.valeur), lire_carreaux(), autres, lues, lieu.plan)


def position(site: Site) -> BaseGeometry | None:
    """Position of a site in Lambert-93."""
    from shapely.geometry import Point

    return None if site.position is None else projeter(Point(site.position.longitude, site.position.latitude))


def dresser(alentours: Alentours, rayon_m: float = RAYON_M) -> Carte | str:
    """Map of a place, or why there is none."""
    lieu = alentours.lieu
    if lieu is None:
        return SANS_POSITION
    fond = Fond.autour(lieu.centroid, rayon_m)
    carres = [(_carre(alentours, nom), forme) for nom, forme in dessin.carres_du_cadre(fond)]
    couches = {c.genre: c.objets for c in alentours.couches}
    corps, des_aires = list(dessin.grille(fond, carres)), list[Nom]()
    for genre in ("parcs", "communes"):
        traits, noms = dessin.aires(fond, genre, couches.get(genre, ()))
        corps, des_aires = [*corps, *traits], [*des_aires, *noms]
    corps += [
        *dessin.cercles(fond, lieu.centroid),
        *dessin.voies(fond, couches.get("voies", ())),
        *_du_plan(fond, alentours),
    ]
    etudies = [(s.nom, p) for s in alentours.autres if s.nom != alentours.site.nom and (p := position(s)) is not None]
    des_points: list[Nom] = []
    for genre, objets in (
        ("creches", couches.get("creches", ())),
        ("arrets", couches.get("arrets", ())),
        ("etudie", etudies),
        ("lieu", ((alentours.site.nom, lieu),)),
    ):
        signes, noms = dessin.points(fond, genre, objets)
        corps, des_points = [*corps, *signes], [*noms, *des_points]
    corps += [fond.nommer(*nom) for nom in (*des_points, *des_aires)]
    tus = fond.tus
    corps += dessin.habitants(fond, carres)
    vus = {c.genre for c in alentours.couches if any(f.intersects(fond.cadre) for _, f in c.objets)}
    vus |= {"etudie"} if any(p.within(fond.cadre) for _, p in etudies) else set()
    svg = dessin.feuille(fond, corps, _cle(alentours, carres, vus))
    texte = f"Carte de {alentours.site.nom} et de ses alentours, échelle 1:{formater_nombre(fond.echelle)}"
    remede = _A_DONNER if len(alentours.couches) < len(GENRES) else ""
    return Carte(svg, texte, _source(alentours), _absents(alentours, tus), remede)


def distances(alentours: Alentours) -> Table:
    """Nearest things of each layer, and nearest other places studied, as the crow flies."""
    lieu, lignes = alentours.lieu, list[Rang]()
    if lieu is not None:
        for couche in alentours.couches:
            for nom, metres in couche.proches(lieu, 1 if couche.genre == "communes" else _PROCHES):
                dit = cases.nombre(0.0, unite="m").dite("le lieu s'y trouve") if metres == 0 else _distance(metres)
                lignes.append((couche.libelle.capitalize(), nom, dit))
        autres = [
            (s.nom, p) for s in alentours.autres if s.nom != alentours.site.nom and (p := position(s)) is not None
        ]
        proches = sorted((float(lieu.distance(p)), nom) for nom, p in autres)[:_PROCHES]
        lignes += [("Autre lieu étudié", nom, _distance(metres)) for metres, nom in proches]
    note = "À vol d'oiseau, depuis le contour du bâtiment s'il est placé sur le terrain, sinon depuis la position de la fiche."
    return Table("Ce qui est autour", ("Quoi", "Nom", "Distance"), tuple(lignes), note=note, cles=2)


def _distance(metres: float) -> Case:
    lue = cases.nombre(metres, unite="m")
    return lue.unitee() if metres < 1000 else lue.dite(f"{formater_nombre(metres / 1000, 1)}\u00a0km")


def _carre(alentours: Alentours, nom: str) -> Carre:
    """Square of the grid; that of the site is told by its sheet when it says, as the law reads it."""
    habitants = alentours.carreaux.habitants.get(nom)
    fiche = alentours.site.carreau
    if fiche is not None and fiche.identifiant == nom:
        habitants = fiche.habitants.valeur
    return Carre(nom, habitants, habitants is not None and habitants >= alentours.seuil_dense)


def _du_plan(fond: Fond, alentours: Alentours) -> list[str]:
    """Outline, tracks, platforms and parks of a plan that is placed."""
    place = alentours.place
    corps, _ = dessin.aires(fond, "parcs", [("", f) for f in place.get("parc", ())])
    corps += dessin.voies(fond, [("", f) for f in place.get("voie", ())])
    for nature, paint in (("quai", "#CFCFCF"), ("batiment", "#3A3A3A")):
        corps += [
            f'<path d="{fond.chemin(f)}" fill="{paint}" stroke="#1a1a1a" stroke-width=".2"/>'
            for f in place.get(nature, ())
        ]
    return corps


def _cle(alentours: Alentours, carres: Sequence[tuple[Carre, BaseGeometry]], vus: set[str]) -> list[tuple[str, str]]:
    """Key of what the frame shows."""

    def point(genre: str) -> str:
        s = SIGNES[genre]
        return (
            f'<path d="{s.chemin}" fill="{"white" if s.creux else s.couleur}" stroke="{s.couleur}" stroke-width=".5"/>'
        )

    def carre(paint: str, tirets: str = "") -> str:
        return f'<rect x="-2.6" y="-1.7" width="5.2" height="3.4" fill="{paint}" stroke="#8a8a8a" stroke-width=".25"{tirets}/>'

    def ligne(trait: str) -> str:
        return f'<path d="M-2.6 0h5.2" stroke="#1a1a1a" {trait}/>'

    seuil = formater_nombre(alentours.seuil_dense)
    lus = {(c.dense, c.habitants is None) for c, _ in carres}
    tous = (
        (True, point("lieu"), "le lieu"),
        ("etudie" in vus, point("etudie"), "autre lieu étudié"),
        ("arrets" in vus, point("arrets"), GENRES["arrets"]),
        ("creches" in vus, point("creches"), GENRES["creches"]),
        ("parcs" in vus or bool(alentours.place.get("parc")), carre(SURFACES["parcs"][0]), GENRES["parcs"]),
        ("communes" in vus, ligne('stroke-width=".5" stroke-dasharray="3 1.2"'), "limite de commune"),
        (
            "voies" in vus or bool(alentours.place.get("voie")),
            ligne('stroke-width="1.6" stroke-dasharray=".35 1.6"'),
            "voie ferrée",
        ),
        ((True, False) in lus, carre("url(#dense)"), f"{seuil} hab. au km² ou plus"),
        ((False, False) in lus, carre("white"), f"moins de {seuil} hab. au km²"),
        ((False, True) in lus, carre("white", ' stroke-dasharray="1.5 1"'), "habitants inconnus (?)"),
    )
    return [(signe, nom) for montre, signe, nom in tous if montre]


def _source(alentours: Alentours) -> str:
    site, carreaux = alentours.site, alentours.carreaux
    dites = [f"habitants des carreaux de 1 km ({carreaux.millesime}) : {carreaux.source.titre}"]
    if site.position is not None:
        dites.insert(0, f"position : {site.position.source.titre}")
    if site.carreau is not None and site.carreau.habitants.base is not None:
        dites.append(f"habitants du carreau du lieu : hypothèse ({site.carreau.habitants.base})")
    dites += [f"{c.libelle} : {c.source}" for c in alentours.couches]
    return f"{' ; '.join(dites)}. Projection Lambert-93."


def _absents(alentours: Alentours, tus: int) -> str:
    """What the map does not show."""
    dites = []
    donnees = {c.genre for c in alentours.couches}
    manquent = [nom for genre, nom in GENRES.items() if genre not in donnees]
    if manquent:
        dites.append(f"Non dessinés, faute de fichier : {', '.join(manquent)}.")
    if alentours.plan is None:
        dites.append("Aucun plan du lieu : il est un point.")
    elif not alentours.place:
        dites.append(
            "Le plan du lieu est en axes locaux : son contour ne se place pas sur la carte, le lieu est un point."
        )
    laisses = math.fsum(c.laisses for c in alentours.couches)
    if laisses:
        dites.append(f"Objets laissés, sans position en France : {formater_nombre(laisses)}.")
    if tus:
        dites.append(f"Noms non écrits, faute de place : {tus} ; réduire le rayon les montre.")
    return " ".join(dites)
