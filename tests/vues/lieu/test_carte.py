"""Map of a place: a kilometre and a distance are what the scale says, what is given is drawn, what is not is said; no network."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from shapely import Point, Polygon

import pope_foncier as pf
from pope_foncier.lieu.couches import lire_couche, lire_couches
from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.vues.lieu import carte as cartes
from pope_foncier.vues.lieu.dessin_de_carte import HAUT_MM, LARGE_MM
from tests.cli.commandes import lancer
from tests.conftest import RACINE

SVG = "{http://www.w3.org/2000/svg}"
PARTAGE = RACINE.parent / "shared" / "data"
GARE = (2.34595, 48.93549)
"""Longitude and latitude of the station (its sheet)."""


def pres(dx, dy):
    """Point in degrees, some metres of Lambert-93 away from the station."""
    ici = projeter(Point(*GARE))
    lu = projeter(Point(ici.x + dx, ici.y + dy), LAMBERT93, WGS84)
    return lu.x, lu.y


def geojson(chemin, *traits):
    features = [
        {"type": "Feature", "properties": {"name": nom}, "geometry": {"type": genre, "coordinates": coordonnees}}
        for nom, genre, coordonnees in traits
    ]
    chemin.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return chemin


def carre(x0, y0, cote):
    return [[pres(x0 + a * cote, y0 + b * cote) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]]


@pytest.fixture(scope="module")
def fichiers(tmp_path_factory):
    """Stops 500 m (300 east, 400 north) and 1,300 m away, a park whose edge is 200 m east, a crèche in a table, a commune around."""
    lieu = tmp_path_factory.mktemp("couches")
    stops = [("Arrêt <b>", "Point", pres(300, 400)), ("Loin", "Point", pres(500, -1200))]
    (lieu / "creches.csv").write_text(
        "Nom;Latitude;Longitude\nCrèche;{:.7f};{:.7f}\nSans place;;\n".format(*reversed(pres(-60, 80))),
        encoding="utf-8-sig",
    )
    return {
        "arrets": geojson(lieu / "arrets.geojson", *stops),
        "parcs": geojson(lieu / "parcs.geojson", ("Square", "Polygon", carre(200, -50, 100))),
        "communes": geojson(lieu / "communes.geojson", ("Saint-Denis", "Polygon", carre(-3000, -3000, 6000))),
        "creches": lieu / "creches.csv",
        "voies": geojson(lieu / "voies.geojson", ("", "LineString", [pres(-900, 30), pres(900, 30)])),
    }


@pytest.fixture(scope="module")
def vue(fichiers):
    return pf.carnets.carte("gare_saint_denis", couches=fichiers)


def plat(texte):
    return re.sub(r"[\u00a0\u202f]", " ", str(texte))


def test_les_distances_sont_celles_du_terrain(vue):
    """3-4-5 triangle of 100 m, 1,300 m (500 and 1,200), edge of the square, 100 m of the crèche (60 and 80), the commune holds the place."""
    lus = {(plat(a), plat(b)): plat(c) for a, b, c in cartes.distances(vue.alentours_lus).cellules}
    assert lus["Gares et arrêts", "Arrêt <b>"] == "500 m"
    assert lus["Gares et arrêts", "Loin"] == "1,3 km"
    assert lus["Parcs et jardins", "Square"] == "200 m"
    assert lus["Crèches existantes", "Crèche"] == "100 m"
    assert lus["Voies ferrées", "sans nom (1)"] == "30 m"
    assert lus["Communes", "Saint-Denis"] == "le lieu s'y trouve"
    assert ("Autre lieu étudié", "Local de la gare d'Épinay – Villetaneuse") in lus


def test_la_carte_est_a_l_echelle_et_dit_ce_qu_elle_montre(vue):
    """2 km around in 112 mm of height: 1:40 000; a square of 1 km is 25 mm; the stop is 7.5 mm east and 10 mm north of the place."""
    lue = cartes.dresser(vue.alentours_lus)
    racine = ElementTree.fromstring(lue.svg)
    assert "échelle 1:40 000" in plat(lue.texte)
    signes = [
        p.get("transform") for p in racine.iter(f"{SVG}path") if (p.get("transform") or "").startswith("translate")
    ]
    places = [tuple(float(v) for v in re.findall(r"-?[\d.]+", t)) for t in signes]
    assert (LARGE_MM / 2, HAUT_MM / 2) in places
    assert (pytest.approx(LARGE_MM / 2 + 7.5, abs=0.02), pytest.approx(HAUT_MM / 2 - 10, abs=0.02)) in places
    carres = [
        p.get("d") for p in racine.iter(f"{SVG}path") if p.get("stroke") == "#8a8a8a" and p.get("d").count("L") == 4
    ]
    points = [tuple(map(float, p.split())) for p in carres[0][1:].split("L")]
    assert math.sqrt(Polygon(points).area) == pytest.approx(25, rel=2e-3), (
        "Lambert-93 and the European grid differ by some thousandths"
    )
    textes = [plat("".join(t.itertext())) for t in racine.iter(f"{SVG}text")]
    assert {"Arrêt <b>", "Square", "Crèche", "16 227", "1 km", "N", "gares et arrêts", "voie ferrée", "le lieu"} <= set(
        textes
    )
    assert "10 000 hab. au km² ou plus" in textes
    assert "Objets laissés, sans position en France : 1." in plat(lue.absents)
    assert "Non dessinés" not in lue.absents
    assert all(nom in lue.source for nom in ("Insee", "SNCF", "arrets.geojson", "creches.csv"))
    assert "http" not in lue.svg.replace("http://www.w3.org/2000/svg", "")


def test_le_nord_est_celui_du_meridien(vue):
    """Convergence of Lambert-93: (3° − 2.346°) × sin 46.5° = 0.474°, to the east of the grid's north on this side of the meridian."""
    (angle,) = re.findall(r"rotate\(([-\d.]+)\)", cartes.dresser(vue.alentours_lus).svg)
    assert float(angle) == pytest.approx((3 - GARE[0]) * 0.7254, abs=0.01)


def test_ce_qui_manque_se_dit():
    sans = pf.carnets.carte("gare_saint_denis", plan="gare_saint_denis_suppose")
    lue = cartes.dresser(sans.alentours_lus)
    assert (
        "faute de fichier : communes, parcs et jardins, voies ferrées, gares et arrêts, crèches existantes"
        in lue.absents
    )
    assert "axes locaux" in lue.absents
    assert "gares et arrêts" not in lue.svg
    assert "?" in re.findall(r">([^<]*)<", lue.svg), "a square out of the extract is not empty of inhabitants"
    assert pf.carnets.carte("coque_la_courneuve").carte().data.startswith("<p>Pas de carte")


def test_un_plan_place_sur_le_terrain_donne_son_contour(tmp_path, fichiers):
    """Building of 100 m whose east side is 50 m from the point of the sheet: the park is 150 m away."""
    points = json.dumps(carre(-50, -50, 100)[0][:4])
    (tmp_path / "p.yaml").write_text(
        f"titre: Contour\nstatut: hypothese\nbase: essai\nsysteme: wgs84\nelements:\n  - {{nature: batiment, points: {points}}}\n",
        encoding="utf-8",
    )
    placee = pf.carnets.carte("gare_saint_denis", tmp_path / "p.yaml", {"parcs": fichiers["parcs"]})
    lus = {b: plat(c) for _, b, c in cartes.distances(placee.alentours_lus).cellules}
    assert lus["Square"] == "150 m"
    lue = cartes.dresser(placee.alentours_lus, 100)
    assert "échelle 1:2 000" in plat(lue.texte), "200 m in 112 mm"
    assert "axes locaux" not in lue.absents


@pytest.mark.parametrize(
    ("nom", "texte", "dit"),
    [
        ("a.csv", "nom;x;y\nA;1;2\n", "aucune colonne de position"),
        ("a.csv", "nom,latitude,longitude\nA,2.34,48.9\n", "aucune ligne n'a de position en France"),
        (
            "a.geojson",
            '{"type": "FeatureCollection", "systeme": "local", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
            "axes locaux",
        ),
    ],
)
def test_une_couche_sans_place_est_refusee(tmp_path, nom, texte, dit):
    (tmp_path / nom).write_text(texte, encoding="utf-8")
    with pytest.raises(ErreurDonnees, match=dit):
        lire_couche("arrets", tmp_path / nom, GARE)


def test_une_couche_deposee_est_lue_et_un_genre_inconnu_refuse(donnees_copie, monkeypatch, fichiers):
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    (donnees_copie / "couches").mkdir()
    (donnees_copie / "couches" / "parcs.geojson").write_bytes(Path(fichiers["parcs"]).read_bytes())
    assert [c.genre for c in lire_couches({}, GARE)] == ["parcs"]
    assert [c.genre for c in lire_couches({"arrets": fichiers["arrets"]}, GARE)] == ["parcs", "arrets"]
    with pytest.raises(pf.Inconnu, match="Peut-être : arrets"):
        lire_couches({"arret": "x"}, GARE)


def test_la_commande_ecrit_la_carte(tmp_path, fichiers):
    fait = lancer(
        "carte",
        "gare_saint_denis",
        "--couche",
        f"arrets={fichiers['arrets']}",
        "--rayon",
        "800",
        "--sortie",
        str(tmp_path),
    )
    assert fait.returncode == 0, fait.stderr
    assert "500 m" in plat(fait.stdout)
    assert (tmp_path / "carte.pdf").read_bytes().startswith(b"%PDF")
    assert "1:15 000" in plat((tmp_path / "carte.svg").read_text(encoding="utf-8")), "1,600 m in 112 mm"
    refus = lancer("carte", "gare_saint_denis", "--couche", "arrets")
    assert "écrire le genre puis le fichier" in refus.stderr


@pytest.mark.donnees_partagees
def test_de_vraies_donnees_ouvertes_se_lisent():
    """Outlines of 39 communes (GeoJSON), 45 stations (CSV), the SNCF table of stations whose positions are « latitude, longitude »."""
    if not PARTAGE.is_dir():
        pytest.skip("données partagées absentes")
    communes = lire_couche("communes", PARTAGE / "geo" / "communes_93_39_cog2025.geojson")
    gares = lire_couche("arrets", PARTAGE / "stations" / "stations_93.csv")
    sncf = lire_couche("arrets", PARTAGE / "samples" / "sncf_gares-de-voyageurs_2026-03.csv")
    ici = projeter(Point(*GARE))
    assert len({nom for nom, _ in communes.objets}) == 39
    assert communes.proches(ici, 1) == [("Saint-Denis", 0.0)]
    assert len(gares.objets) == 45
    assert gares.proches(ici, 1)[0] == ("Saint-Denis", pytest.approx(0, abs=5))
    assert sncf.laisses == 0
    assert "Dugny - La Courneuve T11" in {nom for nom, _ in sncf.objets}


def test_des_habitants_supposes_ne_passent_pas_pour_un_chiffre_de_l_insee(vue):
    """6,000 inhabitants typed for the square of the station: an assumption, its reason beside the sources."""
    lus = vue.alentours_lus
    habitants = Donnee[float](valeur=6000, base="réponse donnée", a_obtenir_de="l'Insee")
    site = lus.site.model_copy(update={"carreau": lus.site.carreau.model_copy(update={"habitants": habitants})})
    assert "hypothèse" not in cartes.dresser(lus).source
    assert "habitants du carreau du lieu : hypothèse (réponse donnée)" in plat(
        cartes.dresser(replace(lus, site=site)).source
    )
