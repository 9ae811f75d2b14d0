"""Slopes: what one more unit of every input changes in a few figures, in one pass down the recorded expressions.

Each operation says its slope; going from the figures down to the inputs, the slope on a result gives those on its operands, which add up
where a quantity is used twice. An operand seen by steps only (whole months, floors, thresholds) stops the slope: all that it is computed
from is marked with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from pope_foncier.socle import operations_de_calcul as calcul
from pope_foncier.socle.operations import Raison, Tableau
from pope_foncier.socle.phrases import Noeud

_CONDITIONS = frozenset(
    (calcul.SI, calcul.SUPERIEUR, calcul.INFERIEUR, calcul.SUPERIEUR_OU_EGAL, calcul.INFERIEUR_OU_EGAL, calcul.PAREIL)
)
"""Operations whose step is a threshold: nothing moves before it is reached."""
_CHOIX = frozenset((calcul.MINIMUM, calcul.MAXIMUM))
_EX_AEQUO = "deux limites se rejoignent à cette valeur"
"""Why the slope of one operand of a minimum says nothing of another that equals it."""

N = TypeVar("N", bound=Noeud)


class Sortie(NamedTuple, Generic[N]):
    """Figure whose slopes are asked for: the sum of the months (or years) of a quantity, each at its weight, shape (n,)."""

    grandeur: N
    poids: Tableau


class Marche(NamedTuple):
    """Why an input acts by steps: the reason, and whether it is a threshold alone, before which nothing moves."""

    mots: str
    seuil: bool


@dataclass(frozen=True, slots=True)
class Pente(Generic[N]):
    """Slopes of some figures with respect to one input.

    Attributes:
        feuille: the input.
        valeurs: effect on each figure of one more unit on each of its months (or years), between its steps, shape (figures, n).
        marches: steps met on the way to each figure.
    """

    feuille: N
    valeurs: Tableau
    marches: list[tuple[Marche, ...]]


@dataclass(frozen=True, slots=True)
class _Rangees:
    """Quantities in one scenario: their values, shape (n,) each, and whether one of what they read is no finite number."""

    valeurs: list[Tableau]
    fragiles: list[bool]


@dataclass(frozen=True)
class Descente(Generic[N]):
    """Order of a pass from some figures down to their inputs, found once."""

    noeuds: list[N]
    """Each quantity before those that it is computed from."""
    operandes: list[tuple[int, ...]]
    """Ranks of the operands of each quantity; −1 for a plain number."""
    rangs: dict[int, int]
    _lues: dict[int, _Rangees] = field(default_factory=dict)
    """Scenarios already read."""

    @classmethod
    def depuis(cls, racines: Iterable[N]) -> Descente[N]:
        """Order the expressions of some figures."""
        noeuds = [*_du_bas_vers_le_haut(racines)][::-1]
        rangs = {id(n): i for i, n in enumerate(noeuds)}
        return cls(noeuds, [tuple(rangs.get(id(o), -1) for o in n.operandes) for n in noeuds], rangs)

    def pentes(self, sorties: Sequence[Sortie[N]], scenario: int = 0) -> list[Pente[N]]:
        """Slopes of some figures with respect to all that moves one of them, in one scenario; they share the pass.

        A figure that is unknown has none: its slopes are zero.
        """
        lues = self._lire(scenario)
        pentes: list[Tableau | None] = [None] * len(self.noeuds)
        for k, (grandeur, poids) in enumerate(sorties):
            i = self.rangs[id(grandeur)]
            if np.isfinite(lues.valeurs[i][poids != 0.0]).all():
                graine = np.zeros((len(sorties), len(poids)))
                graine[k] = poids
                pentes[i] = _ajouter(pentes[i], graine)
        marques = _Marques(len(sorties), [0] * len(self.noeuds))
        with np.errstate(all="ignore"):
            for i in range(len(self.noeuds)):
                if (g := pentes[i]) is not None:
                    self._descendre(i, g, lues, pentes, marques)
                marques.transmettre(i, self.operandes[i])
        return self._recueillir(len(sorties), pentes, marques)

    def _descendre(self, i: int, g: Tableau, lues: _Rangees, pentes: list[Tableau | None], marques: _Marques) -> None:
        """Take the slope on a result to its operands."""
        noeud, rangs = self.noeuds[i], self.operandes[i]
        operation = noeud.operation
        if operation is None:
            return
        if isinstance(operation.pente, Raison):
            rendues: Sequence[Tableau | None] = [None] * len(rangs)
        else:
            valeurs = [
                lues.valeurs[j] if j >= 0 else np.asarray(o, np.float64)
                for o, j in zip(noeud.operandes, rangs, strict=True)
            ]
            rendues = operation.pente(g, lues.valeurs[i], *valeurs, *noeud.parametres)
        suivies = None
        y = lues.valeurs[i]
        for rang, (j, rendue) in enumerate(zip(rangs, rendues, strict=True)):
            if j < 0:
                continue
            ex_aequo = (
                operation in _CHOIX and len(y) == 1 and rendue is not None and _ecarte(lues.valeurs[j], y, rendue)
            )
            if rendue is None or ex_aequo:
                suivies = np.flatnonzero(g.any(axis=-1)).tolist() if suivies is None else suivies
                mots = _EX_AEQUO if ex_aequo else operation.raison_de_la_marche(rang, noeud.parametres)
                marques.arreter(suivies, Marche(mots, ex_aequo or operation in _CONDITIONS), j)
                continue
            pentes[j] = _ajouter(pentes[j], _a_la_taille(rendue, lues.valeurs[j].shape[-1], lues.fragiles[i]))

    def _lire(self, scenario: int) -> _Rangees:
        if scenario not in self._lues:
            valeurs = [rangee(n.valeur, scenario) for n in self.noeuds]
            finies = [bool(np.isfinite(v).all()) for v in valeurs]
            fragiles = [not (finies[i] and all(finies[j] for j in js if j >= 0)) for i, js in enumerate(self.operandes)]
            self._lues[scenario] = _Rangees(valeurs, fragiles)
        return self._lues[scenario]

    def _recueillir(self, sorties: int, pentes: list[Tableau | None], marques: _Marques) -> list[Pente[N]]:
        """Slopes of the inputs that move a figure, by steps alone included."""
        recueillies = []
        for i, noeud in enumerate(self.noeuds):
            if noeud.operation is None:
                g, marches = pentes[i], marques.lire(i)
                if any(marches) or (g is not None and g.any()):
                    recueillies.append(Pente(noeud, np.zeros((sorties, 1)) if g is None else g, marches))
        return recueillies


class _Marques:
    """Steps met above each quantity, as the bits of a whole number: one bit for a reason and a figure."""

    def __init__(self, sorties: int, bits: list[int]) -> None:
        self._sorties = sorties
        self._bits = bits
        self._marches: dict[Marche, int] = {}
        self._lues: dict[int, list[tuple[Marche, ...]]] = {}

    def arreter(self, suivies: Iterable[int], marche: Marche, operande: int) -> None:
        """Mark an operand that has no slope, for the figures that move with the result."""
        premier = self._marches.setdefault(marche, len(self._marches)) * self._sorties
        for k in suivies:
            self._bits[operande] |= 1 << (premier + k)

    def transmettre(self, noeud: int, operandes: Sequence[int]) -> None:
        """What is computed from a marked quantity is marked alike."""
        if bits := self._bits[noeud]:
            for j in operandes:
                if j >= 0:
                    self._bits[j] |= bits

    def lire(self, noeud: int) -> list[tuple[Marche, ...]]:
        """Steps between an input and each figure."""
        bits, n = self._bits[noeud], self._sorties
        if bits not in self._lues:
            self._lues[bits] = [tuple(m for m, i in self._marches.items() if bits >> (i * n + k) & 1) for k in range(n)]
        return self._lues[bits]


def _ecarte(operande: Tableau, y: Tableau, rendue: Tableau) -> bool:
    """Whether an operand equals the result of a choice that took another."""
    return len(operande) == 1 and operande[0] == y[0] and not rendue.any()


def _a_la_taille(pente: Tableau, large: int, fragile: bool) -> Tableau:
    """Slope on an operand at its own length; where the result is not read, an unknown operand leaves a slope of zero."""
    if fragile:
        pente = np.where(np.isnan(pente), 0.0, pente)
    if pente.shape[-1] == large:
        return pente
    return np.asarray(pente.sum(axis=-1, keepdims=True) if large == 1 else pente + np.zeros(large))


def _ajouter(deja: Tableau | None, pente: Tableau) -> Tableau:
    return pente if deja is None else deja + pente


def rangee(valeur: Tableau, scenario: int) -> Tableau:
    """Value of a quantity in one scenario, shape (n,)."""
    if valeur.ndim == 1:
        return valeur
    lignes = valeur.reshape(-1, valeur.shape[-1])
    seule: Tableau = lignes[scenario if len(lignes) > 1 else 0]
    return seule


def _du_bas_vers_le_haut(racines: Iterable[N]) -> Iterator[N]:
    """Quantities below some others, each once and after those that it is computed from."""
    vus: set[int] = set()
    for racine in racines:
        pile: list[tuple[N, Iterator[N | float]]] = []
        if id(racine) not in vus:
            vus.add(id(racine))
            pile.append((racine, iter(racine.operandes)))
        while pile:
            noeud, restants = pile[-1]
            for o in restants:
                if isinstance(o, Noeud) and id(o) not in vus:
                    vus.add(id(o))
                    pile.append((o, iter(o.operandes)))
                    break
            else:
                pile.pop()
                yield noeud
