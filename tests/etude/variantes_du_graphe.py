"""Studies in which the operations that no shipped study uses occur: bridge, cash held by the commune, works put off, handicap bonus,
law that changes within the horizon.
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
}

VARIANTES = (
    (GARE, {"relais": RELAIS, "bouclage": [REPORT], CONTRIBUTION: "equilibre_tresorerie"}),
    (
        GARE,
        {"relais": RELAIS | {"taux_avance": d(0.1)}, CONTRIBUTION: {"mode": "equilibre_tresorerie", **EN_DEUX_FOIS}},
    ),
    (MODES, {"exploitation.produits_annexes": [HANDICAP]}),
    (MODES, {"date_depart": date(2025, 7, 1), "date_demande": date(2026, 6, 1)}),
)


def dossiers():
    """Study of each variant, its base alone."""
    for fichier, surcharges in VARIANTES:
        dossier = ouvrir(fichier)
        etude = varier(dossier, "variante", surcharges)
        yield replace(dossier, etude=etude, variantes={BASE: etude})
