"""What each value of the law to look at again weighs on some studies: one realistic step of it, in euros asked of others.

The value is moved in the law and the study computed anew: a table of rates, a bracket or a threshold weighs as a plain number does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.baremes.modele import Bareme
from pope_foncier.baremes.veille import AVeiller
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.deplacements import lire_portees
from pope_foncier.etude.effort import demande, vue_connue
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Vue, entrees
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import formater, pourcent

_UN_EURO = 1.0
"""Less than it, over a whole study, is rounding."""
SANS_EFFET = "aucun effet"
NON_PESE = "non pesé"
_COMPTEES = ("personnes", "enfants", "places")
"""Units that come whole."""


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


class _Lecture:
    """What a study reads of the law, and what it asks of others when a value of it is moved."""

    def __init__(self, vue: Vue) -> None:
        self.titre = vue.ev.ctx.etude.titre
        self.chemins = frozenset(o.reference for _, o in entrees(vue.bouclee))
        self._vue = None if vue.aucune_place else vue_connue(vue)
        self._demande = np.nan if self._vue is None else _demandee(self._vue.bouclee.ev, self._vue.rang)

    def change(self, bareme: Bareme, rang: int, part: float) -> float:
        """What a step up of a value of a scale changes, else a step down [€]; NaN when the study has no such figure."""
        effet = self._ecart(bareme.fois(rang, 1.0 + part))
        return effet if effet >= _UN_EURO else float(np.fmax(effet, self._ecart(bareme.fois(rang, 1.0 - part))))

    def _ecart(self, bareme: Bareme) -> float:
        if self._vue is None:
            return np.nan
        ctx = self._vue.ev.ctx
        etude = ctx.variantes[self._vue.rang if len(ctx.variantes) > 1 else 0]
        dossier = Dossier(self._vue.nom, etude, ctx.site, {BASE: etude})
        try:
            (ouverte,) = Moteur(ctx.catalogue.avec(bareme), ctx.evolutions).evaluer(dossier)
            return abs(_demandee(boucler(ouverte), 0) - self._demande)
        except ErreurPope:
            return np.nan


def _demandee(ev: Evaluation, rang: int) -> float:
    valeurs = np.ravel(demande(ev).valeur)
    return float(valeurs[rang if len(valeurs) > 1 else 0])


def peser_la_veille(choses: Sequence[AVeiller], baremes: Sequence[Bareme], vues: Iterable[Vue]) -> list[Veille]:
    """Weights of some values, the heaviest first, then those read without a weight, then those that no study reads.

    Args:
        baremes: scale of each value.
        vues: scenario of each study; its plan is closed.
    """
    lectures = [_Lecture(vue) for vue in vues]
    pesees = [_peser(chose, bareme, lectures) for chose, bareme in zip(choses, baremes, strict=True)]
    return sorted(pesees, key=_rang)


def _rang(veille: Veille) -> tuple[bool, float, bool]:
    return not veille.etude, 0.0 if np.isnan(veille.poids) else -veille.poids, veille.sans_poids == SANS_EFFET


def _peser(chose: AVeiller, bareme: Bareme, lectures: Sequence[_Lecture]) -> Veille:
    lisent = [x for x in lectures if bareme.chemin in x.chemins]
    if not lisent:
        return Veille(chose)
    if chose.valeur.valeur is None:
        return Veille(chose, etude=lisent[0].titre, sans_poids=NON_PESE)
    (part, pas), rang = _pas(bareme), bareme.valeurs.index(chose.valeur)
    pesees = [(effet, x.titre) for x in lisent if not np.isnan(effet := x.change(bareme, rang, part))]
    poids, titre = max(pesees, key=lambda p: p[0], default=(np.nan, lisent[0].titre))
    if poids >= _UN_EURO:
        return Veille(chose, pas, poids, titre)
    return Veille(chose, pas, etude=titre, sans_poids=SANS_EFFET if pesees else NON_PESE)


def _pas(bareme: Bareme) -> tuple[float, str]:
    """Realistic step of a scale, as a share of its last value: its last change, else a stated share, one at least of what comes whole."""
    publiees = [float(v.valeur) for v in bareme.valeurs if isinstance(v.valeur, int | float)]
    derniere = publiees[-1] if publiees else 0.0
    autres = [v for v in publiees if v and v != derniere]
    if autres and derniere:
        avant = autres[-1]
        dit = f"comme de {formater(avant, bareme.unite)} à {formater(derniere, bareme.unite)}"
        return abs(derniere / avant - 1.0), dit
    part = lire_portees().part_pesee
    if derniere and bareme.unite in _COMPTEES and part * derniere < 1.0:
        return 1.0 / derniere, "un de plus ou de moins"
    return part, f"{pourcent(part)} en plus ou en moins"
