"""What an operation is: its value, its French sentence, its spreadsheet formula, its slope, its axis and its unit, declared once.

The chain is written with a closed vocabulary (``operations_de_calcul``, ``operations_du_temps``); a rule that no primitive says (integer search of places, schedule of a loan…)
is an operation of the same form in the room that owns it. A face that an operation has not is a ``Raison``, in French words.

A formula speaks of cells: ``{0}`` is the cell of the first operand at the same month, or of its year, or its only one; ``{0:ligne}`` its
whole row, ``{0:cumul}`` its row up to this month, ``{0:annee}`` the months of this year, ``{0:rangs}`` the ranks of its columns; ``{*}`` all the
operands; ``{rang}`` the rank of this month from zero, ``{p0}`` the first parameter. An unknown cell is ``NA()``, which spreads.

Where one cell would not do, the formula is a ``Detail`` (the same value written with the words of the vocabulary, each one cell) or, for what
goes on from the month before, a ``Bloc``: rows that read each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isnan
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul

Tableau = NDArray[np.float64]
Pente = Callable[..., tuple[Tableau | None, ...]]
"""Vector–Jacobian product: of the slope on the result, the result, the operands and the parameters; None for an operand seen by steps only.

The slope on the result may have more axes ahead than the result: one row for each figure that asks."""
Marche = Callable[[int, tuple[Any, ...]], str]
"""Why an operand is seen by steps only, in French words, from its rank and the parameters."""
Axe = Literal["", "mois", "annee"]
RegleAxe = Literal["commun", "", "mois", "annee"]
"""Axis of the result: that of the operands, or a fixed one."""
RegleUnite = Literal["meme", "choix", "premier", "deuxieme", "produit", "quotient", "puissance", "sans", "libre"]
"""Unit of the result: that of all operands, of the last two, of one, their product or quotient, none, or what the name says."""


class Phrase(NamedTuple):
    """Shape of an expression: infix sign or template, and binding strength."""

    gabarit: str
    force: int = 9
    infixe: bool = False

    def force_du_terme(self, rang: int) -> int:
        """Binding strength asked of an operand: what is taken away or divides must bind more than what comes first."""
        return self.force + (rang > 0 and self.gabarit in (" − ", " ÷ "))

    def joindre(self, termes: Sequence[str], force: int = 0) -> str:
        """Words of the operation from those of its operands, between brackets where it binds less than asked."""
        if self.infixe:
            texte = self.gabarit.join(termes)
            return f"({texte})" if self.force < force else texte
        if self.gabarit.count("{}") == 2 and len(termes) > 2:
            termes = [termes[0], "] et [".join(termes[1:])]
        return self.gabarit.format(*termes)


@lru_cache(maxsize=4096)
def phrase_de(gabarit: str) -> Phrase:
    """Sentence of the trade, from its template: the same one serves all the evaluations."""
    return Phrase(gabarit)


class Facteur(NamedTuple):
    """Operand of an operation with several results that one of them follows.

    Attributes:
        rang: rank of the operand.
        multiple: whether the result is that operand times what it is for one; otherwise it does not depend on it.
    """

    rang: int
    multiple: bool


@enregistrement
class Raison:
    """Why an operation has no formula, or no slope."""

    genre: Literal["valeur tenue", "marche"]
    mots: str


@enregistrement
class Detail:
    """Formula of several cells: a function of the operands (quantities), then of the parameters.

    It gives the same value in the words of the vocabulary, or one formula named ``SEULE`` with what it reads beside the operands.
    """

    ecrire: Callable[..., Any]


class LignesDuBloc(NamedTuple):
    """Rows of a block.

    Attributes:
        aides: quantities that its formulas read, by name.
        formules: formula of each result, by its name; ``{0}`` an operand, ``{nom}`` a quantity or another result at this month,
            ``{nom:avant}`` the month before (nothing before the first), ``{nom:ligne}`` its row.
    """

    aides: dict[str, Any]
    formules: dict[str, str]


SEULE = "seule"
"""Name of the formula of a result that stands alone."""


@enregistrement
class Bloc:
    """Formulas of an operation with several results: a function of the operands, then of the parameters but the last."""

    ecrire: Callable[..., LignesDuBloc | Raison]


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """Operation and its faces.

    Attributes:
        cle: its name, one operation each.
        valeur: numpy function of the arrays of the operands, then of the parameters.
        phrase: default sentence; a call may give its own.
        tableur: formula, or why the workbook holds the value.
        pente: slope, or why there is none.
        axe: axis of the result.
        unite: unit of the result.
        marche: why the operands without a slope have none, where the others have one.
        ensemble: several results computed together, of the operands and the parameters but the last, which names one of them.
        facteur: operand that one of them follows, from the parameters, if it does.
    """

    cle: str
    valeur: Callable[..., Any]
    phrase: Phrase
    tableur: str | Raison | Detail | Bloc
    pente: Pente | Raison
    axe: RegleAxe = "commun"
    unite: RegleUnite = field(default="libre")
    marche: str | Marche = ""
    ensemble: Callable[..., Any] | None = None
    facteur: Callable[..., Facteur | None] | None = None

    def raison_de_la_marche(self, rang: int, parametres: tuple[Any, ...] = ()) -> str:
        """Why an operand that has no slope is seen by steps only, in French words."""
        if isinstance(self.pente, Raison):
            return self.pente.mots
        return self.marche if isinstance(self.marche, str) else self.marche(rang, parametres)

    def __post_init__(self) -> None:
        if self.cle in OPERATIONS:
            raise ErreurCalcul(f"Deux opérations du même nom : « {self.cle} ». En renommer une.")
        OPERATIONS[self.cle] = self


OPERATIONS: dict[str, Operation] = {}
"""All that is declared, by name."""


def laisser_inconnu(resultat: Tableau, *conditions: Tableau) -> Tableau:
    """Spread the unknown of what a result depends on."""
    for condition in conditions:
        if isinstance(condition, float):
            continue
        if condition.size == 1:
            if isnan(condition.item()):
                resultat[...] = np.nan
        else:
            inconnu = np.isnan(condition)
            if np.count_nonzero(inconnu):
                resultat[np.broadcast_to(inconnu, resultat.shape)] = np.nan
    return resultat
