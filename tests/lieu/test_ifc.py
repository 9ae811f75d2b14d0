"""Building models: rooms at their true area, storeys in order, units, declared areas, places. Expected values by hand."""

import sys

import pytest

import pope_foncier as pf
from pope_foncier.lieu.fichiers.ifc import lire_ifc
from pope_foncier.lieu.fichiers.niveaux import Etage, numeroter
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from tests.conftest import sauter
from tests.lieu.maquettes import Maquette
from tests.lieu.test_geometrie import PARTAGE


@pytest.fixture(scope="module")
def maquette(tmp_path_factory):
    return lire_ifc(Maquette().ecrire(tmp_path_factory.mktemp("ifc") / "m.ifc"))


def surfaces(releve, nature="piece"):
    return {(o.nom, o.niveau): round(o.forme.area, 3) for o in releve.objets if o.nature == nature}


def dit(releve, morceau):
    return any(morceau in a.replace("\xa0", " ").replace("\u202f", " ") for a in releve.avis)


@pytest.mark.parametrize(("schema", "prefixe"), [("IFC4", "MILLI"), ("IFC2X3", None)])
def test_les_pieces_a_leurs_surfaces(tmp_path, schema, prefixe):
    """47 = 8 × 6 less a shaft of 1 m²; 24 = 4 × 6; 20 = 5 × 4, whatever the unit of the file and the schema."""
    releve = lire_ifc(Maquette(schema, prefixe).ecrire(tmp_path / "m.ifc"))
    assert surfaces(releve) == {("01 Salle d'éveil", 0): 47.0, ("02 Dortoir", 0): 24.0, ("11 Bureau", 1): 20.0}
    assert surfaces(releve, "batiment") == {("Murs, niveau 0", 0): 80.0}
    assert (releve.metres_par_unite, releve.systeme, releve.titre) == (1.0, "local", "École démontée")
    assert releve.format == ("IFC4" if schema == "IFC4" else "IFC2x3")
    (eveil,) = (o for o in releve.objets if o.nom.startswith("01"))
    assert [len(eveil.forme.interiors), eveil.fonction] == [1, "eveil"]


def test_les_etages_dans_l_ordre_sans_les_fondations(maquette):
    assert [(n.numero, n.nom, n.altitude_m) for n in maquette.niveaux] == [(0, "RDC", 0.0), (1, "Étage haut", 3.0)]
    assert dit(maquette, "Étages sans pièce, laissés : Fondations (−1,2")


def test_la_surface_declaree_reste_a_cote_de_la_dessinee(maquette):
    """26 declared for 24 drawn is said; 47 and 215.28 ft² = 20 m² are those of the drawing, and are not."""
    declarees = {o.nom: o.surface_declaree_m2 for o in maquette.objets if o.nature == "piece"}
    assert declarees == pytest.approx({"01 Salle d'éveil": 47.0, "02 Dortoir": 26.0, "11 Bureau": 20.0})
    assert dit(maquette, "« RDC » : 73,00 m² déclarés, 71,00 m² dessinés")
    assert dit(maquette, "Déclarée / dessinée (m²) : 02 Dortoir 26,00 / 24,00.")
    assert not dit(maquette, "Bureau 20")
    assert dit(maquette, "Une unité du fichier fait 0,001 m : tout est rendu ici en mètres.")


def test_la_hauteur_d_un_plafond_plat_seulement(maquette):
    """Under a slope from 1.20 to 3.00 m no height is that of the room: it stays unknown."""
    hauteurs = {o.nom: o.proprietes.get("hauteur_m") for o in maquette.objets if o.nature == "piece"}
    assert hauteurs == {"01 Salle d'éveil": 2.7, "02 Dortoir": 2.5, "11 Bureau": None}


def test_portes_et_fenetres_sur_leur_mur(maquette):
    """Door of 0.90 m in the middle of the south wall, 0.20 m thick; window from 1.00 to 2.10 m."""
    (porte,) = (o for o in maquette.objets if o.nature == "porte")
    (fenetre,) = (o for o in maquette.objets if o.nature == "fenetre")
    assert sorted(porte.forme.coords) == [pytest.approx((2.0, -0.1)), pytest.approx((2.9, -0.1))]
    assert dict(porte.proprietes) == {"ouverture": "battante", "vantaux": 2, "issue": True}
    assert fenetre.forme.length == pytest.approx(1.2)
    assert dict(fenetre.proprietes) == {"allege_m": 1.0, "linteau_m": 2.1}
    assert (porte.niveau, fenetre.niveau) == (0, 0)


def test_l_allege_se_lit_au_dessus_du_sol_pose(tmp_path):
    """Elevations of the town, 35.20 and 38.20 m, over a model drawn from 0: the sill stays at 1.00 m; none written: 0 and 3 m."""
    m = Maquette()
    for etage in m.f.by_type("IfcBuildingStorey"):
        etage.Elevation += 35_200.0
    releve = lire_ifc(m.ecrire(tmp_path / "a.ifc"))
    assert [n.altitude_m for n in releve.niveaux] == [35.2, 38.2]
    assert next(o.proprietes["allege_m"] for o in releve.objets if o.nature == "fenetre") == 1.0
    for etage in m.f.by_type("IfcBuildingStorey"):
        etage.Elevation = None
    assert [n.altitude_m for n in lire_ifc(m.ecrire(tmp_path / "b.ifc")).niveaux] == [0.0, 3.0]


def test_ce_qui_est_laisse_est_compte(maquette):
    assert dict(maquette.laisses) == {"pièces sans forme": 1, "meubles": 1}
    assert dit(maquette, "Pièces sans forme lisible, laissées : 03 Réserve")
    assert dit(maquette, "12 Terrasse (16,00 m²)")
    assert [o.nature for o in maquette.objets if "Terrasse" in o.nom] == [""]


def test_le_nord_et_les_deux_places(tmp_path):
    """True north 30° clockwise; a map conversion turned by 60° prevails, and both are said. E 652,000, N 6,862,000 in Lambert-93 is in
    Paris (48.86° N, 2.35° E); a site at 41°52' N, 87°38' W is 6,660 km away."""
    m = Maquette()
    assert lire_ifc(m.ecrire(tmp_path / "a.ifc")).nord_degres == pytest.approx(30.0)
    crs = m.f.create_entity(
        "IfcProjectedCRS", Name="EPSG:2154", MapUnit=m.f.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
    )
    m.f.create_entity("IfcMapConversion", m.contexte, crs, 652_000.0, 6_862_000.0, 35.0, 0.5, 0.8660254037844386, None)
    (terrain,) = m.f.by_type("IfcSite")
    terrain.RefLatitude, terrain.RefLongitude = (41, 52, 0), (-87, -38, 0)
    releve = lire_ifc(m.ecrire(tmp_path / "b.ifc"))
    assert releve.nord_degres == pytest.approx(60.0)
    assert dit(releve, "Deux nords : 60,0° par le géoréférencement, gardé, 30,0° par le dessin.")
    assert dit(releve, "EPSG:2154, E 652 000 m, N 6 862 000 m, altitude 35 m, axes tournés de 60°")
    assert dit(releve, "Ces places se contredisent")


def test_un_modele_geo_reference_en_france_est_pose(tmp_path):
    """Turned by 60° at E 652,000, N 6,862,000: the corner (8.1, 0) of « 02 Dortoir » stands 4.05 m east and 7.015 m north of it, by hand; areas stay."""
    m = Maquette()
    crs = m.f.create_entity(
        "IfcProjectedCRS", Name="EPSG:2154", MapUnit=m.f.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
    )
    m.f.create_entity("IfcMapConversion", m.contexte, crs, 652_000.0, 6_862_000.0, 35.0, 0.5, 0.8660254037844386, None)
    releve = lire_ifc(m.ecrire(tmp_path / "pose.ifc"))
    assert (releve.systeme, releve.nord_degres) == ("EPSG:2154", None)
    (dortoir,) = [o for o in releve.objets if o.nom == "02 Dortoir"]
    assert dortoir.forme.area == pytest.approx(24.0, abs=0.001)
    x, y = 652_000 + 8.1 * 0.5, 6_862_000 + 8.1 * 0.8660254
    assert min((px - x) ** 2 + (py - y) ** 2 for px, py in dortoir.forme.exterior.coords) < 1e-6
    plan = pf.carnets.importer(tmp_path / "pose.ifc").plan
    assert plan.fiche.systeme == "lambert93"
    assert plan.de_nature("batiment")[0].forme.area == pytest.approx(80.0, abs=0.01)
    loin = pf.carnets.importer(tmp_path / "pose.ifc", site="gare_saint_denis")
    with pytest.raises(ErreurDonnees, match="km de la position du site"):
        assert loin.plan
    assert dit(releve, "Modèle posé en Lambert-93 (EPSG:2154) par son géoréférencement")


def test_la_place_de_la_maquette_a_cote_de_celle_du_site(tmp_path):
    """The station lies at 48.9355° N, 2.3456° E (its sheet): Saint-Denis of Réunion, 20.88° S, is some 9,300 km away."""
    m = Maquette()
    (terrain,) = m.f.by_type("IfcSite")
    for latitude, longitude, attendu in (((-20, -52, -48), (55, 26, 53), True), ((48, 56, 7), (2, 20, 44), False)):
        terrain.RefLatitude, terrain.RefLongitude = latitude, longitude
        ouvert = pf.carnets.importer(m.ecrire(tmp_path / "m.ifc"), site="gare_saint_denis")
        assert any("km du site" in x for x in ouvert.phrases()) == attendu


def test_une_piece_en_deux_morceaux_et_un_escalier_dit_deux_fois(tmp_path):
    """Two squares of 1 m in one space are two rooms; a space « Escalier » under its IfcStair is one stair."""
    m = Maquette()
    rez = next(x for x in m.f.by_type("IfcBuildingStorey") if x.Name == "RDC")
    carre = lambda x: m.bloc([(x, 0), (x + 1, 0), (x + 1, 1), (x, 1)], 2.5)  # noqa: E731
    double = carre(0)
    double.Representations[0].Items = [*double.Representations[0].Items, *carre(3).Representations[0].Items]
    placards = m.piece(rez, 0, "04", "Placards", (1, 1), double)
    cage = m.piece(rez, 0, "05", "Escalier", (9, 1), carre(0))
    m.lie("IfcRelAggregates", rez, [placards, cage])
    marches = m.cree("IfcStair", m.lieu(9, 1, 0), Name="E:1:2", Representation=carre(0))
    m.lie("IfcRelContainedInSpatialStructure", rez, [marches])
    releve = lire_ifc(m.ecrire(tmp_path / "m.ifc"))
    assert {("04 Placards (1 sur 2)", 0), ("04 Placards (2 sur 2)", 0)} <= surfaces(releve).keys()
    assert surfaces(releve, "escalier") == {("E 2", 0): 1.0}


def test_une_piece_hors_de_tout_etage(tmp_path):
    m = Maquette()
    m.f.remove(next(x for x in m.f.by_type("IfcRelAggregates") if x.RelatingObject.Name == "RDC"))
    releve = lire_ifc(m.ecrire(tmp_path / "m.ifc"))
    assert dit(releve, "dans aucun étage")
    assert ("01 Salle d'éveil", 0) in surfaces(releve)


def test_des_murs_ouverts_ne_font_pas_de_contour(tmp_path):
    """Without its east wall the ground floor is open: no outline rather than a wrong one."""
    m = Maquette()
    m.f.remove(next(x for x in m.f.by_type("IfcWall") if x.Name == "M1"))
    releve = lire_ifc(m.ecrire(tmp_path / "m.ifc"))
    assert surfaces(releve, "batiment") == {}
    assert dit(releve, "les murs ne se ferment pas autour des pièces")


@pytest.mark.parametrize(
    ("noms", "altitudes", "numeros"),
    [
        (["Sous-sol", "RDC", "R+1"], [-3, 0, 3], [-1, 0, 1]),
        (["Level 1", "Level 2"], [0, 3.1], [0, 1]),
        (["Niveau 1", "Niveau 2"], [0, 3], [0, 1]),
        (["S01", "Hall", "Combles"], [30.0, 33.0, 36.0], [-1, 0, 1]),
        (["RDC", "R+2"], [0, 6], [0, 2]),
    ],
)
def test_numeros_des_etages(noms, altitudes, numeros):
    assert numeroter([Etage(None, n, a) for n, a in zip(noms, altitudes, strict=True)])[0] == numeros


def abimer(octets, genre):
    return {
        "vide": b"",
        "texte": b"Bonjour,\nvoici le plan.\n",
        "coupe": octets[: len(octets) // 2],
        "sans schema": octets.replace(b"FILE_SCHEMA", b"FILE_SCHEMO"),
        "IFC4RC4": octets.replace(b"('IFC4')", b"('IFC4RC4')"),
        "piece perdue": octets.replace(b"IFCSPACE(", b"IFCSPACE(,", 1),
    }[genre]


@pytest.mark.parametrize(
    ("genre", "dit"),
    [
        ("vide", "ce n'est pas un modèle IFC"),
        ("texte", "ce n'est pas un modèle IFC"),
        ("coupe", "sa fin manque"),
        ("sans schema", "schéma IFC non dit"),
        ("IFC4RC4", "schéma « IFC4RC4 » non lu"),
        ("piece perdue", "abîmé"),
    ],
)
def test_un_fichier_abime_est_refuse_en_une_phrase(tmp_path, genre, dit):
    fichier = Maquette().ecrire(tmp_path / "m.ifc")
    fichier.write_bytes(abimer(fichier.read_bytes(), genre))
    with pytest.raises(ErreurDonnees) as refus:
        lire_ifc(fichier)
    (probleme,) = refus.value.problemes
    assert dit in probleme.message
    assert probleme.remede


def test_des_lignes_illisibles_sont_dites(tmp_path):
    """Signs spilled on lines that bear no room: the rooms stand, and what is missing is said."""
    fichier = Maquette().ecrire(tmp_path / "m.ifc")
    octets = fichier.read_bytes()
    lieu = octets.index(b"IFCPROPERTYSINGLEVALUE('FireExit'")
    fichier.write_bytes(octets[:lieu] + b"IFCPROPRIETE" + octets[lieu + 22 :])
    releve = lire_ifc(fichier)
    assert len(surfaces(releve)) == 3
    assert dit(releve, "ligne(s) du modèle ne se lisent pas")


def test_un_modele_qui_tourne_en_rond_est_refuse(tmp_path):
    """A building that holds the site that holds it, and a placement set from itself: the library would never end."""
    for boucler in (_en_rond, _pose_sur_soi):
        m = Maquette()
        boucler(m.f)
        with pytest.raises(ErreurDonnees, match="abîmé"):
            lire_ifc(m.ecrire(tmp_path / "m.ifc"))


def _en_rond(f):
    lien = next(x for x in f.by_type("IfcRelAggregates") if x.RelatingObject.is_a("IfcSite"))
    lien.RelatingObject = next(x for x in f.by_type("IfcBuildingStorey") if x.Name == "RDC")


def _pose_sur_soi(f):
    a, b = f.by_type("IfcLocalPlacement")[:2]
    a.PlacementRelTo, b.PlacementRelTo = b, a


def test_un_modele_sans_rien_est_refuse(tmp_path):
    import ifcopenshell

    ifcopenshell.file(schema="IFC4").write(str(tmp_path / "m.ifc"))
    with pytest.raises(ErreurDonnees, match="aucune pièce ni aucun mur"):
        lire_ifc(tmp_path / "m.ifc")


def test_sans_l_extra_le_remede_est_dit(tmp_path, monkeypatch):
    fichier = Maquette().ecrire(tmp_path / "m.ifc")
    monkeypatch.setitem(sys.modules, "ifcopenshell", None)
    with pytest.raises(ErreurCalcul, match=r'pip install "pope-foncier\[ifc\]"'):
        lire_ifc(fichier)


# --- real files, right values computed outside the project (README of the shared folder) ----------------------------------------


def partage(nom):
    if not (PARTAGE / "plans" / nom).is_file():
        sauter("plans partagés absents")
    return PARTAGE / "plans" / nom


@pytest.mark.donnees_partagees
def test_deux_salles_aux_noms_francais():
    releve = lire_ifc(partage("ifc2x3_deux_salles_fr.ifc"))
    assert surfaces(releve) == pytest.approx({("Piece", 0): 1.7298, ("Entree", 0): 2.5384}, abs=5e-4)
    assert surfaces(releve, "batiment") == pytest.approx({("Murs, niveau 0", 0): 3.99 * 2.0}, abs=5e-3)
    assert [n.nom for n in releve.niveaux] == ["Rez-de-chaussée"]
    assert [o.proprietes["hauteur_m"] for o in releve.objets if o.nature == "piece"] == [2.4, 2.4]
    assert sum(o.nature == "porte" for o in releve.objets) == 2
    assert dit(releve, "Piece (nom long « Cuisine »), Entree (nom long « Cuisine »)")


@pytest.mark.donnees_partagees
def test_duplex_aux_surfaces_de_vendeurs():
    releve = lire_ifc(partage("ifc2x3_duplex_espaces.ifc"))
    interieurs = [o for o in releve.objets if o.nature]
    for niveau, declare, dessine in ((0, 141.79, 126.34), (1, 134.53, 114.25)):
        siens = [o for o in interieurs if o.niveau == niveau]
        assert len(siens) == 10
        assert sum(o.surface_declaree_m2 for o in siens) == pytest.approx(declare, abs=0.005)
        assert sum(o.forme.area for o in siens) == pytest.approx(dessine, abs=0.005)
    assert dit(releve, "A102 Living Room 30,14 / 27,66")
    assert dit(releve, "R301 Roof (145,72 m²)")
    assert [n.nom for n in releve.niveaux] == ["Level 1", "Level 2"]
    assert dit(releve, "T/FDN (−1,25 m), Roof (6,00 m)")


@pytest.mark.donnees_partagees
def test_duplex_a_deux_places():
    releve = lire_ifc(partage("ifc2x3_duplex_georef_espaces.ifc"))
    assert releve.nord_degres == pytest.approx(71.0, abs=0.01)
    assert dit(releve, "EPSG:9897, E 76 670 m, N 77 179 m, altitude 293,7 m, axes tournés de 71°")
    assert dit(releve, "latitude 41,8744°, longitude −87,6394°")
    assert dit(releve, "se contredisent")


@pytest.mark.donnees_partagees
def test_maison_en_millimetres():
    releve = lire_ifc(partage("ifc4_maison_pcert_mm.ifc"))
    assert surfaces(releve) == pytest.approx({("living room", 0): 18.495, ("entry hall", 0): 6.08}, abs=5e-4)
    assert [o.surface_declaree_m2 for o in releve.objets if o.nature == "piece"] == [18.5, 6.08]
    assert surfaces(releve, "batiment") == pytest.approx({("house - gross volume", 0): 31.08}, abs=5e-3)
    assert dit(releve, "EPSG:32760, E 729 013,3 m, N 9 063 992,7 m, altitude 1,3 m, axes tournés de 60°")
    assert releve.nord_degres == pytest.approx(60.0)


@pytest.mark.donnees_partagees
def test_un_schema_qui_n_est_pas_une_norme():
    with pytest.raises(ErreurDonnees, match="schéma « IFC4RC4 » non lu"):
        lire_ifc(partage("ifc4rc4_schema_non_standard.ifc"))
