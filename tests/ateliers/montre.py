"""Watch for bars in seconds: it stands still while a process that is timed is ready to go on and the machine does something else."""

import contextlib
import os
import time
from pathlib import Path

import psutil


class Montre:
    """Seconds that something takes of a machine with nothing else to do; those of the wall where the system does not count the waits.

    On a machine that is free, nobody waits for a processor: the bar is that of the clock on the wall.

    Args:
        processus: numbers of the processes timed beside this one.
    """

    def __init__(self, *processus):
        self._processus = (os.getpid(), *processus)
        self._depart, self._avant = time.perf_counter(), self._attente()

    @classmethod
    def de_tous(cls):
        """Watch on this process and all those that it started: servers, kernels, browsers."""
        return cls(*(p.pid for p in psutil.Process().children(recursive=True)))

    def attendu(self):
        """Seconds that the processes were ready and waited for a processor, all their threads, since the watch was started."""
        return max(self._attente() - self._avant, 0.0)

    def secondes(self):
        """Seconds since the watch was started, less those waits."""
        return time.perf_counter() - self._depart - self.attendu()

    def _attente(self):
        somme = 0
        for numero in self._processus:
            for fil in Path(f"/proc/{numero}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError):  # a thread that has just ended
                    somme += int(fil.read_text().split()[1])
        return somme / 1e9
