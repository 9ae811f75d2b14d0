"""Operations of arithmetic: the four signs, the smallest and the largest, conditions, roundings, each declared once."""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np

from pope_foncier.socle.operations import Operation, Phrase, Raison, Tableau, laisser_inconnu

_SEUIL = Raison("marche", "une comparaison saute de 0 à 1 à son seuil")
_ENTIER = Raison("marche", "un arrondi saute d'un entier au suivant")


# --- values -----------------------------------------------------------------------------------------------------
def quotient(a: Tableau, b: Tableau) -> Tableau:
    """Quotient of two arrays, undefined (NaN) over zero."""
    if np.count_nonzero(b) != getattr(b, "size", 1):
        b = np.where(np.equal(b, 0.0), np.nan, b)
    rapport: Tableau = np.divide(a, b)
    return rapport


def _somme(*termes: Tableau) -> Tableau:
    if len(termes) == 1:
        return termes[0]
    cumul: Tableau = np.add(termes[0], termes[1])
    for terme in termes[2:]:
        try:
            np.add(cumul, terme, cumul)
        except (ValueError, TypeError):  # a term of more rows, or of more months, or after two plain numbers
            cumul = np.add(cumul, terme)
    return cumul


def _egal(terme: Tableau) -> Tableau:
    return terme


def _minimum(*termes: Tableau) -> Tableau:
    resultat = termes[0]
    for terme in termes[1:]:
        resultat = np.minimum(resultat, terme)
    return resultat


def _maximum(*termes: Tableau) -> Tableau:
    resultat = termes[0]
    for terme in termes[1:]:
        resultat = np.maximum(resultat, terme)
    return resultat


def _superieur(a: Tableau, b: Tableau) -> Tableau:
    return _un_si(operator.gt, a, b)


def _superieur_ou_egal(a: Tableau, b: Tableau, marge: float = 0.0) -> Tableau:
    return _un_si(operator.ge, a, b - marge)


def _inferieur(a: Tableau, b: Tableau) -> Tableau:
    return _un_si(operator.lt, a, b)


def _inferieur_ou_egal(a: Tableau, b: Tableau, marge: float = 0.0) -> Tableau:
    return _un_si(operator.le, a, b + marge)


def _pareil(a: Tableau, b: Tableau) -> Tableau:
    return _un_si(operator.eq, a, b)


def _un_si(comparer: Callable[[Any, Any], Any], a: Tableau, b: Tableau) -> Tableau:
    """1 where a comparison is true, 0 where it is false, unknown where one of its terms is."""
    x, y = _seul(a), _seul(b)
    if x is None or y is None:
        return laisser_inconnu(np.asarray(comparer(a, b), dtype=np.float64), a, b)
    return np.array([np.nan if isnan(x) or isnan(y) else float(comparer(x, y))])


def _seul(terme: Tableau | float) -> float | None:
    """Number of a single figure, or plain number; None for rows, months or years."""
    if isinstance(terme, np.ndarray):
        return float(terme.item()) if terme.shape == (1,) else None
    return terme


def _si(condition: Tableau, alors: Tableau, sinon: Tableau) -> Tableau:
    return laisser_inconnu(np.where(condition, alors, sinon), condition)


def _connu_ou_zero(terme: Tableau) -> Tableau:
    return np.where(np.isnan(terme), 0.0, terme)


def _plancher(terme: Tableau) -> Tableau:
    return np.asarray(np.floor(terme))


def _plafond(terme: Tableau, tolerance: float) -> Tableau:
    return np.asarray(np.ceil(terme - tolerance))


def _puissance(base: Tableau, exposant: Tableau) -> Tableau:
    return np.asarray(base**exposant)


# --- slopes -----------------------------------------------------------------------------------------------------
def _pente_somme(g: Tableau, y: Tableau, *termes: Tableau) -> tuple[Tableau | None, ...]:
    return (g,) * len(termes)


def _pente_moins(g: Tableau, y: Tableau, a: Tableau, b: Tableau) -> tuple[Tableau | None, ...]:
    return g, -g


def _pente_fois(g: Tableau, y: Tableau, a: Tableau, b: Tableau) -> tuple[Tableau | None, ...]:
    return g * b, g * a


def _pente_par(g: Tableau, y: Tableau, a: Tableau, b: Tableau) -> tuple[Tableau | None, ...]:
    return quotient(g, b), -quotient(g * y, b)


def _pente_du_choisi(g: Tableau, y: Tableau, *termes: Tableau) -> tuple[Tableau | None, ...]:
    """The operand that is the smallest (or largest) takes all of the slope, the first one in case of a tie."""
    libre, pentes = np.ones(np.shape(y)), []
    for terme in termes:
        pris = libre * (terme == y)
        libre = libre - pris
        pentes.append(g * pris)
    return tuple(pentes)


def _pente_si(g: Tableau, y: Tableau, c: Tableau, a: Tableau, b: Tableau) -> tuple[Tableau | None, ...]:
    vrai = np.asarray(c) != 0.0
    return None, g * vrai, g * ~vrai


def _pente_connu(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (g * ~np.isnan(terme),)


def _pente_puissance(g: Tableau, y: Tableau, base: Tableau, exposant: Tableau) -> tuple[Tableau | None, ...]:
    return g * exposant * base ** (exposant - 1.0), g * y * np.log(base)


# --- declared ---------------------------------------------------------------------------------------------------
def _infixe(signe: str, force: int) -> Phrase:
    return Phrase(signe, force, infixe=True)


PLUS = Operation("plus", _somme, _infixe(" + ", 1), "SUM({*})", _pente_somme, unite="meme")
MOINS = Operation("moins", np.subtract, _infixe(" − ", 1), "{0}-{1}", _pente_moins, unite="meme")
FOIS = Operation("fois", np.multiply, _infixe(" × ", 2), "{0}*{1}", _pente_fois, unite="produit")
PAR = Operation("par", quotient, _infixe(" ÷ ", 2), "IF({1}=0,NA(),{0}/{1})", _pente_par, unite="quotient")
EGAL = Operation("egal", _egal, Phrase("{0}"), "{0}", _pente_somme, unite="premier")
MINIMUM = Operation(
    "minimum", _minimum, Phrase("le plus petit de [{}] et [{}]"), "MIN({*})", _pente_du_choisi, unite="meme"
)
MAXIMUM = Operation(
    "maximum", _maximum, Phrase("le plus grand de [{}] et [{}]"), "MAX({*})", _pente_du_choisi, unite="meme"
)
SI = Operation(
    "si",
    _si,
    Phrase("{1} si {0}, sinon {2}"),
    "IF({0}<>0,{1},{2})",
    _pente_si,
    unite="choix",
    marche="une condition est remplie ou non",
)
SUPERIEUR = Operation("superieur", _superieur, Phrase("1 si {} > {}"), "IF({0}>{1},1,0)", _SEUIL, unite="sans")
INFERIEUR = Operation("inferieur", _inferieur, Phrase("1 si {} < {}"), "IF({0}<{1},1,0)", _SEUIL, unite="sans")
SUPERIEUR_OU_EGAL = Operation(
    "superieur_ou_egal", _superieur_ou_egal, Phrase("1 si {} ≥ {}"), "IF({0}>={1}-{p0},1,0)", _SEUIL, unite="sans"
)
INFERIEUR_OU_EGAL = Operation(
    "inferieur_ou_egal", _inferieur_ou_egal, Phrase("1 si {} ≤ {}"), "IF({0}<={1}+{p0},1,0)", _SEUIL, unite="sans"
)
PAREIL = Operation("pareil", _pareil, Phrase("1 si {} = {}"), "IF({0}={1},1,0)", _SEUIL, unite="sans")
CONNU_OU_ZERO = Operation(
    "connu_ou_zero", _connu_ou_zero, Phrase("{}"), "IF(ISNA({0}),0,{0})", _pente_connu, unite="premier"
)
PLANCHER = Operation("plancher", _plancher, Phrase("partie entière de [{}]"), "INT({0})", _ENTIER, unite="premier")
PLAFOND = Operation(
    "plafond", _plafond, Phrase("{} arrondi à l'entier suivant"), "-INT({p0}-{0})", _ENTIER, unite="premier"
)
PUISSANCE = Operation(
    "puissance", _puissance, Phrase("{} puissance {}"), "POWER({0},{1})", _pente_puissance, unite="puissance"
)
