"""How much of a scenario rests on assumptions: its inputs counted by how sure they are, and the figures that read at least one assumption."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.etude.export import fiabilite
from pope_foncier.etude.resultats import Vue, douteuse, entrees
from pope_foncier.modele.contexte import CHOIX_DE_L_ETUDE
from pope_foncier.socle.phrases import Origine

LUES, CHOISIES, A_CONFIRMER, HYPOTHESES, INCONNUES = "lues", "choisies", "a_confirmer", "hypotheses", "inconnues"
"""Kinds of inputs, from the surest: read in a text or seen, decided by the study, read but unsure, supposed, missing."""


@dataclass(frozen=True)
class PartDesHypotheses:
    """Counts of a scenario on its closed plan.

    Attributes:
        entrees: inputs by kind, each counted once.
        chiffres: lines of the ledger and key figures.
        supposes: those of them that read an assumption or something unknown.
    """

    entrees: dict[str, int]
    chiffres: int
    supposes: int

    @property
    def nombre(self) -> int:
        """All inputs."""
        return sum(self.entrees.values())

    def part(self, genre: str) -> float:
        """Share of the inputs of a kind; NaN without any input."""
        return self.entrees[genre] / self.nombre if self.nombre else float("nan")

    @property
    def part_des_chiffres(self) -> float:
        """Share of the figures that read an assumption or something unknown; NaN without any figure."""
        return self.supposes / self.chiffres if self.chiffres else float("nan")


def part_des_hypotheses(vue: Vue) -> PartDesHypotheses:
    """Inputs and figures of a scenario by how sure they are."""
    bouclee = vue.bouclee
    genres = {origine.reference: _genre(origine) for _, origine in entrees(bouclee)}
    comptes = dict.fromkeys((LUES, CHOISIES, A_CONFIRMER, HYPOTHESES, INCONNUES), 0)
    for genre in genres.values():
        comptes[genre] += 1
    chiffres = [*(ligne.grandeur for ligne in bouclee.ev.livre.lignes.values()), *bouclee.indicateurs.values()]
    supposes = [g for g in chiffres if fiabilite(g.origines_du_scenario(bouclee.rang)) in ("hypothese", "inconnu")]
    return PartDesHypotheses(comptes, len(chiffres), len(supposes))


def _genre(origine: Origine) -> str:
    if origine.nature == "inconnu":
        return INCONNUES
    if origine.mention == CHOIX_DE_L_ETUDE:
        return CHOISIES
    if origine.nature == "hypothese" or origine.fiabilite == "hypothese":
        return HYPOTHESES
    return A_CONFIRMER if douteuse(origine) else LUES
