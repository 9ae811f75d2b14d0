"""Directory: the seven founding members, and the parties that the studies name."""

from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.modele.acteurs import lire_annuaire
from tests.conftest import GARE


def test_les_sept_membres_fondateurs_et_les_roles():
    annuaire = lire_annuaire()
    assert len([a for a in annuaire.acteurs if a.membre_fondateur]) == 7
    for role in ("gestionnaire", "proprietaire", "preteur"):
        assert any(role in a.roles for a in annuaire.acteurs), role


def test_les_acteurs_de_l_etude_sont_dans_l_annuaire():
    noms = {a.nom for a in lire_annuaire().acteurs}
    etude = ouvrir(GARE).etude
    assert {etude.acteurs.proprietaire, etude.acteurs.gestionnaire} <= noms
    assert {a.financeur for a in etude.aides} - {etude.acteurs.commune} <= noms
