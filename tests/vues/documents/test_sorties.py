"""Outputs of a study: complete files, one A4 page, nothing from outside, French numbers, harmless text."""

import json
import re
from dataclasses import replace

import nbformat
import pytest

from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.vues.documents import note, sorties
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_financement
from pope_foncier.vues.formes import figures, page
from pope_foncier.vues.formes.image_en_axes import tracer
from pope_foncier.vues.formes.table import Table
from tests.conftest import DONNEES, GARE
from tests.peu_de_tirages import peu_de_tirages
from tests.vues.navigateur import navigateur, page_ouverte, pages_du_pdf


@pytest.fixture(scope="module")
def ecrits(resultat, moteur, noyaux, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("sorties")
    return {p.name: p for p in sorties.ecrire_tout(resultat, moteur, GARE, dossier, lambda _: None)}


@pytest.fixture(scope="module")
def lance(chromium):
    with navigateur(chromium) as ouvert:
        yield ouvert


def test_tous_les_fichiers_sont_ecrits(ecrits):
    assert set(ecrits) == {
        "resultats.json",
        "note.html",
        "prets.html",
        "etude_site.ipynb",
        "etude_site.html",
    }
    chiffres = json.loads(ecrits["resultats.json"].read_text(encoding="utf-8"))
    places = next(c for c in chiffres["scenarios"]["base"]["tel_quel"]["chiffres"] if c["code"] == "programme.places")
    assert places["valeur"] == 12


def test_deux_executions_donnent_les_memes_octets(ecrits, resultat, moteur, tmp_path):
    """No random name of a cell, no time of execution: pages and notebooks compare byte by byte."""
    encore = {p.name: p for p in sorties.ecrire_tout(resultat, moteur, GARE, tmp_path, lambda _: None)}
    assert list(encore) == list(ecrits)
    for nom, fichier in ecrits.items():
        assert fichier.read_bytes() == encore[nom].read_bytes(), nom
    livre = nbformat.read(ecrits["etude_site.ipynb"], as_version=4)
    assert [c.id for c in livre.cells] == [f"cellule-{rang}" for rang in range(len(livre.cells))]
    assert "papermill" not in ecrits["etude_site.ipynb"].read_text(encoding="utf-8")


@pytest.mark.navigateur
def test_la_note_tient_sur_une_page_a4_son_annexe_sur_une_autre_et_rien_n_est_demande_dehors(ecrits, lance):
    with page_ouverte(lance, ecrits["note.html"]) as (onglet, dehors):
        assert onglet.evaluate("document.documentElement.lang") == "fr"
        assert pages_du_pdf(onglet.pdf(prefer_css_page_size=True)) == 2
        texte = onglet.inner_text("body")
    assert not dehors
    for morceau in (
        "à obtenir de SNCF Gares & Connexions",
        "hypothèse",
        "juillet 2028",
        "À trouver",
        "Questions ouvertes",
    ):
        assert morceau in texte


@pytest.mark.navigateur
def test_le_carnet_html_se_lit_sans_reseau(ecrits, lance):
    with page_ouverte(lance, ecrits["etude_site.html"]) as (onglet, dehors):
        assert onglet.evaluate("[...document.images].every(i => i.naturalWidth > 0 && i.alt)")
        assert onglet.locator("img").count() == 7
    assert not dehors


def test_chaque_sortie_dit_a_qui_demander(ecrits):
    for nom in ("note.html", "etude_site.html", "resultats.json"):
        assert "obtenir de SNCF Gares &" in ecrits[nom].read_text(encoding="utf-8"), nom


def test_a_confirmer_liste_hypotheses_vides_et_aides_non_demandees(resultat):
    lignes = {x.quoi: x for x in a_confirmer(resultat.vue())}
    assert lignes["Surface de plancher"].aupres_de == "SNCF Gares & Connexions"
    assert lignes["Surface du site"].valeur == "inconnu"
    assert lignes["Région Île-de-France, modes de garde innovants"].valeur == "non demandée"
    assert lignes["Bonus mixité sociale"].valeur == "non compté"
    assert any("Indice" in quoi for quoi in lignes)
    rangs = [x.rang for x in lignes.values()]
    assert rangs == sorted(rangs), "what is missing comes first"
    assert not any(re.search(r"choix de l'étude|barème [a-z_]+\.", x.pourquoi) for x in lignes.values())


def test_le_plan_affiche_est_equilibre(resultat):
    table = tableaux_financement.plan_de_financement(resultat.vue())
    assert table.lignes[-1][1] == table.lignes[-1][3]


def test_une_table_se_prend_en_dataframe_de_nombres(resultat):
    vue = resultat.vue()
    frame = tableaux_financement.plan_de_financement(vue).to_frame()
    assert (frame.index.names, list(frame.columns)) == (["Côté", "Ligne"], ["€"])
    sommes = tableaux_financement.plan_de_financement(vue).to_frame(totaux=False)["€"].groupby("Côté").sum()
    assert sommes.to_dict() == pytest.approx(dict.fromkeys(("Besoins", "Ressources"), vue.montant("besoins.total")))


def test_un_texte_hostile_reste_du_texte(dossier, moteur):
    hostile = "<script>alert(1)</script>"
    etude = dossier.etude.model_copy(update={"titre": hostile, "questions_ouvertes": (hostile,)})
    resultat = Resultat.calculer(replace(dossier, etude=etude, variantes={"base": etude}), moteur)
    with peu_de_tirages():
        ecrite = note.rediger(resultat, moteur)
    for html in (ecrite, page.tableau(tableaux.Table(hostile, (hostile,), ((hostile,),)))):
        assert hostile not in html
        assert "&lt;script&gt;" in html


def test_l_etude_de_controle_a_aussi_sa_note(moteur):
    resultat = Resultat.calculer(ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml"), moteur)
    html = note.rediger(resultat, moteur)
    assert "inconnu" in html
    assert "nan" not in re.sub(r"[a-z]*nan[a-z]+|[a-z]+nan", "", html.lower())


def test_les_graphiques_lisent_les_lignes(resultat):
    vue = resultat.vue()
    octets = []
    for _ in range(2):
        fig, ax = figures.figure()
        tracer(graphiques.plan(vue), ax)
        octets.append(figures.octets(fig))
    assert octets[0] == octets[1], "mêmes octets à chaque tracé"
    hauteurs = sum(p.get_height() for p in ax.patches)
    assert hauteurs == pytest.approx(vue.montant("besoins.total") * 2, rel=1e-3)
    _, ax = figures.figure()
    tracer(graphiques.tresorerie(vue), ax)
    cumul = vue.bouclee.mensuel("tresorerie.cumul.Association gestionnaire")
    assert ax.lines[0].get_ydata()[20] == pytest.approx(cumul[20] / 1000)


def test_les_mots_vont_a_gauche_et_les_nombres_a_droite():
    lignes = (
        ("Loyer", "12,5", "Caf", "−3 €", "inconnu"),
        ("Prêt", "inconnu", "—", "+4 €", "8"),
        ("Aide", "3", "Ville", "", "—"),
    )
    table = tableaux.Table("Essai", ("Quoi", "Combien", "Qui", "Écart", "Nombre"), lignes)
    assert table.a_gauche == (True, False, True, False, False)
    assert page.tableau(table).count("class=g") == 2 * 4
    assert all(replace(table, texte=True).a_gauche)


@pytest.mark.navigateur
def test_la_page_d_une_etude_a_un_titre_un_sommaire_une_marge_et_rien_de_coupe(ecrits, lance):
    """Title first, then the contents; sections larger than titles of tables; words, tables and pictures on one margin."""
    with page_ouverte(lance, ecrits["etude_site.html"]) as (onglet, _):
        assert onglet.inner_text("body").strip().startswith("Gare de Saint-Denis")
        assert onglet.locator("h1").count() == 1
        parties = onglet.eval_on_selector_all("main h2", "l => l.map(e => [e.id, e.innerText])")
        assert parties == onglet.eval_on_selector_all(
            "nav a", "l => l.map(e => [e.getAttribute('href').slice(1), e.innerText])"
        )
        assert len(parties) == 12
        corps = "e => parseFloat(getComputedStyle(e).fontSize)"
        tailles = [onglet.eval_on_selector(x, corps) for x in ("h1", "main h2", "caption")]
        assert tailles == sorted(tailles, reverse=True)
        assert tailles[1] > 1.3 * tailles[2]
        for largeur in (1100, 1280, 1920):
            onglet.set_viewport_size({"width": largeur, "height": 900})
            marges = "[...document.querySelectorAll('main h2, main table, main img, main p')].map(e => Math.round(e.getBoundingClientRect().left))"
            assert len(set(onglet.evaluate(marges))) == 1, largeur
            coupes = "[...document.querySelectorAll('main .pf')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 40))"
            assert onglet.evaluate(coupes) == [], largeur
        onglet.set_viewport_size({"width": 390, "height": 900})
        assert onglet.evaluate("document.documentElement.scrollWidth") == 390


def test_une_colonne_qui_se_repete_se_dit_une_fois():
    """Words said on every row go under the table of a notebook; numbers and short words stay in their column."""
    aides = "Plan d'investissement petite enfance"
    table = Table("Qui", ("Montage", "Aides", "Ans"), tuple((f"m{i}", aides, "28,3") for i in range(5)))
    html = page.tableau(table, titre="caption", repete=False)
    assert html.count("Plan d&#x27;investissement") == 1
    assert html.count("28,3") == 5
    assert "Aides, partout : Plan" in html
    assert page.tableau(table).count("Plan d&#x27;investissement") == 5
