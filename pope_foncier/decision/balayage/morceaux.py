"""Parts of a sweep: the plan alone cuts them, whoever computes; each carries what its computation needs, and no more.

A part is a block of sites under one mode and one montage, with every closing: the studies of a block have the same structure, so what is
recorded to draw the first serves the others. Blocks start at fixed multiples; the order of the parts is that of the blocks, then of the modes,
then of the montages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from pope_foncier.etude.fiche_doute import Methode

Brut = dict[str, Any]
"""Plain data, as a file would hold them."""


@dataclass(frozen=True)
class Modele:
    """Study that sites start from, in plain data: the sheet of the study and that of its place."""

    etude: Brut
    site: Brut


@dataclass(frozen=True)
class SiteABalayer:
    """One site: the study that it starts from, and what its row changes in the study and in its place."""

    nom: str
    modele: str
    surcharges: Brut = field(default_factory=dict)
    du_site: Brut = field(default_factory=dict)


@dataclass(frozen=True)
class SeuilCompte:
    """Threshold whose crossing is counted among the draws: under it, or above."""

    nom: str
    chiffre: str
    valeur: float
    sous: bool


@dataclass(frozen=True)
class TiragesVoulus:
    """Draws of each combination: which figures, number, seed and method (None: those of the study), and what is kept of them."""

    chiffres: tuple[str, ...]
    nombre: int
    graine: int | None
    methode: Methode | None
    quantiles: tuple[float, ...]
    seuils: tuple[SeuilCompte, ...]
    garder: bool


@dataclass(frozen=True)
class Morceau:
    """Part of a sweep, computed alone and alike everywhere.

    Attributes:
        rang: place among the parts of the plan.
        modeles: studies that its sites start from, by name.
        programme: print of the program and of its data; a machine that has another refuses the part.
    """

    rang: int
    sites: tuple[SiteABalayer, ...]
    modeles: Mapping[str, Modele]
    mode: str
    montage: str
    bouclages: tuple[str, ...]
    tirages: TiragesVoulus | None
    programme: str

    @cached_property
    def empreinte(self) -> str:
        """Print of all that its result depends on; its place among the others does not count."""
        dit = asdict(self)
        del dit["rang"]
        return hashlib.sha256(json.dumps(dit, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class PlanDeBalayage:
    """Plan of a sweep, read and checked."""

    nom: str
    titre: str
    modeles: Mapping[str, Modele]
    sites: tuple[SiteABalayer, ...]
    modes: tuple[str, ...]
    montages: tuple[str, ...]
    bouclages: tuple[str, ...]
    critere: tuple[str, bool]
    """Measure that says which combination of a site comes first, and whether the lowest does."""
    tirages: TiragesVoulus | None
    sites_par_morceau: int

    @property
    def par_site(self) -> int:
        """Combinations of each site."""
        return len(self.modes) * len(self.montages) * len(self.bouclages)

    @property
    def nombre(self) -> int:
        """Number of rows of the result."""
        return len(self.sites) * self.par_site

    @property
    def nombre_de_morceaux(self) -> int:
        """Number of parts."""
        return -(-len(self.sites) // self.sites_par_morceau) * len(self.modes) * len(self.montages)

    def morceaux(self, programme: str) -> tuple[Morceau, ...]:
        """Its parts, in order."""
        coupes: list[Morceau] = []
        for debut in range(0, len(self.sites), self.sites_par_morceau):
            sites = self.sites[debut : debut + self.sites_par_morceau]
            modeles = {nom: self.modeles[nom] for nom in dict.fromkeys(s.modele for s in sites)}
            for mode, montage in product(self.modes, self.montages):
                rang = len(coupes)
                coupes.append(Morceau(rang, sites, modeles, mode, montage, self.bouclages, self.tirages, programme))
        return tuple(coupes)
