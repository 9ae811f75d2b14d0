"""Best amounts against brute force: every subset of choices, every vertex of the amounts, by plain linear algebra without the package."""

from itertools import combinations, product

import numpy as np
import pytest

from pope_foncier.decision.choisir.programme_lineaire import Programme, Quantite, resoudre


def cas(graine):
    """Small plan of five amounts: two or three grants (all or nothing, capped), a loan, a contribution, and the city or own funds."""
    hasard = np.random.default_rng(graine)
    aides = 2 + graine % 2
    besoin = hasard.uniform(200, 900)
    maxi = hasard.uniform(0.05, 0.5, aides) * besoin
    annuite, disponible = hasard.uniform(0.08, 0.16), hasard.uniform(-20, 40)
    quantites = [Quantite(f"aide {i}", hasard.choice([0.0, 0.5]) * m, m, choix=True) for i, m in enumerate(maxi)]
    quantites += [
        Quantite("prêt", 0, hasard.uniform(0.2, 0.8) * besoin),
        Quantite("contribution", 0, hasard.uniform(5, 120)),
    ]
    quantites += [Quantite("ville", 0, hasard.uniform(0.1, 1.0) * besoin)] * (aides == 2)
    ville = [1.0] * (aides == 2)
    un = np.ones(aides)
    financer = np.concatenate([un, [1, 0], ville])
    couvrir = np.concatenate([0 * un, [-1.1 * annuite, 1], np.zeros(len(ville))])
    propres = np.concatenate([un, [0, 0], ville])
    publique = -np.concatenate([hasard.integers(0, 2, aides), [0, 0], ville])
    besoin_net = besoin * (1.0 if ville else hasard.uniform(0.3, 0.8))
    a = np.stack([financer, -financer, couvrir, propres, publique])
    b = np.array([besoin_net, -besoin_net, -disponible, 0.2 * besoin, -0.8 * besoin * hasard.uniform(0.7, 1)])
    couts = np.concatenate([hasard.uniform(0, 0.02, aides), [0.01, 8.5], ville])
    paires = list(combinations(range(aides), 2))
    exclusions = tuple(paires[i] for i in hasard.choice(len(paires), hasard.integers(0, 2), replace=False))
    return Programme(tuple(quantites), couts, a, b, tuple("abcde"), exclusions)


def force_brute(p):
    """Lowest objective: each subset of the choices, then each vertex of the remaining polytope."""
    n, meilleur = len(p.quantites), np.inf
    choix = [i for i, q in enumerate(p.quantites) if q.choix]
    bases = np.array(
        [(0, *reste) for reste in combinations(range(2, len(p.seuils) + 2 * n), n - 1)]
    )  # rows 0 and 1 are one equality
    for pris in product([False, True], repeat=len(choix)):
        if any(pris[i] and pris[j] for i, j in p.exclusions):
            continue
        laisse = {i for i, oui in zip(choix, pris, strict=True) if not oui}
        bas = np.array([0.0 if i in laisse else q.bas for i, q in enumerate(p.quantites)])
        haut = np.array([0.0 if i in laisse else q.haut for i, q in enumerate(p.quantites)])
        g = np.vstack([p.coefficients, np.eye(n), -np.eye(n)])
        h = np.concatenate([p.seuils, bas, -haut])
        m = g[bases]
        bonnes = np.abs(np.linalg.det(m)) > 1e-9
        x = np.linalg.solve(m[bonnes], h[bases[bonnes]][..., None])[..., 0]
        tenus = (x @ g.T - h >= -1e-7).all(axis=1)
        if tenus.any():
            meilleur = min(meilleur, float((x[tenus] @ p.couts).min()))
    return meilleur


@pytest.mark.parametrize("lot", range(4))
def test_egal_a_la_force_brute_sur_200_petits_cas(lot):
    faisables = 0
    for graine in range(50 * lot, 50 * lot + 50):
        p = cas(graine)
        attendu, trouve = force_brute(p), resoudre(p)
        if trouve is None:
            assert attendu == np.inf, graine
            continue
        faisables += 1
        assert trouve.objectif == pytest.approx(attendu, rel=1e-6, abs=1e-6), graine
        assert not any(trouve.pris[i] and trouve.pris[j] for i, j in p.exclusions)
    assert faisables >= 10
