"""Study-action notebook: runs on every shipped study; the two readings of a square near the threshold."""

import contextlib
import io
import re
from html import escape

import jupytext
import pytest

import pope_foncier as pf
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.vues.formes import figures
from pope_foncier.vues.lieu import tableaux as tableaux_site
from pope_foncier.vues.places import locaux_du_scenario
from tests.conftest import DONNEES, GARE_LIVREE, RACINE

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))


AUTRES = [e for e in ETUDES if e != GARE_LIVREE]
"""The station of Saint-Denis is the study of the notebook as shipped: nbval runs its every cell and compares what it shows."""


DESSINEES_AILLEURS = ("coque_la_courneuve", "creche_emile_zola", "modes_d_accueil")
"""Studies whose pictures ``tests/vues/formes/test_images.py`` draws: their points are not made a second time."""


@pytest.mark.parametrize("etude", AUTRES, ids=[e.stem for e in AUTRES])
def test_le_carnet_d_etude_tourne_sur_chaque_etude(etude, monkeypatch):
    monkeypatch.chdir(RACINE / "notebooks")
    if etude.stem in DESSINEES_AILLEURS:
        monkeypatch.setattr(figures, "octets", lambda *_, **__: b"\x89PNG")
    carnet = jupytext.read(RACINE / "notebooks" / "etude_site.py")
    espace: dict[str, object] = {}
    sortie = io.StringIO()
    with contextlib.redirect_stdout(sortie):
        for cellule in carnet.cells:
            if cellule.cell_type == "code":
                code = cellule.source
                if "parameters" in cellule.metadata.get("tags", []):
                    code = f"etude = {str(etude)!r}"
                exec(compile(code, "etude_site", "exec"), espace)
    vue = espace["carnet"].vue()
    for question in vue.ev.ctx.etude.questions_ouvertes:
        assert question in sortie.getvalue()


def test_un_carreau_au_seuil_montre_les_deux_lectures():
    """10,298 inhabitants at Épinay – Villetaneuse: 12 places if very dense; ordinary, no yard, so none (2 m² a place are due)."""
    resultat = Resultat.calculer(ouvrir(DONNEES / "etudes" / "epinay_villetaneuse.yaml"), moteur_du_projet())
    base, ordinaire = resultat.vue(), resultat.vue("zone_ordinaire")
    assert base.ev.capacite.dense is True
    assert ordinaire.ev.capacite.dense is False
    assert [v.valeur(v.ev.capacite.places) for v in (base, ordinaire)] == [12, 0]


def test_les_locaux_d_un_scenario_suivent_sa_lecture_de_la_densite():
    """Épinay, scenario read as ordinary: the law of the place allows none without a yard, as the chain does."""
    resultat = Resultat.calculer(ouvrir(DONNEES / "etudes" / "epinay_villetaneuse.yaml"), moteur_du_projet())
    for scenario, attendu in (("base", 24), ("zone_ordinaire", 0)):
        lieu = locaux_du_scenario.lieu_de(resultat.vue(scenario))
        assert lieu.capacite.lignes[0].solution.places[1] == attendu


@pytest.mark.parametrize("etude", ETUDES, ids=[e.stem for e in ETUDES])
def test_la_table_du_lieu_et_la_chaine_comptent_les_memes_places(etude):
    """Law of the place at its prudent reading and places of the chain: the same areas, coefficient and rules."""
    carnet = pf.carnets.etude(etude)
    vue = carnet.vue()
    programme = vue.ev.ctx.etude.programme
    services = programme.services_fixes_m2.valeur or programme.services_par_place_m2.valeur
    ligne = carnet.lieu.capacite.confort if services else carnet.lieu.capacite.lignes[0]
    assert ligne.solution.places[1] == vue.valeur(vue.ev.capacite.places_possibles)


@pytest.mark.parametrize("etude", ETUDES, ids=[e.stem for e in ETUDES])
def test_un_plan_a_l_echelle_pour_chaque_etude(etude):
    """Drawn, or a block diagram of the places retained whose rooms and yard have the areas of the study."""
    carnet = pf.carnets.etude(etude)
    vue, plan = carnet.vue(), carnet._plan
    dessin = carnet.plan_du_lieu()
    assert dessin.data[:4] == b"\x89PNG"
    assert "Pièce" in carnet.pieces().data
    plancher, cour = (vue.valeur(g) for g in locaux_du_scenario.surfaces(vue))
    assert sum(f.area for f in plan.formes("batiment")) == pytest.approx(plancher)
    assert sum(f.area for f in plan.formes("cour")) == pytest.approx(cour)
    if carnet.lieu.plan is None:
        assert "supposé, à l'échelle" in dessin.alt


def test_les_deux_carnets_examinent_le_meme_lieu():
    """Station of Saint-Denis, same plan: the checklist of the site's notebook and that of its study are the same."""
    fiche, plan = DONNEES / "sites" / GARE_LIVREE.name, DONNEES / "plans" / "gare_saint_denis_suppose.yaml"
    site = pf.carnets.site(fiche, "2026-12-01", "multi_accueil", plan)
    examinees = pf.carnets.etude(GARE_LIVREE).contraintes().data
    assert examinees.count("<tr") == len(site.lieu.contraintes()) + 1
    table = tableaux_site.table_constats("", site.lieu.contraintes()).lignes
    for ligne in table:
        assert all(escape(c) in examinees for c in ligne)


def test_le_carnet_d_etude_va_du_besoin_a_la_conclusion():
    """Every part that a study-action owes stands in the notebook, in this order."""
    texte = (RACINE / "notebooks" / "etude_site.py").read_text(encoding="utf-8")
    appels = re.findall(r"^carnet\.([a-z_]+)\(", texte, re.M)
    attendus = [
        "besoin",
        "site",
        "faits",
        "contraintes",
        "capacite",
        "densites",
        "places",
        "plan_du_lieu",
        "pieces",
        "travaux",
        "montages",
        "image_frise",
        "lecture",
        "image_plan",
        "plan",
        "aides",
        "leviers",
        "image_tresorerie",
        "tresorerie",
        "echeancier",
        "relais",
        "image_exploitation",
        "exploitation",
        "commune",
        "image_commune",
        "soutien",
        "incidents",
        "epreuves",
        "couvertures",
        "chances",
        "ratios",
        "plausibilite",
        "scenarios",
        "a_confirmer",
        "questions",
        "conclusion",
    ]
    rangs = [appels.index(x) for x in attendus]
    assert rangs == sorted(rangs)


def test_epinay_montre_les_deux_lectures_et_la_conclusion_les_dit():
    carnet = pf.carnets.etude(DONNEES / "etudes" / "epinay_villetaneuse.yaml")
    table = str(carnet.densites().data)
    tetes = re.findall(r"<tr><td class=g>([^<]*)", table)
    assert [t for t in tetes if t] == ["zone très dense", "zone ordinaire"], (
        "each reading is named once, above its rows"
    )
    assert len(tetes) >= 4
    assert "10 298" in table.replace("\u202f", " ").replace("\xa0", " ")
    texte = str(carnet.conclusion().data)
    assert "près du seuil de densité" in texte
    assert "0 (" in texte, "sans cour, la zone ordinaire ne porte rien"
    assert "Que faire ensuite" in texte


def test_une_etude_aux_montants_inconnus_dit_ce_qui_manque():
    carnet = pf.carnets.etude(DONNEES / "etudes" / "creche_emile_zola.yaml")
    assert "ne se dessine pas" in carnet.image_tresorerie().data
    assert "ne se dessine pas" in carnet.image_exploitation().data
    assert "inconnu tant qu'il manque" in str(carnet.conclusion().data)
    assert "Banque des Territoires" in str(carnet.faits().data)
    assert "une seule lecture" in carnet.densites().data


def test_le_plan_montre_est_celui_que_l_etude_suppose():
    """The station assumes no yard: not the drawing with a yard of 24 m²."""
    carnet = pf.carnets.etude(GARE_LIVREE)
    assert "24 m²" not in carnet.lieu.plan.fiche.titre
