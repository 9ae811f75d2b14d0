"""Published funding plans: rebuilt, the page is up to date, the known figures are there."""

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.plans_publies import comparer, lire_plans
from pope_foncier.vues.etude import plans_publies as page
from tests.conftest import RACINE

PLANS = {p.id: p for p in lire_plans()}


def test_la_page_est_a_jour():
    assert page.rediger(Catalogue()) == (RACINE / "docs" / "plans_publies.md").read_text(encoding="utf-8")


def test_orly_par_place_et_par_place_ajoutee():
    orly = PLANS["orly-andre-gouy"]
    assert orly.du_financeur("caf") / orly.places == 9_200
    assert orly.du_financeur("caf") / orly.places_ajoutees == 41_400
    texte = page.rediger(Catalogue()).replace("\u202f", " ").replace("\xa0", " ")
    assert "9 200 € sur toutes les places, 41 400 € sur les 20 places ajoutées" in texte


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_chaque_plan_se_referme_ou_dit_ce_qui_manque(plan):
    """Lines never exceed the printed cost by more than rounding of the press; a deduced balance closes it exactly."""
    if any(x.solde for x in plan.lignes) and plan.cout.nature == "total":
        assert plan.total == pytest.approx(plan.cout.montant, abs=1.0)
    assert plan.total <= plan.cout.montant * 1.03


def test_la_regle_de_la_caf_a_la_date_du_projet():
    lectures = {i: comparer(p, Catalogue()) for i, p in PLANS.items()}
    limeil = lectures["limeil-brevannes-79e"][0]
    assert limeil.calcule == 60 * 22_500, "maximum de 2022"
    assert lectures["paris-davout-99"][0].calcule == 99 * 17_000, "maximum de 2019"
    assert lectures["buc-pre-saint-jean"][0].calcule is None, "2017 : avant la période connue"
