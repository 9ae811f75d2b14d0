"""Live pages: one watcher of the journal for the whole server, each fragment rendered once per change and kind of page.

A page is told at once what changed since what it shows (server-sent events). A slow phone gets fewer, later states, never a queue of them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from pope_foncier.ateliers.journal_fichier import signature
from pope_foncier.ateliers.salle.console import contenu
from pope_foncier.ateliers.salle.piece import PAGES, Instant, Salle
from pope_foncier.vues.formes.gabarits import rendre

GABARITS = "pope_foncier.ateliers.salle"
PERIODE_S = 0.15
"""Time between two looks at the file of the journal: another process (a kernel) may have written."""

_PAGES_MAX, _PAGES_PAR_APPAREIL = 250, 6
"""Pages followed at once, in all and from one phone."""


class Fragment(NamedTuple):
    """Part of a page: the version at which it became what it is."""

    version: int
    html: str


class Flux:
    """State of the room, version after version, and those who follow it."""

    def __init__(self, salle: Salle) -> None:
        self.salle = salle
        self.instant: Instant = salle.lire()
        self.version = 1
        self.relies = 0
        """Pages of participants that follow now."""
        self._suivies: Counter[str] = Counter()
        self._telephones: Counter[str] = Counter()
        self._marque: tuple[object, ...] = ()
        self._naissance = secrets.token_hex(4)
        self._fragments: dict[str, dict[str, Fragment]] = {page: {} for page in PAGES}
        self._rendus: dict[str, int] = {}
        self._change = asyncio.Event()
        self._verrou = asyncio.Lock()
        self._lecteur = ThreadPoolExecutor(1, "salle-lecture")

    @property
    def repere(self) -> str:
        """Mark of the state now: a page that bears it has nothing to catch up."""
        return f"{self._naissance}-{self.version}"

    def vu(self, repere: str) -> int:
        """Version that a mark names; 0 for that of another server, or for none."""
        naissance, _, version = repere.partition("-")
        return int(version) if naissance == self._naissance and version.isdecimal() and len(version) < 10 else 0

    def pleine(self, appareil: str) -> bool:
        """Whether too many pages follow, in all or from one phone."""
        return self._suivies.total() >= _PAGES_MAX or self._suivies[appareil] >= _PAGES_PAR_APPAREIL

    @contextmanager
    def suivie(self, appareil: str, page: str) -> Iterator[None]:
        """Count a page as long as it follows."""
        self._suivies[appareil] += 1
        self._telephones[appareil] += page == "participant"
        self.relies += page == "participant"
        try:
            yield
        finally:
            self.relies -= page == "participant"
            self._telephones -= Counter({appareil: page == "participant"})
            self._suivies -= Counter((appareil,))

    def _presents(self) -> frozenset[str]:
        """Names of the cards of the phones that follow."""
        cartes = self.salle.acces.cartes
        return frozenset(
            cartes[appareil] for appareil, pages in self._telephones.items() if pages and appareil in cartes
        )

    async def rafraichir(self) -> None:
        """Read the journal when its file or the number of phones changed; those who ask meanwhile share one reading."""
        async with self._verrou:
            presents = self._presents()
            marque = (signature(self.salle.journal.chemin), self.relies, presents, self.salle.adresses)
            if marque == self._marque:
                return
            lu = await asyncio.get_running_loop().run_in_executor(self._lecteur, self.salle.lire)
            avant, deja = self.instant, self._marque
            self.instant, self._marque = replace(lu, relies=self.relies, presents=presents), marque
            if deja and deja[-1] == marque[-1] and _pareils(avant, self.instant):
                return  # SQLite tidies its files after an entry: they change, what they say does not
            self.version += 1
            change, self._change = self._change, asyncio.Event()
            change.set()

    async def suivre(self) -> None:
        """Watch the journal as long as the server lives."""
        while True:
            try:
                await self.rafraichir()
            except Exception:
                logging.getLogger(__name__).exception("Le suivi du journal a buté ; il reprend.")
            await asyncio.sleep(PERIODE_S)

    async def attendre(self, version: int, delai_s: float) -> None:
        """Wait until there is something after a version, or until the delay is over."""
        if self.version == version:
            try:
                await asyncio.wait_for(self._change.wait(), delai_s)
            except TimeoutError:
                return

    def valeurs(self) -> dict[str, Any]:
        """Names that every template of the room may use; « console() » is what the facilitator's page shows."""
        return self.salle.valeurs(self.instant) | {"console": partial(contenu, self.salle, self.instant)}

    def fragments(self, page: str) -> dict[str, Fragment]:
        """Fragments of a kind of page as they are now."""
        siens = self._fragments[page]
        if self._rendus.get(page) != self.version:
            valeurs = self.valeurs()
            for nom in PAGES[page].fragments:
                html = rendre(f"{GABARITS}:{page}_{nom}.html", **valeurs)
                if nom not in siens or siens[nom].html != html:
                    siens[nom] = Fragment(self.version, html)
            self._rendus[page] = self.version
        return siens

    def message(self, page: str, vu: int) -> str:
        """Event that takes a page from a version to now: the fragments that changed; empty when none did."""
        change = {nom: f.html for nom, f in self.fragments(page).items() if f.version > vu}
        return f"id: {self.repere}\nevent: etat\ndata: {json.dumps(change, ensure_ascii=False)}\n\n" if change else ""


def _pareils(avant: Instant, apres: Instant) -> bool:
    """Whether two instants say the same: nothing is ever taken out of a journal, so that as many entries are the same entries."""
    return replace(avant, atelier=apres.atelier) == apres and len(avant.atelier.fil) == len(apres.atelier.fil)
