"""Replay: the recorded graph of some quantities as a flat list of operations on numbered cells.

A new value of an input runs again the operations downstream of it, on plain arrays and in the recorded order: the same values as a
direct evaluation, bit for bit. Sentences are those of the recorded graph, written on demand from the cells of the replay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import numpy as np

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.operations import Operation

_N_UPLET = tuple.__new__
"""Makes a named tuple of its values in order, at a third of the price of naming them: a programme makes thousands."""


class CheminRompu(ErreurCalcul):
    """New inputs do not follow the recorded path: to be evaluated directly. Never seen by a user."""


class Pas(NamedTuple):
    """One operation on numbered cells.

    Attributes:
        lire: its operands, from the values of all the cells.
        depend: inputs that it depends on, one bit each.
    """

    calcul: Callable[..., Any]
    lues: tuple[int, ...]
    lire: Callable[[list[Any]], Iterable[Any]]
    parametres: tuple[Any, ...]
    ecrite: int
    depend: int

    @classmethod
    def de(
        cls, calcul: Callable[..., Any], lues: tuple[int, ...], parametres: tuple[Any, ...], ecrite: int, depend: int
    ) -> Pas:
        """Operation on some cells."""
        lire = itemgetter(*lues) if len(lues) > 1 else itemgetter(slice(lues[0], lues[0] + 1))
        return _N_UPLET(cls, (calcul, lues, lire, parametres, ecrite, depend))


class Etape(NamedTuple):
    """One operation of a run, and the cells that it is the last to read."""

    pas: Pas
    libres: tuple[int, ...]


class Programme:
    """Flat list of the operations that some quantities come from, operands first.

    Args:
        racines: quantities to replay; what their sentences quote is replayed too.
        entrees: the only inputs that move, when they are known: what depends on none of them keeps its value, and
            no sentence is replayed. All by default.
    """

    def __init__(self, racines: Iterable[Grandeur], entrees: Iterable[Grandeur] | None = None) -> None:
        self._seules = None if entrees is None else frozenset(entrees)
        self.complet = True
        """Whether every quantity remembers how it was computed: draws do not, and cannot be replayed."""
        self._rangs: dict[Grandeur | float, int] = {}
        self._vus: set[Grandeur | float] = set()
        """Quantities gone through; one that nothing moves is given a cell only when it is read."""
        self._bougent: set[Grandeur | float] = set()
        """Those that an input that moves is above, or is."""
        self._valeurs: list[Any] = []
        self._pas: list[Pas] = []
        self._depend: list[int] = []
        self._cite: list[int] = [] if self._seules is None else self._depend
        """Inputs that a cell depends on or that its sentence quotes, one bit each; where no sentence is replayed, the first alone."""
        self._bits: dict[int, int] = {}
        self._ensembles: dict[tuple[Any, ...], int] = {}
        self._avals: dict[int, tuple[Pas, ...]] = {}
        self._trajets: dict[tuple[int, frozenset[int], int], tuple[Etape, ...]] = {}
        for racine in racines:
            self.ajouter(racine)

    def rang(self, noeud: Grandeur) -> int:
        """Cell of a quantity.

        Raises:
            KeyError: a quantity that the programme does not hold.
        """
        return self._rangs[noeud]

    def rang_ou_rien(self, noeud: Grandeur) -> int | None:
        """Cell of a quantity, if the programme holds it."""
        return self._rangs.get(noeud)

    def cite(self, noeud: Grandeur) -> int:
        """Inputs that a quantity depends on or that its sentence quotes, one bit each."""
        return self._cite[self.ajouter(noeud)]

    def __contains__(self, noeud: Grandeur) -> bool:
        return noeud in self._rangs

    def valeur(self, rang: int) -> Tableau:
        """Recorded value of a cell."""
        valeur: Tableau = self._valeurs[rang]
        return valeur

    def longueur(self, rang: int) -> int:
        """Months, years or single figure of a cell, by draw."""
        return int(np.shape(self._valeurs[rang])[-1]) if np.ndim(self._valeurs[rang]) else 1

    def depend(self, rang: int) -> int:
        """Inputs that a cell depends on, one bit each."""
        return self._depend[rang]

    def cellule(self, depend: int, longueur: int) -> int:
        """One more cell, whose values are those of the runs."""
        return self._cellule(np.broadcast_to(np.nan, (longueur,)), depend)

    def constante(self, valeur: Tableau) -> int:
        """One more cell, that nothing moves."""
        return self._cellule(valeur, 0)

    # --- recording --------------------------------------------------------------------------------------------
    def ajouter(self, racine: Grandeur) -> int:
        """Number a quantity after all that it comes from, without recursion: a graph may be deep. Its cell."""
        if racine in self._rangs:
            return self._rangs[racine]
        self._avals.clear()
        self._trajets.clear()
        seules, vus, bougent = self._seules, self._vus, self._bougent
        lier = _lies if seules is None else _OPERANDES
        pile = [] if racine in vus else [(racine, iter(lier(racine)))]
        vus.add(racine)
        while pile:
            noeud, restent = pile[-1]
            for o in restent:
                if o in vus:
                    continue
                vus.add(o)
                if isinstance(o, Grandeur):
                    dessous = lier(o)
                    if dessous:
                        pile.append((o, iter(dessous)))
                        break
                    if seules is None or o in seules:
                        bougent.add(o)
                        self._numeroter(o)
            else:
                pile.pop()
                if seules is None or not bougent.isdisjoint(noeud.operandes) or (noeud in seules and _donnee(noeud)):
                    bougent.add(noeud)
                    self._numeroter(noeud)
        return self._rang_de(racine)

    def _rang_de(self, noeud: Grandeur | float) -> int:
        """Cell of an operand; one that nothing moves, or a plain number, is given one."""
        if not isinstance(noeud, Grandeur):
            return self._cellule(noeud, 0)
        rang = self._rangs.get(noeud)
        if rang is None:
            rang = self._rangs[noeud] = self._cellule(noeud.valeur, 0)
        return rang

    def _numeroter(self, noeud: Grandeur) -> None:
        """Number a quantity whose operands have been seen, and that is, or comes from, an input that moves."""
        operation = noeud.operation
        if operation is None or not noeud.tracee:
            self.complet = self.complet and operation is None
            bit = self._bits[len(self._valeurs)] = 1 << len(self._bits)
            self._rangs[noeud] = self._cellule(noeud.valeur, bit)
            return
        connus, depends, depend = self._rangs, self._depend, 0
        rangs = []
        for o in noeud.operandes:
            rang = connus.get(o)  # a plain number is given one each time
            if rang is None:
                rang = self._rang_de(o)
            rangs.append(rang)
            depend |= depends[rang]
        lues = tuple(rangs)
        calcul, parametres = operation.valeur, noeud.parametres
        if operation.ensemble is not None:
            tous = self._ensemble(operation, lues, parametres, depend)
            lues, calcul, parametres = (tous,), resultat, parametres[-1:]
        rang = connus[noeud] = self._cellule(noeud.valeur, depend)
        if self._seules is None:
            for o in _lies(noeud):
                if isinstance(o, Grandeur):
                    self._cite[rang] |= self._cite[connus[o]]
        self._pas.append(Pas.de(calcul, lues, parametres, rang, depend))

    def _cellule(self, valeur: Any, depend: int) -> int:
        self._valeurs.append(valeur)
        self._depend.append(depend)
        if self._seules is None:
            self._cite.append(depend)
        return len(self._valeurs) - 1

    def _union(self, lues: Iterable[int]) -> int:
        depend = 0
        for rang in lues:
            depend |= self._depend[rang]
        return depend

    def _ensemble(self, operation: Operation, lues: tuple[int, ...], parametres: tuple[Any, ...], depend: int) -> int:
        """Cell of results computed together, of which each quantity takes one."""
        assert operation.ensemble is not None
        cle = (operation.cle, lues, *(id(p) for p in parametres[:-1]))
        if cle not in self._ensembles:
            rang = self._cellule(None, depend)
            self._pas.append(Pas.de(operation.ensemble, lues, parametres[:-1], rang, depend))
            self._ensembles[cle] = rang
        return self._ensembles[cle]

    # --- replay -----------------------------------------------------------------------------------------------
    def rejouer(self, entrees: Mapping[int, Tableau]) -> list[Any]:
        """Values of all the cells for new inputs, by cell of an input."""
        valeurs = self._valeurs.copy()
        for rang, valeur in entrees.items():
            valeurs[rang] = valeur
        derouler(self.aval(self.bits(entrees)), valeurs)
        return valeurs

    def tirer(self, entrees: Mapping[int, Tableau], voulues: frozenset[int]) -> list[Any]:
        """Values of some cells for new inputs; those that nothing reads any more are let go on the way."""
        valeurs = self._valeurs.copy()
        for rang, valeur in entrees.items():
            valeurs[rang] = valeur
        parcourir(self.trajet(self.bits(entrees), voulues), valeurs)
        return valeurs

    def valeurs(self) -> list[Any]:
        """Recorded values of all the cells, to run a ``trajet`` on."""
        return self._valeurs.copy()

    def bits(self, entrees: Iterable[int]) -> int:
        """Some inputs, one bit each."""
        return self._union(entrees)

    def trajet(self, touches: int, voulues: frozenset[int], sauf: int = 0) -> tuple[Etape, ...]:
        """Operations that give some cells when some inputs move, each with the cells that nothing reads any more after it.

        Args:
            touches: inputs that move.
            voulues: cells that are read afterwards.
            sauf: inputs whose operations downstream are left out: they run on their own.
        """
        cle = (touches, voulues, sauf)
        if cle not in self._trajets:
            self._trajets[cle] = en_etapes([p for p in self.aval(touches) if not p.depend & sauf], voulues)
        return self._trajets[cle]

    def lues_par(self, trajet: Iterable[Etape]) -> frozenset[int]:
        """Cells that some operations read and do not write."""
        lues: set[int] = set()
        ecrites: set[int] = set()
        for etape in trajet:
            lues.update(etape.pas.lues)
            ecrites.add(etape.pas.ecrite)
        return frozenset(lues - ecrites)

    def aval(self, touches: int) -> tuple[Pas, ...]:
        """Operations downstream of some inputs, in order."""
        if touches not in self._avals:
            self._avals[touches] = tuple([p for p in self._pas if p.depend & touches])
        return self._avals[touches]


_OPERANDES = attrgetter("operandes")


def _donnee(noeud: Grandeur) -> bool:
    """Whether a quantity is given, not computed of others."""
    return noeud.operation is None or not noeud.tracee


def _lies(noeud: Grandeur) -> tuple[Grandeur | float, ...]:
    """What a quantity comes from, and what its sentence quotes beside."""
    operandes, dits = noeud.operandes, noeud.dits
    return operandes if dits is operandes else (*operandes, *dits)


def parcourir(trajet: Iterable[Etape], valeurs: list[Any]) -> None:
    """Run some operations on the cells; those that nothing reads any more are let go on the way."""
    for (calcul, _, lire, parametres, ecrite, _), libres in trajet:
        valeurs[ecrite] = calcul(*lire(valeurs), *parametres)
        for rang in libres:
            valeurs[rang] = None


def derouler(pas: Iterable[Pas], valeurs: list[Any]) -> None:
    """Run some operations on the cells, which are all kept."""
    for calcul, _, lire, parametres, ecrite, _ in pas:
        valeurs[ecrite] = calcul(*lire(valeurs), *parametres) if parametres else calcul(*lire(valeurs))


def utiles(pas: Sequence[Pas], voulues: frozenset[int]) -> list[Pas]:
    """Operations that some cells need, in order."""
    lues, gardes = set(voulues), []
    for p in reversed(pas):
        if p.ecrite in lues:
            lues.update(p.lues)
            gardes.append(p)
    gardes.reverse()
    return gardes


def en_etapes(pas: Sequence[Pas], voulues: frozenset[int]) -> tuple[Etape, ...]:
    """Operations that some cells need, in order; a cell is let go after the last that reads it."""
    utiles, etapes = set(voulues), []
    ecrites = {p.ecrite for p in pas}
    for p in reversed(pas):
        if p.ecrite in utiles:
            libres = tuple(r for r in dict.fromkeys(p.lues) if r not in utiles and r in ecrites)
            utiles.update(p.lues)
            etapes.append(_N_UPLET(Etape, (p, libres)))
    return tuple(reversed(etapes))


def resultat(ensemble: Any, nom: str) -> Any:
    """One of the results computed together."""
    valeur = getattr(ensemble, nom)
    if valeur is None:
        raise CheminRompu(f"Résultat absent : « {nom} ».")
    return valeur
