"""Thresholds: at each one found, the study written with that value stands on the line; what never crosses says so."""

from dataclasses import replace

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.commune.valeur_actuelle import cout_pour_la_commune
from pope_foncier.decision.sensibilite import essais
from pope_foncier.decision.sensibilite.bascules import (
    basculer,
    d_un_plafond,
    d_un_ratio,
    de_deux_options,
    question_du,
)
from pope_foncier.decision.sensibilite.decisions import Choix, Option
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.etude.tirages import tirer_par_blocs
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision.sensibilite import mots, tableaux

OCCUPATION, LOYER = "exploitation.taux_occupation", "titre_occupation.loyer_m2_an"
MOIS = "delais.travaux_mois"


def cout(dossier, moteur, surcharges):
    etude = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
    seul = Dossier("essai", etude, dossier.site, {BASE: etude})
    return float(np.ravel(cout_pour_la_commune(boucler(moteur.tirer(seul, {})), 0.03).par_place_an.valeur)[0])


@pytest.fixture(scope="module")
def plafond(coque, moteur):
    """Ceiling a little above the cost of the study, so that some inputs alone cross it."""
    return cout(coque, moteur, {}) + 400.0


@pytest.fixture(scope="module")
def question(coque, moteur, plafond):
    return d_un_plafond(Option("coque", coque), plafond, moteur)


@pytest.fixture(scope="module")
def lues(question):
    return {b.cle: b for b in basculer(question)}


def test_a_chaque_seuil_l_etude_est_au_plafond(lues, coque, moteur, plafond):
    trouves = [b for b in lues.values() if b.seuils and not b.entree.tout_ou_rien and "evolution" not in b.cle]
    continus = [b for b in trouves if "mois" not in b.cle and not b.cle.startswith("programme")]
    assert OCCUPATION in {b.cle for b in continus}
    for b in continus[:3]:
        assert b.entree.bas <= b.seuils[0] <= b.entree.haut
        assert cout(coque, moteur, {b.cle: b.seuils[0]}) == pytest.approx(plafond, abs=0.02)


def test_un_mois_bascule_au_premier_qui_change_la_reponse(coque, moteur):
    """Ceiling between the costs of twelve and of thirteen months of works: thirteen is the first that goes beyond."""
    douze, treize = (cout(coque, moteur, {MOIS: n}) for n in (12, 13))
    question = d_un_plafond(Option("coque", coque), (douze + treize) / 2, moteur)
    (mois,) = basculer(replace(question, entrees={MOIS: question.entrees[MOIS]}))
    assert mois.seuils == (13.0,)


def test_ce_qui_ne_bascule_pas_le_dit_et_dit_de_combien_il_s_en_faut(lues, question, coque, moteur):
    jamais = [b for b in lues.values() if not b.seuils]
    assert jamais
    loyer = lues.get(LOYER) or jamais[0]
    e = loyer.entree
    assert loyer.aux_bouts[1] == pytest.approx(cout(coque, moteur, {loyer.cle: e.haut}), abs=0.02)
    table = tableaux.bascules(question, list(lues.values()))
    assert any("ne bascule pas entre" in ligne[2] for ligne in table.lignes)
    rangs = [b.eloignement for b in lues.values()]
    assert rangs == sorted(rangs), "ce qui est près de basculer vient d'abord"


def test_une_aide_est_obtenue_ou_refusee(lues):
    aides = [b for b in lues.values() if b.entree.tout_ou_rien]
    assert aides
    assert all(b.seuils in ((), (0.0,)) for b in aides)
    refusee = next((b for b in aides if b.seuils), None)
    assert refusee is None or mots.d_une_bascule(refusee).endswith(" refusée")


def test_deux_scenarios_se_valent_au_seuil(moteur):
    """Two readings of one study that differ by the term of the tenure: the input that a reading sets does not move it."""
    etude = pf.ouvrir("gare_saint_denis")
    base, longue = etude.dossier(), etude.scenarios["convention_20_ans"].dossier()
    question = de_deux_options(Option("dix", base), Option("vingt", longue), moteur)
    assert question.centrale == pytest.approx(cout(base, moteur, {}) - cout(longue, moteur, {}), abs=0.02)
    assert question.repondre(question.centrale) == "« vingt » d'abord"
    assert "titre_occupation.duree_mois" not in question.entrees
    (b,) = basculer(replace(question, entrees={OCCUPATION: question.entrees[OCCUPATION]}))
    ecart = cout(base, moteur, {OCCUPATION: b.entree.bas}) - cout(longue, moteur, {OCCUPATION: b.entree.bas})
    assert b.aux_bouts[0] == pytest.approx(ecart, abs=0.02)


def test_deux_sites_bougent_a_part(dossier, coque, moteur):
    question = question_du(Choix((Option("gare", dossier), Option("coque", coque))), moteur)
    assert f"{coque.etude.site}/{OCCUPATION}" in question.entrees
    gare, autre = (f"{d.etude.site}/{OCCUPATION}" for d in (dossier, coque))
    lus = question.lire([(gare, 0.7), (autre, 0.7), ("evolution.salaires", 0.018)])
    assert lus[0] == pytest.approx(cout(dossier, moteur, {OCCUPATION: 0.7}) - cout(coque, moteur, {}), abs=0.02)
    assert lus[1] == pytest.approx(cout(dossier, moteur, {}) - cout(coque, moteur, {OCCUPATION: 0.7}), abs=0.02)
    assert lus[2] == pytest.approx(question.centrale, abs=0.02)


def test_un_ratio_a_son_seuil_et_un_chiffre_demande_le_sien(coque, moteur):
    vue = Resultat.calculer(Dossier("coque", coque.etude, coque.site, {BASE: coque.etude}), moteur).vue()
    assert d_un_ratio(vue, "couverture_minimale").cible == 1.1
    with pytest.raises(ErreurCalcul, match="pas de seuil à lui"):
        d_un_ratio(vue, "cout_total")
    question = d_un_ratio(vue, "cout_total", 800_000.0)
    travaux = next(b for b in basculer(question, points=5) if b.cle == "travaux.cout_m2_ht")
    etude = varier(coque, "essai", {"travaux.cout_m2_ht": travaux.seuils[0]})
    total = moteur.tirer(Dossier("x", etude, coque.site, {BASE: etude}), {}).cout.total_ttc.valeur
    assert float(np.ravel(total)[0]) == pytest.approx(800_000.0, abs=1.0)


def test_ce_qu_on_peut_trouver_a_ses_bascules(coque, moteur):
    """At the threshold found, what is to find is the amount that one can find: that of the middle of two occupancies."""

    def reste(occupation):
        etude = varier(coque, "essai", {OCCUPATION: occupation})
        ev = boucler(moteur.tirer(Dossier("x", etude, coque.site, {BASE: etude}), {}))
        return float(ev.livre["a_trouver.total"].valeur[0, 0])

    montant = (reste(0.57) + reste(0.63)) / 2
    question = question_du(Choix((Option("coque", coque),), a_trouver=montant), moteur)
    (b,) = basculer(replace(question, entrees={OCCUPATION: question.entrees[OCCUPATION]}))
    assert reste(b.seuils[0]) == pytest.approx(montant, abs=0.5)


def test_trois_options_n_ont_pas_de_bascule(coque, moteur):
    with pytest.raises(ErreurCalcul, match="deux options"):
        question_du(Choix((Option("a", coque),) * 3), moteur)


def test_un_chiffre_que_l_etude_n_a_pas_se_refuse_une_seule_fois(dossier, moteur, monkeypatch):
    """No contribution in a study that runs no place: a hundred trials have no figure, for one reason, asked of the engine once."""
    demandes = []

    def tirer(*args, **mots_cles):
        demandes.append(args)
        return tirer_par_blocs(*args, **mots_cles)

    monkeypatch.setattr(essais, "tirer_par_blocs", tirer)
    sans = varier(dossier, "sans", {"exploitation": None})
    lus = essais.Essais(replace(dossier, etude=sans, variantes={BASE: sans}), moteur, ("contribution_par_place",)).lire(
        [{LOYER: float(loyer)} for loyer in range(100, 200)]
    )
    assert np.isnan(lus.chiffres["contribution_par_place"]).tolist() == [True] * 100
    assert {m.split(".")[0] for m in lus.motifs} == {"Chiffre inconnu : « contribution_par_place »"}
    assert len(lus.motifs) == 100
    assert len(demandes) == 1
