"""Follow a journal from a page: a look at its file now and then in the loop of the kernel, and the page reads it again when it changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_fichier import signature

PERIODE_S = 0.3
"""Time between two looks: two states of a file, nothing is opened nor computed as long as they stay the same."""


class Suivi:
    """Watch of a journal; without a running loop (a command, a test), it looks only when asked."""

    def __init__(self, journal: Journal, relire: Callable[[], None]) -> None:
        self._journal, self._relire = journal, relire
        self._vue: object = None
        self._attente: asyncio.TimerHandle | None = None

    def commencer(self) -> None:
        """Watch from now on, until the end of the loop."""
        try:
            self._attente = asyncio.get_running_loop().call_later(PERIODE_S, self._encore)
        except RuntimeError:
            self._attente = None

    def arreter(self) -> None:
        """Watch no more."""
        if self._attente is not None:
            self._attente.cancel()
            self._attente = None

    def prendre(self) -> None:
        """The page is about to read the journal as it is now: what was written so far asks for nothing more."""
        self._vue = signature(self._journal.chemin)

    def regarder(self) -> None:
        """Read the journal again when its file changed since the last reading."""
        if signature(self._journal.chemin) != self._vue:
            self._relire()

    def _encore(self) -> None:
        try:
            self.regarder()
        except Exception:
            logging.getLogger(__name__).exception("Le suivi du journal a buté ; il reprend.")
        self.commencer()
