"""Facilitator's console without a browser: what its forms write, what it shows, what it says."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pope_foncier.ateliers import compte_rendu
from pope_foncier.ateliers.journal import Journal, etudes_du_journal, nom_du_journal
from pope_foncier.ateliers.journal_entrees import (
    Chiffre,
    Conduite,
    Decision,
    Proposition,
    Rapprochement,
    Remarque,
    Seance,
    Vote,
    personne,
)
from pope_foncier.ateliers.salle.acces import Acces
from pope_foncier.ateliers.salle.console import contenu
from pope_foncier.ateliers.salle.flux import GABARITS, Flux
from pope_foncier.ateliers.salle.gestes import en_clair, entree_de, fait
from pope_foncier.ateliers.salle.piece import Salle
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.formes.gabarits import rendre

MIDI = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


class Horloge:
    """One minute more at each look."""

    def __init__(self):
        self.heure = MIDI

    def __call__(self):
        self.heure += timedelta(minutes=1)
        return self.heure


def proposition(nom, titre, cout="62 000 €"):
    reponse = (Chiffre(cle="cout_an", libelle="Coût pour la Ville, par an", valeur=cout),)
    return Proposition(nom=nom, titre=titre, reglages={}, surcharges=(), reponse=reponse)


@pytest.fixture
def salle(tmp_path):
    journal = Journal(tmp_path / "gare.sqlite", Horloge())
    return Salle(journal, "Ancienne gare", Acces.ouvrir(tmp_path))


@pytest.fixture
def tenue(salle):
    """Two scenarios, the first proposed twice; points, a remark, a decision on the first as it was at first."""
    noter = salle.journal.noter
    noter("Claire", Seance(etude="gare", titre="Gare", lieu="Mairie", participants=("Ana", "Karim Benali", "Fatou")))
    noter("Ana", proposition("sobre", "Sobre"))
    noter("Karim B.", proposition("scic", "Une Scic"))
    noter("Ana", Vote(scenario="sobre", points=8, version=2))
    noter("Karim B.", Vote(scenario="sobre", points=5))
    noter("Karim Benali", Vote(scenario="scic", points=3))
    noter("Ana", Remarque(texte="Et la Caf ?", scenario="sobre"))
    noter("Claire", Decision(texte="On étudie", scenario="sobre", version=2))
    noter("Ana", proposition("sobre", "Sobre, revu", "58 000 €"))
    return salle


def vu(salle):
    return contenu(salle, salle.lire())


def gestes(salle, *faits):
    """Do some gestures one after the other, as the server does: what each one says."""
    dits = []
    for geste, champs in faits:
        entree = entree_de(geste, champs, salle.lire().atelier, ["gare"], salle.titre)
        if entree is not None:
            salle.journal.noter("Claire", entree)
        dits.append(fait(entree))
    return dits


def test_la_conduite_change_ce_que_dit_le_geste_et_lui_seul(salle):
    """« Show the points » at the step « noter » keeps the step; a gesture already done writes nothing."""
    dits = gestes(
        salle, ("conduite", {"etape": "noter"}), ("conduite", {"resultats": "oui"}), ("conduite", {"etape": "noter"})
    )
    assert salle.lire().atelier.conduite == Conduite(etape="noter", resultats=True)
    assert len(salle.journal.entrees()) == 2
    assert dits[2] == "C'était déjà ainsi : rien n'est noté."
    lu = vu(salle)
    assert (lu["precedente"], lu["suivante"]) == ("decouvrir", "decider")


@pytest.mark.parametrize(
    ("geste", "champs", "dit"),
    [
        ("conduite", {"etape": "danser"}, "pas un choix connu"),
        ("conduite", {"figee": "peut-être"}, "est attendu"),
        ("inconnu", {}, "Geste inconnu"),
        ("decision", {"texte": ""}, "Texte : un texte est attendu"),
        ("decision", {"texte": "a", "scenario": "absent"}, "inconnu du journal"),
        ("rapprocher", {"nom": "Personne", "est": "Ana"}, "Personne n'écrit sous le nom"),
        ("rapprocher", {"nom": "Ana", "est": ""}, "Nom de la personne : un texte est attendu"),
        ("retirer", {"rang": "4"}, "ne se retire pas"),
        ("retirer", {"rang": "x"}, "ne se retire pas"),
        ("retirer", {"rang": "1"}, "Cette séance est commencée"),
        ("seance", {"jour": "hier"}, "Date"),
        ("seance", {"lieu": "x" * 81}, "Lieu"),
    ],
)
def test_un_geste_faux_se_dit_et_n_ecrit_rien(tenue, geste, champs, dit):
    avant = tenue.journal.entrees()
    with pytest.raises(ErreurPope) as refus:
        entree_de(geste, champs, tenue.lire().atelier, ["gare"], "Gare")
    assert dit in en_clair(refus.value)
    assert tenue.journal.entrees() == avant


def test_une_seance_dit_sa_date_son_lieu_et_qui_est_attendu_une_fois_chacun(salle):
    champs = {"jour": "2026-12-08", "lieu": " Salle des fêtes ", "participants": "Ana Ruiz\n ana  ruiz ; Bob,\n\n Cléo"}
    gestes(salle, ("seance", champs))
    fiche = salle.journal.entrees()[0].contenu
    assert (fiche.etude, fiche.titre) == ("gare", "Ancienne gare")
    assert (fiche.jour, fiche.lieu) == (date(2026, 12, 8), "Salle des fêtes")
    assert len(fiche.participants) == 3
    assert fiche.participants[1:] == ("Bob", "Cléo")
    assert vu(salle)["seance"]["jour"] == "8 décembre 2026"
    gestes(salle, ("seance", {}))
    assert vu(salle)["seance"]["jour"] == "1er décembre 2026", "the day of its entry"


def test_une_seance_d_un_atelier_de_plusieurs_lieux_les_nomme_tous(salle):
    etudes = etudes_du_journal(nom_du_journal(["gare", "coque"]))
    ouverte = entree_de("seance", {}, salle.lire().atelier, etudes, "Gare ; Coque")
    assert (ouverte.etude, ouverte.etudes, ouverte.titre) == ("gare", ("gare", "coque"), "Gare ; Coque")


def test_la_console_montre_les_points_meme_caches_et_dit_ce_qui_a_change_depuis(tenue):
    """8 and 5 on the first scenario, whose version changed after Ana's 8; 3 on the second; the decision keeps the first version."""
    lu = vu(tenue)
    assert not lu["conduite"].resultats
    assert [(s["numero"], s["titre"], s["points"], s["versions"]) for s in lu["scenarios"]] == [
        (1, "Sobre, revu", 13, 2),
        (2, "Une Scic", 3, 1),
    ]
    assert [(v["qui"], v["points"], v["avant"]) for v in lu["scenarios"][0]["votes"]] == [
        ("Ana", 8, True),
        ("Karim B.", 5, False),
    ]
    assert [c.valeur for c in lu["scenarios"][0]["chiffres"]] == ["58 000 €"]
    assert (lu["decision"]["numero"], lu["decision"]["version"], lu["decision"]["depuis"]) == (1, 1, True)
    assert lu["attendus"] == ["Fatou"]
    assert [r["sur"] for r in lu["remarques"]] == ["n° 1 · Sobre, revu"]


def test_la_console_dit_qui_est_la_sans_avoir_note(tenue):
    """Ana and both names of Karim have given points; Zoé and Bob follow on their phones, Bob under two spellings."""
    instant = replace(tenue.lire(), presents=frozenset({"Ana", "Zoé", "bob", "BOB"}))
    assert [personne(nom) for nom in contenu(tenue, instant)["sans_note"]] == ["bob", "zoe"]


def test_decider_garde_la_version_qui_etait_a_l_ecran(tenue):
    """The form names « sobre@2 », the proposal on the screen when the facilitator chose; that of rank 9 came since."""
    gestes(
        tenue,
        ("decision", {"texte": "On retient", "scenario": "sobre@2"}),
        ("decision", {"texte": "Non", "scenario": "sobre"}),
    )
    decisions = [e.contenu for e in tenue.journal.entrees() if isinstance(e.contenu, Decision)]
    assert [d.version for d in decisions] == [2, 2, 9]
    assert vu(tenue)["scenarios"][0]["cle"] == "sobre@9"


def test_reunir_deux_noms_se_voit_et_se_defait(tenue):
    dits = gestes(tenue, ("rapprocher", {"nom": "Karim B.", "est": "Karim Benali"}))
    assert "Défaire" in dits[0]
    lu = vu(tenue)
    assert [(p["nom"], p["autres"]) for p in lu["personnes"]] == [
        ("Claire", []),
        ("Ana", []),
        ("Karim Benali", ["Karim B."]),
    ]
    assert [(c["nom"], c["est"]) for c in lu["corrections"]] == [("Karim B.", "Karim Benali")]
    assert lu["votants"] == 2
    gestes(tenue, ("rapprocher", {"nom": "Karim Benali", "est": "Karim Benali"}), ("separer", {"nom": "Karim B."}))
    assert vu(tenue)["corrections"] == []
    assert vu(tenue)["votants"] == 3
    assert [type(e.contenu) for e in tenue.journal.entrees()[-2:]] == [Rapprochement, Rapprochement]


def test_un_geste_malheureux_se_retire(tenue):
    """The remark and the decision leave; a session opened by mistake, where nothing was said, gives way to the one before."""
    gestes(tenue, ("retirer", {"rang": "7"}), ("retirer", {"rang": "8"}), ("seance", {}))
    assert (vu(tenue)["seance"]["numero"], vu(tenue)["seance"]["annulable"]) == (2, 12)
    assert gestes(tenue, ("retirer", {"rang": "12"}))[0].startswith("Retiré")
    lu = vu(tenue)
    assert (lu["seance"]["numero"], lu["seance"]["annulable"]) == (1, None)
    assert (lu["remarques"], lu["decision"], lu["scenarios"][0]["points"]) == ([], None, 13)
    assert "retire l'entrée 8" in compte_rendu.octets(tenue.journal, None, "md").decode().replace("\\", "")


def test_une_horloge_reculee_se_dit_avec_les_deux_dates(tenue):
    tenue.journal.horloge.heure = MIDI - timedelta(days=1)
    tenue.journal.noter("Bob", Remarque(texte="Bonjour"))
    assert vu(tenue)["reculs"] == [
        "L'entrée 10 (Bob) est datée du 30 novembre 2026, 13 h 01, avant celle qui la précède (1er décembre 2026, 13 h 09)."
    ]
    assert "L'horloge de cet ordinateur a reculé" in page(tenue)


def page(salle):
    flux = Flux(salle)
    valeurs = flux.valeurs() | {"racine": "/salle/", "page": "animer", "fenetre": "Animer", "repere": flux.repere}
    return str(rendre(f"{GABARITS}:animer.html", **valeurs))


def test_sans_scenario_la_console_dit_quoi_faire(salle):
    texte = page(salle)
    assert "Aucun scénario n'est en discussion" in texte
    assert "Mettre ces trois scénarios en discussion" in texte
    assert "Aucune séance n'est ouverte" in texte
    assert "make atelier SALLE=1" in texte


def test_ce_que_les_gens_ecrivent_reste_du_texte(tenue):
    """In every place of the page: title, name, remark, decision, place."""
    pirate = '"><img src=x onerror=alert(1)>'
    tenue.journal.noter(pirate, proposition("pirate", pirate))
    tenue.journal.noter(pirate, Remarque(texte=pirate))
    tenue.journal.noter(pirate, Decision(texte=pirate, scenario="pirate"))
    tenue.journal.noter("Claire", Rapprochement(nom=pirate, est=pirate))
    texte = page(tenue)
    assert texte.count("onerror") >= 6
    assert "<img" not in texte


def test_chaque_bouton_a_son_nom_et_chaque_partie_vive_est_dans_la_page(tenue):
    """Identifiers are unique, or a focus would jump; what the flow sends exists in the page."""
    entiere = page(tenue)
    identifiants = re.findall(r'\bid="([^"]+)"', entiere)
    assert len(identifiants) == len(set(identifiants))
    vives = re.findall(r'id="([^"]+)"[^>]*data-vif', Flux(tenue).fragments("animer")["vif"].html)
    assert len(vives) > 8
    assert vives == [i for i in vives if re.search(rf'id="{i}"[^>]*data-vif', entiere)]
    touches = re.findall(r'data-touche="(\w+)"', entiere)
    assert sorted(touches) == ["ArrowRight", "c", "f", "m", "n", "r"]
