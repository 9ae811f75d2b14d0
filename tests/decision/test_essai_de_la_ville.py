"""What a trial changes for the city: both amounts by place and year, the heavier weighs, an unknown one weighs nothing known."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.decision.commune.essai import Essai, essayer
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.etude.tresorerie import parties_du_projet
from tests.conftest import DONNEES


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


@pytest.mark.parametrize(
    ("montage", "avec_le_capital"),
    [
        ("achat_association", True),  # no capital: all is a gift
        ("sci_loue", False),  # the rent pays the capital of the company
        ("commune_loue", False),  # the capital is spent by the commune already
        ("commune_prete", False),
    ],
)
def test_tout_compris_ne_compte_pas_deux_fois_le_capital(moteur, montage, avec_le_capital):
    """By hand: paid, gifts to find and the cash that never comes back, over the years of opening; the capital once, with who bears it, and the
    cash that the property of the commune lacks, which its walls count."""
    coque, fiches = ouvrir(DONNEES / "etudes" / "coque_la_courneuve.yaml"), lire_montages()
    etude = preparer(coque, coque.etude.foncier, montage, fiches.montages[montage], fiches).etude
    vue = Resultat.calculer(replace(coque, etude=etude, variantes={BASE: etude}), moteur).vue()
    lu = ce_que_paie_la_commune(vue)
    assert (lu.capital_a_trouver > 0) != avec_le_capital
    parties = set(parties_du_projet(vue.bouclee.ev.ctx.etude)) - {"Ville de La Courneuve (patrimoine)"}
    caisse = sum(max(-vue.bouclee.montant(f"tresorerie.cumul.{qui}"), 0.0) for qui in parties)
    dons = lu.a_trouver - lu.capital_a_trouver
    attendu = (lu.investissement + lu.fonctionnement + dons + caisse) / lu.places.annees
    assert lu.tout_compris_par_an == pytest.approx(attendu)
