"""Published premises: the page is up to date, the cases named by their sources lie where the sums by hand say."""

from datetime import date

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.places.locaux_observes import encadrer, lire_locaux_observes, regles_du_jour, situer
from pope_foncier.vues.places import locaux_observes as page
from tests.conftest import RACINE

CAS = {c.id: c for c in lire_locaux_observes()}
REGLES = regles_du_jour(Catalogue(), date(2026, 12, 1))


def test_la_page_est_a_jour():
    assert page.rediger(Catalogue()) == (RACINE / "docs" / "locaux_observes.md").read_text(encoding="utf-8")


# Comfort and legal places worked by hand: (area ÷ 1.25 − 36 [− compensation]) ÷ (a + 2.6), and (area ÷ 1.25 [− compensation]) ÷ a; the office
# is a usable area, so that nothing is divided.
ENCADREMENTS = [
    ("gare-du-nord", (25, 39), (25, 41)),
    ("roanne", (10, 19), (10, 21)),
    ("maurepas-villeparc", (62, 91), (65, 103)),
    ("bureaux-50", (43, 64), (45, 69)),
]


@pytest.mark.parametrize(("cas", "ordinaire", "dense"), ENCADREMENTS)
def test_reemplois_entre_confort_et_maximum_legal(cas, ordinaire, dense):
    lectures = encadrer(CAS[cas], REGLES)
    assert [(x.confort, x.droit) for x in lectures] == [ordinaire, dense]
    if cas == "roanne":
        assert not any(x.encadre(CAS[cas].places) for x in lectures), "9 places annoncées : moins que le confort"
    else:
        assert all(x.encadre(CAS[cas].places) for x in lectures)


# Ratio SDO per place of the programme, printed by hand in a table of five sizes (coefficients 1.20 and 1.30).
RATIOS = [(12, 13.3, 16.4), (20, 11.9, 14.8), (24, 11.5, 14.4), (40, 10.8, 13.7), (60, 10.4, 13.3)]


@pytest.mark.parametrize(("places", "bas", "haut"), RATIOS)
def test_fourchette_du_programme_par_place(places, bas, haut):
    cas = CAS["gare-du-nord"].model_copy(update={"places": (places, places)})
    s = situer(cas, REGLES)
    assert s.bas / places == pytest.approx(bas, abs=0.051)
    assert s.haut / places == pytest.approx(haut, abs=0.051)


def test_dedans_ou_dehors_est_dit():
    ecarts = {i: situer(c, REGLES).ecart for i, c in CAS.items()}
    assert ecarts["gare-du-nord"] == 0
    assert ecarts["maurepas-villeparc"] == pytest.approx(800 / 801.4 - 1, abs=0.001), (
        "1,20 × (78 × 8,1 + 36) = 801,4 m²"
    )
    for neuf_departemental in ("limeil-boissy", "les-larris", "orly-andre-gouy"):
        assert 0.15 < ecarts[neuf_departemental] < 0.40, "20 à 35 % au-dessus, dit la page des faits"
