"""French wording: small words that depend on what follows, spaces that never end a line."""

from __future__ import annotations

import re

_ESPACES = (
    (re.compile(r"(?<=\S)[ \u00a0](?=[;!?](?:\s|$))"), "\u202f"),
    (re.compile(r"(?<=\S) (?=:(?:\s|$))"), "\u00a0"),
    (re.compile(r"«[ \u00a0]"), "«\u00a0"),
    (re.compile(r"[ \u00a0]»"), "\u00a0»"),
    (re.compile(r"(?<=\d) (?=(?:€|%|m²|places?\b|mois\b|ans?\b|ETP\b))"), "\u00a0"),
)
"""Spaces before what never begins a line."""


def espaces(texte: str) -> str:
    """Same text, whose signs and units stay on the line of the word before them."""
    for motif, ecrit in _ESPACES:
        texte = motif.sub(ecrit, texte)
    return texte


def en_phrase(libelle: str) -> str:
    """Label inside a sentence: first letter small, acronyms kept."""
    return libelle[:1].lower() + libelle[1:] if libelle[1:2].islower() else libelle


def de(nom: str) -> str:
    """« de » before a name, contracted: ``du financeur``, ``des gestionnaires``, ``d'Élisfa``, ``de SNCF``."""
    if nom.startswith("le "):
        return f"du {nom[3:]}"
    if nom.startswith("les "):
        return f"des {nom[4:]}"
    return f"d'{nom}" if nom[:1].lower() in "aeiouyéèêàâîôû" else f"de {nom}"
