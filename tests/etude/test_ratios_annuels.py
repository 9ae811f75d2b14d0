"""Ratios year by year: a small study by hand, what the opening year counts, statuses, open plans, life cover, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude import ratios
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.controles import lire_controles
from pope_foncier.etude.ratios_annuels import SANS_OBJET, calculer
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.etude.service_dette import couverture_minimale, couverture_moyenne
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur
from tests.conftest import GELEES
from tests.decision.comite_rond import OUVERTURE, a_la_main, comite_rond, fins, par_an
from tests.rondes import d


@pytest.fixture(scope="module")
def main():
    return a_la_main()


@pytest.fixture(scope="module")
def calcules(coque, moteur_plat):
    (ev,) = moteur_plat.evaluer(comite_rond(coque))
    return calculer(ev)


def depuis_ouverture(valeurs):
    return np.array(par_an(valeurs, OUVERTURE))


def a_la_main_par_an(main):
    """Available, interest, capital, rent and income of each year, from the opening on."""
    interets, capital, loyer = (-depuis_ouverture(main[n]) for n in ("interets", "capital", "loyer"))
    produits = sum(depuis_ouverture(main[n]) for n in ("familles", "du_caf", "ville"))
    charges = -sum(depuis_ouverture(main[n]) for n in ("personnel", "autres"))
    return produits - charges - loyer, interets, capital, loyer, produits


def test_les_ratios_de_chaque_annee_a_la_main(calcules, main):
    disponible, interets, capital, loyer, produits = a_la_main_par_an(main)
    assert disponible[:2] == pytest.approx([6_500, 26_000]), "trois mois, puis 96 + 24 + 40 − 105 − 15 − 14 milliers"
    service = interets + capital
    prete = slice(0, 6)
    couverture = calcules["couverture"]
    assert couverture.valeurs()[prete] == pytest.approx((disponible / np.maximum(service, 1e-9))[prete])
    assert couverture.valeurs()[0] == pytest.approx(6_500 / 1_800), "trois mois d'intérêts, le différé dure un an"
    assert np.isnan(couverture.valeurs()[6:]).all(), "le prêt finit en janvier 2032"
    assert calcules["couverture_interets"].valeurs()[prete] == pytest.approx(
        (disponible / np.maximum(interets, 1e-9))[prete]
    )
    assert calcules["loyer_et_annuite"].valeurs() == pytest.approx((loyer + service) / produits)
    decouvert = np.maximum(-np.array(fins(main["tresorerie"])), 0.0)
    dette = np.array(fins(main["restant"])) + fins(main["relais"]) + decouvert
    capacite = (disponible - interets) * np.array([12 / 3] + [1] * 10)
    endettees = dette > 0.005
    assert endettees.sum() >= 5
    assert calcules["dette_sur_capacite"].valeurs()[endettees] == pytest.approx((dette / capacite)[endettees])
    assert np.isnan(calcules["dette_sur_capacite"].valeurs()[~endettees]).all()


def test_pire_moyenne_statuts_et_premieres_annees_a_la_main(calcules, main):
    disponible, interets, capital, *_ = a_la_main_par_an(main)
    couverture = calcules["couverture"]
    valeurs = (disponible / np.maximum(interets + capital, 1e-9))[:6]
    assert couverture.pire().item() == pytest.approx(valeurs.min())
    assert couverture.moyenne().item() == pytest.approx(valeurs.mean())
    assert couverture.annee_du_pire().item() == 2027 + int(valeurs.argmin())
    attendus = ["respecte" if v >= 1.10 else "a_surveiller" if v >= 1.0 else "non_respecte" for v in valeurs]
    assert [couverture.statut(a) for a in range(6)] == attendus
    assert "non_respecte" in attendus
    assert attendus[0] == "respecte"
    assert couverture.premiere_annee("non_respecte").item() == 2027 + attendus.index("non_respecte")
    assert couverture.statut(6) is None
    assert couverture.statuts()[..., 6:].tolist() == [[SANS_OBJET] * 5]
    fixes = calcules["loyer_et_annuite"]
    assert fixes.pire().item() == pytest.approx(np.nanmax(fixes.valeurs())), "un plafond : le pire est le plus haut"


def test_la_couverture_sur_la_vie_des_prets_a_la_main(calcules):
    """Value at the end of October 2027 of 26,000 / 12 a month until month 60, at 6 % a year, over 120,000."""
    valeur = sum(26_000 / 12 / 1.005 ** (m - OUVERTURE) for m in range(OUVERTURE + 1, 61))
    assert calcules.llcr.valeurs()[0] == pytest.approx(valeur / 120_000)
    assert calcules.llcr.statut(0) == "non_respecte"


def test_ce_qui_est_rembourse_par_anticipation_ne_change_pas_la_couverture_sur_la_vie(coque, moteur_plat):
    """Same loan, half of it repaid by choice three years after: same cash at the same rate, over the same debt at the opening."""
    (pret,) = (p.model_dump(exclude_defaults=True) for p in comite_rond(coque).etude.prets)
    anticipe = {"mois": d(36), "part": d(0.5), "indemnite": {"mode": "aucune"}}
    (ev,) = moteur_plat.evaluer(comite_rond(coque, prets=[pret | {"anticipes": [anticipe]}]))
    valeur = sum(26_000 / 12 / 1.005 ** (m - OUVERTURE) for m in range(OUVERTURE + 1, 61))
    assert calculer(ev).llcr.valeurs()[0] == pytest.approx(valeur / 120_000)


def test_un_pret_qui_en_rachete_un_autre_n_ajoute_pas_a_la_dette_de_l_ouverture(coque, moteur_plat):
    """Bought back at the same rate, without indemnity, for the months that were left: same cover as the loan kept."""
    (pret,) = (p.model_dump(exclude_defaults=True) for p in comite_rond(coque).etude.prets)
    nouveau = {"id": "nouveau", "libelle": "Rachat", "preteur": "Autre", "emprunteur": pret["emprunteur"]}
    nouveau |= {"profil": pret["profil"], "taux": pret["taux"], "refinance": {"pret": pret["id"], "mois": d(36)}}
    nouveau |= {"duree_mois": d(pret["duree_mois"]["valeur"] - 36)}
    (ev,) = moteur_plat.evaluer(comite_rond(coque, prets=[pret, nouveau]))
    valeur = sum(26_000 / 12 / 1.005 ** (m - OUVERTURE) for m in range(OUVERTURE + 1, 61))
    assert calculer(ev).llcr.valeurs()[0] == pytest.approx(valeur / 120_000)


def test_une_couverture_constante_est_celle_de_toute_la_vie(coque, moteur_plat):
    """Constant payments from the opening on and a steady activity: each month has one cover, so has the life of the loan."""
    prets = [
        comite_rond(coque).etude.prets[0].model_dump(exclude_defaults=True)
        | {
            "profil": "annuite_constante",
            "montant": d(m),
            "differe_mois": d(0),
            "duree_mois": d(96),
            "id": i,
            "taux": d(t),
        }
        for i, m, t in (("un", 40_000, 0.06), ("deux", 50_000, 0.02))
    ]
    (ev,) = moteur_plat.evaluer(comite_rond(coque, 100_000, prets=prets))
    calcules = calculer(ev)
    pleines = calcules["couverture"].valeurs()[1:8]
    assert pleines == pytest.approx(pleines[0])
    assert calcules.llcr.valeurs()[0] == pytest.approx(pleines[0]), "à deux taux différents aussi"


def test_la_synthese_lit_les_memes_annees(moteur):
    """The summary takes the lowest and the mean of the same yearly ratio, on the years open."""
    for etude in ("gare_saint_denis", "coque_la_courneuve"):
        ev = boucler(moteur.evaluer(ouvrir(GELEES / f"{etude}.yaml"), ["base"])[0])
        resume = {r.code: r.grandeur.valeur.item() for r in ratios.calculer(ev)}
        couverture = calculer(ev)["couverture"]
        assert couverture.pire().item() == pytest.approx(resume["couverture_minimale"])
        assert couverture.moyenne().item() == pytest.approx(resume["couverture_moyenne"])
        assert couverture.statut(2) != "indetermine", "le plan bouclé a ses statuts"


def test_un_plan_qui_manque_d_argent_n_a_pas_de_verdict(coque, moteur_plat):
    (ev,) = moteur_plat.evaluer(comite_rond(coque, 10_000))
    assert ev.plan.reste_a_financer.valeur.item() > 10_000
    calcules = calculer(ev)
    assert {calcules["couverture"].statut(a) for a in range(6)} == {"indetermine"}
    assert calcules.llcr.statut(0) == "indetermine"
    assert np.isnan(calcules["couverture"].premiere_annee("non_respecte").item())


def test_le_trou_d_un_plan_est_une_dette(coque, moteur_plat):
    """Debt over self-financing: 50,000 € less of own funds are 50,000 € more of overdraft, bridge included, at the end of 2027."""
    dettes = []
    for fonds in (60_000, 10_000):
        (ev,) = moteur_plat.evaluer(comite_rond(coque, fonds, relais=None))
        calcules = calculer(ev)
        dettes.append(calcules["dette_sur_capacite"].valeurs()[0] * (6_500 - 1_800) * 4)
    trous = [-fins(a_la_main_sans_relais(fonds))[0] for fonds in (60_000, 10_000)]
    assert dettes == pytest.approx([120_000 + max(t, 0.0) for t in trous], abs=0.01)
    assert dettes[1] > dettes[0]


def test_la_dette_de_la_synthese_compte_le_decouvert(coque, moteur_plat):
    """By hand: without a bridge the grant of 60,000 € leaves an overdraft until April 2028.

    The study states a ramp-up of twelve months from October 2027: the cruising year is 2029.
    """
    fonds = 60_000
    (ev,) = moteur_plat.evaluer(comite_rond(coque, fonds, relais=None))
    assert ev.plan.reste_a_financer.valeur.item() < 0.5, "le plan boucle, seule la trésorerie manque"
    main, caisse = a_la_main(fonds), a_la_main_sans_relais(fonds)
    dettes = [r + max(-c, 0.0) for r, c in zip(main["restant"], caisse, strict=True)][OUVERTURE:]
    assert max(dettes) > 155_000
    capacite = 26_000 + sum(main["interets"][24:36])
    (ratio,) = (r for r in ratios.calculer(ev) if r.code == "dette_sur_capacite")
    assert ratio.grandeur.valeur.item() == pytest.approx(max(dettes) / capacite)
    assert "découvert" in ratio.controle.lecture


def test_une_annee_inconnue_ne_laisse_pas_de_pire_annee():
    """The worst of the years that one knows is not the worst: 3.0 hid a year that nobody knows. No debt in the last one."""
    du = Grandeur([[10.0, 10.0, 0.0], [10.0, np.nan, 0.0], [10.0, 10.0, 0.0], [0.0, 0.0, 0.0]], axe="annee")
    recu = Grandeur([[30.0, 12.0, np.nan], [30.0, 12.0, 5.0], [30.0, np.nan, 5.0], [1.0, 1.0, 1.0]], axe="annee")
    pire, moyenne = couverture_minimale(recu, du).valeur, couverture_moyenne(recu, du).valeur
    assert pire[:, 0] == pytest.approx([1.2, np.nan, np.nan, np.nan], nan_ok=True)
    assert moyenne[:, 0] == pytest.approx([2.1, np.nan, np.nan, np.nan], nan_ok=True)


def a_la_main_sans_relais(fonds):
    main = a_la_main(fonds)
    noms = ("travaux", "honoraires", "equipement", "loyer", "interets", "capital", "pret", "aide", "propres")
    noms += ("apport_a_rendre", "reprise", "familles", "caf", "ville", "personnel", "autres")
    return np.cumsum([sum(main[n][m] for n in noms) for m in range(len(main["aide"]))])


def test_un_service_apres_la_fin_du_titre_n_est_pas_couvert(coque, moteur_plat):
    """Tenure of 48 months, loan of 60: its last year has capital to repay and no income."""
    (ev,) = moteur_plat.evaluer(comite_rond(coque, 200_000, **{"titre_occupation.duree_mois": d(48)}))
    couverture = calculer(ev)["couverture"]
    assert couverture.valeurs()[4] == pytest.approx(0.0)
    assert couverture.statut(4) == "non_respecte"
    assert calculer(ev)["loyer_et_annuite"].valeurs()[4] == np.inf


def test_un_pret_plus_long_que_l_etude_laisse_la_vie_indeterminee(coque, moteur_plat):
    prets = [comite_rond(coque).etude.prets[0].model_dump(exclude_defaults=True) | {"duree_mois": d(180)}]
    (ev,) = moteur_plat.evaluer(comite_rond(coque, 200_000, prets=prets))
    calcules = calculer(ev)
    assert np.isnan(calcules.llcr.valeurs()[0])
    assert calcules.llcr.statut(0) == "indetermine"
    assert np.isfinite(calcules["couverture"].valeurs()).all()


def test_des_tirages_valent_un_calcul_par_tirage(coque, moteur_plat):
    dossier = comite_rond(coque)
    taux = np.array([0.0, 0.03, 0.08])
    ensemble = calculer(moteur_plat.tirer(dossier, {"prets[pret].taux": taux}))
    for rang, valeur in enumerate(taux):
        seul = calculer(moteur_plat.tirer(dossier, {}, varier(dossier, "un", {"prets[pret].taux": d(float(valeur))})))
        for ratio in seul.par_annee:
            assert ensemble[ratio.code].valeurs(rang) == pytest.approx(ratio.valeurs(), nan_ok=True)
            assert ensemble[ratio.code].premiere_annee("non_respecte")[rang].item() == pytest.approx(
                ratio.premiere_annee("non_respecte").item(), nan_ok=True
            )
        assert ensemble.llcr.valeurs(rang) == pytest.approx(seul.llcr.valeurs())


def test_un_bailleur_couvre_sa_dette_par_ses_loyers(moteur):
    """Owner that lets: rents less rent paid and property charges in the ledger, from the opening on, over its own loans."""
    from pope_foncier.vues.decision.montages.carnet import Comparatif

    cas = {c.nom: c for c in Comparatif.de(ouvrir(GELEES / "coque_la_courneuve.yaml"), moteur).cas}
    ev = cas["sci_loue"].evaluation
    calcules = calculer(ev)
    assert calcules.emprunteur == "SCI solidaire"
    ouverture = int(ev.calendrier.ouverture.valeur.item())
    recu, service = np.zeros(360), np.zeros(360)
    for x in ev.livre.lignes.values():
        if x.est_flux and "SCI solidaire" in (x.payeur, x.receveur):
            signe = 1.0 if x.receveur == "SCI solidaire" else -1.0
            mensuel = signe * np.broadcast_to(x.grandeur.valeur, (1, 360))[0] * (np.arange(360) >= ouverture)
            if x.code.startswith(("bail.", "immobilier.", "tresorerie.loyer")):
                recu += mensuel
            if x.code.endswith((".interets", ".remboursement")) and x.code.startswith("emprunts."):
                service -= mensuel
    for annee in range(3, 10):
        mois = slice(12 * annee, 12 * annee + 12)
        attendu = recu[mois].sum() / service[mois].sum()
        assert calcules["couverture"].valeurs()[annee] == pytest.approx(attendu)
    assert calculer(ev, "Association gestionnaire")["couverture"].statut(3) is None, "l'exploitant ne doit rien"


def test_refus(coque, moteur_plat):
    dossier = comite_rond(coque)
    (ev,) = moteur_plat.evaluer(dossier)
    with pytest.raises(ErreurCalcul, match="« Ville » n'emprunte pas"):
        calculer(ev, "Ville")
    etude = varier(dossier, "sans", {"exploitation": None})
    (sans,) = moteur_plat.evaluer(replace(dossier, etude=etude, variantes={BASE: etude}))
    with pytest.raises(ErreurCalcul, match="pas de compte d'exploitation"):
        calculer(sans)


def test_les_seuils_disent_d_ou_ils_viennent():
    lus = lire_controles().ratios
    assert lus["couverture_interets"].seuil == pytest.approx(1 / lus["interets_sur_ebe"].seuil, rel=1e-6)
    assert lus["couverture_interets"].source is not None
    assert lus["llcr"].origine == "valeur de travail"
    assert "1,20 à 1,25" in lus["couverture_minimale"].repere
    assert "3 à 4 ans" in lus["dette_sur_capacite"].repere
