"""Slopes of an ordinary loan in closed form: what one more euro lent, or one more point of rate, does to each column of its schedule.

At a row with ``n`` repayments to come and a rate ``i``, the share of the balance that is repaid is ``p = i / ((1+i)^n - 1)``, whatever
the rates of the other rows: the interest is ``i × balance``, and what one more point of rate repays less raises all the balances that
follow, by ``-dp / (1-p)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pope_foncier.prets.pret_sur_les_mois import PretLu
from pope_foncier.prets.profils import PROFILS
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.operations_du_temps import a_venir

_PETIT = 1e-4
"""Interest over all that remains under which the share repaid is read by its first terms, which no rounding spoils."""


@enregistrement
class PentesOrdinaires:
    """Slopes of an ordinary loan, arrays (…, M).

    Attributes:
        euro: each column for one euro lent.
        directe: change of a column, the month itself, for one more point of the rate of that month.
        suite: change of all the balances that follow, relative.
        debut: month of the drawdown when the rate follows an index, which is read each year from then on.
        en_mois: whether each of the other terms is in months; the schedule reads none of those that are not.
    """

    capital: Tableau
    euro: Mapping[str, Tableau]
    directe: Mapping[str, Tableau]
    suite: Tableau
    debut: Tableau | None
    en_mois: Sequence[bool]

    def rendre(self, g: Tableau, nom: str) -> tuple[Tableau | None, ...]:
        """Slopes on the rate, the month of the drawdown, the capital and the other terms, from that on a column."""
        sur_un_euro = g * self.euro[nom]
        apres = a_venir(self.capital * sur_un_euro)
        par_mois = self.suite * (apres if nom == "restant" else apres - self.capital * sur_un_euro)
        if nom in self.directe:
            par_mois = par_mois + g * self.directe[nom]
        par_mois = par_mois / 12.0
        taux = par_mois.sum(axis=-1, keepdims=True) if self.debut is None else _par_annee(par_mois, self.debut)
        autres = (None if en_mois else np.zeros((*g.shape[:-1], 1)) for en_mois in self.en_mois)
        return taux, None, sur_un_euro.sum(axis=-1, keepdims=True), *autres


def _par_annee(par_mois: Tableau, debut: Tableau) -> Tableau:
    """Slope on the path of a rate: the twelve months that follow a month that is read depend on it."""
    mois = np.arange(par_mois.shape[-1])
    lu = (mois >= debut) & ((mois - debut) % 12 == 0)
    cumul = np.cumsum(par_mois, axis=-1)
    return np.asarray(np.where(lu, cumul[..., np.minimum(mois + 12, mois[-1])] - cumul, 0.0))


def deriver(c: PretLu, en_mois: Sequence[bool]) -> PentesOrdinaires:
    """Slopes of an ordinary loan."""
    assert c.capital is not None
    duree, differe, debut = c.lue("duree_mois"), c.lue("differe_mois"), c.debut
    rang = np.arange(c.duree_etude) - debut
    indexe = c.taux.shape[-1] > 1
    taux = (_taux_lu(c.taux, rang) if indexe else c.taux) / 12.0
    court = (rang >= 1) & (rang <= duree)
    rembourse = court & ((rang > differe) | (rang == duree))
    part, hausse = _parts(c.fiche.profil, taux, np.maximum(duree - rang + 1.0, 1.0), rembourse)
    reste = np.cumprod(1.0 - part, axis=-1)
    connu = np.where(np.isnan(duree + differe + debut), np.nan, 1.0) * (rang >= 0)
    avant = np.concatenate([np.ones((*reste.shape[:-1], 1)), reste[..., :-1]], axis=-1) * connu
    directe = {"interets": c.capital * avant * court, "remboursement": c.capital * avant * hausse}
    suite = np.divide(-hausse, 1.0 - part, out=np.zeros(part.shape), where=part < 1.0)
    euro = {"interets": taux * avant * court, "remboursement": part * avant, "restant": reste * connu}
    return PentesOrdinaires(c.capital, euro, directe, suite, debut if indexe else None, en_mois)


def _taux_lu(chemin: Tableau, rang: Tableau) -> Tableau:
    """Annual rate of each row of a loan whose rate is read each year on a path, shape (…, M)."""
    mois = np.arange(chemin.shape[-1])
    lus = np.clip(np.nan_to_num(mois - 1.0 - (rang - 1.0) % 12.0), 0, mois[-1]).astype(np.intp)
    forme = np.broadcast_shapes(chemin.shape, lus.shape)
    return np.take_along_axis(np.broadcast_to(chemin, forme), np.broadcast_to(lus, forme), axis=-1)


def _parts(profil: str, taux: Tableau, reste: Tableau, rembourse: NDArray[np.bool_]) -> tuple[Tableau, Tableau]:
    """Share of the balance repaid at each row, ``reste`` repayments to come, and its change with the rate of the row."""
    if not PROFILS[profil].selon_le_taux:
        part = (reste == 1.0).astype(np.float64) if PROFILS[profil].au_terme else 1.0 / reste
        return rembourse * part, np.zeros(reste.shape)
    petit = np.abs(taux * reste) < _PETIT
    sur = np.where(petit, 1.0, taux)
    acquis = np.expm1(reste * np.log1p(sur))
    part = np.where(petit, (1.0 - (reste - 1.0) / 2.0 * taux + (reste**2 - 1.0) / 12.0 * taux**2) / reste, sur / acquis)
    de_tete = ((reste**2 - 1.0) / 6.0 * taux - (reste - 1.0) / 2.0) / reste
    hausse = np.where(petit, de_tete, 1.0 / acquis - sur * reste * (1.0 + acquis) / (1.0 + sur) / acquis**2)
    return np.where(rembourse, part, 0.0), np.where(rembourse & (reste > 1.0), hausse, 0.0)
