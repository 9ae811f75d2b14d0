"""Solver against brute force, worked minima, tables of equipment, thresholds.

The minima are those of the référentiel worked by hand (7 m² or 5.5 m² per place, compensation by category). The brute
force below writes the rules again, one number of places after the other, without the code of the project.
"""

import math
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.places.regles_locaux import OffreSite, contraintes_du_droit, lire_regles
from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul
from pope_foncier.socle.solveur import PLACES_MAX, resoudre

JOUR = date(2026, 12, 1)


@cache
def regles(mode="multi_accueil"):
    return lire_regles(Catalogue(), mode, JOUR)


def offre(interieur, cour=0.0, morceau=None, dense=0, alternative=0, lits=None):
    def vecteur(v):
        return np.atleast_1d(np.asarray(v, dtype=float))

    cour = vecteur(cour)
    compte = np.where(cour >= 15, cour, 0.0) if morceau is None else vecteur(morceau)
    return OffreSite(
        vecteur(interieur), cour, compte, vecteur(dense), vecteur(alternative), None if lits is None else vecteur(lits)
    )


def solution(o, mode="multi_accueil"):
    r = regles(mode)
    return resoudre(contraintes_du_droit(r, o), r.seuils)


# places, ordinary interior, ordinary yard at 2 m² a place, dense interior with yard, its yard, dense interior alone
MINIMA = [
    (12, 84, 24, 66, 15, 81),
    (20, 140, 40, 110, 20, 130),
    (24, 168, 48, 132, 20, 152),
    (39, 273, 78, 214.5, 30, 244.5),
    (40, 280, 80, 220, 50, 270),
    (59, 413, 118, 324.5, 50, 374.5),
    (60, 420, 120, 330, 70, 400),
]


@pytest.mark.parametrize(("n", "interieur", "cour", "dense", "cour_dense", "dense_seul"), MINIMA)
def test_minima_du_referentiel(n, interieur, cour, dense, cour_dense, dense_seul):
    cas = offre(
        [interieur, interieur - 0.01, interieur, dense, dense - 0.01, dense, dense_seul, dense_seul - 0.01],
        [cour, cour, cour - 0.01, cour_dense, cour_dense, cour_dense - 0.01, 0, 0],
        dense=[0, 0, 0, 1, 1, 1, 1, 1],
    )
    trouve = solution(cas)
    assert trouve.places[[0, 3, 6]].tolist() == [n, n, n]
    assert np.all(trouve.places[[1, 2, 4, 5, 7]] < n)
    assert trouve.contraintes[trouve.limite[2]].code == "exterieur"
    assert trouve.manque[2] == pytest.approx(0.01)
    plafonnee = regles().exterieur_ordinaire(np.array([59.0, 60.0]), avec_plafond=True)
    assert plafonnee.tolist() == [80, 80], "si le plafond de 80 m² est confirmé"


def test_la_limite_et_celle_qui_vient_derriere():
    """162 m² at 7 m²: 23 places, 6 m² more give 24, then the category changes."""
    s = solution(offre(162, alternative=1))
    assert (s.places[0], s.contraintes[s.limite[0]].code, s.manque[0]) == (23, "interieur", pytest.approx(6))
    assert (s.places_ensuite[0], s.ensuite[0]) == (24, len(s.contraintes)), "puis le seuil de catégorie"
    s = solution(offre(200, cour=70))
    assert (s.places[0], s.places_ensuite[0], s.contraintes[s.ensuite[0]].code) == (28, 35, "exterieur")


def test_le_seuil_de_40_places_rend_la_cour_obligatoire():
    s = solution(offre([280, 280], cour=[0, 80], alternative=1))
    assert s.places.tolist() == [39, 40]
    assert s.contraintes[s.limite[0]].code == "exterieur"
    assert s.manque[0] == 80


@pytest.mark.parametrize(
    ("mode", "interieur", "places"),
    [("micro_creche", 500, 12), ("creche_parentale", 500, 24), ("multi_accueil", 500, 71), ("mam", 1, 20)],
)
def test_plafond_du_mode(mode, interieur, places):
    s = solution(offre(interieur, cour=500), mode)
    assert s.places[0] == places
    attendu = "interieur" if mode == "multi_accueil" else "plafond"
    assert s.contraintes[s.limite[0]].code == attendu


def test_familiale_sans_limite_de_surface_et_mode_inconnu():
    s = solution(offre(10), "creche_familiale")
    assert (s.places[0], s.limite[0]) == (PLACES_MAX, -1)
    with pytest.raises(ErreurCalcul, match="Choisir parmi : multi_accueil"):
        regles("halte")
    with pytest.raises(ErreurBareme, match="aucune valeur connue le 1er janvier 2012"):
        lire_regles(Catalogue(), "multi_accueil", date(2012, 1, 1))


def test_lits_tables_toilettes_adultes_surnombre():
    r = regles()
    chambres = r.surface_sommeil(np.array([12, 20, 40, 60]), np.array([2, 3, 5, 8]))
    assert chambres.tolist() == [24, 38, 70, 108]
    assert r.lits_possibles(np.array([6.9, 7, 7.9, 12, 18])).tolist() == [0, 1, 1, 6, 12]
    assert r.tables_change(np.array([1, 9, 10, 19, 20, 60])).tolist() == [1, 1, 1, 1, 2, 6]
    assert r.toilettes(np.array([0, 1, 10, 11])).tolist() == [0, 1, 1, 2]
    assert r.adultes(np.array([24, 25])).tolist() == [4, 5]
    assert r.places_sans_diplome == 24, "à 25 places, un adulte présent est diplômé"
    assert r.effectif_maximal(np.array([12, 20, 40, 60, 100])).tolist() == [13, 23, 46, 69, 115]
    assert r.unites(np.array([59, 60, 61])).tolist() == [1, 1, 2]


def test_les_lits_suivent_l_hypothese_de_lits_par_place():
    """24 beds hold 24 places at one bed a place, 30 at 0.8."""
    r, o = regles(), offre(500, cour=500, lits=24)
    for par_place, places in ((1.0, 24), (0.8, 30)):
        assert resoudre(contraintes_du_droit(r, o, par_place), r.seuils).places[0] == places


def test_le_saut_de_59_a_60():
    r = regles()
    assert r.categorie(np.array([59, 60])).tolist() == [3, 4]
    besoin = contraintes_du_droit(r, offre(0, dense=1))[0].besoin[0]
    assert besoin[59] - besoin[58] == pytest.approx(5.5 + 20), "une place et 20 m² de compensation de plus"


def test_inconnu_n_est_pas_zero():
    s = solution(offre([math.nan, 168, 168], cour=[0, math.nan, math.nan], dense=[0, 0, 1], morceau=[0, 0, math.nan]))
    assert np.isnan(s.places).all()
    assert s.limite.tolist() == [-1, -1, -1]


def test_un_inconnu_qui_ne_change_rien_n_efface_pas_la_reponse():
    """168 m² at 7 m² hold 24 places; the yard is due from 40 places on, so it cannot bind here. With 280 m² it can."""
    s = solution(offre([168, 280, 273], cour=math.nan, morceau=0, alternative=1))
    assert s.places[0] == 24
    assert np.isnan(s.places[1]), "39 ou 40 places selon la cour"
    assert np.isnan(s.places[2]), "39 places, mais la limite dépend de la cour"
    assert (s.limite[0], s.manque[0], s.ensuite[0]) == (0, 7, -1), (
        "39 places ensuite : cour ou catégorie, selon la cour"
    )


def force_brute(interieur, cour, compte, dense, alternative, lits, plafond):
    """Places, binding constraint and next event of each site, all the numbers of places being tried."""
    n = np.arange(1, PLACES_MAX + 2)
    categorie = sum((n > seuil).astype(int) for seuil in (12, 24, 39, 59))
    compensation = np.array([15, 20, 30, 50, 70])[categorie]
    interieur, cour, compte, dense, alternative, lits = (
        v[:, None] for v in (interieur, cour, compte, dense != 0, alternative != 0, lits)
    )
    m2 = np.where(dense, 5.5 * n + np.maximum(compensation - compte, 0), 7.0 * n)
    yard = np.where(dense | (alternative & (categorie <= 2)), 0, 2 * n)
    besoins = {"interieur": m2 - interieur, "exterieur": yard - cour, "sommeil": n - lits, "plafond": n - plafond}
    codes, violees = [*besoins], np.stack(np.broadcast_arrays(*besoins.values())) > 1e-9

    def lire(i):
        ici = violees[:, i]
        tenus = np.flatnonzero(~ici[:, :PLACES_MAX].any(axis=0))
        places = int(n[tenus[-1]]) if len(tenus) else 0
        if places == PLACES_MAX:
            return places, "", None
        levees = ici[:, places]
        limite = codes[int(np.argmax(levees))]
        neuves = ici & ~levees[:, None]
        arrets = neuves.any(axis=0)[places + 1 : PLACES_MAX] | np.isin(n[places + 1 : PLACES_MAX] - 1, (12, 24, 39, 59))
        if not arrets.any():
            return places, limite, None
        suivante = places + 1 + int(np.argmax(arrets))
        autres = neuves[:, suivante]
        return places, limite, (int(n[suivante]) - 1, codes[int(np.argmax(autres))] if autres.any() else "categorie")

    return [lire(i) for i in range(len(interieur))]


@settings(max_examples=5)
@given(graine=st.integers(0, 2**32 - 1), mode=st.sampled_from([("multi_accueil", math.inf), ("creche_parentale", 24)]))
def test_dix_mille_sites_contre_la_force_brute(graine, mode):
    hasard, nombre = np.random.default_rng(graine), 2_000
    interieur = np.round(hasard.uniform(0, 900, nombre), 1)
    cour = np.round(hasard.choice([0.0, 1.0], nombre) * hasard.uniform(0, 260, nombre), 1)
    compte = np.where(hasard.random(nombre) < 0.5, cour, 0.0)
    dense, alternative = (hasard.integers(0, 2, nombre).astype(float) for _ in range(2))
    lits = hasard.integers(0, 130, nombre).astype(float)
    s = solution(offre(interieur, cour, compte, dense, alternative, lits), mode[0])
    attendus = force_brute(interieur, cour, compte, dense, alternative, lits, mode[1])
    for i, (places, limite, suite) in enumerate(attendus):
        assert s.places[i] == places
        assert (s.contraintes[s.limite[i]].code if s.limite[i] >= 0 else "") == limite
        codes = [*(c.code for c in s.contraintes), "categorie"]
        assert ((int(s.places_ensuite[i]), codes[s.ensuite[i]]) if s.ensuite[i] >= 0 else None) == suite


@given(cour=st.floats(0, 300), dense=st.integers(0, 1), alternative=st.integers(0, 1))
def test_monotone_en_surface(cour, dense, alternative):
    surfaces = np.linspace(0, 900, 400)
    uns = np.ones_like(surfaces)
    s = solution(offre(surfaces, cour * uns, dense=dense * uns, alternative=alternative * uns))
    assert np.all(np.diff(s.places) >= 0)
    manque_interieur = s.limite == 0
    plus = solution(
        offre(
            (surfaces + s.manque + 1e-6)[manque_interieur],
            cour * uns[manque_interieur],
            dense=dense * uns[manque_interieur],
            alternative=alternative * uns[manque_interieur],
        )
    )
    seul = s.limites[1:, manque_interieur].sum(axis=0) == 0
    assert np.all(plus.places[seul] >= s.places[manque_interieur][seul] + 1), "le manque annoncé donne bien une place"
