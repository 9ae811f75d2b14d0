"""Slopes of the figures of a study: what one more unit of each input changes, the plan being closed again.

On a closed plan the amounts of the closers follow the inputs: at the fixed point b = F(b, x), so a figure o(b, x) moves by
∂o/∂x + ∂o/∂b (I − ∂F/∂b)⁻¹ ∂F/∂x (implicit function theorem): one pass gives the figures and the shares of the gap together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.pentes import Descente, Marche, Pente, Sortie

Genre = Literal["etude", "evolution", "bareme"]

_POINT = 0.01
"""One unit of a fraction is one point, as it is read."""
_UN_POUR_CENT = 0.01


@dataclass(frozen=True, slots=True)
class Effet:
    """Effect of one input on one figure, between its steps.

    Attributes:
        champ: field of the study, evolution path, or path of the scale.
        valeur: value of the input; NaN when it is unknown, or has a value for each year.
        pente: change of the figure for one more of the input, as it is stored (fractions, months, euros), in the unit of the figure.
        un_pour_cent: change of the figure when the input rises by 1 %.
        marches: why it acts by steps, nothing when it does not.
        seuils: thresholds alone, before which nothing moves.
    """

    champ: str
    libelle: str
    genre: Genre
    valeur: float
    unite: str
    pente: float
    un_pour_cent: float
    marches: tuple[str, ...] = ()
    seuils: tuple[str, ...] = ()

    @property
    def une_unite(self) -> float:
        """Change of the figure for one more unit of the input, as it is read: a point for a percentage."""
        return self.pente * (_POINT if self.unite == "%" else 1.0)

    @property
    def par_marches(self) -> bool:
        """Whether it acts by steps, alone or beside its slope."""
        return bool(self.marches) or (not self.pente and bool(self.seuils))


@dataclass(frozen=True, slots=True)
class _Apport:
    """Slope of one input on one figure, the closing followed, shape (n,)."""

    feuille: Grandeur
    valeur: Tableau
    marches: frozenset[Marche]


def effets(ev: Evaluation, sorties: Sequence[Sortie[Grandeur]], scenario: int = 0) -> list[list[Effet]]:
    """Effect of every input on each figure, in one scenario: those of the study and its paths, then those of the law.

    A figure that is unknown has none.
    """
    entrees = _Entrees(ev, scenario)
    return [entrees.reunir(apports) for apports in _apports(ev, sorties, scenario)]


def _apports(ev: Evaluation, sorties: Sequence[Sortie[Grandeur]], scenario: int) -> list[list[_Apport]]:
    """Slopes by figure, each input once, amounts of the closers followed down to the inputs that they depend on."""
    parts = [Sortie(part, np.ones(1)) for part in ev.parts.values()]
    descente = Descente.depuis([s.grandeur for s in (*sorties, *parts)])
    lues = [{id(p.feuille): p for p in pentes} for pentes in descente.pentes([*sorties, *parts], scenario)]
    directes, des_parts = lues[: len(sorties)], lues[len(sorties) :]
    appeles = [id(ev.ctx.bouclage[cle]) for cle in ev.parts]
    retour = np.array([[_vers(pentes, b) for b in appeles] for pentes in des_parts]).reshape(len(parts), len(parts))
    apports = []
    for pentes in directes:
        vers_parts = np.array([_vers(pentes, b) for b in appeles])
        poids = np.linalg.solve((np.eye(len(parts)) - retour).T, vers_parts) if len(parts) else vers_parts
        apports.append(_suivre(pentes, des_parts, appeles, poids))
    return apports


def _vers(pentes: Mapping[int, Pente[Grandeur]], feuille: int) -> float:
    return float(pentes[feuille].valeur.sum()) if feuille in pentes else 0.0


def _suivre(
    pentes: Mapping[int, Pente[Grandeur]],
    des_parts: Sequence[Mapping[int, Pente[Grandeur]]],
    appeles: Sequence[int],
    poids: Tableau,
) -> list[_Apport]:
    """Slopes of one figure: its own, and those of the share of each closer at its weight; the amounts called are no inputs."""
    actives = [(poids[j], des_parts[j]) for j in range(len(appeles)) if poids[j]]
    toutes = [(1.0, pentes), *actives]
    valeurs: dict[int, Tableau] = {}
    marches: dict[int, set[Marche]] = {}
    feuilles: dict[int, Grandeur] = {}

    def marquer(cle: int, nouvelles: Sequence[Marche]) -> None:
        marches.setdefault(cle, set()).update(nouvelles)

    for facteur, lues in toutes:
        for cle, pente in lues.items():
            feuilles[cle] = pente.feuille
            valeurs[cle] = valeurs.get(cle, 0.0) + facteur * pente.valeur
            marquer(cle, pente.marches)
    for j, appele in enumerate(appeles):
        for cle, pente in des_parts[j].items():
            if marches.get(appele):
                feuilles[cle] = pente.feuille
                valeurs.setdefault(cle, np.zeros(1))
                marquer(cle, (*marches[appele], *pente.marches))
    return [_Apport(f, valeurs[cle], frozenset(marches[cle])) for cle, f in feuilles.items() if cle not in appeles]


class _Entrees:
    """Inputs of an evaluation: what each leaf of its expressions is called, one row for those that read the same field."""

    def __init__(self, ev: Evaluation, scenario: int) -> None:
        self._scenario = scenario
        self._appeles = {id(g) for g in ev.ctx.bouclage.values()}

    def reunir(self, apports: Sequence[_Apport]) -> list[Effet]:
        """Effects by input: those of the study, the paths, the law, each group by weight."""
        groupes: dict[tuple[Genre, str], list[_Apport]] = {}
        for apport in apports:
            cle = self._cle(apport.feuille)
            if cle is not None:
                groupes.setdefault(cle, []).append(apport)
        return [self._effet(genre, champ, lus) for (genre, champ), lus in groupes.items()]

    def _cle(self, feuille: Grandeur) -> tuple[Genre, str] | None:
        if id(feuille) in self._appeles or not feuille.origines:
            return None
        origine = feuille.origines[self._scenario if len(feuille.origines) > 1 else 0]
        if origine.nature == "bareme":
            return "bareme", origine.reference
        return ("evolution" if origine.reference.startswith("evolution.") else "etude"), origine.reference

    def _effet(self, genre: Genre, champ: str, apports: Sequence[_Apport]) -> Effet:
        feuille = apports[0].feuille
        valeurs = [self._rangee(a.feuille) for a in apports]
        marches = sorted({m for a in apports for m in a.marches})
        return Effet(
            champ,
            feuille.nom,
            genre,
            float(valeurs[0][0]) if all(len(v) == 1 for v in valeurs) else float("nan"),
            feuille.unite,
            float(sum(a.valeur.sum() for a in apports)),
            _UN_POUR_CENT
            * float(sum(np.nansum(a.valeur * v) for a, v in zip(apports, valeurs, strict=True))),
            tuple(m.mots for m in marches if not m.seuil),
            tuple(m.mots for m in marches if m.seuil),
        )

    def _rangee(self, feuille: Grandeur) -> Tableau:
        lignes = feuille.valeur.reshape(-1, feuille.valeur.shape[-1])
        rangee: Tableau = lignes[self._scenario if len(lignes) > 1 else 0]
        return rangee
