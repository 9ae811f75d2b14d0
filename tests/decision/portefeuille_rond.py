"""Small portfolios for the tests: flat prices, a micro-crèche in round numbers, sheets written in a line."""

from dataclasses import replace
from datetime import date

from pope_foncier.decision.portefeuille import Portefeuille, preparer_lieux, reunir
from pope_foncier.etude.chaine import Moteur
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.socle.fiches import valider


def d(valeur):
    return {"valeur": valeur, "base": "essai"}


def aplatir(moteur):
    """Engine whose prices, wages and indices never move."""
    chemins = {
        n: e.model_copy(update={"central": e.central if e.genre == "niveau" else 0.0})
        for n, e in moteur.evolutions.chemins.items()
    }
    return Moteur(moteur.catalogue, moteur.evolutions.model_copy(update={"chemins": chemins}))


def micro_ronde(coque):
    """Micro-crèche in round numbers, as the head of the case file says."""
    foncier = coque.etude.foncier.model_dump(mode="python", exclude_defaults=True)
    foncier |= {
        "regime": "ancien",
        "prix": d(300_000),
        "debours": d(1_200),
        "pret_duree_max_mois": d(240),
        "duree_vie_mois": d(120),
        "immobilier": {
            "taxe_fonciere_m2_an": d(15),
            "assurance_m2_an": d(3),
            "entretien_m2_an": d(20),
            "annee_prix": 2026,
            "part_revente": d(0.5),
        },
    }
    pret = {
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
    aide = {
        "id": "aide",
        "libelle": "Aide",
        "financeur": "Caf de la Seine-Saint-Denis",
        "statut": "acquise",
        "montant": d(60_000),
        "engagement_ans": d(10),
        "delai_versement_mois": d(6),
    }
    caf = {
        "id": "caf",
        "libelle": "Aide de la Caf",
        "payeur": "Caf de la Seine-Saint-Denis",
        "statut": "acquise",
        "par_place": d(2_400),
    }
    exploitation = {
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
        "produits_annexes": [caf],
    }
    etude = varier(
        coque,
        "micro",
        {
            "foncier": foncier,
            "mode_accueil": "micro_creche_paje",
            "exploitation": exploitation,
            "aides": [aide],
            "prets": [pret],
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
            "travaux.duree_vie_mois": 120,
            "travaux.equipement_par_place_ttc": 0,
            "taxes.surface_taxable_m2": 0,
            "taxes.surface_bureaux_m2": 0,
            "delais.etudes_mois": 0,
            "delais.travaux_mois": 12,
            "horizon_mois": 132,
        },
    )
    return replace(coque, etude=etude, variantes={BASE: etude})


def ligne(nom, decalage=0, etude="micro", montage="scic_achat"):
    return {"id": nom, "libelle": nom.capitalize(), "etude": etude, "montage": montage, "decalage_mois": decalage}


def poste(etp=0.5, nature="direction", **remplace):
    return {
        "id": nature,
        "libelle": f"Poste de {nature}",
        "nature": nature,
        "etp": d(etp),
        "cout_etp_an": d(60_000),
        "remplace": {n: d(v) for n, v in remplace.items()},
    }


def fiche(*lignes, **autres):
    brut = {
        "titre": "essai",
        "capital": d(680_000),
        "annee_prix": 2026,
        "lignes": list(lignes),
        "reserve": {"mois_service_dette": d(6), "mois_charges": d(3)},
        "depart_ans": 1,
        "preavis_salaires_mois": d(3),
        "retard_mois": 12,
    }
    return valider(Portefeuille, brut | autres, "essai")


def deux(**autres):
    partage = {"postes_partages": [poste(premiere=0.5, seconde=0.5)]}
    return fiche(ligne("premiere"), ligne("seconde", 12), **(partage | autres))


def assembler(portefeuille, dossier, moteur, retards=None):
    return reunir(portefeuille, preparer_lieux(portefeuille, dossiers={"micro": dossier}), moteur, retards)
