"""One full year (2030) of a multi-accueil and of a micro-crèche Paje, recomputed in plain Python from the published figures.

Nothing here reads a scale or calls a rule of the project: amounts are written again from their sources, and wages, prices and
rents each follow their own path, so that one taken for another shows.
"""

import math
from statistics import NormalDist

import numpy as np
import pytest

from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.reste_a_charge import restes_a_charge
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.grandeur import par_annee
from tests.conftest import DONNEES

SALAIRES, PRIX, LOYERS, PSU = 1.028, 1.013, 1.018, 1.015
"""Yearly growths: central paths, wages drawn one point above and prices half a point below."""
TIRAGES = {"evolution.salaires": np.array([0.01]), "evolution.prix": np.array([-0.005])}
HEURES_PAR_PLACE = 11 * 223.3 * 0.65
CMG = ((992.15, 197), (855.26, 180), (718.42, 23))
"""Ceiling of each bracket, and how many of 400 families of the law of incomes (median 27,270 €, spread 0.5) stand in it, less 10 % of wages."""
POINTS = {"education": 152, "accompagnement": 59, "animation": 26, "direction": 416, "sante": 138, "service": 13}
COTISATIONS = (0.13 + 0.0525 + 0.0855 + 0.0211 + 0.003 + 0.04 + 0.0025 + 0.001) + (
    0.0472 + 0.0129 + 0.00016 + 0.023 + 0.018 + 0.02
)


def cout_d_un_etp(points):
    """Gross pay, contributions less the general relief, and the tax on wages of one post, at the scales of 2026."""
    brut = 23_000 + 55 * (points + 5)
    smic = 12.02 * 1_820
    allegement = 0.02 + 0.3781 * min(1.0, 0.5 * (3 * smic / brut - 1)) ** 1.75 if brut < 3 * smic else 0.0
    taxe = 0.0425 * min(brut, 9_229) + 0.085 * (min(brut, 18_423) - 9_229) + 0.136 * (brut - 18_423)
    return brut * (1 + COTISATIONS - allegement), taxe


def personnel(places, direction, sante):
    """Staff cost of 2030: one adult for six, two at least, 8 h full and 3 h at 45 % of the children."""
    adultes = [max(math.ceil(n / 6 - 1e-9), 2) for n in (places, 0.45 * places)]
    terrain = (adultes[0] * 8 + adultes[1] * 3) * 223.3 / 1_450
    equipe = {"education": 0.25 * terrain, "accompagnement": 0.40 * terrain, "animation": 0.35 * terrain}
    equipe |= {"direction": direction, "sante": sante, "service": places * 0.041666667}
    couts = [(n, *cout_d_un_etp(POINTS[m])) for m, n in equipe.items()]
    taxe = max(sum(n * t for n, _, t in couts) - 24_256, 0.0)
    return (sum(n * c for n, c, _ in couts) + taxe) * SALAIRES**4


def charges(places, surface, direction, sante):
    """Lines at prices of 2026, and 8.2 % (accounts 62, 63, 65) of the national cost of 2024: +0.9 % published for 2025, then the path."""
    lignes = (1_100 + 300 + 80) * places + (25 + 15) * surface
    national = 19_450 * (1 - 0.747 - 0.070 - 0.050 - 0.051) * 1.009 * places
    loyer = 140 * surface * LOYERS**3  # lease of 2027, reviewed three times
    return personnel(places, direction, sante) + lignes * PRIX**4 + national * PRIX**5 + loyer


def participation():
    """Mean hourly payment, one child: log-normal incomes, floor known to 2027 then at prices, ceiling of 8,500 € held."""
    mediane, plancher = 15_150 * 1.8 / 12 * SALAIRES**4, 821.13 * PRIX**3
    loi = NormalDist()
    revenus = [mediane * math.exp(0.5 * loi.inv_cdf((i + 0.5) / 20_000)) for i in range(20_000)]
    return 0.000619 * sum(min(max(r, plancher), 8_500) for r in revenus) / 20_000


@pytest.fixture(scope="module")
def dossier():
    return ouvrir(DONNEES / "etudes" / "modes_d_accueil.yaml")


def lire(ev, grandeur):
    return float(par_annee(grandeur, ev.ctx.echelle).valeur.reshape(-1)[3])


def test_multi_accueil_de_trente_places(moteur, dossier):
    ev = moteur.tirer(dossier, TIRAGES)
    assert ev.ctx.echelle.annees[rang_de_croisiere(ev)] == 2030
    heures, total = 30 * HEURES_PAR_PLACE, charges(30, 410, 0.75, 0.2)
    horaire, plafond = participation(), 10.25 * PSU**4
    psu = max(0.66 * min(total / heures, plafond) - horaire, 0.0) * heures
    journees = 30 * 3 * 10 * 0.66 * plafond
    # bonuses of 2,600 and 970 €; mixité: thresholds of 2025 moved by the path of the PSU, 1.52 × 1.015^5 = 1.637 < 1.77
    bonus = 30 * (2_600 + 970)
    assert horaire > 1.52 * PSU**5
    assert lire(ev, ev.compte.charges) == pytest.approx(total, rel=1e-6)
    assert lire(ev, ev.compte.usagers) == pytest.approx(horaire * heures, rel=1e-4)
    caf = sum(lire(ev, g) for g in ev.compte.par_payeur[ev.ctx.etude.acteurs.caf_locale])
    assert caf == pytest.approx(psu + journees + bonus, rel=1e-4)
    assert lire(ev, ev.compte.contribution) == pytest.approx(
        total - horaire * heures - psu - journees - bonus, rel=1e-4
    )


def test_micro_creche_paje_de_douze_places(moteur, dossier):
    ev = moteur.tirer(dossier, TIRAGES, dossier.variantes["micro_creche_paje"])
    heures, total = 12 * HEURES_PAR_PLACE, charges(12, 190, 0.5, 0.0)
    facture = 9 * PRIX**4 * heures
    cmg = sum(n * min(m * 12 * 12 * PRIX**4, 0.85 * facture) for m, n in CMG) / 400
    parts = {p: float(g.valeur.reshape(-1)[3]) for p, g in restes_a_charge(ev).items()}
    assert parts["Familles"] == pytest.approx(facture - cmg, rel=1e-6)
    assert parts[f"{ev.ctx.etude.acteurs.caf_locale} (CMG)"] == pytest.approx(cmg, rel=1e-6)
    assert parts[ev.ctx.etude.acteurs.commune] == pytest.approx(total - facture, rel=1e-6)


def test_a_moitie_pleine_la_moitie_des_enfants_ouvre_le_cmg(moteur, dossier):
    """July 2028, opening at half: six children, each under the ceiling of its bracket moved to the prices of 2028."""
    ev = moteur.tirer(dossier, {}, dossier.variantes["micro_creche_paje"])
    facture = 6 * HEURES_PAR_PLACE / 12 * 9 * 1.018**2
    assert 0.85 * facture > 992.15 * 6 * 1.018**2, "every ceiling binds for six children"
    assert 0.85 * facture < 2 * 718.42 * 6 * 1.018**2, "none would for twelve"
    plafond = 6 * sum(m * n for m, n in CMG) / 400 * 1.018**2
    assert ev.compte.usagers.valeur.reshape(-1)[18] == pytest.approx(facture)
    assert ev.compte.cmg.valeur.reshape(-1)[18] == pytest.approx(plafond)


def test_le_tarif_d_une_micro_creche_paje_s_arrete_a_dix_euros(moteur, dossier):
    """9 € at 3 % a year pass 10 € in 2030 (9 × 1.03^4 = 10.13): the price stops there, or families lose the CMG."""
    etude = dossier.variantes["micro_creche_paje"]
    tarif = moteur.tirer(dossier, {"evolution.prix": np.array([0.012])}, etude).compte.participation.valeur.reshape(-1)
    assert tarif[2] == pytest.approx(9 * 1.03**3)
    assert (tarif[3:] == 10.0).all()
