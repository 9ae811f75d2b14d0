"""Loans of the lender's workshop: products with their terms and refusals, every profile and grace, size and structures as from the door."""

import re
from contextlib import contextmanager
from html import unescape
from typing import get_args

import pytest

import pope_foncier as pf
from pope_foncier.ateliers.champs import Apres
from pope_foncier.ateliers.financeur import AtelierFinanceur
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.pret_en_plus import produits_proposes
from pope_foncier.ateliers.prets_au_choix import PretAuChoix
from pope_foncier.modele.clauses_de_pret import Differe, NomProfil
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.decision import tableaux_structures, tableaux_taille
from pope_foncier.vues.formes.proteger import proteger
from tests.ateliers.etudes import modele_de
from tests.conftest import GARE, GARE_LIVREE


@pytest.fixture(scope="module")
def modele():
    """Model of the study, opened once: it keeps nothing of what an application sets."""
    return modele_de(GARE)


@pytest.fixture
def sans_reposer(monkeypatch):
    """Within, the hand does not rest: no stress is computed, until the next move."""

    @contextmanager
    def presser():
        with monkeypatch.context() as main:
            main.setattr(Apres, "demander", lambda _: None)
            yield

    return presser


@pytest.fixture
def atelier(modele, tmp_path, sans_reposer):
    """Application as it opens, its stresses not looked at yet."""
    with sans_reposer():
        return AtelierFinanceur(modele, Journal(tmp_path / "journal.sqlite"))


@pytest.fixture
def ajoute(atelier, sans_reposer):
    """A loan added, its amount set before the hand rests."""
    with sans_reposer():
        atelier.pile.ajouter_pret()
        pret = atelier.pile.ajouts["ajoute_1"]
        pret.curseurs["montant"]._changer(100)
    return pret


def mots(html):
    return re.sub(r"[\u00a0\u202f]", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


TERMES = {
    "progressif": ("progression", 100),
    "ballon": ("duree_profil_mois", 240),
    "echeance_fixe": ("echeance", 1500),
}
SUITES = {
    "echeances_par_paliers": "24 mois à 500 € ; 24 mois à 900 €",
    "sculpte": " ; ".join(["1 000"] * 120),
    "tableau_libre": " ; ".join(["1 000 €"] * 100 + ["0"] * 20),
}


@pytest.mark.parametrize("profil", get_args(NomProfil))
def test_chaque_profil_entre_dans_le_plan(atelier, ajoute, profil, sans_reposer):
    if profil in TERMES:
        champ, valeur = TERMES[profil]
        ajoute.curseurs[champ].poser(valeur)
    ajoute._muet = True
    ajoute.suite.value = SUITES.get(profil, "")
    ajoute._muet = False
    if profil == "sculpte":
        ajoute.curseurs["montant"].poser(None)
    with sans_reposer():
        ajoute.choix["profil"].value = profil
    ajoute._bouge()
    assert mots(atelier.avis.value) == ""
    ecrit = next(p for p in atelier.etude_affichee().prets if p.id == "ajoute_1")
    assert ecrit.profil == profil
    lignes = atelier.vue.bouclee.ev.livre.lignes
    assert lignes["emprunts.ajoute_1.interets"].grandeur.valeur.sum() > 0


@pytest.mark.parametrize("differe", [d for d in get_args(Differe) if d != "aucun"])
def test_chaque_differe_entre_dans_le_plan(atelier, ajoute, differe, sans_reposer):
    ajoute.curseurs["differe_mois"].poser(12)
    with sans_reposer():
        ajoute.choix["differe"].value = differe
    ajoute._bouge()
    assert mots(atelier.avis.value) == ""
    ecrit = next(p for p in atelier.etude_affichee().prets if p.id == "ajoute_1")
    assert (ecrit.differe, ecrit.differe_mois.valeur) == (differe, 12)


@pytest.mark.parametrize("cle", produits_proposes())
def test_chaque_produit_entre_ou_dit_pourquoi(atelier, ajoute, cle):
    ajoute.choix["produit"].value = cle
    conditions = mots(ajoute.conditions.value)
    assert produits_proposes()[cle] in conditions
    assert "Fiabilité" in conditions
    if refus := mots(atelier.avis.value):
        assert re.search(r"emprunteurs admis|au plus|au moins|admises", refus), refus
        assert "scenarios[" not in refus
        return
    ecrit = next(p for p in atelier.etude_affichee().prets if p.id == "ajoute_1")
    assert ecrit.produit == cle


def test_un_produit_refuse_le_montant_puis_l_admet(atelier, ajoute):
    ajoute.choix["produit"].value = "fa_pret_association"
    assert "montant maximal : au plus 50 000 €, 100 000 € demandé" in mots(atelier.avis.value)
    ajoute.curseurs["montant"]._changer(50)
    ajoute.curseurs["duree_mois"]._changer(60)
    assert mots(atelier.avis.value) == ""
    ecrit = next(p for p in atelier.etude_affichee().prets if p.id == "ajoute_1")
    assert ecrit.taux.bareme == "prets.fa_pret_association.taux_max"


def test_un_pret_revient_du_journal_comme_il_etait(atelier, ajoute):
    ajoute.choix["profil"].value = "progressif"
    ajoute.curseurs["progression"]._changer(50)
    ajoute.choix["rythme"].value = "4"
    plats = atelier.reglages_affiches()
    etude = atelier.etude_affichee()
    atelier.remettre({})
    atelier.remettre(plats)
    assert atelier.reglages_affiches() == plats
    assert atelier.etude_affichee() == etude


def test_une_suite_qui_ne_se_lit_pas_est_dite(atelier, ajoute):
    ajoute.choix["profil"].value = "echeances_par_paliers"
    ajoute.suite.value = "bientôt"
    assert "24 mois à 1 000 €" in mots(atelier.avis.value)


def test_dimensionner_dit_ce_que_dit_la_porte(atelier):
    atelier.au_choix.dimensionner()
    porte = pf.ouvrir(GARE).calculer().dimensionner("banque")
    assert proteger(tableaux_taille.phrase(porte.taille)) in atelier.au_choix.taille.value
    atelier.pile.curseurs["pret.banque.montant"]._changer(320)
    assert atelier.au_choix.taille.value == ""


@pytest.mark.parametrize("forfait", [None, 15_000])
def test_la_dette_sculptee_est_celle_de_la_porte_ou_dit_pourquoi(forfait):
    """The shipped station leaves years without cash; a lump that fills them gives the debt of the door."""
    etude = pf.ouvrir(GARE_LIVREE)
    if forfait is not None:
        etude = etude.varier(exploitation__contribution_commune__par_place=forfait)
    porte = etude.calculer().dimensionner("banque")
    outil = PretAuChoix(modele_de(GARE_LIVREE), lambda: porte._vue, lambda: porte._vue.etude)
    outil.pret.options = [("Prêt", "banque")]
    outil.dimensionner()
    if forfait is None:
        with pytest.raises(pf.ErreurCalcul, match="flux disponible est négatif"):
            porte.sculpter()
        assert "Dette sculptée : un flux disponible est négatif" in mots(outil.taille.value)
    else:
        montant = euros(float(porte.sculpter().montant[0]))
        assert mots(f"Dette sculptée : {montant}") in mots(outil.taille.value)


def test_comparer_dit_ce_que_dit_la_porte(atelier):
    outil = atelier.au_choix
    outil.axes["montant"].value, outil.axes["duree_mois"].value = "150 k€ ; 250 000 €", "7 ans ; 9 ans"
    outil.profils["annuite_constante"].value = outil.profils["capital_constant"].value = True
    outil.comparer()
    porte = pf.ouvrir(GARE).comparer_prets(
        montants=[150_000, 250_000], durees=[84, 108], profils=["annuite_constante", "capital_constant"]
    )
    assert proteger(tableaux_structures.phrase(porte.structures)) in outil.structures.value
    for ligne in tableaux_structures.table(porte.structures).lignes:
        assert proteger(ligne[2]) in outil.structures.value
    outil.axes["taux"].value = "3 ; 4"
    outil.comparer()
    assert "dire si ce sont des pour cent" in outil.structures.value
    outil.axes["taux"].value = "60 %"
    outil.comparer()
    assert "pf-erreur" in outil.structures.value
