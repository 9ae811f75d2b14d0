"""Sheet of the inputs, read again by openpyxl: names, unknowns, bounds, words, text that looks like a formula."""

import math

import pytest

from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import varier
from pope_foncier.vues.classeur import hypotheses
from pope_foncier.vues.classeur.saisies import NON_LUES, saisies
from tests.vues.classeur.ecrits import CHAMPS, hypotheses_de, lu, relu, vives


@pytest.fixture(scope="module")
def octets(resultat):
    return hypotheses_de(lu(resultat))


@pytest.fixture(scope="module")
def feuille(octets):
    return relu(octets)["Hypothèses"]


def _rang(feuille, champ):
    return next(r for r in range(5, feuille.max_row + 1) if feuille.cell(r, hypotheses.CHAMP + 1).value == champ)


def _case(feuille, champ, colonne):
    return feuille.cell(_rang(feuille, champ), colonne + 1).value


def test_chaque_entree_lue_a_son_nom_sur_la_case_que_lisent_les_formules(octets, feuille):
    noms = relu(octets).defined_names
    assert {n for n in noms if not n.startswith("_")} == {
        "entrees_modifiees",
        "e_programme_surface_m2",
        "e_travaux_cout_m2_ht",
        "e_travaux_honoraires_part",
        "e_titre_occupation_duree_mois",
        "e_aides_caf93_par_place",
        "e_prets_banque_taux",
        "e_exploitation_taux_occupation",
        "e_evolution",
        "e_aides_piaje_statut",
        "e_aides_caf93_statut",
        "e_aides_region_idf_statut",
        "e_aides_departement_statut",
        "e_aides_ville_statut",
        "e_exploitation_produits_annexes_bonus_territoire_statut",
        "e_exploitation_produits_annexes_bonus_attractivite_statut",
        "e_exploitation_produits_annexes_bonus_mixite_statut",
    }
    rang = _rang(feuille, "travaux.cout_m2_ht")
    assert noms["e_travaux_cout_m2_ht"].attr_text == f"'Hypothèses'!$C${rang}"
    assert feuille.cell(rang, 2).value == 3750
    assert feuille.cell(rang, 3).value == f"=IF(ISNUMBER(B{rang}),B{rang},NA())"


def test_taux_en_pour_cent_bornes_et_choix_valides_en_francais(feuille):
    rang = _rang(feuille, "prets[banque].taux")
    assert feuille.cell(rang, 2).value == 0.0436
    assert feuille.cell(rang, 2).number_format == "0.0##\\ %"
    regles = {str(r.sqref): r for r in feuille.data_validations.dataValidation}
    taux = regles[f"B{rang}"]
    assert (taux.type, float(taux.formula1), float(taux.formula2)) == ("decimal", -0.05, 0.5)
    assert taux.error == "Écrire un nombre entre -5 et 50 %, ou vider la case si personne ne le sait.".replace(
        "-", "\u2212"
    ).replace(" %", "\u00a0%")
    statut = regles[f"B{_rang(feuille, 'aides[ville].statut')}"]
    assert statut.formula1 == '"acquise,demandée,espérée,non demandée"'
    assert _case(feuille, "aides[ville].statut", hypotheses.SAISIE) == "non demandée"


def test_une_entree_inconnue_se_lit_na_et_non_zero(dossier, moteur):
    inconnue = varier(dossier, "essai", {"travaux.cout_m2_ht": {"a_obtenir_de": "l'architecte"}})
    ecrite = lu(Resultat.reprendre(dossier, inconnue, moteur))
    octets = hypotheses_de(ecrite)
    feuille = relu(octets)["Hypothèses"]
    rang = _rang(feuille, "travaux.cout_m2_ht")
    assert feuille.cell(rang, 2).value == "inconnu"
    assert relu(octets, valeurs=True)["Hypothèses"].cell(rang, 3).value == "#N/A"
    assert feuille.cell(rang, hypotheses.NATURE + 1).value == "inconnu"
    assert feuille.cell(rang, hypotheses.AUPRES + 1).value == "l'architecte"


def test_toutes_les_entrees_de_l_etude_y_sont_une_fois(resultat):
    ecrite = lu(resultat)
    rangees = saisies(ecrite, vives(ecrite))
    champs = [s.champ for s in rangees]
    assert len(champs) == len(set(champs))
    assert set(CHAMPS) < set(champs)
    assert "foncier.prix" in champs
    assert {s.salle for s in rangees if not s.lue} == {NON_LUES}
    prix = next(s for s in rangees if s.champ == "foncier.prix")
    assert math.isnan(prix.valeur)
    assert prix.genre == "inconnu"


def test_des_mois_qui_ne_sont_pas_entiers_sont_hors_bornes(feuille):
    rang = _rang(feuille, "titre_occupation.duree_mois")
    assert f"OR(B{rang}<0,B{rang}>1200,B{rang}<>INT(B{rang}))" in _case(
        feuille, "titre_occupation.duree_mois", hypotheses.ETAT
    )


def test_un_mot_que_personne_n_admet_est_illisible(feuille):
    rang = _rang(feuille, "evolution")
    admis = f'OR(B{rang}="bas",B{rang}="central",B{rang}="haut")'
    assert _case(feuille, "evolution", hypotheses.ETAT) == f'=IF({admis},IF(B{rang}=O{rang},"","modifiée"),"illisible")'


def test_une_aide_compte_selon_son_statut_quoi_qu_on_tape(resultat):
    """Nothing of a grant that nobody asks for; its whole chance once obtained."""
    champs = (*CHAMPS, "aides[piaje].coefficient", "aides[piaje].probabilite")
    feuille = relu(hypotheses_de(lu(resultat), champs))["Hypothèses"]
    for champ, statut, compte in (("coefficient", "non demandée", 0), ("probabilite", "acquise", 1)):
        rang = _rang(feuille, f"aides[piaje].{champ}")
        lue = f'=IF(ISNUMBER(B{rang}),IF(e_aides_piaje_statut="{statut}",{compte},B{rang}),NA())'
        assert feuille.cell(rang, hypotheses.LUE + 1).value == lue


def test_un_texte_qui_ressemble_a_une_formule_reste_un_texte(dossier, moteur):
    pieges = ("=1+1", "+33 1 48 00 00 00", "-2 %", "@somme")
    for piege in pieges:
        etude = varier(dossier, "essai", {"travaux.cout_m2_ht": {"valeur": 2500, "base": piege, "a_obtenir_de": piege}})
        feuille = relu(hypotheses_de(lu(Resultat.reprendre(dossier, etude, moteur))))["Hypothèses"]
        for colonne in (hypotheses.RAISON, hypotheses.AUPRES):
            case = feuille.cell(_rang(feuille, "travaux.cout_m2_ht"), colonne + 1)
            assert (case.value, case.data_type, case.quotePrefix) == (piege, "s", True)


def test_page_a4_paysage_tetes_repetees_et_volets_figes(feuille):
    assert (feuille.page_setup.orientation, feuille.page_setup.paperSize) == ("landscape", 9)
    assert feuille.sheet_properties.pageSetUpPr.fitToPage
    assert (feuille.page_setup.fitToWidth or 1, feuille.page_setup.fitToHeight) == (1, 0)
    assert feuille.print_title_rows == "$4:$4"
    assert feuille.freeze_panes == "B5"
    assert feuille.oddFooter.left.text.strip() == "essai"


def test_l_etat_d_une_case_distingue_ce_qui_a_change(octets, feuille):
    """Formula of the states, read by hand: emptied or « inconnu », a word, out of bounds, changed, as written."""
    rang = _rang(feuille, "exploitation.taux_occupation")
    assert feuille.cell(rang, hypotheses.ETAT + 1).value == (
        f'=IF(ISNUMBER(B{rang}),IF(OR(B{rang}<0.0,B{rang}>1.0),"hors bornes",IF(B{rang}=O{rang},"","modifiée")),'
        f'IF(OR(B{rang}="",B{rang}="inconnu"),"vidée","illisible"))'
    )
    assert feuille.cell(rang, hypotheses.ECRITE + 1).coordinate == f"O{rang}"
    fin = feuille.max_row
    dits = "+".join(f'COUNTIF($E$5:$E${fin},"{mot}")' for mot in ("modifiée", "vidée", "illisible", "hors bornes"))
    assert feuille["B3"].value == f"={dits}"
    assert relu(octets).defined_names["entrees_modifiees"].attr_text == "'Hypothèses'!$B$3"
