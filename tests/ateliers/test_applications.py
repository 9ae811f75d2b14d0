"""Applications without a browser: a lever gives the engine's values, a patched engine changes the picture, reopening resumes."""

import asyncio
import base64
import html
import re
import socket
import sys
from dataclasses import replace
from datetime import UTC, datetime

import IPython
import ipywidgets as w
import nbformat
import numpy as np
import pytest

from pope_foncier.ateliers import architecte, chiffres, financeur, lecture, lieux, secours, textes
from pope_foncier.ateliers import epreuves as epreuves_du_financeur
from pope_foncier.ateliers.ajouts import AJOUTS_MAX
from pope_foncier.ateliers.architecte import AtelierArchitecte
from pope_foncier.ateliers.architecte import application as application_architecte
from pope_foncier.ateliers.champs import Apres, Curseur
from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.epreuves import SANS
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.fichier_scenarios import TAILLE_MAX_OCTETS, en_yaml
from pope_foncier.ateliers.financeur import AtelierFinanceur
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.modele import Modele, Reglages
from pope_foncier.ateliers.regles import LevierAtelier
from pope_foncier.cli.atelier import atelier
from pope_foncier.decision.epreuves import eprouver_ensemble
from pope_foncier.decision.recherche import rechercher
from pope_foncier.etude import resultats
from pope_foncier.etude.a_confirmer import a_demander
from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.etude.resultats import Resultat
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.etude import graphiques, tableaux_comite, variantes
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.image import Courbe, Teintes
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.places import graphiques as graphiques_places
from pope_foncier.vues.places import locaux_du_scenario
from tests.ateliers.etudes import modele_de
from tests.cli.commandes import lancer
from tests.conftest import DONNEES, GARE, RACINE

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "atelier.sqlite")


@pytest.mark.parametrize("etude", ETUDES, ids=lambda e: e.stem)
@pytest.mark.parametrize("application", [AtelierCommune, AtelierFinanceur, AtelierArchitecte])
@pytest.mark.usefixtures("main_posee")
def test_chaque_application_sur_chaque_etude(application, etude, journal, monkeypatch):
    """Each lever pushed to both ends: pictures follow at each move, tables and stresses when the hand rests, questions in turn.

    What to ask first reads the study alone, whatever moved it: asked at every third lever, each one on two studies in six.
    """
    app = application(modele_de(etude), journal)
    for tour, curseur in enumerate(app.curseurs.values(), ETUDES.index(etude)):
        depart = curseur.curseur.value
        with monkeypatch.context() as main:
            main.setattr(Apres, "demander", lambda _: None)
            curseur.curseur.value = curseur.curseur.min
        with monkeypatch.context() as main:
            if tour % 3:
                main.setattr(app.ensuite, "demander", lambda: None)
            curseur.curseur.value = curseur.curseur.max
        with monkeypatch.context() as main:
            main.setattr(Apres, "demander", lambda _: None)
            curseur.curseur.value = depart
    assert app.avis.value == "" or "role" in app.avis.value
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Essai"
    app.panneau.proposer()
    if (
        "noté" not in app.panneau.avis.value
    ):  # the law or the sheet refuses all the levers pushed to their end: in words
        assert "au plus" in app.panneau.avis.value
        app.remettre({})
        app.panneau.proposer()
    assert "noté" in app.panneau.avis.value, app.panneau.avis.value
    app.panneau.afficher()
    assert "affiché" in app.panneau.avis.value


@pytest.mark.parametrize(
    ("application", "reste"),
    [
        (AtelierCommune, "_dire_ce_qu_il_faudrait"),
        (AtelierFinanceur, "_eprouver"),
        (AtelierArchitecte, "_detailler"),
    ],
)
def test_une_page_qui_s_ouvre_ne_calcule_qu_une_fois_ce_qui_attend(application, reste, journal, monkeypatch):
    """In the loop of a kernel: complete when it shows, and not computed again while nothing moves."""
    faits, vrai = [], getattr(application, reste)
    monkeypatch.setattr(application, reste, lambda app: (faits.append(app), vrai(app)))

    async def ouvrir():
        application(Modele.ouvrir(GARE), journal)
        assert len(faits) == 1
        await asyncio.sleep(0.7)

    asyncio.run(ouvrir())
    assert len(faits) == 1


def test_un_moteur_change_change_l_image(journal, monkeypatch):
    app = AtelierCommune(Modele.ouvrir(GARE), journal)
    app.curseurs["cout"].curseur.value = 4000
    juste = app.image.value
    vrai = Contexte.bareme
    double = lambda ctx, chemin: vrai(ctx, chemin) * (2.0 if chemin == "fiscalite.tva.taux_normal" else 1.0)  # noqa: E731
    monkeypatch.setattr(Contexte, "bareme", double)
    change = AtelierCommune(Modele.ouvrir(GARE), journal)
    change.curseurs["cout"].curseur.value = 4000
    assert change.image.value != juste


def sans_espaces_fines(texte):
    return re.sub(r"[\u00a0\u202f]", " ", str(texte))


def test_architecte_mode_genre_surfaces_menent_la_chaine(journal):
    """Every lever of the architect changes places, plan, curve, cost and calendar to the engine's values."""
    modele = modele_de(GARE)
    app = AtelierArchitecte(modele, journal)

    def lu():
        return [sans_espaces_fines(x.value) for x in (app.courbe, app.dessin, app.cout, app.calendrier)]

    avant = lu()
    app.curseurs["surface"].saisie.value = "320"
    app.curseurs["cour"].curseur.value = 60
    app.genre.value = "amenagement"
    vue = modele.vue(Reglages(leviers={"surface": 320, "cour": 60}, genre="amenagement"))
    places = vue.valeur(vue.ev.capacite.places)
    assert app.curseurs["cout"].valeur == 1600
    assert app.curseurs["travaux"].valeur == 6
    courbe, dessin, cout, calendrier = lu()
    assert f"retient {places:.0f} places" in html.unescape(courbe)
    assert f"Schéma des surfaces, {places:.0f} places" in dessin
    assert "Cour" in dessin
    assert sans_espaces_fines(euros(vue.valeur(vue.ev.cout.total_ttc))) in cout
    assert "Ouverture : avril 2028" in calendrier
    assert not {courbe, dessin, cout, calendrier} & set(avant)
    app.mode.value = "micro_creche_paje"
    assert app.curseurs["places"].valeur == 12
    assert app.curseurs["surface"].valeur == 320
    courbe, dessin, cout, _ = lu()
    assert "retient 12 places" in html.unescape(courbe)
    assert "Schéma des surfaces, 12 places" in dessin
    assert "micro" in app.places.value
    app.mode.value = "mam"
    assert "ne s'applique pas" in app.courbe.value
    assert app.curseurs["places"].valeur == 12 or app.curseurs["places"].valeur == 16
    app.mode.value, app.genre.value = "collectif_psu", ""
    assert app.curseurs["places"].valeur is None
    assert app.curseurs["cout"].valeur == 3750
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Coque"
    app.genre.value, app.mode.value = "amenagement", "micro_creche_psu"
    app.panneau.proposer()
    assert "noté" in app.panneau.avis.value
    app.remettre({})
    assert app.genre.value == ""
    app.panneau.afficher()
    assert (app.genre.value, app.mode.value, app.curseurs["surface"].valeur) == ("amenagement", "micro_creche_psu", 320)


def test_l_architecte_garde_des_variantes_cote_a_cote(journal):
    """Two areas kept, then a third on the screen: places, cost and opening are those of the engine for each."""
    modele = modele_de(GARE)
    app = AtelierArchitecte(modele, journal)
    attendus = []
    for surface in (150, 200, 300):
        app.curseurs["surface"].saisie.value = str(surface)
        vue = modele.vue(Reglages(leviers={"surface": surface}))
        attendus.append((vue.valeur(vue.ev.capacite.places), vue.valeur(vue.ev.cout.total_ttc)))
        if surface < 300:
            app.gardees.garder()
    table = {ligne[0]: ligne[1:] for ligne in variantes.table(app.gardees.cote_a_cote()).lignes}
    assert table["Places"] == tuple(f"{places:.0f}" for places, _ in attendus)
    assert table["Coût total TTC"] == tuple(str(lecture.centaines(cout)) for _, cout in attendus)
    assert all(nom in html.unescape(app.gardees.html.value) for nom in ("Variante 1", "Variante 2", "À l'écran"))
    app.gardees.preparer()
    assert base64.b64decode(re.search('base64,([^"]+)"', app.gardees.lien.value)[1]).startswith(b"%PDF")
    app.gardees.oublier()
    assert app.gardees.html.value == app.gardees.lien.value == ""


def test_changer_de_lieu_n_oublie_pas_les_variantes_gardees(journal):
    """A variant kept at one place stays beside those of the next one, each with its own place and the engine's cost."""
    boite = application_architecte(GARE, journal)
    liste = next(v for v in descendants(boite) if isinstance(v, w.Dropdown))

    def garder():
        boutons = (v for v in descendants(boite) if isinstance(v, w.Button))
        next(b for b in boutons if b.description == "Garder cette variante pour comparer").click()
        return html.unescape(sans_espaces_fines("".join(v.value for v in descendants(boite) if isinstance(v, w.HTML))))

    garder()
    liste.value = str((DONNEES / "etudes" / "coque_la_courneuve.yaml").resolve())
    pages = garder()
    assert all(f"{nom}</h3>" in pages for nom in ("Variante 1", "Variante 2", "À l'écran"))
    lieux, couts = (re.search(rf"<td class=g>{ligne}((<td.*?)+)\n", pages)[1] for ligne in ("Lieu", "Coût total TTC"))
    gare, coque = modele_de(GARE).base, modele_de(DONNEES / "etudes" / "coque_la_courneuve.yaml").base
    for vue in (gare, coque):
        assert vue.ev.ctx.site.nom in lieux
        assert sans_espaces_fines(lecture.centaines(vue.valeur(vue.ev.cout.total_ttc))) in couts
    liste.value = str(GARE.resolve())
    assert "Variante 2</h3>" in garder()


def test_une_cour_que_le_plan_ne_dessine_pas_reste_celle_de_l_etude(donnees_copie, monkeypatch, journal):
    """Outline of 20 m by 10 m alone (its file): 200 m² of floor, and the 30 m² of yard that the lever assumed."""
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    (donnees_copie / "plans" / "contour_seul.yaml").write_text(
        "titre: Contour seul\nstatut: hypothese\nbase: essai\nsite: gare_saint_denis\nsysteme: local\nelements:\n"
        "  - {nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n",
        encoding="utf-8",
    )
    app = AtelierArchitecte(modele_de(GARE), journal)
    app.curseurs["cour"].curseur.value = 30
    app.plan.value = "contour_seul"
    assert (app.curseurs["surface"].valeur, app.curseurs["cour"].valeur) == (200, 30)
    assert app.lieu.capacite.surfaces.cour_m2[1] == 30


def test_une_piece_qui_ne_compte_pas_ote_ses_places_et_se_dit(donnees_copie, monkeypatch, journal):
    """Outline of 20 m by 10 m whose only room of children is 2 m high, under the 2.20 m of the law: no place, and the page says why."""
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    (donnees_copie / "plans" / "bas.yaml").write_text(
        "titre: Bas\nstatut: hypothese\nbase: essai\nsite: gare_saint_denis\nsysteme: local\nsans_cour: true\nelements:\n"
        "  - {nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n"
        "  - {nature: piece, fonction: eveil, nom: Grande salle, hauteur_m: 2, points: [[1, 0], [19, 0], [19, 9], [1, 9]]}\n",
        encoding="utf-8",
    )
    app = AtelierArchitecte(modele_de(GARE), journal)
    assert app.vue.places.nombre > 0
    app.plan.value = "bas"
    assert "Grande salle" in app.vue.aucune_place
    assert "Ne comptent pas : Grande salle" in html.unescape(app.dessin.value)
    app.plan.value = ""
    assert app.vue.places.nombre > 0


def test_architecte_le_plan_choisi_donne_les_surfaces_et_les_bouger_le_quitte(journal):
    """Plan of 20 m by 10 m with a yard of 4 m by 6 m (its file): the levers take 200 m² and 24 m², then leave it."""
    app = AtelierArchitecte(modele_de(GARE), journal)
    app.curseurs["surface"].curseur.value = 260
    app.plan.value = "gare_saint_denis_cour"
    assert (app.curseurs["surface"].valeur, app.curseurs["cour"].valeur) == (200, 24)
    assert "Les surfaces des leviers en viennent" in app.dessin.value
    assert "usuelle" in app.places.value
    app.curseurs["places"].curseur.value = 8
    assert app.plan.value == "gare_saint_denis_cour"
    app.curseurs["cour"].curseur.value = 30
    assert app.plan.value == ""
    assert "Schéma des surfaces, 8 places" in app.dessin.value


def test_l_architecte_prend_une_esquisse_comme_plan(journal):
    """Contour of 20 m by 10 m with its yard of 24 m²: the sketch taken gives these areas, draws the rooms, and says what it is."""
    app = AtelierArchitecte(modele_de(GARE), journal)
    app.plan.value = "gare_saint_denis_cour"
    app.esquisses.chercher()
    assert app.esquisses.avis.value == ""
    assert len(app.esquisses.zone.children) == 1 + len(app.esquisses.esquisses.variantes)
    app.esquisses.prendre(1)
    assert app.plan.value == "esquisse_1"
    assert (app.curseurs["surface"].valeur, app.curseurs["cour"].valeur) == (200, 24)
    assert "Plan supposé : Esquisse 1" in app.dessin.value
    assert "pas un plan d'exécution" in html.unescape(app.esquisses.zone.children[1].children[0].value)


def test_architecte_un_moteur_change_change_tout(journal, monkeypatch):
    """The engine patched (child area per place, VAT) before it opens: picture, plan and cost are not the same any more."""
    app = AtelierArchitecte(Modele.ouvrir(GARE), journal)
    juste = [x.value for x in (app.courbe, app.dessin, app.cout)]
    vrai = Contexte.bareme
    gonfle = lambda ctx, chemin: vrai(ctx, chemin) * (1.5 if "surface_par_place" in chemin or "tva" in chemin else 1.0)  # noqa: E731
    monkeypatch.setattr(Contexte, "bareme", gonfle)
    change = AtelierArchitecte(Modele.ouvrir(GARE), journal)
    for ancien, nouveau in zip(juste, (change.courbe.value, change.dessin.value, change.cout.value), strict=True):
        assert ancien != nouveau


def test_le_schema_ne_se_redessine_que_si_ses_surfaces_changent(journal, monkeypatch):
    """A lever of the cost leaves the drawing; one of the areas draws another, and going back gives the first."""
    faits, vrai = [], plan_simple.figure
    monkeypatch.setattr(plan_simple, "figure", lambda trace: faits.append(trace) or vrai(trace))
    app = AtelierArchitecte(modele_de(GARE), journal)
    app.curseurs["surface"].saisie.value = "333"
    avant = app.dessin.value
    faits.clear()
    app.curseurs["cout"].curseur.value += app.curseurs["cout"].curseur.step
    assert (faits, app.dessin.value) == ([], avant)
    app.curseurs["surface"].saisie.value = "334"
    assert len(faits) == 1
    assert app.dessin.value != avant
    app.curseurs["surface"].saisie.value = "333"
    assert app.dessin.value == avant


@pytest.mark.parametrize("surface", [90, 150, 200, 410, 900])
def test_le_schema_a_les_surfaces_du_programme(surface, journal):
    """Areas drawn = areas of the rooms; they fill the floor area exactly, and do not overlap."""
    from shapely import union_all

    app = AtelierArchitecte(modele_de(GARE), journal)
    app.curseurs["surface"].curseur.value = surface
    programme = locaux_du_scenario.programme(app.vue, app.lieu.capacite)
    trace = plan_simple.schema(programme, surface, 40.0, "gare_saint_denis")
    pieces = trace.de_nature("piece")
    dessinees = sorted(round(p.forme.area, 6) for p in pieces if p.nom != "Circulations, murs, réserve")
    assert dessinees == sorted(round(x.surface_m2, 6) for x in programme.locaux for _ in range(x.nombre))
    assert union_all([p.forme for p in pieces]).area == pytest.approx(surface)
    assert sum(p.forme.area for p in pieces) == pytest.approx(surface)
    assert trace.formes("cour")[0].area == pytest.approx(40)


def test_un_programme_trop_grand_ne_se_dessine_pas_hors_du_batiment(journal):
    """12 places ask for more than 100 m²: the building keeps its 100 m², without rooms, and the sentence says why."""
    app = AtelierArchitecte(modele_de(GARE), journal)
    programme = locaux_du_scenario.programme(app.vue, app.lieu.capacite)
    trace = plan_simple.schema(programme, 100.0, 20.0, "gare_saint_denis")
    assert trace.de_nature("piece") == []
    assert trace.formes("batiment")[0].area == pytest.approx(100)
    assert "plus que les 100 m²" in trace.fiche.base
    assert [ligne[1] for ligne in plan_simple.table(trace).lignes] == ["Surface de plancher", "Cour"]


@pytest.mark.usefixtures("main_posee")
def test_l_architecte_ouvre_un_site_sans_etude_et_le_dit(donnees_copie, monkeypatch, journal):
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    site = donnees_copie / "sites" / "terrain_nu.yaml"
    texte = (donnees_copie / "sites" / "local_loue_demonstration.yaml").read_text(encoding="utf-8")
    site.write_text(texte.replace("nom: Local loué", "nom: Terrain nu"), encoding="utf-8")
    boite = application_architecte(donnees_copie / "etudes" / GARE.name, journal)
    liste = next(v for v in descendants(boite) if isinstance(v, w.Dropdown))
    assert "tout est supposé" not in "".join(v.value for v in descendants(boite) if isinstance(v, w.HTML))
    liste.value = str(site.resolve())
    pages = "".join(v.value for v in descendants(boite) if isinstance(v, w.HTML))
    assert "Tout y est supposé" in pages
    assert "surface inconnue" in pages
    assert "valeur de travail pour ce titre, à remplacer par la durée négociée" in pages
    champs_tapes = {v.description: v for v in descendants(boite) if isinstance(v, w.Text)}
    champs_tapes["Surface de plancher"].value, champs_tapes["Cour"].value = "250", "40"
    pages = "".join(v.value for v in descendants(boite) if isinstance(v, w.HTML))
    assert "retenues" in pages
    assert "250 m²" in sans_espaces_fines(pages)


def test_la_commune_choisit_un_mode(journal):
    modele = modele_de(GARE)
    app = AtelierCommune(modele, journal)
    app.mode.value = "creche_familiale"
    vue = modele.vue(Reglages(mode="creche_familiale"))
    assert app.curseurs["places"].valeur == 30
    assert sans_espaces_fines(euros(round(a_trouver(vue), -2))) in sans_espaces_fines(app.image.value)
    assert "crèche familiale" in app.fermees.value
    app.mode.value = ""
    assert app.cartes.active.reglages == Reglages()


def test_les_trois_scenarios_de_depart(journal):
    app = AtelierCommune(modele_de(GARE), journal)
    restes = [vue.montant("ressources.reste_a_financer") for vue in app.vues]
    assert restes[0] == pytest.approx(921_514, abs=1)
    assert restes[1] == pytest.approx(restes[0] + 135_000, abs=1)
    assert -10_000 < restes[2] <= 0
    texte = re.sub(r"[\u00a0\u202f]", " ", app.tableau.value)
    assert "Ville : investissement et fonctionnement, par an d&#x27;ouverture" in texte
    bouclee = app.vue.bouclee
    annuel = bouclee.valeur(bouclee.indicateurs["contribution"])
    assert re.sub(r"[\u00a0\u202f]", " ", euros(annuel / 149_077, 2)) in texte


@pytest.mark.parametrize("etude", ETUDES, ids=lambda e: e.stem)
@pytest.mark.usefixtures("main_pressee")
def test_partir_d_un_scenario_de_l_etude_en_donne_les_chiffres(etude, journal, moteur):
    """Another mode or a longer tenure: the starting points are the scenarios of the study, as the engine computes them."""
    modele = modele_de(etude)
    app = AtelierCommune(modele, journal)
    resultat = Resultat.calculer(modele.dossier, moteur)
    for scenario in modele.dossier.etude.scenarios:
        app.depart.value = scenario.nom
        vue, juste = app.vue, resultat.vue(scenario.nom)
        for code in ("ressources.reste_a_financer", "besoins.total"):
            assert vue.montant(code) == pytest.approx(juste.montant(code), nan_ok=True)
        assert ("pf-erreur" in app.avis.value) == bool(vue.ev.plan.reste_a_financer.manques)
        relu = Reglages.de_plat(app.reglages_affiches())
        assert relu == Reglages(depart=scenario.nom)


def test_le_depart_b_ne_refuse_que_les_aides_esperees(journal):
    """A grant already obtained is not refused by the pessimistic starting scenario."""
    modele = modele_de(GARE)
    etude = modele.varier(modele.dossier.etude, {"aides[piaje].statut": "acquise"})
    app = AtelierCommune(replace(modele, dossier=replace(modele.dossier, etude=etude)), journal)
    assert app.cartes[1].reglages.refusees == frozenset({"caf93"})


@pytest.mark.parametrize(("classe", "ou"), [(AtelierFinanceur, "questions"), (AtelierArchitecte, "suppose")])
@pytest.mark.usefixtures("main_posee")
def test_un_atelier_dit_quelle_question_poser_d_abord(classe, ou, journal):
    """First the question that weighs most on what the project asks of others; another lever, other weights."""
    app = classe(modele_de(DONNEES / "etudes" / "gare_saint_denis.yaml"), journal)
    lu = html.unescape(getattr(app, ou).value)
    cinq = a_demander(app.vue, 5)
    places = [lu.index(f"{x.quoi}<") for x in cinq]
    assert "À demander d'abord" in lu
    assert places == sorted(places)
    assert cinq[0].quoi == "Durée du titre d'occupation"
    nom = next(n for n, c in app.curseurs.items() if c.valeur is not None)
    curseur = app.curseurs[nom]
    curseur.curseur.value = curseur.curseur.value + curseur.curseur.step
    assert html.unescape(getattr(app, ou).value) != lu
    assert a_demander(app.vue, 5) != cinq


def test_un_prix_suppose_se_tape_se_note_et_se_rend_en_fichier(journal):
    """Price unknown until typed: the montage then has figures; the file of the scenario is read back, no other field of land is."""
    app = AtelierCommune(modele_de(GARE), journal)
    app.montage.value = "achat_association"
    assert "inconnu" in app.tableau.value
    assert "supposer un prix" in html.unescape(app.avis.value)
    app.curseurs["prix"].saisie.value = "400 k€"
    vue = app.vue
    assert not np.isnan(vue.montant("ressources.reste_a_financer"))
    assert "supposer un prix" not in html.unescape(app.avis.value)
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Acheter"
    app.panneau.proposer()
    atelier = Atelier.rejouer(journal.entrees())
    mots = sans_espaces_fines(" | ".join(atelier.scenarios["acheter"].fiche.mots))
    assert "Montage : L'association achète" in mots
    assert "Prix convenu : 400 000 € (inconnu dans l'étude)" in mots
    suite = AtelierCommune(modele_de(GARE), Journal(journal.chemin.with_name("suite.sqlite")))
    suite.panneau.qui.value = "Bob"
    deposer(suite, "a.yaml", en_yaml(atelier).encode())
    assert "proposé" in suite.panneau.avis.value, suite.panneau.avis.value
    (rendu,) = Atelier.rejouer(suite.panneau.journal.entrees()).scenarios.values()
    assert rendu.fiche.chiffres == atelier.scenarios["acheter"].fiche.chiffres
    app.curseurs["prix"].saisie.value = "inconnu"
    assert app.curseurs["prix"].valeur is None
    assert np.isnan(app.vue.montant("ressources.reste_a_financer"))
    autre = en_yaml(atelier).replace("foncier.prix", "foncier.regime").encode()
    deposer(suite, "b.yaml", autre)
    assert "ne se change pas" in suite.panneau.avis.value


@pytest.mark.parametrize(
    ("mode", "attendu"),
    [
        ("mam", "4 assistants maternels, payés par les parents"),
        ("creche_familiale", "10 assistants maternels salariés et 0,95 ETP"),
    ],
)
def test_les_emplois_et_les_regles_sont_ceux_du_mode(mode, attendu):
    """Mam: 4 childminders at the same time (its assumption). Family crèche: 30 places, 3 each, 0.75 + 0.2 ETP beside."""
    vue = modele_de(GARE).vue(Reglages(mode=mode))
    assert sans_espaces_fines(chiffres.de_la_commune(vue)[chiffres.PROJET]["Emplois"]) == attendu
    regles = " ".join(c for ligne in lecture.regles_fixes(vue).lignes for c in ligne)
    assert "ne s'applique pas" in regles
    assert "zone très dense" not in regles


def test_les_aides_de_la_ville_sont_a_part_et_un_excedent_se_nomme():
    modele = modele_de(GARE)
    sans, avec = (
        chiffres.de_la_commune(modele.vue(Reglages(leviers={"ville": v})))[lectures.TEL_QUEL] for v in (0, 1200)
    )
    assert sans_espaces_fines(avec["Aide de la Ville à l'investissement"]) == "1 200 000 €"
    assert (
        sans_espaces_fines(avec["Aides, hors la Ville"])
        == sans_espaces_fines(sans["Aides, hors la Ville"])
        == "135 000 €"
    )
    assert sans_espaces_fines(sans["Reste à financer"]) == "921 500 €"
    assert sans_espaces_fines(avec["Reste à financer"]).startswith("0 € (excédent : ")
    assert sans_espaces_fines(lecture.reste(-281_314)) == "0 € (excédent : 281 300 €)"


def test_la_courbe_de_tresorerie_s_arrete_six_mois_apres_le_titre():
    """The station's tenure ends 129 months after the start (18 months before opening, 120 of tenure from month 9)."""
    vue = modele_de(GARE).base
    courbe = next(m for m in graphiques.tresorerie(vue).marques if isinstance(m, Courbe))
    assert len(courbe.x) == len(courbe.y) == 135
    assert courbe.x[-1] == pytest.approx(2027 + 134 / 12)


def test_une_couleur_reste_a_son_nom_et_porte_une_hachure():
    teintes = Teintes()
    avant = {nom: teintes.de(nom) for nom in "abc"}
    assert {nom: teintes.de(nom) for nom in "zcab"[1:]} == avant
    douze = [teintes.de(str(rang)) for rang in range(12)]
    assert len(set(douze)) == 12, "no two names look the same"
    base = modele_de(GARE).base
    ordre = [nom for nom, _ in graphiques.parts_des_ressources(base) if nom not in graphiques.VIDES]
    deux = graphiques.teintes_de(base), graphiques.teintes_de(base)
    deux[0].de("arrivé d'abord")
    assert [deux[0].de(nom) for nom in ordre] == [deux[1].de(nom) for nom in ordre]


def test_un_levier_boucle_le_plan_une_fois(journal, monkeypatch):
    """Picture, tables and sentences of one move read the same closed plan; the lender too, before the stresses."""
    boucles = []
    vrai = resultats.boucler
    monkeypatch.setattr(resultats, "boucler", lambda ev: boucles.append(1) or vrai(ev))
    commune_, financeur_ = (a(Modele.ouvrir(GARE), journal) for a in (AtelierCommune, AtelierFinanceur))
    monkeypatch.setattr(Apres, "demander", lambda _: None)
    for app, cle in ((commune_, "cout"), (financeur_, "pret.banque.montant")):
        boucles.clear()
        app.curseurs[cle].curseur.value += app.curseurs[cle].curseur.step
        assert len(boucles) == 1, cle


def test_une_image_porte_son_texte():
    rendu = textes.figure('<svg x="1"><g id="a"/><use href="#a"/></svg>', "Deux « parts »", "étude")
    assert "Source : étude" in rendu
    assert 'role="img" aria-label="Deux « parts »"' in rendu
    nom = re.search(r'id="([^"]+)"', rendu)[1]
    assert f'href="#{nom}"' in rendu
    assert nom != "a"


def test_l_architecte_montre_les_places_d_une_grande_surface(journal):
    """Beyond 66 places the curve goes on: the retained point stays on the picture."""
    app = AtelierArchitecte(modele_de(GARE), journal)
    app.curseurs["surface"].saisie.value = "1000"
    places = app.vue.valeur(app.vue.ev.capacite.places)
    assert places > 66
    image = graphiques_places.places(app.lieu.capacite, "étude", places)
    courbes = [m for m in image.marques if isinstance(m, Courbe)]
    assert (1000, places) in [(m.x[0], m.y[0]) for m in courbes if len(m.x) == 1]
    assert image.y.haut > places
    assert max(m.y.max() for m in courbes if m.trait == "--") >= places
    assert "places" in app.courbe.value


@pytest.mark.parametrize("application", [lieux, financeur, architecte])
def test_dans_jupyterlab_chaque_application_nomme_ses_poignees(application, journal, monkeypatch):
    """Its notebook shows the script that names the handles, once, and not the page of Voilà, which has it already."""
    montres = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: "un carnet")
    monkeypatch.setattr(IPython.display, "display", montres.append)
    for logiciel, fois in (("", 1), ("voila/0.5", 0)):
        montres.clear()
        monkeypatch.setenv("SERVER_SOFTWARE", logiciel)
        application.application(GARE, journal)
        assert ["aria-label" in script.data for script in montres] == [True] * fois


@pytest.mark.parametrize("application", [lieux, financeur, architecte])
def test_une_etude_cassee_se_dit_a_la_place_de_l_application(application, donnees_copie, monkeypatch, journal):
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    etude = donnees_copie / "etudes" / GARE.name
    etude.write_text(
        etude.read_text(encoding="utf-8").replace("horizon_mois: 360", "horizon_mois: trop"), encoding="utf-8"
    )
    boite = application.application(etude, journal)
    pages = html.unescape("".join(v.value for v in descendants(boite) if isinstance(v, w.HTML)))
    assert "Cette étude ne s'ouvre pas" in pages
    assert "champ « horizon_mois »" in pages


@pytest.mark.usefixtures("main_pressee")
def test_rouvrir_reprend_les_scenarios_notes(journal):
    app = AtelierCommune(modele_de(GARE), journal)
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Moins cher"
    app.curseurs["cout"].curseur.value = 3000
    app.obtenues["piaje"].value = False
    app.panneau.proposer()
    suivant = AtelierCommune(modele_de(GARE), journal)
    assert suivant.cartes.active.reglages == Reglages(leviers={"cout": 3000}, refusees=frozenset({"piaje"}))
    assert suivant.curseurs["cout"].valeur == 3000
    assert "Moins cher" in suivant.panneau.etat.value


@pytest.mark.usefixtures("main_pressee")
def test_deux_visiteurs_se_voient(journal):
    ana, bob = (AtelierCommune(modele_de(GARE), journal) for _ in range(2))
    ana.panneau.qui.value, bob.panneau.qui.value = "Ana", "Bob"
    ana.panneau.nom.value = "D'Ana"
    ana.panneau.proposer()
    bob.panneau.relire()
    bob.panneau.points.value = 9
    bob.panneau.voter()
    ana.panneau.voter()
    bob.panneau.qui.value, bob.panneau.points.value = " BOB ", 7
    bob.panneau.voter()
    ana.panneau.relire()
    assert ana.panneau.atelier.votes["d_ana"] == {"Bob": 7, "Ana": 5}
    bob.panneau.points.value = 11
    bob.panneau.voter()
    refus = html.unescape(bob.panneau.avis.value)
    assert "Points : un nombre entier de 0 à 10 est attendu ; trouvé : « 11 »" in refus
    assert "fichier" not in refus


@pytest.mark.usefixtures("main_pressee")
def test_deux_titres_proches_sont_deux_scenarios(journal):
    """Titles alike over 36 signs, or without a Latin letter: each author keeps a scenario, a vote goes to one."""
    ana, bob = (AtelierCommune(modele_de(GARE), journal) for _ in range(2))
    long = "Crèche de vingt-quatre places, association"
    titres = (f"{long} A", f"{long} B", "日本", "🙂")
    for rang, titre in enumerate(titres):
        panneau = (ana, bob)[rang % 2].panneau
        panneau.qui.value, panneau.nom.value = ("Ana", "Bob")[rang % 2], titre
        panneau.proposer()
    noms = Atelier.rejouer(journal.entrees()).scenarios
    assert [e.fiche.titre for e in noms.values()] == list(titres)
    ana.panneau.nom.value = titres[0]
    ana.panneau.proposer()
    assert len(Atelier.rejouer(journal.entrees()).scenarios) == 4, "her own title replaces her own proposal"


@pytest.mark.usefixtures("main_pressee")
def test_une_remarque_generale_ne_s_attache_a_rien(journal):
    app = AtelierCommune(modele_de(GARE), journal)
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Un"
    app.panneau.proposer()
    app.panneau.choix.value = ""
    app.panneau.remarque.value = "Sur l'ensemble"
    app.panneau.noter_remarque()
    app.panneau.decision.value = "Rien de décidé"
    app.panneau.decider()
    assert [e.contenu.scenario for e in journal.entrees()[-2:]] == [None, None]


@pytest.mark.usefixtures("main_pressee")
def test_rouvrir_montre_les_dernieres_propositions(journal):
    app = AtelierCommune(modele_de(GARE), journal)
    app.panneau.qui.value = "Ana"
    for titre, cout in (("un", 3000), ("deux", 3100), ("trois", 3200), ("quatre", 3300), ("un", 3400)):
        app.panneau.nom.value = titre
        app.curseurs["cout"].curseur.value = cout
        app.panneau.proposer()
    suivant = AtelierCommune(modele_de(GARE), journal)
    assert [c.reglages.leviers["cout"] for c in suivant.cartes.cartes] == [3400, 3200, 3300]
    assert suivant.cartes.titres == ["n° 1 · un", "n° 3 · trois", "n° 4 · quatre"]
    assert suivant.cartes.rang == 0, "the last one proposed is on the levers"


def test_changer_de_scenario_ou_de_mode_garde_les_leviers_et_les_avis_a_jour(journal):
    app = AtelierCommune(modele_de(GARE), journal)
    app.curseurs["cout"].curseur.value = 3000
    app.mode.value = "micro_creche_psu"
    assert app.cartes.active.reglages.leviers == {"cout": 3000}
    assert "micro" in app.fermees.value
    app.montage.value = "achat_association"
    assert "Montage à confirmer" in app.avis.value
    assert "il manque" in html.unescape(app.avis.value)
    app.choisir(1)
    assert app.avis.value == ""
    assert "multi-accueil" in app.fermees.value


def test_une_etude_au_nom_libre_tient_un_atelier(donnees_copie, monkeypatch, journal, tmp_path):
    etude = donnees_copie / "etudes" / "Gare-Saint-Denis-2027.yaml"
    etude.write_bytes(GARE.read_bytes())
    app = AtelierCommune(modele_de(etude), journal)
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Un"
    app.panneau.proposer()
    assert "noté" in app.panneau.avis.value
    assert Atelier.rejouer(journal.entrees()).seance.fiche.etude == "Gare-Saint-Denis-2027"


def test_les_champs_de_texte_partent_entiers(journal):
    """Keystrokes are sent together, on leaving the field or Enter: a button never overtakes them."""
    panneau = AtelierCommune(modele_de(GARE), journal).panneau
    for champ in (panneau.qui, panneau.nom, panneau.points, panneau.remarque, panneau.decision):
        assert champ.continuous_update is False


def test_la_contribution_de_la_commune_se_lit_dans_les_epreuves(journal):
    """It balances the account: a stress that seems harmless shows there."""
    app = AtelierFinanceur(modele_de(GARE), journal)
    texte = "".join(x.value for x in descendants(app.boite) if isinstance(x, w.HTML))
    assert "Contribution de la commune, par an en croisière" in texte
    assert "Couverture sans rien de ce que paie la commune" in texte
    assert "Mois sous zéro" in texte


@pytest.mark.usefixtures("main_pressee")
def test_sans_nom_ou_avec_des_points_faux_rien_n_est_note(journal):
    app = AtelierCommune(modele_de(GARE), journal)
    app.panneau.nom.value = "Sans auteur"
    app.panneau.proposer()
    assert "votre nom" in app.panneau.avis.value
    app.panneau.qui.value = "Ana"
    app.panneau.proposer()
    app.panneau.points.value = 11
    app.panneau.voter()
    assert "pf-erreur" in app.panneau.avis.value
    app.panneau.remarque.value = " "
    app.panneau.noter_remarque()
    assert "pf-erreur" in app.panneau.avis.value
    assert [type(e.contenu).__name__ for e in journal.entrees()] == ["Seance", "Proposition"]


BON = """etude: gare_saint_denis
scenarios:
  - {nom: moins_cher, titre: Moins cher, surcharges: [{champ: travaux.cout_m2_ht, valeur: 3000, motif: essai}]}
"""
HOSTILES = {
    "gros": ("gros.yaml", b"x" * (TAILLE_MAX_OCTETS + 1), "trop gros"),
    "pas du yaml": ("image.yaml", bytes(range(256)), "UTF-8"),
    "texte": ("texte.yaml", b"bonjour", "une table"),
    "champ inconnu": ("a.yaml", BON.encode() + b"commande: rm\n", "« commande »"),
    "champ inconnu d'un scénario": (
        "a.yaml",
        BON.replace("titre:", "script: x, titre:").encode(),
        "scenarios[1].script",
    ),
    "champ d'étude inconnu": ("a.yaml", BON.replace("cout_m2_ht", "cout_cache").encode(), "cout_cache"),
    "nom de scénario": ("a.yaml", BON.replace("moins_cher", "../moins_cher").encode(), "nom de scénario refusé"),
    "nom de fichier": ("../../moins_cher.yaml", BON.encode(), "sans dossier devant"),
    "autre étude": ("a.yaml", BON.replace("gare_saint_denis", "../gare").encode(), "cet atelier porte sur"),
    "second faux": (
        "a.yaml",
        BON.encode() + BON.splitlines()[2].replace("3000", "beaucoup").replace("moins_cher", "plus").encode(),
        "beaucoup",
    ),
    "un autre site": (
        "a.yaml",
        BON.replace("travaux.cout_m2_ht, valeur: 3000", "site, valeur: ../x").encode(),
        "ne se change pas",
    ),
    "une valeur démesurée": ("a.yaml", BON.replace("3000", "1.0e+308").encode(), "cette quantité : au plus"),
    "deux du même nom": ("a.yaml", BON.encode() + BON.splitlines()[2].encode(), "scénario en double"),
}


def deposer(app, nom, octets):
    """What the upload button of a page sends."""
    quand = datetime(2026, 12, 1, tzinfo=UTC)
    depose = {"name": nom, "type": "", "size": len(octets), "content": memoryview(octets), "last_modified": quand}
    app.panneau.depot.fichier.value = (depose,)


@pytest.fixture(scope="module")
def assaillie(tmp_path_factory):
    """Application that refuses everything it is given: one for all the cases."""
    app = AtelierCommune(modele_de(GARE), Journal(tmp_path_factory.mktemp("depots") / "atelier.sqlite"))
    app.panneau.qui.value = "Eve"
    return app


@pytest.mark.parametrize("cas", HOSTILES)
def test_un_depot_hostile_est_refuse_en_clair_et_n_ecrit_rien(cas, assaillie, tmp_path, monkeypatch):
    """Whatever a visitor gives to the upload button: a French refusal, no entry, no file."""
    monkeypatch.chdir(tmp_path)
    app = assaillie
    nom, octets, attendu = HOSTILES[cas]
    deposer(app, nom, octets)
    avis = html.unescape(app.panneau.avis.value)
    assert "pf-erreur" in avis
    assert attendu in avis
    assert app.panneau.journal.entrees() == []
    dossier = app.panneau.journal.chemin.parent
    assert [f.name for f in dossier.parent.rglob("moins_cher*")] == []
    assert [f.name for f in (*tmp_path.rglob("*"), *dossier.rglob("*")) if "sqlite" not in f.name] == []


def test_un_bon_depot_est_propose(journal):
    app = AtelierCommune(modele_de(GARE), journal)
    app.panneau.qui.value = "Bob"
    deposer(app, "bon.yaml", BON.encode())
    assert "« Moins cher » proposé : n° 1 · Moins cher" in app.panneau.avis.value
    assert list(Atelier.rejouer(journal.entrees()).scenarios) == ["moins_cher"]


def descendants(boite):
    for enfant in getattr(boite, "children", ()):
        yield enfant
        yield from descendants(enfant)


TAUX = LevierAtelier(nom="taux", libelle="Taux", unite="%", mini=0, maxi=800, facteur=0.0001)
MONTANT = LevierAtelier(nom="montant", libelle="Montant", unite="k€", mini=0, maxi=2000, pas=5, facteur=1000)
PLACES = LevierAtelier(nom="places", libelle="Places", unite="places", mini=1, maxi=66, facteur=1, vide="sans plafond")


@pytest.mark.parametrize(
    ("levier", "texte", "valeur"),
    [
        (TAUX, "4,36 %", 436),
        (TAUX, "4,36", 436),
        (TAUX, "0 %", 0),
        (MONTANT, "300", 300),
        (MONTANT, "300 k€", 300),
        (MONTANT, "300 000 €", 300),
        (PLACES, "24 places", 24),
        (PLACES, "sans plafond", None),
        (PLACES, "", None),
    ],
)
def test_le_champ_tape_se_lit_a_la_francaise(levier, texte, valeur):
    vus = []
    curseur = Curseur(levier, 10, lambda: vus.append(1))
    curseur.saisie.value = texte
    assert curseur.valeur == valeur
    assert curseur.avis.value == ""
    assert vus == [1]
    if valeur is not None:
        assert curseur.curseur.value == valeur


@pytest.mark.parametrize("texte", ["9 %", "-1", "abc", "4,361 %", "", "1.200", "<b>3</b>"])
def test_un_texte_faux_est_refuse_sans_bouger_le_levier(texte):
    vus = []
    curseur = Curseur(TAUX, 436, lambda: vus.append(1))
    curseur.saisie.value = texte
    assert curseur.valeur == 436
    assert curseur.saisie.value == "4,36\u00a0%"
    assert "La valeur d'avant reste" in html.unescape(curseur.avis.value)
    assert "<b>" not in curseur.avis.value
    assert vus == []


def test_une_epreuve_frappe_un_financement_arrete(journal):
    """Works +15 %: the overrun of the uses is a hole to the cent; neither the city nor the cover pays for it."""
    app = AtelierFinanceur(modele_de(GARE), journal)
    calme, choc = app.eprouvees[SANS], app.eprouvees["Travaux"]
    surcout = choc.vue.montant("besoins.total") - calme.vue.montant("besoins.total")
    assert surcout > 0
    assert choc.effet.trou == pytest.approx(surcout, abs=0.01)
    assert choc.vue.montant("commune.contribution") == pytest.approx(calme.vue.montant("commune.contribution"))
    assert choc.effet.couverture_minimale <= calme.effet.couverture_minimale + 1e-9
    assert choc.effet.mois_du_creux > 30, "once the retention of the works is paid"
    cumul, creux = "tresorerie.cumul.Association gestionnaire", choc.effet.mois_du_creux
    assert choc.effet.point_bas == pytest.approx(calme.vue.mensuel(cumul)[creux] - surcout, abs=0.01)
    app.epreuve.value = "Travaux"
    assert graphiques.TROU in html.unescape(app.image.value)
    assert sans_espaces_fines(euros(surcout)) in sans_espaces_fines(app.compare.value)


def test_taux_frappe_aussi_un_pret_indexe_par_sa_marge():
    modele = modele_de(GARE)
    index = {"bareme": "taux.livret_a.taux", "evolution": "livret_a", "marge": {"valeur": 0.01, "base": "essai"}}
    indexe = modele.voir(
        modele.varier(modele.dossier.etude, {"prets[banque].taux": None, "prets[banque].indexation": index})
    )
    mots = epreuves_du_financeur.mots_d_epreuve(modele.regles)
    eprouvees = epreuves_du_financeur.eprouver(indexe, {"Taux": mots["Taux"]})
    avant, apres = (eprouvees[mot].vue.montant("emprunts.banque.interets") for mot in (SANS, "Taux"))
    assert apres > avant


def test_la_couverture_se_lit_avec_et_sans_rien_de_ce_que_paie_la_commune(journal):
    """Both lowest covers of the closed plan, in the structures and under each stress, and who pays the debt."""
    modele = modele_de(GARE)
    app = AtelierFinanceur(modele, journal)
    bouclee = modele.base.bouclee
    ratios = {r.code: bouclee.valeur(r.grandeur) for r in bouclee.ratios}
    lignes = {ligne[0]: ligne[1] for ligne in chiffres.comparer("", {SANS: modele.base}).lignes}
    avec, sans = (ratios[f"couverture_{x}"] for x in ("minimale", "sans_commune"))
    assert sans < 1
    assert (formater_nombre(avec, 2) if avec > 0 else "pire 0") in lignes[
        "Couverture de la dette, croisière (pire année)"
    ]
    assert lignes["… sans rien de ce que paie la commune"] == formater_nombre(sans, 2)
    effet = app.eprouvees[SANS].effet
    assert (effet.couverture_minimale, effet.couverture_minimale_sans_commune) == pytest.approx((avec, sans))
    assert "c'est elle qui paie la dette" in html.unescape(app.detail.value)


def test_ville_retire_tout_ce_que_paie_la_commune(journal):
    """The word « Ville » takes off grant, closer and contribution: hole, cash and cover all say it."""
    app = AtelierFinanceur(modele_de(GARE), journal)
    app.pile.ajouter_boucleur("subvention")
    app.curseurs["bouclage.bouclage_ajoute_1.montant"].saisie.value = "200"
    calme, choc = app.eprouvees[SANS], app.eprouvees["Ville"]
    commune = app.vue.ev.ctx.etude.acteurs.commune
    payees = [x for x in choc.vue.ev.livre.lignes.values() if x.payeur == commune]
    assert sum(abs(choc.vue.mensuel(x.code)).sum() for x in payees) == 0
    paye = -calme.vue.montant(f"solde.{commune}")
    assert paye > 200_000
    cumul = f"tresorerie.cumul.{app.vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage}"
    assert calme.vue.montant(cumul) - choc.vue.montant(cumul) == pytest.approx(paye, abs=0.01)
    assert choc.effet.couverture_minimale == pytest.approx(calme.effet.couverture_minimale_sans_commune)


def test_sans_pret_il_n_y_a_pas_de_couverture():
    table = chiffres.comparer("", {SANS: modele_de(DONNEES / "etudes" / "modes_d_accueil.yaml").base})
    lignes = {ligne[0]: ligne[1] for ligne in table.lignes}
    assert lignes["Couverture de la dette, croisière (pire année)"] == "sans dette"
    assert "paie la dette" not in table.note


def test_une_epreuve_sans_objet_se_dit_en_toutes_lettres(journal):
    """Without a loan nor a grant, the words on them change nothing and say so; a loan gives the rate something to act on."""
    app = AtelierFinanceur(modele_de(GARE), journal)
    assert "sans effet" not in app.compare.value
    app.curseurs["pret.banque.montant"].curseur.value = 0
    app.epreuve.value = "Taux"
    for piece in (app.courbe, app.compare):
        assert "rien dans ce plan ne dépend de ce que l'épreuve fait varier" in html.unescape(piece.value)
    assert "sans effet" in app.compare.value
    app.pile.ajouter_pret()
    app.curseurs["pret.ajoute_1.montant"].saisie.value = "200"
    app.pile.ajouts["ajoute_1"].choix["index"].value = "livret_a"
    assert "sans effet" not in app.compare.value
    calmes, chocs = (app.eprouvees[mot].vue.montant("emprunts.ajoute_1.interets") for mot in (SANS, "Taux"))
    assert chocs > calmes
    app.pile.retirer("ajoute_1")
    for aide in ("aide.piaje", "aide.caf93"):
        app.curseurs[aide].curseur.value = 0
    app.epreuve.value = "Refus"
    assert "aucune aide comptée dans cette pile" in app.courbe.value


def test_le_financeur_ajoute_un_pret_et_garde_des_structures(journal):
    app = AtelierFinanceur(modele_de(GARE), journal)
    reste = app.vue.montant("ressources.reste_a_financer")
    app.gardees.garder()
    app.pile.ajouter_pret()
    assert app.vue.montant("ressources.reste_a_financer") == pytest.approx(reste)
    app.curseurs["pret.ajoute_1.montant"].saisie.value = "200 000 €"
    vue = app.vue
    assert vue.montant("ressources.ajoute_1") == 200_000
    assert reste - 200_000 < vue.montant("ressources.reste_a_financer") < reste - 200_000 + 20_000
    cote_a_cote = sans_espaces_fines(app.gardees.html.value)
    for x in (reste, vue.montant("ressources.reste_a_financer")):
        assert sans_espaces_fines(euros(round(x, -2))) in cote_a_cote
    assert app.image.value.count("Structure 1") >= 1
    app.pile.retirer("ajoute_1")
    assert app.vue.montant("ressources.reste_a_financer") == pytest.approx(reste)
    for _ in range(4):
        app.gardees.garder()
    assert list(app.gardees.vues) == ["Structure 1", "Structure 2", "Structure 3"]
    app.gardees.oublier()
    assert app.gardees.html.value == ""


def test_le_financeur_ajoute_une_aide_libre_avec_montant_payeur_et_mois_puis_la_retire(journal):
    modele = modele_de(GARE)
    app = AtelierFinanceur(modele, journal)
    base = app.vue
    reste = base.montant("ressources.reste_a_financer")
    app.pile.ajouter_aide("libre_privee")
    app.pile.ajouts["aide_ajoutee_1"].financeur.value = "Fondation d'essai"
    app.curseurs["aide.aide_ajoutee_1.montant"].saisie.value = "120 000 €"
    app.curseurs["aide.aide_ajoutee_1.delai"].curseur.value = 5
    vue = app.vue
    assert vue.montant("ressources.reste_a_financer") == pytest.approx(reste - 120_000)
    verse = vue.mensuel("tresorerie.aide.aide_ajoutee_1")
    assert verse.nonzero()[0].tolist() == [vue.valeur(vue.ev.calendrier.ouverture) + 5]
    assert vue.ev.livre.lignes["tresorerie.aide.aide_ajoutee_1"].payeur == "Fondation d'essai"
    assert "Fondation d&#x27;essai" in app.detail.value
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Avec une fondation"
    app.panneau.proposer()
    assert "noté" in app.panneau.avis.value, app.panneau.avis.value
    app.pile.retirer("aide_ajoutee_1")
    assert app.vue.montant("ressources.reste_a_financer") == pytest.approx(reste)
    app.panneau.afficher()
    assert app.pile.ajouts["aide_ajoutee_1"].financeur.value == "Fondation d'essai"
    assert app.vue.montant("ressources.reste_a_financer") == pytest.approx(reste - 120_000)
    app.pile.ajouts["aide_ajoutee_1"].financeur.value = "Association gestionnaire"
    assert "se verse de l&#x27;argent à lui-même" in app.avis.value


@pytest.mark.parametrize(
    ("dispositif", "montant", "pourquoi"),
    [
        ("region_idf", 300_000, "le plafond en euros"),
        ("dsil", 0, "bénéficiaire non admis"),
        ("piaje", 0, "non cumulable"),
        ("departement_93", None, "montant inconnu"),
    ],
)
def test_le_financeur_ajoute_un_dispositif_du_catalogue(dispositif, montant, pourquoi, journal):
    """The rule of the scheme sets the amount (the Region's cap is in its file); what is refused or unknown says so."""
    app = AtelierFinanceur(modele_de(GARE), journal)
    app.pile.ajouter_aide(dispositif)
    vue = app.vue
    if montant is None:
        assert np.isnan(vue.montant("ressources.aide_ajoutee_1"))
        app.curseurs["aide.aide_ajoutee_1.montant"].saisie.value = "60 000 €"
        assert app.vue.montant("ressources.aide_ajoutee_1") == 60_000
    else:
        assert vue.montant("ressources.aide_ajoutee_1") == montant
        assert pourquoi in app.detail.value
    assert app.avis.value == ""


def test_le_financeur_n_ajoute_pas_sans_fin_et_refuse_ce_qui_n_existe_plus(journal):
    app = AtelierFinanceur(modele_de(GARE), journal)
    for _ in range(6):
        app.pile.ajouter_pret()
        app.pile.ajouter_aide("libre_publique")
    assert len(app.pile.ajouts) == 2 * AJOUTS_MAX
    assert "en retirer un d'abord" in html.unescape(app.pile.avis.value)
    for faux in ({"aide.aide_ajoutee_1.dispositif": "disparu"}, {"pret.autre.taux": 3}, {"pret.ajoute_9.taux": 3}):
        with pytest.raises(KeyError):
            app.remettre(faux)
    assert len(app.pile.ajouts) == 2 * AJOUTS_MAX


def test_des_noms_hostiles_restent_du_texte(donnees_copie, monkeypatch, journal):
    """A site name, a party, a loan that carry tags or formulas are shown as they are written."""
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    piege = "<script>alert(1)</script> $x$ $\\\\frac{"
    etude, site = donnees_copie / "etudes" / GARE.name, donnees_copie / "sites" / GARE.name
    for fichier, avant in (
        (etude, "libelle: Prêt bancaire à l'association"),
        (etude, "titre: Gare de Saint-Denis, ancien bâtiment voyageurs"),
        (site, "nom: Ancien bâtiment voyageurs de la gare de Saint-Denis"),
    ):
        texte = fichier.read_text(encoding="utf-8")
        assert avant in texte
        fichier.write_text(texte.replace(avant, f'{avant.split(":")[0]}: "{piege}"'), encoding="utf-8")
    modele = Modele.ouvrir(etude)
    for application in (AtelierCommune, AtelierFinanceur, AtelierArchitecte):
        app = application(modele, journal)
        pages = [v.value for v in descendants(app.boite) if isinstance(v, w.HTML)]
        assert pages
        assert not [p for p in pages if "<script" in p]
    assert "<script" not in secours.rediger(modele, journal)


def test_page_de_secours_et_export_en_commande(tmp_path, journal):
    faits = tmp_path / "journaux"
    app = AtelierCommune(modele_de(GARE), Journal(faits / "gare_saint_denis.sqlite"))
    app.panneau.qui.value, app.panneau.nom.value = "Ana", "Avec <script> dedans"
    app.curseurs["cout"].curseur.value = 3000
    app.panneau.proposer()
    fait = lancer("atelier", str(GARE), "--journaux", str(faits), "--page", "--exporter")
    assert fait.returncode == 0, fait.stderr
    page = (faits / "gare_saint_denis" / "page_de_secours.html").read_text(encoding="utf-8")
    for titre in ("Projet de base", "Aides hautes", "Ne rien faire", "Avec &lt;script&gt; dedans", "À confirmer"):
        assert titre in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=[\"'](?!#)", page)
    _, *sections = re.split(r'<section (?=id="s\d+" class="scenario")', page)
    assert len(sections) == 8
    for section in sections:
        rien = "Ne rien faire</h2>" in section
        for titre in ("Plan de financement", "Plan de coûts", "Étapes", "Trésorerie", "Épreuves d'un mot", "Locaux"):
            assert (titre in html.unescape(section)) is not rien, titre
        assert rien or section.count("<svg") >= 2
    locaux = page.partition("<h2>Les locaux</h2>")[2].partition("</section>")[0]
    assert "Marches places" in locaux
    assert "Schéma des surfaces" in locaux
    noms = re.findall(r'\bid="([^"]+)"', page)
    assert len(noms) == len(set(noms))
    vises = {*re.findall(r"url\(#([^)]+)\)", page), *re.findall(r'href="#([^"]+)"', page)}
    assert vises <= set(noms)
    assert sorted(f.name for f in (faits / "gare_saint_denis").iterdir()) == [
        "compte_rendu.html",
        "compte_rendu.md",
        "page_de_secours.html",
        "scenarios.yaml",
    ]


@pytest.mark.parametrize("carnet", sorted((RACINE / "notebooks" / "ateliers").glob("*.ipynb")), ids=lambda c: c.stem)
def test_les_carnets_des_ateliers_ne_gardent_rien(carnet):
    lu = nbformat.read(carnet, as_version=4)
    assert lu.metadata.title
    assert "widgets" not in lu.metadata
    assert [c.outputs for c in lu.cells if c.cell_type == "code"] == [[]]


def test_exporter_sans_journal_le_dit(tmp_path):
    fait = lancer("atelier", str(GARE), "--journaux", str(tmp_path), "--exporter")
    assert fait.returncode == 2
    assert "tenir d'abord un atelier" in fait.stderr


def test_un_port_pris_ou_voila_absent_se_dit_en_clair(tmp_path, monkeypatch):
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        with pytest.raises(ErreurPope, match="est pris"):
            atelier([GARE], tmp_path, port=prise.getsockname()[1])
    monkeypatch.delitem(sys.modules, "pope_foncier.ateliers.serveur", raising=False)
    monkeypatch.setitem(sys.modules, "voila.app", None)
    with pytest.raises(ErreurPope, match=r"« voila.app » manque pour ouvrir les ateliers"):
        atelier([GARE], tmp_path)


def test_la_page_de_secours_nomme_un_scenario_qui_ne_se_calcule_plus(journal):
    """A proposal whose field has left the study since: said on the page, never dropped without a word."""
    fiche = Proposition(
        nom="vieux",
        titre="D'avant la refonte",
        reglages={},
        surcharges=(Surcharge(champ="prets[disparu].taux", valeur=0.03, motif="essai"),),
    )
    journal.noter("Ana", fiche)
    page = html.unescape(secours.rediger(modele_de(GARE), journal))
    assert "D'avant la refonte (proposé par Ana) : ne se calcule plus" in page


@pytest.mark.parametrize("reglage", [{"port": 80000}, {"port": 0}, {"visiteurs": 0}, {"reserve": -3}, {"oisif": 0}])
def test_un_reglage_du_serveur_hors_bornes_est_refuse_en_clair(reglage, tmp_path):
    with pytest.raises(ErreurPope, match="Réglage refusé"):
        atelier([GARE], tmp_path, **({"port": 8866, "visiteurs": 10, "reserve": 1, "oisif": 300} | reglage))


def test_des_epreuves_cochees_frappent_ensemble(journal):
    """What the command line finds of the same stresses together; nothing ticked says what to do."""
    app = AtelierFinanceur(modele_de(GARE), journal)
    app.epreuve.value = "Ensemble"
    assert "cocher d'abord des épreuves" in html.unescape(app.compare.value)
    for cle in ("travaux_15", "occupation_5"):
        app.ensemble.cases[cle].value = True
    attendu = eprouver_ensemble(app.vue, ["travaux_15", "occupation_5"])[-1]
    assert attendu.libelle == "Ensemble : Travaux +15 % + Occupation −5 points"
    assert app.eprouvees["Ensemble"].effet.avance == pytest.approx(attendu.avance)
    assert attendu.libelle in html.unescape(app.compare.value)
    assert "Travaux +15 % + Occupation" in html.unescape(app.courbe.value)
    for case in app.ensemble.cases.values():
        case.value = False
    assert "Ensemble" not in app.eprouvees


def test_le_financeur_cherche_ce_qu_une_couverture_demande(journal):
    app = AtelierFinanceur(modele_de(GARE), journal)
    app.cherche.chercher()
    attendue = tableaux_comite.recherches(rechercher(app.vue))
    for ligne in attendue.lignes:
        assert ligne[2] in html.unescape(app.cherche.sortie.value)
    app.curseurs["pret.banque.montant"].curseur.value = 0
    assert app.cherche.sortie.value == "", "another stack, another search"
    bailleur = AtelierFinanceur(modele_de(DONNEES / "etudes" / "modes_d_accueil.yaml"), journal)
    bailleur.cherche.chercher()
    assert "Rien à chercher" in html.unescape(bailleur.cherche.sortie.value)


@pytest.mark.parametrize(
    ("classe", "attendus"),
    [
        (
            AtelierCommune,
            (
                "par place et par an : ",
                "€ dans l'étude ; huit fois sur dix de ",
                "une fois sur deux, plus de ",
                "Le projet s'arrête avant d'être fait : ",
                "Premier risque : ",
                ", dans tous les cas essayés",
            ),
        ),
        (AtelierFinanceur, ("À trouver : ", "La couverture de la dette passe sous 1,10, son seuil : ", " des tirages")),
        (AtelierArchitecte, ("Coût total TTC : ", "€, de ", "Ouverture : ")),
    ],
)
@pytest.mark.usefixtures("main_posee", "doute_dit")
def test_un_atelier_dit_ses_fourchettes(classe, attendus, journal):
    """Once the hand rests; another lever, other ranges; a scenario without a place has none."""
    app = classe(modele_de(DONNEES / "etudes" / "gare_saint_denis.yaml"), journal)

    def lire():
        return html.unescape(re.sub("<[^>]+>", "", app.doute.value))

    lu = lire()
    comment = "2\u202f000 cas essayés" if classe is AtelierCommune else "2\u202f000 tirages par hypercube latin"
    for mots in (*attendus, "huit fois sur dix", comment):
        assert mots in lu
    nom = (
        "cout" if "cout" in app.curseurs else "occupation" if "occupation" in app.curseurs else next(iter(app.curseurs))
    )
    curseur = app.curseurs[nom].curseur
    curseur.value = curseur.value + 3 * curseur.step
    assert lire() != lu
