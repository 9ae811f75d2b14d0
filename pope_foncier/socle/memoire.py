"""Memory: refuse beforehand what would take too much of it; keep freed blocks, where the C library allows it."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from functools import lru_cache

from pope_foncier.socle.erreurs import ErreurCalcul

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_UN_GIO = 1 << 30
_RAMASSAGE = (20_000, 20, 20)
_UN_MO = 1_000_000
LIMITE_MO = 3_000
"""Memory that one computation may take, unless ``POPE_MEMOIRE_MO`` says otherwise [MB]."""
_REGLABLE_MO = (200, 1_000_000)


def limite_mo() -> int:
    """Memory that one computation may take [MB].

    Raises:
        ErreurCalcul: ``POPE_MEMOIRE_MO`` is not a whole number within its bounds.
    """
    brut = os.environ.get("POPE_MEMOIRE_MO", "").strip()
    mini, maxi = _REGLABLE_MO
    if not brut:
        return LIMITE_MO
    if not (brut.isascii() and brut.isdigit() and len(brut) < 10 and mini <= int(brut) <= maxi):
        raise ErreurCalcul(f"POPE_MEMOIRE_MO : « {brut} » ; un nombre entier de Mo de {mini} à {maxi} est attendu.")
    return int(brut)


def exiger_memoire(octets: float, quoi: str, remede: str) -> None:
    """Refuse a computation that would take too much memory, before it starts.

    Args:
        octets: estimate, from measures of the same computation in small.
        quoi: French name of the computation.
        remede: what to ask instead.

    Raises:
        ErreurCalcul: the estimate is above the limit.
    """
    limite = limite_mo()
    if octets > limite * _UN_MO:
        raise ErreurCalcul(
            f"{quoi} : environ {octets / _UN_MO:.0f} Mo de mémoire, plus que les {limite} Mo permis (POPE_MEMOIRE_MO). {remede}"
        )


@contextlib.contextmanager
def sans_cycles() -> Iterator[None]:
    """Let the collector of cycles rest while what is made has none (sheets, a graph): it would walk through all of it, for nothing."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@lru_cache(maxsize=1)
def garder_memoire() -> bool:
    """Tell glibc not to hand freed arrays back to the system; without it, half the time of draws goes in page faults.

    Returns:
        Whether it was done; elsewhere than on Linux with glibc nothing happens, draws are only slower.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_TRIM_THRESHOLD, _UN_GIO) and mallopt(_M_MMAP_THRESHOLD, _UN_GIO))


def ramasser_moins_souvent() -> None:
    """Look less often for what is no longer used, in a process of ours: an evaluation makes many small objects that last as long as it does.

    At its end Python would walk through all of them three times; what is left then goes with the process.
    """
    gc.set_threshold(*_RAMASSAGE)
    atexit.register(gc.freeze)


def rendre_memoire() -> None:
    """Hand the freed blocks back to the system, once a large computation that comes once is over; nothing elsewhere than with glibc."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
