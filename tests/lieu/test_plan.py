"""Plans: what is refused, with the element and the place; all the faults at once; GeoJSON there and back."""

import contextlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pope_foncier.lieu.plan_lecture import en_geojson, lire_plan
from pope_foncier.socle.erreurs import ErreurDonnees

TETE = 'titre: Essai\nstatut: hypothese\nbase: "essai"\nsysteme: {systeme}\nelements:\n'
BATIMENT = "  - {nature: batiment, nom: Gare, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n"


def plan(tmp_path, elements, systeme="local", pres_de=None):
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(TETE.format(systeme=systeme) + elements, encoding="utf-8")
    return lire_plan(chemin, pres_de)


def refus(tmp_path, elements, systeme="local", pres_de=None):
    with pytest.raises(ErreurDonnees) as erreur:
        plan(tmp_path, elements, systeme, pres_de)
    return str(erreur.value).replace("\u202f", " ")


PAPILLON = "  - {nature: cour, nom: Cour, points: [[0, 0], [4, 4], [4, 0], [0, 4]]}\n"
DEGRES = "  - {nature: batiment, points: [[2.345, 48.935], [2.3453, 48.935], [2.3453, 48.9352], [2.345, 48.9352]]}\n"
INVERSES = "  - {nature: batiment, points: [[48.935, 2.345], [48.935, 2.3453], [48.9352, 2.3453]]}\n"
PLAT = "  - {nature: cour, points: [[0, 0], [4, 0], [8, 0]]}\n"
LAMBERT_2 = "  - {nature: batiment, points: [[600000, 2430000], [600010, 2430000], [600010, 2430010]]}\n"
MERCATOR = "  - {nature: batiment, points: [[261150, 6262000], [261160, 6262000], [261160, 6262010]]}\n"
PIECES = BATIMENT + (
    "  - {nature: piece, nom: Éveil, fonction: eveil, points: [[0, 0], [8, 0], [8, 5], [0, 5]]}\n"
    "  - {nature: piece, nom: Sieste, fonction: sommeil, points: [[7, 0], [12, 0], [12, 5], [7, 5]]}\n"
    "  - {nature: piece, nom: Bureau, fonction: bureau, points: [[18, 8], [22, 8], [22, 10], [18, 10]]}\n"
)


@pytest.mark.parametrize(
    ("elements", "systeme", "attendu"),
    [
        (PAPILLON, "local", "se recoupe au point (2 ; 2)"),
        (DEGRES, "local", "mesuré en degrés"),
        (INVERSES, "wgs84", "latitude et longitude inversées"),
        (DEGRES, "lambert93", "ressemblent à du WGS84 (degrés)"),
        (LAMBERT_2, "lambert93", "ressemblent à du Lambert II étendu"),
        (LAMBERT_2, "local", "trop loin de l'origine"),
        (PLAT, "local", "n'enferme aucune surface"),
        ("  - {nature: cour, points: [[0, 0], [4, 0]]}\n", "local", "au moins 3 points attendus, 2 trouvé(s)"),
        ("  - {nature: piece, points: [[0, 0], [4, 0], [4, 4]]}\n", "local", "pièce sans fonction"),
    ],
)
def test_geometrie_refusee(tmp_path, elements, systeme, attendu):
    message = refus(tmp_path, elements, systeme)
    assert attendu in message
    assert "ligne 6" in message


def test_toutes_les_fautes_d_un_coup_avec_leur_lieu(tmp_path):
    message = refus(tmp_path, PIECES)
    assert "2 erreurs" in message
    assert "« Sieste » : recouvre « Éveil » sur 5,0 m², autour du point (7,5 ; 2,5)" in message
    assert "« Bureau » : sort du bâtiment de 4,0 m²" in message
    assert "ligne 8" in message
    assert "ligne 9" in message


def test_deux_niveaux_ne_se_recouvrent_pas(tmp_path):
    etage = PIECES.replace("fonction: sommeil", "fonction: sommeil, niveau: 1").rpartition("  - ")[0]
    assert len(plan(tmp_path, etage).de_nature("piece", 0)) == 1


def test_une_cour_sur_le_batiment_est_refusee(tmp_path):
    cour = BATIMENT + "  - {nature: cour, nom: Cour, points: [[15, 0], [25, 0], [25, 10], [15, 10]]}\n"
    assert "« Cour » : recouvre « Gare » sur 50,0 m²" in refus(tmp_path, cour)


def test_un_plan_projete_ailleurs_que_son_site_est_refuse(tmp_path):
    message = refus(tmp_path, MERCATOR, "lambert93", pres_de=(2.34595, 48.93549))
    assert "km de la position du site" in message
    assert plan(tmp_path, DEGRES, "wgs84", pres_de=(2.34595, 48.93549)).formes("batiment")


def test_un_plan_suppose_dit_pourquoi(tmp_path):
    chemin = tmp_path / "plan.yaml"
    chemin.write_text((TETE.format(systeme="local") + BATIMENT).replace('base: "essai"\n', ""), encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="plan supposé sans « base »"):
        lire_plan(chemin)


@pytest.mark.parametrize("cible", [None, "lambert93"])
def test_geojson_aller_retour(tmp_path, cible):
    origine = plan(tmp_path, DEGRES + "  - {nature: voie, points: [[2.345, 48.9349], [2.346, 48.9349]]}\n", "wgs84")
    copie = tmp_path / "plan.geojson"
    copie.write_text(en_geojson(origine, cible), encoding="utf-8")
    relu = lire_plan(copie)
    assert relu.fiche.systeme == (cible or "wgs84")
    for a, b in zip(origine.elements, relu.elements, strict=True):
        assert a.element.nature == b.element.nature
        assert a.forme.hausdorff_distance(b.forme) < 1e-6


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        ("{", "ce n'est pas du JSON"),
        ('{"type": "Feature"}', "« features » absent"),
        ('{"features": [], "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::27572"}}}', "27572 » non admis"),
        (
            json.dumps(
                {
                    "features": [
                        {"properties": {"nature": "cour"}, "geometry": {"type": "Point", "coordinates": [2, 48]}}
                    ]
                }
            ),
            "Laissé de côté : points là où un autre tracé est attendu (cour) : 1",
        ),
        ('{"features": [{"geometry": {"type": "Polygon", "coordinates": 5}}]}', "coordonnées illisibles"),
        ('{"features": [null, {"properties": null, "geometry": null}]}', "Laissé de côté : objets sans géométrie : 2"),
        (
            json.dumps(
                {
                    "statut": "hypothese",
                    "base": "b",
                    "features": [
                        {
                            "properties": {"nature": "cour"},
                            "geometry": {"type": "Polygon", "coordinates": [[["a", 1], 3, [1, 1], [0, 0]]]},
                        }
                    ],
                }
            ),
            "coordonnées illisibles",
        ),
    ],
)
def test_geojson_refuse_sans_trace(tmp_path, contenu, attendu):
    chemin = tmp_path / "plan.geojson"
    chemin.write_text(contenu, encoding="utf-8")
    with pytest.raises(ErreurDonnees) as erreur:
        lire_plan(chemin)
    assert attendu in str(erreur.value)


def test_mesures_d_un_plan(tmp_path):
    """By hand: 20 × 10 m building on a 30 × 20 m plot, a yard of 32 m² beside one of 14 m², a platform 3 m away."""
    from pope_foncier.lieu.mesures import mesurer_plan

    elements = BATIMENT + (
        "  - {nature: parcelle, points: [[-5, -5], [25, -5], [25, 15], [-5, 15]]}\n"
        "  - {nature: cour, points: [[20, 0], [24, 0], [24, 8], [20, 8]]}\n"
        "  - {nature: cour, points: [[0, -3.5], [4, -3.5], [4, 0], [0, 0]]}\n"
        "  - {nature: quai, points: [[0, 13], [20, 13], [20, 16], [0, 16]]}\n"
        "  - {nature: parc, nom: Square, points: [[220, 0], [260, 0], [260, 40]]}\n"
        "  - {nature: parc, nom: Loin, points: [[321, 0], [360, 0], [360, 40]]}\n"
    )
    m = mesurer_plan(plan(tmp_path, elements), 15, 300)
    assert (m.parcelle_m2, m.emprise_m2, m.perimetre_m) == (600, 200, 60)
    assert m.compacite == pytest.approx(4 * 3.14159265 * 200 / 3600)
    assert (m.cour_m2, m.cour_comptee_dense_m2, m.au_rail_m) == (46, 32, 3)
    assert m.parcs == (("Square", 200),)
    nu = mesurer_plan(plan(tmp_path, "  - {nature: cour, points: [[0, 0], [4, 0], [4, 4]]}\n"), 15, 300)
    assert nu.emprise_m2 != nu.emprise_m2, "sans bâtiment, rien n'est inventé"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.floats(-3, 300) | st.text(max_size=3),
    lambda x: (
        st.lists(x, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "nature", "coordinates", "x"]), x, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nature=st.sampled_from(["batiment", "piece", "cour", "voie", "rien"]),
    genre=st.sampled_from(["Polygon", "LineString", "MultiPolygon", "Point"]),
    coordonnees=JSON | st.lists(st.lists(st.lists(st.floats(-3, 60), min_size=2, max_size=3), max_size=6), max_size=2),
    reste=JSON,
)
def test_un_geojson_quelconque_est_lu_ou_refuse_en_francais(tmp_path, nature, genre, coordonnees, reste):
    traits = [
        {
            "properties": {"nature": nature, "fonction": "eveil"},
            "geometry": {"type": genre, "coordinates": coordonnees},
        },
        {"properties": reste, "geometry": reste},
    ]
    chemin = tmp_path / "plan.geojson"
    chemin.write_text(json.dumps({"statut": "hypothese", "base": "b", "features": traits}), encoding="utf-8")
    with contextlib.suppress(ErreurDonnees):
        lire_plan(chemin)


ANNEAU = [[2.345, 48.935], [2.3453, 48.935], [2.3453, 48.9352], [2.345, 48.9352]]


def test_un_anneau_geojson_non_ferme_garde_tous_ses_points(tmp_path):
    """Some exports leave the last point out: the outline is the same, not a triangle."""
    formes = []
    for anneau in (ANNEAU, [*ANNEAU, ANNEAU[0]]):
        chemin = tmp_path / "plan.geojson"
        trait = {"properties": {"nature": "cour"}, "geometry": {"type": "Polygon", "coordinates": [anneau]}}
        chemin.write_text(json.dumps({"statut": "hypothese", "base": "b", "features": [trait]}), encoding="utf-8")
        formes.append(lire_plan(chemin).elements[0].forme)
    assert formes[0].equals(formes[1])


@pytest.mark.parametrize(
    ("element", "attendu"),
    [
        ("nature: cour, points: [[0, 0], [4, 0], [4, 4]], trous: [[[1, 1], [2, 2]]]", "un trou demande au moins 3"),
        ("nature: cour, points: [[0, 0], [4, 0], [4, 4]], trous: [[]]", "un trou demande au moins 3"),
        ("nature: voie, points: [[0, 0], [4, 0]], trous: [[[1, 1], [2, 2], [2, 1]]]", "une ligne n'a pas de trou"),
    ],
)
def test_trou_impossible_refuse(tmp_path, element, attendu):
    assert attendu in refus(tmp_path, f"  - {{{element}}}\n")


def test_deux_parcelles_et_une_piece_dans_la_cour_sont_refusees(tmp_path):
    parcelle = "  - {nature: parcelle, nom: AB 12, points: [[-5, -5], [25, -5], [25, 15], [-5, 15]]}\n"
    voisine = "  - {nature: parcelle, nom: AB 13, points: [[24, -5], [40, -5], [40, 15], [24, 15]]}\n"
    assert "« AB 13 » : recouvre « AB 12 » sur 20,0 m²" in refus(tmp_path, parcelle + voisine)
    dehors = (
        "  - {nature: piece, nom: Éveil, fonction: eveil, points: [[0, 0], [8, 0], [8, 5], [0, 5]]}\n"
        "  - {nature: cour, nom: Cour, points: [[6, 0], [12, 0], [12, 5], [6, 5]]}\n"
    )
    assert "« Cour » : recouvre « Éveil » sur 10,0 m²" in refus(tmp_path, dehors)
    assert plan(tmp_path, dehors.replace("fonction: eveil", "fonction: eveil, niveau: 1")), "un étage en surplomb"


ETAGE = (
    "  - {nature: batiment, nom: Étage, niveau: 1, points: [[0, 0], [12, 0], [12, 10], [0, 10]]}\n"
    "  - {nature: piece, nom: Haut, fonction: bureau, niveau: 1, points: [[0.3, 0.3], [11.7, 0.3], [11.7, 9.7], [0.3, 9.7]]}\n"
)


def test_un_etage_a_son_propre_contour(tmp_path):
    trace = plan(tmp_path, BATIMENT + ETAGE)
    assert [b.forme.area for b in trace.batiments_du_niveau(1)] == [120]
    assert [b.forme.area for b in trace.batiments_du_niveau(2)] == [200], "sans contour, celui du rez-de-chaussée"
    large = ETAGE.replace("11.7, ", "13, ")
    assert "« Haut » : sort du bâtiment" in refus(tmp_path, BATIMENT + large)


def test_le_jour_d_un_etage_en_retrait_vient_de_son_contour(tmp_path):
    from pope_foncier.lieu.locaux import locaux_du_plan

    (haut,) = locaux_du_plan(plan(tmp_path, BATIMENT + ETAGE), 1.2)
    assert haut.jour_m == pytest.approx(2 * (11.4 + 9.4)), "quatre façades, celle du retrait comprise"


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ("nature: porte, points: [[0, 0], [0.9, 0]], largeur_passage_m: 0.83, issue: true, vers: [0, -1]", ""),
        ("nature: sortie, points: [[1, 1]]", ""),
        ("nature: poteau, points: [[1, 1], [1.3, 1], [1.3, 1.3]]", ""),
        ("nature: piece, fonction: change, points: [[0, 0], [3, 0], [3, 3]], equipements: {table_change: 2}", ""),
        ("nature: sortie, points: [[1, 1], [2, 2]]", "un seul point attendu"),
        (
            "nature: fenetre, points: [[0, 0], [1, 0]], issue: true",
            "champ d'une autre nature que « fenetre » (« issue » : porte)",
        ),
    ],
)
def test_natures_d_un_plan_meuble(tmp_path, element, message):
    elements = f"{BATIMENT}  - {{{element}}}\n"
    if message:
        assert message in refus(tmp_path, elements)
        return
    ecrit = json.loads(en_geojson(plan(tmp_path, elements)))
    assert ecrit["features"][1]["properties"]["nature"] in element
