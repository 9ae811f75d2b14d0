"""Slopes of small expressions, against derivatives written by hand."""

from typing import NamedTuple

import numpy as np
import pytest

from pope_foncier.socle.grandeur import Grandeur, maximum, total
from pope_foncier.socle.pentes import Descente, Sortie
from pope_foncier.socle.vocabulaire import connu_ou_zero, cumul, plafond, si, superieur


class Lue(NamedTuple):
    valeur: np.ndarray
    marches: tuple


def par_figure(racines, sorties, scenario=0):
    """Slopes by figure and by name of the input that moves it."""
    lues = Descente.depuis(racines).pentes(sorties, scenario)
    return [
        {p.feuille.nom: Lue(p.valeurs[k], p.marches[k]) for p in lues if p.valeurs[k].any() or p.marches[k]}
        for k in range(len(sorties))
    ]


def pentes(*sorties, scenario=0):
    return par_figure(sorties, [Sortie(s, np.ones(s.valeur.shape[-1])) for s in sorties], scenario)


def mensuel(valeurs, nom=""):
    return Grandeur(valeurs, nom, axe="mois")


def test_une_entree_lue_deux_fois_a_une_seule_pente():
    a, b = Grandeur(3.0, "a"), Grandeur(5.0, "b")
    (lues,) = pentes(a * b + a * a)
    assert lues["a"].valeur == pytest.approx([5.0 + 2 * 3.0])
    assert lues["b"].valeur == pytest.approx([3.0])


def test_ce_qui_est_etale_sur_les_mois_se_rassemble():
    taux, flux = Grandeur(2.0, "taux"), mensuel([1.0, 10.0, 100.0], "flux")
    (lues,) = pentes(total(cumul(flux * taux)))
    assert lues["taux"].valeur == pytest.approx([3 * 1.0 + 2 * 10.0 + 1 * 100.0])
    assert lues["flux"].valeur == pytest.approx([3 * 2.0, 2 * 2.0, 2.0])


def test_plusieurs_chiffres_partagent_la_descente():
    a, b = Grandeur(3.0, "a"), Grandeur(5.0, "b")
    somme, produit = a + b, a * b
    premiere, seconde = pentes(somme, produit)
    assert (premiere["a"].valeur, premiere["b"].valeur) == (pytest.approx([1.0]), pytest.approx([1.0]))
    assert (seconde["a"].valeur, seconde["b"].valeur) == (pytest.approx([5.0]), pytest.approx([3.0]))


def test_chaque_scenario_a_sa_pente():
    a = Grandeur(np.array([[3.0], [7.0]]), "a")
    assert [pentes(a * a, scenario=s)[0]["a"].valeur[0] for s in (0, 1)] == [6.0, 14.0]


def test_un_mois_d_une_ligne_ne_lit_que_lui():
    flux, taux = mensuel([1.0, 10.0, 100.0], "flux"), Grandeur(2.0, "taux")
    ligne = flux * taux
    (lues,) = par_figure([ligne], [Sortie(ligne, np.array([0.0, 1.0, 0.0]))])
    assert lues["taux"].valeur == pytest.approx([10.0])
    assert lues["flux"].valeur == pytest.approx([0.0, 2.0, 0.0])


def test_un_arrondi_arrete_la_pente_et_dit_pourquoi():
    surface, prix = Grandeur(25.0, "surface"), Grandeur(100.0, "prix")
    (lues,) = pentes(plafond(surface / 7.0, 1e-9) * prix)
    assert lues["prix"].valeur == pytest.approx([4.0])
    assert lues["surface"].valeur == pytest.approx([0.0])
    assert [(m.mots, m.seuil) for m in lues["surface"].marches] == [("un arrondi saute d'un entier au suivant", False)]


def test_un_seuil_ne_bouge_rien_avant_d_etre_atteint():
    seuil, a = Grandeur(10.0, "seuil"), Grandeur(3.0, "a")
    (lues,) = pentes(si(superieur(a, seuil), a * 2.0, a * 5.0))
    assert lues["a"].valeur == pytest.approx([5.0])
    assert not lues["seuil"].valeur.any()
    assert all(m.seuil for nom in ("a", "seuil") for m in lues[nom].marches)


def test_la_branche_ecartee_ne_marque_rien():
    """An input that is read only where the condition does not hold moves nothing: it is not in the list."""
    choisi, ecarte = Grandeur(3.0, "choisi"), Grandeur(8.0, "ecarte")
    (lues,) = pentes(si(Grandeur(1.0), choisi * 2.0, plafond(ecarte, 0.0)))
    assert lues["choisi"].valeur == pytest.approx([2.0])
    assert "ecarte" not in lues


def test_un_inconnu_hors_du_chiffre_ne_gene_pas():
    inconnu, a = Grandeur(float("nan"), "bonus", manques=frozenset({"bonus"})), Grandeur(3.0, "a")
    annees = mensuel([1.0, 0.0, 4.0]) / mensuel([2.0, 0.0, 2.0])
    lu = a * (connu_ou_zero(inconnu * a) + 2.0)
    serie = annees * a
    (lues,) = pentes(lu)
    assert lues["a"].valeur == pytest.approx([2.0])
    (lues,) = par_figure([serie], [Sortie(serie, np.array([1.0, 0.0, 1.0]))])
    assert lues["a"].valeur == pytest.approx([0.5 + 2.0])


def test_un_chiffre_inconnu_n_a_pas_de_pente():
    inconnu, a = Grandeur(float("nan"), "loyer", manques=frozenset({"loyer"})), Grandeur(3.0, "a")
    inconnue, connue = pentes(inconnu * a, maximum(a, 1.0))
    assert inconnue == {}
    assert connue["a"].valeur == pytest.approx([1.0])
