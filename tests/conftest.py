"""Shared fixtures: the project's engine and studies, copies of the data to change, and the skips that CI turns to failures."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import ouvrir, varier

RACINE = Path(__file__).resolve().parents[1]
DONNEES = RACINE / "data"
GARE = DONNEES / "etudes" / "gare_saint_denis.yaml"
COMPLETS = os.environ.get("POPE_TESTS_COMPLETS") == "1"

SANS_SUITES = dict.fromkeys(
    (
        "titre_occupation.tva_part",
        "titre_occupation.franchise_mois",
        "titre_occupation.charges_m2_an",
        "titre_occupation.depot_garantie_mois",
        "titre_occupation.remise_en_etat_m2",
        "travaux.assurances_part",
        "delais.reception_ouverture_mois",
        "demarrage",
    )
)
"""Overrides of a study without what goes with its tenure, its insurance and its opening: for a computation about something else."""

settings.register_profile("projet", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("projet")


def sauter(motif: str) -> None:
    """Skip for want of a tool; a failure when the complete tests are asked for."""
    if COMPLETS:
        pytest.fail(f"tests complets demandés : {motif}")
    pytest.skip(motif)


@pytest.fixture(scope="session")
def moteur():
    return Moteur.ouvrir()


@pytest.fixture(scope="session")
def dossier():
    return ouvrir(GARE)


@pytest.fixture(scope="session")
def dossier_simple(dossier):
    """The same study without what goes with its tenure, its insurance and its opening: works from month 9 to 18, then the crèche."""
    etude = varier(dossier, "simple", SANS_SUITES)
    return replace(dossier, etude=etude, variantes={"base": etude})


@pytest.fixture(scope="session")
def resultat(dossier, moteur):
    return Resultat.calculer(dossier, moteur)


@pytest.fixture
def donnees_copie(tmp_path):
    """Writable copy of the data folder."""
    copie = tmp_path / "data"
    shutil.copytree(DONNEES, copie)
    return copie


@pytest.fixture(scope="session")
def chromium():
    """Path of the system's Chromium."""
    chemin = shutil.which("chromium") or shutil.which("chromium-browser")
    if chemin is None:
        sauter("Chromium absent de cette machine")
    return chemin
