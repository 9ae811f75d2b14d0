"""Next steps and weights of the inputs, against the study evaluated apart on each side, sheet and plan closed again."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude.deplacements import Bougees, portee
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.pentes import effets
from pope_foncier.etude.poids import peser
from pope_foncier.etude.prochaines_marches import Saut, _Cote, _premiers_sauts, chercher
from pope_foncier.etude.rangees import lire_rangees
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.socle.pentes import Sortie
from tests.conftest import GARE_LIVREE

CHIFFRE = "a_trouver.total"


def lire(ev):
    return lire_rangees(ev, [CHIFFRE], "boucle")[CHIFFRE]


@pytest.fixture(scope="module")
def ouverte(dossier, moteur):
    return Resultat.calculer(dossier, moteur).vue()


@pytest.fixture(scope="module")
def lus(ouverte):
    ev = ouverte.bouclee.ev
    grandeur = Lecteur(ev).grandeur(CHIFFRE)
    return {e.champ: e for e in effets(ev, [Sortie(grandeur, np.ones(1))], ouverte.rang)[0]}


@pytest.fixture(scope="module")
def refaite(dossier, moteur):
    """Figure and places of the study with one input changed in its sheet."""

    def refaire(champ, valeur):
        etude = varier(dossier, "essai", {champ: {"valeur": valeur, "base": "essai"}})
        vue = Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()
        return vue.bouclee.montant(CHIFFRE), vue.valeur(vue.ev.capacite.places)

    return refaire


def test_une_place_de_plus_ou_de_moins_est_trouvee_au_millimetre(ouverte, lus, refaite):
    champ = "programme.surface_m2"
    marches = chercher(ouverte, [lus[champ]], lire)[champ]
    sauts = [s for s in (marches.plus, marches.moins) if s is not None]
    assert sauts
    for saut in sauts:
        avant, apres = (refaite(champ, round(saut.valeur + cote * 1e-3, 6)) for cote in (-1, 1))
        dessous = saut.valeur < lus[champ].valeur
        assert saut.dessous == dessous
        assert apres[1] == avant[1] + 1, "une place de plus au-dessus"
        sens = -1 if dessous else 1
        assert saut.effet == pytest.approx(sens * (apres[0] - avant[0]), abs=15.0)
        places = int(apres[1])
        assert saut.quoi == (f"{places}e place perdue" if dessous else f"{places}e place")


def test_un_mois_de_plus_se_dit_par_ce_qu_il_change(ouverte, lus, refaite):
    champ = "delais.travaux_mois"
    marches = chercher(ouverte, [lus[champ]], lire)[champ]
    ici = lus[champ].valeur
    base, _ = refaite(champ, ici)
    for saut, mois in ((marches.plus, ici + 1), (marches.moins, ici - 1)):
        assert saut.valeur == mois
        assert saut.effet == pytest.approx(refaite(champ, mois)[0] - base, abs=0.05)
    assert marches.plus.quoi == "ouverture retardée"
    assert marches.plus.dire("mois", "€").startswith("ouverture retardée à ")


def test_une_marche_que_la_fiche_refuse_n_est_pas_dite(moteur):
    """A balance paid at month 0 of the year: an array takes it, the sheet asks for a month from 1 to 12."""
    livree = Resultat.calculer(ouvrir(GARE_LIVREE), moteur).vue()
    ev = livree.bouclee.ev
    champ = "exploitation.versements_caf.mois_solde"
    lus = effets(ev, [Sortie(Lecteur(ev).grandeur(CHIFFRE), np.ones(1))], livree.rang)[0]
    marches = chercher(livree, [next(e for e in lus if e.champ == champ)], lire)[champ]
    for saut in (marches.plus, marches.moins):
        assert saut is None or 1 <= saut.valeur <= 12


class Connue:
    """Known function in place of an engine: a kink at 2, steps at 3.2 and 4.7, nothing known from 6."""

    def bouger_par_groupe(self, groupes):
        return [Bougees(self.de(x), np.full(len(x), 12.0), np.full(len(x), 20.0)) for _, x in groupes]

    @staticmethod
    def de(x):
        pente = 100.0 + 3.0 * x + 8.0 * np.maximum(x - 2.0, 0.0)
        return np.where(x >= 6.0, np.nan, pente + 50.0 * (x >= 3.2) - 20.0 * (x >= 4.7))


@pytest.mark.parametrize(("bas", "haut", "valeur", "effet"), [(1.0, 5.0, 3.2, 50.0), (5.0, 3.9, 4.7, 20.0)])
def test_un_pli_n_est_pas_une_marche(bas, haut, valeur, effet):
    (saut,) = _premiers_sauts(Connue(), [_Cote("x", np.linspace(bas, haut, 25), False)])
    assert saut.valeur == pytest.approx(valeur, abs=1e-3)
    assert saut.effet == pytest.approx(effet, abs=0.05)
    assert saut.dessous == (haut < bas)


def test_sans_marche_rien_n_est_dit():
    assert _premiers_sauts(Connue(), [_Cote("x", np.linspace(1.0, 3.0, 25), False)]) == [None]
    assert _premiers_sauts(Connue(), [_Cote("x", np.array([1.0]), False)]) == [None]


def test_un_saut_se_lit_en_francais():
    assert Saut(202.0, 37_700.0, "13e place").dire("m²", "€/an") == "13e place à 202\u00a0m² : +37\u202f700\u00a0€/an"
    assert Saut(185.25, -1250.0, "", True).dire("m²", "€") == "sous 185,25\u00a0m² : −1\u202f250\u00a0€"


def test_le_poids_est_ce_que_le_chiffre_bouge_sur_l_intervalle(ouverte, lus, refaite):
    """Half of the difference between both ends: an input with a slope, and one that acts by steps."""
    for champ in ("titre_occupation.loyer_m2_an", "delais.travaux_mois"):
        (poids,) = peser(ouverte, [lus[champ]], lire)
        bas, haut, origine = portee(ouverte, champ, lus[champ].valeur, large=False)
        assert origine == "intervalle"
        attendu = abs(refaite(champ, haut)[0] - refaite(champ, bas)[0]) / 2.0
        assert poids.montant == pytest.approx(attendu, rel=0.02)
        assert poids.selon.startswith("de ")


def test_sans_intervalle_dix_pour_cent_sont_peses(ouverte, lus):
    champ = "exploitation.jours_an"
    (poids,) = peser(ouverte, [replace(lus[champ], marches=())], lire)
    assert poids.montant == pytest.approx(abs(lus[champ].pente) * lus[champ].valeur * 0.1)
    assert poids.selon == "10\u00a0% en plus ou en moins"


def test_le_plus_lourd_vient_d_abord(ouverte, lus):
    pesees = peser(ouverte, list(lus.values()), lire)
    connus = [p.montant for p in pesees if np.isfinite(p.montant)]
    assert connus == sorted(connus, reverse=True)
    assert len(connus) > 30
