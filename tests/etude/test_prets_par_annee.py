"""Loans by year: the annuity of the formula of constant payments, what is left by subtraction."""

import numpy as np
import numpy_financial as npf
import pytest

from pope_foncier.etude.scenarios import BASE, ouvrir
from pope_foncier.etude.service_dette import prets_par_annee
from tests.conftest import GARE


def test_annuite_constante_et_reste_du(moteur):
    dossier = ouvrir(GARE)
    (ev,) = moteur.evaluer(dossier, [BASE])
    pret = next(p for p in dossier.etude.prets if p.id == "banque")
    verse, interets, capital, annuite, reste = (np.ravel(g.valeur) for g in prets_par_annee(ev)[pret.libelle])
    echeances = pret.duree_mois.valeur - pret.differe_mois.valeur
    mensualite = npf.pmt(pret.taux.valeur / 12, echeances, -pret.montant.valeur)
    pleines = annuite[np.isclose(annuite, 12 * mensualite, atol=0.01)]
    assert len(pleines) >= echeances // 12 - 1
    assert annuite == pytest.approx(interets + capital)
    assert reste == pytest.approx(np.cumsum(verse - capital), abs=0.01)
    assert verse.sum() == pytest.approx(pret.montant.valeur)
    assert reste[-1] == pytest.approx(0.0, abs=0.01)
