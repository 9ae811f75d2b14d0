"""Front of the options: against brute force on random sets; unknowns out of the order, ties together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.decision.comparer.front import front_de

INCONNU = float("nan")
POINTS = st.lists(
    st.tuples(*[st.sampled_from([0.0, 1.0, 2.0, 3.0, float("inf"), INCONNU])] * 3), min_size=0, max_size=12
)


def _bat(un, autre, sens):
    """Whether a point beats another, axis by axis, in plain Python."""
    mieux = [s * (a - b) if a != b else 0.0 for a, b, s in zip(un, autre, sens, strict=True)]
    return all(m >= 0 for m in mieux) and any(m > 0 for m in mieux)


@settings(max_examples=200)
@given(POINTS, st.tuples(*[st.sampled_from([-1, 1])] * 3))
def test_le_front_est_celui_de_la_force_brute(points, sens):
    lu = front_de(np.array(points, dtype=float).reshape(len(points), 3), sens)
    connus = [i for i, p in enumerate(points) if not any(x != x for x in p)]  # noqa: PLR0124
    reines = {i for i in connus if not any(_bat(points[j], points[i], sens) for j in connus)}
    assert set(lu.non_dominees) == reines
    assert {d.option for d in lu.dominees} == set(connus) - reines
    assert {i for i, _ in lu.non_classables} == set(range(len(points))) - set(connus)
    for d in lu.dominees:
        assert d.par in reines
        assert _bat(points[d.par], points[d.option], sens)
        mieux = [a for a in range(3) if points[d.par][a] != points[d.option][a]]
        assert list(d.mieux_sur) == mieux


def test_deux_options_egales_restent_ensemble_et_un_inconnu_ne_bat_personne():
    """Less cost, more places: the second equals the first; the third would beat all but its places are unknown."""
    lu = front_de(np.array([[5.0, 12.0], [5.0, 12.0], [1.0, INCONNU], [6.0, 12.0]]), [-1, 1])
    assert lu.non_dominees == (0, 1)
    assert lu.egales == ((0, 1),)
    assert lu.non_classables == ((2, (1,)),)
    assert [(d.option, d.par, d.mieux_sur) for d in lu.dominees] == [(3, 0, (0,))]


def test_sans_option_ou_sans_rien_de_connu_le_front_est_vide():
    assert front_de(np.zeros((0, 2)), [1, 1]).non_dominees == ()
    lu = front_de(np.array([[INCONNU, 1.0]]), [1, 1])
    assert (lu.non_dominees, lu.dominees) == ((), ())
