"""Run of a sweep: what is finished is kept, the rest computed and written part by part, then all is joined."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pope_foncier.decision.balayage.depot import Depot
from pope_foncier.decision.balayage.empreintes import programme
from pope_foncier.decision.balayage.executeurs import Executeur
from pope_foncier.decision.balayage.morceaux import Morceau, PlanDeBalayage
from pope_foncier.decision.balayage.projection import Mesure, Projection, choisir, projeter

Suivre = Callable[[int, int], None]
"""What is told of the advance: parts finished, parts in all."""


@dataclass(frozen=True)
class Etat:
    """What a folder holds of a plan before anything is computed.

    Attributes:
        finis: ranks of its finished parts.
        abimes: files of its parts that cannot be read, computed again.
        etrangers: files of parts of another plan, of other data or of another version, left aside.
    """

    morceaux: tuple[Morceau, ...]
    finis: frozenset[int]
    abimes: tuple[Path, ...]
    etrangers: int

    @property
    def restants(self) -> list[Morceau]:
        """Parts to compute."""
        return [m for m in self.morceaux if m.rang not in self.finis]


@dataclass(frozen=True)
class Bilan:
    """Run that is finished.

    Attributes:
        table: result as an Arrow table.
        calcules: parts computed by this run.
        gardes: parts found finished.
        secondes: time of the run [s].
    """

    table: Any
    fichier: Path
    calcules: int
    gardes: int
    secondes: float


def etat(plan: PlanDeBalayage, depot: Depot) -> Etat:
    """What a folder holds of a plan."""
    morceaux = plan.morceaux(programme())
    finis, abimes = depot.finis(morceaux)
    return Etat(morceaux, frozenset(finis), tuple(abimes), len(depot.presents()) - len(finis) - len(abimes))


def derouler(
    plan: PlanDeBalayage, depot: Depot, executeur: Executeur, trouve: Etat, suivre: Suivre = lambda faits, tous: None
) -> Bilan:
    """Compute what remains of a sweep, and join all its parts.

    Raises:
        ErreurPope: a machine has another version, a cluster does not answer, or the folder cannot be written; what is finished stays.
    """
    debut, restants = time.perf_counter(), trouve.restants
    _calculer(plan, depot, executeur, restants, len(trouve.finis), len(trouve.morceaux), suivre)
    table = depot.reunir(plan, trouve.morceaux)
    return Bilan(table, depot.table, len(restants), len(trouve.finis), time.perf_counter() - debut)


def mesurer(
    plan: PlanDeBalayage,
    depot: Depot,
    executeur: Executeur,
    trouve: Etat,
    nombre: int,
    suivre: Suivre = lambda faits, tous: None,
) -> Projection:
    """Compute some parts, spread over those that remain, and say the whole by extrapolation; they are kept as finished."""
    essayes = choisir(trouve.restants, nombre)
    debut = time.perf_counter()
    mesures = _calculer(plan, depot, executeur, essayes, 0, len(essayes), suivre)
    return projeter(plan, trouve.restants, mesures, executeur.ouvriers, time.perf_counter() - debut)


def _calculer(
    plan: PlanDeBalayage,
    depot: Depot,
    executeur: Executeur,
    morceaux: Sequence[Morceau],
    deja: int,
    tous: int,
    suivre: Suivre,
) -> list[Mesure]:
    """Compute parts and write each as it comes."""
    mesures = []
    suivre(deja, tous)
    for fait in executeur.executer(morceaux):
        depot.garder(fait, plan)
        mesures.append(Mesure(fait.rang, len(fait.lignes), fait.secondes, fait.secondes_de_calcul))
        suivre(deja + len(mesures), tous)
    return mesures
