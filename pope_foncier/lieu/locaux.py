"""Rooms: functions, programme of rooms, and the child area that counts in three readings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pope_foncier.lieu.geometrie import partie_large, passage_le_plus_etroit_m, surface_m2
from pope_foncier.lieu.jour import jour_des_pieces
from pope_foncier.lieu.plan import Equipement, PlanTrace
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
    """Narrowest passage; None when unknown."""
    surface_large_m2: Positif | None = None
    """Part where the width of a counted passage is free; None when unknown."""
    jour_m: Positif | None = None
    """Façade length that can take daylight; None when unknown."""
    equipements: tuple[tuple[Equipement, Entier], ...] = ()
    """What the room holds, in numbers; empty when nobody counted."""

    @property
    def total_m2(self) -> float:
        """Area of all the rooms of the line [m²]."""
        return self.surface_m2 * self.nombre

    def compter(self, quoi: Equipement) -> int | None:
        """How many of an equipment the rooms of the line hold; None when nobody counted."""
        compte = dict(self.equipements).get(quoi)
        return None if compte is None else compte * self.nombre


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
    """Rooms of a plan, measured: area, narrowest passage, part wide enough to count, façade that can take daylight."""
    jours = _jours(plan)
    locaux = [
        Local(
            nom=piece.nom,
            fonction=piece.element.fonction or "",
            surface_m2=surface_m2(piece.forme),
            niveau=piece.element.niveau,
            hauteur_m=piece.element.hauteur_m,
            largeur_m=passage_le_plus_etroit_m(piece.forme),
            surface_large_m2=partie_large(piece.forme, largeur_couloir_m).area,
            jour_m=jours.get(id(piece)),
            equipements=tuple((piece.element.equipements or {}).items()),
        )
        for piece in plan.de_nature("piece")
    ]
    verifier_fonctions(locaux, plan.fiche.titre, "pièces")
    return tuple(locaux)


def _jours(plan: PlanTrace) -> dict[int, float]:
    """Façade length of each room that can take daylight, by the identity of its element; none where no outline is drawn."""
    from shapely import union_all

    aveugles, jours = plan.formes("facade_aveugle"), dict[int, float]()
    for niveau in sorted({p.element.niveau for p in plan.de_nature("piece")}):
        pieces = plan.de_nature("piece", niveau)
        contour = union_all([b.forme for b in plan.batiments_du_niveau(niveau)])
        pleins = [e.forme for nature in ("noyau", "ascenseur") for e in plan.de_nature(nature, niveau)]
        if not contour.is_empty:
            lus = jour_des_pieces([p.forme for p in pieces], contour, aveugles, pleins)
            jours |= {id(p): jour for p, jour in zip(pieces, lus, strict=True)}
    return jours
