"""How long the whole would take, from some parts: an extrapolation, never without its basis.

Parts differ by what they try (an impossible montage costs almost nothing), so those measured are drawn at random among the ones that
remain, under a fixed seed, and the spread between them says how sure the whole is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean, stdev

from pope_foncier.decision.balayage.morceaux import Morceau, PlanDeBalayage
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.extras import bibliotheque

CONFIANCE = 0.95
"""Share of the samples of parts whose interval holds the true mean."""
_GRAINE = 1


@dataclass(frozen=True, slots=True)
class Mesure:
    """Time of one part: on the clock, and of the processor alone [s]."""

    rang: int
    lignes: int
    secondes: float
    secondes_de_calcul: float


@dataclass(frozen=True)
class Projection:
    """Whole of a sweep by extrapolation.

    Attributes:
        mesures: parts measured.
        restants: parts that remained before the measure, those measured included.
        ouvriers: how many parts are computed at once.
        duree: time that the measure took on the clock, all workers together [s].
        tirages: draws of each combination; 0 without.
    """

    mesures: tuple[Mesure, ...]
    combinaisons: int
    morceaux: int
    restants: int
    ouvriers: int
    duree: float
    tirages: int

    @property
    def par_morceau(self) -> float:
        """Mean time of the processor for a part [s]."""
        return fmean(m.secondes_de_calcul for m in self.mesures)

    @property
    def etendue(self) -> tuple[float, float]:
        """Shortest and longest part [s of the processor]."""
        temps = [m.secondes_de_calcul for m in self.mesures]
        return min(temps), max(temps)

    @property
    def par_combinaison(self) -> float:
        """Mean time of the processor for a combination [s]."""
        return sum(m.secondes_de_calcul for m in self.mesures) / sum(m.lignes for m in self.mesures)

    @property
    def calcul_en_tout(self) -> tuple[float, float, float]:
        """Time of the processor for the parts that remain [s]: by the mean, and the two ends of its interval at 95 %."""
        ecart = self._ecart * self.restants
        milieu = self.par_morceau * self.restants
        return milieu, max(milieu - ecart, 0.0), milieu + ecart

    @property
    def duree_en_tout(self) -> tuple[float, float, float]:
        """Time on the clock for the parts that remain, with these workers and the machine as busy as it was [s]: middle and ends."""
        rythme = self.duree / len(self.mesures) / self.par_morceau if self.par_morceau else 0.0
        milieu, bas, haut = self.calcul_en_tout
        return milieu * rythme, bas * rythme, haut * rythme

    @property
    def _ecart(self) -> float:
        """Half of the interval of the mean time of a part, by Student's law; parts that are all measured leave none."""
        nombre = len(self.mesures)
        if nombre < 2 or nombre >= self.restants:
            return 0.0 if nombre >= self.restants else math.inf
        part = 1.0 - nombre / self.restants
        student = bibliotheque("scipy.stats", "decider", "La fourchette d'un essai").t.ppf(
            0.5 + CONFIANCE / 2, nombre - 1
        )
        return float(student) * stdev(m.secondes_de_calcul for m in self.mesures) * math.sqrt(part / nombre)


def choisir(restants: Sequence[Morceau], nombre: int) -> list[Morceau]:
    """Parts to measure, drawn at random among those that remain: even steps would fall on the same montages again and again.

    Raises:
        ErreurCalcul: nothing remains.
    """
    if not restants:
        raise ErreurCalcul(
            "Rien à mesurer : tous les morceaux sont finis. Donner un autre dossier (--sortie), ou relire la table."
        )
    return sorted(Random(_GRAINE).sample(list(restants), min(nombre, len(restants))), key=lambda m: m.rang)


def projeter(
    plan: PlanDeBalayage, restants: Sequence[Morceau], mesures: Sequence[Mesure], ouvriers: int, duree: float
) -> Projection:
    """Whole of a sweep from the parts measured."""
    return Projection(
        tuple(sorted(mesures, key=lambda m: m.rang)),
        plan.nombre,
        plan.nombre_de_morceaux,
        len(restants),
        ouvriers,
        duree,
        plan.tirages.nombre if plan.tirages else 0,
    )
