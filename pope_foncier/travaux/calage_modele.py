"""Cost model of the back-test: log-linear ridge on kind, scope, area and places, with a log-normal range by kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import cast

import numpy as np

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Entier, Fiche, Jour, Part, Positif, lire_fiche
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.travaux.calage_donnees import Genre, Observation
from pope_foncier.travaux.cout import CoutsAuRatio

EFFETS = ("niveau", "réemploi", "aménagement", "genre non dit", "travaux seuls", "MAM", "m² par place")
"""Columns of the model, in order; each but the first is drawn towards its prior."""


class SeuilsCalage(Fiche):
    """Bars of the back-test: working values."""

    part_dans_la_tolerance: Part
    couverture: tuple[Part, Part]
    erreur_neuf: Part


class ReglagesCalage(Fiche):
    """Settings of the back-test, an assumption file."""

    date_prix: Jour
    poids_a_priori: Positif
    poids_dispersion: Positif
    quantiles: tuple[Part, Part]
    facteur_total: Positif
    ratio_par_genre: dict[Genre, str]
    tolerance: Part
    reechantillonnages: Entier
    graine: Entier
    confiance: Part
    seuils: SeuilsCalage


_TROIS_GENRES: tuple[Genre, ...] = ("neuf", "reemploi", "amenagement")


@dataclass(frozen=True, slots=True)
class Ajustement:
    """Fitted model.

    ln(cost) = ln(places) + level + effects; an operation without places uses its area over the median m² per place.
    """

    coefficients: Tableau
    """Effects in the order of ``EFFETS``, in log."""
    dispersion: dict[str, float]
    """Standard deviation of ln(real / predicted) by kind; ``""`` for a kind that was not seen."""
    m2_par_place: float
    nombre: int

    def prevoir(self, observations: Sequence[Observation], quantiles: Sequence[float]) -> tuple[Tableau, Tableau]:
        """Median cost [€], shape (N,), and its quantiles, shape (Q, N)."""
        x, depart = _colonnes(observations, self.m2_par_place)
        centre = x @ self.coefficients + depart
        ecart = np.array([self.dispersion.get(o.operation.genre, self.dispersion[""]) for o in observations])
        z = np.array([NormalDist().inv_cdf(q) for q in quantiles])[:, None]
        return np.exp(centre), np.exp(centre + z * ecart)


def lire_reglages(chemin: Path | None = None) -> ReglagesCalage:
    """Read the settings of the back-test."""
    return lire_fiche(ReglagesCalage, chemin or dossier_donnees() / "hypotheses" / "calage.yaml")


def a_priori(couts: CoutsAuRatio, reglages: ReglagesCalage) -> Tableau:
    """Prior of the effects, from the project's own ratios: kinds against new build, works against total; else none."""
    neuf, *autres = (couts.genres[reglages.ratio_par_genre[g]].milieu for g in _TROIS_GENRES)
    genres = [float(np.log(milieu / neuf)) for milieu in autres]
    return np.array([0.0, *genres, 0.0, -np.log(reglages.facteur_total), 0.0, 0.0])


def ajuster(observations: Sequence[Observation], reglages: ReglagesCalage, prior: Tableau) -> Ajustement:
    """Fit the model by ridge regression in log.

    The prior weight λ draws each effect towards its prior as λ operations of that very effect would (level left free). The
    spread of a kind mixes its own leave-one-out residuals with those of all kinds, the latter counted as
    ``poids_dispersion`` operations.
    """
    habituelle = float(np.median([o.operation.surface_m2 / o.operation.places for o in observations if _complete(o)]))  # type: ignore[operator]
    x, depart = _colonnes(observations, habituelle)
    y = np.log([o.montant for o in observations]) - depart
    retrait = np.diag([1e-9, *[max(reglages.poids_a_priori, 1e-9)] * (len(EFFETS) - 1)])
    inverse = np.linalg.inv(x.T @ x + retrait)
    coefficients = prior + inverse @ x.T @ (y - x @ prior)
    levier = np.einsum("ij,jk,ik->i", x, inverse, x)
    residus = (y - x @ coefficients) / np.maximum(1.0 - levier, 0.1)
    commune = float(np.mean(residus**2))
    dispersion = {"": float(np.sqrt(commune))}
    genres = np.array([o.operation.genre for o in observations])
    for genre in sorted(set(genres)):
        siens = residus[genres == genre]
        melange = (reglages.poids_dispersion * commune + np.sum(siens**2)) / (reglages.poids_dispersion + len(siens))
        dispersion[str(genre)] = float(np.sqrt(melange))
    return Ajustement(coefficients, dispersion, habituelle, len(observations))


def _colonnes(observations: Sequence[Observation], m2_par_place: float) -> tuple[Tableau, Tableau]:
    """Columns of the effects, shape (N, K), and log of the places, shape (N,)."""
    lignes, tailles = [], []
    for o in observations:
        op = o.operation
        places = op.places or cast(float, op.surface_m2) / m2_par_place
        ampleur = np.log(cast(float, op.surface_m2) / places / m2_par_place) if _complete(o) else 0.0
        genres = [op.genre == g for g in ("reemploi", "amenagement", "autre")]
        lignes.append([1.0, *genres, o.nature == "travaux", op.mam, ampleur])
        tailles.append(places)
    return np.array(lignes, dtype=np.float64), np.log(np.array(tailles, dtype=np.float64))


def _complete(o: Observation) -> bool:
    return bool(o.operation.places and o.operation.surface_m2)


def constante(
    apprises: Sequence[Observation], jugee: Observation, taille: Callable[[Observation], float | None]
) -> float:
    """Baseline: median cost per unit of size of the operations of the same scope, times the size of the one judged."""
    sienne = taille(jugee)
    unitaires = [o.montant / t for o in apprises if o.nature == jugee.nature and (t := taille(o))]
    return float(np.median(unitaires)) * sienne if sienne and unitaires else float("nan")


def au_ratio(jugee: Observation, cout_m2: dict[str, float], prix: float, reglages: ReglagesCalage) -> float:
    """The project's own ratio, nothing fitted: area × mid-range €/m² of the kind, × the all-in factor for a total.

    Args:
        jugee: operation to price.
        cout_m2: mid-range works cost by kind of works [€/m² HT].
        prix: index of the reference date over that of the ratio.
        reglages: settings (all-in factor, kind of ratio by kind of operation).
    """
    genre = reglages.ratio_par_genre.get(jugee.operation.genre)
    if genre is None or jugee.operation.surface_m2 is None:
        return float("nan")
    facteur = reglages.facteur_total if jugee.nature == "total" else 1.0
    return jugee.operation.surface_m2 * cout_m2[genre] * prix * facteur
