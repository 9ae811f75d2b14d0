"""What each value of the law to look at again weighs on some studies: one realistic step of it, in euros asked of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.baremes.modele import Bareme
from pope_foncier.baremes.veille import AVeiller
from pope_foncier.etude.deplacements import lire_portees
from pope_foncier.etude.effort import demande, vue_connue
from pope_foncier.etude.pentes import Effet, effets
from pope_foncier.etude.resultats import Vue, entrees
from pope_foncier.socle.nombres import formater, pourcent
from pope_foncier.socle.pentes import Sortie

_UN_EURO = 1.0
"""Less than it, over a whole study, is rounding."""
PAR_PALIERS = "par paliers"
SANS_EFFET = "aucun effet"
NON_PESE = "non pesé"


@dataclass(frozen=True, slots=True)
class Veille:
    """Value to look at again with its weight.

    Attributes:
        pas: the step, in French.
        poids: what the step moves of what is asked of others, in the study where it moves most [€]; NaN when it is not known.
        etude: title of that study, else of the first that reads it; nothing when none does.
        sans_poids: why it has none, in French.
    """

    chose: AVeiller
    pas: str = ""
    poids: float = np.nan
    etude: str = ""
    sans_poids: str = ""


@dataclass(frozen=True, slots=True)
class _Lecture:
    """What a study reads of the law: the paths, and the effect of those that have one."""

    titre: str
    chemins: frozenset[str]
    effets: dict[str, Effet]


def peser_la_veille(choses: Sequence[AVeiller], baremes: Sequence[Bareme], vues: Iterable[Vue]) -> list[Veille]:
    """Weights of some values, the heaviest first, then those read without a weight, then those that no study reads.

    Args:
        baremes: scale of each value.
        vues: scenario of each study; its plan is closed.
    """
    lectures = [_lecture(vue) for vue in vues]
    pesees = [_peser(chose, bareme, lectures) for chose, bareme in zip(choses, baremes, strict=True)]
    return sorted(pesees, key=_rang)


def _rang(veille: Veille) -> tuple[bool, float, bool]:
    return not veille.etude, 0.0 if np.isnan(veille.poids) else -veille.poids, veille.sans_poids == SANS_EFFET


def _lecture(vue: Vue) -> _Lecture:
    titre = vue.ev.ctx.etude.titre
    lus = frozenset(o.reference for _, o in entrees(vue.bouclee))
    connue = None if vue.aucune_place else vue_connue(vue)
    if connue is None:
        return _Lecture(titre, lus, {})
    ev = connue.bouclee.ev
    poses = effets(ev, [Sortie(demande(ev), np.ones(1))], connue.rang)[0]
    return _Lecture(titre, lus, {e.champ: e for e in poses if e.genre == "bareme"})


def _peser(chose: AVeiller, bareme: Bareme, lectures: Sequence[_Lecture]) -> Veille:
    lisent = [x for x in lectures if bareme.chemin in x.chemins]
    if not lisent:
        return Veille(chose)
    part, pas = _pas(bareme)
    trouves = [(x.effets[bareme.chemin], x.titre) for x in lisent if bareme.chemin in x.effets]
    pesees = [(abs(e.un_pour_cent) * 100.0 * part, t) for e, t in trouves if e.unite == bareme.unite]
    poids, titre = max(pesees, default=(0.0, ""))
    if poids >= _UN_EURO:
        return Veille(chose, pas, poids, titre)
    return Veille(chose, etude=lisent[0].titre, sans_poids=_sans_poids(chose, bareme, [e for e, _ in trouves], lisent))


def _sans_poids(chose: AVeiller, bareme: Bareme, trouves: Sequence[Effet], lisent: Sequence[_Lecture]) -> str:
    """Why a value that studies read has no weight: its slot is empty, another number stands for it, it acts by steps, or it moves nothing."""
    derniere = bareme.valeurs[-1].valeur
    connue = float(derniere) if isinstance(derniere, int | float) else np.nan
    autre = any((e.unite != bareme.unite and e.un_pour_cent) or np.abs(e.valeur - connue) > 0.0 for e in trouves)
    if chose.valeur.valeur is None or autre or not any(x.effets for x in lisent):
        return NON_PESE
    return PAR_PALIERS if any(e.par_marches for e in trouves) else SANS_EFFET


def _pas(bareme: Bareme) -> tuple[float, str]:
    """Realistic step of a scale, as a share of its last value: its last change, else a stated share."""
    publiees = [float(v.valeur) for v in bareme.valeurs if isinstance(v.valeur, int | float)]
    derniere = publiees[-1] if publiees else 0.0
    autres = [v for v in publiees if v != derniere]
    if not autres or not derniere:
        part = lire_portees().part_pesee
        return part, f"{pourcent(part)} en plus ou en moins"
    avant = autres[-1]
    return abs(derniere / avant - 1.0), f"comme de {formater(avant, bareme.unite)} à {formater(derniere, bareme.unite)}"
