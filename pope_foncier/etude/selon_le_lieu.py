"""Pieces of the sheets of a new place that only some places have: local schemes and taxes, purchase, tenure ways, other readings, income."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from typing import Any, get_args

from pope_foncier.acquisition.titres import Voie, titre_de
from pope_foncier.etude.genres_de_lieu import FamilleSupposee, LieuSuppose, Lieux
from pope_foncier.etude.questions_du_lieu import autre_zone, cour_a_remplacer, rayon_en_clair, zone_dense
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.questions import Reponses
from pope_foncier.socle.yaml_ecrit import en_ligne
from pope_foncier.territoire.communes import Interlocuteurs
from pope_foncier.territoire.fiche import lire_territoire

REPONSE = "réponse donnée à la création de la fiche, à confirmer par un relevé ou par un acte"
"""Basis of an answer: a hypothesis until a survey or a deed stands for it."""


def remplir(modele: str, valeurs: Mapping[str, str]) -> str:
    """Text of a model, its places filled."""
    texte = (dossier_donnees() / "modeles" / modele).read_text(encoding="utf-8")
    return Template(texte).substitute(valeurs)


def connue(valeur: float | None, a_qui: str, base: str = REPONSE) -> dict[str, Any]:
    """Input known by an answer, or unknown, with whom to ask."""
    return {"a_obtenir_de": a_qui} if valeur is None else {"valeur": valeur, "base": base, "a_obtenir_de": a_qui}


def selon_le_lieu(r: Reponses, lieux: Lieux, dit: Interlocuteurs, valeurs: Mapping[str, str]) -> dict[str, str]:
    """Pieces of the study that only some places have: local schemes and taxes, purchase, scenario of a space at a distance."""
    lieu = lieux.genres[r["genre"]]
    caf, region = _piece("caf", dit.departement), _piece("regions", dit.region)
    ouvert = cour_a_remplacer(r) and (r.get("pmi") is None or r["pmi"].reponse == "inconnu")
    if r.get("espace") is not None and not r["espace"].nom:
        ouvert = False
    questions = []
    if ouvert:
        questions.append(
            f"Cour absente, petite ou inconnue : la {dit.pmi} admet-elle un espace extérieur à moins de {rayon_en_clair()} ?"
        )
    if "ailleurs" in caf + region:
        questions.append(
            f"Quelles aides locales ? Non relevées ici, à demander : {dit.caf_locale}, {dit.conseil_regional}, {dit.conseil_departemental}."
        )
    if r["titre"] == "propriete":
        questions.append(f"Prix, terrain et durée de l'achat : à confirmer par {lieu.proprietaire}.")
    achat = r["titre"] == "propriete"
    prix = connue(r.get("prix"), "le vendeur")
    avec = {**valeurs, "regime": "ancien", "prix": en_ligne(prix), "activite": _activite(r)}
    return {
        "aide_caf": remplir(f"{caf}.yaml", valeurs),
        "aides_basses": remplir(f"{caf}_basses.yaml", valeurs),
        "aide_region": remplir(f"{region}.yaml", valeurs),
        "versement_mobilite": remplir(f"{caf}_mobilite.yaml", valeurs),
        "taxe_region": remplir(f"{region}_taxe.yaml", valeurs),
        "taxe_bureaux": remplir(f"{region}_bureaux.yaml", valeurs),
        "acquisition": remplir("acquisition.yaml", avec) if achat else "",
        "foncier": remplir("foncier.yaml", {**avec, **_du_foncier(r, lieu, lieux, dit)}),
        "scenario_densite": _scenario_densite(r, lieux.densite_indecise),
        "scenario_espace": remplir("scenario_espace.yaml", valeurs) if ouvert else "",
        "questions": "".join(f"  - {en_ligne(q)}\n" for q in questions),
    }


def _activite(r: Reponses) -> str:
    """What the premises are used for on the day of the sale, as answered; nothing when nobody knows: the study then asks."""
    part = {"oui": 1.0, "non": 0.0}.get(r.get("activite") or "")
    return "" if part is None else f"  {en_ligne({'locaux_d_activite_part': connue(part, 'le notaire')})[1:-1]}\n"


def _scenario_densite(r: Reponses, indecise: float) -> str:
    """Other reading of the density, where the square is unknown or near the threshold."""
    zone = autre_zone(r, indecise)
    if not zone:
        return ""
    titre = {"tres_dense": "Zone très dense", "ordinaire": "Zone ordinaire"}[zone]
    motif = (
        "carreau Insee à relever"
        if zone_dense(r) is None
        else "carreau près du seuil : l'une ou l'autre règle s'applique"
    )
    return remplir("scenario_densite.yaml", {"zone": zone, "zone_titre": titre, "zone_motif": motif})


def _du_foncier(r: Reponses, lieu: LieuSuppose, lieux: Lieux, dit: Interlocuteurs) -> dict[str, str]:
    """What the montages choose from: the way of the tenure chosen is open, those of the kind closed, the others to ask; rents as answered."""
    choisi = titre_de(r["titre"])
    portage = lieux.portage_public.get(dit.region, lieux.portage_public["ailleurs"])
    voies = []
    for voie in get_args(Voie):
        if voie == choisi.voie:
            dite = {"reponse": "oui", "raison": f"{choisi.libelle} : titre retenu à la création de la fiche"}
        elif voie in lieu.fermees:
            dite = {"reponse": "non", "raison": lieu.fermees[voie]}
        else:
            dite = {
                "reponse": "inconnu",
                "raison": "rien ne dit que le propriétaire l'accepte",
                "aupres_de": lieu.proprietaire,
            }
        voies.append(f"    {en_ligne({voie: dite})[1:-1]}\n")
    loyers = {"loyer_simple": "bail_simple", "loyer_long": "bail_reel", "redevance": "convention"}
    connus = {nom: r.get("loyer") if choisi.voie == voie else None for nom, voie in loyers.items()}
    return {
        "voies_du_titre": "".join(voies),
        "portage": en_ligne(portage.model_dump(exclude_none=True)),
        "epf": portage.aupres_de or "l'établissement public foncier",
        **{nom: en_ligne(connue(loyer, lieu.proprietaire)) for nom, loyer in connus.items()},
    }


def _piece(dossier: str, code: str) -> str:
    """Name of the pieces of a department or of a region, those of elsewhere without any."""
    connu = bool(code) and (dossier_donnees() / "modeles" / dossier / f"{code}.yaml").is_file()
    return f"{dossier}/{code if connu else 'ailleurs'}"


def famille(code: str, suppose: FamilleSupposee) -> dict[str, str]:
    """Monthly income of a family, from the median of the commune when the territory shipped has it."""
    mesure = lire_territoire().mesure("revenu_median")
    connus = mesure.valeurs.get(code)
    if not connus:
        return {"revenu": en_ligne(suppose.ailleurs.valeur), "revenu_base": suppose.ailleurs.base or ""}
    annee = max(connus)
    mois = round(connus[annee] * suppose.unites_de_consommation / 12)
    unites = formater_nombre(suppose.unites_de_consommation, 1)
    source = lire_territoire().sources[mesure.source].titre.partition(",")[0]
    return {
        "revenu": str(mois),
        "revenu_base": f"revenu médian de la commune ({source}, {annee}), couple avec un enfant ({unites} unité de consommation)",
    }
