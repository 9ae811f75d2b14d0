"""From the answers about an offer to its loan sheet: commented, complete, read again before it is written."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from pope_foncier.prets.ecriture import INDICES
from pope_foncier.prets.fiche import calculer_prets
from pope_foncier.prets.questions_d_offre import QUESTIONS
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurSortie, Probleme
from pope_foncier.socle.questions import Reponses
from pope_foncier.socle.temps import date_en_clair

_RANGS = {
    "montant": "capital",
    "duree_mois": "duree_mois",
    "profil": "profil",
    "progression": "progression",
    "rythme": "periodes_par_an",
    **{x: x for x in ("date_debut", "date_premiere_echeance", "base_jours", "differe", "differe_mois")},
    "non_utilisation": "commission_non_utilisation",
}
"""Answers that a field of the loan takes as they are."""


def rediger(reponses: Reponses) -> str:
    """Loan sheet of an offer, in YAML."""
    offre = _bloc(_offre(reponses), 2)
    pret = _bloc(_pret(reponses), 2)
    tete = f"# Offre de prêt de {reponses['preteur']}, saisie ligne à ligne. Chaque taux est une fraction : 0.035 pour 3,5 %.\n"
    if reponses["genre_taux"] == "indexe":
        tete += (
            f"# Seul, le prêt tient l'indice ({reponses['indice']}) à sa valeur du jour de l'offre : une hypothèse, jamais une prévision. "
            "Pour un autre chemin,\n# ajouter des lignes à « indices »."
        )
        suivi = _indexation(reponses) is not None
        tete += " Dans une étude, « indexation » suit le chemin de l'étude.\n" if suivi else "\n"
    return f"{tete}titre: {_scalaire(reponses['libelle'])}\noffre:\n{offre}pret:\n{pret}"


def enregistrer(reponses: Reponses, fichier: Path) -> Path:
    """Write the sheet of an offer, once it has been read again and its schedule computed; never over another file.

    Raises:
        ErreurSortie: the file is there already.
        ErreurDonnees: terms that contradict each other, and the answers to give again.
    """
    texte = rediger(reponses)
    refuser_d_ecraser(fichier)
    with tempfile.TemporaryDirectory() as essai:
        calculer_prets(ecrire(Path(essai) / fichier.name, texte))
    return ecrire(fichier, texte)


def refuser_d_ecraser(fichier: Path) -> None:
    """Refuse a file that exists.

    Raises:
        ErreurSortie: it does.
    """
    if fichier.exists():
        raise ErreurSortie(f"{fichier} existe déjà : rien n'est écrasé. Donner un autre nom, ou l'ôter d'abord.")


def a_redemander(erreur: ErreurDonnees, reponses: Reponses) -> str:
    """Field of the answer that a refusal names, else the term."""
    dits = " ".join(_dit(p) for p in erreur.problemes)
    noms = {q.champ: q.champ for q in QUESTIONS} | {fiche: champ for champ, fiche in _RANGS.items()}
    return next((champ for nom, champ in noms.items() if f"« {nom} »" in dits and champ in reponses), "duree_mois")


def _dit(probleme: Probleme) -> str:
    return f"« {(probleme.champ or '').rpartition('.')[2]} » {probleme.message}"


def _offre(r: Reponses) -> dict[str, Any]:
    anticipe: dict[str, Any] | None = None
    if r["anticipe"] != "non_precisee":
        lus = {"pourcentage": "anticipe_part", "mois": "anticipe_mois", "taux_reference": "anticipe_taux"}
        anticipe = _garnis({"mode": r["anticipe"], **{nom: r.get(champ) for nom, champ in lus.items()}})
    noms = ("preteur", "emprunteur", "nature_emprunteur", "objet", "date_offre", "valable_jusqu_au", "indice")
    dits = {n: r.get(n) for n in noms}
    suretes = list(r.get("suretes") or ())
    if r["caution"] == "caution":
        suretes.insert(0, f"caution de {r['garant']}")
    return _garnis({**dits, "suretes": suretes, "anticipe": anticipe, "reserves": list(r.get("reserves") or ())})


def _pret(r: Reponses) -> dict[str, Any]:
    taux = r["taux"] if r["genre_taux"] == "fixe" else r["valeur_indice"] + r["marge"]
    lus: dict[str, Any] = {"libelle": r["libelle"], "capital": r["montant"], "taux": round(taux, 8)}
    lus |= {fiche: r.get(champ) for champ, fiche in _RANGS.items()}
    lus["periodes_par_an"] = int(r["rythme"])
    lus["arrondi"] = "centime"
    if r["genre_taux"] == "indexe":
        lus["indexation"] = _indexation(r)
        rythme = {"premiere_mois": r["revision_mois"], "tous_les_mois": r["revision_mois"]}
        bornes = {"plafond": r.get("plafond_taux"), "plancher": r.get("plancher_taux")}
        indices = [{"a_partir_du_mois": 0, "indice": r["valeur_indice"]}]
        lus["revision"] = _garnis({"marge": r["marge"], **rythme, **bornes, "indices": indices})
    lus["deblocages"] = [{"mois": mois, "part": round(part, 10)} for part, mois in r.get("deblocages") or ()]
    if r["assurance"] != "aucune":
        lus["assurance"] = {"mode": r["assurance"], "taux": r["taux_assurance"]}
    frais = (("frais de dossier", r["frais_dossier"]), ("autres frais", r["autres_frais"]))
    lus["frais"] = [{"libelle": nom, genre: v} for nom, (genre, v) in frais if v]
    if r["caution"] == "caution":
        dite = {n: r[n] for n in ("garant", "quotite", "commission")}
        lus["garantie"] = _garnis({**dite, "plafond": r.get("plafond_garantie")})
    return _garnis(lus)


def _indexation(r: Reponses) -> dict[str, Any] | None:
    """Index that a study knows by its scale and its path; None for another one."""
    connus = {nom.casefold(): (bareme, evolution) for nom, (bareme, evolution, _) in INDICES.items()}
    connu = connus.get(r["indice"].casefold())
    return None if connu is None else {"bareme": connu[0], "evolution": connu[1], "marge": r["marge"]}


def _garnis(valeurs: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in valeurs.items() if v is not None and v != []}


def _bloc(valeurs: dict[str, Any], retrait: int) -> str:
    """Mapping in YAML, one field a line; a list of mappings one element a line."""
    lignes = []
    for nom, valeur in valeurs.items():
        tete = f"{' ' * retrait}{nom}:"
        if isinstance(valeur, dict) and any(isinstance(v, list) for v in valeur.values()):
            lignes.append(f"{tete}\n{_bloc(valeur, retrait + 2)}")
        elif isinstance(valeur, list) and valeur and isinstance(valeur[0], dict):
            lignes.append(f"{tete}\n" + "".join(f"{' ' * (retrait + 2)}- {_scalaire(v)}\n" for v in valeur))
        else:
            clair = f"  # {date_en_clair(valeur)}" if isinstance(valeur, date) else ""
            lignes.append(f"{tete} {_scalaire(valeur)}{clair}\n")
    return "".join(lignes)


def _scalaire(valeur: Any) -> str:
    """Value in YAML, on one line: words between quotes, days and numbers bare."""
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, str):
        return json.dumps(valeur, ensure_ascii=False)
    if isinstance(valeur, dict):
        return "{" + ", ".join(f"{n}: {_scalaire(v)}" for n, v in valeur.items()) + "}"
    if isinstance(valeur, list | tuple):
        return "[" + ", ".join(_scalaire(v) for v in valeur) + "]"
    return str(valeur) if isinstance(valeur, int) else f"{valeur:.12g}"
