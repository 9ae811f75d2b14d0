"""What phones and projector show: nothing before it is shown, figures as they were seen, every word as text."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from pope_foncier.ateliers import tableau_du_journal
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal_entrees import (
    CarteDeNom,
    Chiffre,
    Conduite,
    Decision,
    EntreeJournal,
    Proposition,
    Rapprochement,
    Remarque,
    Seance,
    Vote,
)
from pope_foncier.ateliers.salle import console, contenu
from pope_foncier.ateliers.salle.piece import PAGES, Instant, Salle
from pope_foncier.vues.formes.gabarits import rendre

MECHANT = "<script>alert(1)</script>"


def rejouer(*dites):
    """State after some words, one a minute."""
    debut = datetime(2026, 11, 30, 18, tzinfo=UTC)
    return Atelier.rejouer(
        [EntreeJournal(n, debut + timedelta(minutes=n), qui, dit) for n, (qui, dit) in enumerate(dites, 1)]
    )


def proposer(nom, cout="100\u202f000\u00a0€", titre=None, fourchette=None, lecture="plan bouclé", **plus):
    reponse = (
        Chiffre(
            libelle="Coût pour la Ville, par an", valeur=cout, cle="cout_an", fourchette=fourchette, lecture=lecture
        ),
        Chiffre(libelle="Places", valeur="24", cle="places"),
    )
    return Proposition(nom=nom, titre=titre or nom, reglages={}, surcharges=(), reponse=reponse, **plus)


def montrer(page, atelier, presents=0, adresses=("192.168.1.9",)):
    """Every fragment of a page, as its templates make it."""
    acces = SimpleNamespace(code="K7M4QX", cartes={})
    salle = Salle(SimpleNamespace(nom="gare"), "Gare", acces, adresses=adresses, port=8866)
    valeurs = salle.valeurs(Instant(atelier, presents=frozenset(map(str, range(presents)))))
    lus = (rendre(f"pope_foncier.ateliers.salle:{page}_{nom}.html", **valeurs) for nom in PAGES[page].fragments)
    return re.sub("[\u00a0\u202f]|&nbsp;", " ", "\n".join(lus))


def _animer(atelier):
    """Scenarios as the console of the facilitator reads them."""
    return [console._scenario(atelier, s) for s in atelier.scenarios.values()]


def test_les_points_ne_se_voient_que_montres_et_les_noms_de_meme():
    dites = (
        ("Mairie", proposer("ecole")),
        ("Zoé", Vote(scenario="ecole", points=9)),
        ("Karim", Vote(scenario="ecole", points=4)),
        ("Zoé", Remarque(texte="Et les trains ?")),
    )
    for page in ("participant", "projecteur"):
        cache = montrer(page, rejouer(*dites, ("Mairie", Conduite(etape="noter"))), presents=2)
        assert "<b>13</b>" not in cache
        assert "trains" not in cache
        montre = montrer(page, rejouer(*dites, ("Mairie", Conduite(etape="noter", resultats=True))), presents=2)
        assert "<b>13</b> points" in montre
        assert "2 personnes, de 4 à 9" in montre
        assert 'viewBox="0 0 20 1"' in montre
        assert "Zoé" not in montre
        tout = Conduite(etape="noter", resultats=True, noms=True)
        assert "<b>9</b> Zoé" in montrer(page, rejouer(*dites, ("Mairie", tout)), presents=2)
        paroles = montrer(page, rejouer(*dites, ("Mairie", Conduite(remarques=True))), presents=2)
        assert "Et les trains ?" in paroles
        assert "Zoé" not in paroles


def test_le_projecteur_dit_la_lecture_commune_meme_si_un_scenario_n_a_pas_de_fourchette():
    """« Eight times out of ten » is of the ranges shown: those that are unknown, or still to come, take the reading from nobody."""
    lue = '<p class="lecture">Lecture : plan bouclé. Fourchettes : huit fois sur dix.</p>'
    avec = proposer("ecole", fourchette="de 90\u202f000 à 110\u202f000\u00a0€")
    sans, rien = proposer("gare", fourchette="fourchette inconnue"), proposer("coque", "sans objet", lecture=None)
    assert lue in montrer("projecteur", rejouer(("Mairie", avec), ("Mairie", sans), ("Mairie", rien)), presents=1)
    assert '<p class="lecture">Lecture : plan bouclé.</p>' in montrer(
        "projecteur", rejouer(("Mairie", sans)), presents=1
    )
    autre = proposer("halle", lecture="plan tel quel")
    assert '<p class="lecture">' not in montrer("projecteur", rejouer(("Mairie", avec), ("Mairie", autre)), presents=1)


def test_la_decision_garde_les_chiffres_que_la_salle_a_vus():
    atelier = rejouer(
        ("Mairie", proposer("ecole", "100 €")),
        ("Mairie", proposer("ecole", "200 €", titre="École revue")),
        ("Mairie", Decision(texte="On retient l'école.", scenario="ecole", version=1)),
        ("Mairie", Conduite(etape="decider")),
    )
    prise = contenu.decision(atelier)
    assert [c.valeur for c in prise["carte"]["chiffres"]] == ["100 €"]
    assert prise["depuis"]
    assert prise["quand"] == "30 novembre 2026, 19 h 03"
    ecran = montrer("projecteur", atelier, presents=1)
    assert "100 €" in ecran
    assert "200 €" not in ecran
    assert "Proposé de nouveau depuis" in ecran


def test_un_journal_qui_ne_dit_pas_la_version_garde_celle_d_alors():
    """Vote of rank 2 and decision of rank 3 were on the first proposal, 100 €; that of rank 4 came after them."""
    atelier = rejouer(
        ("Mairie", proposer("ecole", "100 €", titre="École")),
        ("Zoé", Vote(scenario="ecole", points=6)),
        ("Mairie", Decision(texte="On retient l'école.", scenario="ecole")),
        ("Mairie", proposer("ecole", "200 €", titre="École revue")),
    )
    prise = contenu.decision(atelier)
    assert [c.valeur for c in prise["carte"]["chiffres"]] == ["100 €"]
    assert prise["depuis"]
    assert contenu.du_telephone(atelier, "Zoé")["moi"]["points"] == {"ecole": {"points": 6, "version": 1}}
    assert "n° 1 · École, dans une version d&#x27;avant" in tableau_du_journal.en_html(atelier)


def test_une_proposition_d_avant_montre_ses_chiffres():
    ancienne = tuple(Chiffre(libelle=f"Chiffre {n}", valeur=f"{n} €") for n in range(6))
    atelier = rejouer(("Mairie", Proposition(nom="a", titre="A", reglages={}, surcharges=(), chiffres=ancienne)))
    (carte,) = contenu.scenarios(atelier)
    assert [c.valeur for c in (*carte["chiffres"], *carte["autres"])] == [f"{n} €" for n in range(6)]
    page = montrer("participant", atelier)
    assert all(f"<b>{n} €</b>" in page for n in range(6))
    assert "Premier risque" not in page


def test_deux_noms_reunis_sont_un_telephone():
    atelier = rejouer(
        ("Mairie", proposer("ecole")),
        ("Karim B", CarteDeNom(teinte=3)),
        ("Karim B", Vote(scenario="ecole", points=6, version=1)),
        ("Mairie", proposer("ecole", "200 €")),
        ("Mairie", Rapprochement(nom="Karim B", est="Karim Benali")),
    )
    moi = contenu.du_telephone(atelier, "karim b.")["moi"]
    assert (moi["nom"], moi["points"]) == ("Karim Benali", {"ecole": {"points": 6, "version": 1}})
    assert contenu.du_telephone(atelier, "")["moi"] is None


@pytest.mark.parametrize("page", ["participant", "projecteur"])
def test_tout_mot_reste_un_texte(page):
    plus = {"risque": MECHANT, "mots": (MECHANT,), "etude": MECHANT}
    dites = (
        ("Mairie", Seance(etude="gare", titre=MECHANT)),
        (MECHANT, proposer("ecole", titre=MECHANT, cout=MECHANT, **plus)),
        (MECHANT, Vote(scenario="ecole", points=5)),
        (MECHANT, Remarque(texte=MECHANT, scenario="ecole")),
        ("Mairie", Decision(texte=MECHANT, scenario="ecole")),
    )
    for etape in ("decouvrir", "decider"):
        for remarques in (False, True):
            conduite = Conduite(etape=etape, resultats=True, noms=True, remarques=remarques)
            lu = montrer(page, rejouer(*dites, ("Mairie", conduite)), presents=1)
            assert "<script" not in lu
            assert "&lt;script&gt;" in lu


def test_le_projecteur_montre_une_chose_a_la_fois():
    def scene(*dites, presents=1, adresses=("192.168.1.9",)):
        lu = montrer("projecteur", rejouer(("Mairie", Seance(etude="gare", titre="Gare")), *dites), presents, adresses)
        return re.search(r'class="vue (\w+)', lu)[1]

    trois = [("Mairie", proposer(nom)) for nom in "abc"]
    assert scene(*trois, presents=0) == "accueil"
    assert scene(*trois, presents=0, adresses=()) == "cartes"
    assert scene(*trois, ("Zoé", CarteDeNom(teinte=1)), presents=0) == "cartes", (
        "a phone that sleeps brings no code back"
    )
    assert scene(*trois, ("Mairie", Conduite(acces=True))) == "accueil"
    assert scene() == "attente"
    assert scene(*trois) == "cartes"
    assert scene(*trois, ("Mairie", proposer("d"))) == "grille"
    assert scene(*trois, ("Mairie", Conduite(etape="noter", resultats=True))) == "points"
    prise = ("Mairie", Decision(texte="Oui", scenario="a"))
    assert scene(*trois, prise) == "cartes"
    assert scene(*trois, prise, ("Mairie", Conduite(etape="decider", resultats=True))) == "decision"
    dite = ("Zoé", Remarque(texte="Et les trains ?"))
    assert scene(*trois, dite, ("Mairie", Conduite(remarques=True))) == "paroles"


def test_deux_sites_se_disent_partout_un_seul_nulle_part():
    """Two scenarios bear the same title on two sites: only the place tells them apart."""
    ici = ("Mairie", proposer("a", titre="Projet de base", lieu="Gare de Saint-Denis"))
    ailleurs = ("Mairie", proposer("b", titre="Projet de base", lieu="École Jean-Jaurès"))
    for conduite in (
        Conduite(),
        Conduite(etape="noter", resultats=True),
        Conduite(etape="decider"),
    ):
        fin = (("Mairie", Decision(texte="Oui", scenario="b")), ("Mairie", conduite))
        for page in ("participant", "projecteur"):
            assert "École Jean-Jaurès" in montrer(page, rejouer(ici, ailleurs, *fin), presents=1)
            assert "Gare de Saint-Denis" not in montrer(page, rejouer(ici, ("Mairie", Conduite())), presents=1)
    animee = [s["lieu"] for s in _animer(rejouer(ici, ailleurs))]
    assert animee == ["Gare de Saint-Denis", "École Jean-Jaurès"], "the facilitator decides on a place that is named"
    assert [s["lieu"] for s in _animer(rejouer(ici))] == [""]
    rangs = [("Mairie", proposer(nom, titre="Projet de base", lieu=f"Site {nom}")) for nom in "cdef"]
    assert "Projet de base · Site f" in montrer("projecteur", rejouer(*rangs), presents=1), "the title is never cut off"


def test_ce_qui_n_est_promis_par_personne_se_dit_sauf_de_rien():
    def a_trouver(valeur):
        chiffre = Chiffre(libelle="À trouver, personne ne l'a promis", valeur=valeur, cle="a_trouver")
        fiche = Proposition(nom="a", titre="A", reglages={}, surcharges=(), reponse=(chiffre,))
        (carte,) = contenu.scenarios(rejouer(("Mairie", fiche)))
        return [(c.libelle, c.valeur, c.fourchette) for c in carte["chiffres"]]

    assert a_trouver("520\u202f000\u00a0€") == [("À trouver", "520\u202f000\u00a0€", "personne ne l'a promis")]
    assert a_trouver("0\u00a0€") == [("À trouver", "0\u00a0€", None)]
    assert a_trouver("inconnu") == [("À trouver", "inconnu", None)]
