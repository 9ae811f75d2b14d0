"""Terms combined at random: each is either refused in words, or keeps the identities, alone as in a batch."""

from datetime import date

import numpy as np
import pytest

from pope_foncier.prets import (
    Anticipe,
    Assurance,
    Deblocage,
    Emprunt,
    Garantie,
    Palier,
    PalierEcheance,
    Revision,
    Suspension,
    echeancier,
    taux_effectif,
)
from pope_foncier.socle.erreurs import ErreurCalcul

TIRAGES = 3
PROFILS = [
    "annuite_constante",
    "capital_constant",
    "in_fine",
    "ballon",
    "progressif",
    "echeance_fixe",
    "echeances_par_paliers",
]


def au_hasard(h: np.random.Generator) -> tuple[dict, dict]:
    """Terms common to the draws, and terms by draw."""
    profil, rythme, duree = h.choice(PROFILS), int(h.choice([12, 4, 2, 1])), int(h.integers(4, 30)) * 12
    capital = np.round(h.uniform(1e4, 1e6, TIRAGES), 2)
    par_tirage = {"capital": capital, "taux": h.uniform(0, 0.08, TIRAGES)}
    communs = {
        "duree_mois": duree,
        "profil": profil,
        "periodes_par_an": rythme,
        "arrondi": h.choice(["aucun", "echeance", "centime"]),
        "differe": h.choice(["aucun", "partiel", "total_capitalise", "total_simple", "interets_stockes"]),
        "differe_en_plus": True,
    }
    communs["differe_mois"] = 0 if communs["differe"] == "aucun" else 12 * int(h.integers(0, 3))
    if profil == "ballon":
        communs["duree_profil_mois"] = duree + 60
    if profil == "progressif":
        communs["progression"] = h.uniform(-0.02, 0.02)
    if profil == "echeance_fixe":
        communs["duree_mois"], par_tirage["echeance"] = None, capital * 0.15 / rythme
    if profil == "echeances_par_paliers":
        communs["paliers_echeance"] = (PalierEcheance(12, coefficient=0.5),)
    if h.random() < 0.3:
        communs["prefinancement_mois"] = 12
        communs["interets_prefinancement"] = h.choice(["payes", "avance", "capitalises", "finances"])
        communs["deblocages"] = tuple(
            Deblocage(m, part=p) for m, p in ((0, 0.3), (int(h.integers(3, 7)), 0.3), (12, 0.4))
        )
        par_tirage["commission_non_utilisation"] = h.uniform(0, 0.01, TIRAGES)
    if h.random() < 0.3:
        mois = communs["differe_mois"] + 12 * int(h.integers(1, 3))
        communs["suspensions"] = (Suspension(mois, 12, h.choice(["payes", "capitalises"]), bool(h.random() < 0.7)),)
    if h.random() < 0.3:
        communs["paliers"] = (Palier(24, 0.02), Palier(1200, 0.05))
    elif h.random() < 0.5:
        communs["revision"] = Revision(0.02 + np.cumsum(h.normal(0, 0.001, 400)), plancher=0.0, variation_max=0.01)
    if h.random() < 0.3:
        communs["anticipes"] = (Anticipe(12 * int(h.integers(1, 4)), part=float(h.choice([0.3, 1.0]))),)
    if h.random() < 0.3:
        communs["date_debut"], communs["base_jours"] = (
            date(2026, 1, 31),
            h.choice(["exact/365", "exact/360", "exact/exact"]),
        )
    communs["assurance"] = Assurance(h.choice(["capital_initial", "capital_restant_du", "prime_unique"]), taux=0.003)
    communs["garantie"] = Garantie(0.5, 0.02, 50_000.0, h.choice(["initiale", "initiale_annuelle", "restante"]))
    return communs, par_tirage


@pytest.mark.parametrize("graine", range(8))
def test_combinaisons(graine):
    hasard, refus = np.random.default_rng(graine), 0
    for _ in range(50):
        communs, par_tirage = au_hasard(hasard)
        try:
            lot = echeancier(Emprunt(**communs, **par_tirage))
        except ErreurCalcul:
            refus += 1
            continue
        soldes = lot.capital_restant_du
        suite = soldes[:, :-1] + (lot.deblocages + lot.interets_capitalises - lot.remboursement)[:, 1:]
        np.testing.assert_allclose(suite, soldes[:, 1:], atol=0.006)
        assert soldes.min() > -0.005
        assert lot.remboursement.min() > -1e-6
        assert np.isfinite(taux_effectif(lot).taeg).all()
        for i in range(TIRAGES):
            seul = echeancier(Emprunt(**communs, **{nom: v[i] for nom, v in par_tirage.items()}))
            fin = seul.versement.shape[1]
            np.testing.assert_allclose(lot.versement[i, :fin], seul.versement[0], atol=1e-4)
    assert refus < 25
