"""Risk of a portfolio: by hand on a tiny list, without chance, order of the sites, equity, common and own draws."""

import time

import numpy as np
import pytest

from pope_foncier.decision.portefeuille import (
    Tresorerie,
    lire_portefeuille,
    lire_regles_risque,
    preparer_lieux,
    reunir,
    tirer,
    tirer_risque,
)
from pope_foncier.decision.portefeuille.hasard import bornes
from pope_foncier.decision.portefeuille.risque import au_loyer_convenu
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.modele.loi import Triangulaire
from tests.conftest import COQUE, DONNEES
from tests.decision.portefeuille_rond import deux
from tests.rondes import aplatir, d, micro_ronde

SCI = lire_portefeuille(DONNEES / "portefeuilles" / "sci_plaine_commune.yaml")


@pytest.fixture(scope="module")
def micro():
    return micro_ronde(ouvrir(COQUE))


def _regles(**autres):
    return lire_regles_risque().model_copy(update=autres)


def test_le_risque_et_le_capital_d_une_petite_liste():
    """By hand, equity 1,000: one of five below zero is 20 %; the 10 % quantile of −100, 0, 100, 200, 300 is −60, so 1,060 €."""
    creux = np.array([-100.0, 0.0, 100.0, 200.0, 300.0])
    tresorerie = Tresorerie(creux, 1_000.0 - creux)
    assert tresorerie.probabilite == pytest.approx(0.2)
    assert tresorerie.creux_au(0.1) == pytest.approx(-60)
    assert tresorerie.capital_requis(0.1) == pytest.approx(1_060)
    assert np.isnan(Tresorerie(np.array([1.0, np.nan]), np.ones(2)).probabilite)


def test_la_loi_triangulaire_entre_zero_et_trois():
    """Mode 1 of (0, 3): density 2/3 at the mode, a third of the mass before it; F(x) = x²/3, then 1 − (3 − x)²/6."""
    assert Triangulaire(0, 1, 3).valeurs(np.array([0.0, 1 / 12, 1 / 3, 5 / 6, 1.0])) == pytest.approx([0, 0.5, 1, 2, 3])
    assert (Triangulaire(5, 5, 5).valeurs(np.array([0.2, 0.9])) == 5).all()


@pytest.mark.parametrize("rendement", [None, d(0.3)])
def test_sans_hasard_tous_les_tirages_sont_ce_qui_est_prevu(micro, moteur, rendement):
    """Last opening in month 24, so 84 months are watched; a return of 30 % puts the lowest cash at their very end."""
    plat, fiche = aplatir(moteur), deux(rendement_capital=rendement)
    rien = _regles(tirages=7, chemins_communs=(), champs_communs=(), champs_propres=())
    tire = tirer_risque(fiche, plat, rien, dossiers={"micro": micro})
    prevu = reunir(fiche, preparer_lieux(fiche, dossiers={"micro": micro}), plat)
    assert tire.commun.creux == pytest.approx(np.full(tire.tirages.nombre, prevu.caisse[0, :84].min()))
    assert rendement is None or prevu.caisse[0, :84].argmin() == 83
    for rang in range(2):
        attendu = prevu.caisse_seule(rang, prevu.parts[rang])[0, :84].min()
        assert tire.seuls[rang].creux == pytest.approx(np.full(tire.tirages.nombre, attendu))


def test_le_loyer_convenu_ne_suit_pas_le_cout_tire(moteur):
    """Dearer works do not raise a rent agreed before them: rents of every draw are those planned, cash is what they leave."""
    chantier = lire_regles_risque().champs_propres[:1]
    regles = _regles(tirages=20, chemins_communs=(), champs_communs=(), champs_propres=chantier, annees_apres=25)
    tire = tirer_risque(SCI, moteur, regles)
    assert tire.tirages.du_lieu("premiere")["travaux.cout_m2_ht"].std() > 50
    prets = preparer_lieux(SCI)
    libre = reunir(SCI, prets, moteur, tirages=tire.tirages)
    convenu = reunir(SCI, [au_loyer_convenu(p, moteur) for p in prets], moteur, tirages=tire.tirages)
    prevu = reunir(SCI, prets, moteur)
    loyers = np.broadcast_to(prevu.lieux[0].produits, (20, prevu.duree))
    assert np.broadcast_to(convenu.lieux[0].produits, loyers.shape) == pytest.approx(loyers, abs=0.01)
    assert libre.lieux[0].produits.sum(axis=-1).std() > 1_000
    fin = int(prevu.derniere_ouverture[0, 0]) + 300
    assert tire.commun.creux == pytest.approx(convenu.caisse[:, :fin].min(axis=-1), abs=0.01)
    assert not np.allclose(tire.commun.creux, libre.caisse[:, :fin].min(axis=-1), atol=1.0)


def test_le_capital_requis_ramene_au_risque_admis(moteur):
    """With the equity asked for, 10 % of the draws fall below zero, one draw more or less; also when the equity is paid."""
    for rendement in (None, d(0.02)):
        regles = _regles(tirages=200)
        fiche = SCI.model_validate(SCI.model_dump(exclude_none=True) | {"rendement_capital": rendement})
        requis = tirer_risque(fiche, moteur, regles).commun.capital_requis(0.1)
        assert requis > 0
        assez = fiche.model_copy(update={"capital": fiche.capital.model_copy(update={"valeur": requis})})
        assert tirer_risque(assez, moteur, regles).commun.probabilite == pytest.approx(0.1, abs=1 / 200)


def test_l_ordre_des_lieux_ne_change_rien(moteur):
    un, autre = (
        tirer_risque(SCI.model_copy(update={"lignes": lignes}), moteur, _regles(tirages=60))
        for lignes in (SCI.lignes, SCI.lignes[::-1])
    )
    assert un.commun.creux == pytest.approx(autre.commun.creux, abs=0.01)
    for rang in range(2):
        assert un.seuls[rang].creux == pytest.approx(autre.seuls[1 - rang].creux, abs=0.01)


def test_le_marche_est_commun_et_le_chantier_propre(moteur):
    regles = _regles(tirages=2_000)
    tirages = tirer(preparer_lieux(SCI), moteur, regles)
    premiere, seconde = (tirages.du_lieu(x) for x in ("premiere", "seconde"))
    assert premiere.keys() == seconde.keys()
    assert {"evolution.bt01", "evolution.salaires", "evolution.psu"} <= tirages.communs.keys()
    for champ, valeurs in premiere.items():
        commun = champ.startswith(("evolution.", "prets[", "exploitation.paie.points"))
        lien = np.corrcoef(valeurs, seconde[champ])[0, 1]
        assert lien == pytest.approx(1.0 if commun else 0.0, abs=0.1), champ
    assert premiere["aides[piaje].coefficient"].mean() == pytest.approx(0.7, abs=0.04)
    assert premiere["travaux.cout_m2_ht"].min() >= 1_300
    assert premiere["travaux.cout_m2_ht"].mean() == pytest.approx((1_300 + 1_600 + 1_900) / 3, abs=15)


def test_un_champ_sans_bornes_ou_hors_des_regles_ne_se_tire_pas():
    etude = ouvrir(COQUE).etude
    trouves = {chemin for chemin, _ in bornes(etude, lire_regles_risque().champs_propres)}
    assert "aides[caf93].delai_versement_mois" in trouves
    assert "aides[caf93].par_place" not in trouves, "hors des règles"
    assert "delais.phases" not in str(trouves), "aucune phase dans cette étude"


def test_a_plusieurs_le_creux_n_est_jamais_plus_bas_que_la_somme(moteur):
    """Each draw: pooled lowest cash at least the sum of the lows alone (the SCI saves on management besides)."""
    tire = tirer_risque(SCI, moteur, _regles(tirages=300))
    assert (tire.commun.creux >= sum(t.creux for t in tire.seuls) - 0.01).all()
    assert tire.commun.probabilite < min(t.probabilite for t in tire.seuls)
    assert tire.un_seul_suffit >= max(t.probabilite for t in tire.seuls)
    assert tire.commun.creux.std() > 0


@pytest.mark.parametrize("nom", ["sci_plaine_commune", "scic_plaine_commune"])
def test_le_bilan_se_ferme_a_chaque_tirage(nom, moteur):
    portefeuille = lire_portefeuille(DONNEES / "portefeuilles" / f"{nom}.yaml")
    prets = preparer_lieux(portefeuille)
    ensemble = reunir(portefeuille, prets, moteur, tirages=tirer(prets, moteur, _regles(tirages=200)))
    bilan = ensemble.bilan()
    assert np.asarray(sum(bilan.actif.values())).shape[0] == 200
    assert sum(bilan.actif.values()) == pytest.approx(sum(bilan.passif.values()), abs=0.005)


def test_mille_tirages_de_deux_lieux_en_quelques_secondes(moteur):
    """Processor time, which a busy machine does not stretch much."""
    debut = time.process_time()
    tire = tirer_risque(SCI, moteur)
    assert tire.tirages.nombre == 1_000
    assert time.process_time() - debut < 5
