"""Bounds: every number of a command, the environment, a form or a file is refused beyond them, before anything is computed."""

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pytest

from pope_foncier.etude.nouveau import creer, lire_reponses
from pope_foncier.etude.scenarios import ouvrir, varier
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.prets.fiche import calculer_prets
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, ErreurPope
from pope_foncier.socle.lecture import TAILLE_MAX_OCTETS, lire_octets
from pope_foncier.socle.memoire import LIMITE_MO, exiger_memoire, limite_mo
from pope_foncier.territoire.besoins import projeter
from pope_foncier.territoire.fiche import lire_territoire
from pope_foncier.vues.documents.terminal import ecran
from pope_foncier.vues.lieu.lieu_ouvert import nombre, supposer
from tests.conftest import DONNEES, GARE, RACINE
from tests.garde.commandes import lancer

SITE = DONNEES / "sites" / "gare_saint_denis.yaml"
PLAN = DONNEES / "plans" / "gare_saint_denis_suppose.yaml"
SCI = DONNEES / "portefeuilles" / "sci_plaine_commune.yaml"
JOUR = ("--date", "2026-12-01")


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["besoins-accueil", "--horizon", "999999999"], "--horizon"),
        (["besoins-accueil", "--horizon", "1e30"], "--horizon"),
        (["besoins-accueil", "--horizon", "2030,5"], "--horizon"),
        (["besoins-accueil", "--horizon", "9" * 5000], "--horizon"),
        (["besoins-accueil", "--places=-3"], "--places"),
        (["besoins-accueil", "--places", "nan"], "--places"),
        (["besoins-accueil", "--distance", "nan"], "--distance"),
        (["besoins-accueil", "--distance", "inf"], "--distance"),
        (["besoins-accueil", "--distance", "1e9"], "--distance"),
        (["besoins-accueil", "--distance", "0"], "--distance"),
        (["plan", PLAN, *JOUR, "--echelle", "0"], "--echelle"),
        (["plan", PLAN, *JOUR, "--echelle=-100"], "--echelle"),
        (["plan", PLAN, *JOUR, "--echelle", "99999999999"], "--echelle"),
        (["plan", PLAN, *JOUR, "--niveau", "1e9"], "--niveau"),
        (["portefeuille", SCI, "--tirages", "0"], "--tirages"),
        (["portefeuille", SCI, "--tirages", "1000000000"], "--tirages"),
        (["atelier", GARE, "--port", "99999"], "--port"),
        (["atelier", GARE, "--port", "0"], "--port"),
        (["atelier", GARE, "--visiteurs", "1e6"], "--visiteurs"),
        (["atelier", GARE, "--reserve", "-1"], "--reserve"),
        (["atelier", GARE, "--oisif", "nan"], "--oisif"),
        (["capacite", SITE, *JOUR, "--surface", "1e999"], "--surface"),
        (["capacite", SITE, *JOUR, "--surface", "1e12"], "--surface"),
        (["capacite", SITE, *JOUR, "--surface=-1"], "--surface"),
        (["capacite", SITE, *JOUR, "--surface", "200", "--tolerance", "500 %"], "--tolerance"),
        (["capacite", SITE, *JOUR, "--surface", "200", "--tolerance", "1e400 %"], "--tolerance"),
        (["capacite", SITE, *JOUR, "--cour", "1e30"], "--cour"),
        (["capacite", SITE, "--date", "0001-01-01"], "--date"),
        (["capacite", SITE, "--date", "9999-12-31"], "--date"),
        (["veille", "--date", "9999-12-31"], "--date"),
        (["plan", PLAN, "--date", "0001-01-01"], "--date"),
    ],
)
def test_un_nombre_d_une_commande_a_des_bornes(arguments, option):
    debut = time.process_time()
    fin = lancer(*arguments)
    assert fin.code == 2
    assert option in fin.refus, fin
    assert len(fin.refus) < 400
    assert time.process_time() - debut < 5


@pytest.mark.parametrize(
    "point", ["nan,nan", "inf,48.9", "2.35", "2.35,48.9,1", "48.93,2.35", "1e999,48.9", "2.35;48.9", "a,b", "-180,90"]
)
def test_un_point_hors_de_france_ou_sans_mesure_est_refuse(point, tmp_path):
    (tmp_path / "t.csv").write_text("CODGEO,ENF_2\n1,2\n", encoding="utf-8")
    forme = {"type": "Polygon", "coordinates": [[[2.35, 48.9], [2.36, 48.9], [2.36, 48.91]]]}
    element = {"type": "Feature", "properties": {"CODE_IRIS": "1"}, "geometry": forme}
    (tmp_path / "c.geojson").write_text(json.dumps({"features": [element]}), encoding="utf-8")
    fin = lancer(
        "besoins-accueil", "--iris", tmp_path / "t.csv", "--contours", tmp_path / "c.geojson", "--point", point
    )
    assert fin.code == 2
    assert "Point" in fin.refus


@pytest.mark.parametrize("largeur", ["1", "999999999", "0", "-5", "abc"])
def test_la_largeur_de_l_ecran_a_des_bornes(monkeypatch, largeur):
    """A width of a thousand million signs made a title of as many."""
    monkeypatch.setenv("COLUMNS", largeur)
    assert 40 <= ecran().width <= 400


@pytest.mark.parametrize("valeur", ["0", "-1", "abc", "1e9", "9" * 30, "199", "1000001", "nan"])
def test_la_memoire_permise_a_des_bornes(monkeypatch, valeur):
    monkeypatch.setenv("POPE_MEMOIRE_MO", valeur)
    with pytest.raises(ErreurCalcul, match="POPE_MEMOIRE_MO"):
        limite_mo()


def test_la_memoire_se_compte_avant_de_calculer(monkeypatch, dossier, moteur):
    """A hundred thousand draws at once of 360 months: 23 GB announced, refused at once; the same in blocks is admitted."""
    monkeypatch.delenv("POPE_MEMOIRE_MO", raising=False)
    debut = time.process_time()
    with pytest.raises(ErreurCalcul, match=r"23040 Mo de mémoire, plus que les 3000 Mo permis .* par blocs"):
        moteur.tirer(dossier, {"travaux.cout_m2_ht": np.full(100_000, 3000.0)})
    assert time.process_time() - debut < 1
    exiger_memoire(LIMITE_MO * 1e6, "essai", "")
    monkeypatch.setenv("POPE_MEMOIRE_MO", "200")
    with pytest.raises(ErreurCalcul, match="plus que les 200 Mo"):
        moteur.tirer(dossier, {"travaux.cout_m2_ht": np.full(1_000, 3000.0)})


def test_l_estimation_de_la_memoire_n_est_pas_en_dessous(dossier, moteur):
    """Peak traced by Python over 500 draws, against the estimate: never above it, and not ten times below."""
    import tracemalloc

    tirages = {"travaux.cout_m2_ht": np.linspace(2000.0, 4000.0, 500), "evolution.prix": np.linspace(0.0, 0.01, 500)}
    moteur.tirer(dossier, tirages)
    tracemalloc.start()
    moteur.tirer(dossier, tirages)
    pic = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    estime = 8.0 * 500 * dossier.etude.horizon_mois * 80
    assert estime / 10 < pic < estime


def test_l_horizon_immense_ne_prend_plus_la_memoire():
    """The whole command in a process of 1.5 GB of addresses: refused in words, not killed."""

    def borner():
        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))

    fait = subprocess.run(
        [sys.executable, "-m", "pope_foncier", "besoins-accueil", "--horizon", "999999999"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=borner,
    )
    assert fait.returncode == 2
    assert fait.stderr.startswith("Erreur : --horizon")


@pytest.mark.parametrize("annee", [12, 0, -2026, 1899, 2201, 999_999_999, "1e999", "2026.5", "x"])
@pytest.mark.parametrize(
    "champ", ["exploitation.annee_prix", "immobilier.annee_prix", "exploitation.produits_annexes[mixite].annee_bareme"]
)
def test_une_annee_impossible_est_refusee(champ, annee):
    """« annee_prix: 12 » broke an identity, 0 and −2026 the computation itself."""
    with pytest.raises(ErreurDonnees, match="annee"):
        varier(ouvrir(DONNEES / "etudes" / "coque_la_courneuve.yaml"), "essai", {champ: annee})


@pytest.mark.parametrize("jour", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_une_date_d_un_autre_age_est_refusee(tmp_path, jour):
    for champ in ("date_depart", "date_demande"):
        texte = GARE.read_text(encoding="utf-8")
        ligne = next(x for x in texte.splitlines() if x.startswith(f"{champ}:"))
        fichier = tmp_path / "etude.yaml"
        fichier.write_text(texte.replace(ligne, f"{champ}: {jour}"), encoding="utf-8")
        with pytest.raises(ErreurDonnees, match="l'an"):
            ouvrir(fichier)
    pret = tmp_path / "pret.yaml"
    pret.write_text(f"pret: {{capital: 1000, taux: 0.02, duree_mois: 24, date_debut: {jour}}}\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="l'an"):
        calculer_prets(pret)


@pytest.mark.parametrize(
    ("texte", "option"),
    [("1e999", "--surface"), ("1e400 %", "--surface"), ("2e6", "--surface"), ("9" * 5000, "--cour"), ("-1", "--cour")],
)
def test_une_surface_tapee_a_des_bornes(texte, option):
    with pytest.raises(ErreurCalcul, match=option):
        supposer(texte, option, 0.0)
    with pytest.raises(ErreurCalcul, match="--tolerance"):
        nombre("101 %", "--tolerance", 1.0)


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("surface", "1e999"),
        ("surface", "1e7"),
        ("exterieur", "1e30"),
        ("habitants", "1e12"),
        ("loyer", "1e999"),
        ("loyer", "1e9"),
        ("depart", "0001-01-01"),
        ("depart", "9999-12-31"),
        ("position", "9" * 5000),
        ("commune", "x" * 5000),
        ("nom", "x" * 5000),
    ],
)
def test_une_reponse_sans_mesure_est_refusee_et_rien_n_est_ecrit(donnees_copie, champ, valeur):
    bonnes = {
        "nom": "Local",
        "genre": "coque",
        "commune": "Stains",
        "surface": "180",
        "exterieur": "40",
        "depart": "2027-03-01",
    }
    avant = sorted(donnees_copie.rglob("*.yaml"))
    with pytest.raises(ErreurDonnees, match=champ) as refus:
        creer(lire_reponses(bonnes | {champ: valeur}, donnees_copie), donnees_copie)
    assert len(str(refus.value)) < 600
    assert sorted(donnees_copie.rglob("*.yaml")) == avant


@pytest.mark.parametrize(
    "naissances",
    [{2017: 0, 2022: 10}, {2017: 10, 2022: 0}, {2017: -5, 2022: 5}, {2017: 1, 2022: 1e12}, {2017: 5, 2022: 5}],
)
def test_des_naissances_extremes_ont_une_reponse_ou_un_refus(naissances):
    """A trend from nothing, to nothing, or beyond any town: a figure or a sentence, never a broken computation."""
    fiche = lire_territoire()
    mesures = dict(fiche.mesures)
    annees = {a: naissances.get(a, 5.0) for a in range(2017, 2023)}
    codes = {code: annees for code in mesures["naissances"].valeurs}
    mesures["naissances"] = mesures["naissances"].model_copy(update={"valeurs": codes})
    extreme = fiche.model_copy(update={"mesures": mesures})
    if naissances == {2017: 5, 2022: 5}:
        assert np.isfinite(projeter(extreme, 2200).enfants).all()
        return
    with pytest.raises(ErreurPope, match="naissances"):
        projeter(extreme, 2200)


def test_un_fichier_trop_gros_est_refuse_sans_etre_lu(tmp_path):
    gros = tmp_path / "gros.yaml"
    with gros.open("wb") as fichier:
        fichier.truncate(20 * TAILLE_MAX_OCTETS)
    debut = time.process_time()
    with pytest.raises(ErreurDonnees, match="200 Mo"):
        lire_octets(gros)
    with pytest.raises(ErreurDonnees, match="200 Mo"):
        ouvrir(gros)
    with pytest.raises(ErreurDonnees, match="200 Mo"):
        lire_plan(gros)
    assert time.process_time() - debut < 1


def test_une_liste_sans_fin_est_refusee(dossier):
    scenario = {"titre": "x", "surcharges": [{"champ": "horizon_mois", "valeur": 24, "motif": "x"}]}
    with pytest.raises(ErreurDonnees, match="liste trop longue"):
        varier(dossier, "essai", {"scenarios": [{"nom": f"s{i}", **scenario} for i in range(101)]})


def test_des_montants_trop_grands_pour_etre_comptes_au_centime_sont_refuses(dossier, moteur):
    """A million square metres at a thousand million euros: not a broken identity, a refusal that names the line."""
    from dataclasses import replace

    etude = varier(dossier, "essai", {"programme.surface_m2": 1e6, "travaux.cout_m2_ht": 1e9})
    with pytest.raises(ErreurCalcul, match="hors de toute mesure"):
        moteur.evaluer(replace(dossier, etude=etude, variantes={"base": etude}))
