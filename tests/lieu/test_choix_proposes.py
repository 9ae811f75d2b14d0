"""What is proposed when a file draws several places, and what follows a building that is kept; rectangles, areas by hand."""

import json
import os
from pathlib import Path

import pytest

from pope_foncier.lieu.fichiers.choix import Choix
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.questions import exiger_tout_dit, questions, repondre
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from tests.conftest import RACINE, sauter

PARTAGE = Path(os.environ.get("POPE_PARTAGE", RACINE.parent / "shared")) / "data"


def rectangle(x, y, largeur, hauteur):
    return [[[x, y], [x + largeur, y], [x + largeur, y + hauteur], [x, y + hauteur], [x, y]]]


def fichier(tmp_path, *traits, **tete):
    dessins = [
        {"type": "Feature", "properties": champs, "geometry": {"type": genre, "coordinates": points}}
        for genre, points, champs in traits
    ]
    chemin = tmp_path / "carte.geojson"
    chemin.write_text(json.dumps({"type": "FeatureCollection", "features": dessins, **tete}), encoding="utf-8")
    return chemin


def contour(x, y, largeur, hauteur, **champs):
    return "Polygon", rectangle(x, y, largeur, hauteur), champs


def partage(nom):
    chemin = PARTAGE / nom
    if not chemin.is_file():
        sauter("fichiers de plans absents")
    return chemin


def test_la_piece_et_la_porte_suivent_leur_batiment(tmp_path):
    """Two halls of 200 and 50 m², rooms and a door in each: the largest is kept with its own."""
    chemin = fichier(
        tmp_path,
        contour(0, 0, 20, 10, nature="batiment", nom="Halle"),
        contour(1, 1, 5, 4, nature="piece", fonction="eveil", nom="Jeux"),
        contour(8, 1, 5, 4, nature="piece", fonction="bureau", nom="Bureau"),
        ("LineString", [[2, 0], [3, 0]], {"nature": "porte"}),
        contour(40, 0, 10, 5, nature="batiment", nom="Remise"),
        contour(41, 0.5, 5, 4, nature="piece", fonction="rangement", nom="Dépôt"),
        ("LineString", [[42, 0], [43, 0]], {"nature": "porte"}),
        systeme="local",
    )
    noms = [
        (e.element.nature, e.forme.bounds[0]) for e in Importation(chemin, Choix(choisir=("plus_grand",))).plan.elements
    ]
    assert noms == [("batiment", 0), ("piece", 1), ("piece", 8), ("porte", 2)]
    seule = Importation(chemin, Choix(choisir=("nom=Halle", "nom=Bureau"))).plan
    assert [e.nom for e in seule.elements] == ["Halle", "Bureau", "porte"], "une pièce choisie : les autres restent"


def test_le_contour_qui_tient_les_autres_est_propose_en_parcelle(tmp_path):
    """A plot of 1,200 m² around two buildings of 80 and 24 m²: not one building of 1,200."""
    chemin = fichier(tmp_path, contour(0, 0, 40, 30), contour(2, 2, 10, 8), contour(20, 5, 6, 4), systeme="local")
    (question,) = questions(importation := Importation(chemin))
    assert question.propose == "1=parcelle ; 2-3=batiment"
    with pytest.raises(ErreurDonnees, match="ajouter --nature 1=parcelle --nature 2-3=batiment"):
        exiger_tout_dit(importation)
    suivante = repondre(importation, question, "")
    assert [(c.nature, c.surface) for c in suivante.candidats] == [
        ("parcelle", 1200),
        ("batiment", 80),
        ("batiment", 24),
    ]
    tous = Importation(chemin, Choix(natures={"": "batiment"}))
    (question,) = questions(tous)
    assert question.propose == "2", "ni « plus_grand », qui prendrait la parcelle"
    assert "contient tous les autres" in question.invite


@pytest.mark.donnees_partagees
@pytest.mark.parametrize(
    ("nom", "propose"),
    [
        ("outlines/station_redon_osm_2019-09.geojson", "couche=station_building ; nature=voie ; nature=quai"),
        ("outlines/station_pont_de_veyle_osm_2022-03.geojson", "couche=station_building ; nature=voie ; nature=quai"),
        ("plans/geojson_osm_batiments_chambery.geojson", ""),
        ("plans/dxf_plan_pouces_declare_mm.dxf", "plus_grand"),
    ],
)
def test_le_seul_de_sa_couche_est_propose_et_rien_sur_une_carte_sans_lieu(nom, propose):
    """One station among 216 and 112 neighbours; 75 buildings of a town of which none is the place; a house and its garage."""
    (question,) = [q for q in questions(Importation(partage(nom))) if q.option == "--choisir"]
    assert question.propose == propose


@pytest.mark.donnees_partagees
def test_un_terrain_sans_nom_de_calque_est_propose_avec_ses_batiments():
    """Plot 1,044.40 m², house 114.00 m², by the table of right values of the file."""
    importation = Importation(partage("plans/dxf_terrain_maison_sans_unite.dxf"))
    while posees := questions(importation):
        importation = repondre(importation, posees[0], "")
    traces = [(e.element.nature, round(e.forme.area, 1)) for e in importation.plan.elements]
    assert traces == [("parcelle", 1044.4), ("batiment", 114.0)]


def test_des_contours_qui_se_croisent_se_refusent_dans_leurs_mots(tmp_path):
    """Two bow ties one over the other: no area is theirs."""
    noeuds = [[[[x, 0], [x + 9, 8], [x + 9, 0], [x, 7], [x, 0]]] for x in (0, 4)]
    chemin = fichier(tmp_path, *(("Polygon", n, {"nature": "batiment"}) for n in noeuds), systeme="local")
    with pytest.raises(ErreurDonnees, match="le contour se recoupe au point"):
        assert Importation(chemin, Choix(choisir=("tout",))).plan


def test_un_nombre_qui_n_est_pas_un_rang_est_un_nom(tmp_path):
    """Two plots named « 2 » and « 214 »: ranks first, then names."""
    chemin = fichier(
        tmp_path,
        contour(0, 0, 9, 9, nature="parcelle", nom="2"),
        contour(20, 0, 9, 5, nature="parcelle", nom="214"),
        systeme="local",
    )
    gardes = [Importation(chemin, Choix(choisir=(dit,))).plan.elements[0].nom for dit in ("214", "2", "1-2")]
    assert gardes == ["214", "214", "2"]
    with pytest.raises(ErreurCalcul, match="rien ne répond à « 215 »"):
        assert Importation(chemin, Choix(choisir=("215",))).plan


@pytest.mark.parametrize("champs", [{"IDU": "930660000A0931"}, {"contenance": 412, "numero": "931"}])
def test_les_champs_du_cadastre_disent_une_parcelle(tmp_path, champs):
    """Names of the cadastre (DGFiP, Etalab) in a file whose layer says nothing."""
    (candidat,) = Importation(fichier(tmp_path, contour(2.345, 48.93, 3e-4, 2e-4, **champs))).candidats
    assert (candidat.nature, candidat.proposee) == ("parcelle", True)


@pytest.mark.donnees_partagees
def test_les_champs_d_un_geopackage_et_d_un_shapefile_sont_comptes():
    """18 parcels: TEX, SUPF and the two others, 69 values by the table itself; IDU names them."""
    laisses = Importation(partage("plans/shp_cadastre_parcelles_CC44.shp")).releve.laisses
    ((quoi, combien),) = laisses.items()
    assert quoi.startswith("valeurs des champs étrangers au plan (« TEX », « SUPF »")
    assert combien == 18 + 18 + 18 + 15


@pytest.mark.donnees_partagees
@pytest.mark.parametrize("nom", ["dxf_barcelone_plan_m.dxf", "dxf_barcelone_plan_cm_derive.dxf"])
def test_des_murs_qui_ne_ferment_rien_se_refusent_avec_leur_emprise(nom):
    """17.05 m² of nine wall footprints, by the table of right values: no building of 1,077.9 m², no plan of 5.47."""
    with pytest.raises(ErreurDonnees, match=r"rien qui se mesure.*leurs propres emprises \(9, 17,05 m²"):
        assert Importation(partage(f"plans/{nom}")).plan
