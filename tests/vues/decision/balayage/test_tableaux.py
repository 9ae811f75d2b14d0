"""Tables of a sweep from rows written by hand: what comes first, equal rows, what has no value, why the rest is not possible."""

import math

import pytest

from pope_foncier.decision.balayage.depot import en_table
from pope_foncier.decision.balayage.morceaux import PlanDeBalayage, SeuilCompte, SiteABalayer, TiragesVoulus
from pope_foncier.decision.balayage.resume import resumer
from pope_foncier.vues.decision.balayage import tableaux

SEUIL = SeuilCompte("plus de 10 €", "a_trouver.total", 10.0, False)
PLAN = PlanDeBalayage(
    "essai",
    "Essai",
    {},
    tuple(SiteABalayer(nom, "modele") for nom in ("a", "b", "c", "d")),
    ("etude",),
    ("tel_quel", "sci_loue"),
    ("personne",),
    ("avec_le_reste", True),
    TiragesVoulus(("a_trouver.total",), 10, 1, None, (0.5,), (SEUIL,), False),
    2,
)


def ligne(site, montage, etat="possible", **champs):
    commune = {"site": site, "mode": "etude", "montage": montage, "bouclage": "personne", "etat": etat, "raisons": ""}
    chiffres = {"places": 12.0, "a_trouver_en_tout": 5.0, "couverture": math.inf, "ouverture_le": "2028-09-01"}
    return commune | ({} if etat == "impossible" else chiffres) | champs


@pytest.fixture
def resume():
    chances = {"p.plus de 10 €": 0.2, "p.plus de 10 €.bas": 0.06, "p.plus de 10 €.haut": 0.51}
    fourchette = {"avec_le_reste.bas": 6_000.0, "avec_le_reste.haut": 8_000.0}
    inconnu = {"avec_le_reste": math.nan, "inconnus": "Prix (à obtenir du vendeur)"}
    lignes = [
        ligne("a", "tel_quel", avec_le_reste=9_000.0),
        ligne("a", "sci_loue", "a_confirmer", avec_le_reste=7_000.0, **fourchette, **chances),
        ligne("b", "tel_quel", avec_le_reste=5_000.0),
        ligne("b", "sci_loue", avec_le_reste=5_000.001),
        ligne("c", "tel_quel", **inconnu),
        ligne("c", "sci_loue", "impossible", raisons="le propriétaire refuse"),
        ligne("d", "tel_quel", "impossible", raisons="le propriétaire refuse"),
        ligne("d", "sci_loue", "impossible", raisons="pas de place"),
    ]
    return resumer(PLAN, en_table(lignes, PLAN))


def test_ce_qui_vient_en_tete_site_par_site(resume):
    lignes = {rang[0]: rang for rang in tableaux.par_site(resume).lignes}
    assert list(lignes) == ["b", "a", "c", "d"]
    assert lignes["a"][1:6] == (
        "1",
        "1",
        "0",
        "Une SCI solidaire achète et loue, à confirmer",
        "7\u202f000\u00a0€ [6\u202f000 – 8\u202f000]",
    )
    assert lignes["a"][8:] == ("sans dette", "septembre 2028", "20\u00a0% [6\u00a0% – 51\u00a0%]")
    assert lignes["b"][4].replace("\u00a0", " ") == "Montage de l'étude (et 1 autre à égalité)"
    assert lignes["b"][10] == "indéterminée"
    assert lignes["c"][4:6] == ("—", "chiffre inconnu")
    assert lignes["d"][4:6] == ("—", "rien de possible")


def test_pourquoi_pas(resume):
    rangs = [tuple(map(str, rang)) for rang in tableaux.pourquoi_pas(resume).cellules]
    assert rangs == [
        ("impossible", "le propriétaire refuse", "2"),
        ("impossible", "pas de place", "1"),
        ("chiffre inconnu, il manque", "Prix (à obtenir du vendeur)", "1"),
    ]
    assert tableaux.phrase_des_etats(resume).replace("\u00a0", " ") == (
        "4 combinaisons possibles, 1 à confirmer, 3 impossibles."
    )


def test_ce_que_compte_un_plan():
    assert tableaux.phrase_du_plan(PLAN).replace("\u00a0", " ") == (
        "4 sites × 1 mode × 2 montages × 1 bouclage = 8 combinaisons, 10 tirages chacune. 4 morceaux."
    )
