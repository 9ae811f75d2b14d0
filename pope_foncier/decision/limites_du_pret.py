"""Tests that limit a loan, as data: label, threshold (its own, or that of a ratio), and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from pope_foncier.etude.controles import lire_controles
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Nombre, Texte, faute, lire_fiche
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.phrases import Origine

Code = Literal["couverture", "titre", "ltv", "ltc", "rendement_dette", "besoin", "produit"]


class Limite(Fiche):
    """Test of a size; its threshold may be that of a ratio, as it is, its complement to one, or its inverse."""

    libelle: Texte
    court: Texte
    """One word, for a column."""
    unite: str = ""
    ratio: Texte | None = None
    lecture: Literal["tel_quel", "complement", "inverse"] = "tel_quel"
    seuil: Nombre | None = None
    base: Texte

    @model_validator(mode="after")
    def _un_seuil(self) -> Self:
        if self.ratio is not None and self.seuil is not None:
            raise faute("un seuil est écrit ici, ou lu dans un ratio.", "garder « seuil » ou « ratio ».")
        return self

    @property
    def valeur(self) -> float:
        """Threshold; NaN for a test that has none."""
        if self.ratio is None:
            return float("nan") if self.seuil is None else self.seuil
        lu = lire_controles().ratios[self.ratio].seuil
        return {"tel_quel": lu, "complement": 1.0 - lu, "inverse": 1.0 / lu}[self.lecture]


class Limites(Fiche):
    """Tests by code, in the order in which they are told."""

    limites: dict[Code, Limite]


@lru_cache(maxsize=2)
def lire_limites(chemin: Path | None = None) -> dict[Code, Limite]:
    """Tests of the data folder."""
    return lire_fiche(Limites, chemin or dossier_donnees() / "controles" / "dimensionnement.yaml").limites


@dataclass(frozen=True, slots=True)
class Essai:
    """What one test allows.

    Attributes:
        seuil: threshold used; NaN for a test that has none.
        origine: where the threshold comes from.
        montant: amount allowed [€]; NaN when the test limits nothing or is not read.
        phrase: how the amount is computed, or why there is none.
        annee: calendar year that decides, for a test read year by year.
    """

    code: Code
    seuil: float
    origine: str
    montant: float
    phrase: str
    annee: int | None = None

    @property
    def libelle(self) -> str:
        """French label."""
        return lire_limites()[self.code].libelle

    @property
    def unite(self) -> str:
        """Unit of the threshold."""
        return lire_limites()[self.code].unite

    @property
    def limite(self) -> bool:
        """Whether the test gives an amount."""
        return not np.isnan(self.montant)


@dataclass(frozen=True, slots=True)
class Seuils:
    """Thresholds: those of the data, some of them replaced."""

    demandes: dict[str, float]

    def valeur(self, code: Code) -> float:
        """Threshold of a test."""
        return self.demandes.get(code, lire_limites()[code].valeur)

    def origine(self, code: Code) -> str:
        """Where it comes from."""
        return "demandé" if code in self.demandes else lire_limites()[code].base

    def grandeur(self, code: Code) -> Grandeur:
        """Threshold as a quantity that tells where it comes from."""
        origine = Origine("hypothese", f"controles.dimensionnement.{code}", self.origine(code), "hypothese")
        return Grandeur(self.valeur(code), "seuil", lire_limites()[code].unite, (origine,))

    def essai(self, code: Code, montant: float, phrase: str, annee: int | None = None) -> Essai:
        """Test at its threshold; an amount below zero is none at all."""
        lu = montant if np.isnan(montant) else max(montant, 0.0)
        return Essai(code, self.valeur(code), self.origine(code), lu, phrase, annee)
