"""Checks that count: a room that fails one counts neither as area nor as beds; what is unknown takes nothing away.

Right values by hand on five small plans (``tests/cas/plans_importes``): façade of a room in the corner of a patio, at a
re-entrant corner, behind a closet; a corridor with a neck of 0.60 m; a building without a window, 1.50 m high.
"""

from dataclasses import replace
from datetime import date

import pytest

import pope_foncier as pf
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.sans_place import raison_sans_place
from pope_foncier.lieu.locaux import Local, locaux_du_plan
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.modele.contexte import Contexte
from pope_foncier.places import capacite
from pope_foncier.places.capacite_site import capacite_du_site
from pope_foncier.places.controles_locaux import compter_au_jour, controler_locaux
from pope_foncier.places.regles_locaux import lire_regles
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from tests.conftest import DONNEES, RACINE
from tests.places.plans_ronds import BATIMENT, DEUX_SALLES

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()
PLANS = RACINE / "tests" / "cas" / "plans_importes"
REGLES = lire_regles(CATALOGUE, "multi_accueil", JOUR)


def locaux(nom):
    return locaux_du_plan(lire_plan(PLANS / f"{nom}.geojson"), 1.2)


def controles(nom):
    return {(c.id, c.sujet.partition(" :")[0]): c for c in controler_locaux(locaux(nom), REGLES, CATALOGUE)}


@pytest.mark.parametrize(
    ("plan", "piece"),
    [("50_piece_en_coin_de_patio", "Coin"), ("52_L_rentrant", "Coin L"), ("53_derriere_placard", "Derrière")],
)
def test_un_coin_un_point_rentrant_ou_un_placard_ne_donnent_pas_de_jour(plan, piece):
    (lu,) = [x for x in locaux(plan) if x.nom == piece]
    assert lu.jour_m == 0
    assert controles(plan)["jour", piece].statut == "non_respecte"
    assert compter_au_jour(locaux(plan), CATALOGUE, JOUR).comptees["large"] == 0


def test_un_couloir_etrangle_se_voit_et_ne_compte_que_pour_ses_parties_larges():
    """Two squares of 3 × 3 m: 18 m²; the neck is 0.60 m wide."""
    (couloir,) = locaux("31_couloir_etrangle")
    assert couloir.largeur_m == 0.60
    constat = controles("31_couloir_etrangle")["largeur", "Couloir étranglé"]
    assert (constat.statut, constat.valeur, constat.seuil) == ("a_surveiller", "0,60 m", "1,20 m")
    assert compter_au_jour([couloir], CATALOGUE, JOUR).comptees["large"] == pytest.approx(18.0, abs=0.01)


def test_une_cave_aveugle_n_a_aucune_place():
    """9.7 × 11.4 m and 8.9 × 11.4 m under 1.50 m: 30 places if they counted at 7 m²."""
    lieu = Lieu.ouvrir(
        DONNEES / "sites" / "coque_la_courneuve.yaml", "multi_accueil", JOUR, PLANS / "60_aveugle.geojson"
    )
    reponse = lieu.capacite
    assert [(x.nom, dit) for x, dit in reponse.comptees.ecartes] == [
        ("Cave", "hauteur libre de 1,50 m, 2,20 m exigés, aucune façade éclairée"),
        ("Dort", "hauteur libre de 1,50 m, 2,20 m exigés"),
    ]
    assert [x.solution.places[1] for x in reponse.lignes] == [0.0] * len(reponse.lignes), "le confort non plus"
    planche = lieu.planche()
    assert [x.partition(" :")[0] for x in planche.controles] == [
        "Cave",
        "Cave",
        "Dort",
        "Surface d'enfants comptée",
        "Lits dans les chambres",
        "Tables de change",
        "À vérifier",
    ]
    texte = pf.capacite("coque_la_courneuve", "2026-12-01", plan=PLANS / "60_aveugle.geojson").expliquer()
    assert "Pièces non comptées : Cave (hauteur libre de 1,50 m" in str(texte)
    assert any("Pièces non comptées : Cave" in x for x in planche.surfaces)


def test_une_surface_supposee_ne_rend_pas_les_pieces_ecartees():
    nue = pf.capacite("gare_saint_denis", "2026-12-01", surface=240, cour=0)
    aveugle = pf.capacite("gare_saint_denis", "2026-12-01", surface=240, cour=0, plan=PLANS / "60_aveugle.geojson")
    assert (nue.places > 10, aveugle.places) == (True, 0)


NU = (
    BATIMENT
    + """\
  - {{nature: piece, fonction: eveil, nom: Jeux, points: [[0.5, 0.5], [10, 0.5], [10, 9.5], [0.5, 9.5]]{jeux}}}
  - {{nature: piece, fonction: sommeil, nom: Repos, points: [[10.1, 0.5], [19.5, 0.5], [19.5, 9.5], [10.1, 9.5]]{repos}}}
"""
)


@pytest.mark.parametrize(
    ("jeux", "repos", "compte"),
    [
        ("", "", 85.5 + 84.6),
        (", hauteur_m: 2.2", ", hauteur_m: 2.2", 85.5 + 84.6),
        (", hauteur_m: 2.19", "", 84.6),
        ("", ", hauteur_m: 2.19", 85.5),
    ],
)
def test_une_hauteur_inconnue_ne_retire_rien(tmp_path, dossier, jeux, repos, compte):
    """9.5 × 9 m and 9.4 × 9 m; a room under 2.20 m leaves, its beds too."""
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(NU.format(jeux=jeux, repos=repos), encoding="utf-8")
    reponse = capacite_du_site(dossier.site, CATALOGUE, "multi_accueil", JOUR, plan=lire_plan(chemin))
    assert reponse.comptees.comptees["usuel"] == pytest.approx(compte)
    lits = next(c for c in reponse.usuelle.solution.contraintes if c.code == "sommeil").offre[0]
    assert lits == (0 if "2.19" in repos else 78), "7 m² puis 1 m² par lit : 1 + 77"
    (mesurer,) = [c for c in controler_locaux(reponse.locaux, REGLES, CATALOGUE) if "mesurer" in c.sujet] or [None]
    assert (mesurer is None) == (bool(jeux) and bool(repos))


def test_un_bureau_trop_bas_est_a_surveiller_et_ne_retire_rien():
    bureau = Local(nom="Bureau", fonction="bureau", surface_m2=10, hauteur_m=2.1)
    (constat, _) = controler_locaux([bureau], REGLES, CATALOGUE)
    assert (constat.statut, constat.valeur, constat.seuil) == ("a_surveiller", "2,10 m", "2,20 m")
    assert "PMI" in constat.suite
    assert compter_au_jour([bureau], CATALOGUE, JOUR).ecartes == ()


@pytest.mark.parametrize(("hauteur", "places"), [(2.2, None), (2.0, 8), (1.5, 8)])
def test_la_chaine_ne_retient_que_les_places_des_pieces_qui_comptent(tmp_path, dossier, moteur, hauteur, places):
    """The room of 63 m² counts alone: in a very dense square, 15 m² of compensation, then 48 ÷ 5.5 = 8.7 places."""
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(DEUX_SALLES.format(hauteur=hauteur), encoding="utf-8")

    def calculee(site):
        return capacite.calculer(Contexte((dossier.etude,), site, moteur.catalogue, moteur.evolutions))

    sans = calculee(dossier.site).places.au_point()
    lue = calculee(dossier.site.model_copy(update={"plan": str(chemin)}))
    assert lue.places.au_point() == (places or sans)
    assert ("Basse (hauteur libre de" in lue.pieces_ecartees) == (places is not None)


def test_un_lieu_dont_aucune_piece_ne_compte_n_a_pas_de_place(dossier, moteur):
    site = dossier.site.model_copy(update={"plan": str(PLANS / "60_aveugle.geojson")})
    ev = moteur.evaluer(replace(dossier, site=site))[0]
    assert ev.capacite.places.au_point() == 0
    assert "ne comptent pas : Cave (hauteur libre de 1,50 m" in raison_sans_place(ev)


def test_l_etude_d_un_site_refuse_un_plan_dix_fois_trop_grand(dossier, moteur):
    """240 m² drawn for a sheet that says 20: another place, or another unit."""
    surface = dossier.site.surface_m2.model_copy(update={"valeur": 20.0})
    site = dossier.site.model_copy(update={"plan": str(PLANS / "60_aveugle.geojson"), "surface_m2": surface})
    with pytest.raises(ErreurDonnees, match="12 fois plus grand que les 20"):
        moteur.evaluer(replace(dossier, site=site))
