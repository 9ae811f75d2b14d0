"""Level loan at a fixed rate, straight on the months of a study, without what the engine needs for other loans.

One loan goes from row to row, by the products and the sums of the engine: the same digits. Over draws the sums of powers
``1 + q + … + q^(k-1)`` are doubled: those of ``2n`` rows come from those of ``n``, all draws at once, and every term is positive, so that
nothing is lost by subtraction.
"""

from __future__ import annotations

import numpy as np

from pope_foncier.prets.conversions import taux_de_periode
from pope_foncier.prets.profils import coefficient_annuite
from pope_foncier.socle.grandeur import Tableau


def colonnes_a_echeance_constante(
    capital: Tableau, taux: Tableau, nombre: int, differe: int, debut: int, duree_etude: int, tires: bool
) -> tuple[Tableau, Tableau, Tableau]:
    """Interest, principal repaid and balance, shape (D, M) each [€].

    Args:
        capital: amount lent, shape (1 or D, 1) [€].
        taux: annual rate, shape (1,) or (D, 1) [fraction].
        nombre: instalments, after the grace.
        differe: months of grace, whose interest is paid.
        debut: month of the drawdown, 0 or later.
        duree_etude: months of the study; what falls after is left out.
        tires: whether the rows are draws; otherwise there is one.
    """
    mensuel = taux_de_periode(taux, 12)
    premier = capital * (coefficient_annuite(mensuel, np.full((1, 1), float(nombre))) - mensuel)
    remboursements = debut + differe + 1
    vus = max(min(nombre, duree_etude - remboursements), 0)
    interets, rembourse, restant = (np.zeros((len(taux), duree_etude)) for _ in range(3))
    restant[:, debut:remboursements] = capital
    fin = min(remboursements + vus, duree_etude)
    dus, payes = restant[:, remboursements:fin], rembourse[:, remboursements:fin]
    if tires:
        sommes = _sommes_de_puissances(1.0 + mensuel, vus)
        np.multiply(premier, sommes[:, 1:], out=dus)
        np.multiply(mensuel * premier, sommes[:, :-1], out=payes)
        np.add(payes, premier, out=payes)
    else:
        payes[...] = 1.0 + mensuel
        payes[:, :1] = premier
        np.cumprod(payes, axis=1, out=payes)
        np.cumsum(payes, axis=1, out=dus)
    np.subtract(capital, dus, out=dus)
    if vus == nombre:
        dus[:, -1] = 0.0
    np.multiply(restant[:, debut : fin - 1], mensuel, out=interets[:, debut + 1 : fin])
    return interets, rembourse, restant


def _sommes_de_puissances(raison: Tableau, nombre: int) -> Tableau:
    """Sum of the first powers of a number, from none to ``nombre`` of them, shape (D, nombre + 1)."""
    sommes = np.empty((len(raison), nombre + 1))
    sommes[:, :1], sommes[:, 1:2] = 0.0, 1.0
    faites, puissance = 1, raison
    while faites < nombre:
        suite = slice(faites + 1, min(2 * faites, nombre) + 1)
        np.multiply(puissance, sommes[:, 1 : suite.stop - faites], out=sommes[:, suite])
        np.add(sommes[:, suite], sommes[:, faites : faites + 1], out=sommes[:, suite])
        faites, puissance = 2 * faites, puissance * puissance
    return sommes
