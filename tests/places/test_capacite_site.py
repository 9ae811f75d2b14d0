"""Places of a site: sentence of the limit, readings of the unknown, plan against areas, range of an area."""

from datetime import date

import numpy as np
import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.site import EspaceADistance
from pope_foncier.modele.donnee import Donnee
from pope_foncier.places.capacite_site import capacite_du_site, categorie_en_clair, marches, phrase
from pope_foncier.places.regles_locaux import OffreSite, contraintes_du_droit, lire_regles
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.solveur import resoudre

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()


def hypothese(valeur, intervalle=None):
    return Donnee(valeur=valeur, base="essai", intervalle=intervalle)


def dire(interieur, cour=0.0, alternative=1.0, mode="multi_accueil", dense=0.0):
    r = lire_regles(CATALOGUE, mode, JOUR)
    v = [np.array([float(x)]) for x in (interieur, cour, cour, dense, alternative)]
    return phrase(resoudre(contraintes_du_droit(r, OffreSite(*v)), r.seuils)).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        ((162,), "23 places ; limite : surface intérieure ; +6 m² donnent 24, puis vient le seuil de catégorie"),
        (
            (168,),
            "24 places ; limite : surface intérieure ; +7 m² donnent 25, dans une autre catégorie, puis vient la limite « espace extérieur » à 39 places",
        ),
        (
            (200, 70, 0),
            "28 places ; limite : surface intérieure ; +3 m² donnent 29, puis vient la limite « espace extérieur » à 35 places",
        ),
        (
            (70, 20, 0),
            "10 places ; limites : surface intérieure et espace extérieur ; +7 m² et +2 m² donnent 11, puis vient le seuil de catégorie à 12 places",
        ),
        ((500, 0, 1, "micro_creche"), "12 places ; limite : plafond du mode d'accueil"),
        ((float("nan"),), "inconnu : il manque une surface"),
        (
            (5,),
            "0 place ; limite : surface intérieure ; +2 m² donnent 1, puis vient le seuil de catégorie à 12 places",
        ),
    ],
)
def test_phrase(arguments, attendu):
    assert dire(*arguments) == attendu


def test_surface_inconnue_donne_une_reponse_inconnue_et_dit_a_qui_demander(dossier):
    reponse = capacite_du_site(dossier.site, CATALOGUE, "multi_accueil", JOUR)
    assert all(x.phrase.startswith("inconnu") for x in reponse.lignes)
    assert "SNCF" in reponse.surfaces.origine


def test_la_reponse_de_confort_est_celle_de_l_etude(dossier, resultat):
    """Same inputs as the study (200 m², no yard, dense square): same places."""
    reponse = capacite_du_site(
        dossier.site, CATALOGUE, "multi_accueil", JOUR, surface=hypothese(200.0), cour=hypothese(0.0)
    )
    vue = resultat.vue()
    assert [x.lecture for x in reponse.lignes] == ["zone très dense"] * 2
    assert reponse.confort.solution.places[1] == vue.valeur(vue.ev.capacite.places_possibles)


def test_une_fourchette_donne_trois_reponses(dossier):
    reponse = capacite_du_site(
        dossier.site, CATALOGUE, "multi_accueil", JOUR, surface=hypothese(200.0, (180.0, 220.0)), cour=hypothese(0.0)
    )
    places = reponse.confort.solution.places
    # By hand: 160 m² usable; 12 × 8.1 + 36 + 15 = 148.2 and 13 × 8.1 + 36 + 20 = 161.3 (180 → 144 m², 220 → 176 m²).
    assert places.tolist() == [11, 12, 14]


def test_densite_et_espace_inconnus_donnent_toutes_les_lectures(dossier):
    nu = dossier.site.model_copy(update={"carreau": None, "position": None})
    reponse = capacite_du_site(nu, CATALOGUE, "multi_accueil", JOUR, surface=hypothese(400.0), cour=hypothese(0.0))
    lectures = list(dict.fromkeys(x.lecture for x in reponse.lignes))
    assert lectures == [
        "zone ordinaire, densité à vérifier, cour sur place",
        "zone ordinaire, densité à vérifier, espace à distance admis",
        "zone très dense, densité à vérifier",
    ]
    assert reponse.confort.solution.places[1] == 0, "sans cour ni espace à distance, rien en zone ordinaire"


@pytest.mark.parametrize(
    ("genre", "distance", "lectures"),
    [("prive", 300, 1), ("prive", 301, 1), ("public", 200, 2)],
)
def test_espace_a_distance(dossier, genre, distance, lectures):
    espace = EspaceADistance(nom="Jardin", genre=genre, distance_m=hypothese(distance))
    carreau = dossier.site.carreau.model_copy(update={"habitants": hypothese(5000)})
    site = dossier.site.model_copy(update={"carreau": carreau, "espaces_a_distance": (espace,)})
    reponse = capacite_du_site(site, CATALOGUE, "multi_accueil", JOUR, surface=hypothese(300.0), cour=hypothese(0.0))
    assert len({x.lecture for x in reponse.lignes}) == lectures
    assert bool(reponse.a_verifier) == (genre == "public" or distance > 300), "what is open, or too far, is said"
    attendu = 20 if (genre, distance) == ("prive", 300) else 0
    assert reponse.confort.solution.places[1] == pytest.approx(attendu, abs=2 * (attendu > 0))


def test_un_plan_mesure_remplace_la_surface_de_la_fiche(dossier, tmp_path):
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(
        """titre: Salle
statut: hypothese
base: "essai"
systeme: local
elements:
  - {nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}
  - {nature: piece, fonction: eveil, points: [[0.5, 0.5], [12.5, 0.5], [12.5, 6.5], [0.5, 6.5]]}
  - {nature: piece, fonction: sommeil, points: [[13, 0.5], [19, 0.5], [19, 4.5], [13, 4.5]]}
  - {nature: piece, fonction: change, points: [[13, 5], [19, 5], [19, 7], [13, 7]]}
  - {nature: piece, fonction: circulation, points: [[0.5, 7], [12.5, 7], [12.5, 9], [0.5, 9]]}
  - {nature: cour, points: [[0, 10], [4, 10], [4, 14], [0, 14]]}
  - {nature: cour, points: [[10, 10], [14, 10], [14, 13.5], [10, 13.5]]}
""",
        encoding="utf-8",
    )
    reponse = capacite_du_site(dossier.site, CATALOGUE, "multi_accueil", JOUR, plan=lire_plan(chemin))
    assert reponse.surfaces.plancher_m2[1] == 200
    assert (reponse.surfaces.cour_m2[1], reponse.surfaces.cour_dense_m2[1]) == (30, 16), "14 m² ne comptent pas"
    assert reponse.comptees.comptees == pytest.approx({"strict": 96, "usuel": 108, "large": 132})
    droit = {x.regime.split()[-1]: int(x.solution.places[1]) for x in reponse.lignes if x.regime.startswith("Droit")}
    # dense square, yard of 16 m²: 96 ÷ 5.5 = 17.4, less (20 − 16) ÷ 5.5 from 13 places on; 18 beds in a room of 24 m².
    assert droit == {"stricte": 16, "usuelle": 18, "large": 18}
    large = next(x for x in reponse.lignes if x.regime.endswith("large"))
    assert large.solution.contraintes[large.solution.limite[1]].code == "sommeil"


def test_familiale_et_mam_hors_referentiel(dossier):
    def reponse(mode):
        return capacite_du_site(dossier.site, CATALOGUE, mode, JOUR, surface=hypothese(150.0), cour=hypothese(0.0))

    assert reponse("mam").lignes[0].phrase == "20 places ; limite : plafond du mode d'accueil"
    assert "aucune de ces règles ne limite" in reponse("creche_familiale").lignes[0].phrase


def test_marches():
    r = lire_regles(CATALOGUE, "multi_accueil", JOUR)
    courbe = marches(r, dense=True, cour_m2=0, maximum=60)
    assert courbe[38][:3] == (39, 244.5, 0)
    assert courbe[39][1] == 270
    assert [m[1] for m in courbe] == sorted(m[1] for m in courbe)
    assert marches(r, dense=False, cour_m2=0, maximum=12)[-1][:3] == (12, 84, 24)
    assert categorie_en_clair(r, 12) == "micro-crèche"
    assert categorie_en_clair(r, 0) == "—"


def test_le_manque_annonce_est_arrondi_vers_le_haut(dossier):
    assert "+6,1 m² donnent 24" in dire(161.95), "6,05 m² manquent : annoncer 6 ne suffirait pas"
    assert "+0,1 m² donne 24" in dire(167.99)


def test_une_cour_supposee_trop_petite_ne_compense_rien(dossier):
    def places(cour):
        reponse = capacite_du_site(
            dossier.site, CATALOGUE, "multi_accueil", JOUR, surface=hypothese(200.0), cour=hypothese(cour)
        )
        return reponse.confort.solution.places[1]

    # 160 m² usable: 13 × 8.1 + 36 = 141.3, 15 × 8.1 + 36 + 5 = 162.5 with a yard of 15 m².
    assert places(14.9) == places(0.0) == 12
    assert places(15.0) == 14


PARTIEL = """titre: Salle
statut: hypothese
base: "essai"
systeme: local
{}elements:
  - {{nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}}
  - {{nature: piece, fonction: eveil, points: [[0.5, 0.5], [19.5, 0.5], [19.5, 9.5], [0.5, 9.5]]}}
"""


def test_une_cour_non_dessinee_reste_inconnue_et_des_chambres_aussi(dossier, tmp_path):
    chemin = tmp_path / "plan.yaml"

    def reponse(entete):
        chemin.write_text(PARTIEL.format(entete), encoding="utf-8")
        return capacite_du_site(dossier.site, CATALOGUE, "multi_accueil", JOUR, plan=lire_plan(chemin))

    assert np.isnan(reponse("").lignes[0].solution.places[1]), "la fiche ne dit pas la cour non plus"
    dite = reponse("sans_cour: true\n").lignes[0]
    # 171 m²: 25 × 5.5 + 30 = 167.5 and 26 × 5.5 + 30 = 173; no sleeping room drawn, so beds do not limit.
    assert dite.solution.places[1] == 25
    assert [c.code for c in dite.solution.contraintes] == ["interieur", "exterieur", "plafond"]


def test_sans_cour_et_une_cour_dessinee(tmp_path):
    chemin = tmp_path / "plan.yaml"
    cour = "  - {nature: cour, points: [[20, 0], [24, 0], [24, 8], [20, 8]]}\n"
    chemin.write_text(PARTIEL.format("sans_cour: true\n") + cour, encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="« sans_cour » et une cour dessinée à la fois"):
        lire_plan(chemin)


ETAGES = """titre: Salle
statut: hypothese
base: "essai"
systeme: local
sans_cour: true
elements:
  - {nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}
  - {nature: piece, fonction: eveil, points: [[0.5, 0.5], [19.5, 0.5], [19.5, 9.5], [0.5, 9.5]]}
"""


@pytest.mark.parametrize(
    ("elements", "plancher", "mention"),
    [
        ("", 200, "essai"),
        ("batiment, niveau: 1, points: [[0, 0], [12, 0], [12, 10], [0, 10]]", 320, ""),
        ("piece, fonction: bureau, niveau: 1, points: [[1, 1], [11, 1], [11, 9], [1, 9]]", 280, "étage 1 sans contour"),
        ("piece, fonction: technique, niveau: -1, points: [[1, 1], [11, 1], [11, 9], [1, 9]]", 200, "sous-sol"),
    ],
)
def test_le_plancher_se_compte_etage_par_etage(dossier, tmp_path, elements, plancher, mention):
    """A storey counts its own outline; without one its rooms alone; below ground nothing, and the sheet says so."""
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(ETAGES + (f"  - {{nature: {elements}}}\n" if elements else ""), encoding="utf-8")
    surfaces = capacite_du_site(dossier.site, CATALOGUE, "multi_accueil", JOUR, plan=lire_plan(chemin)).surfaces
    assert surfaces.plancher_m2.tolist() == pytest.approx([plancher] * 3)
    assert mention in surfaces.origine or mention == "essai"


def test_le_contour_de_la_fiche_donne_la_surface_inconnue(dossier):
    """20 × 10 m less a corner of 4 × 5 m: 180 m²; a published area wins over it."""
    en_l = ((0, 0), (20, 0), (20, 10), (4, 10), (4, 5), (0, 5))
    site = dossier.site.model_copy(update={"contour_m": en_l})
    surfaces = capacite_du_site(site, CATALOGUE, "multi_accueil", JOUR).surfaces
    assert (surfaces.plancher_m2.tolist(), "contour" in surfaces.origine) == ([180] * 3, True)
    publiee = site.model_copy(update={"surface_m2": hypothese(150.0)})
    assert capacite_du_site(publiee, CATALOGUE, "multi_accueil", JOUR).surfaces.plancher_m2[1] == 150


def test_un_espace_dont_la_distance_est_inconnue_ou_floue_laisse_la_question_ouverte(dossier):
    from pope_foncier.places.surfaces import espace_a_distance

    def lu(*distances):
        espaces = tuple(EspaceADistance(nom="Jardin", genre="prive", distance_m=d) for d in distances)
        site = dossier.site.model_copy(update={"espaces_a_distance": espaces})
        ailleurs = espace_a_distance(site, CATALOGUE, JOUR, None)
        return ailleurs.admis, ailleurs.reserves

    inconnue = Donnee(a_obtenir_de="la mairie")
    assert lu(hypothese(500.0))[0] is False
    assert lu(hypothese(500.0), inconnue)[0] is None
    assert lu(hypothese(290.0, (250.0, 350.0)))[0] is None, "290 m à 60 m près"
    assert "distance à mesurer" in lu(hypothese(290.0, (250.0, 350.0)))[1][0]
    assert lu(hypothese(280.0, (250.0, 300.0)), inconnue) == (True, ())


def test_une_cour_inconnue_ne_cache_pas_une_reponse_certaine(dossier):
    """202.5 m² ÷ 1.25 = 162 m² of usable area at 7 m²: 23 places whatever the yard, when a space at a distance is admitted."""
    carreau = dossier.site.carreau.model_copy(update={"habitants": hypothese(5000)})
    espace = EspaceADistance(nom="Jardin", genre="prive", distance_m=hypothese(200.0))
    site = dossier.site.model_copy(update={"carreau": carreau, "espaces_a_distance": (espace,)})
    ligne = capacite_du_site(site, CATALOGUE, "multi_accueil", JOUR, surface=hypothese(202.5)).lignes[0]
    assert ligne.phrase.startswith("23 places ; limite : surface intérieure ; +6 m² donnent 24")
