"""Benchmark of the workshops in Chromium: from a key to the new picture, from an address to a usable page."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.salle.banc import mesurer_la_salle

_LEVIERS = {
    "commune": "Coût des travaux",
    "financeur": "Prêt bancaire à l'association, montant",
    "architecte": "Surface de plancher",
}
_COUPS = 20
_PLAN = "Variante A : sans cour (supposé)"
_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MESURE = """touche => new Promise(fini => {
  const cadre = document.querySelector('figure').parentElement, debut = performance.now();
  const veille = new MutationObserver(() => { veille.disconnect(); fini(performance.now() - debut); });
  veille.observe(cadre, {childList: true, subtree: true});
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: touche, bubbles: true}));
  setTimeout(() => fini(5000), 5000);
})"""
"""Script of a page: press a key on the focused lever, give the milliseconds until the first picture is another one."""

RETOUR = """() => { window.retours = []; let depart = 0;
  const note = () => { depart = performance.now(); };
  addEventListener('pointerup', note, true); document.querySelector('.pf-ed svg').addEventListener('keydown', note, true);
  new MutationObserver(() => { if (depart) { window.retours.push(performance.now() - depart); depart = 0; } })
    .observe(document.querySelector('.pf-ed-lecture'), {childList: true, subtree: true}); }"""
"""Script of a page: note in ``retours`` the milliseconds from the hand that lets go, or from a key, to the figures beside a plan."""


def mesurer_ateliers() -> dict[str, float]:
    """Measures: ``curseur_ms``, ``page_s`` (worst application, page pre-heated), ``editeur_ms``, ``telephone_ms``, ``page_froide_s``; none without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or not all(map(importlib.util.find_spec, ("playwright", "voila"))):
        return {}
    mesures: dict[str, float] = {}
    with _serveur(reserve=1) as (adresse, _):
        time.sleep(6.0)
        pages, curseurs = [], []
        for application in _LEVIERS:
            ouverture, durees, lachers = _essayer(chromium, adresse, application)
            pages.append(ouverture)
            curseurs.append(statistics.median(durees))
        mesures |= {"curseur_ms": max(curseurs), "page_s": max(pages), "editeur_ms": statistics.median(lachers)}
    with _serveur(reserve=0) as (adresse, journal):
        mesures["telephone_ms"] = mesurer_la_salle(f"{adresse}salle/", journal)
        mesures["page_froide_s"] = _essayer(chromium, adresse, "commune")[0]
    return mesures


def _essayer(chromium: str, adresse: str, application: str) -> tuple[float, list[float], list[float]]:
    """Seconds to a usable page, milliseconds of a lever, then those of the editor of plans where there is one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        navigateur = p.chromium.launch(executable_path=chromium, args=_ARGUMENTS, timeout=60_000)
        try:
            page = navigateur.new_page(viewport={"width": 1500, "height": 1200})
            debut = time.perf_counter()
            page.goto(f"{adresse}voila/render/{application}.ipynb", timeout=60_000)
            page.wait_for_selector(".pf-levier .noUi-handle[aria-label]", timeout=60_000)
            page.wait_for_selector("figure svg", timeout=60_000)
            ouverture = time.perf_counter() - debut
            for rang in range(page.locator(".pf-pli").count()):
                page.locator(".pf-pli").nth(rang).click()
            page.get_by_role("slider", name=_LEVIERS[application], exact=True).focus()
            durees = []
            for _ in range(_COUPS):
                durees.append(float(page.evaluate(MESURE, "ArrowRight")))
                page.wait_for_timeout(60)
            lachers = _editer(page) if application == "architecte" else []
            page.goto("about:blank")  # leaves as a visitor does, and frees its place: the next one waits for nothing
            return ouverture, durees, lachers
        finally:
            navigateur.close()


def _editer(page: Any) -> list[float]:
    """Milliseconds from the hand that lets a wall go to the figures beside the plan, doors and windows drawn, once the page has nothing else to do."""
    page.get_by_label("Plan dessiné", exact=True).select_option(label=_PLAN)
    page.wait_for_timeout(9000)
    page.get_by_role("button", name="Modifier ce plan à la main").click()
    page.wait_for_selector(".pf-ed svg path")
    page.get_by_label("Élément", exact=True).select_option(label="1. Hall")
    page.locator(".pf-ed svg").scroll_into_view_if_needed()
    page.evaluate(RETOUR)
    for rang in range(_COUPS):
        cadre = page.locator(".pf-ed-mur").nth(1).bounding_box()
        x, y = cadre["x"] + cadre["width"] / 2, cadre["y"] + cadre["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + (-12 if rang % 2 else 12), y, steps=4)
        page.mouse.up()
        page.wait_for_timeout(300)
    return [float(v) for v in page.evaluate("window.retours")]


@contextlib.contextmanager
def _serveur(reserve: int):  # type: ignore[no-untyped-def]
    """Server on a free port, its journals in a temporary folder, stopped at the end."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    adresse = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as dossier:
        commande = [sys.executable, "-m", "pope_foncier", "atelier", "--journaux", dossier, "--port", str(port)]
        processus = subprocess.Popen(
            [*commande, "--reserve", str(reserve)],
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": dossier},
        )
        try:
            _attendre(adresse, processus)
            yield adresse, Journal(Path(dossier) / "gare_saint_denis.sqlite")
        finally:
            processus.terminate()
            try:
                processus.wait(timeout=20)
            except subprocess.TimeoutExpired:
                processus.kill()
                processus.wait(timeout=20)


def _attendre(adresse: str, processus: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(adresse, timeout=2).read()
            return
        if processus.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError("le serveur des ateliers ne répond pas")
