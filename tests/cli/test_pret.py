"""Loan commands: table, CSV and JSON agree; the legal rate of an indexed loan keeps its initial rate; errors in French."""

import csv
import io
import json

import pytest

from tests.cli.commandes import lancer
from tests.conftest import DONNEES

EXEMPLES = DONNEES / "exemples"


def test_csv_et_json_disent_la_meme_chose():
    brut = lancer("echeancier", str(EXEMPLES / "pret_bancaire.yaml"), "--csv").stdout
    lignes = list(csv.DictReader(io.StringIO(brut), delimiter=";"))
    objet = json.loads(lancer("echeancier", str(EXEMPLES / "pret_bancaire.yaml"), "--json").stdout)["tranches"][0]
    assert len(lignes) == len(objet["mois"]) == 181
    for nom in ("remboursement", "interets_payes", "capital_restant_du"):
        valeurs = [float(x[nom].replace(",", ".")) for x in lignes]
        assert valeurs == pytest.approx(objet[nom], abs=1e-6)
    assert sum(objet["remboursement"]) == pytest.approx(300_000, abs=0.005)
    assert objet["capital_restant_du"][-1] == 0
    assert lignes[1]["date"] == "2027-11-01"


def test_tableau_au_centime_et_totaux():
    sortie = (
        lancer("echeancier", str(EXEMPLES / "pret_bancaire.yaml")).stdout.replace("\u202f", " ").replace("\xa0", " ")
    )
    assert "1 102,50 €" in sortie
    assert "300 000,00 €" in sortie
    assert "1er novembre 2027" in sortie


def test_deux_tranches_s_additionnent():
    objet = json.loads(lancer("echeancier", str(EXEMPLES / "deux_tranches.yaml"), "--json").stdout)
    ensemble = objet["ensemble_par_mois"]["capital_restant_du"]
    assert ensemble[0] == pytest.approx(696_000 + 125_632)
    assert ensemble[60] == pytest.approx(objet["tranches"][1]["capital_restant_du"][60])


def test_le_taux_legal_d_un_pret_indexe_garde_son_taux_initial():
    sortie = lancer("teg", str(EXEMPLES / "pret_livret_a.yaml")).stdout.replace("\xa0", " ")
    assert "taux initial maintenu (légal)" in sortie
    assert "2,1 %" in sortie
    assert "3,303 %" in sortie


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("pret: {capital: 100000, taux: 3.5, duree_mois: 120}\n", "écrire 0.035 ou « 3,5 % »"),
        ("pret: {capital: 100000, taux: 0.035}\n", "La durée manque"),
        (
            "pret: {capital: 100000, taux: 0.035, duree_mois: 120, profil: escargot}\n",
            "choisir parmi : annuite_constante",
        ),
        ("pret: {capital: 100000, taux: 0.035, duree_mois: 120, differe_mois: 12}\n", "dire s'il est « partiel »"),
        ("titre: rien\n", "soit « pret: », soit « tranches: »"),
    ],
)
def test_prets_refuses_en_francais(tmp_path, texte, message):
    fichier = tmp_path / "pret.yaml"
    fichier.write_text(texte, encoding="utf-8")
    fait = lancer("echeancier", str(fichier))
    assert fait.returncode == 2
    assert message in fait.stderr
    assert "Traceback" not in fait.stderr


UN_PRET = "pret:\n  capital: 100000\n  taux: 0.035\n  duree_mois: 120\n"


@pytest.mark.parametrize(
    ("texte", "lieux"),
    [
        (UN_PRET + "  differe_mois: 12\n", ["ligne 1, champ « pret » : Différé"]),
        (
            UN_PRET + "  profil: ballon\n  duree_profil_mois: 60\n",
            ["ligne 6, champ « pret.duree_profil_mois » : Ballon"],
        ),
        (UN_PRET + "  profil: tableau_libre\n  tableau: [1, 2]\n", ["ligne 1, champ « pret » : Tableau libre"]),
        (UN_PRET + "  date_debut: 9995-01-01\n", ["ligne 5, champ « pret.date_debut »", "l'an 2200"]),
        (UN_PRET + "  date_debut: 9999-12-31\n  base_jours: exact/exact\n", ["ligne 5", "l'an 2200"]),
        (
            "tranches:\n"
            "  - {libelle: a, capital: 1000, taux: 0.03, duree_mois: 12}\n"
            "  - {libelle: b, capital: 1000, taux: 0.03, duree_mois: 12, anticipes: [{mois: 20}]}\n"
            "  - {libelle: c, capital: 1000, taux: 0.03, duree_mois: 12, differe: partiel, differe_mois: 12}\n",
            [
                "2 erreurs",
                "ligne 3, champ « tranches[2] » : Remboursement",
                "ligne 4, champ « tranches[3] » : Le différé",
            ],
        ),
    ],
)
@pytest.mark.parametrize("commande", ["echeancier", "teg"])
def test_les_refus_du_calcul_nomment_leur_ligne(tmp_path, commande, texte, lieux):
    fichier = tmp_path / "pret.yaml"
    fichier.write_text(texte, encoding="utf-8")
    fait = lancer(commande, str(fichier))
    assert fait.returncode == 2
    assert "Traceback" not in fait.stderr
    assert "pret.yaml" in fait.stderr
    for lieu in lieux:
        assert lieu in fait.stderr


def test_des_tranches_de_dates_differentes_sont_nommees(tmp_path):
    fichier = tmp_path / "pret.yaml"
    fichier.write_text(
        "tranches:\n"
        "  - {libelle: murs, capital: 1000, taux: 0.03, duree_mois: 12}\n"
        "  - {libelle: travaux, capital: 1000, taux: 0.03, duree_mois: 12, date_debut: 2027-01-01}\n",
        encoding="utf-8",
    )
    assert lancer("echeancier", str(fichier)).returncode == 0
    fait = lancer("echeancier", str(fichier), "--json")
    assert fait.returncode == 2
    assert "« murs » (sans date), « travaux » (1er janvier 2027)" in fait.stderr


def test_les_commandes_disent_les_clauses(tmp_path):
    """Drawn in two, interest in advance, commission, holiday; then stored interest: the sums of ``data/cas/emprunts``."""
    fichier = tmp_path / "pret.yaml"
    fichier.write_text(
        "tranches:\n"
        "  - {libelle: travaux, capital: 100000, taux: 3 %, duree_mois: 120, prefinancement_mois: 6,\n"
        "     interets_prefinancement: avance, commission_non_utilisation: 1 %,\n"
        "     deblocages: [{mois: 0, part: 40 %}, {mois: 3, part: 60 %}],\n"
        "     suspensions: [{mois: 30, duree_mois: 6, interets: capitalises}]}\n"
        "  - {libelle: fonds, capital: 100000, taux: 3 %, duree_mois: 126, differe: interets_stockes, differe_mois: 6}\n",
        encoding="utf-8",
    )
    dit = lancer("echeancier", str(fichier)).stdout.replace("\u202f", " ").replace("\xa0", " ")
    assert "Intérêts en attente" in dit
    assert "1 500,00 €" in dit
    assert "article 1343-2" in dit
    travaux, fonds = json.loads(lancer("echeancier", str(fichier), "--json").stdout)["tranches"]
    assert travaux["frais"][:5] == [0.0, 50.0, 50.0, 50.0, 0.0]
    assert travaux["interets_payes"][:7] == [100.0, 100.0, 100.0, 250.0, 250.0, 250.0, 0.0]
    assert travaux["echeance"][31:37] == [0.0] * 6
    assert sum(fonds["interets_payes"]) == pytest.approx(17_896.92, abs=0.005)
    taux = lancer("teg", str(fichier)).stdout
    assert "Période" in taux
    fichier.write_text(
        "pret: {capital: 1000, taux: 3 %, duree_mois: 24, suspensions: [{mois: 24, duree_mois: 6}]}\n", "utf-8"
    )
    refus = lancer("echeancier", str(fichier))
    assert refus.returncode == 2
    assert "déjà remboursé à cette date" in refus.stderr.replace("\n", " ")
