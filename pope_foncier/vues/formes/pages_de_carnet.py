"""Notebook of a subject, as a console shows it: the names of its pages, never what it holds."""

from __future__ import annotations

from inspect import getattr_static, isfunction

from pope_foncier.socle.refus import NomsProches

_CITEES = 12
"""Pages that a notebook names."""


class Pages(NomsProches):
    """Notebook whose pages are its public methods."""

    def __repr__(self) -> str:
        noms = [n for n in dir(type(self)) if not n.startswith("_") and isfunction(getattr_static(type(self), n))]
        suite = f"… ({len(noms)} pages)" if len(noms) > _CITEES else ""
        return f"{type(self).__name__} : {', '.join(noms[:_CITEES])}{suite}"
