"""Workshops in the system's Chromium: keyboard, figures of the engine, nothing asked outside, limits, power cut, accessibility."""

import json
import re
import statistics
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.ateliers.epreuves import resume
from pope_foncier.vues.ateliers.modele import Modele, Reglages
from pope_foncier.vues.journal import Atelier, Journal
from tests.ateliers.serveur import Onglet, Serveur, navigateur, verifier_page
from tests.conftest import COMPLETS, GARE

pytestmark = pytest.mark.navigateur
OISIF_S = 8


def plat(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture(scope="module")
def serveur(tmp_path_factory, chromium):
    pytest.importorskip("voila")
    lance = Serveur(tmp_path_factory.mktemp("atelier"), "--visiteurs", "3", "--reserve", "1", "--oisif", str(OISIF_S))
    yield lance
    lance.arreter()


@pytest.fixture(scope="module")
def contexte(chromium):
    with navigateur(chromium) as ouvert:
        yield ouvert


@pytest.fixture(scope="module")
def modele():
    return Modele.ouvrir(GARE)


@pytest.fixture
def ouvrir(contexte):
    """Open pages of a server; they are left at the end of the test."""
    onglets = []

    def un(serveur, application):
        onglets.append(Onglet(contexte, serveur, application))
        return onglets[-1]

    yield un
    for onglet in onglets:
        onglet.fermer()


def verifier_onglet(onglet):
    assert onglet.dehors == []
    assert onglet.erreurs() == []
    assert onglet.page.evaluate("document.documentElement.lang") == "fr"
    verifier_page(onglet.page)


def test_atelier_commune(serveur, ouvrir, modele, tmp_path):
    onglet = ouvrir(serveur, "commune")
    assert onglet.ouverture_s < 15
    avant = onglet.page.locator("figure svg").first.inner_html()
    durees = onglet.pousser("Coût des travaux", 20)
    vue = modele.vue(Reglages(leviers={"cout": 4750}))
    onglet.attendre(plat(euros(round(vue.montant("ressources.reste_a_financer"), -2))))
    assert onglet.page.locator("figure svg").first.inner_html() != avant
    assert plat(euros(vue.montant("ressources.reste_a_financer"))) in plat(
        onglet.page.locator("figure svg").first.text_content()
    )
    assert plat(onglet.poignee("Coût des travaux").get_attribute("aria-valuetext")) == "4 750 €/m² HT"
    assert statistics.median(durees) < 400
    onglet.poignee("Coût des travaux").focus()
    for touche, valeur in (("ArrowLeft", "4 700 €/m² HT"), ("ArrowRight", "4 750 €/m² HT")):
        onglet.page.keyboard.press(touche)
        onglet.page.wait_for_function(
            "v => document.activeElement.getAttribute('aria-valuetext').replace(/[\\u00a0\\u202f]/g, ' ') === v",
            arg=valeur,
        )
    onglet.remplir("Taux fixe des prêts", "5,1 %")
    onglet.remplir("Taux d'occupation", "200 %")
    onglet.attendre("sort du curseur : de 30 à 100 %")
    contour = "getComputedStyle(document.activeElement).outlineStyle"
    for champ in ("Votre nom", "Remarque"):
        onglet.page.get_by_label(champ, exact=True).focus()
        assert onglet.page.evaluate(contour) == "solid", f"le focus se voit sur « {champ} »"
    presses = onglet.page.locator(".widget-toggle-buttons button").evaluate_all("l => l.map(b => b.ariaPressed)")
    assert presses[:3] == ["true", "false", "false"]
    onglet.remplir("Votre nom", "Ana <script>alert(1)</script>")
    onglet.remplir("Titre du scénario affiché", "Grand projet")
    onglet.cliquer("Proposer ce scénario")
    onglet.attendre("Scénario « Grand projet » noté.")
    onglet.cliquer("Donner ces points")
    onglet.attendre("Points notés.")
    onglet.remplir("Remarque", '=HYPERLINK("http://exemple.invalid")')
    onglet.cliquer("Noter la remarque")
    onglet.attendre("Remarque notée.")
    atelier = Atelier.rejouer(Journal(serveur.dossier / "gare_saint_denis.sqlite").entrees())
    assert atelier.scenarios["grand_projet"].contenu.reglages == {
        "application": "commune",
        "levier.cout": 4750,
        "levier.taux": 510,
    }
    assert atelier.points("grand_projet") == 5
    verifier_onglet(onglet)
    onglet.page.screenshot(path=tmp_path / "commune.png")


def test_un_noyau_tenu_pret_lit_les_dernieres_entrees(serveur, ouvrir):
    """The next page comes from a kernel started before the entry: it shows it all the same."""
    onglet = ouvrir(serveur, "commune")
    onglet.remplir("Votre nom", "Zoé")
    onglet.remplir("Titre du scénario affiché", "Juste avant")
    onglet.cliquer("Proposer ce scénario")
    onglet.attendre("Scénario « Juste avant » noté.")
    suivant = ouvrir(serveur, "commune")
    suivant.attendre("Juste avant")
    onglet.fermer()
    suivant.fermer()


def test_la_page_defile_jusqu_au_bout_a_la_molette_et_au_clavier(serveur, ouvrir):
    """The last table of the lender has nothing to focus: the wheel and PageDown must reach it."""
    onglet = ouvrir(serveur, "financeur")
    haut = "document.querySelector('.pf-atelier').getBoundingClientRect().top"
    depart = onglet.page.evaluate(haut)
    onglet.page.mouse.move(700, 400)
    onglet.page.mouse.wheel(0, 1500)
    onglet.page.wait_for_function(f"{haut} < {depart} - 500")
    onglet.page.keyboard.press("Tab")
    onglet.fermer()


def test_financeur(serveur, ouvrir, modele, tmp_path):
    onglet = ouvrir(serveur, "financeur")
    onglet.pousser("Prêt bancaire à l'association, montant", 4)
    etude = modele.varier(modele.dossier.etude, {"prets[banque].montant": {"valeur": 320_000, "base": "essai"}})
    for texte in resume(modele.voir(etude))[:6]:
        onglet.attendre(plat(texte))
    onglet.page.get_by_role("button", name="Refus", exact=True).focus()
    onglet.page.keyboard.press("Enter")
    refusee = modele.voir(modele.varier(etude, {"aides[piaje].coefficient": 0}))
    onglet.attendre(plat(f"point bas : {resume(refusee)[4]}"))
    verifier_onglet(onglet)
    onglet.page.screenshot(path=tmp_path / "financeur.png")


def test_architecte(serveur, ouvrir, modele, tmp_path):
    onglet = ouvrir(serveur, "architecte")
    onglet.pousser("Surface de plancher", 20)
    vue = modele.vue(Reglages(leviers={"surface": 300}))
    onglet.attendre(plat(euros(vue.valeur(vue.ev.cout.total_ttc))))
    onglet.attendre(f"l'étude retient {formater_nombre(vue.valeur(vue.ev.capacite.places))} places")
    onglet.page.get_by_label("Genre de travaux").select_option(label="construction neuve")
    vue = modele.vue(Reglages(leviers={"surface": 300}, genre="neuf"))
    onglet.attendre(plat(euros(vue.valeur(vue.ev.cout.total_ttc))))
    onglet.page.get_by_label("Plan dessiné").select_option(index=1)
    onglet.attendre("Les surfaces des leviers en viennent")
    vue = modele.vue(Reglages(leviers={"surface": 200, "cour": 24}, genre="neuf"))
    onglet.attendre(plat(euros(vue.valeur(vue.ev.cout.total_ttc))))
    verifier_onglet(onglet)
    onglet.page.screenshot(path=tmp_path / "architecte.png")


def test_au_dela_de_la_limite_un_message_clair_puis_la_place_se_libere(serveur, ouvrir):
    assert serveur.attendre_noyaux(3, delai=60) == 3
    onglets = [ouvrir(serveur, "commune") for _ in range(3)]
    with pytest.raises(urllib.error.HTTPError) as refus:
        urllib.request.urlopen(serveur.adresse("commune"), timeout=30)
    assert refus.value.code == 503
    assert "3 visiteurs sont déjà là" in refus.value.read().decode()
    for onglet in onglets:
        onglet.fermer()
    assert serveur.attendre_noyaux(3, delai=60) == 3
    with urllib.request.urlopen(serveur.adresse(), timeout=10) as reponse:
        assert "frame-ancestors 'none'" in reponse.headers["Content-Security-Policy"]


def test_huit_arrivees_a_la_fois_n_ont_que_les_places_qui_restent(tmp_path):
    """Two places, eight requests at the same instant: two served, six told so."""
    serveur = Serveur(tmp_path, "--reserve", "0", "--visiteurs", "2", "--oisif", "20")

    def demander(_):
        try:
            with urllib.request.urlopen(serveur.adresse("commune"), timeout=90) as reponse:
                return reponse.status, '"kernelId"' in reponse.read().decode()
        except urllib.error.HTTPError as refus:
            return refus.code, "2 visiteurs sont déjà là" in refus.read().decode()

    try:
        with ThreadPoolExecutor(8) as ensemble:
            codes = sorted(ensemble.map(demander, range(8)))
        assert codes == [(200, True)] * 2 + [(503, True)] * 6
        assert len(serveur.noyaux()) == 2
    finally:
        serveur.arreter()


@pytest.mark.parametrize(
    "chemin",
    [
        "voila/files/commune.ipynb",
        "voila/tree/",
        "voila/api/contents/",
        "voila/render/../../pyproject.toml",
        "api/kernels",
    ],
)
def test_rien_d_autre_n_est_servi(serveur, chemin):
    with pytest.raises(urllib.error.HTTPError) as refus:
        urllib.request.urlopen(serveur.adresse() + chemin, timeout=10)
    assert refus.value.code in (403, 404)
    demande = urllib.request.Request(serveur.adresse(), headers={"Host": "ailleurs.invalid"})
    with pytest.raises(urllib.error.HTTPError) as autre:
        urllib.request.urlopen(demande, timeout=10)
    assert autre.value.code == 403


def test_un_gros_fichier_est_refuse_en_clair_et_un_petit_est_lu(serveur, ouvrir, tmp_path):
    gros = tmp_path / "gros.yaml"
    gros.write_bytes(b"x" * 50_000_000)
    bon = tmp_path / "bon.yaml"
    bon.write_text(
        "etude: gare_saint_denis\nscenarios:\n  - nom: moins_cher\n    titre: Moins cher\n"
        "    surcharges: [{champ: travaux.cout_m2_ht, valeur: 3000, motif: essai}]\n",
        encoding="utf-8",
    )
    onglet = ouvrir(serveur, "commune")
    onglet.remplir("Votre nom", "Bob")
    for fichier, attendu in ((gros, "Fichier de 50000 ko refusé"), (bon, "1 scénario(s) du fichier proposé(s)")):
        with onglet.page.expect_file_chooser() as choix:
            onglet.page.get_by_role("button", name="Ouvrir un fichier de scénarios").click()
        choix.value.set_files(fichier)
        onglet.attendre(attendu)
    assert onglet.erreurs() == []


def noyau_de(serveur, application):
    """Kernel that serves a page asked for without a browser."""
    with urllib.request.urlopen(serveur.adresse(application), timeout=60) as reponse:
        return re.search(r'"kernelId": "([^"]+)"', reponse.read().decode())[1]


@pytest.mark.skipif(not COMPLETS, reason="dix noyaux à la fois : tests complets seulement")
def test_dix_visiteurs_a_la_fois(tmp_path, contexte):
    serveur = Serveur(tmp_path, "--reserve", "0", "--visiteurs", "10", "--oisif", "20")
    try:
        onglets = [contexte.new_page() for _ in range(10)]
        debut = time.monotonic()
        for page in onglets:
            page.goto(serveur.adresse("commune"), wait_until="commit", timeout=120_000)
        for page in onglets:
            page.wait_for_selector("figure svg", timeout=180_000)
        print("dix pages en", round(time.monotonic() - debut, 1), "s")
        memoire = [p.memory_full_info().uss / 1e6 for p in serveur.noyaux()]
        print("Mo par visiteur", round(statistics.mean(memoire)))
        assert len(memoire) == 10
        assert max(memoire) < 400
        for page in onglets:
            page.close()
        assert serveur.attendre_noyaux(0, delai=90) == 0
    finally:
        serveur.arreter()


def test_une_page_ne_fait_executer_aucun_code_et_une_autre_origine_est_refusee(serveur, tmp_path):
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    noyau = noyau_de(serveur, "commune")
    canal = f"ws://127.0.0.1:{serveur.port}/api/kernels/{noyau}/channels"
    with pytest.raises(InvalidStatus), connect(canal, origin="http://ailleurs.invalid", open_timeout=10):
        pass
    trace = tmp_path / "trace"
    entete = {"msg_id": "a", "msg_type": "execute_request", "session": "s", "username": "u", "version": "5.3"}
    corps = {"code": f"open({str(trace)!r}, 'w').write('x')", "silent": False}
    ordre = {"header": entete, "parent_header": {}, "metadata": {}, "content": corps, "channel": "shell", "buffers": []}
    with connect(canal, origin=serveur.adresse().rstrip("/"), open_timeout=10) as prise:
        prise.send(json.dumps(ordre))
        time.sleep(1.5)
    assert not trace.exists()
    demande = urllib.request.Request(
        serveur.adresse() + f"voila/api/shutdown/{noyau}", method="POST", headers={"Origin": "http://ailleurs.invalid"}
    )
    with pytest.raises(urllib.error.HTTPError) as refus:
        urllib.request.urlopen(demande, timeout=10)
    assert refus.value.code == 403
    juste = urllib.request.Request(
        serveur.adresse() + f"voila/api/shutdown/{noyau}",
        method="POST",
        headers={"Origin": serveur.adresse().rstrip("/")},
    )
    assert urllib.request.urlopen(juste, timeout=20).status == 204


def test_un_noyau_qui_a_attendu_sert_encore_et_une_page_abandonnee_est_arretee(serveur):
    """Kept ready longer than the idle time, a kernel lives until its page connects; a page that never does is stopped."""
    time.sleep(max(0.0, serveur.depuis + 2 * OISIF_S - time.monotonic()))
    noyau = noyau_de(serveur, "financeur")
    debut = time.monotonic()
    while serveur.tient(noyau) and time.monotonic() < debut + 3 * OISIF_S:
        time.sleep(0.2)
    assert 0.8 * OISIF_S < time.monotonic() - debut < 2 * OISIF_S


def test_kill_9_du_serveur_et_du_noyau_ne_perd_rien(serveur, ouvrir):
    """Last of the module: the shared server is killed with its kernels, in the middle of a visit, and started again."""
    essais = 3 if COMPLETS else 1
    for essai in range(essais):
        onglet = ouvrir(serveur, "commune")
        onglet.remplir("Votre nom", "Ana")
        onglet.remplir("Titre du scénario affiché", f"Essai {essai}")
        onglet.cliquer("Proposer ce scénario")
        onglet.attendre(f"Scénario « Essai {essai} » noté.")
        onglet.cliquer("Donner ces points")
        onglet.attendre("Points notés.")
        assert onglet.page.locator("#pf-coupee").count() == 0
        serveur.abattre()
        if essai == 0:
            onglet.page.wait_for_selector(
                "#pf-coupee >> text=rien de ce que vous faites ici n'est noté", timeout=30_000
            )
            assert onglet.page.evaluate("document.querySelector('[role=main]').inert"), "la page ne prend plus rien"
        onglet.page.close()
        serveur.lancer()
    ouvrir(serveur, "commune").attendre("Essai 0")
    atelier = Atelier.rejouer(Journal(serveur.dossier / "gare_saint_denis.sqlite").entrees())
    assert all(atelier.points(f"essai_{essai}") == 5 for essai in range(essais))
