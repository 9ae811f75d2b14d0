"""Back-test: no leak, hand-made figures, both schemas, page up to date. Expected values are computed by hand, as shown."""

from dataclasses import astuple, replace

import numpy as np
import pytest
import yaml

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.travaux.calage import caler, departements_appris, essayer, sans_elles
from pope_foncier.travaux.calage_donnees import de_la_fiche, indexer, lire_fiches, lire_operations, observer
from pope_foncier.travaux.calage_modele import Plan, ajuster, constante, lire_reglages
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.travaux.lots import lire_lots
from pope_foncier.vues.travaux import page_calage as page
from tests.conftest import DONNEES, RACINE

CATALOGUE = Catalogue()
REGLAGES = lire_reglages()
MAISON = observer(lire_operations(), CATALOGUE, REGLAGES.date_prix)
DEPARTEMENTS = departements_appris(MAISON, REGLAGES)
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


@pytest.fixture(scope="module")
def essais():
    return essayer(CATALOGUE)


def ecrire_cas(tmp_path, *cas):
    fichier = tmp_path / "cas.yaml"
    fichier.write_text(yaml.safe_dump({"about": "x", "cases": list(cas)}), encoding="utf-8")
    return fichier


def test_la_page_est_a_jour(calage, essais):
    attendue = (RACINE / "docs" / "calage.md").read_text(encoding="utf-8")
    assert page.rediger(calage, essais, caler(CATALOGUE, annonces=True)) == attendue


def test_les_seuils_vises(calage):
    """Bars of the project's plan, but the mean error of new build, which is not held (docs/calage.md says it)."""
    surface = calage.score("modele", calage.groupe("surface"))
    assert surface.dans_la_tolerance >= 0.5
    assert surface.erreur_mediane <= 0.18
    assert 0.75 <= calage.couverture(calage.groupe("tout")) <= 0.9
    assert calage.score("modele", calage.groupe("neuf")).erreur_mediane <= 0.22
    for base in ("par_place", "par_m2"):
        memes = np.isfinite(calage.previsions[base])
        modele, constant = calage.score("modele", memes), calage.score(base, memes)
        assert modele.erreur_moyenne <= constant.erreur_moyenne, base
        assert modele.erreur_mediane <= constant.erreur_mediane, base


def test_un_cout_ttc_est_ramene_hors_taxe_et_indexe_a_la_main():
    """Liancourt: 5 232 907 € TTC in 2015, ÷ 1.20, × 132.0 / 104.6 (BT01 of January 2025 over June 2015)."""
    liancourt = next(o for o in MAISON if o.operation.id == "paris-liancourt-66")
    assert liancourt.montant == pytest.approx(5_232_907 / 1.2 * 132.0 / 104.6, rel=1e-12)


def test_un_cout_sans_taxe_dite_n_est_pas_converti():
    limeil = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    assert limeil.montant == pytest.approx(5_100_000 * 132.0 / 127.2, rel=1e-12)


def test_la_tva_d_avant_2014_est_celle_de_l_annee():
    gardee = next(replace(o, ecarte="") for o in lire_operations() if o.id == "puteaux-jean-jaures")
    (puteaux,) = observer((gardee,), CATALOGUE, REGLAGES.date_prix)
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
    cas = dict(CAS, id="le-rouret-50", year=2019, places=50, surface_m2=None, ht_or_ttc="not stated (grant base)")
    vus = [
        caler(CATALOGUE, ecrire_cas(tmp_path, dict(cas, total_cost_eur=cout))).previsions["modele"][0]
        for cout in (2_730_613, 27_306_130)
    ]
    assert vus[0] == pytest.approx(vus[1])
    rang = next(i for i, o in enumerate(calage.observations) if o.operation.id == "le-rouret-50")
    assert vus[0] == pytest.approx(calage.previsions["modele"][rang])


def test_les_deux_gares_jumelles_ne_s_apprennent_pas_l_une_l_autre(calage):
    """Villiers and Saint-Mard are one order: both are left out, so both predictions agree with a fit without either."""
    gares = ("villiers-neauphle-gare", "dammartin-juilly-gare")
    autres = [o for o in MAISON if o.operation.id not in gares]
    gare = next(o for o in MAISON if o.operation.id == gares[0])
    seul = ajuster(Plan.dresser(autres, REGLAGES, DEPARTEMENTS), np.array([o.montant for o in autres]), REGLAGES)
    prevu, _ = seul.prevoir(Plan.dresser([gare], REGLAGES, DEPARTEMENTS), REGLAGES.quantiles)
    i = next(i for i, o in enumerate(calage.observations) if o.operation.id == gares[0])
    assert calage.previsions["modele"][i] == pytest.approx(prevu[0, 0], rel=1e-3)


def test_ce_qui_peut_etre_la_meme_operation_n_apprend_rien(tmp_path):
    """Another name and place, but the year and the printed cost of Le Rouret: it no longer teaches.

    Nor when the commune is the same, whatever its spelling and even with another number of places: press and town hall
    seldom agree on it.
    """
    rouret = next(o for o in MAISON if o.operation.id == "le-rouret-50")
    cas = [
        dict(CAS, id="cout", commune="Ailleurs", year=2019, places=None, total_cost_eur=2_730_613),
        dict(CAS, id="hasard", commune="Ailleurs", total_cost_eur=2_730_613),
        dict(CAS, id="lieu", commune="LE ROURET", places=50),
        dict(CAS, id="autre-source", commune="le-rouret", places=49),
        dict(CAS, id="rien", commune="Le Rouret-sur-Mer", places=50),
    ]
    lues = observer(lire_operations(ecrire_cas(tmp_path, *cas)), CATALOGUE, REGLAGES.date_prix)
    assert [rouret.jumelle(o) for o in lues] == [True, False, True, True, False]


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


def test_une_annee_que_l_indice_n_atteint_pas_est_ecartee_ou_refusee(tmp_path):
    """Five years after the last known BT01 at most; a year of five digits is no year."""
    lointain, proche = dict(CAS, id="lointain", year=2150), dict(CAS, id="proche", year=2028)
    c = caler(CATALOGUE, ecrire_cas(tmp_path, proche, lointain))
    dernier = CATALOGUE.bareme("indices.bt01.bt01").valeurs[-1].depuis.year
    assert [(o.id, o.ecarte) for o in c.ecartees] == [("lointain", f"année d'après {dernier + 5}")]
    assert [o.operation.id for o in c.observations] == ["proche"]
    with pytest.raises(ErreurDonnees, match=r"cases\[1\]\.year"):
        caler(CATALOGUE, ecrire_cas(tmp_path, dict(CAS, year=20240)))


def test_la_page_et_les_formes_jugent_les_memes_previsions(calage, essais):
    """The form kept, tried by pairs of operations left out, gives the score of the page: one rule of what is left out."""
    tout = calage.score("modele", calage.groupe("tout"))
    assert astuple(next(iter(essais.formes.values()))) == pytest.approx(astuple(tout))


def test_un_fichier_faux_dit_toutes_ses_fautes(tmp_path):
    fichier = ecrire_cas(tmp_path, dict(CAS, places="beaucoup", kind_code="tente"))
    with pytest.raises(ErreurDonnees) as erreur:
        lire_operations(fichier)
    assert "cases[1].places" in str(erreur.value)
    assert "cases[1].kind_code" in str(erreur.value)


def test_aux_annonces_le_premier_total_est_appris_et_juge(calage):
    """Marseillan: 1 156 979 € announced in 2021, × 132.0 / 117.5; the others do not move."""
    annonces = caler(CATALOGUE, annonces=True)
    bouges = {
        o.operation.id: p.montant
        for o, p in zip(calage.observations, annonces.observations, strict=True)
        if o.montant != p.montant
    }
    assert set(bouges) == {
        "limeil-brevannes-79e",
        "triel-maison-petite-enfance",
        "perrecy-les-forges",
        "marseillan-creche",
    }
    assert bouges["marseillan-creche"] == pytest.approx(1_156_979 * 132.0 / 117.5)


def test_le_ratio_du_neuf_est_la_moitie_centrale_des_operations_publiees():
    """Works cost per m² of the new builds with an area (factory-made modules aside), totals brought to works by a factor.

    1.35 is the middle of the assumption; 1.125 is the one pair published both ways (rue de la Mare, excluding tax). By a
    script without our code, on 24 costs: quartiles 2 252 and 3 715 €/m² with the first, 2 622 and 4 172 with the second.
    """
    neufs = [o for o in MAISON if o.operation.genre == "neuf" and not o.operation.mam and o.operation.surface_m2]
    quartiles = []
    for facteur in (1.35, 1.125):
        m2 = [
            o.montant / o.operation.surface_m2 / (facteur if o.nature == "total" else 1)
            for o in neufs
            if not o.operation.modulaire
        ]
        assert len(m2) == 24
        quartiles.append(np.quantile(m2, [0.25, 0.75]))
    assert np.round(quartiles) == pytest.approx(np.array([[2252, 3715], [2622, 4172]]), abs=1)
    neuf = lire_couts().genres["neuf"]
    assert quartiles[0][0] <= neuf.bas <= quartiles[1][0]
    assert quartiles[0][1] <= neuf.haut <= quartiles[1][1]


def test_la_dispersion_des_lots_n_est_pas_plus_etroite_que_le_calage(calage):
    """Spread of couts_lots.yaml beside that of the back-test (P10–P90 of a normal law: 2.563 spreads), as its header says."""
    lots, texte = lire_lots().dispersion, (DONNEES / "hypotheses" / "couts_lots.yaml").read_text(encoding="utf-8")
    mesurees = {}
    for groupe in ("neuf", "reemploi", "amenagement"):
        bas, haut = calage.etendue(calage.groupe(groupe) & calage.groupe("surface"))
        mesurees[groupe] = float(np.log(haut / bas) / 2.563)
    dites = [f"{v:.2f}".replace(".", ",") for v in mesurees.values()]
    assert "donne {} en neuf, {} en réemploi et {} en aménagement".format(*dites) in texte
    assert lots["neuf"] >= mesurees["neuf"]
    assert lots["conversion"] >= mesurees["reemploi"]
    assert lots["restructuration"] == lots["conversion"]
    assert lots["modulaire"] == lots["neuf"]


def test_un_champ_laisse_de_cote_n_est_pas_lu(tmp_path):
    """A department code without quotes would be refused in a sheet (« 01 » loses its zero); here it is read as it is written."""
    fichier = tmp_path / "cas.yaml"
    corps = "{id: %s, name: A, kind_code: new, places: 20, total_cost_eur: 1200000, dept: %s, vu_le: 08, autre: [1, {x: 01}]}"
    codes = ("01", "2A", "75", "'974'", "null", "~")
    lignes = "\n".join("  - " + corps % (f"c{i}", code) for i, code in enumerate(codes))
    fichier.write_text(f"about: x\ncases:\n{lignes}\n", encoding="utf-8")
    lues = lire_operations(fichier)
    assert [o.id for o in lues] == ["c0", "c1", "c2", "c3", "c4", "c5"]
    assert [o.departement for o in lues] == ["01", "2A", "75", "974", None, None]


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


def test_les_jumelles_des_jumelles_sont_retirees_aussi(tmp_path):
    """B shares its commune with A, and its printed cost, year and places with C: none of the three teaches another.

    The first file teaches, the second is judged: as A alone is its neighbour, C would teach what B knows.
    """
    cas = [
        dict(CAS, id="a", commune="Ici", total_cost_eur=1_000_000, places=12),
        dict(CAS, id="b", commune="Ici", total_cost_eur=2_000_000, places=30, surface_m2=400),
        dict(CAS, id="c", commune="Là", total_cost_eur=2_000_000, places=30, surface_m2=500),
        dict(CAS, id="d", commune="Ailleurs", total_cost_eur=3_000_000, places=60, surface_m2=800),
    ]
    lignes = observer(lire_operations(ecrire_cas(tmp_path, *cas)), CATALOGUE, REGLAGES.date_prix)
    assert sans_elles(lignes, lignes[:1]).tolist() == [[False, False, False, True]]
    assert sans_elles(lignes, lignes).sum() == 3 * 1 + 3


def test_une_annonce_n_est_gardee_qu_a_cote_d_un_total():
    """Works alone have no total to compare with; the row of works of an operation that has both neither."""
    fiche = next(o for o in lire_fiches() if o.id == "marseillan-creche")
    assert de_la_fiche(fiche).annonce == 1_156_979
    travaux = fiche.model_copy(update={"cout_total": None, "cout_travaux": fiche.cout_total})
    assert de_la_fiche(travaux).annonce is None
    deux = de_la_fiche(fiche.model_copy(update={"cout_travaux": fiche.cout_total}))
    total, seuls = observer((deux,), CATALOGUE, REGLAGES.date_prix)
    assert total.hausse == pytest.approx(2_200_000 / 1_156_979)
    assert np.isnan(seuls.hausse)
