"""Three thousand random loans against a loop in plain Python (``boucle``): every profile, grace and clause."""

from datetime import date

import numpy as np
import pytest

from pope_foncier.prets import (
    Anticipe,
    Assurance,
    Deblocage,
    Emprunt,
    Frais,
    Garantie,
    Palier,
    Suspension,
    echeancier,
    placer_sur_mois,
    taux_effectif,
)
from pope_foncier.prets.fiche import FichePret
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import valider
from tests.prets.boucle import Boucle, taux_annuel

CLAUSES = {"deblocages": Deblocage, "paliers": Palier, "anticipes": Anticipe, "suspensions": Suspension}

UNIQUES = {"assurance": Assurance, "garantie": Garantie}


def au_hasard(h: np.random.Generator) -> dict:
    """Fields of a loan that the engine takes."""
    rythme = int(h.choice([12, 12, 4, 2, 1]))
    pas = 12 // rythme
    profil = str(
        h.choice(["annuite_constante", "capital_constant", "in_fine", "ballon", "progressif", "echeance_fixe"])
    )
    n = int(h.integers(6, 60))
    p = {
        "capital": float(np.round(h.uniform(1e4, 1e6), 2)),
        "taux": float(h.choice([0.0, np.round(h.uniform(0.001, 0.08), 4)], p=[0.1, 0.9])),
        "duree_mois": n * pas,
        "profil": profil,
        "periodes_par_an": rythme,
        "arrondi": str(h.choice(["aucun", "centime"])),
        "differe": str(h.choice(["aucun", "partiel", "total_capitalise", "total_simple", "interets_stockes"])),
        "differe_en_plus": True,
    }
    if profil not in ("annuite_constante", "echeance_fixe") and p["differe"] == "interets_stockes":
        p["differe"] = "partiel"
    if p["differe"] != "aucun":
        p["differe_mois"] = pas * int(h.integers(1, 9))
    if profil == "ballon":
        p["duree_profil_mois"] = p["duree_mois"] + pas * int(h.integers(1, 60))
    if profil == "progressif":
        p["progression"] = float(h.uniform(-0.02, 0.02))
    if profil == "echeance_fixe":
        p["duree_mois"], p["echeance"] = None, float(np.round(p["capital"] * (0.09 / rythme + 1 / n), 2))
    (_debloquer if h.random() < 0.35 else _briser)(h, p, pas)
    _entourer(h, p)
    if p["differe"] != "interets_stockes":
        _vivre(h, p, pas, n)
    return p


def _debloquer(h: np.random.Generator, p: dict, pas: int) -> None:
    p["prefinancement_mois"] = pas * int(h.integers(2, 9))
    p["interets_prefinancement"] = str(h.choice(["payes", "capitalises", "avance"]))
    debut = pas if p["interets_prefinancement"] == "avance" else 1
    mois = [0, *sorted(debut * int(m) for m in h.integers(1, p["prefinancement_mois"] // debut + 1, 2))]
    p["deblocages"] = [{"mois": m, "part": part} for m, part in zip(mois, (0.25, 0.5, 0.25), strict=True)]
    if h.random() < 0.6:
        p["commission_non_utilisation"] = float(np.round(h.uniform(0.001, 0.01), 4))


def _entourer(h: np.random.Generator, p: dict) -> None:
    """File fee, insurance, guarantee."""
    if h.random() < 0.3:
        p["part_de_frais"] = float(np.round(h.uniform(0.0, 0.02), 4))
    if h.random() < 0.4:
        p["assurance"] = {
            "mode": str(h.choice(["capital_initial", "capital_restant_du", "prime_unique"])),
            "taux": float(np.round(h.uniform(0.0, 0.01), 4)),
        }
    if h.random() < 0.4 and "date_debut" not in p:
        p["garantie"] = {
            "quotite": float(np.round(h.uniform(0.1, 1.0), 2)),
            "commission": float(np.round(h.uniform(0.001, 0.03), 4)),
            "plafond": float(h.choice([50_000.0, 1e9])),
            "assiette": str(h.choice(["initiale", "initiale_annuelle", "restante"])),
        }


def _briser(h: np.random.Generator, p: dict, pas: int) -> None:
    if pas > 1 or p["profil"] not in ("annuite_constante", "capital_constant") or h.random() < 0.5:
        return
    p["date_debut"], p["date_premiere_echeance"] = date(2026, 3, 10), date(2026, 4, int(h.integers(1, 30)))
    if h.random() < 0.7:
        p["base_premiere_periode"] = str(h.choice(["exact/360", "exact/365", "30/360"]))


def _vivre(h: np.random.Generator, p: dict, pas: int, n: int) -> None:
    """Rate stages, holidays, an early repayment between two of them."""
    attente = p.get("differe_mois", 0) + p.get("prefinancement_mois", 0)
    fixe = p["profil"] == "echeance_fixe"
    if h.random() < 0.4 and "date_debut" not in p:
        p["paliers"] = [
            {"mois": attente + pas * int(h.integers(1, 6)), "taux": p["taux"]},
            {"mois": 1_200, "taux": float(np.round(h.uniform(0.0, 0.08), 4))},
        ]
    mois = attente + pas * int(h.integers(1, 4))
    suspensions = []
    for _ in range(int(h.integers(0, 3)) if n > 20 else 0):
        duree = pas * int(h.integers(1, 4))
        allonge = fixe or p["profil"] == "in_fine" or bool(h.random() < 0.5)
        suspensions.append(
            {"mois": mois, "duree_mois": duree, "interets": str(h.choice(["payes", "capitalises"])), "allonge": allonge}
        )
        mois += duree + pas * int(h.integers(1, 4))
    if suspensions:
        p["suspensions"] = suspensions
    if n > 20 and not fixe and h.random() < 0.3:
        p["anticipes"] = [{"mois": mois + pas, "part": float(h.choice([0.2, 0.5]))}]


def en_emprunt(p: dict) -> Emprunt:
    clauses = {nom: tuple(genre(**c) for c in p.get(nom, ())) for nom, genre in CLAUSES.items()}
    clauses |= {nom: genre(**p[nom]) for nom, genre in UNIQUES.items() if nom in p}
    if "part_de_frais" in p:
        clauses["frais"] = (Frais(taux=p["part_de_frais"]),)
    return Emprunt(**{nom: valeur for nom, valeur in {**p, **clauses}.items() if nom != "part_de_frais"})


def proches(colonne, valeurs):
    """Whether a column is within 2e-5 of another, and of its ten-millionth: what is not is shown by ``assert_allclose``, which is slow."""
    return bool((np.abs(colonne - valeurs) <= 2e-5 + 1e-7 * np.abs(valeurs)).all())


@pytest.mark.parametrize("graine", range(30))
def test_cent_prets_egalent_la_boucle(graine):
    hasard, refus = np.random.default_rng(1000 + graine), 0
    for _ in range(100):
        p = au_hasard(hasard)
        try:
            lu = echeancier(en_emprunt(p))
        except ErreurCalcul:
            refus += 1
            continue
        boucle = Boucle(p)
        attendu = boucle.faire()
        for nom, valeurs in attendu.items():
            colonne = lu.colonne(nom)[0]
            assert len(colonne) == len(valeurs), (nom, len(colonne), len(valeurs), p)
            if not proches(colonne, np.array(valeurs)):
                np.testing.assert_allclose(colonne, valeurs, atol=2e-5, err_msg=f"{nom} : {p}")
        if "date_debut" not in p:
            assert taux_effectif(lu).taeg[0] == pytest.approx(taux_annuel(boucle.flux()), abs=1e-7), p
    assert refus < 5


@pytest.mark.parametrize("graine", range(5))
def test_la_fiche_et_l_axe_des_mois_disent_le_meme_pret(graine):
    """Written in a sheet, the loan is the same; placed on months, its money is all there and its balances follow."""
    hasard = np.random.default_rng(5000 + graine)
    for _ in range(40):
        p = au_hasard(hasard)
        e = en_emprunt(p)
        try:
            lu = echeancier(e)
        except ErreurCalcul:
            continue
        brut = {nom: valeur for nom, valeur in p.items() if nom != "part_de_frais"}
        if "part_de_frais" in p:
            brut["frais"] = [{"taux": p["part_de_frais"]}]
        assert valider(FichePret, brut, "pret").en_emprunt() == e
        places = placer_sur_mois(lu, int(lu.mois[-1]) + 4, 3)
        for nom in ("deblocages", "interets_payes", "interets_capitalises", "remboursement", "frais", "assurance"):
            np.testing.assert_allclose(places[nom].sum(), lu.total(nom)[0], rtol=1e-9, atol=1e-6)
        courus = np.cumsum(lu.interets - lu.interets_payes - lu.interets_capitalises, axis=1)[0]
        np.testing.assert_allclose(places["interets_en_attente"][0, lu.mois + 3], courus, atol=1e-5)
