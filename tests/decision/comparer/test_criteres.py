"""Ranking by criteria: a case of three options and three criteria by hand, what the weights decide, refusals."""

import numpy as np
import pytest

from pope_foncier.decision.comparer.criteres import Criteres, classer, lire_criteres, noter
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import valider

INCONNU = float("nan")


def fiches(poids=(0.5, 0.3, 0.2), **autres):
    """Cost (low), places (high), cover (high, full mark at 1.1)."""
    codes = (("avec_le_reste", "bas", None), ("places", "haut", None), ("couverture", "haut", [0, 1.1]))
    criteres = [
        {"code": c, "libelle": c, "unite": "", "sens": s, "poids": p, "raison": "essai"} | ({"bornes": b} if b else {})
        for (c, s, b), p in zip(codes, poids, strict=True)
    ]
    brut = {
        "criteres": criteres,
        "front": ["avec_le_reste", "places"],
        "sensibilite": {"tirages": 20_000, "graine": 1, "raison": "essai"},
    }
    return valider(Criteres, brut | autres, "essai")


VALEURS = np.array([[10_000.0, 12.0, 1.10], [6_000.0, 20.0, 0.55], [8_000.0, 16.0, 2.00]])
"""Marks by hand: cost 0, 1, ½; places 0, 1, ½; cover 1, ½, 1 (full from 1.10 on)."""


def test_trois_options_et_trois_criteres_a_la_main():
    """0.2; 0.5 + 0.3 + 0.1 = 0.9; 0.25 + 0.15 + 0.2 = 0.6."""
    lu = classer(VALEURS, fiches())
    assert lu.notes == pytest.approx(np.array([[0, 0, 1], [1, 1, 0.5], [0.5, 0.5, 1]]))
    assert lu.scores == pytest.approx([0.2, 0.9, 0.6])
    assert lu.parts[1] == pytest.approx([0.5, 0.3, 0.1])
    assert lu.rangs == (1, 2, 0)


def test_la_plus_petite_bascule_a_la_main():
    """The second leads the third by ½, ½ and −½: with the cover at t and the others in proportion, ½(1 − t) = ½t, so t = ½.

    The first is beaten until 1 − t = ½t, so t = ⅔: the third comes before.
    """
    bascule = classer(VALEURS, fiches()).bascule
    assert (bascule.critere, bascule.gagnante) == (2, 2)
    assert bascule.apres == pytest.approx(0.5)
    assert bascule.ecart == pytest.approx(0.3)


def test_la_part_des_poids_ou_chacune_est_premiere():
    """Cover beyond one half of a uniform draw of three weights: (1 − ½)² = ¼ (Dirichlet); the first is never alone in front of the third."""
    premieres = classer(VALEURS, fiches()).premieres
    assert premieres.sum() == pytest.approx(1.0)
    assert premieres[2] == pytest.approx(0.25, abs=0.01)
    assert premieres[0] == pytest.approx(0.0, abs=1e-6)


def test_les_poids_sont_ramenes_a_un():
    assert classer(VALEURS, fiches((0.25, 0.15, 0.10))).scores == pytest.approx([0.2, 0.9, 0.6])


def test_un_critere_inconnu_laisse_l_option_hors_du_classement():
    valeurs = np.vstack([VALEURS, [[INCONNU, 30.0, 1.0]]])
    lu = classer(valeurs, fiches())
    assert lu.rangs == (1, 2, 0)
    assert lu.non_classables == ((3, (0,)),)
    assert np.isnan(lu.scores[3])


def test_sans_dette_la_note_est_pleine_et_n_allonge_pas_l_etendue():
    notes = noter(np.array([[float("inf")], [0.55]]), fiches().criteres[2:])
    assert notes.ravel() == pytest.approx([1.0, 0.5])


def test_des_options_egales_partagent_la_premiere_place():
    lu = classer(np.vstack([VALEURS[1], VALEURS[1]]), fiches())
    assert lu.a_egalite == (0, 1)
    assert lu.premieres == pytest.approx([0.5, 0.5])
    assert lu.bascule is None


def test_les_refus_des_criteres():
    with pytest.raises(ErreurDonnees, match="tous les poids sont nuls"):
        fiches((0, 0, 0))
    with pytest.raises(ErreurDonnees, match="axes qui ne sont pas des critères : prix"):
        fiches(front=["prix"])
    with pytest.raises(ErreurDonnees) as faute:
        fiches(criteres=[{"code": "placs", "libelle": "x", "unite": "", "sens": "haut", "poids": 1, "raison": "x"}])
    assert "« placs »" in str(faute.value)
    assert "places" in str(faute.value)
    with pytest.raises(ErreurDonnees, match="bornes contraires au sens"):
        fiches(
            criteres=[
                {
                    "code": "places",
                    "libelle": "x",
                    "unite": "",
                    "sens": "haut",
                    "bornes": [2, 1],
                    "poids": 1,
                    "raison": "x",
                }
            ],
            front=["places"],
        )


def test_les_criteres_livres_se_lisent():
    lus = lire_criteres()
    assert lus.poids.sum() == pytest.approx(1.0)
    assert all(c.raison for c in lus.criteres)


def test_deux_options_egales_ont_le_meme_rang_et_le_suivant_saute():
    valeurs = np.array([[10.0, 5.0, 1.0], [10.0, 5.0, 1.0], [20.0, 5.0, 1.0]])
    lu = classer(valeurs, fiches())
    assert lu.places == (1, 1, 3)


def test_un_poids_qui_ne_mene_qu_a_egalite_ne_fait_passer_personne_devant():
    """A beats B on the first criterion alone: its weight at nothing makes them equal, and no weight puts B first."""
    bascule = classer(np.array([[10.0, 5.0, 1.0], [20.0, 5.0, 1.0]]), fiches()).bascule
    assert bascule is None or not bascule.passe_devant
