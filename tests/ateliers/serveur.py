"""Workshop server for tests: started on a free port, its kernels counted, stopped by its own number."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil

from pope_foncier.ateliers.banc import MESURE
from tests.conftest import COMPLETS, DONNEES, GARE, RACINE

CONNUES = ("The getter for the shared module is not a function",)
"""Console errors of Voilà itself, on every page."""
LEGERE = DONNEES / "etudes" / "creche_emile_zola.yaml"
"""Study that opens fastest, for what is about the server and not about the figures."""
ATTENDRE = 202
"""Status of the page of a visitor who waits for their turn."""
DU_LABORATOIRE = ("Window name candidate",)
"""Console or page errors of JupyterLab itself: several of its pages opened at once."""


class Serveur:
    """Server of a study, its journals in a folder: the command itself, or born of a germ (fixture ``serveurs``)."""

    def __init__(self, dossier, *options, env=None, etude=GARE, base="/", germe=None):
        self.dossier, self.env, self.etude, self.base, self.germe = dossier, env or {}, etude, base, germe
        self.options = [*options, "--base-url", base]
        self.port = _port_libre()
        self.sortie = (dossier / "serveur.log").open("ab")
        self.lancer()
        self.depuis = time.monotonic()

    def lancer(self):
        arguments = [
            "atelier",
            str(self.etude),
            "--journaux",
            str(self.dossier),
            "--port",
            str(self.port),
            *self.options,
        ]
        env = {**os.environ, "TMPDIR": str(self.dossier), **self.env}
        if self.germe is not None:
            self.processus = self.germe.servir(
                "pope_foncier.cli:principal", arguments, RACINE, env, self.dossier / "serveur.log"
            )
        else:
            commande = [sys.executable, "-m", "pope_foncier", *arguments]
            self.processus = subprocess.Popen(
                commande, cwd=RACINE, stdout=self.sortie, stderr=subprocess.STDOUT, env=env
            )
        _attendre(self.processus, self.adresse(), self.dossier / "serveur.log")

    def adresse(self, application=None):
        suite = f"voila/render/{application}.ipynb" if application else ""
        return f"http://127.0.0.1:{self.port}{self.base}{suite}"

    def demander(self, application, delai=60):
        """Page of an application without a browser, its turn waited for as a page does: status and text."""
        adresse, limite = self.adresse(application), time.monotonic() + delai
        while True:
            try:
                with urllib.request.urlopen(adresse, timeout=delai) as reponse:
                    code, texte = reponse.status, reponse.read().decode()
            except urllib.error.HTTPError as refus:
                return refus.code, refus.read().decode()
            if code != ATTENDRE or time.monotonic() > limite:
                return code, texte
            adresse = self.adresse(application) + "?billet=" + re.search(r"billet=(\w+)", texte)[1]
            time.sleep(0.3)

    def noyaux(self):
        enfants = psutil.Process(self.processus.pid).children(recursive=True)
        return [p for p in enfants if "ipykernel" in " ".join(_commande(p))]

    def tient(self, noyau):
        """Whether the process of a kernel runs."""
        return any(noyau in " ".join(_commande(p)) for p in self.noyaux())

    def processeur_s(self):
        """Seconds of processor of the server and of its kernels since they started [s]: what a busy machine does not lengthen."""
        serveur = psutil.Process(self.processus.pid)
        return sum(p.cpu_times().user + p.cpu_times().system for p in (serveur, *self.noyaux()))

    def attendre_noyaux(self, nombre, delai=40):
        limite = time.monotonic() + delai
        while time.monotonic() < limite and len(self.noyaux()) != nombre:
            time.sleep(0.2)
        return len(self.noyaux())

    def abattre(self):
        """Kill -9 of the server and of its kernels."""
        morts = [*self.noyaux(), psutil.Process(self.processus.pid)]
        for p in morts:
            with contextlib.suppress(psutil.NoSuchProcess):
                p.send_signal(signal.SIGKILL)
        self.processus.wait(timeout=20)

    def arreter(self):
        if self.processus.poll() is None:
            _arreter(self.processus)
        self.sortie.close()


class Laboratoire:
    """JupyterLab on a copy of the workshop notebooks, with its own settings, born of a germ (fixture ``serveurs``); stopped by its own number."""

    JETON = "essai"

    def __init__(self, germe, dossier, carnets=(), confiance=False):
        self.port = _port_libre()
        shutil.copytree(RACINE / "notebooks" / "ateliers", dossier / "carnets")
        for carnet in carnets:
            shutil.copy(carnet, dossier / "carnets")
        prives = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
        env = {**os.environ, **{nom: str(dossier / nom.lower()) for nom in (*prives, "IPYTHONDIR", "HOME")}}
        env |= {"PYTHONPATH": str(RACINE), "POPE_ATELIER_JOURNAUX": str(dossier), "TMPDIR": str(dossier)}
        env |= {"POPE_ATELIER_ETUDE": str(GARE)}
        for carnet in carnets if confiance else ():
            place = str(dossier / "carnets" / carnet.name)
            subprocess.run([sys.executable, "-m", "jupyter", "trust", place], env=env, check=True, capture_output=True)
        options = [
            f"--port={self.port}",
            f"--ServerApp.token={self.JETON}",
            f"--ServerApp.root_dir={dossier / 'carnets'}",
        ]
        options += ["--no-browser", "--ip=127.0.0.1", "--allow-root"]
        sortie = dossier / "lab.log"
        sortie.touch()
        self.processus = germe.servir("jupyterlab.labapp:main", options, RACINE, env, sortie)
        _attendre(self.processus, f"http://127.0.0.1:{self.port}/api?token={self.JETON}", sortie)

    def ouvrir(self, contexte, carnet):
        """Page of a notebook, with its console errors and its requests outside."""
        page, console, dehors = contexte.new_page(), [], []
        local = (f"http://127.0.0.1:{self.port}/", "data:", "blob:")
        page.on(
            "console",
            lambda m: (
                console.append(f"{m.text} {m.location}")
                if m.type == "error" and not m.text.startswith(DU_LABORATOIRE)
                else None
            ),
        )
        page.on("pageerror", lambda e: None if str(e).startswith(DU_LABORATOIRE) else console.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(local) else dehors.append(r.url))
        page.goto(
            f"http://127.0.0.1:{self.port}/lab/workspaces/{carnet}/tree/{carnet}.ipynb?token={self.JETON}",
            timeout=60_000,
            wait_until="commit",
        )
        return page, console, dehors

    def arreter(self):
        _arreter(self.processus)


def _attendre(processus, adresse, journal):
    limite = time.monotonic() + 60
    while time.monotonic() < limite:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(adresse, timeout=2).read()
            return
        assert processus.poll() is None, journal.read_text()
        time.sleep(0.2)
    raise AssertionError("le serveur ne répond pas")


def _arreter(processus):
    enfants = psutil.Process(processus.pid).children(recursive=True)
    processus.terminate()
    try:
        processus.wait(timeout=20)
    except subprocess.TimeoutExpired:
        processus.kill()
        processus.wait(timeout=20)
    for p in enfants:
        with contextlib.suppress(psutil.NoSuchProcess):
            p.kill()


def _commande(processus):
    try:
        return processus.cmdline()
    except psutil.Error:
        return []


def _port_libre():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


PETITS = """[...document.querySelectorAll('.pf-atelier *')].filter(e => e.children.length === 0 && e.textContent.trim()
  && !e.closest('svg') && e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.textContent)"""
LETTRES = """[...document.querySelectorAll('figure svg text')].filter(t => t.textContent.trim()).map(t =>
  Math.hypot(t.getScreenCTM().a, t.getScreenCTM().b) * parseFloat(getComputedStyle(t).fontSize))"""


def verifier_page(page, partie=None):
    """What every page of an application must be: words of 16 px or more, pictures too, handles named, no serious violation (in a part)."""
    assert page.evaluate("document.querySelectorAll('figure svg[aria-label]').length") >= 1
    assert page.evaluate(PETITS) == []
    lettres = page.evaluate(LETTRES)
    assert lettres
    assert min(lettres) >= 16
    poignees = page.locator(".noUi-handle")
    noms = [poignees.nth(rang).get_attribute("aria-label") for rang in range(poignees.count())]
    assert noms
    assert all(noms)
    assert len(set(noms)) == len(noms)
    if partie is None:
        assert page.locator("main, [role=main]").count() == 1
    assert len(verifier_l_acces(page, partie)["passes"]) > 10


def photographier(page, fichier):
    """Picture of a page for who wants to see it, in the complete tests: nothing is read in it."""
    if COMPLETS:
        page.screenshot(path=fichier)


def auditer(page, partie=None):
    """What axe answers on a page or on a part of it: the rules that pass, the violations; a page reads its script once, until it goes elsewhere."""
    from axe_playwright_python.sync_playwright import Axe

    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(Axe().axe_script)
    return page.evaluate(
        """partie => axe.run(partie ?? document, {resultTypes: ["violations"]})
             .then(lu => ({passes: lu.passes.map(x => x.id), violations: lu.violations}))""",
        partie,
    )


def verifier_l_acces(page, partie=None):
    """No serious violation of accessibility, in the page or in a part of it; gives what axe answers."""
    reponse = auditer(page, partie)
    graves = [v for v in reponse["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in graves] == []
    return reponse


def verifier_etroite(page, largeurs=(390, 640)):
    """On a phone, and at a zoom of 200 % on a screen of 1280: nothing sideways but in frames that take the focus, no serious violation."""
    for largeur in largeurs:
        page.set_viewport_size({"width": largeur, "height": 800})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur
        assert page.evaluate(
            "[...document.querySelectorAll('.lm-BoxPanel-child')].every(e => e.scrollWidth <= e.clientWidth + 1)"
        )
        verifier_l_acces(page)


class Onglet:
    """Page of an application, with what it asked outside and what its console said."""

    def __init__(self, contexte, serveur):
        self.dehors, self.console, self.serveur = [], [], serveur
        self.page = contexte.new_page()
        local = (f"http://127.0.0.1:{serveur.port}/", "data:", "blob:")
        self.page.on("request", lambda r: None if r.url.startswith(local) else self.dehors.append(r.url))
        self.page.on("console", lambda m: self.console.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.console.append(str(e)))

    def aller(self, application, attendre=True):
        self.page.goto(self.serveur.adresse(application), timeout=120_000, wait_until="commit")
        if attendre:
            self.attendre_dessin()
            self.deplier()

    def deplier(self):
        """Open every fold of levers, by keyboard; then back to the top, as the page opens."""
        plis = self.page.locator(".pf-pli")
        for rang in range(plis.count()):
            plis.nth(rang).press("Enter")
            self.page.wait_for_function(
                "n => document.querySelectorAll('.pf-pli')[n].ariaExpanded === 'true'", arg=rang
            )
        self.en_haut()

    def en_haut(self):
        """Back to the top, nothing in hand."""
        self.page.evaluate("document.activeElement.blur(); document.querySelector('.lm-BoxPanel-child').scrollTop = 0")

    def attendre_dessin(self, delai_s=60):
        for partie in (".pf-levier .noUi-handle[aria-label]", "figure svg:visible"):
            self.page.wait_for_selector(partie, timeout=1000 * delai_s)

    def noyau(self):
        """Kernel of the page."""
        return self.page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")

    def patienter(self, condition, delai_s=30):
        """Wait for a condition, the page going on meanwhile."""
        limite = time.monotonic() + delai_s
        while not condition():
            assert time.monotonic() < limite, "la condition attendue ne vient pas"
            self.page.wait_for_timeout(100)

    def fermer(self):
        """Leave the page, then close it: the page says that it goes."""
        if not self.page.is_closed():
            self.page.goto("about:blank")
            self.page.wait_for_timeout(200)
            self.page.close()

    def erreurs(self):
        return [t for t in self.console if not any(c in t for c in CONNUES)]

    def poignee(self, nom):
        return self.page.get_by_role("slider", name=nom, exact=True)

    def pousser(self, nom, fois, touche="ArrowRight"):
        """Move a lever by keyboard and give the milliseconds from each key to the new picture."""
        poignee = self.poignee(nom)
        poignee.focus()
        durees = []
        for _ in range(fois):
            durees.append(self.page.evaluate(MESURE, touche))
            self.page.wait_for_timeout(40)
        return durees

    def attendre(self, texte):
        self.page.wait_for_function(
            "t => document.body.innerText.replace(/[\\u00a0\\u202f]/g, ' ').includes(t)",
            arg=texte,
            timeout=60_000,
            polling=100,
        )

    def remplir(self, nom, texte):
        champ = self.page.get_by_role("textbox", name=nom, exact=True)
        champ.fill(texte)
        champ.press("Tab")

    def cliquer(self, nom):
        bouton = self.page.get_by_role("button", name=nom)
        bouton.focus()
        bouton.press("Enter")


@contextlib.contextmanager
def navigateur(chromium, largeur=1500, hauteur=2100):
    """Chromium, its pages of this computer in one process, which what a first page left open keeps: scripts are compiled once for all of them."""
    from playwright.sync_api import sync_playwright

    from tests.vues.navigateur import ARGUMENTS

    with sync_playwright() as p:
        lance = p.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, "--process-per-site"], timeout=60_000)
        try:
            contexte = lance.new_context(viewport={"width": largeur, "height": hauteur})
            premiere = contexte.new_page()
            premiere.route("**/*", lambda r: r.fulfill(body=""))
            premiere.goto("http://127.0.0.1/")
            yield contexte
        finally:
            lance.close()
