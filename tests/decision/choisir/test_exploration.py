"""Where a curve takes a value: curves known in closed form, roots of scipy as a second computation, steps, flats, holes, noise."""

import numpy as np
import pytest

from pope_foncier.decision.choisir.exploration import Plage, explorer

GRILLE = np.linspace(-3.0, 3.0, 257)


def valeurs(trouve):
    return [s.valeur for s in trouve.solutions]


def test_toutes_les_racines_d_un_polynome():
    assert valeurs(explorer(lambda x: x**3 - x, GRILLE, 0.0, 1e-9)) == pytest.approx([-1, 0, 1], abs=1e-9)


def test_une_courbe_qui_touche_sans_traverser_et_deux_racines_dans_une_maille():
    assert valeurs(explorer(lambda x: (x - 0.3) ** 2, GRILLE, 0.0, 1e-6)) == pytest.approx([0.3], abs=1e-3)
    deux = explorer(lambda x: (x - 0.001) ** 2, GRILLE, 1e-8, 1e-12)
    assert valeurs(deux) == pytest.approx([0.0009, 0.0011], abs=1e-9)
    assert not explorer(lambda x: 1 + x**2, GRILLE, 0.5, 1e-9).trouve


def test_comme_brentq():
    """Same roots as scipy's on the cells of a sign change of a wavy curve."""
    from scipy.optimize import brentq

    def f(x):
        return np.exp(-np.asarray(x) / 3) * np.sin(5 * np.asarray(x)) + 0.1 * np.asarray(x)

    y = f(GRILLE) - 0.25
    cellules = np.flatnonzero(y[:-1] * y[1:] < 0)
    attendues = [brentq(lambda x: float(f(x)) - 0.25, GRILLE[i], GRILLE[i + 1], xtol=1e-14) for i in cellules]
    assert len(attendues) >= 5
    assert valeurs(explorer(f, GRILLE, 0.25, 1e-9)) == pytest.approx(attendues, abs=1e-9)


def test_une_marche_saute_la_valeur_et_un_palier_la_donne():
    saute = explorer(np.floor, GRILLE, 0.5, 1e-9)
    assert not saute.trouve
    (saut,) = saute.sauts
    assert (saut.avant, saut.apres) == pytest.approx((1, 1), abs=1e-6)
    assert saut.avant < 1 <= saut.apres
    assert (saut.chiffre_avant, saut.chiffre_apres) == (0, 1)
    palier = explorer(np.floor, GRILLE, 1, 1e-9)
    assert palier.plages == (Plage(pytest.approx(1, abs=1e-6), pytest.approx(2, abs=1e-6)),)
    assert not palier.solutions


def test_un_pole_n_est_pas_une_racine():
    def f(x):
        return 1 / np.where(x == 0.0137, np.nan, x - 0.0137)

    trouve = explorer(f, GRILLE, 0.0, 1e-9)
    assert not trouve.trouve
    assert len(trouve.sauts) == 1


def test_un_bout_sans_chiffre_est_dit_et_la_racine_voisine_trouvee():
    """The only root lies between the first figure and the next point of the grid."""
    trouve = explorer(lambda x: np.where(x < 0.123, np.nan, x), GRILLE, 0.1235, 1e-9)
    assert valeurs(trouve) == pytest.approx([0.1235])
    (trou,) = trouve.trous
    assert (trou.bas, trou.haut) == (-3.0, pytest.approx(0.123, abs=1e-6))


def test_sans_limite_puis_fini():
    trouve = explorer(lambda x: np.where(x == 0, np.inf, 1 / np.maximum(x, 1e-300)), np.linspace(0, 3, 50), 1.5, 1e-9)
    assert valeurs(trouve) == pytest.approx([2 / 3])


def test_un_bruit_de_bouclage_ne_fait_qu_une_racine():
    hasard = np.random.default_rng(1)
    trouve = explorer(lambda x: 100 * x + 1e-3 * hasard.random(len(x)), GRILLE, 33.33, 5e-3)
    assert valeurs(trouve) == pytest.approx([0.3333], abs=2e-5)
    assert not trouve.sauts


def test_entiers():
    grille = np.arange(10.0)
    trouve = explorer(lambda x: x**2, grille, 25, 1e-9, entier=True)
    assert valeurs(trouve) == [5]
    assert not trouve.sauts
    (saut,) = explorer(lambda x: x**2, grille, 30, 1e-9, entier=True).sauts
    assert (saut.avant, saut.apres, saut.chiffre_avant, saut.chiffre_apres) == (5, 6, 25, 36)
    assert explorer(lambda x: np.minimum(x, 4), grille, 4, 1e-9, entier=True).plages == (Plage(4, 9),)
