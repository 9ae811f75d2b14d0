"""What a trial changes for the city: both amounts by place and year, the heavier weighs, an unknown one weighs nothing known."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.decision.commune.essai import Essai, essayer
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, varier


@pytest.mark.parametrize(
    ("paye", "manque", "poids", "connu"),
    [(10.0, -30.0, 30.0, True), (-40.0, 5.0, 40.0, True), (0.0, 0.0, 0.0, True), (10.0, np.nan, None, False)],
)
def test_le_plus_lourd_des_deux_pese(paye, manque, poids, connu):
    essai = Essai(paye, manque)
    assert essai.est_connu == connu
    if connu:
        assert essai.poids == poids


def test_un_essai_va_d_avant_vers_apres(dossier, moteur):
    """Works at 4,500 €/m² and not 3,750: what the city would pay in all rises by the sum of both changes, read on the two closed plans."""
    cher = varier(dossier, "cher", {"travaux.cout_m2_ht": {"valeur": 4_500, "base": "essai"}})
    avant = Resultat.calculer(dossier, moteur).vue()
    apres = Resultat.calculer(replace(dossier, etude=cher, variantes={BASE: cher}), moteur).vue()
    essai = essayer(avant, apres)
    couts = [ce_que_paie_la_commune(v).tout_compris for v in (avant, apres)]
    assert essai.paye + essai.manque == pytest.approx(couts[1] - couts[0])
    assert essai.paye + essai.manque > 0
