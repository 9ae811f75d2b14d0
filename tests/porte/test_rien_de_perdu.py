"""Door: two lines of the same label are two rows, and a number out of its bounds is refused before anything is computed."""

import io

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.ateliers import lecture
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.socle.erreurs import IdentiteRompue
from tests.conftest import DONNEES, GARE
from tests.garde.commandes import lancer


@pytest.fixture(scope="module")
def gare():
    return pf.ouvrir(GARE)


@pytest.fixture(scope="module")
def jumeaux(gare):
    """Two loans that bear the same label, 1 000 € and 2 000 €."""
    un = gare.avec_pret(1000, 0.04, 120, id="un", libelle="Jumeau")
    return un.avec_pret(2000, 0.04, 120, id="deux", libelle="Jumeau")


def test_deux_prets_du_meme_nom_sont_deux_lignes_du_plan(jumeaux):
    plan = jumeaux.calculer().tableau("plan")["montant"]
    assert plan["ressources", "Jumeau"] == 1000
    assert plan["ressources", "Jumeau (ressources.deux)"] == 2000
    assert plan["ressources"].sum() == pytest.approx(plan["besoins"].sum(), abs=0.01)


def test_deux_produits_du_meme_nom_sont_deux_lignes_du_compte(gare):
    produits = gare.fiche.exploitation.produits_annexes[:2]
    assert len(produits) == 2
    memes = gare.varier({f"exploitation.produits_annexes[{p.id}].libelle": "Jumeau" for p in produits})
    avant, apres = (e.calculer().tableau("compte") for e in (gare, memes))
    assert len(apres) == len(avant)
    assert apres.loc["produits"].to_numpy().sum() == pytest.approx(avant.loc["produits"].to_numpy().sum())


def test_deux_prets_du_meme_nom_s_ajoutent_dans_l_atelier(jumeaux):
    vue = Resultat.calculer(jumeaux.dossier(), moteur_du_projet()).vue()
    rangs = [r for r in lecture.qui_donne_quoi({"x": vue}).lignes if r[0] == "Jumeau"]
    assert [str(r[1]).replace("\u202f", " ").replace("\xa0", " ") for r in rangs] == ["3 000 €"]


PRET = "prets[banque].montant"
COUT = ["travaux.cout_m2_ht"]


@pytest.mark.parametrize(
    ("faire", "dit"),
    [
        (lambda e: pf.tirer(e, COUT, n=5.5), "« n » : un entier"),
        (lambda e: pf.tirer(e, COUT, n="5"), "« n » : un entier"),
        (lambda e: pf.tirer(e, COUT, n=True), "« n » : un entier"),
        (lambda e: pf.tirer(e, COUT, n=5, graine=-1), "[Gg]raine"),
        (lambda e: pf.tirer(e, COUT, n=5, graine=0.5), "[Gg]raine"),
        (lambda e: pf.tirer(e, {COUT[0]: ["a"] * 5}, n=5), "nombres"),
        (lambda e: pf.tirer(e, {"evolution.prix": pf.uniforme(1e300, 1e300)}, n=5), "evolution.prix"),
        (lambda e: pf.croiser(e, {"evolution.prix": [0.02, -2.0]}), "evolution.prix"),
        (lambda e: pf.chercher(e, PRET, float("nan")), "[Cc]ouverture"),
        (lambda e: pf.chercher(e, PRET, float("inf")), "[Cc]ouverture"),
        (lambda e: pf.chercher(e, PRET, -5), "[Cc]ouverture"),
        (lambda e: pf.chercher(e, PRET, "1,1"), "[Cc]ouverture"),
        (lambda e: pf.chercher(e, PRET, 1.1, depuis=9999), "9999"),
        (lambda e: pf.Pret(np.full(1_000_000, 1e5), 0.04, 360).teg(), "mémoire"),
        (lambda e: pf.croiser(pf.Pret(1e5, 0.04, 360), {"taux": np.linspace(0.01, 0.05, 1_000_000)}), "mémoire"),
    ],
)
def test_un_nombre_hors_de_ses_bornes_est_refuse(gare, faire, dit):
    with pytest.raises(pf.ErreurPope, match=dit):
        faire(gare)


def test_une_annee_apres_la_fin_de_l_etude_est_refusee_a_la_commande():
    fin = lancer("recherche", GARE, "--cible", "1,1", "--depuis", "2200")
    assert fin.code == 2
    assert "2200" in fin.refus


@pytest.mark.parametrize("commande", ["recherche", "epreuves"])
def test_un_scenario_sans_place_n_a_pas_de_chiffre_a_la_commande(commande):
    fin = lancer(commande, DONNEES / "etudes" / "epinay_villetaneuse.yaml", "--scenario", "zone_ordinaire")
    assert fin.code == 2
    assert "aucune place possible" in fin.refus.lower()


@pytest.mark.parametrize("quoi", ["equipement", "programme"])
def test_un_lieu_sans_surface_dit_que_ses_places_sont_inconnues(quoi):
    carnet = pf.carnets.site("gare_saint_denis", "2026-12-01", "multi_accueil")
    assert "inconnu" in getattr(carnet, quoi)().data


@pytest.mark.parametrize("quoi", ["plan", "tresorerie", "commune"])
def test_un_nom_qui_ressemble_a_une_formule_se_dessine_tel_quel(gare, quoi):
    formule = r"Aide $\frac{$"
    noms = {f"aides[{a.id}].libelle": formule for a in gare.fiche.aides} | {"acteurs.commune": formule}
    axe = gare.varier(noms).calculer().tracer(quoi)
    axe.figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    ("champ", "nom"),
    [
        ("acteurs.gestionnaire", "Familles"),
        ("acteurs.gestionnaire", "À trouver"),
        ("acteurs.gestionnaire", "Entreprises et bureaux d'études"),
        ("acteurs.gestionnaire", "État et collectivités (taxes)"),
    ],
)
def test_un_acteur_du_nom_d_un_autre_est_refuse_sans_rompre_d_identite(gare, champ, nom):
    """The operator that bears the name of a payee of the ledger would pay itself: what is refused is the name."""
    with pytest.raises(pf.ErreurCalcul, match="à lui-même") as refus:
        gare.varier({champ: nom}).calculer()["a_trouver"]
    assert nom in str(refus.value)
    assert not isinstance(refus.value, IdentiteRompue)


def test_un_gestionnaire_qui_se_paie_un_bonus_est_refuse(gare):
    exploitation, gestionnaire = gare.fiche.exploitation, gare.fiche.acteurs.gestionnaire
    champs = {f"exploitation.produits_annexes[{p.id}].payeur": gestionnaire for p in exploitation.produits_annexes}
    with pytest.raises(pf.ErreurCalcul, match="à lui-même"):
        gare.varier(champs).calculer()["a_trouver"]
