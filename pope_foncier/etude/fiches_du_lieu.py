"""Sheets of a new place from its answers: site, study, plan — each known fact in both, the rest marked as supposed or to obtain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any, get_args

from pope_foncier.acquisition.titres import Voie, titre_de
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.genres_de_lieu import FamilleSupposee, LieuSuppose, Lieux, lire_lieux, lire_titres
from pope_foncier.etude.questions_du_lieu import DATE_DEMANDE, cour_a_remplacer, rayon_en_clair
from pope_foncier.etude.reponses_du_lieu import EspaceDit
from pope_foncier.lieu.carreau import lire_carreaux
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.prets.tranches_de_taux import tranche_de
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.yaml_ecrit import en_ligne
from pope_foncier.territoire.communes import Interlocuteurs, interlocuteurs
from pope_foncier.territoire.fiche import lire_territoire
from pope_foncier.travaux.cout import lire_couts

Reponses = Mapping[str, Any]
_REPONSE = "réponse donnée à la création de la fiche, à confirmer par un relevé ou par un acte"


def rediger(r: Reponses, nom: str, base: Path) -> dict[Path, str]:
    """Texts of the sheets of a place, by their path in the data folder.

    Args:
        r: answers read, by question.
        nom: name of the files.
        base: data folder that holds the assumptions.
    """
    valeurs = _valeurs(r, nom, base)
    site, etude = _remplir("site.yaml", valeurs), _remplir("etude.yaml", valeurs)
    textes = {
        Path("sites") / f"{nom}.yaml": re.sub(r"\n{2,}", "\n", site),
        Path("etudes") / f"{nom}.yaml": re.sub(r"\n{3,}", "\n\n", etude),
    }
    if r.get("plan") is not None:
        fiche = r["plan"].trace.fiche.model_copy(update={"site": nom})
        textes[Path("plans") / f"{nom}.yaml"] = en_yaml(
            fiche, f"Plan de {r['nom']}, repris de {r['plan'].fichier.name}."
        )
    return textes


def _remplir(modele: str, valeurs: Mapping[str, str]) -> str:
    texte = (dossier_donnees() / "modeles" / modele).read_text(encoding="utf-8")
    return Template(texte).substitute(valeurs)


def _valeurs(r: Reponses, nom: str, base: Path) -> dict[str, str]:
    """What the models are filled with: plain words first, then the pieces that depend on the place."""
    lieux = lire_lieux(base)
    lieu, dit = lieux.genres[r["genre"]], interlocuteurs(r["commune"].code)
    valeurs = {
        "nom": _mots(r["nom"]),
        "identifiant": nom,
        "commune": _mots(r["commune"].en_clair),
        "code_insee": r["commune"].code,
        "genre_de_lieu": r["genre"],
        "proprietaire": _proprietaire(r, lieu),
        "caf": dit.caf_locale,
        "pmi": dit.pmi,
        "departement": dit.conseil_departemental,
        "region": dit.conseil_regional,
        "rayon": rayon_en_clair(),
        "surface": _donnee(r, "surface", lieu),
        "exterieur": _donnee(r, "exterieur", lieu),
        "loyer": _loyer(r, lieu),
        "depart": r["depart"].isoformat(),
        "date_demande": DATE_DEMANDE.isoformat(),
        **_du_site(r, nom, lieu, dit),
        **_du_titre(r, base),
        **_des_travaux(r, base),
        **_famille(r["commune"].code, lieux.famille),
    }
    noms = {"proprietaire": lieu.proprietaire, "caf": dit.caf_locale, "pmi": dit.pmi}
    phases = lieux.phases_de(r["genre"], (r.get("voies") or lieu.voies) == "oui", noms)
    valeurs["phases"] = "".join(f"    - {en_ligne(p)}\n" for p in phases)
    return valeurs | _selon_le_lieu(r, lieux, dit, valeurs)


def _du_site(r: Reponses, nom: str, lieu: LieuSuppose, dit: Interlocuteurs) -> dict[str, str]:
    """Pieces of the site sheet."""
    ou, hauteur = r.get("position"), r.get("hauteur")
    adresse = en_ligne({"adresse": ou.adresse})[1:-1] if ou is not None and ou.adresse else ""
    position = ""
    if ou is not None and ou.latitude is not None:
        source = {
            "titre": "Point donné à la création de la fiche (WGS84), à vérifier sur une carte",
            "consulte_le": DATE_DEMANDE,
        }
        position = en_ligne({"position": {"latitude": ou.latitude, "longitude": ou.longitude, "source": source}})[1:-1]
    dite = {} if hauteur is None else {"hauteur_m": {"valeur": hauteur, "base": _REPONSE}}
    return {
        "usage": lieu.usage,
        "domaine": lieu.domaine,
        "remarque": f"Genre de lieu : {lieu.libelle}. {lieu.raison[:1].upper()}{lieu.raison[1:]} (hypothèse de travail).",
        "adresse": adresse,
        "position": position,
        "carreau": _carreau(r),
        "hauteur": en_ligne(dite)[1:-1],
        "plan": "" if r.get("plan") is None else f"plan: {nom}.yaml",
        "voies": r.get("voies") or lieu.voies,
        "espaces": _espaces(r, dit),
    }


def _famille(code: str, suppose: FamilleSupposee) -> dict[str, str]:
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


def _carreau(r: Reponses) -> str:
    """INSEE square: from the extract shipped when it has the point, else what was answered, else whom to ask."""
    ou = r.get("position")
    trouve, lus = (None, None) if ou is None else (ou.carreau, ou.habitants)
    if trouve is not None and lus is not None:
        extrait = lire_carreaux()
        habitants = {
            "valeur": lus,
            "fiabilite": "secondaire",
            "source": extrait.source.model_dump(exclude_none=True),
        }
        return en_ligne({"identifiant": trouve.identifiant, "millesime": extrait.millesime, "habitants": habitants})
    if trouve is None and r.get("habitants") is None:
        return "null"
    identifiant = "à relever (Insee, statistiques locales)" if trouve is None else trouve.identifiant
    return en_ligne(
        {"identifiant": identifiant, "millesime": "à préciser", "habitants": _connue(r.get("habitants"), "l'Insee")}
    )


def _espaces(r: Reponses, dit: Interlocuteurs) -> str:
    """Outdoor space at a distance, with the answer of the PMI; or that there is none; or nothing when nobody looked."""
    espace: EspaceDit | None = r.get("espace")
    if espace is None:
        return "espaces_a_distance: []"
    if not espace.nom:
        return "sans_espace_a_distance: true"
    avis = r["pmi"]
    pmi: dict[str, Any] = {"reponse": avis.reponse, "aupres_de": f"la {dit.pmi}"}
    if avis.le is not None:
        pmi["le"] = avis.le
    distance = _connue(espace.distance_m, "l'architecte, sur place")
    dite = {"nom": espace.nom, "genre": r["espace_genre"], "distance_m": distance, "pmi": pmi}
    return f"espaces_a_distance:\n  - {en_ligne(dite)}"


def _du_titre(r: Reponses, base: Path) -> dict[str, str]:
    """Tenure, and a loan that ends before it."""
    titres = lire_titres(base)
    titre = titres.genres[r["titre"]]
    duree_pret = min(titre.duree_mois - titres.pret_marge_avant_fin_du_titre_mois, titres.pret_duree_max_mois)
    tranche, publie = tranche_de(Catalogue(dossier_donnees() / "baremes"), duree_pret, DATE_DEMANDE)
    return {
        "genre": r["titre"],
        "droits_reels": "true" if titre.droits_reels else "false",
        "bureaux_due": "1" if titre.droits_reels else "0",
        "bureaux_base": titres.redevable if titre.droits_reels else titres.non_redevable,
        "duree_titre": str(titre.duree_mois),
        "duree_pret": str(duree_pret),
        "tranche_taux": tranche,
        "taux_pret": en_ligne(float(publie.valeur)),
        "taux_base": f"{publie.libelle}, valeur {publie.periode_en_clair()}",
    }


def _des_travaux(r: Reponses, base: Path) -> dict[str, str]:
    """Kind of works: cost, duration, new building or not, taxable area."""
    couts = lire_couts(base / "hypotheses" / "couts.yaml")
    cout = couts.genres[r["travaux"]]
    existant = {
        "valeur": 0,
        "base": "bâtiment existant, aucune surface créée ; un changement d'usage peut être taxé",
        "a_obtenir_de": "le service d'urbanisme",
    }
    creee = _connue(r.get("surface"), "l'architecte", "construction neuve : toute la surface de plancher est créée")
    return {
        "date_valeur": couts.date_valeur.isoformat(),
        "cout": en_ligne(cout.milieu),
        "cout_bas": en_ligne(cout.bas),
        "cout_haut": en_ligne(cout.haut),
        "etat": r["travaux"],
        "genre_travaux": cout.libelle,
        "neuf": "true" if cout.neuf else "false",
        "travaux_mois": en_ligne(cout.travaux_mois.model_dump(exclude_defaults=True)),
        "surface_taxable": en_ligne(creee if cout.neuf else existant),
    }


def _selon_le_lieu(r: Reponses, lieux: Lieux, dit: Interlocuteurs, valeurs: Mapping[str, str]) -> dict[str, str]:
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
    prix = _connue(r.get("prix"), "le vendeur")
    avec = {**valeurs, "regime": "ancien", "prix": en_ligne(prix)}
    return {
        "aide_caf": _remplir(f"{caf}.yaml", valeurs),
        "aides_basses": _remplir(f"{caf}_basses.yaml", valeurs),
        "aide_region": _remplir(f"{region}.yaml", valeurs),
        "versement_mobilite": _remplir(f"{caf}_mobilite.yaml", valeurs),
        "taxe_region": _remplir(f"{region}_taxe.yaml", valeurs),
        "taxe_bureaux": _remplir(f"{region}_bureaux.yaml", valeurs),
        "acquisition": _remplir("acquisition.yaml", avec) if achat else "",
        "foncier": _remplir("foncier.yaml", {**avec, **_du_foncier(r, lieu, lieux, dit)}),
        "scenario_espace": _remplir("scenario_espace.yaml", valeurs) if ouvert else "",
        "questions": "".join(f"  - {en_ligne(q)}\n" for q in questions),
    }


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
        **{nom: en_ligne(_connue(loyer, lieu.proprietaire)) for nom, loyer in connus.items()},
    }


def _piece(dossier: str, code: str) -> str:
    """Name of the pieces of a department or of a region, those of elsewhere without any."""
    connu = bool(code) and (dossier_donnees() / "modeles" / dossier / f"{code}.yaml").is_file()
    return f"{dossier}/{code if connu else 'ailleurs'}"


def _proprietaire(r: Reponses, lieu: LieuSuppose) -> str:
    """Owner as a party, never named like another one."""
    if r["titre"] == "propriete":
        return "Association gestionnaire (propriétaire)"
    if lieu.proprietaire == "la commune":
        return f"Ville : {_mots(r['commune'].en_clair)} (propriétaire)"
    return "Propriétaire" if lieu.proprietaire == "le propriétaire" else lieu.proprietaire


def _loyer(r: Reponses, lieu: LieuSuppose) -> str:
    if r["titre"] == "propriete":
        return en_ligne({"valeur": 0, "base": "pleine propriété : aucun loyer"})
    return _donnee(r, "loyer", lieu)


def _donnee(r: Reponses, champ: str, lieu: LieuSuppose) -> str:
    """Area or rent: measured on the plan, answered, or to obtain from the owner."""
    valeur, plan = r.get(champ), r.get("plan")
    du_plan = {"surface": "surface_m2", "exterieur": "cour_m2"}.get(champ)
    base = _REPONSE
    if plan is not None and du_plan is not None and valeur is not None:
        mesure = getattr(plan, du_plan)
        if mesure is not None and formater_nombre(mesure, 1) == formater_nombre(valeur, 1):
            base = f"mesurée sur le plan « {plan.trace.fiche.titre} »"
    return en_ligne(_connue(valeur, lieu.proprietaire, base))


def _connue(valeur: float | None, a_qui: str, base: str = _REPONSE) -> dict[str, Any]:
    """Input known by an answer, or unknown, with whom to ask."""
    return {"a_obtenir_de": a_qui} if valeur is None else {"valeur": valeur, "base": base, "a_obtenir_de": a_qui}


def _mots(texte: str) -> str:
    """Text inside the quotes of a sheet."""
    return texte.strip().replace('"', "'").replace("\\", "/")
