"""Row by row unrolling: needed where the recurrence forces it (cent rounding, real days, payment caps, broken periods).

One loop body serves one loan (Python floats, about 1 µs a row and an operation) and D loans at once (arrays of draws).
Rounding is half up to the cent, of each instalment and of each interest as the contract declares; the last row takes what
remains, so that the balance ends at exactly zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pope_foncier.modele.clauses_de_pret import Arrondi
from pope_foncier.prets.conversions import Tableau
from pope_foncier.socle.enregistrements import enregistrement


def au_centime(valeurs: Tableau) -> Tableau:
    """Round half up to the cent, any shape [€]; a guard of 1e-6 cent absorbs the binary image of decimal numbers."""
    return np.floor(valeurs * 100.0 + 0.500001) / 100.0


def _au_centime_seul(valeur: float) -> float:
    return math.floor(valeur * 100.0 + 0.500001) / 100.0


def _tel_quel(valeur: Any) -> Any:
    return valeur


@enregistrement
class EcheancesConnues:
    """What is known of w rows before they are unrolled; arrays are (1 or D, w).

    Attributes:
        taux: true period rate of each row [fraction].
        plan: instalments or principal planned, at full precision [€].
        par_echeance: whether ``plan`` holds instalments.
        differe: 1 in grace; ``capitalise`` and ``simple`` say how its interest goes (neither: it is paid).
        fin_differe: 1 on the last row of a simple-interest grace.
        dernier: 1 on the last row of each draw.
        en_plus: interest of drawdowns inside the period [€].
        supplement: what is added to the planned instalment, rounded already [€].
        deblocages: drawdowns at the end of the row [€].
    """

    taux: Tableau
    plan: Tableau
    par_echeance: bool
    differe: Tableau
    capitalise: bool
    simple: bool
    fin_differe: Tableau
    dernier: Tableau
    en_plus: Tableau
    supplement: Tableau
    deblocages: Tableau


@dataclass(slots=True)
class Deroule:
    """Unrolled rows, each (D, w) [€]."""

    interets: Tableau
    payes: Tableau
    capitalises: Tableau
    remboursement: Tableau
    solde: Tableau
    en_attente: Tableau = field(default_factory=lambda: np.zeros((1, 1)))


def derouler(solde: Tableau, en_attente: Tableau, lignes: EcheancesConnues, arrondi: Arrondi) -> Deroule:
    """Unroll rows from a balance.

    Args:
        solde: balance before the first row, (1, 1) or (D, 1) [€].
        en_attente: simple interest of the grace not yet added to the balance [€].
        lignes: the rows.
        arrondi: rounding rule of the contract.
    """
    noms = ("taux", "plan", "differe", "fin_differe", "dernier", "en_plus", "supplement", "deblocages")
    colonnes: list[Tableau] = [getattr(lignes, nom) for nom in noms]
    draws = max(solde.shape[0], en_attente.shape[0], *(c.shape[0] for c in colonnes))
    largeur = lignes.plan.shape[1]
    seul = draws == 1
    depart: Any
    attente: Any
    suites: list[Any]
    if seul:
        depart, attente = float(solde[0, 0]), float(en_attente[0, 0])
        suites = [np.broadcast_to(c, (1, largeur))[0].tolist() for c in colonnes]
    else:
        depart = np.broadcast_to(solde[:, 0], (draws,)).copy()
        attente = np.broadcast_to(en_attente[:, 0], (draws,)).copy()
        suites = [np.ascontiguousarray(np.broadcast_to(c, (draws, largeur)).T) for c in colonnes]
    sortie, attente = _boucle(depart, attente, suites, lignes, arrondi, seul)
    tableaux = [np.array(s, dtype=np.float64).reshape(largeur, draws).T for s in sortie]
    reste = np.asarray(attente, dtype=np.float64).reshape(-1, 1)
    return Deroule(tableaux[0], tableaux[1], tableaux[2], tableaux[3], tableaux[4], reste)


def _boucle(
    solde: Any, attente: Any, suites: list[Any], lignes: EcheancesConnues, arrondi: Arrondi, seul: bool
) -> tuple[list[list[Any]], Any]:
    plus_petit: Callable[[Any, Any], Any] = min if seul else np.minimum
    plus_grand: Callable[[Any, Any], Any] = max if seul else np.maximum
    arrondir: Callable[[Any], Any] = _au_centime_seul if seul else au_centime
    arrondir_interet = arrondir if arrondi == "centime" else _tel_quel
    arrondir_plan = _tel_quel if arrondi == "aucun" else arrondir
    paye_en_differe = 0.0 if lignes.capitalise or lignes.simple else 1.0
    capitalise, simple = float(lignes.capitalise), float(lignes.simple)
    par_echeance = lignes.par_echeance
    interets, payes, capitalises, remboursements, soldes = [], [], [], [], []
    for taux, plan, differe, fin, dernier, en_plus, supplement, debloque in zip(*suites, strict=True):
        interet = arrondir_interet(solde * taux + en_plus)
        prevu = arrondir_plan(plan) + supplement - interet if par_echeance else arrondir_plan(plan)
        principal = plus_petit((1.0 - differe) * prevu, solde)
        principal = dernier * solde + (1.0 - dernier) * principal
        impaye = plus_grand(-principal, 0.0)
        principal = plus_grand(principal, 0.0)
        attente = attente + interet * differe * simple
        ajoute = impaye + interet * differe * capitalise + fin * attente
        attente = attente * (1.0 - fin)
        interets.append(interet)
        payes.append(interet * (1.0 - differe * (1.0 - paye_en_differe)) - impaye)
        capitalises.append(ajoute)
        remboursements.append(principal)
        solde = solde - principal + ajoute + debloque
        if arrondi == "centime":
            solde = _au_centime_seul(solde) if seul else au_centime(solde)
        soldes.append(solde)
    return [interets, payes, capitalises, remboursements, soldes], attente
