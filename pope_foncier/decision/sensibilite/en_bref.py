"""A study in brief before its decision: build or not under the ceiling that it states, what would change the answer, what to know first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.decision.commune.accords import plafond_de_la_contribution, plafond_du_cout
from pope_foncier.decision.sensibilite.bascules import Bascule, Question, basculer, question_du
from pope_foncier.decision.sensibilite.decisions import CONTRIBUTION, Choix, Option
from pope_foncier.decision.sensibilite.essais import Essais
from pope_foncier.decision.sensibilite.savoir import Inconnue, Savoir, savoir
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
        question: what decides: its cost or its contribution against the ceiling, or what it leaves to find.
        contribution: contribution of the study by place in the cruising year, when the ceiling bears on it [€/place/year]; NaN otherwise.
        bascules: inputs that change the answer alone, the nearest first, then those that come nearest to it.
    """

    savoir: Savoir
    question: Question
    contribution: float
    bascules: tuple[Bascule, ...]

    @property
    def inconnues(self) -> tuple[Inconnue, ...]:
        """Unknowns whose worth stands out of the draws; then the others, what moves most first."""
        comptent = self.savoir.qui_comptent
        rangs = {b.cle: rang for rang, b in enumerate(self.bascules)}
        autres = [x for x in self.savoir.inconnues if x not in comptent]
        return (*comptent, *sorted(autres, key=lambda x: rangs.get(x.cle, len(rangs))))


def choix_par_defaut(option: Option) -> Choix | None:
    """Build a study or not under the ceiling that it states: of its whole cost when it names one, else of the contribution; None when it states none."""
    etude = option.dossier.etude
    cout, contribution = plafond_du_cout(etude), plafond_de_la_contribution(etude)
    if cout.est_dit:
        return Choix((option,), plafond=cout.valeur)
    return Choix((option,), contribution=contribution.valeur) if contribution.est_dit else None


def en_bref(dossier: Dossier, moteur: Moteur) -> EnBref | None:
    """Build or not under the ceiling of the base study; None when it states none, when nothing is in doubt, or when something is unknown.

    Made once for who asks of the same study again.
    """
    seule = replace(dossier, variantes={BASE: dossier.etude})
    return moteur.une_fois("en bref", seule, lambda: _en_bref(seule, moteur), _TIRAGES)


def _en_bref(dossier: Dossier, moteur: Moteur) -> EnBref | None:
    choix = choix_par_defaut(Option(dossier.nom, dossier))
    if choix is None:
        return None
    try:
        question = question_du(choix, moteur)
        lues = basculer(question, _POINTS, _CHERCHEES)
        contribution = float("nan")
        if choix.lit == CONTRIBUTION:
            contribution = Essais(choix.options[0].dossier, moteur, (CONTRIBUTION,)).centraux[CONTRIBUTION]
        return EnBref(savoir(choix, moteur, _TIRAGES), question, contribution, _par_proximite(question, lues))
    except ErreurCalcul:
        return None
    finally:
        rendre_memoire()


def _par_proximite(question: Question, lues: list[Bascule]) -> tuple[Bascule, ...]:
    """Those that cross, as they are sorted; then the others, the nearest to the ceiling first."""
    passent = [b for b in lues if b.seuils]
    autres = [b for b in lues if not b.seuils and not np.isnan(b.au_plus_pres(question.cible))]
    return (*passent, *sorted(autres, key=lambda b: abs(b.au_plus_pres(question.cible) - question.cible)))
