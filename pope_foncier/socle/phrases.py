"""Sentence of a quantity: written from its operations and operands only, so that it cannot disagree with the value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.operations import Axe, Operation, Phrase
from pope_foncier.socle.temps import Echelle


class Origine(NamedTuple):
    """Origin of an input: law, assumption or fact, where it was read and how sure it is."""

    nature: Literal["bareme", "hypothese", "fait", "inconnu"]
    reference: str
    """Path of the scale, or of the field in the study."""
    mention: str
    """French mention: period and source, or basis of the assumption."""
    fiabilite: str
    titre_source: str = ""
    url: str | None = None
    a_obtenir_de: str = ""


class Noeud:
    """Node of an expression: its value, its name, what it was computed from, and how it is told in French.

    ``operation``, ``operandes`` and ``parametres`` are how it was computed; ``phrase`` and ``dits`` how it is told, which is the same
    unless the rule has its own sentence.
    """

    __slots__ = (
        "_feuilles",
        "axe",
        "dits",
        "manques",
        "nom",
        "operandes",
        "operation",
        "origines",
        "parametres",
        "phrase",
        "tracee",
        "unite",
        "valeur",
    )

    valeur: NDArray[np.float64]
    nom: str
    unite: str
    origines: tuple[Origine, ...]
    axe: Axe
    tracee: bool
    manques: frozenset[str]
    operation: Operation | None
    operandes: tuple[Self | float, ...]
    parametres: tuple[Any, ...]
    """What the operation reads beside its operands and that no draw moves: a time axis, a tolerance, a sheet."""
    phrase: Phrase | None
    dits: tuple[Self | float, ...]
    """What the sentence quotes, in the order of its template."""
    _feuilles: tuple[Self, ...]
    """Inputs of the quantity, once they have been asked for."""

    @property
    def est_entree(self) -> bool:
        """Whether a sentence stops here: nothing computed it, or it has a source of its own."""
        return self.operation is None or bool(self.origines)

    def au_point(self, scenario: int = 0, rang: int = 0, rang_annee: int = 0) -> float:
        """One number: of a scenario (first axis), at a month or at its calendar year."""
        ligne = self.valeur.reshape(-1, self.valeur.shape[-1])
        position = {"mois": rang, "annee": rang_annee}.get(self.axe, 0)
        return float(ligne[scenario if len(ligne) > 1 else 0, position if ligne.shape[1] > 1 else 0])

    def feuilles(self) -> tuple[Self, ...]:
        """Inputs that the quantity depends on, each once, in order of first use."""
        connues = getattr(self, "_feuilles", None)
        if connues is None:
            connues = self._feuilles = tuple(self._parcourir())
        return connues

    def _parcourir(self) -> Iterator[Self]:
        """Go down the sentences; a quantity whose inputs are known gives them, and nothing below it is read again."""
        vues: set[int] = set()
        pile: list[Self] = [self]
        while pile:
            courante = pile.pop()
            if id(courante) in vues:
                continue
            vues.add(id(courante))
            connues = getattr(courante, "_feuilles", None)
            if connues is not None:
                yield from (f for f in connues if f is courante or id(f) not in vues)
                vues.update(map(id, connues))
                continue
            if courante.origines:
                yield courante
            pile.extend(o for o in reversed(courante.dits) if isinstance(o, Noeud))

    def origines_du_scenario(self, scenario: int = 0) -> list[Origine]:
        """Origins of the inputs, in one scenario, each once."""
        trouvees = (f.origines[scenario if len(f.origines) > 1 else 0] for f in self.feuilles())
        return list(dict.fromkeys(trouvees))

    def lire(self, scenario: int = 0, rang: int = 0, rang_annee: int = 0) -> str:
        """Value in French with its unit; « inconnu » when an input is missing, « indéterminé » when undefined."""
        valeur = self.au_point(scenario, rang, rang_annee)
        if np.isnan(valeur):
            return "inconnu" if self.manques else "indéterminé"
        return formater(valeur, self.unite)

    def formule(self, scenario: int = 0, rang: int = 0, rang_annee: int = 0) -> str:
        """Formula in words with its numbers: ``12 places (places retenues) × 8 000 €/place (socle)``."""
        if not self.tracee:
            return "tirage aléatoire : pas de phrase pour un ensemble de valeurs"
        if self.est_entree:
            return self.lire(scenario, rang, rang_annee)
        return _ecrire(self, scenario, rang, rang_annee, 0)

    def expliquer(self, scenario: int = 0, rang: int | None = None, echelle: Echelle | None = None) -> str:
        """One French sentence: value, factors, and the source or basis of each input used.

        Args:
            scenario: rank on the scenario axis.
            rang: month to explain; by default the first month where the line is not zero.
            echelle: time axis, to name the month.
        """
        quand, rang, rang_annee = self.instant(scenario, rang, echelle)
        mentions = _mentions(self, scenario)
        suite = f" [{' ; '.join(mentions)}]" if mentions else ""
        valeur = self.lire(scenario, rang, rang_annee)
        formule = f" = {self.formule(scenario, rang, rang_annee)}" if not self.est_entree else ""
        manques = f" Manque : {', '.join(sorted(self.manques))}." if self.manques else ""
        return f"{self.nom}{quand} : {valeur}{formule}{suite}.{manques}"

    def instant(
        self, scenario: int = 0, rang: int | None = None, echelle: Echelle | None = None
    ) -> tuple[str, int, int]:
        """Moment that an explanation reads: its name in French, the month and the calendar year as ranks.

        Args:
            scenario: rank on the scenario axis.
            rang: month to read; by default the first month where the line is not zero.
            echelle: time axis, to name the month.
        """
        if rang is None:
            rang = self._premier_rang_utile(scenario)
        rang_annee = rang
        quand = ""
        if echelle is not None and self.axe == "mois":
            rang_annee = int(echelle.rang_annee[rang])
            quand = f" en {echelle.mois_en_clair(rang)}"
        elif echelle is not None and self.axe == "annee":
            quand = f" en {echelle.annees[rang]}"
            rang = int(echelle.debuts_annee[rang])
        return quand, rang, rang_annee

    def _premier_rang_utile(self, scenario: int) -> int:
        ligne = self.valeur.reshape(-1, self.valeur.shape[-1])
        non_nuls = np.flatnonzero(ligne[scenario if len(ligne) > 1 else 0])
        return int(non_nuls[0]) if len(non_nuls) else 0


def _ecrire(noeud: Noeud, scenario: int, rang: int, rang_annee: int, force: int) -> str:
    phrase = noeud.phrase
    assert phrase is not None
    termes = [
        nommer_seul(o) if reduit(noeud, o) else _operande(o, scenario, rang, rang_annee, phrase.force_du_terme(i))
        for i, o in enumerate(noeud.dits)
    ]
    return phrase.joindre(termes, force)


def reduit(noeud: Noeud, terme: Noeud | float) -> bool:
    """Whether the operation sums or scans the months of a term: one month's value would then mislead."""
    return isinstance(terme, Noeud) and terme.axe != "" and noeud.axe != terme.axe and noeud.axe != "mois"


def nommer_seul(terme: Noeud | float, force: int = 0) -> str:
    """Names of a term without values, for what is taken over all its months."""
    if not isinstance(terme, Noeud):
        return formater_nombre(float(terme), 6, 0)
    if terme.nom or terme.est_entree:
        return f"« {minuscule(terme.nom)} »"
    phrase = terme.phrase
    assert phrase is not None
    noms = [nommer_seul(o, phrase.force_du_terme(i) if phrase.infixe else 0) for i, o in enumerate(terme.dits)]
    return phrase.joindre(noms, force)


def _operande(terme: Noeud | float, scenario: int, rang: int, rang_annee: int, force: int) -> str:
    if not isinstance(terme, Noeud):
        return formater_nombre(float(terme), 6, 0)
    if terme.nom or terme.est_entree:
        valeur = terme.lire(scenario, rang, rang_annee)
        return f"{valeur} ({minuscule(terme.nom)})" if terme.nom else valeur
    return _ecrire(terme, scenario, rang, rang_annee, force)


def _mentions(noeud: Noeud, scenario: int) -> list[str]:
    """Mentions of the inputs that appear in the sentence itself."""
    textes: dict[str, None] = {}
    for feuille in _feuilles_visibles(noeud):
        origine = feuille.origines[scenario if len(feuille.origines) > 1 else 0]
        textes[f"{minuscule(feuille.nom)} : {origine.mention}"] = None
    return list(textes)


def _feuilles_visibles(noeud: Noeud) -> Iterator[Noeud]:
    if noeud.origines:
        yield noeud
    for terme in noeud.dits:
        if isinstance(terme, Noeud):
            if terme.origines:
                yield terme
            elif not terme.nom:
                yield from _feuilles_visibles(terme)


def minuscule(nom: str) -> str:
    """Lower the first letter, unless the word is an acronym."""
    return nom[:1].lower() + nom[1:] if len(nom) > 1 and nom[1].islower() else nom
