"""GeoJSON read as a plan, without a question: its objects say their nature, what is foreign is counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from pope_foncier.lieu.fichiers import systemes
from pope_foncier.lieu.fichiers.candidats import convient, en_forme, points_et_trous
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.provenance import en_phrase, pourquoi
from pope_foncier.lieu.fichiers.questions import questions
from pope_foncier.lieu.geometrie import LAMBERT93, WGS84, projeter
from pope_foncier.lieu.plan import Plan
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import valider


def plan_tel_quel(chemin: Path) -> tuple[Plan, tuple[str, ...]]:
    """Plan of a GeoJSON whose objects say their nature, in its own system, and what was left out of it.

    Raises:
        ErreurDonnees: the faults of the file; objects without a nature are for the importer.
    """
    court, importation = chemin_court(chemin), Importation(chemin)
    releve = importation.releve
    trouves, dits = Counter(releve.laisses), []
    for objet in releve.objets:
        if objet.nature and convient(objet.nature, objet.forme):
            dits.append(objet)
        else:
            trouves[pourquoi(objet.nature, objet.forme)] += 1
    if not dits:
        message = "aucun contour ni ligne n'y dit ce qu'il est (« nature »)."
        remede = f"le convertir : « pope-foncier plan importer {chemin.name} --site … »."
        raise ErreurDonnees.une(court, f"{message} {en_phrase(trouves)}" if trouves else message, remede)
    if douteux := [q for q in questions(importation) if q.option in ("--systeme", "--unite")]:
        remede = f"l'écrire dans le fichier, ou : « pope-foncier plan importer {chemin.name} {douteux[0].option} … »."
        raise ErreurDonnees.une(court, douteux[0].invite, remede)
    code = importation.systeme.valeur
    systeme = {systemes.LOCAL: "local", WGS84: "wgs84"}.get(code, "lambert93")
    elements = []
    for objet in dits:
        forme = en_forme(objet.nature, objet.forme)
        forme = projeter(forme, code, LAMBERT93) if systeme == "lambert93" else forme
        champs: dict[str, Any] = {"nature": objet.nature, "nom": objet.nom or None, "fonction": objet.fonction or None}
        champs |= {"niveau": objet.niveau, **objet.proprietes}
        elements.append({c: v for c, v in champs.items() if v is not None} | points_et_trous(forme))
    plan = valider(Plan, importation.tete() | {"systeme": systeme, "elements": elements}, court)
    return plan, (f"{chemin.name}. {en_phrase(trouves)}",) if trouves else ()
