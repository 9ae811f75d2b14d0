"""Geometry: golden projection, measures worked by hand, true station outlines.

Expected values: the golden point and the areas of the two station outlines were computed apart from this project (SNCF
Réseau columns in Lambert-93; OpenStreetMap outlines, ODbL, measured with another programme); the rest is plane geometry
worked by hand.
"""

import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box, shape

from pope_foncier.lieu import geometrie as g
from pope_foncier.lieu.jour import jour_des_pieces
from tests.conftest import RACINE, sauter

L_EN_EQUERRE = Polygon([(0, 0), (10, 0), (10, 1), (5, 1), (5, 4), (0, 4)])
"""A 5 × 4 m room with a 5 × 1 m recess: 25 m², 23.6 m² in its bounding box less the corner."""


def test_point_de_reference_en_lambert_93():
    p = g.projeter(Point(5.425179, 46.005447))
    assert (p.x, p.y) == (pytest.approx(887643.67, abs=0.01), pytest.approx(6547960.53, abs=0.01))
    retour = g.projeter(p, g.LAMBERT93, g.WGS84)
    assert (retour.x, retour.y) == (pytest.approx(5.425179, abs=1e-9), pytest.approx(46.005447, abs=1e-9))


def test_la_gare_de_saint_denis():
    p = g.projeter(Point(2.34595, 48.93549))
    assert (p.x, p.y) == (pytest.approx(652083.26, abs=1), pytest.approx(6870811.56, abs=1)), "position arrondie"


def test_les_mesures_lisent_le_vrai_contour():
    assert g.surface_m2(L_EN_EQUERRE) == 25
    assert g.perimetre_m(L_EN_EQUERRE) == 28
    assert g.largeur_utile_m(L_EN_EQUERRE) == pytest.approx(4, abs=0.02)
    assert g.compacite(box(0, 0, 3, 3)) == pytest.approx(math.pi / 4)
    assert g.compacite(box(0, 0, 30, 1)) < 0.11
    perce = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(4, 4), (6, 4), (6, 6), (4, 6)]])
    assert g.surface_m2(perce) == 96


def test_partie_large_laisse_le_passage_etroit():
    assert g.partie_large(L_EN_EQUERRE, 1.2).area == pytest.approx(20, abs=0.01), "le retrait d'un mètre ne compte pas"
    assert g.partie_large(L_EN_EQUERRE, 1.0).area == pytest.approx(25, abs=0.01)
    couloir = box(0, 0, 8, 1.2)
    assert g.partie_large(couloir, 1.2).area == pytest.approx(9.6, abs=0.01)


PASSAGES = {
    "deux salles et un cou de 0,60 m": (box(0, 0, 3, 3).union(box(3, 1.2, 7, 1.8)).union(box(7, 0, 10, 3)), 0.6),
    "retrait d'un mètre, profond de cinq": (L_EN_EQUERRE, 1.0),
    "coude de 1,20 m": (box(0, 0, 6, 1.2).union(box(4.8, 0, 6, 6)), 1.2),
    "ébrasement de porte": (box(0, 0, 10, 1.4).union(box(3, 1.4, 3.9, 1.7)), 1.4),
    "chicane": (box(0, 0, 10, 2).difference(box(4, 0, 4.2, 1.2)).difference(box(5, 0.8, 5.2, 2)), 0.8),
    "droit": (box(0, 0, 19.2, 1.3), 1.3),
    "carré": (box(0, 0, 10, 10), 10.0),
}


@pytest.mark.parametrize("nom", PASSAGES)
@pytest.mark.parametrize("angle", [0, 17, 45])
def test_le_passage_le_plus_etroit(nom, angle):
    forme, largeur = PASSAGES[nom]
    assert g.passage_le_plus_etroit_m(affinity.rotate(forme, angle)) == pytest.approx(largeur, abs=0.0101)


def lineaire_de_jour_m(piece, batiment, aveugles=(), pleins=()):
    return jour_des_pieces([piece], batiment, aveugles, pleins)[0]


def test_une_piece_autour_du_coin_d_un_patio_n_a_que_ses_deux_murs():
    """Patio of 4 × 4 m, wall of 0.20 m: the room runs along 3 m of one side and 3 m of the next, the corner gives nothing."""
    batiment = Polygon([(0, 0), (20, 0), (20, 12), (0, 12)], [[(8, 4), (12, 4), (12, 8), (8, 8)]])
    piece = Polygon([(12.2, 5), (15, 5), (15, 11), (9, 11), (9, 8.2), (12.2, 8.2)])
    assert lineaire_de_jour_m(piece, batiment) == pytest.approx(6.0)
    assert lineaire_de_jour_m(
        affinity.rotate(piece, 33, (0, 0)), affinity.rotate(batiment, 33, (0, 0))
    ) == pytest.approx(6)


def test_une_autre_piece_cache_la_facade():
    """Closet of 4 m in front of a room of 9 m: 5 m are left; drawn the other way round, nothing changes."""
    batiment, placard, piece = box(0, 0, 20, 12), box(1, 0.2, 5, 0.7), box(1, 0.75, 10, 6)
    assert lineaire_de_jour_m(piece, batiment, pleins=[placard]) == pytest.approx(5.0)
    assert lineaire_de_jour_m(Polygon(list(piece.exterior.coords)[::-1]), batiment, pleins=[placard]) == pytest.approx(
        5
    )
    assert lineaire_de_jour_m(placard, batiment, pleins=[piece]) == pytest.approx(4.0)


def test_lineaire_de_jour():
    batiment = box(0, 0, 20, 10)
    coin = box(0.3, 0.3, 5.3, 4.3)
    assert lineaire_de_jour_m(coin, batiment) == pytest.approx(9.0)
    assert lineaire_de_jour_m(box(6, 3, 10, 7), batiment) == 0, "pièce aveugle"
    mitoyen = LineString([(0, 0), (0, 10)])
    assert lineaire_de_jour_m(coin, batiment, [mitoyen]) == pytest.approx(5.0)
    assert lineaire_de_jour_m(box(5.3, 0.3, 9.3, 4.3), batiment) == pytest.approx(4.0), "cloison d'équerre non comptée"


def test_distances_et_portee():
    lieu = box(0, 0, 10, 10)
    parcs = [box(400, 0, 450, 10), box(309, 0, 350, 10), box(10, 299, 20, 320)]
    assert g.distance_m(lieu, LineString([(14, -5), (14, 20)])) == 4
    assert g.a_portee(lieu, parcs, 300) == [(2, 289.0), (1, 299.0)]
    assert math.isinf(g.distance_m(lieu, Polygon()))


def test_morceaux_de_cour():
    assert g.surface_des_pieces_m2([box(0, 0, 5, 3)], 15) == 15, "quinze mètres carrés suffisent"
    morceaux = [box(0, 0, 5, 2.9), box(20, 0, 24, 4), box(40, 0, 44, 2), box(44, 0, 48, 2)]
    assert g.surface_des_pieces_m2(morceaux, 15) == 32, (
        "14,5 m² ne compte pas ; deux morceaux jointifs de 8 m² comptent"
    )


def test_recouvrements():
    assert [x[:3] for x in g.recouvrements([box(0, 0, 2, 2), box(1, 1, 3, 3), box(2, 0, 4, 1)])] == [(0, 1, 1.0)]


@given(angle=st.floats(0, 360), dx=st.floats(-1e5, 1e5), dy=st.floats(-1e5, 1e5))
def test_les_mesures_ne_dependent_pas_de_l_orientation(angle, dx, dy):
    autre = affinity.translate(affinity.rotate(L_EN_EQUERRE, angle), dx, dy)
    assert g.surface_m2(autre) == pytest.approx(25, rel=1e-6)
    assert g.largeur_utile_m(autre) == pytest.approx(4, abs=0.03)
    assert g.compacite(autre) == pytest.approx(g.compacite(L_EN_EQUERRE), rel=1e-6)


PARTAGE = Path(os.environ.get("POPE_PARTAGE", RACINE.parent / "shared")) / "data"


@pytest.mark.donnees_partagees
@pytest.mark.parametrize(
    ("fichier", "surface", "au_rail"),
    [
        ("station_redon_osm_2019-09.geojson", 872.5, 4.9),
        ("station_pont_de_veyle_osm_2022-03.geojson", 178.3, 5.1),
    ],
)
def test_contours_de_deux_gares(fichier, surface, au_rail):
    chemin = PARTAGE / "outlines" / fichier
    if not chemin.is_file():
        sauter("contours de gares absents")
    traits = json.loads(chemin.read_text(encoding="utf-8"))["features"]
    (contour,) = [shape(t["geometry"]) for t in traits if t["properties"]["role"] == "station_building"]
    rails = [g.projeter(shape(t["geometry"])) for t in traits if t["properties"]["role"] == "rail"]
    plan = g.projeter(contour)
    assert g.surface_m2(plan) == pytest.approx(surface, abs=0.05)
    assert abs(Geod(ellps="WGS84").geometry_area_perimeter(contour)[0]) == pytest.approx(g.surface_m2(plan), rel=0.005)
    assert min(g.distance_m(plan, rail) for rail in rails) == pytest.approx(au_rail, abs=0.05)
    x0, y0, x1, y1 = plan.bounds
    assert g.surface_m2(plan) < 0.8 * (x1 - x0) * (y1 - y0), "le rectangle englobant compterait trop"


@pytest.mark.parametrize(("mur", "jour"), [(0.3, 9.0), (0.5, 9.0), (0.7, 9.0), (1.2, 0.0)])
def test_le_jour_traverse_un_mur_ancien_mais_pas_un_couloir(mur, jour):
    """Stone walls of an old station are 0.5 to 0.7 m thick; a passage of 1.20 m between room and façade gives no daylight."""
    coin = box(mur, mur, 5 + mur, 4 + mur)
    assert lineaire_de_jour_m(coin, box(0, 0, 20, 10)) == pytest.approx(jour)
    mitoyen = LineString([(0, 0), (0, 10)])
    assert lineaire_de_jour_m(coin, box(0, 0, 20, 10), [mitoyen]) == pytest.approx(5.0 if jour else 0.0)


def test_le_jour_d_une_facade_courbe():
    """A round room of 2.6 m radius in a round tower of 3 m, drawn in short segments: its whole outline."""
    for segments in (16, 64):
        tour, piece = Point(0, 0).buffer(3, quad_segs=segments), Point(0, 0).buffer(2.6, quad_segs=segments)
        assert lineaire_de_jour_m(piece, tour) == pytest.approx(piece.length, rel=0.002)
