"""What the sheets of a workbook share: an input with its named cell, where a row stands, and the study that is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.socle.phrases import Origine

Nature = Literal["etude", "site", "evolution", "bareme", "constante"]
"""Where an input comes from: the sheet of the study, that of the site, an evolution path, the law, or the code's own count."""


@dataclass(frozen=True, slots=True)
class EntreeVive:
    """Input that the formulas read, with the name of its cell.

    Attributes:
        champ: path in the study (``travaux.cout_m2_ht``), of the site, of the path or of the scale.
        cellule: name defined in the workbook (``e_travaux_cout_m2_ht``).
        valeur: number; NaN when it is unknown.
        intervalle: range that the study gives, if it does.
        origine: where it was read and how sure it is.
    """

    champ: str
    cellule: str
    valeur: float
    unite: str
    libelle: str
    nature: Nature
    intervalle: tuple[float, float] | None = None
    origine: Origine | None = None


@dataclass(frozen=True, slots=True)
class Repere:
    """Where a figure stands: sheet, row and columns from zero (one column for a single number)."""

    feuille: str
    ligne: int
    premiere: int
    derniere: int


@dataclass(frozen=True, slots=True)
class EtudeEcrite:
    """Study that a workbook is written of: one scenario, its plan as it stands and its closed plan.

    Attributes:
        reperes: place of each figure of the closed plan by its code (ledger lines, ``indicateurs.x``, ``ratios.x``), and of the plan as
            it stands with ``tel_quel:`` before the code.
    """

    dossier: Dossier
    scenario: str
    ouverte: Vue
    bouclee: Vue
    reperes: Mapping[str, Repere] = field(default_factory=dict)


def nom_de_cellule(champ: str, prefixe: str = "e") -> str:
    """Name of the cell of an input: its path, what a name may not hold replaced by a low line."""
    return f"{prefixe}_{re.sub(r'[^A-Za-z0-9]+', '_', champ).strip('_')}"
