"""Files of the trade to damage: one drawing, one model, maps and tables of rooms, written here; each is imported as a user would."""

import csv

import pope_foncier as pf
from pope_foncier.lieu.fichiers.dxf_ecrit import en_dxf
from pope_foncier.lieu.plan_lecture import en_geojson, lire_plan
from pope_foncier.socle.erreurs import ErreurCalcul
from tests.conftest import DONNEES
from tests.fuzz.cibles import Cible, montrer
from tests.lieu.maquettes import Maquette

FORMATS = (".dxf", ".ifc", ".geojson", ".gpkg", ".kml", ".csv", ".xlsx")
PIECES = (
    ("Nom", "Surface (m²)", "Hauteur", "Niveau"),
    ("Éveil", "42,5", "2,80", "RDC"),
    ("WC enfants", "6", "", "R+1"),
)


def ecrire_les_departs(dossier):
    """One small sound file of each format."""
    import numpy as np
    import openpyxl
    import pyogrio.raw
    from shapely import Polygon, to_wkb

    plan = lire_plan(DONNEES / "plans" / "gare_saint_denis_suppose.yaml")
    (dossier / "r.dxf").write_text(en_dxf(plan), encoding="utf-8")
    (dossier / "r.geojson").write_text(en_geojson(plan), encoding="utf-8")
    Maquette().ecrire(dossier / "r.ifc")
    formes = [Polygon([(x, 48.93), (x + 3e-4, 48.93), (x + 3e-4, 48.9302), (x, 48.9302)]) for x in (2.345, 2.346)]
    for suffixe, pilote in ((".gpkg", "GPKG"), (".kml", "KML")):
        pyogrio.raw.write(
            dossier / f"r{suffixe}", to_wkb(np.array(formes)), [np.array(["Halle", "Remise"], dtype=object)], ["Name"],
            geometry_type="Polygon", crs="EPSG:4326", driver=pilote, layer="batiments",
        )  # fmt: skip
    with (dossier / "r.csv").open("w", encoding="utf-8", newline="") as flux:
        csv.writer(flux, delimiter=";").writerows(PIECES)
    classeur = openpyxl.Workbook()
    for ligne in PIECES:
        classeur.active.append(ligne)
    classeur.save(dossier / "r.xlsx")


def importer(fichier, hasard, dossier):
    """List the file, take what is proposed, write the plan: what is shown on the way."""
    ouvert = pf.carnets.importer(fichier, fonctions=["a_affecter"], unite=hasard.choice(("", "", "m", "mm")))
    dits = [montrer(ouvert.tables()), *ouvert.a_savoir()]
    for _ in range(8):
        if not (posees := ouvert.questions()):
            break
        try:
            ouvert = ouvert.repondre(posees[0], posees[0].propose or "1")
        except ErreurCalcul as refus:
            return [*dits, str(refus)]
    ouvert.ecrire(dossier / "importe.yaml")
    return [*dits, *ouvert.phrases()]


def cibles(dossier):
    """One kind of file by format."""
    ecrire_les_departs(dossier)
    return [Cible(f"relevé{suffixe}", (dossier / f"r{suffixe}",), f"r{suffixe}", importer) for suffixe in FORMATS]
