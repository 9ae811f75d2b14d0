"""Provenance of an imported plan: source, system, unit, what was left out, what is to confirm; written as its first lines."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pope_foncier.lieu.fichiers import systemes
from pope_foncier.lieu.fichiers.candidats import convient
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.questions import m2
from pope_foncier.lieu.geometrie import LAMBERT93
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.lieu.vraisemblance import lire_vraisemblance
from pope_foncier.socle.francais import espaces
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import date_en_clair

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_LARGEUR = 118
_GENRES = {"Point": "points", "LineString": "lignes"}
_PAREIL = 1e-4
"""Share of an area under which two systems measure alike."""


def laisses(importation: Importation) -> dict[str, int]:
    """What the plan leaves out, in words, with how many."""
    trouves = Counter(importation.releve.laisses)
    gardes = {c.rang for c in importation.retenus}
    trouves.update(pourquoi(c.nature, c.forme) for c in importation.candidats if c.rang not in gardes)
    return dict(trouves)


def pourquoi(nature: str, forme: BaseGeometry) -> str:
    """Why a thing is left out of the plan, in the plural."""
    genre = _GENRES.get(forme.geom_type, "contours")
    if not nature:
        return f"{genre} sans nature"
    if not convient(nature, forme):
        return f"{genre} là où un autre tracé est attendu ({nature})"
    return f"non choisis ({nature})"


def en_phrase(trouves: Mapping[str, int]) -> str:
    """What was left out, in one line."""
    return f"Laissé de côté : {' ; '.join(f'{quoi} : {formater_nombre(n)}' for quoi, n in trouves.items())}."


def avis(importation: Importation) -> tuple[str, ...]:
    """What the import adds to what the file says: areas that differ, natures and functions proposed."""
    phrases = []
    code, plan = importation.systeme_de_mesure, importation.plan
    if plan.fiche.systeme == "lambert93" and code != LAMBERT93:
        avant = sum(c.surface for c in importation.retenus)
        apres = sum(float(e.forme.area) for e in plan.elements)
        if avant and abs(apres / avant - 1) > _PAREIL:
            nom = systemes.en_clair(code)
            phrases.append(f"Surfaces : {m2(avant)} dans le système du fichier ({nom}), {m2(apres)} en Lambert-93.")
    if plan.fiche.systeme == "local" and code != systemes.LOCAL:
        phrases.append(f"Hors de la France métropolitaine : plan en axes locaux, mesuré en {systemes.en_clair(code)}.")
    if (loin := importation.ecart_de_place_m) is not None and loin > lire_vraisemblance().position_ecart_admis_m:
        phrases.append(
            f"Le fichier se dit à {formater_nombre(loin / 1000, 1)} km du site : vérifier que c'est bien ce lieu."
        )
    proposees = dict.fromkeys(c.nature for c in importation.retenus if c.proposee)
    if proposees:
        phrases.append(f"Nature proposée d'après les couches et les champs, à confirmer : {', '.join(proposees)}.")
    pieces = [c for c in importation.retenus if c.nature == "piece"]
    a_confirmer = [f"{c.nom} ({f})" for c in pieces for f, douteuse in [importation.fonction_de(c)] if douteuse]
    if a_confirmer:
        phrases.append(f"Fonction lue dans le nom, à confirmer : {', '.join(a_confirmer)}.")
    return tuple(phrases)


def en_tete(importation: Importation) -> list[str]:
    """Where the plan comes from, sentence by sentence."""
    quand = f" le {date_en_clair(importation.jour)}" if importation.jour else ""
    systeme, unite = importation.systeme, importation.unite
    lignes = [
        f"Plan importé de {importation.chemin.name} ({importation.releve.format}){quand}.",
        f"Système du fichier : {systemes.en_clair(systeme.valeur)}, {systeme.dit}. Unité : {unite.valeur}, {unite.dit}.",
        *importation.releve.avis,
        *avis(importation),
    ]
    trouves = laisses(importation)
    return [*lignes, en_phrase(trouves)] if trouves else lignes


def texte(importation: Importation) -> str:
    """YAML of the plan, its provenance as a comment."""
    return en_yaml(importation.plan.fiche, "\n".join(textwrap.fill(espaces(x), _LARGEUR) for x in en_tete(importation)))
