"""Variants of studies beside each other: what overrides made of one is taken for the next, where both say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.scenarios import Dossier, relire, varier
from pope_foncier.etude.surcharges import pas_de
from pope_foncier.prets import ecriture


class _Faite(NamedTuple):
    """A variant made."""

    surcharges: Mapping[str, Any]
    base: Etude
    etude: Etude

    @property
    def touchees(self) -> set[str]:
        """Sections that its overrides touch."""
        return {pas_de(champ)[0][0] for champ in self.surcharges}

    def vaut_pour(self, base: Etude, surcharges: Mapping[str, Any]) -> bool:
        """Whether the same overrides make the same sections of another study."""
        if surcharges != self.surcharges or ecriture.est_court(surcharges):
            return False  # a loan written short is made of the other sections too
        return all(getattr(base, nom) == getattr(self.base, nom) for nom in self.touchees)


class VariantesVoisines:
    """Variants by name, each kept for the next study that asks for the same: one site in several modes."""

    def __init__(self) -> None:
        self._faites: dict[str, _Faite] = {}

    def varier(self, dossier: Dossier, nom: str, surcharges: Mapping[str, Any]) -> Etude:
        """Study with overrides, as ``scenarios.varier`` makes it: the sections that they touch are not read again.

        Raises:
            ErreurDonnees: the faults of the study so made.
        """
        faite = self._faites.get(nom)
        if faite is None or not faite.vaut_pour(dossier.etude, surcharges):
            etude = varier(dossier, nom, surcharges)
        else:
            touchees = faite.touchees
            sections = {s: getattr(dossier.etude, s) for s in dossier.brut if s not in touchees}
            dites = touchees & faite.etude.model_fields_set
            etude = relire({**sections, **{s: getattr(faite.etude, s) for s in dites}}, nom, dossier.nom)
        self._faites[nom] = _Faite(surcharges, dossier.etude, etude)
        return etude
