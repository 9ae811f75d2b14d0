"""Sheets of a new place from its answers: site, study, plan — each known fact in both, the rest marked as supposed or to obtain."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.genres_de_lieu import LieuSuppose, lire_lieux, lire_titres
from pope_foncier.etude.questions_du_lieu import rayon_en_clair
from pope_foncier.etude.reponses_du_lieu import EspaceDit
from pope_foncier.etude.selon_le_lieu import REPONSE, connue, famille, remplir, selon_le_lieu
from pope_foncier.lieu.carreau import lire_carreaux
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.prets.tranches_de_taux import tranche_de
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.questions import Reponses
from pope_foncier.socle.yaml_ecrit import en_ligne
from pope_foncier.territoire.communes import Interlocuteurs, interlocuteurs
from pope_foncier.travaux.cout import lire_couts


def rediger(r: Reponses, nom: str, base: Path) -> dict[Path, str]:
    """Texts of the sheets of a place, by their path in the data folder.

    Args:
        r: answers read, by question.
        nom: name of the files.
        base: data folder that holds the assumptions.
    """
    valeurs = _valeurs(r, nom, base)
    site, etude = remplir("site.yaml", valeurs), remplir("etude.yaml", valeurs)
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
        "referent_sante": en_ligne(connue(r.get("referent_sante"), "le gestionnaire")),
        "depart": r["depart"].isoformat(),
        "date_demande": lire_lieux().date_demande.isoformat(),
        **_du_site(r, nom, lieu, dit),
        **_du_titre(r, base),
        **_des_travaux(r, base),
        **famille(r["commune"].code, lieux.famille),
    }
    noms = {"proprietaire": lieu.proprietaire, "caf": dit.caf_locale, "pmi": dit.pmi}
    phases = lieux.phases_de(r["genre"], (r.get("voies") or lieu.voies) == "oui", noms)
    valeurs["phases"] = "".join(f"    - {en_ligne(p)}\n" for p in phases)
    return valeurs | selon_le_lieu(r, lieux, dit, valeurs)


def _du_site(r: Reponses, nom: str, lieu: LieuSuppose, dit: Interlocuteurs) -> dict[str, str]:
    """Pieces of the site sheet."""
    ou, hauteur = r.get("position"), r.get("hauteur")
    adresse = en_ligne({"adresse": ou.adresse})[1:-1] if ou is not None and ou.adresse else ""
    position = ""
    if ou is not None and ou.latitude is not None:
        source = {
            "titre": "Point donné à la création de la fiche (WGS84), à vérifier sur une carte",
            "consulte_le": lire_lieux().date_demande,
        }
        position = en_ligne({"position": {"latitude": ou.latitude, "longitude": ou.longitude, "source": source}})[1:-1]
    dite = {} if hauteur is None else {"hauteur_m": {"valeur": hauteur, "base": REPONSE}}
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
        {"identifiant": identifiant, "millesime": "à préciser", "habitants": connue(r.get("habitants"), "l'Insee")}
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
    distance = connue(espace.distance_m, "l'architecte, sur place")
    dite = {"nom": espace.nom, "genre": r["espace_genre"], "distance_m": distance, "pmi": pmi}
    return f"espaces_a_distance:\n  - {en_ligne(dite)}"


def _du_titre(r: Reponses, base: Path) -> dict[str, str]:
    """Tenure, and a loan that ends before it."""
    titres = lire_titres(base)
    titre = titres.genres[r["titre"]]
    duree_pret = min(titre.duree_mois - titres.pret_marge_avant_fin_du_titre_mois, titres.pret_duree_max_mois)
    tranche, publie = tranche_de(Catalogue(dossier_donnees() / "baremes"), duree_pret, lire_lieux().date_demande)
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
    creee = connue(r.get("surface"), "l'architecte", "construction neuve : toute la surface de plancher est créée")
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
    base = REPONSE
    if plan is not None and du_plan is not None and valeur is not None:
        mesure = getattr(plan, du_plan)
        if mesure is not None and formater_nombre(mesure, 1) == formater_nombre(valeur, 1):
            base = f"mesurée sur le plan « {plan.trace.fiche.titre} »"
    return en_ligne(connue(valeur, lieu.proprietaire, base))


def _mots(texte: str) -> str:
    """Text inside the quotes of a sheet."""
    return texte.strip().replace('"', "'").replace("\\", "/")
