"""What stands around the formulas, in a whole workbook read by openpyxl: charts, words, held tables, and the workbook sent back."""

import re
import zipfile
from io import BytesIO

import pytest
import yaml

import pope_foncier as pf
from pope_foncier.etude.resultats import Resultat, entrees
from pope_foncier.etude.scenarios import BASE, ouvrir
from pope_foncier.vues.classeur.classeur import FEUILLES, composer, contexte_de
from pope_foncier.vues.classeur.modele_du_classeur import modeler
from pope_foncier.vues.etude import tableaux_scenarios
from tests.conftest import GARE
from tests.vues.classeur.ecrits import case_de, relu

PIEGE = "=cmd|'/c calc'!A1"


@pytest.fixture(scope="module")
def piegee(tmp_path_factory):
    """Study over five years, whose title and question look like formulas."""
    brut = yaml.safe_load(GARE.read_text(encoding="utf-8"))
    brut |= {"titre": PIEGE, "question": "+33 & <b>", "horizon_mois": 60}
    chemin = tmp_path_factory.mktemp("etude") / "gare_saint_denis.yaml"
    chemin.write_text(yaml.safe_dump(brut, allow_unicode=True), encoding="utf-8")
    return chemin


@pytest.fixture(scope="module")
def tous(piegee, moteur):
    return Resultat.calculer(ouvrir(piegee), moteur)


@pytest.fixture(scope="module")
def fait(tous, moteur):
    return composer(tous.dossier, BASE, modeler(contexte_de(moteur, tous.dossier), BASE), tous)


@pytest.fixture(scope="module")
def livres(fait):
    return relu(fait.octets), relu(fait.octets, valeurs=True)


def test_les_feuilles_suivent_l_ordre_d_un_comite(livres):
    rangs = [max(k for k, debut in enumerate(FEUILLES) if nom.startswith(debut)) for nom in livres[0].sheetnames]
    assert rangs == sorted(rangs)
    assert livres[0].sheetnames[:3] == ["Lisez-moi", "Synthèse", "Graphiques"]
    dites = {c.value for c in livres[0]["Lisez-moi"]["A"]}
    assert {"Synthèse", "Graphiques", "Hypothèses", "Scénarios", "Journal des barèmes", "PÉRIMÉ"} <= dites


def test_aucun_texte_de_l_etude_ne_devient_formule(livres):
    trouves = [c for f in livres[0] for r in f.iter_rows(max_row=6) for c in r if c.value in (PIEGE, "+33 & <b>")]
    assert len(trouves) >= 2
    assert {c.data_type for c in trouves} == {"s"}
    pied = livres[0]["Lisez-moi"].oddFooter.left.text
    assert PIEGE in pied


def test_les_graphiques_lisent_les_lignes_du_classeur(livres, fait):
    """Each cell that a chart reads is a formula on a row, and both hold what the engine computed."""
    formules, valeurs = (x["Graphiques"] for x in livres)
    lus = [(c, valeurs[c.coordinate].value) for r in formules.iter_rows(min_col=21) for c in r if c.data_type == "f"]
    assert len(lus) > 60
    renvois = [(re.fullmatch(r"='(.+)'!\$([A-Z]+)\$(\d+)", c.value), v) for c, v in lus]
    directs = [(m, v) for m, v in renvois if m]
    assert len(directs) == len(lus) - 2  # the lowest point and its month are computed
    assert all(livres[1][m[1]][f"{m[2]}{m[3]}"].value == v for m, v in directs)
    vue = fait.lu.bouclee
    (solde,) = (c for c in vue.ev.livre.lignes if c.startswith("tresorerie.cumul."))
    tires = [v for m, v in directs if m[1] == "Trésorerie"]
    assert tires == pytest.approx(list(vue.mensuel(solde)), rel=1e-12)
    creux = next(v for (m, v), (c, _) in zip(renvois, lus, strict=True) if not m and c.value.startswith("=MIN("))
    assert creux == pytest.approx(min(vue.mensuel(solde)))


def test_quatre_dessins_sans_couleur_seule(fait):
    with zipfile.ZipFile(BytesIO(fait.octets)) as z:
        dessins = [z.read(n).decode() for n in z.namelist() if n.startswith("xl/charts/chart")]
        descriptions = z.read("xl/drawings/drawing1.xml").decode()
    assert len(dessins) == 4
    assert sum("pattFill" in d for d in dessins) == 1  # resources, by who brings them
    assert sum("prstDash" in d for d in dessins) == 2  # zero; thresholds
    assert descriptions.count("descr=") == 4


def test_scenarios_et_epreuves_sont_du_moteur_et_le_disent(livres, tous):
    formules, valeurs = (x["Scénarios"] for x in livres)
    assert formules["A2"].value.startswith("=IF(entrees_modifiees>0,")
    assert valeurs["A2"].value == "À jour : aucune entrée n'a changé"
    table = tableaux_scenarios.comparaison(tous)
    lignes = {c.value: c.row for c in formules["A"]}
    rang = lignes["Coût total TTC"]
    attendus = [c.valeur for c in next(r for r in table.cellules if r[0] == "Coût total TTC")[1:]]
    lus = [formules.cell(rang, k + 2).value for k in range(len(attendus))]
    assert lus[:3] == pytest.approx(attendus[:3])
    assert formules.cell(rang, 2).font.italic
    assert "Plan arrêté, sans choc" in {c.value for c in livres[0]["Épreuves"]["A"]}


def test_chaque_bareme_lu_a_ses_dates_et_sa_source(livres, fait):
    feuille = livres[0]["Journal des barèmes"]
    chemins = {c.value for c in feuille["I"][3:]}
    assert chemins == {o.reference for _, o in entrees(fait.lu.bouclee) if o.nature == "bareme"}
    rangees = list(feuille.iter_rows(min_row=4))
    assert all(r[6].value and r[7].is_date for r in rangees)
    catalogue = fait.lu.bouclee.ev.ctx.catalogue
    inconnus = {v.chemin for c in chemins for v in catalogue.bareme(c).valeurs if v.au_plus_tard is not None}
    assert all(r[3].is_date or (r[8].value in inconnus and "début inconnu" in r[3].value) for r in rangees)


def test_le_classeur_entier_revient_en_scenario(fait, piegee, tmp_path):
    livre = relu(fait.octets)
    assert {p.name for p in livre.custom_doc_props.props} == {"pope_etude", "pope_scenario", "pope_empreinte"}
    livre.save(tmp_path / "rendu.xlsx")
    tel_quel = pf.carnets.classeur_rendu(tmp_path / "rendu.xlsx", piegee)
    assert (tel_quel.surcharges, tel_quel.remarques) == ((), ())

    case_de(livre["Hypothèses"], "travaux.cout_m2_ht").value = 3000
    case_de(livre["Hypothèses"], "travaux.cout_m2_ht", 11).value = "devis du 3 mars"
    livre.save(tmp_path / "rendu.xlsx")
    (surcharge,) = pf.carnets.classeur_rendu(tmp_path / "rendu.xlsx", piegee).surcharges
    assert surcharge.motif == "valeur rendue dans rendu.xlsx : devis du 3 mars"
