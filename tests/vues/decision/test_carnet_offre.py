"""Bank's offer that enters a study: both plans read one by one, the size of the loan as from the door."""

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.vues.decision import carnet_offre
from pope_foncier.vues.formes.proteger import proteger
from tests.conftest import GARE


@pytest.fixture(scope="module")
def offre():
    return pf.carnets.offre("pret_bancaire", GARE, a_la_place_de="banque")


@pytest.fixture(scope="module")
def plans():
    depart = pf.ouvrir(GARE)
    return depart.calculer(), depart.sans("banque").avec_pret("pret_bancaire").calculer()


def test_ce_que_change_l_offre_est_l_ecart_de_deux_etudes(offre, plans):
    cadre = carnet_offre.changements(offre.avant, offre.apres, offre.libelle).to_frame()
    for nom, code in (("Besoins du plan", "besoins.total"), ("Emprunts", "emprunts")):
        avant, apres = (p[code].valeur for p in plans)
        assert cadre.loc[nom, "Sans l'offre"] == pytest.approx(avant)
        assert cadre.loc[nom, "Avec l'offre"] == pytest.approx(apres)
        assert cadre.loc[nom, "Écart"] == pytest.approx(apres - avant, abs=1e-6)
    couvertures = cadre.loc["Couverture de la dette, pire année"]
    for nom, plan in zip(("Sans l'offre", "Avec l'offre"), plans, strict=True):
        assert couvertures[nom] == pytest.approx(plan["couverture_minimale"].valeur)


def test_les_echeances_de_chaque_annee_sont_celles_du_livre(offre, plans):
    cadre = carnet_offre.couvertures(offre.avant, offre.apres).to_frame()
    for colonne, plan, pret in zip(cadre.columns[[0, 2]], plans, ("banque", "pret_bancaire"), strict=True):
        du = plan.serie(f"emprunts.{pret}.interets") + plan.serie(f"emprunts.{pret}.remboursement")
        ouverture = int(plan._ouverte.ev.calendrier.ouverture.au_point())
        par_an = du.iloc[ouverture:].groupby(du.index[ouverture:].year).sum()
        for annee, valeur in cadre[colonne].items():
            assert valeur == pytest.approx(par_an.get(int(annee), 0.0), abs=0.01)


def test_la_taille_est_celle_de_la_porte(offre, plans):
    porte = plans[1].dimensionner("pret_bancaire")
    assert offre.taille.montant == porte.montant
    assert proteger(repr(porte)) in offre.dimensionnement().data


def test_les_structures_gardent_la_duree_de_l_offre_et_celle_du_titre(offre):
    assert set(offre.structures.duree) == {180.0, float(offre.taille.duree_mois)}
    assert np.isfinite(offre.structures.teg).all()


def test_une_offre_que_rien_ne_dimensionne_dit_pourquoi():
    sans = pf.carnets.offre("pret_bancaire", "creche_emile_zola")
    assert sans.taille is None
    for dite in (sans.dimensionnement(), sans.image_structures(), sans.table_structures()):
        assert "ne se dimensionne pas sur une inconnue" in dite.data
