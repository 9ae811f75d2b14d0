"""Grid of two inputs: the cells are those of ``pf.croiser``, the threshold runs between them, what has no figure says why."""

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.sensibilite.essais import SANS_PLACE
from pope_foncier.decision.sensibilite.grille import grille
from pope_foncier.etude.resultats import Resultat
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision.sensibilite import graphiques, tableaux
from pope_foncier.vues.formes.image import Boite, Courbe

TRAVAUX, OCCUPATION, MOIS = "travaux.cout_m2_ht", "exploitation.taux_occupation", "delais.travaux_mois"
CHIFFRE = "a_trouver.total"


@pytest.fixture(scope="module")
def etude():
    return pf.ouvrir("gare_saint_denis")


@pytest.fixture(scope="module")
def vue(etude, moteur):
    return Resultat.calculer(etude.dossier(), moteur).vue()


@pytest.fixture(scope="module")
def lue(vue):
    return grille(vue, TRAVAUX, OCCUPATION, CHIFFRE, 700_000.0)


def test_les_cases_sont_celles_de_croiser(lue, etude):
    croisees = pf.croiser(etude, {TRAVAUX: lue.valeurs_x, OCCUPATION: lue.valeurs_y}, [CHIFFRE])[CHIFFRE].unstack(0)
    assert lue.chiffres == pytest.approx(croisees.to_numpy(), abs=0.02)
    assert pf.sensibilite(etude).grille(TRAVAUX, OCCUPATION).to_numpy() == pytest.approx(lue.chiffres, abs=0.02)


def test_les_valeurs_vont_d_un_bout_a_l_autre(lue, vue):
    assert (lue.valeurs_x[0], lue.valeurs_x[-1]) == (2200.0, 3200.0)
    mois = grille(vue, TRAVAUX, MOIS, CHIFFRE)
    assert (mois.valeurs_y == np.round(mois.valeurs_y)).all(), "un mois est entier"
    dites = grille(vue, TRAVAUX, MOIS, CHIFFRE, valeurs_x=(3000, 2500), valeurs_y=(6, 12))
    assert dites.valeurs_x.tolist() == [2500.0, 3000.0]
    assert dites.chiffres.shape == (2, 2)


def test_la_frontiere_passe_entre_les_cases_du_seuil(lue):
    image = graphiques.grille(lue, "étude")
    assert sum(isinstance(m, Boite) for m in image.marques) == lue.chiffres.size
    dessus = lue.chiffres >= 700_000.0
    cotes = int((np.diff(dessus, axis=0) != 0).sum() + (np.diff(dessus, axis=1) != 0).sum())
    assert cotes > 0
    epais = [m for m in image.marques if isinstance(m, Courbe) and m.couleur == "black"]
    assert len(epais) == cotes
    assert "seuil de 700\u202f000\u00a0€" in image.source


def test_une_case_sans_place_le_dit(vue):
    lue = grille(vue, TRAVAUX, "programme.surface_m2", CHIFFRE, valeurs_y=(5, 186))
    assert np.isnan(lue.chiffres[0]).all()
    assert set(lue.motifs[0]) == {SANS_PLACE}
    assert tableaux.grille(lue).lignes[0][1] == SANS_PLACE
    assert graphiques.grille(lue, "étude").marques[0].creuse


def test_deux_fois_la_meme_entree_ou_une_sans_intervalle(vue):
    with pytest.raises(ErreurCalcul, match="différentes"):
        grille(vue, TRAVAUX, TRAVAUX, CHIFFRE)
    with pytest.raises(ErreurCalcul, match="n'a pas d'intervalle"):
        grille(vue, TRAVAUX, "prets[banque].montant", CHIFFRE)
