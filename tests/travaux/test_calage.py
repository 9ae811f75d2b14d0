"""Back-test: no leak, hand-made figures, both schemas, page up to date. Expected values are computed by hand, as shown."""

from dataclasses import astuple, replace

import numpy as np
import pytest
import yaml

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.travaux.calage import caler, departements_appris, essayer
from pope_foncier.travaux.calage_donnees import indexer, lire_operations, observer
from pope_foncier.travaux.calage_modele import COLONNES, Plan, ajuster, au_ratio, constante, lire_reglages
from pope_foncier.travaux.calage_mots import modulaire, profondeur
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


def reglages(**changes):
    """Settings with other numbers."""
    return REGLAGES.model_copy(update=changes)


def test_sans_loi_de_student_le_modele_est_la_regression_bayesienne_connue():
    """Normal errors of a known variance: the posterior is (X'X/s² + P)⁻¹ (X'y/s² + P m), worked here with numpy alone."""
    r = reglages(degres=1e9, poids_ecart=1e12)
    x = np.array([[1.0, *(COLONNES[nom](o, r) for nom in r.effets)] for o in MAISON])
    surfaces = np.array([o.operation.surface_m2 or 14 * o.operation.places for o in MAISON])
    y = np.log([o.montant for o in MAISON]) - np.log(surfaces)
    ordinaire = np.array(
        [o.operation.genre == "neuf" and not o.operation.mam and not o.operation.modulaire for o in MAISON]
    )
    s2 = 0.30**2 * np.where(ordinaire, 1.0, 1.2**2) + 0.10**2
    s2 += np.where([o.operation.surface_m2 is None for o in MAISON], (0.7 * 0.22) ** 2, 0.0)
    s2 += np.where([o.operation.genre == "autre" for o in MAISON], 0.27**2, 0.0)
    tait = [o.operation.genre in ("reemploi", "amenagement") and o.operation.profondeur is None for o in MAISON]
    s2 += np.where(tait, 0.28**2, 0.0)
    m = np.array([0.0, *(e.attendu for e in r.effets.values())])
    p = np.diag([1e-6, *(1 / e.ecart**2 for e in r.effets.values())])
    covariance = np.linalg.inv(x.T @ (x / s2[:, None]) + p)
    coefficients = covariance @ (x.T @ (y / s2) + p @ m)
    a = ajuster(Plan.dresser(MAISON, r), np.array([o.montant for o in MAISON]), r)
    assert a.coefficients[0] == pytest.approx(coefficients, abs=1e-6)
    assert a.covariance[0] == pytest.approx(covariance, abs=1e-8)


def test_la_fourchette_est_celle_de_student_a_la_main():
    """Limeil (new, area known): t with 4 degrees has its 90 % point at 1.5332; scale² = variance + x' V x."""
    a = ajuster(Plan.dresser(MAISON, REGLAGES, DEPARTEMENTS), np.array([o.montant for o in MAISON]), REGLAGES)
    limeil = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    plan = Plan.dresser([limeil], REGLAGES, DEPARTEMENTS)
    centre, (bas, haut) = a.prevoir(plan, REGLAGES.quantiles)
    echelle = np.sqrt(a.variance[0] + plan.x[0] @ a.covariance[0] @ plan.x[0])
    assert np.log(haut / centre)[0, 0] == pytest.approx(1.5332 * echelle, rel=1e-4)
    assert np.log(centre / bas)[0, 0] == pytest.approx(1.5332 * echelle, rel=1e-4)


def test_une_operation_folle_ne_deplace_pas_le_modele():
    """One cost multiplied by a hundred moves the level five times less than it would with normal errors."""
    deplacement = {}
    for degres in (4.0, 1e9):
        r = reglages(degres=degres)
        plan, montants = Plan.dresser(MAISON, r), np.array([o.montant for o in MAISON])
        fou = np.where(np.arange(len(montants)) == 0, 100 * montants, montants)
        avant, apres = (ajuster(plan, v, r).coefficients[0, 0] for v in (montants, fou))
        deplacement[degres] = abs(apres - avant)
    assert deplacement[4.0] < deplacement[1e9] / 5


def test_ce_que_la_description_tait_elargit_la_fourchette():
    """Reuse said to be a conversion, then of a depth not said; a kind said, then not: same premises, wider range."""
    a = ajuster(Plan.dresser(MAISON, REGLAGES), np.array([o.montant for o in MAISON]), REGLAGES)
    modele = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")

    def largeur(**change):
        dite = replace(modele, operation=replace(modele.operation, **change))
        _, bornes = a.prevoir(Plan.dresser([dite], REGLAGES), REGLAGES.quantiles)
        return bornes[1, 0, 0] / bornes[0, 0, 0]

    dites = [largeur(genre="reemploi", profondeur=p) for p in ("transformation", "lourde")]
    assert largeur(genre="reemploi", profondeur=None) > 1.1 * max(dites)
    assert largeur(genre="autre") > 1.1 * largeur(genre="neuf")


def test_une_profondeur_non_dite_est_entre_les_trois():
    """A quarter heavy, a twentieth refreshed, the rest converted, in logarithm: between a conversion and heavy works."""
    a = ajuster(Plan.dresser(MAISON, REGLAGES), np.array([o.montant for o in MAISON]), REGLAGES)
    modele = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    lus = {
        p: float(
            a.centre(
                Plan.dresser(
                    [replace(modele, operation=replace(modele.operation, genre="reemploi", profondeur=p))], REGLAGES
                )
            )[0, 0]
        )
        for p in ("rafraichissement", "transformation", "lourde", None)
    }
    melange = 0.05 * lus["rafraichissement"] + 0.70 * lus["transformation"] + 0.25 * lus["lourde"]
    assert lus[None] == pytest.approx(melange)


def test_la_loi_predictive_est_celle_d_un_echantillonneur():
    """Gibbs sampling of the same law in numpy alone, on what teaches Limeil: its P10, median and P90 within 4 %.

    y = x'b + e1 + e2, e1 of Student's law (a normal of variance v r / l, l ~ gamma), e2 normal of known variance; inverse gamma on v.
    """
    jugee = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    lignes = [o for o in MAISON if not o.jumelle(jugee)]
    plan, elle = (Plan.dresser(x, REGLAGES, DEPARTEMENTS) for x in (lignes, [jugee]))
    montants = np.array([o.montant for o in lignes])
    prevu, bornes = ajuster(plan, montants, REGLAGES).prevoir(elle, (0.1, 0.9))
    hasard, n, nu, v = np.random.default_rng(1), len(lignes), 4.0, 0.09
    y, moyens = np.log(montants) - plan.depart, [e.attendu for e in REGLAGES.effets.values()]
    attendu = np.array([0.0, *moyens, *[0.0] * len(DEPARTEMENTS)])
    ecarts = [1e3, *(e.ecart for e in REGLAGES.effets.values()), *[0.10] * len(DEPARTEMENTS)]
    p, poids, tires = np.diag(np.array(ecarts) ** -2.0), np.ones(n), []
    for tour in range(3000):
        propre = v * plan.relatif / poids
        totale = propre + plan.ajout
        covariance = np.linalg.inv(plan.x.T @ (plan.x / totale[:, None]) + p)
        moyenne = covariance @ (plan.x.T @ (y / totale) + p @ attendu)
        b = moyenne + np.linalg.cholesky(covariance) @ hasard.standard_normal(len(moyenne))
        residu = y - plan.x @ b
        e1 = residu * propre / totale + np.sqrt(propre * plan.ajout / totale) * hasard.standard_normal(n)
        poids = hasard.gamma((nu + 1) / 2, 2 / (nu + e1**2 / (v * plan.relatif)))
        v = 1 / hasard.gamma((20 + n) / 2, 2 / (20 * 0.30**2 + np.sum(poids * e1**2 / plan.relatif)))
        if tour >= 500:
            erreur = np.sqrt(v * elle.relatif[0]) * hasard.standard_t(nu)
            tires.append(elle.x[0] @ b + elle.depart[0] + erreur)
    tirage = np.exp(np.quantile(tires, [0.1, 0.5, 0.9]))
    assert [bornes[0, 0, 0], prevu[0, 0], bornes[1, 0, 0]] == pytest.approx(list(tirage), rel=0.04)


def test_un_departement_qui_a_une_seule_operation_n_a_pas_de_colonne():
    """Its effect cannot be learnt: it widens the range as that of an unknown department does."""
    seul = next(o for o in MAISON if o.operation.id == "tours-leccia")
    assert {"37", "75"} <= set(DEPARTEMENTS)
    assert "80" not in DEPARTEMENTS
    ailleurs = replace(seul, operation=replace(seul.operation, departement="80"))
    tu = replace(seul, operation=replace(seul.operation, departement=None))
    ajouts = Plan.dresser([seul, ailleurs, tu], REGLAGES, DEPARTEMENTS).ajout
    assert ajouts == pytest.approx([0.0, 0.10**2, 0.10**2])


def test_un_module_et_des_travaux_lourds_ont_leur_ratio():
    """300 m² of a total: × 1.35, at 2 725 €/m² (modules, 2 500 to 2 950) and 3 750 (restructuring, 3 000 to 4 500)."""
    milieux = {nom: g.milieu for nom, g in lire_couts().genres.items()}
    base = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    lus = [
        au_ratio(replace(base, operation=replace(base.operation, surface_m2=300.0, **x)), milieux, 1.0, REGLAGES)
        for x in ({"modulaire": True}, {"genre": "reemploi", "profondeur": "lourde"}, {"genre": "reemploi"})
    ]
    assert lus == pytest.approx([300 * 2725 * 1.35, 300 * 3750 * 1.35, 300 * 2700 * 1.35])


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


def test_sans_surface_la_fourchette_est_plus_large():
    a = ajuster(Plan.dresser(MAISON, REGLAGES), np.array([o.montant for o in MAISON]), REGLAGES)
    limeil = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    sans = replace(limeil, operation=replace(limeil.operation, surface_m2=None))
    _, bornes = a.prevoir(Plan.dresser([limeil, sans], REGLAGES), REGLAGES.quantiles)
    rapports = bornes[1, 0] / bornes[0, 0]
    assert rapports[1] > rapports[0]


def test_le_choix_imbrique_est_celui_de_deux_boucles(monkeypatch):
    """Choice among two forms and its score, by plain loops over single fits, on the first thirty costs."""
    maison, formes = MAISON[:30], REGLAGES.formes[:2]
    monkeypatch.setattr("pope_foncier.travaux.calage.observer", lambda *_: maison)
    monkeypatch.setattr("pope_foncier.travaux.calage_modele.lire_reglages", lambda: reglages(formes=formes))
    montants = np.array([o.montant for o in maison])
    lots = []
    for i, o in enumerate(maison):
        siens = [lot for lot in lots if any(o.jumelle(maison[j]) for j in lot)]
        lots = [lot for lot in lots if lot not in siens] + [[i, *(j for lot in siens for j in lot)]]

    def ecarts(forme, vus, dehors):
        r = REGLAGES.selon(forme)
        garde = np.array([[i not in dehors for i in range(len(maison))]])
        plan = Plan.dresser(maison, r, departements_appris(maison, r))
        return ajuster(plan, montants, r, garde).centre(plan)[0, vus] - np.log(montants[vus])

    choisies, erreurs = [], []
    for juge in lots:
        moyennes = [
            np.mean(np.concatenate([np.abs(ecarts(f, a, juge + a)) for a in lots if a != juge])) for f in formes
        ]
        choisies.append(formes[int(np.argmin(moyennes))])
        erreurs.extend(np.abs(np.exp(ecarts(choisies[-1], juge, juge)) - 1))
    essais = essayer(CATALOGUE)
    assert essais.choisie == {f.nom: choisies.count(f) for f in formes}
    assert essais.imbrique.erreur_moyenne == pytest.approx(np.mean(erreurs))


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


def test_les_attendus_des_genres_sont_ceux_des_ratios_du_projet():
    """ln of the ratio of two middles of couts.yaml, to the hundredth."""
    milieu = {nom: (g.bas + g.haut) / 2 for nom, g in lire_couts().genres.items()}
    for effet, haut, bas in (
        ("reemploi", "conversion", "neuf"),
        ("amenagement", "amenagement", "neuf"),
        ("modulaire", "modulaire", "neuf"),
        ("lourde", "restructuration", "conversion"),
    ):
        assert REGLAGES.effets[effet].attendu == pytest.approx(np.log(milieu[haut] / milieu[bas]), abs=0.01), effet
    assert REGLAGES.effets["travaux"].attendu == pytest.approx(-np.log(REGLAGES.facteur_total), abs=0.005)


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


@pytest.mark.parametrize(
    ("description", "attendue"),
    [
        ("renovation + extension of a house", "lourde"),
        ("restructuration d'un hôtel particulier et extension", "lourde"),
        ("light conversion", "rafraichissement"),
        ("light conversion and extension", "lourde"),
        ("réhabilitation complète d'un presbytère", "lourde"),
        ("reuse of a school, skylights kept, new lighting", None),
        ("reuse of a former school", None),
        ("", None),
        ("light", "rafraichissement"),
        ("renovation, light.", "rafraichissement"),
        ("conversion completed in 2021", "transformation"),
        ("complete renovation", "lourde"),
        ("completely renovated", "lourde"),
        ("réaménagement sans extension ni surélévation", "transformation"),
        ("sans aucune extension", None),
        ("light conversion, no heavy works", "rafraichissement"),
        ("conversion without any extension", "transformation"),
        ("extension sans place nouvelle", "lourde"),
    ],
)
def test_la_profondeur_est_lue_dans_la_description(description, attendue):
    assert profondeur(description) == attendue


@pytest.mark.parametrize(
    ("description", "usine"),
    [
        ("new modular timber building on station land", True),
        ("new build, six reused shipping containers (modular)", True),
        ("demolition of a prefabricated building and rebuild", False),
        ("new build", False),
        ("new build, containers", True),
    ],
)
def test_un_batiment_d_usine_est_lu_dans_la_description(description, usine):
    assert modulaire(description) is usine


def test_un_champ_laisse_de_cote_n_est_pas_lu(tmp_path):
    """A department code without quotes would be refused in a sheet (« 01 » loses its zero); here it is read as it is written."""
    fichier = tmp_path / "cas.yaml"
    corps = "{id: %s, name: A, kind_code: new, places: 20, total_cost_eur: 1200000, dept: %s, vu_le: 08, autre: [1, {x: 01}]}"
    codes = ("01", "2A", "75", "'974'")
    lignes = "\n".join("  - " + corps % (f"c{i}", code) for i, code in enumerate(codes))
    fichier.write_text(f"about: x\ncases:\n{lignes}\n", encoding="utf-8")
    lues = lire_operations(fichier)
    assert [o.id for o in lues] == ["c0", "c1", "c2", "c3"]
    assert [o.departement for o in lues] == ["01", "2A", "75", "974"]


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
