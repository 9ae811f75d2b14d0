"""Bridge on subsidies: the constructed case, and properties over random treasuries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pope_foncier.prets.relais import RELAIS, dimensionner

# Constructed case: grant of 360,000 € paid 30 % / 50 % / 20 % in months 2, 8 and 14; works, loan and own funds by month.
PAIEMENTS = np.array([0, 80, 120, 120, 120, 120, 100, 60, 0, 0, 0, 0, 0, 0, 0]) * 1e3
AIDES = np.zeros(15)
AIDES[[2, 8, 14]] = 360_000 * np.array([0.3, 0.5, 0.2])
AUTRES = np.zeros(15)
AUTRES[0], AUTRES[[1, 5]] = 60_000, 150_000
FLUX = AUTRES + AIDES - PAIEMENTS
TRESORERIE = [60, 130, 118, -2, -122, -92, -192, -252, -72, -72, -72, -72, -72, -72, 0]


def test_cas_construit_de_360_000_euros():
    assert np.cumsum(FLUX).tolist() == [1e3 * t for t in TRESORERIE]
    relais = dimensionner(FLUX, AIDES, 0.8, 0.0)
    assert relais.besoin_maximal.item() == pytest.approx(252_000)
    assert relais.taille.item() == pytest.approx(201_600), "80 % de ce qui reste à venir au creux, 252 000 €"
    assert relais.non_couvert.item() == pytest.approx(50_400)
    assert relais.encours[0, -1] == 0


def test_avance_entiere_et_interets_payes():
    relais = dimensionner(FLUX, AIDES, 1.0, 0.06)
    assert relais.cout.item() > 0
    assert relais.tresorerie[0, -1] == pytest.approx(-relais.cout.item(), abs=0.005), (
        "le coût du relais manque à la fin"
    )
    sans = dimensionner(FLUX, AIDES, 1.0, 0.0)
    assert sans.non_couvert.item() == pytest.approx(0)


flux_au_hasard = st.lists(st.floats(-1e5, 1e5), min_size=12, max_size=12)
COLONNES = ("deblocage", "remboursement", "interets", "encours")
aides_au_hasard = st.lists(st.floats(0, 5e4), min_size=12, max_size=12)


@given(flux_au_hasard, aides_au_hasard, st.floats(0, 1), st.floats(0, 0.1))
def test_proprietes(flux, aides, avance, taux):
    f, a = np.array(flux), np.array(aides)
    r = dimensionner(f, a, avance, taux)
    assert np.all(r.encours >= 0)
    restant = a.sum() - np.cumsum(a)
    assert np.all(r.encours[0] <= avance * restant + 1e-6), "jamais plus que l'avance sur les aides à venir"
    assert np.allclose(r.tresorerie[0], np.cumsum(f - r.interets[0]) + r.encours[0], atol=1e-6), (
        "la caisse se recompose"
    )
    assert np.all((r.tresorerie[0] <= 1e-6) | (r.encours[0] <= 1e-6)), "on ne tire pas quand il y a de la caisse"


@given(flux_au_hasard, aides_au_hasard, st.integers(0, 11))
def test_une_aide_plus_tardive_ne_reduit_jamais_le_besoin(flux, aides, retard):
    f, a = np.array(flux), np.array(aides)
    decalees = np.zeros(12)
    decalees[retard:] = a[: 12 - retard]
    tot = dimensionner(f + a, a, 0.0, 0.0).besoin_maximal.item()
    tard = dimensionner(f + decalees, decalees, 0.0, 0.0).besoin_maximal.item()
    assert tard >= tot - 1e-6


def test_un_lot_egale_chaque_tresorerie_seule():
    hasard = np.random.default_rng(3)
    f, a = hasard.normal(0, 5e4, (6, 24)), hasard.uniform(0, 2e4, (6, 24))
    taux, avance = hasard.uniform(0, 0.08, 6), hasard.uniform(0, 1, 6)
    lot = dimensionner(f, a, avance, taux)
    for i in range(6):
        assert np.allclose(lot.encours[i], dimensionner(f[i], a[i], avance[i], taux[i]).encours[0])


@given(flux_au_hasard, aides_au_hasard, st.floats(0.05, 1), st.floats(0.001, 0.1), st.sampled_from(COLONNES))
def test_la_pente_est_celle_des_differences(flux, aides, avance, taux, colonne):
    """Each operand alone, in a random direction; a kink has two slopes and is left aside."""
    hasard = np.random.default_rng(5)
    lus = [np.array([taux]), np.array([avance]), np.array(aides), np.array(flux)]
    valeur = RELAIS.valeur(*lus, 12, colonne)
    poids = hasard.normal(size=valeur.shape)
    for i, pente in enumerate(RELAIS.pente(poids, valeur, *lus, 12, colonne)):
        sens = hasard.normal(size=lus[i].shape)

        def image(pas, i=i, sens=sens):
            bouges = (v + pas * sens if j == i else v for j, v in enumerate(lus))
            return (poids * RELAIS.valeur(*bouges, 12, colonne)).sum()

        pas = 1e-6 if i < 2 else 1e-3
        avant, ici, apres = (image(x * pas) for x in (-1, 0, 1))
        if abs(apres - 2 * ici + avant) < 1e-7 * abs(apres - avant) + 1e-6 * pas:
            assert (pente * sens).sum() == pytest.approx((apres - avant) / (2 * pas), rel=1e-5, abs=1e-4)
