"""Reliability: how sure a number is, from an official text to a figure to confirm."""

from typing import Literal

Fiabilite = Literal["officiel", "secondaire", "estimation", "a_confirmer"]

FIABILITE_EN_CLAIR: dict[str, str] = {
    "officiel": "officiel",
    "secondaire": "source secondaire",
    "estimation": "estimation",
    "a_confirmer": "à confirmer",
    "hypothese": "hypothèse",
}
