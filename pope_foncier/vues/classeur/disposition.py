"""Where each row of a workbook stands: lines on the sheet of their table, what they are computed from just above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pope_foncier.vues.classeur.formules import DATE, Place, usages_simples
from pope_foncier.vues.classeur.rangees import Axe, Rangee

PREMIERE_LIGNE = DATE + 1
"""First row of a sheet under its head, from zero."""
_NOEUDS_EN_LIGNE = 2
"""Operations without a name that a formula may hold beside its own."""


@dataclass(frozen=True, slots=True)
class Domaine:
    """Sheets of one subject: of its numbers, of its months, of its years, of the places tried.

    Attributes:
        passe: when its rows are placed: what an earlier subject reads stands with it.
        attend: whether its figures stand on its own sheets even when an earlier subject reads them.
    """

    seul: str
    mois: str
    annee: str
    passe: int = 0
    attend: bool = True

    def feuille(self, axe: Axe) -> str:
        """Sheet of an axis."""
        return {"": self.seul, "mois": self.mois, "annee": self.annee, "essais": ESSAIS}[axe]


ESSAIS = "Places essayées"
"""Sheet of the search of the places."""


@dataclass(frozen=True, slots=True)
class Titre:
    """Heading among the rows of a sheet."""

    texte: str


@dataclass(frozen=True, slots=True)
class Posee:
    """Row on a sheet.

    Attributes:
        codes: codes of the figures that it is.
        niveau: depth of the outline; 0 for a figure.
        flux: whether it is a cash flow, summed over months.
    """

    rangee: Rangee
    codes: tuple[str, ...]
    niveau: int
    flux: bool = False


@dataclass(slots=True)
class Feuille:
    """Rows of a sheet, in order."""

    nom: str
    axe: Axe = ""
    lignes: list[Titre | Posee] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Racine:
    """Figure that a workbook shows: its row, its code, its subject, its heading."""

    rangee: Rangee
    code: str
    domaine: Domaine
    titre: str = ""
    flux: bool = False


class Disposition:
    """Rows placed on sheets.

    Args:
        racines: figures, in the order in which they are shown.
    """

    def __init__(self, racines: Sequence[Racine]) -> None:
        self._racines: dict[int, Racine] = {}
        self._codes: dict[int, list[str]] = {}
        for racine in racines:
            if racine.domaine.attend:
                self._racines.setdefault(id(racine.rangee), racine)
            if racine.code:
                self._codes.setdefault(id(racine.rangee), []).append(racine.code)
        self._en_ligne = _en_ligne([r.rangee for r in racines])
        self._sections: dict[str, dict[str, list[Posee]]] = {}
        self._vues: set[int] = set()
        for racine in sorted(racines, key=lambda r: r.domaine.passe):
            self._poser(racine)
        self._places: dict[int, Place] = {}
        self.feuilles = {nom: self._feuille(nom, sections) for nom, sections in self._sections.items()}

    def place(self, rangee: Rangee) -> Place | None:
        """Where a row stands; nothing for one that its reader writes."""
        return self._places.get(id(rangee))

    @property
    def posees(self) -> Iterator[tuple[Posee, Place]]:
        """All rows with their place."""
        for feuille in self.feuilles.values():
            for ligne in feuille.lignes:
                if isinstance(ligne, Posee):
                    yield ligne, self._places[id(ligne.rangee)]

    def _poser(self, racine: Racine) -> None:
        """Place a figure and what it is computed from; a figure among them goes to its own sheet, in its turn."""
        pile, qui = [(racine.rangee, iter(racine.rangee.lues))], [racine]
        if id(racine.rangee) in self._vues:
            return
        self._vues.add(id(racine.rangee))
        while pile:
            rangee, suite = pile[-1]
            for lue in suite:
                sienne = self._racines.get(id(lue), qui[-1])
                if id(lue) not in self._vues and sienne.domaine.passe <= racine.domaine.passe:
                    self._vues.add(id(lue))
                    pile.append((lue, iter(lue.lues)))
                    qui.append(sienne)
                    break
            else:
                pile.pop()
                self._ranger(rangee, qui.pop())

    def _ranger(self, rangee: Rangee, racine: Racine) -> None:
        if rangee.genre in ("entree", "rang") or id(rangee) in self._en_ligne:
            return
        codes = tuple(self._codes.get(id(rangee), ()))
        sections = self._sections.setdefault(racine.domaine.feuille(rangee.axe), {})
        flux = bool(codes) and racine.rangee is rangee and racine.flux
        niveau = 0 if codes else 1 if rangee.nom else 2
        sections.setdefault(racine.titre, []).append(Posee(rangee, codes, niveau, flux))

    def _feuille(self, nom: str, sections: dict[str, list[Posee]]) -> Feuille:
        feuille = Feuille(nom)
        for titre, posees in sections.items():
            if titre:
                feuille.lignes.append(Titre(titre))
            for posee in posees:
                rangee = posee.rangee
                feuille.axe = rangee.axe or feuille.axe
                self._places[id(rangee)] = Place(nom, PREMIERE_LIGNE + len(feuille.lignes), rangee.valeur.size)
                feuille.lignes.append(posee)
        return feuille


def _dessous(racine: Rangee) -> Iterator[Rangee]:
    """Rows that a row reads, then the row itself; those of a block read each other."""
    pile, vues = [(racine, iter(racine.lues))], {id(racine)}
    while pile:
        rangee, suite = pile[-1]
        for lue in suite:
            if id(lue) not in vues:
                vues.add(id(lue))
                pile.append((lue, iter(lue.lues)))
                break
        else:
            yield rangee
            pile.pop()


def _en_ligne(racines: Iterable[Rangee]) -> set[int]:
    """Rows that their only reader writes in its own formula: short, without a name, on the same axis."""
    racines = list(racines)
    gardees = {id(r) for r in racines}
    lecteurs: dict[int, list[Rangee]] = {}
    toutes: dict[int, Rangee] = {}
    for racine in racines:
        for rangee in _dessous(racine):
            if id(rangee) not in toutes:
                toutes[id(rangee)] = rangee
                for lue in {id(x): x for x in rangee.lues}.values():
                    lecteurs.setdefault(id(lue), []).append(rangee)
    poids: dict[int, int] = {}
    en_ligne = set()
    for cle, rangee in toutes.items():
        dedans = sum(poids.get(id(x), 0) for x in rangee.lues if id(x) in en_ligne)
        poids[cle] = 1 + dedans
        qui = lecteurs.get(cle, [])
        if rangee.nom or rangee.genre != "formule" or cle in gardees or len(qui) != 1 or rangee.aides:
            continue
        if poids[cle] > _NOEUDS_EN_LIGNE or len(rangee.operandes) > _OPERANDES_EN_LIGNE or qui[0].aides:
            continue
        if any(f"{{{i}:" in rangee.gabarit for i in range(len(rangee.operandes))) or "{rang}" in rangee.gabarit:
            continue
        if qui[0].axe == rangee.axe and usages_simples(qui[0], rangee) == 1:
            en_ligne.add(cle)
    return en_ligne


_OPERANDES_EN_LIGNE = 3
"""Operands of an operation that a formula may hold."""
