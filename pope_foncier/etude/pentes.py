"""Slopes of the figures of a study: what one more unit of each input changes, the plan being closed again.

On a closed plan the amounts of the closers follow the inputs: at the fixed point b = F(b, x), so a figure o(b, x) moves by
∂o/∂x + ∂o/∂b (I − ∂F/∂b)⁻¹ ∂F/∂x (implicit function theorem); one pass gives the figures and the shares of the gap together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class _Apport:
    """Slope of one input on one figure, the closing followed, shape (n,)."""

    feuille: Grandeur
    valeur: Tableau
    marches: frozenset[Marche]


def effets(ev: Evaluation, sorties: Sequence[Sortie[Grandeur]], scenario: int = 0) -> list[list[Effet]]:
    """Effect of every input on each figure, in one scenario: those of the study, of its paths, then of the law, by weight.

    A figure that is unknown has none.
    """
    entrees = _Entrees(ev, scenario)
    return [entrees.reunir(apports) for apports in _apports(ev, sorties, scenario)]


def _apports(ev: Evaluation, sorties: Sequence[Sortie[Grandeur]], scenario: int) -> list[list[_Apport]]:
    """Slopes by figure, each leaf once, the amounts of the closers followed down to what they depend on."""
    parts = [Sortie(part, np.ones(1)) for part in ev.parts.values()]
    descente = Descente.depuis([s.grandeur for s in (*sorties, *parts)])
    lues = [{id(p.feuille): p for p in pentes} for pentes in descente.pentes([*sorties, *parts], scenario)]
    directes, des_parts = lues[: len(sorties)], lues[len(sorties) :]
    appeles = [id(ev.ctx.bouclage[cle]) for cle in ev.parts]
    retour = np.array([[_vers(pentes, b) for b in appeles] for pentes in des_parts]).reshape(len(parts), len(parts))
    rendre = np.linalg.inv(np.eye(len(parts)) - retour)
    return [
        _suivre(pentes, des_parts, appeles, np.array([_vers(pentes, b) for b in appeles]) @ rendre)
        for pentes in directes
    ]


def _vers(pentes: Mapping[int, Pente[Grandeur]], feuille: int) -> float:
    return float(pentes[feuille].valeur.sum()) if feuille in pentes else 0.0


def _suivre(
    pentes: Mapping[int, Pente[Grandeur]],
    des_parts: Sequence[Mapping[int, Pente[Grandeur]]],
    appeles: Sequence[int],
    poids: Tableau,
) -> list[_Apport]:
    """Slopes of one figure: its own, and those of the share of each closer at its weight; the amounts called are no inputs.

    What a closer's amount moves by steps alone, its inputs move by steps too.
    """
    feuilles: dict[int, Grandeur] = {}
    valeurs: dict[int, Tableau] = {}
    marches: dict[int, set[Marche]] = {}
    for facteur, lues in [(1.0, pentes), *((float(p), lues) for p, lues in zip(poids, des_parts, strict=True) if p)]:
        for cle, pente in lues.items():
            feuilles[cle] = pente.feuille
            apport = facteur * pente.valeur
            valeurs[cle] = valeurs[cle] + apport if cle in valeurs else apport
            marches.setdefault(cle, set()).update(pente.marches)
    for appele, lues in zip(appeles, des_parts, strict=True):
        for cle, pente in lues.items() if marches.get(appele) else ():
            feuilles[cle] = pente.feuille
            valeurs.setdefault(cle, np.zeros(1))
            marches.setdefault(cle, set()).update(marches[appele], pente.marches)
    return [_Apport(f, valeurs[cle], frozenset(marches[cle])) for cle, f in feuilles.items() if cle not in appeles]


class _Entrees:
    """Inputs of an evaluation in one scenario: the name of each leaf, one row for those that read the same field."""

    def __init__(self, ev: Evaluation, scenario: int) -> None:
        self._scenario = scenario
        self._etude = ev.ctx.variantes[scenario if len(ev.ctx.variantes) > 1 else 0]
        self._appeles = {id(g) for g in ev.ctx.bouclage.values()}
        self._chemins = ev.ctx.evolutions_lues()

    def reunir(self, apports: Sequence[_Apport]) -> list[Effet]:
        """Effects by input: those of the study, the paths, the law; in each, the largest first."""
        groupes: dict[tuple[Genre, str], list[_Apport]] = {}
        for apport in apports:
            cle = self._cle(apport.feuille)
            if cle is not None:
                groupes.setdefault(cle, []).append(apport)
        lus = [self._effet(genre, champ, groupe) for (genre, champ), groupe in groupes.items()]
        return sorted(lus, key=lambda e: (_GENRES.index(e.genre), -abs(e.un_pour_cent)))

    def _cle(self, feuille: Grandeur) -> tuple[Genre, str] | None:
        """Kind and name of an input; None for a number of the chain that is none."""
        if (chemin := self._chemins.get(id(feuille))) is not None:
            return "evolution", chemin
        if id(feuille) in self._appeles or not feuille.origines:
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

    def _effet(self, genre: Genre, champ: str, apports: Sequence[_Apport]) -> Effet:
        feuille = apports[0].feuille
        rangees = [rangee(a.feuille.valeur, self._scenario) for a in apports]
        pente = un_pour_cent = 0.0
        marches: set[Marche] = set()
        for apport, lue in zip(apports, rangees, strict=True):
            pente += float(apport.valeur[0] if len(apport.valeur) == 1 else apport.valeur.sum())
            un_pour_cent += _POUR_CENT * _fois(apport.valeur, lue)
            marches |= apport.marches
        par_entiers = (EN_ENTIERS,) if genre == "etude" and en_entiers(self._etude, champ) else ()
        return Effet(
            champ,
            f"Évolution {feuille.nom}" if genre == "evolution" else feuille.nom,
            genre,
            float(rangees[0][0]) if all(len(r) == 1 for r in rangees) else float("nan"),
            feuille.unite,
            pente,
            un_pour_cent,
            (*par_entiers, *sorted(m.mots for m in marches if not m.seuil)),
            tuple(sorted(m.mots for m in marches if m.seuil)),
        )


def _fois(pente: Tableau, valeur: Tableau) -> float:
    """Slope times value, an unknown value without a slope left aside."""
    if len(valeur) == 1:
        return float(pente[0] * valeur[0]) if pente[0] else 0.0
    return float(np.where(pente != 0.0, pente * valeur, 0.0).sum())


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
