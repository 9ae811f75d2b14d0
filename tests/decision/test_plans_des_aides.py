"""Three plans side by side, and the points of a plan to confirm: rates quoted for another term, billing rate taken for granted."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.plans_des_aides import plans_des_aides
from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.nouveau import creer, lire_reponses
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.prets.tranches_de_taux import en_clair, tranche_de
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.decision import tableaux_essais
from tests.conftest import DONNEES, GARE_LIVREE


def avec(dossier, surcharges):
    etude = varier(dossier, "essai", surcharges)
    return replace(dossier, etude=etude, variantes={BASE: etude})


def points(dossier, moteur, nom=BASE):
    return {x.quoi: x for x in a_confirmer(Resultat.calculer(dossier, moteur).vue(nom))}


def test_les_trois_plans_de_la_gare(dossier, moteur):
    """Piaje 96,000 € at one chance in two, Caf 39,000 € at 80 %; loan of 300,000 € in the three."""
    trois = plans_des_aides(dossier, moteur)
    attendu, toutes, aucune = (trois.plans[n] for n in ("attendu", "toutes", "aucune"))
    assert attendu.aides == pytest.approx({"piaje": 48_000, "caf93": 31_200})
    assert toutes.aides == pytest.approx({"piaje": 96_000, "caf93": 39_000})
    assert aucune.aides == {}
    assert [p.autres for p in (attendu, toutes, aucune)] == pytest.approx([300_000] * 3)
    base = Resultat.calculer(dossier, moteur).vue().montant("ressources.reste_a_financer")
    assert toutes.reste == pytest.approx(base)
    assert attendu.reste - toutes.reste == pytest.approx(135_000 - 79_200)
    assert aucune.reste - toutes.reste == pytest.approx(135_000)
    for plan in (attendu, toutes, aucune):
        assert plan.ressources + plan.reste == pytest.approx(plan.besoins)


def test_une_aide_acquise_est_dans_les_trois_plans_et_une_chance_tue_se_dit(dossier, moteur):
    trois = plans_des_aides(avec(dossier, {"aides[caf93].statut": "acquise", "aides[piaje].probabilite": None}), moteur)
    assert [p.aides.get("caf93") for p in trois.plans.values()] == pytest.approx([39_000] * 3)
    assert trois.plans["attendu"].aides["piaje"] == pytest.approx(96_000)
    assert trois.sans_probabilite == ("Plan d'investissement petite enfance (Piaje)",)
    table = tableaux_essais.plans_des_aides(trois)
    assert "Sans chance déclarée, comptées entières : Plan d'investissement petite enfance (Piaje)." in table.note
    lignes = [[c.replace("\u202f", " ").replace("\xa0", " ") for c in ligne] for ligne in table.lignes]
    assert ["Fonds propres de la Caf 93 (acquise)", *["39 000 €"] * 3] in lignes
    piaje = "Plan d'investissement petite enfance (Piaje) (chance de 100 %)"
    assert [piaje, "96 000 €", "96 000 €", "0 €"] in lignes
    assert table.entetes == ("", "Plan attendu", "Toutes obtenues", "Aucune obtenue")


def test_une_aide_reduite_garde_sa_reduction_et_une_inconnue_reste_inconnue(dossier, moteur):
    trois = plans_des_aides(avec(dossier, {"aides[piaje].coefficient": 0.5}), moteur)
    assert [p.aides.get("piaje", 0) for p in trois.plans.values()] == pytest.approx([24_000, 48_000, 0])
    inconnue = plans_des_aides(avec(dossier, {"aides[piaje].dispositif": None}), moteur)
    assert np.isnan([inconnue.plans[n].reste for n in ("attendu", "toutes")]).all(), "inconnu, jamais zéro"
    assert not np.isnan(inconnue.plans["aucune"].reste)


def test_une_aide_que_personne_n_a_accordee_ne_fait_pas_respecter_un_seuil(dossier, moteur):
    """By hand: 96,000 × 0.5 + 39,000 × 0.8 = 79,200 € of grants at their chance, without own funds, over the uses."""
    vue = Resultat.calculer(dossier, moteur).vue()
    besoins = vue.montant("besoins.total")
    ratio = next(r for r in vue.bouclee.ratios if r.code == "ressources_propres")
    assert ratio.grandeur.au_point() == pytest.approx(79_200 / vue.bouclee.montant("besoins.total"))
    acquise = avec(dossier, {f"aides[{a}].statut": "acquise" for a in ("piaje", "caf93")})
    obtenue = Resultat.calculer(acquise, moteur).vue()
    tenu = next(r for r in obtenue.bouclee.ratios if r.code == "ressources_propres")
    assert tenu.grandeur.au_point() == pytest.approx(135_000 / obtenue.bouclee.montant("besoins.total"))
    trois = plans_des_aides(dossier, moteur)
    assert [p.part_propre for p in trois.plans.values()] == pytest.approx(
        [79_200 / trois.plans["attendu"].besoins, 135_000 / besoins, 0.0]
    )
    assert tableaux_essais.plans_des_aides(trois).lignes[-1][0] == "Subventions et fonds propres / besoins"


def test_sans_aide_a_venir_pas_de_plans(dossier, moteur):
    assert plans_des_aides(avec(dossier, {"aides": []}), moteur) is None


@pytest.mark.parametrize(
    ("duree", "tranche", "taux"),
    [
        (12, "moins_2_ans", 0.0462),
        (24, "moins_2_ans", 0.0462),
        (25, "2_10_ans", 0.0422),
        (120, "2_10_ans", 0.0422),
        (180, "10_20_ans", 0.043),
        (241, "20_ans_et_plus", 0.043),
    ],
)
def test_chaque_duree_a_sa_tranche_et_son_dernier_taux(moteur, dossier, duree, tranche, taux):
    """Average rates of the fourth quarter of 2025."""
    lue, publie = tranche_de(moteur.catalogue, duree, dossier.etude.date_demande)
    assert (lue, publie.valeur) == (tranche, taux)
    assert en_clair("2_10_ans") == "2 à 10 ans"


def test_un_pret_de_quinze_ans_au_taux_de_dix_est_signale(moteur):
    dossier, quoi = ouvrir(GARE_LIVREE), "Prêt bancaire à l'association : taux d'une autre durée"
    assert quoi not in points(dossier, moteur)
    assert quoi not in points(dossier, moteur, "convention_20_ans"), "le scénario prend le taux de sa durée"
    point = points(avec(dossier, {"prets[banque].duree_mois": 180}), moteur)[quoi]
    assert point.valeur == "taux de « 2 à 10 ans » pour 180 mois"
    assert "« 10 à 20 ans » : 4,3\xa0%" in point.pourquoi
    assert point.aupres_de == "Banque (à choisir)"
    tue = avec(dossier, {"prets[banque].duree_mois": 180, "prets[banque].tranche_taux": None})
    assert quoi not in points(tue, moteur)
    index = {"bareme": "taux.livret_a.taux", "evolution": "livret_a", "marge": {"valeur": 0.02, "base": "essai"}}
    variable = {"prets[banque].taux": None, "prets[banque].indexation": index, "prets[banque].tranche_taux": "variable"}
    assert quoi not in points(avec(dossier, variable), moteur)


def test_les_etudes_prennent_le_taux_de_leur_duree(moteur):
    for nom in ("gare_saint_denis", "coque_la_courneuve", "epinay_villetaneuse", "pierrefitte_stains"):
        etude = ouvrir(DONNEES / "etudes" / f"{nom}.yaml")
        for scenario, variante in etude.variantes.items():
            (pret,) = variante.prets
            tranche, publie = tranche_de(moteur.catalogue, pret.duree_mois.valeur, variante.date_demande)
            assert (pret.tranche_taux, pret.taux.valeur) == (tranche, publie.valeur), (nom, scenario)


@pytest.mark.parametrize(
    ("titre", "tranche", "taux"), [("bail_civil", "10_20_ans", 0.043), ("convention_occupation", "2_10_ans", 0.0422)]
)
def test_une_etude_neuve_prend_le_taux_de_sa_duree(donnees_copie, titre, tranche, taux):
    dites = {
        "nom": "Lieu d'essai",
        "genre": "coque",
        "commune": "Saint-Denis (93)",
        "surface": "200",
        "depart": "2027-01-01",
    }
    _, fichier = creer(lire_reponses(dites | {"titre": titre}, donnees_copie), donnees_copie)
    (pret,) = ouvrir(fichier, donnees_copie).etude.prets
    assert (pret.tranche_taux, pret.taux.valeur) == (tranche, taux)


def test_le_meilleur_palier_de_la_psu_est_une_hypothese_dite(dossier, moteur):
    quoi = "Taux de facturation (heures facturées ÷ heures réalisées)"
    point = points(dossier, moteur)[quoi]
    assert point.valeur == "supposé d'au plus 107\xa0%"
    assert point.aupres_de == "Association gestionnaire"
    vue = Resultat.calculer(dossier, moteur).vue()
    assert "taux de facturation supposé d'au plus 107\xa0%" in vue.expliquer(
        "exploitation.produits.journees_pedagogiques"
    )
    dite = avec(dossier, {"exploitation.taux_facturation": {"valeur": 1.05, "base": "relevé d'essai"}})
    assert quoi not in points(dite, moteur)
    declare = Resultat.calculer(dite, moteur).vue()
    assert "supposé" not in declare.expliquer("exploitation.produits.journees_pedagogiques")
    assert declare.montant("exploitation.produits.psu") == pytest.approx(vue.montant("exploitation.produits.psu"))


def test_l_equipement_qui_s_use_avant_la_fin_est_dit_non_rachete(moteur):
    """Shipped station: 84 months of life, open for 109 months of a tenure of 120: one purchase again, whose price is that of the plan."""
    dossier = ouvrir(GARE_LIVREE)
    point = points(dossier, moteur)["Équipement à racheter"]
    prix = Resultat.calculer(dossier, moteur).vue().montant("besoins.equipement")
    assert point.valeur == "non compté"
    assert f"1 rachat de {euros(prix)}" in point.pourquoi
    assert "109 mois" in point.pourquoi
    longue = avec(dossier, {"travaux.duree_vie_equipement_mois": {"valeur": 180, "base": "essai"}})
    assert "Équipement à racheter" not in points(longue, moteur)
