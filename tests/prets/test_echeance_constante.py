"""Level loan at drawn rates, on the months of a study, against the same loan unrolled month by month in plain Python."""

import numpy as np
import pytest

from pope_foncier.prets.echeance_constante import colonnes_a_echeance_constante


def derouler(capital, taux, nombre, differe, debut, duree_etude):
    """Interest, principal and balance by month; the instalment is that of the annuity, by its sum of discounts."""
    i, mois = taux / 12, {nom: [0.0] * duree_etude for nom in ("interets", "rembourse", "restant")}
    echeance = capital / sum((1 + i) ** -k for k in range(1, nombre + 1))
    solde = capital
    for rang in range(differe + nombre + 1):
        interet = solde * i if rang else 0.0
        paye = echeance - interet if rang > differe else 0.0
        solde -= paye
        if debut + rang < duree_etude:
            mois["interets"][debut + rang] = interet
            mois["rembourse"][debut + rang] = paye
            mois["restant"][debut + rang] = solde
    return mois.values()


@pytest.mark.parametrize(
    ("nombre", "differe", "debut"), [(240, 0, 0), (222, 18, 14), (1, 0, 3), (300, 12, 200), (60, 24, 355), (12, 3, 359)]
)
def test_chaque_tirage_est_le_pret_deroule(nombre, differe, debut):
    taux = np.array([[0.0], [1e-9], [0.0315], [0.045], [0.12]])
    for capital in (np.array([250_000.0]), np.linspace(1e5, 9e5, 5).reshape(-1, 1)):
        colonnes = colonnes_a_echeance_constante(capital, taux, nombre, differe, debut, 360)
        for rang in range(5):
            prete = float(capital.ravel()[min(rang, capital.size - 1)])
            attendues = derouler(prete, float(taux[rang, 0]), nombre, differe, debut, 360)
            for colonne, attendue in zip(colonnes, attendues, strict=True):
                assert np.allclose(colonne[rang], attendue, rtol=0.0, atol=1e-11 * prete)


def test_un_pret_rembourse_ne_doit_plus_rien():
    _, rembourse, restant = colonnes_a_echeance_constante(np.array([1.0]), np.array([[0.02], [0.07]]), 120, 6, 2, 360)
    assert np.array_equal(restant[:, 128:], np.zeros((2, 232)))
    assert np.allclose(rembourse.sum(axis=1), 1.0, rtol=1e-13)
