"""What a finished sweep says: for each site what is possible and what comes first, and why the rest is not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pope_foncier.decision.balayage.colonnes import CLES, MESURES, Ligne
from pope_foncier.decision.balayage.morceaux import PlanDeBalayage

RAISONS = 12
"""Reasons told apart."""
AUTRES = "autres raisons"


@dataclass(frozen=True)
class ResumeDuSite:
    """Combinations of one site.

    Attributes:
        etats: how many are possible, to confirm, impossible.
        sans_valeur: how many are not impossible and have no value for the criterion.
        premiere: the one that comes first by the criterion; None when none has a value.
        egales: how many others have the same value, to the cent.
    """

    site: str
    etats: Mapping[str, int]
    sans_valeur: int
    premiere: Ligne | None
    egales: int


@dataclass(frozen=True)
class ResumeDuBalayage:
    """Whole sweep.

    Attributes:
        sites: in the order of the criterion, those without a value last.
        refus: why combinations are impossible, the most frequent first.
        inconnus: what is unknown in those that have no value for the criterion, the most frequent first.
        sans_tirage: why combinations could not be drawn, the most frequent first.
    """

    plan: PlanDeBalayage
    sites: tuple[ResumeDuSite, ...]
    refus: tuple[tuple[str, int], ...]
    inconnus: tuple[tuple[str, int], ...]
    sans_tirage: tuple[tuple[str, int], ...]

    @property
    def etats(self) -> Counter[str]:
        """How many combinations are possible, to confirm, impossible."""
        return Counter(
            {e: sum(s.etats.get(e, 0) for s in self.sites) for e in ("possible", "a_confirmer", "impossible")}
        )


def resumer(plan: PlanDeBalayage, table: Any) -> ResumeDuBalayage:
    """Sum up the result of a sweep.

    Args:
        table: Arrow table of ``Depot.reunir``.
    """
    critere, plus_bas = plan.critere
    autres = ("etat", "raisons", "inconnus", "ouverture_le", "sans_tirage", f"{critere}.bas", f"{critere}.haut")
    seuils = [f"p.{s.nom}{bout}" for s in plan.tirages.seuils for bout in ("", ".bas", ".haut")] if plan.tirages else []
    utiles = [c for c in (*CLES, *MESURES, *autres, *seuils) if c in table.column_names]
    par_site: dict[str, list[Ligne]] = {}
    for ligne in table.select(utiles).to_pylist():
        par_site.setdefault(ligne["site"], []).append(ligne)
    toutes = [ligne for lignes in par_site.values() for ligne in lignes]
    sites = [_du_site(site, lignes, critere, plus_bas) for site, lignes in par_site.items()]
    sens = 1.0 if plus_bas else -1.0
    sites.sort(key=lambda s: math.inf if s.premiere is None else sens * s.premiere[critere])
    return ResumeDuBalayage(
        plan,
        tuple(sites),
        _compter(ligne["raisons"] for ligne in toutes if ligne["etat"] == "impossible"),
        _compter(i for x in toutes if _sans_valeur(x, critere) for i in (x["inconnus"] or "").split(" ; ")),
        _compter(ligne.get("sans_tirage") for ligne in toutes),
    )


def _du_site(site: str, lignes: list[Ligne], critere: str, plus_bas: bool) -> ResumeDuSite:
    lisibles = [x for x in lignes if x["etat"] != "impossible" and not _sans_valeur(x, critere)]
    premiere = (min if plus_bas else max)(lisibles, key=lambda x: x[critere], default=None)
    egales = 0 if premiere is None else sum(_egaux(x[critere], premiere[critere]) for x in lisibles) - 1
    sans = sum(_sans_valeur(x, critere) for x in lignes)
    return ResumeDuSite(site, Counter(x["etat"] for x in lignes), sans, premiere, egales)


def _egaux(un: float, autre: float) -> bool:
    """Whether two values are the same, to the cent."""
    return un == autre or abs(un - autre) < 0.005


def _sans_valeur(ligne: Ligne, critere: str) -> bool:
    """Whether a combination that is not impossible has no value for the criterion."""
    valeur = ligne[critere]
    return ligne["etat"] != "impossible" and (valeur is None or math.isnan(valeur))


def _compter(mots: Any) -> tuple[tuple[str, int], ...]:
    """Reasons with how often each comes, the most frequent first; the rare ones together."""
    comptes = Counter(mot for mot in mots if mot).most_common()
    autres = sum(combien for _, combien in comptes[RAISONS:])
    return (*comptes[:RAISONS], (AUTRES, autres)) if autres else tuple(comptes)
