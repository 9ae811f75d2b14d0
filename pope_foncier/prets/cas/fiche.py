"""Case file: what is computed and what a source printed, and one control for each value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from pope_foncier.prets.cas.calculs import CALCULS
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Fiche, Jour, Nombre, Texte, lire_fiche

Genre = Literal["publie", "construit", "bibliotheque"]


class SourceCas(Fiche):
    """Where the figures were printed."""

    titre: Texte
    url: str | None = None
    page: str | None = None


class FicheCalcul(Fiche):
    """One computation of a case."""

    calcul: Texte
    donnees: dict[str, Any]
    attendu: dict[str, Any] = Field(min_length=1)
    tolerance: Nombre = 0.005
    tolerances: dict[str, Nombre] = Field(default_factory=dict)
    """Tolerance of some paths, when it is not the common one."""


class FicheCas(Fiche):
    """Case file."""

    id: Texte
    titre: Texte
    genre: Genre
    source: SourceCas
    consulte_le: Jour | None = None
    remarque: Texte | None = None
    calculs: tuple[FicheCalcul, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Controle:
    """One value checked."""

    cas: str
    chemin: str
    attendu: Any
    obtenu: Any
    tolerance: float

    def valeurs(self) -> list[tuple[float, float, float]]:
        """Each number expected, obtained, and the gap between them."""
        deux = zip(np.atleast_1d(self.attendu), np.atleast_1d(self.obtenu), strict=True)
        return [(float(a), float(o), abs(float(o) - float(a))) for a, o in deux]


def verifier(chemin: Path) -> Iterator[Controle]:
    """Replay a case file, one control for each value expected.

    Raises:
        ErreurDonnees, ErreurCalcul: the file is not a case, or its computation is refused.
    """
    fiche = lire_fiche(FicheCas, chemin)
    for calcul in fiche.calculs:
        if calcul.calcul not in CALCULS:
            raise ErreurCalcul(f"Calcul inconnu : « {calcul.calcul} ». Choisir parmi : {', '.join(CALCULS)}.")
        lecture = CALCULS[calcul.calcul](calcul.donnees)
        for quoi, attendu in calcul.attendu.items():
            tolerance = calcul.tolerances.get(quoi, calcul.tolerance)
            yield Controle(fiche.id, quoi, attendu, lecture(quoi), tolerance)
