"""Schedule of a loan as one operation with several results: its columns on the months of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import numpy as np

from pope_foncier.modele.fiche_pret import TermesDansUneEtude
from pope_foncier.prets import formules_de_pret, mensualites, pentes_ordinaires
from pope_foncier.prets.pentes_mesurees import Mobile, PentesMesurees, mesurer, mois_lus
from pope_foncier.prets.pentes_ordinaires import PentesOrdinaires
from pope_foncier.prets.pret_sur_les_mois import Mensualites, PretLu
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, Tableau, poser
from pope_foncier.socle.operations import Axe, Bloc, Facteur, Operation, Phrase
from pope_foncier.socle.temps import Echelle
from pope_foncier.socle.vocabulaire import pareil


@enregistrement
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
    vues: dict[tuple[bytes, ...], PentesOrdinaires | PentesMesurees] = field(default_factory=dict, compare=False)
    """Slopes of the last operands."""

    def lire(self, valeurs: Sequence[Tableau]) -> PretLu:
        """Loan asked, from the operands: rate, month of the drawdown, capital, inputs in order of their paths, works, share that is built."""
        reste = iter(valeurs)
        taux, debut = next(reste), next(reste)
        capital = next(reste) if self.capital else None
        lues = {chemin: next(reste) for chemin in self.unites}
        return PretLu(
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

    def calculer(self, valeurs: Sequence[Tableau]) -> Mensualites:
        """Columns."""
        colonnes = mensualites.calculer(self.lire(valeurs))
        return colonnes if self.capital else mensualites.a_l_echelle(colonnes, valeurs[-1])

    def pentes(self, valeurs: Sequence[Tableau]) -> PentesOrdinaires | PentesMesurees:
        """Slopes of all the columns, computed once for the same operands; a schedule rounded to cents has those of the true one."""
        cle = tuple(v.tobytes() for v in valeurs)
        if cle not in self.vues:
            self.vues.clear()
            lu = self.lire(valeurs)
            if mensualites.est_ordinaire(self.fiche):
                self.vues[cle] = pentes_ordinaires.deriver(lu, [_en_mois(n, u) for n, u in self.unites.items()])
            else:
                exacte = replace(self, fiche=self.fiche.model_copy(update={"arrondi": "aucun"}), vues={}, tracee=False)
                mobiles = self._mobiles(lu, exacte.calculer(valeurs).fin)
                self.vues[cle] = mesurer(exacte.calculer, valeurs, mobiles, 2 if self.capital else None)
        return self.vues[cle]

    @property
    def operandes(self) -> list[tuple[str, str]]:
        """Name and unit of each operand, in order."""
        lus = [("taux", "%"), ("debut", "mois"), *([("capital", "€")] if self.capital else []), *self.unites.items()]
        lus += [("travaux", "€"), ("reception", "mois")] if self.travaux else []
        return lus if self.capital else [*lus, ("realiser", "")]

    def _mobiles(self, lu: PretLu, fin: Tableau | None) -> list[Mobile]:
        """Operands that are no number of months; of a path, the places that the schedule reads."""
        mobiles = [Mobile(i, n, u) for i, (n, u) in enumerate(self.operandes) if not _en_mois(n, u)]
        if lu.taux.shape[-1] > 1:
            mobiles[0] = replace(mobiles[0], places=mois_lus(lu, fin))
        if lu.travaux is not None:
            payes = np.flatnonzero((lu.travaux[0] > 0.0).reshape(-1, self.echelle.duree_mois).any(axis=0))
            mobiles = [replace(m, places=payes.tolist()) if m.chemin == "travaux" else m for m in mobiles]
        return mobiles


def _en_mois(nom: str, unite: str) -> bool:
    return unite in ("mois", "ans") and not nom.endswith("indemnite.mois")


def _colonnes(*lus: Any) -> Mensualites:
    *valeurs, structure = lus
    colonnes: Mensualites = structure.calculer(valeurs)
    return colonnes


def _colonne(*lus: Any) -> Tableau:
    valeur: Tableau = getattr(_colonnes(*lus[:-1]), lus[-1])
    return valeur


_SANS_PENTE = {
    "fin": "la fin d'un prêt est un mois entier",
    "taux": "le taux du moment n'est là que pour les phrases",
    "presentes": "un prêt a une colonne, ou ne l'a pas",
}
"""Columns whose slope nobody asks, and why."""


def _pente(g: Tableau, y: Tableau, *lus: Any) -> tuple[Tableau | None, ...]:
    *valeurs, structure, nom = lus
    if nom in _SANS_PENTE:
        return (None,) * len(valeurs)
    rendues = structure.pentes(valeurs).rendre(g, nom)
    return tuple(None if r is None else r.reshape(*g.shape[:-1], r.shape[-1]) for r in rendues)


def _marche(rang: int, parametres: tuple[Any, ...]) -> str:
    structure, nom = parametres
    if nom in _SANS_PENTE:
        return _SANS_PENTE[nom]
    if _en_mois(*structure.operandes[rang]):
        return "durées, différés et dates comptent en mois entiers"
    return "seul, ce nombre ne peut changer : les montants de la fiche du prêt s'accordent"


def _facteur(structure: Structure, nom: str) -> Facteur | None:
    """The capital of an ordinary loan, which its amounts are multiples of."""
    if not structure.capital or not mensualites.est_ordinaire(structure.fiche):
        return None
    return Facteur(2, multiple=nom in ("interets", "remboursement", "restant"))


ECHEANCIER = Operation(
    "echeancier",
    _colonne,
    Phrase("échéancier d'un prêt"),
    Bloc(formules_de_pret.ecrire),
    _pente,
    unite="libre",
    marche=_marche,
    ensemble=_colonnes,
    facteur=_facteur,
)
"""Schedule of a loan; the last parameter names its column. Where the contract rounds to cents, the slope is that of the exact schedule."""


@enregistrement
class Echeances:
    """Schedule of a loan, computed once, and the quantities that it comes from."""

    structure: Structure
    operandes: tuple[Grandeur, ...]
    m: Mensualites

    @classmethod
    def de(cls, structure: Structure, operandes: tuple[Grandeur, ...]) -> Echeances:
        """Compute the columns; those that the loan has are a finding, since each makes a line."""
        echeances = cls(structure, operandes, structure.calculer([o.valeur for o in operandes]))
        aiguiller(pareil(echeances.colonne("presentes", axe=""), echeances.m.presentes.item()))
        return echeances

    def colonne(self, nom: str, axe: Axe = "mois") -> Grandeur:
        """One column, as a result of the operation."""
        return poser(
            ECHEANCIER, *self.operandes, parametres=(self.structure, nom), axe=axe, valeur=getattr(self.m, nom)
        )
