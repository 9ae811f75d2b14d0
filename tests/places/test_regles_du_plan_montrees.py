"""Findings of a drawn plan where they are shown: command, sheet, dossier, « À confirmer »; and what never changes them."""

import math
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.resultats import Resultat
from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.places.controles_plan import controler_plan
from pope_foncier.places.situation import Situation
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from pope_foncier.vues.lieu.tableaux import tables_du_plan
from tests.conftest import DONNEES
from tests.places.plans_d_essai import plan
from tests.places.regles_d_essai import etage

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()
SUPPOSE = DONNEES / "plans" / "gare_saint_denis_suppose.yaml"
SITUATION = Situation(enfants=13, personnes=17, par_niveau={0: 17}, cinquieme=True, neuf=False, places=12)


@pytest.fixture(scope="module")
def lieu():
    return Lieu.ouvrir(DONNEES / "sites" / "gare_saint_denis.yaml", "multi_accueil", JOUR, SUPPOSE, neuf=False)


def test_le_plan_suppose_de_saint_denis(lieu):
    """Twelve places in an existing building: two exits of 0.90 m where one of 0.80 m is due; the corridor of 1.30 m passes."""
    lus = {c.sujet: c for constats in lieu.regles_du_plan().values() for c in constats}
    assert lus["Issues : nombre et largeur"].statut == "respecte"
    assert "17 personnes : une issue de 0,80 m" in lus["Issues : nombre et largeur"].seuil
    assert lus["Circulation : largeur de passage"].statut == "respecte"
    assert lus["Portes du public : largeur de passage"].statut == "respecte"
    assert lus["Cul-de-sac"].statut == "respecte"
    assert lus["Chambre 2 : vue depuis la salle de jeux"].statut == "a_verifier"
    assert lus["Ligne de contrôle de la gare"].statut == "respecte"
    assert not [c.sujet for c in lus.values() if c.statut == "non_respecte"]


def test_le_meme_plan_dans_un_batiment_neuf(lieu):
    """Corridor of 1.30 m under 1.40 m, doors of 0.83 m under the 0.855 m of an exit, adapted for access."""
    lus = {c.sujet: c.statut for constats in replace(lieu, neuf=True).regles_du_plan().values() for c in constats}
    assert lus["Circulation : largeur de passage"] == "non_respecte"
    assert lus["Portes du public : largeur de passage"] == "respecte"
    assert lus["Issues : nombre et largeur"] == "respecte"


def test_une_table_par_sujet_et_la_planche_dit_ce_qui_manque(lieu):
    par_sujet = lieu.regles_du_plan()
    tables = tables_du_plan(par_sujet)
    assert [len(t.cellules) for t in tables] == [len(lus) for lus in par_sujet.values()]
    assert tables[0].titre == "Règles lues sur le plan : issues et évacuation"
    assert any(x.startswith("Allège des fenêtres") for x in lieu.planche().controles)
    compte = Counter(rang[1] for table in tables for rang in table.cellules)
    ouverts = [rang for table in tables_du_plan(par_sujet, ouverts=True) for rang in table.cellules]
    assert len(ouverts) == compte.total() - compte["respecté"] - compte["sans objet"] > 0


def test_chaque_constat_dit_sa_source_ou_a_qui_demander(lieu):
    for neuf in (True, False, None):
        for constats in replace(lieu, neuf=neuf).regles_du_plan().values():
            for c in constats:
                assert c.source or c.a_demander_a, c.sujet
                assert c.statut != "a_verifier" or c.a_demander_a, c.sujet


def test_un_plan_sans_porte_ni_fenetre_ne_respecte_rien_de_ce_qu_elles_disent(lieu):
    nus = tuple(e for e in lieu.plan.elements if e.element.nature not in ("porte", "fenetre", "controle"))
    lus = replace(lieu, plan=replace(lieu.plan, elements=nus)).regles_du_plan()
    assert {c.statut for s in ("Issues et évacuation", "Jour, air et vues") for c in lus[s]} == {"a_verifier"}
    assert [c.sujet for c in lus["Accessibilité"] if c.statut == "respecte"] == [
        "Circulation : largeur de passage",
        "Hall : demi-tour d'un fauteuil",
    ], "mesures de pièces, sans porte"


def test_a_confirmer_nomme_les_points_du_plan_du_site(dossier, moteur):
    site = dossier.site.model_copy(update={"plan": str(SUPPOSE)})
    quoi = [
        x for x in a_confirmer(Resultat.calculer(replace(dossier, site=site), moteur).vue()) if "Plan du lieu" in x.quoi
    ]
    assert [x.aupres_de for x in quoi] == ["l'architecte et la commission de sécurité"]
    assert "Ressauts aux portes du public" in quoi[0].pourquoi
    sans = a_confirmer(Resultat.calculer(dossier, moteur).vue())
    assert not [x for x in sans if "Plan du lieu" in x.quoi]


def statuts(trace):
    return {c.sujet: c.statut for lus in controler_plan(trace, SITUATION, CATALOGUE, JOUR).values() for c in lus}


@settings(max_examples=8, deadline=None)
@given(st.floats(-300, 300), st.floats(-300, 300), st.integers(0, 23))
def test_deplacer_ou_tourner_le_plan_ne_change_aucun_verdict(dx, dy, quinziemes):
    """Moved anywhere and turned by steps of 15°: every finding of the shipped plan keeps its status."""
    lu = lire_plan(SUPPOSE)
    c, s = math.cos(quinziemes * math.pi / 12), math.sin(quinziemes * math.pi / 12)

    def place(p):
        return [dx + c * p[0] - s * p[1], dy + s * p[0] + c * p[1]]

    elements = []
    for trace in lu.elements:
        champs = trace.element.model_dump(exclude_none=True, exclude={"trous"})
        champs["points"] = [place(p) for p in champs["points"]]
        if "vers" in champs:
            champs["vers"] = place(champs["vers"])
        elements.append(champs)
    assert statuts(plan(*elements, sans_cour=True)) == statuts(lu)


def test_chaque_valeur_des_deux_baremes_est_lue(lieu):
    """No scale of the two files that no check reads: a new building, an old one, on one level and on two, in each category."""
    lus = set()

    class Espion(Catalogue):
        def a_la_date(self, chemin, jour):
            lus.add(chemin)
            return super().a_la_date(chemin, jour)

    espion = Espion()
    wc = {
        "nature": "piece",
        "fonction": "personnel",
        "points": [[7, 0], [9, 0], [9, 3], [7, 3]],
        "equipements": {"wc_adapte": 1},
    }
    rampe = {"nature": "rampe", "points": [[6, 8], [12, 8], [12, 10], [6, 10]], "denivele_m": 0.3}
    marches = {"nature": "escalier", "points": [[9.5, 0], [11, 0], [11, 3], [9.5, 3]], "niveau": 1, "largeur_m": 1.2}
    porte = {"nature": "porte", "points": [[1, 0], [2, 0]], "largeur_passage_m": 0.9, "ressaut_m": 0.1}
    tiers = {
        "nature": "piece",
        "fonction": "cuisine",
        "points": [[13, 0], [19, 0], [19, 6], [13, 6]],
        "tiers_dessus": True,
    }
    libre = {
        "nature": "piece",
        "fonction": "repas",
        "points": [[12.5, 7], [19, 7], [19, 9], [12.5, 9]],
        "niveau": 2,
        "tiers_dessus": False,
    }
    traces = [lieu.plan, etage(wc, rampe, marches, porte, tiers, libre)]
    for trace in traces:
        for cinquieme in (True, False):
            for neuf in (True, False):
                for personnes in (15, 40, 80, 250):
                    champs = {
                        "enfants": personnes - 5,
                        "personnes": personnes,
                        "par_niveau": {0: personnes, 1: personnes},
                    }
                    controler_plan(trace, Situation(cinquieme=cinquieme, neuf=neuf, **champs), espion, JOUR)
    ecrits = {c for c in CATALOGUE.chemins() if c.startswith(("referentiel.evacuation.", "referentiel.accessibilite."))}
    assert ecrits - lus == set()


@pytest.mark.parametrize("systeme", ["lambert93", "wgs84"])
def test_les_memes_verdicts_en_lambert_et_en_degres(systeme):
    """The plan of Saint-Denis set down in Lambert-93, then written in degrees: sides of the doors and findings are the same."""
    lu = lire_plan(SUPPOSE)

    def place(p):
        x, y = 652_000.0 + p[0], 6_870_000.0 + p[1]
        if systeme == "lambert93":
            return [x, y]
        degres = projeter(Point(x, y), LAMBERT93, WGS84)
        return [degres.x, degres.y]

    elements = []
    for trace in lu.elements:
        champs = trace.element.model_dump(exclude_none=True, exclude={"trous"})
        champs["points"] = [place(p) for p in champs["points"]]
        if "vers" in champs:
            champs["vers"] = place(champs["vers"])
        elements.append(champs)
    assert statuts(plan(*elements, sans_cour=True, systeme=systeme)) == statuts(lu)
