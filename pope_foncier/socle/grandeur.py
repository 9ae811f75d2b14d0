"""Quantity: an array that remembers how it was computed and can tell it in one French sentence.

Arrays have the month (or the calendar year, or nothing: length 1) as last axis and draws or scenarios ahead, so the
same expression serves one scenario and 100,000 draws. Arithmetic on quantities computes at once with numpy and keeps
its operands; the sentence is written from those operands only, so it cannot disagree with the result. A quantity that
holds random draws keeps no operands: there is no single sentence for 10,000 values, and memory stays flat.

An unknown input is NaN and carries the name of what is missing; the unknown spreads to all that depends on it and is
shown as « inconnu », never as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.phrases import Axe, Noeud, Operation, Origine
from pope_foncier.socle.temps import Echelle

Tableau = NDArray[np.float64]

VIDE: frozenset[str] = frozenset()


_PLUS = Operation(" + ", 1)
_MOINS = Operation(" − ", 1)
_FOIS = Operation(" × ", 2)
_PAR = Operation(" ÷ ", 2)
_EGAL = Operation("{0}", 9, infixe=False)


class Grandeur(Noeud):
    """Quantity: value, unit, name, and the operation and operands it comes from."""

    __slots__ = ()

    def __init__(
        self,
        valeur: ArrayLike,
        nom: str = "",
        unite: str = "",
        origines: Sequence[Origine] = (),
        axe: Axe = "",
        tracee: bool = True,
        manques: frozenset[str] = VIDE,
    ) -> None:
        self.valeur = np.atleast_1d(np.asarray(valeur, dtype=np.float64))
        self.nom = nom
        self.unite = unite
        self.origines = tuple(origines)
        self.axe = axe
        self.tracee = tracee
        self.manques = manques
        self.operation = None
        self.operandes = ()

    # --- arithmetic -------------------------------------------------------------------------------------------
    def __add__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_PLUS, np.add, self, autre)

    def __radd__(self, autre: float) -> Grandeur:
        return _combiner(_PLUS, np.add, autre, self)

    def __sub__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_MOINS, np.subtract, self, autre)

    def __rsub__(self, autre: float) -> Grandeur:
        return _combiner(_MOINS, np.subtract, autre, self)

    def __mul__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_FOIS, np.multiply, self, autre)

    def __rmul__(self, autre: float) -> Grandeur:
        return _combiner(_FOIS, np.multiply, autre, self)

    def __truediv__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_PAR, quotient, self, autre)

    def __repr__(self) -> str:
        return f"Grandeur({self.nom or '…'!r}, {self.valeur.shape}, {self.unite!r})"

    # --- naming -----------------------------------------------------------------------------------------------
    def nommer(self, nom: str, unite: str = "€") -> Grandeur:
        """Give a name: a named quantity is a line, and stops the sentences of those that use it."""
        if not self.nom:
            self.nom, self.unite = nom, unite
            return self
        copie = self.alias()
        copie.nom, copie.unite = nom, unite
        return copie

    def alias(self) -> Grandeur:
        """The same quantity without a name, whose sentence is the quantity itself: a line of another name may take it."""
        if self.nom or self.operation is None:
            return _resultat(_EGAL, self.valeur, (self,), self.axe)
        return _resultat(self.operation, self.valeur, self.operandes, self.axe)


# --- building expressions ---------------------------------------------------------------------------------------
def minimum(*termes: Grandeur) -> Grandeur:
    """Smallest of several quantities, element by element."""
    return appliquer(lambda *v: _reduire(np.minimum, v), "le plus petit de [{}] et [{}]", *termes)


def maximum(*termes: Grandeur | float) -> Grandeur:
    """Largest of several quantities, element by element."""
    return appliquer(lambda *v: _reduire(np.maximum, v), "le plus grand de [{}] et [{}]", *termes)


def somme(termes: Iterable[Grandeur], nom: str = "", unite: str = "€") -> Grandeur:
    """Sum of lines, named unless the ledger is to name it; the sum of no line is zero."""
    liste = tuple(termes)
    if not liste:
        return Grandeur(0.0, nom, unite)
    if len(liste) == 1:
        return _resultat(_PLUS, liste[0].valeur, liste, liste[0].axe).nommer(nom, unite)
    axe = _axe_commun(liste)
    cumul = np.empty(np.broadcast_shapes(*(terme.valeur.shape for terme in liste)))
    np.add(liste[0].valeur, liste[1].valeur, out=cumul)
    for terme in liste[2:]:
        np.add(cumul, terme.valeur, out=cumul)
    return _resultat(_PLUS, cumul, liste, axe).nommer(nom, unite)


def appliquer(
    fonction: Callable[..., Tableau], gabarit: str, *operandes: Grandeur | float, axe: Axe | None = None
) -> Grandeur:
    """Apply a numpy function; ``gabarit`` is its French template, one ``{}`` per operand shown."""
    axe = _axe_commun(operandes) if axe is None else axe
    valeurs = (o.valeur if isinstance(o, Grandeur) else o for o in operandes)
    return _resultat(Operation(gabarit, 9, infixe=False), fonction(*valeurs), operandes, axe)


def total(grandeur: Grandeur) -> Grandeur:
    """Sum over the months (or years), shape (…, 1)."""
    return appliquer(lambda v: v.sum(axis=-1, keepdims=True), "total de {}", grandeur, axe="")


def par_annee(grandeur: Grandeur, echelle: Echelle) -> Grandeur:
    """Sums by calendar year, shape (…, years)."""
    return appliquer(lambda v: sommes_annuelles(v, echelle), "total de l'année de {}", grandeur, axe="annee")


def vers_mois(grandeur: Grandeur, echelle: Echelle) -> Grandeur:
    """Value of each month's calendar year, shape (…, months)."""
    return appliquer(lambda v: np.take(v, echelle.rang_annee, axis=-1), "{}", grandeur, axe="mois")


def sommes_annuelles(valeur: Tableau, echelle: Echelle) -> Tableau:
    """Sums by calendar year of an array of months, shape (…, years)."""
    if valeur.shape[-1] == 1:
        valeur = np.broadcast_to(valeur, (*valeur.shape[:-1], echelle.duree_mois))
    return np.add.reduceat(valeur, echelle.debuts_annee, axis=-1)


def _combiner(
    operation: Operation, ufunc: Callable[..., Tableau], a: Grandeur | float, b: Grandeur | float
) -> Grandeur:
    va = a.valeur if isinstance(a, Grandeur) else a
    vb = b.valeur if isinstance(b, Grandeur) else b
    axe = _axe_commun((a, b))
    return _resultat(operation, ufunc(va, vb), (a, b), axe)


def quotient(a: Tableau, b: Tableau) -> Tableau:
    """Quotient of two arrays, undefined (NaN) over zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.asarray(np.divide(a, b))
    if not np.all(b):
        quotient[np.broadcast_to(np.equal(b, 0.0), quotient.shape)] = np.nan
    return quotient


def _reduire(ufunc: Any, valeurs: Sequence[Any]) -> Tableau:
    resultat = valeurs[0]
    for valeur in valeurs[1:]:
        resultat = ufunc(resultat, valeur)
    return np.asarray(resultat, dtype=np.float64)


def _resultat(operation: Operation, valeur: Tableau, operandes: tuple[Grandeur | float, ...], axe: Axe) -> Grandeur:
    resultat = Grandeur.__new__(Grandeur)
    resultat.valeur = valeur
    resultat.nom = ""
    resultat.unite = ""
    resultat.origines = ()
    resultat.operation = operation
    tracee = True
    manques = VIDE
    for o in operandes:
        if isinstance(o, Grandeur):
            tracee = tracee and o.tracee
            if o.manques:
                manques = manques | o.manques
    resultat.tracee = tracee
    resultat.manques = manques
    resultat.axe = axe
    resultat.operandes = operandes if tracee else ()
    return resultat


def _axe_commun(operandes: Sequence[Grandeur | float]) -> Axe:
    """Time axis of a result.

    Raises:
        ErreurCalcul: months met with years, whose ranks are not the same dates, whatever their lengths.
    """
    commun: Axe = ""
    for o in operandes:
        if isinstance(o, Grandeur) and o.axe and o.axe != commun:
            if commun:
                lus = " ; ".join(
                    f"« {o.nom or '…'} » ({o.axe})" for o in operandes if isinstance(o, Grandeur) and o.axe
                )
                raise ErreurCalcul(
                    f"Opération entre deux axes de temps : {lus}. Ramener l'un à l'autre par par_annee ou vers_mois, ou dire "
                    "l'axe du résultat."
                )
            commun = o.axe
    return commun
