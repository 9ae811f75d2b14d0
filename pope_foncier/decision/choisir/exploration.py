"""Where a figure takes a value along one input: crossings, steps that jump over it, flat stretches, stretches without a figure.

The range is read once on a grid, as rows of arrays. Every cell where the figure passes over the target, comes near it, or starts or ends to exist is
cut again in 64, all cells at once, until it is a ten-millionth of itself; a replay makes such a round as cheap as a few single evaluations, and no solver of
roots is needed. Nothing is supposed of the figure. What stays unseen is what begins and ends inside one cell of the grid without coming near the target at its ends:
``pas`` says how wide that is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.grandeur import Tableau

Lire = Callable[[Tableau], Tableau]
"""Figures of an array of values, shape (n,); NaN where there is none."""

_COUPES = 64
_TOURS = 4
_TOURS_DU_CREUX = 2
_CELLULES_MAX = 48
"""Most cells cut at once: beyond, those where the figure is nearest to the target."""
_SAUTE = 1e-3
"""Share of the change of a cell that is left once it is closed on a step; a slope leaves a hundred-thousandth."""
_BRUIT = 10.0
"""Tolerances within which crossings in a row are one: a closed plan is settled to a tenth of a cent."""
_INFINI = 1e30


@dataclass(frozen=True, slots=True)
class Solution:
    """Value that gives the target, and the figure read there."""

    valeur: float
    chiffre: float


@dataclass(frozen=True, slots=True)
class Plage:
    """Every value from one to another gives the target."""

    bas: float
    haut: float


@dataclass(frozen=True, slots=True)
class Saut:
    """Step that jumps over the target: values and figures just before and just after."""

    avant: float
    apres: float
    chiffre_avant: float
    chiffre_apres: float


@dataclass(frozen=True, slots=True)
class Trou:
    """Every value from one to another gives no figure."""

    bas: float
    haut: float


@dataclass(frozen=True, slots=True)
class Exploration:
    """What was found along a range, each list in order; ``valeurs`` and ``chiffres`` are the grid, with the ends of the stretches without a figure."""

    valeurs: Tableau
    chiffres: Tableau
    solutions: tuple[Solution, ...]
    plages: tuple[Plage, ...]
    sauts: tuple[Saut, ...]
    trous: tuple[Trou, ...]
    pas: float
    """Widest cell of the grid."""

    @property
    def trouve(self) -> bool:
        """Whether some value gives the target."""
        return bool(self.solutions or self.plages)

    def frontiere(self, rang: int, sens: int) -> float:
        """Value where the figure passes the target between a point of the grid and the next: the first one from the left (+1), or from the right (−1).

        Of a step, the side kept is the one that ``sens`` comes from.
        """
        bas, haut = float(self.valeurs[rang]), float(self.valeurs[rang + 1])
        candidats = [s.valeur for s in self.solutions]
        candidats += [p.haut if sens > 0 else p.bas for p in self.plages]
        candidats += [s.avant if sens > 0 else s.apres for s in self.sauts]
        dedans = sorted(c for c in candidats if bas <= c <= haut)
        if not dedans:
            return bas if sens > 0 else haut
        return dedans[0 if sens > 0 else -1]


@dataclass(frozen=True, slots=True)
class _Cellule:
    """Values and figures of a cell, and how much the figure changes over the first piece of the grid that held it."""

    valeurs: Tableau
    chiffres: Tableau
    etendue: float = np.inf


def explorer(lire: Lire, grille: Tableau, cible: float, tolerance: float, entier: bool = False) -> Exploration:
    """Find where a figure takes a value along a grid.

    Args:
        lire: figures of an array of values.
        grille: values tried first, in order.
        cible: value wanted.
        tolerance: difference under which two figures are the same.
        entier: the grid holds every value that the input may take; nothing lies between.
    """
    recherche = _Recherche(lire, cible, tolerance)
    valeurs, chiffres = np.asarray(grille, dtype=np.float64), lire(grille)
    if not entier:
        valeurs, chiffres = recherche.border(valeurs, chiffres)
    plages, en_plage = recherche.plages(valeurs, chiffres, entier)
    passages = [i for i in recherche.passages(chiffres) if not en_plage[i : i + 2].any()]
    egaux = np.flatnonzero(recherche.egaux(chiffres) & ~en_plage)
    if entier:
        passages = [i for i in passages if not {i, i + 1} & set(egaux)]
        solutions = [Solution(float(valeurs[i]), float(chiffres[i])) for i in egaux]
        sauts = [_saut(valeurs[i : i + 2], chiffres[i : i + 2]) for i in passages]
    else:
        pris = {j for i in passages for j in (i, i + 1)}
        touches = [Solution(float(valeurs[i]), float(chiffres[i])) for i in egaux if i not in pris]
        creux, au_fond = recherche.creux(valeurs, chiffres, {*pris, *np.flatnonzero(en_plage), *egaux})
        cellules = [_Cellule(valeurs[i : i + 2], chiffres[i : i + 2]) for i in passages]
        trouvees, sauts = recherche.resserrer([*cellules, *creux])
        solutions = [*touches, *au_fond, *trouvees]
    return Exploration(
        valeurs,
        chiffres,
        tuple(sorted(solutions, key=lambda s: s.valeur)),
        plages,
        tuple(sorted(sauts, key=lambda s: s.avant)),
        _trous(valeurs, chiffres),
        float(np.diff(valeurs).max(initial=0.0)),
    )


@dataclass(frozen=True, slots=True)
class _Recherche:
    """One target along one input."""

    lire: Lire
    cible: float
    tolerance: float

    def ecarts(self, chiffres: Tableau) -> Tableau:
        """Figures less the target; NaN where there is none."""
        return np.clip(chiffres - self.cible, -_INFINI, _INFINI)

    def egaux(self, chiffres: Tableau) -> NDArray[np.bool_]:
        """Where the figure is the target."""
        return np.abs(self.ecarts(chiffres)) <= self.tolerance

    def passages(self, chiffres: Tableau) -> list[int]:
        """Cells where the figure passes the target, which counts as above; those in a row within the noise of a closing are one."""
        ecarts = self.ecarts(chiffres)
        signes = np.where(np.isnan(ecarts), np.nan, np.where(ecarts >= 0.0, 1.0, -1.0))
        gardes: list[int] = []
        for i in np.flatnonzero(signes[:-1] * signes[1:] < 0.0):
            if gardes and np.abs(ecarts[gardes[-1] : i + 2]).max() <= _BRUIT * self.tolerance:
                continue
            gardes.append(int(i))
        return gardes

    def couper(self, cellules: list[_Cellule]) -> list[_Cellule]:
        """Cells cut in 64, all in one reading."""
        if not cellules:
            return []
        dedans = np.stack([np.linspace(c.valeurs[0], c.valeurs[-1], _COUPES + 1)[1:-1] for c in cellules])
        lus = self.lire(dedans.ravel()).reshape(dedans.shape)
        return [
            _Cellule(
                np.concatenate([c.valeurs[:1], x, c.valeurs[-1:]]),
                np.concatenate([c.chiffres[:1], y, c.chiffres[-1:]]),
                c.etendue,
            )
            for c, x, y in zip(cellules, dedans, lus, strict=True)
        ]

    def resserrer(self, cellules: list[_Cellule]) -> tuple[list[Solution], list[Saut]]:
        """Solutions and steps inside cells whose ends lie on both sides of the target: every one of the first cut, then the first of each."""
        for tour in range(_TOURS):
            suivantes = []
            for c in self.couper(cellules):
                passages = self.passages(c.chiffres)
                for i in passages if tour == 0 else passages[:1]:
                    deux = c.chiffres[i : i + 2]
                    etendue = float(np.ptp(self.ecarts(deux))) if tour == 0 else c.etendue
                    suivantes.append(_Cellule(c.valeurs[i : i + 2], deux, etendue))
            cellules = self._les_plus_proches(suivantes)
        solutions, sauts = [], []
        for c in cellules:
            avant, apres = self.ecarts(c.chiffres)
            if abs(apres - avant) > max(_BRUIT * self.tolerance, _SAUTE * c.etendue):
                sauts.append(_saut(c.valeurs, c.chiffres))
            else:
                part = avant / (avant - apres)
                x = float(c.valeurs[0] + part * (c.valeurs[1] - c.valeurs[0]))
                solutions.append(Solution(x, float(c.chiffres[0] + part * (apres - avant))))
        return solutions, sauts

    def _les_plus_proches(self, cellules: list[_Cellule]) -> list[_Cellule]:
        if len(cellules) <= _CELLULES_MAX:
            return cellules
        ecarts = [float(np.abs(self.ecarts(c.chiffres)).min()) for c in cellules]
        return [cellules[i] for i in sorted(np.argsort(ecarts)[:_CELLULES_MAX])]

    def creux(self, valeurs: Tableau, chiffres: Tableau, pris: set[int]) -> tuple[list[_Cellule], list[Solution]]:
        """Where the figure comes near the target and goes away on the same side: cells where it does pass it, and values where it touches it."""
        cellules = [_Cellule(valeurs[i - 1 : i + 2], chiffres[i - 1 : i + 2]) for i in self._fonds(chiffres, pris)]
        passent: list[_Cellule] = []
        fonds: list[Solution] = []
        for _ in range(_TOURS_DU_CREUX):
            fonds, suivantes = [], []
            for c in self.couper(self._les_plus_proches(cellules)):
                passages = self.passages(c.chiffres)
                passent += [_Cellule(c.valeurs[i : i + 2], c.chiffres[i : i + 2]) for i in passages]
                if passages:
                    continue
                for i in self._fonds(c.chiffres, set()):
                    suivantes.append(_Cellule(c.valeurs[i - 1 : i + 2], c.chiffres[i - 1 : i + 2]))
                    if self.egaux(c.chiffres[i : i + 1])[0]:
                        fonds.append(Solution(float(c.valeurs[i]), float(c.chiffres[i])))
            cellules = suivantes
        return passent, fonds

    def _fonds(self, chiffres: Tableau, pris: set[int]) -> list[int]:
        """Points of the grid nearer to the target than their neighbours, on the same side, and near enough to hide a crossing."""
        ecarts = np.abs(self.ecarts(chiffres))
        gauche, milieu, droite = ecarts[:-2], ecarts[1:-1], ecarts[2:]
        fond = (milieu <= gauche) & (milieu <= droite) & (milieu <= 2.0 * np.maximum(gauche - milieu, droite - milieu))
        return [int(i) + 1 for i in np.flatnonzero(fond) if not {i, i + 1, i + 2} & pris]

    def border(self, valeurs: Tableau, chiffres: Tableau) -> tuple[Tableau, Tableau]:
        """Grid with, at each end of a stretch without a figure, its last and its first value."""
        la = np.isfinite(chiffres) | np.isinf(chiffres)
        bords = self._bords(valeurs, la, lambda y: np.isfinite(y) | np.isinf(y))
        if not len(bords):
            return valeurs, chiffres
        toutes = np.unique(np.concatenate([valeurs, bords]))
        nouvelles = np.setdiff1d(toutes, valeurs)
        lues = np.empty(len(toutes))
        lues[np.isin(toutes, valeurs)] = chiffres
        lues[np.isin(toutes, nouvelles)] = self.lire(nouvelles)
        return toutes, lues

    def plages(self, valeurs: Tableau, chiffres: Tableau, entier: bool) -> tuple[tuple[Plage, ...], NDArray[np.bool_]]:
        """Stretches of two points of the grid and more that give the target, with their ends, and the points that they hold."""
        egaux = self.egaux(chiffres)
        deux = egaux[:-1] & egaux[1:]
        dedans = np.concatenate([deux, [False]]) | np.concatenate([[False], deux])
        bords = np.empty(0) if entier else self._bords(valeurs, dedans, self.egaux)
        plages = []
        for premier, dernier in _suites(dedans):
            bas, haut = float(valeurs[premier]), float(valeurs[dernier])
            if not entier:
                avant = valeurs[premier - 1] if premier else bas
                apres = valeurs[dernier + 1] if dernier + 1 < len(valeurs) else haut
                bas = min([bas, *(float(b) for b in bords[0::2] if avant < b <= bas)])
                haut = max([haut, *(float(b) for b in bords[0::2] if haut <= b < apres)])
            plages.append(Plage(bas, haut))
        return tuple(plages), dedans

    def _bords(
        self, valeurs: Tableau, dedans: NDArray[np.bool_], vrai: Callable[[Tableau], NDArray[np.bool_]]
    ) -> Tableau:
        """Ends of the stretches where something holds: for each, the last value where it does, then the nearest where it does not."""
        rangs = np.flatnonzero(dedans[:-1] != dedans[1:])[:_CELLULES_MAX]
        if not len(rangs):
            return np.empty(0)
        oui = np.where(dedans[rangs], valeurs[rangs], valeurs[rangs + 1])
        non = np.where(dedans[rangs], valeurs[rangs + 1], valeurs[rangs])
        parts = np.linspace(0.0, 1.0, _COUPES + 1)[1:-1]
        for _ in range(_TOURS):
            essais = oui[:, None] + (non - oui)[:, None] * parts
            tenus = vrai(self.lire(essais.ravel())).reshape(essais.shape)
            premiers = np.where(tenus.all(axis=1), len(parts), np.argmin(tenus, axis=1))
            suite = np.concatenate([oui[:, None], essais, non[:, None]], axis=1)
            lignes = np.arange(len(rangs))
            oui, non = suite[lignes, premiers], suite[lignes, premiers + 1]
        return np.stack([oui, non], axis=1).ravel()


def _saut(valeurs: Tableau, chiffres: Tableau) -> Saut:
    return Saut(float(valeurs[0]), float(valeurs[1]), float(chiffres[0]), float(chiffres[1]))


def _trous(valeurs: Tableau, chiffres: Tableau) -> tuple[Trou, ...]:
    return tuple(Trou(float(valeurs[i]), float(valeurs[j])) for i, j in _suites(np.isnan(chiffres)))


def _suites(vrais: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last ranks of the runs of a condition."""
    bords = np.flatnonzero(np.diff(np.concatenate([[False], vrais, [False]]).astype(np.int8)))
    return [(int(i), int(j) - 1) for i, j in zip(bords[0::2], bords[1::2], strict=True)]
