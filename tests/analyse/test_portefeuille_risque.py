"""Risk of a portfolio: no spread gives what is planned, a real draw is a real evaluation, equity moves the cash one for one."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.analyse.portefeuille import Risque, lire_portefeuille, preparer_lieux, reunir, risque, tirer_risque
from pope_foncier.analyse.scenarios import BASE, ouvrir, varier
from tests.analyse.portefeuille_rond import aplatir, d, deux, micro_ronde
from tests.conftest import DONNEES

SCI = DONNEES / "portefeuilles" / "sci_plaine_commune.yaml"


@pytest.fixture(scope="module")
def coque():
    return ouvrir(DONNEES / "etudes" / "coque_la_courneuve.yaml")


def test_le_risque_et_le_capital_d_une_petite_liste():
    """By hand: one of five below zero is 20 %; the 10 % quantile of −100, 0, 100, 200, 300 is −60, so 60 € more."""
    caisses = np.array([-100.0, 0.0, 100.0, 200.0, 300.0])
    tire = Risque(caisses, caisses[None], 60, 1_000.0)
    assert tire.probabilite(caisses) == pytest.approx(0.2)
    assert tire.capital_requis == pytest.approx(1_060)
    assert np.isnan(tire.probabilite(np.array([1.0, np.nan])))


def test_sans_bornes_ni_hasard_tous_les_tirages_sont_ce_qui_est_prevu(coque, moteur, monkeypatch):
    monkeypatch.setattr(risque, "PROPRES", ())
    monkeypatch.setattr(risque, "COMMUNES", ())
    plat, micro = aplatir(moteur), micro_ronde(coque)
    tire = tirer_risque(deux(), plat, nombre=7, dossiers={"micro": micro})
    prevu = reunir(deux(), preparer_lieux(deux(), dossiers={"micro": micro}), plat)
    assert tire.mois == 84, "last opening in month 24, five years after"
    assert tire.communs == pytest.approx(np.full(7, prevu.caisse[:84].min()))
    for rang in range(2):
        attendu = prevu.caisse_seule(rang, prevu.parts[rang])[:84].min()
        assert tire.seuls[rang] == pytest.approx(np.full(7, attendu))


def test_un_tirage_est_une_vraie_evaluation(coque, moteur, monkeypatch):
    """One site drawn with dearer works: the same lowest cash as a study written with that cost."""
    monkeypatch.setattr(risque, "PROPRES", ("travaux.cout_m2_ht",))
    monkeypatch.setattr(risque, "COMMUNES", ())
    plat, micro = aplatir(moteur), micro_ronde(coque)
    bornes = {"valeur": 1_500, "intervalle": [1_400, 1_900], "base": "essai"}
    large = varier(micro, "large", {"travaux.cout_m2_ht": bornes})
    dossiers = {"micro": replace(micro, etude=large, variantes={BASE: large})}
    tire = tirer_risque(deux(), plat, nombre=3, graine=5, dossiers=dossiers)
    for rang in range(3):
        creux = []
        for site in range(2):
            hasard = np.random.default_rng(5 + 1 + site)
            cout = hasard.triangular(1_400, 1_500, 1_900, 3)[rang]
            chere = varier(micro, "chere", {"travaux.cout_m2_ht": d(float(cout))})
            seule = reunir(deux(), preparer_lieux(deux(), dossiers={"micro": replace(micro, etude=chere)}), plat)
            prevu = reunir(deux(), preparer_lieux(deux(), dossiers={"micro": micro}), plat)
            creux.append(seule.caisse_seule(site, prevu.parts[site])[:84].min())
        assert tire.seuls[:, rang] == pytest.approx(creux, abs=0.01)


def test_le_capital_deplace_la_caisse_d_autant(moteur):
    fiche = lire_portefeuille(SCI)
    tires = [tirer_risque(fiche, moteur, nombre=60)]
    plus = fiche.model_copy(
        update={"capital": fiche.capital.model_copy(update={"valeur": fiche.capital.valeur + 50_000})}
    )
    tires.append(tirer_risque(plus, moteur, nombre=60))
    assert tires[1].communs - tires[0].communs == pytest.approx(np.full(60, 50_000))
    assert tires[0].capital_requis == pytest.approx(tires[1].capital_requis)


def test_a_plusieurs_le_creux_n_est_jamais_plus_bas_que_la_somme(moteur):
    """Each draw: pooled lowest cash at least the sum of the lows alone (the SCI saves on management besides)."""
    tire = tirer_risque(lire_portefeuille(SCI), moteur, nombre=300)
    assert (tire.communs >= tire.seuls.sum(axis=0) - 0.01).all()
    assert tire.probabilite(tire.communs) < min(tire.probabilite(s) for s in tire.seuls)
    assert tire.communs.std() > 0
