"""Explanation tree: every line of every study has one, its first line says the value, every input gives its source once."""

import re

import pytest

from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.explication import detailler
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.phrases import Origine
from pope_foncier.vues.formes.explication import arbre
from tests.conftest import DONNEES, GARE

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))


@pytest.mark.parametrize("etude", ETUDES, ids=[e.stem for e in ETUDES])
def test_chaque_ligne_s_explique_en_arbre(etude, moteur):
    vue = Resultat.calculer(ouvrir(etude), moteur).vue()
    for code, ligne in vue.ev.livre.lignes.items():
        texte = arbre(vue, code)
        assert texte.startswith(ligne.grandeur.nom), code
        assert "{" not in texte, code
        assert max(map(len, texte.splitlines())) <= 100, code
        sources = re.findall(r"↳ (.+)", texte)
        assert len(sources) == len([x for x in texte.splitlines() if "↳" in x])


def test_les_facteurs_montres_redonnent_le_montant(moteur):
    """Works of the station: area × ratio × revision, as shown, give the amount shown to a ten-thousandth."""
    vue = Resultat.calculer(ouvrir(GARE), moteur).vue()
    texte = arbre(vue, "besoins.travaux_ht").replace("\u202f", "").replace("\xa0", " ")
    montant, *facteurs = (
        float(x.replace(",", ".")) for x in re.findall(r"(?:: |× |^      )([0-9]+(?:,[0-9]+)?)", texte, re.M)
    )
    produit = 1.0
    for facteur in facteurs:
        produit *= facteur
    assert len(facteurs) == 4
    assert produit == pytest.approx(montant, rel=1e-4)


def entree(nom, valeur, unite=""):
    return Grandeur(valeur, nom, unite, [Origine("hypothese", nom, f"hypothèse : {nom} supposé", "hypothese")])


def test_les_termes_se_lisent_un_par_ligne_avec_leur_signe_et_leur_source():
    """(2 + 3 − 1) × 10, by hand: a product of an unnamed sum and of one input."""
    somme = entree("deux", 2.0) + entree("trois", 3.0) - entree("un", 1.0)
    cout = (somme * entree("dix", 10.0, "€")).nommer("Coût", "€")
    etapes = [(e.niveau, e.signe, e.valeur, e.nom, e.mention) for e in detailler(cout)]
    assert etapes == [
        (1, "", "4", "", ""),
        (2, "", "2", "deux", "hypothèse : deux supposé"),
        (2, "+", "3", "trois", "hypothèse : trois supposé"),
        (2, "−", "1", "un", "hypothèse : un supposé"),
        (1, "×", "10\xa0€", "dix", "hypothèse : dix supposé"),
    ]


def test_une_ligne_absente_se_dit(moteur):
    vue = Resultat.calculer(ouvrir(ETUDES[0]), moteur).vue()
    assert arbre(vue, "ressources.nulle") == "ressources.nulle : absent de cette étude."
