"""Among plans that cost the commune the same, the one that asks least of the members: grants first, their money last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.decision.choisir.recherche_du_plan import Candidat, optimiser
from pope_foncier.decision.choisir.regles import Regles
from pope_foncier.decision.choisir.structures import FONDS, Structure
from pope_foncier.etude.moteur import Moteur
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

_EGAL = 5.0
"""Difference of present cost under which two plans cost the same [€]."""
_UTILE = 100.0
"""Own funds that it is worth sparing [€]."""


def avec_moins_de_fonds(
    moteur: Moteur, candidats: Sequence[Candidat], structures: Sequence[Structure], regles: Regles
) -> Iterator[Candidat]:
    """Plans that cost no more than the best one and ask less of the members: own funds minimised under its cost, every grant being tried first."""
    meilleur = min(candidats, key=lambda c: c.au_rang(regles), default=None)
    if meilleur is None or regles.objectif != "cout_ville" or meilleur.fonds <= _UTILE:
        return
    plafonds = {**regles.plafonds, "cout_ville": meilleur.objectif(regles) + _EGAL}
    sous = replace(regles, objectif="fonds_propres", plafonds=plafonds)
    siens = (meilleur.structure.montage, meilleur.structure.conditions, meilleur.structure.complement)
    for structure in structures:
        if (structure.montage, structure.conditions, structure.complement) != siens:
            continue
        try:
            (fait,) = optimiser(moteur, structure, sous, [meilleur.duree], (), _aides_d_abord(structure, meilleur))
        except ErreurCalcul:
            continue
        if isinstance(fait, Candidat) and fait.fonds < meilleur.fonds - _UTILE:
            yield replace(fait, sous=sous, egale=meilleur)


def _aides_d_abord(structure: Structure, meilleur: Candidat) -> Tableau:
    """Amounts to start from: those of a plan, every grant taken whole in place of own funds."""
    siens = {x.code: v for x, v in zip(meilleur.structure.leviers, meilleur.x, strict=True)}
    depart = np.array([x.haut if x.genre == "aide" else siens.get(x.code, 0.0) for x in structure.leviers])
    de_plus = sum(x.entier - siens.get(x.code, 0.0) * x.entier for x in structure.leviers if x.genre == "aide")
    rang = structure.rang(FONDS)
    if rang is not None:
        depart[rang] = max(depart[rang] - de_plus, 0.0)
    return depart
