"""Operations, each declared once: its value, its French sentence, its spreadsheet formula, its slope, its axis and its unit.

The chain is written with this closed vocabulary; a rule that no primitive says (integer search of places, schedule of a loan…)
is an operation of the same form in the room that owns it. A face that an operation has not is a ``Raison``, in French words.

A formula speaks of cells: ``{0}`` is the cell of the first operand at the same month, or of its year, or its only one; ``{0:ligne}`` its
whole row, ``{0:cumul}`` its row up to this month, ``{0:annee}`` the months of this year; ``{*}`` all the operands; ``{rang}`` the rank of this
month from zero, ``{p0}`` the first parameter. An unknown cell is ``NA()``, which spreads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.erreurs import ErreurCalcul

Tableau = NDArray[np.float64]
Pente = Callable[..., tuple[Tableau | None, ...]]
"""Vector–Jacobian product: of the slope on the result, the result, the operands and the parameters; None for an operand seen by steps only."""
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


@dataclass(frozen=True, slots=True)
class Raison:
    """Why an operation has no formula, or no slope."""

    genre: Literal["valeur tenue", "marche"]
    mots: str


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
    """

    cle: str
    valeur: Callable[..., Any]
    phrase: Phrase
    tableur: str | Raison
    pente: Pente | Raison
    axe: RegleAxe = "commun"
    unite: RegleUnite = field(default="libre")

    def __post_init__(self) -> None:
        if self.cle in OPERATIONS:
            raise ErreurCalcul(f"Deux opérations du même nom : « {self.cle} ». En renommer une.")
        OPERATIONS[self.cle] = self


OPERATIONS: dict[str, Operation] = {}
"""All that is declared, by name."""

_DATE = Raison("marche", "une date compte en mois entiers")
_SEUIL = Raison("marche", "une comparaison saute de 0 à 1 à son seuil")
_ENTIER = Raison("marche", "un arrondi saute d'un entier au suivant")


# --- values -----------------------------------------------------------------------------------------------------
def quotient(a: Tableau, b: Tableau) -> Tableau:
    """Quotient of two arrays, undefined (NaN) over zero."""
    nul = np.equal(b, 0.0)
    if not nul.any():
        rapport: Tableau = np.divide(a, b)
        return rapport
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.asarray(np.divide(a, b))
    quotient[np.broadcast_to(nul, quotient.shape)] = np.nan
    return quotient


def _somme(*termes: Tableau) -> Tableau:
    if len(termes) == 2:
        deux: Tableau = np.add(termes[0], termes[1])
        return deux
    if len(termes) == 1:
        return termes[0]
    cumul = np.empty(np.broadcast_shapes(*(np.shape(t) for t in termes)))
    np.add(termes[0], termes[1], out=cumul)
    for terme in termes[2:]:
        np.add(cumul, terme, out=cumul)
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


def _laisser_inconnu(resultat: Tableau, *conditions: Tableau) -> Tableau:
    """Spread the unknown of what a result depends on."""
    for condition in conditions:
        if not isinstance(condition, float):
            inconnu = np.isnan(condition)
            if inconnu.any():
                resultat[np.broadcast_to(inconnu, resultat.shape)] = np.nan
    return resultat


def _superieur(a: Tableau, b: Tableau) -> Tableau:
    return _laisser_inconnu(np.greater(a, b).astype(np.float64), a, b)


def _superieur_ou_egal(a: Tableau, b: Tableau, marge: float = 0.0) -> Tableau:
    return _laisser_inconnu(np.greater_equal(a, b - marge).astype(np.float64), a, b)


def _inferieur(a: Tableau, b: Tableau) -> Tableau:
    return _laisser_inconnu(np.less(a, b).astype(np.float64), a, b)


def _inferieur_ou_egal(a: Tableau, b: Tableau, marge: float = 0.0) -> Tableau:
    return _laisser_inconnu(np.less_equal(a, b + marge).astype(np.float64), a, b)


def _pareil(a: Tableau, b: Tableau) -> Tableau:
    return _laisser_inconnu(np.equal(a, b).astype(np.float64), a, b)


def _si(condition: Tableau, alors: Tableau, sinon: Tableau) -> Tableau:
    return _laisser_inconnu(np.where(condition, alors, sinon), condition)


def _connu_ou_zero(terme: Tableau) -> Tableau:
    return np.where(np.isnan(terme), 0.0, terme)


def _plancher(terme: Tableau) -> Tableau:
    return np.asarray(np.floor(terme))


def _plafond(terme: Tableau, tolerance: float) -> Tableau:
    return np.asarray(np.ceil(terme - tolerance))


def _puissance(base: Tableau, exposant: Tableau) -> Tableau:
    return np.asarray(base**exposant)


def _total(terme: Tableau) -> Tableau:
    return np.asarray(terme.sum(axis=-1, keepdims=True))


def _plus_haut(terme: Tableau) -> Tableau:
    return np.asarray(terme.max(axis=-1, keepdims=True))


def _plus_bas(terme: Tableau) -> Tableau:
    return np.asarray(terme.min(axis=-1, keepdims=True))


def _dernier(terme: Tableau) -> Tableau:
    return terme[..., -1:]


def _cumul(terme: Tableau) -> Tableau:
    return np.asarray(np.cumsum(terme, axis=-1))


def _plus_haut_a_ce_jour(terme: Tableau) -> Tableau:
    return np.asarray(np.maximum.accumulate(terme, axis=-1))


def _variation(terme: Tableau) -> Tableau:
    return np.asarray(np.diff(terme, axis=-1, prepend=0.0))


def sommes_annuelles(valeur: Tableau, echelle: Any) -> Tableau:
    """Sums by calendar year of an array of months, shape (…, years)."""
    if valeur.shape[-1] == 1:
        valeur = np.broadcast_to(valeur, (*valeur.shape[:-1], echelle.duree_mois))
    return np.asarray(np.add.reduceat(valeur, echelle.debuts_annee, axis=-1))


def _vers_mois(annuel: Tableau, echelle: Any) -> Tableau:
    return np.asarray(np.take(annuel, echelle.rang_annee, axis=-1))


def _fin_d_annee(mensuel: Tableau, echelle: Any) -> Tableau:
    fins = np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1
    return np.asarray(np.broadcast_to(mensuel, (*mensuel.shape[:-1], echelle.duree_mois))[..., fins])


def decale(flux: Tableau, delai: Tableau) -> Tableau:
    """Flows moved later by whole ranks, earlier when the delay is below zero, shape (…, M); unknown when the delay is."""
    dernier = flux.shape[-1] - 1
    rangs = np.arange(flux.shape[-1]) - np.nan_to_num(delai).astype(np.intp)
    forme = np.broadcast_shapes(flux.shape, rangs.shape)
    pris = np.take_along_axis(np.broadcast_to(flux, forme), np.broadcast_to(np.clip(rangs, 0, dernier), forme), axis=-1)
    return np.where(np.isnan(delai), np.nan, np.where((rangs >= 0) & (rangs <= dernier), pris, 0.0))


def _entre(mois: Tableau, debut: Tableau, fin: Tableau) -> Tableau:
    return _laisser_inconnu(((mois >= debut) & (mois < fin)).astype(np.float64), debut, fin)


def _etaler(montant: Tableau, masque: Tableau) -> Tableau:
    nombre = masque.sum(axis=-1, keepdims=True)
    if nombre.all():
        return np.asarray(montant * (masque / nombre))
    premier = np.zeros(masque.shape[-1])
    premier[0] = 1.0
    return np.asarray(montant * np.where(nombre > 0, masque / np.maximum(nombre, 1.0), premier))


def _au_rythme(montant: Tableau, flux: Tableau) -> Tableau:
    somme = flux.sum(axis=-1, keepdims=True)
    return np.asarray(montant * np.divide(flux, somme, out=np.zeros_like(flux), where=somme != 0.0))


def _au_mois(mois: Tableau, montant: Tableau, quand: Tableau) -> Tableau:
    return _laisser_inconnu(np.where(mois == np.floor(quand + 0.5), montant, 0.0), quand)


def _premier(vrai: Tableau) -> Tableau:
    oui = vrai > 0.0
    return np.where(oui.any(axis=-1, keepdims=True), oui.argmax(axis=-1, keepdims=True), np.nan)


def _au_rang(serie: Tableau, rang: Tableau) -> Tableau:
    duree = serie.shape[-1]
    if rang.size == 1 and rang.ndim <= serie.ndim and 0.0 <= rang.flat[0] < duree:
        seul = int(rang.flat[0])
        return serie[..., seul : seul + 1]
    large = np.broadcast_to(serie, (*np.broadcast_shapes(serie.shape[:-1], rang.shape[:-1]), duree))
    position = np.broadcast_to(np.nan_to_num(rang).astype(np.intp), (*large.shape[:-1], 1))
    lue = np.take_along_axis(large, np.minimum(position, duree - 1), axis=-1)
    return np.where(np.isnan(rang), np.nan, np.where(position < duree, lue, 0.0))


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


def _pente_total(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (np.broadcast_to(g, terme.shape),)


def _pente_extreme(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    rang = np.argmax(terme == y, axis=-1)[..., None]
    return (g * (np.arange(terme.shape[-1]) == rang),)


def _pente_dernier(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (g * (np.arange(terme.shape[-1]) == terme.shape[-1] - 1),)


def _pente_cumul(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (np.flip(np.cumsum(np.flip(g, axis=-1), axis=-1), axis=-1),)


def _pente_variation(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (g - np.concatenate([g[..., 1:], np.zeros((*g.shape[:-1], 1))], axis=-1),)


def _pente_plus_haut_a_ce_jour(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    rangs = np.maximum.accumulate(np.where(terme == y, np.arange(y.shape[-1]), 0), axis=-1)
    return ((g[..., None, :] * (rangs[..., None, :] == np.arange(y.shape[-1])[:, None])).sum(axis=-1),)


def _pente_par_annee(g: Tableau, y: Tableau, mensuel: Tableau, echelle: Any) -> tuple[Tableau | None, ...]:
    return (np.take(g, echelle.rang_annee, axis=-1),)


def _pente_vers_mois(g: Tableau, y: Tableau, annuel: Tableau, echelle: Any) -> tuple[Tableau | None, ...]:
    return (np.add.reduceat(g, echelle.debuts_annee, axis=-1),)


def _pente_fin_d_annee(g: Tableau, y: Tableau, mensuel: Tableau, echelle: Any) -> tuple[Tableau | None, ...]:
    fins = np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1
    rendu = np.zeros((*g.shape[:-1], echelle.duree_mois))
    rendu[..., fins] = g
    return (rendu,)


def _pente_decaler(g: Tableau, y: Tableau, flux: Tableau, delai: Tableau) -> tuple[Tableau | None, ...]:
    return decale(g, -np.asarray(delai)), None


def _pente_etaler(g: Tableau, y: Tableau, montant: Tableau, masque: Tableau) -> tuple[Tableau | None, ...]:
    return g * _etaler(np.ones(1), masque), None


def _pente_au_rythme(g: Tableau, y: Tableau, montant: Tableau, flux: Tableau) -> tuple[Tableau | None, ...]:
    somme = flux.sum(axis=-1, keepdims=True)
    moyenne = (g * y).sum(axis=-1, keepdims=True)
    return g * _au_rythme(np.ones(1), flux), np.nan_to_num(quotient(g * montant - moyenne, somme))


def _pente_au_mois(
    g: Tableau, y: Tableau, mois: Tableau, montant: Tableau, quand: Tableau
) -> tuple[Tableau | None, ...]:
    return None, g * (mois == np.floor(quand + 0.5)), None


def _pente_au_rang(g: Tableau, y: Tableau, serie: Tableau, rang: Tableau) -> tuple[Tableau | None, ...]:
    return g * (np.arange(serie.shape[-1]) == rang), None


# --- vocabulary -------------------------------------------------------------------------------------------------
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
SI = Operation("si", _si, Phrase("{1} si {0}, sinon {2}"), "IF({0}<>0,{1},{2})", _pente_si, unite="choix")

SUPERIEUR = Operation("superieur", _superieur, Phrase("1 si {} > {}"), "IF({0}>{1},1,0)", _SEUIL, unite="sans")
INFERIEUR = Operation("inferieur", _inferieur, Phrase("1 si {} < {}"), "IF({0}<{1},1,0)", _SEUIL, unite="sans")
SUPERIEUR_OU_EGAL = Operation(
    "superieur_ou_egal", _superieur_ou_egal, Phrase("1 si {} ≥ {}"), "IF({0}>={1}-{p0},1,0)", _SEUIL, unite="sans"
)
INFERIEUR_OU_EGAL = Operation(
    "inferieur_ou_egal", _inferieur_ou_egal, Phrase("1 si {} ≤ {}"), "IF({0}<={1}+{p0},1,0)", _SEUIL, unite="sans"
)
PAREIL = Operation("pareil", _pareil, Phrase("1 si {} = {}"), "IF({0}={1},1,0)", _SEUIL, unite="sans")
CONNU_OU_ZERO = Operation("connu_ou_zero", _connu_ou_zero, Phrase("{}"), "IFNA({0},0)", _pente_connu, unite="premier")

PLANCHER = Operation("plancher", _plancher, Phrase("partie entière de [{}]"), "INT({0})", _ENTIER, unite="premier")
PLAFOND = Operation(
    "plafond", _plafond, Phrase("{} arrondi à l'entier suivant"), "-INT({p0}-{0})", _ENTIER, unite="premier"
)
PUISSANCE = Operation(
    "puissance", _puissance, Phrase("{} puissance {}"), "POWER({0},{1})", _pente_puissance, unite="puissance"
)

TOTAL = Operation("total", _total, Phrase("total de {}"), "SUM({0:ligne})", _pente_total, "", "premier")
PLUS_HAUT = Operation(
    "plus_haut", _plus_haut, Phrase("plus haut de [{}]"), "MAX({0:ligne})", _pente_extreme, "", "premier"
)
PLUS_BAS = Operation("plus_bas", _plus_bas, Phrase("plus bas de [{}]"), "MIN({0:ligne})", _pente_extreme, "", "premier")
DERNIER = Operation(
    "dernier",
    _dernier,
    Phrase("dernier mois de [{}]"),
    "INDEX({0:ligne},COLUMNS({0:ligne}))",
    _pente_dernier,
    "",
    "premier",
)
CUMUL = Operation("cumul", _cumul, Phrase("cumul de [{}]"), "SUM({0:cumul})", _pente_cumul, unite="premier")
PLUS_HAUT_A_CE_JOUR = Operation(
    "plus_haut_a_ce_jour",
    _plus_haut_a_ce_jour,
    Phrase("plus haut à ce jour de [{}]"),
    "MAX({0:cumul})",
    _pente_plus_haut_a_ce_jour,
    unite="premier",
)
VARIATION = Operation(
    "variation",
    _variation,
    Phrase("variation de [{}]"),
    "IF({rang}=0,{0},{0}-INDEX({0:ligne},{rang}))",
    _pente_variation,
    unite="premier",
)
PAR_ANNEE = Operation(
    "par_annee",
    sommes_annuelles,
    Phrase("total de l'année de {}"),
    "SUM({0:annee})",
    _pente_par_annee,
    "annee",
    "premier",
)
VERS_MOIS = Operation("vers_mois", _vers_mois, Phrase("{}"), "{0}", _pente_vers_mois, "mois", "premier")
FIN_D_ANNEE = Operation(
    "fin_d_annee",
    _fin_d_annee,
    Phrase("{} au 31 décembre"),
    "INDEX({0:annee},COLUMNS({0:annee}))",
    _pente_fin_d_annee,
    "annee",
    "premier",
)
DECALER = Operation(
    "decaler",
    decale,
    Phrase("{} versé {} plus tard"),
    "IF(OR({rang}<{1},{rang}-{1}>=COLUMNS({0:ligne})),0,INDEX({0:ligne},{rang}-{1}+1))",
    _pente_decaler,
    unite="premier",
)
ENTRE = Operation(
    "entre",
    _entre,
    Phrase("1 si {} est entre {} et {}, 0 sinon"),
    "IF(AND({0}>={1},{0}<{2}),1,0)",
    _DATE,
    "mois",
    "sans",
)
ETALER = Operation(
    "etaler",
    _etaler,
    Phrase("{} réparti sur les [{}]"),
    "IF(SUM({1:ligne})=0,IF({rang}=0,{0},0),{0}*{1}/SUM({1:ligne}))",
    _pente_etaler,
    "mois",
    "premier",
)
AU_RYTHME = Operation(
    "au_rythme",
    _au_rythme,
    Phrase("{} au rythme de [{}]"),
    "IF(SUM({1:ligne})=0,0,{0}*{1}/SUM({1:ligne}))",
    _pente_au_rythme,
    "mois",
    "premier",
)
AU_MOIS = Operation(
    "au_mois",
    _au_mois,
    Phrase("{1} versé au mois {2}"),
    "IF({0}=INT({2}+0.5),{1},0)",
    _pente_au_mois,
    "mois",
    "deuxieme",
)
PREMIER = Operation(
    "premier",
    _premier,
    Phrase("rang du premier [{}]"),
    "IF(SUM({0:ligne})=0,NA(),MATCH(1,{0:ligne},0)-1)",
    Raison("marche", "un rang est un entier"),
    "",
    "sans",
)
AU_RANG = Operation(
    "au_rang",
    _au_rang,
    Phrase("{0} au rang {1}"),
    "IF({1}<COLUMNS({0:ligne}),INDEX({0:ligne},{1}+1),0)",
    _pente_au_rang,
    "",
    "premier",
)
