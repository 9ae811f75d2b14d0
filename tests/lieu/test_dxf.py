"""DXF read: drawings made here with known areas, the real ones of the shared set, and what is no DXF."""

import os
from dataclasses import replace
from pathlib import Path

import ezdxf
import pytest

from pope_foncier.lieu.fichiers.calques import lire_calques, role_du_calque
from pope_foncier.lieu.fichiers.choix import Choix
from pope_foncier.lieu.fichiers.dxf import lire_dxf
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.questions import exiger_tout_dit
from pope_foncier.socle.chemins import RACINE
from pope_foncier.socle.erreurs import ErreurDonnees
from tests.conftest import sauter

PARTAGE = Path(os.environ.get("POPE_PARTAGE", RACINE.parent / "shared")) / "data" / "plans"
INSUNITS = {"m": (6, 1.0), "cm": (5, 0.01), "mm": (4, 0.001), "pouce": (1, 0.0254), "pied": (2, 0.3048)}


def rectangle(x, y, long, haut):
    return [(x, y), (x + long, y), (x + long, y + haut), (x, y + haut)]


def dessin(unite="m", dit=True):
    """New drawing, and the function that brings metres to its unit."""
    code, metres = INSUNITS[unite]
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = code if dit else 0
    return document, document.modelspace(), 1 / metres


def lu(tmp_path, document, **dits):
    chemin = tmp_path / "essai.dxf"
    document.saveas(chemin)
    return lire_dxf(chemin, **dits)


def metres_de(releve):
    return (releve.unite_probable or (releve.metres_par_unite,))[0]


def aires(releve, nature):
    k = metres_de(releve)
    return {o.nom: round(o.forme.area * k * k, 6) for o in releve.objets if o.nature == nature}


@pytest.mark.parametrize("unite", list(INSUNITS))
def test_les_contours_ont_leur_surface_dans_toutes_les_unites(tmp_path, unite):
    document, espace, k = dessin(unite)
    for calque, points in (
        ("GEX_BAT_contour", rectangle(0, 0, 12, 8)),
        ("SU_bureau", rectangle(0.3, 0.3, 4, 3)),
        ("PIÈCES", rectangle(5, 0.3, 6, 7)),
    ):
        espace.add_lwpolyline([(x * k, y * k) for x, y in points], close=True, dxfattribs={"layer": calque})
    espace.add_text("Salle d'éveil", height=0.2 * k, dxfattribs={"layer": "Texte", "insert": (6 * k, 3 * k)})
    releve = lu(tmp_path, document)
    assert releve.metres_par_unite == pytest.approx(INSUNITS[unite][1])
    assert releve.unite_probable is None
    assert aires(releve, "batiment") == {"": 96.0}
    assert aires(releve, "piece") == {"": 12.0, "Salle d'éveil": 42.0}
    assert {o.fonction for o in releve.objets if o.nature == "piece"} == {"bureau", "eveil"}


def test_des_pouces_declares_millimetres_sont_trouves_par_les_dimensions_ecrites(tmp_path):
    document, espace, _ = dessin("mm")
    for x, nom, long, haut, taille in (
        (0, "KITCHEN", 131, 144, "10'11 x 12'"),
        (200, "BEDROOM 2", 162, 132, "13'6 x 11'"),
    ):
        espace.add_lwpolyline(rectangle(x, 0, long, haut), close=True, dxfattribs={"layer": "A-AREA"})
        espace.add_text(f"%%u{nom}", height=7, dxfattribs={"layer": "A-NOTE", "insert": (x + 20, 60)})
        espace.add_text(taille, height=5, dxfattribs={"layer": "A-NOTE", "insert": (x + 20, 50)})
    releve = lu(tmp_path, document)
    assert releve.metres_par_unite == pytest.approx(0.001)
    assert releve.unite_probable[0] == pytest.approx(0.0254)
    assert "pouces" in releve.unite_probable[1]
    assert "déclare des millimètres" in releve.avis[0]
    # 131 × 144 and 162 × 132 square inches.
    assert aires(releve, "piece") == {
        "KITCHEN": pytest.approx(12.17029, abs=1e-4),
        "BEDROOM 2": pytest.approx(13.79610, abs=1e-4),
    }


@pytest.mark.parametrize(("unite", "attendu"), [("m", 1.0), ("cm", 0.01), ("mm", 0.001)])
def test_une_unite_non_dite_est_demandee(tmp_path, unite, attendu):
    document, espace, k = dessin(unite, dit=False)
    espace.add_lwpolyline(
        [(x * k, y * k) for x, y in rectangle(0, 0, 18, 11)], close=True, dxfattribs={"layer": "EMPRISE"}
    )
    espace.add_line((0, 0), (18 * k, 0), {"layer": "MUR"})
    releve = lu(tmp_path, document)
    assert releve.metres_par_unite is None
    assert releve.unite_probable[0] == attendu
    assert releve.unite_probable[1].startswith("le plus grand contour ferait 198,0")


def test_des_murs_en_traits_ferment_les_pieces_et_le_batiment(tmp_path):
    """Two rooms of 4 × 5 and 5.8 × 5 m in a building of 10.4 × 5.6 m, walls of 0.30 and partition of 0.20, gaps of 1 cm."""
    document, espace, _ = dessin()
    murs = {"layer": "0-MURS"}
    for a, b in (((0, 0), (10.59, 0)), ((10.6, 0), (10.6, 5.6)), ((10.6, 5.6), (0, 5.6)), ((0, 5.6), (0, 0.01))):
        espace.add_line(a, b, murs)
    for x, long in ((0.3, 4), (4.5, 5.8)):
        gauche, droite = x, x + long
        espace.add_line((gauche, 0.3), (droite, 0.3), murs)
        espace.add_line((droite, 5.3), (gauche, 5.3), murs)
        # A door of 0.90 m in the partition, at x = 4.30 and 4.50, from y = 2 to y = 2.90.
        for cote in (gauche, droite):
            if 4.2 < cote < 4.6:
                espace.add_line((cote, 0.3), (cote, 2), murs)
                espace.add_line((cote, 2.9), (cote, 5.3), murs)
            else:
                espace.add_line((cote, 0.3), (cote, 5.3), murs)
    espace.add_arc((4.3, 2), 0.9, 90, 180, dxfattribs={"layer": "PORTES"})
    espace.add_line((4.3, 2), (3.4, 2), {"layer": "PORTES"})
    espace.add_text("CHAMBRE", height=0.2, dxfattribs={"layer": "TXT", "insert": (1, 2.6)})
    espace.add_text("ENFANTS", height=0.2, dxfattribs={"layer": "TXT", "insert": (1, 2.3)})
    espace.add_mtext("Cuisine\\PS = 29,18 m²", dxfattribs={"layer": "TXT", "char_height": 0.2, "insert": (6, 3)})
    espace.add_lwpolyline(rectangle(-5, -5, 40, 30), close=True, dxfattribs={"layer": "CARTOUCHE"})
    espace.add_lwpolyline(rectangle(5, 1, 2, 1), close=True, dxfattribs={"layer": "MOBILIER"})
    releve = lu(tmp_path, document)
    # The opening (0.20 × 0.90) belongs to the room across, whose face of the wall stays open there.
    assert aires(releve, "piece") == {"CHAMBRE ENFANTS": 20.0, "Cuisine": pytest.approx(29.18, abs=1e-3)}
    assert aires(releve, "batiment") == {"": pytest.approx(10.6 * 5.6, abs=2e-3)}
    (porte,) = [o for o in releve.objets if o.nature == "porte"]
    assert porte.forme.length == pytest.approx(0.9)
    assert porte.proprietes["vantaux"] == 1
    assert porte.proprietes["vers"] == pytest.approx((3.4, 2))
    (cuisine,) = [o for o in releve.objets if o.nom == "Cuisine"]
    assert (cuisine.fonction, cuisine.surface_declaree_m2) == ("cuisine", 29.18)
    assert releve.laisses["traits de cotes, mobilier, cartouche, trames…"] == 2


def test_des_murs_qui_ne_ferment_rien_n_ont_pas_de_surface(tmp_path):
    document, espace, _ = dessin()
    for y in (0, 15):
        espace.add_lwpolyline(rectangle(0, y, 50, 0.2), close=True, dxfattribs={"layer": "Walls"})
    releve = lu(tmp_path, document)
    assert not [o for o in releve.objets if o.nature in ("batiment", "piece")]
    assert "2, 20,00 m² en tout" in releve.avis[0].replace("\xa0", " ")


def test_blocs_emboites_mis_a_l_echelle_et_calque_zero(tmp_path):
    """A room of 1 × 1 on layer 0 of a block, inserted twice the size inside another, itself inserted 3 × 1.5: 6 × 3 m, turned."""
    document, espace, _ = dessin()
    document.blocks.new("CARRE").add_lwpolyline(rectangle(0, 0, 1, 1), close=True)
    document.blocks.new("DEUX").add_blockref("CARRE", (1, 1), {"xscale": 2, "yscale": 2})
    espace.add_blockref("DEUX", (10, 10), {"layer": "LOCAUX", "xscale": 3, "yscale": 1.5, "rotation": 30})
    assert aires(lu(tmp_path, document), "piece") == {"": 18.0}


def test_arcs_cercles_hachures_et_anciennes_polylignes(tmp_path):
    """Half discs: the flattening may lose at most 0.1 % of the area of a disc."""
    document, espace, _ = dessin()
    # A stadium: 4 × 2 m between two half discs of radius 1 m.
    espace.add_lwpolyline(
        [(0, 0, 0), (4, 0, 1), (4, 2, 0), (0, 2, 1)], format="xyb", close=True, dxfattribs={"layer": "PIECE"}
    )
    espace.add_circle((20, 0), 2, {"layer": "BATIMENT"})
    espace.add_polyline2d([(30, 0), (34, 0), (34, 5), (30, 5), (30, 0)], dxfattribs={"layer": "COUR"})
    hachure = espace.add_hatch(dxfattribs={"layer": "JARDIN"})
    hachure.paths.add_polyline_path(rectangle(40, 0, 6, 6), is_closed=True)
    hachure.paths.add_polyline_path(rectangle(41, 1, 2, 2), is_closed=True, flags=16)
    releve = lu(tmp_path, document)
    assert aires(releve, "piece")[""] == pytest.approx(8 + 3.14159265, rel=1e-3)
    assert aires(releve, "batiment")[""] == pytest.approx(4 * 3.14159265, rel=1e-3)
    assert sorted(round(o.forme.area, 6) for o in releve.objets if o.nature == "cour") == [20.0, 32.0]


def test_la_meme_piece_dessinee_et_hachuree_ne_compte_qu_une_fois(tmp_path):
    document, espace, _ = dessin()
    espace.add_lwpolyline(rectangle(0, 0, 4, 5), close=True, dxfattribs={"layer": "PIECE"})
    espace.add_hatch(dxfattribs={"layer": "PIECE"}).paths.add_polyline_path(rectangle(0, 0, 4, 5), is_closed=True)
    assert len(lu(tmp_path, document).objets) == 1


def test_niveaux_calques_eteints_et_calques_de_l_utilisateur(tmp_path):
    document, espace, _ = dessin()
    for calque in ("RDC_PIECE", "N01_PIECE", "Truc", "VIEUX_PIECE"):
        espace.add_lwpolyline(rectangle(0, 0, 4, 5), close=True, dxfattribs={"layer": calque})
    document.layers.get("VIEUX_PIECE") if "VIEUX_PIECE" in document.layers else document.layers.add("VIEUX_PIECE")
    document.layers.get("VIEUX_PIECE").freeze()
    releve = lu(tmp_path, document)
    assert sorted(o.niveau for o in releve.objets if o.nature == "piece") == [0, 1]
    assert [n.numero for n in releve.niveaux] == [0, 1]
    assert releve.laisses["traits de calques éteints ou gelés"] == 1
    assert "« Truc » (1)" in releve.avis[-1]
    (truc,) = [o for o in lu(tmp_path, document, calques={"truc": "noyau"}).objets if o.couche == "Truc"]
    assert truc.nature == "noyau"
    fichier = tmp_path / "calques.yaml"
    fichier.write_text("calques: {Truc: escalier}\n", encoding="utf-8")
    dits = lire_calques(fichier)
    assert [o.nature for o in lu(tmp_path, document, calques=dits).objets if o.couche == "Truc"] == ["escalier"]
    fichier.write_text("calques: {Truc: mure}\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="rôle « mure » inconnu"):
        lire_calques(fichier)


def test_deux_vantaux_font_une_porte(tmp_path):
    document, espace, _ = dessin()
    porte = {"layer": "GEX_BAT_porte"}
    espace.add_arc((0, 0), 0.8, 0, 90, dxfattribs=porte)
    espace.add_arc((1.6, 0), 0.8, 90, 180, dxfattribs=porte)
    espace.add_line((0, 0), (0, 0.8), porte)
    espace.add_line((1.6, 0), (1.6, 0.8), porte)
    (porte,) = [o for o in lu(tmp_path, document).objets if o.nature == "porte"]
    assert (porte.forme.length, porte.proprietes["vantaux"]) == (pytest.approx(1.6), 2)


def test_des_murs_dits_batiment_donnent_leur_tour(tmp_path):
    """Walls as two closed rings, 10 × 8 m outside and 9.4 × 7.4 m inside: the building is the outer one, the room the inner one."""
    document, espace, _ = dessin()
    espace.add_lwpolyline(rectangle(0, 0, 10, 8), close=True, dxfattribs={"layer": "Murs"})
    espace.add_lwpolyline(rectangle(0.3, 0.3, 9.4, 7.4), close=True, dxfattribs={"layer": "Murs"})
    document.saveas(tmp_path / "murs.dxf")
    importation = Importation(
        tmp_path / "murs.dxf", Choix(natures={"murs": "batiment", "": "piece"}, fonctions={"": "eveil"})
    )
    surfaces = {e.element.nature: round(e.forme.area, 6) for e in importation.plan.elements}
    assert surfaces == {"batiment": 80.0, "piece": 69.56}


def murs_d_une_piece(espace, calque, x, long, haut):
    for marge in (0, 0.3):
        points = rectangle(x + marge, marge, long - 2 * marge, haut - 2 * marge)
        espace.add_lwpolyline(points, close=True, dxfattribs={"layer": calque})


def test_deux_niveaux_superposes_se_lisent_par_leurs_calques(tmp_path):
    document, espace, _ = dessin()
    murs_d_une_piece(espace, "RDC_MUR", 0, 10, 8)
    murs_d_une_piece(espace, "N01_MUR", 0, 6, 8)
    espace.add_text("Hall", height=0.2, dxfattribs={"layer": "RDC_TEXTE", "insert": (2, 3)})
    espace.add_text("Bureau", height=0.2, dxfattribs={"layer": "N01_TEXTE", "insert": (2, 3)})
    pieces = {(o.niveau, o.nom): round(o.forme.area, 6) for o in lu(tmp_path, document).objets}
    assert pieces == {(0, "Hall"): 69.56, (1, "Bureau"): 39.96, (0, ""): 80.0, (1, ""): 48.0}


def test_deux_niveaux_cote_a_cote_se_lisent_par_leurs_titres(tmp_path):
    document, espace, _ = dessin()
    for x, titre, nom in ((0, "PLAN DU REZ-DE-CHAUSSÉE", "Hall"), (20, "Plan R+1", "Bureau")):
        murs_d_une_piece(espace, "MUR", x, 10, 8)
        espace.add_text(nom, height=0.2, dxfattribs={"layer": "TEXTE", "insert": (x + 3, 3)})
        espace.add_text(titre, height=0.6, dxfattribs={"layer": "TEXTE", "insert": (x + 1, -3)})
    releve = lu(tmp_path, document)
    assert {(o.niveau, o.nom) for o in releve.objets} == {(0, "Hall"), (1, "Bureau"), (0, ""), (1, "")}
    assert "côte à côte" in releve.avis[0]


def test_un_bloc_qui_se_contient_et_des_coordonnees_sans_nombre_sont_laisses(tmp_path):
    document, espace, _ = dessin()
    bloc = document.blocks.new("SANS_FIN")
    bloc.add_lwpolyline(rectangle(0, 0, 4, 5), close=True, dxfattribs={"layer": "PIECE"})
    for x in range(5):
        bloc.add_blockref("SANS_FIN", (x, 0))
    espace.add_blockref("SANS_FIN", (0, 0))
    espace.add_line((0, 0), (float("inf"), 1), {"layer": "MUR"})
    releve = lu(tmp_path, document)
    assert [o.forme.area for o in releve.objets] == [20.0]
    assert dict(releve.laisses) == {"blocs emboîtés sans fin": 5, "traits illisibles": 1}


def test_les_traits_d_une_fenetre_font_une_fenetre(tmp_path):
    """Four strokes and two jambs of a window of 1.20 m in a wall of 0.30 m; 60 cm further, a second one of 0.80 m, slanted."""
    document, espace, k = dessin("mm")
    vitre = {"layer": "FENETRES"}
    for y in (0, 0.12, 0.18, 0.3):
        espace.add_line((0, y * k), (1.2 * k, y * k), vitre)
    for x in (0, 1.2):
        espace.add_line((x * k, 0), (x * k, 0.3 * k), vitre)
    espace.add_lwpolyline([(1.8 * k, 0), (2.44 * k, 0.48 * k)], dxfattribs=vitre)
    espace.add_lwpolyline(
        [(x * k, y * k) for x, y in rectangle(0, -6, 10, 6)], close=True, dxfattribs={"layer": "BATIMENT"}
    )
    fenetres = [o.forme for o in lu(tmp_path, document).objets if o.nature == "fenetre"]
    assert sorted(round(f.length / k, 6) for f in fenetres) == [0.8, 1.2]
    (grande,) = [f for f in fenetres if f.length > k]
    assert [y for _, y in grande.coords] == pytest.approx([150, 150])


def test_un_ancien_dxf_accentue_et_un_dxf_binaire(tmp_path):
    document = ezdxf.new("R12")
    document.encoding = "cp1252"
    document.modelspace().add_polyline2d(rectangle(0, 0, 4, 5), close=True, dxfattribs={"layer": "PIÈCE"})
    document.modelspace().add_text("Salle d'éveil n° 2", height=0.2, dxfattribs={"insert": (1, 2)})
    chemin = tmp_path / "essai.dxf"
    for genre in ("asc", "bin"):
        document.saveas(chemin, fmt=genre)
        (objet,) = lire_dxf(chemin).objets
        assert (objet.nature, objet.nom, objet.fonction) == ("piece", "Salle d'éveil n° 2", "eveil")


@pytest.mark.parametrize(
    ("calque", "role"),
    [
        ("GEX_BAT_mur_bas", "mur"),
        ("ARGS__MUR-PORTEUR", "mur"),
        ("A-WALL-FULL", "mur"),
        ("A-FN", "fenetre"),
        ("GEX_EDS_SU_sanitaires", "piece"),
        ("GEX_EDS_sdp_1-SDP", "batiment"),
        ("sdp_2-tremie", "hors_plan"),
        ("3BATIDUR", "batiment"),
        ("3TROUBATI", "trou_batiment"),
        ("3PARCELLETEX", "noms"),
        ("GEX_MEP_txt_designation", "noms"),
        ("CPO_CARTOU", "hors_plan"),
        ("xref-plan-08$0$A-FOOTPRINT", "batiment"),
        ("Porte_cotation", "hors_plan"),
        ("0", ""),
        ("s001-#def-active-grp", ""),
    ],
)
def test_noms_de_calques(calque, role):
    """Names of public charters and of real files: see data/locaux/calques.yaml."""
    assert role_du_calque(calque) == role


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (b"AC1027\x00\x00\x00" + b"\x00" * 200, "DWG"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00" + b"\x00\x01" * 40, "binaire abîmé"),
        (b"", "ce n'est pas un DXF"),
        (b"%PDF-1.7 rien", "ce n'est pas un DXF"),
        (b"  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n 10\nabc\n", "ce n'est pas un DXF"),
    ],
)
def test_ce_qui_n_est_pas_un_dxf_se_dit_en_une_phrase(tmp_path, octets, attendu):
    chemin = tmp_path / "plan.dxf"
    chemin.write_bytes(octets)
    with pytest.raises(ErreurDonnees) as erreur:
        lire_dxf(chemin)
    assert attendu in str(erreur.value)
    assert len(erreur.value.problemes) == 1


def test_un_dxf_vide_ou_tronque(tmp_path):
    document, espace, _ = dessin()
    with pytest.raises(ErreurDonnees, match="ne dessine rien"):
        lu(tmp_path, document)
    for x in (0, 10):
        espace.add_lwpolyline(rectangle(x, 0, 4, 5), close=True, dxfattribs={"layer": "PIECE"})
    document.saveas(tmp_path / "entier.dxf")
    texte = (tmp_path / "entier.dxf").read_text(encoding="utf-8")
    chemin = tmp_path / "tronque.dxf"
    chemin.write_text(texte[: texte.rindex("LWPOLYLINE") + 200], encoding="utf-8")
    assert "Fichier abîmé, lu jusqu'où il peut l'être" in lire_dxf(chemin).avis[0]
    chemin.write_text(texte[: texte.index("LWPOLYLINE") + 200], encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="abîmé"):
        lire_dxf(chemin)


def fichier_partage(nom):
    chemin = PARTAGE / nom
    if not chemin.is_file():
        sauter("plans partagés absents")
    return chemin


def partage(nom):
    return lire_dxf(fichier_partage(nom))


@pytest.mark.donnees_partagees
@pytest.mark.parametrize("nom", ["dxf_barcelone_plan_m.dxf", "dxf_barcelone_plan_cm_derive.dxf"])
def test_un_pavillon_sans_contour_ferme_n_a_pas_de_surface(nom):
    releve = partage(nom)
    assert releve.unite_probable is None
    assert not [o for o in releve.objets if o.nature in ("batiment", "piece", "parcelle")]
    assert "9, 17,05 m² en tout" in releve.avis[0].replace("\xa0", " ")
    assert "Aucun contour fermé de bâtiment" in releve.avis[0]


@pytest.mark.donnees_partagees
def test_ce_pavillon_dit_batiment_par_ses_murs_est_refuse():
    """Neither the box (1,077.9 m²) nor the largest ring of walls (5.47 m²)."""
    with pytest.raises(ErreurDonnees, match=r"« Walls » ne ferme pas le tour d'un bâtiment.*17,05"):
        Importation(fichier_partage("dxf_barcelone_plan_m.dxf"), Choix(natures={"Walls": "batiment"}))


@pytest.mark.donnees_partagees
def test_un_terrain_sans_unite():
    releve = partage("dxf_terrain_maison_sans_unite.dxf")
    assert releve.metres_par_unite is None
    assert releve.unite_probable[0] == 1.0
    surfaces = sorted((o.forme.area for o in releve.objets), reverse=True)
    assert surfaces == pytest.approx([1044.40, 114.00, 42.77, 41.46, 30.93, 21.80, 15.76, 8.25], abs=6e-3)
    assert {o.nature for o in releve.objets} == {""}  # the largest is the plot, and no layer says so


@pytest.mark.donnees_partagees
def test_une_maison_en_pouces_declares_millimetres():
    releve = partage("dxf_plan_pouces_declare_mm.dxf")
    assert (releve.metres_par_unite, releve.unite_probable[0]) == (pytest.approx(0.001), pytest.approx(0.0254))
    k2 = 0.0254**2
    emprises = {o.nom: o for o in releve.objets if o.couche.endswith("A-FOOTPRINT")}
    attendues = {"": 152.165, "2 CAR GARAGE": 43.933, "COVERED DECK": 11.097, "COVERED PORCH": 2.885}
    assert {n: round(o.forme.area * k2, 3) for n, o in emprises.items()} == attendues
    assert {n for n, o in emprises.items() if o.nature == "batiment"} == {"", "2 CAR GARAGE"}
    # Sizes printed on the plan, in feet and inches.
    pieces = {o.nom: o.forme.area * k2 for o in releve.objets if o.nature == "piece"}
    pied = 0.3048
    ecrites = {
        "2 CAR GARAGE": (21 + 2 / 12) * (20 + 10 / 12),
        "MASTER BEDROOM": (13 + 8 / 12) * 14,
        "BEDROOM 2": (13 + 6 / 12) * 11,
        "BEDROOM 3": (11 + 6 / 12) * 13,
        "UTIL.": (5 + 3 / 12) * (6 + 8 / 12),
        "Pantry": (4 + 4 / 12) * (6 + 8 / 12),
        "BATH": 5 * (8 + 1 / 12),
        "TOIL.": 5 * (5 + 7 / 12),
        "CLOSET": 8 * 2,
    }
    for nom, pieds2 in ecrites.items():
        assert pieces[nom] == pytest.approx(pieds2 * pied**2, rel=5e-3), nom
    ouverte = next(n for n in pieces if "KITCHEN" in n)
    assert set(ouverte.split(", ")) == {"KITCHEN", "DINING ROOM", "GREAT ROOM", "ENTRY", "HALL"}
    assert sum(o.nature == "porte" for o in releve.objets) == 10


@pytest.mark.donnees_partagees
def test_une_feuille_du_cadastre():
    releve = partage("dxf_pci_72187_A02_L93.dxf")
    parcelles = {o.nom: o.forme.area for o in releve.objets if o.nature == "parcelle"}
    assert len(parcelles) == 47
    assert sum(parcelles.values()) == pytest.approx(301_076.1, abs=0.05)
    assert {n: round(parcelles[n], 1) for n in ("214", "215", "218")} == {"214": 4467.4, "215": 4319.3, "218": 16797.4}
    batiments = sorted(round(o.forme.area, 2) for o in releve.objets if o.nature == "batiment")
    assert batiments == [18.67, 19.09, 39.51]
    assert len(releve.objets) == 50  # neither the section nor the place name, larger than every plot


@pytest.mark.donnees_partagees
def test_importer_la_maison_demande_l_unite_puis_en_fait_un_plan():
    chemin = fichier_partage("dxf_plan_pouces_declare_mm.dxf")
    choix = Choix(choisir=("tout",), fonctions={"2 CAR GARAGE": "rangement", "": "eveil"})
    with pytest.raises(ErreurDonnees, match="Le fichier déclare : millimètres. Probable : pouce"):
        exiger_tout_dit(Importation(chemin, choix))
    plan = Importation(chemin, replace(choix, unite="pouce")).plan
    surfaces = [round(e.forme.area, 1) for e in plan.de_nature("batiment")]
    assert surfaces == [152.2, 43.9]
    assert len(plan.de_nature("piece")) == 14
    assert len(plan.de_nature("porte")) == 10


@pytest.mark.donnees_partagees
def test_importer_le_cadastre_demande_le_systeme():
    chemin = fichier_partage("dxf_pci_72187_A02_L93.dxf")
    with pytest.raises(ErreurDonnees, match="Lambert-93"):
        exiger_tout_dit(Importation(chemin, Choix(choisir=("nom=214",))))
    plan = Importation(chemin, Choix(choisir=("nom=214",), systeme="EPSG:2154")).plan
    assert plan.fiche.systeme == "lambert93"
    assert [round(e.forme.area, 1) for e in plan.elements] == [4467.4]
