"""Quantities: what they compute is what they say; the unknown spreads; draws keep nothing."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, maximum, minimum, par_annee, somme, total, vers_mois
from pope_foncier.socle.operations_de_calcul import PLUS
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.temps import Echelle
from pope_foncier.socle.vocabulaire import entre, part_de

ECHELLE = Echelle(__import__("datetime").date(2027, 3, 1), 30)


def entree(valeur, nom="entrée", unite="€", **options):
    return Grandeur(valeur, nom, unite, [Origine("hypothese", nom, f"hypothèse : {nom}", "hypothese")], **options)


nombres = st.floats(0.01, 1e6)


@given(nombres, nombres, nombres)
def test_la_phrase_montre_les_facteurs_et_leur_resultat(a, b, c):
    ligne = ((entree(a, "prix") - entree(b, "rabais")) * entree(c, "quantité", "m²")).nommer("Total")
    assert ligne.au_point() == pytest.approx((a - b) * c, rel=1e-12)
    for nom in ("prix", "rabais", "quantité"):
        assert f"({nom})" in ligne.formule()
        assert f"{nom} : hypothèse : {nom}" in ligne.expliquer()
    assert ligne.formule().startswith("(")


def test_muter_une_entree_change_la_phrase_et_la_valeur():
    avant = (entree(12.0, "places", "places") * entree(8000.0, "socle", "€/place")).nommer("Aide")
    apres = (entree(13.0, "places", "places") * entree(8000.0, "socle", "€/place")).nommer("Aide")
    assert (avant.au_point(), apres.au_point()) == (96000.0, 104000.0)
    assert "12\u00a0places" in avant.expliquer()
    assert "13\u00a0places" in apres.expliquer()


def test_parentheses_selon_les_priorites():
    a, b, c = entree(2.0, "a", ""), entree(3.0, "b", ""), entree(4.0, "c", "")
    assert ((a + b) * c).formule() == "(2 (a) + 3 (b)) × 4 (c)"
    assert (a - (b - c)).formule() == "2 (a) − (3 (b) − 4 (c))"
    assert (a / (b * c)).formule() == "2 (a) ÷ (3 (b) × 4 (c))"
    assert minimum(a, b, c).formule() == "le plus petit de [2 (a)] et [3 (b)] et [4 (c)]"


def test_l_inconnu_se_propage_et_dit_ce_qui_manque():
    surface = Grandeur(np.nan, "surface", "m²", manques=frozenset({"surface (à obtenir de SNCF)"}))
    cout = (surface * entree(3000.0, "prix")).nommer("Coût")
    assert cout.lire() == "inconnu"
    assert "surface (à obtenir de SNCF)" in cout.expliquer()
    assert maximum(cout, 0.0).lire() == "inconnu"


def test_division_par_zero_est_indeterminee_sans_alerte():
    quotient = (entree(1.0, "a") / entree(0.0, "b")).nommer("Quotient", "")
    assert quotient.lire() == "indéterminé"


def test_un_tirage_ne_garde_pas_ses_operandes():
    tirages = entree(np.arange(5.0)[:, None], tracee=False)
    assert (tirages * 2.0 + 1.0).operandes == ()
    assert not (tirages * 2.0).tracee


def test_les_annees_et_les_mois():
    mensuel = Grandeur(np.ones(30), "flux", "€", axe="mois")
    annuel = par_annee(mensuel, ECHELLE)
    assert annuel.valeur.tolist() == [10.0, 12.0, 8.0]
    assert vers_mois(annuel, ECHELLE).valeur[[0, 9, 10, 21, 22]].tolist() == [10.0, 10.0, 12.0, 12.0, 8.0]
    assert total(mensuel).valeur.tolist() == [30.0]
    assert "« flux »" in total(mensuel).formule()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6))
def test_la_somme_est_celle_de_ses_lignes(valeurs):
    lignes = [entree(np.full((3, 1) if i % 2 else (1, 4), v), f"l{i}") for i, v in enumerate(valeurs)]
    assert np.allclose(somme(lignes, "Somme").valeur, sum(valeurs), atol=1e-6)
    assert all(np.all(ligne.valeur == v) for ligne, v in zip(lignes, valeurs, strict=True)), (
        "les lignes ne changent pas"
    )


def test_scenarios_sur_le_premier_axe():
    origines = [Origine("hypothese", "p", f"lecture {n}", "hypothese") for n in ("basse", "haute")]
    prix = Grandeur(np.array([[1.0], [2.0]]), "prix", "€", origines)
    ligne = (prix * entree(10.0, "quantité", "")).nommer("Total")
    assert ligne.lire(0) == "10\u00a0€"
    assert ligne.lire(1) == "20\u00a0€"
    assert "lecture haute" in ligne.expliquer(1)
    assert "lecture basse" not in ligne.expliquer(1)


@pytest.mark.parametrize("duree", [30, 3], ids=["longueurs differentes", "memes longueurs"])
@pytest.mark.parametrize(
    "operation", [operator.add, operator.mul, operator.truediv, minimum, lambda a, b: somme((a, b), "s")]
)
def test_mois_et_annees_ne_se_melent_pas(operation, duree):
    """Even when both have as many values: rank 2 is May of the first year, or the third year."""
    mois, ans = entree(np.ones(duree), "loyer", axe="mois"), entree(np.ones(3), "part", axe="annee")
    with pytest.raises(ErreurCalcul, match=r"deux axes de temps : « loyer » \(mois\) ; « part » \(annee\)"):
        operation(mois, ans)


def test_une_annee_se_lit_au_mois():
    mois, ans = entree(np.ones(30), "loyer", axe="mois"), entree([1.0, 2.0, 3.0], "part", axe="annee")
    assert (mois + vers_mois(ans, ECHELLE)).valeur[[0, 9, 10, 29]].tolist() == [2.0, 2.0, 3.0, 4.0]


def test_un_alias_est_la_grandeur_meme_sous_un_autre_nom():
    prix, places = Grandeur(8000.0, "Prix par place", "€/place"), Grandeur(12.0, "Places", "places")
    nommee = (prix * places).nommer("Aide")
    plafond = nommee.alias().nommer("Plafond")
    assert plafond.formule() == f"{nommee.lire()} (aide)"
    assert (nommee.nom, plafond.nom, plafond.valeur) == ("Aide", "Plafond", nommee.valeur)
    sans_nom = prix * places
    assert sans_nom.alias().nommer("Aide").formule() == sans_nom.formule()
    assert sans_nom.nom == ""


@pytest.mark.parametrize(
    ("montant", "part", "attendu"),
    [(200.0, 0.25, 50.0), (200.0, 0.0, 0.0), (np.nan, 0.0, 0.0), (np.nan, 0.25, np.nan), (0.0, np.nan, np.nan)],
)
def test_une_part_nulle_de_l_inconnu_est_nulle(montant, part, attendu):
    """By hand; an unknown share of nothing stays unknown, as a product does."""
    lue = part_de(entree(montant, "Assiette"), entree(part, "Part due"))
    np.testing.assert_equal(lue.au_point(), attendu)
    assert "Assiette" in lue.formule() or "assiette" in lue.formule()
    assert " × " in lue.formule()


def test_une_somme_prend_des_nombres_et_n_ecrit_dans_aucun_terme():
    """Plain numbers first, then terms of more rows and of more months: each is added, none is written into."""
    colonne, ligne = np.array([[3.0], [4.0]]), np.ones(3)
    termes = (1.0, 2.0, colonne, ligne, ligne)
    assert PLUS.valeur(*termes).tolist() == [[8.0] * 3, [9.0] * 3]
    assert (colonne.tolist(), ligne.tolist()) == ([[3.0], [4.0]], [1.0, 1.0, 1.0])


@given(
    st.integers(-5, 40),
    st.integers(1, 30),
    st.floats(-60, 90) | st.integers(-60, 90).map(float),
    st.floats(-60, 90) | st.integers(-60, 90).map(float),
)
def test_un_masque_de_mois_est_celui_de_la_comparaison_mois_par_mois(depart, duree, debut, fin):
    """One figure for each bound, or one by row: the same months, told one by one."""
    mois = np.arange(depart, depart + duree, dtype=float)
    attendu = [1.0 if debut <= m < fin else 0.0 for m in mois]
    rangs = Grandeur(mois, axe="mois")
    assert entre(rangs, Grandeur(debut), Grandeur(fin)).valeur.tolist() == attendu
    assert entre(rangs, Grandeur([[debut], [fin]]), Grandeur(fin)).valeur[0].tolist() == attendu


@pytest.mark.parametrize(("debut", "fin"), [(np.nan, 3.0), (1.0, np.nan)])
def test_un_masque_dont_une_borne_est_inconnue_est_inconnu(debut, fin):
    rangs = Grandeur(np.arange(4.0), axe="mois")
    assert np.isnan(entre(rangs, Grandeur(debut), Grandeur(fin)).valeur).all()
