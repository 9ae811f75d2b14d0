"""Level loan at drawn rates, on the months of a study, against the same loan unrolled month by month in plain Python."""

from datetime import date

import numpy as np
import pytest

from pope_foncier.modele.fiche_pret import TermesDansUneEtude
from pope_foncier.prets.echeance_constante import colonnes_a_echeance_constante
from pope_foncier.prets.echeancier import placer_sur_mois
from pope_foncier.prets.mensualites import calculer
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.pret_sur_les_mois import PretLu
from pope_foncier.prets.termes import Emprunt

JOUR = date(2027, 1, 1)


def derouler(capital, taux, nombre, differe, debut, duree_etude):
    """Interest, principal and balance by month; the instalment is that of the annuity, by its sum of discounts."""
    i, mois = taux / 12, {nom: [0.0] * duree_etude for nom in ("interets", "rembourse", "restant")}
    echeance = capital / sum((1 + i) ** -k for k in range(1, nombre + 1))
    solde = capital
    for rang in range(differe + nombre + 1):
        interet = solde * i if rang else 0.0
        paye = echeance - interet if rang > differe else 0.0
        solde -= paye
        if debut + rang < duree_etude:
            mois["interets"][debut + rang] = interet
            mois["rembourse"][debut + rang] = paye
            mois["restant"][debut + rang] = solde
    return mois.values()


@pytest.mark.parametrize(
    ("nombre", "differe", "debut"), [(240, 0, 0), (222, 18, 14), (1, 0, 3), (300, 12, 200), (60, 24, 355), (12, 3, 359)]
)
def test_chaque_tirage_est_le_pret_deroule(nombre, differe, debut):
    taux = np.array([[0.0], [1e-9], [0.0315], [0.045], [0.12]])
    for capital in (np.array([250_000.0]), np.linspace(1e5, 9e5, 5).reshape(-1, 1)):
        colonnes = colonnes_a_echeance_constante(capital, taux, nombre, differe, debut, 360, tires=True)
        for rang in range(5):
            prete, t = float(capital.ravel()[min(rang, capital.size - 1)]), float(taux[rang, 0])
            attendues = list(derouler(prete, t, nombre, differe, debut, 360))
            seules = colonnes_a_echeance_constante(
                np.array([prete]), np.array([t]), nombre, differe, debut, 360, tires=False
            )
            for colonne, seule, attendue in zip(colonnes, seules, attendues, strict=True):
                assert np.allclose(colonne[rang], attendue, rtol=0.0, atol=1e-11 * prete)
                assert np.allclose(seule[0], attendue, rtol=0.0, atol=1e-11 * prete)


def test_un_pret_rembourse_ne_doit_plus_rien():
    _, rembourse, restant = colonnes_a_echeance_constante(
        np.array([1.0]), np.array([[0.02], [0.07]]), 120, 6, 2, 360, tires=True
    )
    assert np.array_equal(restant[:, 128:], np.zeros((2, 232)))
    assert np.allclose(rembourse.sum(axis=1), 1.0, rtol=1e-13)


@pytest.mark.parametrize(
    ("taux", "nombre", "differe"), [(0.0, 12, 0), (0.0315, 222, 18), (0.06, 300, 12), (0.045, 1, 3)]
)
def test_un_pret_seul_est_celui_du_moteur_au_chiffre_pres(taux, nombre, differe):
    tableau = echeancier(
        Emprunt(1.0, taux, nombre + differe, differe="partiel" if differe else "aucun", differe_mois=differe)
    )
    attendues = placer_sur_mois(tableau, 360, 7, ("interets_payes", "remboursement", "capital_restant_du"))
    lues = colonnes_a_echeance_constante(np.ones(1), np.array([taux]), nombre, differe, 7, 360, tires=False)
    for lue, attendue in zip(lues, attendues.values(), strict=True):
        assert np.array_equal(lue, attendue)


@pytest.mark.parametrize("profil", ["annuite_constante", "capital_constant", "in_fine"])
@pytest.mark.parametrize("capital", [[np.nan], [[np.nan], [np.nan]], [[np.nan], [1_000.0]]])
def test_un_capital_inconnu_ne_dit_rien_d_aucun_mois(profil, capital):
    """Of an unknown amount no month is known; a known one beside it is repaid."""
    fiche = TermesDansUneEtude.model_validate({"profil": profil, "taux": {"valeur": 0.03, "base": "essai"}})
    lus, montants = {"duree_mois": np.array([120.0])}, np.array(capital)
    lu = PretLu(fiche, lus, {"duree_mois": "mois"}, np.array([0.03]), np.array([2.0]), montants, 240, lambda _: JOUR)
    m = calculer(lu)
    inconnus = np.isnan(montants).reshape(-1)
    for colonne in (m.interets, m.remboursement, m.restant):
        assert colonne.shape == (len(inconnus), 240)
        assert np.isnan(colonne[inconnus]).all()
    assert m.remboursement[~inconnus].sum(axis=1) == pytest.approx(montants[~inconnus].ravel())
