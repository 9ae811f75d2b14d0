"""Studies in which the operations that no shipped study uses occur: bridge, cash held by the commune, works put off, handicap bonus,
law that changes within the horizon, closings by a loan and by its cover, other supports of the commune.
"""

from dataclasses import replace
from datetime import date

from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from tests.conftest import DONNEES, GARE
from tests.rondes import d

MODES = DONNEES / "etudes" / "modes_d_accueil.yaml"
CONTRIBUTION = "exploitation.contribution_commune"
RELAIS = {"preteur": "Banque", "taux": d(0.05), "taux_avance": d(0.6), "statuts": ["acquise", "demandee", "esperee"]}
REPORT = {
    "id": "cour",
    "libelle": "Cour faite plus tard",
    "nature": "report_travaux",
    "montant": d(40_000),
    "report_mois": d(24),
}
EN_DEUX_FOIS = {"versements": [{"mois": 3, "part": 0.5}, {"mois": 9, "part": 0.5}], "decalage_mois": 6}
HANDICAP = {
    "id": "handicap",
    "libelle": "Bonus inclusion handicap",
    "payeur": "Caf de la Seine-Saint-Denis",
    "statut": "esperee",
    "regle": "handicap",
    "annee_bareme": 2025,
    "part_enfants_handicap": d(0.03),
    "plafond_cout_par_place": d(19_450),
}

LIVRET_A = {"bareme": "taux.livret_a.taux", "evolution": "livret_a", "marge": 0.011}
PRETS = {
    "indexe": {"montant": 90_000, "indexation": LIVRET_A, "duree_mois": 180, "differe_mois": 12},
    "in_fine": {"montant": 40_000, "profil": "in_fine", "taux": 0.03, "duree_mois": 84},
    "progressif": {
        "montant": 60_000,
        "profil": "progressif",
        "progression": 0.01,
        "taux": 0.035,
        "periodes_par_an": 4,
        "duree_mois": 120,
        "assurance": {"mode": "capital_restant_du", "taux": 0.004, "quotite": 0.9},
        "frais": [
            {"libelle": "Suivi", "montant": 300, "mois": 12},
            {"libelle": "Sortie", "taux": 0.01, "a_la_fin": True},
        ],
        "garantie": {"garant": "Garant", "quotite": 0.5, "commission": 0.01, "assiette": "restante"},
    },
    "ballon_revise": {
        "montant": 80_000,
        "profil": "ballon",
        "duree_profil_mois": 240,
        "indexation": LIVRET_A,
        "revision": {"premiere_mois": 6, "tous_les_mois": 6, "plafond": 0.06},
        "duree_mois": 120,
    },
    "fixe": {
        "montant": 50_000,
        "profil": "echeance_fixe",
        "echeance": 700,
        "taux": 0.04,
        "anticipes": [
            {"mois": 24, "montant": 5_000, "indemnite": {"mode": "mois_interets", "mois": 6}},
            {"mois": 36, "part": 0.2, "indemnite": {"mode": "pourcentage", "pourcentage": 0.03}},
        ],
        "suspensions": [{"mois": 48, "duree_mois": 3, "interets": "capitalises"}],
    },
    "travaux": {
        "montant": 200_000,
        "taux": 0.0375,
        "suit_les_travaux": True,
        "prefinancement_mois": 18,
        "interets_prefinancement": "capitalises",
        "commission_non_utilisation": 0.004,
        "duree_mois": 180,
    },
    "par_paliers": {
        "montant": 70_000,
        "profil": "echeances_par_paliers",
        "taux": 0.03,
        "paliers_echeance": [{"mois": 24, "montant": 300}, {"mois": 36, "coefficient": 1.5}],
        "duree_mois": 120,
        "differe": "total_simple",
        "differe_mois": 6,
    },
    "libre": {
        "montant": 30_000,
        "profil": "tableau_libre",
        "tableau": [10_000, 15_000, 5_000],
        "periodes_par_an": 1,
        "taux": 0.02,
    },
    "sculpte": {"profil": "sculpte", "service": [9_000.0] * 10, "periodes_par_an": 1, "taux": 0.03},
}


def _pret(cle, termes):
    return {
        "id": cle,
        "libelle": cle,
        "preteur": "Banque",
        "emprunteur": "gestionnaire",
        "profil": "annuite_constante",
    } | termes


TERMES = {"profil": "annuite_constante", "taux": d(0.04), "duree_mois": d(108), "differe_mois": d(12)}


def _boucleur(cle, **champs):
    return {"id": cle, "libelle": f"Bouclage : {cle}", "apporteur": f"Financeur {cle}"} | champs


VARIANTES = {
    "prets": (GARE, {"prets": [_pret(*x) for x in PRETS.items()]}),
    "relais_et_report": (GARE, {"relais": RELAIS, "bouclage": [REPORT], CONTRIBUTION: "equilibre_tresorerie"}),
    "relais_plafonne": (
        GARE,
        {"relais": RELAIS | {"taux_avance": d(0.1)}, CONTRIBUTION: {"mode": "equilibre_tresorerie", **EN_DEUX_FOIS}},
    ),
    "handicap": (MODES, {"exploitation.produits_annexes": [HANDICAP]}),
    "loi_qui_change": (MODES, {"date_depart": date(2025, 7, 1), "date_demande": date(2026, 6, 1)}),
    "bouclage_par_un_pret": (GARE, {"bouclage": [_boucleur("pret", nature="pret", pret=TERMES)]}),
    "bouclage_a_la_couverture": (
        GARE,
        {
            CONTRIBUTION: {"mode": "forfait", "par_place": d(13_000)},
            "prets": [],
            "bouclage": [
                _boucleur("fonds", nature="fonds_propres", montant=d(50_000), mois_versement=d(0)),
                _boucleur("part", nature="subvention", part=d(0.1)),
                _boucleur("pret", nature="pret", pret=TERMES | {"couverture_cible": d(1.2)}),
            ],
        },
    ),
    "couverture": (GARE, {CONTRIBUTION: {"mode": "couverture", "cible": d(1.3)}}),
    "plafonnee": (GARE, {CONTRIBUTION: {"mode": "plafonnee", "plafond_par_place": d(9_000)}}),
    "tranches_du_cmg": (
        MODES,
        {
            "mode_accueil": "micro_creche_paje",
            "exploitation.produits_annexes": [],
            "exploitation.paje": {"tarif_horaire": d(9)},
            "exploitation.enfants_a_charge": 3,
            "exploitation.part_regime_general": None,
            "programme.places_voulues": d(12),
        },
    ),
}


def ouvrir_variante(nom):
    """Study of a variant, its base alone."""
    fichier, surcharges = VARIANTES[nom]
    dossier = ouvrir(fichier)
    etude = varier(dossier, nom, surcharges)
    return replace(dossier, etude=etude, variantes={BASE: etude})


def dossiers():
    """Study of each variant."""
    return [ouvrir_variante(nom) for nom in VARIANTES]
