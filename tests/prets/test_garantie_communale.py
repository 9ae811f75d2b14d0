"""Guarantee of a loan by the commune: free, whole for a body of general interest, half at most for the others (CGCT L. 2252-1)."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.montages.possibles import comparer, relire
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.etude.suretes import plafonds, suretes
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.vues.prets.tableaux_suretes import table_suretes
from tests.rondes import d


def communale(quotite):
    return {"genre": "garantie_communale", "quotite": d(quotite)}


def evaluer(moteur, dossier, garantie, **surcharges):
    champs = {"prets[banque].garantie": garantie} | {c.replace("__", "."): v for c, v in surcharges.items()}
    etude = varier(dossier, "essai", champs)
    return moteur.evaluer(replace(dossier, etude=etude, variantes={BASE: etude}))[0]


def test_la_commune_garantit_toute_une_association_sans_rien_couter(moteur, coque):
    """Same plan as without any security; a guarantor at 2.5 % of 65 % of 300,000 € costs 4,875 €."""
    sans, avec = (evaluer(moteur, coque, g) for g in (None, communale(1.0)))
    garant = {"genre": "caution", "garant": "Fonds", "quotite": d(0.65), "commission": d(0.025)}
    paye = evaluer(moteur, coque, garant)
    assert avec.plan.besoins.valeur == pytest.approx(sans.plan.besoins.valeur)
    assert paye.plan.besoins.valeur - avec.plan.besoins.valeur == pytest.approx(4_875)
    assert avec.livre.lignes.keys() == sans.livre.lignes.keys(), "a surety is no flow"
    assert avec.plan.reste_a_financer.valeur == pytest.approx(sans.plan.reste_a_financer.valeur), "nor a resource"


@pytest.mark.parametrize("forme", ["scic", "sci", "entreprise", "bailleur_social"])
def test_au_dela_de_la_moitie_une_autre_forme_est_refusee(moteur, coque, forme):
    champs = {"acteurs__forme_maitre_ouvrage": forme}
    evaluer(moteur, coque, communale(0.5), **champs)
    with pytest.raises(ErreurCalcul, match=r"garantie de la commune à 51\s%, 50\s% au plus .* Baisser"):
        evaluer(moteur, coque, communale(0.51), **champs)


def test_un_emprunteur_dont_la_forme_n_est_pas_dite_suit_la_regle_commune(moteur, coque):
    """The owner orders the works: the form of the study is its own, that of the operator that borrows is not said."""
    champs = {"acteurs__maitre_ouvrage": "proprietaire", "acteurs__forme_maitre_ouvrage": "association"}
    evaluer(moteur, coque, communale(0.5), **champs)
    with pytest.raises(ErreurCalcul, match="dont l'étude ne dit pas la forme"):
        evaluer(moteur, coque, communale(1.0), **champs)


def test_un_seul_tirage_de_trop_est_refuse(moteur, coque):
    etude = varier(coque, "x", {"prets[banque].garantie": communale(0.5), "acteurs.forme_maitre_ouvrage": "sci"})
    champ = "prets[banque].garantie.quotite"
    moteur.tirer(coque, {champ: np.array([0.3, 0.5])}, etude)
    with pytest.raises(ErreurCalcul, match=r"50\s% au plus pour une société civile"):
        moteur.tirer(coque, {champ: np.array([0.3, 0.6])}, etude)


@pytest.mark.parametrize(
    ("garantie", "message"),
    [
        ({"genre": "garantie_communale"}, "a une quotité, et rien d'autre"),
        (communale(1.0) | {"garant": "Ville"}, "sans commission"),
        (communale(1.0) | {"commission": d(0.01)}, "sans commission"),
        (communale(1.0) | {"plafond": d(100_000)}, "rien d'autre"),
        (communale(1.2), "quotite"),
    ],
)
def test_une_fiche_impossible_est_refusee(coque, garantie, message):
    with pytest.raises(ErreurDonnees, match=message):
        varier(coque, "essai", {"prets[banque].garantie": garantie})


def test_une_collectivite_ne_se_garantit_pas_elle_meme(coque):
    champs = {"prets[banque].garantie": communale(0.5), "acteurs.forme_maitre_ouvrage": "collectivite"}
    with pytest.raises(ErreurDonnees, match="ne se garantit pas elle-même : banque"):
        varier(coque, "essai", champs)


def test_les_montages_la_gardent_ou_disent_pourquoi_pas(moteur, coque):
    etude = varier(coque, "essai", {"prets[banque].garantie": communale(1.0)})
    cas = {c.nom: c for c in comparer(replace(coque, etude=etude, variantes={BASE: etude}), moteur)}
    for nom in ("achat_association", "location_simple", "bail_construction"):
        assert cas[nom].etude.prets[0].garantie.genre == "garantie_communale"
        assert any("plafonds de sa dette" in r for r in cas[nom].raisons)
        assert "emprunts.banque.garantie" not in cas[nom].evaluation.livre.lignes
    for nom in ("scic_achat", "sci_loue", "fonciere_loue"):
        assert cas[nom].etude.prets[0].garantie.genre == "hypotheque"
        assert any("pas un organisme d'intérêt général" in r for r in cas[nom].raisons)
    assert cas["commune_loue"].etude.prets[0].garantie is None
    assert not any("garantie de la commune" in r.lower() for r in cas["commune_loue"].raisons)


def test_l_autre_reponse_ote_le_cout_du_garant(moteur, coque):
    """Rented premises, no real right: 2.5 % of 65 % of 300,000 € less to find; purchase: the mortgage is not paid."""
    cas = {c.nom: c for c in comparer(coque, moteur)}
    for nom, cout in (("location_simple", 4_875.0), ("achat_association", None)):
        (autre,) = (a for a in relire(coque, cas[nom], moteur) if a.lecture.garantie == "communale")
        paye = cas[nom].evaluation.livre["emprunts.banque.garantie"].valeur.sum()
        assert cout is None or paye == pytest.approx(cout)
        ecart = cas[nom].evaluation.plan.reste_a_financer.valeur - autre.evaluation.plan.reste_a_financer.valeur
        assert ecart == pytest.approx(paye, abs=0.01)
    assert not any(a.lecture.garantie for a in relire(coque, cas["sci_loue"], moteur)), "not a body of general interest"


def test_les_suretes_et_les_plafonds_de_la_commune(moteur, coque):
    """By hand: 300,000 € at 4.36 % a year over 180 months, the first twelve without capital; the city guarantees 80 %.

    One debtor weighs 10 % at most of what the city guarantees, itself 50 % at most of its revenue: 20 times the annuity.
    """
    ev = evaluer(moteur, coque, communale(0.8))
    (surete,) = suretes(ev)
    taux = 0.0436 / 12
    annuite = 12 * 300_000 * taux / (1 - (1 + taux) ** -168)
    assert (surete.garant, surete.garanti.item()) == ("Ville de La Courneuve", pytest.approx(240_000))
    assert surete.annuite.item() == pytest.approx(0.8 * annuite, abs=0.01)
    assert surete.cout.item() == 0
    limites = plafonds(ev)
    assert (limites.part_des_recettes, limites.part_du_debiteur) == (0.5, 0.1)
    assert limites.recettes_min.item() == pytest.approx(20 * 0.8 * annuite, abs=0.1)
    table = table_suretes(ev)
    assert "garantie de Ville de La Courneuve, 80" in table.lignes[0][2]
    assert "À vérifier par Ville de La Courneuve" in table.note
    assert "pourcentage à confirmer" in table.note


def test_un_garant_paye_et_une_hypotheque_se_lisent_aussi(moteur, coque):
    """A guarantor of 65 % capped at 150,000 €; a mortgage covers the whole loan; without loan there is no table."""
    garant = {"genre": "caution", "garant": "Fonds", "quotite": d(0.65), "commission": d(0.025), "plafond": d(150_000)}
    ev = evaluer(moteur, coque, garant)
    (surete,) = suretes(ev)
    assert (surete.garant, surete.garanti.item()) == ("Fonds", 150_000)
    assert surete.cout.item() == pytest.approx(3_750)
    assert plafonds(ev) is None
    assert "À vérifier" not in table_suretes(ev).note
    achat = {c.nom: c for c in comparer(coque, moteur)}["achat_association"].evaluation
    assert table_suretes(achat).lignes[0][2] == "hypothèque"
    assert suretes(achat)[0].garanti.item() == 300_000
    sans = varier(coque, "sans", {"prets": []})
    assert table_suretes(moteur.evaluer(replace(coque, etude=sans, variantes={BASE: sans}))[0]) is None
