"""Holidays in mid-life, in rows: where they stand, and how they move the rows of the contract."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.prets.conversions import Tableau, periodes
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul


@enregistrement
class Arret:
    """Rows ``debut + 1`` to ``fin`` without principal; ``ajoute`` of them come on top of the rows of the contract."""

    debut: int
    fin: int
    capitalise: bool
    ajoute: int


def arrets(e: Emprunt) -> tuple[Arret, ...]:
    """Holidays of a loan in the order of their rows.

    Raises:
        ErreurCalcul: a month that is not that of an instalment, a length that is not whole periods.
    """
    suite = []
    for s in sorted(e.suspensions, key=lambda s: s.mois):
        debut = e.rang_du_mois(s.mois, "Suspension")
        largeur = int(periodes(s.duree_mois, e.periodes_par_an, "Suspension"))
        suite.append(Arret(debut, debut + largeur, s.interets == "capitalises", largeur if s.allonge else 0))
    return tuple(suite)


def rangs_ajoutes(suite: Sequence[Arret], rang: Tableau) -> Tableau:
    """Rows on top of the contract up to a row, same shape."""
    if not suite:
        return np.zeros((1, 1))
    return np.asarray(np.add.reduce([np.clip(rang - a.debut, 0.0, a.ajoute) for a in suite]))


def verifier_arrets(suite: Sequence[Arret], fins: Tableau) -> None:
    """Refuse a holiday that no instalment follows, in any of the loans whose last rows are ``fins``, (1 or D, 1).

    Raises:
        ErreurCalcul: such a holiday.
    """
    for a in suite:
        if np.any((fins > a.debut) & (fins <= a.fin)):
            raise ErreurCalcul(
                "Suspension : aucune échéance ne la suit ; l'avancer, l'écourter, ou écrire « allonge: true »."
            )
        if np.all(fins <= a.debut):
            raise ErreurCalcul("Suspension : le prêt est déjà remboursé à cette date ; choisir un mois plus tôt.")


def rang_final(suite: Sequence[Arret], du_contrat: Tableau) -> Tableau:
    """Last row of a loan whose contract has ``du_contrat`` rows; a holiday after the end moves nothing."""
    fin = du_contrat
    for a in suite:
        fin = fin + np.where(fin > a.debut, float(a.ajoute), 0.0)
    return fin
