"""Small portfolios for the tests: sheets written in a line, over a micro-crèche in round numbers."""

from pope_foncier.decision.portefeuille import Portefeuille, preparer_lieux, reunir
from pope_foncier.socle.fiches import valider
from tests.rondes import d


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
