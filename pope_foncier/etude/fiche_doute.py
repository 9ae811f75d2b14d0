"""Section of a study about doubt: how many draws, which laws for what is no assumption of the sheet, what moves together, what may happen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from pope_foncier.modele.fiche_loi import Correlation, FicheLoi
from pope_foncier.socle.fiches import (
    Bornes,
    DureeMois,
    Euros,
    Fiche,
    Identifiant,
    Jour,
    Nombre,
    Part,
    Positif,
    Texte,
    faute,
    sans_double,
)
from pope_foncier.socle.nombres import formater_nombre

Methode = Literal["hasard", "hypercube", "sobol"]
"""How chances are drawn."""
TIRAGES_MAX = 1_000_000
"""Largest sample: beyond, it would fill the memory before it is read."""
GRAINE_MAX = 2**32 - 1
Tirages = Annotated[int, BeforeValidator(Bornes(1, TIRAGES_MAX, "un nombre de tirages", entier=True))]
Graine = Annotated[int, BeforeValidator(Bornes(0, GRAINE_MAX, "une graine", entier=True))]


class Tenu(Fiche):
    """Field that keeps its value in the draws, and why; the beginning of a path stands for all that follows."""

    champ: Texte
    raison: Texte


class Changement(Fiche):
    """What a branch changes in the study: another value of a field, or something added to the number that it has."""

    champ: Texte
    valeur: Any = None
    """Other value; left out with « ajoute », or to take the field away."""
    ajoute: Nombre | None = None

    @model_validator(mode="after")
    def _un_seul(self) -> Changement:
        if self.ajoute is not None and self.valeur is not None:
            raise faute("« valeur » et « ajoute » à la fois.", "n'en garder qu'un.")
        return self


class Abandon(Fiche):
    """End of the project before it is done: what was paid before that month is lost."""

    mois: DureeMois | None = None
    """Months after the start of the studies."""
    au: Literal["debut_travaux", "reception", "ouverture"] | None = None
    """Or a date of the calendar, which the draws may move."""

    @model_validator(mode="after")
    def _une_date(self) -> Abandon:
        if (self.mois is None) == (self.au is None):
            raise faute("un abandon a une date : « mois », ou « au ».", "en donner une, et une seule.")
        return self


class Issue(Fiche):
    """Branch of an event: how likely, and what it changes."""

    id: Identifiant
    libelle: Texte
    chance: Part
    changements: tuple[Changement, ...] = Field((), max_length=50)
    abandon: Abandon | None = None

    @model_validator(mode="after")
    def _fait_quelque_chose(self) -> Issue:
        if bool(self.changements) == (self.abandon is not None):
            raise faute(
                f"l'issue « {self.libelle} » change l'étude, ou l'abandonne.", "écrire « changements », ou « abandon »."
            )
        return self


class Evenement(Fiche):
    """What may happen: one of its branches, or nothing, which leaves the study as it is."""

    id: Identifiant
    libelle: Texte
    base: Texte
    """Why these chances: always an assumption."""
    issues: tuple[Issue, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _chances(self) -> Evenement:
        sans_double("issue", [i.id for i in self.issues])
        somme = sum(i.chance for i in self.issues)
        if somme > 1.0 + 1e-9:
            raise faute(
                f"les chances des issues font {formater_nombre(100 * somme, 2, 0)} %.", "les ramener à 100 % au plus."
            )
        return self


class Seuils(Fiche):
    """What must not be passed, as the partners name it; nothing is read against a threshold that nobody named."""

    contribution_par_place: Euros | None = None
    """Highest contribution that the commune pays by place in the cruising year, in the euros of that year [€]; by default, what the « foncier » section says."""
    cout_par_place: Euros | None = None
    """Highest cost that the commune bears in all by place and year of opening, what nobody has promised included [€]; nothing stands for it."""
    couverture: Positif | None = None
    """Cover of the debt that the lender asks for; by default, that of the controls."""
    ouverture_au_plus_tard: Jour | None = None
    """Last day at which the place must be open."""


class Doute(Fiche):
    """What a study says of its doubt; what it leaves out is in ``data/hypotheses/doute.yaml``."""

    tirages: Tirages | None = None
    graine: Graine | None = None
    methode: Methode | None = None
    lois: dict[Texte, FicheLoi] = Field(default_factory=dict, max_length=200)
    """Laws of what has no assumption of its own in the sheet: evolution paths (``evolution.livret_a``), numbers written bare."""
    tenus: tuple[Tenu, ...] = Field((), max_length=200)
    correlations: tuple[Correlation, ...] = Field((), max_length=500)
    evenements: tuple[Evenement, ...] = Field((), max_length=20)
    """What may happen, in the order of time: of two that end the project, the first does."""
    seuils: Seuils = Seuils()

    @model_validator(mode="after")
    def _evenements_uniques(self) -> Doute:
        sans_double("événement", [e.id for e in self.evenements])
        return self
