"""INSEE 1 km square: the one that holds a point, its density at the filing date, and how near its edge is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.lieu.geometrie import LAEA_EUROPE, projeter
from pope_foncier.lieu.site import Site
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Fiche, Positif, Texte, lire_fiche
from pope_foncier.socle.nombres import formater_nombre

COTE_M = 1_000
"""Side of a square [m]; the names of the INSEE grid are built on it."""


class Carreaux(Fiche):
    """Extract of a vintage of the INSEE grid: inhabitants by square."""

    millesime: Texte
    licence: Texte
    source: Reference
    note: Texte
    habitants: dict[str, Positif]


@dataclass(frozen=True, slots=True)
class CarreauTrouve:
    """Square that holds a point, and the distance from the point to the nearest edge [m]."""

    identifiant: str
    bord_m: float


@dataclass(frozen=True, slots=True)
class Densite:
    """Density reading of a site: the commune's density never stands in for the square's."""

    lecture: Literal["tres_dense", "ordinaire", "inconnue"]
    identifiant: str
    habitants_km2: float
    """Inhabitants of the square of 1 km², NaN when unknown."""
    bord_m: float
    """Distance to the nearest edge [m], NaN without a position."""
    millesime: str
    source: str
    mention: str
    """French sentence for the user."""

    @property
    def dense(self) -> bool | None:
        """Very dense zone, or None when unknown."""
        return {"tres_dense": True, "ordinaire": False, "inconnue": None}[self.lecture]

    def lue(self, dense: bool | None) -> Densite:
        """Same square under the reading that a study chooses, said after what the square counts; unchanged without one."""
        if dense is None:
            return self
        lecture: Literal["tres_dense", "ordinaire"] = "tres_dense" if dense else "ordinaire"
        zone = "très dense" if dense else "ordinaire"
        return replace(
            self, lecture=lecture, mention=f"{self.mention} ; lu ici comme une zone {zone}, choix de l'étude"
        )


def carreau_du_point(longitude: float, latitude: float) -> CarreauTrouve:
    """Square of the INSEE 1 km grid (EPSG:3035) that holds a point in degrees (WGS84)."""
    from shapely.geometry import Point

    point = projeter(Point(longitude, latitude), arrivee=LAEA_EUROPE)
    est, nord = (math.floor(v / COTE_M) * COTE_M for v in (point.x, point.y))
    dx, dy = point.x - est, point.y - nord
    return CarreauTrouve(f"CRS3035RES{COTE_M}mN{nord}E{est}", min(dx, dy, COTE_M - dx, COTE_M - dy))


def lire_carreaux(chemin: Path | None = None) -> Carreaux:
    """Read the extract shipped with the project."""
    return lire_fiche(Carreaux, chemin or dossier_donnees() / "territoires" / "carreaux_1km.yaml")


def densite_du_site(site: Site, catalogue: Catalogue, jour: date, carreaux: Carreaux | None = None) -> Densite:
    """Density of a site at the filing date: its own square if the sheet gives it, else the extract at its position.

    Raises:
        ErreurDonnees: the square of the sheet is not the one that holds its position.
    """
    seuil = float(exiger(catalogue.a_la_date("referentiel.locaux.seuil_densite", jour)).valeur)
    trouve = carreau_du_point(site.position.longitude, site.position.latitude) if site.position else None
    bord = trouve.bord_m if trouve else math.nan
    if site.carreau is not None:
        if trouve is not None and trouve.identifiant != site.carreau.identifiant:
            raise ErreurDonnees([_desaccord(site, trouve)])
        donnee = site.carreau.habitants
        habitants = math.nan if donnee.valeur is None else donnee.valeur
        source = donnee.source.titre if donnee.source else (donnee.base or "")
        return _lire(site.carreau.identifiant, habitants, bord, site.carreau.millesime, source, seuil)
    if trouve is None:
        return _lire("", math.nan, math.nan, "", "", seuil)
    extrait = carreaux or lire_carreaux()
    habitants = extrait.habitants.get(trouve.identifiant, math.nan)
    return _lire(trouve.identifiant, habitants, bord, extrait.millesime, extrait.source.titre, seuil)


def _desaccord(site: Site, trouve: CarreauTrouve) -> Probleme:
    assert site.carreau is not None
    return Probleme(
        f"site « {site.nom} »",
        None,
        "carreau.identifiant",
        f"le carreau {site.carreau.identifiant} ne contient pas la position du site, qui est dans {trouve.identifiant} "
        f"à {formater_nombre(trouve.bord_m)} m de son bord.",
        "corriger la position ou le carreau : l'adresse décide.",
    )


def _lire(identifiant: str, habitants: float, bord: float, millesime: str, source: str, seuil: float) -> Densite:
    a_demander = "à lire sur le géoportail ou le site « statistiques locales » de l'Insee au jour du dépôt"
    if math.isnan(habitants):
        ou = f"carreau {identifiant} : habitants inconnus" if identifiant else "ni position ni carreau"
        mention = f"{ou}, {a_demander} ; la densité de la commune ne le remplace pas"
        return Densite("inconnue", identifiant, habitants, bord, millesime, source, mention)
    lecture: Literal["tres_dense", "ordinaire"] = "tres_dense" if habitants >= seuil else "ordinaire"
    zone = "zone très dense" if lecture == "tres_dense" else "zone ordinaire"
    mention = f"{formater_nombre(habitants)} habitants dans le carreau de 1 km ({millesime}), seuil {formater_nombre(seuil)} : {zone}"
    if not math.isnan(bord):
        mention += f" ; bord du carreau à {formater_nombre(bord)} m"
    return Densite(
        lecture, identifiant, habitants, bord, millesime, source, f"{mention} ; à relire au jour du dépôt du dossier"
    )
