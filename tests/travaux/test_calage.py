"""Back-test: no leak, hand-made figures, both schemas, page up to date. Expected values are computed by hand, as shown."""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.travaux.calage import caler, sensibilite
from pope_foncier.travaux.calage_donnees import indexer, lire_operations, observer
from pope_foncier.travaux.calage_modele import a_priori, ajuster, constante, lire_reglages
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.travaux.lots import lire_lots
from pope_foncier.vues.travaux import page_calage as page
from tests.conftest import DONNEES, RACINE

CATALOGUE = Catalogue()
REGLAGES = lire_reglages()
MAISON = observer(lire_operations(), CATALOGUE, REGLAGES.date_prix)
CAS = {
    "id": "a",
    "name": "A",
    "commune": "Ici",
    "year": 2022,
    "mode": "multi-accueil",
    "kind_code": "new",
    "places": 20,
    "surface_m2": 300,
    "total_cost_eur": 1_200_000,
    "ht_or_ttc": "TTC",
    "source_title": "champ laissé de côté",
}


@pytest.fixture(scope="module")
def calage():
    return caler(CATALOGUE)


def ecrire_cas(tmp_path, *cas):
    fichier = tmp_path / "cas.yaml"
    fichier.write_text(yaml.safe_dump({"about": "x", "cases": list(cas)}), encoding="utf-8")
    return fichier


def test_la_page_est_a_jour(calage):
    attendue = (RACINE / "docs" / "calage.md").read_text(encoding="utf-8")
    assert page.rediger(calage, sensibilite(CATALOGUE)) == attendue


def test_les_seuils_vises(calage):
    """Bars of the project's plan; the measured values stand in docs/calage.md."""
    assert calage.score("modele", calage.groupe("surface")).dans_la_tolerance >= 0.5
    assert 0.7 <= calage.couverture(calage.groupe("tout")) <= 0.9
    assert calage.score("modele", calage.groupe("neuf")).erreur_moyenne <= 0.25
    for genre in ("neuf", "reemploi", "mam"):
        assert calage.comparer("par_place", calage.groupe(genre)).bas <= 0, genre


def test_un_cout_ttc_est_ramene_hors_taxe_et_indexe_a_la_main():
    """Liancourt: 5 232 907 € TTC in 2015, ÷ 1.20, × 132.0 / 104.6 (BT01 of January 2025 over June 2015)."""
    liancourt = next(o for o in MAISON if o.operation.id == "paris-liancourt-66")
    assert liancourt.montant == pytest.approx(5_232_907 / 1.2 * 132.0 / 104.6, rel=1e-12)


def test_un_cout_sans_taxe_dite_n_est_pas_converti():
    limeil = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    assert limeil.montant == pytest.approx(5_400_000 * 132.0 / 127.2, rel=1e-12)


def test_la_tva_d_avant_2014_est_celle_de_l_annee():
    puteaux = next(o for o in MAISON if o.operation.id == "puteaux-jean-jaures")
    assert puteaux.montant == pytest.approx(3_408_066 / 1.196 * 132.0 / 87.3, rel=1e-12)


def test_travaux_et_total_d_une_meme_operation_restent_deux_lignes():
    mare = {o.nature: o.montant for o in MAISON if o.operation.id == "paris-mare-72"}
    assert mare["travaux"] == pytest.approx(2_365_465 * 132.0 / 105.2)
    assert mare["total"] == pytest.approx(3_183_297 / 1.196 * 132.0 / 105.2)


def test_indexer_aller_et_retour_ne_change_rien():
    """Price change from A to B then from B to A is neutral."""
    from datetime import date

    for annee in (2006, 2013, 2022):
        aller = indexer(CATALOGUE, annee, REGLAGES.date_prix)
        retour = indexer(CATALOGUE, 2024, date(annee, 6, 30)) / indexer(CATALOGUE, 2024, REGLAGES.date_prix)
        assert aller * retour == pytest.approx(1.0, rel=1e-12)


def test_une_operation_ne_se_predit_pas_elle_meme(tmp_path, calage):
    """Ten times its cost: its own prediction does not move (exchange file of the same id)."""
    cas = dict(CAS, id="le-rouret-50", year=2019, places=50, surface_m2=None, ht_or_ttc="HT")
    vus = [
        caler(CATALOGUE, ecrire_cas(tmp_path, dict(cas, total_cost_eur=cout))).previsions["modele"][0]
        for cout in (2_730_613, 27_306_130)
    ]
    assert vus[0] == pytest.approx(vus[1])
    rang = next(i for i, o in enumerate(calage.observations) if o.operation.id == "le-rouret-50")
    assert vus[0] == pytest.approx(calage.previsions["modele"][rang])


def test_les_deux_gares_jumelles_ne_s_apprennent_pas_l_une_l_autre(calage):
    """Villiers and Saint-Mard are one order: both are left out, so both predictions agree with a fit without either."""
    autres = [o for o in MAISON if o.operation.id not in ("villiers-neauphle-gare", "dammartin-juilly-gare")]
    gare = next(o for o in MAISON if o.operation.id == "villiers-neauphle-gare")
    prevu, _ = ajuster(autres, REGLAGES, a_priori(lire_couts(), REGLAGES)).prevoir([gare], REGLAGES.quantiles)
    for i, o in enumerate(calage.observations):
        if o.operation.id in ("villiers-neauphle-gare", "dammartin-juilly-gare"):
            assert calage.previsions["modele"][i] == pytest.approx(prevu[0])


def test_la_constante_est_la_mediane_de_la_meme_nature(tmp_path):
    """Totals of 10, 20 and 60 €/place (works of 1 000 €/place left aside), 5 places judged: 5 × 20 = 100 €."""
    cas = [dict(CAS, id=f"c{n}", year=2022, ht_or_ttc="HT", places=1, total_cost_eur=n) for n in (10, 20, 60)]
    cas.append(dict(CAS, id="w", ht_or_ttc="HT", places=1, total_cost_eur=None, works_cost_eur=1000))
    cas.append(dict(CAS, id="j", ht_or_ttc="HT", places=5, total_cost_eur=7))
    lignes = observer(lire_operations(ecrire_cas(tmp_path, *cas)), CATALOGUE, REGLAGES.date_prix)
    facteur = 132.0 / 127.2
    assert constante(lignes[:-1], lignes[-1], lambda o: o.operation.places) == pytest.approx(100 * facteur)


def test_les_deux_schemas_disent_la_meme_chose(tmp_path):
    (lu,) = lire_operations(ecrire_cas(tmp_path, CAS))
    fiche = tmp_path / "maison.yaml"
    fiche.write_text(
        "operations:\n  - {id: a, nom: A, commune: Ici, annee: 2022, mode: multi_accueil, genre: neuf, travaux: neuf, places: 20,\n"
        "     surface_m2: 300, cout_total: {montant: 1 200 000 €, taxe: ttc}, fiabilite: secondaire,\n"
        "     source: {titre: T, consulte_le: 2026-11-23}}\n",
        encoding="utf-8",
    )
    assert lire_operations(fiche) == (lu,)


@pytest.mark.parametrize(
    ("changement", "motif"),
    [
        ({"composite": True}, "un autre programme"),
        ({"in_stats": False}, "hors des statistiques"),
        ({"places": None, "surface_m2": None}, "ni places ni surface"),
        ({"total_cost_eur": None}, "aucun coût"),
    ],
)
def test_ce_qui_ne_peut_etre_juge_est_ecarte_avec_sa_raison(tmp_path, changement, motif):
    fichier = ecrire_cas(tmp_path, dict(CAS, **changement))
    assert motif in lire_operations(fichier)[0].ecarte
    with pytest.raises(ErreurCalcul, match="Aucune opération"):
        caler(CATALOGUE, fichier)


def test_des_prix_plus_anciens_que_l_indice_sont_ecartes(tmp_path):
    vieux = dict(CAS, id="vieux", year=2003)
    c = caler(CATALOGUE, ecrire_cas(tmp_path, CAS, vieux))
    assert [o.id for o in c.ecartees] == ["vieux"]
    assert "plus anciens que l'indice" in c.ecartees[0].ecarte
    assert [o.operation.id for o in c.observations] == ["a"]
    assert c.nouvelles.all(), "une opération absente du fichier du projet est une vraie prévision"


def test_un_fichier_faux_dit_toutes_ses_fautes(tmp_path):
    fichier = ecrire_cas(tmp_path, dict(CAS, places="beaucoup", kind_code="tente"))
    with pytest.raises(ErreurDonnees) as erreur:
        lire_operations(fichier)
    assert "cases[1].places" in str(erreur.value)
    assert "cases[1].kind_code" in str(erreur.value)


def test_la_dispersion_est_celle_des_residus_sans_la_ligne_jugee():
    """Common spread = root mean square of ln(real ÷ fit without that row), by refitting 46 times (prior of the level free)."""
    prior = a_priori(lire_couts(), REGLAGES)
    habituelle = ajuster(MAISON, REGLAGES, prior)
    residus = []
    for rang, jugee in enumerate(MAISON):
        autres = ajuster([*MAISON[:rang], *MAISON[rang + 1 :]], REGLAGES, prior)
        memes_m2 = replace(autres, m2_par_place=habituelle.m2_par_place)
        residus.append(np.log(jugee.montant / memes_m2.prevoir([jugee], (0.5,))[0][0]))
    # dropping a row may move the median m² per place a little: hence the tolerance
    assert habituelle.dispersion[""] == pytest.approx(np.sqrt(np.mean(np.square(residus))), rel=0.01)


@pytest.mark.parametrize("facteur", [1.35, 1.125])
def test_le_ratio_du_neuf_est_la_moitie_centrale_des_operations_publiees(facteur):
    """Works cost per m² of the new builds with an area (factory-made modules aside), totals brought to works by a factor.

    1.35 is the middle of the assumption; 1.125 is the one pair published both ways (rue de la Mare, excluding tax). By a
    script without our code: quartiles 2 085 and 3 673 €/m² with the first, 2 214 and 3 808 with the second.
    """
    modules = ("villiers-neauphle-gare", "dammartin-juilly-gare", "dijon-maison-des-fees", "aucamville-bambins")
    neufs = [o for o in MAISON if o.operation.genre == "neuf" and not o.operation.mam and o.operation.surface_m2]
    m2 = [
        o.montant / o.operation.surface_m2 / (facteur if o.nature == "total" else 1)
        for o in neufs
        if o.operation.id not in modules
    ]
    neuf = lire_couts().genres["neuf"]
    assert len(m2) == 13
    assert (neuf.bas, neuf.haut) == pytest.approx(tuple(np.quantile(m2, [0.25, 0.75])), abs=125)
    assert neuf.bas < np.median(m2) < neuf.haut


def test_la_dispersion_des_lots_est_celle_du_calage(calage):
    """Spread of the ratio in couts_lots.yaml, said to be measured here; heavy restructuring and modules take their neighbours'."""
    mesuree = {k: round(v, 2) for k, v in calage.ajustement.dispersion.items()}
    voisins = {
        "amenagement": "amenagement",
        "conversion": "reemploi",
        "restructuration": "reemploi",
        "modulaire": "neuf",
        "neuf": "neuf",
    }
    assert lire_lots().dispersion == {genre: mesuree[voisin] for genre, voisin in voisins.items()}


def test_l_intervalle_d_un_ecart_constant_est_ce_constant(calage):
    """The bootstrap of identical errors has no width: model against itself."""
    ecart = calage.comparer("modele", calage.groupe("tout"))
    assert (ecart.moyenne, ecart.bas, ecart.haut) == (0, 0, 0)


def test_la_fourchette_est_plus_large_vers_le_haut(calage):
    centre = calage.previsions["modele"]
    assert np.all(calage.bornes[1] - centre > centre - calage.bornes[0])


def test_chaque_operation_a_sa_source():
    texte = (DONNEES / "cas" / "operations_publiees.yaml").read_text(encoding="utf-8")
    assert texte.count("    source: ") == texte.count("  - id: ")
