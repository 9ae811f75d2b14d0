"""What the context reads of a study: the six fields that every room shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from pope_foncier.modele.fiche_bouclage import Boucleur


class ProlongationLue(Protocol):
    """Declared prolongation of a scale, as the context reads it."""

    @property
    def bareme(self) -> str:
        """Path of the scale."""

    @property
    def motif(self) -> str:
        """Why."""


class EtudeLue(Protocol):
    """What the context reads of a study; its sections belong to the rooms that compute with them."""

    @property
    def date_depart(self) -> date:
        """Month 0."""

    @property
    def date_demande(self) -> date:
        """Day whose law applies."""

    @property
    def horizon_mois(self) -> int:
        """Length of the study [months]."""

    @property
    def evolution(self) -> Any:
        """Name of the reading of the evolution paths."""

    @property
    def boucleurs(self) -> Sequence[Boucleur]:
        """Closers that always close the plan, in order of call."""

    @property
    def prolonger(self) -> Sequence[ProlongationLue]:
        """Scales that the study prolongs."""
