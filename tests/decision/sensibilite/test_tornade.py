"""Tornado: each end is the study varied and closed again, the slope is beside, what steps and what has no value is said."""

import math

import numpy as np
import pytest

from pope_foncier.decision.sensibilite.entrees import Entree, entrees_en_doute
from pope_foncier.decision.sensibilite.essais import SANS_PLACE
from pope_foncier.decision.sensibilite.tornade import tornade
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.vues.decision.sensibilite import graphiques, tableaux_tornade
from pope_foncier.vues.formes.image import Courbe

CHIFFRE = "a_trouver.total"
TRAVAUX = Entree("travaux.cout_m2_ht", "Coût des travaux", "€/m² HT", 3750.0, 3000.0, 4500.0)
SURFACE = Entree("programme.surface_m2", "Surface", "m²", 200.0, 5.0, 260.0)
PRET = Entree("prets[banque].differe_mois", "Différé du prêt", "mois", 12.0, 0.0, 120.0)
BT01 = Entree("evolution.bt01", "Évolution BT01", "%", 0.015, 0.005, 0.03)
TEMOIN = Entree("foncier.rendement_sci", "Rendement", "%", 0.02, 0.0, 0.04)


@pytest.fixture(scope="module")
def vue(dossier, moteur):
    seul = Dossier(dossier.nom, dossier.etude, dossier.site, {BASE: dossier.etude})
    return Resultat.calculer(seul, moteur).vue()


@pytest.fixture(scope="module")
def lue(vue):
    return tornade(vue, CHIFFRE, [TRAVAUX, SURFACE, PRET, BT01, TEMOIN])


def barre(lue, entree):
    return next(b for b in lue.barres if b.entree.champ == entree.champ)


def variee(dossier, moteur, champ, valeur):
    etude = varier(dossier, "essai", {champ: valeur})
    vue = Resultat.calculer(Dossier("essai", etude, dossier.site, {BASE: etude}), moteur).vue()
    return float(Lecteur(vue.bouclee.ev).valeurs(CHIFFRE)[0])


def test_chaque_bout_est_l_etude_variee_puis_refermee(lue, vue, dossier, moteur):
    """Direct evaluation of the study with the field written in it, without a replay."""
    assert lue.centrale == pytest.approx(float(Lecteur(vue.bouclee.ev).valeurs(CHIFFRE)[0]), abs=0.01)
    travaux = barre(lue, TRAVAUX)
    assert travaux.bas.chiffre == pytest.approx(variee(dossier, moteur, TRAVAUX.champ, 3000), abs=0.01)
    assert travaux.haut.chiffre == pytest.approx(variee(dossier, moteur, TRAVAUX.champ, 4500), abs=0.01)


def test_la_pente_d_une_entree_droite_mene_au_bout(lue):
    """The cost of the works is linear in its price: the slope at the middle meets both ends."""
    for bout in barre(lue, TRAVAUX).bouts:
        assert bout.par_la_pente == pytest.approx(bout.chiffre, rel=1e-4)
    assert math.isnan(barre(lue, PRET).bas.par_la_pente), "des mois entiers n'ont pas de pente"
    assert barre(lue, PRET).marches


def test_un_bout_sans_chiffre_dit_pourquoi(lue):
    surface = barre(lue, SURFACE)
    assert math.isnan(surface.bas.chiffre)
    assert surface.bas.motif == SANS_PLACE
    assert surface.bas.places == 0
    assert math.isnan(barre(lue, PRET).haut.chiffre)
    assert "différé" in barre(lue, PRET).haut.motif
    assert {b.entree.champ for b in lue.barres[:2]} == {SURFACE.champ, PRET.champ}, (
        "ce qui n'a pas de chiffre vient d'abord"
    )


def test_ce_qui_ne_bouge_rien_est_a_part(lue):
    assert [e.champ for e in lue.immobiles] == [TEMOIN.champ]
    assert "Ne le bougent pas : Rendement." in tableaux_tornade.tableau(lue).note


def test_les_entrees_en_doute_d_une_etude(dossier, moteur):
    lues = {e.champ: e for e in entrees_en_doute(dossier.etude, moteur)}
    travaux = lues["travaux.cout_m2_ht"]
    assert (travaux.bas, travaux.centrale, travaux.haut) == (3000.0, 3750.0, 4500.0)
    assert travaux.portee == "de 3\u202f000 à 4\u202f500\u00a0€/m² HT"
    assert lues["aides[piaje].coefficient"].dire(0.0) == "refusée"
    assert "evolution.bt01" in lues
    assert "travaux.duree_vie_mois" not in lues, "une valeur sans intervalle n'est pas en doute"


def test_l_image_nomme_les_bouts_et_la_table_les_places(lue):
    image = graphiques.tornade(lue, "étude")
    mots = [m.mots.texte for m in image.marques if isinstance(m, Courbe) and m.mots]
    assert "4\u202f500\u00a0€/m² HT" in mots
    assert f"5\u00a0m² : {SANS_PLACE}" in mots
    bas, haut = sorted((image.x.bas, image.x.haut))
    assert bas < np.nanmin([b.bas.chiffre for b in lue.barres])
    assert np.nanmax([b.haut.chiffre for b in lue.barres]) < haut
    table = tableaux_tornade.tableau(lue)
    ligne = dict(zip(table.entetes, next(x for x in table.lignes if x[0] == "Surface"), strict=True))
    assert ligne["Chiffre"] == SANS_PLACE
    assert "0 à 5\u00a0m²" in ligne["Places"]
    assert ligne["Surtout par"] == "Travaux HT, révisés"
    assert "Surtout par" in table.note


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        (
            {"travaux.cout_m2_ht": {"a_obtenir_de": "l'architecte", "base": "essai"}},
            "il manque Coût des travaux au m² (à obtenir de l'architecte).",
        ),
        ({"programme.surface_m2": 5}, "l'étude n'ouvre aucune place ("),
    ],
)
def test_un_chiffre_inconnu_dit_ce_qui_manque(dossier, moteur, change, dit):
    etude = varier(dossier, "essai", change)
    vue = Resultat.calculer(Dossier("essai", etude, dossier.site, {BASE: etude}), moteur).vue()
    lue = tornade(vue, CHIFFRE, [BT01])
    assert not lue.barres
    assert dit in tableaux_tornade.tableau(lue).note
    assert "limite" not in tableaux_tornade.tableau(lue).note
    assert dit.rstrip(".") in graphiques.tornade(lue, "étude").message


def test_un_chiffre_tenu_ne_renvoie_pas_a_lui_meme(vue):
    """Nothing that moves what is to find is tried: its note names no other figure, that of another one names it."""
    notes = [tableaux_tornade.tableau(tornade(vue, c, [TEMOIN])).note for c in (CHIFFRE, "cout_total")]
    assert ["Lire un chiffre" in n for n in notes] == [False, True]
