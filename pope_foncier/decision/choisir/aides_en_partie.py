"""Grants that a plan takes in part: what the same plan would cost, or lack, if it took each of them whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pope_foncier.decision.choisir.plan_arrete import PlanArrete
from pope_foncier.decision.choisir.recherche_du_plan import Candidat, optimiser
from pope_foncier.decision.choisir.regles import Regles
from pope_foncier.etude.moteur import Moteur

_RIEN = 1.0
"""Amount under which a grant is none, or is whole [€]."""


@dataclass(frozen=True, slots=True)
class AideEnPartie:
    """Grant that a plan does not take whole.

    Attributes:
        montant, entier: what the plan takes, and the whole grant [€].
        de_plus: how much higher the objective is when it is taken whole; NaN when no amounts keep the rules.
        manques: what each broken rule then lacks.
    """

    libelle: str
    montant: float
    entier: float
    de_plus: float
    manques: Mapping[str, float]


def aides_en_partie(moteur: Moteur, plan: PlanArrete, regles: Regles) -> Iterator[AideEnPartie]:
    """Grants of a plan that are taken in part, the plan being searched again with each whole."""
    candidat = plan.candidat.egale or plan.candidat
    for rang, levier in enumerate(candidat.structure.leviers):
        montant = plan.montants.get(levier.code, 0.0)
        if levier.genre != "aide" or not _RIEN < montant < levier.entier - _RIEN:
            continue
        depart = candidat.x.copy()
        depart[rang] = levier.haut
        (fait,) = optimiser(
            moteur, candidat.structure, regles, [candidat.duree], candidat.refusees, depart, prises=(rang,)
        )
        if isinstance(fait, Candidat):
            de_plus = fait.objectif(regles) - candidat.objectif(regles)
            yield AideEnPartie(levier.libelle, montant, levier.entier, de_plus, {})
        else:
            yield AideEnPartie(levier.libelle, montant, levier.entier, float("nan"), fait.manques)
