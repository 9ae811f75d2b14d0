"""Difference of two scenarios: amounts by hand, chain of causes that adds up, words, thresholds."""

from dataclasses import replace

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.comparer.difference import Difference, Effet, differencier
from pope_foncier.etude.controles import lire_controles
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.vues.decision.comparer import mots
from tests.rondes import murs_ronds


@pytest.fixture(scope="module")
def ronde(coque, moteur_plat):
    """Walls of 100 m² at 1,500 €/m², fees 10 %, studies 5 %, contingencies 10 %, VAT 20 %, free loan of 200,000 €, flat prices."""
    return murs_ronds(coque), moteur_plat


def _droit(texte):
    """Text with plain spaces."""
    return texte.replace("\xa0", " ").replace("\u202f", " ")


def _voir(ronde, **surcharges):
    dossier, moteur = ronde
    champs = {c.replace("__", "."): v for c, v in surcharges.items()}
    etude = varier(dossier, "essai", champs) if champs else dossier.etude
    return Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()


def test_travaux_plus_15_pour_cent_a_la_main(ronde):
    """150,000 € of works: +22,500; fees +2,250; studies +1,125; contingencies +2,250; VAT 20 % of 28,125 = +5,625; in all +33,750."""
    lue = differencier(_voir(ronde), _voir(ronde, travaux__cout_m2_ht=1_725))
    (entree,) = lue.entrees
    assert (entree.champ, entree.nombres) == ("travaux.cout_m2_ht", (1_500, 1_725))
    assert entree.variation == pytest.approx(0.15)
    attendus = {
        "besoins.travaux_ht": 22_500,
        "besoins.honoraires_ht": 2_250,
        "besoins.etudes_assurances_ht": 1_125,
        "besoins.aleas_ht": 2_250,
        "besoins.tva": 5_625,
        "a_trouver": 33_750,
    }
    for code, montant in attendus.items():
        assert lue.effet(code).ecart == pytest.approx(montant), code
    assert {e.code for e in lue.de("besoins", "ressources", "a_trouver")} == set(attendus)
    dite = _droit(mots.phrase(lue))
    assert dite.startswith("Coût des travaux au m² +15 % (1 500 €/m² HT → 1 725 €/m² HT) : besoins +34 k€ (")
    assert "à trouver +34 k€" in dite


def test_un_pret_plus_grand_baisse_ce_qui_est_a_trouver(ronde):
    """A free loan of 20,000 € more: as much less to find."""
    lue = differencier(_voir(ronde), _voir(ronde, **{"prets[pret]__montant": 220_000}))
    assert {e.code: e.ecart for e in lue.de("besoins", "ressources", "a_trouver")} == {
        "ressources.pret": pytest.approx(20_000),
        "a_trouver": pytest.approx(-20_000),
    }


def test_deux_scenarios_egaux_n_ont_rien_a_dire(ronde):
    lue = differencier(_voir(ronde), _voir(ronde))
    assert (lue.entrees, lue.effets) == ((), ())
    assert mots.phrase(lue) == "Aucune entrée ne change : aucun chiffre ne bouge."


@pytest.fixture(scope="module")
def livrees():
    """Scenarios of the shipped studies, each beside its base."""
    lues = []
    for nom in pf.etudes():
        etude = pf.ouvrir(nom)
        vues = etude.calculer()._freres()
        lues += [(f"{nom} {n}", vues[BASE], v) for n, v in vues.items() if n != BASE]
    return lues


def test_la_chaine_des_causes_s_additionne(livrees):
    """Uses less named resources is what is to find: a plan that closes leaves nothing out."""
    vus = 0
    for nom, avant, apres in livrees:
        lue = differencier(avant, apres)
        attendu = lue.total("besoins") - lue.total("ressources")
        trouve = lue.effet("a_trouver").ecart if lue.effet("a_trouver") else 0.0
        if lue.sans_place or np.isnan(attendu):
            continue
        vus += 1
        # lines that move by less than half a euro are left out, a few at most
        assert trouve == pytest.approx(attendu, abs=3.0), nom
    assert vus > 20


def test_un_nombre_qui_devient_un_bareme_se_dit_en_nombre():
    """The Piaje of the high grants is read from a scale: 26,000 € a place in 2026 (circular), against 12,300."""
    gare = pf.ouvrir("gare_saint_denis")
    lue = pf.difference(gare, gare.scenarios["aides_hautes"])
    dit = _droit(lue.entrees.loc["aides[piaje].par_place", "dit"])
    assert dit.endswith("montant par place +111,4 % (12 300 €/place → 26 000 €/place au barème)")
    assert "subventions." not in lue.phrase + lue._repr_html_()
    assert "aide : non demandée → espérée" in _droit(str(lue))


def test_chaque_scenario_livre_a_sa_phrase(livrees):
    for nom, avant, apres in livrees:
        dite = mots.phrase(differencier(avant, apres))
        assert dite.endswith("."), nom
        assert "nan" not in dite, nom
        assert "None" not in dite, nom
        mots.table(differencier(avant, apres)).to_frame()


def _couverture(avant, apres, statuts):
    controle = lire_controles().ratios["couverture_minimale"]
    effet = Effet("dette", "couverture_minimale", controle.libelle, "", avant, apres, "", "", controle, statuts)
    return mots.dire_l_effet(effet)


def test_les_seuils_franchis_se_disent():
    """Threshold 1.10, alert 1.00 (``data/controles/ratios.yaml``)."""
    assert _couverture(1.12, 1.04, ("respecte", "a_surveiller")) == (
        "couverture minimale de la dette 1,12 → 1,04, sous le seuil de 1,10"
    )
    assert _couverture(1.12, 0.9, ("respecte", "non_respecte")).endswith(
        "sous le seuil de 1,10 et sous l'alerte de 1,00"
    )
    assert _couverture(1.04, 0.9, ("a_surveiller", "non_respecte")).endswith("0,90, sous l'alerte de 1,00")
    assert _couverture(0.9, 1.2, ("non_respecte", "respecte")).endswith("repasse au-dessus du seuil de 1,10")
    assert _couverture(0.9, 1.04, ("non_respecte", "a_surveiller")).endswith("repasse au-dessus de l'alerte de 1,00")
    assert _couverture(1.3, 1.2, ("respecte", "respecte")) == "couverture minimale de la dette 1,30 → 1,20"


def test_un_chiffre_devenu_inconnu_dit_pourquoi(coque, moteur):
    """Price of works unknown: what is to find is unknown, never zero."""
    avant = Resultat.calculer(coque, moteur).vue()
    etude = varier(coque, "essai", {"travaux.cout_m2_ht": {"a_obtenir_de": "l'architecte"}})
    apres = Resultat.calculer(replace(coque, etude=etude, variantes={BASE: etude}), moteur).vue()
    lue = differencier(avant, apres)
    effet = lue.effet("a_trouver")
    assert np.isnan(effet.apres)
    assert "Coût des travaux au m²" in effet.motif_apres
    assert "indéterminé (il manque Coût des travaux au m²" in mots.phrase(lue)
    assert "inconnu (à obtenir de l'architecte)" in mots.phrase(lue)


def test_un_scenario_sans_place_le_dit():
    lue = Difference("A", "B", (), (), "B : aucun mètre carré")
    assert "pas de chiffre à comparer, B : aucun mètre carré" in mots.phrase(lue)


def test_la_porte_nomme_les_blocs_et_donne_des_nombres():
    etude = pf.ouvrir("gare_saint_denis")
    lue = pf.difference(etude, etude.avec_blocs("region_refusee"))
    assert str(lue).startswith("Aide de la Région refusée : ressources −63\u00a0k€")
    assert lue.effets.loc["a_trouver", "ecart"] == pytest.approx(63_000)
    assert lue.entrees.loc["aides[region_idf].coefficient", ["avant", "apres"]].tolist() == [1.0, 0.0]
    assert "<table" in lue._repr_html_()


def _essai(valeur):
    return {"valeur": valeur, "base": "essai"}


def test_ce_qu_une_liste_gagne_ou_perd_est_nomme():
    gare = pf.ouvrir("gare_saint_denis")
    relais = {"preteur": "Crédit municipal", "taux": _essai(0.05), "taux_avance": _essai(0.8)}
    autre = gare.avec_aide("fondation", montant=10_000, libelle="Fondation").varier({"prets": [], "relais": relais})
    lue = pf.difference(gare, autre)
    assert lue.entrees.loc["aides", "dit"] == "Aides : avec « Fondation »"
    assert lue.entrees.loc["prets", "dit"] == "Prêts : sans « Prêt bancaire à l'association »"
    assert lue.entrees.loc["relais", "dit"] == "Prêt relais : aucun → de « Crédit municipal »"
    (rang,) = [x for x in mots.table(lue._ecarts).lignes if x[0] == "Prêts"]
    assert rang[1:] == ("Prêt bancaire à l'association", "aucun", "sans « Prêt bancaire à l'association »")
    (rang,) = [x for x in mots.table(lue._ecarts).lignes if x[0] == "Aides"]
    assert rang[1:] == ("—", "Fondation", "avec « Fondation »")
    retour = pf.difference(autre, gare)
    assert retour.entrees.loc["prets", "dit"] == "Prêts : avec « Prêt bancaire à l'association »"


def test_un_element_dont_la_liste_change_est_dit_change():
    gare = pf.ouvrir("gare_saint_denis")
    lue = pf.difference(gare, gare.avec_aide("fondation", montant=10_000).avec_aide("caf93", par_place=4_000))
    assert lue.entrees.loc["aides", "dit"] == "Aides : avec « fondation », change « Fonds propres de la Caf 93 »"
