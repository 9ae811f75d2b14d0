"""French numbers: what the parser takes and refuses, what the formats give."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pope_foncier.socle.francais import de
from pope_foncier.socle.nombres import (
    duree_en_clair,
    euros,
    formater,
    formater_nombre,
    lire_nombre,
    pourcent,
    trois_chiffres,
)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("1 200 000 €", 1_200_000.0),
        ("1\u202f200\u202f000\u00a0€", 1_200_000.0),
        ("3,5 %", 0.035),
        ("12 k€", 12_000.0),
        ("1,5 M€", 1_500_000.0),
        ("0.035", 0.035),
        ("-12,5", -12.5),
        ("\u221212,5", -12.5),
        ("210 m²", 210.0),
        ("1e6", 1e6),
        (",5", 0.5),
        ("28.500,00", 28_500.0),
        ("28,500.00 €", 28_500.0),
        ("-1.234.567,5", -1_234_567.5),
        ("1,234,567", 1_234_567.0),
        ("28,500", 28.5),
    ],
)
def test_nombres_lus(texte, attendu):
    assert lire_nombre(texte) == pytest.approx(attendu, rel=1e-12)


@pytest.mark.parametrize(
    "texte",
    ["", "douze", "1.200", "12 34", "3,5,2", "€", "%", "1 2000", "1.23,4", "28.500.00", "0.500,00", "1.234,567.8"],
)
def test_nombres_refuses(texte):
    with pytest.raises(ValueError, match="nombre|ambigu"):
        lire_nombre(texte)


@given(st.floats(-1e9, 1e9))
def test_aller_retour(valeur):
    arrondi = round(valeur, 2)
    assert lire_nombre(formater_nombre(arrondi, 2)) == pytest.approx(arrondi, abs=1e-6)


def test_formats():
    assert euros(1234567) == "1\u202f234\u202f567\u00a0€"
    assert pourcent(0.0325) == "3,25\u00a0%"
    assert formater(12.5, "m²") == "12,5\u00a0m²"
    assert formater(math.nan, "€") == "inconnu"
    assert formater(-0.0, "€") == "0\u00a0€"
    assert euros(-1234.4) == "\u22121\u202f234\u00a0€"
    assert pourcent(-0.005) == "\u22120,5\u00a0%"
    assert formater(712.56, "€/place/an") == "713\u00a0€/place/an"
    assert formater(17_509.44, "€/an") == "17\u202f509\u00a0€/an"
    assert formater(7.256, "€/h") == "7,26\u00a0€/h"


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("le financeur", "du financeur"),
        ("les gestionnaires", "des gestionnaires"),
        ("l'architecte", "de l'architecte"),
        ("SNCF", "de SNCF"),
        ("Élisfa", "d'Élisfa"),
    ],
)
def test_de(nom, attendu):
    assert de(nom) == attendu


def test_trois_chiffres_seulement():
    assert [trois_chiffres(v) for v in (0.012345, 4.5678, 789.4, 12345.6, 2.0, 0.0)] == [
        "0,0123",
        "4,57",
        "789",
        "12\u202f346",
        "2",
        "0",
    ]
    assert trois_chiffres(math.nan) == "inconnu"


def test_une_duree_de_calcul_se_lit():
    dites = {
        0.04: "0,0\u00a0s",
        9.94: "9,9\u00a0s",
        59.4: "59\u00a0s",
        200: "3\u00a0min\u00a020\u00a0s",
        7_500: "2\u00a0h\u00a005\u00a0min",
    }
    assert {s: duree_en_clair(s) for s in dites} == dites
