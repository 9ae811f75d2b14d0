"""The engine against four independent libraries: numpy-financial, pyxirr, QuantLib, mortgagemath."""

from datetime import date
from decimal import Decimal

import mortgagemath as mm
import numpy as np
import numpy_financial as npf
import pytest
import pyxirr

from pope_foncier.prets import Emprunt, Frais, echeancier, taux_effectif
from pope_foncier.prets.conversions import fraction_annee
from pope_foncier.socle.rendement import tri, tri_date, van

HASARD = np.random.default_rng(93)


@pytest.fixture(scope="module")
def ql():
    """QuantLib, long to load: by the worker that asks it only."""
    import QuantLib

    return QuantLib


@pytest.mark.parametrize("graine", range(5))
def test_numpy_financial(graine):
    hasard = np.random.default_rng(graine)
    capital, taux, n = hasard.uniform(1e4, 1e6), hasard.uniform(0.001, 0.1), int(hasard.integers(2, 360))
    t = echeancier(Emprunt(capital, taux, n))
    rangs = np.arange(1, n + 1)
    np.testing.assert_allclose(t.echeance[0, 1], -npf.pmt(taux / 12, n, capital), rtol=1e-12)
    np.testing.assert_allclose(t.interets[0, 1:], -npf.ipmt(taux / 12, rangs, n, capital), rtol=1e-7, atol=1e-6)
    np.testing.assert_allclose(t.remboursement[0, 1:], -npf.ppmt(taux / 12, rangs, n, capital), rtol=1e-7)
    avance = echeancier(Emprunt(capital, taux, n, terme="a_echoir"))
    np.testing.assert_allclose(avance.echeance[0, 0], -npf.pmt(taux / 12, n, capital, when="begin"), rtol=1e-12)
    np.testing.assert_allclose(
        t.entre("interets", 2, min(n, 13))[0], -sum(npf.ipmt(taux / 12, rangs[1:13], n, capital))
    )


def test_pyxirr_tri_et_van():
    flux = np.concatenate([-HASARD.uniform(1e5, 2e5, (200, 1)), HASARD.uniform(500, 3000, (200, 119))], axis=1)
    notre = tri(flux)
    leur = np.array([pyxirr.irr(f) for f in flux])
    np.testing.assert_allclose(notre.valeur, leur, atol=1e-9)
    np.testing.assert_allclose(van(flux, 0.01), [pyxirr.npv(0.01, f) for f in flux], rtol=1e-10, atol=1e-6)


def test_pyxirr_dates():
    jours = [date(2026, 1, 15), date(2026, 3, 31), date(2027, 2, 28), date(2028, 2, 29), date(2030, 12, 1)]
    flux = [-100_000.0, 5_000.0, 20_000.0, 40_000.0, 60_000.0]
    np.testing.assert_allclose(tri_date(flux, jours).valeur[0], pyxirr.xirr(jours, flux), atol=1e-9)


def test_pyxirr_taux_effectif():
    t = echeancier(Emprunt(200_000, 0.04, 240, frais=(Frais(taux=0.01),)))
    np.testing.assert_allclose(taux_effectif(t).taux_periode[0], pyxirr.irr(-t.flux[0]), atol=1e-10)


def test_taux_indetermine():
    r = tri([[100.0, 50.0, 20.0], [-100.0, 60.0, 60.0], [0.0, 0.0, 0.0]])
    assert list(r.statut) == ["indéterminé", "unique", "indéterminé"]
    assert np.isnan(r.valeur[[0, 2]]).all()
    double = tri([-100.0, 230.0, -132.0])
    assert double.statut[0] == "plusieurs"
    np.testing.assert_allclose(double.racines[0], [0.1, 0.2], atol=1e-9)


@pytest.mark.parametrize(
    ("base", "compteur"),
    [
        ("exact/365", lambda ql: ql.Actual365Fixed()),
        ("exact/360", lambda ql: ql.Actual360()),
        ("exact/exact", lambda ql: ql.ActualActual(ql.ActualActual.ISDA)),
        ("30/360", lambda ql: ql.Thirty360(ql.Thirty360.European)),
    ],
)
def test_quantlib_bases_de_jours(ql, base, compteur):
    for _ in range(200):
        a, b = sorted(
            date.fromordinal(int(j))
            for j in HASARD.integers(date(2019, 1, 1).toordinal(), date(2041, 1, 1).toordinal(), 2)
        )
        attendu = compteur(ql).yearFraction(ql.Date(a.day, a.month, a.year), ql.Date(b.day, b.month, b.year))
        assert fraction_annee(a, b, base) == pytest.approx(attendu, abs=1e-12)


@pytest.mark.parametrize(("m", "regle"), [(12, "Monthly"), (4, "Quarterly"), (1, "Annual")])
def test_quantlib_taux_interne_de_l_echeancier(ql, m, regle):
    t = echeancier(Emprunt(100_000, 0.045, 120, periodes_par_an=m))
    debut = ql.Date(15, 1, 2026)
    ql.Settings.instance().evaluationDate = debut
    flux = [
        ql.SimpleCashFlow(float(v), debut + ql.Period(int(k) * 12 // m, ql.Months))
        for k, v in enumerate(t.echeance[0])
        if k
    ]
    taux = ql.CashFlows.yieldRate(
        flux, 100_000.0, ql.Thirty360(ql.Thirty360.European), ql.Compounded, getattr(ql, regle), False, debut, debut
    )
    assert taux == pytest.approx(0.045, abs=1e-7)


@pytest.mark.parametrize("graine", range(12))
def test_mortgagemath_au_centime(graine):
    hasard = np.random.default_rng(graine)
    capital, taux, n = (
        int(hasard.integers(20_000, 900_000)),
        int(hasard.integers(50, 900)) / 10_000,
        int(hasard.integers(24, 361)),
    )
    pret = mm.LoanParams(
        principal=Decimal(capital),
        annual_rate=Decimal(str(round(taux * 100, 2))),
        term_months=n,
        payment_rounding=mm.PaymentRounding.ROUND_HALF_UP,
        interest_rounding=mm.PaymentRounding.ROUND_HALF_UP,
    )
    lignes = [x for x in mm.amortization_schedule(pret) if x.number > 0]
    t = echeancier(Emprunt(capital, taux, n, arrondi="centime"))
    if len(lignes) != n:
        pytest.skip("mortgagemath s'arrête une échéance plus tôt")
    np.testing.assert_allclose(t.echeance[0, 1:], [float(x.payment) for x in lignes], atol=1e-6)
    np.testing.assert_allclose(t.interets[0, 1:], [float(x.interest) for x in lignes], atol=1e-6)
    np.testing.assert_allclose(t.capital_restant_du[0, 1:], [float(x.balance) for x in lignes], atol=1e-6)
