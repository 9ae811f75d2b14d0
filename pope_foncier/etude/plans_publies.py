"""Published funding plans: rebuilt line by line, their shares, and what the known rules say beside what was stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.etude.par_place import diviser
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.fiches import Annee, Entier, Euros, Fiche, Texte, lire_fiche

Financeur = Literal["caf", "etat", "autre"]
"""Funder whose rule may be compared with what was stated."""


class CoutPublie(Fiche):
    """Cost as printed: amount, scope, tax."""

    montant: Euros
    nature: Literal["total", "travaux"]
    taxe: Literal["ht", "ttc", "non_dit"]


class LignePubliee(Fiche):
    """Line of a published plan; ``solde``: share of the owner deduced from the cost, not printed."""

    financeur: Texte
    """Name as printed."""
    qui: Financeur = "autre"
    """Funder behind the name: a State fund (DETR, DSIL, FSIL, DSID) is the State."""
    montant: Euros
    solde: bool = False
    maitre_ouvrage: bool = False
    """Share of the owner, printed."""


class Plan(Fiche):
    """Funding plan of one project, as a page needs it."""

    id: Texte
    nom: Texte
    commune: Texte | None = None
    annee: Annee | None = None
    mode: Texte | None = None
    places: Entier | None = None
    places_ajoutees: Entier | None = None
    cout: CoutPublie
    lignes: tuple[LignePubliee, ...] = Field(min_length=2)

    @property
    def provenance(self) -> str | None:
        """Title of the source; None when the file does not say it."""
        return None

    @property
    def total(self) -> float:
        """Sum of the lines [€]."""
        return sum(ligne.montant for ligne in self.lignes)

    @property
    def non_couvert(self) -> float:
        """Published cost that no published line covers [€]."""
        return self.cout.montant - self.total

    def part(self, montant: float) -> float:
        """Share of the lines [fraction]; NaN when they add up to nothing."""
        return diviser(montant, self.total)

    def par_place(self, montant: float) -> float:
        """Amount by place, all the places counted [€/place]; NaN when the plan does not say them."""
        return diviser(montant, self.places or 0)

    def par_place_ajoutee(self, montant: float) -> float:
        """Amount by place that the project adds [€/place]; NaN when the plan does not say them."""
        return diviser(montant, self.places_ajoutees or 0)

    @property
    def part_des_aides(self) -> float | None:
        """Share of the plan that others than the owner bring; None when the share of the owner is not known."""
        porteur = [x.montant for x in self.lignes if x.solde or x.maitre_ouvrage]
        return 1.0 - sum(porteur) / self.total if porteur else None

    def du_financeur(self, qui: Financeur) -> float:
        """Sum of the lines of a funder [€]."""
        return sum(x.montant for x in self.lignes if x.qui == qui)


class PlanPublie(Plan):
    """Plan of the project's own file, with its place and its source."""

    commune: Texte
    departement: Texte
    mode: Texte
    source: Reference
    fiabilite: Fiabilite

    @property
    def provenance(self) -> str:
        """Title of the source."""
        return self.source.titre


class PlansPublies(Fiche):
    """File of published plans."""

    plans: tuple[PlanPublie, ...]


@dataclass(frozen=True, slots=True)
class Comparaison:
    """A stated line beside what a known rule gives, with the reading of the gap."""

    aide: str
    enonce: float
    calcule: float | None
    lecture: str


def lire_plans(chemin: Path | None = None) -> tuple[PlanPublie, ...]:
    """Read the published plans."""
    return lire_fiche(PlansPublies, chemin or dossier_donnees() / "cas" / "plans_publies.yaml").plans


def comparer(plan: Plan, catalogue: Catalogue) -> list[Comparaison]:
    """Compare the lines whose rule is known: Caf with the Piaje maximum of the year, State with the rates observed."""
    comparaisons = []
    caf = plan.du_financeur("caf")
    if caf:
        comparaisons.append(_caf(plan, caf, catalogue))
    etat = plan.du_financeur("etat")
    if etat:
        comparaisons.append(_etat(plan, etat, catalogue))
    return comparaisons


def _etat(plan: Plan, etat: float, catalogue: Catalogue) -> Comparaison:
    """State beside the rates seen in the year of the plan; in another year no rate is known."""
    aide, chemin = "État (taux observés, estimation)", "subventions.dsil.observee"
    if plan.annee is None:
        return Comparaison(aide, etat, None, "année non publiée")
    try:
        part = catalogue.a_la_date(chemin, date(plan.annee, 7, 1)).valeur
    except ErreurBareme:
        periodes = ", ".join(v.periode_en_clair() for v in catalogue.bareme(chemin).valeurs)
        return Comparaison(aide, etat, None, f"taux relevés {periodes} seulement, aucun pour {plan.annee}")
    bas, median, haut = (part[q] * plan.cout.montant for q in ("q1", "mediane", "q3"))
    ou = "entre les quartiles observés" if bas <= etat <= haut else "hors des quartiles observés"
    return Comparaison(aide, etat, median, ou)


def _caf(plan: Plan, caf: float, catalogue: Catalogue) -> Comparaison:
    places = plan.places_ajoutees or plan.places
    if plan.mode == "mam" or places is None or plan.annee is None:
        return Comparaison("Caf", caf, None, "places ou année non publiées")
    try:
        plafond = float(catalogue.a_la_date("subventions.piaje.plafond_par_place", date(plan.annee, 7, 1)).valeur)
    except ErreurBareme:
        return Comparaison("Caf", caf, None, "avant le Piaje : barème de l'année non connu")
    maximum = plafond * places
    lecture = (
        "sous le maximum du Piaje"
        if caf <= maximum
        else "au-dessus du maximum du Piaje : autres fonds, ou places non nouvelles"
    )
    return Comparaison("Caf (maximum du Piaje)", caf, maximum, lecture)
