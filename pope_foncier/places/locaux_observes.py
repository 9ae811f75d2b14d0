"""Published premises: observed places and areas beside the parametric programme, the comfort answer and the legal maximum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.modele.donnee import Reference
from pope_foncier.places.programme_type import ProgrammeType, contrainte_de_confort, lire_programme_type
from pope_foncier.places.regles_locaux import OffreSite, ReglesLocaux, contraintes_du_droit, lire_regles
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Entier, Fiche, Positif, Texte, lire_fiche
from pope_foncier.socle.solveur import resoudre


class LocalObserve(Fiche):
    """Published place: what the source prints, as ranges."""

    id: Texte
    nom: Texte
    annee: Entier | None = None
    operation: Literal["neuf", "reemploi", "amenagement"]
    places: tuple[Entier, Entier]
    surface_m2: tuple[Positif, Positif]
    plancher_m2: Positif | None = None
    """Gross floor area when the source gives it beside a usable one."""
    nature: Literal["plancher", "utile", "non_dit"]
    cour_m2: Positif | None = None
    site: Texte | None = None
    """Site sheet of the project that describes the same place."""
    fiabilite: Fiabilite
    source: Reference

    @property
    def m2_par_place(self) -> float:
        """Published area by place, both at the middle of their ranges [m²/place]."""
        return sum(self.surface_m2) / sum(self.places)


class LocauxObserves(Fiche):
    """File of published places."""

    cas: tuple[LocalObserve, ...]


@dataclass(frozen=True, slots=True)
class AuProgramme:
    """Observed area beside the range of the parametric programme for the observed places [m²]."""

    bas: float
    haut: float
    ecart: float
    """Observed area over the nearest bound, less one; 0 inside the range."""


@dataclass(frozen=True, slots=True)
class EntreConfortEtDroit:
    """Places that the observed area gives: comfort programme and legal maximum, under one density reading."""

    dense: bool
    confort: int
    droit: int

    def encadre(self, places: tuple[int, int]) -> bool:
        """Whether all the observed places lie between the two."""
        return self.confort <= places[0] and places[1] <= self.droit


def lire_locaux_observes(chemin: Path | None = None) -> tuple[LocalObserve, ...]:
    """Read the published places."""
    return lire_fiche(LocauxObserves, chemin or dossier_donnees() / "cas" / "locaux_observes.yaml").cas


def situer(cas: LocalObserve, regles: ReglesLocaux, modele: ProgrammeType | None = None) -> AuProgramme:
    """Range of the programme: dense option with a yard and low coefficient, to ordinary zone and high coefficient."""
    modele = modele or lire_programme_type()
    k = (1.0, 1.0) if cas.nature == "utile" else (modele.coefficient_sdo_su.bas, modele.coefficient_sdo_su.haut)
    bas, haut = (
        c * (n * a + modele.fixe_m2 + modele.par_place_m2 * n)
        for c, n, a in zip(k, cas.places, (regles.par_place_dense, regles.par_place), strict=True)
    )
    petit, grand = cas.surface_m2
    ecart = grand / bas - 1 if grand < bas else petit / haut - 1 if petit > haut else 0.0
    return AuProgramme(bas, haut, ecart)


def coefficient(cas: LocalObserve, modele: ProgrammeType) -> float:
    """Gross over usable area: 1 when the area is usable already, the central ratio of the programme otherwise."""
    return 1.0 if cas.nature == "utile" else modele.coefficient_sdo_su.central


def encadrer(cas: LocalObserve, regles: ReglesLocaux, modele: ProgrammeType | None = None) -> list[EntreConfortEtDroit]:
    """Comfort and legal places for the mean observed area, in an ordinary and in a very dense zone.

    Stated inputs: today's law; all the usable area counted as child area for the legal maximum; the yard unpublished, so
    that no yard counts in a dense zone and the outdoor rule is taken as met elsewhere.
    """
    modele = modele or lire_programme_type()
    k, surface = coefficient(cas, modele), np.array([sum(cas.surface_m2) / 2])
    resultats = []
    for dense in (False, True):
        zone = np.array([float(dense)])
        compte = np.array([cas.cour_m2 or 0.0])
        offre = OffreSite(surface / k, np.array([np.inf]), compte, zone, np.array([1.0]))
        droit = resoudre(contraintes_du_droit(regles, offre), regles.seuils)
        voulu = contrainte_de_confort(regles, zone, compte, surface, coefficient=k, modele=modele)
        confort = resoudre([voulu], regles.seuils)
        resultats.append(EntreConfortEtDroit(dense, int(confort.places[0]), int(droit.places[0])))
    return resultats


def regles_du_jour(catalogue: Catalogue, jour: date) -> ReglesLocaux:
    """Rules of a collective crèche at a date."""
    return lire_regles(catalogue, "multi_accueil", jour)
