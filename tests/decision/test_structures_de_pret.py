"""Structures of a loan: every row is the study with that loan, its price a plain loop, its limit that of the sizing; quick; one voice."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest

import pope_foncier as pf
from pope_foncier.decision.familles_de_pret import Famille
from pope_foncier.decision.limites_du_pret import Seuils
from pope_foncier.decision.structures_de_pret import comparer
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.vues.decision import graphiques
from pope_foncier.vues.formes import figures
from tests.cli.commandes import lancer
from tests.conftest import GARE

FORFAIT = {"exploitation.contribution_commune": {"mode": "forfait", "par_place": {"valeur": 9_000, "base": "essai"}}}
MONTANTS, DUREES, TAUX, DIFFERES = [150_000, 225_000, 300_000], [84, 108], [0.03, 0.045], [0, 12]


@pytest.fixture(scope="module")
def etude():
    return pf.ouvrir(GARE).varier(FORFAIT)


@pytest.fixture(scope="module")
def comparees(etude):
    return etude.comparer_prets(montants=MONTANTS, durees=DUREES, taux=TAUX, differes=DIFFERES, depuis=2030)


def test_toutes_les_combinaisons_une_fois(comparees):
    lues = comparees.tableau[["montant", "taux", "duree_mois", "differe_mois"]]
    assert len(lues) == 24
    voulues = set(itertools.product(MONTANTS, TAUX, DUREES, DIFFERES))
    assert {tuple(float(x) for x in rang) for rang in lues.to_numpy()} == {tuple(map(float, v)) for v in voulues}


@pytest.mark.parametrize("rang", [0, 7, 13, 23])
def test_chaque_rangee_est_l_etude_avec_ce_pret(etude, comparees, rang):
    """The study evaluated alone with the terms of the row: cover, cash, what is left to find, and the size that it bears."""
    lue = comparees.tableau.iloc[rang]
    champs = {
        "prets[banque].montant": lue["montant"],
        "prets[banque].taux": lue["taux"],
        "prets[banque].duree_mois": int(lue["duree_mois"]),
        "prets[banque].differe_mois": int(lue["differe_mois"]),
    }
    seule = etude.varier(champs).calculer()
    taille = seule.dimensionner("banque", depuis=2030)
    annees = taille.annees
    du = annees["autres_prets"] + lue["montant"] * taille.taille.un_euro
    couverture = (annees["disponible"].clip(lower=0) / du).loc[2030:]
    assert lue["couverture"] == pytest.approx(couverture.min(), rel=1e-9)
    assert lue["annee"] == couverture.idxmin()
    assert lue["a_trouver"] == pytest.approx(seule["a_trouver"].valeur, abs=0.01)
    assert lue["point_bas"] == pytest.approx(seule.serie("tresorerie.cumul").min(), abs=0.01)
    limites = taille.limites["montant"].dropna()
    assert lue["permis"] == pytest.approx(limites.iloc[0], rel=1e-9)
    assert lue["limite"] == limites.index[0]
    assert lue["tient"] == (lue["montant"] <= limites.iloc[0] + 0.5)


def test_prix_contre_une_boucle(comparees):
    """Cost and highest year of a constant instalment after a partial grace; its rate without fee is its nominal rate."""
    for _, lue in comparees.tableau.iterrows():
        i, n, differe = lue["taux"] / 12, int(lue["duree_mois"]), int(lue["differe_mois"])
        echeance = lue["montant"] * i / (1 - (1 + i) ** -(n - differe))
        payes = [lue["montant"] * i] * differe + [echeance] * (n - differe)
        assert lue["cout"] == pytest.approx(sum(payes) - lue["montant"], abs=0.01)
        assert lue["annuite_max"] == pytest.approx(max(sum(payes[k : k + 12]) for k in range(0, n, 12)), abs=0.01)
        assert lue["teg"] == pytest.approx(lue["taux"], abs=1e-9)


def test_plusieurs_profils(etude):
    lues = etude.comparer_prets(montants=[150_000], profils=["annuite_constante", "capital_constant", "in_fine"])
    assert list(lues.tableau["conditions"]) == ["échéances constantes", "capital constant", "remboursement in fine"]
    assert lues.tableau["cout"].is_monotonic_increasing is False
    assert lues.tableau["cout"].idxmax() == 2


def test_des_profils_sans_autre_axe(etude):
    """Each profile is the study with that profile, even when nothing else varies."""
    lues = etude.comparer_prets(profils=["annuite_constante", "in_fine"]).tableau
    assert lues["cout"].nunique() == 2
    seule = etude.varier({"prets[banque].profil": "in_fine"}).calculer()
    assert lues["couverture"].iloc[1] == pytest.approx(seule["couverture_minimale"].valeur, rel=1e-9)


def test_la_phrase_nomme_celle_qui_laisse_le_moins_a_trouver(comparees):
    tiennent = comparees.tableau.loc[lambda t: t["tient"]]
    moins = tiennent.loc[tiennent["a_trouver"].idxmin()]
    phrase = repr(comparees).replace("\u202f", " ").replace("\xa0", " ")
    assert phrase.startswith(f"{len(tiennent)} structures tiennent dans toutes les limites, sur 24")
    assert f"{moins['montant']:,.0f} €".replace(",", " ") in phrase


def test_refus(etude):
    with pytest.raises(pf.Inconnu, match="Peut-être : banque"):
        etude.comparer_prets("banq", montants=[1])
    with pytest.raises(pf.ErreurDonnees):
        etude.comparer_prets(taux=[3.5])
    with pytest.raises(pf.ErreurCalcul, match="Plus de 500 structures"):
        etude.comparer_prets(montants=range(1000, 1600))
    with pytest.raises(pf.ErreurCalcul, match="Dire quel prêt"):
        etude.sans("banque").comparer_prets(montants=[1])


def test_vingt_structures_en_cinquante_millisecondes(etude):
    """Processor time of twenty structures, the best of five: others may use the machine."""
    axes = {
        "montant": [100_000, 150_000, 200_000, 250_000, 300_000],
        "duree_mois": [84, 108],
        "taux": TAUX,
    }
    moteur, dossier, famille = moteur_du_projet(), etude.dossier(), Famille("la même", etude.fiche)
    temps = []
    for _ in range(5):
        debut = time.process_time()
        lues = comparer(moteur, dossier, "banque", [famille], axes, Seuils({}), 2030)
        temps.append(time.process_time() - debut)
    assert len(lues) == 20
    assert min(temps) < 0.05


def test_la_commande_ecrit_les_nombres_de_la_porte(tmp_path):
    fichier, image = tmp_path / "s.csv", tmp_path / "s.png"
    options = ["--montant", "150 k€", "--montant", "200 000 €", "--duree", "7 ans", "--depuis", "2030"]
    fait = lancer("comparer-prets", str(GARE), *options, "--sortie", str(fichier), "--image", str(image))
    assert fait.returncode == 0, fait.stderr
    lu = pd.read_csv(fichier, sep=";", decimal=",", encoding="utf-8-sig")
    porte = pf.ouvrir(GARE).comparer_prets(montants=[150_000, 200_000], durees=[84], depuis=2030)
    for nom in ("montant", "teg", "cout", "couverture", "point_bas", "a_trouver", "permis"):
        np.testing.assert_allclose(lu[nom], porte.tableau[nom], atol=1e-6)
    assert repr(porte) in " ".join(fait.stdout.split("\n"))
    assert image.read_bytes().startswith(b"\x89PNG")


def test_l_image_porte_le_nom_de_chaque_structure(comparees):
    fig = comparees.dessiner()
    noms = [t.get_text() for t in fig.axes[0].get_yticklabels()]
    assert len(noms) == 24
    assert len(set(noms)) == 24
    assert len(figures.octets(fig, points=90)) < 200_000


def test_un_pret_plus_long_que_l_etude_n_a_pas_de_couverture(etude):
    lue = etude.comparer_prets(durees=[96, 360], depuis=2030).tableau.iloc[1]
    assert np.isnan(lue["couverture"])
    assert np.isnan(lue["permis"])
    assert not lue["tient"]


def test_un_pret_ecrit_par_son_fichier_se_varie_et_se_compare():
    etude = pf.ouvrir(GARE).avec_pret("pret_bancaire")
    varie = etude.varier({"prets[pret_bancaire].taux": 0.03}).calculer().pret("pret_bancaire")
    assert float(np.ravel(varie.taux)[0]) == 0.03
    lues = etude.comparer_prets("pret_bancaire", taux=[0.03, 0.04]).tableau
    assert lues["teg"].is_monotonic_increasing


def test_un_produit_dit_ce_qui_en_sort(etude):
    """Terms of the product, rate of the loan when it publishes none; a bound of its sheet that a row passes is said."""
    lues = etude.comparer_prets(
        montants=[40_000, 60_000], durees=[60], produits=["fa_pret_association", "banque"], depuis=2030
    )
    cadre = lues.tableau
    assert list(cadre["taux"]) == [0.0, 0.0, *[etude.calculer().pret("banque").taux.item()] * 2]
    petit, grand, *_ = cadre["hors_du_produit"]
    assert "au plus 50" in grand.replace("\u202f", " ")
    assert "au plus 50" not in petit.replace("\u202f", " ")
    assert not cadre["tient"].iloc[1]


def test_dimensionner_aux_conditions_d_un_produit(etude):
    taille = etude.au_produit("fa_pret_association").varier({"prets[banque].duree_mois": 60}).calculer()
    lue = taille.dimensionner("banque", produit="fa_pret_association", depuis=2030)
    assert (lue.limite, lue.montant) == ("produit", 50_000)
    fait = lancer("dimensionner", str(GARE), "--produit", "fa_pret_association", "--duree", "5 ans", "--depuis", "2030")
    assert fait.returncode == 0, fait.stderr
    assert "Montant maximal du produit" in " ".join(fait.stdout.split())
    fait = lancer("dimensionner", str(GARE), "--produit", "bdt_cohesion_social")
    assert fait.returncode == 2
    assert "Produit de prêt inconnu" in fait.stderr


def test_l_image_dit_chaque_nombre_et_le_seuil(comparees):
    """One sign a structure and a measure, its number beside; a structure that a limit refuses has another sign."""
    image = graphiques.structures(comparees.structures, 1.1, "étude")
    points = [m for m in image.marques if m.mots is not None]
    assert len(points) == 24 * 6
    couts = [m.mots.texte for m in points[24:48]]
    assert couts == [f"{v / 1000:,.0f}".replace(",", "\u202f") for v in comparees.tableau["cout"]]
    tient = comparees.tableau["tient"].tolist()
    assert [m.marque == "o" and not m.creuse for m in points[:24]] == tient
    pieds = [" ".join(t.split()) for _, t in image.x.graduations]
    assert pieds == ["TEG %", "coût k€", "annuité max, k€", "couverture min, seuil 1,1", "point bas k€", "à trouver k€"]
    assert len(graphiques.structures(comparees.structures, 1.1, "étude", essentielles=True).x.graduations) == 3
