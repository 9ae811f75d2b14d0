"""Journals of earlier versions, written by hand as those versions wrote them, open in everything of today: nothing lost, nothing changed."""

import hashlib
import json
import sqlite3

import pytest

from pope_foncier.ateliers import compte_rendu
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Conduite, Decision, Proposition, Seance, Vote
from pope_foncier.ateliers.salle.acces import Acces
from pope_foncier.ateliers.salle.flux import Flux
from pope_foncier.ateliers.salle.piece import PAGES, Salle

MARQUE = 0x506F5065
TABLE = (
    "CREATE TABLE entrees (rang INTEGER PRIMARY KEY AUTOINCREMENT, quand TEXT NOT NULL, qui TEXT NOT NULL, "
    "genre TEXT NOT NULL, contenu TEXT NOT NULL{})"
)
GARDES = (
    "CREATE TRIGGER sans_changement BEFORE UPDATE ON entrees BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END",
    "CREATE TRIGGER sans_effacement BEFORE DELETE ON entrees BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END",
)
CHIFFRES = [
    {"libelle": "Places", "valeur": "12"},
    {"libelle": "Reste à financer (plan tel quel)", "valeur": "486\u202f200\u00a0€"},
    {"libelle": "À trouver, personne ne l'a promis (plan bouclé)", "valeur": "479\u202f900\u00a0€"},
    {"libelle": "… par place et par an (plan bouclé)", "valeur": "5\u202f200\u00a0€"},
]
SOBRE = {"champ": "travaux.cout_m2_ht", "valeur": 3000, "motif": "réglé en atelier"}


def scenario(nom, titre, surcharges, **plus):
    return {"nom": nom, "titre": titre, "reglages": {}, "surcharges": surcharges, "chiffres": CHIFFRES, **plus}


LIGNES = [
    ("2026-11-24T17:02:11.120+00:00", "Ana Ruiz", "seance", {"etude": "gare_saint_denis", "titre": "Gare de Saint-Denis"}),
    ("2026-11-24T17:10:40.004+00:00", "Ana Ruiz", "scenario", scenario("tel_quel", "Le projet tel quel", [])),
    ("2026-11-24T17:21:07.518+00:00", "Bob Martin", "scenario", scenario("sobre", "Travaux sobres", [SOBRE])),
    ("2026-11-24T17:30:00.000+00:00", "Ana Ruiz", "vote", {"scenario": "sobre", "points": 5}),
    ("2026-11-24T17:31:00.000+00:00", "BOB martin", "vote", {"scenario": "sobre", "points": 7}),
    ("2026-11-24T17:32:00.000+00:00", "ana ruiz", "vote", {"scenario": "sobre", "points": 4}),
    ("2026-11-24T17:35:00.000+00:00", "Cléo", "remarque", {"texte": "Et si la Caf tarde ?", "scenario": "sobre"}),
    ("2026-11-24T17:36:00.000+00:00", "Cléo", "remarque", {"texte": "Le quartier est d'accord.", "scenario": None}),
    ("2026-11-24T17:58:00.000+00:00", "Bob Martin", "decision", {"texte": "On étudie le sobre.", "scenario": "sobre"}),
]  # fmt: skip
AVEC_MOTS = {
    "sobre": ["Coût des travaux : 3\u202f000 €/m² HT au lieu de 3\u202f400."],
    "tel_quel": ["L'étude telle quelle."],
}


def ecrire(chemin, empreintes, mots):
    """Journal as a version before wrote it: with a print of each entry, and with the words of each scenario, or not yet."""
    base = sqlite3.connect(chemin, isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute(TABLE.format(", empreinte TEXT NOT NULL DEFAULT ''" if empreintes else ""))
    for garde in GARDES:
        base.execute(garde)
    base.execute(f"PRAGMA application_id={MARQUE}")
    for quand, qui, genre, contenu in LIGNES:
        dit = contenu | ({"mots": AVEC_MOTS[contenu["nom"]]} if mots and genre == "scenario" else {})
        ligne = (quand, qui, genre, json.dumps(dit, ensure_ascii=False))
        if empreintes:
            marque = hashlib.sha256("\x1f".join(ligne).encode()).hexdigest()[:32]
            base.execute(
                "INSERT INTO entrees (quand, qui, genre, contenu, empreinte) VALUES (?, ?, ?, ?, ?)", (*ligne, marque)
            )
        else:
            base.execute("INSERT INTO entrees (quand, qui, genre, contenu) VALUES (?, ?, ?, ?)", ligne)
    base.close()


@pytest.fixture(params=[(False, False), (True, False), (True, True)], ids=["sans empreintes", "empreintes", "mots"])
def ancien(tmp_path, request):
    chemin = tmp_path / "gare_saint_denis.sqlite"
    ecrire(chemin, *request.param)
    return Journal(chemin)


def test_un_ancien_journal_dit_la_meme_chose(ancien):
    """Ana's last word is 4, Bob's 7: 11. Nobody said which version they saw: it is the one in force."""
    lecture = ancien.lire()
    assert (len(lecture.entrees), lecture.illisibles, lecture.abime) == (9, (), False)
    atelier = Atelier.rejouer(lecture.entrees)
    assert [s.titre for s in atelier.scenarios.values()] == ["n° 1 · Le projet tel quel", "n° 2 · Travaux sobres"]
    assert atelier.votes == {"sobre": {"Ana Ruiz": 4, "Bob Martin": 7}}
    assert atelier.points("sobre") == 11
    assert [p.nom for p in atelier.personnes.values()] == ["Ana Ruiz", "Bob Martin", "Cléo"]
    assert len(atelier.seances) == 1
    assert atelier.version_de(atelier.decision.contenu, atelier.decision.rang).rang == 3
    assert (atelier.conduite, atelier.reculs, atelier.corrections) == (Conduite(), (), ())


def test_la_suite_s_y_ecrit_sans_rien_changer_a_ce_qui_y_est(ancien):
    """A next session is held in it: what was said the first evening stays as it was, bit for bit."""
    avant = sqlite3.connect(ancien.chemin).execute("SELECT rang, quand, qui, genre, contenu FROM entrees").fetchall()
    ancien.noter("Claire", Seance(etude="gare_saint_denis", titre="Gare de Saint-Denis", lieu="Mairie"))
    ancien.noter("Claire", Conduite(etape="noter"))
    ancien.noter("Bob Martin", Vote(scenario="sobre", points=9, version=3))
    ancien.noter("Claire", Decision(texte="On retient", scenario="sobre", version=3))
    apres = sqlite3.connect(ancien.chemin).execute("SELECT rang, quand, qui, genre, contenu FROM entrees").fetchall()
    assert apres[:9] == avant
    assert [ligne[0] for ligne in apres] == list(range(1, 14))
    lecture = ancien.lire()
    assert (lecture.illisibles, lecture.abime) == ((), False)
    premiere, seconde = Atelier.rejouer(lecture.entrees).seances
    assert (premiere.points("sobre"), seconde.points("sobre")) == (11, 9)
    assert premiere.decision.contenu.texte == "On étudie le sobre."


def test_toutes_les_pages_de_la_salle_le_montrent(ancien, tmp_path):
    salle = Salle(ancien, "Gare", Acces.ouvrir(tmp_path))
    flux = Flux(salle)
    for page in PAGES:
        texte = "".join(f.html for f in flux.fragments(page).values())
        assert "Travaux sobres" in texte
        assert "Le projet tel quel" in texte
    assert "11 points" in flux.fragments("animer")["vif"].html


@pytest.mark.parametrize("forme", ["html", "md", "docx"])
def test_le_compte_rendu_en_est_fait(ancien, forme):
    octets = compte_rendu.octets(ancien, None, forme)
    if forme != "docx":
        texte = octets.decode().replace("\\", "").replace("\u202f", " ")
        for dit in ("Travaux sobres", "On étudie le sobre.", "Et si la Caf tarde ?", "486 200", "24 novembre 2026"):
            assert dit in texte
    assert len(octets) > 3_000


def test_ses_scenarios_se_redonnent_en_fichier(ancien):
    relus = compte_rendu.octets(ancien, None, "yaml").decode()
    assert "travaux.cout_m2_ht" in relus
    assert isinstance(ancien.entrees()[2].contenu, Proposition)
