"""What a screen without colours shows is, sign for sign, what rich writes of the same tables and texts."""

import io
import random

import pytest
from rich.text import Text

from pope_foncier.vues.documents import terminal
from pope_foncier.vues.formes.table import Table

MORCEAUX = (
    "a",
    "Prêt",
    "12\u202f345\u00a0€",
    "≥ 20\u202f000,50\u00a0€",
    "—",
    "x" * 30,
    "",
    "  retrait",
    "fin  ",
    "a\nb",
    "mot : suite",
    "\u00a0au bord\u00a0",
    "\x07bruit",
)
LARGES = ("日本", "\tT", "👩\u200d👧", "e\u0301", "sans\u200bblanc")
"""Signs of no cell or of two, which rich alone measures."""


def lignes(montrer, largeur, monkeypatch, par_rich):
    """Lines of a screen without colours; those of rich when it does all the work."""
    ecran = terminal.ecran()
    ecran.width, ecran.file = largeur, io.StringIO()
    with monkeypatch.context() as m:
        if par_rich:
            m.setattr(terminal, "sans_couleurs", lambda _: False)
        montrer(ecran)
    return ecran.file.getvalue()


def comparer(montrer, largeur, monkeypatch):
    ici, la = (lignes(montrer, largeur, monkeypatch, par_rich) for par_rich in (False, True))
    assert ici == la != ""


@pytest.mark.parametrize("largeur", [40, 80, 400])
def test_les_tableaux_d_une_etude(resultat, largeur, monkeypatch):
    for table in terminal.tables(resultat.vue()):
        comparer(lambda ecran, table=table: terminal.montrer(table, ecran), largeur, monkeypatch)


@pytest.mark.parametrize("signes", [MORCEAUX, (*MORCEAUX, *LARGES)], ids=["droits", "larges"])
def test_des_tableaux_quelconques(signes, monkeypatch):
    """Cells of several lines, empty, longer than the screen, totals, no row at all."""
    hasard = random.Random(4)

    def rang(combien):
        return tuple(" ".join(hasard.choices(signes, k=hasard.randint(0, 5))) for _ in range(combien))

    for _ in range(80):
        combien = hasard.randint(1, 6)
        cellules = tuple(rang(combien) for _ in range(hasard.randint(0, 4)))
        table = Table(*rang(1), rang(combien), cellules, *rang(1), totaux=(0,), texte=hasard.random() < 0.3)
        comparer(lambda ecran, table=table: terminal.montrer(table, ecran), hasard.choice((40, 57, 120)), monkeypatch)


@pytest.mark.parametrize(
    "texte", [*MORCEAUX, *LARGES, "une phrase plus longue que l'écran, « citée » et chiffrée : 12\u00a0€ "]
)
def test_un_texte(texte, monkeypatch):
    comparer(lambda ecran: terminal.dire(texte, ecran, "bold"), 41, monkeypatch)


def test_rich_ne_plie_plus_rien_d_un_tableau_en_noir(resultat, monkeypatch):
    """A table of plain signs is written once folded; in colours, or where rules are drawn in ASCII, rich draws it."""
    table = terminal.tables(resultat.vue())[0]

    def refuser(*_):
        raise AssertionError

    with monkeypatch.context() as m:
        m.setattr(Text, "wrap", refuser)
        terminal.montrer(table, terminal.ecran())
    for autrement in (
        {"color_system": "standard", "force_terminal": True},
        {"file": io.TextIOWrapper(io.BytesIO(), "ascii")},
    ):
        ecran = terminal.Console(width=80, **autrement)
        assert not terminal.sans_couleurs(ecran)
