"""Schedule of a fixed-rate loan: interest on the balance, partial grace, repayments by profile."""

from __future__ import annotations

import numpy as np

from pope_foncier.finances.emprunts.conversions import periodes
from pope_foncier.finances.emprunts.profils import PROFILS, Situation
from pope_foncier.finances.emprunts.resultat import Echeancier
from pope_foncier.finances.emprunts.termes import Emprunt, colonne


def echeancier(emprunt: Emprunt) -> Echeancier:
    """Amortisation schedule, arrays (draws × periods + 1)."""
    assert emprunt.capital is not None
    assert emprunt.duree_mois is not None
    capital = colonne(emprunt.capital, "Capital")
    taux = emprunt.taux_periode
    nombre = np.asarray(
        periodes(colonne(emprunt.duree_mois, "Durée"), emprunt.periodes_par_an, "Durée"), dtype=np.float64
    )
    differe = np.asarray(emprunt.periodes_differe, dtype=np.float64)
    draws = max(a.shape[0] for a in (capital, taux, nombre, differe))
    largeur = int(nombre.max())
    rang = np.arange(1.0, largeur + 1)[None, :] - differe
    situation = Situation(
        capital=capital,
        taux=taux,
        nombre=nombre - differe,
        rang=rang,
        ecoule=np.zeros((1, 1)),
        progression=colonne(emprunt.progression, "Progression"),
        emprunt=emprunt,
        entier=bool(np.all(differe == 0) and np.all(nombre == largeur)),
    )
    remboursement = np.zeros((draws, largeur + 1))
    remboursement[:, 1:] = PROFILS[emprunt.profil].remboursements(situation)
    restant = np.empty((draws, largeur + 1))
    np.cumsum(remboursement, axis=1, out=restant)
    np.subtract(capital, restant, out=restant)
    interets = np.zeros((draws, largeur + 1))
    np.multiply(restant[:, :-1], taux, out=interets[:, 1:])
    np.maximum(interets, 0.0, out=interets)
    tirages = np.zeros((draws, largeur + 1))
    tirages[:, :1] = capital
    nul = np.zeros((1, largeur + 1))
    return Echeancier(
        emprunt,
        nombre,
        tirages,
        interets,
        interets,
        nul,
        remboursement,
        restant,
        np.broadcast_to(taux, (draws, 1)),
        nul,
        nul,
    )
