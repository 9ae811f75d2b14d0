"""Levers of the city that come first: weights against slopes and by hand; every lever is somewhere, folded or not, and shows that it moved."""

import html

import ipywidgets as w
import numpy as np
import pytest

from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Reglages
from pope_foncier.ateliers.premiers_leviers import peser
from pope_foncier.decision.commune.cout import CommuneEnTout, tout_compris
from pope_foncier.etude.pentes import effets
from pope_foncier.socle.pentes import Sortie
from tests.ateliers.etudes import modele_de
from tests.conftest import DONNEES, GARE


@pytest.fixture(scope="module")
def modele():
    return modele_de(GARE)


@pytest.fixture
def app(modele, tmp_path):
    return AtelierCommune(modele, Journal(tmp_path / "atelier.sqlite"))


def test_un_pas_vaut_sa_pente(modele):
    """Slopes of the closed plan, found without moving anything: 250 €/m² and −5 points change by as many slopes, curvature apart."""
    ev = modele.voir_bouclee(modele.dossier.etude).bouclee.ev
    sorties = [Sortie(q, np.ones(1)) for q in (CommuneEnTout(ev).paye, tout_compris(ev))]
    pentes = [{e.champ: e.pente for e in lus} for lus in effets(ev, sorties)]
    pesees = {p.nom: p for p in peser(modele, Reglages())}
    for nom, champ, pas in (("cout", "travaux.cout_m2_ht", 250), ("occupation", "exploitation.taux_occupation", -0.05)):
        du_cout = [pas * p.get(champ, 0.0) for p in pentes]
        assert pesees[nom].effet.paye == pytest.approx(du_cout[0], abs=1.0)
        assert pesees[nom].effet.manque == pytest.approx(du_cout[1] - du_cout[0], rel=0.02)


def test_l_aide_de_la_ville_a_la_main(modele):
    """50 k€ ÷ 12 places ÷ years from the opening to the end of the tenure: what the city pays more, nobody has to find any more."""
    ville = next(p for p in peser(modele, Reglages()) if p.nom == "ville")
    vue = modele.voir(modele.dossier.etude)
    ans = (vue.valeur(vue.ev.calendrier.fin_titre) - vue.valeur(vue.ev.calendrier.ouverture)) / 12
    attendu = 50_000 / 12 / ans
    assert (ville.effet.paye, ville.effet.manque) == (pytest.approx(attendu), pytest.approx(-attendu))
    dit = ville.pourquoi.replace("\u00a0", " ").replace("\u202f", " ")
    assert dit == "Avec 50 k€ de plus, la Ville paie 500 € de plus et il manque 500 € de moins par place et par an."


def test_ce_que_l_etude_ne_connait_pas_passe_devant(modele):
    """To buy at a price that nobody gave: the price comes first, and no other lever has a weight."""
    (prix,) = peser(modele, Reglages(montage="achat_association"), ["piaje"])
    assert (prix.nom, prix.effet) == ("prix", None)
    zola = modele_de(DONNEES / "etudes" / "creche_emile_zola.yaml")
    assert [p.nom for p in peser(zola, Reglages())] == ["cout"]


def feuilles(boite):
    for enfant in boite.children:
        yield enfant
        if isinstance(enfant, w.Box):
            yield from feuilles(enfant)


def test_chaque_levier_est_quelque_part_une_fois(app):
    """Whatever comes first, and again from another starting point: each lever is on the page, once."""
    attendus = [c.curseur for c in app.curseurs.values()] + [app.depart, app.mode, app.montage, app.contribution.mode]
    attendus += list(app.obtenues.values())
    for montage in ("", "achat_association", ""):
        app.montage.value = montage
        vus = [x for x in feuilles(app.groupes.boite) if x in attendus]
        assert len(vus) == len(attendus) == len(set(map(id, vus)))
    app.montage.value = "achat_association"
    premier = app.groupes.boite.children[1].children[0]
    assert app.curseurs["prix"].curseur in list(feuilles(premier))
    assert "À supposer d'abord" in html.unescape(premier.children[-1].value)


def test_un_groupe_replie_dit_ce_qui_y_bouge_et_s_ouvre(app):
    plis = {b.description.split(" (")[0]: b for b in feuilles(app.groupes.boite) if isinstance(b, w.Button)}
    projet, contenu = next(
        x.children for x in app.groupes.boite.children if getattr(x, "children", ())[:1] == (plis["Le projet"],)
    )
    assert (projet.description, contenu.layout.display) == ("Le projet", "none")
    app.curseurs["cout"].curseur.value = 3000
    app.mode.value = "micro_creche_psu"
    assert projet.description == "Le projet (2 changés)"
    projet.click()
    assert contenu.layout.display is None
    assert "pf-ouvert" in projet._dom_classes
    app.choisir(1)
    assert projet.description == "Le projet"


def test_le_refus_d_un_levier_part_quand_un_autre_est_juste(app):
    taux, occupation = app.curseurs["taux"], app.curseurs["occupation"]
    taux.saisie.value = "beaucoup"
    assert "La valeur d'avant reste" in html.unescape(taux.avis.value)
    occupation.saisie.value = "200 %"
    assert (taux.avis.value, "sort du curseur" in occupation.avis.value) == ("", True)
    app.curseurs["cout"].curseur.value = 3000
    assert occupation.avis.value == ""
