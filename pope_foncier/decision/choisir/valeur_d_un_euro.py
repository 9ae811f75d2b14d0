"""What one more euro of each resource of a plan is worth: the dual value of the programme, beside the plan found again with more of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.decision.choisir.modele_du_plan import CONTRIBUTION, COUT_VILLE
from pope_foncier.decision.choisir.plan_arrete import PlanArrete
from pope_foncier.decision.choisir.recherche_du_plan import Candidat, avec_plafond, optimiser
from pope_foncier.decision.choisir.regles import PLAFONDS, UNITES, Plafond, Regles
from pope_foncier.decision.choisir.structures import FONDS, FONDS_PROPRES, avec_fonds_propres
from pope_foncier.etude.moteur import Moteur

_EURO, _PAR_PLACE = 1000.0, 10.0
"""Change of a resource under which the plan is found again [€, €/place/year]."""
_GRAND = 1e8
_RIEN = 1e-9


@dataclass(frozen=True, slots=True)
class ValeurDUnEuro:
    """Worth of one more unit of a resource: how much lower the objective is.

    Attributes:
        duale: by the programme around the plan, its choices held.
        retrouvee: by the plan found again with a little more (or, of a whole grant, a little less), the engine at each step; NaN when it is not found.
    """

    libelle: str
    unite: str
    duale: float
    retrouvee: float


def valeurs_d_un_euro(moteur: Moteur, plan: PlanArrete, regles: Regles) -> Iterator[ValeurDUnEuro]:
    """Worth of each resource that binds: grants taken whole, loans and own funds at their ceiling, ceilings of the city, cash."""
    candidat = plan.candidat.egale or plan.candidat
    for rang, levier in enumerate(candidat.structure.leviers):
        if levier.genre == "contribution":
            continue  # its ceiling is a rule: what is paid, not the lump
        au_plafond = candidat.x[rang] >= levier.haut - levier.pas * 1e-6 and 0.0 < levier.haut < _GRAND
        if not au_plafond:
            continue
        pas = _EURO / levier.entier
        sens = -1.0 if levier.genre == "aide" else 1.0
        autre = avec_plafond(candidat.structure, rang, levier.haut + sens * pas)
        retrouvee = sens * _gain(moteur, replace(candidat, structure=autre), candidat, regles) / (pas * levier.entier)
        yield ValeurDUnEuro(levier.libelle, "€", float(candidat.optimum.marges_hautes[rang]) / levier.entier, retrouvee)
    yield from _des_fonds_propres(moteur, candidat, regles)
    yield from _des_regles(moteur, candidat, regles)


def _des_fonds_propres(moteur: Moteur, candidat: Candidat, regles: Regles) -> Iterator[ValeurDUnEuro]:
    """Worth of own funds that nobody may bring: the plan found again with a little of them."""
    if candidat.structure.rang(FONDS) is not None or regles.plafond("fonds_propres") > 0.0:
        return
    structure = avec_fonds_propres(candidat.structure, _EURO)
    depart = np.append(candidat.x, 0.0)
    fait = optimiser(moteur, structure, regles, [candidat.duree], candidat.refusees, depart)[0]
    if not isinstance(fait, Candidat):
        return
    duale = float(fait.optimum.marges_hautes[-1])
    if duale > _RIEN:
        yield ValeurDUnEuro(FONDS_PROPRES, "€", duale, (candidat.objectif(regles) - fait.objectif(regles)) / _EURO)


def _des_regles(moteur: Moteur, candidat: Candidat, regles: Regles) -> Iterator[ValeurDUnEuro]:
    """Worth of one more euro of a ceiling of the city, and of one euro of overdraft admitted."""
    duales = {
        nom: float(
            sum(
                v
                for v, r in zip(candidat.optimum.valeurs_marginales, candidat.lineaire.regles, strict=True)
                if r == nom
            )
        )
        for nom in dict.fromkeys(candidat.lineaire.regles)
    }
    bornes: tuple[Plafond, ...] = (CONTRIBUTION, "investissement", COUT_VILLE)
    for nom in bornes:
        if duales.get(nom, 0.0) > _RIEN:
            pas = _PAR_PLACE if nom == CONTRIBUTION else _EURO
            plus = replace(regles, plafonds={**regles.plafonds, nom: regles.plafond(nom) + pas})
            yield ValeurDUnEuro(
                f"Plafond : {PLAFONDS[nom]}",
                UNITES[nom],
                duales[nom],
                _gain(moteur, candidat, candidat, regles, plus) / pas,
            )
    if duales.get("tresorerie", 0.0) > _RIEN:
        moins = replace(regles, tresorerie=regles.tresorerie - _EURO)
        yield ValeurDUnEuro(
            "Découvert admis", "€", duales["tresorerie"], _gain(moteur, candidat, candidat, regles, moins) / _EURO
        )


def _gain(moteur: Moteur, essaye: Candidat, avant: Candidat, regles: Regles, autres: Regles | None = None) -> float:
    """How much lower the objective of a structure is once it is searched again; NaN when nothing keeps the rules."""
    depart = np.minimum(avant.x, [x.haut for x in essaye.structure.leviers])
    fait = optimiser(moteur, essaye.structure, autres or regles, [avant.duree], avant.refusees, depart)[0]
    if not isinstance(fait, Candidat):
        return float("nan")
    return avant.objectif(regles) - fait.objectif(regles)
