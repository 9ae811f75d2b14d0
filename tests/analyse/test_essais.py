"""Trials on grants and levers: effects recomputed from the amounts of the base."""

from dataclasses import replace

import pytest

from pope_foncier.analyse.essais import incidents, leviers
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import ouvrir, varier
from tests.conftest import DONNEES


def test_incidents_sur_chaque_aide(dossier, moteur, resultat):
    effets = {e.libelle: e for e in incidents(dossier, moteur)}
    assert len(effets) == 6, "deux aides comptées, trois incidents"
    piaje = resultat.vue().montant("ressources.piaje")
    nom = "Plan d'investissement petite enfance (Piaje)"
    assert effets[f"{nom} : refusée"].ecart_reste == pytest.approx(piaje)
    assert effets[f"{nom} : réduite de 20 %"].ecart_reste == pytest.approx(0.2 * piaje)
    assert effets[f"{nom} : en retard de 12 mois"].ecart_reste == pytest.approx(0)
    assert effets[f"{nom} : refusée"].ecart_contribution > 0, "moins de quote-part à reprendre"


def test_aucun_incident_n_ameliore_la_tresorerie(dossier, moteur):
    """Without the balancing contribution of the commune, which would pay for the missing grant."""
    seule = varier(dossier, "seule", {"exploitation.contribution_commune": "aucune"})
    sans = replace(dossier, etude=seule, variantes={"base": seule})
    base = Resultat.calculer(sans, moteur).vue().montant("tresorerie.point_bas.Association gestionnaire")
    assert all(e.point_bas <= base + 0.005 for e in incidents(sans, moteur))


def test_leviers_et_leur_effet_marginal(dossier, moteur, resultat):
    effets = {e.libelle: e for e in leviers(dossier, moteur)}
    vue = resultat.vue()
    revision = vue.montant("besoins.travaux_ht") / (200 * 3750)
    assurances = 0.0225  # without VAT
    attendu = -100 * 200 * revision * ((1 + 0.12 + 0.08 + 0.10 - assurances) * 1.2 + assurances)
    assert effets["100 €/m² HT de travaux en moins"].ecart_reste == pytest.approx(attendu, abs=0.01)
    assert effets["cinq points d'occupation en plus"].ecart_reste > 0, "plus d'aide de la Caf à avancer"
    assert effets["cinq points d'occupation en plus"].ecart_contribution < 0


def test_une_etude_sans_chiffres_donne_des_effets_inconnus(moteur):
    zola = ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml")
    assert all(e.reste_a_financer != e.reste_a_financer for e in incidents(zola, moteur))
    assert Resultat.calculer(zola, moteur).vue().ev.relais is None
