"""Layers of a drawing: what each bears, by a table of usual names or by the user's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import get_args

from pope_foncier.lieu.fichiers.noms_de_pieces import Mots, mots_de, place_de
from pope_foncier.lieu.plan import Nature
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche

FERMENT = ("mur", "baie", "porte", "fenetre")
"""Roles whose lines close rooms together."""
ROLES = (*get_args(Nature), "mur", "baie", "trou_batiment", "trou_parcelle", "noms", "hors_plan")
_D_ABORD = ("hors_plan", "noms")


class Calques(Fiche):
    """Table of layer names by role."""

    sources: dict[str, Reference]
    roles: dict[str, tuple[Texte, ...]]


class CalquesDits(Fiche):
    """Layers as a user says them, name by name."""

    calques: dict[str, Texte]


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[Mots, str], ...]:
    table = lire_fiche(Calques, dossier_donnees() / "locaux" / "calques.yaml")
    return tuple((_mots(nom), role) for role, noms in table.roles.items() for nom in noms)


def _mots(calque: str) -> Mots:
    """Words of a layer name, after the prefix of a bound reference."""
    return mots_de(re.sub(r"\$\d+\$", "$", calque).rpartition("$")[2])


@lru_cache(maxsize=512)
def role_du_calque(calque: str) -> str:
    """Role that the name of a layer tells; empty when the table knows none of its words.

    >>> [role_du_calque(c) for c in ("GEX_BAT_mur_bas", "xref-plan$0$A-FOOTPRINT", "1PARCELLE", "GEX_EDS_SU_bureau", "0", "MUR_COTATION")]
    ['mur', 'batiment', 'parcelle', 'piece', '', 'hors_plan']
    """
    mots = _mots(calque)
    trouves = [
        (len(m), role in _D_ABORD, len("".join(m)), role) for m, role in _table() if place_de(m, mots) is not None
    ]
    return max(trouves)[3] if trouves else ""


def lire_calques(fichier: Path) -> dict[str, str]:
    """Roles of layers that a user says in a file (YAML, « calques: »).

    Raises:
        ErreurDonnees: a file that cannot be read, or a role that does not exist.
    """
    calques = dict(lire_fiche(CalquesDits, fichier).calques)
    remede = f"choisir parmi : {', '.join(ROLES)}."
    problemes = [
        Probleme(chemin_court(fichier), None, f"calques.{nom}", f"rôle « {role} » inconnu.", remede)
        for nom, role in calques.items()
        if role not in ROLES
    ]
    if problemes:
        raise ErreurDonnees(problemes)
    return calques


def role_dit(calque: str, dits: Mapping[str, str]) -> str:
    """Role that the user says of a layer, by its very name, or by its words, the prefix of a bound reference left out or not."""
    if calque in dits:
        return dits[calque]
    noms = (mots_de(calque), _mots(calque))
    return next((role for nom, role in dits.items() if mots_de(nom) in noms), "")
