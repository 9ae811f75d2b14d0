"""Places that fit: worked minima of the référentiel, thresholds, monotony, brute force."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pope_foncier.etude.scenarios import varier
from pope_foncier.lieu.site import EspaceADistance
from pope_foncier.modele.contexte import Contexte
from pope_foncier.places import capacite

SANS_SERVICES = {
    "programme.services_fixes_m2": 0,
    "programme.services_par_place_m2": 0,
    "programme.coefficient_sdo_su": 1,
}

# Minima by hand: places, ordinary interior, dense interior with no yard (5.5 m² + compensation of the category).
MINIMA = [
    (12, 84, 81),
    (20, 140, 130),
    (24, 168, 152),
    (39, 273, 244.5),
    (40, 280, 270),
    (59, 413, 374.5),
    (60, 420, 400),
]


def contexte(dossier, moteur, surcharges, dense=True, tirages=None):
    site = dossier.site if dense else dossier.site.model_copy(update={"carreau": None})
    etude = varier(dossier, "essai", surcharges)
    return Contexte((etude,), site, moteur.catalogue, moteur.evolutions, tirages or {})


@pytest.mark.parametrize(("places", "ordinaire", "dense"), MINIMA)
def test_minima_du_referentiel(dossier, moteur, places, ordinaire, dense):
    for surface, en_zone_dense, cour in ((ordinaire, False, 120), (dense, True, 0)):
        for ecart, attendu in ((0.0, places), (-0.01, places - 1)):
            valeurs = {"programme.surface_m2": surface + ecart, "programme.surface_exterieure_m2": cour}
            ctx = contexte(dossier, moteur, SANS_SERVICES | valeurs, en_zone_dense)
            trouve = capacite.calculer(ctx).places.au_point()
            assert trouve == attendu or (ecart < 0 and trouve <= attendu)


@pytest.mark.parametrize(("places", "surface"), [(121, 735.5), (150, 895), (250, 1445)])
def test_un_grand_lieu_ne_s_arrete_pas_a_une_borne_de_recherche(dossier, moteur, places, surface):
    """By hand: 5.5 m² a place, 70 m² for the largest category. The law sets no greatest number of places."""
    valeurs = {"programme.surface_m2": surface, "programme.surface_exterieure_m2": 0, "programme.places_voulues": None}
    assert capacite.calculer(contexte(dossier, moteur, SANS_SERVICES | valeurs)).places.au_point() == places


ORDINAIRE = {"lecture_densite": "ordinaire"}

# Zone ordinaire, by hand: yard [m²], space at a distance (kind, metres), places of a floor that would carry 60 (420 m²).
# Two m² of yard a place; a private space within 300 m replaces it up to 39 places; a public one is not admitted (prudent).
COURS = [
    (0, None, 0),
    (23.9, None, 11),
    (40, None, 20),
    (120, None, 60),
    (0, ("prive", 200), 39),
    (100, ("prive", 300), 50),
    (40, ("prive", 301), 20),
    (0, ("public", 50), 0),
]


@pytest.mark.parametrize(("cour", "espace", "attendu"), COURS)
def test_la_cour_limite_les_places_en_zone_ordinaire(dossier, moteur, cour, espace, attendu):
    valeurs = {"programme.surface_m2": 420, "programme.surface_exterieure_m2": cour}
    ctx = contexte(dossier, moteur, SANS_SERVICES | ORDINAIRE | valeurs)
    if espace is not None:
        genre, distance = espace
        lieu = EspaceADistance(nom="Jardin", genre=genre, distance_m={"valeur": distance, "base": "essai"})
        ctx = replace(ctx, site=ctx.site.model_copy(update={"espaces_a_distance": (lieu,)}))
    assert capacite.calculer(ctx).places.au_point() == attendu


def test_la_cour_des_seules_petites_categories_est_une_lecture(dossier, moteur):
    """420 m² carry 60 places; without a yard a « grande crèche » fits in that reading alone. 245 m² carry 35, a « crèche »: 10 for 20 m²."""
    petites = SANS_SERVICES | ORDINAIRE | {"lecture_cour": "trois_plus_petites"}
    for surface, cour, toutes, lues in ((420, 0, 0, 60), (420, 120, 60, 60), (245, 20, 10, 10)):
        valeurs = {"programme.surface_m2": surface, "programme.surface_exterieure_m2": cour}
        ordinaire = capacite.calculer(contexte(dossier, moteur, SANS_SERVICES | ORDINAIRE | valeurs))
        lue = capacite.calculer(contexte(dossier, moteur, petites | valeurs))
        assert (ordinaire.places.au_point(), lue.places.au_point()) == (toutes, lues)


def test_la_cour_se_tire_au_sort_avec_la_surface(dossier, moteur):
    """Draws of both: each row is the smaller of the two limits (7 m² inside, 2 m² outside a place)."""
    surfaces, cours = np.array([70.0, 140.0, 700.0, 70.0]), np.array([100.0, 30.0, 500.0, 0.0])
    tirages = {"programme.surface_m2": surfaces, "programme.surface_exterieure_m2": cours}
    ctx = contexte(dossier, moteur, SANS_SERVICES | ORDINAIRE, tirages=tirages)
    assert capacite.calculer(ctx).places.valeur.reshape(-1).tolist() == [10, 15, 100, 0]
    inconnue = capacite.calculer(contexte(dossier, moteur, SANS_SERVICES, dense=False, tirages=tirages)).places
    assert np.array_equal(inconnue.valeur.reshape(-1), [10, np.nan, 100, np.nan], equal_nan=True)


@pytest.mark.parametrize(("cour", "connu"), [(120, True), (118, False), (0, False)])
def test_une_densite_inconnue_laisse_les_places_inconnues_la_ou_la_cour_en_decide(dossier, moteur, cour, connu):
    """60 places fit inside and ask for 120 m² of yard in an ordinary zone, for none in a very dense one."""
    valeurs = {"programme.surface_m2": 420, "programme.surface_exterieure_m2": cour}
    cap = capacite.calculer(contexte(dossier, moteur, SANS_SERVICES | valeurs, dense=False))
    assert cap.places.lire() == ("60\xa0places" if connu else "inconnu")
    assert any("densité du carreau" in m for m in cap.places.manques) != connu


def test_une_cour_inconnue_en_zone_ordinaire_laisse_les_places_inconnues(dossier, moteur):
    inconnue = {"programme.surface_exterieure_m2": {"a_obtenir_de": "la SNCF"}}
    cap = capacite.calculer(contexte(dossier, moteur, SANS_SERVICES | ORDINAIRE | inconnue))
    assert cap.places.lire() == "inconnu"
    assert any("Surface extérieure" in m for m in cap.places.manques)


def test_surface_requise_redonne_les_minima(dossier, moteur):
    ctx = contexte(dossier, moteur, {**SANS_SERVICES, "programme.surface_m2": 244.5})
    cap = capacite.calculer(ctx)
    assert cap.surface_requise.au_point() == pytest.approx(244.5)
    assert cap.surface_suivante.au_point() == pytest.approx(270.0), "40 places ouvrent une catégorie et sa compensation"


def test_une_cour_de_moins_de_15_m2_ne_compte_pas(dossier, moteur):
    def places(cour):
        valeurs = {**SANS_SERVICES, "programme.surface_m2": 81, "programme.surface_exterieure_m2": cour}
        return capacite.calculer(contexte(dossier, moteur, valeurs)).places.au_point()

    assert places(0) == places(14.9) == 12
    assert places(15) == 13


@given(surfaces=st.lists(st.floats(20, 900), min_size=1, max_size=20), cour=st.sampled_from([0.0, 12.0, 30.0, 80.0]))
def test_contre_la_force_brute_et_monotone(dossier, moteur, surfaces, cour):
    """Same number as trying every number of places one by one, with the rule written again here."""
    surfaces = np.array(sorted(surfaces))
    tirages = {"programme.surface_m2": surfaces}
    ctx = contexte(dossier, moteur, {"programme.surface_exterieure_m2": cour}, tirages=tirages)
    trouve = capacite.calculer(ctx).places.valeur.reshape(-1)

    def tient(n, surface):
        due = next(c for seuil, c in ((12, 15), (24, 20), (39, 30), (59, 50), (10**6, 70)) if n <= seuil)
        return 1.25 * (n * 8.1 + 36 + max(due - (cour if cour >= 15 else 0), 0)) <= surface + 1e-9

    attendu = [max((n for n in range(1, 121) if tient(n, s)), default=0) for s in surfaces]
    assert trouve.tolist() == attendu
    assert np.all(np.diff(trouve) >= 0)


def test_surface_inconnue_donne_des_places_inconnues(dossier, moteur):
    etude = dossier.etude.model_copy(
        update={"programme": dossier.etude.programme.model_copy(update={"surface_m2": dossier.site.surface_m2})}
    )
    ctx = Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions)
    cap = capacite.calculer(ctx)
    assert cap.places.lire() == "inconnu"
    assert any("SNCF" in m for m in cap.places.manques)


def test_le_seuil_de_densite_lit_le_carreau(dossier, moteur):
    assert capacite.est_dense(contexte(dossier, moteur, {"horizon_mois": 120})) is True
    carreau = dossier.site.carreau.model_copy(
        update={"habitants": dossier.site.carreau.habitants.model_copy(update={"valeur": 8263})}
    )
    saint_ouen = replace(
        contexte(dossier, moteur, {"horizon_mois": 120}), site=dossier.site.model_copy(update={"carreau": carreau})
    )
    assert capacite.est_dense(saint_ouen) is False
