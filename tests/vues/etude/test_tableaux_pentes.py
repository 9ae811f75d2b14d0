"""Table of the slopes: what a reader could misread, on rows written by hand."""

import pandas as pd

from pope_foncier.vues.etude.tableaux_pentes import tableau_pentes

COLONNES = ["entree", "libelle", "valeur", "unite", "effet_unite", "effet_1pc", "poids", "selon", "marche", "par"]


def tableau(*lignes):
    cadre = pd.DataFrame(lignes, columns=COLONNES).set_index("entree")
    cadre.attrs = {"chiffre": "x", "libelle": "Contribution par place", "unite": "€/place/an"}
    return tableau_pentes(cadre)


def test_une_petite_pente_garde_ses_decimales():
    """1.0748 for one euro and 45.7 for 1 % of 4,250: rounded to « + 1 », the two would contradict each other."""
    lue = tableau(("a", "Forfait", 4250.0, "€/place/an", 1.0748, 45.68, 2524.0, "", "", ""))
    (ligne,) = lue.lignes
    assert str(ligne[2]) == "+1,07\u00a0€/place/an"
    assert str(ligne[3]) == "+46\u00a0€/place/an"
    assert "demi" in lue.note or "moitié" in lue.note


def test_un_chiffre_que_rien_ne_deplace_le_dit():
    vide = float("nan")
    lue = tableau(("a", "Surface taxable", 0.0, "m²", vide, vide, vide, "", "", ""))
    assert "Aucune entrée ne déplace ce chiffre" in lue.note
    marche = tableau(("a", "Surface", 200.0, "m²", vide, vide, vide, "", "13e place à 202 m²", ""))
    assert "Aucune entrée" not in marche.note


def test_la_ligne_du_plan_se_montre_quand_il_y_en_a_une_et_les_regles_sans_pente_sont_dites():
    """An income that raises what is to find says by which line; the law says what the table cannot hold."""
    ligne = ("a", "PSU, part", 0.66, "%", 2786.0, 1839.0, 18390.0, "", "", "Besoin en fonds de roulement : +1 487 €")
    avec, sans = tableau(ligne), tableau((*ligne[:-1], ""))
    assert avec.entetes[-1] == "Surtout par"
    assert "fonds de roulement" in avec.note
    assert sans.entetes[-1] == "Prochaine marche"
    assert "veille" not in sans.note
    cadre = pd.DataFrame([ligne], columns=COLONNES).set_index("entree")
    cadre.attrs = {"chiffre": "x", "libelle": "À trouver", "unite": "€", "baremes": True}
    assert "pope-foncier veille" in tableau_pentes(cadre).note
