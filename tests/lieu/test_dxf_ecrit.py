"""DXF written: what leaves comes back, opens in a drawing program, and says what is supposed."""

import io

import pytest

from pope_foncier.lieu.fichiers.calques import role_du_calque
from pope_foncier.lieu.fichiers.dxf import lire_dxf
from pope_foncier.lieu.fichiers.dxf_ecrit import APPLICATION, CALQUES, en_dxf
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.noms_de_pieces import niveau_du_nom
from pope_foncier.lieu.fichiers.questions import exiger_tout_dit
from pope_foncier.lieu.plan import LIGNES
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.socle.chemins import dossier_donnees

PLAN = """titre: "Deux niveaux, l'un troué"
statut: publie
source: {titre: "Relevé d'essai", consulte_le: 2026-11-29}
systeme: local
nord_degres: 12.5
elements:
  - {nature: parcelle, nom: "12 à 14", points: [[-5, -5], [30, -5], [30, 20], [-5, 20]]}
  - {nature: batiment, nom: Gare, points: [[0, 0], [20, 0], [20, 10], [0, 10]], trous: [[[8, 4], [11, 4], [11, 7], [8, 7]]]}
  - {nature: batiment, niveau: 1, hauteur_m: 3.2, points: [[0, 0], [12.3456789, 0], [12.3456789, 10], [0, 10]]}
  - {nature: piece, fonction: eveil, nom: "Éveil n° 1", hauteur_m: 2.75, effectif: 16, sol_m: 0.4, equipements: {lavabo_enfant: 3, table_change: 2}, points: [[0.3, 0.3], [7.7, 0.3], [7.7, 9.7], [0.3, 9.7]]}
  - {nature: piece, fonction: sommeil, points: [[11.3, 0.3], [19.7, 0.3], [19.7, 9.7], [11.3, 9.7]], trous: [[[15, 4], [16, 4], [16, 5], [15, 5]]]}
  - {nature: piece, fonction: bureau, nom: "Bureau {a} 2 m² \\\\ ^I %%d", niveau: 1, tiers_dessous: true, points: [[0.3, 0.3], [5.123456, 0.3], [5.123456, 4.7]]}
  - {nature: porte, nom: P1, points: [[3, 0], [4.4, 0]], largeur_passage_m: 1.34, vantaux: 2, ouverture: battante, vers: [3, -0.7], issue: true, ressaut_m: 0.02, coupe_feu_h: 0.5}
  - {nature: porte, points: [[7.7, 2], [7.7, 2.93]], ouverture: battante, vers: [6.8, 2]}
  - {nature: porte, points: [[11.3, 2], [11.3, 3]], ouverture: coulissante, vers: [12, 2]}
  - {nature: fenetre, points: [[13, 0], [15, 0]], allege_m: 0.9, linteau_m: 2.2, ouvrante: true}
  - {nature: escalier, points: [[8, 7.5], [11, 7.5], [11, 9.5], [8, 9.5]], denivele_m: 3.2, largeur_m: 1.4}
  - {nature: ascenseur, points: [[9, 1], [10.5, 1], [10.5, 2.5], [9, 2.5]]}
  - {nature: poteau, points: [[5, 5], [5.3, 5], [5.3, 5.3], [5, 5.3]]}
  - {nature: facade_aveugle, points: [[20, 0], [20, 10]]}
  - {nature: controle, points: [[0, 12], [20, 12]]}
  - {nature: sortie, nom: Rue, points: [[3.7, -1]]}
  - {nature: arbre, points: [[25, 15]]}
  - {nature: cour, nom: Cour, points: [[21, 0], [29, 0], [29, 8], [21, 8]]}
"""


def plan_de(tmp_path, texte=PLAN):
    (tmp_path / "essai.yaml").write_text(texte, encoding="utf-8")
    return lire_plan(tmp_path / "essai.yaml")


def ouvrir_dxf(texte):
    """Drawing as ezdxf reads it."""
    import ezdxf

    return ezdxf.read(io.StringIO(texte))


def relu(tmp_path, texte):
    (tmp_path / "essai.dxf").write_text(texte, encoding="utf-8")
    return lire_dxf(tmp_path / "essai.dxf")


def verifier(plan, releve):
    """Same natures, names, functions, storeys, fields, and areas to a millionth of a square metre."""
    assert len(releve.objets) == len(plan.elements)
    for objet, trace in zip(releve.objets, plan.elements, strict=True):
        element = trace.element
        assert (objet.nature, objet.nom, objet.fonction, objet.niveau) == (
            element.nature,
            element.nom or "",
            element.fonction or "",
            element.niveau,
        )
        assert objet.forme.area == pytest.approx(trace.forme.area, abs=1e-6)
        assert objet.forme.length == pytest.approx(trace.forme.length, abs=1e-6)
        dits = element.model_dump(
            mode="json", exclude_none=True, exclude={"points", "trous", "nature", "nom", "fonction", "niveau"}
        )
        assert dict(objet.proprietes) == dits


def test_ce_qui_sort_revient(tmp_path):
    plan = plan_de(tmp_path)
    releve = relu(tmp_path, en_dxf(plan))
    verifier(plan, releve)
    assert (releve.titre, releve.systeme, releve.nord_degres) == (plan.fiche.titre, "local", 12.5)
    assert releve.tete["source"]["consulte_le"] == plan.fiche.source.consulte_le
    assert (releve.metres_par_unite, releve.unite_probable, releve.avis, dict(releve.laisses)) == (1.0, None, (), {})
    assert [n.numero for n in releve.niveaux] == [0, 1]


@pytest.mark.parametrize("fiche", sorted((dossier_donnees() / "plans").glob("*.yaml")), ids=lambda f: f.stem)
def test_les_plans_livres_reviennent(tmp_path, fiche):
    plan = lire_plan(fiche)
    verifier(plan, relu(tmp_path, en_dxf(plan)))


def test_l_importation_rend_le_meme_plan(tmp_path):
    plan = plan_de(tmp_path)
    (tmp_path / "essai.dxf").write_text(en_dxf(plan), encoding="utf-8")
    importation = Importation(tmp_path / "essai.dxf")
    exiger_tout_dit(importation)
    assert importation.plan.fiche == plan.fiche


def test_un_plan_en_degres_sort_en_lambert_93(tmp_path):
    texte = """titre: Degrés
statut: hypothese
base: essai
systeme: wgs84
elements:
  - {nature: batiment, points: [[2.345, 48.935], [2.3453, 48.935], [2.3453, 48.9352], [2.345, 48.9352]]}
  - {nature: porte, points: [[2.3451, 48.935], [2.34511, 48.935]], ouverture: battante, vers: [2.3451, 48.93501]}
"""
    plan = plan_de(tmp_path, texte)
    releve = relu(tmp_path, en_dxf(plan))
    assert releve.systeme == "EPSG:2154"
    batiment, porte = releve.objets
    assert batiment.forme.area == pytest.approx(plan.elements[0].forme.area, abs=1e-6)
    assert 0.5 < abs(porte.proprietes["vers"][1] - porte.forme.coords[0][1]) < 2


def test_le_dxf_est_sain_pareil_deux_fois_et_ses_calques_se_relisent(tmp_path):
    plan = plan_de(tmp_path)
    texte = en_dxf(plan)
    assert en_dxf(plan) == texte
    document = ouvrir_dxf(texte)
    assert document.audit().errors == []
    assert (document.dxfversion, document.units) == ("AC1024", 6)
    calques = {e.dxf.layer for e in document.modelspace()}
    assert {"RDC_PIECE", "N01_PIECE", "RDC_PORTE", "RDC_BATTEMENT", "CARTOUCHE"} <= calques
    assert niveau_du_nom("N01_PIECE") == 1
    ecrits = [e.plain_text() for e in document.modelspace().query("MTEXT")]
    assert "Éveil n° 1\n69,56 m²" in [t.replace("\xa0", " ") for t in ecrits]
    # One leaf: a line and an arc; two leaves: two of each; a sliding door has none.
    assert len(document.modelspace().query('ARC[layer=="RDC_BATTEMENT"]')) == 3
    assert len(document.modelspace().query("DIMENSION")) == 4


def test_un_plan_suppose_le_dit():
    ecrit = en_dxf(lire_plan(dossier_donnees() / "plans" / "gare_saint_denis_suppose.yaml"))
    document = ouvrir_dxf(ecrit)
    cartouche = document.modelspace().query('MTEXT[layer=="CARTOUCHE"]')[0].plain_text()
    assert "Plan supposé, non relevé" in cartouche


def test_chaque_nature_a_un_calque_que_la_table_relit():
    for nature, (calque, _) in CALQUES.items():
        assert role_du_calque(calque) == nature
        assert role_du_calque(f"N01_{calque}") == nature


def test_sans_nos_donnees_les_calques_et_les_textes_suffisent(tmp_path):
    """A program that drops extended data leaves layers and texts: natures, names, areas come back all the same.

    A name then reads as the text does: « %%d » is the sign of a degree in every drawing, and « 2 m² » an area.
    """
    plan = plan_de(tmp_path)
    document = ouvrir_dxf(en_dxf(plan))
    document.rootdict.discard(APPLICATION)
    for entite in document.modelspace():
        entite.discard_xdata(APPLICATION)
    document.saveas(tmp_path / "nu.dxf")
    releve = lire_dxf(tmp_path / "nu.dxf")
    for nature in ("batiment", "piece", "escalier", "cour", "parcelle"):
        dessinees = sorted(t.forme.area for t in plan.de_nature(nature))
        assert sorted(o.forme.area for o in releve.objets if o.nature == nature) == pytest.approx(
            dessinees, abs=1e-6
        ), nature
    assert {(o.nom, o.fonction, o.niveau) for o in releve.objets if o.nom and o.nature == "piece"} >= {
        ("Éveil n° 1", "eveil", 0),
        ("Bureau {a} \\ ^I °", "bureau", 1),
    }
    assert sum(o.nature in LIGNES for o in releve.objets) >= 2


def test_ce_que_l_architecte_change_l_emporte(tmp_path):
    """A corner moved, a name rewritten, a room added, a room copied: the drawing is right, our data only help."""
    plan = plan_de(tmp_path)
    document = ouvrir_dxf(en_dxf(plan))
    espace = document.modelspace()
    bureau = espace.query('LWPOLYLINE[layer=="N01_PIECE"]')[0]
    bureau.set_points([(0.3, 0.3), (6.3, 0.3), (6.3, 4.3), (0.3, 4.3)], format="xy")
    texte = next(e for e in espace.query("MTEXT") if e.plain_text().startswith("Bureau"))
    texte.text = "Salle de réunion\\P24 m²"
    espace.add_lwpolyline([(7, 1), (10, 1), (10, 4), (7, 4)], close=True, dxfattribs={"layer": "N01_PIECE"})
    espace.add_text("Lingerie", height=0.2, dxfattribs={"layer": "TEXTE", "insert": (8, 2)})
    document.saveas(tmp_path / "change.dxf")
    releve = lire_dxf(tmp_path / "change.dxf")
    etage = {o.nom: (o.forme.area, o.fonction) for o in releve.objets if o.nature == "piece" and o.niveau == 1}
    assert etage == {"Salle de réunion": (pytest.approx(24), "bureau"), "Lingerie": (pytest.approx(9), "lingerie")}


def test_une_marque_abimee_n_est_qu_un_trait(tmp_path):
    """Our data damaged on one entity, in any of its fields: the stroke is read by its layer, the file is not lost."""
    fichier = tmp_path / "plan.yaml"
    fichier.write_text(PLAN, encoding="utf-8")
    document = ouvrir_dxf(en_dxf(lire_plan(fichier)))
    marques = [e for e in document.modelspace() if e.has_xdata(APPLICATION)]
    for entite, abime in zip(
        marques,
        ['{"etiquette": 3}', '{"rang": [1]}', '{"rang": 0, "champs": 4}', '{"rang": 1, "champs": {"nom": "x"}}', "[1]"],
        strict=False,
    ):
        entite.set_xdata(APPLICATION, [(1000, abime)])
    document.saveas(tmp_path / "abime.dxf")
    assert {"piece", "porte"} <= {o.nature for o in lire_dxf(tmp_path / "abime.dxf").objets}


def test_un_etage_sans_contour_s_ecrit(tmp_path):
    """The outline is drawn on the ground floor alone: the rooms upstairs leave with it, the storey has no dimension."""
    texte = PLAN.replace("  - {nature: batiment, niveau: 1", "  - {nature: batiment, niveau: 0, nom: Aile")
    plan = plan_de(
        tmp_path,
        texte.replace("[[0, 0], [12.3456789, 0], [12.3456789, 10], [0, 10]]", "[[40, 0], [52, 0], [52, 10], [40, 10]]"),
    )
    assert not plan.de_nature("batiment", 1)
    verifier(plan, relu(tmp_path, en_dxf(plan)))
