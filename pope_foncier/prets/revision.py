"""Rate revisions: the rate of each stage along an index path, and the progression under double revisability.

With I0 and P0 the initial rate and progression, L0 the initial index and L the one of the revision:
``R = 1 + (L - L0)/(1 + I0)``, ``I' = R(1 + I0) - 1``; simple keeps P0; double takes ``P' = R(1 + P0) - 1``; limited double
floors P' at 0 (source: public re-implementation of the lender's simulator; the contract clause was not seen; the order of
13 March 1979, article 13, revises both rates of yearly annuities at the anniversary by such a factor). The rule was read
for yearly instalments only: there the new annuity is the former one × (1 + P'), which no other rhythm keeps, so ``coherence``
refuses a double revision of any other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.prets.clauses import Revision
from pope_foncier.prets.conversions import Tableau, colonne, periodes
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.enregistrements import enregistrement


@enregistrement
class Etape:
    """Stage: from the row after ``rang``, annual rate and progression, (1, 1) or (D, 1) [fraction]."""

    rang: int
    taux: Tableau
    progression: Tableau
    revisee: bool
    """Whether the payment cap of the revision applies at this stage."""


def indice_au_mois(revision: Revision, mois: int) -> Tableau:
    """Index in force at a month, (1, 1) or (D, 1) [fraction]; the last value of the path holds after its end."""
    chemin = np.atleast_2d(np.asarray(revision.indices, dtype=np.float64))
    return chemin[:, min(mois, chemin.shape[1] - 1)][:, None]


def etapes(emprunt: Emprunt, nombre: int) -> list[Etape]:
    """Stages of the rate over ``nombre`` periods, the first at rank 0."""
    taux = colonne(emprunt.taux, "Taux du prêt")
    progression = colonne(emprunt.progression, "Progression")
    if emprunt.paliers:
        return _paliers(emprunt, nombre, progression)
    depart = [Etape(0, taux, progression, False)]
    return depart + (_revisions(emprunt, emprunt.revision, nombre, taux, progression) if emprunt.revision else [])


def _paliers(emprunt: Emprunt, nombre: int, progression: Tableau) -> list[Etape]:
    suite, mois = [], 0
    for palier in emprunt.paliers:
        rang = emprunt.rang_du_mois(mois, "Palier de taux") if mois else 0
        if rang < nombre:
            suite.append(Etape(rang, colonne(palier.taux, "Palier de taux"), progression, False))
        mois += palier.mois
    return suite


def sauts_de_l_indice(indices: ArrayLike) -> tuple[float, list[tuple[int, float]]]:
    """First value of the path of an index, then the month and the size of each of its steps [fraction]."""
    chemin = np.atleast_1d(np.asarray(indices, dtype=np.float64))
    pas = np.diff(chemin)
    return float(chemin[0]), [(int(rang) + 1, float(pas[rang])) for rang in np.flatnonzero(pas)]


def marge_sur_indice(r: Revision, taux: Tableau) -> Tableau:
    """Margin over the index: that of the loan, else what its rate was above its index at the start."""
    return taux - indice_au_mois(r, 0) if r.marge is None else colonne(r.marge, "Marge sur indice")


def _revisions(emprunt: Emprunt, r: Revision, nombre: int, taux0: Tableau, progression0: Tableau) -> list[Etape]:
    marge = marge_sur_indice(r, taux0)
    suite: list[Etape] = []
    ancien = taux0
    premiere = emprunt.rang_du_mois(r.premiere_mois, "Première révision")
    pas = int(periodes(r.tous_les_mois, emprunt.periodes_par_an, "Périodicité de révision"))
    for rang in range(premiere, nombre, pas):
        taux = indice_au_mois(r, emprunt.mois_du_rang(rang)) + marge
        if r.variation_max is not None:
            taux = np.clip(taux, ancien - r.variation_max, ancien + r.variation_max)
        if r.plancher is not None or r.plafond is not None:
            taux = np.clip(taux, r.plancher, r.plafond)
        facteur = 1.0 + (taux - taux0) / (1.0 + taux0)
        progression = progression0 if r.mode == "simple" else facteur * (1.0 + progression0) - 1.0
        if r.mode == "double_limitee":
            progression = np.maximum(progression, 0.0)
        suite.append(Etape(rang, np.asarray(taux), progression, True))
        ancien = np.asarray(taux)
    return suite
