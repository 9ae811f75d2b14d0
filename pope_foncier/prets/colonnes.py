"""Schedule of a loan as one operation with several results: its columns on the months of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pope_foncier.modele.fiche_pret import TermesDansUneEtude
from pope_foncier.prets import mensualites
from pope_foncier.prets.pret_sur_les_mois import Mensualites, PretLu
from pope_foncier.socle.grandeur import Grandeur, Tableau, poser
from pope_foncier.socle.operations import Axe, Operation, Phrase, Raison
from pope_foncier.socle.temps import Echelle


@dataclass(frozen=True, slots=True)
class Structure:
    """What the schedule reads and no draw moves: the sheet, the paths of its inputs with their units, the axis of the study.

    Attributes:
        capital: whether the amount lent is given; a sculpted loan finds it, and is then multiplied by the last operand.
        travaux: whether the drawdowns follow the payments of the works, the last two operands.
    """

    fiche: TermesDansUneEtude
    unites: Mapping[str, str]
    echelle: Echelle
    capital: bool
    travaux: bool
    tracee: bool

    def calculer(self, valeurs: Sequence[Tableau]) -> Mensualites:
        """Columns: rate, month of the drawdown, capital, inputs in order of their paths, works, share that is built."""
        reste = iter(valeurs)
        taux, debut = next(reste), next(reste)
        capital = next(reste) if self.capital else None
        lues = {chemin: next(reste) for chemin in self.unites}
        lu = PretLu(
            self.fiche,
            lues,
            self.unites,
            taux,
            debut,
            capital,
            self.echelle.duree_mois,
            self.echelle.date_du_mois,
            (next(reste), next(reste)) if self.travaux else None,
            self.tracee,
        )
        colonnes = mensualites.calculer(lu)
        return colonnes if self.capital else mensualites.a_l_echelle(colonnes, next(reste))


def _colonnes(*lus: Any) -> Mensualites:
    *valeurs, structure = lus
    colonnes: Mensualites = structure.calculer(valeurs)
    return colonnes


def _colonne(*lus: Any) -> Tableau:
    valeur: Tableau = getattr(_colonnes(*lus[:-1]), lus[-1])
    return valeur


ECHEANCIER = Operation(
    "echeancier",
    _colonne,
    Phrase("échéancier d'un prêt"),
    Raison(
        "valeur tenue", "l'échéancier se calcule mois après mois, selon le profil, les différés et les clauses du prêt"
    ),
    Raison("marche", "durées, différés et dates comptent en mois entiers, et les clauses se déclenchent à des seuils"),
    unite="libre",
    ensemble=_colonnes,
)
"""Schedule of a loan; the last parameter names its column."""


@dataclass(frozen=True, slots=True)
class Echeances:
    """Schedule of a loan, computed once, and the quantities that it comes from."""

    structure: Structure
    operandes: tuple[Grandeur, ...]
    m: Mensualites

    @classmethod
    def de(cls, structure: Structure, operandes: tuple[Grandeur, ...]) -> Echeances:
        """Compute the columns."""
        return cls(structure, operandes, structure.calculer([o.valeur for o in operandes]))

    def colonne(self, nom: str, axe: Axe = "mois") -> Grandeur:
        """One column, as a result of the operation."""
        return poser(
            ECHEANCIER, *self.operandes, parametres=(self.structure, nom), axe=axe, valeur=getattr(self.m, nom)
        )
