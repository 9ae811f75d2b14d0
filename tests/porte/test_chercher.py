"""Goal seek at the door: what is found is said in words too, and no loan is bearable without an income that pays it."""

import math

import pytest

import pope_foncier as pf
from pope_foncier.decision.recherche import dette_maximale
from pope_foncier.etude.scenarios import ouvrir, varier
from tests.conftest import GARE, GELEES
from tests.decision.comite_rond import comite_rond
from tests.rondes import aplatir

VILLE = "exploitation.contribution_commune.par_place"


def au_forfait(par_place):
    """Frozen station whose commune pays a lump."""
    forfait = {"mode": "forfait", "par_place": {"valeur": par_place, "base": "essai"}}
    return pf.ouvrir(GARE).varier({"exploitation.contribution_commune": forfait})


@pytest.fixture(scope="module")
def rond():
    return comite_rond(ouvrir(GELEES / "coque_la_courneuve.yaml"))


def test_aucun_pret_n_est_pas_trois_centimes(rond, moteur):
    """Without the commune the activity loses 14,000 a year: the smallest loan has nothing to be paid with."""
    trouve = dette_maximale(aplatir(moteur), rond, "pret", 1.1, varier(rond, "sans", {VILLE: 0}))
    assert trouve.valeur == 0.0
    assert math.isnan(trouve.couverture)
    assert math.isnan(trouve.annee)
    assert trouve.a_trouver > 0, "le plan se boucle sans prêt"


def test_la_porte_dit_aucun_pret():
    etude = au_forfait(0)
    trouve = pf.chercher(etude, "prets[banque].montant", couverture=1.1)
    assert trouve["dit"] == "aucun prêt"
    assert trouve["valeur"] == 0.0
    assert math.isnan(trouve["couverture"])


@pytest.mark.parametrize(
    ("par_place", "champ", "dit"),
    [
        (14_000, "prets[banque].montant", "trouvé"),
        (0, VILLE, "trouvé"),
        (0, "travaux.cout_m2_ht", "hors d'atteinte"),
    ],
)
def test_la_porte_dit_ce_qui_est_trouve(par_place, champ, dit):
    trouve = pf.chercher(au_forfait(par_place), champ, couverture=1.1)
    assert trouve["dit"] == dit
    assert (trouve["couverture"] == pytest.approx(1.1, abs=1e-6)) == (dit == "trouvé")
