"""Scenario without any place at the door: no figure stands for a project, each says why; « ne rien faire » is another thing."""

import math
import re

import numpy as np
import pytest

import pope_foncier as pf
from tests.conftest import DONNEES, GARE

EPINAY = DONNEES / "etudes" / "epinay_villetaneuse.yaml"
RAISON = "aucune place possible : il faut une cour de 2 m² dès la première place, l'étude en a 0 m²"
"""Two m² of yard by place in an ordinary zone (arrêté of 31 August 2021), and a study without any yard."""
LECTURES = pytest.mark.parametrize("lecture", ["boucle", "tel_quel"])


def propre(texte):
    return re.sub(r"[\u00a0\u202f]", " ", str(texte))


@pytest.fixture(scope="module")
def epinay():
    return pf.ouvrir(EPINAY)


@pytest.fixture(scope="module")
def vide(epinay):
    return epinay.scenarios["zone_ordinaire"]


@LECTURES
def test_un_chiffre_n_a_pas_de_valeur_et_dit_pourquoi(vide, lecture):
    resultat = vide.calculer(lecture)
    for code in ("cout_total", "ressources.piaje", "couverture_minimale", "tresorerie_manquante", "besoins.total"):
        chiffre = resultat[code]
        assert math.isnan(chiffre.valeur), code
        assert propre(chiffre.motif) == RAISON
        assert RAISON in propre(chiffre.expliquer())
        assert chiffre.statut in ("", "indéterminé")
    assert resultat["places"].valeur == 0.0
    assert resultat["places"].motif == ""
    lus = resultat.chiffres["valeur"]
    du_lieu = lus.index.str.startswith(("programme.", "indicateurs.places"))
    assert lus[~du_lieu].isna().all()
    assert lus[du_lieu].notna().any()


@LECTURES
def test_une_serie_un_tableau_une_image_sont_refuses(vide, lecture):
    resultat = vide.calculer(lecture)
    for faire in (
        lambda: resultat.serie("tresorerie.cumul"),
        lambda: resultat.tableau("plan"),
        resultat.ratios,
        resultat.epreuves,
        lambda: resultat.tracer("plan"),
    ):
        with pytest.raises(pf.Indetermine) as refus:
            faire()
        assert RAISON in propre(refus.value)


def test_il_se_montre_sans_chiffre(vide):
    resultat = vide.calculer()
    assert RAISON in propre(repr(resultat))
    assert "€" not in repr(resultat)
    assert "€" not in resultat._repr_html_()


def test_la_comparaison_garde_les_autres(epinay):
    cadre = epinay.calculer().comparer()
    assert cadre.loc["zone_ordinaire"].drop("places").isna().all()
    assert cadre.loc["zone_ordinaire", "places"] == 0
    assert cadre.loc["base"].notna().all()
    assert cadre.loc["ne_rien_faire", "cout_total"] == 0.0


def test_chercher_refuse(vide):
    with pytest.raises(pf.Indetermine) as refus:
        pf.chercher(vide, "prets[banque].montant" if vide.fiche.prets else "travaux.cout_m2_ht", couverture=1.1)
    assert RAISON in propre(refus.value)


@LECTURES
def test_une_grille_laisse_vides_les_lignes_sans_place(lecture):
    """40 m² gross hold no place of the station: its row has no figure, the others are those of each study alone."""
    gare, surfaces = pf.ouvrir(GARE), [40.0, 190.0]
    codes = ["places", "besoins.total", "couverture_minimale"]
    grille = pf.croiser(gare, {"programme.surface_m2": surfaces}, codes, lecture)
    assert grille.loc[40.0, "places"] == 0
    assert grille.loc[40.0].drop("places").isna().all()
    for surface in surfaces:
        seule = gare.varier(programme__surface_m2=surface).calculer(lecture)
        np.testing.assert_allclose(grille.loc[surface], [seule[c].valeur for c in codes], atol=0.02)
    tires = pf.tirer(gare, {"programme.surface_m2": surfaces}, n=2, chiffres=codes, lecture=lecture)
    np.testing.assert_allclose(tires[codes], grille)
