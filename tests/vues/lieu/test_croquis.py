"""Small drawing of a note: drawn once for equal plans, drawn again for another, few kept."""

from dataclasses import replace

import pytest

from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.vues.formes.feuilles import svg
from pope_foncier.vues.lieu import plan_simple
from tests.conftest import DONNEES

PLANS = sorted((DONNEES / "plans").glob("*.yaml"))


@pytest.fixture
def dessines(monkeypatch):
    """Plans drawn, in order."""
    faits, dessiner = [], plan_simple.croquis
    monkeypatch.setattr(plan_simple, "_DESSINES", [])
    monkeypatch.setattr(plan_simple, "croquis", lambda plan: faits.append(plan) or dessiner(plan))
    return faits


def test_des_plans_egaux_se_dessinent_une_fois_et_chacun_a_son_dessin(dessines):
    un, encore, autre = lire_plan(PLANS[0]), lire_plan(PLANS[0]), lire_plan(PLANS[1])
    assert un is not encore
    deplace = replace(un, elements=un.elements[1:])
    lus = [plan_simple.croquis_en_svg(p) for p in (un, autre, encore, deplace, un)]
    assert dessines == [un, autre, deplace]
    assert lus[0] == lus[2] == lus[4] == svg(plan_simple.croquis(un))
    assert len({lus[0], lus[1], lus[3]}) == 3


def test_peu_de_dessins_sont_gardes_les_derniers_montres(dessines):
    premier = lire_plan(PLANS[0])
    for nombre in range(8):
        plan_simple.croquis_en_svg(replace(premier, remarques=(str(nombre),)))
        plan_simple.croquis_en_svg(premier)
        assert len(plan_simple._DESSINES) <= 6
    assert len(dessines) == 9, "le plan montré à chaque fois n'est dessiné qu'une"
