"""Fields of a study by their path: ``travaux.cout_m2_ht``, ``prets[banque].taux``; or as keywords, ``travaux__cout_m2_ht``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pope_foncier.etude.fiche import Etude as FicheEtude
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.fiches import Fiche
from pope_foncier.socle.refus import refuser

ESSAI = "essai"
"""Basis of a value that a user tries: an assumption, said as such."""
_ECARTES = ("scenarios", "blocs", "questions_ouvertes")
_PAS = re.compile(r"([A-Za-z_0-9]+)(?:\[([^\]]+)\])?")


def _feuilles(fiche: Any, prefixe: str = "") -> Iterator[tuple[str, Any]]:
    """Fields that a patch may replace: everything but the sheets themselves."""
    for nom in type(fiche).model_fields:
        valeur, chemin = getattr(fiche, nom), f"{prefixe}{nom}"
        if nom in _ECARTES:
            continue
        if isinstance(valeur, Fiche) and not isinstance(valeur, Donnee):
            yield from _feuilles(valeur, f"{chemin}.")
        elif isinstance(valeur, tuple) and valeur and all(hasattr(x, "id") for x in valeur):
            for element in valeur:
                yield from _feuilles(element, f"{chemin}[{element.id}].")
        else:
            yield chemin, valeur


def chemin_de(fiche: FicheEtude, nom: str) -> str:
    """Path of a field, from a path or from a keyword (``prets__banque__taux``), checked on the study.

    Raises:
        Inconnu: no such field; the near ones are offered.
    """
    if "." in nom or "[" in nom or "__" not in nom:
        pas = [(p, cle) for p, cle in _PAS.findall(nom)]
    else:
        pas = [(p, "") for p in nom.split("__")]
    if not pas:
        raise _inconnu(fiche, nom)
    chemin, courant = "", fiche
    while pas:
        (nom_du_pas, cle), *pas = pas
        if not isinstance(courant, Fiche) or nom_du_pas not in type(courant).model_fields:
            raise _inconnu(fiche, nom)
        chemin = f"{chemin}.{nom_du_pas}" if chemin else nom_du_pas
        courant = getattr(courant, nom_du_pas)
        if cle or (isinstance(courant, tuple) and pas):
            if not cle:
                (cle, _), *pas = pas
            trouve = [x for x in courant if getattr(x, "id", None) == cle] if isinstance(courant, tuple) else []
            if not trouve:
                raise _inconnu(fiche, nom)
            chemin, courant = f"{chemin}[{cle}]", trouve[0]
    return chemin


def _inconnu(fiche: FicheEtude, nom: str) -> Exception:
    connus = [chemin for chemin, _ in _feuilles(fiche)]
    lu = nom.replace("__", ".")
    return refuser("Champ inconnu", lu, connus)


def en_chemins(fiche: FicheEtude, champs: Mapping[str, Any] | None, mots: Mapping[str, Any]) -> dict[str, Any]:
    """Values by path, from a mapping of paths and from keywords; a bare number tried on an input is an assumption."""
    dits = {chemin_de(fiche, nom): valeur for nom, valeur in {**(champs or {}), **mots}.items()}
    return {chemin: _en_donnee(fiche, chemin, _simple(valeur)) for chemin, valeur in dits.items()}


def essayer(valeur: Any) -> Any:
    """Input that a user tries: a bare number is an assumption; a table stays as it is written."""
    return valeur if isinstance(valeur, Mapping) else {"valeur": _simple(valeur), "base": ESSAI}


def _simple(valeur: Any) -> Any:
    """Number of numpy as a number of Python."""
    return valeur.item() if isinstance(valeur, np.generic) else valeur


def _en_donnee(fiche: FicheEtude, chemin: str, valeur: Any) -> Any:
    """Number tried on an input, as an assumption; anything else as it is."""
    parent, _, nom = chemin.rpartition(".")
    section = type(lire_champ(fiche, parent) if parent else fiche)
    attendu = str(section.model_fields[nom.partition("[")[0]].annotation)
    if "Donnee[" in attendu and isinstance(valeur, int | float) and not isinstance(valeur, bool):
        return essayer(valeur)
    return valeur
