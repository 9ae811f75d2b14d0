"""What the checks of access share: the doors of the public, their swings, and how a finding is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pope_foncier.lieu.constats import StatutConstat
from pope_foncier.lieu.gabarits import debattement
from pope_foncier.lieu.reseau import DEHORS, Baie, Reseau
from pope_foncier.places.situation import Regime
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.nombres import formater_nombre

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

EPS = 1e-6


def publique(reseau: Reseau, rang: int) -> bool:
    """Whether parents and children go there; an adapted toilet is theirs whatever its room."""
    if rang >= 0 and (reseau.pieces[rang].element.equipements or {}).get("wc_adapte"):
        return True
    return rang == DEHORS or reseau.fonction(rang) in lire_usages().public


def portes_du_public(reseau: Reseau) -> list[Baie]:
    """Doors on the way of parents and children."""
    return [p for p in reseau.portes if all(publique(reseau, c) for c in p.cotes) and max(p.cotes) >= 0]


def battants(reseau: Reseau, rang: int, ecart_m: float = 0.0) -> list[BaseGeometry]:
    """Swings of the doors that open into a room."""
    balayes = [debattement(p) for p in reseau.portes_de(rang) if p.vers is not None and p.cotes[p.vers] == rang]
    return [b.buffer(ecart_m) for b in balayes if b is not None]


def nom_de_porte(reseau: Reseau, porte: Baie) -> str:
    """Name of a door, or what it joins."""
    a, b = (reseau.nom(c) for c in sorted(porte.cotes, reverse=True))
    return porte.trace.element.nom or f"porte {a} – {b}"


def pire(statuts: Sequence[StatutConstat]) -> StatutConstat:
    """Worst answer of a list: a failure, then what is open, then what is to watch."""
    ordre: tuple[StatutConstat, ...] = ("non_respecte", "a_verifier", "a_surveiller")
    return next((s for s in ordre if s in statuts), "respecte")


def selon(dites: Mapping[Regime, str]) -> str:
    """What each reading says, told once when both say the same."""
    if len(set(dites.values())) == 1:
        return next(iter(dites.values()))
    return " ; ".join(f"{regime} : {dit}" for regime, dit in dites.items())


def metres(longueur: float) -> str:
    """Length in French."""
    return f"{formater_nombre(longueur, 2)} m"


def au_niveau(niveau: int) -> str:
    """Storey in a subject; nothing for the ground floor."""
    return f", niveau {niveau}" if niveau else ""
