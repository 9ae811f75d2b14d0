"""Strict JSON reading: UTF-8, finite numbers that a double holds, a depth that can be read; every refusal in French."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.lecture import TAILLE_MAX_OCTETS, exiger_de_tenir
from pope_foncier.socle.yaml_strict import lire_texte

_CHIFFRES_MAX = 300
_POIDS = dict.fromkeys("[{,:", 64.0)


def _entier(brut: str) -> int:
    if len(brut) > _CHIFFRES_MAX:
        raise ValueError(brut)
    return int(brut)


def _decimal(brut: str) -> float:
    valeur = float(brut)
    if not math.isfinite(valeur):
        raise ValueError(brut)
    return valeur


def decoder(texte: str) -> Any:
    """Plain data of a JSON text.

    Raises:
        ValueError: not JSON, or a number that is infinite, undefined or endless.
        RecursionError: too deep.
    """
    return json.loads(texte, parse_int=_entier, parse_float=_decimal, parse_constant=_decimal)


def charger_json(chemin: Path, remede: str, maxi: int = TAILLE_MAX_OCTETS) -> Any:
    """Plain data of a JSON file.

    Args:
        chemin: file to read.
        remede: what to do when it is not JSON.
        maxi: largest size [bytes].

    Raises:
        ErreurDonnees: absent, not UTF-8, not JSON, too deep, or a number that is infinite, undefined or endless.
        ErreurCalcul: it would take too much memory.
    """
    court, texte = chemin_court(chemin), lire_texte(chemin, maxi)
    exiger_de_tenir(chemin, texte, _POIDS)
    try:
        return decoder(texte)
    except json.JSONDecodeError as erreur:
        probleme = Probleme(court, erreur.lineno, "", "ce n'est pas du JSON.", remede)
    except ValueError as erreur:
        probleme = Probleme(court, None, "", f"nombre hors de toute mesure : « {erreur} ».", "écrire un nombre fini.")
    except RecursionError:
        probleme = Probleme(court, None, "", "le fichier s'emboîte trop profond.", remede)
    raise ErreurDonnees([probleme])
