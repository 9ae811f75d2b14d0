"""One loan, everywhere: whatever the bank's offer says enters the plan, the treasury and the cover, and equals the loan alone.

Expected schedules come from plain loops written here, month by month, without the loan engine.
"""

import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.decision.fiche_epreuves import lire_epreuves
from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.plan_pluriannuel import etablir as etablir_le_plan
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.etude.service_dette import couvertures_par_annee, disponible, service
from pope_foncier.exploitation.emprunteur import Emprunteur
from pope_foncier.modele.contexte import Choc
from pope_foncier.modele.declaration import declaration_de, entrees_de, entrees_du_modele, lire_champ
from pope_foncier.prets import Emprunt, echeancier, placer_sur_mois
from pope_foncier.prets.depuis_fiche import en_brut
from pope_foncier.prets.mensualites import est_ordinaire
from pope_foncier.prets.produits import cles
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.operations_du_temps import sommes_annuelles
from pope_foncier.vues.etude.tableaux_financement import echeancier as echeancier_par_annee
from tests.conftest import DONNEES, GARE
from tests.prets.test_proprietes import emprunts

DEBUT, MOIS = 9, 360
"""Start of the works of the frozen study, and its horizon [months]."""
BASE_DU_PRET = {"id": "p", "libelle": "Essai", "preteur": "Banque", "emprunteur": "gestionnaire"}
SIMPLE = {**BASE_DU_PRET, "montant": 200_000, "taux": 0.04, "duree_mois": 120}


def evaluer(moteur, etude, dossier):
    return moteur.evaluer(Dossier("essai", etude, dossier.site, {BASE: etude}))[0]


def avec(dossier, moteur, *prets, **surcharges):
    """Evaluation of the frozen study whose loans are these."""
    champs = {c.replace("__", "."): v for c, v in surcharges.items()}
    return evaluer(moteur, varier(dossier, "essai", {"prets": list(prets), **champs}), dossier)


def ligne(ev, fin, pret="p"):
    code = f"emprunts.{pret}.{fin}"
    return (
        np.broadcast_to(ev.livre[code].valeur.reshape(-1, MOIS)[0], MOIS) if code in ev.livre.lignes else np.zeros(MOIS)
    )


def mouvement(ev, code):
    return np.broadcast_to(ev.livre[code].valeur, (1, MOIS))[0]


def recu_pour_le_fonctionnement(ev):
    """What the Caf and the commune pay: both pay a share of the interest."""
    acteurs = ev.ctx.etude.acteurs
    flux = [c for c, x in ev.livre.lignes.items() if x.payeur in (acteurs.caf_locale, acteurs.commune)]
    return sum(mouvement(ev, c) for c in flux)


class Boucle:
    """Second computation: a loan unrolled period by period on a list of months."""

    def __init__(self, capital, pas=1):
        self.solde, self.pas, self.mois = capital, pas, DEBUT
        self.interets, self.remboursement, self.capitalises = ([0.0] * (MOIS + 1) for _ in range(3))

    def echeance(self, taux_annuel, principal=None, verse=None, paye=True):
        """One period: principal asked, or instalment, or interest alone; unpaid interest joins the balance."""
        self.mois += self.pas
        interet = self.solde * taux_annuel * self.pas / 12
        rembourse = verse - interet if verse is not None else principal or 0.0
        self.solde += (0.0 if paye else interet) - rembourse
        if self.mois < MOIS:
            (self.interets if paye else self.capitalises)[self.mois] += interet
            self.remboursement[self.mois] += rembourse


def annuite(capital, taux_periode, nombre):
    return capital * taux_periode / (1 - (1 + taux_periode) ** -nombre) if taux_periode else capital / nombre


def progressif():
    b = Boucle(200_000, pas=12)
    premiere = 200_000 * (0.04 - 0.02) / (1 - (1.02 / 1.04) ** 10)
    for an in range(10):
        b.echeance(0.04, verse=premiere * 1.02**an)
    return {"profil": "progressif", "progression": 0.02, "periodes_par_an": 1}, b, {}


def paliers():
    b = Boucle(200_000)
    for rang in range(120):
        if rang in (0, 24):
            taux = 0.02 if rang == 0 else 0.05
            verse = annuite(b.solde, taux / 12, 120 - rang)
        b.echeance(taux, verse=verse)
    return {"paliers": [{"mois": 24, "taux": 0.02}, {"mois": 96, "taux": 0.05}]}, b, {}


def differe_total():
    b = Boucle(200_000)
    for _ in range(24):
        b.echeance(0.04, paye=False)
    verse = annuite(b.solde, 0.04 / 12, 96)
    for _ in range(96):
        b.echeance(0.04, verse=verse)
    return {"differe": "total_capitalise", "differe_mois": 24}, b, {}


def trimestriel_assure():
    b = Boucle(200_000, pas=3)
    verse = annuite(200_000, 0.01, 40)
    for _ in range(40):
        b.echeance(0.04, verse=verse)
    primes = [200_000 * 0.003 / 4 if DEBUT < m <= DEBUT + 120 and (m - DEBUT) % 3 == 0 else 0.0 for m in range(MOIS)]
    frais = [{"libelle": "dossier", "montant": 750}]
    return {"periodes_par_an": 4, "assurance": {"taux": 0.003}, "frais": frais}, b, {"assurance": primes}


ESSAIS = {f.__name__: f for f in (progressif, paliers, differe_total, trimestriel_assure)}


def verifier_tresorerie_et_couverture(ev, sans, capital, b, primes=0.0, frais=0.0):
    """The treasury moves by what the loan brings and takes, the premiums and the file fee included; the cover of each year is
    what is available over what the loop pays once open.
    """
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    paye = np.array(b.interets[:MOIS]) + b.remboursement[:MOIS] + primes + frais
    ecart = mouvement(ev, f"solde.{porteur}") - mouvement(sans, f"solde.{porteur}")
    aide = recu_pour_le_fonctionnement(ev) - recu_pour_le_fonctionnement(sans)
    np.testing.assert_allclose(ecart - aide, capital * (np.arange(MOIS) == DEBUT) - paye, atol=1e-6)
    ouvert = 1.0 - ev.calendrier.avant_ouverture.valeur.reshape(-1)
    du = sommes_annuelles(((paye - frais) * ouvert)[None, :], ev.ctx.echelle)[0]
    recu = sommes_annuelles(disponible(ev, porteur).valeur, ev.ctx.echelle).reshape(-1)
    lue = couvertures_par_annee(ev, porteur).reshape(-1)
    endettees = du > 0.005
    assert endettees.any()
    np.testing.assert_allclose(lue[endettees], np.maximum(recu, 0.0)[endettees] / du[endettees], rtol=1e-9)
    assert np.isnan(lue[~endettees]).all()


@pytest.mark.parametrize("nom", ESSAIS)
def test_une_offre_que_l_etude_refusait_change_echeancier_tresorerie_et_couverture(dossier, moteur, nom):
    champs, b, autres = ESSAIS[nom]()
    ev, sans = avec(dossier, moteur, {**SIMPLE, **champs}), avec(dossier, moteur)
    for fin, attendu in (("interets", b.interets), ("remboursement", b.remboursement), ("capitalises", b.capitalises)):
        np.testing.assert_allclose(ligne(ev, fin), attendu[:MOIS], atol=1e-6)
    for fin, attendu in autres.items():
        np.testing.assert_allclose(ligne(ev, fin), attendu, atol=1e-6)
    restant = 200_000 * (np.arange(MOIS) >= DEBUT) - np.cumsum(b.remboursement[:MOIS]) + np.cumsum(b.capitalises[:MOIS])
    np.testing.assert_allclose(ligne(ev, "restant"), restant, atol=1e-6)
    frais = 750.0 * (np.arange(MOIS) == DEBUT) if "frais" in champs else 0.0
    verifier_tresorerie_et_couverture(ev, sans, 200_000.0, b, np.array(autres.get("assurance", 0.0)), frais)
    etablir_le_plan(boucler(ev))  # asserts that the plan closes with the cash of each year


def test_un_produit_indexe_suit_le_livret_a_et_son_chemin(dossier, moteur):
    """Rates read in the files: Livret A published up to January 2027, then the high path; revised each year, margin of the product."""
    marge = 0.006
    publies = yaml.safe_load((DONNEES / "baremes" / "taux" / "livret_a.yaml").read_text("utf-8"))["baremes"]["taux"][
        "valeurs"
    ]
    haut = yaml.safe_load((DONNEES / "hypotheses" / "evolutions.yaml").read_text("utf-8"))["chemins"]["livret_a"][
        "haut"
    ]

    def livret(mois):
        annee, rang = divmod(2 + mois, 12)
        jour = date(2026 + annee, rang + 1, 1)
        return next((v["valeur"] for v in publies if v["depuis"] <= jour <= v["jusqu_au"]), haut)

    b = Boucle(150_000, pas=3)
    for rang in range(80):
        if rang % 4 == 0:
            taux = livret(DEBUT + 3 * rang) + marge
            verse = annuite(b.solde, taux / 4, 80 - rang)
        b.echeance(taux, verse=verse)
    assert livret(DEBUT) != livret(DEBUT + 12)
    pret = {"produit": "bdt_cohesion_sociale", "id": "p", "montant": 150_000, "duree_mois": 240, "periodes_par_an": 4}
    autour = {"acteurs__forme_maitre_ouvrage": "collectivite", "date_depart": date(2026, 3, 1), "evolution": "haut"}
    ev, sans = avec(dossier, moteur, pret, **autour), avec(dossier, moteur, **autour)
    np.testing.assert_allclose(ligne(ev, "interets"), b.interets[:MOIS], atol=1e-6)
    np.testing.assert_allclose(ligne(ev, "remboursement"), b.remboursement[:MOIS], atol=1e-6)
    verifier_tresorerie_et_couverture(ev, sans, 150_000.0, b)
    lu = ev.ctx.etude.prets[-1]
    assert (lu.preteur, lu.profil) == ("Banque des Territoires", "annuite_constante")
    phrase = ev.livre["emprunts.p.interets"].expliquer(0, DEBUT + 15, ev.ctx.echelle)
    assert "prets.bdt_cohesion_sociale.marge_livret_a" in phrase
    assert "3,8 % (taux annuel du moment)" in phrase.replace("\xa0", " ")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(emprunts(), st.booleans())
def test_un_pret_dans_une_etude_est_le_pret_seul(dossier, moteur, e, assure):
    """Random loans of all profiles, graces, rhythms and roundings."""
    brut = en_brut(e) | ({"assurance": {"mode": "capital_restant_du", "taux": 0.002}} if assure else {})
    ev = avec(dossier, moteur, {**BASE_DU_PRET, **brut})
    seul = placer_sur_mois(echeancier(e), MOIS, DEBUT)
    for fin, nom in (("interets", "interets_payes"), ("remboursement", "remboursement"), ("deblocage", "deblocages")):
        np.testing.assert_allclose(ligne(ev, fin), seul[nom][0], rtol=1e-9, atol=1e-6)
    stock = seul["capital_restant_du"] + seul["interets_en_attente"]
    np.testing.assert_allclose(ligne(ev, "restant"), stock[0], rtol=1e-9, atol=1e-5)
    boucle = boucler(ev)
    etablir_le_plan(boucle)
    emprunteur = lire_fiche(Emprunteur, DONNEES / "emprunteurs" / "association_demonstration.yaml")
    prevoir(boucle, emprunteur)  # asserts that assets equal liabilities, capitalised interest included


RICHE = {
    "capitalisations_par_an": 2,
    "prefinancement_mois": 12,
    "differe": "partiel",
    "differe_mois": 12,
    "commission_non_utilisation": 0.004,
    "deblocages": [{"mois": 0, "montant": 120_000}, {"mois": 6, "montant": 80_000}],
    "frais": [
        {"montant": 500},
        {"taux": 0.001, "mois": 12},
        {"libelle": "sortie", "montant": 300, "a_la_fin": True},
        {"libelle": "tôt", "taux": 0.002},
    ],
    "garantie": {
        "garant": "Garant",
        "quotite": 0.5,
        "commission": 0.01,
        "plafond": 90_000,
        "assiette": "initiale_annuelle",
    },
    "assurance": {"taux": 0.003, "quotite": 0.5},
    "anticipes": [
        {"mois": 48, "montant": 20_000, "indemnite": {"mode": "pourcentage", "pourcentage": 0.03}},
        {"mois": 60, "part": 0.1, "indemnite": {"mode": "mois_interets", "mois": 6}},
    ],
    "suspensions": [{"mois": 84, "duree_mois": 6}],
    "participation": {"valeur": 50_000, "croissance": 0.02, "part": 0.3},
}
FORMES = {
    "riche": RICHE,
    "parts": {
        "anticipes": [{"mois": 72, "part": 0.1, "indemnite": {"mode": "actuarielle", "taux_reference": 0.02}}],
        "prefinancement_mois": 12,
        "deblocages": [{"mois": 0, "part": 0.4}, {"mois": 6, "part": 0.6}],
    },
    "paliers": {"paliers": [{"mois": 24, "taux": 0.02}, {"mois": 96, "taux": 0.05}]},
    "échéances": {
        "profil": "echeances_par_paliers",
        "paliers_echeance": [
            {"mois": 24, "montant": 900},
            {"mois": 48, "coefficient": 1.0},
            {"mois": 48, "coefficient": 1.2},
        ],
    },
    "caution": {
        "garantie": {"garant": "Garant", "quotite": 0.5, "commission": 0.01},
        "anticipes": [
            {
                "mois": 24,
                "part": 0.2,
                "indemnite": {"mode": "plafond_legal", "pourcentage": 0.03, "mois": 6, "taux_moyen": 0.04},
            }
        ],
    },
    "progressif": {"profil": "progressif", "progression": 0.02, "progression_annees": 4},
    "ballon": {"profil": "ballon", "duree_profil_mois": 240},
    "fixe": {"profil": "echeance_fixe", "duree_mois": None, "echeance": 2_500, "assurance": {"montant": 30}},
    "révisé": {
        "revision": {
            "indices": [{"a_partir_du_mois": 0, "indice": 0.02}, {"a_partir_du_mois": 24, "indice": 0.05}],
            "marge": 0.02,
            "premiere_mois": 12,
            "tous_les_mois": 12,
            "plafond": 0.0695,
            "variation_max": 0.0201,
        }
    },
    "plafonné": {
        "revision": {
            "indices": [{"a_partir_du_mois": 0, "indice": 0.02}, {"a_partir_du_mois": 24, "indice": 0.005}],
            "marge": 0.02,
            "plancher": 0.03,
            "coefficient_echeance_max": 1.05,
        }
    },
    "haussier": {
        "revision": {
            "indices": [{"a_partir_du_mois": 0, "indice": 0.02}, {"a_partir_du_mois": 24, "indice": 0.08}],
            "marge": 0.02,
            "coefficient_echeance_max": 1.05,
        }
    },
    "indexé": {"taux": None, "indexation": {"bareme": "taux.livret_a.taux", "evolution": "livret_a", "marge": 0.006}},
    "part": {"montant": None, "part": 0.2},
    "rachat": {
        "montant": None,
        "refinance": {"pret": "ancien", "mois": 48, "indemnite": {"mode": "pourcentage", "pourcentage": 0.02}},
    },
    "rachat aux intérêts": {
        "montant": None,
        "refinance": {"pret": "ancien", "mois": 48, "indemnite": {"mode": "mois_interets", "mois": 6}},
    },
    "rachat actuariel": {
        "montant": None,
        "refinance": {"pret": "ancien", "mois": 48, "indemnite": {"mode": "actuarielle", "taux_reference": 0.02}},
    },
    "rachat légal": {
        "montant": None,
        "refinance": {
            "pret": "ancien",
            "mois": 48,
            "indemnite": {"mode": "plafond_legal", "pourcentage": 0.03, "mois": 6, "taux_moyen": 0.04},
        },
    },
}
"""Loans that together give every input of the sheet."""


def generique(champ):
    return re.sub(r"\[[^\]]+\]", "[*]", champ)


PREMIERS = re.compile(r".*(deblocages\[1\]\.mois|indices\[1\]\.a_partir_du_mois)")
"""Months that are 0 by nature."""


def test_chaque_nombre_de_la_fiche_se_surcharge_et_bouge_le_pret(dossier, moteur):
    """Each input that the sheet declares is one of the study: a scenario sets it, and some line of the loan moves with it."""
    mobiles = set()
    for forme, champs in FORMES.items():
        ancien = [{**SIMPLE, "id": "ancien", "libelle": "Ancien"}] if "refinance" in champs else []
        etude = varier(dossier, "essai", {"prets": [pret(forme), *ancien]})
        avant = lignes_du_pret(evaluer(moteur, etude, dossier))
        donnes = [c for c in entrees_de(etude) if c.startswith("prets[p]") and lire_champ(etude, c) is not None]
        for champ in (c for c in donnes if not PREMIERS.fullmatch(c)):
            deplacee = varier(Dossier("x", etude, dossier.site, {BASE: etude}), "essai", autres(etude, champ))
            apres = lignes_du_pret(evaluer(moteur, deplacee, dossier))
            if set(avant) != set(apres) or any(not np.array_equal(avant[c], apres[c]) for c in avant):
                mobiles.add(generique(champ))
    assert {c for c in entrees_du_modele(type(etude)) if c.startswith("prets[")} == mobiles


def pret(forme):
    return {c: v for c, v in {**SIMPLE, **FORMES[forme]}.items() if v is not None}


def lignes_du_pret(ev):
    return {
        c: x.grandeur.valeur.copy() for c, x in ev.livre.lignes.items() if c.startswith(("emprunts.p.", "ressources.p"))
    }


def autres(etude, champ):
    """Another value that the loan admits, drawdowns keeping their sum: a year later, a little more or less of anything else."""
    valeur, unite = lire_champ(etude, champ).valeur, declaration_de(etude, champ).unite
    if ".deblocages[" in champ and not champ.endswith("mois"):
        quoi, moitie = champ.rpartition(".")[2], 0.5 if champ.endswith("part") else 100_000
        return {f"prets[p].deblocages[{x}].{quoi}": moitie for x in (1, 2)}
    if champ == "prets[p].montant" and etude.prets[0].deblocages and etude.prets[0].deblocages[0].montant:
        return {champ: 180_000, "prets[p].deblocages[1].montant": 100_000}
    if ".deblocages[" in champ:
        return {champ: 9 if valeur else 0}
    if champ == "prets[p].duree_mois" and etude.prets[0].paliers:
        return {champ: valeur + 12, "prets[p].paliers[2].mois": etude.prets[0].paliers[-1].mois.valeur + 12}
    if champ.endswith("capitalisations_par_an"):
        return {champ: 4}
    if ".anticipes[" in champ and champ.endswith("].mois"):
        return {champ: valeur + 24}
    if "indices[2].a_partir" in champ:
        return {champ: 48}
    if unite in ("mois", "ans") and not champ.endswith("indemnite.mois"):
        return {champ: max(12, valeur + 12 if champ.endswith(("mois", "duree_mois")) else valeur + 1)}
    return {champ: valeur * 0.98}


def test_une_entree_d_un_pret_se_tire_au_hasard(dossier, moteur):
    """Draws of a rate, of a month and of a cap, which the engine takes as one number, equal each study alone."""
    etude = varier(dossier, "essai", {"prets": [pret("riche")]})
    base = Dossier("essai", etude, dossier.site, {BASE: etude})
    tirages = {
        "prets[p].taux": np.array([0.03, 0.05, 0.04]),
        "prets[p].anticipes[1].mois": np.array([36.0, 48.0, 36.0]),
        "prets[p].garantie.plafond": np.array([90_000.0, 50_000.0, 20_000.0]),
    }
    ensemble = moteur.tirer(base, tirages)
    for rang in range(3):
        seule = varier(base, "seule", {c: float(v[rang]) for c, v in tirages.items()})
        ev = evaluer(moteur, seule, dossier)
        for code, valeur in lignes_du_pret(ev).items():
            tiree = ensemble.livre[code].valeur.reshape(-1, valeur.shape[-1])
            np.testing.assert_allclose(tiree[min(rang, len(tiree) - 1)], valeur.reshape(-1), rtol=1e-9, atol=1e-6)


def test_un_pret_suit_les_paiements_des_travaux(dossier, moteur):
    """Drawn each month as the works are paid, interest paid on what is drawn; then the level instalments of the whole."""
    ev = avec(dossier, moteur, {**SIMPLE, "suit_les_travaux": True})
    paye = np.broadcast_to(ev.livre["tresorerie.travaux"].valeur, (1, MOIS))[0]
    reception = int(ev.calendrier.reception.valeur.flat[0])
    attendu, premier = np.zeros(MOIS), int(np.flatnonzero(paye)[0])
    attendu[premier : reception + 1] = 200_000 * paye[premier : reception + 1] / paye.sum()
    attendu[reception] += 200_000 - attendu.sum()
    np.testing.assert_allclose(ligne(ev, "deblocage"), attendu, atol=1e-4)
    solde, interets = 0.0, np.zeros(MOIS)
    for mois in range(premier, reception + 1):
        interets[mois] = solde * 0.04 / 12
        solde += attendu[mois]
    verse = annuite(200_000, 0.04 / 12, 120)
    for mois in range(reception + 1, reception + 121):
        interets[mois] = solde * 0.04 / 12
        solde -= verse - interets[mois]
    np.testing.assert_allclose(ligne(ev, "interets"), interets, atol=1e-2)
    assert abs(solde) < 1e-6


def test_un_inconnu_laisse_connu_ce_qu_il_ne_change_pas(dossier, moteur):
    inconnu = {"a_obtenir_de": "la banque"}
    ev = avec(
        dossier,
        moteur,
        {**SIMPLE, "taux": inconnu, "profil": "capital_constant", "periodes_par_an": 4, "assurance": {"taux": 0.003}},
    )
    assert np.isnan(ligne(ev, "interets")[DEBUT + 3])
    np.testing.assert_allclose(ligne(ev, "remboursement")[DEBUT + 3 : DEBUT + 121 : 3], 200_000 / 40)
    np.testing.assert_allclose(ligne(ev, "assurance")[DEBUT + 3], 150)
    ev = avec(dossier, moteur, {**SIMPLE, "montant": inconnu, "periodes_par_an": 4})
    assert np.isnan(ligne(ev, "interets")).all()
    ev = avec(dossier, moteur, {**SIMPLE, "periodes_par_an": 4, "assurance": {"taux": inconnu}})
    assert np.isnan(ligne(ev, "assurance")[DEBUT + 3])
    assert not np.isnan(ligne(ev, "interets")).any()
    assert not np.isnan(ligne(ev, "restant")).any()


def test_un_remboursement_anticipe_choisi_n_est_pas_un_service_du(dossier, moteur):
    anticipe = {"mois": 60, "part": 0.5, "indemnite": {"mode": "pourcentage", "pourcentage": 0.03}}
    ev = avec(dossier, moteur, {**SIMPLE, "anticipes": [anticipe]})
    du = np.broadcast_to(service(ev, ev.ctx.etude.acteurs.nom_maitre_ouvrage).valeur, (1, MOIS))[0]
    mois = DEBUT + 60
    echeance = annuite(200_000, 0.04 / 12, 120)
    assert du[mois] == pytest.approx(echeance)
    assert du[mois + 1] == pytest.approx(echeance / 2)
    rembourse = ligne(ev, "remboursement")[mois] - (echeance - ligne(ev, "interets")[mois])
    assert ligne(ev, "autres_frais")[mois] == pytest.approx(0.03 * rembourse)


def test_des_interets_stockes_sont_une_dette(dossier, moteur):
    """Total grace whose interest waits without bearing any: 100,000 at 3 %, 6 months, a stock of 1,500, then 965.61 a month."""
    champs = {"montant": 100_000, "taux": 0.03, "duree_mois": 126, "differe": "interets_stockes", "differe_mois": 6}
    ev = avec(dossier, moteur, {**SIMPLE, **champs})
    assert ligne(ev, "restant")[DEBUT + 6] == pytest.approx(101_500)
    paye = ligne(ev, "interets") + ligne(ev, "remboursement")
    assert paye[DEBUT + 7] == pytest.approx(965.61, abs=0.005)
    assert ligne(ev, "restant")[-1] == pytest.approx(0.0, abs=1e-6)
    etablir_le_plan(boucler(ev))


REFUSES = {
    **dict.fromkeys(
        ("bdt_cohesion_sociale", "bdt_gaia_court_terme", "bdt_gaia_long_terme"), "emprunteurs admis : collectivité"
    ),
    "bdt_pru_am": "emprunteurs admis : société, collectivité",
    "caf93_pala": "emprunteurs admis : assistante maternelle",
    "relais_tva": "emprunteurs admis : propriétaire qui récupère la TVA",
    **dict.fromkeys(("fa_garantie", "fa_garantie_emploi"), "une garantie, pas un prêt"),
}
"""Products that an association which runs the place cannot have, and why."""


@pytest.mark.parametrize("cle", cles(Catalogue()))
def test_chaque_produit_s_ouvre_dans_une_etude_ou_dit_ce_qui_manque(dossier, moteur, cle):
    refuse = cle in REFUSES
    with pytest.raises(ErreurDonnees, match=REFUSES.get(cle, "")) if refuse else nullcontext():
        ev = avec(dossier, moteur, {"produit": cle, "id": "p"})
    if refuse:
        return
    manque = ev.livre["ressources.p"].manques
    assert any("montant" in m for m in manque)
    assert all("à obtenir" in m for m in manque)
    points = [
        x
        for x in a_confirmer(
            Resultat.calculer(Dossier("x", ev.ctx.etude, dossier.site, {BASE: ev.ctx.etude}), moteur).vue()
        )
        if x.valeur == "inconnu"
    ]
    assert points


def autour_des_prets():
    """Frozen study as text, before its loans and after."""
    coupe = re.split(r"(?m)^prets:\n(?:[ #-].*\n|\n)*", GARE.read_text("utf-8"))
    assert len(coupe) == 2
    return coupe[0], coupe[1]


def test_les_fautes_des_prets_ecrits_court_sont_dites_ensemble_a_leur_ligne(tmp_path):
    avant, apres = autour_des_prets()
    prets = """
prets:
  - fichier: mauvais.yaml
  - fichier: absent.yaml
  - produit: bdt_phares
  - {produit: bdt_phare, montant: 1000, duree_mois: 120, periodes_par_an: 12}
  - {id: trop, libelle: Trop, preteur: B, emprunteur: gestionnaire, montant: 5, taux: 0.03, duree_mois: 12, profil: ballon}
"""
    etude = tmp_path / "etude.yaml"
    etude.write_text(avant + prets + apres, "utf-8")
    (tmp_path / "mauvais.yaml").write_text("pret:\n  capital: 1000\n  taux: 4\n  duree_mois: 12\n", "utf-8")
    with pytest.raises(ErreurDonnees) as erreur:
        ouvrir(etude)
    dites = {(p.fichier.rpartition("/")[2], p.ligne): p.message for p in erreur.value.problemes}
    debut = (avant + "\nprets:").count("\n") + 1
    assert "fraction de 1" in dites["mauvais.yaml", 3]
    assert "absent.yaml" in dites["etude.yaml", debut + 2]
    assert "Produit de prêt inconnu" in dites["etude.yaml", debut + 3]


def test_un_fichier_d_offre_et_un_produit_font_un_pret_de_l_etude(tmp_path):
    avant, apres = autour_des_prets()
    prets = """
prets:
  - fichier: offre.yaml
    id: banque
    duree_mois: 96
  - {produit: bdt_phare, id: phare, montant: 1000, duree_mois: 120, periodes_par_an: 12}
"""
    etude = tmp_path / "etude.yaml"
    etude.write_text(avant + prets + apres, "utf-8")
    (tmp_path / "offre.yaml").write_text(
        "offre: {preteur: Nef, emprunteur: Asso, objet: Murs, date_offre: 2026-10-01}\npret: {capital: 1000, taux: 0.04, duree_mois: 12}\n",
        "utf-8",
    )
    with pytest.raises(ErreurDonnees, match="échéances par an admises, 12 demandées"):
        ouvrir(etude)
    etude.write_text(etude.read_text("utf-8").replace("periodes_par_an: 12", "periodes_par_an: 4"), "utf-8")
    offre, phare = ouvrir(etude).etude.prets
    assert (offre.id, offre.emprunteur, offre.preteur, offre.duree_mois.valeur) == ("banque", "gestionnaire", "Nef", 96)
    assert offre.taux.source.titre == "Offre de Nef (offre.yaml)"
    assert offre.taux.source.consulte_le == date(2026, 10, 1)
    assert phare.indexation.marge.bareme == "prets.bdt_phare.marge_livret_a"


def test_les_prets_des_etudes_livrees_restent_sur_la_forme_fermee():
    for fichier in sorted((DONNEES / "etudes").glob("*.yaml")):
        for etude in ouvrir(fichier).variantes.values():
            assert all(est_ordinaire(p) for p in etude.prets), fichier.name


def test_un_pret_de_bouclage_a_toutes_les_conventions(dossier, moteur):
    """What is missing is lent by a closer, whose loan is any loan: here by the quarter, insured, with a file fee."""
    terme = {"taux": 0.03, "duree_mois": 120, "periodes_par_an": 4, "assurance": {"taux": 0.002}, "frais": 1_000}
    boucleur = {"id": "reste", "libelle": "Reste", "nature": "pret", "apporteur": "Nef", "pret": terme}
    etude = varier(dossier, "essai", {"bouclage": [boucleur]})
    ev = boucler(evaluer(moteur, etude, dossier))
    capital = float(ev.livre["ressources.bouclage.reste"].valeur.flat[0])
    seul = placer_sur_mois(echeancier(Emprunt(capital, 0.03, 120, periodes_par_an=4)), MOIS, DEBUT)
    np.testing.assert_allclose(ligne(ev, "interets", "bouclage.reste"), seul["interets_payes"][0], rtol=1e-9, atol=1e-6)
    assert float(ev.livre["besoins.frais_bouclage.reste"].valeur.flat[0]) >= 1_000
    assert abs(float(ev.plan.reste_a_financer.valeur.flat[0])) < 0.01


def test_une_date_avant_l_etude_est_refusee(dossier, moteur):
    with pytest.raises(ErreurCalcul, match="avant le départ de l'étude"):
        avec(dossier, moteur, {**SIMPLE, "date_debut": date(2020, 1, 1)})


def test_une_date_apres_l_etude_est_refusee(dossier, moteur):
    """Its amount would be a resource of the plan that no month ever receives."""
    with pytest.raises(ErreurCalcul, match="après la fin de l'étude"):
        avec(dossier, moteur, {**SIMPLE, "date_debut": date(2090, 1, 1)})


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"periodes_par_an": 4, "duree_mois": 121}, "multiple de 3"),
        ({"differe": "partiel", "differe_mois": 120}, "aussi long que le prêt"),
        ({"profil": "tableau_libre", "tableau": [2_000] * 50}, "les accorder"),
        ({"profil": "ballon", "duree_profil_mois": 60}, "doit dépasser celle du prêt"),
        ({"anticipes": [{"mois": 150, "part": 0.2}]}, "déjà remboursé"),
        ({"profil": "progressif"}, "sans leur progression"),
        ({"differe": "total_capitalise"}, "sans sa durée"),
    ],
)
def test_un_pret_que_le_calcul_refuse_l_est_a_l_ouverture_avec_les_autres(tmp_path, champs, dit):
    """All at once, each at its line: also what only the schedule shows, and what was left out."""
    avant, apres = autour_des_prets()
    fautif = {**SIMPLE, "id": "q", **champs}
    autre = {**SIMPLE, "id": "r", "periodes_par_an": 2, "duree_mois": 125}
    etude = tmp_path / "etude.yaml"
    etude.write_text(f"{avant}\nprets:\n  - {fautif}\n  - {autre}\n{apres}", "utf-8")
    with pytest.raises(ErreurDonnees, match=dit) as erreur:
        ouvrir(etude)
    rang = avant.count("\n") + 3
    assert rang in {p.ligne for p in erreur.value.problemes}
    if "multiple" in dit:
        assert {p.ligne for p in erreur.value.problemes} == {rang, rang + 1}


@pytest.mark.parametrize(
    "champs",
    [
        {"frais": [{"montant": 1_000, "finances": True}]},
        {"assurance": {"mode": "prime_unique", "montant": 3_000, "financee": True}},
        {
            "prefinancement_mois": 12,
            "interets_prefinancement": "finances",
            "deblocages": [{"mois": 0, "part": 0.4}, {"mois": 6, "part": 0.6}],
        },
    ],
)
def test_un_pret_qui_finance_ses_frais_peut_valoir_zero_ou_etre_inconnu(dossier, moteur, champs):
    rien = avec(dossier, moteur, {**SIMPLE, **champs}, realiser=0)
    assert not rien.livre["ressources.p"].valeur.any()
    assert not ligne(rien, "deblocage").any()
    inconnu = avec(dossier, moteur, {**SIMPLE, **champs, "montant": {"a_obtenir_de": "la banque"}})
    assert np.isnan(inconnu.livre["ressources.p"].valeur).all()


def test_l_echeancier_montre_l_assurance_et_les_frais(dossier, moteur):
    """Yearly table: the premium of 150 a quarter stands beside interest and principal, and the instalment holds it."""
    etude = varier(dossier, "essai", {"prets": [{**SIMPLE, "periodes_par_an": 4, "assurance": {"taux": 0.003}}]})
    vue = Resultat.calculer(Dossier("x", etude, dossier.site, {BASE: etude}), moteur).vue()
    table = echeancier_par_annee(vue)
    assert table.entetes == ("Année", "Intérêts", "Capital", "Assurance et frais", "Annuité", "Restant dû")
    rang = next(x for x, dite in zip(table.cellules, table.lignes, strict=True) if dite[0] == "2030")
    interets, capital, frais, annuite, _ = (float(c.valeur) for c in rang[1:])
    assert frais == pytest.approx(600)
    assert annuite == pytest.approx(interets + capital + frais)


def test_un_pret_en_rachete_un_autre(dossier, moteur):
    """Paid off at month 48 with 2 % of the balance: the new loan lends that sum, which is no resource of the plan."""
    neuf = {**BASE_DU_PRET, "id": "neuf", "libelle": "Neuf", "taux": 0.03, "duree_mois": 60}
    neuf["refinance"] = {"pret": "p", "mois": 48, "indemnite": {"mode": "pourcentage", "pourcentage": 0.02}}
    ev, sans = avec(dossier, moteur, neuf, SIMPLE), avec(dossier, moteur, SIMPLE)
    b = Boucle(200_000)
    for _ in range(48):
        b.echeance(0.04, verse=annuite(200_000, 0.04 / 12, 120))
    du = 1.02 * b.solde
    assert ligne(ev, "deblocage", "neuf")[DEBUT + 48] == pytest.approx(du)
    assert ligne(ev, "restant")[DEBUT + 48] == pytest.approx(0.0, abs=1e-6)
    paye = ligne(ev, "interets", "neuf") + ligne(ev, "remboursement", "neuf")
    np.testing.assert_allclose(paye[DEBUT + 49 : DEBUT + 109], annuite(du, 0.03 / 12, 60))
    assert ev.plan.ressources.valeur == pytest.approx(sans.plan.ressources.valeur)
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    assert np.ravel(service(ev, porteur).valeur)[DEBUT + 48] == pytest.approx(annuite(200_000, 0.04 / 12, 120))
    boucle = boucler(ev)
    etablir_le_plan(boucle)
    prevoir(boucle, lire_fiche(Emprunteur, DONNEES / "emprunteurs" / "association_demonstration.yaml"))
    with pytest.raises(ErreurDonnees, match="n'est pas un prêt du même emprunteur"):
        varier(dossier, "essai", {"prets": [{**neuf, "refinance": {"pret": "absent", "mois": 48}}, SIMPLE]})


def test_une_hausse_des_taux_frappe_aussi_les_paliers_et_les_marges(dossier, moteur):
    """Shock of 1.5 point: each stage, and the margin over an index written in the sheet, rise by as much as the rate."""
    epreuve = next(e for e in lire_epreuves().epreuves if e.id == "taux")
    for forme, mois in (("paliers", 40), ("haussier", 40)):
        nue = {
            **FORMES[forme],
            **(
                {"revision": {**FORMES[forme]["revision"], "coefficient_echeance_max": None}}
                if forme == "haussier"
                else {}
            ),
        }
        etude = varier(dossier, "essai", {"prets": [{**SIMPLE, **nue}]})
        base = evaluer(moteur, etude, dossier)
        choquee = calculer(
            replace(
                base.ctx, chocs=tuple(Choc(c.champ, "hausse", ajoute=c.ajoute) for c in epreuve.chocs), _memoire={}
            ),
            ["base"],
        )
        taux = [
            12 * ligne(ev, "interets")[DEBUT + mois] / ligne(ev, "restant")[DEBUT + mois - 1] for ev in (base, choquee)
        ]
        assert taux[1] - taux[0] == pytest.approx(0.015)


def test_des_frais_finances_sont_verses_payes_et_rembourses(dossier, moteur):
    """A fee of 1,000 that the loan lends: 201,000 drawn and repaid, a resource of the plan as large, the fee paid at the drawdown."""
    frais = [{"montant": 1_000, "finances": True}]
    ev = avec(dossier, moteur, {**SIMPLE, "montant": 200_000, "frais": frais})
    assert ligne(ev, "deblocage").sum() == pytest.approx(201_000)
    assert ligne(ev, "remboursement").sum() == pytest.approx(201_000)
    assert ligne(ev, "frais").sum() == pytest.approx(1_000)
    assert ev.livre["ressources.p"].au_point() == pytest.approx(201_000)
    dite = ev.livre["emprunts.p.interets"].formule(0, DEBUT + 1)
    assert "1 000 €" in dite.replace("\xa0", " ").replace("\u202f", " "), (
        "the fee moves the interest: the sentence names it"
    )
