"""Studies that say the same in most of their sections: what they share is read, and worked out, once for all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from pope_foncier.modele.etude_lue import EtudeLue
from pope_foncier.socle.aiguillages import Aiguillage
from pope_foncier.socle.grandeur import Grandeur

Cle = tuple[str, ...]
"""How a context remembers a quantity: its kind, then its path."""
ENTREE = "entree"
"""Kind of an input of the sheet of the study."""
_COMPOSEES = ("serie", "taux")
"""Kinds that are made of other inputs: each evaluation makes its own, and so reads these itself."""
_CADRE = ("date_depart", "date_demande", "horizon_mois", "evolution", "prolonger")


class Partage(NamedTuple):
    """What a room worked out of some sections.

    Attributes:
        resultat: its quantities.
        entrees: inputs that it read.
        aiguillages: decisions that it took on a value.
    """

    resultat: Any
    entrees: Mapping[Cle, Grandeur]
    aiguillages: tuple[Aiguillage, ...]


class EntreesCommunes:
    """Inputs read by a study and by those beside it, on one site, under one law and without draws; and what rooms work out of them alone."""

    def __init__(self, etude: EtudeLue) -> None:
        self._etude = etude
        self._lectrice = etude
        """Study that these stand for."""
        self._lues: dict[Cle, Grandeur] = {}
        self._partages: dict[str, Partage] = {}
        self._differentes: frozenset[str] = frozenset()
        """Sections in which this study does not say what the first one says."""

    def pour(self, etude: EtudeLue) -> EntreesCommunes:
        """Those of a study beside: the same quantities where it says the same, its own elsewhere; all its own under another law."""
        communes = EntreesCommunes(self._etude)
        communes._lectrice = etude
        differentes = frozenset(nom for nom, ici in vars(self._etude).items() if not _pareils(ici, getattr(etude, nom)))
        if differentes.isdisjoint(_CADRE):
            communes._lues, communes._partages, communes._differentes = self._lues, self._partages, differentes
        return communes

    def sont_pour(self, etude: EtudeLue) -> bool:
        """Whether these are those of a study: a context made of another one, or of a copy of it, reads for itself."""
        return self._lectrice is etude

    def une_fois(self, cle: Cle, construire: Callable[[], Grandeur]) -> Grandeur:
        """A quantity, built when no study that says the same has read it."""
        if cle[0] in _COMPOSEES or (cle[0] == ENTREE and _section(cle[1]) in self._differentes):
            return construire()
        if cle not in self._lues:
            self._lues[cle] = construire()
        return self._lues[cle]

    def partager(self, quoi: str, sections: Collection[str], faire: Callable[[], Partage]) -> Partage | None:
        """What a room works out, made when no study that says the same in some sections has asked for it; None for a study that says otherwise there."""
        if not self._differentes.isdisjoint(sections):
            return None
        if quoi not in self._partages:
            self._partages[quoi] = faire()
        return self._partages[quoi]


def _pareils(ici: Any, la: Any) -> bool:
    return bool(ici is la or ici == la)


def _section(champ: str) -> str:
    return champ.partition(".")[0].partition("[")[0]
