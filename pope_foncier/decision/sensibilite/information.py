"""Worth of knowing before deciding, and regret of deciding without: from the value of each option in each draw.

The expected value of partial perfect information is what deciding after having learnt an input brings more, on average, than deciding now. What an
option is worth once the input is known is fitted on the draws (polynomials of the input, steps between its quantiles, one level a value when it
has few), and the choice that the fit makes is measured on draws that it has not seen: chance is never taken for information. What is found is
held at zero, and its standard error is that of the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

_PARTS = 5
"""Parts of the draws: each is judged by a fit on the others."""
_NIVEAUX = 8
"""Values up to which each has its own level."""
_DEGRE = 3
_TRANCHES = 4
"""Slices of equal number between which the fit may step."""
_TIRAGES_MIN = 10 * _PARTS
_ERREURS_MIN = 1.645
"""Standard errors from which a worth is told apart from chance: 95 times in 100, a worth being never below zero."""


@dataclass(frozen=True, slots=True)
class Valeur:
    """Worth of knowing, in the unit of the options, and its standard error."""

    valeur: float
    erreur: float

    @property
    def est_mesurable(self) -> bool:
        """Whether it stands out of the chance of the draws."""
        return self.valeur > _ERREURS_MIN * self.erreur


@dataclass(frozen=True, slots=True)
class Regret:
    """Regret of an option: what the best one of the draw would have brought more.

    Attributes:
        moyenne: value of the option over the draws.
        regret_moyen: mean regret.
        regret_90: regret that nine draws in ten do not exceed.
        part_meilleure: share of the draws where no other option does better.
    """

    moyenne: float
    regret_moyen: float
    regret_90: float
    part_meilleure: float


def regrets(valeurs: Tableau) -> list[Regret]:
    """Regret of each option.

    Args:
        valeurs: value of each option in each draw, shape (options, draws).
    """
    manque = valeurs.max(axis=0) - valeurs
    return [
        Regret(float(v.mean()), float(m.mean()), float(np.quantile(m, 0.9)), float((m <= 0.0).mean()))
        for v, m in zip(valeurs, manque, strict=True)
    ]


def valeur_de_tout_savoir(valeurs: Tableau) -> Valeur:
    """Worth of knowing everything: no study is worth more."""
    gains = valeurs.max(axis=0) - valeurs[int(valeurs.mean(axis=1).argmax())]
    return _estimer(gains)


def valeur_de_savoir(valeurs: Tableau, connues: Sequence[Tableau]) -> Valeur:
    """Worth of knowing some inputs together before choosing.

    Args:
        valeurs: value of each option in each draw, shape (options, draws).
        connues: draws of each input known, shape (draws,) each.

    Raises:
        ErreurCalcul: too few draws to fit anything.
    """
    nombre = valeurs.shape[1]
    if nombre < _TIRAGES_MIN:
        raise ErreurCalcul(
            f"Valeur de l'information : {_TIRAGES_MIN} tirages au moins sont attendus ; trouvé : {nombre}."
        )
    retenue = int(valeurs.mean(axis=1).argmax())
    ecarts, base = (valeurs - valeurs[retenue]).T, _base(connues)
    choisies = np.empty(nombre, dtype=int)
    parts = np.arange(nombre) % _PARTS
    for part in range(_PARTS):
        vues, jugees = parts != part, parts == part
        appris = base[vues].T
        ajustees = base[jugees] @ np.linalg.lstsq(appris @ appris.T, appris @ ecarts[vues], rcond=None)[0]
        ajustees[:, retenue] = 0.0
        choisies[jugees] = ajustees.argmax(axis=1)
    return _estimer(ecarts[np.arange(nombre), choisies])


def _estimer(gains: Tableau) -> Valeur:
    return Valeur(max(float(gains.mean()), 0.0), float(gains.std(ddof=1) / np.sqrt(len(gains))))


def _base(connues: Sequence[Tableau]) -> Tableau:
    """Columns of the fit: a constant, those of each input, and the products of inputs two by two."""
    seules = [_de_l_entree(x) for x in connues]
    droites = [s[:, :1] for s in seules if s.shape[1]]
    croisees = [a * b for rang, a in enumerate(droites) for b in droites[rang + 1 :]]
    return np.concatenate([np.ones((len(connues[0]), 1)), *seules, *croisees], axis=1)


def _de_l_entree(x: Tableau) -> Tableau:
    """Columns of one input, shape (draws, columns): a level for each value but one, or powers and steps; none when it does not move."""
    niveaux = np.unique(x)
    if len(niveaux) <= _NIVEAUX:
        return np.asarray(x[:, None] == niveaux[1:], dtype=np.float64)
    centree = (x - x.mean()) / x.std()
    puissances: Tableau = centree[:, None] ** np.arange(1, _DEGRE + 1)
    bornes = np.quantile(x, np.arange(1, _TRANCHES) / _TRANCHES)
    return np.concatenate([puissances, (x[:, None] >= bornes).astype(np.float64)], axis=1)
