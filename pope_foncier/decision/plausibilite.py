"""Plausibility: where the figures of a study stand among published ones — rank and range, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pope_foncier.decision.plausibilite_donnees import (
    Comparable,
    Groupe,
    Mesure,
    ReglagesPlausibilite,
    Taille,
    comparables,
    lire_reglages,
    places_d_une_micro,
)
from pope_foncier.etude.resultats import Vue
from pope_foncier.travaux.calage_donnees import Genre
from pope_foncier.travaux.calage_modele import lire_reglages as lire_reglages_du_calage
from pope_foncier.travaux.cout import revision

Lecture = Literal["inconnu", "sans_reference", "trop_peu", "sous_tous", "bas", "centre", "haut", "sur_tous"]


@dataclass(frozen=True, slots=True)
class Profil:
    """What a study is, in the words of the published places; None when not said."""

    taille: Taille | None
    genre: Genre | None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """A figure among its references."""

    mesure: Mesure
    valeur: float
    groupe: Groupe
    references: tuple[Comparable, ...]
    """References of the group kept."""
    trop_petits: tuple[tuple[Groupe, int], ...]
    """Finer groups, and how many references they have: too few to be used."""
    reglages: ReglagesPlausibilite

    @property
    def n(self) -> int:
        """Number of references."""
        return len(self.references)

    @property
    def est_classee(self) -> bool:
        """Whether the figure is known and has references enough to be ranked."""
        return self.n >= self.reglages.references_min and not np.isnan(self.valeur)

    @property
    def depassees(self) -> int:
        """How many references the figure passes at least, upwards or downwards, whatever the tax."""
        part = min(self.centiles) if self.centiles[0] > 0.5 else 1 - max(self.centiles)
        return int(self.n * part)

    @property
    def bornes(self) -> tuple[float, float, float]:
        """Lowest, median and highest reference; NaN without any."""
        if not self.references:
            return (np.nan, np.nan, np.nan)
        v = np.array([c.valeur for c in self.references])
        return float(v.min()), float(np.median(v)), float(v.max())

    @property
    def centiles(self) -> tuple[float, float]:
        """Share of the references under the value, ties by half: silent prices read before tax, then with tax."""
        return _rang(self.valeur, [c.valeur for c in self.references]), _rang(
            self.valeur, [c.si_ttc for c in self.references]
        )

    @property
    def lectures(self) -> tuple[Lecture, Lecture]:
        """Where the value stands, under the two readings of a silent tax."""
        return self._lire([c.valeur for c in self.references]), self._lire([c.si_ttc for c in self.references])

    @property
    def atypique(self) -> bool:
        """Whether the value is outside the usual ranks, or beyond all of a few references, whatever the tax of silent prices."""
        if self.hors_de_tout:
            return True
        bas, haut = self.reglages.atypique
        if self.n < self.reglages.references_min or np.isnan(self.valeur):
            return False
        return all(c <= bas for c in self.centiles) or all(c >= haut for c in self.centiles)

    @property
    def hors_de_tout(self) -> bool:
        """Whether the value is above all its references, or below all, whatever the tax of silent prices."""
        return self.n >= self.reglages.hors_de_tout_min and set(self.centiles) in ({0.0}, {1.0})

    def _lire(self, valeurs: Sequence[float]) -> Lecture:
        if not valeurs:
            return "sans_reference"
        if np.isnan(self.valeur):
            return "inconnu"
        if len(valeurs) < self.reglages.references_min:
            return "trop_peu"
        if self.valeur > max(valeurs):
            return "sur_tous"
        if self.valeur < min(valeurs):
            return "sous_tous"
        bas, haut = np.quantile(valeurs, self.reglages.moitie_centrale)
        return "bas" if self.valeur < bas else "haut" if self.valeur > haut else "centre"


def _rang(valeur: float, valeurs: Sequence[float]) -> float:
    if not valeurs or np.isnan(valeur):
        return np.nan
    v = np.asarray(valeurs)
    return float((np.sum(v < valeur) + 0.5 * np.sum(v == valeur)) / len(v))


def situer(
    mesure: Mesure, valeur: float, references: Sequence[Comparable], profil: Profil, reglages: ReglagesPlausibilite
) -> Position:
    """Set a figure beside the finest group that has enough references, else beside the widest one.

    Args:
        mesure: what is measured.
        valeur: figure of the study, NaN when unknown.
        references: published figures of the measure.
        profil: what the study is; the same place, and places of another nature, are left out.
        reglages: settings.
    """
    sortes = any(c.taille is not None for c in references)
    autres = [c for c in references if c.site is None or c.site != profil.site]
    if sortes:
        autres = [c for c in autres if profil.taille is not None and (c.taille == "mam") == (profil.taille == "mam")]
    trop_petits: list[tuple[Groupe, int]] = []
    for groupe in reglages.groupes:
        if groupe != "tous" and not _se_dit(groupe, profil, autres):
            continue
        retenus = tuple(c for c in autres if _en_est(groupe, c, profil))
        if len(retenus) >= reglages.references_min or groupe == reglages.groupes[-1]:
            break
        trop_petits.append((groupe, len(retenus)))
    return Position(mesure, valeur, groupe, retenus, tuple(trop_petits), reglages)


def _se_dit(groupe: Groupe, profil: Profil, references: Sequence[Comparable]) -> bool:
    """Whether a group means something: the study and the references say their size, their kind of works, or both."""
    taille = profil.taille is not None and any(c.taille is not None for c in references)
    genre = profil.genre is not None and any(c.genre is not None for c in references)
    return {"taille_et_genre": taille and genre, "taille": taille, "genre": genre, "tous": True}[groupe]


def _en_est(groupe: Groupe, c: Comparable, profil: Profil) -> bool:
    taille = groupe not in ("taille", "taille_et_genre") or c.taille == profil.taille
    return taille and (groupe not in ("genre", "taille_et_genre") or c.genre == profil.genre)


def profil_de(vue: Vue) -> Profil:
    """Size and kind of works of a scenario, and its site."""
    ctx, places = vue.ev.ctx, vue.valeur(vue.ev.capacite.places)
    taille: Taille | None = None
    if ctx.etude.mode_accueil == "mam":
        taille = "mam"
    elif ctx.etude.mode_accueil != "creche_familiale" and places > 0:
        taille = "micro" if places <= places_d_une_micro(ctx.catalogue, ctx.etude.date_demande) else "creche"
    genre = ctx.etude.travaux.genre
    return Profil(taille, lire_reglages().genres[genre] if genre else None, ctx.etude.site)


def chiffres(vue: Vue) -> dict[str, float]:
    """Figures of a scenario that have references; NaN when unknown, or without any place.

    Costs are before tax, equipment included, purchase and rent left out, brought back from mid-works to the price date of
    the published operations. The contribution is that of the key figures (cruising year) on the closed plan: on an open one
    it is undetermined. The share of the grants is that of the plan as it stands, when the study describes its funding.
    """
    ev, ctx = vue.ev, vue.ev.ctx
    places = vue.valeur(ev.capacite.places) or np.nan
    surface = np.nan if np.isnan(places) else _surface_de_plancher(vue)
    prix = vue.valeur(revision(ctx, ev.calendrier, lire_reglages_du_calage().date_prix))
    taux = vue.valeur(ctx.bareme("fiscalite.tva.taux_normal"))
    equipement = vue.valeur(ev.cout.equipement_ttc)
    total = (vue.valeur(ev.cout.total_ttc) - vue.valeur(ev.cout.tva) - equipement * taux / (1 + taux)) / prix
    travaux = vue.valeur(ev.cout.travaux_ht) / prix
    finance = bool(ctx.etude.aides or ctx.etude.prets)
    besoins = (vue.montant("besoins.total") or np.nan) if finance else np.nan
    commune = etp = np.nan
    if ev.compte is not None:
        commune = vue.bouclee.valeur(vue.bouclee.indicateurs["contribution_par_place"])
        etp = vue.montant("exploitation.etp.total")
    return {
        "total_ht_par_place": total / places,
        "travaux_ht_par_place": travaux / places,
        "total_ht_par_m2": total / surface,
        "travaux_ht_par_m2": travaux / surface,
        "m2_par_place": surface / places,
        "part_des_aides": vue.valeur(vue.indicateurs["subventions"]) / besoins,
        "etp_par_place": etp / places,
        "commune_par_place": commune,
    }


def _surface_de_plancher(vue: Vue) -> float:
    """Gross area [m²]; unknown when the study gives a usable one (gross over usable: 1)."""
    ctx = vue.ev.ctx
    coefficient = vue.valeur(ctx.entree("programme.coefficient_sdo_su"))
    surface = vue.valeur(ctx.entree("programme.surface_m2"))
    return surface if surface and coefficient > 1 else np.nan


def plausibilite(vue: Vue, valeurs: Mapping[str, float] | None = None) -> tuple[Position, ...]:
    """Positions of a scenario, in the order of the measures.

    Args:
        vue: scenario.
        valeurs: figures to set beside the references; those of the scenario by default.
    """
    reglages, profil, ctx = lire_reglages(), profil_de(vue), vue.ev.ctx
    lus = chiffres(vue) if valeurs is None else valeurs
    return tuple(
        situer(m, lus.get(m.valeur, np.nan), comparables(m, ctx.catalogue, ctx.etude.date_demande), profil, reglages)
        for m in reglages.mesures
    )
