"""Fire class of the establishment and persons present: cases and table of the project's sheet of rules, computed by hand.

Class: articles R 1 § 2 a, R 2 and PE 2 of the order of 25 June 1980. Persons: floor(1.15 × places), then the staff estimated as
one adult for six children present and 1, 2, 3 or 4 persons beside them.
"""

from datetime import date

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.incendie import classer_l_etablissement, effectifs
from pope_foncier.lieu.locaux import Local

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()
EFFECTIFS = [
    (10, 11, 14),
    (12, 13, 17),
    (13, 14, 19),
    (14, 16, 21),
    (20, 23, 29),
    (24, 27, 34),
    (30, 34, 42),
    (36, 41, 50),
    (37, 42, 52),
    (39, 44, 55),
    (40, 46, 57),
    (48, 55, 68),
    (59, 67, 83),
    (60, 69, 85),
]


@pytest.mark.parametrize(("places", "enfants", "personnes"), EFFECTIFS)
def test_personnes_a_evacuer(places, enfants, personnes):
    compte = effectifs(places, CATALOGUE, JOUR)
    assert (compte.enfants, compte.personnes) == (enfants, personnes)


def test_sans_surnombre_les_enfants_sont_les_places():
    """24 places: 24 children, 4 + 2 adults."""
    assert effectifs(24, CATALOGUE, JOUR, surnombre=False) == (24, 6)


def locaux(**niveaux):
    return [Local(nom=f, fonction=f, surface_m2=30, niveau=n) for f, n in niveaux.items()]


def classe(places, surnombre=None, passages=(), **niveaux):
    return classer_l_etablissement(locaux(**niveaux), places, CATALOGUE, JOUR, surnombre, passages)


def test_un_hall_au_rez_de_chaussee_fait_plusieurs_niveaux():
    """15 children upstairs, hall and changing room below: several storeys, whatever the number."""
    statut, texte = classe(15, eveil=1, sommeil=1, hall=0, change=0)
    assert statut == "concerne"
    assert "plusieurs niveaux : 15 enfants à l'étage" in texte


@pytest.mark.parametrize(
    ("places", "niveau", "surnombre", "statut"),
    [
        (17, 1, True, "respecte"),
        (18, 1, True, "concerne"),
        (18, 1, False, "respecte"),
        (18, 1, None, "a_verifier"),
        (20, 1, None, "concerne"),
        (86, 0, True, "respecte"),
        (87, 0, True, "concerne"),
        (87, 0, None, "a_verifier"),
        (99, 0, False, "respecte"),
    ],
)
def test_l_effectif_declare_decide(places, niveau, surnombre, statut):
    """1.15 × 17 = 19.55, × 18 = 20.7, × 86 = 98.9, × 87 = 100.05."""
    assert classe(places, surnombre, eveil=niveau, sommeil=niveau)[0] == statut


def test_un_change_en_sous_sol_est_interdit():
    assert classe(12, eveil=0, change=-1) == ("non_respecte", "enfants en sous-sol")


def test_des_bureaux_ou_un_palier_au_rez_de_chaussee_restent_a_verifier():
    assert classe(15, False, eveil=1, bureau=0)[0] == "a_verifier"
    assert classe(15, False, passages=(0, 1), eveil=1)[0] == "a_verifier"
    assert classe(15, False, eveil=0, bureau=1)[0] == "respecte", "aucun enfant à l'étage"


def test_un_change_a_l_etage_y_amene_des_enfants():
    statut, texte = classe(15, False, eveil=0, change=1)
    assert statut == "concerne"
    assert "plusieurs niveaux" in texte


def test_un_couloir_seul_ne_fait_pas_un_niveau_d_enfants():
    """Corridor of the offices upstairs, or of the stores below ground: nobody said that children go there."""
    assert classe(40, False, eveil=0, bureau=1, circulation=1)[0] == "respecte"
    assert classe(12, False, eveil=0, personnel=-1, circulation=-1)[0] == "respecte"
    assert classe(15, False, eveil=1, circulation=0)[0] == "a_verifier", "un palier sous l'unité"


def test_un_hall_a_l_etage_n_invente_pas_d_enfant():
    """Children upstairs whatever their number: the sentence gives none."""
    statut, texte = classe(15, False, eveil=0, hall=1)
    assert statut == "concerne"
    assert "leur nombre n'est pas connu" in texte
