"""Which levers of the city matter first: what one step of each changes in what it pays and in what nobody brings, by place and year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pope_foncier.ateliers.modele import Modele, Reglages
from pope_foncier.decision.commune.essai import Essai, essayer
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.formes.cases import centaines

CONTRIBUTION = "contribution"
"""Lever of what the city pays each year, whose mode decides of its amount."""
AIDE = "aide."
"""Before the name of a grant, among the names of levers."""
_DIT_A = 50.0
"""Smallest change that is told [€/place/year]: amounts are told to the nearest hundred."""


@dataclass(frozen=True, slots=True)
class Pesee:
    """Weight of a lever: what one step of it changes.

    Attributes:
        nom: lever, or a grant.
        pas: the step, in words.
        effet: what it changes; None when the study does not know the lever, and its figures wait for it.
    """

    nom: str
    pas: str = ""
    effet: Essai | None = None

    @property
    def poids(self) -> float:
        """What ranks it; what the figures wait for comes before all."""
        return math.inf if self.effet is None else self.effet.poids

    @property
    def compte(self) -> bool:
        """Whether it changes anything that is told."""
        return self.poids >= _DIT_A

    @property
    def pourquoi(self) -> str:
        """Why it matters, in one sentence."""
        if self.effet is None:
            return "À supposer d'abord : l'étude ne le connaît pas, et le coût ne se calcule pas sans lui."
        changes = (("la Ville paie", self.effet.paye), ("il manque", self.effet.manque))
        dits = [
            f"{debut} {centaines(abs(x))} de {'plus' if x > 0 else 'moins'}" for debut, x in changes if abs(x) >= _DIT_A
        ]
        return (
            f"{self.pas}, {' et '.join(dits)} par place et par an." if dits else f"{self.pas}, presque rien ne change."
        )


def peser(modele: Modele, depart: Reglages, aides: Sequence[str] = ()) -> tuple[Pesee, ...]:
    """Levers of the city by weight, from a starting point; those whose step the study refuses, or leads to an unknown figure, are left out.

    One step is computed exactly, plan closed again: places and whole grants have no slope.

    Args:
        depart: starting point (scenario, mode, montage), no lever moved.
        aides: grants that a refusal takes away.
    """
    return modele.moteur.une_fois(
        "premiers leviers",
        modele.dossier,
        lambda: _peser(modele, depart, aides),
        (depart, tuple(aides), modele.regles),
    )


def _peser(modele: Modele, depart: Reglages, aides: Sequence[str]) -> tuple[Pesee, ...]:
    base = modele.voir_bouclee(modele.etude(depart))
    if not essayer(base, base).est_connu:
        return tuple(_a_supposer(modele, depart, base))
    pesees = []
    for nom, pas, regles in _essais(modele, depart, base, aides):
        try:
            effet = essayer(base, modele.voir_bouclee(modele.etude(regles)))
        except ErreurPope:
            continue
        if effet.est_connu:
            pesees.append(Pesee(nom, pas, effet))
    return tuple(sorted(pesees, key=lambda p: -p.poids))


def _essais(modele: Modele, depart: Reglages, base: Vue, aides: Sequence[str]) -> Iterator[tuple[str, str, Reglages]]:
    """One step of each lever: its name, the step in words, the settings."""
    socle = modele.depuis(depart.depart, depart.mode)
    for levier in map(modele.regles.levier, modele.regles.commune):
        valeur = socle.depart(levier) if modele.admet(levier) else None
        if levier.nom == "places":  # a cap above the places retained would hold nothing back
            retenues = round(base.valeur(base.ev.capacite.places))
            valeur = retenues if valeur is None else min(valeur, retenues)
        if valeur is not None and levier.essai is not None:
            yield (
                levier.nom,
                f"Avec {levier.essai_en_clair}",
                replace(depart, leviers={levier.nom: levier.essayer(valeur)}),
            )
    yield from _contribution(socle, depart)
    for aide in aides:
        yield f"{AIDE}{aide}", "Si elle est refusée", replace(depart, refusees=frozenset({aide}))


def _contribution(socle: Modele, depart: Reglages) -> Iterator[tuple[str, str, Reglages]]:
    """One step of the amount that the city pays each year, in the mode of the starting point."""
    exploitation = socle.dossier.etude.exploitation
    mode = exploitation.contribution_commune.mode if exploitation is not None else None
    propose = next((c for c in socle.regles.contributions if c.mode == mode and c.montant is not None), None)
    if propose is None or propose.montant is None:
        return
    levier, valeur = socle.regles.levier(propose.montant.levier), socle.depart_de_la_contribution(propose)
    if valeur is not None and levier.essai is not None:
        leviers = {levier.nom: levier.essayer(valeur)}
        yield (
            CONTRIBUTION,
            f"Avec {levier.essai_en_clair}",
            replace(depart, contribution=propose.mode, leviers=leviers),
        )


def _a_supposer(modele: Modele, depart: Reglages, base: Vue) -> Iterator[Pesee]:
    """Levers that the study does not know, and whose value takes something away from what its figures miss."""
    manques, socle = base.ev.plan.reste_a_financer.manques, modele.depuis(depart.depart, depart.mode)
    for levier in map(modele.regles.levier, modele.regles.commune):
        if not modele.admet(levier) or levier.champ is None or levier.vide or socle.depart(levier) is not None:
            continue
        suppose = modele.voir(modele.etude(replace(depart, leviers={levier.nom: levier.essayer(levier.mini)})))
        if suppose.ev.plan.reste_a_financer.manques < manques:
            yield Pesee(levier.nom)
