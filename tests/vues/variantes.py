"""Small studies for the views: the station of Saint-Denis as it was audited, under every mode of support and kind of closing."""

from dataclasses import replace
from functools import lru_cache

from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir, varier
from tests.conftest import GELEES

VILLE = "Ville de Saint-Denis"


def valeur(nombre):
    """Input of a test."""
    return {"valeur": nombre, "base": "valeur d'essai"}


DON = {
    "id": "ville",
    "libelle": "Subvention de la Ville",
    "nature": "subvention",
    "apporteur": VILLE,
    "statut": "demandee",
    "montant": valeur(200_000),
}
REPRISE = {
    "id": "reprise",
    "libelle": "Apport à rendre de la Ville",
    "nature": "droit_de_reprise",
    "apporteur": VILLE,
    "montant": valeur(60_000),
    "mois_versement": valeur(9),
    "reprise_differe_mois": valeur(39),
    "reprise_duree_mois": valeur(60),
}
PRET = {
    "id": "solidaire",
    "libelle": "Prêt solidaire",
    "nature": "pret",
    "apporteur": "Foncière solidaire",
    "montant": valeur(50_000),
    "pret": {
        "profil": "annuite_constante",
        "taux": valeur(0.03),
        "duree_mois": valeur(96),
        "differe_mois": valeur(12),
    },
}
REPORT = {
    "id": "cour",
    "libelle": "Cour faite plus tard",
    "nature": "report_travaux",
    "montant": valeur(40_000),
    "report_mois": valeur(24),
}
ECHEANCES = {"versements": [{"mois": 3, "part": 0.5}, {"mois": 9, "part": 0.5}], "decalage_mois": 6}

VARIANTES = {
    "a_l_equilibre": {"exploitation.contribution_commune": "equilibre_comptable"},
    "tresorerie": {"exploitation.contribution_commune": "equilibre_tresorerie"},
    "couverture": {"exploitation.contribution_commune": {"mode": "couverture", "cible": valeur(1.2)}},
    "forfait": {"exploitation.contribution_commune": {"mode": "forfait", "par_place": valeur(4000)}},
    "plafond": {
        "exploitation.contribution_commune": {"mode": "plafonnee", "plafond_par_place": valeur(12_000), **ECHEANCES}
    },
    "votee": {
        "exploitation.contribution_commune": {
            "mode": "arretee",
            "montants": [{"annee": a, "montant": 60_000, "mois_ouverts": 12} for a in range(2029, 2037)],
        }
    },
    "aucune": {"exploitation.contribution_commune": "aucune"},
    "bouclee_a_plusieurs": {"bouclage": [DON, REPRISE, PRET, REPORT]},
    "bouclee_par_la_ville": {"bouclage": [{c: v for c, v in DON.items() if c != "montant"}]},
    "financee": {"travaux.cout_m2_ht": valeur(300)},
    "sans_exploitation": {"exploitation": None},
    "loyer_inconnu": {"titre_occupation.loyer_m2_an": {"a_obtenir_de": "le propriétaire"}},
}


@lru_cache
def gelee(nom="gare_saint_denis"):
    """Audited study, all its scenarios."""
    return Resultat.calculer(ouvrir(GELEES / f"{nom}.yaml"), moteur_du_projet())


@lru_cache
def variante(nom):
    """Station of Saint-Denis with the overrides of a variant, base alone."""
    dossier = gelee().dossier
    etude = varier(dossier, nom, VARIANTES[nom])
    return Resultat.calculer(replace(dossier, etude=etude, variantes={"base": etude}), moteur_du_projet())


def lisible(texte):
    """Text with plain spaces."""
    return texte.replace("\u202f", " ").replace("\xa0", " ")
