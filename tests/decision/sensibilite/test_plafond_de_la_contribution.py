"""One ceiling, read as the sheet says: the contribution paid in the cruising year, of a plan that leaves nothing to find."""

import re
from dataclasses import replace

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.sensibilite.bascules import basculer, question_du
from pope_foncier.decision.sensibilite.decisions import RIEN, Choix, Option
from pope_foncier.decision.sensibilite.en_bref import choix_par_defaut, en_bref
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.vues.decision.sensibilite import mots

OCCUPATION = "exploitation.taux_occupation"


@pytest.fixture(scope="module")
def bouclee():
    """The station under its best plan without a loan: nothing is left to find."""
    return pf.meilleur_plan(pf.ouvrir("gare_saint_denis"), plafond_pret=0).etude


def test_un_plan_ouvert_ne_se_batit_pas_quel_que_soit_le_plafond():
    """The shipped shell leaves money to find in every draw: doing nothing, whatever the contribution, and the sentence says why."""
    lue = pf.savoir("coque_la_courneuve", tirages=60)
    assert lue.savoir.retenue == RIEN
    assert lue.savoir.jamais_boucle
    assert (lue.options["vaut"] == 0.0).all()
    assert "Chaque tirage laisse à trouver" in repr(lue)
    assert np.isnan(lue.savoir.plafond_qui_bascule)


def test_la_contribution_d_un_plan_boucle_vaut_le_plafond_moins_ce_qu_elle_paie(bouclee):
    """By hand: worth of each draw = (ceiling − contribution of that draw) × places × years, only where nothing is left to find."""
    lue = pf.savoir(bouclee, plafond_contribution=12_000, tirages=60).savoir
    boucles = ~lue.lues.ouverts[0] & ~np.isnan(lue.lues.couts[0])
    assert boucles.any()
    attendu = (12_000 - lue.lues.couts[0][boucles]) * lue.lues.places_annees[0][boucles]
    assert lue.lues.valeurs[0][boucles] == pytest.approx(attendu)
    assert (lue.lues.valeurs[0][lue.lues.ouverts[0]] == 0.0).all()
    forfait = bouclee.fiche.exploitation.contribution_commune.par_place.valeur
    assert lue.lues.couts[0][boucles].min() > forfait, "payée en euros de l'année de croisière, après indexation"


def test_le_plafond_par_defaut_est_celui_du_cout_quand_il_est_nomme():
    etude = pf.ouvrir("coque_la_courneuve")
    seule = choix_par_defaut(Option("coque", etude.dossier()))
    assert (seule.contribution, np.isnan(seule.plafond)) == (8_000, True)
    nommee = choix_par_defaut(Option("coque", etude.varier({"doute": {"seuils": {"cout_par_place": 9_100}}}).dossier()))
    assert (nommee.plafond, np.isnan(nommee.contribution)) == (9_100, True)
    sans = etude.varier({"foncier.contribution_max_par_place": {"a_obtenir_de": "la commune"}})
    with pytest.raises(pf.ErreurCalcul, match="aucun plafond n'est donné"):
        pf.savoir(sans)


def test_ce_qui_rouvre_le_plan_renverse_aussi_la_reponse(bouclee):
    """Under its ceiling, but an occupancy low enough empties the cash: the value read by ``varier`` on both sides of the threshold."""
    dossier, moteur = bouclee.dossier(), moteur_du_projet()
    question = question_du(Choix((Option("gare", dossier),), contribution=12_000), moteur)
    assert question.repondre(question.centrale).startswith("sous le plafond")
    (lue,) = basculer(replace(question, entrees={OCCUPATION: question.entrees[OCCUPATION]}))
    seuil = lue.seuils[0]
    restes = [
        bouclee.varier({OCCUPATION: v}).calculer()["a_trouver.total"].valeur for v in (seuil - 0.002, seuil + 0.002)
    ]
    assert restes[0] > 1.0 > restes[1]


def test_la_note_dit_trois_inconnues_meme_quand_aucune_ne_compte():
    etude = pf.ouvrir("coque_la_courneuve")
    bref = en_bref(replace(etude.dossier(), nom="coque"), moteur_du_projet())
    assert len(bref.inconnues) >= 3
    dit = mots.des_inconnues(bref.inconnues[:3])
    assert dit.count("«") == 3
    assert dit.endswith("ne changerait pas le choix")
    assert "à trouver, caisse comprise : sans eux on ne bâtit pas" in mots.constat(bref)
    assert re.search(r"\(encore [\d\u202f]+\u00a0€\)", mots.changer_d_avis(bref, 3)), (
        "ce qui reste à trouver dit son unité"
    )
