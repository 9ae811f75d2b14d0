"""How the time of draws grows with their number, the horizon and the threads, where it goes, and the memory that they take."""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pope_foncier.etude.banc import (
    COMPLETE,
    GRAINE,
    Ampleur,
    lus_d_un_tirage,
    mediane,
    memoire_mo,
    ouvrir_l_etude,
    tirer,
    tirer_les_entrees,
)
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.plan_tire import PlanTire
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.etude.tirages import TAILLE_BLOC
from pope_foncier.socle import operations_de_calcul, operations_du_temps
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.mois_de_tirages import assembler, cumul_par_tranches
from pope_foncier.socle.operations import OPERATIONS, Operation
from pope_foncier.socle.programme import Etape, parcourir

COMPTES_DE_FILS = (1, 2)
_ASSEMBLER = "mois assemblés"
ARITHMETIQUE = frozenset(
    [_ASSEMBLER, *(o.cle for o in vars(operations_de_calcul).values() if isinstance(o, Operation))]
)
"""Operations that work element by element."""
_CALME = 0.25
"""Load by core above which the machine is doing something else."""


@dataclass(frozen=True, slots=True)
class Courbe:
    """Durations by number of draws, or by horizon, shape (n,) each, and the straight line that goes closest to them.

    Attributes:
        x: draws, or years.
        secondes: durations [s].
    """

    x: Tableau
    secondes: Tableau

    @property
    def droite(self) -> Tableau:
        """Durations on the line [s]."""
        pente, origine = np.polyfit(self.x, self.secondes, 1)
        return np.asarray(origine + pente * self.x)

    @property
    def ecart(self) -> float:
        """Farthest that a duration is from the line, as a share of the longest one."""
        return float(np.abs(self.secondes - self.droite).max() / self.secondes.max())

    @property
    def par_unite(self) -> Tableau:
        """Duration by draw [µs]."""
        return np.asarray(1e6 * self.secondes / self.x)


@dataclass(frozen=True, slots=True)
class PartDuTemps:
    """Share of the time of a block that one operation takes, and how many times it runs."""

    operation: str
    passages: int
    part: float


@dataclass(frozen=True, slots=True)
class Machine:
    """What ran the measures.

    Attributes:
        coeurs: cores that the process may use.
        charge: processes that wanted to run in the minute before; NaN where the system does not say.
    """

    coeurs: int
    charge: float
    systeme: str
    python: str
    numpy: str

    @classmethod
    def ici(cls) -> Machine:
        """This one, now."""
        charge = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        coeurs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return cls(coeurs, charge, platform.system(), platform.python_version(), np.__version__)

    @property
    def occupee(self) -> bool:
        """Whether it was doing something else."""
        return self.charge > _CALME * self.coeurs


@dataclass(frozen=True, slots=True)
class Courbes:
    """Curves of the benchmark.

    Attributes:
        tirages: by number of draws, one thread.
        annees: by horizon.
        tires: draws of each horizon.
        horizon: horizon of the study [years].
        fils: durations of the largest number of draws, by number of threads [s].
        memoire: peak of the memory by number of draws, the largest number of threads [MB].
        profil: where the time of a block goes, the longest first.
    """

    machine: Machine
    repetitions: int
    tirages: Courbe
    annees: Courbe
    tires: int
    horizon: float
    fils: Mapping[int, float]
    memoire: Mapping[int, float]
    profil: Sequence[PartDuTemps]

    @property
    def gain_des_fils(self) -> float:
        """How many times faster the draws go with the largest number of threads."""
        return self.fils[min(self.fils)] / self.fils[max(self.fils)]

    def profil_court(self, longues: int) -> list[PartDuTemps]:
        """The longest operations, then all the others together, without a name."""
        autres = self.profil[longues:]
        ensemble = PartDuTemps("", sum(p.passages for p in autres), sum(p.part for p in autres))
        return [*self.profil[:longues], ensemble]

    @property
    def part_de_l_arithmetique(self) -> float:
        """Share of the time of a block that operations element by element take."""
        return sum(p.part for p in self.profil if p.operation in ARITHMETIQUE)

    @property
    def gain_si_l_arithmetique_etait_gratuite(self) -> float:
        """How many times faster a block would go if those operations took no time: the most that compiling them may bring."""
        return 1.0 / (1.0 - self.part_de_l_arithmetique)


def relever(machine: Machine, ampleur: Ampleur = COMPLETE) -> Courbes:
    """Measure the curves.

    Args:
        machine: as it was before any measure.
        ampleur: how much is measured.
    """
    moteur, dossier, fois = Moteur.ouvrir(), ouvrir_l_etude(), ampleur.repetitions
    tous = tirer_les_entrees(np.random.default_rng(GRAINE), max(*ampleur.nombres, ampleur.tirages))

    def duree(nombre: int, dossier: Dossier = dossier, fils: int = 1) -> float:
        tirages = _premiers(tous, nombre)
        tirer(moteur, dossier, _premiers(tous, TAILLE_BLOC), fils)
        return mediane(lambda: tirer(moteur, dossier, tirages, fils), fois)

    return Courbes(
        machine,
        fois,
        _courbe(ampleur.nombres, [duree(n) for n in ampleur.nombres]),
        _courbe(ampleur.annees, [duree(ampleur.tirages, _a_l_horizon(dossier, a)) for a in ampleur.annees]),
        ampleur.tirages,
        dossier.etude.horizon_mois / 12,
        {fils: duree(max(ampleur.nombres), fils=fils) for fils in COMPTES_DE_FILS},
        {n: memoire_mo(n, max(COMPTES_DE_FILS)) for n in ampleur.nombres},
        profil(moteur, dossier, _premiers(tous, TAILLE_BLOC), 10 * fois),
    )


def _courbe(x: Sequence[int], secondes: Sequence[float]) -> Courbe:
    return Courbe(np.array(x, float), np.array(secondes))


def _premiers(tirages: Mapping[str, Tableau], nombre: int) -> dict[str, Tableau]:
    return {champ: v[:nombre] for champ, v in tirages.items()}


def _a_l_horizon(dossier: Dossier, annees: int) -> Dossier:
    """Study read on another number of years."""
    etude = varier(dossier, "banc", {"horizon_mois": 12 * annees})
    return replace(dossier, etude=etude, variantes={BASE: etude})


def profil(moteur: Moteur, dossier: Dossier, tirages: Mapping[str, Tableau], fois: int) -> list[PartDuTemps]:
    """Where the time of one block of draws goes, by operation, the longest first."""
    ctx = moteur.contexte_tire(dossier, tirages)
    reprise, _ = moteur.reprise(ctx)
    plan = PlanTire(reprise.ouverte, {}, ctx.tirages, reprise.ouverte.lire(lus_d_un_tirage))
    noms = {calcul: o.cle for o in OPERATIONS.values() for calcul in (o.valeur, o.ensemble) if calcul is not None}
    noms |= {assembler: _ASSEMBLER, cumul_par_tranches: operations_du_temps.CUMUL.cle}
    passages = Counter(_operation(etape, noms) for etape in plan.debut)
    durees: dict[str, float] = dict.fromkeys(passages, 0.0)
    for _ in range(fois):
        valeurs = plan.programme.valeurs()
        for champ, rang in plan.entrees.items():
            valeurs[rang] = reprise.ouverte.tirer(champ, ctx.tirages[champ])
        for etape in plan.debut:
            debut = time.perf_counter()
            parcourir((etape,), valeurs)
            durees[_operation(etape, noms)] += time.perf_counter() - debut
    total = sum(durees.values())
    longues = sorted(durees, key=lambda cle: -durees[cle])
    return [PartDuTemps(cle, passages[cle], durees[cle] / total) for cle in longues]


def _operation(etape: Etape, noms: Mapping[Callable[..., Any], str]) -> str:
    """Name of the operation of a step, or of the function that stands for it over draws."""
    return noms.get(etape.pas.calcul, etape.pas.calcul.__name__.strip("_"))
