"""Cash that is missing twice: while grants are awaited, and once they are received; what the end of the tenure takes."""

import html

import numpy as np
import pytest

from pope_foncier.etude.caisses import caisses, capital_rembourse, fin_du_titre, lire_caisse
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.vues.documents import note
from pope_foncier.vues.formes import lectures, mots_de_caisse
from tests.conftest import GARE_LIVREE
from tests.vues.variantes import lisible

ASSOCIATION = "Association gestionnaire"
ETUDES = GARE_LIVREE.parent


@pytest.fixture(scope="module")
def resultat():
    return Resultat.calculer(ouvrir(GARE_LIVREE), moteur_du_projet())


def etude(nom):
    return Resultat.calculer(ouvrir(ETUDES / f"{nom}.yaml"), moteur_du_projet())


def test_deux_creux_a_la_main():
    """−50 in month 1, 80 of grants paid in months 2 and 3, −10 at the end: a bridge carries the first, not the second."""
    caisse = lire_caisse("x", np.array([0.0, -50.0, -20.0, 30.0, -10.0]), np.array([0.0, 0.0, 30.0, 50.0, 0.0]))
    assert (caisse.en_attente.mois, caisse.en_attente.manque, caisse.en_attente.a_venir) == (1, 50.0, 80.0)
    assert (caisse.aides_recues.mois, caisse.aides_recues.manque, caisse.aides_recues.a_venir) == (4, 10.0, 0.0)


def test_un_seul_creux_sans_aide_ou_sans_manque():
    sans_aide = lire_caisse("x", np.array([0.0, -50.0, 10.0]), np.zeros(3))
    assert sans_aide.en_attente is None
    assert sans_aide.aides_recues.manque == 50.0
    relayee = lire_caisse("x", np.array([-5.0, 20.0, 10.0]), np.array([0.0, 25.0, 0.0]))
    assert relayee.en_attente.manque == 5.0
    assert relayee.aides_recues is None
    inconnue = lire_caisse("x", np.array([-5.0, np.nan, 10.0]), np.array([0.0, 25.0, 0.0]))
    assert inconnue.en_attente is inconnue.aides_recues is None


@pytest.mark.parametrize(
    ("nom", "attente", "structurel"),
    [("gare_saint_denis", 168_835, 284_279), ("coque_la_courneuve", 229_064, 476_910)],
)
def test_le_creux_de_l_attente_des_aides_n_est_plus_cache(nom, attente, structurel):
    """Read month by month in the CSV of the cash, apart from these properties."""
    vue = etude(nom).vue()
    (caisse,) = caisses(vue)
    assert caisse.en_attente.manque == pytest.approx(attente, abs=0.5)
    assert caisse.aides_recues.manque == pytest.approx(structurel, abs=0.5)
    assert vue.ev.ctx.echelle.mois_en_clair(caisse.en_attente.mois) == "février 2029"
    dit = lisible(mots_de_caisse.caisse(vue))
    assert "en février 2029, en attendant" in dit
    assert "(relais à prévoir)" in dit
    assert "aides reçues" in dit


def test_la_fin_du_titre_se_dit(resultat):
    """Piaje kept 109 months of 180: 147,600 × 71/180 = 58,220; deposit of a quarter, 186 × 75 / 4 = 3,488."""
    vue = resultat.vue()
    flux = {x.libelle.split(" : ")[0]: x for x in fin_du_titre(vue, ASSOCIATION)}
    assert flux["Reversement"].montant == pytest.approx(-147_600 * 71 / 180)
    assert flux["Dépôt de garantie rendu"].montant == pytest.approx(186 * 75 / 4)
    assert flux["Remise en état des lieux"].montant < 0
    assert {vue.ev.ctx.echelle.mois_en_clair(x.mois) for x in flux.values()} == {"septembre 2037"}
    dit = lisible(mots_de_caisse.caisse(vue))
    assert "Fin du titre, septembre 2037 : Piaje à rendre 58 220 € ; remise en état des lieux 21 586 €" in dit
    assert capital_rembourse(vue, ASSOCIATION, flux["Reversement"].mois) == pytest.approx(200_000, abs=0.01)


def test_ce_que_la_tresorerie_demande_n_est_pas_la_seule_exploitation(resultat):
    vue = resultat.vue()
    nom = vue.bouclee.ev.livre.lignes["a_trouver.exploitation"].libelle
    assert nom == "À trouver en trésorerie (exploitation, prêt, fin du titre)"
    dit = lisible(mots_de_caisse.en_tout(vue))
    assert "284 279 € en trésorerie (exploitation, prêt, fin du titre)" in dit
    assert "200 000 € de capital de prêts ont été remboursés" in dit


def test_le_dernier_solde_de_la_caf_passe_la_fin_de_l_etude():
    """30 places × 2,600 € in the last year, of which 30 % is paid the year after: 23,400 €; the stress lacks 1,029,600 €."""
    assert "1 053 000 € en tout (dont 23 400 € de solde versés après la fin de l'étude)" in lisible(
        lectures.ctg(etude("modes_d_accueil").vue())
    )


def test_sans_dette_rien_ne_se_couvre():
    page = html.unescape(str(note.rediger(etude("modes_d_accueil"), moteur_du_projet())))
    assert "Dette couverte" not in page
    assert "Résultat de l'année nul" in page


def test_des_prets_sans_compte_ont_une_couverture_inconnue():
    page = note.rediger(etude("creche_emile_zola"), moteur_du_projet())
    assert lectures.couverture(etude("creche_emile_zola").vue()) == "inconnue"
    assert "rien ne dit ce qui paie les prêts" in page
    assert "indéterminé<" not in page
    assert "Ratios année par année indéterminés. Plan de financement inconnu en partie" in page


def test_la_note_dit_la_couverture_sur_la_vie_des_prets(resultat):
    assert "Couverture sur la vie des prêts (LLCR)" in note.rediger(resultat, moteur_du_projet())
