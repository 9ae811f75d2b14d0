"""Identity of scenarios on the page: a title, a number and a colour are never given to other levers."""

from __future__ import annotations

import html

import pytest

from pope_foncier.ateliers import teintes
from pope_foncier.ateliers.cartes import COMBLE, ETUDE, SANS_AIDES
from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.modele import Modele, Reglages
from tests.ateliers.etudes import modele_de
from tests.conftest import GARE

ESSAI = "Essai d'après {} (pas encore proposé)"


@pytest.fixture(scope="module")
def modele() -> Modele:
    return modele_de(GARE)


@pytest.fixture
def journal(tmp_path) -> Journal:
    return Journal(tmp_path / "atelier.sqlite")


def proposer(app: AtelierCommune, titre: str, cout: int, qui: str = "Ana") -> None:
    app.panneau.qui.value, app.panneau.nom.value = qui, titre
    app.curseurs["cout"].curseur.value = cout
    app.panneau.proposer()


@pytest.mark.usefixtures("main_pressee")
def test_a_lever_makes_an_attempt_and_a_proposal_gives_it_its_number(modele, journal):
    app = AtelierCommune(modele, journal)
    assert app.cartes.titres == [ETUDE, SANS_AIDES, COMBLE]
    app.curseurs["cout"].curseur.value = 3000
    assert app.cartes.titres[0] == ESSAI.format(f"« {ETUDE} »")
    proposer(app, "Plus cher", 3000)
    assert app.cartes.titres == ["n° 1 · Plus cher", SANS_AIDES, COMBLE]
    app.curseurs["cout"].curseur.value = 3100
    assert app.cartes.titres[0] == ESSAI.format("n°\u00a01")
    assert (app.cartes[0].numero, app.cartes[0].pastille) == (None, "essai")
    app.curseurs["cout"].curseur.value = 3000
    assert app.cartes.titres[0] == "n° 1 · Plus cher"


def test_after_a_reload_a_number_names_the_same_scenario_everywhere(modele, journal):
    app = AtelierCommune(modele, journal)
    for titre, cout in (("un", 3000), ("deux", 3100), ("trois", 3200), ("quatre", 3300)):
        proposer(app, titre, cout)
    couts = {"n° 2 · deux": 3100, "n° 3 · trois": 3200, "n° 4 · quatre": 3300}
    suivant = AtelierCommune(modele, journal)
    assert {t: c.reglages.leviers["cout"] for t, c in zip(couts, suivant.cartes.cartes, strict=True)} == couts
    assert suivant.cartes.titres == list(couts)
    lus = [html.unescape(x) for x in (suivant.bande.value, suivant.image.value, suivant.tableau.value)]
    assert "n° 4 · quatre" in lus[0]
    for titre, carte in zip(couts, suivant.cartes.cartes, strict=True):
        assert titre in lus[1]
        assert titre in lus[2]
        page = html.unescape(suivant.vitrine.pages[suivant.cartes.cartes.index(carte)].value)
        assert titre in page
        assert teintes.du_scenario(carte.numero).fond in page
    assert [teintes.du_scenario(c.numero).fond for c in suivant.cartes.cartes] == [t.fond for t in teintes.PALETTE[1:4]]


@pytest.mark.usefixtures("main_pressee")
def test_any_scenario_is_shown_on_any_card(modele, journal):
    app = AtelierCommune(modele, journal)
    proposer(app, "un", 3000)
    app.vitrine.choix[2].value = "depart.etude"
    assert app.cartes.titres == ["n° 1 · un", SANS_AIDES, ETUDE]
    app.vitrine.choix[0].value = "depart.etude"
    assert app.cartes.titres == [ETUDE, SANS_AIDES, "n° 1 · un"], "what another card shows changes places with it"
    app.choisir(2)
    assert app.curseurs["cout"].valeur == 3000
    app.curseurs["cout"].curseur.value = 3050
    app.vitrine.choix[2].value = "propose.un"
    assert app.cartes.titres[2] == "n° 1 · un", "an attempt goes back to its scenario"
    assert app.curseurs["cout"].valeur == 3000


@pytest.mark.usefixtures("main_pressee")
def test_the_page_follows_what_others_propose(modele, journal):
    ana, bob = AtelierCommune(modele, journal), AtelierCommune(modele, journal)
    proposer(ana, "d'Ana", 3000)
    bob.panneau.suivre()
    assert bob.cartes.titres == [ETUDE, SANS_AIDES, "n° 1 · d'Ana"], (
        "nobody has touched Bob's page: it shows the last ones"
    )
    bob.choisir(0)
    bob.curseurs["cout"].curseur.value = 3500
    proposer(ana, "d'Ana", 3200)
    bob.panneau.suivre()
    assert bob.cartes.titres == [ESSAI.format(f"« {ETUDE} »"), SANS_AIDES, "n° 1 · d'Ana"]
    assert bob.cartes[2].reglages == Reglages(leviers={"cout": 3200}), "the last version"
    assert bob.curseurs["cout"].valeur == 3500, "nobody moves Bob's levers"


@pytest.mark.usefixtures("main_pressee")
@pytest.mark.parametrize("perdu", [{"contribution": "disparue"}, {"montage": "disparu"}, {"depart": "disparu"}])
def test_a_scenario_without_levers_or_that_no_longer_computes_says_so_on_its_card(modele, journal, perdu):
    for nom, reglages in (("fichier", {}), ("casse", {"application": "commune", **perdu})):
        journal.noter("Ana", Proposition(nom=nom, titre=nom, reglages=reglages, surcharges=()))
    app = AtelierCommune(modele, journal)
    assert app.cartes.titres[-1] == "n° 2 · casse"
    page = html.unescape(app.vitrine.pages[2].value)
    assert "ne se calcule plus" in page
    assert "n° 2 · casse" in (bande := html.unescape(app.bande.value)), "the band is never that of another scenario"
    assert "ne se calcule plus" in bande
    app.vitrine.choix[1].value = "propose.fichier"
    assert "ses leviers ne se règlent pas ici" in html.unescape(app.vitrine.pages[1].value)
    assert app.vitrine.boutons[1].disabled


@pytest.mark.usefixtures("main_pressee")
def test_what_was_displayed_is_kept_with_the_proposal(modele, journal):
    app = AtelierCommune(modele, journal)
    proposer(app, "un", 3000)
    fiche = app.panneau.atelier.scenarios["un"].fiche
    bande = html.unescape(app.bande.value)
    assert [c.cle for c in fiche.reponse] == ["cout_an", "cout_place", "a_trouver", "ouverture", "places"]
    for chiffre in fiche.reponse[:4]:
        assert chiffre.valeur in bande
    assert fiche.risque
