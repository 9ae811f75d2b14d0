"""What the commune would pay in all: the same project costs it the same, however it supports it; a grant of somebody else never costs it more.

Nothing here comes from the figure: the first test is the conservation of money, the others the cost in present value, which advances the cash
month by month and takes it back.
"""

import re

import numpy as np
import pytest

from pope_foncier.decision.commune.cout import tout_compris, tout_compris_par_an
from pope_foncier.decision.commune.valeur_actuelle import cout_pour_la_commune
from pope_foncier.etude.lectures import capital_a_trouver
from pope_foncier.etude.pentes import effets
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.pentes import Sortie
from tests.conftest import DONNEES

TAUX = 0.03
MOINDRE = 1.0
"""Effect of one per cent under which a sign says nothing [€/year]."""


@pytest.fixture(
    scope="module", params=["coque_la_courneuve", "gare_saint_denis", "pierrefitte_stains", "modes_d_accueil"]
)
def resultat(request, moteur):
    return Resultat.calculer(ouvrir(DONNEES / "etudes" / f"{request.param}.yaml"), moteur)


def ouverts(resultat):
    return [v.bouclee for v in resultat.vues() if not v.aucune_place and v.nom != "ne_rien_faire"]


def test_un_forfait_ou_un_equilibre_coutent_autant_en_tout(resultat):
    """A lump short of the deficit leaves the rest to find: the city that brings it too pays what the balance of the account would have asked."""
    par_nom = {v.nom: v.valeur(tout_compris_par_an(v.ev)) for v in ouverts(resultat)}
    if "commune_a_l_equilibre" not in par_nom:
        return
    assert par_nom["commune_a_l_equilibre"] == pytest.approx(par_nom["base"], abs=0.01)


def test_sans_actualisation_les_deux_couts_sont_le_meme(resultat):
    """Cash advanced month by month and given back adds up to what never comes back; a capital that another holder finds is in one of them alone."""
    for vue in ouverts(resultat):
        capital = capital_a_trouver(vue)
        en_tout = vue.valeur(tout_compris(vue.ev)) * vue.places.places_annees
        assert en_tout - capital == pytest.approx(vue.valeur(cout_pour_la_commune(vue.ev, 0.0).cout), abs=0.05), vue.nom


def test_le_cout_en_tout_va_dans_le_sens_du_cout_actualise(resultat):
    comparees = 0
    for vue in ouverts(resultat):
        couts = [tout_compris_par_an(vue.ev), cout_pour_la_commune(vue.ev, TAUX).cout]
        simple, actualise = effets(vue.ev, [Sortie(c, np.ones(1)) for c in couts], vue.rang)
        autres = {e.champ: e for e in actualise}
        for e in (e for e in simple if abs(e.un_pour_cent) > MOINDRE and e.champ in autres):
            assert e.un_pour_cent * autres[e.champ].un_pour_cent >= 0.0, (vue.nom, e.champ)
            comparees += 1
            if (
                e.champ.startswith("aides[")
                and e.champ.endswith((".coefficient", ".par_place"))
                and "ville" not in e.champ
            ):
                assert e.un_pour_cent < 0.0, (vue.nom, e.champ)
    assert comparees > 100


RECETTES = (
    r"aides\[(?!ville\]).+\]\.(coefficient|par_place|montant|part_subvention)",
    r"exploitation\.psu\.(part|prix_plafond_max|journees_pedagogiques|heures_par_journee_pedagogique)",
    r"exploitation\.bonus\..*",
    r"exploitation\.(taux_occupation|jours_an|part_regime_general|part_occupation_ouverture|revenu_mensuel_famille)",
    r"exploitation\.(paje\.tarif_horaire|mam\.loyer_par_assistant|mam\.aide_demarrage|etp_parents|heures_effectives_etp)",
    r"exploitation\.versements_caf\.acompte_part|territoire\.ctg_signee|evolution\.psu",
)
"""Inputs that bring money, save the time of the team, or bring it sooner."""
DEPENSES = (
    r"travaux\.(cout_m2_ht|honoraires_part|etudes_assurances_part|aleas_part|equipement_par_place_ttc)",
    r"exploitation\.charges\[.+\]\.montant|exploitation\.(autres_charges_par_place|etp_logistique_par_place)",
    r"exploitation\.(charges_nationales\.niveau|charges\.alisfa_point|reperes\.cout_par_place)",
    r"exploitation\.(paie\.(part_education|part_accompagnement|points_anciennete)|familiale\.cout_assistant)",
    r"titre_occupation\.(loyer_m2_an|charges_m2_an|tva_part|remise_en_etat_m2)|prets\[.+\]\.taux",
    r"demarrage\.recrutement|fiscalite\.(tva\.taux_normal|mutation\.bail_long_tpf)|evolution\.(salaires|bt01|ilat)",
)
MOTIFS = {("pierrefitte_stains", "exploitation.jours_an"): "ten places: a day's least team costs more than it is paid"}
"""Signs that surprise, and why."""


def test_une_recette_allege_et_une_depense_alourdit_ce_que_la_commune_paierait_en_tout(resultat):
    comptees, surprises = 0, set()
    for vue in ouverts(resultat):
        for e in effets(vue.ev, [Sortie(tout_compris_par_an(vue.ev), np.ones(1))], vue.rang)[0]:
            sens = -1 if any(re.fullmatch(m, e.champ) for m in RECETTES) else 0
            sens += 1 if any(re.fullmatch(m, e.champ) for m in DEPENSES) else 0
            if sens and abs(e.un_pour_cent) > 0.01:
                comptees += 1
                if e.un_pour_cent * sens < 0.0:
                    surprises.add((resultat.dossier.nom, e.champ))
    assert comptees > 80
    assert surprises == {cle for cle in MOTIFS if cle[0] == resultat.dossier.nom}
