"""Answer of a workshop: its figures agree with one another, are rounded once, and say what is unknown or without object."""

from __future__ import annotations

import pytest

from pope_foncier.ateliers import epreuves, reponse, secours
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele, Reglages
from pope_foncier.ateliers.reponse import CLES, EN_CALCUL, douter_de, repondre
from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.decision.doute import lecture
from pope_foncier.etude.lectures import a_trouver, compte
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.vues.decision.doute.phrases import fois_sur_dix
from pope_foncier.vues.formes.cases import centaines
from tests.ateliers.etudes import modele_de
from tests.conftest import DONNEES


@pytest.fixture(scope="module")
def modele() -> Modele:
    return modele_de(dossier_donnees() / "etudes" / "gare_saint_denis.yaml")


def _entier(texte: str) -> int:
    return int("".join(x for x in texte if x.isdigit()))


def test_cost_by_year_is_that_by_place_times_the_places(modele: Modele) -> None:
    payeur = ce_que_paie_la_commune(modele.voir_bouclee(modele.dossier.etude))
    assert payeur.tout_compris_par_an == pytest.approx(payeur.tout_compris * payeur.places.nombre)
    assert payeur.tout_compris_par_an >= payeur.par_an  # what nobody has promised only adds


def test_what_is_counted_and_what_is_to_find_make_the_needs(modele: Modele) -> None:
    vue = modele.voir_bouclee(modele.dossier.etude)
    assert compte(vue) + a_trouver(vue) == pytest.approx(vue.bouclee.montant("besoins.total"))


def test_figures_are_known_before_their_ranges(modele: Modele) -> None:
    etude = modele.dossier.etude
    vue = modele.voir_bouclee(etude)
    avant, apres = repondre(vue), repondre(vue, douter_de(modele, etude))
    assert [c.cle for c in avant.chiffres] == list(CLES)
    assert [c.valeur for c in avant.chiffres] == [c.valeur for c in apres.chiffres]
    for cle in ("cout_an", "cout_place", "ouverture"):
        assert avant[cle].fourchette == EN_CALCUL
        assert apres[cle].fourchette not in (None, EN_CALCUL)
    bas, haut = (_entier(x) for x in (apres["cout_place"].fourchette or "").split(" à "))
    assert 0 < bas < haut
    assert "plan bouclé" in (apres["cout_place"].lecture or "")
    assert "huit fois sur dix" in apres.dite
    assert "huit fois sur dix" not in avant.dite, "said of ranges that are shown, not of those to come"
    assert avant.risque == "en calcul"
    assert not {"[", "("} & set(apres.risque)


def test_what_nobody_promised_is_in_the_cost_and_is_said(modele: Modele) -> None:
    refus = Reglages(refusees=frozenset(a.id for a in modele.dossier.etude.aides if a.statut == "esperee"))
    base, sans = (repondre(modele.voir_bouclee(modele.etude(r))) for r in (Reglages(), refus))
    assert _entier(sans["a_trouver"].valeur) > _entier(base["a_trouver"].valeur)
    assert _entier(sans["cout_an"].valeur) >= _entier(base["cout_an"].valeur)  # bad news never looks cheaper


def test_a_doubt_that_cannot_be_made_leaves_an_unknown_range(modele: Modele) -> None:
    lue = repondre(modele.voir_bouclee(modele.dossier.etude), "rien n'est en doute.")
    assert lue["cout_place"].fourchette == "fourchette inconnue"
    assert "huit fois sur dix" not in lue.dite
    assert lue.risque == "non calculé : rien n'est en doute."


def test_without_a_place_nothing_is_a_figure(modele: Modele) -> None:
    lue = repondre(modele.voir_bouclee(modele.etude(Reglages(leviers={"surface": 40}))))
    assert lue.sans_place
    assert {c.cle: c.valeur for c in lue.chiffres} == dict.fromkeys(CLES, "sans objet") | {
        "places": "aucune place possible"
    }


def test_an_unknown_plan_is_unknown_and_says_what_it_waits_for() -> None:
    zola = modele_de(dossier_donnees() / "etudes" / "creche_emile_zola.yaml")
    lue = repondre(zola.voir_bouclee(zola.dossier.etude), "rien n'est en doute.")
    assert {lue[cle].valeur for cle in ("cout_an", "cout_place", "a_trouver")} == {"inconnu"}
    assert lue.risque.startswith("inconnu tant qu'il manque ")
    assert {x.valeur for x in lue.chiffres}.isdisjoint({"0", "0\u00a0€"})


def test_one_rounding_for_citizens() -> None:
    assert str(centaines(149_950.0)) == "150\u202f000\u00a0€"  # halves up
    assert str(centaines(12_559.26)) == "12\u202f600\u00a0€"
    assert str(centaines(float("nan"))) == "inconnu"


@pytest.mark.parametrize(
    ("part", "dit"),
    [
        (1.0, "dans tous les cas essayés"),
        (0.999, "presque toujours"),
        (0.44, "4\u00a0fois sur 10"),
        (0.02, "rarement, moins d'une fois sur vingt"),
        (0.0, "dans aucun des cas essayés"),
    ],
)
def test_chances_are_said_out_of_ten(part: float, dit: str) -> None:
    assert fois_sur_dix(part) == dit


def test_the_doubt_of_a_study_is_made_once(monkeypatch) -> None:
    """The page, its proposal and the fallback page ask for the same draws: made once; those of another study are others."""
    modele, faits, vrai = modele_de(DONNEES / "etudes" / "creche_emile_zola.yaml"), [], lecture.douter
    monkeypatch.setattr(lecture, "douter", lambda *demande, **autres: faits.append(demande) or vrai(*demande, **autres))
    etude = modele.etude(Reglages(leviers={"ville": 11}))
    premier = reponse.douter_de(modele, etude)
    assert reponse.douter_de(modele, modele.etude(Reglages(leviers={"ville": 11}))) is premier
    assert len(faits) == 1
    reponse.douter_de(modele, modele.etude(Reglages(leviers={"ville": 12})))
    assert len(faits) == 2


def test_the_fallback_page_stresses_each_scenario_once(tmp_path, monkeypatch) -> None:
    modele, frappes, vrai = modele_de(DONNEES / "etudes" / "creche_emile_zola.yaml"), [], epreuves.eprouver
    monkeypatch.setattr(epreuves, "eprouver", lambda vue, mots: frappes.append(vue.titre) or vrai(vue, mots))
    secours.rediger(modele, Journal(tmp_path / "essai.sqlite"))
    assert frappes
    assert len(frappes) == len(set(frappes))
