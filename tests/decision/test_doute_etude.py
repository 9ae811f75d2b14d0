"""One study drawn: the deterministic scenario at the central values, blocks and threads, events and what they lose."""

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.commune.cout import ce_que_paie_la_commune, tout_compris
from pope_foncier.decision.doute.etude_tiree import tirer_l_etude
from pope_foncier.decision.doute.mesures import probabilite, quantile, wilson
from pope_foncier.decision.doute.reglages import Reglages, reglages
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, Dossier, en_clair, lire_etude, ouvrir, varier
from pope_foncier.modele.donnee import donnees_de
from pope_foncier.modele.loi import Chance, Triangulaire, Uniforme
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.vues.decision.doute import phrases, tableaux
from tests.conftest import DONNEES, GARE

NOMS = ["a_trouver", "cout_total", "contribution_par_place", "couverture_minimale", "tresorerie_manquante", "ouverture"]


@pytest.fixture(scope="module")
def moteur():
    return moteur_du_projet()


@pytest.fixture(scope="module")
def gare():
    return ouvrir(GARE)


def avec(gare, **champs):
    """Same study with a ``doute`` section, or other fields."""
    etude = lire_etude({**en_clair(gare.etude), **champs}, "essai")[0]
    return Dossier("essai", etude, gare.site, {BASE: etude})


def constante(valeur):
    return Uniforme(valeur, valeur)


def test_un_tirage_aux_valeurs_centrales_est_le_scenario(gare, moteur):
    """Every input that the study draws is drawn at its own value: each figure is that of the deterministic closed plan, bit for bit."""
    regles = reglages(gare.etude, moteur)
    centrales = dict(donnees_de(gare.etude))
    lois = {}
    for champ in regles.lois:
        if champ.startswith("evolution."):
            lois[champ] = constante(moteur.evolutions.chemins[champ[10:]].central)
        else:
            lois[champ] = constante(centrales[champ].valeur if champ in centrales else 1.0)
    tiree = tirer_l_etude(gare, moteur, NOMS, Reglages(lois, 2, 0, "hasard"))
    lecteur = Lecteur(boucler(moteur.evaluer(gare, [BASE])[0]))
    assert len(tiree.tirages) > 25
    for nom in NOMS:
        assert tiree.chiffres[nom][0] == lecteur.valeurs(lecteur.code(nom))[0], nom


def test_ni_les_blocs_ni_les_fils_ne_changent_un_tirage(gare, moteur):
    """To the cent on a closed plan, whose rounds stop for a whole block."""
    regles = Reglages(reglages(gare.etude, moteur).lois, 300, 5, "hypercube")
    un = tirer_l_etude(gare, moteur, NOMS, regles, taille=256, fils=2)
    autre = tirer_l_etude(gare, moteur, NOMS, regles, taille=64, fils=1)
    for champ, valeurs in un.tirages.items():
        assert (valeurs == autre.tirages[champ]).all()
    for nom in NOMS:
        assert un.chiffres[nom] == pytest.approx(autre.chiffres[nom], abs=0.01, nan_ok=True)


def test_ce_qui_est_tire_et_ce_qui_est_tenu(gare, moteur):
    lues = reglages(gare.etude, moteur)
    assert lues.lois["travaux.cout_m2_ht"] == Triangulaire(3000, 3750, 4500)
    assert lues.lois["evolution.livret_a"] == Triangulaire(0.01, 0.017, 0.032)
    assert lues.lois["aides[piaje].coefficient"] == Chance(0.5, 1.0)
    assert "programme.surface_m2" not in lues.lois
    assert "décident" in lues.tenus["programme.surface_m2"]
    assert "travaux.cout_m2_ht" in lues.par_defaut


def test_une_loi_de_l_etude_passe_avant(gare, moteur):
    doute = {
        "graine": 3,
        "tirages": 50,
        "methode": "sobol",
        "lois": {"evolution.prix": {"forme": "uniforme", "bas": 0.0, "haut": 0.02}},
        "tenus": [{"champ": "exploitation.taux_occupation", "raison": "pour voir"}],
    }
    dossier = avec(gare, doute=doute)
    etude = varier(
        dossier,
        "essai",
        {"programme.surface_m2": {"valeur": 186, "intervalle": [180, 200], "base": "essai", "loi": "uniforme"}},
    )
    lues = reglages(etude, moteur)
    assert (lues.graine, lues.tirages, lues.methode) == (3, 50, "sobol")
    assert lues.lois["evolution.prix"] == Uniforme(0.0, 0.02)
    assert lues.lois["programme.surface_m2"] == Uniforme(180, 200)
    assert lues.tenus["exploitation.taux_occupation"] == "pour voir"
    assert not {"evolution.prix", "programme.surface_m2"} & lues.par_defaut
    assert repr(etude) == repr(gare.etude)


REFUS = {"id": "refuse", "libelle": "permis refusé", "chance": 0.3, "abandon": {"mois": 6}}
RETARD = {
    "id": "retard",
    "libelle": "permis en retard",
    "chance": 0.5,
    "changements": [{"champ": "delais.etudes_mois", "ajoute": 6}],
}
PERMIS = {"id": "permis", "libelle": "Permis", "base": "essai", "issues": [REFUS, RETARD]}
REGION = {
    "id": "region",
    "libelle": "Région",
    "base": "essai",
    "issues": [
        {
            "id": "pas_demandee",
            "libelle": "aide non demandée",
            "chance": 0.4,
            "changements": [
                {"champ": "aides[region_idf].statut", "valeur": "non_demandee"},
                {"champ": "travaux.cout_m2_ht", "ajoute": 100},
            ],
        }
    ],
}
PROJET = {"travaux.cout_m2_ht": Uniforme(3500, 4000)}


def tirer(dossier, moteur, tirages=200, **autres):
    lues = reglages(dossier.etude, moteur)
    lois = {c: loi for c, loi in lues.lois.items() if c.startswith("evenements")} | PROJET
    return tirer_l_etude(
        dossier,
        moteur,
        ["cout_total", "ouverture", "a_trouver"],
        Reglages(lois, tirages, 1, "hypercube", evenements=lues.evenements),
        **autres,
    )


def test_une_issue_chiffree_s_ajoute_et_un_abandon_coute_ce_qui_est_paye(gare, moteur):
    """Hypercube: 60 draws of 200 are refused, 100 late. Fees and controls are paid evenly over the 18 months of studies and works: six of them
    are a third of the line of the deterministic study, which is linear in the price of the works."""
    dossier = avec(gare, doute={"evenements": [PERMIS]})
    tiree = tirer(dossier, moteur)
    rangs = tiree.evenements["permis"]
    assert [int((rangs == i).sum()) for i in range(3)] == [40, 60, 100]
    assert (tiree.chiffres["ouverture"][rangs == 2] == 24).all()
    assert (tiree.chiffres["ouverture"][rangs == 0] == 18).all()
    assert np.isnan(tiree.chiffres["cout_total"][rangs == 1]).all()
    assert (tiree.abandonnes == (rangs == 1)).all()
    assert tiree.abandon.valeur == pytest.approx(0.3)
    assert tiree.indefinis["cout_total"] == 0
    assert len(tiree.faits("cout_total")) == 140
    etudes = moteur.evaluer(gare, [BASE])[0].livre["tresorerie.etudes"].valeur.sum()
    prix = tiree.tirages["travaux.cout_m2_ht"][rangs == 1]
    assert tiree.perdu[rangs == 1] == pytest.approx(etudes / 3 * prix / 3750)


def test_un_arret_dont_le_cout_est_inconnu_reste_un_arret(gare, moteur):
    """Without the price of the works, fees are unknown: the 60 draws of 200 that end have no figure, and a cost that is counted as unknown."""
    dossier = avec(varie_sans_honoraires(gare), doute={"evenements": [PERMIS]})
    tiree = tirer(dossier, moteur)
    assert tiree.abandonnes.sum() == 60
    assert np.isnan(tiree.perdu).all()
    assert quantile(tiree.perdu[tiree.abandonnes], 0.5).indefinis == 60


def varie_sans_honoraires(gare):
    etude = varier(gare, "sans", {"travaux.honoraires_part": {"a_obtenir_de": "l'architecte"}})
    return Dossier("sans", etude, gare.site, {BASE: etude})


def test_une_issue_de_structure_est_une_autre_etude(gare, moteur):
    """Without the grant of the Region, and 100 €/m² dearer: each such draw is the study evaluated alone; the others are the base."""
    tiree = tirer(avec(gare, doute={"evenements": [REGION]}), moteur, 40)
    rangs = tiree.evenements["region"]
    assert (rangs == 1).sum() == 16
    for rang, changes in ((0, {}), (1, {"aides[region_idf].statut": "non_demandee"})):
        i = int(np.flatnonzero(rangs == rang)[0])
        prix = float(tiree.tirages["travaux.cout_m2_ht"][i]) + 100 * rang
        etude = varier(gare, "seule", {**changes, "travaux.cout_m2_ht": prix})
        lecteur = Lecteur(boucler(moteur.evaluer(Dossier("s", etude, gare.site, {BASE: etude}))[0]))
        for nom in ("cout_total", "a_trouver"):
            assert tiree.chiffres[nom][i] == pytest.approx(lecteur.valeurs(lecteur.code(nom))[0], abs=0.01)


def test_des_evenements_refuses_disent_tous_leurs_torts(gare, moteur):
    faux = [{**RETARD, "changements": [{"champ": "delais.etude_mois", "valeur": 6}]}, {**REFUS}]
    autre = {
        **REGION,
        "issues": [{**RETARD, "id": "x", "changements": [{"champ": "aides[piaje].statut", "ajoute": 1}]}],
    }
    dossier = avec(gare, doute={"evenements": [{**PERMIS, "issues": faux}, autre]})
    with pytest.raises(ErreurCalcul, match=r"(?s)permis en retard.*etude_mois.*Région.*n'est pas un nombre connu"):
        tirer(dossier, moteur, 10)
    with pytest.raises(ErreurDonnees, match="font 120 %"):
        avec(gare, doute={"evenements": [{**PERMIS, "issues": [{**REFUS, "chance": 0.7}, RETARD]}]})
    with pytest.raises(ErreurDonnees, match="change l'étude, ou l'abandonne"):
        avec(gare, doute={"evenements": [{**PERMIS, "issues": [{"id": "a", "libelle": "b", "chance": 0.1}]}]})
    with pytest.raises(ErreurDonnees, match="un abandon a une date"):
        avec(gare, doute={"evenements": [{**PERMIS, "issues": [{**REFUS, "abandon": {}}]}]})


def test_l_intervalle_de_wilson_et_celui_des_rangs():
    """Wilson: 81 of 263 gives 0.2553 to 0.3662 (Newcombe, Statistics in Medicine 17, 1998, table I). Ranks: the median of 100 draws lies between the
    40th and the 61st (Conover, Practical Nonparametric Statistics, normal approximation)."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    lu = quantile(np.arange(1.0, 101.0), 0.5)
    assert (lu.bas, lu.haut, lu.valeur, lu.indefinis) == (40, 61, 50.5, 0)


def test_un_tirage_sans_valeur_elargit_l_intervalle():
    """Of 100 draws 10 say nothing: the share under the threshold lies between 20 and 30 of 100; the median, with all of them low, then high."""
    valeurs = np.concatenate([np.arange(1.0, 91.0), np.full(10, np.nan)])
    lue = probabilite(valeurs <= 20, np.isnan(valeurs))
    assert (lue.valeur, lue.indefinis, lue.bas, lue.haut) == (0.2, 10, wilson(20, 100)[0], wilson(30, 100)[1])
    lu = quantile(valeurs, 0.5)
    assert (lu.bas, lu.haut, lu.indefinis) == (30, 61, 10)
    assert np.isnan(quantile(np.full(5, np.nan), 0.5).valeur)


def test_le_cout_de_la_commune_est_celui_que_lit_un_maire(gare, moteur):
    """The quantity that is drawn is the line of the mayor's table, on each study and scenario that closes."""
    for nom in ("gare_saint_denis", "coque_la_courneuve"):
        tous = Resultat.calculer(ouvrir(DONNEES / "etudes" / f"{nom}.yaml"), moteur)
        for scenario in tous.dossier.variantes:
            vue = tous.vue(scenario)
            if vue.aucune_place or scenario == "ne_rien_faire":
                continue
            lue = vue.bouclee.valeur(tout_compris(vue.bouclee.ev))
            assert lue == pytest.approx(ce_que_paie_la_commune(vue).tout_compris, rel=1e-9, nan_ok=True)


def test_le_plafond_du_cout_se_nomme_et_se_lit_avec_tout_ce_qui_est_a_trouver():
    """A lump under the ceiling says nothing of a plan that nobody closes: the share of the draws is counted from the drawn figures."""
    gare = pf.ouvrir("gare_saint_denis")
    doute = pf.douter(gare.varier({"doute.seuils.cout_par_place": 12_000}), n=200, graine=1)
    couts = doute.tirages["cout_commune"].dropna()
    attendu = (couts > 12_000).mean()
    (phrase,) = [p for p in doute.risques.index if "tout ce qui est à trouver" in p]
    assert "12\u202f000\u00a0€/place/an" in phrase
    assert doute.risques.loc[phrase, "probabilite"] == pytest.approx(attendu)
    assert 0.1 < attendu < 1.0
    sans = pf.douter(gare, n=50, graine=1)
    assert not any("tout ce qui est à trouver" in p for p in sans.risques.index), (
        "aucun plafond n'est donné pour ce coût"
    )
    assert "aucun plafond n'est donné (doute.seuils.cout_par_place)" in tableaux.risques(sans.lecture).note


def test_ce_qu_aucun_tirage_ne_dit_n_est_pas_une_chance_nulle():
    """Without a loan no year has a cover: its risk has no share, not a share of zero; the interval holds everything."""
    sans_pret = pf.ouvrir("gare_saint_denis").varier({"prets": []})
    risques = pf.douter(sans_pret, n=50, graine=1).risques
    (sous_un,) = [p for p in risques.index if "couverture sous 1" in p]
    assert np.isnan(risques.loc[sous_un, "probabilite"])
    assert tuple(risques.loc[sous_un, ["bas", "haut"]]) == (0.0, 1.0)


def test_tirer_les_evenements_seuls_est_refuse_en_clair():
    gare = pf.ouvrir("gare_saint_denis")
    champs = list(reglages(gare.fiche, moteur_du_projet()).lois)
    with pytest.raises(ErreurCalcul, match="Seuls les événements"):
        pf.douter(gare, lois={c: None for c in champs if not c.startswith("evenements")}, n=20)


def test_un_risque_que_rien_ne_dit_n_est_pas_un_risque_absent():
    """Works without a price: nothing is read, and the page does not say that nothing happened."""
    inconnue = pf.ouvrir("gare_saint_denis").varier({"travaux.cout_m2_ht": {"a_obtenir_de": "l'architecte"}})
    lu = pf.douter(inconnue, n=40, graine=1).lecture
    dits = phrases.de_la_commune(lu)
    muets = sum(np.isnan(r.probabilite.valeur) for r in lu.risques)
    assert muets > 2
    assert f"{muets} ne se lisent pas" in str(dits)
    assert "rien n'est encore payé" not in str(dits)


def test_une_correlation_de_la_fiche_ne_lie_rien_quand_un_des_deux_champs_est_tenu():
    """The station links the price and the length of the works: held, or set by hand, one of them leaves the other free; a name that does not exist is still refused."""
    gare = pf.ouvrir("gare_saint_denis")
    tenue = pf.douter(gare, lois={"travaux.cout_m2_ht": None}, n=20, chiffres=["cout_total"])
    assert "delais.travaux_mois" in tenue.tirages
    fixee = pf.douter(
        gare.varier({"travaux.cout_m2_ht": {"valeur": 2_700, "base": "devis"}}), n=20, chiffres=["cout_total"]
    )
    assert "travaux.cout_m2_ht" not in fixee.tirages
    faux = {"champs": ["travaux.cout", "delais.travaux_mois"], "valeur": 0.2, "base": "essai"}
    with pytest.raises(pf.Inconnu, match="Corrélation sur un champ"):
        pf.douter(gare.varier({"doute": {"correlations": [faux]}}), n=20)
