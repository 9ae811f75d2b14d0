"""Memory: keep freed blocks for the next ones, where the C library allows it."""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_UN_GIO = 1 << 30


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
