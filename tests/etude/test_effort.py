"""« À confirmer » sorted by what each row weighs on the effort asked, against the study varied and closed apart."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude.a_confirmer import INDISPENSABLE, SI_ELLE_MANQUE, a_confirmer, urgence
from pope_foncier.etude.effort import effort, sans_l_aide
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from tests.conftest import DONNEES, GARE_LIVREE


def vue_de(dossier, moteur, surcharges=None):
    etude = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
    return Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()


def demande(vue):
    """By hand: what the commune pays and what is to find, but for the cash that comes back, over the places and the years of opening."""
    bouclee = vue.bouclee
    paye = bouclee.annuel("commune.contribution").sum() if bouclee.ev.compte is not None else 0.0
    annees = bouclee.valeur(bouclee.ev.calendrier.ouvert) / 12.0
    trouve = bouclee.montant("a_trouver.investissement") + bouclee.montant("a_trouver.definitif")
    return (paye + trouve) / bouclee.places.nombre / annees


@pytest.fixture(scope="module")
def livree():
    return ouvrir(GARE_LIVREE)


@pytest.fixture(scope="module")
def lignes(livree, moteur):
    return a_confirmer(vue_de(livree, moteur))


def test_l_effort_est_ce_que_d_autres_paient_par_place_et_par_an(livree, moteur):
    vue = vue_de(livree, moteur)
    assert float(effort(vue.bouclee.ev).valeur.ravel()[0]) == pytest.approx(demande(vue))


def test_l_inconnu_d_abord_puis_le_plus_lourd(lignes):
    rangs = [x.rang for x in lignes]
    assert rangs == sorted(rangs)
    for rang in (1, 2):
        poids = [np.inf if np.isnan(x.poids) else -x.poids for x in lignes if x.rang == rang]
        assert poids == sorted(poids)
    assert sum(not np.isnan(x.poids) for x in lignes) > 50


def test_un_poids_est_la_moitie_de_ce_que_l_intervalle_deplace(livree, moteur, lignes):
    par_nom = {x.quoi: x for x in lignes}
    loyer = [
        demande(vue_de(livree, moteur, {"titre_occupation.loyer_m2_an": {"valeur": v, "base": "essai"}}))
        for v in (30, 120)
    ]
    assert par_nom["Loyer ou redevance"].poids == pytest.approx(abs(loyer[1] - loyer[0]) / 2.0, rel=1e-3)
    titre = [
        demande(vue_de(livree, moteur, {"titre_occupation.duree_mois": {"valeur": v, "base": "essai"}}))
        for v in (60, 240)
    ]
    assert par_nom["Durée du titre d'occupation"].poids == pytest.approx(abs(titre[1] - titre[0]) / 2.0, rel=0.02)
    assert par_nom["Durée du titre d'occupation"].selon == "de 60 à 240\u00a0mois"


def test_une_aide_pese_ce_qu_elle_laisse_si_elle_manque(livree, moteur, lignes):
    (aide,) = [x for x in lignes if x.quoi == "Plan d'investissement petite enfance (Piaje)"]
    sans = demande(vue_de(livree, moteur, {"aides[piaje].coefficient": 0.0}))
    assert aide.selon == SI_ELLE_MANQUE
    assert aide.poids == pytest.approx(sans - demande(vue_de(livree, moteur)), rel=1e-3)


def test_une_aide_reduite_ne_pese_que_ce_qu_elle_apporte(livree, moteur):
    """Half of the Piaje granted: its refusal takes that half away, never the whole."""
    reduite = {"aides[piaje].coefficient": 0.5}
    (aide,) = [
        x
        for x in a_confirmer(vue_de(livree, moteur, reduite))
        if x.quoi == "Plan d'investissement petite enfance (Piaje)"
    ]
    sans, avec = (demande(vue_de(livree, moteur, {"aides[piaje].coefficient": c})) for c in (0.0, 0.5))
    assert aide.poids == pytest.approx(sans - avec, rel=1e-3)


def test_une_entree_dont_tout_depend_se_dit_sans_poids(moteur):
    lignes = a_confirmer(Resultat.calculer(ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml"), moteur).vue())
    indispensables = [x for x in lignes if x.selon == INDISPENSABLE]
    assert "Coût des travaux au m²" in {x.quoi for x in indispensables}
    assert lignes[: len(indispensables)] == indispensables
    assert all(np.isnan(x.poids) for x in lignes)


def test_ce_qu_il_faut_demander_d_abord_est_ce_qui_pese(lignes):
    premier = min((x for x in lignes if x.aupres_de), key=urgence)
    assert premier.quoi == "Durée du titre d'occupation"


@pytest.mark.parametrize("scenario", ["base", "commune_a_l_equilibre"])
def test_une_aide_refusee_pese_son_montant_quelle_que_soit_la_contribution(moteur, scenario):
    """63,000 € of the Region and 42,000 € of the city over the places and the years: lost, they are to be found, before or after the lowest month."""
    vue = Resultat.calculer(ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml"), moteur).vue(scenario)
    places_annees = vue.places.nombre * vue.bouclee.valeur(vue.bouclee.ev.calendrier.ouvert) / 12.0
    manquent = sans_l_aide(vue, ["region_idf", "ville"])
    for aide, montant in (("region_idf", 63_000.0), ("ville", 42_000.0)):
        assert manquent[aide] == pytest.approx(montant / places_annees, abs=0.01), aide
