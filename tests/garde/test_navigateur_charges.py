"""Two hundred hostile texts in every text field of a study, a site, a loan, a plan and a journal: nothing runs, nothing is fetched."""

import html
import itertools
import json
import re
import shutil
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import pope_foncier as pf
from pope_foncier.ateliers import compte_rendu, secours
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import GENRES, Auteur, Chiffre, Decision, Proposition, Remarque, Seance, Vote
from pope_foncier.ateliers.journal_fichier import LigneJournal, creer
from pope_foncier.ateliers.modele import Modele
from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.lieu.site import Site
from pope_foncier.prets.fiche import calculer_prets
from pope_foncier.socle.fiches import lire_fiche, valider
from pope_foncier.vues.decision.montages.tableaux import possibilites
from pope_foncier.vues.documents import note, sorties
from pope_foncier.vues.documents.carnet_etude import CarnetEtude
from pope_foncier.vues.formes import page
from pope_foncier.vues.formes.carnet_execute import nettoyer
from pope_foncier.vues.formes.cellules import html_de
from pope_foncier.vues.formes.feuilles import svg
from pope_foncier.vues.lieu import planches
from pope_foncier.vues.lieu.lieu_ouvert import Lieu, dessiner_plans
from pope_foncier.vues.prets import echeancier as pret
from tests.ateliers.serveur import Laboratoire, Serveur
from tests.conftest import COMPLETS, DONNEES
from tests.garde.charges import CHARGES, URL
from tests.garde.remplir import remplir
from tests.peu_de_tirages import peu_de_tirages
from tests.vues.navigateur import navigateur

pytestmark = pytest.mark.navigateur
ETUDE = "coque_la_courneuve"
GARE = "gare_saint_denis"
JOUR = date(2026, 12, 1)
TOUTES = " ".join(CHARGES)
ENSEMBLE = 20
PAR_VINGT = [
    CHARGES[rang :: len(CHARGES) // ENSEMBLE] for rang in range(0, len(CHARGES) // ENSEMBLE, 1 if COMPLETS else 5)
]
"""Twenty texts at a time, far from each other in the list; each field begins with another of them, so that what one swallows differs."""
TEMOIN = "window.touches = []; window.touche = n => window.touches.push(n); for (const n of ['alert', 'confirm', 'prompt']) window[n] = () => window.touches.push(n);"


class Guetteur:
    """Page of Chromium that keeps what ran and what left."""

    def __init__(self, contexte, local=()):
        self.dehors, self.politique, self.dialogues = [], [], []
        self.page = contexte.new_page()
        self.page.add_init_script(TEMOIN)
        admis = ("file:", "data:", "blob:", "about:", *local)
        self.page.on("request", lambda r: None if r.url.startswith(admis) else self.dehors.append(r.url))
        self.page.on("dialog", lambda d: (self.dialogues.append(d.message), d.dismiss()))
        self.page.on(
            "console", lambda m: self.politique.append(m.text) if "Content Security Policy" in m.text else None
        )

    def verifier(self, quoi):
        """Nothing ran, in any frame; nothing was asked outside; the policy had nothing to forbid."""
        self.page.wait_for_timeout(40)
        for cadre in self.page.frames:
            assert cadre.evaluate("window.touches || []") == [], quoi
        assert len(self.page.frames) == 1, f"{quoi} : un cadre s'est ouvert"
        assert self.dehors == [], quoi
        assert self.dialogues == [], quoi
        assert self.politique == [], quoi
        assert self.page.locator("script:not([type='application/json'])").count() == 0 or quoi.startswith("serveur"), (
            quoi
        )

    def ouvrir(self, fichier):
        """Open a file, move the pointer and the focus over it."""
        self.page.goto(Path(fichier).as_uri(), timeout=60_000)
        self.page.mouse.move(200, 200)
        self.page.keyboard.press("Tab")


@pytest.fixture(scope="module")
def lance(chromium, ecrits):
    """One Chromium for all, once the notebook is run; each test has a profile of its own."""
    with navigateur(chromium) as ouvert:
        yield ouvert


@contextmanager
def guet(lance, local=()):
    contexte = lance.new_context(viewport={"width": 1300, "height": 2000})
    try:
        yield Guetteur(contexte, local)
    finally:
        contexte.close()


def _lieu(donnees, plan):
    """Gare of Saint-Denis with a plan."""
    return Lieu.ouvrir(donnees / "sites" / f"{GARE}.yaml", "multi_accueil", JOUR, plan)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Data folder whose study, site and plan hold all the texts in every field that takes one."""
    donnees = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(DONNEES, donnees)
    with pytest.MonkeyPatch.context() as ailleurs:
        ailleurs.setenv("POPE_DONNEES", str(donnees))
        moteur = Moteur.ouvrir()
        etude, site = donnees / "etudes" / f"{ETUDE}.yaml", donnees / "sites" / f"{ETUDE}.yaml"
        plan = donnees / "plans" / f"{GARE}_cour.yaml"
        champs = {
            "etude": remplir(
                etude,
                lambda r: f"{TOUTES} {r}",
                lambda: ouvrir(etude, donnees),
                lambda: Resultat.calculer(ouvrir(etude, donnees), moteur).vues(),
            ),
            "site": remplir(site, lambda r: f"{TOUTES} {r}", lambda: (lire_fiche(Site, site), ouvrir(etude, donnees))),
            "plan": remplir(
                plan,
                lambda r: f"{TOUTES} {r}",
                lambda: _lieu(donnees, plan),
                lambda: _lieu(donnees, plan).capacite,
            ),
        }
        yield donnees, champs


@pytest.fixture(scope="module")
def dossier_hostile(hostile):
    donnees, _ = hostile
    return ouvrir(donnees / "etudes" / f"{ETUDE}.yaml", donnees)


@pytest.fixture(scope="module")
def ecrits(hostile, dossier_hostile, noyaux, tmp_path_factory):
    """Outputs of the hostile study: note, loans, executed notebook and its page."""
    donnees, _ = hostile
    moteur = Moteur.ouvrir()
    fichier, sortie = donnees / "etudes" / f"{ETUDE}.yaml", tmp_path_factory.mktemp("sorties")
    with peu_de_tirages():
        return sorties.ecrire_tout(Resultat.calculer(dossier_hostile, moteur), moteur, fichier, sortie, lambda _: None)


def journal_hostile(chemin, longs):
    """Journal whose every text is hostile, written at once; short fields hold as much as they take."""
    entrees = [(longs[0][:80], Seance(etude=longs[-1][:80], titre=longs[0][:2000]))]
    for rang, texte in enumerate(longs):
        nom = f"s{rang}"
        chiffres = (Chiffre(libelle=texte[:80], valeur=texte[:80]),)
        surcharges = (Surcharge(champ="travaux.cout_m2_ht", valeur=3000, motif=texte),)
        fiche = Proposition(
            nom=nom, titre=texte[:80], reglages={}, surcharges=surcharges, chiffres=chiffres, mots=(texte[:2000],)
        )
        suite = (fiche, Vote(scenario=nom, points=3), Remarque(texte=texte[:2000], scenario=nom))
        entrees += [(texte[:80], contenu) for contenu in suite]
    entrees.append((longs[-1][:80], Decision(texte=TOUTES[:2000], scenario="s0")))
    entrees = [(valider(Auteur, {"qui": qui}, "Journal").qui, contenu) for qui, contenu in entrees]
    creer(chemin, [_ligne(rang, *entree) for rang, entree in enumerate(entrees, 1)])
    tenu = Journal(chemin)
    assert [(e.qui, e.contenu) for e in tenu.entrees()] == entrees
    return tenu


def _ligne(rang, qui, contenu):
    genre = next(nom for nom, modele in GENRES.items() if type(contenu) is modele)
    return LigneJournal(rang, "2026-12-01T12:00:00+00:00", qui, genre, contenu.model_dump_json())


def test_il_y_a_deux_cents_charges_et_chacune_agit_sans_protection(lance, tmp_path):
    """The watch sees what it should: unprotected, in one frame each, a good part of the texts runs or fetches."""
    assert len(set(CHARGES)) == len(CHARGES) >= 200
    nues = (html.escape(f"<!doctype html><body><p>{charge}</p>") for charge in CHARGES[::4])
    fichier, cadres = tmp_path / "nues.html", "".join(f'<iframe srcdoc="{nue}"></iframe>' for nue in nues)
    fichier.write_text(f'<!doctype html><meta charset="utf-8"><body>{cadres}', encoding="utf-8", errors="replace")
    with guet(lance) as guetteur:
        guetteur.page.goto(fichier.as_uri())
        guetteur.page.wait_for_timeout(300)
        demandees = (
            re.fullmatch(re.escape(URL).replace(r"\{n\}", r"(\d+)") + ".*", adresse) for adresse in guetteur.dehors
        )
        actives = len({*guetteur.page.evaluate("window.touches"), *(int(x[1]) for x in demandees if x)})
    assert actives >= 15


def test_les_sorties_d_une_etude_hostile(hostile, ecrits, lance, tmp_path):
    """Decision note, page of the loans, page of the executed notebook, with their policy and without it."""
    _, champs = hostile
    assert champs["etude"] >= 230
    assert champs["site"] >= 6
    pages = [e for e in ecrits if e.suffix == ".html"]
    assert {e.name for e in pages} == {"note.html", "prets.html", "etude_site.html"}
    with guet(lance) as guetteur:
        for ecrit in pages:
            texte = ecrit.read_text(encoding="utf-8")
            assert 'http-equiv="Content-Security-Policy"' in texte
            guetteur.ouvrir(ecrit)
            guetteur.verifier(ecrit.name)
            assert "top.touche(0)" in guetteur.page.inner_text("body"), "les textes se lisent"
            sans = tmp_path / f"sans_politique_{ecrit.name}"
            sans.write_text(re.sub(r"<meta http-equiv[^>]*>", "", texte), encoding="utf-8")
            guetteur.ouvrir(sans)
            guetteur.verifier(f"{ecrit.name} sans politique")


@pytest.fixture
def sur_peu_de_tirages():
    """It is the words of the note that are watched."""
    with peu_de_tirages():
        yield


def _ecrit(texte):
    """As the file of the study holds it, between its quotes."""
    return json.dumps(texte, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def test_chaque_texte_au_debut_d_une_ligne_de_chaque_champ(
    hostile, dossier_hostile, lance, tmp_path, sur_peu_de_tirages
):
    """Twenty texts at a time, each at the beginning of a line of every field: note, tables, Markdown of the notebook, loan."""
    from nbconvert.filters import markdown2html

    donnees, _ = hostile
    moteur = Moteur.ouvrir()
    modele = (donnees / "etudes" / f"{ETUDE}.yaml").read_text(encoding="utf-8")
    toutes = _ecrit(TOUTES)
    debut, *bouts = modele.split(toutes)
    assert len(bouts) > 150
    (tmp_path / "etudes").mkdir()
    (tmp_path / "sites").symlink_to(donnees / "sites")
    with guet(lance) as guetteur:
        for rang, vingt in enumerate(PAR_VINGT):
            charge = "\n\n".join(vingt)
            tours = itertools.cycle([_ecrit("\n\n".join([*vingt[i:], *vingt[:i]])) for i in range(len(vingt))])
            une, fichier = _ecrit(charge), tmp_path / "etudes" / f"{ETUDE}.yaml"
            garnie = debut + "".join(tour + bout for tour, bout in zip(tours, bouts, strict=False))
            fichier.write_text(garnie, encoding="utf-8", errors="replace")
            resultat = Resultat.calculer(ouvrir(fichier, tmp_path), moteur)
            carnet = CarnetEtude(resultat, moteur)
            sorties_ = [
                carnet.aides(),
                carnet.ratios(),
                carnet.a_confirmer(),
                carnet.leviers(),
                carnet.faits(),
                carnet.site(),
            ]
            markdown = [carnet.titre().data]
            if rang % 5 == 0:
                markdown.append(carnet.conclusion().data)
                sorties_.append(html_de(possibilites(carnet._comparatif.cas)))
            corps = "".join(x.data for x in sorties_) + "".join(markdown2html(x) for x in markdown)
            pret_ = tmp_path / "pret.yaml"
            pret_.write_text(
                f'pret: {{libelle: "{une}", capital: 1000, taux: 0.02, duree_mois: 3}}',
                encoding="utf-8",
                errors="replace",
            )
            prets = calculer_prets(pret_)
            corps += page.tableau(pret.tableau(prets[0])) + page.tableau(pret.taux(prets))
            brut = "".join(nettoyer(f"<p>{x}</p><td title={x!r}>{x}") for x in vingt)
            pages = {
                "note": note.rediger(resultat, moteur),
                "carnet": f'<!doctype html><meta charset="utf-8"><body>{corps}{nettoyer(corps)}{brut}',
            }
            for nom, texte in pages.items():
                ecrit = tmp_path / f"{nom}.html"
                ecrit.write_text(texte, encoding="utf-8", errors="replace")
                guetteur.ouvrir(ecrit)
                guetteur.verifier(f"{nom} : {charge!r}")


def test_la_page_de_secours_et_le_compte_rendu_d_un_journal_hostile(hostile, lance, tmp_path, sur_peu_de_tirages):
    from nbconvert.filters import markdown2html

    donnees, _ = hostile
    longs = [TOUTES, TOUTES[2000:], TOUTES[4000:], TOUTES[6000:], *(c for c in CHARGES[:: 1 if COMPLETS else 25])]
    tenu = journal_hostile(tmp_path / f"{ETUDE}.sqlite", longs)
    ecrits = compte_rendu.exporter(tenu, tmp_path / "compte")
    markdown = tmp_path / "markdown.html"
    lu = next(e for e in ecrits if e.suffix == ".md").read_text(encoding="utf-8")
    markdown.write_text(f'<!doctype html><meta charset="utf-8"><body>{markdown2html(lu)}', encoding="utf-8")
    peu = Journal(tmp_path / "peu.sqlite")
    journal_hostile(peu.chemin, longs[:2])
    page_ = tmp_path / "secours.html"
    page_.write_text(secours.rediger(Modele.ouvrir(donnees / "etudes" / f"{ETUDE}.yaml"), peu), encoding="utf-8")
    with guet(lance) as guetteur:
        for ecrit in (*(e for e in ecrits if e.suffix == ".html"), markdown, page_):
            guetteur.ouvrir(ecrit)
            for plie in guetteur.page.locator("summary").all()[:5]:
                plie.click()
            guetteur.verifier(ecrit.name)
            liens = guetteur.page.evaluate("[...document.links].map(a => a.href.split(':')[0])")
            assert set(liens) <= {"http", "https", "mailto", "file"}, ecrit.name
            assert guetteur.page.evaluate("[...document.images].every(i => i.src.startsWith('data:'))")


@pytest.mark.parametrize("genre", ["pdf", "png"])
def test_les_textes_s_ecrivent_aussi_en_pdf_et_en_image(genre):
    """Every sign of the texts, and those that hold a formula or a rare sign, each on a line of one sheet: it is written."""
    lignes = ["".join(sorted({*TOUTES})), *(x for x in CHARGES if "$" in x or not x.isascii())]
    feuille = Figure(figsize=(8, 11))
    for rang, ligne in enumerate(lignes):
        feuille.text(0.02, rang / len(lignes), ligne, fontsize=6)
    assert planches.ecrire_octets(feuille, genre, 72)[:4] in (b"%PDF", b"\x89PNG")


@pytest.fixture
def dessins_seuls(monkeypatch):
    """Only the drawing is opened in the browser: its PDF and its picture are written in the complete tests alone."""
    ecrire = planches.ecrire_octets
    if not COMPLETS:
        monkeypatch.setattr(planches, "ecrire_octets", lambda fig, genre: ecrire(fig, genre) if genre == "svg" else b"")


def test_le_plan_et_le_site_hostiles(hostile, lance, tmp_path, dessins_seuls):
    donnees, champs = hostile
    assert champs["plan"] >= 18
    plan = donnees / "plans" / f"{GARE}_cour.yaml"
    ecrits = dessiner_plans([plan], JOUR, "multi_accueil", "A3", None, tmp_path)
    carnet = pf.carnets.site(donnees / "sites" / f"{GARE}.yaml", "2026-12-01", "multi_accueil", plan)
    figure = tmp_path / "figure.html"
    from nbconvert.filters import markdown2html

    from pope_foncier.vues.lieu.lieu_ouvert import composer_lieux

    corps = svg(composer_lieux([carnet.lieu], "A4", None)) + carnet.places().data + markdown2html(carnet.titre().data)
    figure.write_text(f'<!doctype html><meta charset="utf-8"><body>{corps}', encoding="utf-8")
    with guet(lance) as guetteur:
        for ecrit in (*(e for e in ecrits if e.suffix == ".svg"), figure):
            guetteur.ouvrir(ecrit)
            guetteur.verifier(ecrit.name)


def test_les_ateliers_sur_une_etude_et_un_journal_hostiles(hostile, lance, serveurs, tmp_path):
    """The three applications, served, on the hostile study, with the hostile journal beside it."""
    donnees, _ = hostile
    journal_hostile(tmp_path / f"{ETUDE}.sqlite", [TOUTES, *CHARGES[:: 4 if COMPLETS else 40]])
    serveur = Serveur(
        tmp_path,
        "--reserve",
        "0",
        "--visiteurs",
        "4",
        env={"POPE_DONNEES": str(donnees)},
        etude=donnees / "etudes" / f"{ETUDE}.yaml",
        germe=serveurs,
    )
    local = (f"http://127.0.0.1:{serveur.port}/", f"ws://127.0.0.1:{serveur.port}/")
    try:
        with guet(lance, local) as guetteur:
            for application in ("commune", "financeur", "architecte"):
                guetteur.page.goto(serveur.adresse(application), timeout=120_000)
                guetteur.page.wait_for_selector(".pf-levier .noUi-handle[aria-label]", timeout=120_000)
                guetteur.page.wait_for_function("document.body.innerText.includes('top.touche(0)')", timeout=30_000)
                guetteur.page.wait_for_timeout(1500)
                guetteur.verifier(f"serveur, {application}")
    finally:
        serveur.arreter()


@pytest.mark.skipif(not COMPLETS, reason="JupyterLab sur un carnet hostile : tests complets seulement")
def test_le_carnet_hostile_dans_jupyterlab(ecrits, lance, serveurs, tmp_path):
    """Executed, then trusted by hand: JupyterLab cleans nothing of a trusted notebook, our own protection is alone."""
    pytest.importorskip("jupyterlab")
    laboratoire = Laboratoire(serveurs, tmp_path, [e for e in ecrits if e.suffix == ".ipynb"], confiance=True)
    local = (f"http://127.0.0.1:{laboratoire.port}/", f"ws://127.0.0.1:{laboratoire.port}/")
    try:
        with guet(lance, local) as guetteur:
            guetteur.page.goto(f"{local[0]}lab/tree/etude_site.ipynb?token={laboratoire.JETON}", timeout=90_000)
            guetteur.page.wait_for_selector(".jp-Notebook .jp-RenderedHTML table", timeout=90_000)
            for _ in range(12):
                guetteur.page.keyboard.press("PageDown")
                guetteur.page.wait_for_timeout(150)
            guetteur.verifier("serveur JupyterLab")
    finally:
        laboratoire.arreter()
