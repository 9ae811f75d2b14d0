"""Studies in round numbers, so that a hand can compute them: flat prices, walls alone, a micro-crèche."""

from dataclasses import replace
from datetime import date

from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, varier


def d(valeur):
    return {"valeur": valeur, "base": "essai"}


def aplatir(moteur):
    """Engine whose prices, wages and indices never move."""
    chemins = {
        n: e.model_copy(update={"central": e.central if e.genre == "niveau" else 0.0})
        for n, e in moteur.evolutions.chemins.items()
    }
    return Moteur(moteur.catalogue, moteur.evolutions.model_copy(update={"chemins": chemins}))


PRET = {
    "id": "pret",
    "libelle": "Prêt",
    "preteur": "Banque",
    "emprunteur": "gestionnaire",
    "profil": "capital_constant",
    "montant": d(200_000),
    "taux": d(0),
    "duree_mois": d(120),
    "differe_mois": d(0),
}

EXPLOITATION = {
    "annee_prix": 2026,
    "contribution_commune": "equilibre_comptable",
    "versements_caf": {"acompte_part": d(0.7), "mois_solde": d(7)},
    "heures_jour": d(10),
    "jours_an": d(200),
    "taux_occupation": d(0.6),
    "part_occupation_ouverture": d(1),
    "heures_effectives_etp": d(1_600),
    "heures_pleines_jour": d(10),
    "heures_creuses_jour": d(0),
    "part_enfants_heures_creuses": d(0),
    "etp_logistique_par_place": d(0),
    "cout_etp_terrain": d(30_000),
    "cout_etp_direction": d(60_000),
    "cout_etp_sante": d(40_000),
    "cout_etp_logistique": d(30_000),
    "autres_charges_par_place": d(1_500),
    "paje": {"tarif_horaire": d(8), "tranche_cmg": 1},
    "produits_annexes": [
        {
            "id": "caf",
            "libelle": "Aide de la Caf",
            "payeur": "Caf de la Seine-Saint-Denis",
            "statut": "acquise",
            "par_place": d(2_400),
        }
    ],
}


def en_chiffres_ronds(dossier, nom, foncier, **surcharges):
    """Study of 100 m² for ten places, works of a year at 1,500 €/m², one loan; ``foncier`` and ``surcharges`` say the rest."""
    du_proprietaire = dossier.etude.foncier.model_dump(mode="python", exclude_defaults=True)
    du_proprietaire |= {
        "regime": "ancien",
        "prix": d(300_000),
        "debours": d(1_200),
        "pret_duree_max_mois": d(240),
        "immobilier": {
            "taxe_fonciere_m2_an": d(15),
            "assurance_m2_an": d(3),
            "entretien_m2_an": d(20),
            "annee_prix": 2026,
            "part_revente": d(0.5),
        },
    }
    rondes = {
        "foncier": du_proprietaire | foncier,
        "prets": [PRET],
        "reglements": None,
        "programme.surface_m2": 100,
        "programme.coefficient_sdo_su": 1,
        "programme.services_fixes_m2": 0,
        "programme.services_par_place_m2": 0,
        "programme.places_voulues": d(10),
        "travaux.date_valeur": date(2025, 11, 1),
        "travaux.cout_m2_ht": 1_500,
        "travaux.honoraires_part": 0.10,
        "travaux.etudes_assurances_part": 0.05,
        "travaux.aleas_part": 0.10,
        "travaux.equipement_par_place_ttc": 0,
        "taxes.surface_taxable_m2": 0,
        "delais.etudes_mois": 0,
        "delais.travaux_mois": 12,
    }
    etude = varier(dossier, nom, rondes | surcharges)
    return replace(dossier, etude=etude, variantes={BASE: etude})


def murs_ronds(dossier):
    """Walls that nobody runs, as the head of ``tests/cas/montages.yaml`` says."""
    oui = {"reponse": "oui", "raison": "essai"}
    foncier = {
        "voies": {"vente": oui, "convention": oui, "bail_reel": oui},
        "portage_public": oui,
        "redevance_m2_an": d(75),
        "convention_mois": d(120),
        "rendement_sci": d(0),
        "apport_sci": d(50_000),
        "reserve_part": d(0),
        "frais_portage_part": d(0.02),
        "frais_portage_an_part": d(0.01),
        "portage_mois": d(6),
        "loyer_long_m2_an": d(10),
        "bail_long_mois": d(360),
        "renouvellement": {"hausse_part": d(0.10), "reinstallation_part": d(0.30)},
        "taux_actualisation": d(0),
        "pret_marge_mois": d(12),
    }
    surcharges = {
        "aides": [],
        "exploitation": None,
        "travaux.duree_vie_mois": 240,
        "taxes.surface_bureaux_m2": 100,
        "horizon_mois": 360,
    }
    return en_chiffres_ronds(dossier, "rond", foncier, **surcharges)


def micro_ronde(dossier):
    """Micro-crèche, as the head of ``tests/cas/portefeuilles.yaml`` says."""
    aide = {
        "id": "aide",
        "libelle": "Aide",
        "financeur": "Caf de la Seine-Saint-Denis",
        "statut": "acquise",
        "montant": d(60_000),
        "engagement_ans": d(10),
        "delai_versement_mois": d(6),
    }
    surcharges = {
        "mode_accueil": "micro_creche_paje",
        "exploitation": EXPLOITATION,
        "aides": [aide],
        "travaux.duree_vie_mois": 120,
        "taxes.surface_bureaux_m2": 0,
        "horizon_mois": 132,
    }
    return en_chiffres_ronds(dossier, "micro", {"duree_vie_mois": d(120)}, **surcharges)
