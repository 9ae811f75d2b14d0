"""Quantity: an array that remembers how it was computed and can tell it in one French sentence.

Arrays have the month (or the calendar year, or nothing: length 1) as last axis and draws or scenarios ahead, so the
same expression serves one scenario and 100,000 draws. Arithmetic on quantities computes at once with numpy and keeps
its operands; the sentence is written from those operands only, so it cannot disagree with the result. A quantity that
holds random draws keeps no operands: there is no single sentence for 10,000 values, and memory stays flat.

An unknown input is NaN and carries the name of what is missing; the unknown spreads to all that depends on it and is
shown as « inconnu », never as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.temps import Echelle

Tableau = NDArray[np.float64]
Axe = Literal["", "mois", "annee"]

VIDE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Origine:
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


class _Operation(NamedTuple):
    """Shape of an expression: infix sign or template, and binding strength."""

    gabarit: str
    force: int
    infixe: bool = True


_PLUS = _Operation(" + ", 1)
_MOINS = _Operation(" − ", 1)
_FOIS = _Operation(" × ", 2)
_PAR = _Operation(" ÷ ", 2)
_EGAL = _Operation("{0}", 9, infixe=False)


class Grandeur:
    """Quantity: value, unit, name, and the operation and operands it comes from."""

    __slots__ = ("axe", "manques", "nom", "operandes", "operation", "origines", "tracee", "unite", "valeur")

    def __init__(
        self,
        valeur: ArrayLike,
        nom: str = "",
        unite: str = "",
        origines: Sequence[Origine] = (),
        axe: Axe = "",
        tracee: bool = True,
        manques: frozenset[str] = VIDE,
    ) -> None:
        self.valeur: Tableau = np.atleast_1d(np.asarray(valeur, dtype=np.float64))
        self.nom = nom
        self.unite = unite
        self.origines = tuple(origines)
        self.axe: Axe = axe
        self.tracee = tracee
        self.manques = manques
        self.operation: _Operation | None = None
        self.operandes: tuple[Grandeur | float, ...] = ()

    # --- arithmetic -------------------------------------------------------------------------------------------
    def __add__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_PLUS, np.add, self, autre)

    def __radd__(self, autre: float) -> Grandeur:
        return _combiner(_PLUS, np.add, autre, self)

    def __sub__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_MOINS, np.subtract, self, autre)

    def __rsub__(self, autre: float) -> Grandeur:
        return _combiner(_MOINS, np.subtract, autre, self)

    def __mul__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_FOIS, np.multiply, self, autre)

    def __rmul__(self, autre: float) -> Grandeur:
        return _combiner(_FOIS, np.multiply, autre, self)

    def __truediv__(self, autre: Grandeur | float) -> Grandeur:
        return _combiner(_PAR, quotient, self, autre)

    def __repr__(self) -> str:
        return f"Grandeur({self.nom or '…'!r}, {self.valeur.shape}, {self.unite!r})"

    # --- naming -----------------------------------------------------------------------------------------------
    def nommer(self, nom: str, unite: str = "€") -> Grandeur:
        """Give a name: a named quantity is a line, and stops the sentences of those that use it."""
        if not self.nom and self.operation is not None:
            self.nom, self.unite = nom, unite
            return self
        copie = self.alias()
        copie.nom, copie.unite = nom, unite
        return copie

    def alias(self) -> Grandeur:
        """The same quantity without a name, whose sentence is the quantity itself: a line of another name may take it."""
        if self.nom or self.operation is None:
            return _resultat(_EGAL, self.valeur, (self,), self.axe)
        return _resultat(self.operation, self.valeur, self.operandes, self.axe)

    # --- reading ----------------------------------------------------------------------------------------------
    def au_point(self, scenario: int = 0, rang: int = 0, rang_annee: int = 0) -> float:
        """One number: of a scenario (first axis), at a month or at its calendar year."""
        ligne = self.valeur.reshape(-1, self.valeur.shape[-1])
        position = {"mois": rang, "annee": rang_annee}.get(self.axe, 0)
        return float(ligne[scenario if len(ligne) > 1 else 0, position if ligne.shape[1] > 1 else 0])

    def feuilles(self) -> list[Grandeur]:
        """Inputs that the quantity depends on, each once, in order of first use."""
        vues: dict[int, Grandeur] = {}
        pile: list[Grandeur] = [self]
        feuilles: list[Grandeur] = []
        while pile:
            courante = pile.pop()
            if id(courante) in vues:
                continue
            vues[id(courante)] = courante
            if courante.origines:
                feuilles.append(courante)
            pile.extend(o for o in reversed(courante.operandes) if isinstance(o, Grandeur))
        return feuilles

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
        if self.operation is None:
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
        formule = f" = {self.formule(scenario, rang, rang_annee)}" if self.operation is not None else ""
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


# --- building expressions ---------------------------------------------------------------------------------------
def minimum(*termes: Grandeur) -> Grandeur:
    """Smallest of several quantities, element by element."""
    return appliquer(lambda *v: _reduire(np.minimum, v), "le plus petit de [{}] et [{}]", *termes)


def maximum(*termes: Grandeur | float) -> Grandeur:
    """Largest of several quantities, element by element."""
    return appliquer(lambda *v: _reduire(np.maximum, v), "le plus grand de [{}] et [{}]", *termes)


def somme(termes: Iterable[Grandeur], nom: str, unite: str = "€") -> Grandeur:
    """Sum of lines, as a named line; the sum of no line is zero."""
    liste = tuple(termes)
    if not liste:
        return Grandeur(0.0, nom, unite)
    if len(liste) == 1:
        return _resultat(_PLUS, liste[0].valeur, liste, liste[0].axe).nommer(nom, unite)
    axe = _axe_commun(liste)
    cumul = np.empty(np.broadcast_shapes(*(terme.valeur.shape for terme in liste)))
    np.add(liste[0].valeur, liste[1].valeur, out=cumul)
    for terme in liste[2:]:
        np.add(cumul, terme.valeur, out=cumul)
    return _resultat(_PLUS, cumul, liste, axe).nommer(nom, unite)


def appliquer(
    fonction: Callable[..., Tableau], gabarit: str, *operandes: Grandeur | float, axe: Axe | None = None
) -> Grandeur:
    """Apply a numpy function; ``gabarit`` is its French template, one ``{}`` per operand shown."""
    axe = _axe_commun(operandes) if axe is None else axe
    valeurs = (o.valeur if isinstance(o, Grandeur) else o for o in operandes)
    return _resultat(_Operation(gabarit, 9, infixe=False), fonction(*valeurs), operandes, axe)


def total(grandeur: Grandeur) -> Grandeur:
    """Sum over the months (or years), shape (…, 1)."""
    return appliquer(lambda v: v.sum(axis=-1, keepdims=True), "total de {}", grandeur, axe="")


def par_annee(grandeur: Grandeur, echelle: Echelle) -> Grandeur:
    """Sums by calendar year, shape (…, years)."""
    return appliquer(lambda v: sommes_annuelles(v, echelle), "total de l'année de {}", grandeur, axe="annee")


def vers_mois(grandeur: Grandeur, echelle: Echelle) -> Grandeur:
    """Value of each month's calendar year, shape (…, months)."""
    return appliquer(lambda v: np.take(v, echelle.rang_annee, axis=-1), "{}", grandeur, axe="mois")


def sommes_annuelles(valeur: Tableau, echelle: Echelle) -> Tableau:
    """Sums by calendar year of an array of months, shape (…, years)."""
    if valeur.shape[-1] == 1:
        valeur = np.broadcast_to(valeur, (*valeur.shape[:-1], echelle.duree_mois))
    return np.add.reduceat(valeur, echelle.debuts_annee, axis=-1)


def _combiner(
    operation: _Operation, ufunc: Callable[..., Tableau], a: Grandeur | float, b: Grandeur | float
) -> Grandeur:
    va = a.valeur if isinstance(a, Grandeur) else a
    vb = b.valeur if isinstance(b, Grandeur) else b
    axe = _axe_commun((a, b))
    return _resultat(operation, ufunc(va, vb), (a, b), axe)


def quotient(a: Tableau, b: Tableau) -> Tableau:
    """Quotient of two arrays, undefined (NaN) over zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.asarray(np.divide(a, b))
    if not np.all(b):
        quotient[np.broadcast_to(np.equal(b, 0.0), quotient.shape)] = np.nan
    return quotient


def _reduire(ufunc: Any, valeurs: Sequence[Any]) -> Tableau:
    resultat = valeurs[0]
    for valeur in valeurs[1:]:
        resultat = ufunc(resultat, valeur)
    return np.asarray(resultat, dtype=np.float64)


def _resultat(operation: _Operation, valeur: Tableau, operandes: tuple[Grandeur | float, ...], axe: Axe) -> Grandeur:
    resultat = Grandeur.__new__(Grandeur)
    resultat.valeur = valeur
    resultat.nom = ""
    resultat.unite = ""
    resultat.origines = ()
    resultat.operation = operation
    tracee = True
    manques = VIDE
    for o in operandes:
        if isinstance(o, Grandeur):
            tracee = tracee and o.tracee
            if o.manques:
                manques = manques | o.manques
    resultat.tracee = tracee
    resultat.manques = manques
    resultat.axe = axe
    resultat.operandes = operandes if tracee else ()
    return resultat


def _axe_commun(operandes: Sequence[Grandeur | float]) -> Axe:
    """Time axis of a result.

    Raises:
        ErreurCalcul: months met with years, whose ranks are not the same dates, whatever their lengths.
    """
    commun: Axe = ""
    for o in operandes:
        if isinstance(o, Grandeur) and o.axe and o.axe != commun:
            if commun:
                lus = " ; ".join(
                    f"« {o.nom or '…'} » ({o.axe})" for o in operandes if isinstance(o, Grandeur) and o.axe
                )
                raise ErreurCalcul(
                    f"Opération entre deux axes de temps : {lus}. Ramener l'un à l'autre par par_annee ou vers_mois, ou dire "
                    "l'axe du résultat."
                )
            commun = o.axe
    return commun


# --- sentences --------------------------------------------------------------------------------------------------
def _ecrire(noeud: Grandeur, scenario: int, rang: int, rang_annee: int, force: int) -> str:
    operation = noeud.operation
    assert operation is not None
    termes = [
        _nommer_seul(o)
        if _reduit(noeud, o)
        else _operande(o, scenario, rang, rang_annee, operation.force + (i > 0 and operation in (_MOINS, _PAR)))
        for i, o in enumerate(noeud.operandes)
    ]
    if operation.infixe:
        texte = operation.gabarit.join(termes)
        return f"({texte})" if operation.force < force else texte
    if operation.gabarit.count("{}") == 2 and len(termes) > 2:
        termes = [termes[0], "] et [".join(termes[1:])]
    return operation.gabarit.format(*termes)


def _reduit(noeud: Grandeur, terme: Grandeur | float) -> bool:
    """Whether the operation sums or scans the months of a term: one month's value would then mislead."""
    return isinstance(terme, Grandeur) and terme.axe != "" and noeud.axe != terme.axe and noeud.axe != "mois"


def _nommer_seul(terme: Grandeur | float, force: int = 0) -> str:
    """Names of a term without values, for what is taken over all its months."""
    if not isinstance(terme, Grandeur):
        return formater_nombre(float(terme), 6, 0)
    if terme.nom or terme.operation is None:
        return f"« {_minuscule(terme.nom)} »"
    operation = terme.operation
    noms = [
        _nommer_seul(o, operation.force + (i > 0 and operation in (_MOINS, _PAR)) if operation.infixe else 0)
        for i, o in enumerate(terme.operandes)
    ]
    if operation.infixe:
        texte = operation.gabarit.join(noms)
        return f"({texte})" if operation.force < force else texte
    if operation.gabarit.count("{}") == 2 and len(noms) > 2:
        noms = [noms[0], "] et [".join(noms[1:])]
    return operation.gabarit.format(*noms)


def _operande(terme: Grandeur | float, scenario: int, rang: int, rang_annee: int, force: int) -> str:
    if not isinstance(terme, Grandeur):
        return formater_nombre(float(terme), 6, 0)
    if terme.nom or terme.operation is None:
        valeur = terme.lire(scenario, rang, rang_annee)
        return f"{valeur} ({_minuscule(terme.nom)})" if terme.nom else valeur
    return _ecrire(terme, scenario, rang, rang_annee, force)


def _mentions(noeud: Grandeur, scenario: int) -> list[str]:
    """Mentions of the inputs that appear in the sentence itself."""
    textes: dict[str, None] = {}
    for feuille in _feuilles_visibles(noeud):
        origine = feuille.origines[scenario if len(feuille.origines) > 1 else 0]
        textes[f"{_minuscule(feuille.nom)} : {origine.mention}"] = None
    return list(textes)


def _feuilles_visibles(noeud: Grandeur) -> Iterator[Grandeur]:
    if noeud.origines:
        yield noeud
    for terme in noeud.operandes:
        if isinstance(terme, Grandeur):
            if terme.origines:
                yield terme
            elif not terme.nom:
                yield from _feuilles_visibles(terme)


def _minuscule(nom: str) -> str:
    """Lower the first letter, unless the word is an acronym."""
    return nom[:1].lower() + nom[1:] if len(nom) > 1 and nom[1].islower() else nom
