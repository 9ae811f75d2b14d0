"""Doubt at the door and on the command line: frames, refusals in French, the page and its pictures."""

from datetime import date

import numpy as np
import pytest

import pope_foncier as pf
from tests.cli.commandes import lancer
from tests.conftest import GARE

TRAVAUX, ETUDES = "travaux.cout_m2_ht", "delais.etudes_mois"
PERMIS = {
    "id": "permis",
    "libelle": "Permis de construire",
    "base": "essai",
    "issues": [{"id": "refus", "libelle": "permis refusé", "chance": 0.2, "abandon": {"au": "debut_travaux"}}],
}
SEUILS = {"contribution_par_place": 9_000, "couverture": 1.2, "ouverture_au_plus_tard": date(2028, 7, 15)}


@pytest.fixture(scope="module")
def etude():
    return pf.ouvrir(GARE).varier({"doute": {"evenements": [PERMIS], "seuils": SEUILS}})


@pytest.fixture(scope="module")
def doute(etude):
    return pf.douter(etude, n=200, graine=3, methode="hypercube")


def test_les_tableaux_d_un_doute(doute):
    """A refusal in 40 draws of 200 by the hypercube; percentiles in order; risks against each threshold that is named."""
    assert len(doute.tirages) == 200
    assert (doute.tirages["permis"] == 1).sum() == 40
    assert doute.tirages["perdu"].notna().sum() == 40
    assert doute.tirages["cout_total"].notna().sum() == 160
    lus = doute.quantiles
    assert (np.diff(lus[[0.05, 0.10, 0.50, 0.90, 0.95]].to_numpy(), axis=1) >= 0).all()
    assert lus.loc["cout_total", "etude"] == pytest.approx(doute.etude.calculer()["cout_total"].valeur)
    risques = doute.risques["probabilite"]
    assert risques["le projet s'arrête avant d'être fait"] == pytest.approx(0.2)
    assert any("1,20, son seuil" in r for r in risques.index)
    assert [r for r in risques.index if "dépasse 9\u202f000" in r] == [
        "la contribution annuelle de la commune dépasse 9\u202f000\u00a0€/place/an, son plafond"
    ], "un plafond de contribution ne se lit pas sur le coût entier"
    ouverture = doute.tirages["ouverture"].dropna()
    assert risques["le lieu ouvre après le 15 juillet 2028"] == pytest.approx((ouverture > 18).mean())
    assert (doute.risques["bas"] <= risques).all()
    assert (risques <= doute.risques["haut"]).all()


def test_un_doute_prend_d_autres_lois(etude):
    """A law in place of that of the sheet, a field held, a link; the others do not move."""
    avant = pf.douter(etude, n=50, graine=1, chiffres=["cout_total"]).tirages
    lois = {TRAVAUX: pf.lognormale(quantiles={0.1: 3_000, 0.9: 4_500}), ETUDES: None}
    liens = {(TRAVAUX, "exploitation.taux_occupation"): 0.9}
    apres = pf.douter(etude, lois, n=50, graine=1, correlations=liens, chiffres=["cout_total"]).tirages
    assert ETUDES not in apres
    assert (apres["evolution.prix"] == avant["evolution.prix"]).all()
    assert apres[[TRAVAUX, "exploitation.taux_occupation"]].corr(method="spearman").iloc[0, 1] > 0.7


@pytest.mark.parametrize(
    ("arguments", "dit"),
    [
        ({"lois": {"travaux.cout_m2": pf.pert(1, 2, 3)}}, "travaux.cout_m2_ht"),
        ({"lois": {TRAVAUX: 3}}, "une loi est attendue"),
        ({"lois": {TRAVAUX: pf.uniforme(-10, 3_000)}}, "Resserrer la loi"),
        ({"lois": {"evolution.pri": pf.uniforme(0, 1)}}, "evolution.prix"),
        ({"methode": "sobole"}, "sobol"),
        ({"n": 0}, "un entier de 1"),
        ({"correlations": {(TRAVAUX, "travaux.duree_vie_mois"): 0.5}}, "n'est pas tiré"),
        ({"correlations": {TRAVAUX: 0.5}}, "« correlations »"),
        ({"chiffres": ["cout_totale"]}, "cout_total"),
    ],
)
def test_un_doute_refuse_en_francais(etude, arguments, dit):
    with pytest.raises(pf.ErreurPope, match=dit):
        pf.douter(etude, **{"n": 10, **arguments})


def test_tirer_sans_lois_tire_ce_que_l_etude_met_en_doute(etude):
    """The same fields as the doubt, paths being told as what is added to their rate."""
    doute = pf.douter(etude, n=20, graine=4, chiffres=["cout_total"]).tirages
    tires = pf.tirer(etude, n=20, graine=4, chiffres=["cout_total"])
    assert set(tires) == set(doute) - {"permis", "perdu"}
    assert (tires[TRAVAUX] == doute[TRAVAUX]).all()
    assert tires["evolution.prix"].to_numpy() == pytest.approx(doute["evolution.prix"].to_numpy() - 0.018)


@pytest.mark.parametrize("quoi", ["eventail", "couverture", "a_trouver", "cout_commune"])
def test_un_doute_se_dessine(doute, quoi):
    axes = doute.tracer(quoi)
    assert axes.get_title(loc="left")
    assert len(axes.patches) + len(axes.lines) + len(axes.collections) > 3
    with pytest.raises(pf.Inconnu, match="eventail"):
        doute.tracer("evantail")


def test_la_commande_dit_le_doute_et_ecrit_sa_page(tmp_path):
    page = tmp_path / "doute.html"
    fait = lancer("douter", "gare_saint_denis", "--tirages", "100", "--methode", "hypercube", "-o", str(page))
    assert fait.returncode == 0
    lue = page.read_text(encoding="utf-8")
    for mots in (
        "Fourchette de chaque chiffre",
        "Ce qui peut mal tourner",
        "Perdu si le projet s'arrête",
        "Ce qui garde sa valeur",
        "<svg",
    ):
        assert mots in lue.replace("&#x27;", "'").replace("&#39;", "'")
    ecran = lancer("douter", "gare_saint_denis", "--tirages", "100", "--graine", "1")
    assert "100 tirages au hasard, graine 1" in " ".join(ecran.stdout.split())
    refus = lancer("douter", "gare_saint_denis", "--tirages", "0")
    assert refus.returncode == 2


@pytest.mark.parametrize(
    ("liens", "message"),
    [
        ({"x": 0.5}, r"une table \(dict\) \{une liste de textes : un nombre\} est attendue"),
        ({(TRAVAUX, ETUDES): "fort"}, r"\{une liste de textes : un nombre\}"),
        ({(TRAVAUX,): 0.5}, "une paire de champs est attendue"),
    ],
)
def test_une_correlation_mal_ecrite_dit_ce_qui_est_attendu(etude, liens, message):
    with pytest.raises(pf.ErreurPope, match=message):
        pf.douter(etude, n=20, correlations=liens)


def test_sans_place_la_colonne_de_l_etude_n_a_pas_de_chiffre():
    etude = pf.ouvrir("gare_saint_denis").varier({"programme.surface_m2": 20})
    lus = pf.douter(etude, n=20).quantiles["etude"]
    assert lus["places"] == 0.0
    assert lus[["a_trouver", "cout_total", "couverture_minimale", "tresorerie_manquante"]].isna().all()


def test_une_cle_d_option_se_retape():
    gare = pf.ouvrir("gare_saint_denis")
    cles = pf.comparer(gare, gare.varier({"travaux.cout_m2_ht": 2000})).options.index.get_level_values("etude")
    assert not any("\u00a0" in c or "\u202f" in c for c in cles)


def test_seuls_les_champs_demandes_se_tirent():
    """The only field drawn is the one named; one that nothing says how to draw is refused by its name."""
    gare = pf.ouvrir("gare_saint_denis")
    lu = pf.douter(gare, seulement=["travaux.cout_m2_ht"], n=20, graine=1, chiffres=["couverture_minimale"])
    assert set(lu.lecture.tiree.tirages) == {"travaux.cout_m2_ht"}
    with pytest.raises(pf.ErreurPope, match="Rien ne dit comment tirer"):
        pf.douter(gare, seulement=["horizon_mois"], n=20)
