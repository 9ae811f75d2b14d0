"""Replay of small graphs whose values are computed by hand, and the switches that guard it."""

import numpy as np
import pytest

from pope_foncier.socle.aiguillages import aiguiller, relever_les_aiguillages, vaut_quelque_part
from pope_foncier.socle.grandeur import Grandeur, dire, somme, total
from pope_foncier.socle.programme import Programme, parcourir
from pope_foncier.socle.rejeu import Rejeu, mouler
from pope_foncier.socle.vocabulaire import cumul, si, superieur


@pytest.fixture
def graphe():
    """Price × area over three months, its total and what it lacks of 1,000."""
    prix = Grandeur(100.0, "Prix", "€/m²")
    surface = Grandeur(2.0, "Surface", "m²")
    mois = Grandeur([1.0, 0.0, 1.0], "Mois payés", "", axe="mois")
    paye = (prix * surface * mois).nommer("Payé")
    tout = total(paye).nommer("Total payé")
    manque = (1000.0 - tout).nommer("Manque")
    return {"prix": prix, "surface": surface, "paye": paye, "tout": tout, "manque": manque}


def test_une_entree_rejoue_ce_qui_en_depend(graphe):
    programme = Programme([graphe["manque"]])
    valeurs = programme.rejouer({programme.rang(graphe["prix"]): np.array([150.0])})
    assert valeurs[programme.rang(graphe["paye"])].tolist() == [300.0, 0.0, 300.0]
    assert valeurs[programme.rang(graphe["manque"])].tolist() == [400.0]
    assert graphe["manque"].valeur.tolist() == [600.0], "ce qui est enregistré ne bouge pas"
    assert valeurs[programme.rang(graphe["surface"])] is graphe["surface"].valeur


def test_des_tirages_lachent_ce_que_rien_ne_lit_plus(graphe):
    programme = Programme([graphe["manque"]])
    prix, paye, manque = (programme.rang(graphe[n]) for n in ("prix", "paye", "manque"))
    tires = np.array([[100.0], [150.0], [np.nan]])
    valeurs = programme.tirer({prix: tires}, frozenset([manque]))
    assert np.array_equal(valeurs[manque], [[600.0], [400.0], [np.nan]], equal_nan=True)
    assert valeurs[paye] is None
    assert np.array_equal(programme.tirer({prix: tires}, frozenset([paye]))[paye][1], [300.0, 0.0, 300.0])


def test_ce_qui_depend_d_une_autre_entree_tourne_a_part(graphe):
    programme = Programme([graphe["manque"]])
    prix, surface, manque = (programme.rang(graphe[n]) for n in ("prix", "surface", "manque"))
    tour = programme.trajet(programme.bits([surface]), frozenset([manque]))
    debut = programme.trajet(programme.bits([prix]), programme.lues_par(tour), sauf=programme.bits([surface]))
    valeurs = programme.valeurs()
    valeurs[prix] = np.array([10.0])
    parcourir(debut, valeurs)
    for m2, attendu in ((3.0, 940.0), (5.0, 900.0)):
        valeurs[surface] = np.array([m2])
        parcourir(tour, valeurs)
        assert valeurs[manque].tolist() == [attendu]


def test_ce_qui_ne_sait_plus_d_ou_il_vient_ne_se_rejoue_pas(graphe):
    assert Programme([graphe["manque"]]).complet
    tire = Grandeur([[1.0], [2.0]], "Tiré", tracee=False)
    assert not Programme([tire * 2.0]).complet


def test_un_alias_se_rejoue_et_une_grandeur_s_ajoute(graphe):
    programme = Programme([graphe["tout"]])
    autre = graphe["tout"].alias().nommer("Le même")
    assert autre not in programme
    rang = programme.ajouter(autre)
    assert programme.ajouter(autre) == rang
    assert programme.rejouer({programme.rang(graphe["prix"]): np.array([1.0])})[rang].tolist() == [4.0]


def test_ce_que_les_entrees_connues_ne_bougent_pas_garde_sa_valeur(graphe):
    """Only the area moves: the same gap as with all the inputs, and no operation for what the area is not above."""
    programme, tous = Programme([], [graphe["surface"]]), Programme([graphe["manque"]])
    manque = programme.ajouter(graphe["manque"])
    for m2 in (3.0, 5.0):
        lus = [
            p.rejouer({p.rang(graphe["surface"]): np.array([m2])})[r]
            for p, r in ((programme, manque), (tous, tous.rang(graphe["manque"])))
        ]
        assert lus[0].tolist() == lus[1].tolist()
    moins = graphe["prix"] * 2.0
    rang = programme.ajouter(moins)
    assert programme.rejouer({})[rang].tolist() == moins.valeur.tolist()
    assert not programme.depend(rang)


def test_une_fiche_est_refaite_avec_les_phrases_du_rejeu(graphe):
    fiche = {"lignes": (graphe["paye"], graphe["surface"]), "titre": "Achat", "manque": [graphe["manque"]]}
    programme = Programme([])
    moule = mouler(fiche, programme)
    rejeu = Rejeu(programme, {graphe["prix"]: Grandeur(150.0, "Prix", "€/m²")})
    refaite = moule.refaire(rejeu)
    assert refaite["titre"] == "Achat"
    assert refaite["lignes"][1] is graphe["surface"]
    assert refaite["manque"][0].valeur.tolist() == [400.0]
    assert refaite["lignes"][0].formule() == "150\u00a0€/m² (prix) × 2\u00a0m² (surface) × 1 (mois payés)"
    assert graphe["paye"].formule().startswith("100")
    assert mouler({"titre": "sans quantité"}, programme) is None


def test_une_decision_sur_une_valeur_est_un_aiguillage():
    due = Grandeur([0.0, 3.0], "Due", "€", axe="mois")
    assert aiguiller(due), "hors d'un relevé, seulement répondre"
    with relever_les_aiguillages() as aiguillages:
        assert aiguiller(due)
        assert not aiguiller(superieur(due, 5.0))
    assert [c.trouve for c in aiguillages] == [True, False]
    assert vaut_quelque_part(np.array([0.0, np.nan]))
    programme = Programme([c.condition for c in aiguillages])
    valeurs = programme.rejouer({programme.rang(due): np.array([9.0, 0.0])})
    assert [vaut_quelque_part(valeurs[programme.rang(c.condition)]) for c in aiguillages] == [True, True]


def test_une_phrase_cite_aussi_ce_qui_ne_compte_pas():
    """What a sentence quotes beside the operands is replayed with it."""
    taux, capital = Grandeur(0.05, "Taux", "%"), Grandeur(1000.0, "Capital", "€")
    du = (capital * taux).nommer("Dû", "€")
    interets = dire(cumul(si(superieur(capital, 0.0), capital, 0.0)), "intérêts de {} ({})", capital, du).nommer(
        "Intérêts"
    )
    programme = Programme([])
    moule = mouler((interets,), programme)
    (refaite,) = moule.refaire(Rejeu(programme, {taux: Grandeur(0.1, "Taux", "%")}))
    assert refaite.formule() == "intérêts de 1\u202f000\u00a0€ (capital) (100\u00a0€ (dû))"
    assert somme([refaite]).valeur.tolist() == [1000.0]
