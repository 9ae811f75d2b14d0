"""State of a workshop: whatever is written and brought together, no vote is lost nor counted twice, and a number names one scenario for ever."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal_entrees import (
    CarteDeNom,
    Conduite,
    Decision,
    EntreeJournal,
    Proposition,
    Rapprochement,
    Remarque,
    Retrait,
    Seance,
    Vote,
    personne,
)

MIDI = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
NOMS = ("Karim B.", "karim b", "Karim Benali", "Ana", "ANA", "Cléo", "Cleo D", "Bob")
SCENARIOS = ("a", "b", "c")


def fil(*dites):
    """Entries one minute apart, from (author, content)."""
    return [EntreeJournal(n, MIDI + timedelta(minutes=n), qui, quoi) for n, (qui, quoi) in enumerate(dites, 1)]


def proposition(nom, titre="Titre"):
    return Proposition(nom=nom, titre=titre, reglages={}, surcharges=())


def seance(**dit):
    return Seance(etude="gare", titre="Gare", **dit)


noms = st.sampled_from(NOMS)
contenus = st.one_of(
    st.builds(proposition, st.sampled_from(SCENARIOS), st.sampled_from(("Sobre", "Scic"))),
    st.builds(Vote, scenario=st.sampled_from(SCENARIOS), points=st.integers(0, 10)),
    st.builds(Vote, scenario=st.sampled_from(SCENARIOS), points=st.integers(0, 10)),
    st.builds(Rapprochement, nom=noms, est=st.none() | noms),
    st.builds(CarteDeNom, teinte=st.integers(0, 11)),
    st.builds(Remarque, texte=st.just("Une remarque")),
    st.builds(Decision, texte=st.just("On retient"), scenario=st.none() | st.sampled_from(SCENARIOS)),
    st.builds(Conduite, etape=st.sampled_from(("decouvrir", "noter", "decider")), figee=st.booleans()),
    st.builds(Retrait, rang=st.integers(1, 30)),
    st.just(seance()),
)
fils = st.lists(st.tuples(noms, contenus), max_size=30).map(lambda dites: fil(*dites))


def notes(atelier):
    """Every point that counts, by session, scenario and person."""
    return [
        {(s, cle): e.contenu.points for s, votes in tenue.votes.items() for cle, e in votes.items()}
        for tenue in atelier.seances
    ]


@given(fils)
def test_le_dernier_avis_de_chacun_compte_une_fois_et_aucun_ne_se_perd(entrees):
    """For each session, from the bare entries: whoever voted is there, with the last of all that was written under any of his names."""
    atelier, attendus, n = Atelier.rejouer(entrees), [], -1
    for entree in entrees:
        if (isinstance(entree.contenu, Seance) and entree.rang not in atelier.retirees) or n < 0:
            attendus.append({})
            n += 1
        if isinstance(entree.contenu, Vote):
            attendus[n][entree.contenu.scenario, atelier.qui(entree.qui).cle] = entree.contenu.points
    assert notes(atelier) == attendus
    for tenue, compte in zip(atelier.seances, attendus, strict=True):
        for scenario in SCENARIOS:
            siens = [points for (s, _), points in compte.items() if s == scenario]
            assert tenue.points(scenario) == sum(siens)
            assert sorted(atelier.votes_de(tenue).get(scenario, {}).values()) == sorted(siens)


@given(fils)
def test_chaque_nom_est_celui_d_une_seule_personne_et_deux_personnes_ne_se_confondent_pas(entrees):
    atelier = Atelier.rejouer(entrees)
    ecrits = [nom for p in atelier.personnes.values() for nom in p.noms]
    assert sorted(ecrits) == sorted({e.qui for e in entrees})
    montres = [personne(p.nom) for p in atelier.personnes.values()]
    assert len(montres) == len(set(montres))
    for lue in atelier.personnes.values():
        assert {atelier.qui(nom) for nom in (lue.nom, *lue.noms)} == {lue}


@given(fils, fils)
def test_ajouter_des_entrees_ne_renumerote_rien(avant, apres):
    """A scenario keeps name and number, a closed session what was said in it; it goes on when the next opening is taken back."""
    tot = Atelier.rejouer(avant)
    tard = Atelier.rejouer(fil(*((e.qui, e.contenu) for e in (*avant, *apres))))
    for nom, scenario in tot.scenarios.items():
        assert tard.scenarios[nom].numero == scenario.numero
        assert tard.scenarios[nom].versions[: len(scenario.versions)] == scenario.versions
    assert [s.numero for s in tard.scenarios.values()] == list(range(1, len(tard.scenarios) + 1))
    for seance_, pareille in zip(tot.seances[:-1], tard.seances, strict=False):
        assert pareille.entrees[: len(seance_.entrees)] == seance_.entrees
        assert (pareille.numero, pareille.ouverture) == (seance_.numero, seance_.ouverture)


@given(fils, noms, noms)
def test_la_derniere_correction_l_emporte_et_se_defait(entrees, nom, est):
    avant = [(e.qui, e.contenu) for e in entrees]
    reuni = Atelier.rejouer(fil(*avant, ("Claire", Rapprochement(nom=nom, est=est))))
    assert reuni.qui(nom).cle == reuni.qui(est).cle
    defait = Atelier.rejouer(
        fil(*avant, ("Claire", Rapprochement(nom=nom, est=est)), ("Claire", Rapprochement(nom=nom)))
    )
    jamais = Atelier.rejouer(fil(*avant, ("Claire", Remarque(texte="x")), ("Claire", Rapprochement(nom=nom))))
    cycle = Atelier.rejouer(entrees).qui(est) == Atelier.rejouer(entrees).qui(nom)
    if not cycle:
        assert notes(defait) == notes(jamais)
        assert [(p.nom, p.noms) for p in defait.personnes.values()] == [
            (p.nom, p.noms) for p in jamais.personnes.values()
        ]


@pytest.mark.parametrize("ordre", list(permutations(range(3))))
def test_reunir_dans_n_importe_quel_ordre_donne_les_memes_personnes(ordre):
    """Four names of one person, brought together three by three: 4 for Karim (his last word), 6 for Ana; 10 in all."""
    mots = [("Karim", "Karim B"), ("Karim B", "Karim Benali"), ("K. Benali", "Karim B")]
    dites = [("Ana", proposition("a")), *((qui, Vote(scenario="a", points=n)) for qui, n in VOIX)]
    reuni = Atelier.rejouer(fil(*dites, *(("Claire", Rapprochement(nom=mots[i][0], est=mots[i][1])) for i in ordre)))
    assert reuni.votes == {"a": {"Karim Benali": 4, "Ana": 6}}
    assert reuni.points("a") == 10
    assert [p.nom for p in reuni.personnes.values()] == ["Ana", "Karim Benali", "Claire"]


VOIX = (("Karim", 9), ("Karim B", 1), ("Karim Benali", 2), ("Ana", 6), ("K. Benali", 4))


def test_un_nom_corrige_puis_defait_reprend_celui_donne_d_abord():
    dites = [("karim b", Remarque(texte="a")), ("Claire", Rapprochement(nom="karim b", est="Karim B."))]
    assert Atelier.rejouer(fil(*dites)).qui("KARIM B").nom == "Karim B."
    assert Atelier.rejouer(fil(*dites, ("Claire", Rapprochement(nom="karim b")))).qui("KARIM B").nom == "karim b"


def test_une_seance_s_ouvre_a_la_premiere_etape_et_ses_points_sont_a_elle():
    """Results shown last week are not shown when the next one opens; each session keeps its points, all keep the scenarios."""
    mene = Conduite(etape="decider", figee=True, resultats=True, noms=True)
    dites = [
        ("Claire", seance()), ("Ana", proposition("a")), ("Ana", Vote(scenario="a", points=8)), ("Claire", mene),
        ("Claire", Decision(texte="On retient", scenario="a", version=2)),
        ("Claire", seance(lieu="Mairie")), ("Ana", Vote(scenario="a", points=3)), ("Bob", Vote(scenario="a", points=1)),
    ]  # fmt: skip
    premiere, seconde = (reprise := Atelier.rejouer(fil(*dites))).seances
    assert Atelier.rejouer(fil(*dites[:5])).conduite == mene
    assert reprise.conduite == Conduite()
    assert (premiere.points("a"), seconde.points("a"), reprise.points("a")) == (8, 4, 4)
    assert (premiere.decision.contenu.texte, seconde.decision, reprise.decision.rang) == ("On retient", None, 5)
    assert [s.numero for s in reprise.seances] == [1, 2]
    assert reprise.scenarios["a"].numero == 1


def test_une_horloge_reculee_se_dit_et_ne_change_ni_l_ordre_ni_les_points():
    """Ana says 8, then 2; the clock goes back three hours between the two: 2 counts. Five seconds less are not told."""
    dites = fil(("Ana", proposition("a")), ("Ana", Vote(scenario="a", points=8)), ("Ana", Vote(scenario="a", points=2)))
    for recul, dits in ((timedelta(hours=3), [3]), (timedelta(minutes=1, seconds=5), [])):
        reculee = EntreeJournal(3, dites[2].quand - recul, "Ana", dites[2].contenu)
        atelier = Atelier.rejouer([*dites[:2], reculee])
        assert [e.rang for e in atelier.reculs] == dits
        assert atelier.votes == {"a": {"Ana": 2}}


def test_un_geste_retire_ne_compte_plus_et_reste_dans_le_fil():
    """A decision taken back leaves the one before; a remark leaves; a session opened by mistake gives its points back to the one before."""
    dites = [
        ("Claire", seance()), ("Ana", proposition("a")), ("Ana", Vote(scenario="a", points=8)),
        ("Bob", Remarque(texte="Zut")), ("Claire", Decision(texte="Oui")), ("Claire", Decision(texte="Non")),
        ("Claire", Conduite(etape="noter", resultats=True)), ("Claire", seance()),
    ]  # fmt: skip
    retraits = [("Claire", Retrait(rang=rang)) for rang in (4, 6, 8)]
    atelier = Atelier.rejouer(fil(*dites, *retraits, ("Bob", Vote(scenario="a", points=1))))
    assert len(atelier.seances) == 1
    assert (atelier.seance.remarques, atelier.decision.contenu.texte) == ((), "Oui")
    assert atelier.votes == {"a": {"Ana": 8, "Bob": 1}}
    assert atelier.conduite == Conduite(etape="noter", resultats=True)
    assert len(atelier.fil) == 12


def test_ni_un_vote_ni_une_seance_close_ne_se_retirent():
    """Taking back the first of two sessions would give another number to the second."""
    dites = [("Ana", proposition("a")), ("Ana", Vote(scenario="a", points=8)), ("C", seance()), ("C", seance())]
    assert Atelier.rejouer(fil(*dites, *(("C", Retrait(rang=r)) for r in (1, 2, 3, 99)))).retirees == frozenset()
    assert Atelier.rejouer(fil(*dites, ("C", Retrait(rang=4)), ("C", Retrait(rang=3)))).retirees == {3, 4}
