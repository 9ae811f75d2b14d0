"""DXF read: drawings made here with known areas, and what is no DXF."""

import random

import pytest

import pope_foncier as pf
from pope_foncier.lieu.fichiers.calques import lire_calques, role_du_calque
from pope_foncier.lieu.fichiers.dxf import lire_dxf
from pope_foncier.lieu.fichiers.dxf_ecrit import en_dxf
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from tests.lieu.dessins import INSUNITS, aires, dessin, lu, rectangle


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


def test_l_utilisateur_dit_ses_calques_par_un_fichier(tmp_path):
    """Walls on layers that no table knows: said by a file, they close the room."""
    document, espace, _ = dessin()
    for marge in (0, 0.3):
        points = rectangle(marge, marge, 10 - 2 * marge, 8 - 2 * marge)
        espace.add_lwpolyline(points, close=True, dxfattribs={"layer": "Z-17"})
    espace.add_text("Sieste", height=0.2, dxfattribs={"layer": "Z-18", "insert": (3, 3)})
    document.saveas(tmp_path / "essai.dxf")
    fichier = tmp_path / "calques.yaml"
    fichier.write_text("calques: {Z-17: mur, Z-18: noms}\n", encoding="utf-8")
    plan = pf.carnets.importer(tmp_path / "essai.dxf", calques=fichier).plan
    lus = {(e.element.nature, e.element.fonction, round(e.forme.area, 6)) for e in plan.elements}
    assert lus == {("batiment", None, 80.0), ("piece", "sommeil", 69.56)}


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


def test_un_ancien_dxf_accentue_et_un_dxf_binaire(tmp_path):
    import ezdxf

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


@pytest.mark.parametrize("graine", range(12))
def test_un_dxf_aux_valeurs_gatees_se_lit_ou_se_refuse_en_mots(tmp_path, graine):
    hasard = random.Random(graine)
    lignes = en_dxf(lire_plan(dossier_donnees() / "plans" / "gare_saint_denis_suppose.yaml")).split("\n")
    for _ in range(3):
        rang = hasard.randrange(len(lignes) // 2) * 2 + 1  # one line in two is a value
        lignes[rang] = hasard.choice(("nan", "inf", "1e308", "-1", "abc", "", "999999"))
    chemin = tmp_path / "gate.dxf"
    chemin.write_text("\n".join(lignes), encoding="utf-8")
    try:
        assert lire_dxf(chemin).format == "DXF"
    except ErreurPope as erreur:
        assert str(erreur).count("À faire") == 1  # noqa: PT017


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
