"""Total grace whose interest is stored: it bears none, and the instalments, which stay those of the capital, pay it first.

The instalment is that of the capital over the rows of the contract. While interest is due, it goes to it before the
principal, so the loan takes a few rows more; the last one takes what remains.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pope_foncier.prets.contractuel import Deroule, EcheancesConnues, au_centime
from pope_foncier.prets.conversions import Tableau, colonne
from pope_foncier.prets.durees import au_rang, differe_seul
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.profils import coefficient_annuite, nombre_echeances
from pope_foncier.prets.termes import Emprunt

_BRUIT = 1e-6
"""Part of a row under which a length that is whole is read as whole."""


def rangs_de_remboursement(capital: Tableau, stock: Tableau, taux: Tableau, echeance: Tableau, mois: int) -> Tableau:
    """Rows in which an instalment, the first being at ``mois``, pays a stock of interest, then the capital, (1 or D, 1).

    Raises:
        ErreurCalcul: the instalment does not cover the interest of the capital.
    """
    interet = capital * taux
    nombre_echeances(capital, taux, echeance, mois)  # refuses an instalment under the interest
    pour_le_stock = np.ceil(stock / (echeance - interet) - _BRUIT)
    principal = pour_le_stock * (echeance - interet) - stock
    reste = np.maximum(capital - principal, 0.0)
    return np.asarray(pour_le_stock + np.maximum(np.ceil(nombre_echeances(reste, taux, echeance) - _BRUIT), 0.0))


def echeance_et_rangs(
    e: Emprunt, differe: Tableau, nombre: Tableau, derouler: Callable[[Emprunt], Echeancier]
) -> tuple[Tableau, Tableau]:
    """Instalment held and rows of repayment, each (1 or D, 1), of a loan of ``nombre`` rows after ``differe`` rows of grace."""
    seul = differe_seul(e, derouler, e.arrondi)
    capital = au_rang(seul.capital_restant_du, differe)
    rangs = np.arange(seul.interets.shape[1])[None, :]
    stock = np.sum(seul.interets * ((rangs > e.periodes_prefinancement) & (rangs <= differe)), axis=1, keepdims=True)
    taux = e.taux_periode
    if e.echeance is not None:
        echeance = colonne(e.echeance, "Échéance")
    else:
        echeance = capital * coefficient_annuite(taux, nombre)
    rembourse = rangs_de_remboursement(capital, stock, taux, echeance, e.mois_du_rang(int(differe.max()) + 1))
    return au_centime(echeance) if e.arrondi != "aucun" else echeance, rembourse


def derouler_stock(solde: Tableau, stock: Tableau, lignes: EcheancesConnues, e: Emprunt) -> Deroule:
    """Unroll rows whose payments go to the interest due, of the row and of those before, then to the principal."""
    colonnes = (lignes.taux, lignes.plan, lignes.differe, lignes.dernier, lignes.en_plus, lignes.deblocages)
    draws = max(solde.shape[0], stock.shape[0], *(c.shape[0] for c in colonnes))
    suites = [np.broadcast_to(c, (draws, lignes.plan.shape[1])).T for c in colonnes]
    arrondir: Any = au_centime if e.arrondi == "centime" else np.asarray
    sortie: list[tuple[Tableau, ...]] = []
    reste, du = np.broadcast_to(solde[:, 0], (draws,)), np.broadcast_to(stock[:, 0], (draws,))
    for taux, echeance, differe, dernier, en_plus, debloque in zip(*suites, strict=True):
        interet = arrondir(reste * taux + en_plus)
        du = du + interet
        verse = np.where(dernier > 0, reste + du, (1.0 - differe) * echeance)
        paye = np.minimum(du, verse)
        principal = np.minimum(verse - paye, reste)
        du, reste = arrondir(du - paye), arrondir(reste - principal + debloque)
        sortie.append((interet, paye, principal, reste))
    interets, payes, rembourse, soldes = (np.array(s).T for s in zip(*sortie, strict=True))
    return Deroule(interets, payes, np.zeros(interets.shape), rembourse, soldes, du[:, None])
