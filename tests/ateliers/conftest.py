"""Applications without a browser: the hand that moves their levers."""

from contextlib import nullcontext

import ipywidgets
import pytest

from pope_foncier.ateliers.architecte import AtelierArchitecte
from pope_foncier.ateliers.champs import Apres
from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.financeur import AtelierFinanceur
from tests.peu_de_tirages import peu_de_tirages


@pytest.fixture
def main_posee():
    """The hand rests: the questions to ask first are computed after each move."""


@pytest.fixture
def doute_dit():
    """The doubt is drawn too, after each move, on all its draws."""


@pytest.fixture
def tirages_entiers():
    """What is noted, or written at once, has all its draws."""


@pytest.fixture
def main_pressee(monkeypatch):
    """The hand never rests: of a page, only what follows it at once is computed; for the tests that read nothing else."""
    monkeypatch.setattr(Apres, "demander", lambda _: None)


@pytest.fixture(autouse=True)
def main_vive(request, monkeypatch):
    """The hand moves on before the doubt and the questions are computed, the last things of all, but in the tests that ask for them."""
    for application in (AtelierCommune, AtelierFinanceur, AtelierArchitecte):
        if "doute_dit" not in request.fixturenames:
            monkeypatch.setattr(application, "_douter", lambda _: None)
        if "main_posee" not in request.fixturenames and application is not AtelierCommune:
            monkeypatch.setattr(application, "_questionner", lambda _: None)


@pytest.fixture(autouse=True)
def doute_en_peu_de_tirages(request):
    """What a proposal notes of its doubt is drawn on few draws, but where the ranges are read."""
    with nullcontext() if {"doute_dit", "tirages_entiers"} & set(request.fixturenames) else peu_de_tirages():
        yield


@pytest.fixture(autouse=True)
def pages_fermees():
    """A page is closed after its test: its widgets, and the model behind them, would else be kept until the end."""
    yield
    ipywidgets.Widget.close_all()
