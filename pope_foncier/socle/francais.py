"""French wording: small words that depend on what follows."""

from __future__ import annotations


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
