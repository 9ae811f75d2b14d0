"""Rooms: functions, programme of rooms, and the child area that counts in three readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pope_foncier.lieu.geometrie import largeur_utile_m, lineaire_de_jour_m, partie_large, surface_m2
from pope_foncier.lieu.plan import ElementTrace, PlanTrace
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Entier, Fiche, Positif, Texte, faute, lire_fiche

Compte = Literal["strict", "usuel", "large", "non_compte"]
Jour = Literal["exige", "facultatif", "sans_objet"]
LECTURES: tuple[Compte, ...] = ("strict", "usuel", "large")
"""Readings of what counts, each holding the one before."""


class Fonction(Fiche):
    """Function of a room: whether it counts as child area, and whether daylight is due."""

    libelle: Texte
    compte: Compte
    jour: Jour

    @property
    def enfants(self) -> bool:
        """Whether children use the room."""
        return self.compte != "non_compte"


class Fonctions(Fiche):
    """All the functions, by identifier."""

    sources: dict[str, Reference]
    fonctions: dict[str, Fonction]


class Local(Fiche):
    """Room of a programme or of a plan."""

    nom: Texte
    fonction: Texte
    surface_m2: Positif
    """Area of one room [m²]."""
    nombre: Entier = 1
    secteur: Texte | None = None
    niveau: int = 0
    hauteur_m: Positif | None = None
    largeur_m: Positif | None = None
    """Usable width; None when unknown."""
    surface_large_m2: Positif | None = None
    """Part where the width of a counted passage is free; None when unknown."""
    jour_m: Positif | None = None
    """Façade length that can take daylight; None when unknown."""

    @property
    def total_m2(self) -> float:
        """Area of all the rooms of the line [m²]."""
        return self.surface_m2 * self.nombre


def surface_utile(locaux: Sequence[Local]) -> float:
    """Usable area of some rooms [m²]."""
    return sum(x.total_m2 for x in locaux)


class ProgrammeLocaux(Fiche):
    """Programme of rooms as a data sheet: published, surveyed, estimated or wanted."""

    titre: Texte
    statut: Literal["publie", "releve", "estimation", "souhait"]
    base: Texte | None = None
    source: Reference | None = None
    places: Entier | None = None
    totaux_publies: dict[str, Positif] = Field(default_factory=dict)
    """Totals by sector as the document prints them, to compare with the sum of the rooms."""
    locaux: tuple[Local, ...] = Field(min_length=1)

    @property
    def utile_m2(self) -> float:
        """Usable area of all the rooms [m²]."""
        return surface_utile(self.locaux)

    @model_validator(mode="after")
    def _provenance(self) -> ProgrammeLocaux:
        if self.source is None and self.base is None:
            raise faute("un programme sans « source » ni « base ».", "dire d'où viennent ces locaux.")
        return self


@dataclass(frozen=True, slots=True)
class SurfacesComptees:
    """Areas of a set of rooms [m²]."""

    utile: float
    comptees: dict[str, float]
    """Child area by reading: strict, usuel, large."""
    a_verifier: tuple[str, ...]
    """Rooms whose width is unknown, counted in the broad reading all the same."""


@lru_cache(maxsize=4)
def lire_fonctions(chemin: Path | None = None) -> dict[str, Fonction]:
    """Read the functions of the project."""
    return lire_fiche(Fonctions, chemin or dossier_donnees() / "locaux" / "fonctions.yaml").fonctions


def lire_programme(chemin: Path) -> ProgrammeLocaux:
    """Read a programme of rooms.

    Raises:
        ErreurDonnees: all the faults of the file, unknown functions included.
    """
    programme = lire_fiche(ProgrammeLocaux, chemin)
    verifier_fonctions(programme.locaux, chemin_court(chemin), "locaux")
    return programme


def verifier_fonctions(locaux: tuple[Local, ...] | list[Local], fichier: str, champ: str) -> None:
    """Refuse functions that the list does not have, all at once."""
    fonctions = lire_fonctions()
    problemes = [
        Probleme(
            fichier,
            None,
            f"{champ}[{rang}].fonction",
            f"« {local.nom} » : fonction « {local.fonction} » inconnue.",
            f"choisir parmi : {', '.join(fonctions)}.",
        )
        for rang, local in enumerate(locaux, 1)
        if local.fonction not in fonctions
    ]
    if problemes:
        raise ErreurDonnees(problemes)


def locaux_du_plan(plan: PlanTrace, largeur_couloir_m: float) -> tuple[Local, ...]:
    """Rooms of a plan, measured: area, usable width, part wide enough to count, façade that can take daylight."""
    from shapely import union_all

    def jour_m(piece: ElementTrace) -> float | None:
        contour = union_all([b.forme for b in plan.batiments_du_niveau(piece.element.niveau)])
        return None if contour.is_empty else lineaire_de_jour_m(piece.forme, contour, aveugles)

    aveugles = plan.formes("facade_aveugle")
    locaux = [
        Local(
            nom=piece.nom,
            fonction=piece.element.fonction or "",
            surface_m2=surface_m2(piece.forme),
            niveau=piece.element.niveau,
            hauteur_m=piece.element.hauteur_m,
            largeur_m=largeur_utile_m(piece.forme),
            surface_large_m2=partie_large(piece.forme, largeur_couloir_m).area,
            jour_m=jour_m(piece),
        )
        for piece in plan.de_nature("piece")
    ]
    verifier_fonctions(locaux, plan.fiche.titre, "pièces")
    return tuple(locaux)


def compter(
    locaux: tuple[Local, ...] | list[Local], couloir_largeur_m: float, couloir_surface_m2: float
) -> SurfacesComptees:
    """Child area of rooms in the three readings; nothing below ground counts, a passage counts for its wide part only."""
    fonctions = lire_fonctions()
    comptees: dict[str, float] = dict.fromkeys(LECTURES, 0.0)
    a_verifier = []
    for local in locaux:
        fonction = fonctions[local.fonction]
        if not fonction.enfants or local.niveau < 0:
            continue
        surface = local.surface_m2
        if fonction.compte == "large":
            if local.surface_large_m2 is not None:
                surface = local.surface_large_m2
            elif local.largeur_m is None:
                a_verifier.append(local.nom)
            elif local.largeur_m < couloir_largeur_m - 1e-6:
                surface = 0.0
            surface = surface if surface >= couloir_surface_m2 - 1e-9 else 0.0
        for lecture in LECTURES[LECTURES.index(fonction.compte) :]:
            comptees[lecture] += surface * local.nombre
    return SurfacesComptees(sum(x.total_m2 for x in locaux), comptees, tuple(dict.fromkeys(a_verifier)))


def lits(locaux: tuple[Local, ...] | list[Local], premier_lit_m2: float, lit_suivant_m2: float) -> int:
    """Beds that the sleeping rooms above ground can hold, room by room."""
    total = 0
    for local in locaux:
        if local.fonction == "sommeil" and local.niveau >= 0 and local.surface_m2 >= premier_lit_m2 - 1e-9:
            total += local.nombre * (1 + int((local.surface_m2 - premier_lit_m2) / lit_suivant_m2 + 1e-9))
    return total
