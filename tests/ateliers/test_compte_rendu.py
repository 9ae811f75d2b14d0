"""Minutes by session: what a mayor's clerk files without asking anybody, the same in every form."""

import html
import io
import re
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from typer.testing import CliRunner

from pope_foncier.ateliers import compte_rendu, fichier_scenarios
from pope_foncier.ateliers.compte_rendu_document import TOUTES
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import (
    CarteDeNom,
    Chiffre,
    Conduite,
    Decision,
    Proposition,
    Rapprochement,
    Remarque,
    Retrait,
    Seance,
    Vote,
)
from pope_foncier.cli import app
from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.socle.erreurs import ErreurDonnees
from tests.ateliers.etudes import modele_de
from tests.conftest import GARE

DEBUT = datetime(2026, 12, 1, 17, tzinfo=UTC)


class Horloge:
    """Clock of the room, that a hand moves: one more minute at each entry."""

    def __init__(self):
        self.instant = DEBUT

    def __call__(self):
        self.instant += timedelta(minutes=1)
        return self.instant


def propose(titre, prix, cout, nom="caisse", etude=None):
    """Scenario whose figures are those that the room saw, whatever the study gives now."""
    return Proposition(
        nom=nom,
        titre=titre,
        reglages={},
        surcharges=(Surcharge(champ="travaux.cout_m2_ht", valeur=prix, motif="réglé en atelier"),),
        chiffres=(Chiffre(libelle="Reste à financer (plan tel quel)", valeur=f"{prix} €"),),
        mots=(f"Coût des travaux au m² : {prix} €",),
        reponse=(
            Chiffre(cle="cout_an", libelle="Coût par an", valeur=cout, fourchette="de 1 à 9 €", lecture="plan bouclé"),
        ),
        risque="la Caf tarde",
        etude=etude,
    )


def ouvre(jour, **plus):
    return Seance(etude="gare_saint_denis", titre="La crèche de la gare", jour=jour, **plus)


@pytest.fixture(scope="module")
def tenu(tmp_path_factory):
    """Two evenings. First: three people, two scenarios, one changed after two votes, a name corrected, two decisions. Second: a third
    version, a vote, and the clock moved back."""
    horloge = Horloge()
    journal = Journal(tmp_path_factory.mktemp("journal") / "gare_saint_denis.sqlite", horloge)
    noter = journal.noter
    noter("Ana Ruiz", ouvre(date(2026, 12, 1), lieu="Mairie", participants=("Ana Ruiz", "Karim B.", "Léa", "Dr Petit")))
    noter("Karim B.", CarteDeNom(teinte=3))
    noter("Ana Ruiz", Conduite(etape="noter"))
    simple = noter("Ana Ruiz", propose("Le simple", 2700, "150 €", nom="simple"))
    avant = noter("Karim B.", propose("La caisse", 2800, "160 €"))
    for qui, scenario, points, version in (
        ("Ana Ruiz", "caisse", 3, avant),
        ("karim b", "caisse", 7, avant),
        ("Lea", "simple", 2, simple),
    ):
        noter(qui, Vote(scenario=scenario, points=points, version=version))
    noter("Lea", Remarque(texte="Et la Caf ?", scenario="caisse"))
    apres = noter("karim b", propose("La caisse revue", 2900, "170 €"))
    noter("Lea", Vote(scenario="caisse", points=9, version=apres))
    noter("Ana Ruiz", Rapprochement(nom="Lea", est="Léa"))
    noter("Ana Ruiz", Decision(texte="On attend", scenario="simple", version=simple))
    noter("Ana Ruiz", Decision(texte="On étudie la caisse", scenario="caisse", version=apres))
    horloge.instant = DEBUT + timedelta(days=7)
    noter("Ana Ruiz", ouvre(date(2026, 12, 8)))
    derniere = noter("Karim B.", propose("La caisse de janvier", 3000, "180 €"))
    horloge.instant -= timedelta(minutes=30)
    noter("Léa", Vote(scenario="caisse", points=5, version=derniere))
    noter("Ana Ruiz", ouvre(date(2026, 12, 15)))
    return journal


def lu(journal, seance=None, modele=None):
    texte = compte_rendu.octets(journal, modele, "md", seance).decode()
    return re.sub(r"[\u202f\xa0]", " ", texte.replace("\\", "").replace("**", ""))


@pytest.fixture(scope="module")
def premiere(tenu):
    return lu(tenu, 1)


@pytest.mark.parametrize(
    "phrase",
    [
        "Séance n° 1 du 1er décembre 2026",
        "Ce n'est pas une délibération",
        "Date : 1er décembre 2026, de 18 h 01 (ouverture) à 18 h 14 (dernière entrée du journal).",
        "Lieu : Mairie.",
        "Présents, d'après le journal (3) : Ana Ruiz ; Karim B. (a écrit sous : « karim b ») ; Léa (a écrit sous : « Lea »).",
        "Attendus (4) : Ana Ruiz, Karim B., Léa, Dr Petit.",
        "Attendus dont le journal ne garde rien : Dr Petit.",
        "> « On étudie la caisse »",
        "Scénario retenu : « n° 2 · La caisse revue », proposé par Karim B., 18 h 10.",
        "Ce scénario a été proposé de nouveau depuis (Karim B., 8 décembre 2026, 18 h 02). La décision porte sur la version d'avant",
        "| Coût par an (plan bouclé) | 170 € (de 1 à 9 €) |",
        "- « On attend », sur « n° 1 · Le simple », notée par Ana Ruiz, 18 h 13",
        "| Coût par an (plan bouclé) | 150 € (de 1 à 9 €) | 170 € (de 1 à 9 €) |",
        "Premier risque affiché : la Caf tarde.",
        "personne ne l'a décidée",
        "- Ana Ruiz : 3 à « n° 2 · La caisse », vote donné sur la version de 18 h 05, remplacée par celle de 18 h 10",
        "En séance, les noms des votants n'ont pas été montrés",
        "- Léa, 18 h 09, sur « n° 2 · La caisse » : « Et la Caf ? »",
        "### « n° 2 · La caisse », proposé par Karim B., 18 h 05",
        "| Coût par an (plan bouclé) | 160 € (de 1 à 9 €) |",
        "| 7 | 18 h 07 | karim b | donne 7 points à « n° 2 · La caisse » |",
        "| 12 | 18 h 12 | Ana Ruiz | « Lea » se lit « Léa » |",
    ],
)
def test_la_premiere_seance_se_classe_sans_rien_demander(premiere, phrase):
    assert phrase in premiere


def test_les_votes_sont_ceux_de_la_seance(tenu, premiere):
    """By hand: nine, three and seven for the second scenario in the first session, five in the other."""
    assert "| Total | 2 | 19 |" in premiere
    assert "| Karim B. | — | 7 * |" in premiere
    seconde = lu(tenu, 2)
    assert "| Léa | 5 |" in seconde
    assert "| Total | 5 |" in seconde
    assert "180 €" not in premiere
    assert "| Coût par an (plan bouclé) | 150 € (de 1 à 9 €) | 180 € (de 1 à 9 €) |" in seconde


def test_une_horloge_qui_recule_et_la_decision_d_avant_sont_dites(tenu):
    seconde = lu(tenu, 2)
    assert "Présents, d'après le journal (3) : Ana Ruiz ; Karim B. ; Léa." in seconde
    assert "Il remplace sa version du 1er décembre 2026, 18 h 05, puis du 1er décembre 2026, 18 h 10." in seconde
    assert "Date : 8 décembre 2026.\n" in seconde
    assert "l'horloge de l'ordinateur a reculé avant l'entrée 17 (8 décembre 2026, 17 h 33)" in seconde
    assert "Aucune décision n'est notée dans le journal de cette séance." in seconde
    assert "Dernière décision d'une séance d'avant : « On étudie la caisse », sur « n° 2 · La caisse revue »" in seconde


def test_sans_numero_c_est_la_derniere_seance_qui_tient_quelque_chose(tenu):
    """The third session was opened and nothing was noted in it."""
    assert compte_rendu.octets(tenu, None, "md") == compte_rendu.octets(tenu, None, "md", 2)
    assert compte_rendu.nom_du_fichier(tenu, "docx") == "compte_rendu_seance_2.docx"
    assert compte_rendu.ce_qui_est_ecrit(tenu).startswith("Séance 2 sur 3, la dernière où quelque chose est noté")
    toutes = lu(tenu, TOUTES)
    assert "## Séance n° 1 du 1er décembre 2026" in toutes
    assert "## Séance n° 2 du 8 décembre 2026" in toutes
    assert "## Séance n° 3" not in toutes
    with pytest.raises(ErreurDonnees, match=r"n'a pas de séance 7.*1 \(1er décembre 2026\) ; 2 \(8 décembre 2026\)"):
        compte_rendu.octets(tenu, None, "html", 7)


def test_chaque_forme_dit_la_meme_chose(tenu):
    """Same words in the same order, marks of each form apart."""

    def mots(texte):
        return re.findall(r"\w+", texte)

    page = compte_rendu.octets(tenu, None, "html", 1).decode().split("<body>")[1]
    page = html.unescape(re.sub(r"<[^>]+>", " ", page))
    corps = docx.Document(io.BytesIO(compte_rendu.octets(tenu, None, "docx", 1))).element.body
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    word = " ".join("".join(t.text or "" for t in p.iter(f"{w}t")) for p in corps.iter(f"{w}p"))
    markdown = re.sub(r"^#+ |\|(---\|)+", " ", html.unescape(lu(tenu, 1)), flags=re.MULTILINE)
    assert mots(page) == mots(word) == mots(markdown)


def test_le_fichier_de_la_seance_se_rouvre_et_celui_de_la_decision_redonne_sa_version(tenu, tmp_path):
    fichier = fichier_scenarios.lire_scenarios(compte_rendu.octets(tenu, None, "yaml", 1))
    assert fichier.etude == "gare_saint_denis"
    assert [(s.titre, s.surcharges[0].valeur) for s in fichier.scenarios] == [
        ("Le simple", 2700),
        ("La caisse revue", 2900),
    ]
    compte_rendu.exporter(tenu, tmp_path, seance=1)
    retenu = fichier_scenarios.lire_scenarios((tmp_path / "scenario_retenu_seance_1.yaml").read_bytes())
    assert [s.surcharges[0].valeur for s in retenu.scenarios] == [2900]


def test_une_decision_sans_version_est_celle_d_avant_elle(tmp_path):
    """An older journal names no version: the one in force when it was decided, and it is said."""
    journal = Journal(tmp_path / "vieux.sqlite", Horloge())
    journal.noter("Ana", propose("Avant", 2700, "150 €"))
    journal.noter("Ana", Decision(texte="Oui", scenario="caisse"))
    journal.noter("Ana", propose("Après", 2900, "170 €"))
    texte = lu(journal)
    assert "Scénario retenu : « n° 1 · Avant »" in texte
    assert "Le journal ne dit pas quelle version était à l'écran" in texte


def test_des_points_donnes_apres_la_decision_se_disent(tmp_path):
    """Decision at 18 h 04 (entry 4, one a minute from 18 h); Karim, whose phone was cut, at 18 h 05."""
    journal = Journal(tmp_path / "gare.sqlite", Horloge())
    journal.noter("Ana", ouvre(date(2026, 12, 1)))
    journal.noter("Ana", propose("Caisse", 100, "5 €"))
    journal.noter("Léa", Vote(scenario="caisse", points=9))
    journal.noter("Ana", Decision(texte="On retient la caisse.", scenario="caisse"))
    avant = compte_rendu.octets(journal, None, "md").decode()
    assert "après la décision" not in avant
    journal.noter("Karim", Vote(scenario="caisse", points=2))
    texte = compte_rendu.octets(journal, None, "md").decode()
    dite = texte.partition("Points donnés ou changés après la décision ; le total les compte :")[2]
    assert "Karim, 18 h 05 : 2 à « n° 1 · Caisse »" in dite.replace("\xa0", " ")
    assert "Léa, 18 h 03 : 9" not in texte.replace("\xa0", " ")


def test_plusieurs_etudes_ont_chacune_leurs_scenarios(tmp_path):
    journal = Journal(tmp_path / "deux.sqlite", Horloge())
    journal.noter("Ana", ouvre(None, etudes=("gare_saint_denis", "la_boutique")))
    journal.noter("Ana", propose("À la gare", 2700, "150 €"))
    journal.noter("Ana", propose("En boutique", 1200, "90 €", nom="boutique", etude="la_boutique"))
    texte = lu(journal)
    gare, boutique = (texte.index(f"## Les scénarios de « {nom} »") for nom in ("gare_saint_denis", "la_boutique"))
    assert gare < texte.index("### n° 1") < boutique < texte.index("### n° 2")
    seul = compte_rendu.octets(journal, None, "yaml")
    assert "celui-ci tait : la_boutique" in seul.decode()
    assert [s.titre for s in fichier_scenarios.lire_scenarios(seul).scenarios] == ["À la gare"]
    ecrits = {e.name for e in compte_rendu.exporter(journal, tmp_path / "sortie")}
    assert {"scenarios.yaml", "scenarios_la_boutique.yaml"} <= ecrits


def test_avec_l_etude_hypotheses_droit_et_questions_sont_dits_meme_sans_levier(tmp_path):
    journal = Journal(tmp_path / "seul.sqlite", Horloge())
    journal.noter("Ana", Remarque(texte="Rien de réglé"))
    texte = lu(journal, modele=modele_de(GARE))
    assert "Les premières questions à poser, pour l'étude telle quelle." in texte
    assert re.search(r"## Hypothèses de l'étude\n\n.*\n\n\| Quoi \|.*\n(\|.*\n){5}", texte)
    assert "Textes et barèmes tels qu'en vigueur au 1er décembre 2026" in texte
    assert "| Piaje, socle par place (crèche financée par la PSU) | début inconnu |" in texte
    assert "TVA, taux normal : 20 % | valeur depuis le 1er janvier 2014" in texte


def test_la_commande_choisit_la_seance(tenu):
    commande = ["compte-rendu", str(GARE), "--journaux", str(tenu.chemin.parent)]
    fin = CliRunner().invoke(app, [*commande, "--seance", "1"])
    assert fin.exit_code == 0, fin.output
    assert "compte_rendu_seance_1.html" in fin.output
    assert "Séance 1 sur 3" in fin.output
    assert CliRunner().invoke(app, [*commande, "--seance", "1", "--toutes"]).exit_code == 2


def test_quarante_votants_et_sept_scenarios_tiennent_en_une_table(tmp_path):
    """Scenarios are told by their numbers, people in the order in which they came; nobody but who opened signs."""
    journal = Journal(tmp_path / "grande.sqlite", Horloge())
    journal.noter("Ana", ouvre(None))
    for rang in range(7):
        journal.noter("Ana", propose(f"Scénario {rang}", 2700, "150 €", nom=f"s{rang}"))
    for rang in range(40):
        journal.noter(f"Personne {rang}", Vote(scenario=f"s{rang % 7}", points=1))
    texte = lu(journal)
    table = texte.split("| Points donnés |")[1].split("\n\n")[0].splitlines()
    assert table[0] == " n° 1 | n° 2 | n° 3 | n° 4 | n° 5 | n° 6 | n° 7 |"
    # by hand: 40 = 5 × 7 + 5, so five scenarios have six votes and two have five
    assert table[-2] == "| Total | 6 | 6 | 6 | 6 | 6 | 5 | 5 |"
    assert [ligne.split(" |")[0] for ligne in table[2:5]] == ["| Personne 0", "| Personne 1", "| Personne 2"]
    assert texte.split("| Nom |")[1].splitlines()[2:4] == ["| Ana |  |  |", "|  |  |  |"]


def test_ce_que_l_animateur_retire_ne_compte_plus_et_reste_dans_le_fil(tmp_path):
    journal = Journal(tmp_path / "retire.sqlite", Horloge())
    journal.noter("Ana", ouvre(None))
    journal.noter("Ana", propose("La caisse", 2700, "150 €"))
    premiere = journal.noter("Ana", Decision(texte="On garde", scenario="caisse"))
    seconde = journal.noter("Ana", Decision(texte="Non, on attend"))
    remarque = journal.noter("Bob", Remarque(texte="Oubliez"))
    for rang in (seconde, remarque):
        journal.noter("Ana", Retrait(rang=rang))
    texte = lu(journal)
    corps, fil = texte.split("## Annexe : le fil de la séance")
    assert "> « On garde »" in corps
    assert "on attend" not in corps
    assert "Oubliez" not in corps
    assert f"| {seconde} | 18 h 04 | Ana | décision : « Non, on attend » (retirée ensuite) |" in fil
    assert f"retire l'entrée {remarque}, qui ne compte plus" in fil
    journal.noter("Ana", Retrait(rang=premiere))
    assert "Aucune décision n'est notée dans le journal de cette séance." in lu(journal)
