"""Breakdown of a quantity: its operands one a line, as deep as they have no name, with the source of each input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.phrases import Noeud, minuscule, nommer_seul, reduit

_SOMMES, _PRODUITS = (" + ", " − "), (" × ", " ÷ ")
_FACTEUR_MAX = 10.0
"""Under it, a quantity without unit is a factor (an index, a ratio) and shows four decimals, so that the product can be redone."""
_TRANSPARENTS = ("{}", "{0}")
"""Templates that only rename or spread a quantity."""


@dataclass(frozen=True, slots=True)
class Etape:
    """Step of a breakdown: depth, sign that joins it to the line above, value, name, source of an input."""

    niveau: int
    signe: str
    valeur: str
    nom: str
    mention: str = ""


@dataclass(frozen=True, slots=True)
class _Instant:
    scenario: int
    rang: int
    rang_annee: int


def detailler(grandeur: Noeud, scenario: int = 0, rang: int = 0, rang_annee: int = 0) -> list[Etape]:
    """Steps of a quantity, in reading order; an input alone has one step, its source.

    Args:
        scenario: rank on the scenario axis.
        rang, rang_annee: month and calendar year to read.
    """
    instant = _Instant(scenario, rang, rang_annee)
    if not grandeur.tracee:
        return []
    if grandeur.est_entree:
        return [_terme("", grandeur, 1, instant)] if grandeur.origines else []
    return list(_deplier(grandeur, 1, instant))


def _deplier(noeud: Noeud, niveau: int, instant: _Instant) -> Iterator[Etape]:
    """Operands of a node: the chain of a sum or product, the branches of a choice, or the template with letters."""
    phrase = noeud.phrase
    assert phrase is not None
    if phrase.infixe:
        for signe, terme in _chaine(noeud):
            yield from _brancher(signe, noeud, terme, niveau, instant)
    elif phrase.gabarit.startswith(("le plus petit de", "le plus grand de")):
        yield Etape(niveau, "", "", phrase.gabarit.split(" [")[0])
        for terme in noeud.dits:
            yield from _brancher("•", noeud, terme, niveau + 1, instant)
    elif phrase.gabarit in _TRANSPARENTS:
        yield from _brancher("", noeud, noeud.dits[0], niveau, instant)
    else:
        yield from _nommer_les_branches(noeud, niveau, instant)


def _chaine(noeud: Noeud) -> list[tuple[str, Noeud | float]]:
    """Terms of a sum (or factors of a product) with their sign, unnamed left operands unfolded."""
    assert noeud.phrase is not None
    signe = noeud.phrase.gabarit
    famille = _SOMMES if signe in _SOMMES else _PRODUITS
    gauche, *autres = noeud.dits
    suite = [(signe.strip(), terme) for terme in autres]
    if (
        isinstance(gauche, Noeud)
        and not gauche.nom
        and gauche.phrase is not None
        and gauche.phrase.gabarit in famille
        and not reduit(noeud, gauche)
    ):
        return [*_chaine(gauche), *suite]
    return [("", gauche), *suite]


def _brancher(signe: str, noeud: Noeud, terme: Noeud | float, niveau: int, instant: _Instant) -> Iterator[Etape]:
    """Steps of one operand: a line, and under it those of an operand that has no name."""
    while isinstance(terme, Noeud) and _transparent(terme):
        noeud, terme = terme, terme.dits[0]
    if reduit(noeud, terme):
        yield Etape(niveau, signe, "", nommer_seul(terme))
    elif isinstance(terme, Noeud) and not terme.nom and terme.operation is not None:
        yield Etape(niveau, signe, _lire(terme, instant), "")
        yield from _deplier(terme, niveau + 1, instant)
    elif signe != "+" or terme != 0.0:
        yield _terme(signe, terme, niveau, instant)


def _transparent(terme: Noeud) -> bool:
    return not terme.nom and terme.phrase is not None and terme.phrase.gabarit in _TRANSPARENTS


def _lire(terme: Noeud, instant: _Instant) -> str:
    """Value of a part of a formula, which has no unit; whole from a thousand."""
    valeur = terme.au_point(instant.scenario, instant.rang, instant.rang_annee)
    return formater_nombre(valeur) if abs(valeur) >= 1000 else formater(valeur, "")


def _nommer_les_branches(noeud: Noeud, niveau: int, instant: _Instant) -> Iterator[Etape]:
    """Template of a function, its operands under it; an operand that has no name is a letter in the template."""
    assert noeud.phrase is not None
    noms: list[str] = []
    branches: list[tuple[str, Noeud | float]] = []
    for terme in noeud.dits:
        compose = isinstance(terme, Noeud) and not terme.nom and terme.operation is not None
        if compose and not reduit(noeud, terme):
            noms.append(ascii_lowercase[len(branches) % 26])
            branches.append((f"{noms[-1]} =", terme))
        elif reduit(noeud, terme):
            noms.append(nommer_seul(terme))
        else:
            lu = _terme("", terme, niveau, instant)
            noms.append(f"« {lu.nom} »" if lu.nom else lu.valeur)
            branches += [("avec", terme)] if lu.nom else []
    yield Etape(niveau, "", "", noeud.phrase.joindre(noms))
    for signe, terme in branches:
        yield from _brancher(signe, noeud, terme, niveau + 1, instant)


def _terme(signe: str, terme: Noeud | float, niveau: int, instant: _Instant) -> Etape:
    if not isinstance(terme, Noeud):
        return Etape(niveau, signe, formater_nombre(float(terme), 6, 0), "")
    scenario = instant.scenario if len(terme.origines) > 1 else 0
    mention = terme.origines[scenario].mention if terme.origines else ""
    nombre = terme.au_point(instant.scenario, instant.rang, instant.rang_annee)
    sans_unite = terme.unite == "" and abs(nombre) < _FACTEUR_MAX
    lu = terme.lire(instant.scenario, instant.rang, instant.rang_annee)
    valeur = formater_nombre(nombre, 4, 0) if sans_unite else lu
    return Etape(niveau, signe, valeur, minuscule(terme.nom), mention)
