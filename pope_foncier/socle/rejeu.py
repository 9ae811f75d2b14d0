"""One replay of a programme: the quantities of the recorded graph with their new values, and any record that holds them.

A quantity that nothing moved is the recorded one itself. Another has the same name, unit and sentence, and its own operands: they are made
when a sentence asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

import numpy as np

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.programme import Programme

T = TypeVar("T")


@enregistrement
class Moule(Generic[T]):
    """Makes a record again, each of its quantities replaced by the one that stands for it.

    Attributes:
        cellules: cells of its quantities.
        depend: inputs that they depend on or quote, one bit each: when none of them moves, the record stays.
    """

    cellules: frozenset[int]
    depend: int
    refaire: Callable[[Rejeu], T]


class Rejeu:
    """Values of one replay.

    Args:
        programme: what was recorded.
        entrees: new inputs, by the recorded ones that they stand for.
        tirees: cells that are read afterwards, when the inputs are draws: the others are let go, and nothing tells how it was computed.
    """

    def __init__(
        self, programme: Programme, entrees: Mapping[Grandeur, Grandeur], tirees: frozenset[int] | None = None
    ) -> None:
        self._programme = programme
        self._tracee = tirees is None
        neuves = {programme.rang(a): b for a, b in entrees.items() if a in programme}
        self.touches = programme.bits(neuves)
        valeurs = {rang: b.valeur for rang, b in neuves.items()}
        self.valeurs = programme.rejouer(valeurs) if tirees is None else programme.tirer(valeurs, tirees)
        self._faites: dict[int, Grandeur] = neuves

    def grandeur(self, noeud: Grandeur) -> Grandeur:
        """Quantity that stands for a recorded one; itself where nothing moved."""
        rang = self._programme.rang_ou_rien(noeud)
        return noeud if rang is None or not self._programme.cite(noeud) & self.touches else self.bougee(noeud, rang)

    def bougee(self, noeud: Grandeur, rang: int) -> Grandeur:
        """Quantity that stands for one that moves, or that quotes one that does."""
        faite = self._faites.get(rang)
        if faite is None:
            valeur = np.asarray(self.valeurs[rang])
            faite = self._faites[rang] = _rejouee(noeud, valeur, self) if self._tracee else _tiree(noeud, valeur)
        return faite


class GrandeurRejouee(Grandeur):
    """Quantity of a replay: its operands are made when they are asked for."""

    __slots__ = ("_modele", "_rejeu")

    _modele: Grandeur
    _rejeu: Rejeu

    @property
    def operandes(self) -> tuple[Grandeur | float, ...]:  # type: ignore[override]
        """What it was computed from."""
        return self._termes(self._modele.operandes)

    @property
    def dits(self) -> tuple[Grandeur | float, ...]:  # type: ignore[override]
        """What its sentence quotes."""
        return self._termes(self._modele.dits)

    def _termes(self, termes: tuple[Grandeur | float, ...]) -> tuple[Grandeur | float, ...]:
        return tuple(self._rejeu.grandeur(o) if isinstance(o, Grandeur) else o for o in termes)


def _rejouee(modele: Grandeur, valeur: np.ndarray, rejeu: Rejeu) -> Grandeur:
    faite = GrandeurRejouee.__new__(GrandeurRejouee)
    faite._modele, faite._rejeu = modele, rejeu
    faite.valeur, faite.nom, faite.unite, faite.axe = valeur, modele.nom, modele.unite, modele.axe
    faite.origines, faite.manques = modele.origines, modele.manques
    faite.operation, faite.parametres, faite.phrase = modele.operation, modele.parametres, modele.phrase
    faite.tracee = True
    return faite


def _tiree(modele: Grandeur, valeur: np.ndarray) -> Grandeur:
    return Grandeur(valeur, modele.nom, modele.unite, modele.origines, modele.axe, tracee=False, manques=modele.manques)


def mouler(objet: T, programme: Programme) -> Moule[T] | None:
    """How to make a record, mapping or sequence again with other quantities; None for what holds no quantity of the programme.

    The record is read once: a replay then makes only what holds a quantity that moves, and keeps the rest as it is.
    """
    if isinstance(objet, Grandeur):
        seule: Any = objet
        rang = programme.ajouter(objet)
        return Moule(frozenset((rang,)), programme.cite(objet), lambda rejeu: cast("T", rejeu.bougee(seule, rang)))
    if isinstance(objet, dict):
        return _assembler(
            objet, list(objet.values()), lambda refaits: dict(zip(objet, refaits, strict=True)), programme
        )
    if isinstance(objet, tuple | list):
        return _assembler(objet, objet, type(objet), programme)
    genre: Any = type(objet)
    noms = _champs(genre)
    if noms is None:
        return None
    return _assembler(objet, [getattr(objet, nom) for nom in noms], lambda refaits: genre(*refaits), programme)


@cache
def _champs(genre: type) -> tuple[str, ...] | None:
    """Fields that a record is made of, in order; None for what is no record."""
    return tuple(c.name for c in fields(genre) if c.init) if is_dataclass(genre) else None


def _assembler(
    objet: T, parts: Sequence[Any], faire: Callable[[list[Any]], Any], programme: Programme
) -> Moule[T] | None:
    """Mould of a whole from those of its parts."""
    moules = [(rang, moule) for rang, part in enumerate(parts) if (moule := mouler(part, programme)) is not None]
    if not moules:
        return None
    tels_quels, depend, cellules = list(parts), 0, frozenset[int]()
    for _, moule in moules:
        depend |= moule.depend
        cellules |= moule.cellules

    def refaire(rejeu: Rejeu) -> T:
        refaits = tels_quels.copy()
        for rang, moule in moules:
            if moule.depend & rejeu.touches:
                refaits[rang] = moule.refaire(rejeu)
        return cast("T", faire(refaits))

    return Moule(cellules, depend, refaire)
