"""Shared fixtures: the project's engine and studies, copies of the data to change, and the skips that CI turns to failures."""

import gc
import importlib.util
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
import typer.main
from hypothesis import HealthCheck, settings

from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.imports_alleges import sans_grammaire_des_adresses
from tests.noyaux import noyaux_de
from tests.rondes import aplatir
from tests.serveurs import GermeDeServeurs

RACINE = Path(__file__).resolve().parents[1]
DONNEES = RACINE / "data"
GELEES = RACINE / "tests" / "cas" / "etudes_gelees"
"""Studies as they stood in November 2026, for the tests of the engine: a shipped study may change its assumptions."""
GARE = GELEES / "gare_saint_denis.yaml"
COQUE = GELEES / "coque_la_courneuve.yaml"
GARE_LIVREE = DONNEES / "etudes" / "gare_saint_denis.yaml"
COMPLETS = os.environ.get("POPE_TESTS_COMPLETS") == "1"

gc.set_threshold(20_000, 20, 20)
"""An evaluation makes many small objects that last: looked over at the usual pace, they take a quarter of the time of the tests."""

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""For the workers and all that the tests start: they share the cores already, and threads that wait for a small product burn them."""

sans_grammaire_des_adresses()

typer.main.get_command = cache(typer.main.get_command)
"""The program reads its commands from their signatures as it starts: done once here, where one process runs hundreds of them."""

settings.register_profile("projet", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("projet")


@pytest.fixture(scope="module", autouse=True)
def objets_des_autres_fichiers():
    """What earlier files left for good (sheets read, engines) is looked over once, not again at each full collection."""
    gc.collect()
    gc.freeze()


def sauter(motif: str) -> None:
    """Skip for want of a tool; a failure when the complete tests are asked for."""
    if COMPLETS:
        pytest.fail(f"tests complets demandés : {motif}")
    pytest.skip(motif)


@pytest.fixture(scope="session")
def moteur():
    return Moteur.ouvrir()


@pytest.fixture(scope="session")
def moteur_plat(moteur):
    """Engine whose prices, wages and indices never move."""
    return aplatir(moteur)


@pytest.fixture(scope="session")
def coque():
    return ouvrir(COQUE)


@pytest.fixture(scope="session")
def dossier():
    return ouvrir(GARE)


@pytest.fixture(scope="session")
def resultat(dossier, moteur):
    return Resultat.calculer(dossier, moteur)


@pytest.fixture
def donnees_copie(tmp_path):
    """Writable copy of the data folder, with the frozen studies in place of the shipped ones."""
    copie = tmp_path / "data"
    shutil.copytree(DONNEES, copie)
    shutil.copytree(GELEES, copie / "etudes", dirs_exist_ok=True)
    return copie


@pytest.fixture(scope="session")
def chromium():
    """Path of the system's Chromium."""
    chemin = shutil.which("chromium") or shutil.which("chromium-browser")
    if chemin is None:
        sauter("Chromium absent de cette machine")
    return chemin


@pytest.fixture(scope="session")
def serveurs():
    """Germ of servers of workshops that start at once, and whose kernels do, for the tests that look at something else than that start."""
    if (
        importlib.util.find_spec("voila") is None
    ):  # not imported: what is born of the germ reads it, and this process has no use for it
        pytest.skip("voila absent")
    germe = GermeDeServeurs()
    yield germe
    germe.arreter()


@pytest.fixture(scope="session")
def noyaux(serveurs):
    """Kernels of notebooks that start at once, for the tests that run several."""
    with noyaux_de(serveurs):
        yield


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory):
    """Converts files with LibreOffice, in a profile of its own that recalculates every workbook: (files, "pdf" or "xlsx", folder)."""
    programme = shutil.which("soffice") or shutil.which("libreoffice")
    if programme is None:
        sauter("LibreOffice absent de cette machine")
    profil = tmp_path_factory.mktemp("profil_libreoffice")
    (profil / "user").mkdir()
    (profil / "user" / "registrymodifications.xcu").write_text(_TOUJOURS_RECALCULER, encoding="utf-8")

    def convertir(fichiers, genre, dossier):
        commande = [programme, f"-env:UserInstallation={profil.as_uri()}", "--headless", "--norestore"]
        commande += ["--convert-to", genre, "--outdir", str(dossier), *map(str, fichiers)]
        subprocess.run(commande, check=True, timeout=240, capture_output=True)
        return [dossier / Path(f).with_suffix(f".{genre}").name for f in fichiers]

    return convertir


_TOUJOURS_RECALCULER = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One worker more than cores: browsers and servers are often waited for."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items):
    """Long files first, so that no worker ends alone with one of them."""
    longs = (
        "ateliers/test_navigateur",
        "ateliers/test_dix_visiteurs",
        "ateliers/test_applications",
        "garde/test_navigateur_charges",
        "fuzz/",
        "places/test_esquisse",
        "etude/test_etudes_extremes",
        "decision/test_sens",
        "vues/documents/test_carnet",
        "depot/test_livre",
        "depot/test_installation",
        "garde/test_sorties_ensemble",
        "ateliers/",
        "garde/test_petits_trous",
        "etude/test_reprise",
        "vues/documents/",
        "vues/dossier/",
        "vues/formes/test_nombres_caches",
    )
    rang = {nom: i for i, nom in enumerate(longs)}

    def place(item):
        chemin = item.path.relative_to(RACINE / "tests").as_posix()
        return next((r for nom, r in rang.items() if chemin.startswith(nom)), len(longs))

    items.sort(key=place)
