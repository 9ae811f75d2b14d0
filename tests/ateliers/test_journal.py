"""Journal: nothing confirmed is lost, whoever is killed; append-only; two writers; replay; hostile texts stay text."""

import html
import random
import signal
import sqlite3
import time
from datetime import UTC, datetime

import pytest

from pope_foncier.ateliers import compte_rendu, fichier_scenarios
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Chiffre, Decision, Proposition, Remarque, Seance, Vote
from pope_foncier.ateliers.journal_fichier import ouvrir
from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope, ErreurSortie
from pope_foncier.socle.fiches import valider
from tests.ateliers.ecrivain import Ecrivain
from tests.conftest import COMPLETS

MIDI = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ESSAIS = 100 if COMPLETS else 20


def proposition(nom="grand", titre="Grand projet", valeur=3000):
    return Proposition(
        nom=nom,
        titre=titre,
        reglages={"places": 24, "montage": "sci_loue"},
        surcharges=(Surcharge(champ="travaux.cout_m2_ht", valeur=valeur, motif="levier de l'atelier"),),
        chiffres=(Chiffre(libelle="Reste à financer", valeur="918 686 €"),),
    )


@pytest.fixture
def journal(tmp_path):
    tenu = Journal(tmp_path / "atelier.sqlite", lambda: MIDI)
    tenu.noter("Ana", Seance(etude="gare_saint_denis", titre="Gare de Saint-Denis"))
    return tenu


def test_kill_9_ne_perd_rien_de_confirme(tmp_path):
    chemin = tmp_path / "atelier.sqlite"
    hasard, confirmes, perdus, tues = random.Random(93), {}, 0, 0
    for essai in range(ESSAIS):
        ecrivain = Ecrivain(chemin, f"essai{essai}", 100_000)
        premiere = ecrivain.confirmee()
        time.sleep(hasard.uniform(0.0, 0.05))
        ecrivain.processus.kill()
        suite = ecrivain.finir()
        tues += ecrivain.processus.exitcode == -signal.SIGKILL
        confirmes |= {rang: f"essai{essai} {i} " for rang, i in (premiere, *suite)}
    entrees = {e.rang: e.contenu.texte for e in Journal(chemin).entrees()}
    perdus = [r for r, debut in confirmes.items() if not entrees.get(r, "").startswith(debut)]
    assert tues == ESSAIS
    assert len(confirmes) >= ESSAIS
    assert perdus == []
    with sqlite3.connect(chemin) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("rang", range(20 if COMPLETS else 3))
def test_deux_visiteurs_creent_le_journal_a_la_fois(tmp_path, rang):
    """The worst moment: the file does not exist yet, and two processes write their first entry."""
    chemin = tmp_path / "neuf" / "atelier.sqlite"
    ecrivains = [Ecrivain(chemin, qui, 3) for qui in ("ana", "bob", "cleo")]
    for ecrivain in ecrivains:
        assert len(ecrivain.finir()) == 3
        assert ecrivain.processus.exitcode == 0
    assert len(Journal(chemin).entrees()) == 9
    assert [f.name for f in chemin.parent.iterdir()] == ["atelier.sqlite"]


def test_deux_visiteurs_a_la_fois_ne_perdent_rien(tmp_path):
    chemin = tmp_path / "atelier.sqlite"
    ecrivains = [Ecrivain(chemin, qui, 60) for qui in ("ana", "bob")]
    for ecrivain in ecrivains:
        assert len(ecrivain.finir()) == 60
        assert ecrivain.processus.exitcode == 0
    entrees = Journal(chemin).entrees()
    for qui in ("ana", "bob"):
        assert [int(e.contenu.texte.split()[1]) for e in entrees if e.qui == qui] == list(range(60))
    assert [e.rang for e in entrees] == list(range(1, 121))


def test_rien_ne_se_change_ni_ne_s_efface(journal):
    with sqlite3.connect(journal.chemin) as base:
        for ordre in ("UPDATE entrees SET qui = 'x'", "DELETE FROM entrees"):
            with pytest.raises(sqlite3.IntegrityError, match="ajout seul"):
                base.execute(ordre)
        assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_chaque_entree_est_forcee_sur_le_disque_et_le_tour_est_pris_avant_de_lire(journal, monkeypatch):
    """FULL (2): an entry survives a power cut. The write lock is taken before the checks, or two visitors could both pass."""
    ordres, vraie = [], sqlite3.connect

    def connecter(*args, **mots):
        base = vraie(*args, **mots)
        base.set_trace_callback(ordres.append)
        return base

    monkeypatch.setattr(sqlite3, "connect", connecter)
    journal.noter("Ana", proposition())
    assert "PRAGMA synchronous=FULL" in ordres
    prise = ordres.index("BEGIN IMMEDIATE")
    lectures = [rang for rang, ordre in enumerate(ordres) if "FROM entrees" in ordre]
    assert lectures
    assert prise < min(lectures)
    with ouvrir(journal.chemin) as base:
        assert base.execute("PRAGMA synchronous").fetchone() == (2,)
        assert base.execute("PRAGMA recursive_triggers").fetchone() == (1,)


def test_un_fichier_refuse_se_dit_en_francais(journal, tmp_path):
    pas_un = tmp_path / "texte.sqlite"
    pas_un.write_bytes(b"bonjour" * 1000)
    with pytest.raises(ErreurSortie, match="n'est pas un journal d'atelier"):
        Journal(pas_un).entrees()
    dossier = tmp_path / "dossier.sqlite"
    dossier.mkdir()
    with pytest.raises(ErreurSortie, match="ne s'ouvre pas"):
        Journal(dossier).entrees()
    with sqlite3.connect(journal.chemin) as base:
        base.execute("INSERT INTO entrees (quand, qui, genre, contenu) VALUES ('2026-12-01', 'Ana', 'sondage', '{}')")
    lecture = journal.lire()
    assert [e.rang for e in lecture.entrees] == [1]
    assert lecture.illisibles == ("entrée 2 : genre inconnu (« sondage »), écrit par une version plus récente",)
    assert not lecture.abime


def test_la_meme_personne_en_majuscules_ne_vote_pas_deux_fois_et_garde_sa_place(journal):
    journal.noter("Ana Ruiz", proposition())
    for qui, points in (("Ana Ruiz", 3), ("ANA  ruiz", 8), ("Anna Ruiz", 1)):
        journal.noter(qui, Vote(scenario="grand", points=points))
    journal.noter("ana ruiz", proposition(titre="Revu"))
    atelier = Atelier.rejouer(journal.entrees())
    assert atelier.votes["grand"] == {"Ana Ruiz": 8, "Anna Ruiz": 1}
    assert atelier.scenarios["grand"].fiche.titre == "Revu"


@pytest.mark.parametrize("points", [-1, 11, 2.5, True, "7"])
def test_des_points_hors_bornes_sont_refuses_en_francais(points):
    with pytest.raises(ErreurDonnees, match="un nombre entier de 0 à 10 est attendu"):
        valider(Vote, {"scenario": "grand", "points": points}, "Vote")


def test_rejouer_garde_le_dernier_avis_et_tout_l_historique(journal):
    journal.noter("Ana", proposition())
    journal.noter("Ana", proposition(titre="Grand projet revu", valeur=2800))
    for qui, points in (("Ana", 3), ("Bob", 8), ("Ana", 5)):
        journal.noter(qui, Vote(scenario="grand", points=points))
    journal.noter("Ana", Remarque(texte="Et le quartier ?", scenario="grand"))
    journal.noter("Cléo", Decision(texte="On étudie le grand projet", scenario="grand"))
    atelier = Atelier.rejouer(Journal(journal.chemin).entrees())
    assert atelier.scenarios["grand"].fiche.titre == "Grand projet revu"
    assert atelier.votes["grand"] == {"Ana": 5, "Bob": 8}
    assert atelier.points("grand") == 13
    assert atelier.decision.qui == "Cléo"
    assert len(journal.entrees()) == 8
    assert [e.qui for e in journal.entrees(apres=6)] == ["Ana", "Cléo"]
    assert journal.entrees()[0].quand == MIDI


def test_nul_ne_prend_la_place_d_un_autre(journal):
    """Same name from somebody else: refused in words, nothing written; the votes stay with the first proposal."""
    journal.noter("Ana", proposition())
    journal.noter("Ana", Vote(scenario="grand", points=9))
    with pytest.raises(ErreurDonnees, match="déjà été proposé par Ana"):
        journal.noter("Bob", proposition(titre="Le mien"))
    atelier = Atelier.rejouer(journal.entrees())
    assert [type(e.contenu).__name__ for e in atelier.fil] == ["Seance", "Proposition", "Vote"]
    assert atelier.scenarios["grand"].fiche.titre == "Grand projet"


def test_le_compte_rendu_dit_ce_qui_change_et_tout_le_fil(journal, tmp_path):
    """A lever by its French name with its value; a scenario that changes nothing is said; what was replaced stays."""
    journal.noter("Ana", proposition())
    journal.noter("Ana", proposition(nom="tel_quel", titre="Tel quel").model_copy(update={"surcharges": ()}))
    journal.noter("Bob", Decision(texte="Première idée"))
    journal.noter("Bob", Decision(texte="Seconde idée"))
    yaml, md, page = compte_rendu.exporter(journal, tmp_path / "sortie")
    lus = fichier_scenarios.lire_scenarios(yaml.read_bytes())
    assert [s.nom for s in lus.scenarios] == ["grand"]
    assert "« Tel quel » : l'étude telle quelle" in yaml.read_text(encoding="utf-8")
    lus = (md.read_text(encoding="utf-8").replace("\\", ""), html.unescape(page.read_text(encoding="utf-8")))
    for texte in (x.replace("\u202f", " ").replace("\xa0", " ") for x in lus):
        assert "Coût des travaux (€/m² HT) : 3 000" in texte
        assert "travaux.cout_m2_ht" not in texte
        assert "décision : « Première idée »" in texte
        assert "« Seconde idée »" in texte.split("Les scénarios")[0]


def test_sans_rien_a_varier_aucun_fichier_de_scenarios(journal, tmp_path):
    journal.noter("Ana", proposition().model_copy(update={"surcharges": ()}))
    ecrits = compte_rendu.exporter(journal, tmp_path / "sortie")
    assert [e.name for e in ecrits] == ["compte_rendu.md", "compte_rendu.html"]


def test_l_export_se_relit_et_se_calcule(journal, tmp_path, dossier):
    from pope_foncier.etude.scenarios import varier

    journal.noter("Ana", proposition())
    journal.noter("Ana", Vote(scenario="grand", points=7))
    ecrits = compte_rendu.exporter(journal, tmp_path / "sortie")
    assert [e.name for e in ecrits] == ["scenarios.yaml", "compte_rendu.md", "compte_rendu.html"]
    relu = fichier_scenarios.lire_scenarios(ecrits[0].read_bytes())
    assert relu.etude == "gare_saint_denis"
    etude = varier(dossier, "grand", {s.champ: s.valeur for s in relu.scenarios[0].surcharges})
    assert etude.travaux.cout_m2_ht.valeur == 3000
    for ecrit in ecrits[1:]:
        texte = ecrit.read_text(encoding="utf-8").replace("\xa0", " ")
        assert "Grand projet" in texte
        assert "donne 7 points" in texte
        assert "918 686 €" in texte
        assert "1er décembre 2026" in texte


HOSTILES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://exemple.invalid","clic")',
    "[clic](javascript:alert(1))",
    "'); DROP TABLE entrees; --",
    "\u202ereversé\u0000\u0007",
    "| a | b |\n|---|---|",
]


@pytest.mark.parametrize("texte", HOSTILES)
def test_les_textes_hostiles_restent_du_texte(journal, tmp_path, texte):
    journal.noter(texte[:80], proposition(titre=texte[:80]))
    journal.noter("Ana", Remarque(texte=texte, scenario="grand"))
    journal.noter("Ana", Decision(texte=texte))
    compte_rendu.exporter(journal, tmp_path / "sortie")
    html = (tmp_path / "sortie" / "compte_rendu.html").read_text(encoding="utf-8")
    markdown = (tmp_path / "sortie" / "compte_rendu.md").read_text(encoding="utf-8")
    for page in (html, markdown):
        assert "<script" not in page
        assert "<img" not in page
        assert "\x00" not in page
        assert "\u202e" not in page
    assert "](javascript" not in markdown
    import re

    cellules = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", html) + re.findall(r"<li>(.*?)</li>", html)
    assert not [c for c in cellules if c.startswith("=")]
    assert "\n| a | b |" not in markdown


@pytest.mark.parametrize("nom", ["../../etc/passwd", "a/b", "", "A", "x" * 41, "nom\n", "é", None, 3, "<b>"])
def test_un_nom_de_scenario_hostile_est_refuse(nom):
    with pytest.raises(ValueError, match=r"nom de scénario refusé"):
        proposition(nom=nom)


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (b"x" * 50_000_000, "trop gros"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"", ""),
        (b"scenarios: []\n", "etude"),
        (b"etude: gare\nscenarios:\n  - {nom: a, titre: A, surcharges: [], intrus: 1}\n", "intrus"),
        (b"!!python/object/apply:os.system ['echo non']\n", ""),
        (b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (i, i) for i in range(50)), ""),
        (
            b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [%s]\n" % (i, i, b"*a%d, " % (i - 1) * 9) for i in range(1, 12)),
            "renvois",
        ),
        (b"etude: &a [*a]\nscenarios: []\n", "renvois"),
        (b"a: " + b"[" * 900 + b"]" * 900, "profond"),
        (b"[" * 190_000, "mise en forme"),
    ],
)
def test_un_fichier_hostile_est_refuse_en_clair(octets, message):
    debut = time.process_time()
    with pytest.raises(ErreurDonnees) as refus:
        fichier_scenarios.lire_scenarios(octets, "<script>.yaml")
    assert message in str(refus.value)
    assert "<" not in str(refus.value).splitlines()[0]
    assert time.process_time() - debut < 5


@pytest.mark.parametrize("nom", ["../../x.yaml", "a/b.yaml", "a\\b.yaml", "x.exe", ".yaml", "..yaml", "", "a.yaml\n"])
def test_un_nom_de_fichier_hostile_est_refuse(nom):
    with pytest.raises(ErreurDonnees, match="nom d'un fichier de scénarios"):
        fichier_scenarios.lire_scenarios(b"etude: gare\n", nom)


def test_votes_et_auteurs_refuses(journal):
    for points in (-1, 11, 1.5, "3", True):
        with pytest.raises(ValueError, match="points"):
            Vote(scenario="grand", points=points)
    with pytest.raises(ErreurDonnees, match="inconnu du journal"):
        journal.noter("Ana", Vote(scenario="absent", points=3))
    with pytest.raises(ErreurDonnees, match="texte vide"):
        journal.noter("  ", Remarque(texte="a"))
    with pytest.raises(ValueError, match="raccourcir|signes"):
        Remarque(texte="a" * 2001)
    assert len(journal.entrees()) == 1


def test_un_fichier_etranger_n_est_ni_lu_ni_touche(tmp_path):
    autre = tmp_path / "autre.sqlite"
    with sqlite3.connect(autre) as base:
        base.execute("CREATE TABLE a (x)")
    octets = autre.read_bytes()
    for chemin in (autre, tmp_path):
        with pytest.raises(ErreurSortie, match="rien n'a été effacé"):
            Journal(chemin).noter("Ana", Remarque(texte="a"))
    assert autre.read_bytes() == octets
    texte = tmp_path / "texte.sqlite"
    texte.write_text("bonjour " * 100)
    with pytest.raises(ErreurPope):
        Journal(texte).entrees()
    with pytest.raises(ErreurDonnees, match="vide ou absent"):
        compte_rendu.exporter(Journal(tmp_path / "rien.sqlite"), tmp_path)
