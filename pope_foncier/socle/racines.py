"""Rates that bring flows to zero: every root of ``Σ flux_k · exp(-δ t_k)``, δ being the force ln(1+r) of the rate r.

The sign of that sum is first read on a fixed grid of δ (one matrix product for all the draws), then each change of sign is
refined by a Newton iteration kept inside its bracket.

The number of roots is at most the number of changes of sign of the flows in time, and of the same parity (Descartes' rule,
which holds for any times). Only the draws where fewer roots were seen are searched again, on a grid four times finer, where
each local extremum of the value near zero is located: a pair of roots inside one cell shows as two, and a value that touches
zero without crossing it is a double root, counted twice. The draws whose roots are still of the wrong parity hold one outside
the grid: they are searched up to ``BORNES``. What stays unseen is three roots inside one fine cell (0.1 % apart at 5 %), and
a root outside ``BORNES``, which the parity tells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Tableau = NDArray[np.float64]

_FORCES = np.sinh(np.linspace(-8.0, 8.0, 240)) / np.sinh(8.0) * 7.0
"""Grid of ln(1+r): from -99.9 % to 109,500 % a period, dense near zero, which is not on it (a common root)."""
_FORCES_FINES = np.sinh(np.linspace(-8.0, 8.0, 960)) / np.sinh(8.0) * 7.0
_FORCES_LOINTAINES = np.linspace(7.0, np.log(1e9), 28)
"""Grid beyond, on both sides."""
BORNES = (float(np.expm1(-_FORCES_LOINTAINES[-1])), float(np.expm1(_FORCES_LOINTAINES[-1])))
"""Rates between which roots are sought [fraction by unit of time]."""
_TOUCHE = 1e-13
"""Value that counts as touching zero, as a share of the sum of the flows without their signs, discounted."""


def racines(flux: Tableau, rangs: Tableau) -> tuple[NDArray[np.intp], Tableau, NDArray[np.intp]]:
    """Roots of all the draws.

    Args:
        flux: signed flows, (D, N).
        rangs: their times, (N,), the first being 0.

    Returns:
        Rank of each root in the batch and its force, both (R,), sorted; changes of sign of each draw, (D,).
    """
    draws, changements = flux.shape[0], changements_de_signe(flux, rangs)
    lignes, forces = _racines(flux, rangs, _FORCES)
    suspects = np.bincount(lignes, minlength=draws) < changements
    if suspects.any():
        gardees = ~suspects[lignes]
        encore, forces_fines = _racines(flux[suspects], rangs, _FORCES_FINES, serrees=True)
        lignes = np.concatenate([lignes[gardees], np.flatnonzero(suspects)[encore]])
        forces = np.concatenate([forces[gardees], forces_fines])
    impairs = (changements - np.bincount(lignes, minlength=draws)) % 2 == 1
    if impairs.any():
        encore, lointaines = _au_dela(flux[impairs], rangs)
        lignes = np.concatenate([lignes, np.flatnonzero(impairs)[encore]])
        forces = np.concatenate([forces, lointaines])
    ordre = np.lexsort((forces, lignes))
    return lignes[ordre], forces[ordre], changements


def changements_de_signe(flux: Tableau, temps: Tableau) -> NDArray[np.intp]:
    """Changes of sign of the flows (D, N) in the order of their times (N,), zeros left out: bound of the roots, shape (D,)."""
    flux, _ = _par_date(flux, temps)
    paye = flux < 0
    avec_zero = np.flatnonzero((flux == 0).any(axis=1))
    if avec_zero.size:
        non_nuls = flux[avec_zero] != 0
        premier = np.argmax(non_nuls, axis=1)[:, None]
        rangs = np.arange(flux.shape[1], dtype=np.int32)
        dernier = np.maximum.accumulate(np.where(non_nuls, rangs, premier), axis=1)
        paye[avec_zero] = np.take_along_axis(paye[avec_zero], dernier, axis=1)
    return np.asarray(np.count_nonzero(paye[:, 1:] != paye[:, :-1], axis=1))


def _par_date(flux: Tableau, temps: Tableau) -> tuple[Tableau, Tableau]:
    """Flows in the order of their times, those of one time added."""
    if not np.any(np.diff(temps) <= 0):
        return flux, temps
    ordre = np.argsort(temps, kind="stable")
    debuts = np.flatnonzero(np.concatenate([[True], np.diff(temps[ordre]) > 0]))
    return np.add.reduceat(flux[:, ordre], debuts, axis=1), temps[ordre][debuts]


def _racines(flux: Tableau, rangs: Tableau, grille: Tableau, serrees: bool = False) -> tuple[NDArray[np.intp], Tableau]:
    """Roots of all the draws: their rank in the batch and their force; ``serrees`` also looks between the grid points."""
    centre = np.where(grille < 0, rangs.max(), 0.0)
    poids = np.exp(-grille[None, :] * (rangs[:, None] - centre[None, :]))
    valeurs = flux @ poids
    signes = np.sign(valeurs)
    nuls = (signes == 0) & np.any(flux != 0, axis=1)[:, None]
    lignes, rang = np.nonzero(signes[:, :-1] * signes[:, 1:] < 0)
    bas, haut, signe_bas = grille[rang], grille[rang + 1], signes[lignes, rang]
    touches: tuple[NDArray[np.intp], Tableau] = (np.zeros(0, dtype=np.intp), np.zeros(0))
    if serrees:
        relatives = np.abs(valeurs) / np.maximum(np.abs(flux) @ poids, 1e-300)
        avant, ici, apres = relatives[:, :-2], relatives[:, 1:-1], relatives[:, 2:]
        meme_cote = (signes[:, :-2] * signes[:, 2:] > 0) & (signes[:, :-2] * signes[:, 1:-1] >= 0)
        creux = meme_cote & (ici < avant) & (ici <= apres)
        nuls[:, 1:-1] &= ~creux
        paires, milieu = np.nonzero(creux)
        gauche, droite, signe = grille[milieu], grille[milieu + 2], signes[paires, milieu]
        fond, valeur = _fond(flux[paires], rangs, gauche, droite, signe)
        touche = np.abs(valeur) <= _TOUCHE
        perce = ~touche & (valeur < 0)
        touches = np.tile(paires[touche], 2), np.tile(fond[touche], 2)
        lignes = np.concatenate([lignes, paires[perce], paires[perce]])
        bas = np.concatenate([bas, gauche[perce], fond[perce]])
        haut = np.concatenate([haut, fond[perce], droite[perce]])
        signe_bas = np.concatenate([signe_bas, signe[perce], -signe[perce]])
    forces = _affiner(flux, rangs, lignes, bas, haut, signe_bas)
    lignes0, rang0 = np.nonzero(nuls)
    return np.concatenate([lignes, lignes0, touches[0]]), np.concatenate([forces, grille[rang0], touches[1]])


def _fond(flux: Tableau, rangs: Tableau, gauche: Tableau, droite: Tableau, signe: Tableau) -> tuple[Tableau, Tableau]:
    """Bottom of a hollow by golden section: where ``signe`` × value, as a share of the flows, is least, and that share."""
    nombre_d_or = (np.sqrt(5.0) - 1.0) / 2.0

    def part(force: Tableau) -> Tableau:
        recul = np.where(force < 0, rangs.max(), 0.0)[:, None]
        poids = np.exp(-force[:, None] * (rangs[None, :] - recul))
        return np.asarray(signe * np.sum(flux * poids, axis=1) / np.sum(np.abs(flux) * poids, axis=1))

    a, b = gauche.copy(), droite.copy()
    c, d = b - nombre_d_or * (b - a), a + nombre_d_or * (b - a)
    f_c, f_d = part(c), part(d)
    for _ in range(45):
        a_gauche = f_c < f_d
        a, b = np.where(a_gauche, a, c), np.where(a_gauche, d, b)
        neuf = np.where(a_gauche, b - nombre_d_or * (b - a), a + nombre_d_or * (b - a))
        f_neuf = part(neuf)
        c, d = np.where(a_gauche, neuf, d), np.where(a_gauche, c, neuf)
        f_c, f_d = np.where(a_gauche, f_neuf, f_d), np.where(a_gauche, f_c, f_neuf)
    return np.where(f_c < f_d, c, d), np.minimum(f_c, f_d)


def _affiner(
    flux: Tableau, rangs: Tableau, lignes: NDArray[np.intp], bas: Tableau, haut: Tableau, signe_bas: Tableau
) -> Tableau:
    """Safeguarded Newton on brackets, all at once; the work shrinks as roots converge."""
    bas, haut = bas.copy(), haut.copy()
    x = 0.5 * (bas + haut)
    if lignes.size == 0:
        return x
    pas_entier = bool(np.array_equal(rangs, np.arange(rangs.size)))
    ouverts = np.arange(lignes.size)
    for _ in range(80):
        f, derivee = _evaluer(flux[lignes[ouverts]], rangs, x[ouverts], pas_entier)
        a_gauche = np.sign(f) == signe_bas[ouverts]
        bas[ouverts] = np.where(a_gauche, x[ouverts], bas[ouverts])
        haut[ouverts] = np.where(a_gauche, haut[ouverts], x[ouverts])
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            suivant = x[ouverts] - f / derivee
        hors = ~((suivant > bas[ouverts]) & (suivant < haut[ouverts]))
        milieu = 0.5 * (bas[ouverts] + haut[ouverts])
        suivant = np.where(f == 0, x[ouverts], np.where(hors, milieu, suivant))
        bouge = np.abs(suivant - x[ouverts])
        x[ouverts] = suivant
        ouverts = ouverts[bouge > 1e-14 * (1.0 + np.abs(suivant))]
        if ouverts.size == 0:
            break
    return x


def _evaluer(flux: Tableau, rangs: Tableau, force: Tableau, pas_entier: bool) -> tuple[Tableau, Tableau]:
    """Value and derivative of ``Σ flux · exp(-δ t)``, scaled to stay finite when δ is negative."""
    if pas_entier:
        facteur = np.exp(-np.abs(force))[:, None]
        puissances = np.empty(flux.shape)
        puissances[:, :1] = 1.0
        puissances[:, 1:] = facteur
        np.cumprod(puissances, axis=1, out=puissances)
        negatif = force < 0
        if negatif.any():
            puissances[negatif] = puissances[negatif, ::-1]
    else:
        recul = np.where(force < 0, rangs.max(), 0.0)[:, None]
        puissances = np.exp(-force[:, None] * (rangs[None, :] - recul))
    produit = flux * puissances
    recul_ = np.where(force < 0, rangs[-1] if pas_entier else rangs.max(), 0.0)
    somme = produit.sum(axis=1)
    return somme, -(produit @ rangs) + recul_ * somme


def _au_dela(flux: Tableau, rangs: Tableau) -> tuple[NDArray[np.intp], Tableau]:
    """Roots beyond the grid, by bisection; each draw is weighed from its first flow, or its last, so that none vanishes."""
    flux, rangs = _par_date(flux, rangs)
    non_nuls = flux != 0
    premier = rangs[np.argmax(non_nuls, axis=1)]
    dernier = rangs[non_nuls.shape[1] - 1 - np.argmax(non_nuls[:, ::-1], axis=1)]

    def signe(force: Tableau, lignes: NDArray[np.intp]) -> Tableau:
        recul = np.where(force > 0, premier[lignes], dernier[lignes])[:, None]
        poids = np.exp(np.minimum(-force[:, None] * (rangs[None, :] - recul), 700.0))
        return np.asarray(np.sign(np.sum(np.where(non_nuls[lignes], flux[lignes] * poids, 0.0), axis=1)))

    toutes, grille = np.arange(flux.shape[0]), np.concatenate([-_FORCES_LOINTAINES[::-1], _FORCES_LOINTAINES])
    valeurs = np.stack([signe(np.full(toutes.size, f), toutes) for f in grille], axis=1)
    changes = valeurs[:, :-1] * valeurs[:, 1:] < 0
    changes[:, _FORCES_LOINTAINES.size - 1] = False  # between the two sides, the grid has been read
    lignes, rang = np.nonzero(changes)
    bas, haut, gauche = grille[rang], grille[rang + 1], valeurs[lignes, rang]
    for _ in range(44):
        milieu = np.asarray(0.5 * (bas + haut))
        a_gauche = signe(milieu, lignes) == gauche
        bas, haut = np.where(a_gauche, milieu, bas), np.where(a_gauche, haut, milieu)
    return lignes, np.asarray(0.5 * (bas + haut))
