"""Tables as data: typed columns, reasons kept, one writer of CSV; what is shown does not change."""

import io
import json
import math
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pope_foncier.decision.epreuves import eprouver
from pope_foncier.decision.plausibilite import plausibilite
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.temps import Echelle
from pope_foncier.travaux.lots import lire_lots
from pope_foncier.vues.decision import tableaux_epreuves, tableaux_plausibilite
from pope_foncier.vues.decision.montages.carnet import Comparatif, matrice
from pope_foncier.vues.documents import terminal
from pope_foncier.vues.etude import tableaux, tableaux_scenarios
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cadre import en_csv
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.travaux import tableaux as tableaux_travaux
from pope_foncier.vues.travaux import tableaux_cout
from tests.conftest import DONNEES, GELEES

NBSP, FINE = "\u00a0", "\u202f"


@pytest.fixture(scope="module")
def resultat():
    return Resultat.calculer(ouvrir(GELEES / "gare_saint_denis.yaml"), Moteur.ouvrir())


def test_chaque_genre_s_ecrit_en_francais_et_garde_sa_valeur():
    """French by hand: thin space in thousands, comma, true minus."""
    echelle = Echelle(date(2027, 1, 1), 24)
    attendus = {
        cases.montant(-1234.5): (f"−1{FINE}234{NBSP}€", -1234.5),
        cases.montant(0.2): (f"0{NBSP}€", 0.2),
        cases.montant(1_234_567.0).arrondie(-3): (f"1{FINE}235{FINE}000{NBSP}€", 1_234_567.0),
        cases.nombre(2.5, 2): ("2,50", 2.5),
        cases.nombre(3): ("3", 3),
        cases.nombre(4.0, 1, unite="ans").unitee(): (f"4,0{NBSP}ans", 4.0),
        cases.part(0.0325): (f"3,25{NBSP}%", 0.0325),
        cases.mesure(12.5, "m²"): (f"12,5{NBSP}m²", 12.5),
        cases.annee(2031): ("2031", 2031),
        cases.mois(echelle, 14): ("mars 2028", date(2028, 3, 1)),
        cases.jour(date(2026, 12, 1)): ("1er décembre 2026", date(2026, 12, 1)),
        cases.montant(12.0).signee(): (f"+12{NBSP}€", 12.0),
        cases.montant(0.4).signee(): (f"0{NBSP}€", 0.4),
        cases.nombre(0.7, 2).dite("0,70 (pire 0,10)"): ("0,70 (pire 0,10)", 0.7),
    }
    for case, (dit, valeur) in attendus.items():
        assert (str(case), case.valeur) == (dit, valeur)
    for case, dit in (
        (cases.montant(math.nan), "inconnu"),
        (cases.montant(math.nan).sinon("—"), "—"),
        (cases.mois(echelle, math.nan), "inconnu"),
        (cases.sans_valeur("sans dette"), "sans dette"),
    ):
        assert str(case) == dit
        assert case.manque


@pytest.fixture
def table():
    return Table(
        "Essai",
        ("Poste", "Montant", "Nombre", "Quand", "Qui"),
        (
            ("Charges", "", "", "", ""),
            (
                cases.sous_un_titre("=Loyer"),
                cases.montant(1200.5),
                cases.nombre(2),
                cases.jour(date(2027, 3, 1)),
                "Ville",
            ),
            (cases.sous_un_titre("Eau"), "indéterminé : sans facture", cases.nombre(3), "—", "=Caf"),
            ("Total", cases.montant(1200.5), cases.nombre(5), "", ""),
        ),
        totaux=(0, 3),
    )


def test_une_colonne_a_un_type_et_un_motif_la_ou_elle_n_a_pas_de_valeur(table):
    cadre = table.to_frame()
    assert [d.kind for d in cadre.dtypes[:3]] == ["f", "i", "M"]
    assert cadre["Qui"].tolist() == ["Ville", "=Caf", ""]
    assert cadre.index.names == ["Groupe", "Poste"]
    assert cadre.index.tolist() == [("Charges", "=Loyer"), ("Charges", "Eau"), ("", "Total")]
    assert np.isnan(cadre.loc[("Charges", "Eau"), "Montant"])
    assert cadre.attrs["motifs"] == {(1, 0): "indéterminé : sans facture", (1, 2): "—"}
    assert cadre.attrs["unites"] == {"Montant": "€"}
    assert table.to_frame(totaux=False)["Nombre"].tolist() == [2, 3]


def test_le_csv_francais_dit_le_motif_et_n_a_pas_de_formule(table):
    texte = table.to_csv()
    assert texte.startswith("\ufeffGroupe;Poste;Montant;Nombre;Quand;Qui\n")
    assert texte.splitlines()[1:] == [
        "Charges;'=Loyer;1200,5;2;2027-03-01;Ville",
        "Charges;Eau;indéterminé : sans facture;3;—;'=Caf",
        ";Total;1200,5;5;;",
    ]
    relu = pd.read_csv(io.StringIO(table.to_csv(point=True)))
    assert relu["Montant"].tolist() == pytest.approx([1200.5, math.nan, 1200.5], nan_ok=True)


def test_un_titre_de_colonne_et_un_nombre_dans_une_colonne_d_objets_s_ecrivent_aussi():
    cadre = pd.DataFrame({"=a": [1.0, 0.1 + 0.2], "b": pd.Series([0.5, "inconnu"], dtype=object)})
    assert en_csv(cadre) == "\ufeff'=a;b\n1;0,5\n0,3;inconnu\n"
    assert en_csv(cadre, point=True) == "'=a,b\n1,0.5\n0.3,inconnu\n"


def test_les_scenarios_font_un_cadre_d_une_ligne_chacun(resultat):
    cadre = tableaux_scenarios.comparaison(resultat).to_frame()
    assert cadre.index.tolist() == [v.titre for v in resultat.vues()]
    attendus = [v.valeur(v.indicateurs["cout_total"]) for v in resultat.vues()]
    assert cadre["Coût total TTC"].tolist() == pytest.approx(attendus, nan_ok=True)


def test_les_tableaux_de_l_etude_donnent_des_nombres(resultat):
    """Columns that must be numbers, by table; the values are those of the ledger."""
    vue = resultat.vue()
    numeriques = {
        t.titre: [str(c) for c, d in t.to_frame().dtypes.items() if d.kind in "fiM"] for t in terminal.tables(vue)
    }
    attendues = {
        "Plan de coûts": {"Montant", "Par place"},
        "Plan de financement": {"€"},
        "Bouclage du plan": {"€", "À partir de"},
        "Échéancier": {"Intérêts", "Capital", "Annuité", "Restant dû"},
        "Trésorerie": {"Solde de l'année", "Trésorerie au 31 décembre"},
        "Ratios": {"Plan tel quel", "Plan bouclé", "Seuil"},
        "Reste à charge": {"Investissement", "Fonctionnement", "Ensemble", "Fonctionnement par place"},
        "Aides à l'investissement": {"Montant"},
    }
    for debut, colonnes in attendues.items():
        (lues,) = (c for titre, c in numeriques.items() if titre.startswith(debut))
        assert colonnes <= set(lues), debut
    couts = tableaux_cout.cout(vue).to_frame(totaux=False)
    assert couts["Montant"].sum() == pytest.approx(vue.valeur(vue.ev.cout.total_ttc))
    ratios = tableaux.ratios(vue).to_frame()
    assert ratios["unité"].iloc[0] in ("", "%", "€", "€/place", "€/place/an")


def numeriques(cadre):
    return {str(c) for c, d in cadre.dtypes.items() if d.kind in "fiM"}


def test_une_epreuve_de_deux_caisses_tient_une_ligne_par_caisse(moteur):
    """Cash of the owner and of the operator: a row each, and what each party bears in a column of its own."""
    vue = Resultat.calculer(ouvrir(DONNEES / "etudes" / "modes_d_accueil.yaml"), moteur).vue()
    effets = eprouver(vue)
    cadre = tableaux_epreuves.epreuves("Épreuves", vue, effets).to_frame()
    assert {"Sans financement", "Point bas de trésorerie", "Pire mois", "Mois du creux"} <= numeriques(cadre)
    for e in effets:
        for c in e.caisses:
            lue = cadre.loc[(e.libelle, c.caisse.acteur)]
            assert lue["Point bas de trésorerie"] == pytest.approx(c.caisse.point_bas)
        for qui, perte in e.porte_par:
            assert cadre.loc[(e.libelle, e.caisses[0].caisse.acteur), f"Porté par : {qui}"] == pytest.approx(perte)
    bruts = tableaux_epreuves.cadre(vue, effets).set_index("epreuve")
    for e in effets:
        for qui, perte in e.porte_par:
            assert bruts.loc[e.libelle, f"porte_par_euros ({qui})"] == pytest.approx(perte)


def test_la_vraisemblance_donne_ses_bornes_et_son_rang_en_nombres(resultat):
    vue = resultat.vue()
    cadre = tableaux_plausibilite.table(vue).to_frame()
    assert {"Étude", "n", "Plus basse", "Médiane", "Plus haute", "Rang"} <= numeriques(cadre)
    for i, p in enumerate(plausibilite(vue)):
        assert cadre[["Plus basse", "Médiane", "Plus haute"]].iloc[i].tolist() == pytest.approx(p.bornes, nan_ok=True)
        assert np.isnan(cadre["Rang"].iloc[i]) != p.est_classee


def test_les_plages_des_travaux_ont_deux_colonnes(resultat):
    """Ends of the ranges as the assumptions hold them."""
    cadre = tableaux_travaux.frais(resultat.vue().ev).to_frame(totaux=False)
    plages = [f for groupe in lire_lots().frais.values() for f in groupe.values()]
    assert cadre[["Part des travaux HT", "Part au plus"]].iloc[: len(plages)].values.tolist() == [
        [f.bas, f.haut] for f in plages
    ]
    prix = tableaux_travaux.reperes().to_frame()
    reperes = lire_lots().reperes
    assert prix[["Prix HT", "Prix HT au plus"]].iloc[: len(reperes)].values.tolist() == [
        [r.bas, r.haut] for r in reperes
    ]
    assert prix["unité"].tolist()[: len(reperes)] == [r.unite for r in reperes]


def test_la_matrice_des_montages_donne_le_cout_des_murs(moteur):
    comparatif = Comparatif.de(ouvrir(GELEES / "gare_saint_denis.yaml"), moteur)
    cadre = matrice([comparatif]).to_frame(totaux=False)
    (site,) = cadre.columns
    assert {c.etat for c in comparatif.cas} >= {"impossible", "possible"}
    for c in comparatif.cas:
        mesure = comparatif.mesures.get(c.nom)
        attendu = math.nan if mesure is None or c.etat == "impossible" else float(np.ravel(mesure.cout_complet)[0])
        assert cadre.loc[c.montage.titre, site] == pytest.approx(attendu, nan_ok=True)
    assert cadre.attrs["unites"] == {site: "€/place/an"}


def test_l_importer_n_amene_pas_pandas():
    code = "import sys; import pope_foncier.vues.documents.terminal; print('pandas' in sys.modules, 'scipy' in sys.modules)"
    sortie = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.dumps(sortie.split()) == '["False", "False"]'


def test_un_zero_n_a_pas_de_signe():
    """A zero below zero, and an amount too small for the decimals written, are « 0 » in a CSV, « 0.0 » in JSON."""
    import pandas as pd

    from pope_foncier.prets import Emprunt, echeancier
    from pope_foncier.vues.formes.cadre import en_csv
    from pope_foncier.vues.prets.echeancier import en_json

    cadre = pd.DataFrame({"a": [-0.0, -1e-12, 1.5], "b": pd.Series([-0.0, -1e-9, -1.5], dtype=object)})
    assert en_csv(cadre).lstrip("\ufeff").splitlines() == ["a;b", "0;0", "0;0", "1,5;-1,5"]
    tableau = echeancier(Emprunt(1000.0, 0.0, 3))
    tableau.interets_payes[:] = -1e-12
    assert "-0.0" not in en_json([tableau])
