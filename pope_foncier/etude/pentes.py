"""Slopes of the figures of a study: what one more unit of each input changes, the plan being closed again.

On a closed plan the amounts of the closers follow the inputs: at the fixed point b = F(b, x), so a figure o(b, x) moves by
∂o/∂x + ∂o/∂b (I − ∂F/∂b)⁻¹ ∂F/∂x (implicit function theorem); one pass gives the figures and the shares of the gap together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from pope_foncier.etude.champs import champs_frappables
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.declaration import chemin_lu, declaration_du_champ
from pope_foncier.socle.fiches import Bornes, Fiche
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.pentes import Descente, Marche, Pente, Sortie, rangee
from pope_foncier.socle.phrases import Origine

Genre = Literal["etude", "evolution", "hypothese", "bareme"]
_GENRES: tuple[Genre, ...] = ("etude", "evolution", "hypothese", "bareme")

_ELEMENT = re.compile(r"\[[^\]]+\]")
_POINT = 0.01
"""One unit of a fraction is one point, as it is read."""
_POUR_CENT = 0.01
REALISER = "realiser"
"""Field that does the project or not: no quantity."""
EN_ENTIERS = "compte en nombres entiers"


@dataclass(frozen=True, slots=True)
class Effet:
    """Effect of one input on one figure, between its steps.

    Attributes:
        champ: field of the study, evolution path, assumption of the data, or path of the scale.
        valeur: value of the input; NaN when it is unknown, or has a value for each year.
        pente: change of the figure for one more of the input as it is stored (fraction, month, euro), in the unit of the figure.
        un_pour_cent: change of the figure when the input rises by 1 %.
        marches: why it acts by steps; nothing when it does not.
        seuils: thresholds, before which nothing moves.
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
        """Change of the figure for one more unit of the input as it is read: a point for a percentage."""
        return self.pente * (_POINT if self.unite == "%" else 1.0)

    @property
    def en_entiers(self) -> bool:
        """Whether it takes whole numbers only, so that it has no slope."""
        return EN_ENTIERS in self.marches

    @property
    def est_lisse(self) -> bool:
        """Whether one more unit has an effect to tell: it has a slope, or moves nothing, not even by steps."""
        return not self.en_entiers and (bool(self.pente) or not self.par_marches)

    @property
    def par_marches(self) -> bool:
        """Whether it acts by steps, alone or beside its slope."""
        return bool(self.marches) or (not self.pente and bool(self.seuils))


class _Apport(NamedTuple):
    """Slopes of some figures with respect to one leaf, the closing followed: one number a figure each."""

    feuille: Grandeur
    pentes: list[float]
    pour_cent: list[float]
    """Change of each figure when the leaf rises by 1 %."""
    marches: list[frozenset[Marche]]


def effets(ev: Evaluation, sorties: Sequence[Sortie[Grandeur]], scenario: int = 0) -> list[list[Effet]]:
    """Effect of every input on each figure, in one scenario: those of the study, of its paths, then of the law, by weight.

    A figure that is unknown has none.
    """
    entrees, groupes = _Entrees(ev, scenario), dict[tuple[Genre, str], list[_Apport]]()
    for apport in _apports(ev, sorties, scenario):
        if (cle := entrees.cle(apport.feuille)) is not None:
            groupes.setdefault(cle, []).append(apport)
    lus: list[list[Effet]] = [[] for _ in sorties]
    for (genre, champ), apports in groupes.items():
        for k, effet in entrees.effets(genre, champ, apports):
            lus[k].append(effet)
    return [sorted(liste, key=lambda e: (_GENRES.index(e.genre), -abs(e.un_pour_cent))) for liste in lus]


def _apports(ev: Evaluation, sorties: Sequence[Sortie[Grandeur]], scenario: int) -> list[_Apport]:
    """Slopes of the figures, the amounts of the closers followed down to what they depend on: they are no inputs."""
    parts, n = [Sortie(part, np.ones(1)) for part in ev.parts.values()], len(sorties)
    descente = Descente.depuis([s.grandeur for s in (*sorties, *parts)])
    lues = {id(p.feuille): p for p in descente.pentes([*sorties, *parts], scenario)}
    sortis = {cle: lues.pop(id(g), None) for cle, g in ev.ctx.bouclage.items()}
    appeles = [sortis[cle] for cle in ev.parts]
    vers = np.zeros((n + len(parts), len(parts)))
    for j, appele in enumerate(appeles):
        if appele is not None:
            vers[:, j] = appele.valeurs.sum(axis=-1)
    poids = vers[:n] @ np.linalg.inv(np.eye(len(parts)) - vers[n:])
    voies, feuilles = _Voies(n, poids, appeles), list(lues.values())
    if not feuilles:
        return []
    toutes = np.concatenate([p.valeurs for p in feuilles], axis=-1)
    pentes = toutes[:n] + poids @ toutes[n:]
    with np.errstate(invalid="ignore"):
        valeurs = np.concatenate([_a_la_taille(p, scenario) for p in feuilles])
        pour_cent = np.where(pentes != 0.0, _POUR_CENT * pentes * valeurs, 0.0)
    debuts = np.cumsum([0, *(p.valeurs.shape[-1] for p in feuilles[:-1])])
    par_feuille, en_pour_cent = (np.add.reduceat(x, debuts, axis=-1).T.tolist() for x in (pentes, pour_cent))
    return [
        _Apport(p.feuille, par_unite, cent, voies.marches(p))
        for p, par_unite, cent in zip(feuilles, par_feuille, en_pour_cent, strict=True)
    ]


def _a_la_taille(pente: Pente[Grandeur], scenario: int) -> Tableau:
    """Value of a leaf in a scenario at the length of its slopes: nothing where it acts by steps alone."""
    valeur = rangee(pente.feuille.valeur, scenario)
    large = pente.valeurs.shape[-1]
    return valeur if len(valeur) == large else np.zeros(large)


class _Voies:
    """Ways from an input to each figure: its own, and through the shares of the gap that move the figure.

    What an amount called moves by steps alone, the inputs of its share move by steps too.
    """

    def __init__(self, n: int, poids: Tableau, appeles: Sequence[Pente[Grandeur] | None]) -> None:
        self._n = n
        self._suivies = [[k, *(n + int(j) for j in np.flatnonzero(poids[k]))] for k in range(n)]
        self._connues: dict[tuple[int, ...], list[frozenset[Marche]]] = {}
        rien: list[frozenset[Marche]] = [frozenset()] * n
        self._retours = [rien if a is None else self._vers_les_figures(a) for a in appeles]
        """Steps between the amount of each closer and each figure."""

    def _vers_les_figures(self, pente: Pente[Grandeur]) -> list[frozenset[Marche]]:
        return [frozenset(m for i in suivies for m in pente.marches[i]) for suivies in self._suivies]

    def marches(self, pente: Pente[Grandeur]) -> list[frozenset[Marche]]:
        """Steps between an input and each figure; inputs that meet the same ones share them."""
        parts = pente.valeurs[self._n :]
        touchees = [j for j, g in enumerate(parts) if pente.marches[self._n + j] or g.any()]
        cle = (id(pente.marches), *touchees)
        if cle not in self._connues:
            propres = self._vers_les_figures(pente)
            for j in touchees:
                siennes = frozenset(pente.marches[self._n + j])
                propres = [m | r | siennes if r else m for m, r in zip(propres, self._retours[j], strict=True)]
            self._connues[cle] = propres
        return self._connues[cle]


class _Entrees:
    """Inputs of an evaluation in one scenario: the name of each leaf, one row for those that read the same field."""

    def __init__(self, ev: Evaluation, scenario: int) -> None:
        self._scenario = scenario
        self._etude = ev.ctx.variantes[scenario if len(ev.ctx.variantes) > 1 else 0]
        self._chemins = ev.ctx.evolutions_lues()

    def cle(self, feuille: Grandeur) -> tuple[Genre, str] | None:
        """Kind and name of an input; None for a number of the chain that is none."""
        if (chemin := self._chemins.get(id(feuille))) is not None:
            return "evolution", chemin
        if not feuille.origines:
            return None
        origine = feuille.origines[self._scenario if len(feuille.origines) > 1 else 0]
        if origine.reference == REALISER:
            return None
        return self._genre(origine), origine.reference

    def _genre(self, origine: Origine) -> Genre:
        """Where an input is written."""
        if origine.nature == "bareme":
            return "bareme"
        return "etude" if est_du_champ(origine.reference) else "hypothese"

    def effets(self, genre: Genre, champ: str, apports: Sequence[_Apport]) -> Iterator[tuple[int, Effet]]:
        """Effect of one input on each figure that it moves."""
        feuille, nom = apports[0].feuille, apports[0].feuille.nom
        rangees = [rangee(a.feuille.valeur, self._scenario) for a in apports]
        valeur = float(rangees[0][0]) if all(len(r) == 1 for r in rangees) else float("nan")
        par_entiers = (EN_ENTIERS,) if genre == "etude" and en_entiers(self._etude, champ) else ()
        libelle = f"Évolution {nom}" if genre == "evolution" else nom
        for k in range(len(apports[0].pentes)):
            pente = sum(a.pentes[k] for a in apports)
            marches = apports[0].marches[k].union(*(a.marches[k] for a in apports[1:]))
            if pente or marches:
                yield (
                    k,
                    Effet(
                        champ,
                        libelle,
                        genre,
                        valeur,
                        feuille.unite,
                        pente,
                        sum(a.pour_cent[k] for a in apports),
                        (*par_entiers, *sorted(m.mots for m in marches if not m.seuil)),
                        tuple(sorted(m.mots for m in marches if m.seuil)),
                    ),
                )


def est_du_champ(reference: str) -> bool:
    """Whether an input is a field of the studies."""
    return _ELEMENT.sub("[*]", reference) in champs_frappables()


def bornes_de(etude: Etude, champ: str) -> Bornes | None:
    """Lowest and highest value that the sheet admits for an input; None when it says none."""
    fiche = chemin_lu(etude, champ)[-2]
    nom = champ.rpartition(".")[2].partition("[")[0]
    declaration = declaration_du_champ(type(fiche), nom) if isinstance(fiche, Fiche) else None
    return None if declaration is None else declaration.bornes


def en_entiers(etude: Etude, champ: str) -> bool:
    """Whether an input of a study takes whole numbers only."""
    bornes = bornes_de(etude, champ)
    return bornes is not None and bornes.entier
