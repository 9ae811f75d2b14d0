"""Section of a study about doubt: how many draws, which laws for what is no assumption of the sheet, and what moves together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pope_foncier.modele.fiche_loi import Correlation, FicheLoi
from pope_foncier.socle.fiches import Bornes, Fiche, Texte

Methode = Literal["hasard", "hypercube", "sobol"]
"""How chances are drawn."""
TIRAGES_MAX = 1_000_000
"""Largest sample: beyond, it would fill the memory before it is read."""
GRAINE_MAX = 2**32 - 1
Tirages = Annotated[int, BeforeValidator(Bornes(1, TIRAGES_MAX, "un nombre de tirages", entier=True))]
Graine = Annotated[int, BeforeValidator(Bornes(0, GRAINE_MAX, "une graine", entier=True))]


class Tenu(Fiche):
    """Field that keeps its value in the draws, and why; the beginning of a path stands for all that follows."""

    champ: Texte
    raison: Texte


class Doute(Fiche):
    """What a study says of its doubt; what it leaves out is in ``data/hypotheses/doute.yaml``."""

    tirages: Tirages | None = None
    graine: Graine | None = None
    methode: Methode | None = None
    lois: dict[Texte, FicheLoi] = Field(default_factory=dict, max_length=200)
    """Laws of what has no assumption of its own in the sheet: evolution paths (``evolution.livret_a``), numbers written bare."""
    tenus: tuple[Tenu, ...] = Field((), max_length=200)
    correlations: tuple[Correlation, ...] = Field((), max_length=500)
