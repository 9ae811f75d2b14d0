"""Trials on grants and levers: effects recomputed from the amounts of the base."""

import pytest

from pope_foncier.decision.epreuves import incidents
from pope_foncier.decision.essais import leviers
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.etude.tresorerie import relais_tire
from tests.conftest import DONNEES


def test_incidents_sur_chaque_aide(resultat):
    """On the closed plan whose funding is frozen: what a grant does not bring is a hole, and its delay a trough."""
    vue = resultat.vue()
    effets = {e.libelle: e for e in incidents(vue)}
    assert len(effets) == 6, "deux aides comptées, trois incidents"
    piaje = vue.montant("ressources.piaje")
    nom = "Plan d'investissement petite enfance (Piaje)"
    assert effets[f"{nom} : refusée"].trou == pytest.approx(piaje)
    assert effets[f"{nom} : réduite de 20 %"].trou == pytest.approx(0.2 * piaje)
    assert effets[f"{nom} : en retard de 12 mois"].trou == pytest.approx(0, abs=0.005)
    rendu = piaje * 69 / 180  # what is not received is not given back in 2037
    assert effets[f"{nom} : refusée"].porte_par == (("Association gestionnaire", pytest.approx(piaje - rendu)),)


def test_aucun_incident_n_ameliore_la_tresorerie(resultat):
    vue = resultat.vue()
    base = vue.bouclee.montant("tresorerie.point_bas.Association gestionnaire")
    assert all(e.point_bas <= base + 0.005 for e in incidents(vue))


def test_leviers_et_leur_effet_marginal(dossier, moteur, resultat):
    effets = {e.libelle: e for e in leviers(dossier, moteur)}
    vue = resultat.vue()
    revision = vue.montant("besoins.travaux_ht") / (200 * 3750)
    attendu = -100 * 200 * revision * (1 + 0.12 + 0.08 + 0.10) * 1.2
    assert effets["100 €/m² HT de travaux en moins"].ecart_reste == pytest.approx(attendu, abs=0.01)
    assert effets["cinq points d'occupation en plus"].ecart_reste > 0, "plus d'aide de la Caf à avancer"
    assert effets["cinq points d'occupation en plus"].ecart_contribution < 0


def test_une_etude_sans_chiffres_donne_des_effets_inconnus(moteur):
    zola = ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml")
    vue = Resultat.calculer(zola, moteur).vue()
    assert all(e.trou != e.trou for e in incidents(vue))
    assert relais_tire(vue.ev.livre) is None
