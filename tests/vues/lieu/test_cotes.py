"""Dimensions along the building, true north, words that nothing hides, signs of every nature.

Expected values: the station of Redon is 100.20 × 9.22 m by the smallest rotated rectangle of its outline (shapely and pyproj alone,
below); the convergence of Lambert-93 is n × (λ0 − λ) with n = 0.7256077650 and λ0 = 3° east (IGN, NT/G 71).
"""

import json
import math
import os
from datetime import date
from pathlib import Path

import pytest
from pyproj import Transformer
from shapely import LineString, affinity, box, transform
from shapely.geometry import mapping, shape

from pope_foncier.lieu.cotes import dimensions_m, facades, nord_degres
from pope_foncier.lieu.plan import Plan
from pope_foncier.lieu.plan_controles import tracer
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.socle.fiches import valider
from pope_foncier.vues.lieu import dessin_en_svg
from pope_foncier.vues.lieu.dessin_des_signes import symboles
from pope_foncier.vues.lieu.lieu_ouvert import Lieu, composer_lieux
from pope_foncier.vues.lieu.planches import Planche, composer
from tests.conftest import DONNEES, RACINE, sauter

JOUR = date(2026, 12, 1)
PARTAGE = Path(os.environ.get("POPE_PARTAGE", RACINE.parent / "shared")) / "data" / "outlines"
PLANS = RACINE / "tests" / "cas" / "plans_importes"
SIGNES = PLANS / "signes.yaml"


def trace(*elements, systeme="local", **autres):
    brut = {"titre": "Essai", "statut": "hypothese", "base": "essai", "systeme": systeme, **autres}
    plan, problemes = tracer(valider(Plan, {**brut, "elements": list(elements)}, "essai"), "essai", {})
    assert not problemes
    return plan


def batiment(forme, **autres):
    return {"nature": "batiment", "points": [p[:2] for p in mapping(forme)["coordinates"][0][:-1]], **autres}


@pytest.mark.parametrize("angle", [0, 16, 45, 90, 137])
def test_les_cotes_suivent_le_batiment(angle):
    plan = trace(batiment(affinity.rotate(box(0, 0, 30, 8), angle)))
    assert dimensions_m(plan) == [(pytest.approx(30), pytest.approx(8))]
    assert sorted(c.longueur_m for c in facades(plan)) == pytest.approx([8, 8, 30, 30])


def test_chaque_facade_d_un_l_et_les_points_en_ligne_ne_font_qu_un_mur():
    en_l = trace({"nature": "batiment", "points": [[0, 0], [9, 0], [18, 0], [18, 6], [12, 6], [12, 10], [0, 10]]})
    assert sorted(c.longueur_m for c in facades(en_l)) == pytest.approx([4, 6, 6, 10, 12, 18])
    assert dimensions_m(en_l) == [(18, 10)]


@pytest.mark.donnees_partagees
def test_la_gare_de_redon_a_sa_longueur_et_sa_largeur():
    chemin = PARTAGE / "station_redon_osm_2019-09.geojson"
    if not chemin.is_file():
        sauter("contours de gares absents")
    traits = json.loads(chemin.read_text(encoding="utf-8"))["features"]
    (contour,) = [shape(t["geometry"]) for t in traits if t["properties"]["role"] == "station_building"]
    plan = trace(batiment(contour), systeme="wgs84")
    vers_lambert = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True).transform
    coins = transform(contour, vers_lambert, interleaved=False).minimum_rotated_rectangle.exterior.coords
    cotes = sorted(math.dist(coins[k], coins[k + 1]) for k in (0, 1))
    assert dimensions_m(plan) == [(pytest.approx(cotes[1]), pytest.approx(cotes[0]))]
    assert dimensions_m(plan) == [(pytest.approx(100.20, abs=0.01), pytest.approx(9.22, abs=0.01))]
    dit = " ".join(mots(composer([plan], Planche("Redon", JOUR))))
    assert "100,20\u00a0m" in dit
    assert "9,22\u00a0m" in dit
    assert "97,8" not in dit


@pytest.mark.parametrize("longitude", [-4.5, -2.09, 2.35, 3.0, 7.5])
def test_le_nord_geographique_d_un_plan_projete(longitude):
    plan = trace(batiment(box(longitude, 47.65, longitude + 0.0002, 47.6502)), systeme="wgs84", nord_degres=12)
    attendu = 0.7256077650 * (3.0 - (longitude + 0.0001))
    assert nord_degres(plan) == pytest.approx(attendu, abs=0.01)
    local = trace(batiment(box(0, 0, 3, 3)), nord_degres=12)
    assert nord_degres(local) == 12


def test_un_nord_que_personne_ne_dit_n_a_pas_de_fleche():
    """A drawing in local axes without a north: neither arrow nor « N », on the sheet and on the page."""
    inconnu, dit = trace(batiment(box(0, 0, 9, 6))), trace(batiment(box(0, 0, 9, 6)), nord_degres=0)
    assert nord_degres(inconnu) is None
    for plan, connu in ((inconnu, False), (dit, True)):
        planche = mots(composer([plan], Planche("Essai", JOUR)))
        assert ("N" in planche) is connu
        assert any("nord non" in mot for mot in planche) is not connu
        assert ("Nord non connu" in dessin_en_svg.dessiner(plan, 90, 60).svg) is not connu


def mots(fig):
    return [t.get_text() for ax in fig.axes for t in ax.texts]


def boites(fig):
    """Text and turned box of each word of the drawing, on the sheet, as shapely polygons."""
    fig.canvas.draw()
    (ax,) = [a for a in fig.axes if a.axison]
    trouvees = []
    for t in ax.texts:
        if not t.get_text():
            continue
        angle, centre = t.get_rotation(), t.get_transform().transform(t.get_position())
        t.set_rotation(0)
        boite = t.get_window_extent()
        t.set_rotation(angle)
        trouvees.append((t.get_text(), affinity.rotate(box(*boite.extents), angle, tuple(centre))))
    return ax, trouvees


@pytest.mark.parametrize("toutes", [False, True])
@pytest.mark.parametrize("papier", ["A4", "A3"])
@pytest.mark.parametrize("chemin", [SIGNES, *sorted((DONNEES / "plans").glob("gare_saint_denis_*.yaml"))])
def test_rien_ne_cache_une_cote(chemin, papier, toutes):
    fig = composer([lire_plan(chemin)], Planche("Essai", JOUR, papier, toutes_les_cotes=toutes))
    ax, lues = boites(fig)
    cotes = [b for dit, b in lues if dit.endswith("\u00a0m")]
    assert len(cotes) >= 2
    cadre = box(*ax.get_window_extent().extents)
    for k, (dit, une) in enumerate(lues):
        for autre_dit, autre in lues[k + 1 :]:
            assert une.intersection(autre).area < 0.02 * min(une.area, autre.area), (dit, autre_dit)
    assert all(cadre.covers(b) for b in cotes)


def test_les_mots_d_une_longue_cote_restent_le_long_de_sa_ligne():
    """Station of 18.60 × 10.00 m, a ticket line over the upper dimension: the words step aside, they do not turn."""
    plan = lire_plan(DONNEES / "plans" / "gare_saint_denis_suppose.yaml")
    fig = composer([plan], Planche("Essai", JOUR, toutes_les_cotes=True))
    angles = {
        t.get_text(): t.get_rotation() % 180 for ax in fig.axes for t in ax.texts if t.get_text().endswith("\u00a0m")
    }
    assert angles["18,60\u00a0m"] == pytest.approx(0, abs=1e-6)
    assert angles["10,00\u00a0m"] == pytest.approx(90, abs=1e-6)


def test_la_planche_compte_ce_qui_reste_a_verifier():
    """What nobody says fails nothing, yet the sheet is not clean."""
    plan = Lieu.ouvrir(DONNEES / "sites" / "gare_saint_denis.yaml", "multi_accueil", JOUR, PLANS / "signes.yaml")
    ouverts = [
        c for c in [*plan.plan_et_site(), *plan.controles(), *plan.constats_du_plan()] if c.statut == "a_verifier"
    ]
    assert len(ouverts) > 1
    assert plan.planche().controles[-1] == f"À vérifier : {len(ouverts)} points, au tableau du lieu"


def test_toutes_les_lettres_se_lisent_et_une_petite_piece_a_un_numero():
    fig = composer([lire_plan(SIGNES)], Planche("Essai", JOUR))
    assert min(t.get_fontsize() for ax in fig.axes for t in ax.texts if t.get_text()) >= 5.5
    assert "1. Rangement du matériel 1,1\u00a0m²" in " ".join(mots(fig)).replace("\n", " ").replace("² ;", "²")


def test_le_bandeau_d_un_plan_suppose_est_hors_du_dessin():
    fig = composer([lire_plan(DONNEES / "plans" / "gare_saint_denis_suppose.yaml")], Planche("Essai", JOUR))
    (dessin,) = [ax for ax in fig.axes if ax.axison]
    assert not any("SUPPOSÉ" in t.get_text() for t in dessin.texts)
    assert sum("SUPPOSÉ" in m for m in mots(fig)) == 2, "sous le dessin, et dans le cartouche"


def test_les_controles_manques_sont_dans_le_cartouche():
    site = DONNEES / "sites" / "coque_la_courneuve.yaml"
    lieu = Lieu.ouvrir(site, "multi_accueil", JOUR, PLANS / "60_aveugle.geojson")
    dit = " ".join(mots(composer_lieux([lieu], "A4", None))).replace("\u00a0", " ")
    assert "PLAN SUPPOSÉ" in dit
    assert "Cave : hauteur libre : non respecté, 1,50 m" in dit
    assert "Cave\n110,6 m²\nne compte pas" in dit


def test_un_cartouche_trop_long_reste_sur_la_feuille_et_dit_ce_qu_il_laisse():
    longues = tuple(f"Pièce {k} : hauteur libre : non respecté, 1,50 m (seuil 2,20 m)" for k in range(90))
    plan = lire_plan(SIGNES)
    fig = composer([plan], Planche("Essai", JOUR, controles=longues, contraintes=longues))
    fond = next(ax for ax in fig.axes if not ax.axison)
    assert min(t.get_position()[1] for t in fond.texts if t.get_position()[0] > 225) > 8
    assert any("de plus, au tableau du lieu" in m for m in mots(fig))
    assert any("Échelle 1:" in m for m in mots(fig)), "l'échelle et la source restent"


def test_chaque_nature_a_son_signe():
    plan = lire_plan(SIGNES)
    for nature in (
        "porte",
        "fenetre",
        "escalier",
        "rampe",
        "ascenseur",
        "poteau",
        "noyau",
        "controle",
        "sortie",
        "arbre",
    ):
        seul = type(plan)(plan.fiche, tuple(e for e in plan.elements if e.element.nature in (nature, "batiment")))
        assert list(symboles(seul, 0, 5.0)), nature
    assert "#0072B2" not in {t.couleur for t in symboles(plan, 1, 5.0)}, "rien du rez-de-chaussée à l'étage"


def porte(**autres):
    porte = {"nature": "porte", "points": [[2, 0], [3, 0]], **autres}
    return trace(batiment(box(0, 0, 10, 5)), porte)


@pytest.mark.parametrize(
    ("champs", "cotes"),
    [
        ({"ouverture": "battante", "vers": [2, 1]}, {1}),
        ({"ouverture": "battante", "vers": [2, -1]}, {-1}),
        ({"ouverture": "va_et_vient"}, {1, -1}),
        ({"ouverture": "battante"}, set()),
        ({"ouverture": "coulissante"}, set()),
    ],
)
def test_une_porte_s_ouvre_du_cote_que_dit_le_plan(champs, cotes):
    """A leaf of one metre reaches one metre on its side; a side that nobody says is not drawn."""
    traits = list(symboles(porte(**champs), 0, 5.0))
    bouts = {round(y) for t in traits for _, y in t.points if abs(y) > 0.9}
    assert bouts == cotes


def test_des_pieces_sans_epaisseur_de_mur_se_dessinent():
    """Rooms that fill the outline leave no wall under a door or a window."""
    tout = {"nature": "piece", "fonction": "eveil", "points": [[0, 0], [10, 0], [10, 5], [0, 5]]}
    fenetre = {"nature": "fenetre", "points": [[5, 5], [6, 5]]}
    plan = trace(batiment(box(0, 0, 10, 5)), tout, {"nature": "porte", "points": [[2, 0], [3, 0]]}, fenetre)
    assert len(list(symboles(plan, 0, 5.0))) > 4
    assert composer([plan], Planche("Essai", JOUR)).axes


def test_deux_vantaux_s_ouvrent_du_meme_cote():
    arcs = [LineString(t.points) for t in symboles(porte(vantaux=2, vers=[2, 1]), 0, 5.0) if len(t.points) > 4]
    assert [round(a.bounds[3], 2) for a in arcs] == [0.5, 0.5]
    assert all(a.bounds[1] > -1e-9 for a in arcs)


def test_le_plan_du_dossier_montre_les_memes_signes():
    svg = dessin_en_svg.dessiner(lire_plan(SIGNES), 165.0, 110.0).svg
    assert svg.count("<polyline") > 20
    assert "rotate(20.00)" in svg
