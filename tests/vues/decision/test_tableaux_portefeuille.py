"""Tables of a portfolio: figures of the trials, unknown stays unknown, width of a terminal."""

import io
from functools import cache

import pytest
from rich.console import Console

import pope_foncier as pf
from pope_foncier.decision.portefeuille import (
    assembler,
    eprouver,
    lire_portefeuille,
    lire_regles_risque,
    tirer_risque,
)
from pope_foncier.vues.decision.portefeuille import tableaux as tableaux_portefeuille
from pope_foncier.vues.decision.portefeuille.tableaux_risque import risque
from pope_foncier.vues.documents import terminal
from tests.cli.commandes import lancer
from tests.conftest import DONNEES

FICHIERS = [DONNEES / "portefeuilles" / f"{n}_plaine_commune.yaml" for n in ("sci", "scic")]


@cache
def listees(fichier):
    return pf.carnets.portefeuille(fichier).listees()


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.stem)
def test_les_tableaux_tiennent_dans_un_terminal_et_portent_leurs_notes(fichier):
    sortie = io.StringIO()
    liste = listees(fichier)
    assert len(liste) == 7
    for table in liste:
        assert all(len(ligne) == len(table.entetes) for ligne in table.lignes)
        assert len(set(table.entetes)) == len(table.entetes), "une colonne sans nom propre se perd en DataFrame"
        assert table.note
        terminal.montrer(table, Console(file=sortie, width=120))
    texte = sortie.getvalue()
    assert max(len(x) for x in texte.splitlines()) <= 120
    assert "…" not in texte


def test_actif_et_passif_se_lisent_egaux():
    (*_, bilan) = listees(FICHIERS[1])
    actif, passif = (bilan.lignes[rang] for rang in bilan.totaux)
    assert actif[0] == "Total de l'actif"
    assert passif[0] == "Total du passif"
    assert actif[1:] == passif[1:]


def test_un_capital_inconnu_se_lit_inconnu(moteur):
    lu = lire_portefeuille(FICHIERS[0])
    sans = lu.model_copy(update={"capital": lu.capital.model_copy(update={"valeur": None, "base": None})})
    table = tableaux_portefeuille.reserve(assembler(sans, moteur), eprouver(sans, moteur))
    assert {ligne[1:5] for ligne in table.lignes} == {("inconnue", "inconnu", "inconnu", "inconnu")}


def test_le_risque_dit_ce_qui_est_commun_et_ce_qui_est_propre(moteur):
    """Half-width of a share over 400 draws: 1.96 × 0.5 ÷ 20, so 5 points."""
    lu = lire_portefeuille(FICHIERS[0])
    regles = lire_regles_risque().model_copy(update={"tirages": 400})
    table = risque(assembler(lu, moteur), tirer_risque(lu, moteur, regles), moteur.evolutions)
    assert [ligne[0] for ligne in table.lignes] == [
        "En commun",
        "Première coque, à part",
        "Seconde coque, à part",
        "Tous à part",
    ]
    assert table.note.startswith("400 tirages, toujours les mêmes (chances connues à 5 points près)")
    communs, propres = table.note.split("Un tirage par lieu, sans lien entre eux : ")
    assert "coût de la construction (BT01), prix, salaires, PSU" in communs
    assert "aides obtenues ou refusées" in propres
    assert "durée des phases" not in propres, "aucune phase dans cette étude"
    assert "hypothèses" in propres


def test_un_capital_inconnu_n_empeche_pas_de_dire_celui_qu_il_faut(moteur):
    """Cash is linear in the equity: what it takes does not depend on what is paid in."""
    lu, regles = lire_portefeuille(FICHIERS[0]), lire_regles_risque().model_copy(update={"tirages": 50})
    sans = lu.model_copy(update={"capital": lu.capital.model_copy(update={"valeur": None, "base": None})})
    connu, inconnu = (
        risque(assembler(x, moteur), tirer_risque(x, moteur, regles), moteur.evolutions) for x in (lu, sans)
    )
    assert inconnu.lignes[0][1:4] == ("inconnu", "inconnu", "inconnu")
    assert [x[-1] for x in inconnu.lignes] == [x[-1] for x in connu.lignes]


def test_la_commande_tire_autant_de_fois_qu_on_le_demande():
    fait = lancer("portefeuille", str(FICHIERS[0]), "--tirages", "20")
    assert fait.returncode == 0, fait.stderr
    assert "20 tirages, toujours les mêmes (chances connues à 22 points près)" in " ".join(fait.stdout.split())
    assert lancer("portefeuille", str(FICHIERS[0]), "--tirages", "0").returncode != 0
