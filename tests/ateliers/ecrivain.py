"""Processes of the journal's tests: each writes entries one after the other and says each rank once confirmed."""

import multiprocessing
from contextlib import suppress
from pathlib import Path

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Remarque

_PROCESSUS = multiprocessing.get_context("forkserver")
_PROCESSUS.set_forkserver_preload([__name__])


class Ecrivain:
    """Writer in a process of its own, forked from one that has read the modules and opens no journal."""

    def __init__(self, chemin, qui, nombre):
        self._lecture, ecriture = _PROCESSUS.Pipe(duplex=False)
        self.processus = _PROCESSUS.Process(target=_ecrire, args=(chemin, qui, nombre, ecriture))
        self.processus.start()
        ecriture.close()

    def confirmee(self):
        """Next confirmed entry, (rank in the journal, number)."""
        return self._lecture.recv()

    def finir(self):
        """Entries confirmed since, until the process is over."""
        suite = []
        with suppress(EOFError, OSError):
            while True:
                suite.append(self._lecture.recv())
        self.processus.join(timeout=60)
        return suite


def _ecrire(chemin, qui, nombre, tuyau):
    journal = Journal(Path(chemin))
    for i in range(nombre):
        tuyau.send((journal.noter(qui, Remarque(texte=f"{qui} {i} " + "x" * 1500)), i))
