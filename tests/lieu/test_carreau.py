"""Density squares: names and edges computed apart from this project, the two stations where square and commune disagree."""

from datetime import date

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.carreau import Carreaux, carreau_du_point, densite_du_site, lire_carreaux
from pope_foncier.lieu.site import Position
from pope_foncier.socle.erreurs import ErreurDonnees

JOUR = date(2026, 12, 1)

# Longitude, latitude, square, distance to its edge [m], inhabitants 2019: SNCF positions on the INSEE grid.
GARES = {
    "Saint-Denis": (2.3459524, 48.9354933, "CRS3035RES1000mN2898000E3761000", 208, 16227, "tres_dense"),
    "Saint-Ouen": (2.32257, 48.90531, None, None, 8263, "ordinaire"),
    "Épinay - Villetaneuse": (2.32865, 48.95838, "CRS3035RES1000mN2900000E3760000", 70, 10298, "tres_dense"),
    "La Courneuve - Aubervilliers": (2.38443, 48.92420, None, None, 13316, "tres_dense"),
    "Pierrefitte - Stains": (2.37213, 48.96409, None, None, 11489, "tres_dense"),
    "Épinay-sur-Seine": (2.30261, 48.95421, None, None, 8150, "ordinaire"),
}


def a_la_position(site, longitude, latitude):
    position = Position(latitude=latitude, longitude=longitude, source=site.position.source)
    return site.model_copy(update={"position": position, "carreau": None})


@pytest.mark.parametrize("gare", GARES.values(), ids=GARES)
def test_le_carreau_decide_et_non_la_commune(dossier, gare):
    longitude, latitude, identifiant, bord, habitants, lecture = gare
    densite = densite_du_site(a_la_position(dossier.site, longitude, latitude), Catalogue(), JOUR)
    assert densite.lecture == lecture
    assert densite.habitants_km2 == pytest.approx(habitants, abs=0.5)
    if identifiant:
        trouve = carreau_du_point(longitude, latitude)
        assert trouve.identifiant == densite.identifiant == identifiant
        assert trouve.bord_m == pytest.approx(bord, abs=1)


def test_hors_de_l_extrait_la_densite_reste_inconnue(dossier):
    densite = densite_du_site(a_la_position(dossier.site, -1.68, 48.11), Catalogue(), JOUR)
    assert (densite.lecture, densite.dense) == ("inconnue", None)
    assert "commune ne le remplace pas" in densite.mention
    sans = dossier.site.model_copy(update={"position": None, "carreau": None})
    assert densite_du_site(sans, Catalogue(), JOUR).dense is None


def test_un_carreau_qui_ne_contient_pas_la_position_est_refuse(dossier):
    ailleurs = dossier.site.carreau.model_copy(update={"identifiant": "CRS3035RES1000mN2899000E3761000"})
    with pytest.raises(ErreurDonnees, match="ne contient pas la position du site"):
        densite_du_site(dossier.site.model_copy(update={"carreau": ailleurs}), Catalogue(), JOUR)


def test_le_seuil_est_atteint_a_dix_mille(dossier):
    for habitants, dense in ((9999.9, False), (10000, True)):
        extrait = Carreaux(
            millesime="essai",
            licence="essai",
            source=dossier.site.position.source,
            note="essai",
            habitants={"CRS3035RES1000mN2898000E3761000": habitants},
        )
        site = a_la_position(dossier.site, 2.34595, 48.93549)
        assert densite_du_site(site, Catalogue(), JOUR, extrait).dense is dense


def test_l_extrait_dit_sa_source_et_sa_licence():
    extrait = lire_carreaux()
    assert "Insee" in extrait.source.titre
    assert "Licence Ouverte" in extrait.licence
    assert len(extrait.habitants) < 80
