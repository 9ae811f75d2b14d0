"""Building models opened: what is no model, cut short, damaged or in a schema that is not read is refused in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pope_foncier.lieu.fichiers.ifc_formes import EXTRA
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, abreger
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.lecture import lire_octets
from pope_foncier.socle.memoire import exiger_memoire

_TAILLE_MAX_OCTETS, _MEMOIRE_PAR_OCTET = 150_000_000, 15.0
_SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")
_VALEURS = re.compile(r"Expected (\d+) attribute values, found (\d+)")
"""What the library notes of an object; one that has more values than its class has swallowed the next ones."""
_LIENS = {
    "IfcRelAggregates": ("RelatedObjects", "RelatingObject"),
    "IfcRelContainedInSpatialStructure": ("RelatedElements", "RelatingStructure"),
    "IfcRelVoidsElement": ("RelatedOpeningElement", "RelatingBuildingElement"),
    "IfcRelFillsElement": ("RelatedBuildingElement", "RelatingOpeningElement"),
}
"""Links that place an object in another: those held, the one that holds."""


def ouvrir(chemin: Path) -> tuple[Any, list[str]]:
    """Model opened, and what of it could not be read.

    Raises:
        ErreurDonnees: not a model, cut short, in a schema that is not read, or damaged.
        ErreurCalcul: the extra is not installed, or the model would take too much memory.
    """
    octets, court = lire_octets(chemin, _TAILLE_MAX_OCTETS), chemin_court(chemin)
    tete = octets[:20_000]
    if not tete.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISO-10303-21"):
        remede = "exporter la maquette en IFC (fichier .ifc, ni .ifczip ni .ifcxml)."
        raise ErreurDonnees.une(court, "ce n'est pas un modèle IFC.", remede)
    ecrit = re.search(rb"FILE_SCHEMA\s*\(\s*\(\s*'([^']*)'", tete)
    schema = ecrit[1].decode("ascii", "replace").upper() if ecrit else ""
    if not any(schema == s or schema.startswith(f"{s}_") for s in _SCHEMAS):
        message = f"schéma « {abreger(schema, 30)} » non lu." if schema else "schéma IFC non dit dans l'en-tête."
        raise ErreurDonnees.une(court, message, "exporter la maquette en IFC2x3 ou IFC4 (IFC4 ADD2 TC1).")
    if b"END-ISO-10303-21" not in octets[-2_000:]:
        raise ErreurDonnees.une(court, "modèle IFC coupé : sa fin manque.", "reprendre le fichier entier à sa source.")
    exiger_memoire(_MEMOIRE_PAR_OCTET * len(octets), court, "Exporter les seuls étages, murs et pièces.")
    ifcopenshell = bibliotheque("ifcopenshell", *EXTRA)
    attendus = len(re.findall(rb"=\s*IFCSPACE\s*\(", octets, re.IGNORECASE))
    del octets
    try:
        ifcopenshell.get_log()  # what other files left there
        modele = ifcopenshell.open(str(chemin))
        journal = ifcopenshell.get_log()
        fautes = [x for x in journal.splitlines() if "[error]" in x.lower()]
        trop = any(int(lus) > int(attendu) for attendu, lus in _VALEURS.findall(journal)) or "'ENDSEC'" in journal
        entier = len(modele.by_type("IfcSpace")) == attendus and not trop and not _tourne_en_rond(modele)
    except Exception:  # whatever the library raises on a broken model
        entier = False
    if not entier:
        raise abime(chemin)
    return modele, [
        f"{len(fautes)} ligne(s) du modèle ne se lisent pas : ce qu'elles disent manque ici."
    ] if fautes else []


def abime(chemin: Path) -> ErreurDonnees:
    """Refusal of a damaged model."""
    message = "modèle IFC abîmé : il ne se lit pas en entier."
    return ErreurDonnees.une(chemin_court(chemin), message, "l'exporter à nouveau.")


def _tourne_en_rond(modele: Any) -> bool:
    """Whether an object lies in itself, by its holders or by its placements: a library would follow them for ever."""
    liens: list[tuple[int, int]] = []
    for genre, (tenus, tenant) in _LIENS.items():
        for lien in modele.by_type(genre):
            siens = getattr(lien, tenus)
            liens += [(x.id(), getattr(lien, tenant).id()) for x in (siens if isinstance(siens, tuple) else (siens,))]
    liens += [(p.id(), p.PlacementRelTo.id()) for p in modele.by_type("IfcLocalPlacement") if p.PlacementRelTo]
    try:
        tuple(TopologicalSorter(_par_tenu(liens)).static_order())
    except CycleError:
        return True
    return False


def _par_tenu(liens: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    graphe: dict[int, set[int]] = {}
    for tenu, tenant in liens:
        graphe.setdefault(tenu, set()).add(tenant)
    return graphe
