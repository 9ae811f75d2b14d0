"""Tables of a portfolio: figures of the trials, unknown stays unknown, width of a terminal."""

import io

import pytest
from rich.console import Console

from pope_foncier.analyse.portefeuille import assembler, eprouver, lire_portefeuille
from pope_foncier.vues import tableaux_portefeuille, terminal
from tests.conftest import DONNEES

FICHIERS = [DONNEES / "portefeuilles" / f"{n}_plaine_commune.yaml" for n in ("sci", "scic")]


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.stem)
def test_les_tableaux_tiennent_dans_un_terminal_et_portent_leurs_notes(fichier, moteur):
    sortie = io.StringIO()
    liste = tableaux_portefeuille.tables(fichier, moteur)
    assert len(liste) == 7
    for table in liste:
        assert all(len(ligne) == len(table.entetes) for ligne in table.lignes)
        assert len(set(table.entetes)) == len(table.entetes), "une colonne sans nom propre se perd en DataFrame"
        assert table.note
        terminal.montrer(table, Console(file=sortie, width=120))
    texte = sortie.getvalue()
    assert max(len(x) for x in texte.splitlines()) <= 120
    assert "…" not in texte


def test_actif_et_passif_se_lisent_egaux(moteur):
    (*_, bilan) = tableaux_portefeuille.tables(FICHIERS[1], moteur)
    actif, passif = (bilan.lignes[rang] for rang in bilan.totaux)
    assert actif[0] == "Total de l'actif"
    assert passif[0] == "Total du passif"
    assert actif[1:] == passif[1:]


def test_un_capital_inconnu_se_lit_inconnu(moteur):
    lu = lire_portefeuille(FICHIERS[0])
    sans = lu.model_copy(update={"capital": lu.capital.model_copy(update={"valeur": None, "base": None})})
    table = tableaux_portefeuille.reserve(assembler(sans, moteur), eprouver(sans, moteur))
    assert {ligne[1:5] for ligne in table.lignes} == {("inconnue", "inconnu", "inconnu", "inconnu")}
