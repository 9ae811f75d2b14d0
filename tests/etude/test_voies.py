"""By which line of the plan an input acts on what is to find, against the studies varied and closed again, and the conservation of the plan."""

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.pentes import effets
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.etude.voies import _lignes, voies
from pope_foncier.socle.pentes import Sortie
from tests.conftest import DONNEES

ETUDES = sorted(f.stem for f in (DONNEES / "etudes").glob("*.yaml"))
INVESTISSEMENT, TOTAL = "a_trouver.investissement", "a_trouver.total"
RIEN = 1e-6
"""Effect of 1 % under which there is none [€]."""


@pytest.fixture(scope="module")
def ouverts(moteur):
    """Closed plan of each scenario whose figures are known."""
    resultats = [Resultat.calculer(ouvrir(DONNEES / "etudes" / f"{e}.yaml"), moteur) for e in ETUDES]
    vues = [v.bouclee for r in resultats for v in r.vues() if not v.aucune_place and v.nom != "ne_rien_faire"]
    return [v for v in vues if np.isfinite(v.montant(TOTAL))]


def lus(vue, code):
    return effets(vue.ev, [Lecteur(vue.ev).sortie(code)], vue.rang)[0]


@pytest.mark.parametrize("code", [INVESTISSEMENT, TOTAL])
def test_toute_entree_qui_bouge_le_chiffre_a_sa_ligne_dans_le_meme_sens(ouverts, code):
    comptees = 0
    for vue in ouverts:
        trouvees = voies(vue.ev, code, siens := lus(vue, code), vue.rang)
        for e in (e for e in siens if abs(e.un_pour_cent) > RIEN):
            assert trouvees[e.champ].un_pour_cent * e.un_pour_cent > 0.0, (vue.nom, e.champ)
            comptees += 1
    assert comptees > 1000


def test_les_lignes_font_ensemble_tout_l_effet(ouverts):
    """Uses less resources, and the cash that is missing, move together as the figure does: nothing is left out, nothing counted twice."""
    for vue in ouverts:
        lignes = [*_lignes(vue.ev, True)]
        sorties = [Sortie(x.grandeur, np.ones(x.grandeur.valeur.shape[-1])) for x in lignes]
        ensemble = {}
        for ligne, siens in zip(lignes, effets(vue.ev, sorties, vue.rang), strict=True):
            for e in siens:
                ensemble[e.champ] = ensemble.get(e.champ, 0.0) + ligne.sens * e.un_pour_cent
        attendus = {e.champ: e.un_pour_cent for e in lus(vue, TOTAL)}
        for champ, trouve in ensemble.items():
            assert trouve == pytest.approx(attendus.get(champ, 0.0), rel=1e-6, abs=1e-4), (vue.nom, champ)


def test_une_recette_de_la_caf_alourdit_le_fonds_de_roulement_et_allege_la_commune():
    """More families under the general scheme: more PSU, of which the balance is paid the year after; the study varied says as much."""
    champ, plus = "exploitation.part_regime_general", -0.01
    base, autre = (pf.ouvrir("modes_d_accueil").varier(x).calculer() for x in ({champ: 1.0}, {champ: 1.0 + plus}))
    voie = voies(base._vue.ev, TOTAL, lus(base._vue, TOTAL), base._vue.rang)[champ]
    ecart = {c: (autre[c].valeur - base[c].valeur) / plus / 100.0 for c in ("besoins.fonds_de_roulement", TOTAL)}
    assert voie.libelle == "Besoin en fonds de roulement"
    assert voie.un_pour_cent == pytest.approx(ecart["besoins.fonds_de_roulement"], rel=1e-6)
    assert 0.0 < voie.un_pour_cent < ecart[TOTAL]
    assert autre["contribution_totale"].valeur > base["contribution_totale"].valeur
    ligne = base.pentes(TOTAL).loc[champ]
    assert ligne.par.startswith("Besoin en fonds de roulement : +1")


def test_un_autre_chiffre_n_a_pas_de_ligne(ouverts):
    for code in ("contribution_totale", "couverture_minimale", "a_trouver.exploitation"):
        entier = Lecteur(ouverts[0].ev).code(code)
        assert voies(ouverts[0].ev, entier, lus(ouverts[0], entier), ouverts[0].rang) == {}
    assert not pf.ouvrir("gare_saint_denis").calculer().pentes("cout_total")["par"].any()
