"""Which levers matter first: what one step of each changes in what the city pays and in what nobody brings, by place and year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pope_foncier.ateliers.lecture import centaines
from pope_foncier.ateliers.modele import Modele, Reglages
from pope_foncier.ateliers.regles import LevierAtelier
from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import formater_nombre

CONTRIBUTION = "contribution"
"""Lever of what the city pays each year, whose mode decides of its amount."""
_DIT_A = 50.0
"""Smallest change that is told [€/place/year]: amounts are told to the nearest hundred."""


@dataclass(frozen=True, slots=True)
class Pesee:
    """Weight of a lever: what one step of it changes.

    Attributes:
        nom: lever, or ``aide.`` and a grant.
        pas: the step, in words.
        paye: change of what the city pays [€/place/year].
        manque: change of what nobody brings, cash included [€/place/year].
        a_supposer: whether the study does not know it, and its figures wait for it.
    """

    nom: str
    pas: str
    paye: float = math.nan
    manque: float = math.nan
    a_supposer: bool = False

    @property
    def poids(self) -> float:
        """What ranks it: the larger of its two changes; one that gives what is missing comes before all."""
        return math.inf if self.a_supposer else max(abs(self.paye), abs(self.manque))

    @property
    def compte(self) -> bool:
        """Whether it changes anything that is told."""
        return self.poids >= _DIT_A

    @property
    def pourquoi(self) -> str:
        """Why it matters, in one sentence."""
        if self.a_supposer:
            return "À supposer d'abord : l'étude ne le connaît pas, et le coût ne se calcule pas sans lui."
        dits = [
            f"{debut} {_ecart(montant)}"
            for debut, montant in (("la Ville paie", self.paye), ("il manque", self.manque))
            if abs(montant) >= _DIT_A
        ]
        return (
            f"{self.pas}, {' et '.join(dits)} par place et par an." if dits else f"{self.pas}, presque rien ne change."
        )


def peser(modele: Modele, depart: Reglages, aides: Sequence[str] = ()) -> tuple[Pesee, ...]:
    """Levers of the city by weight, from a starting point; those whose step the study refuses, or that change an unknown figure, are left out.

    One step is computed exactly, plan closed again: places and whole grants have no slope.

    Args:
        depart: starting point (scenario, mode, montage), no lever moved.
        aides: grants that a refusal takes away.
    """
    base = modele.voir_bouclee(modele.etude(depart))
    avant = _mesurer(base)
    if not all(map(math.isfinite, avant)):
        return tuple(_a_supposer(modele, depart, base))
    pesees = []
    for nom, pas, regles in _essais(modele, depart, base, aides):
        try:
            apres = _mesurer(modele.voir_bouclee(modele.etude(regles)))
        except ErreurPope:
            continue
        if all(map(math.isfinite, apres)):
            pesees.append(Pesee(nom, pas, *(b - a for a, b in zip(avant, apres, strict=True))))
    return tuple(sorted(pesees, key=lambda p: -p.poids))


def _mesurer(vue: Vue) -> tuple[float, float]:
    """What the city pays, and what nobody brings [€/place/year]; without operation, of the investment alone."""
    if vue.aucune_place:
        return math.nan, math.nan
    lu = ce_que_paie_la_commune(vue)
    if vue.ev.compte is None:
        return tuple(lu.places.par_place_et_par_an(m) for m in (lu.investissement, lu.a_trouver))  # type: ignore[return-value]
    return lu.par_place_an, lu.tout_compris - lu.par_place_an


def _essais(modele: Modele, depart: Reglages, base: Vue, aides: Sequence[str]) -> Iterator[tuple[str, str, Reglages]]:
    """One step of each lever: its name, the step in words, the settings."""
    socle = modele.depuis(depart.depart, depart.mode)
    for nom in modele.regles.commune:
        levier = modele.regles.levier(nom)
        valeur = socle.depart(levier) if modele.admet(levier) else None
        if nom == "places" and levier.essai is not None:
            retenues = round(base.valeur(base.ev.capacite.places))
            valeur = retenues if valeur is None else min(valeur, retenues)
        if valeur is not None and levier.essai is not None:
            yield nom, _en_mots(levier), replace(depart, leviers={nom: valeur + levier.essai})
    yield from _contribution(socle, depart)
    for aide in aides:
        yield f"aide.{aide}", "Si elle est refusée", replace(depart, refusees=frozenset({aide}))


def _contribution(socle: Modele, depart: Reglages) -> Iterator[tuple[str, str, Reglages]]:
    """One step of the amount that the city pays each year, in the mode of the starting point."""
    exploitation = socle.dossier.etude.exploitation
    mode = exploitation.contribution_commune.mode if exploitation is not None else None
    propose = next((c for c in socle.regles.contributions if c.mode == mode and c.montant is not None), None)
    if propose is None or propose.montant is None:
        return
    levier, valeur = socle.regles.levier(propose.montant.levier), socle.depart_de_la_contribution(propose)
    if valeur is not None and levier.essai is not None:
        leviers = {levier.nom: valeur + levier.essai}
        yield CONTRIBUTION, _en_mots(levier), replace(depart, contribution=propose.mode, leviers=leviers)


def _a_supposer(modele: Modele, depart: Reglages, base: Vue) -> Iterator[Pesee]:
    """Levers that the study does not know, and whose value takes something away from what its figures miss."""
    manques, socle = base.ev.plan.reste_a_financer.manques, modele.depuis(depart.depart, depart.mode)
    for levier in map(modele.regles.levier, modele.regles.commune):
        if not modele.admet(levier) or levier.champ is None or levier.vide or socle.depart(levier) is not None:
            continue
        suppose = modele.voir(modele.etude(replace(depart, leviers={levier.nom: levier.mini + levier.pas})))
        if suppose.ev.plan.reste_a_financer.manques < manques:
            yield Pesee(levier.nom, "", a_supposer=True)


def _en_mots(levier: LevierAtelier) -> str:
    assert levier.essai is not None
    valeur = abs(levier.essai)
    texte = levier.texte(valeur)
    if levier.unite == "%":
        points = 100.0 * levier.facteur * valeur
        texte = f"{formater_nombre(points, 2, 0)}\u00a0point" + ("s" if points >= 2.0 else "")
    return f"Avec {texte} de {'plus' if levier.essai > 0 else 'moins'}"


def _ecart(montant: float) -> str:
    return f"{centaines(abs(montant))} de {'plus' if montant > 0 else 'moins'}"
