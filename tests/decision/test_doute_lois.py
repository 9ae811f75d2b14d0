"""Laws and samples: moments of published formulas, copula, streams; expected values are computed without the package."""

import math

import numpy as np
import pytest

from pope_foncier.decision.doute.correlations import matrice
from pope_foncier.decision.doute.echantillon import METHODES, echantillon
from pope_foncier.modele.donnee import DonneeMois, DonneePart, DonneePositif
from pope_foncier.modele.fiche_loi import FicheLoi
from pope_foncier.modele.loi import (
    Chance,
    Discrete,
    Entiers,
    Lognormale,
    Normale,
    Pert,
    Triangulaire,
    Uniforme,
)
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Bornes
from pope_foncier.socle.refus import Inconnu

NOMBRE = 20_000


def _phi(x):
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _cdf(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


def _normale_coupee(moyenne, ecart, bas, haut):
    """Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 1, 13.10.1."""
    a, b = (bas - moyenne) / ecart, (haut - moyenne) / ecart
    masse = _cdf(b) - _cdf(a)
    decale = (_phi(a) - _phi(b)) / masse
    variance = 1 + (a * _phi(a) - b * _phi(b)) / masse - decale**2
    return moyenne + ecart * decale, ecart**2 * variance


MOMENTS = [
    (
        Triangulaire(2200, 2700, 3200),
        (2700, (2200**2 + 2700**2 + 3200**2 - 2200 * 2700 - 2700 * 3200 - 2200 * 3200) / 18),
    ),
    (Pert(3, 6, 18), ((3 + 4 * 6 + 18) / 6, ((7.5 - 3) * (18 - 7.5)) / 7)),
    (Uniforme(0.55, 0.75), (0.65, 0.2**2 / 12)),
    (Lognormale(2700, 0.15), (2700 * math.exp(0.15**2 / 2), 2700**2 * math.exp(0.15**2) * (math.exp(0.15**2) - 1))),
    (Normale(0.04, 0.005), (0.04, 0.005**2)),
    (Normale(0.8, 0.2).bornee(Bornes(0, 1)), _normale_coupee(0.8, 0.2, 0, 1)),
    (Entiers(0, 12, 3), (6, 9 * (5**2 - 1) / 12)),
    (Discrete((15, 6, 9), (0.2, 0.5, 0.3)), (8.7, 0.2 * 6.3**2 + 0.5 * 2.7**2 + 0.3 * 0.3**2)),
    (Chance(0.3, 3500), (1050, 3500**2 * 0.21)),
]
"""Law, and its mean and variance by its formula: PERT by the beta it is, with (mean − low)(high − mean) ÷ 7."""


@pytest.mark.parametrize(("loi", "attendus"), MOMENTS, ids=lambda x: repr(x) if isinstance(x, object) else "")
@pytest.mark.parametrize("methode", METHODES)
def test_les_moments_d_une_loi(loi, attendus, methode):
    """Mean within four standard errors; variance within four of its own, the fourth moment being that of the draws."""
    tires = echantillon({"x": loi}, NOMBRE, 7, methode)["x"]
    moyenne, variance = attendus
    assert abs(tires.mean() - moyenne) <= 4 * math.sqrt(variance / NOMBRE)
    quatrieme = ((tires - moyenne) ** 4).mean()
    assert abs(((tires - moyenne) ** 2).mean() - variance) <= 4 * math.sqrt((quatrieme - variance**2) / NOMBRE)
    bas, haut = loi.support
    assert bas <= tires.min() <= tires.max() <= haut


def test_la_lognormale_par_deux_quantiles_les_rend():
    loi = Lognormale.par_quantiles([(0.1, 2300), (0.9, 3200)])
    assert loi.valeurs(np.array([0.1, 0.5, 0.9])) == pytest.approx([2300, math.sqrt(2300 * 3200), 3200])


@pytest.mark.parametrize("methode", METHODES)
def test_un_champ_de_plus_ne_change_aucun_autre(methode):
    """Ranks of the Sobol sequence are those of the inputs of the study; links are added last."""
    lois, rangs = {"a": Uniforme(0, 1), "c": Normale(0, 1)}, {"a": 3, "b": 4, "c": 5}
    seuls = echantillon(lois, 500, 11, methode, rangs=rangs)
    avec = echantillon({"b": Pert(0, 1, 2), **lois}, 500, 11, methode, rangs=rangs)
    lies = echantillon({"b": Pert(0, 1, 2), **lois}, 500, 11, methode, {("a", "b"): 0.5}, rangs)
    for champ in lois:
        assert (seuls[champ] == avec[champ]).all()
    assert (seuls["c"] == lies["c"]).all()
    assert (echantillon(lois, 500, 12, methode, rangs=rangs)["a"] != seuls["a"]).any()


@pytest.mark.parametrize("methode", ["hypercube", "sobol"])
def test_une_valeur_par_tranche_de_chance_meme_liee(methode):
    """512 slices of equal chance hold one draw each, before and after a link."""
    lois = {c: Uniforme(0, 1) for c in "ab"}
    for liens in ({}, {("a", "b"): -0.6}):
        tires = echantillon(lois, 512, 3, methode, liens)
        for valeurs in tires.values():
            assert sorted(np.floor(valeurs * 512)) == list(range(512))


def test_une_suite_de_sobol_est_egale_a_deux_dimensions():
    """A (0, 2)-net in its first two dimensions: 256 points, one in each of the 16 × 16 squares and of the 64 × 4 rectangles."""
    tires = echantillon({c: Uniforme(0, 1) for c in "ab"}, 256, 5, "sobol")
    for large, haut in ((16, 16), (64, 4), (4, 64)):
        cases = {(int(a * large), int(b * haut)) for a, b in zip(tires["a"], tires["b"], strict=True)}
        assert len(cases) == 256


@pytest.mark.parametrize("methode", METHODES)
def test_la_correlation_des_rangs_est_celle_de_la_copule(methode):
    """Spearman's rho of a Gaussian copula is 6/π·asin(ρ/2) (Kruskal, 1958); whatever the laws."""
    lois = {"a": Lognormale(100, 0.5), "b": Triangulaire(0, 1, 5), "c": Uniforme(0, 1)}
    liens = {("a", "b"): 0.7, ("b", "c"): -0.4}
    tires = echantillon(lois, NOMBRE, 2, methode, liens)
    rangs = np.argsort(np.argsort(np.array([tires[c] for c in "abc"]), axis=1), axis=1)
    trouves = np.corrcoef(rangs)
    for (i, j), rho in (((0, 1), 0.7), ((1, 2), -0.4), ((0, 2), 0.0)):
        attendu = 6 / math.pi * math.asin(rho / 2)
        bande = math.tanh(math.atanh(attendu) + 4 * math.sqrt(1.06 / (NOMBRE - 3))) - attendu
        assert abs(trouves[i, j] - attendu) <= abs(bande)


def test_une_correlation_de_un_donne_les_memes_chances():
    lois = {"a": Uniforme(0, 1), "b": Uniforme(10, 20)}
    tires = echantillon(lois, 200, 1, "hasard", {("a", "b"): 1.0})
    assert tires["b"] == pytest.approx(10 + 10 * tires["a"])


def test_des_correlations_impossibles_disent_laquelle_baisser():
    """Three fields: 1 + 2·abc − a² − b² − c² ≥ 0; with 0.9 and 0.9 the third is at least 2 × 0.81 − 1 = 0.62, so 0.3 cannot be; one of the first
    two may be at most 0.9 × 0.3 + √(0.19 × 0.91) = 0.686."""
    with pytest.raises(ErreurCalcul, match="impossibles ensemble.*0,68 au lieu de 0,9"):
        matrice(["a", "b", "c"], {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): 0.3})
    with pytest.raises(ErreurCalcul, match="Commencer par rapprocher de zéro.*une autre"):
        matrice(["a", "b", "c"], {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9})
    with pytest.raises(Inconnu, match="pas tiré : « d »"):
        matrice(["a", "b"], {("a", "d"): 0.5})
    with pytest.raises(ErreurCalcul, match="1,5.*lié à lui-même"):
        matrice(["a", "b"], {("a", "b"): 1.5, ("a", "a"): 1.0})
    assert (matrice(["a", "b"], {("b", "a"): -0.5}) == [[1, -0.5], [-0.5, 1]]).all()


def _donnee(genre=DonneePositif, valeur=2700, **autres):
    return genre.model_validate({"valeur": valeur, "base": "pour voir", **autres})


def test_une_loi_prend_ce_qu_elle_ne_dit_pas_a_cote_d_elle():
    donnee = _donnee(intervalle=[2200, 3200], loi="pert")
    assert donnee.loi.loi(2700, (2200, 3200)) == Pert(2200, 2700, 3200)
    assert _donnee(loi={"forme": "lognormale", "ecart": 0.15}).loi.loi(2700) == Lognormale(2700, 0.15)
    part = _donnee(DonneePart, 0.65, loi={"forme": "normale", "ecart_type": 0.1})
    assert part.loi.loi(0.65, None, Bornes(0, 1)) == Normale(0.65, 0.1, (0, 1))
    assert _donnee(DonneeMois, 12, loi={"forme": "chance", "probabilite": 0.2}).loi.loi(12) == Chance(0.2, 12)


@pytest.mark.parametrize(
    ("loi", "dit"),
    [
        ("pert", "il lui manque bas, haut"),
        ({"forme": "pert", "bas": 3000, "haut": 4000}, "bas ≤ mode ≤ haut"),
        ({"forme": "triangulaire", "bas": -5, "haut": 3000}, "Resserrer la loi"),
        ({"forme": "uniforme", "bas": 1, "haut": 2, "ecart": 3}, "n'a pas de « ecart »"),
        ({"forme": "discrete", "valeurs": [1, 2], "chances": [0.5, 0.6]}, "la somme est 1"),
        ({"forme": "lognormale", "ecart": 0.1, "quantiles": [[0.1, 1], [0.9, 2]]}, "mais pas les deux"),
        ({"forme": "lognormale", "quantiles": [[0.9, 1], [0.1, 2]]}, "croissantes"),
        ({"forme": "entiers", "bas": 0, "haut": 10, "pas": 3}, "un pas d'au moins 1"),
    ],
)
def test_une_loi_impossible_est_refusee(loi, dit):
    with pytest.raises(ValueError, match=dit):
        _donnee(loi=loi)


def test_une_loi_demande_une_valeur():
    with pytest.raises(ValueError, match="une loi sans valeur centrale"):
        DonneePositif.model_validate({"a_obtenir_de": "la Ville", "loi": {"forme": "uniforme", "bas": 0, "haut": 1}})


def test_une_loi_se_dit_en_francais():
    assert FicheLoi(forme="pert").loi(6, (3, 18)).en_clair() == "PERT, de 3 à 18, 6 le plus probable"
    assert Normale(0.04, 0.005).en_clair("%") == "normale, de moyenne 4\u00a0% et d'écart-type 0,5\u00a0%"
    assert Chance(0.3, 3500).en_clair() == "3\u202f500 avec 30 chances sur cent, sinon rien"


@pytest.mark.parametrize(
    ("loi", "coupee"),
    [(Normale(0.65, 2.0), 0.8029), (Lognormale(0.65, 2.0), 0.4148)],
    ids=["normale", "log-normale"],
)
def test_une_loi_que_ses_bornes_coupent_trop_est_refusee(loi, coupee):
    """Mass beyond 0–1 by the tables of the normal law: 80 % and 41 %; what would be drawn is no longer what is declared."""
    with pytest.raises(ErreurCalcul, match=f"{round(100 * coupee)}\\s% de ses tirages tomberaient hors"):
        loi.bornee(Bornes(0, 1))


def test_ce_que_les_bornes_coupent_se_dit():
    """Φ(−1) = 15.87 % above 1, 0.003 % under 0."""
    loi = Normale(0.8, 0.2).bornee(Bornes(0, 1))
    assert loi.part_coupee == pytest.approx(0.15869, abs=1e-4)
    assert "coupée aux bornes du champ (15,87\u00a0% des tirages)" in loi.en_clair("%")
    assert "coupée" not in Normale(0.5, 0.05).bornee(Bornes(0, 1)).en_clair("%")
