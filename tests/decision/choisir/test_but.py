"""Goal seek: it inverts the study (property), refuses what is no number, says what it cannot reach and where there is no figure."""

from dataclasses import replace

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.choisir.but import viser
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.vues.decision.choisir.tableaux_but import phrase
from tests.conftest import COQUE, GARE
from tests.rondes import d

FORFAIT = "exploitation.contribution_commune.par_place"


def au_forfait(dossier):
    """Frozen study whose commune pays a lump."""
    forfait = {"mode": "forfait", "par_place": {"valeur": 9000, "base": "essai"}}
    etude = varier(dossier, "forfait", {"exploitation.contribution_commune": forfait})
    return replace(dossier, etude=etude, variantes={BASE: etude})


@pytest.fixture(scope="module")
def gare():
    return au_forfait(ouvrir(GARE))


@pytest.fixture(scope="module")
def coque():
    return au_forfait(ouvrir(COQUE))


CAS = [
    ("boucle", "travaux.cout_m2_ht", "a_trouver", (2200, 3200)),
    ("boucle", "travaux.cout_m2_ht", "cout_par_place", (2200, 3200)),
    ("boucle", FORFAIT, "couverture_minimale", (8000, 30_000)),
    ("boucle", FORFAIT, "tresorerie_manquante", (0, 4000)),
    ("boucle", "exploitation.taux_occupation", "exploitation.resultat", (0.4, 0.9)),
    ("boucle", "prets[banque].montant", "a_trouver", (10_000, 300_000)),
    ("boucle", "prets[banque].taux", "emprunts.banque.interets", (0.01, 0.08)),
    ("boucle", "prets[banque].duree_mois", "emprunts.banque.interets", (24, 240)),
    ("boucle", "evolution.bt01", "cout_total", (0.0, 0.04)),
    ("tel_quel", "titre_occupation.loyer_m2_an", "exploitation.charges.loyer", (0, 120)),
    ("tel_quel", "programme.surface_m2", "cout_par_place", (100, 250)),
    ("tel_quel", "travaux.cout_m2_ht", "reste_a_financer", (2200, 3200)),
]


@pytest.mark.parametrize("etude", ["gare", "coque"])
@pytest.mark.parametrize(("lecture", "champ", "chiffre", "entre"), CAS, ids=str)
def test_viser_inverse_l_etude(request, moteur, etude, lecture, champ, chiffre, entre):
    """A figure read at a value drawn in the range is sought: the value is found again, alone or in a stretch."""
    dossier = request.getfixturevalue(etude)
    rang = CAS.index((lecture, champ, chiffre, entre))
    for x in np.random.default_rng(rang).uniform(*entre, size=2):
        x0 = float(np.round(x)) if champ.endswith("_mois") else float(x)
        ouverte = moteur.tirer(dossier, {champ: np.array([x0])})
        lecteur = Lecteur(boucler(ouverte) if lecture == "boucle" else ouverte)
        y0 = float(lecteur.valeurs(lecteur.code(chiffre))[0])
        but = viser(moteur, dossier, champ, chiffre, y0, entre, lecture)
        seuls = [s for s in but.trouve.solutions if s.valeur == pytest.approx(x0, rel=1e-6)]
        plages = [p for p in but.trouve.plages if p.bas <= x0 <= p.haut]
        assert seuls or plages, (x0, y0, but.trouve.solutions, but.trouve.sauts)


def test_comme_brentq_sur_l_etude(gare, moteur):
    """The lump that holds a cover, sought by scipy on the whole evaluation of the study, without arrays."""
    from scipy.optimize import brentq

    def couverture(x):
        lecteur = Lecteur(boucler(moteur.tirer(gare, {FORFAIT: np.array([x])})))
        return float(lecteur.valeurs("ratios.couverture_minimale")[0]) - 1.1

    attendue = brentq(couverture, 8000, 30_000, xtol=1e-6)
    but = viser(moteur, gare, FORFAIT, "couverture_minimale", 1.1, (0, 30_000))
    assert [s.valeur for s in but.trouve.solutions] == pytest.approx([attendue], rel=1e-8)


def test_les_places_se_cherchent_par_la_surface(gare, moteur):
    """Places go by steps of the floor area: a whole stretch gives 13, none gives 12.5, and the step is said with both sides."""
    plage = viser(moteur, gare, "programme.surface_m2", "places", 13, (150, 250)).trouve.plages[0]
    places = pf.croiser(
        pf.ouvrir(GARE), {"programme.surface_m2": [plage.bas, plage.haut, plage.haut + 0.01]}, ["places"]
    )
    assert list(places["places"]) == [13, 13, 14]
    saute = viser(moteur, gare, "programme.surface_m2", "places", 12.5, (150, 250))
    assert not saute.trouve.trouve
    (saut,) = saute.trouve.sauts
    assert (saut.chiffre_avant, saut.chiffre_apres) == (12, 13)
    assert saut.apres == pytest.approx(plage.bas, rel=1e-6)


def test_sans_place_le_chiffre_manque_et_la_raison_est_dite(gare, moteur):
    but = viser(moteur, gare, "programme.surface_m2", "cout_par_place", 60_000, (20, 100))
    assert but.trouve.trous[0].bas == 20
    assert "aucune place : il faut une surface de plancher" in but.raisons[0]


def test_aucune_valeur_et_chiffre_qui_ne_bouge_pas(gare, moteur):
    aucune = viser(moteur, gare, "travaux.cout_m2_ht", "a_trouver", 0)
    assert not aucune.trouve.trouve
    assert not aucune.toujours_pareil
    assert (aucune.plage.bas, aucune.plage.haut) == (3000, 4500), "intervalle de l'étude"
    fixe = viser(moteur, gare, "prets[banque].taux", "cout_total", 1)
    assert fixe.toujours_pareil


def test_ce_qui_est_refuse(gare, moteur):
    with pytest.raises(ErreurCalcul, match="Aucune entrée de ce nom"):
        viser(moteur, gare, "titre", "a_trouver", 0)
    with pytest.raises(pf.Inconnu, match="Chiffre inconnu"):
        viser(moteur, gare, FORFAIT, "couvertur", 0)
    with pytest.raises(ErreurDonnees, match="en fraction de 1"):
        viser(moteur, gare, "exploitation.taux_occupation", "a_trouver", 0, (0.5, 2))
    with pytest.raises(ErreurCalcul, match="le plus petit d'abord"):
        viser(moteur, gare, FORFAIT, "a_trouver", 0, (2, 1))
    with pytest.raises(ErreurCalcul, match="un nombre est attendu"):
        viser(moteur, gare, FORFAIT, "a_trouver", float("nan"))


def test_un_bout_refuse_dit_la_plage_admise(gare, moteur):
    """150 % of occupancy: the message names the input, what was asked and what is admitted, and proposes nothing else."""
    with pytest.raises(ErreurDonnees, match=r"facturé » : la plage donnée va à 150\s% .*de 0\s% à 100\s%") as refus:
        viser(moteur, gare, "exploitation.taux_occupation", "a_trouver", 0, (0.55, 1.5))
    assert "valeur_cherchee" not in str(refus.value)
    assert "1,5 %" not in str(refus.value)


@pytest.mark.parametrize("chiffre", ["cout_commune", "cout_commune_par_place"])
def test_sans_exploitation_le_cout_de_la_commune_est_inconnu(gare, moteur, chiffre):
    """What the commune would owe each year is not described: its cost is unknown, not the works alone."""
    etude = varier(gare, "murs", {"exploitation": None, "demarrage": None})
    sans = replace(gare, etude=etude, variantes={BASE: etude})
    but = viser(moteur, sans, "travaux.cout_m2_ht", chiffre, 9_000)
    assert np.isnan(but.trouve.chiffres).all()
    assert "il manque Exploitation (l'étude ne la décrit pas)" in but.raisons[0]
    assert "n'y a jamais de valeur (inconnu : il manque Exploitation" in phrase(but)


def test_la_fiche_borne_ce_que_l_etude_n_encadre_pas(gare, moteur):
    """The term of a loan has no interval: what the study admits is sought month by month, and its refusal said."""
    but = viser(moteur, gare, "prets[banque].duree_mois", "a_trouver", 0)
    assert but.plage.entier
    assert but.plage.bas == 13, "un an de différé"
    assert "au moins une période" in but.plage.refus[0]
    assert len(but.trouve.valeurs) == but.plage.haut - but.plage.bas + 1


def test_la_porte():
    etude = pf.ouvrir(GARE).varier({"exploitation.contribution_commune": {"mode": "forfait", "par_place": d(9000)}})
    visee = pf.viser(etude, FORFAIT, "couverture_minimale", 1.1, entre=(0, 30_000))
    assert "doit valoir" in repr(visee)
    (forfait,) = visee.valeurs
    assert etude.varier({FORFAIT: forfait}).calculer()["couverture_minimale"].valeur == pytest.approx(1.1)
    assert visee.courbe.index.name == FORFAIT
    assert visee.tableau.shape[0] == 1
    assert visee.plages == []
    assert visee.sauts.empty
    assert visee.cherche == (0, 30_000)
    assert "aucune valeur" in repr(pf.viser(etude, "travaux.cout_m2_ht", "a_trouver", 0))
