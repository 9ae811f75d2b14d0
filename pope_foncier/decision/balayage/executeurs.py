"""Who computes the parts: threads of this machine, or a Dask cluster; each part comes back as it is finished, in any order."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from pope_foncier.decision.balayage.calcul import MorceauFait, calculer
from pope_foncier.decision.balayage.empreintes import programme
from pope_foncier.decision.balayage.morceaux import Morceau
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope
from pope_foncier.socle.extras import bibliotheque

_AVANCE = 4
"""Parts sent in advance to each worker: none waits, and few are lost with one that stops."""
_ATTENTE_S = 15
"""How long a cluster has to answer [s]."""
_REPRISES = 2
"""How many times a part that failed is given to another worker; the scheduler itself gives again those of a worker that stops."""


class Executeur(Protocol):
    """Who computes."""

    @property
    def en_clair(self) -> str:
        """Who, in French."""

    @property
    def ouvriers(self) -> int:
        """How many parts are computed at once."""

    def executer(self, morceaux: Sequence[Morceau]) -> Iterator[MorceauFait]:
        """Compute parts; each is given back as soon as it is finished.

        Raises:
            ErreurCalcul: a machine has another version, or does not answer.
        """


@dataclass(frozen=True)
class Fils:
    """Threads of this machine; numpy lets those that draw run side by side, the rest takes turns."""

    ouvriers: int = min(2, os.cpu_count() or 1)

    @property
    def en_clair(self) -> str:
        """How many threads."""
        return "1 fil" if self.ouvriers == 1 else f"{self.ouvriers} fils"

    def executer(self, morceaux: Sequence[Morceau]) -> Iterator[MorceauFait]:
        """Compute parts on the threads."""
        suite = iter(morceaux)
        with ThreadPoolExecutor(self.ouvriers) as fils:
            en_cours: set[Future[MorceauFait]] = set()
            try:
                while True:
                    while len(en_cours) < self.ouvriers and (morceau := next(suite, None)) is not None:
                        en_cours.add(fils.submit(calculer, morceau))
                    if not en_cours:
                        return
                    finis, en_cours = wait(en_cours, return_when=FIRST_COMPLETED)
                    for fini in finis:
                        yield fini.result()
            finally:
                fils.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _sans_interruption() -> Iterator[None]:
    """Processes started here never hear Ctrl+C: the command hears it for them, and stops them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    avant = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, avant)


class Grappe:
    """Dask cluster: the one of an address, or worker processes of this machine behind a scheduler on the loopback.

    A part goes with all that it needs but the program, the law and the assumptions, which a worker has installed: the same, or it refuses.
    """

    def __init__(self, adresse: str | None = None, ouvriers: int | None = None) -> None:
        self.adresse, self._voulus = adresse, ouvriers
        self._distributed = bibliotheque("distributed", "grappe", "Le moteur dask")
        self._grappe: Any = None
        self._client: Any = None

    def __enter__(self) -> Grappe:
        d = self._distributed
        try:
            if self.adresse is None:
                with _sans_interruption():
                    self._grappe = d.LocalCluster(
                        n_workers=self._voulus or min(2, os.cpu_count() or 1),
                        threads_per_worker=1,
                        processes=True,
                        host="127.0.0.1",
                        dashboard_address=None,
                        silence_logs=50,
                    )
            self._client = d.Client(self._grappe or self.adresse, timeout=_ATTENTE_S)
            self._client.wait_for_workers(1, timeout=_ATTENTE_S)
        except (OSError, TimeoutError, ValueError) as erreur:
            self.__exit__()
            ou = self.adresse or "cette machine"
            raise ErreurCalcul(
                f"La grappe {ou} ne répond pas, ou n'a aucun ouvrier ({type(erreur).__name__}). Vérifier l'adresse "
                "(tcp://machine:8786), le programme « dask scheduler » et au moins un « dask worker »."
            ) from None
        self._exiger_la_meme_version()
        return self

    def __exit__(self, *_: object) -> None:
        for ferme in (self._client, self._grappe):
            if ferme is not None:
                ferme.close()
        self._client = self._grappe = None

    def _exiger_la_meme_version(self) -> None:
        """Refuse at once workers that would refuse every part.

        Raises:
            ErreurCalcul: names them.
        """
        try:
            lues = self._client.run(programme, on_error="return")
        except Exception as erreur:  # whatever a worker without the package raises
            lues = {self.adresse or "": erreur}
        autres = sorted(qui for qui, lue in lues.items() if lue != programme())
        if autres:
            self.__exit__()
            raise ErreurCalcul(
                f"{len(autres)} ouvrier{'s' if len(autres) > 1 else ''} de la grappe n'ont pas ce programme : {', '.join(autres[:5])}. "
                "Y installer la même version de pope-foncier, de numpy et les mêmes données (POPE_DONNEES)."
            )

    @property
    def ouvriers(self) -> int:
        """Threads of all the workers that answer now."""
        return max(1, sum(int(n) for n in self._client.nthreads().values()))

    @property
    def en_clair(self) -> str:
        """Where it is and how many workers it has."""
        ou = "sur cette machine" if self.adresse is None else self.adresse
        return f"grappe {ou}, {self.ouvriers} ouvrier{'s' if self.ouvriers > 1 else ''}"

    def executer(self, morceaux: Sequence[Morceau]) -> Iterator[MorceauFait]:
        """Compute parts on the workers; one whose worker stops is given to another."""
        suite, file = iter(morceaux), self._distributed.as_completed()
        en_cours: set[Any] = set()

        def envoyer() -> None:
            while len(en_cours) < _AVANCE * self.ouvriers and (morceau := next(suite, None)) is not None:
                futur = self._client.submit(calculer, morceau, pure=False, retries=_REPRISES)
                en_cours.add(futur)
                file.add(futur)

        envoyer()
        try:
            for futur in file:
                fait = self._recueillir(futur)
                en_cours.discard(futur)
                envoyer()
                yield fait
        finally:
            self._client.cancel(list(en_cours))

    def _recueillir(self, futur: Any) -> MorceauFait:
        try:
            fait: MorceauFait = futur.result()
        except ErreurPope:
            raise
        except Exception as erreur:  # whatever the network or a worker raises
            raise ErreurCalcul(
                f"La grappe n'a pas rendu un morceau : {type(erreur).__name__}, {erreur}. Les morceaux finis sont gardés : relancer avec --reprendre."
            ) from None
        return fait
