"""Committee tables, chart and notebook cells: what they say on a closed plan, an open one, and on every shipped study."""

import re
from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.recherche import Cherchee, contribution_constante, dette_maximale
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.plan_pluriannuel import RESTE_A_TROUVER, etablir
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.exploitation.emprunteur import lire_emprunteur
from pope_foncier.vues.documents.carnet_comite import CarnetComite
from pope_foncier.vues.etude import tableaux_bilan, tableaux_comite
from pope_foncier.vues.etude.graphiques import couverture
from pope_foncier.vues.formes import figures
from pope_foncier.vues.formes.image_en_axes import tracer
from tests.conftest import DONNEES, GELEES
from tests.decision.comite_rond import comite_rond
from tests.rondes import d

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))
EMPRUNTEUR = DONNEES / "emprunteurs" / "association_demonstration.yaml"


@pytest.fixture(scope="module")
def boucle(coque, moteur_plat):
    return Resultat.calculer(comite_rond(coque), moteur_plat).vue()


@pytest.fixture(scope="module")
def ouvert(coque, moteur_plat):
    return Resultat.calculer(comite_rond(coque, 10_000), moteur_plat).vue()


def lignes(table):
    return {ligne[0].strip(): ligne[1:] for ligne in table.lignes}


def clair(texte):
    return texte.replace("\u202f", " ").replace("\xa0", " ")


def test_les_ratios_annee_par_annee(boucle):
    """Values by hand in test_ratios_annuels: 6,500 / 1,800; then 26,000 over 27,500 and interest; the loan ends in January 2032."""
    table = tableaux_comite.ratios_annuels(boucle)
    lues = lignes(table)
    assert [*lues][:6] == ["2027 (ouverture, 3 mois)", "2028", "2029", "2030", "2031", "2032"]
    assert lues["2027 (ouverture, 3 mois)"][0] == "3,61, respecté"
    assert lues["2028"][0] == "0,76, non respecté"
    assert lues["Première année non respectée"][0] == "2028"
    assert lues["Pire année"][0].endswith("(2029)")
    assert clair(lues["Seuil"][0]) == "≥ 1,10, non respecté sous 1,00"
    assert "valeur de travail ; 1,20 à 1,25" in lues["Origine du seuil"][0]
    assert "3 à 4 ans" in lues["Origine du seuil"][2]
    assert "LLCR" in table.note
    assert "747" in table.note
    assert "non bouclé" not in table.note


def test_une_dette_que_rien_ne_paie_echoue_des_la_premiere_annee(moteur):
    """Saint-Denis, from its cash flows: self-financing of 2029 is −20,648 € under 175,000 € of debt; « aucune » read as sound."""
    vue = Resultat.calculer(ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml"), moteur).vue().bouclee
    lues = lignes(tableaux_comite.ratios_annuels(vue))
    assert lues["2029"][2] == "sans ressource, non respecté"
    assert lues["Première année sous le seuil"][2] == lues["Première année non respectée"][2] == "2028"


def test_une_annee_inconnue_n_est_pas_une_annee_qui_tient(moteur):
    """Émile Zola: nothing of its costs is published, so no year can be said to hold."""
    vue = Resultat.calculer(ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml"), moteur).vue().bouclee
    assert lignes(tableaux_comite.ratios_annuels(vue))["Première année non respectée"][0] == "indéterminé"


def test_les_deux_lectures_se_nomment(ouvert):
    """An open plan shows its two readings; what closes it is said to be promised by nobody."""
    manque = formate(ouvert.valeur(ouvert.ev.plan.reste_a_financer))
    tel_quel, boucle = (tableaux_comite.ratios_annuels(v) for v in (ouvert, ouvert.bouclee))
    assert "plan tel quel" in tel_quel.titre
    assert "plan bouclé" in boucle.titre
    assert lignes(boucle)["2028"][0] == "0,76, non respecté"
    a_trouver = formate(tableaux_comite.a_trouver(ouvert.bouclee))
    assert f"Ce plan compte {a_trouver} € à trouver, lus comme un apport que personne n'a promis" in clair(boucle.note)
    assert abs(tableaux_comite.a_trouver(ouvert.bouclee) - tableaux_comite.a_trouver(ouvert)) < 2_000
    assert manque in clair(tel_quel.note)
    plan = lignes(tableaux_comite.plan_pluriannuel(ouvert.bouclee))
    assert clair(plan[RESTE_A_TROUVER][0]) == f"{a_trouver} €"
    carnet = CarnetComite.de(ouvert, "essai", EMPRUNTEUR)
    for sortie in (carnet.ratios(), carnet.plan()):
        assert sortie.data.count("plan tel quel") == sortie.data.count("plan bouclé :") == 1
    assert "plan tel quel" in carnet.comptes(bouclee=False).data


def test_un_trou_laisse_a_la_fin_est_dit_et_n_est_plus_un_ratio(moteur):
    """Tenure ended in June 2037, loan repaid: the overdraft left, read in the ledger, is a sentence and no longer a ratio."""
    gelee = ouvrir(GELEES / "gare_saint_denis.yaml")
    vue = Resultat.calculer(gelee, moteur).vue().bouclee
    trou = -vue.mensuel("tresorerie.cumul.Association gestionnaire")[131]
    assert trou > 1_000
    table = tableaux_comite.ratios_annuels(vue)
    assert f"Fin 2037, il reste {formate(trou)} € de dette ou de découvert." in clair(table.note)
    assert [*lignes(table)].index("Pire année") == 10
    dette = calculer(vue.ev)["dette_sur_capacite"]
    assert dette.statut(10, vue.rang) is not None
    assert {dette.statut(a, vue.rang) for a in range(11, 30)} == {None}


def test_un_plan_ouvert_ne_montre_aucune_valeur(ouvert):
    table = tableaux_comite.ratios_annuels(ouvert)
    lues = lignes(table)
    assert lues["2027 à 2032"] == ("indéterminé",) * 4
    assert set(lues) == {"2027 à 2032", "Seuil", "Origine du seuil"}
    manque = formate(ouvert.valeur(ouvert.ev.plan.reste_a_financer))
    assert f"Plan non bouclé : il manque {manque} €" in clair(table.note)


def formate(montant):
    return f"{montant:,.0f}".replace(",", " ")


def test_le_plan_pluriannuel_se_lit_et_s_additionne(boucle):
    table = tableaux_comite.plan_pluriannuel(boucle)
    assert table.entetes[1:4] == ("2027, ouverture", "2028, an 1", "2029, an 2")
    plan, lues = etablir(boucle.ev), lignes(table)
    nombres = {n: [float(re.sub(r"[^\d−]", "", c).replace("−", "-") or "nan") for c in v] for n, v in lues.items()}
    assert nombres["Solde cumulé = trésorerie au 31 décembre"] == pytest.approx(plan.cumul[0, :6], abs=0.51)
    besoins, ressources = (nombres[f"Total des {n} durables"] for n in ("besoins", "ressources"))
    assert np.subtract(ressources, besoins) == pytest.approx(nombres["Solde de l'année"], abs=1.01)
    rangs = [ligne[0] for ligne in table.lignes]
    milieu = rangs.index("Total des besoins durables")
    parties = [nombres[n.strip()] for n in rangs[:milieu] if n.startswith("  ")]
    assert np.sum(parties, axis=0) == pytest.approx(besoins, abs=6)
    assert "intérêts" in table.note
    longue = tableaux_comite.plan_pluriannuel(boucle, annees=1, jusqu_aux_prets=True)
    assert longue.entetes[-1] == "2032, an 5"


def test_le_plan_dit_quand_l_argent_manque(ouvert):
    table = tableaux_comite.plan_pluriannuel(ouvert)
    assert "il l'est dès 2027" in table.note
    cumul = ouvert.mensuel(f"tresorerie.cumul.{etablir(ouvert.ev).porteur}")
    quand = ouvert.ev.ctx.echelle.mois_en_clair(int(np.argmin(cumul)))
    assert f"il manque {formate(-cumul.min())} € au mois le plus bas, {quand}" in clair(table.note)


def test_les_comptes_de_l_emprunteur_sur_les_memes_annees(boucle):
    comptes = prevoir(boucle.ev, lire_emprunteur(EMPRUNTEUR))
    tables = tableaux_comite.comptes_de_l_emprunteur(boucle, comptes)
    assert [t.titre.split()[0] for t in tables] == ["Compte", "Soldes", "Bilan", "L'emprunteur,"]
    for table in tables:
        assert table.entetes[-6:] == tuple(str(a) for a in range(2027, 2033))
    assert "747" in tables[1].note


def test_les_soldes_de_l_emprunteur_a_la_main(boucle):
    """2028, flat prices: present activity 866 − 848 thousand, project 26 thousand before interest; quotas stay outside the EBE."""
    comptes = prevoir(boucle.ev, lire_emprunteur(EMPRUNTEUR))
    soldes = comptes.soldes()
    assert soldes["Excédent brut d'exploitation"][0, 1] == pytest.approx(18_000 + 26_000)
    nettes = comptes.charges["Dotations"] - comptes.produits["Quotes-parts de subvention"]
    assert soldes["Résultat avant intérêts"] == pytest.approx(soldes["Excédent brut d'exploitation"] - nettes)
    assert soldes["Résultat"] == pytest.approx(soldes["Résultat avant intérêts"] - soldes["Intérêts et frais"])
    assert soldes["Capacité d'autofinancement"] == pytest.approx(
        soldes["Excédent brut d'exploitation"] - soldes["Intérêts et frais"]
    )


def test_un_decouvert_se_lit_au_passif(coque, moteur_plat):
    (ev,) = moteur_plat.evaluer(comite_rond(coque, 10_000, **{"travaux.cout_m2_ht": d(5_000)}))
    comptes = prevoir(ev, lire_emprunteur(EMPRUNTEUR))
    lues = lignes(tableaux_bilan.table_bilan(comptes))
    assert "Disponibilités" not in lues, "rien en caisse aucune de ces années"
    assert clair(lues["Concours bancaires (découvert)"][0]) == f"{formate(-comptes.tresorerie_nette[0, 0])} €"
    assert (
        lignes(tableaux_bilan.table_ratios_emprunteur(comptes))["Trésorerie, découvert ôté, en jours de dépenses"][1][0]
        == "−"
    )


def test_le_dessin_de_la_couverture(boucle, ouvert):
    _, ax = figures.figure()
    tracer(couverture(boucle), ax)
    ratio = calculer(boucle.ev)["couverture"]
    courbe = ax.lines[0]
    assert courbe.get_ydata() == pytest.approx(ratio.valeurs()[:6])
    assert [*courbe.get_xdata()] == [*range(2027, 2033)]
    textes = [t.get_text() for t in ax.texts]
    assert {"seuil 1,10", "non respecté sous 1,00", "3,61"} <= set(textes)
    creux = ax.lines[2]
    assert [*creux.get_xdata()] == [a for a in range(2027, 2033) if ratio.statut(a - 2027) != "respecte"]
    assert creux.get_markerfacecolor() == "white"
    assert "sans unité" in ax.get_ylabel()
    _, ax = figures.figure()
    tracer(couverture(ouvert), ax)
    assert not ax.lines
    assert "plan non bouclé" in ax.texts[0].get_text()


def test_un_pret_long_garde_des_valeurs_lisibles(coque, moteur_plat):
    prets = [comite_rond(coque).etude.prets[0].model_dump(exclude_defaults=True) | {"duree_mois": d(280)}]
    surcharges = {"horizon_mois": 300, "prets": prets, "titre_occupation.duree_mois": d(300)}
    vue = Resultat.calculer(comite_rond(coque, 120_000, **surcharges), moteur_plat).vue()
    fig, ax = figures.figure()
    tracer(couverture(vue), ax)
    assert len(ax.lines[0].get_xdata()) > 20
    assert len(ax.texts) < 12
    assert figures.octets(fig)


@pytest.mark.parametrize("etude", ETUDES, ids=[e.stem for e in ETUDES])
def test_les_cellules_tournent_sur_chaque_etude(moteur, etude, monkeypatch):
    """The points of the picture are those of the base: other scenarios draw the same lines at other heights."""
    resultat = Resultat.calculer(ouvrir(etude), moteur)
    assert CarnetComite.de(resultat.vue(), etude.stem, EMPRUNTEUR).image_couverture().data
    monkeypatch.setattr(figures, "octets", lambda *_, **__: b"\x89PNG")
    for vue in resultat.vues():
        carnet = CarnetComite.de(vue, etude.stem, EMPRUNTEUR)
        for sortie in (carnet.ratios(), carnet.plan(), carnet.plan(jusqu_aux_prets=True), carnet.comptes()):
            assert "nan" not in re.sub(r"<[^>]*>", " ", str(sortie.data)).lower().replace("financ", "").split()
        assert carnet.image_couverture().data
    assert "non donnés" in CarnetComite.de(resultat.vue(), etude.stem).comptes().data


def test_ce_qui_manque_a_une_etude_est_dit(coque, moteur_plat):
    dossier = comite_rond(coque)
    etude = varier(dossier, "sans", {"exploitation": None})
    vue = Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur_plat).vue()
    carnet = CarnetComite.de(vue, "essai", EMPRUNTEUR)
    for sortie in (carnet.ratios(), carnet.image_couverture()):
        assert "pas de compte d&#x27;exploitation" in sortie.data
    assert "il faut une exploitation" in carnet.comptes().data
    assert "Plan de financement pluriannuel" in carnet.plan().data


def test_les_recherches_se_lisent(coque, moteur_plat):
    dossier = comite_rond(coque)
    champ = "exploitation.contribution_commune.par_place"
    trouvees = [
        Cherchee("Contribution constante", "€/place/an", contribution_constante(moteur_plat, dossier, champ, 1.1)),
        Cherchee("Plus grand prêt", "€", dette_maximale(moteur_plat, dossier, "pret", 1.1)),
        Cherchee("Sans effet", "€", contribution_constante(moteur_plat, dossier, "travaux.cout_m2_ht", 1.1)),
    ]
    table = tableaux_comite.recherches(trouvees)
    assert [
        ligne[2].endswith(u) for ligne, u in zip(table.lignes, ("€/place/an", "€", "hors d'atteinte"), strict=True)
    ] == [True] * 3
    assert table.lignes[0][4] == "0\u00a0€"
    assert clair(table.lignes[1][4]) != "0 €"
