"""Fields that differ between two studies, by path, in plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_D_UN_BLOC = {"valeur", "bareme", "a_obtenir_de", "mode"}
"""Fields whose presence makes a table one value: an input, or a sheet that a file may write as a single word."""


@dataclass(frozen=True, slots=True)
class Ecart:
    """One field that differs, its value before and after as a file would write it; None when it is not given."""

    champ: str
    avant: Any
    apres: Any


def ecarts(avant: Any, apres: Any, chemin: str = "") -> Iterator[Ecart]:
    """Fields that differ between two plain data; lists whose elements have the same ``id`` are compared one by one."""
    if avant == apres:
        return
    if isinstance(avant, dict) and isinstance(apres, dict) and not _D_UN_BLOC & {*avant, *apres}:
        for nom in {**avant, **apres}:
            yield from ecarts(avant.get(nom), apres.get(nom), f"{chemin}.{nom}" if chemin else nom)
    elif _memes_ids(avant, apres):
        for x, y in zip(avant, apres, strict=True):
            yield from ecarts(x, y, f"{chemin}[{x['id']}]")
    else:
        yield Ecart(chemin, avant, apres)


def _memes_ids(avant: Any, apres: Any) -> bool:
    if not (isinstance(avant, list) and isinstance(apres, list)):
        return False
    ids = [[x.get("id") if isinstance(x, dict) else None for x in liste] for liste in (avant, apres)]
    return ids[0] == ids[1] and None not in ids[0]
