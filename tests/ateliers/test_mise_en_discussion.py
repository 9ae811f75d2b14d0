"""Three scenarios put in discussion at once, when nobody has proposed any; old journals in the page of the municipality."""

from functools import lru_cache
from types import SimpleNamespace

import pytest

from pope_foncier.ateliers import cartes, propositions, reponse
from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.mise_en_discussion import MiseEnDiscussion
from pope_foncier.ateliers.panneau import Panneau
from tests.ateliers.etudes import modele_de
from tests.ateliers.test_journaux_d_avant import ecrire
from tests.conftest import GARE


@pytest.fixture(scope="module")
def modele():
    return modele_de(GARE)


def test_trois_scenarios_en_discussion_d_un_geste(modele, tmp_path, monkeypatch):
    """Without a name it says so and writes nothing; then three numbers, their figures and risks as displayed, once."""
    un_doute = lru_cache(lambda: reponse.douter_de(modele, modele.dossier.etude))
    monkeypatch.setattr(
        propositions, "reponse", SimpleNamespace(douter_de=lambda *_: un_doute(), repondre=reponse.repondre)
    )
    journal = Journal(tmp_path / "atelier.sqlite")
    page = AtelierCommune(modele, journal)
    page.discussion.mettre_en_discussion()
    assert "Écrire d'abord votre nom" in page.panneau.avis.value.replace("&#x27;", "'").replace("&#39;", "'")
    assert journal.entrees() == []
    page.discussion.qui.value = "Claire Petit"
    assert page.panneau.qui.value == "Claire Petit"
    page.discussion.mettre_en_discussion()
    atelier = Atelier.rejouer(journal.entrees())
    assert [(s.numero, s.fiche.titre, s.entree.qui) for s in atelier.scenarios.values()] == [
        (1, cartes.ETUDE, "Claire Petit"),
        (2, cartes.SANS_AIDES, "Claire Petit"),
        (3, cartes.COMBLE, "Claire Petit"),
    ]
    for scenario in atelier.scenarios.values():
        assert [c.cle for c in scenario.fiche.reponse] == ["cout_an", "cout_place", "a_trouver", "ouverture", "places"]
        assert scenario.fiche.risque
    assert page.cartes.titres == [s.titre for s in atelier.scenarios.values()]
    assert page.discussion.qui.layout.display == "none"
    page.discussion.mettre_en_discussion()
    assert sum(isinstance(e.contenu, Proposition) for e in journal.entrees()) == 3, "not proposed again"


def test_un_scenario_d_un_autre_lieu_n_ote_pas_le_bouton(modele, tmp_path):
    journal = Journal(tmp_path / "atelier.sqlite")
    journal.noter("Ana", Proposition(nom="a", titre="Ailleurs", reglages={}, surcharges=(), etude="coque_la_courneuve"))
    ecran = SimpleNamespace(nom="commune", reglages_affiches=dict, remettre=lambda _: None, reprendre=lambda: None)
    discussion = MiseEnDiscussion(modele, Panneau(modele, journal, ecran), "commune", lambda: None)
    assert discussion.qui.layout.display is None
    journal.noter("Ana", Proposition(nom="b", titre="Ici", reglages={}, surcharges=(), etude=modele.dossier.nom))
    discussion._panneau.relire()
    discussion.suivre()
    assert discussion.qui.layout.display == "none"


def test_un_ancien_journal_s_ouvre_dans_la_page(modele, tmp_path):
    chemin = tmp_path / "gare_saint_denis.sqlite"
    ecrire(chemin, empreintes=False, mots=False)
    page = AtelierCommune(modele, Journal(chemin))
    assert [titre for titre, _ in page.panneau.choix.options[1:]] == [
        "n° 1 · Le projet tel quel",
        "n° 2 · Travaux sobres",
    ]
    assert "Travaux sobres" in page.panneau.etat.value
    assert page.discussion.qui.layout.display == "none"
