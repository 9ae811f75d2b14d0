"""Manifest of a dossier: versions, prints of what was read and written, scales with their dates; nothing of when or where it was made."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pope_foncier.decision.balayage.empreintes import programme
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.lecture import existe, lire_octets
from pope_foncier.vues.dossier.annexes import baremes_lus
from pope_foncier.vues.dossier.sujet import Sujet

NOM = "manifeste.json"
_BIBLIOTHEQUES = ("pope-foncier", "numpy", "pandas", "shapely", "babel", "python-docx", "typst", "xlsxwriter")
_TAILLE_MAX = 100_000_000
"""Largest file read [bytes]."""


def rediger(sujet: Sujet, fichier: Path | None, sorties: Mapping[str, str | bytes]) -> str:
    """Manifest as JSON.

    Args:
        fichier: file of the study; none for a study made in Python.
        sorties: what is written beside it, by name.
    """
    etude = sujet.dossier.etude
    lu: dict[str, Any] = {
        "etude": sujet.dossier.nom,
        "titre": etude.titre,
        "scenario": sujet.scenario,
        "depart": etude.date_depart.isoformat(),
        "droit_lu_au": etude.date_demande.isoformat(),
        "evolution": etude.evolution,
        "versions": {"python": platform.python_version(), **{nom: _version(nom) for nom in _BIBLIOTHEQUES}},
        "programme": programme(),
        "etude_calculee": _empreinte(json.dumps(sujet.dossier.brut, ensure_ascii=False, sort_keys=True, default=str)),
        "entrees": _entrees(sujet, fichier),
        "sorties": {nom: _empreinte(contenu) for nom, contenu in sorties.items()},
        "baremes": [{"source": mention, "lus": quoi} for mention, quoi in baremes_lus(sujet.vue).items()],
    }
    return json.dumps(lu, ensure_ascii=False, indent=1)


def _entrees(sujet: Sujet, fichier: Path | None) -> dict[str, str]:
    """Prints of the files of the study and of its site."""
    site = dossier_donnees() / "sites" / f"{sujet.dossier.etude.site}.yaml"
    lus = [f for f in (fichier, site) if f is not None and existe(f)]
    return {f.name if f is fichier else f"sites/{f.name}": _empreinte(lire_octets(f, _TAILLE_MAX)) for f in lus}


def _empreinte(contenu: str | bytes) -> str:
    return hashlib.sha256(contenu.encode() if isinstance(contenu, str) else contenu).hexdigest()


def _version(nom: str) -> str:
    try:
        return version(nom)
    except PackageNotFoundError:
        return "absente"
