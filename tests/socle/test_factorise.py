"""Sums of draws taken through products: the same figures as numpy on whole arrays, and fewer of these."""

from datetime import date

import numpy as np
import pytest

from pope_foncier.socle.factorise import factoriser
from pope_foncier.socle.grandeur import Grandeur, par_annee, somme, total, vers_mois
from pope_foncier.socle.programme import CheminRompu, Programme, en_etapes, parcourir
from pope_foncier.socle.temps import Echelle
from pope_foncier.socle.vocabulaire import au_mois, cumul, etaler, maximum, plus_bas

MOIS = 40
ECHELLE = Echelle(date(2027, 5, 1), MOIS)
ANNEE = np.array([(4 + m) // 12 for m in range(MOIS)])
HASARD = np.random.default_rng(3)
PRIX, TARIF, SOLDE = HASARD.uniform(1, 2, (7, 1)), HASARD.uniform(1, 2, (7, 1)), HASARD.uniform(-1, 1, (7, MOIS))
OUVERT, TRAVAUX = (np.arange(MOIS) >= 9) * 1.0, ((np.arange(MOIS) >= 2) & (np.arange(MOIS) < 8)) * 1.0
CROISSANCE = np.array([1.0, 1.1, 1.25, 1.5])


def par_an(mois):
    """Sums by calendar year, computed apart."""
    return np.stack([mois[:, a == ANNEE].sum(axis=1) for a in range(4)], axis=1)


@pytest.fixture
def etude():
    """A small study: works spread and paid, yearly income by open month, a whole array, its cash and its sums."""
    prix, tarif = Grandeur(1.0, "prix", "€"), Grandeur(1.0, "tarif", "€")
    flux = Grandeur(np.ones(MOIS), "flux", "€", axe="mois")
    rangs, ouvert = Grandeur(np.arange(MOIS), axe="mois"), Grandeur(OUVERT, axe="mois")
    travaux = etaler(prix * 100.0, Grandeur(TRAVAUX, axe="mois"))
    retenue = au_mois(rangs, prix * 7.0, Grandeur(11.0))
    annuel = tarif * Grandeur(CROISSANCE, axe="annee")
    produits = vers_mois(annuel, ECHELLE) * ouvert
    fixe = Grandeur(np.full(MOIS, 0.5), axe="mois")
    net = somme([produits, fixe, flux]) - somme([travaux, retenue])
    sorties = {
        "par_annee": par_annee(net * ouvert, ECHELLE),
        "total": total(travaux + retenue),
        "bas": plus_bas(cumul(net)),
        "perte": total(maximum(travaux - produits, 0.0)),
    }
    return (prix, tarif, flux), sorties


def lancer(entrees, sorties, valeurs):
    programme = Programme(sorties.values())
    rangs = {programme.rang(g): v for g, v in zip(entrees, valeurs, strict=True)}
    bits, voulues = programme.bits(rangs), frozenset(programme.rang(g) for g in sorties.values())
    avant = [e.pas for e in programme.trajet(bits, voulues)]
    trajet = en_etapes(factoriser(programme, avant, bits, bits, voulues), voulues)
    cellules = programme.valeurs()
    for rang, valeur in rangs.items():
        cellules[rang] = valeur
    parcourir(trajet, cellules)
    entiers = [sum(programme.longueur(p.ecrite) == MOIS for p in pas) for pas in (avant, [e.pas for e in trajet])]
    return {nom: cellules[programme.rang(g)] for nom, g in sorties.items()}, entiers


def attendues(prix, tarif, flux):
    travaux = prix * 100.0 * TRAVAUX / 6
    retenue = prix * 7.0 * (np.arange(MOIS) == 11)
    produits = tarif * CROISSANCE[ANNEE] * OUVERT
    net = produits + 0.5 + flux - travaux - retenue
    return {
        "par_annee": par_an(net * OUVERT),
        "total": 107.0 * prix,
        "bas": np.cumsum(net, axis=1).min(axis=1, keepdims=True),
        "perte": np.maximum(travaux - produits, 0.0).sum(axis=1, keepdims=True),
    }


def test_les_memes_chiffres_avec_moins_de_tableaux(etude):
    lues, (avant, apres) = lancer(*etude, (PRIX, TARIF, SOLDE))
    for nom, valeur in attendues(PRIX, TARIF, SOLDE).items():
        assert np.allclose(lues[nom], valeur, rtol=1e-12, atol=1e-12), nom
    assert apres < avant


def test_un_inconnu_reste_inconnu(etude):
    """An unknown month of one draw, and an unknown yearly figure: unknown where numpy leaves them so."""
    flux, tarif = SOLDE.copy(), TARIF.copy()
    flux[2, 30], tarif[4] = np.nan, np.nan
    lues, _ = lancer(*etude, (PRIX, tarif, flux))
    for nom, valeur in attendues(PRIX, tarif, flux).items():
        assert np.allclose(lues[nom], valeur, rtol=1e-12, atol=1e-12, equal_nan=True), nom
    assert np.isnan(lues["par_annee"][2]).sum() == 1


def test_un_versement_inconnu_ne_se_factorise_pas(etude):
    """It would spread to the months without payment: the block is computed whole."""
    prix = PRIX.copy()
    prix[1] = np.nan
    with pytest.raises(CheminRompu):
        lancer(*etude, (prix, TARIF, SOLDE))
