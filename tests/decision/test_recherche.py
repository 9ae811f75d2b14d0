"""Goal seek on the cover: against closed forms by hand, targets reached to the millionth, out of reach, unknown, open plan."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.recherche import contribution_constante, dette_maximale
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.socle.erreurs import ErreurCalcul
from tests.decision.comite_rond import OUVERTURE, a_la_main, comite_rond, par_an
from tests.rondes import d

VILLE = "exploitation.contribution_commune.par_place"


@pytest.fixture(scope="module")
def rond(coque):
    return comite_rond(coque)


def services():
    m = a_la_main()
    return -np.array(par_an(m["interets"], OUVERTURE)) - par_an(m["capital"], OUVERTURE)


@pytest.mark.parametrize("cible", [1.10, 1.20])
def test_la_contribution_qui_tient_la_couverture_chaque_annee_a_la_main(rond, moteur_plat, cible):
    """Without the commune the activity leaves −14,000 a year; a year needs target × service + 14,000, pro rata in 2027."""
    mois = np.array([3] + [12] * 10)
    besoins = np.where(services() > 0, cible * services() + 14_000 * mois / 12, 0.0)
    par_place = (besoins / (10 * mois / 12)).max()
    trouve = contribution_constante(moteur_plat, rond, VILLE, cible)
    assert trouve.valeur == pytest.approx(par_place, rel=1e-9)
    assert trouve.couverture == pytest.approx(cible)
    assert trouve.annee == 2027 + int((besoins / mois).argmax())
    assert trouve.a_trouver == 0.0, "ce plan boucle"
    moins = calculer(moteur_plat.tirer(rond, {VILLE: np.array([trouve.valeur - 1.0])}))
    assert moins["couverture"].pire().item() < cible


def test_rien_n_est_cherche_pour_un_scenario_qui_n_ouvre_rien(moteur, coque):
    """Doing nothing serves no debt: neither « 0 € » nor « sans limite », but why there is nothing to seek."""
    rien = varier(coque, "rien", {"realiser": 0})
    trouves = [
        contribution_constante(moteur, coque, VILLE, 1.1, rien),
        dette_maximale(moteur, coque, coque.etude.prets[0].id, 1.1, rien),
    ]
    for trouve in trouves:
        assert trouve.sans_valeur == "sans objet"
        assert "aucune place" in trouve.sans_objet
        assert np.isnan([trouve.valeur, trouve.couverture, trouve.annee, trouve.a_trouver]).all()


@pytest.mark.parametrize("depuis", [2028, 2031])
def test_les_annees_d_avant_ne_comptent_pas(rond, moteur_plat, depuis):
    tout = contribution_constante(moteur_plat, rond, VILLE, 1.1)
    trouve = contribution_constante(moteur_plat, rond, VILLE, 1.1, depuis=depuis)
    assert trouve.valeur <= tout.valeur + 1e-6
    assert trouve.annee >= depuis


def test_la_plus_grande_dette_a_la_main(rond, moteur_plat):
    """Service is linear in the loan, what is available does not depend on it: the loan is 120,000 × lowest cover / target."""
    disponible = 26_000 * np.array([3] + [12] * 10) / 12
    couvertures = disponible[services() > 0] / services()[services() > 0]
    trouve = dette_maximale(moteur_plat, rond, "pret", 1.2)
    assert trouve.valeur == pytest.approx(120_000 * couvertures.min() / 1.2, rel=1e-6)
    assert trouve.couverture == pytest.approx(1.2, rel=1e-6)
    assert trouve.a_trouver > 10_000, "moins de prêt, plus à trouver"


def test_hors_d_atteinte_sans_dette_et_inconnu(rond, moteur_plat):
    sans_ville = varier(rond, "sans", {VILLE: 0})
    assert dette_maximale(moteur_plat, rond, "pret", 1.1, sans_ville).valeur == pytest.approx(0, abs=0.05), (
        "rien pour payer"
    )
    sans_pret = varier(rond, "pret_nul", {"prets[pret].montant": 0})
    assert contribution_constante(moteur_plat, rond, VILLE, 1.1, sans_pret).valeur == 0.0
    assert contribution_constante(moteur_plat, rond, "travaux.cout_m2_ht", 1.1).valeur == np.inf, (
        "un coût n'y peut rien"
    )
    inconnu = varier(rond, "inconnu", {"exploitation.cout_etp_terrain": {"a_obtenir_de": "la branche"}})
    assert np.isnan(contribution_constante(moteur_plat, rond, VILLE, 1.1, inconnu).valeur)
    with pytest.raises(ErreurCalcul, match="que l'étude n'a pas"):
        dette_maximale(moteur_plat, rond, "absent", 1.1)


def test_un_autre_pret_qui_ne_tient_deja_pas(rond, moteur_plat):
    autre = rond.etude.prets[0].model_dump(exclude_defaults=True) | {"id": "second", "montant": d(10_000)}
    prets = [rond.etude.prets[0].model_dump(exclude_defaults=True), autre]
    etude = varier(rond, "deux", {"prets": prets})
    deux = replace(rond, etude=etude, variantes={BASE: etude})
    assert dette_maximale(moteur_plat, deux, "second", 1.1).valeur == -np.inf, "le premier seul est déjà sous la cible"
