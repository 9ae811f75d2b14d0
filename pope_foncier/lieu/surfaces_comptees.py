"""What counts of some rooms: child area in three readings, beds, and the rooms left out because a check fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pope_foncier.lieu.locaux import LECTURES, Local, lire_fonctions, surface_utile
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche
from pope_foncier.socle.nombres import formater_nombre


class EffetDUnControle(Fiche):
    """What a room check that fails changes: the room is left out, or it is told."""

    effet: Literal["ecarte", "signale"]
    suite: Texte
    source: Reference | None = None


class EffetsDesControles(Fiche):
    """All of them, by the identifier of the check."""

    controles: dict[str, EffetDUnControle]


@enregistrement
class SeuilsDeCompte:
    """Thresholds of a date that decide what counts."""

    couloir_largeur_m: float
    couloir_surface_m2: float
    hauteur_m: float


@dataclass(frozen=True, slots=True)
class SurfacesComptees:
    """Areas of a set of rooms [m²]."""

    utile: float
    comptees: dict[str, float]
    """Child area by reading: strict, usuel, large."""
    a_verifier: tuple[str, ...]
    """Rooms whose width is unknown, counted in the broad reading all the same."""
    retenus: tuple[Local, ...]
    """Rooms that no check leaves out."""
    ecartes: tuple[tuple[Local, str], ...]
    """Rooms of children left out, and why in French."""


@lru_cache(maxsize=2)
def lire_effets(chemin: Path | None = None) -> dict[str, EffetDUnControle]:
    """Read what each check changes."""
    return lire_fiche(EffetsDesControles, chemin or dossier_donnees() / "controles" / "pieces.yaml").controles


def manquements(local: Local, seuils: SeuilsDeCompte) -> dict[str, str]:
    """Checks that a room of children fails, and how in French; what is unknown fails none."""
    fonction, fautes = lire_fonctions()[local.fonction], {}
    if not fonction.enfants:
        return {}
    if local.niveau < 0:
        fautes["sous_sol"] = "en sous-sol"
    if local.hauteur_m is not None and local.hauteur_m < seuils.hauteur_m - 1e-9:
        mesure, due = (formater_nombre(h, 2) for h in (local.hauteur_m, seuils.hauteur_m))
        fautes["hauteur"] = f"hauteur libre de {mesure} m, {due} m exigés"
    if fonction.jour == "exige" and local.jour_m is not None and local.jour_m <= 0:
        fautes["jour"] = "aucune façade éclairée"
    return fautes


def compter(locaux: Sequence[Local], seuils: SeuilsDeCompte) -> SurfacesComptees:
    """Child area of rooms in the three readings; a room that fails a check is left out, a passage counts for its wide part."""
    fonctions, effets = lire_fonctions(), lire_effets()
    comptees: dict[str, float] = dict.fromkeys(LECTURES, 0.0)
    a_verifier, retenus, ecartes = [], [], []
    for local in locaux:
        fautes = [dit for code, dit in manquements(local, seuils).items() if effets[code].effet == "ecarte"]
        if fautes:
            ecartes.append((local, ", ".join(fautes)))
            continue
        retenus.append(local)
        fonction = fonctions[local.fonction]
        if not fonction.enfants:
            continue
        surface = local.surface_m2
        if fonction.compte == "large":
            if local.surface_large_m2 is not None:
                surface = local.surface_large_m2
            elif local.largeur_m is None:
                a_verifier.append(local.nom)
            elif local.largeur_m < seuils.couloir_largeur_m - 1e-6:
                surface = 0.0
            surface = surface if surface >= seuils.couloir_surface_m2 - 1e-9 else 0.0
        for lecture in LECTURES[LECTURES.index(fonction.compte) :]:
            comptees[lecture] += surface * local.nombre
    flous = tuple(dict.fromkeys(a_verifier))
    return SurfacesComptees(surface_utile(locaux), comptees, flous, tuple(retenus), tuple(ecartes))


def lits(locaux: Sequence[Local], premier_lit_m2: float, lit_suivant_m2: float) -> int:
    """Beds that sleeping rooms can hold, room by room."""
    total = 0
    for local in locaux:
        if local.fonction == "sommeil" and local.surface_m2 >= premier_lit_m2 - 1e-9:
            total += local.nombre * (1 + int((local.surface_m2 - premier_lit_m2) / lit_suivant_m2 + 1e-9))
    return total
