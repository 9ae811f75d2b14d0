"""Replay: the recorded graph of some quantities as a flat list of operations on numbered cells.

A new value of an input runs again the operations downstream of it, on plain arrays and in the recorded order: the same values as a
direct evaluation, bit for bit. Sentences are those of the recorded graph, written on demand from the cells of the replay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.operations import Operation


class Pas(NamedTuple):
    """One operation on numbered cells."""

    calcul: Callable[..., Any]
    lues: tuple[int, ...]
    parametres: tuple[Any, ...]
    ecrite: int
    depend: int
    """Inputs that it depends on, one bit each."""


class Programme:
    """Flat list of the operations that some quantities come from, operands first.

    Args:
        racines: quantities to replay; what their sentences quote is replayed too.
    """

    def __init__(self, racines: Iterable[Grandeur]) -> None:
        self.noeuds: list[Grandeur | None] = []
        """Quantity of each cell; None for a plain number, or for results computed together."""
        self._rangs: dict[int, int] = {}
        self._valeurs: list[Any] = []
        self._pas: list[Pas] = []
        self._depend: list[int] = []
        self._bits: dict[int, int] = {}
        self._ensembles: dict[tuple[Any, ...], int] = {}
        self._selections: dict[tuple[int, frozenset[int] | None], tuple[Pas, ...]] = {}
        for racine in racines:
            self._ranger(racine)

    def rang(self, noeud: Grandeur) -> int:
        """Cell of a quantity.

        Raises:
            KeyError: a quantity that the programme does not hold.
        """
        return self._rangs[id(noeud)]

    def rang_ou_rien(self, noeud: Grandeur) -> int | None:
        """Cell of a quantity, if the programme holds it."""
        return self._rangs.get(id(noeud))

    def __contains__(self, noeud: Grandeur) -> bool:
        return id(noeud) in self._rangs

    def valeur(self, rang: int) -> Tableau:
        """Recorded value of a cell."""
        valeur: Tableau = self._valeurs[rang]
        return valeur

    # --- recording --------------------------------------------------------------------------------------------
    def _ranger(self, racine: Grandeur) -> None:
        """Number a quantity after all that it comes from; without recursion, a graph may be deep."""
        pile = [(racine, False)]
        while pile:
            noeud, prete = pile.pop()
            if id(noeud) in self._rangs:
                continue
            if prete:
                self._numeroter(noeud)
            else:
                pile.append((noeud, True))
                pile += [(o, False) for o in (*noeud.operandes, *noeud.dits) if isinstance(o, Grandeur)]

    def _numeroter(self, noeud: Grandeur) -> None:
        operation = noeud.operation
        if operation is None or not noeud.tracee:
            rang = self._cellule(noeud.valeur, 0, noeud)
            self._bits[rang] = 1 << len(self._bits)
            self._depend[rang] = self._bits[rang]
        else:
            lues = tuple(self._rangs[id(o)] if isinstance(o, Grandeur) else self._nombre(o) for o in noeud.operandes)
            depend = self._union(lues)
            calcul, parametres = operation.valeur, noeud.parametres
            if operation.ensemble is not None:
                lues, calcul, parametres = (
                    (self._ensemble(operation, lues, parametres, depend),),
                    _resultat,
                    parametres[-1:],
                )
            rang = self._cellule(noeud.valeur, depend, noeud)
            self._pas.append(Pas(calcul, lues, parametres, rang, depend))
        self._rangs[id(noeud)] = rang

    def _cellule(self, valeur: Any, depend: int, noeud: Grandeur | None = None) -> int:
        self._valeurs.append(valeur)
        self._depend.append(depend)
        self.noeuds.append(noeud)
        return len(self._valeurs) - 1

    def _nombre(self, nombre: float) -> int:
        return self._cellule(nombre, 0)

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
            self._pas.append(Pas(operation.ensemble, lues, parametres[:-1], rang, depend))
            self._ensembles[cle] = rang
        return self._ensembles[cle]

    # --- replay -----------------------------------------------------------------------------------------------
    def rejouer(self, entrees: Mapping[int, Tableau], voulues: frozenset[int] | None = None) -> list[Any]:
        """Values of all the cells for new inputs.

        Args:
            entrees: new value of some input cells.
            voulues: cells that are read afterwards; without them, all are computed.
        """
        valeurs = self._valeurs.copy()
        touches = 0
        for rang, valeur in entrees.items():
            valeurs[rang] = valeur
            touches |= self._bits[rang]
        for calcul, lues, parametres, ecrite, _ in self.selection(touches, voulues):
            valeurs[ecrite] = calcul(*[valeurs[r] for r in lues], *parametres)
        return valeurs

    def selection(self, touches: int, voulues: frozenset[int] | None = None) -> tuple[Pas, ...]:
        """Operations to run again when some inputs move (bits), and among them those that some cells need."""
        cle = (touches, voulues)
        if cle not in self._selections:
            aval = [p for p in self._pas if p.depend & touches]
            self._selections[cle] = tuple(aval if voulues is None else _amont(aval, voulues))
        return self._selections[cle]


def _amont(pas: Sequence[Pas], voulues: frozenset[int]) -> list[Pas]:
    """Operations that some cells need, in order."""
    utiles, gardes = set(voulues), []
    for p in reversed(pas):
        if p.ecrite in utiles:
            utiles.update(p.lues)
            gardes.append(p)
    return gardes[::-1]


def _resultat(ensemble: Any, nom: str) -> Any:
    return getattr(ensemble, nom)
