"""Unit algebra over the graph of a quantity: what its operands give, beside the unit that its name declares."""

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from pope_foncier.socle.grandeur import Grandeur

SANS_DIMENSION = {
    "",
    "%",
    "taux",
    "niveaux",
    "an",
    "ans",
    "mois",
    "jours",
    "mois après le départ",
    "signature supposée",
}
"""Words that count nothing that money may be divided by; time goes with them, since a monthly flow and a yearly one are both euros."""
MEMES = {"places": "place", "points": "point", "enfants": "enfant", "personnes": "personne", "adultes": "adulte"}

Unite = dict[str, int] | None
"""Exponent of each base word; None when nothing is known."""


def lire(unite: str) -> Unite:
    """Unit of a label: ``€/m² HT`` is {€: 1, m²: −1}."""
    lue: dict[str, int] = {}
    for rang, mot in enumerate(unite.replace(" HT", "").replace(" TTC", "").split("/")):
        if mot not in SANS_DIMENSION:
            base = MEMES.get(mot, mot)
            lue[base] = lue.get(base, 0) + (1 if rang == 0 else -1)
    return {m: n for m, n in lue.items() if n}


def _produit(a: Unite, b: Unite, signe: int) -> Unite:
    if a is None or b is None:
        return None
    fait = {m: a.get(m, 0) + signe * b.get(m, 0) for m in a.keys() | b.keys()}
    return {m: n for m, n in fait.items() if n}


def dire(unite: Unite) -> str:
    """Unit in words."""
    return "?" if unite is None else " ".join(f"{m}^{n}" if n != 1 else m for m, n in sorted(unite.items())) or "1"


class Audit:
    """Units of all the quantities below some lines, and what does not agree: where, unit found, unit expected."""

    def __init__(self) -> None:
        self.unites: dict[int, Unite] = {}
        self.vues: list[Grandeur] = []
        """Quantities already read, kept alive since ``unites`` knows them by their identity."""
        self.fautes: set[tuple[str, str, str]] = set()
        self.jugees = 0

    def lire(self, racine: Grandeur) -> Unite:
        """Unit of a quantity: declared with its name, else that of its operation."""
        for g in _operandes_d_abord(racine, self.unites):
            self.unites[id(g)] = self._unite(g)
            self.vues.append(g)
        return self.unites[id(racine)]

    def _unite(self, g: Grandeur) -> Unite:
        calculee = None if g.operation is None else self._calculee(g)
        if not g.nom:
            return calculee if g.unite == "" else lire(g.unite)
        declaree = lire(g.unite)
        if calculee is not None:
            self.jugees += 1
            if calculee != declaree:
                self.fautes.add((g.nom, dire(calculee), dire(declaree)))
        return declaree

    def _calculee(self, g: Grandeur) -> Unite:
        """Unit that the rule of the operation gives from its operands, and not from what the sentence quotes."""
        termes = [self.unites[id(o)] if isinstance(o, Grandeur) else {} for o in g.operandes]
        match g.operation.unite:
            case "produit" if 0.0 in [o for o in g.operandes if not isinstance(o, Grandeur)]:
                return None
            case "produit":
                return reduce(lambda a, b: _produit(a, b, 1), termes)
            case "quotient":
                return _produit(termes[0], termes[1], -1)
            case "meme":
                return self._commune(g, g.operandes, termes)
            case "choix":
                return self._commune(g, g.operandes[1:], termes[1:])
            case "sans":
                return {}
            case "premier" | "deuxieme":
                return termes[0 if g.operation.unite == "premier" else 1]
            case "puissance":
                return {} if termes[0] == {} else None
        return None

    def _commune(self, g: Grandeur, operandes: Sequence[Grandeur | float], termes: list[Unite]) -> Unite:
        """Unit of a sum or of a choice: that of all its terms, a bare zero and what is undetermined being of any unit."""
        connues = {}
        for o, t in zip(operandes, termes, strict=True):
            if t is not None and (isinstance(o, Grandeur) or (np.isfinite(o) and o)):
                connues.setdefault(dire(t), (t, getattr(o, "nom", str(o)) or "…"))
        if len(connues) > 1:
            self.fautes.add(
                (
                    f"{g.phrase.gabarit.split('{')[0].strip(' [')} : {' ; '.join(n for _, n in connues.values())}",
                    " et ".join(connues),
                    "une seule unité",
                )
            )
        return next((t for t, _ in connues.values()), None)


def _operandes_d_abord(racine: Grandeur, faites: dict[int, Unite]) -> Iterator[Grandeur]:
    """Quantities below one, operands first, those already done left out."""
    pile = [(racine, False)]
    prises: set[int] = set()
    while pile:
        g, developpee = pile.pop()
        if developpee:
            yield g
        elif id(g) not in faites and id(g) not in prises:
            prises.add(id(g))
            pile.append((g, True))
            pile.extend((o, False) for o in g.operandes if isinstance(o, Grandeur))
