"""Commands of the spreadsheet: series by code, workbook sent back."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

import pope_foncier as pf
from pope_foncier.vues.classeur.tables import en_classeur
from tests.cli.commandes import lancer
from tests.conftest import GARE
from tests.vues.classeur.ecrits import case_de, hypotheses_de, lu, relu

SOLDE, INTERETS = "emprunts.banque.restant", "emprunts.banque.interets"


@pytest.fixture(scope="module")
def calcule():
    return pf.ouvrir(GARE).calculer()


def test_table_en_classeur_par_mois_et_par_an(tmp_path, calcule):
    fichier = tmp_path / "series.xlsx"
    fait = lancer("table", str(GARE), SOLDE, INTERETS, "--xlsx", str(fichier))
    assert fait.returncode == 0, fait.stderr
    feuille = load_workbook(fichier)["Séries"]
    lignes = list(feuille.iter_rows(min_row=4, values_only=True))
    assert [c.value for c in feuille[3]] == ["mois", SOLDE, INTERETS]
    mois = calcule.serie(INTERETS)
    assert [x[2] for x in lignes] == pytest.approx(mois.to_list(), rel=1e-12)
    assert (lignes[0][0].year, lignes[0][0].month) == (mois.index[0].year, mois.index[0].month)
    assert feuille.cell(4, 2).number_format.startswith('#,##0\\ "€"')

    fait = lancer("table", str(GARE), SOLDE, INTERETS, "--par-an", "--point")
    entete, *annees = fait.stdout.splitlines()
    assert entete == f"annee,{SOLDE},{INTERETS}"
    lus = {int(a): (float(s), float(i)) for a, s, i in (x.split(",") for x in annees)}
    somme = mois.groupby(mois.index.year).sum()
    dernier = calcule.serie(SOLDE).groupby(mois.index.year).last()
    for annee, (solde, interets) in lus.items():
        assert interets == pytest.approx(somme[annee], abs=1e-5)
        assert solde == pytest.approx(dernier[annee], abs=1e-5)


def test_table_dit_tous_les_codes_faux_et_propose(tmp_path):
    fait = lancer("table", str(GARE), "emprunts.banque.interet", "tresorerie.cumull", "--csv", str(tmp_path / "x.csv"))
    assert fait.returncode == 2
    assert "Peut-être : emprunts.banque.interets" in fait.stderr
    assert "Peut-être : tresorerie.cumul" in fait.stderr
    assert not (tmp_path / "x.csv").exists()


def test_table_sans_code_donne_leur_liste():
    fait = lancer("table", str(GARE))
    assert fait.stdout.startswith("code;libelle;valeur;unite")
    assert f"\n{INTERETS};" in fait.stdout


def test_les_tableaux_de_la_porte_en_classeur(tmp_path, calcule):
    fichier = calcule.tableaux.to_excel(tmp_path / "tout.xlsx", "plan", "ratios")
    livre = load_workbook(fichier)
    assert livre.sheetnames == ["plan", "ratios"]
    plan = calcule.tableau("plan")
    lus = [x[2] for x in livre["plan"].iter_rows(min_row=4, values_only=True)]
    assert lus == pytest.approx(plan["montant"].to_list())


def test_un_inconnu_et_une_formule_restent_des_mots():
    import pandas as pd

    cadre = pd.DataFrame(
        {"quoi": ["=1+1", "+33"], "montant": [float("nan"), 2.0]}, index=pd.Index(["@a", "-b"], name="cle")
    )
    octets = en_classeur({"à/b": cadre})
    feuille = load_workbook(BytesIO(octets))["à b"]
    assert [[c.value for c in x] for x in feuille.iter_rows(min_row=4)] == [["@a", "=1+1", "inconnu"], ["-b", "+33", 2]]
    assert {c.data_type for x in feuille.iter_rows(min_row=4, max_col=2) for c in x} == {"s"}
    assert en_classeur({"à/b": cadre}) == octets


def test_importer_dit_ce_qui_change_et_ecrit_le_scenario(tmp_path, resultat):
    livre = relu(hypotheses_de(lu(resultat)))
    case_de(livre["Hypothèses"], "travaux.cout_m2_ht").value = 3000
    livre.save(tmp_path / "rendu.xlsx")
    fait = lancer(
        "importer",
        str(tmp_path / "rendu.xlsx"),
        "--etude",
        str(GARE),
        "--nom",
        "banque",
        "--sortie",
        str(tmp_path / "s.yaml"),
    )
    assert fait.returncode == 0, fait.stderr
    assert "1 valeur changée." in fait.stdout
    assert "coût des travaux au m² : 3\u202f750\u00a0€/m² HT → 3\u202f000\u00a0€/m² HT" in fait.stdout
    ecrit = (tmp_path / "s.yaml").read_text(encoding="utf-8")
    assert "- nom: banque\n" in ecrit
    assert "champ: travaux.cout_m2_ht" in ecrit

    case_de(livre["Hypothèses"], "travaux.cout_m2_ht").value = "cher"
    livre.save(tmp_path / "rendu.xlsx")
    fait = lancer("importer", str(tmp_path / "rendu.xlsx"), "--etude", str(GARE))
    assert fait.returncode == 2
    assert "trouvé « cher ». À faire : écrire un nombre d'au moins 0" in fait.stderr
