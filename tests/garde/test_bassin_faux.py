"""Catchment files: each wrong row or outline is named in French; nothing wrong becomes a figure."""

import copy
import json

import pytest

from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.territoire.bassin import enfants_a_distance, lire_enfants_iris

CARRE = {"type": "Polygon", "coordinates": [[[2.35, 48.9], [2.36, 48.9], [2.36, 48.91], [2.35, 48.91], [2.35, 48.9]]]}
BON = {"type": "Feature", "properties": {"CODE_IRIS": "A"}, "geometry": CARRE}


def ecrire_contours(dossier, contenu):
    fichier = dossier / "contours.geojson"
    texte = contenu if isinstance(contenu, str) else json.dumps(contenu)
    fichier.write_text(texte, encoding="utf-8")
    return fichier


def avec(**champs):
    return {"type": "FeatureCollection", "features": [BON, copy.deepcopy(BON) | champs]}


@pytest.mark.parametrize(
    ("octets", "lieu", "message"),
    [
        ("CODGEO;ENF_2\nA;élevé\n".encode("latin-1"), "ligne 2", "pas en UTF-8"),
        (b"CODGEO;ENF_2\nA;12\nB;beaucoup\n", "ligne 3", "n'est pas un nombre"),
        (b"CODGEO;ENF_2\nA;12\nB\n", "ligne 3", "ligne incompl"),
        (b"CODGEO;ENF_2\nA;-4\n", "ligne 2", "nombre d'enfants de 0"),
        (b"CODGEO;ENF_2\nA;1e999\n", "ligne 2", "hors de toute mesure"),
        (b"CODGEO;ENF_2\nA;1e30\n", "ligne 2", "nombre d'enfants de 0"),
        (b"CODGEO;ENF_2\nA;nan\n", "ligne 2", "n'est pas un nombre"),
        (b"CODGEO;ENF_2\nA;1\nA;2\n", "ligne 3", "en double"),
        (b"CODGEO;ENF_2\n;3\n", "ligne 2", "vide"),
        (b"CODGEO;AUTRE\nA;1\n", "ENF_2", "colonne absente"),
        (b"", "CODGEO", "colonne absente"),
        (b'CODGEO;ENF_2\nA;"' + b"x" * 200_000 + b'"\n', "ligne 2", "131072"),
        (b"CODGEO;ENF_2\nA;1\x00\n", "ligne 2", "n'est pas un nombre|signe nul"),
    ],
)
def test_une_table_fausse_est_refusee_par_sa_ligne(tmp_path, octets, lieu, message):
    fichier = tmp_path / "iris.csv"
    fichier.write_bytes(octets)
    with pytest.raises(ErreurDonnees, match=message) as refus:
        lire_enfants_iris(fichier)
    assert lieu in str(refus.value)
    assert len(str(refus.value)) < 600


def test_toutes_les_lignes_fausses_se_disent_d_un_coup(tmp_path):
    fichier = tmp_path / "iris.csv"
    fichier.write_text("CODGEO,ENF_2\nA,x\nB\nC,3\nC,4\nD,\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees) as refus:
        lire_enfants_iris(fichier)
    assert [p.ligne for p in refus.value.problemes] == [2, 3, 5]
    fichier.write_text('CODGEO,ENF_2\nC,3\nD,\n\nE,"4,5"\n', encoding="utf-8")
    assert lire_enfants_iris(fichier) == {"C": 3.0, "D": None, "E": 4.5}


@pytest.mark.parametrize(
    ("contenu", "message"),
    [
        (avec(geometry=None), r"features\[2\].*contour absent"),
        (avec(properties=None), r"features\[2\].*propriété absente"),
        (avec(properties={"CODE_IRIS": None}), r"features\[2\].*propriété absente"),
        (avec(geometry={"type": "Point", "coordinates": [2, 48]}), r"features\[2\].*contour absent"),
        (avec(geometry={"type": "Polygon"}), r"features\[2\].*coordonnées illisibles"),
        (avec(geometry={"type": "Polygon", "coordinates": []}), r"features\[2\].*(surface|illisibles)"),
        (avec(geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}), r"features\[2\].*illisibles"),
        (avec(geometry={"type": "Polygon", "coordinates": "abc"}), r"features\[2\].*illisibles"),
        (avec(geometry={"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}), r"features\[2\].*illisibles"),
        (
            avec(
                geometry={
                    "type": "Polygon",
                    "coordinates": [[[2.35, 48.9], [2.36, 48.91], [2.36, 48.9], [2.35, 48.91], [2.35, 48.9]]],
                }
            ),
            r"features\[2\].*se recoupe",
        ),
        (
            avec(geometry={"type": "Polygon", "coordinates": [[[500, 500], [501, 500], [501, 501], [500, 500]]]}),
            r"features\[2\].*(surface en France|sort du globe)",
        ),
        (
            avec(
                geometry={"type": "Polygon", "coordinates": [[[2.35, 48.9], [2.36, 48.9], [360, 48.91], [2.35, 48.9]]]}
            ),
            r"features\[2\].*sort du globe",
        ),
        (
            avec(geometry={"type": "Polygon", "coordinates": [[[2.35, 48.9], [9.36, 48.9], [2.36, 42], [2.35, 48.9]]]}),
            r"features\[2\].*dépasse une région",
        ),
        ({"features": {}}, "absente ou vide"),
        ({"features": [1]}, r"features\[1\].*propriété absente"),
        ({"features": []}, "absente ou vide"),
        ([1, 2], "absente ou vide"),
        ("{", "pas du JSON"),
        ("", "vide"),
        ("null", "absente ou vide"),
        ("[" * 200_000, "profond|pas du JSON"),
    ],
)
def test_des_contours_faux_sont_refuses_par_leur_rang(tmp_path, contenu, message):
    with pytest.raises(ErreurDonnees, match=message) as refus:
        enfants_a_distance(ecrire_contours(tmp_path, contenu), {"A": 10.0}, 2.355, 48.905, 800)
    assert len(str(refus.value)) < 800


def test_un_contour_sans_defaut_est_compte(tmp_path):
    """Far within the circle, the whole of the children; a code written as a number is the same code."""
    for code in ("930660101", 930660101):
        contenu = {"features": [copy.deepcopy(BON) | {"properties": {"CODE_IRIS": code}}]}
        bassin = enfants_a_distance(ecrire_contours(tmp_path, contenu), {"930660101": 10.0}, 2.355, 48.905, 5000)
        assert bassin.enfants == pytest.approx(10.0)
