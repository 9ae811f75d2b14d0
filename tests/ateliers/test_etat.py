"""State of a workshop: people brought together, numbers kept, sessions apart, a clock moved back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal_entrees import (
    CarteDeNom,
    Conduite,
    Decision,
    EntreeJournal,
    Proposition,
    Rapprochement,
    Seance,
    Vote,
    personne,
)

MIDI = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def propose(nom, titre):
    return Proposition(nom=nom, titre=titre, reglages={}, surcharges=())


def atelier(*dites, minutes=1):
    """Workshop of the entries (author, content), a minute apart."""
    entrees = [EntreeJournal(n, MIDI + n * timedelta(minutes=minutes), *d) for n, d in enumerate(dites, 1)]
    return Atelier.rejouer(entrees)


@pytest.mark.parametrize(
    ("un", "autre", "meme"),
    [
        ("Karim B.", "karim  b", True),
        ("Zoé", "ZOE", True),
        ("Jean-Pierre", "Jean Pierre", True),
        ("Ana Ruiz", "Anna Ruiz", False),
        ("日本", "日本人", False),
        ("!!", "??", False),
    ],
)
def test_qui_est_la_meme_personne(un, autre, meme):
    assert (personne(un) == personne(autre)) is meme


def test_un_scenario_garde_son_numero_et_son_titre_dit_lequel():
    dites = [("Ana", propose("a", "Crèche")), ("Bob", propose("b", "Crèche")), ("Ana", propose("a", "Crèche revue"))]
    lu = atelier(*dites, ("Cléo", propose("c", "MAM")))
    assert [s.titre for s in lu.scenarios.values()] == ["n° 1 · Crèche revue", "n° 2 · Crèche", "n° 3 · MAM"]
    assert [e.rang for e in lu.scenarios["a"].versions] == [1, 3]


def test_une_decision_dit_la_version_que_la_salle_a_vue():
    decision = Decision(texte="On retient", scenario="a", version=1)
    lu = atelier(("Ana", propose("a", "Avant")), ("Ana", propose("a", "Après")), ("Bob", decision))
    assert lu.version_de(decision, 3).contenu.titre == "Avant"
    sans = Decision(texte="x", scenario="a")
    titres = [lu.version_de(sans, rang).contenu.titre for rang in (1, 3)]
    assert titres == ["Avant", "Après"], "an older journal does not say: the one in force then"
    assert lu.version_de(Decision(texte="x"), 3) is None


def test_deux_noms_rapproches_ne_votent_qu_une_fois_et_se_separent():
    debut = [
        ("Ana", propose("a", "A")),
        ("Karim", Vote(scenario="a", points=3)),
        ("K. Benali", Vote(scenario="a", points=8)),
    ]
    assert atelier(*debut).votes == {"a": {"Karim": 3, "K. Benali": 8}}
    unis = [*debut, ("Animatrice", Rapprochement(nom="Karim", est="K. Benali"))]
    assert atelier(*unis).votes == {"a": {"K. Benali": 8}}
    assert atelier(*unis).personnes["k benali"].noms == ("Karim", "K. Benali")
    contraire = [*unis, ("Animatrice", Rapprochement(nom="K. Benali", est="Karim"))]
    assert atelier(*contraire).votes == {"a": {"Karim": 8}}
    separes = [*unis, ("Animatrice", Rapprochement(nom="Karim"))]
    assert atelier(*separes).votes == {"a": {"Karim": 3, "K. Benali": 8}}


def test_un_nom_corrige_se_lit_corrige():
    lu = atelier(("karin b", CarteDeNom(teinte=4)), ("Animatrice", Rapprochement(nom="karin b", est="Karim B.")))
    assert lu.qui("karin b").nom == "Karim B."
    assert lu.qui("KARIM B").teinte == 4


def test_chaque_seance_a_ses_votes_et_sa_decision():
    lu = atelier(
        ("Ana", Seance(etude="gare", titre="Gare", jour=date(2026, 12, 1), lieu="Mairie")),
        ("Ana", propose("a", "A")),
        ("Bob", Vote(scenario="a", points=3)),
        ("Ana", Decision(texte="À revoir", scenario="a")),
        ("Ana", Seance(etude="gare", titre="Gare", jour=date(2026, 12, 8))),
        ("Bob", Vote(scenario="a", points=9)),
        ("Ana", Conduite(etape="decider", resultats=True)),
    )
    assert [lu.votes_de(s) for s in lu.seances] == [{"a": {"Bob": 3}}, {"a": {"Bob": 9}}]
    assert [s.decision is not None for s in lu.seances] == [True, False]
    assert lu.points("a") == 9
    assert lu.decision.contenu.texte == "À revoir"
    assert lu.conduite.etape == "decider"


def test_une_horloge_reculee_se_voit():
    assert [e.rang for e in atelier(("Ana", propose("a", "A")), ("Ana", propose("b", "B")), minutes=-5).reculs] == [2]
    assert atelier(("Ana", propose("a", "A")), ("Ana", propose("b", "B"))).reculs == ()
