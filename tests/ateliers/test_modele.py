"""Model of the workshops: a lever left alone changes nothing, every setting makes a scenario file that gives it back."""

import pytest

from pope_foncier.analyse.montages import comparer
from pope_foncier.analyse.scenarios import varier
from pope_foncier.vues.ateliers.compte_rendu import en_yaml, lire_scenarios
from pope_foncier.vues.ateliers.modele import Modele, Reglages, surcharges_de
from pope_foncier.vues.ateliers.regles import lire_ateliers, lire_populations
from pope_foncier.vues.journal import Atelier, Journal, Proposition, Seance
from tests.conftest import DONNEES, GARE


@pytest.fixture(scope="module")
def modele():
    return Modele.ouvrir(GARE)


def test_sans_reglage_on_retrouve_l_etude(modele, resultat):
    leviers = {nom: modele.depart(lire_ateliers().levier(nom)) for nom in lire_ateliers().commune}
    vue = modele.vue(Reglages(leviers={n: v for n, v in leviers.items() if v is not None}))
    assert vue.montant("ressources.reste_a_financer") == resultat.vue().montant("ressources.reste_a_financer")
    assert leviers == {"places": None, "ville": 0, "cout": 3750, "taux": 436, "occupation": 65}


def test_les_leviers_donnent_les_valeurs_du_moteur(modele, dossier, moteur, resultat):
    bas = modele.vue(Reglages(leviers={"cout": 3000}))
    assert bas.valeur(bas.ev.cout.total_ttc) == pytest.approx(
        resultat.vue("travaux_bas").valeur(resultat.vue("travaux_bas").ev.cout.total_ttc)
    )
    base = resultat.vue().montant("ressources.reste_a_financer")
    ville = modele.vue(Reglages(leviers={"ville": 200}))
    assert ville.montant("ressources.reste_a_financer") == pytest.approx(base - 200_000)
    assert ville.montant("ressources.ville") == pytest.approx(200_000)
    refusee = modele.vue(Reglages(refusees=frozenset({"piaje"})))
    assert refusee.montant("ressources.piaje") == 0
    huit = modele.vue(Reglages(leviers={"places": 8}))
    assert huit.valeur(huit.ev.capacite.places) == 8
    trop = modele.vue(Reglages(leviers={"places": 60}))
    assert trop.valeur(trop.ev.capacite.places) == 12


def test_le_montage_est_celui_de_l_analyse(modele, dossier, moteur):
    for cas in comparer(dossier, moteur):
        if cas.evaluation is None:
            assert modele.montages[cas.nom].etude is None
            continue
        vue = modele.vue(Reglages(montage=cas.nom))
        attendu = float(cas.evaluation.plan.reste_a_financer.valeur.flat[0])
        assert vue.montant("ressources.reste_a_financer") == pytest.approx(attendu, nan_ok=True)


@pytest.mark.parametrize("etude", ["gare_saint_denis", "coque_la_courneuve"])
def test_chaque_reglage_se_rend_en_scenario(etude, tmp_path):
    modele = Modele.ouvrir(DONNEES / "etudes" / f"{etude}.yaml")
    for montage in ["", *(n for n, c in modele.montages.items() if c.etude is not None)]:
        reglages = Reglages(montage, {"cout": 2000, "ville": 120, "taux": 250, "places": 9}, frozenset({"caf93"}))
        voulue = modele.etude(reglages)
        surcharges = surcharges_de(modele.dossier.etude, voulue)
        journal = Journal(tmp_path / f"{montage or 'etude'}.sqlite")
        journal.noter("Ana", Seance(etude=etude, titre="Essai"))
        fiche = Proposition(nom="essai", titre="Essai", reglages=reglages.a_plat(), surcharges=surcharges)
        journal.noter("Ana", fiche)
        texte = en_yaml(Atelier.rejouer(journal.entrees()))
        (relu,) = lire_scenarios(texte.encode()).scenarios
        rendue = varier(modele.dossier, "relu", {s.champ: s.valeur for s in relu.surcharges})
        assert rendue.model_dump(mode="json") == voulue.model_dump(mode="json")
        assert Reglages.de_plat(reglages.a_plat()) == reglages


@pytest.mark.parametrize("etude", ["modes_d_accueil", "gare_saint_denis"])
def test_un_point_de_depart_se_rend_en_scenario(etude, tmp_path):
    modele = Modele.ouvrir(DONNEES / "etudes" / f"{etude}.yaml")
    for scenario in modele.dossier.etude.scenarios:
        reglages = Reglages(depart=scenario.nom, leviers={"ville": 120})
        voulue = modele.etude(reglages)
        fiche = Proposition(
            nom="essai",
            titre="Essai",
            reglages=reglages.a_plat(),
            surcharges=surcharges_de(modele.dossier.etude, voulue),
        )
        journal = Journal(tmp_path / f"{scenario.nom}.sqlite")
        journal.noter("Ana", Seance(etude=etude, titre="Essai"))
        journal.noter("Ana", fiche)
        (relu,) = lire_scenarios(en_yaml(Atelier.rejouer(journal.entrees())).encode()).scenarios
        rendue = varier(modele.dossier, "relu", {s.champ: s.valeur for s in relu.surcharges})
        assert rendue.model_dump(mode="json") == voulue.model_dump(mode="json")
        assert Reglages.de_plat(reglages.a_plat()) == reglages


def test_donnees_des_ateliers():
    assert lire_populations().habitants["93066"] == 149_077
    for levier in lire_ateliers().leviers:
        assert levier.mini < levier.maxi
        assert levier.pas >= 1
