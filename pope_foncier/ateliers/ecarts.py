"""Overrides that turn a study into another: whatever a workshop set can be computed again elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pope_foncier.etude.fiche import Etude, Surcharge

MOTIF = "réglé en atelier"
_D_UN_BLOC = {"valeur", "bareme", "a_obtenir_de", "mode"}
"""Fields whose presence makes a table one value: an input, or a sheet that a file may write as a single word."""


def surcharges_de(avant: Etude, apres: Etude) -> tuple[Surcharge, ...]:
    """Overrides that turn a study into another, in the form of a scenario of a file."""
    bruts = [_en_texte(e.model_dump(exclude_defaults=True)) for e in (avant, apres)]
    return tuple(Surcharge(champ=c, valeur=v, motif=MOTIF) for c, v in _ecarts(bruts[0], bruts[1], ""))


def _en_texte(brut: Any) -> Any:
    """Plain data with French dates, that a scenario file and the journal both carry."""
    if isinstance(brut, dict):
        return {c: _en_texte(v) for c, v in brut.items()}
    if isinstance(brut, list | tuple):
        return [_en_texte(v) for v in brut]
    return f"{brut:%d/%m/%Y}" if isinstance(brut, date) else brut


def _ecarts(avant: Any, apres: Any, chemin: str) -> Iterator[tuple[str, Any]]:
    if avant == apres:
        return
    if isinstance(avant, dict) and isinstance(apres, dict) and not _D_UN_BLOC & {*avant, *apres}:
        for nom in {**avant, **apres}:
            yield from _ecarts(avant.get(nom), apres.get(nom), f"{chemin}.{nom}" if chemin else nom)
    elif _memes_ids(avant, apres):
        for x, y in zip(avant, apres, strict=True):
            yield from _ecarts(x, y, f"{chemin}[{x['id']}]")
    else:
        yield chemin, apres


def _memes_ids(avant: Any, apres: Any) -> bool:
    if not (isinstance(avant, list) and isinstance(apres, list)):
        return False
    ids = [[x.get("id") if isinstance(x, dict) else None for x in liste] for liste in (avant, apres)]
    return ids[0] == ids[1] and None not in ids[0]
