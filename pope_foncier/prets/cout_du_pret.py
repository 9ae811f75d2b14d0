"""What a loan costs in all, part by part: interest, insurance, fees, and what is held back from what is lent."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.effectif import cout_total


@dataclass(frozen=True, slots=True)
class CoutDuPret:
    """Cost of one loan [€].

    Attributes:
        retenu: repaid without having been received: what is held back from the drawdowns.
        total: paid in all beyond what was received.
        hors_teg: part of it that the effective rate leaves out.
    """

    interets: float
    assurance: float
    frais: float
    retenu: float
    total: float
    hors_teg: float


def cout_du_pret(tableau: Echeancier) -> CoutDuPret:
    """Cost of the only loan of a schedule."""
    noms = ("interets_payes", "assurance", "frais", "deblocages", "remboursement", "versement")
    interets, assurance, frais, recu, rembourse, verse = (float(tableau.total(n)[0]) for n in noms)
    total = verse - recu
    return CoutDuPret(interets, assurance, frais, rembourse - recu, total, total - float(cout_total(tableau)[0]))
