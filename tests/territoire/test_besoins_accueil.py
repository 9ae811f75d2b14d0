"""Needs: figures published for Plaine Commune, the traps of the tables, births projected, catchment, loaders."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.territoire.bassin import enfants_a_distance, lire_enfants_iris
from pope_foncier.territoire.besoins import (
    couverture,
    enfants_moins_3_ans,
    places_manquantes,
    projeter,
    retombees,
)
from pope_foncier.territoire.fiche import lire_territoire, rapporter
from tests.conftest import RACINE

TERRITOIRE = lire_territoire()
PARTAGEES = Path(os.environ.get("POPE_PARTAGE", RACINE.parent / "shared")) / "data"


# --- published totals ----------------------------------------------------------------------------------------------
def test_couverture_de_plaine_commune():
    """Figures computed outside this code from the Cnaf tables: crèche places, children implied, both rates, 2017 to 2022."""
    c = couverture(TERRITOIRE)
    assert c.annees == (2017, 2018, 2019, 2020, 2021, 2022)
    assert c.places_creche.tolist() == [3840, 3768, 3849, 3919, 3855, 3989]
    assert c.enfants == pytest.approx([23370, 24570, 24070, 23410, 22440, 21620], abs=6)
    assert c.taux_creche == pytest.approx([16.4, 15.3, 16.0, 16.7, 17.2, 18.4], abs=0.06)
    assert c.taux_toutes == pytest.approx([28.1, 26.6, 27.5, 28.8, 29.2, 31.2], abs=0.06)


def test_naissances_de_plaine_commune():
    table = TERRITOIRE.table("naissances")
    assert table.total_connu(2017) == 8202
    assert table.total_connu(2022) == 6832
    assert projeter(TERRITOIRE, 2030).taux_annuel == pytest.approx((6832 / 8202) ** (1 / 5) - 1)


def test_un_taux_qui_monte_est_en_partie_une_baisse_des_naissances():
    c = couverture(TERRITOIRE)
    places, enfants = c.causes(2017, 2022)
    assert places + enfants == pytest.approx(c.taux_toutes[-1] - c.taux_toutes[0])
    assert enfants > places > 0, "fewer children explain more of the rise than new places"


def test_places_manquantes_a_la_main():
    # 21,623 children: 32.2 → 6,963 places, 58.8 → 12,714, less 6,752
    c = couverture(TERRITOIRE)
    cibles = [r.taux for r in TERRITOIRE.references]
    assert cibles == [32.2, 58.8]
    manque = places_manquantes(c.places_toutes[-1], c.enfants[-1], np.array(cibles))
    assert manque == pytest.approx([211, 5962], abs=3)
    assert places_manquantes(np.array(10.0), np.array(10.0), 58.8) == 0.0
    assert np.isnan(places_manquantes(np.array(np.nan), np.array(10.0), 58.8))


def test_naissances_projetees_et_constantes_sont_deux_lectures():
    p = projeter(TERRITOIRE, 2030)
    assert p.annees == tuple(range(2022, 2031))
    assert p.enfants[0] == p.enfants_constants[0]
    assert (np.diff(p.enfants) < 0).all()
    assert len(set(p.enfants_constants)) == 1
    assert p.naissances[1] == pytest.approx(6832 * (6832 / 8202) ** 0.2)
    with pytest.raises(ErreurCalcul, match="au-delà de 2022"):
        projeter(TERRITOIRE, 2022)


def test_retombees_par_les_ratios_publies():
    r = retombees(TERRITOIRE, 30)
    assert r.emplois == pytest.approx(30 * 1300 / 2970, abs=0.01)
    assert (r.places_avip, r.parents_en_emploi) == pytest.approx((6, 2.04))
    assert r.emplois_gardes == pytest.approx(2.04 * 0.6)


# --- traps ---------------------------------------------------------------------------------------------------------
def test_pierrefitte_est_ajoutee_a_saint_denis_avant_tout_rapport():
    places = TERRITOIRE.table("places_creche")
    rang = places.codes.index("93066")
    assert places.de(2022)[rang] == 1201 + 235
    assert TERRITOIRE.commune("93059").nom == "Saint-Denis"
    naissances = TERRITOIRE.mesures["naissances"]
    with pytest.raises(ErreurCalcul, match="ramener les deux aux communes de 2025"):
        rapporter(TERRITOIRE.mesures["places_creche"], naissances, "93066", 2022)
    assert (
        rapporter(TERRITOIRE.mesures["places_creche"], TERRITOIRE.mesures["places_toutes"], "93066", 2022)
        == 1201 / 1990
    )


def test_une_commune_absente_est_inconnue_jamais_zero():
    places = TERRITOIRE.table("places_creche")
    assert places.inconnues(2022) == ("93039",)
    assert np.isnan(places.de(2022)[places.codes.index("93039")])
    assert couverture(TERRITOIRE).absentes == ("93039",)
    seule = couverture(TERRITOIRE, ("93039",))
    assert np.isnan(seule.taux_toutes).all()
    with pytest.raises(ErreurCalcul, match="Naissances inconnues"):
        projeter(TERRITOIRE, 2030, ("93039",))


def test_un_taux_ou_une_mediane_ne_s_additionne_pas():
    taux = TERRITOIRE.table("taux_toutes")
    assert np.isnan(taux.de(2022)[taux.codes.index("93066")]), "two rates, one merged commune"
    for nom in ("taux_toutes", "revenu_median"):
        table = TERRITOIRE.table(nom)
        with pytest.raises(ErreurCalcul, match="ne s'additionne pas"):
            table.total_connu(table.annees[-1])


def test_le_potentiel_financier_reste_vide_sauf_une_commune_ancienne():
    table = TERRITOIRE.table("potentiel_financier")
    assert np.isnan(table.valeurs).all(), "known for Saint-Denis before the merger only"
    assert TERRITOIRE.mesures["potentiel_financier"].valeurs == {"93066": {2023: 1639.21}}
    assert "DGCL" in TERRITOIRE.mesures["potentiel_financier"].a_obtenir_de


def test_une_annee_absente_est_refusee_en_listant_les_annees():
    with pytest.raises(ErreurCalcul, match="2017, 2018, 2019, 2022"):
        TERRITOIRE.table("naissances").de(2020)


def test_enfants_et_population():
    assert enfants_moins_3_ans(TERRITOIRE).inconnues(2022) == ("93039",)
    assert TERRITOIRE.table("population").total_connu(2021) == 451934
    assert TERRITOIRE.table("enfants_caf").total_connu(2020) == 18409


def test_un_code_d_avant_la_fusion_designe_sa_commune_et_un_code_etranger_est_refuse():
    assert couverture(TERRITOIRE, ("93059",)).taux_toutes == pytest.approx(
        couverture(TERRITOIRE, ("93066",)).taux_toutes
    )
    # Saint-Denis and Pierrefitte in 2022, by hand: 2,373 places for 1990/35.7 + 383/26.5 hundreds of children
    assert couverture(TERRITOIRE, ("93059",)).taux_toutes[-1] == pytest.approx(2373 / (1990 / 35.7 + 383 / 26.5))
    for lire in (lambda: couverture(TERRITOIRE, ("93066", "75056")), lambda: projeter(TERRITOIRE, 2030, ("75056",))):
        with pytest.raises(ErreurCalcul, match="75056 hors du territoire"):
            lire()
    with pytest.raises(ErreurCalcul, match="pas de valeur en 2016"):
        couverture(TERRITOIRE).causes(2016, 2022)


def test_des_naissances_plus_recentes_que_les_places_se_projettent():
    """Births of 2024 added, 3 % under those of 2022, places still of 2022: children start from 2022, by hand."""
    naissances = TERRITOIRE.mesures["naissances"]
    valeurs = {c: v | {2024: v[2022] * 0.97} for c, v in naissances.valeurs.items()}
    tables = TERRITOIRE.mesures | {"naissances": naissances.model_copy(update={"valeurs": valeurs})}
    p = projeter(TERRITOIRE.model_copy(update={"mesures": tables}), 2030)
    taux = (6832 * 0.97 / 8202) ** (1 / 7) - 1
    assert p.annees == tuple(range(2022, 2031))
    assert p.taux_annuel == pytest.approx(taux)
    assert p.enfants[-1] == pytest.approx(21_623.33 * (1 + taux) ** 8, rel=1e-6)
    assert (p.naissances[0], p.naissances[2], p.naissances[3]) == pytest.approx(
        (6832, 6832 * 0.97, 6832 * 0.97 * (1 + taux))
    )
    assert np.isnan(p.naissances[1]), "2023 is not in the table: unknown"


def test_la_projection_nomme_les_communes_laissees_de_cote():
    assert projeter(TERRITOIRE, 2030).absentes == ("93039",)


def carre(code, lon, lat, cote):
    anneau = [[lon, lat], [lon + cote, lat], [lon + cote, lat + cote], [lon, lat + cote], [lon, lat]]
    return {
        "type": "Feature",
        "properties": {"CODE_IRIS": code},
        "geometry": {"type": "Polygon", "coordinates": [anneau]},
    }


@pytest.fixture
def contours(tmp_path):
    fichier = tmp_path / "iris.geojson"
    elements = [carre("A", 2.35, 48.93, 0.002), carre("B", 2.352, 48.93, 0.002), carre("C", 2.45, 48.93, 0.002)]
    fichier.write_text(json.dumps({"type": "FeatureCollection", "features": elements}), encoding="utf-8")
    return fichier


def test_enfants_a_distance(contours):
    """Two neighbouring squares of about 147 × 222 m: all of both within 800 m, half of the children within a small radius."""
    tout = enfants_a_distance(contours, {"A": 40.0, "B": 20.0, "C": 99.0}, 2.352, 48.931, 800)
    assert tout.enfants == pytest.approx(60.0)
    assert (tout.iris, tout.secrets) == (("A", "B"), ())
    petit = enfants_a_distance(contours, {"A": 40.0, "B": 20.0}, 2.352, 48.931, 50)
    surface = 147.0 * 222.4
    assert petit.enfants == pytest.approx(np.pi * 50**2 / 2 / surface * 60, rel=0.02)


def test_un_iris_secret_est_nomme_et_non_compte_zero(contours):
    bassin = enfants_a_distance(contours, {"A": 40.0, "B": None}, 2.352, 48.931, 800)
    assert bassin.secrets == ("B",)
    assert bassin.enfants == pytest.approx(40.0)
    with pytest.raises(ErreurDonnees, match="propriété absente"):
        enfants_a_distance(contours, {}, 2.35, 48.93, 800, cle="code")


def test_table_caf_par_iris(tmp_path):
    fichier = tmp_path / "caf.csv"
    fichier.write_text("CODGEO;ENF_2\n930010101;113\n930010102;\n", encoding="utf-8")
    assert lire_enfants_iris(fichier) == {"930010101": 113.0, "930010102": None}
    fichier.write_text("CODGEO;ENF\n930010101;113\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="ENF_2"):
        lire_enfants_iris(fichier)
    with pytest.raises(ErreurDonnees, match=r"data\.caf\.fr"):
        lire_enfants_iris(Path("absent.csv"))


@pytest.mark.donnees_partagees
@pytest.mark.skipif(not PARTAGEES.is_dir(), reason="données partagées absentes")
def test_table_caf_reelle():
    enfants = lire_enfants_iris(PARTAGEES / "geo" / "caf_families_iris_93_2020.csv")
    assert len(enfants) == 605
    assert sum(v is None for v in enfants.values()) == 29
