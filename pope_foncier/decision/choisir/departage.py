"""Among plans that cost the commune the same, the one that asks least of the members: grants first, their money last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.decision.choisir.plan_arrete import PlanArrete, arreter
from pope_foncier.decision.choisir.recherche_du_plan import Candidat, optimiser
from pope_foncier.decision.choisir.regles import Regles
from pope_foncier.decision.choisir.structures import FONDS, Structure
from pope_foncier.etude.moteur import Moteur
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

_EGAL = 5.0
"""Difference of present cost under which two plans cost the same [€]."""
_AUX_ARRONDIS = 5.0
"""What rounded amounts may add to it [€]."""
_UTILE = 100.0
"""Own funds that it is worth sparing [€]."""


def ranger(
    moteur: Moteur, retenus: Sequence[PlanArrete], structures: Sequence[Structure], regles: Regles
) -> list[PlanArrete]:
    """Plans once computed by the engine, the best first, before it one that costs the commune no more and asks less of the members when there is one."""
    plans = list(retenus)
    if not plans or regles.objectif != "cout_ville":
        return plans
    if plans[0].cout_ville > min(p.cout_ville for p in plans if _meme_titre(p, plans[0])) + _EGAL:
        plans.sort(key=lambda p: p.cout_par_place_an)
    moindre = _avec_moins_de_fonds(moteur, plans[0], structures, regles)
    return plans if moindre is None else [moindre, *plans]


def _meme_titre(plan: PlanArrete, autre: PlanArrete) -> bool:
    return plan.structure.montage == autre.structure.montage


def _avec_moins_de_fonds(
    moteur: Moteur, plan: PlanArrete, structures: Sequence[Structure], regles: Regles
) -> PlanArrete | None:
    """Own funds minimised under the cost of a plan, every grant being tried first; None when that spares nothing."""
    if plan.montants.get(FONDS, 0.0) <= _UTILE:
        return None
    sous = replace(
        regles, objectif="fonds_propres", plafonds={**regles.plafonds, "cout_ville": plan.cout_ville + _EGAL}
    )
    sien, trouves = plan.structure, []
    for structure in structures:
        if (structure.montage, structure.conditions, structure.complement) != (
            sien.montage,
            sien.conditions,
            sien.complement,
        ):
            continue
        try:
            (fait,) = optimiser(moteur, structure, sous, [plan.candidat.duree], (), _aides_d_abord(structure, plan))
        except ErreurCalcul:
            continue
        if isinstance(fait, Candidat):
            trouves.append(arreter(moteur, replace(fait, sous=sous, egale=plan.candidat), regles))
    limite = plan.montants[FONDS] - _UTILE
    moindres = [p for p in trouves if isinstance(p, PlanArrete) and p.montants[FONDS] < limite]
    moindres = [p for p in moindres if p.cout_ville <= plan.cout_ville + _EGAL + _AUX_ARRONDIS]
    return min(moindres, key=lambda p: p.montants[FONDS], default=None)


def _aides_d_abord(structure: Structure, plan: PlanArrete) -> Tableau:
    """Amounts to start from: those of a plan, every grant taken whole in place of own funds."""
    siens = plan.montants
    depart = np.array([x.haut if x.genre == "aide" else siens.get(x.code, 0.0) for x in structure.leviers])
    de_plus = sum(x.entier - siens.get(x.code, 0.0) for x in structure.leviers if x.genre == "aide")
    rang = structure.rang(FONDS)
    if rang is not None:
        depart[rang] = max(depart[rang] - de_plus, 0.0)
    return depart
