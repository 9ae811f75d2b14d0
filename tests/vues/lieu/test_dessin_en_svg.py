"""Plan and map as SVG at a true size: a metre and a kilometre are what the scale says, counted by hand."""

import re
from xml.etree import ElementTree

import pytest

from pope_foncier.lieu.carreau import Carreaux, lire_carreaux
from pope_foncier.lieu.plan import Plan
from pope_foncier.lieu.plan_controles import tracer
from pope_foncier.lieu.site import Site
from pope_foncier.socle.fiches import lire_fiche, valider
from pope_foncier.vues.lieu import dessin_en_svg
from pope_foncier.vues.territoire import dessin_carreaux
from tests.conftest import DONNEES

SVG = "{http://www.w3.org/2000/svg}"


def plan_de(large, haut, nom="Salle <b>"):
    coins = [(0, 0), (large, 0), (large, haut), (0, haut)]
    brut = {
        "titre": "Essai",
        "statut": "hypothese",
        "systeme": "local",
        "base": "essai",
        "elements": [
            {"nature": "batiment", "nom": "Bâtiment", "points": coins},
            {"nature": "piece", "nom": nom, "fonction": "eveil", "points": coins},
        ],
    }
    trace, problemes = tracer(valider(Plan, brut, "essai"), "essai", {})
    assert not problemes
    return trace


@pytest.mark.parametrize(
    ("large", "haut", "echelle"), [(11, 6, 75), (12, 6, 100), (14, 8, 100), (19, 10, 125), (20, 10, 150), (30, 8, 200)]
)
def test_le_plan_est_a_la_plus_grande_echelle_qui_tient(large, haut, echelle):
    """In 165 × 110 mm less margins of 3 mm and a foot of 13 mm, 159 × 91 mm: 11 m is 147 mm at 1:75, 12 m is 160 mm, one too many."""
    dessin = dessin_en_svg.dessiner(plan_de(large, haut), 165.0, 110.0)
    assert dessin.echelle == echelle
    racine = ElementTree.fromstring(dessin.svg)
    assert racine.get("width") == f"{dessin.large_mm:.2f}mm"
    chemins = [p.get("d") for p in racine.iter(f"{SVG}path") if p.get("fill") != "none"]
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", chemins[-1])]
    assert max(xs) - min(xs) == pytest.approx(large * 1000 / echelle, abs=0.02)


def test_le_carreau_du_lieu_est_au_milieu_et_mesure_un_kilometre():
    site = lire_fiche(Site, DONNEES / "sites" / "gare_saint_denis.yaml")
    carte = dessin_carreaux.dessiner(site, [], lire_carreaux())
    racine = ElementTree.fromstring(carte.svg)
    carres = list(racine.iter(f"{SVG}rect"))
    textes = ["".join(t.itertext()) for t in racine.iter(f"{SVG}text")]
    assert len(carres) == 35
    assert textes[:35].count("16\u202f227") == 1, "habitants du carreau, lus dans la fiche du site"
    cote = float(carres[0].get("width"))
    disque = next(racine.iter(f"{SVG}circle"))
    assert 3 * cote <= float(disque.get("cx")) <= 4 * cote
    assert 2 * cote <= float(disque.get("cy")) <= 3 * cote
    assert "inconnu" in textes, "un carreau hors de l'extrait n'est pas vide d'habitants"


def test_sans_position_ou_sans_carreau_pas_de_carte():
    coque = lire_fiche(Site, DONNEES / "sites" / "coque_la_courneuve.yaml")
    gare = lire_fiche(Site, DONNEES / "sites" / "gare_saint_denis.yaml")
    assert dessin_carreaux.dessiner(coque, [], lire_carreaux()) is None
    vide = Carreaux.model_construct(millesime="2019", licence="", source=lire_carreaux().source, note="", habitants={})
    assert dessin_carreaux.dessiner(gare, [], vide) is None
