"""Plan and map as SVG at a true size: a metre and a kilometre are what the scale says, counted by hand."""

import re
from xml.etree import ElementTree

import pytest

from pope_foncier.lieu.plan import Plan
from pope_foncier.lieu.plan_controles import tracer
from pope_foncier.socle.fiches import valider
from pope_foncier.vues.lieu import dessin_en_svg

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
