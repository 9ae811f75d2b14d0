"""DXF read: the real drawings of the shared set, at the values computed apart, or refused in words."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pope_foncier.lieu.fichiers.choix import Choix
from pope_foncier.lieu.fichiers.dxf import lire_dxf
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.questions import exiger_tout_dit
from pope_foncier.socle.chemins import RACINE
from pope_foncier.socle.erreurs import ErreurDonnees
from tests.conftest import sauter

PARTAGE = Path(os.environ.get("POPE_PARTAGE", RACINE.parent / "shared")) / "data" / "plans"


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
