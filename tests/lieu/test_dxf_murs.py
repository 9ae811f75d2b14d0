"""DXF read: strokes of walls, doors and windows that close rooms, storeys; areas computed by hand."""

import pytest

from pope_foncier.lieu.fichiers.choix import Choix
from pope_foncier.lieu.fichiers.importer import Importation
from tests.lieu.dessins import aires, dessin, lu, rectangle


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
    espace.add_mtext("Cuisine\\PS = 29,50 m²", dxfattribs={"layer": "TXT", "char_height": 0.2, "insert": (6, 3)})
    espace.add_lwpolyline(rectangle(-5, -5, 40, 30), close=True, dxfattribs={"layer": "CARTOUCHE"})
    espace.add_lwpolyline(rectangle(5, 1, 2, 1), close=True, dxfattribs={"layer": "MOBILIER"})
    releve = lu(tmp_path, document)
    # The thickness of the partition at the door (0.20 × 0.90) belongs to no room.
    assert aires(releve, "piece") == {"CHAMBRE ENFANTS": 20.0, "Cuisine": pytest.approx(29, abs=1e-6)}
    assert aires(releve, "batiment") == {"": pytest.approx(10.6 * 5.6, abs=2e-3)}
    (porte,) = [o for o in releve.objets if o.nature == "porte"]
    assert porte.forme.length == pytest.approx(0.9)
    assert porte.proprietes["vantaux"] == 1
    assert porte.proprietes["vers"] == pytest.approx((3.4, 2))
    (cuisine,) = [o for o in releve.objets if o.nom == "Cuisine"]
    assert (cuisine.fonction, cuisine.surface_declaree_m2) == ("cuisine", 29.5)
    assert releve.laisses["traits de cotes, mobilier, cartouche, trames…"] == 2


def test_des_murs_qui_ne_ferment_rien_n_ont_pas_de_surface(tmp_path):
    document, espace, _ = dessin()
    for y in (0, 15):
        espace.add_lwpolyline(rectangle(0, y, 50, 0.2), close=True, dxfattribs={"layer": "Walls"})
    releve = lu(tmp_path, document)
    assert not [o for o in releve.objets if o.nature in ("batiment", "piece")]
    assert "2, 20,00 m² en tout" in releve.avis[0].replace("\xa0", " ")


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


def test_un_plan_francais_murs_pleins_portes_en_blocs(tmp_path):
    """12 × 8 m outside, walls of 0.30, partitions of 0.10, in centimetres: rooms of 4.70 × 7.40, 6.60 × 3.70 and 6.60 × 3.60."""
    document, espace, k = dessin("cm")

    def trace(calque, *rectangles):
        for r in rectangles:
            espace.add_lwpolyline([(x * k, y * k) for x, y in rectangle(*r)], close=True, dxfattribs={"layer": calque})

    trace(
        "GEX_BAT_mur",
        (0, 0, 2, 0.3),
        (3.2, 0, 2.8, 0.3),
        (6.93, 0, 5.07, 0.3),
        (0, 0.3, 0.3, 7.4),
        (11.7, 0.3, 0.3, 7.4),
        (0, 7.7, 12, 0.3),
    )
    trace("GEX_BAT_cloison", (5, 0.3, 0.1, 2.7), (5, 3.83, 0.1, 3.87), (5.1, 4, 2.9, 0.1), (8.83, 4, 2.87, 0.1))
    trace("GEX_MEP_cartouche", (-3, -3, 20, 15))
    trace("GEX_EQU_mobilier", (1, 5, 1.2, 0.6))
    for y in (0, 0.1, 0.2, 0.3):
        espace.add_line((2 * k, y * k), (3.2 * k, y * k), {"layer": "GEX_BAT_fenetre"})
    bloc = document.blocks.new("PORTE_90")
    bloc.add_arc((0, 0), 1, 0, 90)
    bloc.add_lwpolyline(rectangle(0, 0, 0.04, 1), close=True)
    for x, y, large, miroir, tour in ((6, 0.3, 0.93, 1, 0), (5, 3.83, 0.83, 1, 180), (8.83, 4.1, 0.83, -1, 0)):
        espace.add_blockref(
            "PORTE_90",
            (x * k, y * k),
            {"layer": "GEX_BAT_porte", "xscale": miroir * large * k, "yscale": large * k, "rotation": tour},
        )
    for texte, x, y in (("Éveil 1\\P34,8 m²", 2.5, 4), ("Bureau", 8, 6), ("Accueil\\P24,4 m²", 8, 2)):
        attributs = {
            "layer": "GEX_MEP_txt_designation",
            "char_height": 0.2 * k,
            "insert": (x * k, y * k),
            "attachment_point": 5,
        }
        espace.add_mtext(texte, dxfattribs=attributs)
    releve = lu(tmp_path, document)
    assert aires(releve, "piece") == {"Éveil 1": 34.78, "Accueil": 24.42, "Bureau": 23.76}
    assert aires(releve, "batiment") == {"": 96.0}
    assert sorted(round(o.forme.length / k, 6) for o in releve.objets if o.nature == "porte") == [0.83, 0.83, 0.93]
    assert [round(o.forme.length / k, 6) for o in releve.objets if o.nature == "fenetre"] == [1.2]
    assert not [a for a in releve.avis if "diffèrent" in a]


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
