"""Rooms: the published programme of Orgeval through the checks, the parametric programme, counted areas by hand."""

from datetime import date

import numpy as np
import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.locaux import Local, lire_fonctions, lire_programme, locaux_du_plan
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.surfaces_comptees import lits
from pope_foncier.places.controles_locaux import compter_au_jour, controler_locaux
from pope_foncier.places.programme_type import contrainte_de_confort, lire_programme_type, programme_des_places
from pope_foncier.places.regles_locaux import lire_regles
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from tests.conftest import DONNEES

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()
ORGEVAL = lire_programme(DONNEES / "cas" / "programmes" / "orgeval_2013.yaml")


def regles(mode="multi_accueil"):
    return lire_regles(CATALOGUE, mode, JOUR)


def test_orgeval_totaux_publies():
    """The document prints 45, 175, 185, 215 and 70 m² for five sectors; the whole list is 810 m² in 31 lines."""
    assert len(ORGEVAL.locaux) == 31
    assert sum(x.total_m2 for x in ORGEVAL.locaux) == 810
    for secteur, total in ORGEVAL.totaux_publies.items():
        assert sum(x.total_m2 for x in ORGEVAL.locaux if x.secteur == secteur) == total, secteur
    assert sum(ORGEVAL.totaux_publies.values()) == 690


def test_orgeval_surfaces_comptees_et_lits():
    """By hand: 3 × (50 + 50 + 40) + 20 + 50 = 490 strict; + 3 × 15 of change = 535; + hall 15 + 3 × 10 = 580."""
    comptees = compter_au_jour(ORGEVAL.locaux, CATALOGUE, JOUR)
    assert comptees.comptees == {"strict": 490, "usuel": 535, "large": 580}
    assert comptees.a_verifier == ("Hall d'entrée", "Vestiaire"), "largeurs non publiées"
    assert lits(ORGEVAL.locaux, 7, 1) == 3 * 34


@pytest.mark.parametrize(
    ("places", "statut"), [(76, "respecte"), (77, "a_surveiller"), (82, "a_surveiller"), (83, "non_respecte")]
)
def test_orgeval_selon_les_places(places, statut):
    """535 ÷ 7 = 76.4 places in the usual reading, 580 ÷ 7 = 82.8 in the broad one."""
    (surface,) = [c for c in controler_locaux(ORGEVAL.locaux, regles(), CATALOGUE, places) if c.id == "surface"]
    assert surface.statut == statut


def test_orgeval_piece_par_piece():
    constats = controler_locaux(ORGEVAL.locaux, regles(), CATALOGUE)
    assert [c.statut for c in constats if c.id == "jour"] == ["a_verifier"] * 7, "façades non publiées"
    assert [c.statut for c in constats if c.id == "chambre"] == ["respecte"] * 3
    assert [c.statut for c in constats if c.id == "surface"] == ["a_verifier"], "places non publiées"


# Usable area by places: 7 or 5.5 m² of child space + 36 + 2.6 m² per place, printed to the square metre.
SURFACES_UTILES = [(12, 151, 133), (20, 228, 198), (24, 266, 230), (40, 420, 360), (60, 612, 522)]


@pytest.mark.parametrize(("places", "ordinaire", "dense"), SURFACES_UTILES)
def test_programme_parametrique(places, ordinaire, dense):
    programme = programme_des_places(places, regles())
    assert sum(x.total_m2 for x in programme.locaux) == pytest.approx(ordinaire, abs=0.51)
    compensation = {12: 15, 20: 20, 24: 20, 40: 50, 60: 70}[places]
    serre = programme_des_places(places, regles(), dense=True)
    assert sum(x.total_m2 for x in serre.locaux) == pytest.approx(dense + compensation, abs=0.51)
    avec_cour = programme_des_places(places, regles(), dense=True, cour_m2=compensation)
    assert sum(x.total_m2 for x in avec_cour.locaux) == pytest.approx(dense, abs=0.51)


@pytest.mark.parametrize(("places", "sommeil", "chambres"), [(12, 24, 2), (20, 38, 3), (40, 70, 5), (60, 108, 8)])
def test_chambres_du_programme(places, sommeil, chambres):
    locaux = [x for x in programme_des_places(places, regles()).locaux if x.fonction == "sommeil"]
    assert sum(x.total_m2 for x in locaux) == pytest.approx(sommeil)
    assert sum(x.nombre for x in locaux) == chambres
    assert lits(locaux, 7, 1) == places


@pytest.mark.parametrize("places", range(3, 121))
def test_le_programme_type_passe_ses_propres_controles(places):
    programme = programme_des_places(places, regles())
    statuts = {c.id: c.statut for c in controler_locaux(programme.locaux, regles(), CATALOGUE, places)}
    assert statuts["surface"] == statuts["lits"] == "respecte"


def test_trop_peu_de_places_pour_la_formule():
    with pytest.raises(ErreurCalcul, match="Programme d'une place : trop peu.*ajustée de 12 à 60 places"):
        programme_des_places(1, regles())


@pytest.mark.parametrize("places", [-1, 0, 251])
def test_un_programme_hors_de_la_recherche_est_refuse(places):
    with pytest.raises(ErreurCalcul, match="de 1 à 250 places"):
        programme_des_places(places, regles())


def test_le_programme_type_est_celui_des_etudes(dossier):
    modele = lire_programme_type()
    assert modele.fixe_m2 == dossier.etude.programme.services_fixes_m2.valeur
    assert modele.par_place_m2 == pytest.approx(dossier.etude.programme.services_par_place_m2.valeur)
    assert modele.coefficient_sdo_su.central == dossier.etude.programme.coefficient_sdo_su.valeur


def test_la_contrainte_de_confort_redit_la_chaine(dossier, moteur):
    """Same gross area as the chain of a study, for each number of places."""
    from pope_foncier.modele.contexte import Contexte
    from pope_foncier.places import capacite

    ctx = Contexte((dossier.etude,), dossier.site, moteur.catalogue, moteur.evolutions)
    c = contrainte_de_confort(regles(), np.array([1.0]), np.array([0.0]), np.array([200.0]))
    cap = capacite.calculer(ctx)
    n = int(cap.places.au_point())
    assert c.besoin[0, n - 1] == pytest.approx(cap.surface_requise.au_point())
    assert c.besoin[0, n] == pytest.approx(cap.surface_suivante.au_point())


def local(fonction, surface, **autres):
    return Local(nom=fonction, fonction=fonction, surface_m2=surface, **autres)


@pytest.mark.parametrize(
    ("couloir", "compte"),
    [
        ({"surface": 6, "largeur_m": 1.2}, 6),
        ({"surface": 5.9, "largeur_m": 1.5}, 0),
        ({"surface": 12, "largeur_m": 1.19}, 0),
        ({"surface": 12, "surface_large_m2": 7, "largeur_m": 2}, 7),
        ({"surface": 12, "surface_large_m2": 5, "largeur_m": 2}, 0),
        ({"surface": 12}, 12),
    ],
)
def test_un_couloir_compte_s_il_est_assez_large_et_assez_grand(couloir, compte):
    surface = couloir.pop("surface")
    comptees = compter_au_jour([local("circulation", surface, **couloir)], CATALOGUE, JOUR).comptees
    assert comptees == {"strict": 0, "usuel": 0, "large": compte}


def test_le_sous_sol_ne_compte_pas_et_se_voit():
    cave = local("eveil", 40, niveau=-1)
    assert compter_au_jour([cave], CATALOGUE, JOUR).comptees["large"] == 0
    assert "non_respecte" in [c.statut for c in controler_locaux([cave], regles(), CATALOGUE) if c.id == "sous_sol"]
    couloir = local("circulation", 40, niveau=-1)
    assert [c.statut for c in controler_locaux([couloir], regles(), CATALOGUE) if c.id == "sous_sol"] == ["a_verifier"]


def test_fonction_inconnue_refusee_avec_la_liste(tmp_path):
    chemin = tmp_path / "p.yaml"
    chemin.write_text(
        'titre: x\nstatut: souhait\nbase: "x"\nlocaux:\n  - {nom: A, fonction: dortoir, surface_m2: 3}\n  - {nom: B, fonction: bar, surface_m2: 3}\n',
        encoding="utf-8",
    )
    with pytest.raises(ErreurDonnees) as erreur:
        lire_programme(chemin)
    assert "2 erreurs" in str(erreur.value)
    assert "choisir parmi : eveil, repas" in str(erreur.value)


def test_pieces_d_un_plan_mesurees(tmp_path):
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(
        """titre: x
statut: hypothese
base: "essai"
systeme: local
elements:
  - {nature: batiment, points: [[0, 0], [10, 0], [10, 8], [0, 8]]}
  - {nature: piece, fonction: eveil, points: [[0.3, 0.3], [6, 0.3], [6, 4], [0.3, 4]], hauteur_m: 2.1}
  - {nature: piece, fonction: repas, points: [[2, 5.4], [4, 5.4], [4, 6.4], [2, 6.4]]}
  - {nature: piece, fonction: circulation, points: [[0.3, 4.1], [9.7, 4.1], [9.7, 5.2], [0.3, 5.2]]}
""",
        encoding="utf-8",
    )
    locaux = locaux_du_plan(lire_plan(chemin), 1.2)
    assert [round(x.surface_m2, 2) for x in locaux] == [21.09, 2.0, 10.34]
    assert locaux[2].surface_large_m2 == 0, "couloir de 1,10 m"
    constats = {(c.id, c.sujet.partition(" :")[0]): c.statut for c in controler_locaux(locaux, regles(), CATALOGUE)}
    assert constats["jour", "eveil"] == "respecte"
    assert constats["jour", "repas"] == "non_respecte", "pièce aveugle"
    assert constats["hauteur", "eveil"] == "non_respecte"


def test_toutes_les_fonctions_du_programme_existent():
    assert {s.fonction for s in lire_programme_type().services} <= set(lire_fonctions())
