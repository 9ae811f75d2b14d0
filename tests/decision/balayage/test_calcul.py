"""Rows of a part: figures of ``comparer``, draws of the site, what travels to a worker, and the whole by extrapolation."""

import math
import pickle
import shutil
from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest

from pope_foncier.decision.balayage import calcul, empreintes
from pope_foncier.decision.balayage.empreintes import programme
from pope_foncier.decision.balayage.morceaux import Modele
from pope_foncier.decision.balayage.projection import Mesure, choisir, projeter
from pope_foncier.decision.balayage.table_des_sites import appliquer, en_donnees
from pope_foncier.decision.comparer.combinaisons import Demande, combiner
from pope_foncier.decision.doute.echantillon import echantillon
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.trouver import fiches_livrees
from tests.conftest import DONNEES
from tests.decision.balayage.plans import plan


@pytest.fixture(scope="module")
def lu(tmp_path_factory):
    return plan(tmp_path_factory.mktemp("plan"), montages=["achat_association"], bouclages=["etude", "partage"])


@pytest.fixture(scope="module")
def lignes(lu):
    """Rows of the two blocks that hold the sites « un » and « trois », by site and closing."""
    faits = [calcul.calculer(m) for m in lu.morceaux(programme())[:2]]
    return {(x["site"], x["bouclage"]): x for fait in faits for x in fait.lignes}


def test_les_chiffres_sont_ceux_de_comparer(lignes, coque, moteur):
    prix = {"valeur": 300_000, "base": "à la main"}
    cout = {"valeur": 1_800, "intervalle": [1_500, 2_300], "base": "à la main"}
    surface = {"valeur": 200, "base": "à la main"}
    changes = {"programme.surface_m2": surface, "travaux.cout_m2_ht": cout, "foncier.prix": prix}
    etude = varier(coque, "un", changes)
    demande = Demande(("etude",), ("achat_association",), ("etude", "partage"))
    for option in combiner([Dossier("un", etude, coque.site, {BASE: etude})], demande, moteur):
        ligne = lignes["un", option.bouclage]
        assert option.chiffres is not None
        assert ligne["etat"] == option.etat
        assert ligne["cout_total"] == option.chiffres.cout_total
        assert ligne["a_trouver"] == option.chiffres.a_trouver
        assert (ligne["avec_le_reste.bas"], ligne["avec_le_reste.haut"]) == (
            option.chiffres.avec_le_reste.bas,
            option.chiffres.avec_le_reste.haut,
        )
        assert ligne["ouverture_le"] == option.chiffres.ouverture.isoformat()


def test_la_valeur_centrale_des_tirages_est_celle_de_la_combinaison(lignes):
    """The study that is drawn is the one that is compared: what is to find is the same, to the cent, under both closings."""
    for bouclage in ("etude", "partage"):
        ligne = lignes["un", bouclage]
        assert ligne["a_trouver.total.centrale"] == pytest.approx(ligne["a_trouver_en_tout"], abs=0.01)


def test_les_quantiles_et_les_chances_sont_ceux_des_tirages_gardes(lignes):
    for bouclage in ("etude", "partage"):
        ligne = lignes["un", bouclage]
        tires = np.array(ligne["a_trouver.total.tirages"])
        assert len(tires) == ligne["tirages"] == 40
        assert ligne["a_trouver.total.indefinis"] == ligne["abandons"] == 0
        for part, nom in ((0.1, "q10"), (0.5, "q50"), (0.9, "q90")):
            assert ligne[f"a_trouver.total.{nom}"] == np.quantile(tires, part)
        couvertures = np.array(ligne["couverture_minimale.tirages"])
        assert ligne["p.sous_1"] == np.mean(couvertures < 1.0)


def test_un_prix_inconnu_se_compte_et_ne_donne_aucun_chiffre(lignes):
    ligne = lignes["trois", "etude"]
    assert math.isnan(ligne["a_trouver"])
    assert "qui tient sites.csv, ligne 4" in ligne["inconnus"]
    assert ligne["a_trouver.total.indefinis"] == ligne["tirages"] == 40
    assert math.isnan(ligne["a_trouver.total.q50"])
    # nothing is known of the share of the draws under the threshold: from none to all
    assert math.isnan(ligne["p.sous_1"])
    assert (ligne["p.sous_1.bas"], ligne["p.sous_1.haut"]) == (0.0, 1.0)


def test_chaque_site_et_chaque_champ_a_son_flux(lu, coque, moteur):
    """Chances of a field made by hand from the seed, the name of the site and that of the field, then the triangular law by hand."""
    un = appliquer(replace(coque, nom="coque"), lu.sites[0])
    regles = calcul.regles(un, moteur, lu.tirages)
    champ = "travaux.cout_m2_ht"
    tires = echantillon({champ: regles.lois[champ]}, 40, regles.graine)[champ]
    chances = np.random.default_rng(crc32(f"{crc32(b'7/un')}/{champ}".encode())).random(40)
    bas, mode, haut = 1500.0, 1800.0, 2300.0
    coude = (mode - bas) / (haut - bas)
    montee = bas + np.sqrt(chances * (haut - bas) * (mode - bas))
    descente = haut - np.sqrt((1 - chances) * (haut - bas) * (haut - mode))
    np.testing.assert_allclose(tires, np.where(chances < coude, montee, descente), rtol=1e-12)


@pytest.mark.parametrize("nom", sorted(fiches_livrees("etudes")))
def test_une_etude_en_donnees_simples_est_la_meme_a_l_arrivee(nom):
    dossier = ouvrir(fiches_livrees("etudes")[nom])
    arrivee = calcul.ouvrir(nom, pickle.loads(pickle.dumps(Modele(*en_donnees(dossier)))))
    assert (arrivee.etude, arrivee.site, arrivee.variantes) == (dossier.etude, dossier.site, dossier.variantes)


def test_une_machine_sans_les_etudes_ni_les_sites_calcule_pareil(lu, lignes, tmp_path, monkeypatch):
    sans = shutil.ignore_patterns("etudes", "sites", "portefeuilles", "balayages")
    monkeypatch.setenv("POPE_DONNEES", str(shutil.copytree(DONNEES, tmp_path / "data", ignore=sans)))
    fait = calcul.calculer(pickle.loads(pickle.dumps(lu.morceaux(programme())[1])))
    assert [repr(x) for x in fait.lignes] == [repr(lignes[x["site"], x["bouclage"]]) for x in fait.lignes]


def test_une_autre_hypothese_change_l_empreinte(tmp_path, monkeypatch):
    avant = programme()
    copie = shutil.copytree(DONNEES, tmp_path / "data")
    monkeypatch.setenv("POPE_DONNEES", str(copie))
    assert programme() == avant
    lue = copie / "hypotheses" / "couts.yaml"
    lue.write_text(lue.read_text(encoding="utf-8") + "# une remarque\n", encoding="utf-8")
    empreintes._programme.cache_clear()
    assert programme() != avant


def test_un_morceau_voyage_leger(lu):
    assert len(pickle.dumps(lu.morceaux("empreinte")[0])) < 40_000


def test_le_tout_est_la_moyenne_fois_ce_qui_reste(lu):
    morceaux = lu.morceaux("empreinte")
    mesures = [Mesure(0, 4, 2.0, 1.0), Mesure(2, 2, 4.0, 3.0)]
    lue = projeter(lu, morceaux, mesures, 2, 3.0)
    # three parts remain; mean 2 s of the processor; deviation √2; Student's t of one degree of freedom, 12.7062 (printed tables), so
    # 12.7062 × √2 × √((1 − 2/3) / 2) = 7.3359 a part, 22.0078 for three; a time is never below zero
    assert lue.calcul_en_tout == pytest.approx((6.0, 0.0, 28.0078), abs=1e-3)
    # on the clock: 3 s for two parts, so 4.5 s for three
    assert lue.duree_en_tout[0] == pytest.approx(4.5)
    assert lue.par_combinaison == pytest.approx(4.0 / 6.0)
    assert [m.rang for m in choisir(morceaux, 9)] == [0, 1, 2]
    with pytest.raises(ErreurCalcul, match="Rien à mesurer"):
        choisir([], 1)
