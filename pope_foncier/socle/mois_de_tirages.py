"""Months of draws written at once: assembled from whole arrays and products, or cumulated by slices, all rows together."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pope_foncier.socle.operations import Tableau
from pope_foncier.socle.temps import Echelle


class Plan(NamedTuple):
    """How months are assembled.

    Attributes:
        plus: number of whole arrays that are added.
        moins: number of those that are taken away.
        fixe: whether months of all draws come next.
        ou: first month of each product, and that after its last; None when it is to be found.
    """

    plus: int
    moins: int
    fixe: bool
    ou: tuple[tuple[int, int] | None, ...]
    echelle: Echelle


def cumul_par_tranches(terme: Tableau) -> Tableau:
    """Sum from the start to each month: by slices of twelve months side by side, then from slice to slice, each addition over all draws."""
    if terme.ndim != 2:
        return np.asarray(np.cumsum(terme, axis=-1))
    rangees, duree = terme.shape
    tranches = np.empty((rangees, -(-duree // 12), 12))
    mois = tranches.reshape(rangees, -1)
    mois[:, :duree], mois[:, duree:] = terme, 0.0
    for rang in range(1, 12):
        np.add(tranches[..., rang - 1], tranches[..., rang], out=tranches[..., rang])
    tranches[:, 1:] += np.cumsum(tranches[:, :-1, -1], axis=1)[..., None]
    return mois[:, :duree]


def assembler(*lus: Any) -> Tableau:
    """Months: whole arrays added, others taken away, months of all draws, then products of rows and profile."""
    *valeurs, plan = lus
    fixe = plan.plus + plan.moins
    entiers, produits = valeurs[:fixe], valeurs[fixe + plan.fixe :]
    rangees = max((v.shape[0] for v in (*entiers, *produits[::2]) if v.ndim > 1), default=1)
    mois = np.empty((rangees, plan.echelle.duree_mois))
    if plan.plus:
        np.add(entiers[0], valeurs[fixe] if plan.fixe else 0.0, out=mois)
    else:
        mois[...] = valeurs[fixe] if plan.fixe else 0.0
    for entier in entiers[1 : plan.plus]:
        np.add(mois, entier, out=mois)
    for entier in entiers[plan.plus :]:
        np.subtract(mois, entier, out=mois)
    for figures, profil, ou in zip(produits[::2], produits[1::2], plan.ou, strict=True):
        debut, fin = ou or etendue(profil)
        if fin - debut < profil.size and np.isnan(figures).any():
            debut, fin = 0, profil.size
        if fin > debut:
            vue = mois[:, debut:fin]
            np.add(vue, _deplie(figures, debut, fin, plan.echelle) * profil[..., debut:fin], out=vue)
    return mois


def _deplie(figures: Tableau, debut: int, fin: int, echelle: Echelle) -> Tableau:
    """Figures of a draw at some months: its only one, or that of the year."""
    if figures.shape[-1] == 1:
        return figures
    premiere, derniere = echelle.rang_annee[[debut, fin - 1]]
    mois = np.repeat(figures[..., premiere : derniere + 1], echelle.mois_par_annee[premiere : derniere + 1], axis=-1)
    debut_lu = debut - echelle.debuts_annee[premiere]
    return np.asarray(mois[..., debut_lu : debut_lu + fin - debut])


def etendue(profil: Tableau) -> tuple[int, int]:
    """Months from the first to the last where a profile is not zero."""
    la = np.flatnonzero(profil)
    return (int(la[0]), int(la[-1]) + 1) if la.size else (0, 0)
