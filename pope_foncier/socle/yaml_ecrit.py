"""Values written in YAML on one line, as a hand writes them: words bare when they can, days and numbers bare."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_NU = re.compile(r"[a-z][a-z0-9_]*")
_MOTS_DU_YAML = ("true", "false", "null", "yes", "no", "on", "off")


def en_ligne(valeur: Any) -> str:
    """Value on one line."""
    if isinstance(valeur, Mapping):
        return "{" + ", ".join(f"{en_ligne(nom)}: {en_ligne(v)}" for nom, v in valeur.items()) + "}"
    if isinstance(valeur, list | tuple):
        return "[" + ", ".join(map(en_ligne, valeur)) + "]"
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
