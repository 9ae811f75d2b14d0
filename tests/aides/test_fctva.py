"""Conditions of the FCTVA: what the sheet excludes is refused, what the text leaves open is counted and told, the prefecture settles it."""

from dataclasses import replace

import pytest

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.aides.fctva import QUI, conditions_du_fctva
from pope_foncier.decision.montages.en_etude import surcharges_de
from pope_foncier.etude.points_du_plan import points_du_plan
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.vues.aides.tableaux import aides
from tests.conftest import DONNEES
from tests.rondes import d

FCTVA = {"nature": "fctva", "annees": 2, "mois_versement": d(9)}
COMMUNE = {
    "acteurs.forme_maitre_ouvrage": "collectivite",
    "acteurs.maitre_ouvrage": "proprietaire",
    "compensation_tva": FCTVA,
    "immobilier": None,
}
LOYER = {"loyer": "fixe", "loyer_m2_an": d(100)}


def etats(dossier, moteur, **surcharges):
    etude = varier(dossier, "commune", COMMUNE | surcharges)
    ctx = Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions)
    return [c.etat for c in conditions_du_fctva(ctx)]


@pytest.fixture(scope="module")
def coque():
    return ouvrir(DONNEES / "etudes" / "coque_la_courneuve.yaml")


@pytest.mark.parametrize(
    ("bail", "attendus"),
    [
        # walls of the owner who orders the works; a rent without VAT on fitted premises is to confirm; a crèche deducts nothing
        (LOYER, ["remplie", "a_verifier", "remplie"]),
        ({"loyer": "gratuit"}, ["remplie", "remplie", "remplie"]),
        # the commune takes the premises from somebody else, and orders works on them
        (LOYER | {"bailleur": "SNCF"}, ["a_verifier", "a_verifier", "remplie"]),
    ],
)
def test_ce_que_la_fiche_dit_de_chaque_condition(coque, moteur, bail, attendus):
    assert etats(coque, moteur, bail_gestionnaire=bail) == attendus
    accord = FCTVA | {"accord_prefecture": "courrier du 3 mars 2027"}
    assert etats(coque, moteur, bail_gestionnaire=bail, compensation_tva=accord) == ["remplie"] * 3


def test_sans_fctva_aucune_condition(coque, moteur):
    assert etats(coque, moteur, bail_gestionnaire=LOYER, compensation_tva=None) == []


@pytest.mark.parametrize(
    ("surcharges", "dit"),
    [
        ({"bail_gestionnaire": LOYER | {"tva": True}}, "un loyer avec TVA s'excluent"),
        ({"acteurs.forme_maitre_ouvrage": "association"}, "ne va qu'à une collectivité"),
    ],
)
def test_ce_que_la_fiche_exclut_est_refuse(coque, surcharges, dit):
    with pytest.raises(ErreurDonnees, match=dit):
        varier(coque, "commune", COMMUNE | {"bail_gestionnaire": LOYER} | surcharges)


def test_l_accord_de_la_prefecture_ne_dit_rien_d_une_tva_recuperee(coque):
    recuperee = {"nature": "recuperation", "delai_mois": d(3), "accord_prefecture": "oui"}
    with pytest.raises(ErreurDonnees, match="rien ne le lirait"):
        varier(coque, "commune", COMMUNE | {"bail_gestionnaire": LOYER, "compensation_tva": recuperee})


def test_une_maison_d_assistants_maternels_attend_l_accord_de_la_prefecture(moteur):
    """Ministerial answer 18034: no FCTVA for a MAM; the word of the prefecture admits it."""
    modes = ouvrir(DONNEES / "etudes" / "modes_d_accueil.yaml")
    mam = replace(modes, etude=modes.variantes["mam"])
    with pytest.raises(ErreurDonnees, match="maison d'assistants maternels n'ouvre pas droit"):
        varier(mam, "commune", COMMUNE)
    accord = FCTVA | {"accord_prefecture": "courrier du 3 mars 2027"}
    varier(mam, "commune", COMMUNE | {"compensation_tva": accord})


def test_le_tableau_et_a_confirmer_disent_les_conditions(coque, moteur):
    etude = varier(coque, "commune", COMMUNE | {"bail_gestionnaire": LOYER})
    vue = Resultat.calculer(replace(coque, etude=etude, variantes={BASE: etude}), moteur).vue()
    points = [p for p in points_du_plan(vue) if p[0].startswith("FCTVA")]
    assert [(p[0], p[1], p[3]) for p in points] == [("FCTVA : TVA non récupérée autrement", "compté, à vérifier", QUI)]
    lignes = [x for x in aides(vue).lignes if str(x[0]).startswith("Compensation de la TVA")]
    assert len(lignes) == 1
    assert "16,4" in str(lignes[0][3])
    assert "la porte en principe) : à vérifier" in str(lignes[0][4])


def test_une_commune_qui_accueille_des_assistants_maternels_n_attend_pas_de_fctva(coque):
    """The montages of a commune count the FCTVA of a crèche, and none for a MAM."""
    fiches = lire_montages()
    montage = fiches.montages["commune_prete"]
    for mode, compte in (("collectif_psu", True), ("mam", False)):
        etude = coque.etude.model_copy(update={"mode_accueil": mode})
        surcharges = surcharges_de(replace(coque, etude=etude), etude.foncier, montage, "propriete", fiches)
        assert (surcharges["compensation_tva"] is not None) == compte, mode
