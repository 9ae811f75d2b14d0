"""Minutes for Word: what the journal holds, ruled blanks for the rest, and the decision that can be replayed."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import docx
import pypdf
import pytest
from typer.testing import CliRunner

from pope_foncier.ateliers import compte_rendu, fichier_scenarios
from pope_foncier.ateliers.chiffres import pour_le_journal
from pope_foncier.ateliers.ecarts import surcharges_de
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Chiffre, Decision, Proposition, Remarque, Seance, Vote
from pope_foncier.ateliers.modele import Modele, Reglages
from pope_foncier.ateliers.mots import mots
from pope_foncier.cli import app
from tests.conftest import GARE
from tests.vues.variantes import lisible

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def modele():
    return Modele.ouvrir(GARE)


@pytest.fixture(scope="module")
def proposees(modele):
    """The study as it is, and the city paying what the cash lacks, as the page of a workshop proposes them."""
    dites = {}
    for nom, titre, reglages in (
        ("tel_quel", "Le projet tel quel", Reglages()),
        ("caisse", "La Ville tient la caisse", Reglages(contribution="equilibre_tresorerie")),
    ):
        etude = modele.etude(reglages)
        dites[nom] = Proposition(
            nom=nom,
            titre=titre,
            reglages={},
            surcharges=surcharges_de(modele.dossier.etude, etude),
            chiffres=pour_le_journal(modele.voir_bouclee(etude)),
            mots=tuple(mots(modele, etude, reglages)),
        )
    return dites


def ouvrir_journal(dossier):
    instants = (datetime(2026, 12, 1, 13, tzinfo=UTC) + timedelta(minutes=m) for m in range(1_000))
    return Journal(dossier / "gare_saint_denis.sqlite", lambda: next(instants))


def minutes(journal, modele, lieu=""):
    return compte_rendu.octets(journal, modele, "docx", lieu=lieu)


def lignes(octets):
    corps = docx.Document(io.BytesIO(octets)).element.body
    return [lisible("".join(t.text or "" for t in p.iter(f"{W}t"))) for p in corps.iter(f"{W}p")]


def grille(octets, tete):
    """Texts of the table whose heading begins so."""
    tables = docx.Document(io.BytesIO(octets)).tables
    return next(
        [[lisible(c.text) for c in r.cells] for r in t.rows] for t in tables if lisible(t.cell(0, 0).text) == tete
    )


@pytest.fixture(scope="module")
def tenu(proposees, tmp_path_factory):
    journal = ouvrir_journal(tmp_path_factory.mktemp("journal"))
    journal.noter("Ana Ruiz", Seance(etude="gare_saint_denis", titre="Atelier de la commune"))
    journal.noter("Ana Ruiz", proposees["tel_quel"])
    journal.noter("Bob", proposees["caisse"])
    for qui, scenario, points in (("Ana Ruiz", "caisse", 3), ("BOB", "caisse", 7), ("Cléo", "tel_quel", 2)):
        journal.noter(qui, Vote(scenario=scenario, points=points))
    journal.noter("Cléo", Remarque(texte="Et si la Caf tarde ?", scenario="caisse"))
    journal.noter("Bob", Decision(texte="On étudie la caisse", scenario="caisse"))
    return journal


@pytest.fixture(scope="module")
def ecrites(tenu, modele):
    return minutes(tenu, modele, "Mairie")


def test_les_minutes_disent_ce_que_le_journal_tient(ecrites):
    dit = lignes(ecrites)
    assert "Lieu : Mairie." in dit
    assert "Présents, d'après le journal (3) : Ana Ruiz ; Bob (a écrit sous : « BOB ») ; Cléo." in dit
    assert "« On étudie la caisse »" in dit
    assert "Scénario retenu : « n° 2 · La Ville tient la caisse », proposé par Bob, 14 h 02." in dit
    assert any("personne ne l'a décidé" in x for x in dit)
    assert "Cléo, 14 h 06, sur « n° 2 · La Ville tient la caisse » : « Et si la Caf tarde ? »" in dit
    # by hand: three points and seven for one, two for the other
    assert grille(ecrites, "Points donnés") == [
        ["Points donnés", "n° 1 · Le projet tel quel", "n° 2 · La Ville tient la caisse"],
        ["Ana Ruiz", "—", "3"],
        ["Bob", "—", "7"],
        ["Cléo", "2", "—"],
        ["Total", "2", "10"],
        ["Personnes", "1", "2"],
    ]


def test_les_chiffres_sont_ceux_vus_en_seance(ecrites, proposees):
    tables = [t for t in docx.Document(io.BytesIO(ecrites)).tables if len(t.columns) == 3]
    rangees = next(t for t in tables if lisible(t.cell(0, 1).text).startswith("n° 1")).rows
    lues = [[lisible(c.text) for c in r.cells] for r in rangees]
    assert [r[0] for r in lues[1:]] == [lisible(c.libelle) for c in proposees["caisse"].chiffres]
    for colonne, nom in ((1, "tel_quel"), (2, "caisse")):
        assert [r[colonne] for r in lues[1:]] == [lisible(c.valeur) for c in proposees[nom].chiffres]


def test_ce_que_le_journal_ne_dit_pas_est_une_ligne_a_remplir(ecrites, tenu, modele):
    dit = lignes(minutes(tenu, modele))
    assert "Lieu : " in dit
    for tete in ("Proposition mise aux voix", "Quoi faire", "Nom"):
        *_, derniere = grille(ecrites, tete)
        assert set(derniere) == {""}
    assert [r[0] for r in grille(ecrites, "Nom")[1:4]] == ["Ana Ruiz", "Bob", "Cléo"]


def test_la_decision_se_rejoue_depuis_son_annexe(ecrites, modele, proposees):
    """The file typed again from the annex gives the study, and the figures, that people saw."""
    document = docx.Document(io.BytesIO(ecrites))
    fichier = "\n".join(p.text for p in document.paragraphs if p.style.name == "Texte de fichier")
    (scenario,) = fichier_scenarios.lire_scenarios(fichier.encode()).scenarios
    etude = modele.varier(modele.dossier.etude, {s.champ: s.valeur for s in scenario.surcharges})
    assert pour_le_journal(modele.voir_bouclee(etude)) == proposees["caisse"].chiffres


def test_un_scenario_que_l_etude_ne_donne_plus_le_dit(tmp_path, modele, proposees):
    journal = ouvrir_journal(tmp_path)
    change = proposees["tel_quel"].model_copy(update={"chiffres": (Chiffre(libelle="Places", valeur="99"),)})
    perdu = change.model_copy(update={"nom": "perdu", "titre": "Perdu", "surcharges": perdues()})
    journal.noter("Ana", change)
    journal.noter("Ana", perdu)
    octets = minutes(journal, modele)
    dit = lignes(octets)
    assert any(x.endswith("Elle donne maintenant : Places 12 (affiché en séance : 99).") for x in dit)
    assert any("ce scénario ne se calcule plus (" in x for x in dit)
    assert any(x.startswith("Sans dessin, parce que l'étude ne donne plus les chiffres affichés : n° 1") for x in dit)
    assert "Ce que paierait la commune est une hypothèse : personne ne l'a décidée." in dit
    assert "Aucune décision n'est notée dans le journal de cette séance." in dit
    assert "Aucun point n'est donné dans le journal de cette séance." in dit


def perdues():
    champ = {"champ": "prets[parti].taux", "valeur": 0.04, "motif": "essai"}
    return Proposition.model_validate({"nom": "x", "titre": "x", "reglages": {}, "surcharges": [champ]}).surcharges


HOSTILES = ["<w:p/>&lt;", "\u202ereversé\u0000\u0007", '{ INCLUDETEXT "c:/x" }', "=1+1|a|\n- b: [c", "]]>\ufffe"]


def test_les_textes_hostiles_restent_du_texte(tmp_path, modele, proposees):
    journal = ouvrir_journal(tmp_path)
    for rang, texte in enumerate(HOSTILES):
        nom = f"s{rang}"
        journal.noter(texte, proposees["tel_quel"].model_copy(update={"nom": nom, "titre": texte, "mots": (texte,)}))
        journal.noter(texte, Remarque(texte=texte, scenario=nom))
    journal.noter(HOSTILES[2], Decision(texte=HOSTILES[2], scenario="s2"))
    octets = minutes(journal, modele, HOSTILES[0])
    with zipfile.ZipFile(io.BytesIO(octets)) as lu:
        corps = lu.read("word/document.xml").decode()
    assert "instrText" not in corps
    assert not re.search("[\u202e\ufffe]", corps)
    assert f"« {HOSTILES[2]} »" in lignes(octets)
    assert f"Lieu : {HOSTILES[0]}." in lignes(octets)


def test_la_commande_ecrit_les_memes_octets(tenu, tmp_path):
    commande = ["compte-rendu", str(GARE), "--journaux", str(tenu.chemin.parent), "--docx", "--sortie"]
    ecrits = []
    for dossier in (tmp_path / "a", tmp_path / "b"):
        fin = CliRunner().invoke(app, [*commande, str(dossier)])
        assert fin.exit_code == 0, fin.output
        ecrits.append((dossier / "compte_rendu.docx").read_bytes())
    assert ecrits[0] == ecrits[1]
    assert {e.name for e in (tmp_path / "a").iterdir()} == {
        "scenarios.yaml",
        "scenario_retenu.yaml",
        "compte_rendu.md",
        "compte_rendu.html",
        "compte_rendu.docx",
    }
    lues = docx.Document(io.BytesIO(ecrits[0])).core_properties
    assert lues.created.date().isoformat() == "2026-12-01"


def test_libreoffice_les_ouvre(ecrites, libreoffice, tmp_path):
    fichier = tmp_path / "compte_rendu.docx"
    fichier.write_bytes(ecrites)
    (page,) = libreoffice([fichier], "pdf", tmp_path)
    lu = pypdf.PdfReader(page)
    assert 6 <= len(lu.pages) <= 12
    assert "Signatures" in "".join(p.extract_text() for p in lu.pages)
