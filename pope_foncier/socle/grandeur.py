"""Quantity: an array that remembers how it was computed and can tell it in one French sentence.

Arrays have the month (or the calendar year, or nothing: length 1) as last axis and draws or scenarios ahead, so the
same expression serves one scenario and 100,000 draws. Arithmetic on quantities computes at once with numpy and keeps
the operation and its operands; the sentence is written from those operands only, so it cannot disagree with the result. A quantity that
holds random draws keeps no operands: there is no single sentence for 10,000 values, and memory stays flat.

An unknown input is NaN and carries the name of what is missing; the unknown spreads to all that depends on it and is
shown as « inconnu », never as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.socle import operations
from pope_foncier.socle import operations_de_calcul as calcul
from pope_foncier.socle import operations_du_temps as temps
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.operations import Axe, Operation, phrase_de
from pope_foncier.socle.phrases import Noeud, Origine
from pope_foncier.socle.temps import Echelle

Tableau = operations.Tableau

VIDE: frozenset[str] = frozenset()


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
        lue = np.asarray(valeur, dtype=np.float64)
        self.valeur = lue if lue.ndim else lue.reshape(1)
        self.nom = nom
        self.unite = unite
        self.origines = tuple(origines)
        self.axe = axe
        self.tracee = tracee
        self.manques = manques
        self.operation = None
        self.operandes = ()
        self.parametres = ()
        self.phrase = None
        self.dits = ()

    # --- arithmetic -------------------------------------------------------------------------------------------
    def __add__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(calcul.PLUS, self, autre)

    def __radd__(self, autre: float) -> Grandeur:
        return _combiner(calcul.PLUS, autre, self)

    def __sub__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(calcul.MOINS, self, autre)

    def __rsub__(self, autre: float) -> Grandeur:
        return _combiner(calcul.MOINS, autre, self)

    def __mul__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(calcul.FOIS, self, autre)

    def __rmul__(self, autre: float) -> Grandeur:
        return _combiner(calcul.FOIS, autre, self)

    def __truediv__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(calcul.PAR, self, autre)

    def __rtruediv__(self, autre: float) -> Grandeur:
        return _combiner(calcul.PAR, autre, self)

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

    def comme_entree(self, nom: str, unite: str, origines: Sequence[Origine]) -> Grandeur:
        """The same quantity told as an input: it has a source of its own, and its sentence stops there."""
        entree = self.alias() if self.nom or self.operation is None else self
        entree.nom, entree.unite, entree.origines = nom, unite, tuple(origines)
        return entree

    def refaire_l_ensemble(self) -> Any:
        """All the results of the operation that this quantity is one of."""
        assert self.operation is not None and self.operation.ensemble is not None  # noqa: PT018
        valeurs = (o.valeur if isinstance(o, Grandeur) else o for o in self.operandes)
        return self.operation.ensemble(*valeurs, *self.parametres[:-1])

    def alias(self) -> Grandeur:
        """The same quantity without a name, whose sentence is the quantity itself: a line of another name may take it."""
        if self.nom or self.operation is None:
            return poser(calcul.EGAL, self)
        copie = Grandeur.__new__(Grandeur)
        copie.nom, copie.unite, copie.origines = "", "", ()
        copie.valeur, copie.axe, copie.tracee, copie.manques = self.valeur, self.axe, self.tracee, self.manques
        copie.operation, copie.operandes, copie.parametres = self.operation, self.operandes, self.parametres
        copie.phrase, copie.dits = self.phrase, self.dits
        return copie


# --- building expressions ---------------------------------------------------------------------------------------
def poser(
    operation: Operation,
    *operandes: Grandeur | float,
    parametres: tuple[Any, ...] = (),
    phrase: str = "",
    axe: Axe | None = None,
    valeur: Tableau | None = None,
) -> Grandeur:
    """Quantity that an operation gives.

    Args:
        operation: one of the declared operations.
        operandes: quantities, or plain numbers.
        parametres: what it reads beside them and that no draw moves.
        phrase: sentence of the trade, one ``{}`` per operand shown; that of the operation by default.
        axe: axis of the result, when neither the operation nor its operands say it.
        valeur: its value, when it was computed with other results of the same operation.
    """
    valeurs: list[Any] = []
    commun: Axe = ""
    tracee, manques = True, VIDE
    for o in operandes:
        if isinstance(o, Grandeur):
            valeurs.append(o.valeur)
            if o.axe and o.axe != commun:
                commun = _axe_commun(operandes) if commun and axe is None and operation.axe == "commun" else o.axe
            tracee = tracee and o.tracee
            if o.manques:
                manques = manques | o.manques
        else:
            valeurs.append(o)
    resultat = Grandeur.__new__(Grandeur)
    resultat.valeur = operation.valeur(*valeurs, *parametres) if valeur is None else valeur
    resultat.nom = ""
    resultat.unite = ""
    resultat.origines = ()
    resultat.operation = operation
    resultat.phrase = phrase_de(phrase) if phrase else operation.phrase
    resultat.tracee = tracee
    resultat.manques = manques
    resultat.axe = axe if axe is not None else commun if operation.axe == "commun" else operation.axe
    if tracee:
        resultat.operandes = resultat.dits = operandes
        resultat.parametres = parametres
    else:
        resultat.operandes = resultat.dits = resultat.parametres = ()
    return resultat


def _combiner(operation: Operation, a: Grandeur | float, b: Grandeur | float) -> Grandeur:
    """Same as ``poser`` for the arithmetic of two terms, which is most of the chain, in one pass."""
    if not isinstance(a, Grandeur):
        assert isinstance(b, Grandeur)
        valeur, axe, tracee, manques = operation.valeur(a, b.valeur), b.axe, b.tracee, b.manques
    elif not isinstance(b, Grandeur):
        valeur, axe, tracee, manques = operation.valeur(a.valeur, b), a.axe, a.tracee, a.manques
    else:
        axe = a.axe or b.axe
        if b.axe and b.axe != axe:
            _axe_commun((a, b))
        valeur, tracee = operation.valeur(a.valeur, b.valeur), a.tracee and b.tracee
        manques = a.manques | b.manques if a.manques and b.manques else a.manques or b.manques
    resultat = Grandeur.__new__(Grandeur)
    resultat.valeur = valeur
    resultat.nom = resultat.unite = ""
    resultat.origines = resultat.parametres = ()
    resultat.operation = operation
    resultat.phrase = operation.phrase
    resultat.tracee = tracee
    resultat.manques = manques
    resultat.axe = axe
    resultat.operandes = resultat.dits = (a, b) if tracee else ()
    return resultat


def dire(expression: Grandeur, phrase: str, *dits: Grandeur | float) -> Grandeur:
    """The same value told in the words of the trade: a template and the quantities that it quotes, instead of each step."""
    dite = expression.alias()
    dite.phrase = phrase_de(phrase)
    for o in dits:
        if isinstance(o, Grandeur):
            dite.tracee = dite.tracee and o.tracee
            if o.manques:
                dite.manques = dite.manques | o.manques
    if dite.tracee:
        dite.dits = dits
    else:
        dite.operandes = dite.dits = dite.parametres = ()
    return dite


def minimum(*termes: Grandeur | float) -> Grandeur:
    """Smallest of several quantities, element by element."""
    return poser(calcul.MINIMUM, *termes)


def maximum(*termes: Grandeur | float) -> Grandeur:
    """Largest of several quantities, element by element."""
    return poser(calcul.MAXIMUM, *termes)


def somme(termes: Iterable[Grandeur], nom: str = "", unite: str = "€") -> Grandeur:
    """Sum of lines, named unless the ledger is to name it; the sum of no line is zero."""
    liste = tuple(termes)
    return poser(calcul.PLUS, *liste).nommer(nom, unite) if liste else Grandeur(0.0, nom, unite)


def total(grandeur: Grandeur) -> Grandeur:
    """Sum over the months (or years), shape (…, 1)."""
    return poser(temps.TOTAL, grandeur)


def par_annee(grandeur: Grandeur, echelle: Echelle) -> Grandeur:
    """Sums by calendar year, shape (…, years)."""
    return poser(temps.PAR_ANNEE, grandeur, parametres=(echelle,))


def vers_mois(grandeur: Grandeur, echelle: Echelle) -> Grandeur:
    """Value of each month's calendar year, shape (…, months)."""
    return poser(temps.VERS_MOIS, grandeur, parametres=(echelle,))


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
