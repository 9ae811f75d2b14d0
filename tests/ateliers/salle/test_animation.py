"""Facilitator's console in Chromium, with a phone: an evening held from one page, by mouse and by keys, live, and its minutes."""

import html
import sqlite3
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from pope_foncier.ateliers.journal_entrees import Conduite, Decision, Proposition, Rapprochement, Remarque, Seance, Vote
from pope_foncier.ateliers.journal_fichier import actuel
from tests.ateliers.salle.ouverte import CODE, EnFil
from tests.ateliers.serveur import auditer, navigateur
from tests.conftest import GARE

pytestmark = pytest.mark.navigateur


def proposition(nom, titre):
    return Proposition(nom=nom, titre=titre, reglages={}, surcharges=())


@pytest.fixture(scope="module")
def salle(tmp_path_factory, chromium):
    ouverte = EnFil(tmp_path_factory.mktemp("animation"))
    yield ouverte
    ouverte.fermer()


@pytest.fixture(scope="module")
def pages(chromium, salle):
    """Console and phone, each in a browser profile of its own; what they asked elsewhere and what their consoles said."""
    with navigateur(chromium) as premier:

        def une(adresse, largeur, hauteur):
            page = premier.browser.new_context(
                viewport={"width": largeur, "height": hauteur}, accept_downloads=True
            ).new_page()
            page.set_default_timeout(15_000)
            page.on(
                "request",
                lambda r: None if r.url.startswith(("http://127.0.0.1:", "data:", "blob:")) else dehors.append(r.url),
            )
            page.on("pageerror", lambda e: dehors.append(str(e)))
            page.on(
                "console",
                lambda m: dehors.append(m.text) if m.type == "error" and "DISCONNECTED" not in m.text else None,
            )
            page.goto(adresse)
            return page

        dehors = []
        console = une(f"{salle.ouverte.ici}animer", 1280, 800)
        telephone = une(f"{salle.ouverte.adresse}?code={CODE}", 390, 844)
        yield console, telephone
        assert dehors == []


@pytest.fixture(scope="module")
def console(pages):
    return pages[0]


@pytest.fixture(scope="module")
def telephone(pages):
    return pages[1]


def repond(adresse, corps=None, **entetes):
    """Status and text of an answer, without a browser; no redirection is followed."""
    demande = urllib.request.Request(adresse, data=corps, headers=entetes)
    try:
        with urllib.request.build_opener(SansSuite).open(demande, timeout=10) as reponse:
            return reponse.status, reponse.read().decode()
    except urllib.error.HTTPError as refus:
        return refus.code, refus.read().decode()


class SansSuite(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def dit(page, *textes):
    """Wait until a page says some texts, whatever its spaces."""
    for texte in textes:
        page.wait_for_function(
            "t => document.body.innerText.replace(/[\\u00a0\\u202f]/g, ' ').includes(t)", arg=texte, polling=100
        )


def derniere(salle, genre):
    return next(e for e in reversed(salle.journal.entrees()) if isinstance(e.contenu, genre))


def toucher(page, touche):
    """Press a key, nothing being typed."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(touche)


def test_la_conduite_n_est_qu_a_cet_ordinateur(salle, pages):
    """Not on the phones' server, not from another page or host; without a script, a form answers by the page, or by its refusal."""
    ici, dehors, rien = salle.ouverte.ici, salle.ouverte.adresse, salle.journal.entrees()
    for chemin in ("animer", "animer/compte_rendu/0.html"):
        assert repond(f"{dehors}{chemin}")[0] in (403, 404)
    notre = {"Origin": ici.removesuffix("/salle/")}
    assert repond(f"{dehors}animer/conduite", b"figee=oui", Origin=dehors.removesuffix("/salle/"))[0] in (403, 404)
    for faux in ({}, {"Origin": "http://ailleurs.example"}, {**notre, "Host": "ailleurs.example"}):
        assert repond(f"{ici}animer/conduite", b"figee=oui", **faux)[0] == 403
    code, texte = repond(f"{ici}animer/conduite", b"figee=oui", **notre)
    assert (code, "Écrire d'abord votre nom" in html.unescape(texte)) == (422, True)
    assert repond(f"{ici}animer/nom", b"qui=Claire Petit", **notre)[0] == 303
    assert repond(f"{ici}animer/compte_rendu/1.exe")[0] == 404
    assert salle.journal.entrees() == rien
    assert "Claire Petit" in html.unescape(repond(f"{ici}animer")[1])


def test_ouvrir_la_seance_et_voir_venir(salle, console, telephone):
    """Nobody has proposed: the console says what to do; the phone that joins appears by itself, and so does a proposal."""
    dit(
        console,
        "Aucune séance n'est ouverte",
        "Aucun scénario n'est en discussion",
        "Mettre ces trois scénarios en discussion",
    )
    console.get_by_label("Votre nom").fill("Claire Petit")
    console.get_by_label("Lieu").fill("Maison de quartier")
    console.get_by_label("Attendus, un par ligne").fill("Karim Benali\nFatou Sow")
    console.get_by_role("button", name="Ouvrir la séance").click()
    dit(console, "Séance 1", "Maison de quartier", "animée par Claire Petit")
    console.get_by_role("button", name="Ouvrir la séance").wait_for(state="hidden")
    telephone.get_by_label("Votre nom").fill("Karim B.")
    telephone.get_by_role("button", name="Entrer").click()
    dit(console, "1 page ouverte", "Karim B.", "relié", "Attendus, pas encore venus : Karim Benali, Fatou Sow.")
    notre = {"Origin": salle.ouverte.ici.removesuffix("/salle/")}
    code, refus = repond(f"{salle.ouverte.ici}animer/nom", b"qui=KARIM b", **notre)
    assert (code, "est le nom d'un téléphone" in html.unescape(refus)) == (422, True)
    salle.journal.noter("Ana", proposition("sobre", "Travaux sobres"))
    dit(console, "Travaux sobres", "Personne n'a encore noté")
    entree = derniere(salle, Seance)
    assert (entree.qui, entree.contenu.lieu) == ("Claire Petit", "Maison de quartier")


def test_les_touches_menent_et_se_taisent_pendant_que_l_on_ecrit(salle, console, telephone):
    toucher(console, "ArrowRight")
    dit(console, "Étape : noter")
    dit(telephone, "Donnez à chaque scénario de 0 à 10 points")
    for touche, texte in (
        ("f", "Libérer les téléphones"),
        ("r", "Cacher les résultats"),
        ("m", "Cacher les remarques"),
        ("n", "Cacher les noms"),
    ):
        toucher(console, touche)
        dit(console, texte)
    assert derniere(salle, Conduite).contenu == Conduite(
        etape="noter", figee=True, resultats=True, remarques=True, noms=True
    )
    dit(telephone, "en pause")
    avant = len(salle.journal.entrees())
    console.get_by_label("Décision, en une phrase").fill("")
    console.get_by_label("Décision, en une phrase").press_sequentially("frnmc")
    console.keyboard.press("ArrowLeft")
    console.keyboard.press("Control+ArrowRight")
    console.get_by_label("Scénario retenu").press("ArrowDown")
    toucher(console, "Control+f")
    console.get_by_label("Raccourcis actifs").uncheck()
    toucher(console, "ArrowRight")
    console.wait_for_timeout(400)
    assert len(salle.journal.entrees()) == avant
    console.get_by_label("Raccourcis actifs").check()
    for touche in "frmn":
        toucher(console, touche)
        console.wait_for_timeout(300)
    dit(console, "Figer les téléphones", "Montrer les résultats", "Montrer les remarques", "Montrer les noms")
    assert console.input_value("#texte-decide") == "frnmc"


def test_ce_qui_arrive_pendant_que_l_on_ecrit_n_efface_rien(salle, console):
    """A text begun, a scenario chosen, a list opened and the focus on a button stay when votes come in."""
    console.get_by_label("Décision, en une phrase").fill("On étudie")
    console.get_by_label("Scénario retenu").select_option(label="n° 1 · Travaux sobres")
    salle.journal.noter("Karim B.", Vote(scenario="sobre", points=7))
    dit(console, "7 points", "1 personne a noté", "1 personne : qui a donné quoi")
    console.get_by_text("1 personne : qui a donné quoi").click()
    console.locator("#g-resultats").focus()
    salle.journal.noter("Karim Benali", Vote(scenario="sobre", points=2))
    salle.journal.noter("Bob", Remarque(texte="Et la Caf ?", scenario="sobre"))
    dit(console, "9 points", "Et la Caf ?", "Karim Benali : 2")
    assert console.evaluate("document.activeElement.id") == "g-resultats"
    assert console.input_value("#texte-decide") == "On étudie"
    assert console.input_value("#scenario-decide") == "sobre@3"
    salle.journal.noter("Ana", proposition("sobre", "Travaux sobres, revus"))
    dit(console, "2e version")
    assert console.input_value("#scenario-decide").startswith("sobre@")


def test_deux_noms_se_reunissent_et_se_defont(salle, console):
    console.get_by_text("Corriger un nom, en réunir deux").click()
    console.get_by_label("Ce nom").select_option("Karim B.")
    console.get_by_label("est celui de").fill("Karim Benali")
    console.get_by_role("button", name="Corriger", exact=True).click()
    dit(console, "écrit aussi Karim B.", "2 points")
    assert derniere(salle, Rapprochement).contenu.est == "Karim Benali"
    console.get_by_role("button", name="Défaire").click()
    dit(console, "9 points")
    assert derniere(salle, Rapprochement).contenu.est is None


def test_la_decision_garde_la_version_a_l_ecran(salle, console):
    console.get_by_label("Décision, en une phrase").fill("On étudie les travaux sobres")
    console.get_by_label("Scénario retenu").select_option(label="n° 1 · Travaux sobres, revus (2e version)")
    console.get_by_role("button", name="Noter la décision").click()
    dit(console, "Décision notée.", "notée par Claire Petit")
    decision = derniere(salle, Decision).contenu
    assert decision.version == derniere(salle, Proposition).rang
    assert console.input_value("#texte-decide") == ""


def test_un_refus_se_dit_et_l_atelier_coupe_aussi(salle, console):
    console.get_by_label("Ce nom").select_option("Bob")
    console.get_by_label("est celui de").fill("x" * 80)
    console.evaluate("document.getElementById('est').value = 'x'.repeat(81)")
    console.get_by_role("button", name="Corriger", exact=True).click()
    dit(console, "Nom de la personne : texte de 81 signes.")
    console.context.set_offline(True)
    toucher(console, "r")
    dit(console, "L'atelier ne répond pas : rien n'a été noté.")
    console.context.set_offline(False)
    salle.journal.noter("Bob", Remarque(texte="De retour"))
    dit(console, "De retour")


def test_le_compte_rendu_se_fait_a_part_et_la_salle_reste_vive(salle, console, monkeypatch):
    """Another process computes; what is noted meanwhile is shown at once."""
    monkeypatch.setenv("POPE_ATELIER_ETUDE", str(GARE))
    with console.expect_download(timeout=60_000) as attendu:
        console.get_by_role("link", name="Word de la séance 1").click()
        dit(console, "Le compte rendu se prépare")
        salle.journal.noter("Bob", Remarque(texte="Pendant le Word"))
        dit(console, "Pendant le Word")
        assert "se prépare" in console.inner_text("#avis")
    assert attendu.value.suggested_filename == "compte_rendu.docx"
    with open(attendu.value.path(), "rb") as fichier:
        assert fichier.read(2) == b"PK"
    dit(console, "Compte rendu enregistré : compte_rendu.docx.")


def test_la_semaine_suivante_recommence_les_points(salle, console):
    console.get_by_role("link", name="Ouvrir une autre séance").click()
    console.get_by_label("Date").fill("2026-12-08")
    console.get_by_role("button", name="Ouvrir la séance").click()
    dit(console, "Séance 2 · 8 décembre 2026", "Personne n'a encore noté", "0 point", "Toutes les séances")
    assert console.get_by_role("link", name="Page de la séance 1").count() == 1
    assert console.locator("#conduite [aria-current]").inner_text() == "1. Découvrir"


@pytest.mark.parametrize("largeur", [1280, 768, 390])
def test_la_page_tient_sur_l_ecran_sans_faute_d_accessibilite(console, largeur):
    console.set_viewport_size({"width": largeur, "height": 800})
    console.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert console.evaluate("document.documentElement.scrollWidth") <= largeur
    reponse = auditer(console)
    assert len(reponse["passes"]) > 10
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in reponse["violations"]] == []


def test_une_horloge_reculee_puis_un_journal_abime_se_disent_et_se_reparent(salle, console):
    """The last of all: the file is damaged by hand; set aside from the page, the evening goes on."""
    hier = type(salle.journal)(salle.journal.chemin, lambda: datetime.now(UTC) - timedelta(days=1))
    hier.noter("Bob", Remarque(texte="Hier"))
    dit(console, "L'horloge de cet ordinateur a reculé.")
    with sqlite3.connect(salle.journal.chemin, isolation_level=None) as base:
        base.execute("DROP TRIGGER sans_changement")
        base.execute("UPDATE entrees SET contenu = 'x' WHERE rang = 2")
    dit(console, "entrée 2", "Plus rien n'y est noté")
    toucher(console, "f")
    console.wait_for_selector("#avis.refus")
    console.mouse.wheel(0, 5_000)
    console.wait_for_function("() => scrollY > 200 && document.getElementById('avis').getBoundingClientRect().top >= 0")
    console.get_by_role("button", name="Mettre ce journal de côté et en commencer un autre").click()
    dit(console, "prend la suite", "Travaux sobres, revus")
    assert actuel(salle.journal.chemin).name == "gare.suite-2.sqlite"
    toucher(console, "f")
    dit(console, "Libérer les téléphones")
