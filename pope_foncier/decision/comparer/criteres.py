"""Criteria and weights as data: a mark by criterion, a ranking whose parts are all visible, and what the weights decide of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from pope_foncier.decision.comparer.mesures import Chiffres, Fourchette
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Entier, Fiche, Nombre, Part, Texte, faute, lire_fiche, sans_double
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.refus import proposer

_CODES = (*Chiffres.__dataclass_fields__, "mois_d_ouverture")
_SANS_NOMBRE = ("ouverture", "inconnus")


class Critere(Fiche):
    """Criterion: a figure of an option, its direction, how it becomes a mark, its weight and why it counts."""

    code: Texte
    libelle: Texte
    unite: str
    sens: Literal["bas", "haut"]
    poids: Part
    bornes: tuple[Nombre, Nombre] | None = None
    """Values of marks 0 and 1; without them, the worst and the best of the options compared."""
    raison: Texte

    @model_validator(mode="after")
    def _se_lit(self) -> Critere:
        connus = [c for c in _CODES if c not in _SANS_NOMBRE]
        if self.code not in connus:
            raise faute(f"aucun chiffre d'option de ce nom : « {self.code} ».", proposer(self.code, connus))
        if self.bornes is not None and not (self.bornes[1] - self.bornes[0]) * self.signe > 0:
            raise faute("bornes contraires au sens.", "écrire [valeur de la note 0, valeur de la note 1].")
        return self

    @property
    def signe(self) -> int:
        """+1 when more is better, −1 when less is."""
        return 1 if self.sens == "haut" else -1

    def lire(self, chiffres: Chiffres) -> float:
        """Value of an option; NaN when unknown, infinite for a cover without debt."""
        lue = getattr(chiffres, self.code)
        return float(lue.valeur if isinstance(lue, Fourchette) else lue)


class Sensibilite(Fiche):
    """Draws of the weights: how many, which seed, which law."""

    tirages: Entier
    graine: Entier
    raison: Texte


class Criteres(Fiche):
    """Criteria, axes of the front, draws of the weights."""

    criteres: tuple[Critere, ...] = Field(min_length=1, max_length=30)
    front: tuple[Texte, ...] = Field(min_length=1, max_length=10)
    sensibilite: Sensibilite

    @model_validator(mode="after")
    def _se_lisent(self) -> Criteres:
        sans_double("critère", [c.code for c in self.criteres])
        inconnus = [c for c in self.front if c not in {x.code for x in self.criteres}]
        if inconnus:
            raise faute(f"axes qui ne sont pas des critères : {', '.join(inconnus)}.", "les ajouter aux critères.")
        if not sum(c.poids for c in self.criteres) > 0:
            raise faute("tous les poids sont nuls : rien ne range.", "donner un poids à un critère au moins.")
        return self

    @property
    def poids(self) -> Tableau:
        """Weights brought to a sum of 1, shape (criteria,)."""
        lus = np.array([c.poids for c in self.criteres])
        return np.asarray(lus / lus.sum())

    def axes(self) -> list[Critere]:
        """Criteria of the front, in order."""
        par_code = {c.code: c for c in self.criteres}
        return [par_code[c] for c in self.front]


@lru_cache(maxsize=4)
def lire_criteres(chemin: Path | None = None) -> Criteres:
    """Read the criteria."""
    return lire_fiche(Criteres, chemin or dossier_donnees() / "hypotheses" / "criteres.yaml")


def valeurs_de(options: Sequence[Chiffres], criteres: Sequence[Critere]) -> Tableau:
    """Values by option and criterion, shape (options, criteria)."""
    lues = [[c.lire(x) for c in criteres] for x in options]
    return np.array(lues, dtype=float).reshape(len(options), len(criteres))


@dataclass(frozen=True, slots=True)
class Bascule:
    """Smallest change of one weight that puts another option first."""

    critere: int
    avant: float
    apres: float
    """Weight at which the two are equal: the other is first beyond it."""
    gagnante: int

    @property
    def passe_devant(self) -> bool:
        """Whether the weight may still move beyond it: at nothing, or at everything, they are equal at best."""
        return _EGAL < self.apres < 1.0 - _EGAL

    @property
    def ecart(self) -> float:
        """Change of the weight [fraction]."""
        return self.apres - self.avant


@dataclass(frozen=True, slots=True)
class Classement:
    """Ranking of options by a weighted sum of marks, every part of it visible.

    Attributes:
        rangs: ranks of the options, the best first; those that an unknown leaves out are not there.
        notes: mark by option and criterion, from 0 to 1, shape (options, criteria); NaN when unknown.
        parts: weight × mark, shape (options, criteria): their sum is the score.
        premieres: share of the drawn weights under which each option is first, shape (options,); ties share it.
        bascule: smallest change of one weight, the others keeping their proportions, that changes the first; None when none does.
        non_classables: options left out, with the criteria that are unknown.
    """

    criteres: tuple[Critere, ...]
    poids: Tableau
    rangs: tuple[int, ...]
    notes: Tableau
    parts: Tableau
    premieres: Tableau
    bascule: Bascule | None
    non_classables: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def scores(self) -> Tableau:
        """Score by option, from 0 to 1; NaN when a criterion is unknown."""
        return np.asarray(self.parts.sum(axis=1))

    @property
    def places(self) -> tuple[int, ...]:
        """Rank of each option of ``rangs``, from 1: as good as the one before, it shares its rank, and the next one skips."""
        lues: list[int] = []
        scores = self.scores
        for place, i in enumerate(self.rangs, 1):
            egale = lues and scores[self.rangs[place - 2]] - scores[i] <= _EGAL
            lues.append(lues[-1] if egale else place)
        return tuple(lues)

    @property
    def a_egalite(self) -> tuple[int, ...]:
        """Options as good as the first; itself alone when there is no tie."""
        if not self.rangs:
            return ()
        meilleur = self.scores[self.rangs[0]]
        return tuple(i for i in self.rangs if meilleur - self.scores[i] <= _EGAL)


_EGAL = 1e-12


def classer(valeurs: Tableau, fiches: Criteres) -> Classement:
    """Rank options.

    Args:
        valeurs: values by option and criterion, shape (options, criteria); NaN when unknown.
        fiches: criteria, in the order of the columns.
    """
    notes = noter(valeurs, fiches.criteres)
    poids = fiches.poids
    parts = notes * poids
    inconnus = np.isnan(notes)
    classables = np.flatnonzero(~inconnus.any(axis=1))
    scores = parts.sum(axis=1)
    rangs = tuple(int(i) for i in classables[np.argsort(-scores[classables], kind="stable")])
    premieres = np.zeros(len(valeurs))
    bascule = None
    if len(classables):
        premieres[classables] = _premieres(notes[classables], fiches.sensibilite)
        bascule = _bascule(notes, poids, rangs)
    return Classement(
        fiches.criteres,
        poids,
        rangs,
        notes,
        parts,
        premieres,
        bascule,
        tuple(
            (int(i), tuple(int(j) for j in np.flatnonzero(inconnus[i]))) for i in np.flatnonzero(inconnus.any(axis=1))
        ),
    )


def noter(valeurs: Tableau, criteres: Sequence[Critere]) -> Tableau:
    """Mark of each value, from 0 to 1; 1 for all when the options do not differ, and for a cover without debt."""
    notes = np.full(np.shape(valeurs), np.nan)
    for j, critere in enumerate(criteres):
        colonne = valeurs[:, j]
        finies = colonne[np.isfinite(colonne)]
        if critere.bornes is not None:
            zero, un = critere.bornes
        elif len(finies):
            bas, haut = float(finies.min()), float(finies.max())
            zero, un = (bas, haut) if critere.sens == "haut" else (haut, bas)
        else:
            zero = un = 0.0
        note = np.ones(len(colonne)) if un == zero else np.clip((colonne - zero) / (un - zero), 0.0, 1.0)
        notes[:, j] = np.where(np.isnan(colonne), np.nan, note)
    return notes


def _premieres(notes: Tableau, reglage: Sensibilite) -> Tableau:
    """Share of weights drawn uniformly under which each option is first, shape (options,); ties share their draw."""
    hasard = np.random.default_rng(reglage.graine)
    poids = hasard.dirichlet(np.ones(notes.shape[1]), reglage.tirages)
    scores = poids @ notes.T
    en_tete = scores >= scores.max(axis=1, keepdims=True) - _EGAL
    return np.asarray((en_tete / en_tete.sum(axis=1, keepdims=True)).mean(axis=0))


def _bascule(notes: Tableau, poids: Tableau, rangs: Sequence[int]) -> Bascule | None:
    """Smallest move of one weight after which another option is strictly first; else the one that makes two equal at an end of the weight.

    With the weight of a criterion at t and the others in proportion, the lead of the first over another is linear in t: it is cancelled at
    one value at most.
    """
    tete, trouvees = rangs[0], []
    for j, avant in enumerate(poids):
        reste = poids.copy()
        reste[j] = 0.0
        if not reste.sum() > 0:
            continue
        autres = reste / reste.sum()
        for i in rangs[1:]:
            avance = notes[tete] - notes[i]
            propre, ailleurs = float(avance[j]), float(avance @ autres)
            pente = propre - ailleurs
            if abs(pente) <= _EGAL or float(avance @ poids) <= _EGAL:
                continue
            t = -ailleurs / pente
            if 0.0 <= t <= 1.0:
                trouvees.append(Bascule(j, float(avant), t, i))
    return min(trouvees, key=lambda b: (not b.passe_devant, abs(b.ecart))) if trouvees else None
