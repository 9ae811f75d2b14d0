"""Linear part of a plan: amounts within bounds, all-or-nothing choices, exclusions between them, rules linear in the amounts; solved by HiGHS.

The worth of one more euro of each resource is the dual value of its bound or of its rule, the choices being held.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.grandeur import Tableau

_POUR = "Le meilleur plan"
_SANS_LIMITE = 1e9
_TAILLE_MAX, _TAILLE_MIN = 1e5, 1e-9
_LIE = 1e-6
"""Distance to its bound under which a rule binds, as a share of its size."""


@dataclass(frozen=True, slots=True)
class Quantite:
    """Amount to choose, between two bounds; a choice is either 0 or within its bounds."""

    nom: str
    bas: float
    haut: float
    choix: bool = False


@dataclass(frozen=True)
class Programme:
    """Minimise ``couts · x`` under ``coefficients · x ≥ seuils``.

    Attributes:
        exclusions: pairs of choices that are not taken together.
        regles: names of the rows, shape (m,); several rows may bear one name (a rule read each month).
    """

    quantites: tuple[Quantite, ...]
    couts: Tableau
    coefficients: Tableau
    seuils: Tableau
    regles: tuple[str, ...]
    exclusions: tuple[tuple[int, int], ...] = ()

    def sans(self, refusees: Collection[int]) -> Programme:
        """Same programme without some amounts."""
        nulles = tuple(replace(q, bas=0.0, haut=0.0) if i in refusees else q for i, q in enumerate(self.quantites))
        return replace(self, quantites=nulles)

    def avec(self, prises: Collection[int]) -> Programme:
        """Same programme, some choices being taken whole."""
        entieres = tuple(
            replace(q, bas=q.haut, choix=False) if i in prises else q for i, q in enumerate(self.quantites)
        )
        return replace(self, quantites=entieres)

    def assoupli(self) -> tuple[Programme, tuple[str, ...]]:
        """Programme that breaks its rules as little as it can, one more amount for each rule: what it would lack; and the names of those rules."""
        noms = tuple(dict.fromkeys(self.regles))
        manques = np.array([[float(regle == nom) for nom in noms] for regle in self.regles]).reshape(-1, len(noms))
        libres = tuple(Quantite(nom, 0.0, _SANS_LIMITE) for nom in noms)
        couts = np.concatenate([np.zeros(len(self.quantites)), np.ones(len(noms))])
        coefficients = np.hstack([self.coefficients, manques])
        return replace(self, quantites=(*self.quantites, *libres), couts=couts, coefficients=coefficients), noms


@dataclass(frozen=True)
class Optimum:
    """Best amounts, shape (n,); choices taken; what binds and its worth.

    Attributes:
        valeurs_marginales: what the objective gains for one more unit of each rule (its threshold lowered by one), shape (m,).
        marges_hautes: what it gains for one more unit of the upper bound of each amount, shape (n,).
    """

    x: Tableau
    pris: NDArray[np.bool_]
    objectif: float
    valeurs_marginales: Tableau
    marges_hautes: Tableau

    def lient(self, programme: Programme) -> list[int]:
        """Rows that bind."""
        ecarts = programme.coefficients @ self.x - programme.seuils
        tailles = np.maximum(np.abs(programme.coefficients) @ np.abs(self.x), np.abs(programme.seuils))
        return [int(i) for i in np.flatnonzero(ecarts <= _LIE * np.maximum(tailles, 1.0))]


def exiger_le_solveur() -> Any:
    """Module of the solver.

    Raises:
        ErreurCalcul: scipy is not installed; how to install it.
    """
    return bibliotheque("scipy.optimize", "decider", _POUR)


def resoudre(programme: Programme) -> Optimum | None:
    """Best amounts; None when no amounts keep every rule.

    Raises:
        ErreurCalcul: scipy is not installed.
    """
    optimize = exiger_le_solveur()
    echelle = _Echelle.de(programme)
    trouve = _resoudre(optimize, echelle.ramener(programme))
    return None if trouve is None else echelle.rendre(trouve)


@dataclass(frozen=True)
class _Echelle:
    """Sizes of the amounts, of the rules and of the objective: the solver sees numbers near one."""

    quantites: Tableau
    regles: Tableau
    objectif: float

    @classmethod
    def de(cls, p: Programme) -> _Echelle:
        """Sizes of a programme."""
        quantites = np.array([min(max(q.haut, 1.0), _TAILLE_MAX) for q in p.quantites])
        regles = np.maximum(np.abs(p.coefficients * quantites).max(axis=1, initial=0.0), _TAILLE_MIN)
        return cls(quantites, regles, float(max(np.abs(p.couts * quantites).max(initial=0.0), _TAILLE_MIN)))

    def ramener(self, p: Programme) -> Programme:
        """Programme in those sizes."""
        quantites = tuple(
            replace(q, bas=q.bas / t, haut=q.haut / t) for q, t in zip(p.quantites, self.quantites, strict=True)
        )
        return replace(
            p,
            quantites=quantites,
            couts=p.couts * self.quantites / self.objectif,
            coefficients=p.coefficients * self.quantites / self.regles[:, None],
            seuils=p.seuils / self.regles,
        )

    def rendre(self, o: Optimum) -> Optimum:
        """Optimum in euros."""
        return Optimum(
            o.x * self.quantites,
            o.pris,
            o.objectif * self.objectif,
            o.valeurs_marginales * self.objectif / self.regles,
            o.marges_hautes * self.objectif / self.quantites,
        )


def _resoudre(optimize: Any, programme: Programme) -> Optimum | None:
    n = len(programme.quantites)
    choix = [i for i, q in enumerate(programme.quantites) if q.choix]
    bas, haut = _bornes(programme)
    lignes, mini, maxi = _lier_les_choix(programme, choix)
    a = np.hstack([programme.coefficients, np.zeros((len(programme.seuils), len(choix)))])
    trouve = optimize.milp(
        np.concatenate([programme.couts, np.zeros(len(choix))]),
        constraints=[
            optimize.LinearConstraint(
                np.vstack([a, lignes]),
                np.concatenate([programme.seuils, mini]),
                np.concatenate([np.full(len(programme.seuils), np.inf), maxi]),
            )
        ],
        integrality=np.concatenate([np.zeros(n), np.ones(len(choix))]),
        bounds=optimize.Bounds(
            np.concatenate([[0.0 if q.choix else q.bas for q in programme.quantites], np.zeros(len(choix))]),
            np.concatenate([haut, np.ones(len(choix))]),
        ),
    )
    if trouve.x is None:
        return None
    pris = np.zeros(n, dtype=bool)
    pris[choix] = trouve.x[n:] > 0.5
    return _a_choix_tenus(optimize, programme, pris, bas, haut)


def _bornes(programme: Programme) -> tuple[Tableau, Tableau]:
    return np.array([q.bas for q in programme.quantites]), np.array([q.haut for q in programme.quantites])


def _lier_les_choix(programme: Programme, choix: Sequence[int]) -> tuple[Tableau, Tableau, Tableau]:
    """Rows that make an amount 0 when it is not chosen, within its bounds when it is, and that keep exclusions."""
    n, rang = len(programme.quantites), {i: j for j, i in enumerate(choix)}
    lignes: list[Tableau] = []
    mini: list[float] = []
    maxi: list[float] = []

    def ajouter(valeurs: dict[int, float], bas: float, haut: float) -> None:
        ligne = np.zeros(n + len(choix))
        for i, v in valeurs.items():
            ligne[i] = v
        lignes.append(ligne)
        mini.append(bas)
        maxi.append(haut)

    for i, j in rang.items():
        q = programme.quantites[i]
        ajouter({i: 1.0, n + j: -q.haut}, -np.inf, 0.0)
        ajouter({i: 1.0, n + j: -q.bas}, 0.0, np.inf)
    for a, b in programme.exclusions:
        ajouter({n + rang[a]: 1.0, n + rang[b]: 1.0}, -np.inf, 1.0)
    return np.array(lignes).reshape(-1, n + len(choix)), np.array(mini), np.array(maxi)


def _a_choix_tenus(
    optimize: Any, programme: Programme, pris: NDArray[np.bool_], bas: Tableau, haut: Tableau
) -> Optimum | None:
    """The same with the choices held: amounts and dual values."""
    est_choix = np.array([q.choix for q in programme.quantites])
    laisses = est_choix & ~pris
    bornes = np.stack([np.where(laisses, 0.0, bas), np.where(laisses, 0.0, haut)], axis=1)
    lp = optimize.linprog(
        programme.couts, A_ub=-programme.coefficients, b_ub=-programme.seuils, bounds=bornes, method="highs"
    )
    if lp.x is None:
        return None
    return Optimum(lp.x, pris, float(lp.fun), -lp.ineqlin.marginals, -lp.upper.marginals)
