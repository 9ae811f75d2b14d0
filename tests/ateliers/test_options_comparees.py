"""Workshop of the municipality: what separates its scenarios in words; montages and ways of closing on demand."""

import pytest

from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.journal import Journal
from tests.ateliers.etudes import modele_de
from tests.conftest import GARE_LIVREE


@pytest.fixture(scope="module")
def atelier(tmp_path_factory):
    modele = modele_de(GARE_LIVREE)
    return AtelierCommune(modele, Journal(tmp_path_factory.mktemp("journal") / "essai.sqlite"))


def test_les_scenarios_disent_ce_qui_les_separe(atelier):
    """B refuses the hoped grants, 12 places × (12,300 + 3,250) + 63,000 = 249,600 € by its sheet: 520,000 € to find become 769,600."""
    dit = atelier.ecarts.value
    assert "Sans les aides espérées, par rapport à Le projet de l&#x27;étude" in dit
    assert "La Ville comble ce qui manque, par rapport à Le projet de l&#x27;étude" in dit
    assert "À trouver : 520\u202f000\xa0€ → 769\u202f600\xa0€" in dit
    assert "k€" not in dit


def test_montages_et_facons_de_boucler_sur_demande(atelier):
    assert atelier.options.trouve.value == ""
    atelier.options.comparer()
    lu = atelier.options.trouve.value
    assert "Options comparées : 110" in lu
    assert "selon les critères" in lu
    assert "pas de droit réel" in lu
    atelier.choisir(1)
    assert atelier.options.trouve.value == ""
