"""Loan on the months of a study, as records: what is asked, its numbers read, and the columns that answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

import numpy as np

from pope_foncier.modele.clauses_de_pret import FicheFrais
from pope_foncier.modele.fiche_pret import TermesDansUneEtude
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Tableau


@dataclass(slots=True)
class Mensualites:
    """Columns of a loan on the months of the study, shape (…, M) [€]; None where the loan has none.

    Attributes:
        deblocages: drawdowns; None for one drawdown of the capital at the start.
        capitalises: interest that runs and is not paid: added to the balance, or stored; below zero when the stock is paid.
        restant: capital left, stored interest included.
        commissions: yearly commission of the guarantee.
        frais: commission on what is not drawn, fees after the first drawdown, exit fees, indemnities, participation.
        anticipes: principal repaid early, and its indemnity.
        taux: annual rate in force [fraction]; for the sentences.
        verse: total drawn, shape (…, 1); None when it is the capital.
        fin: month after the last payment, shape (…, 1).
    """

    interets: Tableau
    remboursement: Tableau
    restant: Tableau
    deblocages: Tableau | None = None
    capitalises: Tableau | None = None
    assurance: Tableau | None = None
    commissions: Tableau | None = None
    frais: Tableau | None = None
    anticipes: Tableau | None = None
    taux: Tableau | None = None
    verse: Tableau | None = None
    fin: Tableau | None = None

    @property
    def presentes(self) -> Tableau:
        """Which columns the loan has, as one number: a bit each."""
        return np.array([float(sum([1 << i for i, c in enumerate(_colonnes(self)) if c is not None]))])


_colonnes = attrgetter(*(f.name for f in fields(Mensualites)))
"""Columns, in order."""


@enregistrement
class PretLu:
    """Loan asked, its numbers read: arrays of shape (1 or D, 1), the rate by month when it follows an index.

    Attributes:
        lues: value of each input under the loan (``paliers[1].taux``).
        unites: unit of each.
        taux: rate, shape (…, 1) or (…, M) [fraction].
        debut: month of the first drawdown.
        capital: amount lent [€]; None for a sculpted loan, which finds it.
        travaux: share of the works paid each month, shape (…, M), and the month of their reception, for a loan drawn with them.
    """

    fiche: TermesDansUneEtude
    lues: Mapping[str, Tableau]
    unites: Mapping[str, str]
    taux: Tableau
    debut: Tableau
    capital: Tableau | None
    duree_etude: int
    date_du_mois: Callable[[int], date]
    travaux: tuple[Tableau, Tableau] | None = None
    tracee: bool = True

    def lue(self, chemin: str, sinon: float = 0.0) -> Tableau:
        """Value of an input, or what stands for one that the sheet does not give."""
        return self.lues.get(chemin, np.full((1, 1), sinon))


def taux_du_mois(c: PretLu, tableau: Echeancier, debut: Tableau) -> Tableau:
    """Annual rate in force each month of the study: that of the period which the month ends or stands in, shape (D, M)."""
    ecoules = np.arange(c.duree_etude)[None, :] - debut
    rang: Any = np.searchsorted(tableau.mois, ecoules.ravel(), side="left").reshape(ecoules.shape)
    rang = np.clip(rang, 0, tableau.mois.size - 1)
    lignes = np.broadcast_to(tableau.taux, (max(tableau.taux.shape[0], rang.shape[0]), tableau.mois.size))
    return np.take_along_axis(lignes, np.broadcast_to(rang, (lignes.shape[0], c.duree_etude)), axis=1)


def depuis_le_deblocage(chemin: Tableau, debut: Tableau) -> Tableau:
    """Path of a rate counted from the drawdown; its last value holds after the end of the study, shape (…, M)."""
    chemin = chemin.reshape(-1, chemin.shape[-1])
    rangs = np.minimum(
        np.nan_to_num(debut).reshape(-1, 1).astype(np.intp) + np.arange(chemin.shape[-1]), chemin.shape[-1] - 1
    )
    draws = max(len(chemin), len(rangs))
    return np.take_along_axis(
        np.broadcast_to(chemin, (draws, chemin.shape[-1])), np.broadcast_to(rangs, (draws, chemin.shape[-1])), axis=1
    )


def au_depart(frais: FicheFrais) -> bool:
    """Whether a fee is paid with the first drawdown, or before."""
    mois = 0 if frais.mois is None else frais.mois.valeur
    return not frais.a_la_fin and mois is not None and mois <= 0
