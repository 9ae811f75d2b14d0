"""One way in: what Python refuses, the command line refuses with the same sentence, and what both show is the same figure."""

import pytest

import pope_foncier as pf
from tests.conftest import COQUE, DONNEES, GARE
from tests.garde.commandes import lancer

GARE_S, COQUE_S = str(GARE), str(COQUE)
EMPRUNTEUR = "association_demonstration"


def calcule(scenario="base", lecture="tel_quel"):
    return pf.ouvrir(GARE).scenarios[scenario].calculer(lecture)


@pytest.mark.parametrize(
    ("commande", "faire"),
    [
        (["etude", "gare_saint_deni"], lambda: pf.ouvrir("gare_saint_deni")),
        (["etude", "absent/etude.yaml"], lambda: pf.ouvrir("absent/etude.yaml")),
        (["montages", "gare_saint_deni"], lambda: pf.carnets.montages("gare_saint_deni")),
        (["travaux", "coque"], lambda: pf.carnets.travaux("coque")),
        (["travaux", GARE_S, "--variante", "travaux_lots"], lambda: pf.carnets.travaux(GARE, "travaux_lots")),
        (["bilan", GARE_S, "asociation"], lambda: pf.carnets.emprunteur(GARE, "asociation")),
        (["portefeuille", "sci"], lambda: pf.portefeuille("sci")),
        (["echeancier", "pret_banquaire"], lambda: pf.Pret.ouvrir("pret_banquaire")),
        (["teg", "pret_banquaire"], lambda: pf.carnets.pret("pret_banquaire")),
        (["capacite", "gare_saint_deni"], lambda: pf.capacite("gare_saint_deni")),
        (["capacite", str(DONNEES / "modeles" / "site.yaml")], lambda: pf.capacite(DONNEES / "modeles" / "site.yaml")),
        (["capacite", "gare_saint_denis", "--date", "hier"], lambda: pf.capacite("gare_saint_denis", "hier")),
        (
            ["capacite", "gare_saint_denis", "--date", "2026-12-01", "--mode", "creche"],
            lambda: pf.capacite("gare_saint_denis", "2026-12-01", "creche"),
        ),
        (["capacite", "gare_saint_denis", "--plan", "gare"], lambda: pf.capacite("gare_saint_denis", plan="gare")),
        (
            ["veille", "--date", "1789-07-14"],
            lambda: pf.bareme("subventions.piaje.base_par_place", "1789-07-14"),
        ),
        (["besoins-accueil", "--territoire", "plaine"], lambda: pf.carnets.exploitation(GARE, "plaine")),
        (["epreuves", GARE_S, "--choc", "travaux_16"], lambda: calcule().epreuves("travaux_16")),
        (["epreuves", GARE_S, "--scenario", "cas_ba"], lambda: calcule("cas_ba")),
        (["recherche", GARE_S, "--scenario", "cas_ba"], lambda: calcule("cas_ba")),
        (["tresorerie", GARE_S, "--scenario", "zzz"], lambda: calcule("zzz")),
        (["expliquer", GARE_S, "ressources.piaje", "--scenario", "cas_ba"], lambda: calcule("cas_ba")),
        (["expliquer", GARE_S, "ressource.piaj"], lambda: calcule()["ressource.piaj"]),
        (["expliquer", GARE_S, "ressource.piaj", "--boucle"], lambda: calcule(lecture="boucle")["ressource.piaj"]),
        (["expliquer", GARE_S, "a_trouver"], lambda: calcule()["a_trouver"]),
    ],
    ids=lambda x: " ".join(x[:1]) if isinstance(x, list) else "",
)
def test_la_meme_faute_se_dit_de_la_meme_facon(commande, faire):
    with pytest.raises(pf.ErreurPope) as refus:
        faire()
    fin = lancer(*commande)
    assert fin.code == 2
    assert fin.refus == str(refus.value)


def test_une_etude_fausse_dit_les_memes_fautes(tmp_path):
    fausse = tmp_path / "fausse.yaml"
    fausse.write_text(COQUE.read_text(encoding="utf-8").replace("horizon_mois", "horizon_moi"), encoding="utf-8")
    with pytest.raises(pf.ErreurDonnees) as refus:
        pf.ouvrir(fausse)
    assert lancer("etude", fausse).refus == str(refus.value)
    with pytest.raises(pf.ErreurDonnees) as refus:
        pf.carnets.etude(fausse)
    assert lancer("expliquer", fausse, "ressources.piaje").refus == str(refus.value)


def test_un_pret_faux_dit_les_memes_fautes(tmp_path):
    faux = tmp_path / "faux.yaml"
    depart = (DONNEES / "exemples" / "pret_bancaire.yaml").read_text(encoding="utf-8")
    faux.write_text(depart.replace("duree_mois: 180", "duree_mois: 12"), encoding="utf-8")
    with pytest.raises(pf.ErreurDonnees) as refus:
        pf.Pret.ouvrir(faux)
    assert lancer("teg", faux).refus == str(refus.value)


@pytest.mark.parametrize(
    "code", ["ressources.piaje", "cout_total", "couverture_minimale", "ressources.bouclage.a_trouver"]
)
@pytest.mark.parametrize("lecture", ["boucle", "tel_quel"])
def test_un_chiffre_s_explique_pareil(code, lecture, monkeypatch):
    monkeypatch.setenv("COLUMNS", "500")
    fin = lancer("expliquer", GARE, code, *(["--boucle"] if lecture == "boucle" else []))
    assert fin.code == 0, fin.refus
    assert fin.dit.split() == str(calcule(lecture=lecture)[code].expliquer()).split()
