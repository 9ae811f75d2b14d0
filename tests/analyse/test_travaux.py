"""Modes of works on one site, and the reuse of Perrecy-les-Forges. Expected values by hand."""

import pytest

from pope_foncier.analyse.travaux import comparer_modes, evaluer_avec, fourchette_totale, relire_abandon
from pope_foncier.socle.erreurs import ErreurCalcul


def test_perrecy_de_la_premiere_annonce_a_l_abandon(moteur):
    """120 000 € announced, 560 000 € at the end: asbestos 50 000, sewer 80 000, hence 310 000 of the rest."""
    a = relire_abandon(moteur, "perrecy-les-forges")
    assert (a.premiere, a.derniere) == (120_000, 560_000)
    assert [m for _, m in a.postes] == [50_000, 80_000, 310_000]
    assert a.premiere + sum(m for _, m in a.postes) == a.derniere
    assert a.premiere < a.bas, "la première annonce sort de la fourchette du modèle"
    assert a.bas < a.derniere < a.haut


def test_les_modes_sur_un_meme_site(dossier, moteur):
    modes = {m.genre: m for m in comparer_modes(dossier, moteur)}
    assert set(modes) == {"amenagement", "conversion", "restructuration", "modulaire", "neuf"}
    assert modes["amenagement"].total < modes["conversion"].total < modes["restructuration"].total < modes["neuf"].total
    assert all(m.bas < m.total < m.haut for m in modes.values())
    base = moteur.evaluer(dossier, ["base"])[0]
    assert modes["restructuration"].total == pytest.approx(base.cout.total_ttc.au_point(), abs=0.005)


def test_sans_plan_par_lots_pas_de_fourchette(dossier, moteur):
    with pytest.raises(ErreurCalcul, match="pas de plan de travaux"):
        fourchette_totale(evaluer_avec(dossier, moteur, {"realiser": 1}))
