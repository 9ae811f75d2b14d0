"""Plan as a YAML text, laid out as a hand writes it: its head, then an element a line; read again it is the same plan."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pope_foncier.lieu.plan import Plan

_NU = re.compile(r"[a-z][a-z0-9_]*")
_MOTS_DU_YAML = ("true", "false", "null")


def en_yaml(plan: Plan, commentaire: str = "") -> str:
    """YAML text of a plan.

    Args:
        commentaire: what the head of the file says, a line of text or several; nothing by default.
    """
    champs = plan.model_dump(exclude_defaults=True, exclude_none=True)
    elements = champs.pop("elements")
    lignes = [f"# {ligne}".rstrip() for ligne in commentaire.splitlines()]
    lignes += [f"{nom}: {_flux(valeur)}" for nom, valeur in champs.items()]
    lignes += ["elements:", *(f"  - {_flux(element)}" for element in elements)]
    return "\n".join(lignes) + "\n"


def _flux(valeur: Any) -> str:
    """Value on one line."""
    if isinstance(valeur, Mapping):
        return "{" + ", ".join(f"{_flux(nom)}: {_flux(v)}" for nom, v in valeur.items()) + "}"
    if isinstance(valeur, list | tuple):
        return "[" + ", ".join(map(_flux, valeur)) + "]"
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, float):
        return format(Decimal(repr(valeur)).normalize(), "f") if valeur else "0"
    if isinstance(valeur, int):
        return str(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    texte = str(valeur)
    nu = _NU.fullmatch(texte) and texte not in _MOTS_DU_YAML
    return texte if nu else json.dumps(texte, ensure_ascii=False)
