"""Files of the trade made plans: right values of the shared files, what is asked, what is left out, our own export read again.

Areas and rectangles were computed apart (pyogrio, shapely, pyproj) when the files were gathered.
"""

import json
import os
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pope_foncier as pf
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.lecteurs import LECTEURS, NON_LUS, lire_releve
from pope_foncier.lieu.fichiers.questions import questions, repondre
from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.plan_lecture import en_geojson, lire_plan
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from tests.cli.commandes import lancer
from tests.conftest import RACINE, sauter

CAS = RACINE / "tests" / "cas" / "plans_importes"
PARTAGE = Path(os.environ.get("POPE_PARTAGE", RACINE.parent / "shared")) / "data"


def partage(nom):
    chemin = PARTAGE / nom
    if not chemin.is_file():
        sauter("fichiers de plans absents")
    return chemin


def surfaces(plan, nature="batiment"):
    return [e.forme.area for e in plan.elements if e.element.nature == nature]


@pytest.mark.donnees_partagees
@pytest.mark.parametrize(
    ("fichier", "options", "nature", "surface", "cotes"),
    [
        ("plans/gpkg_bdtopo_batiment_L93.gpkg", {"choisir": ["plus_grand"]}, "batiment", 136.08, (15.98, 12.92)),
        ("plans/gpkg_bdtopo_batiment_L93.gpkg", {"choisir": ["3"]}, "batiment", 15.76, None),
        ("plans/gpkg_cadastre_deux_couches_L93.gpkg", {"choisir": ["couche=batiments,1-43,plus_grand"]}, "batiment", 257.54, (30.79, 14.50)),
        ("plans/gpkg_cadastre_deux_couches_L93.gpkg", {"choisir": ["IDU=0290000A0931"]}, "parcelle", 8653.23, (184.01, 84.43)),
        ("plans/geojson_rnb_export_qgis.geojson", {"choisir": ["rnb_id=3"]}, "batiment", 93.10, (16.68, 6.60)),
        ("plans/geojson_osm_batiments_chambery.geojson", {"choisir": ["plus_grand"]}, "batiment", 1093.87, None),
        ("plans/geojson_osm_batiments_chambery.geojson", {"choisir": ["osm_way_id=101945233"]}, "batiment", 1093.87, None),
        (
            "plans/kml_quatre_batiments_dossiers.kml",
            {"natures": ["#Bingo=batiment"], "choisir": ["Building 40"]},
            "batiment",
            7505.7,
            (178.61, 69.14),
        ),
        (
            "plans/kml_quatre_batiments_dossiers.kml",
            {"natures": ["#Bingo=batiment"], "choisir": ["nom=Building 43"]},
            "batiment",
            8690.1,
            (194.16, 62.00),
        ),
        ("outlines/station_redon_osm_2019-09.geojson", {"choisir": ["role=station_building"]}, "batiment", 872.5, (100.2, 9.2)),
        ("outlines/station_pont_de_veyle_osm_2022-03.geojson", {"choisir": ["role=station_building"]}, "batiment", 178.3, (22.2, 8.1)),
    ],
)  # fmt: skip
def test_un_fichier_vu_donne_son_contour_a_sa_juste_surface(fichier, options, nature, surface, cotes):
    from pope_foncier.lieu.geometrie import cotes_du_rectangle_m

    ouvert = pf.carnets.importer(partage(fichier), **options)
    (element,) = ouvert.plan.elements
    assert element.element.nature == nature
    assert element.forme.area == pytest.approx(surface, rel=3e-4)
    if cotes:
        assert cotes_du_rectangle_m(element.forme) == pytest.approx(cotes, abs=0.06)


@pytest.mark.donnees_partagees
@pytest.mark.parametrize(
    ("fichier", "nombre", "total"),
    [
        ("plans/gpkg_bdtopo_batiment_L93.gpkg", 6, 314.59),
        ("plans/shp_cadastre_parcelles_CC44.shp", 18, 45149.16),
        ("plans/geojson_rnb_export_qgis.geojson", 11, 451.28),
        ("plans/geojson_osm_batiments_chambery.geojson", 75, 16268.69),
        ("plans/kml_quatre_batiments_dossiers.kml", 4, 23028.4),
    ],
)
def test_la_liste_dit_tout_ce_que_le_fichier_dessine(fichier, nombre, total):
    contours = pf.carnets.importer(partage(fichier)).importation.plus_grands()
    assert len(contours) == nombre
    assert sum(c.surface for c, _ in contours) == pytest.approx(total, abs=0.06)


@pytest.mark.donnees_partagees
def test_une_parcelle_en_cc44_est_ecrite_en_lambert_93_et_les_deux_surfaces_sont_dites(tmp_path):
    """Plane areas differ from one projection to the other: 8,646.27 m² in CC44, 8,653.23 in Lambert-93."""
    ouvert = pf.carnets.importer(
        partage("plans/shp_cadastre_parcelles_CC44.shp"),
        natures=["parcelle"],
        choisir=["TEX=931"],
        statut="publie",
        date=date(2026, 11, 29),
    )
    (ecrit,) = ouvert.ecrire(tmp_path)
    texte = ecrit.read_text(encoding="utf-8").replace("\n# ", " ").replace("\u202f", " ").replace("\u00a0", " ")
    assert "conique conforme CC44 (EPSG:3944), d'après le fichier" in texte
    assert "8 646,3 m² dans le système du fichier" in texte
    assert "non choisis (parcelle) : 17" in texte
    (parcelle,) = lire_plan(ecrit).elements
    assert parcelle.forme.area == pytest.approx(8653.23, abs=0.05)


@pytest.mark.donnees_partagees
def test_des_couches_de_deux_natures_se_choisissent_ensemble():
    ouvert = pf.carnets.importer(
        partage("plans/gpkg_cadastre_deux_couches_L93.gpkg"), choisir=["TEX=931", "couche=batiments,plus_grand"]
    )
    assert [e.element.nature for e in ouvert.plan.elements] == ["parcelle", "batiment"]


@pytest.mark.donnees_partagees
def test_une_carte_de_batiments_ne_donne_pas_de_pieces():
    importation = pf.carnets.importer(partage("plans/geojson_osm_batiments_chambery.geojson")).importation
    assert {c.nature for c in importation.candidats} == {"batiment"}
    (question,) = questions(importation)
    assert question.option == "--choisir"
    assert "75 bâtiments" in question.invite


@pytest.mark.donnees_partagees
def test_une_gare_avec_ses_voies(tmp_path):
    """Redon: 4.9 m from the wall of the station to the nearest rail, by the index of the outlines."""
    from pope_foncier.lieu.rail import distance_au_rail_m

    chemin = partage("outlines/station_redon_osm_2019-09.geojson")
    ouvert = pf.carnets.importer(
        chemin, choisir=["role=station_building", "role=rail"], natures=["station_building=batiment", "rail=voie"]
    )
    assert distance_au_rail_m(ouvert.plan) == pytest.approx(4.9, abs=0.05)
    assert all(e.element.hauteur_m is None for e in ouvert.plan.elements), (
        "« height = 30 » d'un plain-pied reste un texte"
    )


@pytest.mark.donnees_partagees
@pytest.mark.parametrize(
    ("fichier", "dit"),
    [
        ("plans/dxf_barcelone_plan_m.dxf", "c'est un DXF"),
        ("plans/ifc2x3_duplex_espaces.ifc", "c'est un IFC"),
        ("plans/gpkg_bdtopo_batiment_L93.gpkg", "c'est un GeoPackage"),
        ("plans/shp_cadastre_parcelles_CC44.shp", "c'est un Shapefile"),
        ("plans/shp_cadastre_parcelles_CC44.dbf", "la table d'un Shapefile"),
        ("plans/kml_quatre_batiments_dossiers.kml", "c'est un KML"),
        ("plans/xlsx_cobie_duplex.xlsx", "c'est un tableau de locaux"),
        ("plans/csv_programme_clinique.csv", "c'est un tableau de locaux"),
        ("plans/geojson_osm_batiments_chambery.geojson", "contours sans nature : 75"),
    ],
)
def test_un_fichier_d_un_autre_genre_a_ses_propres_mots(fichier, dit):
    with pytest.raises(ErreurDonnees) as erreur:
        lire_plan(partage(fichier))
    assert dit in str(erreur.value)
    assert "pope-foncier plan importer" in str(erreur.value)
    assert "YAML, ligne" not in str(erreur.value)


@pytest.mark.donnees_partagees
def test_chaque_fichier_vu_se_liste_ou_se_refuse_dans_ses_mots():
    """Eighteen files of plans, two maps of stations and their index: what each holds, or a refusal of its own; one is of a schema that nobody reads."""
    fichiers = sorted(
        f
        for d in ("plans", "outlines")
        for f in (PARTAGE / d).glob("*.*")
        if f.suffix not in (".md", ".dbf", ".shx", ".prj", ".cpg")
    )
    if not fichiers:
        sauter("fichiers de plans absents")
    lus, refuses = [], {}
    for fichier in fichiers:
        try:
            lus += [fichier.name] if pf.carnets.importer(fichier).tables() else []
        except ErreurDonnees as erreur:
            refuses[fichier.name] = str(erreur)
    assert len(lus) == 19
    assert sorted(refuses) == ["ifc4rc4_schema_non_standard.ifc", "station_outlines_index.csv"]
    assert "schéma « IFC4RC4 » non lu" in refuses["ifc4rc4_schema_non_standard.ifc"]
    assert "colonnes absentes : nom, surface" in refuses["station_outlines_index.csv"]


@pytest.mark.parametrize("suffixe", sorted(NON_LUS))
def test_un_format_ferme_dit_quoi_demander_a_la_place(tmp_path, suffixe):
    with pytest.raises(ErreurDonnees, match="ce format n'est pas lu"):
        lire_releve(tmp_path / f"plan{suffixe}")


@pytest.mark.parametrize("suffixe", [*LECTEURS, ".txt", ""])
def test_un_fichier_abime_n_a_qu_une_phrase(tmp_path, suffixe):
    chemin = tmp_path / f"plan{suffixe}"
    chemin.write_bytes(b"\x00\x01 rien de lisible \xff" * 9)
    with pytest.raises((ErreurDonnees, ErreurCalcul)):
        assert pf.carnets.importer(chemin).plan


def geojson(tmp_path, traits, nom="carte.geojson", **tete):
    chemin = tmp_path / nom
    chemin.write_text(json.dumps({"type": "FeatureCollection", "features": traits, **tete}), encoding="utf-8")
    return chemin


def trait(points, genre="Polygon", **proprietes):
    return {"type": "Feature", "properties": proprietes, "geometry": {"type": genre, "coordinates": points}}


def rectangle(x, y, largeur, hauteur):
    return [[x, y], [x + largeur, y], [x + largeur, y + hauteur], [x, y + hauteur], [x, y]]


def test_une_carte_etrangere_se_lit_avec_ses_comptes():
    """A ring with a bridge to its hole, by hand: 20 × 12 less a hole of 4 × 4."""
    pont = lire_plan(CAS / "16_pont_trou.geojson")
    assert surfaces(pont) == pytest.approx([224.0])
    assert len(pont.elements[0].forme.interiors) == 1
    assert "ponts d'un contour vers son trou" in pont.remarques[0]
    etrangeres = lire_plan(CAS / "17_props_etrangeres.geojson")
    assert surfaces(etrangeres) == [240.0]
    assert "(« layer », « fid ») : 2" in etrangeres.remarques[0]
    qgis = lire_plan(CAS / "23_export_qgis.geojson")
    assert qgis.fiche.statut == "hypothese"
    assert "dont rien ne dit s'il est relevé" in qgis.fiche.base


def test_points_collections_et_objets_vides_sont_comptes(tmp_path):
    carte = geojson(
        tmp_path,
        [
            trait([rectangle(2.345, 48.935, 0.0003, 0.0002)], building="yes"),
            trait([2.345, 48.935], "Point", name="arrêt"),
            {"type": "Feature", "properties": {}, "geometry": None},
            {"type": "Feature", "properties": {}, "geometry": {"type": "GeometryCollection", "geometries": []}},
        ],
    )
    ouvert = pf.carnets.importer(carte)
    assert len(ouvert.plan.elements) == 1
    laisse = " ".join(ouvert.phrases())
    for quoi in ("objets sans géométrie : 1", "géométries composées : 1", "points sans nature : 1"):
        assert quoi in laisse.replace("\u00a0", " ")


def test_les_morceaux_d_un_multipolygone_se_choisissent(tmp_path):
    morceaux = [[rectangle(0, 0, 20, 10)], [rectangle(40, 0, 5, 4)]]
    carte = geojson(tmp_path, [trait(morceaux, "MultiPolygon", nature="batiment", nom="Halle")], systeme="local")
    importation = Importation(carte)
    assert [c.objet.nom for c in importation.candidats] == ["Halle (morceau 1 sur 2)", "Halle (morceau 2 sur 2)"]
    assert surfaces(pf.carnets.importer(carte, choisir=["2"]).plan) == [20.0]


@pytest.mark.parametrize(
    ("systeme", "code"),
    [
        ("CC48", "EPSG:3948"),
        ("CC49", "EPSG:3949"),
        ("CC50", "EPSG:3950"),
        ("EPSG:3857", "EPSG:3857"),
        ("urn:ogc:def:crs:EPSG::2154", "EPSG:2154"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "EPSG:4326"),
        ("EPSG:32631", "EPSG:32631"),
    ],
)
def test_chaque_systeme_ramene_le_meme_batiment(tmp_path, systeme, code):
    """One rectangle of 20 × 10 m at Saint-Denis, written in each system by pyproj: same place, same area in Lambert-93."""
    from shapely import box
    from shapely.geometry import mapping

    ici = box(652000, 6870000, 652020, 6870010)
    carte = geojson(
        tmp_path,
        [{"type": "Feature", "properties": {"building": "yes"}, "geometry": mapping(projeter(ici, LAMBERT93, code))}],
        crs={"type": "name", "properties": {"name": systeme}},
    )
    plan = pf.carnets.importer(carte).plan
    assert plan.fiche.systeme == "lambert93"
    assert plan.elements[0].forme.hausdorff_distance(ici) < 0.002


def test_un_systeme_tu_se_devine_et_se_demande(tmp_path):
    """Lambert-93 numbers without « crs »: guessed and asked; not asked when they fall on the position of the site."""
    from shapely.geometry import Point

    ici = projeter(Point(2.34595, 48.93549), WGS84, LAMBERT93)
    carte = geojson(tmp_path, [trait([rectangle(ici.x, ici.y, 20, 10)], building="yes")])
    (question,) = pf.carnets.importer(carte).questions()
    assert (question.option, question.propose) == ("--systeme", "EPSG:2154")
    with pytest.raises(ErreurDonnees, match="ajouter --systeme EPSG:2154"):
        assert pf.carnets.importer(carte).plan
    assert surfaces(pf.carnets.importer(carte, site="gare_saint_denis").plan) == pytest.approx([200.0])
    with pytest.raises(ErreurDonnees, match="km de la position du site"):
        assert pf.carnets.importer(carte, site="gare_saint_denis", systeme="CC42").plan


def test_un_dessin_sans_unite_la_demande(tmp_path):
    """20 × 10 m drawn in millimetres without a word: 200,000,000 square units; only millimetres make a building of study size."""
    carte = geojson(tmp_path, [trait([rectangle(0, 0, 20_000, 10_000)], building="yes")])
    question = pf.carnets.importer(carte).questions()[0]
    assert (question.option, question.propose) == ("--unite", "mm")
    assert "200,0 m²" in question.invite.replace("\u00a0", " ")
    assert surfaces(pf.carnets.importer(carte, unite="millimètres").plan) == [200.0]
    with pytest.raises(ErreurDonnees, match="Unité probable : millimètres, soit 200"):
        assert pf.carnets.importer(carte, unite="m").plan


def test_les_questions_se_suivent_et_une_mauvaise_reponse_se_redemande(tmp_path):
    carte = geojson(
        tmp_path,
        [
            trait([rectangle(0, 0, 20, 10)], calque="A"),
            trait([rectangle(1, 1, 5, 4)], calque="B", name="Zorglub"),
            trait([rectangle(7, 1, 5, 4)], calque="B", name="Salle d'éveil"),
        ],
    )
    importation = Importation(carte)
    posees = []
    for reponse in ("m", "batiment", "piece", "hangar", "rangement"):
        question = questions(importation)[0]
        posees.append((question.option, question.sujet))
        if reponse == "hangar":
            with pytest.raises(ErreurCalcul, match="hangar"):
                repondre(importation, question, reponse)
        else:
            importation = repondre(importation, question, reponse)
    assert posees == [
        ("--unite", ""),
        ("--nature", "A"),
        ("--nature", "B"),
        ("--fonction", "Zorglub"),
        ("--fonction", "Zorglub"),
    ]
    assert not questions(importation)
    assert [e.element.fonction for e in importation.plan.de_nature("piece")] == ["rangement", "eveil"]


def test_une_couche_inconnue_ou_un_choix_vide_se_dit(tmp_path):
    carte = geojson(tmp_path, [trait([rectangle(2.345, 48.935, 0.0003, 0.0002)], building="yes", ref="A1")])
    with pytest.raises(ErreurCalcul, match="Champ « ref ». Connus : A1"):
        assert pf.carnets.importer(carte, choisir=["ref=Z9"]).plan
    with pytest.raises(ErreurCalcul, match="couche « murs » n'existe pas"):
        assert pf.carnets.importer(carte, natures=["murs=batiment"]).plan
    with pytest.raises(ErreurCalcul, match="Peut-être : batiment"):
        pf.carnets.importer(carte, natures=["batimant"])


@pytest.mark.parametrize("cible", [None, "wgs84", "lambert93"])
@pytest.mark.parametrize("systeme", ["local", "lambert93", "wgs84"])
def test_notre_geojson_relu_est_le_meme_plan(tmp_path, systeme, cible):
    x, y, pas = {"local": (0, 0, 1), "lambert93": (652000, 6870000, 1), "wgs84": (2.345, 48.935, 1e-5)}[systeme]

    def points(*places):
        return "[" + ", ".join(f"[{x + a * pas}, {y + b * pas}]" for a, b in places) + "]"

    chemin = tmp_path / "plan.yaml"
    chemin.write_text(
        f'titre: Essai\nstatut: publie\nsysteme: {systeme}\nsource: {{titre: "Relevé", consulte_le: 2026-11-29}}\nelements:\n'
        f"  - {{nature: batiment, nom: Halle, points: {points((0, 0), (20, 0), (20, 12), (0, 12))}, trous: [{points((8, 4), (12, 4), (12, 8))}]}}\n"
        f"  - {{nature: piece, nom: Éveil, fonction: eveil, niveau: 0, hauteur_m: 3, points: {points((1, 1), (7, 1), (7, 3))}, equipements: {{lits: 4}}}}\n"
        f"  - {{nature: porte, points: {points((2, 1), (3, 1))}, largeur_passage_m: 0.9, vers: [{x + 2 * pas}, {y + 2 * pas}]}}\n"
        f"  - {{nature: sortie, points: {points((0, 1))}}}\n"
        f"  - {{nature: voie, points: {points((0, 20), (20, 20))}}}\n",
        encoding="utf-8",
    )
    origine = lire_plan(chemin)
    copie = tmp_path / "copie.geojson"
    copie.write_text(en_geojson(origine, cible), encoding="utf-8")
    relu = lire_plan(copie)
    if cible in (None, systeme) or systeme == "local":
        assert relu.fiche == origine.fiche
    for a, b in zip(origine.elements, relu.elements, strict=True):
        assert a.forme.hausdorff_distance(b.forme) < 1e-6
        assert a.element.vers is None or a.element.vers == pytest.approx(b.element.vers, abs=1e-6)
    assert not relu.remarques
    importe = pf.carnets.importer(copie).plan
    assert [e.element.nature for e in importe.elements] == [e.element.nature for e in origine.elements]
    assert surfaces(importe) == pytest.approx(surfaces(origine), abs=0.05)


def test_la_commande_ecrit_un_plan_qui_se_lit_et_n_ecrase_rien(tmp_path):
    carte = geojson(tmp_path, [trait([rectangle(2.345, 48.935, 0.0003, 0.0002)], building="yes", name="Halle : « A »")])
    sortie = tmp_path / "halle.yaml"
    demande = (
        "plan",
        "importer",
        str(carte),
        "--sortie",
        str(sortie),
        "--date",
        "29/11/2026",
        "--site",
        "gare_saint_denis",
    )
    fait = lancer(*demande)
    assert fait.returncode == 0, fait.stderr
    assert "carte.geojson (GeoJSON)" in fait.stdout
    texte = sortie.read_text(encoding="utf-8")
    assert texte.startswith("# Plan importé de carte.geojson (GeoJSON) le 29 novembre 2026.\n")
    assert yaml.safe_load(texte)["site"] == "gare_saint_denis"
    assert lire_plan(sortie).elements[0].element.nom == "Halle : « A »"
    encore = lancer(*demande)
    assert encore.returncode == 2
    assert "existe déjà" in encore.stderr


def test_un_plan_publie_peut_etre_dit_suppose(tmp_path):
    carte = geojson(
        tmp_path,
        [trait([rectangle(0, 0, 20, 10)], nature="batiment")],
        systeme="local",
        statut="publie",
        source={"titre": "Relevé", "consulte_le": "2026-11-29"},
    )
    assert pf.carnets.importer(carte).plan.fiche.statut == "publie"
    suppose = pf.carnets.importer(carte, statut="hypothese").plan.fiche
    assert (suppose.statut, suppose.source.consulte_le) == ("hypothese", date(2026, 11, 29))
    assert "carte.geojson" in suppose.base


def test_sans_terminal_la_commande_dit_les_options_qui_manquent(tmp_path):
    carte = geojson(
        tmp_path, [trait([rectangle(0, 0, 20, 10)], calque="A"), trait([rectangle(30, 0, 20, 10)], calque="B")]
    )
    fait = lancer("plan", "importer", str(carte), "--sortie", str(tmp_path))
    assert fait.returncode == 2
    for attendu in ("ajouter --unite m", 'ajouter --nature "A=batiment"', 'ajouter --nature "B=batiment"'):
        assert attendu in fait.stderr
    assert not list(tmp_path.glob("*.yaml"))


def test_plan_dessine_toujours_sans_le_dire(tmp_path):
    fait = lancer("plan", "gare_saint_denis_suppose", "--date", "2026-12-01", "--sortie", str(tmp_path))
    assert fait.returncode == 0, fait.stderr
    assert {f.suffix for f in tmp_path.iterdir()} == {".svg", ".pdf", ".png", ".geojson", ".dxf"}


@pytest.mark.parametrize(
    ("anneau", "tete", "attendu"),
    [
        ([[y, x] for x, y in rectangle(2.345, 48.935, 0.0003, 0.0002)], {}, "latitude et longitude semblent inversées"),
        (rectangle(652000, 6870000, 20, 10), {"crs": {"properties": {"name": "EPSG:4326"}}}, "essayer « --systeme EPSG:2154 »"),
        (rectangle(600000, 2430000, 20, 10), {}, "ressemble à du Lambert II étendu, à reprojeter"),
        (rectangle(600000, 2430000, 20, 10), {"crs": {"properties": {"name": "EPSG:27572"}}}, "non admis"),
    ],
)  # fmt: skip
def test_un_systeme_faux_est_dit(tmp_path, anneau, tete, attendu):
    with pytest.raises(ErreurDonnees) as erreur:
        assert pf.carnets.importer(geojson(tmp_path, [trait([anneau], building="yes")], **tete)).plan
    assert attendu in str(erreur.value)


def test_hors_de_france_le_plan_est_en_axes_locaux(tmp_path):
    """Réunion, UTM 40 south: a rectangle of 0.0003° × 0.0002° at 20.88° S is 31.2 × 22.1 m on the ellipsoid (pyproj), some 691 m²."""
    carte = geojson(tmp_path, [trait([rectangle(55.45, -20.88, 0.0003, 0.0002)], building="yes")])
    ouvert = pf.carnets.importer(carte)
    assert ouvert.plan.fiche.systeme == "local"
    assert surfaces(ouvert.plan) == pytest.approx([691], rel=0.005)
    assert "UTM zone 40 sud (EPSG:32740)" in " ".join(ouvert.phrases()).replace("\u00a0", " ")
    with pytest.raises(ErreurDonnees, match="hors de la France métropolitaine"):
        assert pf.carnets.importer(carte, site="gare_saint_denis").plan


def test_une_nature_mal_ecrite_dans_notre_fichier_est_dite(tmp_path):
    carte = geojson(tmp_path, [trait([rectangle(0, 0, 20, 10)], nature="batimant")], statut="hypothese", base="essai")
    with pytest.raises(ErreurDonnees, match="nature « batimant » inconnue. À faire : Peut-être : batiment"):
        lire_plan(carte)


@pytest.mark.parametrize(
    ("anneau", "attendu"),
    [
        (rectangle(652000, 6870000, 20, 10), "plan importer carte.geojson --systeme"),
        (rectangle(600000, 2430000, 20, 10), "Lambert II étendu"),
        (rectangle(0, 0, 2000, 1000), "plan importer carte.geojson --unite"),
    ],
)
def test_un_geojson_dont_le_systeme_ou_l_unite_se_devine_n_est_pas_lu_sans_question(tmp_path, anneau, attendu):
    with pytest.raises(ErreurDonnees) as erreur:
        lire_plan(geojson(tmp_path, [trait([anneau], nature="batiment")]))
    assert attendu in str(erreur.value)


def test_l_identifiant_designe_un_batiment_et_ne_nomme_que_ce_qui_se_confond(tmp_path):
    traits = [
        trait([rectangle(2.345 + i / 1000, 48.935, 0.0003, 0.0002)], building="yes", osm_id=f"way/{i}") for i in (1, 2)
    ]
    carte = geojson(tmp_path, traits)
    (seul,) = pf.carnets.importer(carte, choisir=["way/2"]).plan.elements
    assert seul.element.nom is None
    assert [e.element.nom for e in pf.carnets.importer(carte, choisir=["tout"]).plan.elements] == ["way/1", "way/2"]


@pytest.mark.donnees_partagees
def test_un_shapefile_sans_son_index_le_dit(tmp_path):
    seul = tmp_path / "parcelles.shp"
    seul.write_bytes(partage("plans/shp_cadastre_parcelles_CC44.shp").read_bytes())
    with pytest.raises(ErreurDonnees, match="« parcelles.shx » et « parcelles.dbf » manquent"):
        lire_releve(seul)


@pytest.mark.donnees_partagees
def test_un_shapefile_en_windows_1252_garde_ses_accents(tmp_path):
    """The table of a Shapefile without its .cpg is read as it was written, or as Windows does."""
    origine = partage("plans/shp_cadastre_parcelles_CC44.shp")
    for suffixe in (".shp", ".shx", ".dbf", ".prj"):
        (tmp_path / f"p{suffixe}").write_bytes(
            origine.with_suffix(suffixe).read_bytes().replace(b"0290000A0942", b"0290000A\xe9942")
        )
    noms = [o.nom for o in lire_releve(tmp_path / "p.shp").objets]
    assert noms[0] == "0290000Aé942"


@pytest.mark.donnees_partagees
@pytest.mark.parametrize("part", [0.0005, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize(
    "nom", ["gpkg_bdtopo_batiment_L93.gpkg", "kml_quatre_batiments_dossiers.kml", "geojson_rnb_export_qgis.geojson"]
)
def test_un_fichier_coupe_n_a_qu_une_phrase(tmp_path, nom, part):
    octets = partage(f"plans/{nom}").read_bytes()
    coupe = tmp_path / nom
    coupe.write_bytes(octets[: int(len(octets) * part)])
    with pytest.raises(ErreurDonnees) as erreur:
        assert pf.carnets.importer(coupe, natures=["batiment"], choisir=["plus_grand"]).plan
    assert "1 erreur" in str(erreur.value)


def test_un_faux_kml_n_ouvre_rien_d_autre(tmp_path):
    """A virtual data set named .kml would have the library read another file."""
    faux = tmp_path / "plan.kml"
    faux.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="kml"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer><!-- <kml --></OGRVRTDataSource>'
    )
    with pytest.raises(ErreurDonnees, match="ce n'est pas un KML"):
        lire_releve(faux)


def test_un_plan_donne_au_lecteur_de_classeurs_est_renvoye_a_l_importation(tmp_path):
    fait = lancer("importer", str(tmp_path / "plan.dxf"))
    assert fait.returncode == 2
    assert "c'est un DXF" in fait.stderr
    assert "pope-foncier plan importer" in fait.stderr


NOMBRES = st.one_of(st.floats(-1e7, 1e7), st.integers(-3, 60), st.text(max_size=2), st.none(), st.booleans())
ANNEAUX = st.recursive(NOMBRES, lambda x: st.lists(x, max_size=5), max_leaves=25)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    genre=st.sampled_from(
        ["Polygon", "MultiPolygon", "LineString", "Point", "MultiPoint", "GeometryCollection", "Zut"]
    ),
    coordonnees=ANNEAUX,
    proprietes=st.dictionaries(
        st.sampled_from(["nature", "nom", "name", "layer", "building", "niveau", "hauteur_m"]), NOMBRES
    ),
    crs=st.sampled_from(["", "EPSG:2154", "EPSG:3857", "EPSG:9", "zut"]),
)
def test_une_carte_quelconque_donne_un_plan_ou_une_phrase(tmp_path, genre, coordonnees, proprietes, crs):
    carte = geojson(
        tmp_path,
        [{"properties": proprietes, "geometry": {"type": genre, "coordinates": coordonnees}}],
        crs={"properties": {"name": crs}},
    )
    try:
        ouvert = pf.carnets.importer(carte, natures=["batiment"], unite="m")
        assert ouvert.tables()
        assert ouvert.plan.elements
    except (ErreurDonnees, ErreurCalcul) as erreur:
        assert str(erreur)  # noqa: PT017
