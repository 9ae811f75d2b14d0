"""Parametric programme: rooms deduced from a number of places; an estimate, to be edited room by room."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from pope_foncier.lieu.locaux import Local, ProgrammeLocaux
from pope_foncier.places.regles_locaux import ReglesLocaux, besoin_en_enfants
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Entier, Fiche, Positif, Texte, lire_fiche
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.solveur import PLACES_MAX, Contrainte


class Service(Fiche):
    """Service room: area by place and a fixed part [m²]."""

    fonction: Texte
    nom: Texte
    fixe_m2: Positif
    par_place_m2: Positif


class Fourchette(Fiche):
    """Low, central, high."""

    bas: Positif
    central: Positif
    haut: Positif


class ProgrammeType(Fiche):
    """Parameters of the programme."""

    base: Texte
    places_ajustees: tuple[Entier, Entier]
    lits_par_place: Positif
    lits_par_chambre: Positif
    change_m2_par_place: Positif
    coefficient_sdo_su: Fourchette
    services: tuple[Service, ...] = Field(min_length=1)

    @property
    def fixe_m2(self) -> float:
        """Fixed part of the services [m²]."""
        return sum(s.fixe_m2 for s in self.services)

    @property
    def par_place_m2(self) -> float:
        """Services by place [m²]."""
        return sum(s.par_place_m2 for s in self.services)

    def lits(self, places: int) -> int:
        """Beds for a number of places."""
        return math.ceil(places * self.lits_par_place - 1e-9)

    def chambres(self, places: int) -> int:
        """Sleeping rooms for a number of places."""
        return math.ceil(self.lits(places) / self.lits_par_chambre)

    def plancher_m2(self, utile_m2: float) -> tuple[float, float]:
        """Both ends of the gross floor area of a usable area [m²]."""
        return utile_m2 * self.coefficient_sdo_su.bas, utile_m2 * self.coefficient_sdo_su.haut

    def services_m2(self, places: Tableau) -> Tableau:
        """Area of the services [m²]."""
        return np.asarray(self.fixe_m2 + self.par_place_m2 * places)


@lru_cache(maxsize=4)
def lire_programme_type(chemin: Path | None = None) -> ProgrammeType:
    """Read the parameters of the project."""
    return lire_fiche(ProgrammeType, chemin or dossier_donnees() / "hypotheses" / "programme.yaml")


def surface_de_sommeil(regles: ReglesLocaux, places: int) -> float:
    """Least area of the sleeping rooms of a number of places, in the usual number of rooms [m²]."""
    modele = lire_programme_type()
    lits = np.array(float(places) * modele.lits_par_place)
    return float(regles.surface_sommeil(lits, np.array(modele.chambres(places))))


def programme_des_places(
    places: int, regles: ReglesLocaux, dense: bool = False, cour_m2: float = 0.0, modele: ProgrammeType | None = None
) -> ProgrammeLocaux:
    """Rooms for a number of places under the law: child area just due, services of the programme.

    Raises:
        ErreurCalcul: places out of the search, or too few for the formula (sleeping rooms would exceed the child area).
    """
    if not 1 <= places <= PLACES_MAX:
        raise ErreurCalcul(f"Programme de locaux : de 1 à {PLACES_MAX} places attendues, {places} trouvée(s).")
    modele = modele or lire_programme_type()
    cour = np.array([cour_m2 if cour_m2 >= regles.piece_min else 0.0])
    enfants = float(besoin_en_enfants(regles, np.array([float(dense)]), cour)[0, places - 1])
    lits, chambres = modele.lits(places), modele.chambres(places)
    change = modele.change_m2_par_place * places
    sommeil = float(regles.surface_sommeil(np.array(lits), np.array(chambres)))
    vie = enfants - sommeil - change
    if vie <= 0:
        combien = f"de {places} places" if places > 1 else "d'une place"
        raise ErreurCalcul(
            f"Programme {combien} : trop peu pour la formule, ajustée de {modele.places_ajustees[0]} à "
            f"{modele.places_ajustees[1]} places. Décrire les pièces dans un fichier."
        )
    locaux = [Local(nom="Éveil, repas, motricité", fonction="eveil", surface_m2=vie, secteur="enfants")]
    par_chambre, reste = divmod(lits, chambres)
    for nombre, lits_chambre in ((reste, par_chambre + 1), (chambres - reste, par_chambre)):
        if nombre:
            surface = float(regles.surface_sommeil(np.array(lits_chambre), np.array(1)))
            nom = f"Chambre de {lits_chambre} lits"
            locaux.append(Local(nom=nom, fonction="sommeil", surface_m2=surface, nombre=nombre, secteur="enfants"))
    locaux.append(Local(nom="Change, toilettes d'enfants", fonction="change", surface_m2=change, secteur="enfants"))
    locaux += [
        Local(nom=s.nom, fonction=s.fonction, surface_m2=s.fixe_m2 + s.par_place_m2 * places, secteur="services")
        for s in modele.services
    ]
    titre, statut = f"Programme de {places} places", "estimation"
    return ProgrammeLocaux(titre=titre, statut=statut, base=modele.base, places=places, locaux=tuple(locaux))


def contrainte_de_confort(
    regles: ReglesLocaux,
    dense: Tableau,
    cour_dense: Tableau,
    surface_m2: Tableau,
    surface: Literal["plancher", "utile"] = "plancher",
    coefficient: float | None = None,
    modele: ProgrammeType | None = None,
) -> Contrainte:
    """Constraint of the comfort programme: child area due plus services, as usable or gross area [m²]."""
    modele = modele or lire_programme_type()
    k = 1.0 if surface == "utile" else (coefficient or modele.coefficient_sdo_su.central)
    besoin = k * (besoin_en_enfants(regles, dense, cour_dense) + modele.services_m2(regles.candidats))
    libelle = "surface de plancher" if surface == "plancher" else "surface utile"
    return Contrainte("interieur", libelle, "m²", besoin, np.asarray(surface_m2))
