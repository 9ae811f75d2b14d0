"""Inputs of studies that say the same in most of their sections: read once for all, one quantity each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pope_foncier.modele.etude_lue import EtudeLue
from pope_foncier.socle.grandeur import Grandeur

Cle = tuple[str, ...]
"""How a context remembers a quantity: its kind, then its path."""
ENTREE = "entree"
"""Kind of an input of the sheet of the study."""
_COMPOSEES = ("serie", "taux", "indice")
"""Kinds that are made of other inputs: each evaluation makes its own, and so reads these itself."""
_CADRE = ("date_depart", "date_demande", "horizon_mois", "evolution", "prolonger")


class EntreesCommunes:
    """Inputs read by a study and by those beside it, on one site, under one law and without draws."""

    def __init__(self, etude: EtudeLue) -> None:
        self._etude = etude
        self._lues: dict[Cle, Grandeur] = {}
        self._differentes: frozenset[str] = frozenset()
        """Sections in which this study does not say what the first one says."""

    def pour(self, etude: EtudeLue) -> EntreesCommunes:
        """Those of a study beside: the same quantities where it says the same, its own elsewhere; all its own under another law."""
        communes = EntreesCommunes(self._etude)
        differentes = frozenset(nom for nom, ici in vars(self._etude).items() if not _pareils(ici, getattr(etude, nom)))
        if differentes.isdisjoint(_CADRE):
            communes._lues, communes._differentes = self._lues, differentes
        return communes

    def une_fois(self, cle: Cle, construire: Callable[[], Grandeur]) -> Grandeur:
        """A quantity, built when no study that says the same has read it."""
        if cle[0] in _COMPOSEES or (cle[0] == ENTREE and _section(cle[1]) in self._differentes):
            return construire()
        if cle not in self._lues:
            self._lues[cle] = construire()
        return self._lues[cle]


def _pareils(ici: Any, la: Any) -> bool:
    return bool(ici is la or ici == la)


def _section(champ: str) -> str:
    return champ.partition(".")[0].partition("[")[0]
