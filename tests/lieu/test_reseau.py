"""Rooms and doors as a graph, walks to the ways out, dead ends, clearances: each measured by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from pope_foncier.lieu.gabarits import debattement, diametre_libre_m, rampe_pour, rectangle_tient
from pope_foncier.lieu.parcours import TOLERANCE_M, parcours
from pope_foncier.lieu.reseau import DEHORS, INCONNU, mene_dehors, reseau_du_niveau
from tests.places.plans_d_essai import batiment, piece, plan, porte

# Hall 4 × 4 m on the street, corridor 1.40 m × 12 m behind it, room at its end; walls of 0.20 m.
COULOIR = (
    batiment(0, 0, 20.6, 4.4),
    piece("hall", 0.2, 0.2, 4.2, 4.2, nom="Hall"),
    piece("circulation", 4.4, 1.5, 16.4, 2.9, nom="Couloir"),
    piece("sommeil", 16.6, 0.2, 20.4, 4.2, nom="Chambre"),
    porte((0.1, 1.75), (0.1, 2.65), 0.90, nom="Entrée"),
    porte((4.3, 1.75), (4.3, 2.65), 0.90, nom="Porte du couloir"),
    porte((16.5, 1.75), (16.5, 2.65), 0.90, nom="Porte de la chambre"),
)


def test_chaque_porte_dit_ce_qu_elle_relie():
    reseau = reseau_du_niveau(plan(*COULOIR))
    assert [set(p.cotes) for p in reseau.portes] == [{DEHORS, 0}, {0, 1}, {1, 2}]
    assert [(i.nom, i.espace) for i in reseau.issues] == [("Entrée", 0)]
    assert mene_dehors(reseau, 1, sans=2)
    assert not mene_dehors(reseau, 2, sans=1)


def test_ce_qui_n_est_pas_dessine_reste_inconnu():
    reseau = reseau_du_niveau(
        plan(batiment(0, 0, 20, 10), piece("eveil", 0.5, 3, 8, 9), porte((0.5, 5), (0.5, 6)), porte((4, 3), (5, 3)))
    )
    assert [set(p.cotes) for p in reseau.portes] == [{0, DEHORS}, {0, INCONNU}]
    assert [i.largeur_m for i in reseau.issues] == [None], "largeur de passage non donnée"


def test_parcours_du_point_le_plus_loin():
    """By hand, from a far corner (20.4 ; 0.2): to the door of the room √(3.8² + 2²) = 4.294, doors all on the axis y = 2.2,
    0.2 of wall, 12 of corridor, 0.2 of wall, 4 of hall and 0.1 to the middle of the outer door: 20.794 m."""
    loin = parcours(reseau_du_niveau(plan(*COULOIR))).plus_loin()
    attendu = math.hypot(3.8, 2.0) + 0.2 + 12 + 0.2 + 4 + 0.1
    assert loin[2].distance_m == pytest.approx(attendu, abs=1e-6)


def test_parcours_autour_d_un_angle():
    """L-shaped room: from (0 ; 8) round the corner (3 ; 3) to the door at (8 ; 1.5): √(3² + 5²) + √(5² + 1.5²)."""
    forme = {"nature": "piece", "fonction": "eveil", "points": [[0, 0], [8, 0], [8, 3], [3, 3], [3, 8], [0, 8]]}
    dehors = {"nature": "batiment", "points": forme["points"]}
    loin = parcours(reseau_du_niveau(plan(dehors, forme, porte((8, 1), (8, 2), 0.9)))).plus_loin()
    assert loin[0].distance_m == pytest.approx(math.hypot(3, 5) + math.hypot(5, 1.5), abs=1e-6)


def test_un_poteau_se_contourne():
    """Column 2 × 2 m at the middle of 10 × 4: from (0 ; 2) the way turns at two corners, 2 × √(4² + 1²) + 2 m."""
    marches = parcours(
        reseau_du_niveau(
            plan(
                batiment(0, 0, 10, 4),
                piece("eveil", 0, 0, 10, 4),
                {"nature": "poteau", "points": [[4, 1], [6, 1], [6, 3], [4, 3]]},
                porte((10, 1.5), (10, 2.5), 0.9),
            )
        )
    )
    import numpy as np

    assert marches.des_points(0, np.array([[0.0, 2.0]]))[0, 0] == pytest.approx(2 * math.hypot(4, 1) + 2, abs=1e-6)


def test_deux_sorties_la_plus_proche_a_la_tolerance_pres():
    """10 × 1 m with a door at each end: the farthest point of both is at the middle of a long side, √(5² + 0.5²)."""
    marches = parcours(
        reseau_du_niveau(
            plan(
                batiment(0, 0, 10, 1),
                piece("circulation", 0, 0, 10, 1),
                porte((0, 0.1), (0, 0.9), 0.8),
                porte((10, 0.1), (10, 0.9), 0.8),
            )
        )
    )
    attendu = math.hypot(5, 0.5)
    assert attendu - TOLERANCE_M <= marches.plus_loin()[0].distance_m <= attendu + 1e-9


def test_cul_de_sac_d_une_branche():
    """Corridor 20 m with a way out at each end, branch of 11 m at its middle: the branch, to half the width of the corridor."""
    couloir = [[0, 0], [20, 0], [20, 1.4], [10.7, 1.4], [10.7, 12.4], [9.3, 12.4], [9.3, 1.4], [0, 1.4]]
    trace = plan(
        batiment(0, 0, 20, 15),
        {"nature": "piece", "fonction": "circulation", "nom": "Couloir", "points": couloir},
        porte((0, 0.2), (0, 1.2), 0.9),
        porte((20, 0.2), (20, 1.2), 0.9),
        piece("sommeil", 8, 12.5, 12, 15, nom="Chambre"),
        porte((9.5, 12.45), (10.5, 12.45), 0.9),
    )
    marches = parcours(reseau_du_niveau(trace))
    assert marches.cul_de_sac(0, (10.0, 12.4)) == pytest.approx(11, abs=0.7)
    assert marches.cul_de_sac(0, (5.0, 0.7)) == pytest.approx(0, abs=0.1)


def test_gabarits_a_la_main():
    assert diametre_libre_m(box(0, 0, 1.4, 2)) == pytest.approx(1.4, abs=0.01)
    assert diametre_libre_m(box(0, 0, 3, 3), [box(0, 0, 1, 3)]) == pytest.approx(2, abs=0.01)


def test_aire_de_manoeuvre_et_debattement():
    """Door of 0.90 in the side of a corridor 1.40 m wide: 1.40 × 2.20 lies along it; in one 1.10 m wide it does not."""
    for largeur, tient in ((1.4, True), (1.1, False)):
        trace = plan(
            batiment(0, -5, 6, largeur),
            piece("circulation", 0, 0, 6, largeur),
            piece("sommeil", 0, -5, 6, -0.1),
            porte((2.5, -0.05), (3.4, -0.05), 0.9, vers=[3, -1]),
        )
        (la_porte,) = reseau_du_niveau(trace).portes
        couloir = trace.de_nature("piece")[0].forme
        assert rectangle_tient(couloir, la_porte, 0, 1.4, 2.2) is tient
        assert debattement(la_porte).area == pytest.approx(math.pi * 0.9**2 / 4, rel=0.01)
        assert not debattement(la_porte).intersects(box(0, 0, 6, largeur))


# Step → slope, length, length with landings: existing, then new; computed apart from the slopes of the two orders.
RAMPES = [
    (0.10, (0.10, 1.00, 3.80), (0.08, 1.25, 4.05)),
    (0.17, (0.10, 1.70, 4.50), (0.05, 3.40, 6.20)),
    (0.34, (0.06, 5.67, 8.47), (0.05, 6.80, 9.60)),
    (0.51, (0.06, 8.50, 11.30), (0.05, 10.20, 14.40)),
    (0.68, (0.06, 11.33, 15.53), (0.05, 13.60, 17.80)),
    (1.00, (0.06, 16.67, 20.87), (0.05, 20.00, 24.20)),
]


@pytest.mark.parametrize(("denivele", "existant", "neuf"), RAMPES)
def test_place_d_une_rampe(denivele, existant, neuf):
    from datetime import date

    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.places.regles_du_jour import ReglesDuJour

    regles = ReglesDuJour(Catalogue(), "referentiel.accessibilite", date(2026, 12, 1))
    for regime, (pente, longueur, totale) in (("existant", existant), ("neuf", neuf)):
        rampe = rampe_pour(denivele, regles.table(f"{regime}_pentes"), regles.table("rampe_m"))
        assert rampe.pente == pente
        assert rampe.longueur_m == pytest.approx(longueur, abs=0.006)
        assert rampe.avec_paliers_m == pytest.approx(totale, abs=0.006)


@settings(max_examples=15, deadline=None)
@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(0, 2 * math.pi))
def test_deplacer_ou_tourner_le_plan_ne_change_rien(dx, dy, angle):
    """The same walk wherever the plan lies, to the millimetre."""
    c, s = math.cos(angle), math.sin(angle)

    def tourne(element):
        points = [[dx + c * x - s * y, dy + s * x + c * y] for x, y in element["points"]]
        return {**element, "points": points}

    ici = parcours(reseau_du_niveau(plan(*COULOIR)))
    ailleurs = parcours(reseau_du_niveau(plan(*map(tourne, COULOIR))))
    for a, b in zip(ici.plus_loin(), ailleurs.plus_loin(), strict=True):
        assert b.distance_m == pytest.approx(a.distance_m, abs=TOLERANCE_M)
    assert ailleurs.plus_loin()[2].distance_m == pytest.approx(ici.plus_loin()[2].distance_m, abs=1e-3)
    assert Polygon(ailleurs.reseau.libres[1].exterior).area == pytest.approx(12 * 1.4, abs=1e-6)
