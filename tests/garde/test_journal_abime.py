"""Damaged journals: one bad row hides no other, nothing is noted into a damaged file, which is left aside untouched."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from pope_foncier.ateliers import compte_rendu, journal_fichier, secours
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal, LectureJournal
from pope_foncier.ateliers.journal_entrees import Decision, Proposition, Remarque, Seance, Vote
from pope_foncier.ateliers.journal_fichier import actuel, empreinte
from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope, ErreurSortie
from tests.ateliers.etudes import modele_de
from tests.conftest import COMPLETS, GARE, RACINE
from tests.garde.commandes import lancer
from tests.peu_de_tirages import peu_de_tirages

MIDI = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
INSERER = "INSERT INTO entrees (quand, qui, genre, contenu) VALUES (?, ?, ?, ?)"
NOMBRE = 60
BONNE = json.dumps({"texte": "mise à la main", "scenario": None})


@pytest.fixture(scope="module")
def sain(tmp_path_factory):
    """Sixty entries: a session, a scenario, votes, remarks long enough to fill several pages."""
    tenu = Journal(tmp_path_factory.mktemp("sain") / "atelier.sqlite", lambda: MIDI)
    tenu.noter("Ana", Seance(etude="gare_saint_denis", titre="Gare de Saint-Denis"))
    surcharges = (Surcharge(champ="travaux.cout_m2_ht", valeur=3000, motif="essai"),)
    tenu.noter("Ana", Proposition(nom="grand", titre="Grand", reglages={}, surcharges=surcharges))
    tenu.noter("Bob", Vote(scenario="grand", points=7))
    for rang in range(4, NOMBRE + 1):
        tenu.noter("Cléo", Remarque(texte=f"remarque {rang} " + "é" * 400))
    return tenu


@pytest.fixture
def journal(sain, tmp_path):
    """Copy of the sixty entries, to damage."""
    shutil.copy(sain.chemin, tmp_path / "atelier.sqlite")
    return Journal(tmp_path / "atelier.sqlite", lambda: MIDI)


def sans_gardes(chemin):
    """Connection of somebody who took the triggers away: a damage made by hand."""
    base = sqlite3.connect(chemin, isolation_level=None)
    for nom in ("sans_changement", "sans_effacement", "sans_remplacement"):
        base.execute(f"DROP TRIGGER IF EXISTS {nom}")
    return base


def textes(entrees):
    return [(e.qui, e.quand, e.contenu) for e in entrees]


LIGNES = {
    "json cassé": ("2026-12-01T12:00:00+00:00", "Ana", "remarque", '{"texte": "coup'),
    "octets": ("2026-12-01T12:00:00+00:00", "Ana", "remarque", sqlite3.Binary(b"\xff\xfe\x00\x01")),
    "nombre": ("2026-12-01T12:00:00+00:00", "Ana", "remarque", 12),
    "date fausse": ("hier", "Ana", "remarque", BONNE),
    "date d'un autre âge": ("0001-01-01T00:00:00", "Ana", "remarque", BONNE),
    "date en nombre": (12, "Ana", "remarque", BONNE),
    "genre inconnu": ("2026-12-01T12:00:00+00:00", "Ana", "sondage", "{}"),
    "contenu d'ailleurs": ("2026-12-01T12:00:00+00:00", "Ana", "remarque", '{"couleur": 3}'),
    "contenu qui n'est pas une table": ("2026-12-01T12:00:00+00:00", "Ana", "vote", "[1, 2]"),
    "imbriqué": ("2026-12-01T12:00:00+00:00", "Ana", "remarque", "[" * 100_000),
}


@pytest.mark.parametrize("nom", LIGNES)
def test_une_ligne_fausse_ne_cache_pas_les_autres(journal, tmp_path, nom):
    avant = journal.entrees()
    with sqlite3.connect(journal.chemin) as base:
        base.execute(INSERER, LIGNES[nom])
        base.execute(INSERER, ("2026-12-01T12:00:00+00:00", "Dan", "remarque", BONNE))
    lecture = journal.lire()
    assert textes(lecture.entrees[:-1]) == textes(avant)
    assert lecture.entrees[-1].qui == "Dan"
    (faute,) = lecture.illisibles
    assert faute.startswith(f"entrée {NOMBRE + 1} : ")
    _, *ecrits = compte_rendu.exporter(journal, tmp_path / "sortie")
    for ecrit in (e for e in ecrits if e.suffix != ".yaml"):
        assert "entrées illisibles" in ecrit.read_text(encoding="utf-8")
        assert "mise à la main" in ecrit.read_text(encoding="utf-8")
    if lecture.abime:
        with pytest.raises(ErreurSortie, match="Plus rien n'y est noté"):
            journal.noter("Eve", Remarque(texte="non"))
        assert len(journal.entrees()) == len(lecture.entrees)
    else:
        journal.noter("Eve", Remarque(texte="oui"))
        assert journal.entrees()[-1].qui == "Eve"


@pytest.mark.parametrize(
    "reglages", [{"levier.cout": 10**400}, {"x" * 300: 1}, {"mode": "y" * 300}, {str(i): i for i in range(301)}, [1]]
)
def test_des_reglages_sans_mesure_ne_passent_ni_ne_cassent_une_page(journal, reglages):
    """Refused when they are noted; in a file changed by hand, the entry is named and the page opens."""
    from pope_foncier.ateliers.commune import AtelierCommune

    with pytest.raises(ValueError, match="réglage"):
        Proposition(nom="fou", titre="Fou", reglages=reglages, surcharges=())
    fiche = {"nom": "fou", "titre": "Fou", "reglages": reglages, "surcharges": []}
    with sqlite3.connect(journal.chemin) as base:
        base.execute(INSERER, ("2026-12-01T12:00:00+00:00", "Ana", "scenario", json.dumps(fiche)))
    with peu_de_tirages():
        page = AtelierCommune(modele_de(GARE), journal)
    assert f"entrée {NOMBRE + 1}" in page.panneau.alerte.value


def test_la_page_de_secours_dit_ce_qui_ne_se_lit_plus(journal):
    with sqlite3.connect(journal.chemin) as base:
        base.execute(INSERER, LIGNES["date fausse"])
    with peu_de_tirages():
        page = secours.rediger(modele_de(GARE), journal)
    assert f"entrée {NOMBRE + 1} : date illisible" in page
    assert "Grand (proposé par Ana)" in page


def test_un_vote_se_verifie_malgre_un_contenu_casse(journal):
    """json_extract on a broken row stopped every check; here the row is a scenario, and it has no print."""
    with sqlite3.connect(journal.chemin) as base:
        base.execute(INSERER, ("2026-12-01T12:00:00+00:00", "Ana", "scenario", "{cassé"))
    with pytest.raises(ErreurSortie, match=f"entrée {NOMBRE + 1} : contenu illisible"):
        journal.noter("Bob", Vote(scenario="grand", points=3))


def test_rien_ne_se_remplace_meme_sans_declencheurs_recursifs(journal):
    """INSERT OR REPLACE erases without the trigger of erasing, in a connection that nobody set."""
    with sqlite3.connect(journal.chemin) as base:
        assert base.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        for ordre in (
            "INSERT OR REPLACE INTO entrees (rang, quand, qui, genre, contenu) VALUES (2, 'x', 'x', 'x', 'x')",
            "REPLACE INTO entrees (rang, quand, qui, genre, contenu) VALUES (2, 'x', 'x', 'x', 'x')",
            "INSERT INTO entrees (rang, quand, qui, genre, contenu) VALUES (2, 'x', 'x', 'x', 'x')"
            " ON CONFLICT (rang) DO UPDATE SET qui = 'x'",
            "UPDATE OR REPLACE entrees SET rang = 3 WHERE rang = 2",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="ajout seul"):
                base.execute(ordre)
    assert journal.entrees()[1].contenu.titre == "Grand"


def test_un_signe_change_se_voit(journal):
    """The structure of the file is sound, the text is still JSON: only the print of the entry tells."""
    with sans_gardes(journal.chemin) as base:
        base.execute("UPDATE entrees SET contenu = replace(contenu, '7', '9') WHERE rang = 3")
        base.execute("UPDATE entrees SET qui = 'Ana' WHERE rang = 10")
        base.execute("DELETE FROM entrees WHERE rang IN (20, 21, 60)")
    lecture = journal.lire()
    assert lecture.illisibles == (
        "entrée 3 : changée depuis qu'elle a été notée",
        "entrée 10 : changée depuis qu'elle a été notée",
        "entrées 20 à 21 : absentes",
        "entrée 60 : absente",
    )
    assert len(lecture.entrees) == NOMBRE - 5
    with pytest.raises(ErreurSortie, match="entrée 3"):
        journal.noter("Ana", Remarque(texte="non"))


def un_octet(hasard, octets):
    octets[hasard.randrange(len(octets))] ^= 1 << hasard.randrange(8)


def mille_octets(hasard, octets):
    debut = hasard.randrange(len(octets) - 1000)
    octets[debut : debut + 1000] = hasard.randbytes(1000)


def une_page_vide(hasard, octets):
    page = hasard.randrange(1, len(octets) // 4096) * 4096
    octets[page : page + 4096] = bytes(4096)


def une_page_de_hasard(hasard, octets):
    page = hasard.randrange(1, len(octets) // 4096) * 4096
    octets[page : page + 4096] = hasard.randbytes(4096)


def tronquer(hasard, octets):
    del octets[hasard.randrange(100, len(octets)) :]


def vider(_, octets):
    octets.clear()


def sans_entete(hasard, octets):
    octets[:100] = hasard.randbytes(100)


def echanger(hasard, octets):
    un, deux = (x * 4096 for x in hasard.sample(range(1, len(octets) // 4096), 2))
    octets[un : un + 4096], octets[deux : deux + 4096] = octets[deux : deux + 4096], octets[un : un + 4096]


def allonger(hasard, octets):
    octets += hasard.randbytes(5000)


def texte(_, octets):
    octets[:] = b"bonjour " * 2000


def racine(hasard, octets):
    octets[100:1500] = hasard.randbytes(1400)


def cent_octets_disperses(hasard, octets):
    for _ in range(100):
        octets[hasard.randrange(len(octets))] = hasard.randrange(256)


DEGATS = (
    un_octet,
    mille_octets,
    une_page_vide,
    une_page_de_hasard,
    tronquer,
    vider,
    sans_entete,
    echanger,
    allonger,
    texte,
    racine,
    cent_octets_disperses,
)


def lire_ou_refuser(journal):
    """What a journal says; when it does not open at all, nothing, and a refusal that says so."""
    try:
        return journal.lire()
    except ErreurSortie as erreur:
        return LectureJournal((), (str(erreur),), abime=True)


@pytest.mark.parametrize("graine", range(20 if COMPLETS else 3))
@pytest.mark.parametrize("degat", DEGATS, ids=lambda d: d.__name__)
def test_un_fichier_abime_se_voit_se_met_de_cote_et_rien_n_est_ecrit_dessus(journal, degat, graine):
    """Either the damage touched nothing that counts, and all is there; or it is said, nothing is noted, the sound entries go on."""
    avant = {e.rang: (e.qui, e.contenu) for e in journal.entrees()}
    octets = bytearray(journal.chemin.read_bytes())
    degat(random.Random(f"{degat.__name__}{graine}"), octets)
    journal.chemin.write_bytes(octets)
    lecture = lire_ou_refuser(journal)
    dits, rangs = [(e.qui, e.contenu) for e in lecture.entrees], {e.rang for e in lecture.entrees}
    assert all(x in avant.values() for x in dits), "rien n'est inventé"
    if not lecture.abime:
        assert dits == list(avant.values()), "un fichier dit sain a tout gardé"
        journal.noter("Eve", Remarque(texte="encore"))
        assert len(journal.entrees()) == NOMBRE + 1
        return
    with pytest.raises(ErreurSortie):
        journal.noter("Eve", Remarque(texte="perdu ?"))
    garde = journal.chemin.read_bytes()
    ancien, nouveau = journal.mettre_de_cote()
    assert (ancien, nouveau.name) == (journal.chemin, "atelier.suite-2.sqlite")
    assert ancien.read_bytes() == garde, "le fichier abîmé reste tel quel"
    assert sorted(f"{e.qui} {e.contenu}" for e in journal.entrees()) == sorted(f"{qui} {dit}" for qui, dit in dits)
    assert {e.rang: (e.qui, e.contenu) for e in journal.entrees()}.items() >= {
        r: x for r, x in avant.items() if dits.count(x) == 1 and r in rangs
    }.items(), "chacune à son rang"
    journal.noter("Eve", Remarque(texte="gardé"))
    assert journal.entrees()[-1].contenu.texte == "gardé"
    assert journal.lire().illisibles == ()
    with pytest.raises(ErreurPope, match="rien à mettre de côté"):
        journal.mettre_de_cote()


def test_les_dates_et_l_ordre_passent_dans_le_nouveau_journal(journal):
    with sans_gardes(journal.chemin) as base:
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang = 30")
    sains = textes(journal.entrees())
    journal.mettre_de_cote()
    assert textes(journal.entrees()) == sains
    assert [e.rang for e in journal.entrees()] == [*range(1, 30), *range(31, NOMBRE + 1)]
    with sans_gardes(actuel(journal.chemin)) as base:
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang = 1")
    assert journal.mettre_de_cote()[1].name == "atelier.suite-3.sqlite"
    assert journal.nom == "atelier.suite-3.sqlite"


def test_un_rang_n_est_jamais_celui_d_une_autre_entree(journal):
    """Entries 2 and 64, the last, are lost. The vote still names the proposal of rank 61, the next entry takes rank 65."""
    revu = Proposition(nom="grand", titre="Grand, revu", reglages={}, surcharges=())
    vote = Vote(scenario="grand", points=9, version=61)
    for rang, contenu in enumerate((revu, revu, vote, Decision(texte="On retient")), NOMBRE + 1):
        assert journal.noter("Ana", contenu, cle=f"cle-{rang}") == rang
    with sans_gardes(journal.chemin) as base:
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang IN (2, 64)")
    journal.mettre_de_cote()
    assert (journal.lire().illisibles, journal.lire().abime) == ((), False)
    atelier = Atelier.rejouer(journal.entrees())
    donne = atelier.seance.votes["grand"]["ana"]
    assert atelier.version_de(donne.contenu, donne.rang).rang == 61
    assert journal.noter("Eve", Remarque(texte="encore")) == 65
    assert journal.noter("Ana", vote, cle="cle-63") == 63, "sent again, written once"
    with sans_gardes(actuel(journal.chemin)) as base:
        base.execute("DELETE FROM entrees WHERE rang = 40")
    assert journal.lire().illisibles == ("entrée 40 : absente",)
    journal.mettre_de_cote()
    assert [e.rang for e in journal.entrees()][-2:] == [63, 65]


def test_un_visiteur_qui_ecrit_pendant_que_l_on_met_de_cote_ne_perd_rien(journal):
    """The writer waits for its turn on the old file; when it comes, another file is in use, and the entry goes there."""
    with sans_gardes(journal.chemin) as base:
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang = 1")
    tient = sqlite3.connect(journal.chemin, isolation_level=None)
    tient.execute("BEGIN IMMEDIATE")
    rangs = []
    ecrit = threading.Thread(target=lambda: rangs.append(journal.noter("Eve", Remarque(texte="pendant"))))
    ecrit.start()
    journal_fichier.creer(journal_fichier.suivant(journal.chemin, journal.chemin))
    tient.execute("ROLLBACK")
    tient.close()
    ecrit.join(timeout=30)
    assert rangs == [1]
    assert [e.contenu.texte for e in journal.entrees()] == ["pendant"]
    assert journal.nom == "atelier.suite-2.sqlite"


def test_deux_visiteurs_qui_mettent_de_cote_a_la_fois_n_en_font_qu_un(journal):
    with sans_gardes(journal.chemin) as base:
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang = 1")
    code = (
        "import sys; from pathlib import Path; from pope_foncier.ateliers.journal import Journal\n"
        "from pope_foncier.ateliers.journal_entrees import Remarque\n"
        "from pope_foncier.socle.erreurs import ErreurPope\n"
        "j = Journal(Path(sys.argv[1]))\n"
        "try:\n j.mettre_de_cote()\nexcept ErreurPope: pass\n"
        "j.noter(sys.argv[2], Remarque(texte='là'))"
    )
    lances = [
        subprocess.Popen([sys.executable, "-c", code, str(journal.chemin), qui], cwd=RACINE)
        for qui in ("un", "deux", "trois")
    ]
    assert [p.wait(timeout=60) for p in lances] == [0, 0, 0]
    assert sorted(e.qui for e in journal.entrees()[-3:]) == ["deux", "trois", "un"]
    assert len(journal.entrees()) == NOMBRE - 1 + 3


def test_un_journal_d_avant_les_empreintes_se_lit_et_continue(tmp_path):
    """A file made before: no column of prints, two triggers. It is read, then noted into; what it held stays."""
    chemin = tmp_path / "vieux.sqlite"
    with sqlite3.connect(chemin) as base:
        base.execute("PRAGMA journal_mode=WAL")
        base.executescript(
            "CREATE TABLE entrees (rang INTEGER PRIMARY KEY AUTOINCREMENT, quand TEXT NOT NULL, qui TEXT NOT NULL,"
            "genre TEXT NOT NULL, contenu TEXT NOT NULL);"
            "CREATE TRIGGER sans_changement BEFORE UPDATE ON entrees BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END;"
            f"PRAGMA application_id={0x506F5065};"
        )
        base.execute(INSERER, ("2026-12-01T12:00:00+00:00", "Ana", "remarque", BONNE))
    base.close()
    vieux = Journal(chemin)
    assert [e.qui for e in vieux.entrees()] == ["Ana"]
    vieux.noter("Bob", Remarque(texte="suite"))
    assert [e.qui for e in vieux.entrees()] == ["Ana", "Bob"]
    with sqlite3.connect(chemin) as base:
        marques = [x[0] for x in base.execute("SELECT empreinte FROM entrees ORDER BY rang")]
        assert marques[0] == ""
        assert len(marques[1]) == 32
        with pytest.raises(sqlite3.IntegrityError, match="ajout seul"):
            base.execute("REPLACE INTO entrees (rang, quand, qui, genre, contenu) VALUES (1, 'x', 'x', 'x', 'x')")


def test_un_disque_plein_ne_fait_pas_dire_note(journal, tmp_path):
    """The system itself refuses the bytes, at several sizes: a refusal in French, and the entries of before are all there."""
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from pope_foncier.ateliers.journal import Journal; from pope_foncier.ateliers.journal_entrees import Remarque\n"
        "from pope_foncier.socle.erreurs import ErreurSortie\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "taille = Path(sys.argv[1]).stat().st_size + int(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (taille, taille))\n"
        "j = Journal(Path(sys.argv[1]))\n"
        "for i in range(400):\n"
        "  try:\n    print(j.noter('Eve', Remarque(texte='y' * 1900)), flush=True)\n"
        "  except ErreurSortie as e:\n    print('refus', e, file=sys.stderr); sys.exit(3)\n"
    )
    notes = 0
    for marge in (0, 4096, 40_000):
        fait = subprocess.run(
            [sys.executable, "-c", code, str(journal.chemin), str(marge)],
            cwd=RACINE,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert fait.returncode == 3, fait.stderr
        assert "Journal « atelier.sqlite »" in fait.stderr
        assert "Traceback" not in fait.stderr
        notes += len(fait.stdout.split())
    lecture = journal.lire()
    assert lecture.illisibles == ()
    assert len(lecture.entrees) == NOMBRE + notes
    assert notes > 0


def test_un_journal_neuf_sur_un_disque_plein_n_existe_pas_a_moitie(tmp_path):
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from pope_foncier.ateliers.journal import Journal; from pope_foncier.ateliers.journal_entrees import Remarque\n"
        "from pope_foncier.socle.erreurs import ErreurSortie\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "try:\n Journal(Path(sys.argv[1])).noter('Eve', Remarque(texte='y'))\n"
        "except ErreurSortie as e: print(e); sys.exit(3)\n"
    )
    fait = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "j.sqlite")], cwd=RACINE, capture_output=True, text=True, timeout=60
    )
    assert fait.returncode == 3, fait.stderr
    assert list(tmp_path.iterdir()) == []


def test_la_commande_met_de_cote_et_exporte_les_entrees_saines(tmp_path):
    chemin = tmp_path / "gare_saint_denis.sqlite"
    tenu = Journal(chemin)
    tenu.noter("Ana", Seance(etude="gare_saint_denis", titre="Gare"))
    tenu.noter("Ana", Decision(texte="On étudie"))
    with sans_gardes(chemin) as base:
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang = 1")
    fin = lancer("atelier", GARE, "--journaux", tmp_path, "--mettre-de-cote", "--exporter")
    assert fin.code == 0, fin
    assert "gare_saint_denis.suite-2.sqlite" in fin.dit
    assert "On étudie" in (tmp_path / "gare_saint_denis" / "compte_rendu.md").read_text(encoding="utf-8")
    fin = lancer("atelier", GARE, "--journaux", tmp_path, "--mettre-de-cote")
    assert fin.code == 2
    assert "rien à mettre de côté" in fin.refus


def test_le_panneau_offre_de_mettre_de_cote_et_seulement_alors(tmp_path):
    from pope_foncier.ateliers.commune import AtelierCommune

    tenu = Journal(tmp_path / "gare_saint_denis.sqlite")
    tenu.noter("Ana", Seance(etude="gare_saint_denis", titre="Gare"))
    with peu_de_tirages():
        panneau = AtelierCommune(modele_de(GARE), tenu).panneau
    assert panneau.reprise.layout.display == "none"
    with sans_gardes(tenu.chemin) as base:
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang = 1")
    panneau.qui.value, panneau.remarque.value = "Bob", "Bonjour"
    panneau.noter_remarque()
    assert panneau.reprise.layout.display is None
    assert "Plus rien n" in panneau.avis.value
    assert panneau.remarque.value == "Bonjour", "ce qui n'est pas noté reste à l'écran"
    panneau.mettre_de_cote()
    assert panneau.reprise.layout.display == "none"
    panneau.noter_remarque()
    assert "Remarque notée" in panneau.avis.value
    assert [e.qui for e in tenu.entrees()] == ["Bob", "Bob"]


def test_des_noms_voisins_ne_se_confondent_pas(tmp_path):
    """« gare-2 » is another study's journal only when its name says so: the pattern is that of the file alone."""
    for nom in ("a", "a-2", "a-b", "a[1]", "a*"):
        Journal(tmp_path / f"{nom}.sqlite").noter("Ana", Remarque(texte=nom))
    for nom in ("a", "a-2", "a-b", "a[1]", "a*"):
        assert [e.contenu.texte for e in Journal(tmp_path / f"{nom}.sqlite").entrees()] == [nom]
    assert empreinte("a", "b", "c", "d") != empreinte("a", "b", "cd", "")


def test_un_chemin_de_journal_impossible_est_refuse(tmp_path):
    (tmp_path / "f").write_bytes(b"")
    for chemin in (tmp_path / "f" / "j.sqlite", tmp_path / ("x" * 300), tmp_path):
        with pytest.raises(ErreurPope):
            Journal(chemin).noter("Ana", Remarque(texte="a"))
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        with pytest.raises(ErreurSortie):
            Journal(tmp_path / "j.sqlite").noter("Ana", Remarque(texte="a"))
    with pytest.raises(ErreurDonnees):
        Journal(tmp_path / "j.sqlite").noter(" ", Remarque(texte="a"))
