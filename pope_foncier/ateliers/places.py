"""Places of a workshop: who is there, whose page opens, who waits for their turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import uuid4

SANS_PAGE_S = 60.0
"""Silence after which a kernel without a page is no visitor's any more."""
RELIER_S = 20.0
"""Time that a page served has to join its kernel before the next one opens all the same."""
BILLET_S = 30.0
"""Silence after which a visitor who waits has left."""


class Noyaux(Protocol):
    """What the places must know of the kernels."""

    def connu(self, noyau: str) -> bool:
        """Whether the kernel runs."""

    def relie(self, noyau: str) -> bool:
        """Whether a page is joined to it."""

    def silence_s(self, noyau: str) -> float:
        """Seconds since it or its page was last heard."""


@dataclass(frozen=True)
class Tour:
    """Answer to a visitor: come in, wait (ticket, pages before), or the room is full."""

    etat: Literal["entrer", "attendre", "complet"]
    billet: str = ""
    avant: int = 0


@dataclass
class Places:
    """Count of the visitors, and queue of those whose page cannot open yet.

    Pages that open at the same time share the processor: ten at once on two cores are all late, a few at a time are not.

    Args:
        nombre: visitors at once.
        ouvertures: pages that may open at once.
        noyaux: state of the kernels.
    """

    nombre: int
    ouvertures: int
    noyaux: Noyaux
    heure: Callable[[], float] = time.monotonic
    _promises: int = 0
    _pris: dict[str, float] = field(default_factory=dict)
    _file: dict[str, float] = field(default_factory=dict)

    def demander(self, billet: str | None = None) -> Tour:
        """Ask to come in, with the ticket of the last time if there was one; who comes in counts at once."""
        limite = self.heure() - BILLET_S
        self._file = {nom: vu for nom, vu in self._file.items() if vu >= limite}
        if billet is None or billet not in self._file:
            if self.visiteurs() >= self.nombre:
                return Tour("complet")
            billet = uuid4().hex
        self._file[billet] = self.heure()
        avant = list(self._file).index(billet)
        if avant + self._qui_ouvrent() >= self.ouvertures:
            return Tour("attendre", billet, avant)
        del self._file[billet]
        self._promises += 1
        return Tour("entrer", billet)

    def tenir(self, noyau: str | None) -> None:
        """A page that was opening is served, or failed: its promise ends, the kernel it took counts from now on."""
        self._promises -= 1
        if noyau is not None:
            self._pris[noyau] = self.heure()

    def quitter(self, noyau: str) -> None:
        """A page says that it leaves: its place is free at once, while its kernel is still stopping."""
        self._pris.pop(noyau, None)

    def visiteurs(self) -> int:
        """Those who wait, whose page opens, or who hold a kernel; not those who left without a word."""
        self._pris = {noyau: servi for noyau, servi in self._pris.items() if self.noyaux.connu(noyau)}
        return len(self._file) + self._promises + sum(self._est_tenu(noyau) for noyau in self._pris)

    def _est_tenu(self, noyau: str) -> bool:
        return self.noyaux.relie(noyau) or self.noyaux.silence_s(noyau) < SANS_PAGE_S

    def _qui_ouvrent(self) -> int:
        """Pages that are being made, or served and not joined to their kernel yet."""
        limite = self.heure() - RELIER_S
        servies = [n for n, servi in self._pris.items() if servi >= limite and self.noyaux.connu(n)]
        return self._promises + sum(not self.noyaux.relie(n) for n in servies)
