"""Storeys of a file by their levels: which one is the ground floor, and the number of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pope_foncier.lieu.fichiers.noms_de_pieces import niveau_du_nom

_REZ_M = 1.5
"""A ground floor lies within this of level 0 [m]."""


@dataclass(frozen=True, slots=True)
class Etage:
    """Storey by its level."""

    entite: Any
    """What the file makes of it."""
    nom: str
    altitude_m: float


def numeroter(etages: Sequence[Etage]) -> tuple[list[int], list[str]]:
    """Number of each storey in order, 0 for the ground floor, and what was supposed.

    A storey has the number that its name tells; the others follow the nearest of these. When none tells it, or when the lowest one,
    at level 0, calls itself first (as « Niveau 1 » of many templates), the ground floor is the storey nearest to level 0.
    """
    if not etages:
        return [], []
    dits = [niveau_du_nom(e.nom) for e in etages]
    ancres = {rang: dit for rang, dit in enumerate(dits) if dit is not None}
    avis = []
    if not ancres or (min(ancres.values()) > 0 and abs(etages[0].altitude_m) < _REZ_M):
        rez = min(range(len(etages)), key=lambda i: abs(etages[i].altitude_m))
        avis = [
            f"Aucun étage ne se dit rez-de-chaussée : « {etages[rez].nom} », le plus près de l'altitude 0, est pris pour lui."
        ]
        ancres = {rez: 0}
    proche = [min(ancres, key=lambda a: abs(a - rang)) for rang in range(len(etages))]
    return [ancres[a] + rang - a for rang, a in enumerate(proche)], avis
