"""Formulas of the rows of a workbook, from the templates of their operations: one text a row, the same along it but for its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import isinf, isnan
from typing import Any

import numpy as np

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.classeur.rangees import Rangee

ICI, AVANT = "\x01", "\x02"
"""Marks of the column of the cell, and of the one before it, in the text of a row."""
SEULE, VIDE, PREMIERE = 3, 4, 5
"""Columns from zero: single value (or total of a row), empty one that stands before the first month, first one of an axis."""
RANG, ANNEE, DEBUT, FIN, DATE = 2, 3, 4, 5, 6
"""Rows of the head of a sheet, from zero: rank of the column, rank of its year, first and last months of the year, date."""
INFINI = "1E+300"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: sheet, row from zero, number of columns."""

    feuille: str
    ligne: int
    duree: int

    @property
    def derniere(self) -> str:
        """Letters of the last column."""
        return lettres(PREMIERE + self.duree - 1)


@cache
def lettres(colonne: int) -> str:
    """Letters of a column from zero."""
    from xlsxwriter.utility import xl_col_to_name

    nom: str = xl_col_to_name(colonne)
    return nom


def nombre(valeur: float) -> str:
    """Number as a formula writes it."""
    if isnan(valeur):
        return "NA()"
    if isinf(valeur):
        return INFINI if valeur > 0 else f"-{INFINI}"
    texte = f"{valeur:.0f}" if valeur == int(valeur) and abs(valeur) < 1e15 else repr(valeur).upper()
    return f"({texte})" if valeur < 0 else texte


def feuille_citee(nom: str) -> str:
    """Name of a sheet before a reference."""
    return "'" + nom.replace("'", "''") + "'!"


@dataclass(frozen=True, slots=True)
class Ecriture:
    """Writes the formulas of a workbook.

    Args:
        place: where each row stands, or nothing for one that its reader writes.
        cellule: name of the cell of an input.
        vers_l_axe: sheet and row of the head of an axis, as a place.
    """

    place: Callable[[Rangee], Place | None]
    cellule: Callable[[Rangee], str]

    def formule(self, rangee: Rangee, ou: Place) -> str:
        """Text of a row, with marks in place of its columns."""
        return self._texte(rangee, ou, rangee.axe)

    def _texte(self, rangee: Rangee, ou: Place, axe: str) -> str:
        operandes = [_Operande(self, o, ou, axe) for o in rangee.operandes]
        aides = {nom: _Operande(self, aide, ou, axe) for nom, aide in rangee.aides.items()}
        gabarit = _plus_court(rangee, operandes)
        lus = {f"p{i}": _parametre(p) for i, p in enumerate(rangee.parametres)}
        etendue = ",".join(f"{{{i}}}" for i in range(len(operandes)))
        for long, court in _EN_PLUS_CLAIR.items():
            gabarit = gabarit.replace(long, court)
        gabarit = gabarit.replace("{*}", etendue)
        for p in (p for p, texte in lus.items() if texte == "0"):
            gabarit = gabarit.replace(f"-{{{p}}}", "").replace(f"+{{{p}}}", "")
        return _alleger(gabarit.format(*operandes, rang=f"{ICI}${RANG + 1}", **lus, **aides))

    def interieure(self, o: Rangee, ou: Place, axe: str) -> str:
        """Formula of a row that its reader writes in its own."""
        return self._texte(o, ou, axe)

    def reference(self, o: Rangee, ou: Place, axe: str) -> str:
        """Cell of a row that a formula reads at its own column."""
        if o.genre == "rang":
            return f"{ICI}${RANG + 1}"
        if o.genre == "entree":
            return self.cellule(o)
        place = self.place(o)
        if place is None:
            texte = self._texte(o, ou, axe)
            return f"({texte})" if _a_proteger(texte) else texte
        avant = "" if place.feuille == ou.feuille else feuille_citee(place.feuille)
        if not o.axe:
            return f"{avant}${lettres(SEULE)}${place.ligne + 1}"
        if o.axe == axe:
            return f"{avant}{ICI}{place.ligne + 1}"
        rang = {"annee": f"{ICI}${ANNEE + 1}", "mois": f"{ICI}${DEBUT + 1}"}[o.axe] if axe else "0"
        return f"INDEX({self.ligne(o, ou)},{rang}+1)"

    def ligne(self, o: Rangee, ou: Place) -> str:
        """Whole row of cells of a row."""
        place = self.place(o)
        if o.genre == "rang":
            place = Place(ou.feuille, RANG, o.valeur.size)
        if o.genre == "entree":
            return self.cellule(o)
        if place is None:
            raise ErreurCalcul(f"La ligne « {o.nom or o.detail} » est lue en entier, et n'a pas de place.")
        avant = "" if place.feuille == ou.feuille else feuille_citee(place.feuille)
        if not o.axe:
            return f"{avant}${lettres(SEULE)}${place.ligne + 1}"
        return f"{avant}${lettres(PREMIERE)}${place.ligne + 1}:${place.derniere}${place.ligne + 1}"


@dataclass(frozen=True, slots=True)
class _Operande:
    """Operand of a formula, as its template asks for it."""

    ecriture: Ecriture
    lue: Rangee | float
    ou: Place
    axe: str

    @property
    def en_ligne(self) -> str | None:
        """Formula of a condition that has no row of its own, as it is written."""
        o = self.lue
        if not isinstance(o, Rangee) or o.genre != "formule" or self.ecriture.place(o) is not None:
            return None
        if not (o.gabarit.startswith("IF(") and o.gabarit.endswith(OUI_OU_NON)):
            return None
        return self.ecriture.interieure(o, self.ou, self.axe)

    def __format__(self, quoi: str) -> str:
        o, ecriture = self.lue, self.ecriture
        if not isinstance(o, Rangee):
            return nombre(o)
        if not quoi:
            return ecriture.reference(o, self.ou, self.axe)
        entiere = ecriture.ligne(o, self.ou)
        if quoi == "ligne":
            return entiere
        place = ecriture.place(o)
        if quoi == "fin_annee":
            return f"INDEX({entiere},{ICI}${FIN + 1}+1)" if o.axe else entiere
        if quoi == "somme_annee":
            return self._somme_de_l_annee(o, entiere, place)
        if not o.axe or place is None:
            raise ErreurCalcul(f"« {o.nom or o.detail} » n'a qu'une valeur : {quoi} n'y a pas de sens.")
        avant = "" if place.feuille == self.ou.feuille else feuille_citee(place.feuille)
        if quoi == "cumul":
            return f"{avant}${lettres(PREMIERE)}{place.ligne + 1}:{ICI}{place.ligne + 1}"
        if quoi == "avant":
            return f"{avant}{AVANT}{place.ligne + 1}"
        if quoi == "annee":
            return f"INDEX({entiere},{ICI}${DEBUT + 1}+1):INDEX({entiere},{ICI}${FIN + 1}+1)"
        raise ErreurCalcul(f"Forme de cellule inconnue : « {quoi} ».")

    def _somme_de_l_annee(self, o: Rangee, entiere: str, place: Place | None) -> str:
        if not o.axe or place is None:
            return f"{entiere}*({ICI}${FIN + 1}-{ICI}${DEBUT + 1}+1)"
        avant = "" if place.feuille == self.ou.feuille else feuille_citee(place.feuille)
        annees = f"{avant}${lettres(PREMIERE)}${ANNEE + 1}:${place.derniere}${ANNEE + 1}"
        return f"SUMIF({annees},{ICI}${ANNEE + 1},{entiere})"


_EN_PLUS_CLAIR = {
    "SUM({0:annee})": "{0:somme_annee}",
    "INDEX({0:annee},COLUMNS({0:annee}))": "{0:fin_annee}",
}
"""What is said on the months of a year, as a spreadsheet user would write it."""


_SI, OUI_OU_NON = "IF({0}<>0,{1},{2})", ",1,0)"
"""Template of a choice, and end of that of a condition."""


def _plus_court(rangee: Rangee, operandes: list[_Operande]) -> str:
    """Template of an operation, said as one would where an operand is a plain number or where there are two terms."""
    gabarit = rangee.gabarit
    if gabarit == "SUM({*})" and len(operandes) <= _TERMES:
        return "+".join(f"{{{i}}}" for i in range(len(operandes)))
    condition = operandes[0].en_ligne if gabarit == _SI else None
    if condition is not None:
        return f"{condition.removesuffix(OUI_OU_NON)},{{1}},{{2}})"
    if gabarit.startswith("IF({1}=0,NA()") and not isinstance(operandes[1].lue, Rangee) and operandes[1].lue:
        return "{0}/{1}"
    return gabarit


_TERMES = 4
"""Terms that a plus sign joins; beyond, a SUM."""


def _parametre(valeur: Any) -> str:
    if isinstance(valeur, np.ndarray):
        return ",".join(nombre(float(v)) for v in valeur.ravel())
    return nombre(float(valeur)) if isinstance(valeur, int | float) else ""


_SEULE = re.compile(r"([(,])\(([^()]*)\)(?=[,)])")
"""Brackets around what is already an argument."""
_PRODUIT = re.compile(r"(^|[+(,])\(([^()+\-<>=,/]*)\)(?=$|[+,)])")
"""Brackets around a product that is added."""


def _alleger(texte: str) -> str:
    """Formula without the brackets that change nothing."""
    return _PRODUIT.sub(r"\1\2", _SEULE.sub(r"\1\2", texte))


def _a_proteger(texte: str) -> bool:
    """Whether a formula written inside another asks for brackets: a sign stands outside of all brackets."""
    profondeur = 0
    for c in texte:
        if c == "(":
            profondeur += 1
        elif c == ")":
            profondeur -= 1
        if profondeur == 0 and c in "+-*/<>=":
            return True
    return False


def en_colonne(texte: str, colonne: int) -> str:
    """Formula of one cell of a row."""
    return texte.replace(ICI, lettres(colonne)).replace(AVANT, lettres(colonne - 1))


def usages_simples(lecteur: Rangee, lue: Rangee) -> int:
    """How often a template reads an operand as one cell; a large number when it reads its row."""
    total = 0
    gabarit = lecteur.gabarit
    for i, o in enumerate(lecteur.operandes):
        if o is lue:
            if f"{{{i}:" in gabarit:
                return 99
            total += 1 if "{*}" in gabarit else gabarit.count(f"{{{i}}}")
    for nom, aide in lecteur.aides.items():
        if aide is lue:
            return 99 if f"{{{nom}:" in gabarit else total + 99
    return total
