"""No number hidden in a text: a cell that shows one number, with or without its unit, holds it."""

import inspect
import io
import re
from contextlib import redirect_stdout, suppress

import pytest
from rich.console import Console

import pope_foncier as pf
from pope_foncier.etude.resultats import Resultat
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.documents import terminal
from pope_foncier.vues.etude import tableaux
from pope_foncier.vues.formes import cases, figures
from pope_foncier.vues.formes.cases import Case
from pope_foncier.vues.formes.table import Table

UN_NOMBRE = re.compile(
    r"\s*[≥≤<>+−±-]?\s*\d[\d\s]*(,\d+)?\s*(€|%|[a-zà-ÿ]+[²³]?)?(/[a-zà-ÿ]+[²³]?)*(\s(HT|TTC))?\s*", re.IGNORECASE
)
"""One number and its unit; a range, or an amount within a sentence, is words."""
ADMIS = {
    "Code UIC": "a name made of digits: nobody adds it",
    "Montant": "terms of a contract, read one by one beside their words: its numbers are those of the loan",
}
"""Rows whose text is a number, and why."""
UN_MONTANT = re.compile(r"\d\s*€")
PHRASES = {
    "Conditions": "what a scheme asks and what the study has, in a sentence",
    "Essai": "what is tried, by its name",
    "Pourquoi": "source of an assumption",
    "D'où elle vient": "source of an assumption",
    "Ce que l'on sait": "findings about a place",
    "Par rapport au projet de base": "difference of two scenarios, told in a sentence; its amounts are the columns of the table of differences",
    "Terme": "terms of a contract, read one by one",
}
"""Columns whose sentences may quote an amount, and why."""


def caches(tables):
    """Texts that are one number, by table and row."""
    return {
        (t.titre, str(rang[0]).strip(), c)
        for t in tables
        for rang in t.cellules
        for c in rang
        if isinstance(c, str) and UN_NOMBRE.fullmatch(c)
    }


def tout_appeler(carnet):
    """Call every page of a notebook that asks for nothing; what a study does not have is refused in words."""
    for nom in dir(type(carnet)):
        page = inspect.getattr_static(type(carnet), nom)
        if nom.startswith("_") or not inspect.isfunction(page):
            continue
        if any(p.default is p.empty for p in [*inspect.signature(page).parameters.values()][1:]):
            continue
        with suppress(ErreurPope):
            getattr(carnet, nom)()


@pytest.fixture(scope="module")
def faites(moteur):
    """Tables that the terminal and the notebooks make: the six studies, then each notebook once."""
    tables, naitre = [], Table.__init__

    def noter(self, *places, **mots):
        naitre(self, *places, **mots)
        tables.append(self)

    with pytest.MonkeyPatch.context() as remplacer, redirect_stdout(io.StringIO()):
        remplacer.setattr(Table, "__init__", noter)
        remplacer.setattr(
            figures, "octets", lambda *_, **__: b""
        )  # the pictures are made, nobody looks at their points
        for nom in pf.etudes():
            resultat = Resultat.calculer(pf.ouvrir(nom).dossier_entier(), moteur)
            terminal.afficher(resultat, moteur, Console(file=io.StringIO(), width=200))
        for carnet in (
            pf.carnets.etude("gare_saint_denis"),
            pf.carnets.exploitation("modes_d_accueil", "plaine_commune"),
            pf.carnets.montages("gare_saint_denis"),
            pf.carnets.site("gare_saint_denis"),
            pf.carnets.exploitation("gare_saint_denis", "plaine_commune"),
            pf.carnets.travaux("coque_la_courneuve", "travaux_par_lots"),
            pf.carnets.travaux("gare_saint_denis"),
            pf.carnets.pret("pret_bancaire"),
            pf.carnets.besoins("plaine_commune"),
            pf.carnets.portefeuille("sci_plaine_commune"),
            pf.carnets.emprunteur("gare_saint_denis", "association_demonstration"),
        ):
            tout_appeler(carnet)
    return tables


def test_aucun_nombre_ne_se_cache_dans_un_texte(faites):
    assert len({t.titre for t in faites}) > 80
    trouves = caches(faites)
    assert {x for x in trouves if x[1] not in ADMIS} == set()
    assert set(ADMIS) == {x[1] for x in trouves}, "une exception ne sert plus"


def meles(tables):
    """Headings of the columns whose words hold an amount in euros."""
    return {
        t.entetes[i]
        for t in tables
        for rang in t.cellules
        for i, c in enumerate(rang)
        if isinstance(c, str) and UN_MONTANT.search(c)
    }


def test_aucun_montant_ne_se_mele_a_des_mots(faites):
    """A cell is a value or words: who pays is a column, and both ends of a range are two."""
    assert meles(faites) == set(PHRASES)


@pytest.mark.parametrize(
    ("texte", "vu"),
    [("Ville : 12\u202f000\u00a0€", True), ("100 à 350 €/m²", True), ("réemploi (n = 6)", False), ("—", False)],
)
def test_le_controle_voit_un_montant_dans_des_mots(texte, vu):
    assert bool(meles([Table("Essai", ("Quoi", "Valeur"), (("x", texte),))])) is vu


@pytest.mark.parametrize(
    ("page", "dit"),
    [
        (lambda: pf.carnets.pret("pret_bancaire").chocs(), "taux fixe"),
        (lambda: pf.carnets.travaux("gare_saint_denis").chemin_et_echeances(), "delais.phases"),
        (lambda: pf.carnets.exploitation("gare_saint_denis", "plaine_commune").familles(), "Scénario inconnu"),
    ],
)
def test_une_page_que_l_etude_n_a_pas_se_refuse_en_mots(page, dit):
    with pytest.raises(ErreurPope, match=dit):
        page()


@pytest.mark.parametrize(
    ("texte", "cache"),
    [
        ("12", True),
        ("≥ 3,33", True),
        ("1\u202f600\u00a0€/m² HT", True),
        ("26,5\u00a0%", True),
        ("9 % à 14 %", False),
        ("12 mois, partiel", False),
        ("aucune", False),
        ("", False),
    ],
)
def test_le_controle_voit_un_nombre_seul(texte, cache):
    assert bool(caches([Table("Essai", ("Quoi", "Valeur"), (("x", texte),))])) is cache


def test_une_table_de_mots_garde_ses_mots_parmi_ses_nombres():
    """A value among words: the frame holds the number, the words, and the unit beside."""
    rangs = (("Surface", cases.mesure(250.0, "m²")), ("Cour", "inconnu"), ("Loyer", cases.mesure(140.0, "€/m²/an")))
    cadre = Table("Essai", ("Quoi", "Valeur"), rangs, melee=True).to_frame()
    assert cadre["Valeur"].tolist() == [250.0, "inconnu", 140.0]
    assert cadre["unité"].tolist() == ["m²", "", "€/m²/an"]


def test_ce_qui_est_a_confirmer_et_publie_se_lit_en_nombres(resultat):
    """Values of the ledger's inputs, not their words."""
    vue = resultat.vue()
    tables = (tableaux.hypotheses_de_travail(vue), tableaux.tableau_a_confirmer(vue))
    lues = {str(r[0]): r[1] for t in tables for r in t.cellules}
    cout = vue.ev.ctx.entree("travaux.cout_m2_ht")
    lue = lues[cout.nom]
    assert isinstance(lue, Case)
    assert (lue.valeur, lue.unite) == (pytest.approx(cout.au_point(vue.rang)), "€/m² HT")
    faits = tableaux.faits(vue)
    assert faits is not None
    assert all(isinstance(r[1], Case) for r in faits.cellules)
