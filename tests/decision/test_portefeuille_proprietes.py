"""Portfolio, properties: it closes for any delay and equity, pooling never digs deeper, one site is itself, order is nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.decision.portefeuille import Tirages, eprouver, ferme, preparer_lieux, reunir
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from tests.conftest import COQUE
from tests.decision.portefeuille_rond import assembler, fiche, ligne, poste
from tests.rondes import d, micro_ronde


@pytest.fixture(scope="module")
def micro():
    return micro_ronde(ouvrir(COQUE))


@settings(max_examples=25)
@given(
    capital=st.floats(0, 2e6),
    decalages=st.lists(st.integers(0, 40), min_size=1, max_size=3),
    retard=st.integers(0, 30),
    ans=st.integers(1, 12),
    montage=st.sampled_from(["scic_achat", "sci_loue"]),
)
def test_le_bilan_se_ferme_et_mutualiser_ne_creuse_pas(micro, moteur, capital, decalages, retard, ans, montage):
    """For any delay and equity: assets = liabilities, also after a failure, and the common low is not under the sum of the lows."""
    noms = [f"l{i}" for i in range(len(decalages))]
    lieux = [ligne(n, m, montage=montage) for n, m in zip(noms, decalages, strict=True)]
    gestion = poste(0.1, "gestion", **dict.fromkeys(noms, 0.1))
    sheet = fiche(*lieux, capital=d(capital), depart_ans=ans, postes_partages=[gestion])
    ensemble = assembler(sheet, micro, moteur, {noms[0]: retard})
    seuls = [ensemble.caisse_seule(i, p).min() for i, p in enumerate(ensemble.parts)]
    assert ensemble.caisse.min() >= sum(seuls) - 0.01
    for rang, lieu in enumerate(ensemble.lieux):
        touche = ensemble.avec(rang, ferme(ensemble, lieu))
        touche.bilan()
        seuls = [touche.caisse_seule(i, p).min() for i, p in enumerate(ensemble.parts)]
        assert touche.caisse.min() >= sum(seuls) - 0.01
    ensemble.bilan()


@settings(max_examples=15)
@given(decalage=st.integers(0, 40), capital=st.floats(0, 2e6))
def test_un_lieu_seul_est_son_propre_portefeuille(micro, moteur, decalage, capital):
    """Pooled cash = cash of the single study that has this equity as its own, closed, less what nobody brings to it."""
    sheet = fiche(ligne("seul", decalage), capital=d(capital))
    (pret,) = preparer_lieux(sheet, dossiers={"micro": micro})
    parts = {"id": "parts", "libelle": "Parts", "apporteur": "Associés", "nature": "fonds_propres"}
    parts |= {"montant": d(capital), "mois_versement": d(0)}
    etude = varier(replace(micro, etude=pret.etude, variantes={BASE: pret.etude}), "parts", {"apports": [parts]})
    livre = boucler(replace(pret, etude=etude).evaluer(moteur)).livre
    manque = livre["tresorerie.bouclage.a_trouver"].valeur
    ensemble = reunir(sheet, [pret], moteur)
    attendu = np.ravel(livre["tresorerie.cumul.Scic"].valeur) - np.cumsum(np.broadcast_to(manque, (1, 132)))
    assert ensemble.caisse[0] == pytest.approx(attendu, abs=0.01)
    assert ensemble.a_trouver == pytest.approx(manque.sum(), abs=0.01)
    assert ensemble.caisse_seule(0, 1.0) == pytest.approx(ensemble.caisse)


@settings(max_examples=10)
@given(capital=st.floats(0, 1.2e6), cout=st.floats(800, 3_000), hausse=st.floats(0, 0.5))
def test_un_chantier_plus_cher_ne_remonte_jamais_la_tresorerie(micro, moteur, capital, cout, hausse):
    """Works dearer by any part: the common cash is lower or equal every month, whatever the equity covers."""
    sheet = fiche(ligne("a"), ligne("b", 12), capital=d(capital))
    tirages = Tirages({"travaux.cout_m2_ht": np.array([cout, cout * (1.0 + hausse)])})
    ensemble = reunir(sheet, preparer_lieux(sheet, dossiers={"micro": micro}), moteur, tirages=tirages)
    ensemble.bilan()
    avant, apres = ensemble.caisse
    assert (apres <= avant + 0.02).all()
    assert ensemble.a_trouver[1, 0] >= ensemble.a_trouver[0, 0] - 0.02


@settings(max_examples=15)
@given(decalages=st.permutations([0, 7, 12]))
def test_l_ordre_des_lieux_ne_change_rien(micro, moteur, decalages):
    def mesures(ordre):
        sheet = fiche(*(ligne(f"l{m}", m) for m in ordre), postes_partages=[poste(0.5, "gestion", l0=0.3, l7=0.3)])
        ensemble = assembler(sheet, micro, moteur)
        epreuves = eprouver(sheet, moteur, dossiers={"micro": micro})
        return ensemble, {
            e.libelle: [float(x[0]) for x in (e.commun.montant, e.appel, e.mois_sous_reserve)] for e in epreuves
        }

    (un, epreuves_un), (deux_, epreuves_deux) = mesures([0, 7, 12]), mesures(decalages)
    assert un.caisse == pytest.approx(deux_.caisse, abs=0.01)
    assert un.reserve == pytest.approx(deux_.reserve, abs=0.01)
    assert epreuves_un.keys() == epreuves_deux.keys()
    for nom, valeurs in epreuves_un.items():
        assert epreuves_deux[nom] == pytest.approx(valeurs, abs=0.01)
