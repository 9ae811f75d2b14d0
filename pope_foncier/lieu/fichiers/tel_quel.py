"""GeoJSON read as a plan, without a question: its objects say their nature, what is foreign is counted."""

from __future__ import annotations

from pathlib import Path

from pope_foncier.lieu.fichiers import systemes
from pope_foncier.lieu.fichiers.candidats import points_et_trous
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.provenance import en_phrase
from pope_foncier.lieu.geometrie import LAMBERT93, projeter
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
    dits = [o for o in releve.objets if o.nature]
    trouves = dict(releve.laisses)
    if not dits:
        message = "aucun contour ni ligne à dessiner."
        if releve.objets:
            message = f"aucun des {len(releve.objets)} tracés ne dit ce qu'il est (« nature »)."
        remede = f"le convertir : « pope-foncier plan importer {chemin.name} --site … »."
        raise ErreurDonnees.une(court, f"{message} {en_phrase(trouves)}" if trouves else message, remede)
    code = importation.systeme.valeur
    systeme = {systemes.LOCAL: "local", systemes.WGS84: "wgs84"}.get(code, "lambert93")
    elements = []
    for objet in dits:
        forme = projeter(objet.forme, code, LAMBERT93) if systeme == "lambert93" else objet.forme
        champs = {"nature": objet.nature, "nom": objet.nom or None, "fonction": objet.fonction or None}
        champs |= {"niveau": objet.niveau, **objet.proprietes}
        elements.append({c: v for c, v in champs.items() if v is not None} | points_et_trous(forme))
    if sans := len(releve.objets) - len(dits):
        trouves["tracés sans nature"] = sans
    plan = valider(Plan, importation.tete() | {"systeme": systeme, "elements": elements}, court)
    return plan, (f"{chemin.name}. {en_phrase(trouves)}",) if trouves else ()
