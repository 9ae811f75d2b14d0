"""A study in brief before its decision: build or not under the ceiling that it states, what would change the answer, what to know first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.decision.sensibilite.bascules import Bascule, Question, basculer, d_un_plafond
from pope_foncier.decision.sensibilite.decisions import Choix, Option
from pope_foncier.decision.sensibilite.savoir import Savoir, savoir
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.memoire import rendre_memoire

_TIRAGES, _POINTS, _CHERCHEES = 1_000, 5, 2
"""Draws of a page, values of each input read at first, and inputs whose thresholds are searched."""


@dataclass(frozen=True)
class EnBref:
    """Decision of a study.

    Attributes:
        question: its cost against the ceiling.
        bascules: inputs that cross the ceiling alone, the nearest first, then those that come nearest to it.
    """

    savoir: Savoir
    question: Question
    bascules: tuple[Bascule, ...]


def plafond_de(etude: Etude) -> float:
    """Most that a study says the commune accepts by place and year: threshold of its doubt, else of its property; NaN when it says none."""
    dit = None if etude.doute is None else etude.doute.seuils.contribution_par_place
    if dit is None and etude.foncier is not None:
        dit = etude.foncier.contribution_max_par_place.valeur
    return float("nan") if dit is None else float(dit)


def en_bref(dossier: Dossier, moteur: Moteur) -> EnBref | None:
    """Build or not under the ceiling of the base study; None when it states none, when nothing is in doubt, or when something is unknown."""
    plafond = plafond_de(dossier.etude)
    if np.isnan(plafond):
        return None
    option = Option(dossier.nom, replace(dossier, variantes={BASE: dossier.etude}))
    try:
        question = d_un_plafond(option, plafond, moteur)
        lues = basculer(question, _POINTS, _CHERCHEES)
        return EnBref(savoir(Choix((option,), plafond), moteur, _TIRAGES), question, _par_proximite(question, lues))
    except ErreurCalcul:
        return None
    finally:
        rendre_memoire()


def _par_proximite(question: Question, lues: list[Bascule]) -> tuple[Bascule, ...]:
    """Those that cross, as they are sorted; then the others, the nearest to the ceiling first."""
    passent = [b for b in lues if b.seuils]
    autres = [b for b in lues if not b.seuils and not np.isnan(b.au_plus_pres(question.cible))]
    return (*passent, *sorted(autres, key=lambda b: abs(b.au_plus_pres(question.cible) - question.cible)))
