"""Libraries of the extras: loaded when a computation needs them, and said in French when they are absent."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pope_foncier.socle.erreurs import ErreurCalcul


def installee(module: str) -> bool:
    """Whether a library of an extra is installed, without loading it."""
    return find_spec(module) is not None


def bibliotheque(module: str, extra: str, pour: str) -> Any:
    """Module of a library that an extra installs.

    Args:
        module: name to import, for instance ``scipy.special``.
        extra: extra of the package that installs it.
        pour: what asks for it, in French.

    Raises:
        ErreurCalcul: the library is not installed; how to install it.
    """
    try:
        return import_module(module)
    except ImportError:
        nom = module.partition(".")[0]
        raise ErreurCalcul(
            f'{pour} demande la bibliothèque {nom}, qui n\'est pas installée : pip install "pope-foncier[{extra}]".'
        ) from None
