"""Quotes as firms send them: a title above the headings, rows of totals, thousands cut by dots. Expected values by hand."""

import pytest

from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.travaux.devis import lire_devis
from tests.conftest import RACINE
from tests.travaux.classeurs import classeur

CAS = RACINE / "tests" / "cas" / "devis"
TITRES = ["Lot", "Désignation", "Quantité", "Unité", "PU HT", "Total HT", "TVA", "Date"]
JOUR = "15/09/2025"


def rang(lot="", nom="", quantite="", prix="", total="", tva=""):
    return [lot, nom, quantite, "", prix, total, tva, JOUR if quantite else ""]


LIGNES = [
    ["Devis n° 12, chaufferie, 3 lots, indice A"],
    TITRES,
    rang(nom="CHAUFFAGE"),
    rang("cvc", "Chaudière", "1", "28.500,00", "28.500,00", "20 %"),
    rang("cvc", "Gaines", "10", "85,50", "855", "20 %"),
    rang("cvc", "Sous-total lot 3", total="29 355,00"),
    rang("sols", "Terres", "2", "100", "200", "20 %"),
    rang("Sous total", total="200"),
    rang(nom="Total H.T.", total="29.555,00 €"),
    rang(nom="TVA 20 %", total="5 911,00"),
    rang(nom="Total TTC", total="35 466,00"),
]


def ecrire(dossier, forme, rangs):
    fichier = dossier / f"d.{forme}"
    if forme == "xlsx":
        classeur(fichier, rangs)
    else:
        texte = "\n".join(",".join(f'"{c}"' for c in r) if forme == "csv" else "\t".join(r) for r in rangs)
        fichier = dossier / "d.csv"
        fichier.write_text(texte + "\n", encoding="utf-8")
    return fichier


@pytest.mark.parametrize(
    ("nom", "montant"), [("dev_entete_ligne3", 100.0), ("dev_sous_total", 100.0), ("dev_point_milliers", 28_500.0)]
)
def test_les_devis_refuses_a_tort(nom, montant):
    (x,) = lire_devis(CAS / f"{nom}.csv")
    assert (x.lot, x.designation, x.montant_ht, x.tva) == ("cvc", "Chaudière", montant, 0.2)


@pytest.mark.parametrize("forme", ["csv", "tsv", "xlsx"])
def test_un_devis_entier(tmp_path, forme):
    """Three lines, 28,500 + 855 + 200 = 29,555 € HT, whatever the separator; titles and totals count for nothing."""
    lignes = lire_devis(ecrire(tmp_path, forme, LIGNES))
    assert [(x.lot, x.montant_ht) for x in lignes] == [("cvc", 28_500.0), ("cvc", 855.0), ("sols", 200.0)]


def test_un_devis_sur_la_deuxieme_feuille(tmp_path):
    from openpyxl import Workbook

    livre = Workbook()
    livre.active.append(["Entreprise X", "Lot chauffage"])
    devis = livre.create_sheet("Devis")
    for r in LIGNES:
        devis.append(r)
    livre.save(tmp_path / "d.xlsx")
    assert sum(x.montant_ht for x in lire_devis(tmp_path / "d.xlsx")) == 29_555.0


@pytest.mark.parametrize("forme", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("nom", "faux", "juste"),
    [
        ("Sous-total lot 3", "29 000", "29 355,00 €"),
        ("Sous total", "199", "200,00 €"),
        ("Total H.T.", "29 000", "29 555,00 €"),
        ("TVA 20 %", "5 000", "5 911,00 €"),
        ("Total TTC", "35 000", "35 466,00 €"),
    ],
)
def test_un_total_faux_est_dit(tmp_path, forme, nom, faux, juste):
    rangs = [[*r[:5], faux, *r[6:]] if nom in r else r for r in LIGNES]
    with pytest.raises(ErreurDonnees) as refus:
        lire_devis(ecrire(tmp_path, forme, rangs))
    (probleme,) = refus.value.problemes
    assert probleme.champ == nom
    assert probleme.ligne == next(n for n, r in enumerate(rangs, 1) if nom in r)
    assert f"les lignes au-dessus font {juste}" in probleme.message.replace("\xa0", " ").replace("\u202f", " ")


def test_un_total_sous_une_ligne_fausse_n_est_pas_juge(tmp_path):
    """The line is the fault: its sum is unknown."""
    rangs = [TITRES, rang("cvc", "A", "beaucoup", "10"), rang(nom="Total", total="10")]
    with pytest.raises(ErreurDonnees) as refus:
        lire_devis(ecrire(tmp_path, "csv", rangs))
    assert {p.ligne for p in refus.value.problemes} == {2}


def test_un_total_dans_la_colonne_du_prix_ou_sans_nombre(tmp_path):
    """Without a column of totals its amount is the last number of the row; a total without an amount says nothing."""
    titres = ["Lot", "Désignation", "Quantité", "PU HT", "Date"]
    rangs = [titres, ["cvc", "A", "2", "10", JOUR], ["", "Total 1", "", "20", ""], ["", "Total général", "", "", ""]]
    assert len(lire_devis(ecrire(tmp_path, "csv", rangs))) == 1
    rangs[2][3] = "21"
    with pytest.raises(ErreurDonnees, match="20,00"):
        lire_devis(ecrire(tmp_path, "csv", rangs))


@pytest.mark.parametrize("nom", ["Remise commerciale", "Totalisateur d'eau"])
def test_un_montant_sans_lot_qui_n_est_pas_un_total_est_refuse(tmp_path, nom):
    rangs = [TITRES, rang("cvc", "A", "1", "10"), rang(nom=nom, total="5")]
    with pytest.raises(ErreurDonnees, match="« lot » : case vide"):
        lire_devis(ecrire(tmp_path, "csv", rangs))
