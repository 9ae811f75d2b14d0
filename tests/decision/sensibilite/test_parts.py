"""Sobol indices: closed forms of a linear case and of Ishigami, linked inputs in one group, a study that has no figure refused."""

import math
from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.sensibilite.parts import indices, parts_du_doute
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision.sensibilite import graphiques, tableaux


def lineaire(chances):
    """3 a + 2 b + c of uniform laws: variances as the squares, 9, 4 and 1 over 14."""
    return 3.0 * chances["a"] + 2.0 * chances["b"] + chances["c"]


def ishigami(chances):
    """sin x + 7 sin² y + 0.1 z⁴ sin x, each from −π to π."""
    x, y, z = (-math.pi + 2.0 * math.pi * chances[c] for c in "xyz")
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def test_un_cas_lineaire_a_sa_forme_fermee():
    lus = indices(lineaire, ["a", "b", "c"], 512, 1)
    trouves = {i.nom: i for i in lus.indices}
    assert [i.nom for i in lus.indices] == ["a", "b", "c"]
    for nom, part in (("a", 9 / 14), ("b", 4 / 14), ("c", 1 / 14)):
        assert trouves[nom].premier == pytest.approx(part, abs=0.02)
        assert trouves[nom].total == pytest.approx(part, abs=0.02)
        assert 0 < trouves[nom].total_pres < 0.15
    assert lus.evaluations == 512 * 5
    assert lus.a_converge


def test_ishigami_a_sa_forme_fermee():
    """Variance: 1/2 + 49/8 + 0.1 π⁴/5 + 0.01 π⁸/18; indices published with the function (Ishigami and Homma, 1990)."""
    b, huit = 0.1, math.pi**8
    variance = 0.5 + 49 / 8 + b * math.pi**4 / 5 + b**2 * huit / 18
    seul_x = 0.5 * (1 + b * math.pi**4 / 5) ** 2 / variance
    ensemble = b**2 * huit * (1 / 18 - 1 / 50) / variance
    lus = {i.nom: i for i in indices(ishigami, ["x", "y", "z"], 2048, 3).indices}
    attendus = {"x": (seul_x, seul_x + ensemble), "y": (49 / 8 / variance,) * 2, "z": (0.0, ensemble)}
    for nom, (premier, total) in attendus.items():
        assert lus[nom].premier == pytest.approx(premier, abs=0.03)
        assert lus[nom].total == pytest.approx(total, abs=0.03)


def test_deux_entrees_liees_se_lisent_ensemble():
    """a and c of the linear case, linked at 0.8: their group has the variance of 3 a + c, by numpy on 200,000 linked uniform draws."""
    lus = indices(lineaire, ["a", "b", "c"], 1024, 1, {("c", "a"): 0.8})
    groupe, seule = lus.indices
    assert (groupe.champs, seule.champs) == (("a", "c"), ("b",))
    hasard = np.random.default_rng(4)
    z = hasard.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 200_000)
    u = np.argsort(np.argsort(z, axis=0), axis=0) / len(z)
    du_groupe, de_b = (3 * u[:, 0] + u[:, 1]).var(), 4 / 12
    assert groupe.total == pytest.approx(du_groupe / (du_groupe + de_b), abs=0.03)
    assert seule.premier == pytest.approx(de_b / (du_groupe + de_b), abs=0.03)


def test_ce_qui_ne_bouge_pas_n_a_pas_de_part():
    lus = indices(lambda chances: np.full(len(chances["a"]), 5.0), ["a", "b"], 8, 0)
    assert all(i.premier == i.total == 0.0 for i in lus.indices)
    with pytest.raises(ErreurCalcul, match="puissance de deux"):
        indices(lineaire, ["a", "b", "c"], 100, 0)


def test_peu_de_points_ne_convergent_pas():
    assert not indices(ishigami, ["x", "y", "z"], 8, 3).a_converge


@pytest.fixture(scope="module")
def vue(coque, moteur):
    return Resultat.calculer(Dossier("coque", coque.etude, coque.site, {BASE: coque.etude}), moteur).vue()


def test_les_parts_d_une_etude_se_montrent(vue):
    lues = parts_du_doute(vue, "cout_total", 32)
    assert lues.indices.indices[0].nom == "travaux.cout_m2_ht"
    assert all(abs(i.total) < 1e-6 for i in lues.indices.indices if i.nom.startswith("exploitation"))
    table = tableaux.parts(lues)
    assert table.lignes[0][0] == "Coût des travaux au m²"
    assert "évaluations" in table.note
    assert graphiques.parts(lues, "étude").marques
    liees = replace(lues, indices=replace(lues.indices, ecart=0.4))
    assert "n'ont pas convergé" in tableaux.convergence(liees)


def test_une_etude_sans_chiffre_est_refusee(dossier, moteur):
    loi = {"forme": "discrete", "valeurs": [5, 200], "chances": [0.5, 0.5]}
    etude = varier(dossier, "petit", {"doute": {"lois": {"programme.surface_m2": loi}}})
    vue = Resultat.calculer(Dossier("petit", etude, dossier.site, {BASE: etude}), moteur).vue()
    with pytest.raises(ErreurCalcul, match="le plan n'a plus de place"):
        parts_du_doute(vue, "cout_total", 8)
