"""Three plans of a study side by side: each grant at its probability, all the grants, none but those already obtained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.modele.financement import Aide


@dataclass(frozen=True, slots=True)
class PlanDesAides:
    """Plan under one reading of the grants [€].

    Attributes:
        aides: amount of each grant counted, by its identifier.
        autres: resources other than grants: equity, loans, VAT that comes back.
        apports: equity and quasi-equity among them.
        reste: signed gap.
    """

    besoins: float
    aides: dict[str, float]
    autres: float
    apports: float
    reste: float

    @property
    def ressources(self) -> float:
        """All resources."""
        return sum(self.aides.values()) + self.autres

    @property
    def part_propre(self) -> float:
        """Grants and equity over the uses; undefined without uses."""
        return (sum(self.aides.values()) + self.apports) / self.besoins if self.besoins > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class PlansDesAides:
    """The three plans of a study, and the grants whose probability nobody has stated."""

    plans: dict[str, PlanDesAides]
    """Plan by reading."""
    libelles: dict[str, str]
    """Grants counted, by identifier."""
    chances: dict[str, float]
    """Chance of each grant still to be obtained, counted in the expected plan."""
    sans_probabilite: tuple[str, ...]
    """Grants still to be obtained whose chance nobody has stated: counted whole in the expected plan."""

    def reste_de_plus(self, nom: str) -> float:
        """What a plan lacks more than the plan where all the grants come [€]."""
        return self.plans[nom].reste - self.plans["toutes"].reste


def plans_des_aides(dossier: Dossier, moteur: Moteur, scenario: str = BASE) -> PlansDesAides | None:
    """Plans of a scenario: expected, all come, none comes; None without any grant that is still to be obtained.

    A grant already obtained is in the three plans. The share and the delay that the study states are kept: only the chance
    to obtain the grant changes. Each plan runs the whole chain again; the expected one multiplies each grant by its chance.
    """
    etude = dossier.variantes[scenario]
    a_venir = [a for a in etude.aides if a.statut not in ("non_demandee", "acquise")]
    if not a_venir:
        return None
    chances = {a.id: _chance(a) for a in a_venir}
    base = replace(dossier, etude=etude)

    surcharges: dict[str, dict[str, Any]] = {
        "attendu": {f"aides[{a.id}].coefficient": a.coefficient * chances[a.id] for a in a_venir},
        "toutes": {},
        "aucune": {f"aides[{a.id}].statut": "non_demandee" for a in a_venir},
    }
    variantes = {nom: varier(base, nom, s) if s else etude for nom, s in surcharges.items()}
    resultat = Resultat.calculer(replace(base, variantes=variantes), moteur)
    return PlansDesAides(
        {nom: _plan(resultat.vue(nom)) for nom in variantes},
        {a.id: a.libelle for a in etude.aides if a.statut != "non_demandee"},
        chances,
        tuple(a.libelle for a in a_venir if a.probabilite is None or a.probabilite.valeur is None),
    )


def _chance(aide: Aide) -> float:
    """Stated chance, 1 when nobody has stated it."""
    return 1.0 if aide.probabilite is None or aide.probabilite.valeur is None else aide.probabilite.valeur


def _plan(vue: Vue) -> PlanDesAides:
    aides = {s.aide.id: vue.valeur(s.subvention) for s in vue.ev.subventions}
    return PlanDesAides(
        vue.montant("besoins.total"),
        aides,
        vue.montant("ressources.total") - sum(aides.values()),
        sum(vue.valeur(r.montant) for r in vue.ev.apports if r.est_apport),
        vue.montant("ressources.reste_a_financer"),
    )
