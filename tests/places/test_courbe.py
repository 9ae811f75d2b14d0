"""Curves of places against floor area: the points of a place lie on them, whatever holds the places.

Floor area by hand, in a very dense square with a yard that compensates: 5.5 m² a place and 36 + 2.6 m² a place of services, at
1.25 of gross area over usable area.
"""

import math
from datetime import date

import numpy as np
import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.modele.donnee import Donnee
from pope_foncier.places.capacite_site import capacite_du_site
from pope_foncier.places.courbe import courbes
from pope_foncier.vues.places import graphiques
from tests.conftest import DONNEES, RACINE

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()


def hypothese(valeur):
    return Donnee(valeur=valeur, base="essai")


def sur(courbe, plancher):
    """Places of a curve at a floor area."""
    return max([0.0, *courbe.places[courbe.plancher_m2 <= plancher + 1e-9]])


def lues(reponse, voulues=math.inf):
    droit = reponse.usuelle or reponse.lignes[0]
    return [float(x.solution.places[1]) for x in (droit, reponse.confort)], courbes(
        reponse, droit, reponse.confort, voulues=voulues
    )


@pytest.mark.parametrize("mode", ["multi_accueil", "micro_creche"])
@pytest.mark.parametrize("surface", [60.0, 150.0, 186.0, 420.0])
@pytest.mark.parametrize("cour", [0.0, 30.0, 100.0])
def test_les_points_du_lieu_sont_sur_ses_courbes(dossier, mode, surface, cour):
    reponse = capacite_du_site(dossier.site, CATALOGUE, mode, JOUR, surface=hypothese(surface), cour=hypothese(cour))
    places, pas = lues(reponse)
    assert [sur(c, surface) for c in pas] == places


def test_une_micro_creche_ne_depasse_pas_son_plafond_sur_la_courbe(dossier):
    """150 m² with a yard: 120 m² of usable area would hold 21 places at 5.5 m², the cap of the mode is 12."""
    reponse = capacite_du_site(
        dossier.site, CATALOGUE, "micro_creche", JOUR, surface=hypothese(150.0), cour=hypothese(100.0)
    )
    (possibles, confort), (droit, programme) = lues(reponse)
    assert (possibles, confort) == (12, 10)
    assert (droit.places.max(), droit.palier) == (12, "plafond du mode d'accueil")
    assert droit.plancher_m2[-1] == pytest.approx(12 * 5.5 * 1.25)
    assert programme.plancher_m2[9] == pytest.approx((10 * 8.1 + 36) * 1.25)
    assert sur(lues(reponse, voulues=8)[1][1], 150) == 8


@pytest.mark.parametrize(
    ("site", "plan"),
    [
        ("gare_saint_denis", DONNEES / "plans" / "gare_saint_denis_suppose.yaml"),
        ("gare_saint_denis", DONNEES / "plans" / "gare_saint_denis_cour.yaml"),
        ("coque_la_courneuve", RACINE / "tests" / "cas" / "plans_importes" / "60_aveugle.geojson"),
    ],
)
def test_les_points_d_un_plan_dessine_sont_sur_ses_courbes(dossier, site, plan):
    reponse = capacite_du_site(dossier.site, CATALOGUE, "multi_accueil", JOUR, plan=lire_plan(plan))
    places, pas = lues(reponse)
    assert [sur(c, float(reponse.surfaces.plancher_m2[1])) for c in pas] == places


def test_une_image_ne_porte_que_des_surfaces_de_plancher(dossier):
    reponse = capacite_du_site(
        dossier.site, CATALOGUE, "multi_accueil", JOUR, surface=hypothese(186.0), cour=hypothese(0.0)
    )
    image = graphiques.places(reponse, "étude", 12.0)
    assert image.x.titre == "surface de plancher, m²"
    points = {(float(m.x[0]), float(m.y[0])) for m in image.marques if getattr(m, "marque", "") == "o"}
    assert points == {(186.0, 23.0), (186.0, 12.0)}
    assert np.isclose([m.valeur for m in image.marques if getattr(m, "sens", "") == "x"], 186).all()


def test_aucune_piece_ne_compte_se_dit_a_la_place_de_l_image(dossier):
    plan = lire_plan(RACINE / "tests" / "cas" / "plans_importes" / "60_aveugle.geojson")
    reponse = capacite_du_site(dossier.site, CATALOGUE, "multi_accueil", JOUR, plan=plan)
    assert "aucune pièce dessinée ne compte" in graphiques.places(reponse, "site").message
