"""Childcare as a public service: opinion of the commune, support of the State beside its cost, income of the Caf that nobody published.

Amounts are those of the order of 22 October 2025 as the press prints them, inhabitants those of Insee.
"""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.ateliers import recit
from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.points_du_plan import recettes_inconnues
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE
from pope_foncier.etude.service_public import avis_de_la_commune, soutien_de_l_etat
from pope_foncier.territoire.fiche import lire_territoire
from pope_foncier.vues.etude import tableaux
from pope_foncier.vues.etude.service_public import soutien_en_bref, soutien_en_clair
from pope_foncier.vues.exploitation.tableaux_compte import compte_exploitation

HEURES, AVIS = "PSU, heures de préparation à l'accueil", "Avis favorable de la commune"


def vue_de(dossier, moteur, site=None, **champs):
    etude = dossier.etude.model_copy(update=champs)
    autre = replace(dossier, etude=etude, variantes={BASE: etude}, site=site or dossier.site)
    return Resultat.calculer(autre, moteur).vue()


def points(vue):
    return {x.quoi: x for x in a_confirmer(vue)}


@pytest.fixture(scope="module")
def vue(dossier, moteur):
    return Resultat.calculer(dossier, moteur).vue()


def test_les_heures_de_preparation_sont_inconnues_et_jamais_nulles(vue):
    """Due since 1 January 2025, rule not published: a line without an amount, in no total, with whom to ask and its source."""
    assert points(vue)[HEURES].valeur == "inconnu"
    assert points(vue)[HEURES].aupres_de == vue.ev.ctx.etude.acteurs.caf_locale
    table = compte_exploitation(vue)
    lignes = {str(ligne[0]).strip(): ligne[1:] for ligne in table.cellules}
    assert set(lignes[HEURES]) == {"inconnu"}
    assert "caf.fr" not in table.note
    assert "15 janvier 2025" in table.note
    debut = [str(x[0]).strip() for x in table.cellules].index("Produits")
    fin = [str(x[0]).strip() for x in table.cellules].index("Total des produits")
    produits = [x[1].valeur for x in table.cellules[debut + 1 : fin] if x[1] != "inconnu"]
    assert sum(produits) == pytest.approx(lignes["Total des produits"][0].valeur)


def test_le_montant_que_l_etude_dit_remplace_l_inconnu(vue, dossier, moteur):
    produits = dossier.etude.exploitation.produits_annexes
    dite = produits[0].model_copy(update={"id": "heures_de_preparation"})
    exploitation = dossier.etude.exploitation.model_copy(update={"produits_annexes": (*produits, dite)})
    assert [x.chemin for x in recettes_inconnues(vue)] == ["exploitation.psu.heures_de_preparation"]
    assert recettes_inconnues(vue_de(dossier, moteur, exploitation=exploitation)) == ()


def test_un_lieu_agrandi_a_un_bonus_territoire_inconnu_sur_ses_places_d_avant(vue, dossier, moteur):
    quoi = "Bonus territoire, place existante"
    donnee = type(dossier.etude.travaux.cout_m2_ht)(valeur=12.0, base="essai")
    territoire = dossier.etude.territoire.model_copy(update={"places_existantes": donnee})
    agrandi = vue_de(dossier, moteur, territoire=territoire)
    assert quoi not in points(vue)
    assert points(agrandi)[quoi].valeur == "inconnu"
    assert np.array_equal(agrandi.annuel("exploitation.resultat"), vue.annuel("exploitation.resultat"))
    aucune = territoire.model_copy(update={"places_existantes": donnee.model_copy(update={"valeur": 0.0})})
    assert quoi not in points(vue_de(dossier, moteur, territoire=aucune)), "no place to be paid for"


def test_l_avis_de_la_commune_se_demande_et_se_lit_avec_son_schema(vue, dossier, moteur):
    """L. 2324-1 and R. 2324-21, -22 of the code of public health; the plan is due above 10,000 inhabitants: 149,077 in Saint-Denis."""
    point = next(x for quoi, x in points(vue).items() if quoi.startswith(AVIS))
    assert point.valeur == "à obtenir"
    assert point.aupres_de == vue.ev.ctx.etude.acteurs.commune
    assert all(mots in point.pourquoi for mots in ("4 mois", "24 mois", "149\u202f077", "schéma pluriannuel"))
    ailleurs = vue_de(dossier, moteur, site=dossier.site.model_copy(update={"code_insee": "59350"}))
    sans_compte = next(x for quoi, x in points(ailleurs).items() if quoi.startswith(AVIS))
    assert "149" not in sans_compte.pourquoi
    assert "10\u202f000" in sans_compte.pourquoi


def test_le_soutien_de_l_etat_se_dit_a_cote_et_ne_change_rien(vue, dossier, moteur):
    """Smallest amount 20,328.13 €, mean 25,839 €, large cities 60,984.38 € in 2025; 2026 not found. Never in the budget."""
    lu = soutien_de_l_etat(vue)
    assert (lu.plancher, lu.moyen, lu.grandes_villes) == (20328.13, 25839.0, 60984.38)
    assert (lu.annee, lu.millesime_inconnu, lu.habitants) == (2025, 2026, 149077)
    dit = soutien_en_clair(vue)
    assert all(m in dit for m in ("20\u202f328", "25\u202f839", "60\u202f984", "2026 inconnus", "sans en être déduit"))
    assert dit in tableaux.budget_commune(vue).note
    assert recit.dans_le_temps(vue).count("sans en être déduit") == 1
    assert "20\u202f328 à 60\u202f984" in soutien_en_bref(vue)
    avant = vue_de(dossier, moteur, site=dossier.site.model_copy(update={"code_insee": "59350"}))
    assert "si elle a plus de 3\u202f500 habitants" in soutien_en_clair(avant)


@pytest.mark.parametrize(
    ("code", "potentiel", "bas", "haut"),
    [
        # Saint-Denis: 2,404 to 2,696 births a year, over 4,000 in three years, coefficient 3; capacity unknown: 1 to 1.6
        ("93066", None, 60_984.39, 97_575.02),
        # 1,639.21 €/inhabitant, over 1,200: coefficient 1, the amount printed for most large cities
        ("93066", 1_639.21, 60_984.39, 60_984.39),
        # Aubervilliers: 3,855 to 4,701 births in three years, coefficient 2 or 3
        ("93001", 1_200.0, 40_656.26, 60_984.39),
        # La Courneuve, coefficient 2; 900 €/inhabitant: 1.2; 899.99: between 1.2 and 1.6, the row that was not found; 699: 1.6
        ("93027", 900.0, 48_787.51, 48_787.51),
        ("93027", 899.99, 48_787.51, 65_050.02),
        ("93027", 699.0, 65_050.02, 65_050.02),
        # Villetaneuse: under 1,000 births, 24,393.75 € is the amount that 1,261 communes received
        ("93079", 1_000.0, 24_393.76, 24_393.76),
    ],
)
def test_ce_que_l_etat_attribue_a_la_commune_suit_ses_deux_coefficients(dossier, moteur, code, potentiel, bas, haut):
    """By hand: 20,328.13 € × coefficient of the births × coefficient of the financial capacity; amounts of 2025 to the cent of the floor."""
    donnee = None if potentiel is None else type(dossier.etude.travaux.cout_m2_ht)(valeur=potentiel, base="essai")
    territoire = dossier.etude.territoire.model_copy(update={"potentiel_financier": donnee})
    site = dossier.site.model_copy(update={"code_insee": code})
    vue = vue_de(dossier, moteur, site=site, territoire=territoire)
    lu = soutien_de_l_etat(vue).attribution
    assert lu == pytest.approx((bas, haut), abs=0.02)
    dit = soutien_en_clair(vue)
    assert ("environ" in dit) == (bas == haut)
    assert "montant inconnu" not in dit


def test_des_naissances_inconnues_laissent_l_attribution_inconnue(dossier, moteur):
    """L'Île-Saint-Denis is not in the table of births; Lille is in no territory shipped."""
    for code in ("93039", "59350"):
        vue = vue_de(dossier, moteur, site=dossier.site.model_copy(update={"code_insee": code}))
        assert soutien_de_l_etat(vue).attribution is None
        assert "montant inconnu" in soutien_en_clair(vue)


@pytest.mark.parametrize(
    ("habitants", "soutenue", "demande", "schema"),
    [(3_500, False, False, False), (3_501, True, True, False), (10_000, True, True, False), (10_001, True, True, True)],
)
def test_les_seuils_de_population_sont_des_au_dela(vue, monkeypatch, habitants, soutenue, demande, schema):
    """« Plus de 3 500 » and « plus de 10 000 » inhabitants: at the threshold itself the commune is under it."""
    monkeypatch.setattr("pope_foncier.etude.service_public._habitants", lambda _: habitants)
    assert (soutien_de_l_etat(vue) is not None) == soutenue
    avis = list(avis_de_la_commune(vue))
    assert bool(avis) == demande
    assert any("tient un schéma pluriannuel" in a[2] for a in avis) == schema


def test_des_naissances_qui_montent_laissent_une_fourchette(dossier, moteur, monkeypatch):
    """300 then 400 births a year: 900 to 1,200 in three years, coefficient 1 or 2; 20,328.13 € once or twice, 1,300 €/inhabitant."""
    territoire = lire_territoire()
    naissances = territoire.mesures["naissances"].model_copy(
        update={"valeurs": {"93079": {2017: 900, 2019: 300, 2022: 400}}}
    )
    autre = territoire.model_copy(update={"mesures": territoire.mesures | {"naissances": naissances}})
    monkeypatch.setattr("pope_foncier.etude.attribution_sppe.lire_territoire", lambda: autre)
    donnee = type(dossier.etude.travaux.cout_m2_ht)(valeur=1_300.0, base="essai")
    dit = dossier.etude.territoire.model_copy(update={"potentiel_financier": donnee})
    site = dossier.site.model_copy(update={"code_insee": "93079"})
    lu = soutien_de_l_etat(vue_de(dossier, moteur, site=site, territoire=dit)).attribution
    assert lu == pytest.approx((20_328.13, 40_656.26))
