"""Closed plan of Saint-Denis against a spreadsheet in plain Python, line by line and month by month, to the cent.

Only the operating lines before the commune (families, aid of the Caf, staff, other charges) are taken from the engine.
"""

from functools import cache
from math import isnan

import pytest
import yaml

from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.etude.service_dette import couvertures_par_annee
from tests.conftest import DONNEES, GARE
from tests.etude import tableur_bouclage as tableur
from tests.etude.tableur_etude import lire_entrees, plus

ASSOCIATION = "Association gestionnaire"
CENTIME = 0.01


def essai(valeur):
    return {"valeur": valeur, "base": "valeur de l'essai"}


RELAIS = {
    "preteur": "Banque (à choisir)",
    "taux": essai(0.0462),
    "taux_avance": essai(0.8),
    "statuts": ["acquise", "demandee", "esperee"],
}
MEMBRES = {
    "id": "membres",
    "libelle": "Fonds propres des membres",
    "nature": "fonds_propres",
    "apporteur": "Membres",
    "montant": essai(60_000),
    "mois_versement": essai(0),
}
VILLE = {
    "id": "ville_bouclage",
    "libelle": "Subvention de la Ville",
    "nature": "subvention",
    "apporteur": "Ville de Saint-Denis",
    "part": essai(0.5),
    "plafond": essai(250_000),
    "versements": [
        {"evenement": "demarrage_travaux", "part": 0.5, "delai_mois": 0},
        {"evenement": "reception", "part": 0.5, "delai_mois": 0},
    ],
}
SOLIDAIRE = {
    "id": "solidaire",
    "libelle": "Prêt solidaire",
    "nature": "pret",
    "apporteur": "Prêteur solidaire",
    "pret": {
        "profil": "annuite_constante",
        "taux": essai(0.045),
        "duree_mois": essai(96),
        "differe_mois": essai(12),
        "couverture_cible": essai(1.15),
    },
}
PRET_ARRETE = SOLIDAIRE | {
    "montant": essai(120_000),
    "pret": {cle: v for cle, v in SOLIDAIRE["pret"].items() if cle != "couverture_cible"},
}
"""The same loan with a stated amount: a cover cannot size it when the contribution follows whatever debt there is."""
VILLE_SANS_PLAFOND = {cle: v for cle, v in VILLE.items() if cle != "plafond"}

EN_DEUX_FOIS_ET_EN_RETARD = {
    "versements": [{"mois": 3, "part": 0.5}, {"mois": 9, "part": 0.5}],
    "decalage_mois": 6,
}

MODES = {
    "equilibre_comptable": "equilibre_comptable",
    "equilibre_tresorerie": "equilibre_tresorerie",
    "couverture": {"mode": "couverture", "cible": essai(1.10)},
    "forfait": {"mode": "forfait", "par_place": essai(12_000)},
    "forfait_observe": {"mode": "forfait", "par_place": essai(4_000)},
    "forfait_haut": {"mode": "forfait", "par_place": essai(30_000)},
    "plafonnee": {"mode": "plafonnee", "plafond_par_place": essai(9_000)},
    "aucune": "aucune",
    "forfait_en_retard": {"mode": "forfait", "par_place": essai(12_000)} | EN_DEUX_FOIS_ET_EN_RETARD,
    "equilibre_tresorerie_en_retard": {"mode": "equilibre_tresorerie"} | EN_DEUX_FOIS_ET_EN_RETARD,
    "equilibre_tresorerie_en_decembre": {
        "mode": "equilibre_tresorerie",
        "plancher": essai(5_000),
        "versements": [{"mois": 12, "part": 1}],
        "decalage_mois": 3,
    },
    "equilibre_comptable_en_retard": {"mode": "equilibre_comptable"} | EN_DEUX_FOIS_ET_EN_RETARD,
}
ANNONCES = ("forfait", "forfait_observe", "forfait_haut", "plafonnee", "aucune", "forfait_en_retard")
PLANS = {
    "a_trouver": {},
    "relais_et_boucleurs": {"relais": RELAIS, "bouclage": [MEMBRES, VILLE, SOLIDAIRE]},
    "moitie_par_la_ville": {"relais": RELAIS, "bouclage": [MEMBRES, VILLE_SANS_PLAFOND, SOLIDAIRE]},
    "relais_sur_aides_acquises": {"relais": RELAIS | {"statuts": ["acquise"]}},
    "relais_court": {"relais": RELAIS | {"taux_avance": essai(0.1)}},
}
EN_TRESORERIE = [("a_trouver", "equilibre_tresorerie"), ("relais_et_boucleurs", "equilibre_tresorerie")]
EN_TRESORERIE_TARD = [
    ("a_trouver", "equilibre_tresorerie_en_retard"),
    ("a_trouver", "equilibre_tresorerie_en_decembre"),
]
CAS = [
    *((plan, mode) for plan, _ in EN_TRESORERIE for mode in MODES if not mode.startswith("equilibre_tresorerie")),
    *EN_TRESORERIE_TARD,
    ("moitie_par_la_ville", "forfait"),
    ("relais_sur_aides_acquises", "equilibre_comptable"),
]


class Calculs:
    """The engine and the spreadsheet on one study file."""

    def __init__(self, fichier, moteur):
        self.ouverte = Resultat.calculer(ouvrir(fichier), moteur).vue()
        self.moteur = self.ouverte.bouclee
        entrees = lire_entrees(fichier, DONNEES)
        self.exploitation = exploitation_de(self.moteur)
        self.tel_quel = tableur.calculer(entrees, self.exploitation, {})
        self.entrees, self.plan = tableur.boucler(entrees, self.exploitation)


def exploitation_de(vue):
    """Operating lines before the commune, given to the spreadsheet."""

    def ligne(code):
        return [float(x) for x in vue.mensuel(f"exploitation.{code}")]

    aides_de_la_caf = ("psu", "journees_pedagogiques", "bonus_territoire", "bonus_attractivite")
    return {
        "familles": ligne("produits.familles"),
        "caf": plus(*(ligne(f"produits.{nom}") for nom in aides_de_la_caf)),
        "personnel": ligne("charges.personnel"),
        "autres": ligne("charges.autres"),
    }


@pytest.fixture(scope="module")
def calculs(moteur, tmp_path_factory):
    @cache
    def ouvrir_le_cas(plan, mode):
        fiche = yaml.safe_load(GARE.read_text(encoding="utf-8")) | PLANS[plan] | {"scenarios": []}
        fiche["exploitation"]["contribution_commune"] = MODES[mode]
        if mode not in ANNONCES:
            fiche["bouclage"] = [PRET_ARRETE if b is SOLIDAIRE else b for b in fiche.get("bouclage", [])]
        fichier = tmp_path_factory.mktemp("etude") / "etude.yaml"
        fichier.write_text(yaml.safe_dump(fiche, allow_unicode=True), encoding="utf-8")
        return Calculs(fichier, moteur)

    return ouvrir_le_cas


def lignes_mensuelles(plan):
    """Monthly lines of the spreadsheet by code of the ledger."""
    lignes = {
        "tresorerie.loyer": plan["loyer"],
        "exploitation.charges.loyer": plan["loyer_ouvert"],
        "exploitation.charges.interets": plan["interets_ouverts"],
        "exploitation.charges.dotation": plan["dotation"],
        "exploitation.produits.quote_part": plan["quote_part"],
        "exploitation.produits.contribution": plan["contribution"],
        "exploitation.resultat": plan["resultat"],
        "exploitation.capacite_autofinancement": plan["autofinancement"],
        "tresorerie.caf": plan["caf_verse"],
        "tresorerie.creance_caf": plan["creance_caf"],
        f"tresorerie.cumul.{ASSOCIATION}": plan["tresorerie"],
    }
    lignes |= {f"tresorerie.{nom}": x for nom, x in plan["chantier"].items()}
    lignes |= {f"tresorerie.aide.{nom}": x for nom, x in plan["aides"].items()}
    lignes |= {f"tresorerie.reversement.{nom}": x for nom, x in plan["reversements"].items()}
    lignes |= {f"tresorerie.bouclage.{nom}": x for nom, x in plan["dons"].items()}
    lignes |= {f"tresorerie.apport.bouclage.{nom}": x for nom, x in plan["fonds"].items()}
    for nom, pret in plan["prets"].items():
        cle = f"bouclage.{nom}" if nom in plan["apports"] else nom
        lignes |= {f"emprunts.{cle}.{colonne}": x for colonne, x in pret.items()}
    return lignes


def lignes_facultatives_ecrites(c):
    """Lines that the engine writes only when the study has a bridge, or a commune that pays at other dates."""
    lignes = {f"relais.{nom}": x for nom, x in c.plan["relais"].items()}
    lignes |= {
        "tresorerie.contribution": c.plan["commune_verse"],
        "tresorerie.creance_commune": c.plan["creance_commune"],
    }
    ecrites = {code: x for code, x in lignes.items() if code in c.moteur.ev.livre.lignes}
    assert ("relais.encours" in ecrites) == ("relais" in c.entrees.fiche)
    assert ("tresorerie.creance_commune" in ecrites) == ("versements" in c.entrees.regle)
    return ecrites


def ecarts(vue, lignes, mois=slice(None)):
    """First gap of each line, in words."""
    trouves = []
    for code, tableau in lignes.items():
        for m, (moteur, attendu) in enumerate(zip(vue.mensuel(code)[mois], tableau[mois], strict=True)):
            if not abs(moteur - attendu) <= CENTIME:
                trouves.append(f"{code}, mois {m} : moteur {moteur:.2f}, tableur {attendu:.2f}")
                break
    return trouves


def ecarts_du_plan(vue, plan):
    """Gaps of the uses and resources; a use that one of the two lacks must be nothing in the other."""
    attendus = {f"besoins.{nom}": x for nom, x in plan["besoins"].items()}
    attendus |= {f"ressources.{nom}": x for nom, x in plan["ressources"].items()}
    attendus |= {f"ressources.bouclage.{nom}": x for nom, x in plan["apports"].items()}
    codes = set(attendus) | {c for c in vue.ev.livre.lignes if c.startswith(("besoins.", "ressources."))}
    codes -= {"besoins.total", "ressources.total", "ressources.reste_a_financer"}
    obtenus = {c: vue.montant(c) if c in vue.ev.livre.lignes else 0.0 for c in codes}
    return [
        f"{c} : moteur {obtenus[c]:.2f}, tableur {attendus.get(c, 0.0):.2f}"
        for c in sorted(codes)
        if not abs(obtenus[c] - attendus.get(c, 0.0)) <= CENTIME
    ]


@pytest.mark.parametrize(("plan", "mode"), CAS + EN_TRESORERIE)
def test_plan_boucle(calculs, plan, mode):
    """Uses, resources, and what each closer brings at the fixed point."""
    c = calculs(plan, mode)
    assert ecarts_du_plan(c.moteur, c.plan) == []
    assert c.moteur.montant("besoins.total") == pytest.approx(sum(c.plan["besoins"].values()), abs=CENTIME)
    assert sum(c.plan["apports"].values()) == pytest.approx(c.plan["manque"], abs=CENTIME)


@pytest.mark.parametrize(("plan", "mode"), CAS + EN_TRESORERIE)
def test_plan_tel_quel(calculs, plan, mode):
    """Gap before any closer is called, bridge included."""
    c = calculs(plan, mode)
    assert ecarts_du_plan(c.ouverte, c.tel_quel) == []
    assert c.ouverte.montant("ressources.reste_a_financer") == pytest.approx(c.tel_quel["manque"], abs=CENTIME)


@pytest.mark.parametrize(("plan", "mode"), CAS)
def test_mois_par_mois(calculs, plan, mode):
    """Payments, grants, loans, bridge, account, contribution, cash of the association: every month of the study."""
    c = calculs(plan, mode)
    assert ecarts(c.moteur, lignes_mensuelles(c.plan) | lignes_facultatives_ecrites(c)) == []


@pytest.mark.parametrize(("plan", "mode"), CAS)
def test_couverture_par_annee(calculs, plan, mode):
    c = calculs(plan, mode)
    par_annee = couvertures_par_annee(c.moteur.ev, ASSOCIATION)[c.moteur.rang]
    obtenues = {annee: float(x) for annee, x in zip(c.moteur.annees, par_annee, strict=True) if not isnan(x)}
    attendues = tableur.couvertures(c.entrees, c.plan)
    assert obtenues == pytest.approx(attendues, abs=1e-6)
    assert min(attendues) == c.entrees.annee(c.entrees.ouverture)
    ratios = {r.code: r.grandeur.valeur.item() for r in c.moteur.ratios}
    assert ratios["couverture_minimale"] == pytest.approx(min(attendues.values()), abs=1e-6)


@pytest.mark.parametrize(("plan", "mode"), CAS)
def test_point_bas_et_son_mois(calculs, plan, mode):
    c = calculs(plan, mode)
    bas, mois = tableur.point_bas(c.plan)
    assert c.moteur.montant(f"tresorerie.point_bas.{ASSOCIATION}") == pytest.approx(bas, abs=CENTIME)
    tresorerie = c.moteur.mensuel(f"tresorerie.cumul.{ASSOCIATION}")
    if bas < -CENTIME:
        assert int(tresorerie.argmin()) == mois


@pytest.mark.parametrize(("plan", "mode"), CAS + EN_TRESORERIE)
def test_ce_qui_est_a_trouver_en_tout(calculs, plan, mode):
    """Two amounts and their sum; the sum is the deepest hole of the cash without anything to be found, when it is deeper than the plan's."""
    c = calculs(plan, mode)
    attendus = tableur.a_trouver_en_tout(c.plan)
    obtenus = {nom: c.moteur.montant(f"a_trouver.{nom}") for nom in attendus}
    assert obtenus == pytest.approx(attendus, abs=CENTIME)
    if "relais" not in c.entrees.fiche:
        sans = tableur.cumul(
            [x - y for x, y in zip(par_mois(c.plan["tresorerie"]), c.plan["dons"]["a_trouver"], strict=True)]
        )
        assert attendus["total"] == pytest.approx(max(-min(sans), attendus["investissement"]), abs=CENTIME)


def par_mois(cumul):
    """Flows of a running total."""
    return [x - avant for x, avant in zip(cumul, [0.0, *cumul[:-1]], strict=True)]


@pytest.mark.parametrize(("plan", "mode"), EN_TRESORERIE)
def test_equilibre_de_tresorerie_jusqu_a_l_avant_derniere_annee(calculs, plan, mode):
    c = calculs(plan, mode)
    derniere = c.entrees.mois_de_l_annee(c.entrees.annees_ouvertes()[-1])
    assert ecarts(c.moteur, lignes_mensuelles(c.plan), slice(derniere[0])) == []
    # The amounts of the spreadsheet do hold the floor, and no less would do in the last year.
    assert min(c.plan["tresorerie"][tableur.fin_du_cycle(c.entrees) :]) == pytest.approx(0, abs=CENTIME)
    # What the Caf no longer owes of the working capital is free on the day the Piaje is given back: it is no income.
    libre = [max(0.0, c.plan["besoins"]["fonds_de_roulement"] - x) for x in c.plan["creance_caf"]]
    exploitation = [x - y for x, y in zip(c.plan["tresorerie"], libre, strict=True)]
    assert min(exploitation[m] for m in derniere) == pytest.approx(0, abs=CENTIME)


@pytest.mark.parametrize(("plan", "mode"), EN_TRESORERIE)
def test_equilibre_de_tresorerie_de_la_derniere_annee(calculs, plan, mode):
    """Least amount that keeps the cash above the floor: nothing more is needed once the tenure is over."""
    c = calculs(plan, mode)
    assert ecarts(c.moteur, lignes_mensuelles(c.plan)) == []


@pytest.mark.parametrize(("plan", "mode"), EN_TRESORERIE_TARD)
def test_une_commune_qui_paie_tard_tient_le_plancher_sans_etre_financee_deux_fois(calculs, plan, mode):
    """Paid late, the same deficits are owed over the life; the wait is carried once, by the working capital of the plan."""
    tard, comptant = calculs(plan, mode), calculs(plan, "equilibre_tresorerie")
    plancher = tard.entrees.regle.get("plancher", 0.0)
    ouverts = tard.entrees.ouverts
    assert min(tard.moteur.mensuel(f"tresorerie.cumul.{ASSOCIATION}")[fin_des_attentes(tard) : ouverts.stop]) >= (
        plancher - CENTIME
    )
    du, deja = (sum(c.moteur.mensuel("exploitation.produits.contribution")) for c in (tard, comptant))
    assert du == pytest.approx(deja + plancher, abs=CENTIME)


def fin_des_attentes(c):
    """Month in which the last grant asked for has come: before it, the cash waits for grants, not for the commune."""
    return max(m for x in c.plan["aides"].values() for m, montant in enumerate(x) if montant) + 1


def test_un_relais_n_avance_rien_sur_ce_qui_reste_a_trouver(calculs):
    c = calculs("relais_court", "equilibre_comptable")
    assert ecarts_du_plan(c.moteur, c.plan) == []
    assert ecarts(c.moteur, lignes_mensuelles(c.plan) | lignes_facultatives_ecrites(c)) == []


def test_le_relais_du_tableur_s_arrete_au_dixieme_des_aides_demandees(calculs):
    """Piaje 96,000 € and Caf 93 39,000 €, a tenth of it advanced once what is to be found is spent: 13,500 €, and a hole beyond."""
    plan = calculs("relais_court", "equilibre_comptable").plan
    assert max(plan["relais"]["encours"]) == pytest.approx(13_500, abs=CENTIME)
    assert min(plan["tresorerie"]) < -5_000
    assert sum(plan["dons"]["a_trouver"][:9]) > 25_000, "le trou d'avant les travaux est à trouver avant eux"


def test_le_tableur_retrouve_les_chiffres_recalcules_a_part(calculs):
    """Gap, contributions over the life and least cover of the plan closed by a grant, as recomputed apart in November 2026.

    Since then equipment follows prices, 45,000 € × (1.018^(41/12) − 1) more of gap, and the Piaje is given back for the 69 months
    left of its 180, 96,000 € × 69/180 that the commune pays more: 3,978 € a year, on a service of 37,072 € in 2036.
    """
    c = calculs("a_trouver", "equilibre_comptable")
    assert c.plan["manque"] == pytest.approx(918_686 + 2_828, abs=0.5)
    assert sum(c.plan["contribution"]) == pytest.approx(1_018_533 + 36_800, abs=0.5)
    assert min(tableur.couvertures(c.entrees, c.plan).values()) == pytest.approx(0.504 + 3_978 / 37_072, abs=0.005)
