"""Odd studies: an answer whose identities hold, an unknown that stays unknown, or one French refusal — never a traceback."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pope_foncier.etude.export import exporter
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import varier
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.decision import tableaux_epreuves
from pope_foncier.vues.documents import note
from pope_foncier.vues.documents.terminal import tables
from pope_foncier.vues.etude import tableaux, tableaux_financement, tableaux_scenarios
from tests.peu_de_tirages import peu_de_tirages

INCONNU = {"a_obtenir_de": "le propriétaire"}

REPONSES = {
    "horizon d'un an": {"horizon_mois": 12},
    "horizon avant l'ouverture": {"horizon_mois": 20},
    "sans délai": {"delais.travaux_mois": 0, "delais.etudes_mois": 0, "delais.montee_en_charge_mois": 0},
    "titre plus court que les travaux": {"titre_occupation.duree_mois": 6},
    "titre nul": {"titre_occupation.duree_mois": 0},
    "prêt plus long que l'étude": {"prets[banque].duree_mois": 600},
    "taux nul": {"prets[banque].taux": 0},
    "taux négatif": {"prets[banque].taux": -0.01},
    "trop petit pour une place": {"programme.surface_m2": 10},
    "très grand": {"programme.surface_m2": 5000},
    "aucune heure facturée": {"exploitation.taux_occupation": 0},
    "sans aides": {"aides": []},
    "sans prêts": {"prets": []},
    "prêt de zéro euro": {"prets[banque].montant": 0},
    "départ passé": {"date_depart": date(2024, 1, 1)},
    "aide versée après l'étude": {"aides[piaje].delai_versement_mois": 400},
    "part prêtée": {"aides[caf93].part_subvention": 0},
    "sans exploitation": {"exploitation": None},
    "propriétaire maître d'ouvrage": {"acteurs.maitre_ouvrage": "proprietaire"},
    "sans contribution": {"exploitation.contribution_commune": "aucune"},
}
INCONNUES = {
    "surface inconnue": {"programme.surface_m2": INCONNU},
    "loyer inconnu": {"titre_occupation.loyer_m2_an": INCONNU},
    "durée du titre inconnue": {"titre_occupation.duree_mois": INCONNU},
    "durée des travaux inconnue": {"delais.travaux_mois": INCONNU},
    "taux inconnu": {"prets[banque].taux": INCONNU},
}
REFUS = {
    "différé plus long que le prêt": ({"prets[banque].differe_mois": 200}, "Le différé est aussi long que le prêt"),
    "durée de prêt nulle": ({"prets[banque].duree_mois": 0}, "au moins une période"),
    "départ avant les barèmes": ({"date_depart": date(2019, 1, 1)}, "aucune valeur connue"),
    "demande avant le référentiel": ({"date_demande": date(2021, 1, 1)}, "referentiel.locaux"),
    "deux acteurs de même nom": ({"acteurs.proprietaire": "Association gestionnaire"}, "distinguer les rôles"),
    "coefficient nul": ({"programme.coefficient_sdo_su": 0}, "au moins 1 attendu"),
}


EN_ENTIER = ("très grand", "taux négatif", "aucune heure facturée", "surface inconnue")
"""Studies whose note is drawn in full: that of the others, whose figures nobody reads here, is drawn on few draws."""


@pytest.fixture(autouse=True)
def tirages(request):
    nom = request.node.callspec.params["nom"]
    with nullcontext() if nom in EN_ENTIER else peu_de_tirages():
        yield


def tout_montrer(dossier, moteur, surcharges):
    etude = varier(dossier, "essai", surcharges)
    resultat = Resultat.calculer(replace(dossier, etude=etude, variantes={"base": etude}), moteur)
    vue = resultat.vue()
    exporter(resultat)
    note.rediger(resultat, moteur)
    assert tables(vue)
    tableaux.tableau_a_confirmer(vue)
    tableaux_scenarios.comparaison(resultat)
    tableaux_epreuves.tables(vue)
    tableaux_financement.tresorerie_mensuelle(vue)
    return vue


@pytest.mark.parametrize("nom", REPONSES)
def test_etude_extreme_a_une_reponse(dossier, moteur, nom):
    vue = tout_montrer(dossier, moteur, REPONSES[nom])
    assert not np.isnan(vue.montant("ressources.reste_a_financer"))


@pytest.mark.parametrize("nom", INCONNUES)
def test_l_inconnu_reste_inconnu(dossier, moteur, nom):
    vue = tout_montrer(dossier, moteur, INCONNUES[nom])
    assert vue.ev.plan.reste_a_financer.lire() == "inconnu"
    assert any("propriétaire" in m for m in vue.ev.plan.reste_a_financer.manques)


@pytest.mark.parametrize("nom", REFUS)
def test_refus_en_francais(dossier, moteur, nom):
    surcharges, message = REFUS[nom]
    with pytest.raises(ErreurPope, match=message):
        tout_montrer(dossier, moteur, surcharges)
