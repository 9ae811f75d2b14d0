"""What a study has read and worked out, kept for itself when it is computed again and for those beside it that say the same."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from pope_foncier.modele.etude_lue import EtudeLue
from pope_foncier.modele.fiches_comparees import HORS_DU_CALCUL, comparer
from pope_foncier.socle.aiguillages import Aiguillage
from pope_foncier.socle.grandeur import Grandeur, Tableau

Cle = tuple[str, ...]
"""How a context remembers a quantity: its kind, then its path."""
ENTREE = "entree"
"""Kind of an input of the sheet of the study."""
_COMPOSEES = ("serie", "taux")
"""Kinds that are made of other inputs: each evaluation makes its own, and so reads these itself."""
SANS_TIRAGE: Mapping[str, Tableau] = {}
"""Draws of an evaluation that has none."""
_CADRE = ("date_depart", "date_demande", "horizon_mois", "evolution", "prolonger")


class Partage(NamedTuple):
    """What a room worked out of some sections.

    Attributes:
        resultat: its quantities.
        sections: sections of the study that it comes from.
        entrees: inputs that it read.
        points: named points of the chain that it went by, where a shock may strike.
        aiguillages: decisions that it took on a value.
    """

    resultat: Any
    sections: frozenset[str]
    entrees: Mapping[Cle, Grandeur]
    points: frozenset[str]
    aiguillages: tuple[Aiguillage, ...]

    def venu_de(self, avant: Iterable[Partage]) -> Partage:
        """The same, coming also from what others come from."""
        sections, entrees, points = self.sections, self.entrees, self.points
        for autre in avant:
            sections, entrees, points = sections | autre.sections, {**autre.entrees, **entrees}, points | autre.points
        return self._replace(sections=sections, entrees=entrees, points=points)

    @property
    def lus(self) -> Iterator[str]:
        """All that a shock may strike in it, by name."""
        yield from self.points
        yield from (cle[1] for cle in self.entrees if cle[0] == ENTREE)


E = TypeVar("E", bound=EtudeLue)


class EntreesCommunes(Generic[E]):
    """Inputs that the variants of one evaluation have read, on one site and under one law; and what rooms worked out of them alone.

    Several threads may read and add at once: what is kept is never changed nor taken away, and what is looked over is a copy.
    """

    def __init__(
        self,
        variantes: Sequence[E],
        site: Any,
        tirages: Mapping[str, Tableau] = SANS_TIRAGE,
        lues: dict[Cle, Grandeur] | None = None,
        partages: dict[str, Partage] | None = None,
    ) -> None:
        self.variantes = tuple(variantes)
        self.site = site
        self._tirages = tirages
        self._lues = {} if lues is None else lues
        self._partages = {} if partages is None else partages

    def sont_pour(self, variantes: Sequence[E], site: Any, tirages: Mapping[str, Tableau] = SANS_TIRAGE) -> bool:
        """Whether these are those of some variants, site and draws: a context made of others, or of a copy of them, reads for itself."""
        if site is not self.site or (tirages is not self._tirages and (tirages or self._tirages)):
            return False
        return len(variantes) == len(self.variantes) and all(map(operator.is_, variantes, self.variantes))

    def ecart(self, etude: E, qui_tient: bool = False) -> Ecart | None:
        """What a study does not say as this one; None under another law or time axis, or when these are of several variants or of draws.

        Args:
            qui_tient: whether only a difference under which all holds is wanted: None for another, as soon as it is seen.
        """
        if len(self.variantes) > 1 or self._tirages:
            return None
        sections: set[str] = set()
        entrees: set[Cle] = set()
        prises = self._sections_prises() if qui_tient else frozenset()
        la = vars(etude)
        for nom, ici in vars(self.variantes[0]).items():
            if ici is la[nom] or nom in HORS_DU_CALCUL:
                continue
            if nom in _CADRE:
                if ici == la[nom]:
                    continue
                return None
            cles = self._entrees_qui_different(nom, ici, la[nom])
            if cles is not None:
                entrees |= cles
            elif nom in prises:
                return None
            else:
                sections.add(nom)
        return Ecart(frozenset(sections), frozenset(entrees))

    def tient(self, ecart: Ecart) -> bool:
        """Whether a study so different has only inputs of its own, or takes all that was worked out."""
        return not ecart.sections or ecart.sections.isdisjoint(self._sections_prises())

    def _sections_prises(self) -> frozenset[str]:
        """Sections that what was worked out comes from."""
        return frozenset().union(*[fait.sections for fait in [*self._partages.values()]])

    def malgre(self, ecart: Ecart, etude: E) -> EntreesCommunes[E]:
        """Those of a study beside: the same quantities where it says the same, its own elsewhere."""
        if self.sont_pour((etude,), self.site):
            return self
        if ecart.est_nul:
            return EntreesCommunes((etude,), self.site, lues=self._lues, partages=self._partages)
        lues = ecart.epargnees([*self._lues.items()])
        partages = {quoi: fait for quoi, fait in [*self._partages.items()] if ecart.epargne(fait)}
        return EntreesCommunes((etude,), self.site, lues=lues, partages=partages)

    def _entrees_qui_different(self, nom: str, ici: Any, la: Any) -> set[Cle] | None:
        """Inputs in which two sections differ, all of them read here as inputs; None when the sections differ otherwise."""
        champs: list[str] = []
        if not comparer(ici, la, nom, champs):
            return None
        cles: set[Cle] = {(ENTREE, champ) for champ in champs}
        return cles if cles <= self._lues.keys() else None

    def une_fois(self, cle: Cle, construire: Callable[[], Grandeur]) -> Grandeur:
        """A quantity, built when none that says the same has been read."""
        if cle[0] in _COMPOSEES:
            return construire()
        lue = self._lues.get(cle)
        return self._lues.setdefault(cle, construire()) if lue is None else lue

    def deja(self, quoi: str) -> Partage | None:
        """What a room has worked out already; None when it has not."""
        return self._partages.get(quoi)

    def partager(self, quoi: str, de: Iterable[str], faire: Callable[[Sequence[Partage]], Partage]) -> Partage:
        """What a room works out, made when none that says the same has asked for it.

        Args:
            quoi: its name.
            de: names of what it takes of the rooms before it.
            faire: makes it, of those.
        """
        fait = self._partages.get(quoi)
        if fait is None:
            fait = self._partages.setdefault(quoi, faire([self._partages[nom] for nom in de]))
        return fait


class Ecart(NamedTuple):
    """What two studies do not say the same.

    Attributes:
        sections: sections that differ by more than inputs.
        entrees: inputs that differ in the other sections.
    """

    sections: frozenset[str]
    entrees: frozenset[Cle]

    @property
    def est_nul(self) -> bool:
        """Whether they say the same."""
        return not self.sections and not self.entrees

    def epargne(self, fait: Partage) -> bool:
        """Whether what a room worked out holds for both."""
        return self.sections.isdisjoint(fait.sections) and self.entrees.isdisjoint(fait.entrees)

    def epargnees(self, lues: Iterable[tuple[Cle, Grandeur]]) -> dict[Cle, Grandeur]:
        """Quantities that were read and hold for both."""
        return {
            cle: lue
            for cle, lue in lues
            if cle not in self.entrees and (cle[0] != ENTREE or _section(cle[1]) not in self.sections)
        }


def communes_pour(etude: E, site: Any, gardees: Iterable[EntreesCommunes[E]]) -> EntreesCommunes[E]:
    """What holds for a study of what others have read on an equal site: of the first whose work all holds, or that differs by inputs alone; else of the first."""
    trouvee: tuple[EntreesCommunes[E], Ecart] | None = None
    for lues in gardees:
        ecart = lues.ecart(etude, qui_tient=trouvee is not None)
        if ecart is None:
            continue
        tient = lues.tient(ecart)
        if trouvee is None or tient:
            trouvee = lues, ecart
        if tient:
            break
    return EntreesCommunes((etude,), site) if trouvee is None else trouvee[0].malgre(trouvee[1], etude)


@lru_cache(maxsize=4096)
def _section(champ: str) -> str:
    return champ.partition(".")[0].partition("[")[0]
