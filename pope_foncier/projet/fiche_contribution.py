"""Operating support of the commune: how its yearly amount is set, when it is paid, what its council voted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from pope_foncier.projet.donnee import DonneeEuros, DonneePositif
from pope_foncier.socle.fiches import Annee, DureeMois, Euros, Fiche, Part, Texte, faute, sans_double

ModeContribution = Literal[
    "equilibre_comptable", "equilibre_tresorerie", "couverture", "forfait", "plafonnee", "arretee", "aucune"
]
"""How the yearly amount is set.

- ``equilibre_comptable``: brings the result of the year to zero;
- ``equilibre_tresorerie``: keeps the operating cash above a floor, debt served;
- ``couverture``: brings the cover of the debt service of each year to a target;
- ``forfait``: amount by place and year, indexed;
- ``plafonnee``: what brings the result to zero, up to an amount by place and year, indexed;
- ``arretee``: amounts voted, year by year;
- ``aucune``: nothing.
"""

MODES_CALCULES: tuple[ModeContribution, ...] = ("equilibre_comptable", "equilibre_tresorerie", "couverture")
"""Modes that say what it would take: never income taken for granted."""

_CHAMPS: dict[str, tuple[str, ...]] = {
    "par_place": ("forfait",),
    "plafond_par_place": ("plafonnee",),
    "cible": ("couverture",),
    "plancher": ("equilibre_tresorerie",),
    "montants": ("arretee",),
}
_FACULTATIFS = ("plancher",)


class VersementCommune(Fiche):
    """Instalment of the year: month of the calendar year, and share."""

    mois: int
    part: Part

    @model_validator(mode="after")
    def _mois(self) -> VersementCommune:
        if not 1 <= self.mois <= 12:
            raise faute(f"mois de versement {self.mois}.", "choisir un mois de 1 à 12.")
        return self


class Decision(Fiche):
    """Vote of a year: share granted of what the mode gives, and why."""

    annee: Annee
    part: Part
    motif: Texte
    suivantes: bool = False
    """Whether the following years follow it, up to the next decision."""


class MontantVote(Fiche):
    """Amount voted for a year, for so many months open [€]."""

    annee: Annee
    montant: Euros
    mois_ouverts: DureeMois

    @model_validator(mode="after")
    def _mois(self) -> MontantVote:
        if not 1 <= self.mois_ouverts <= 12:
            raise faute(f"montant voté pour {self.mois_ouverts} mois d'ouverture.", "écrire de 1 à 12 mois.")
        return self


class Contribution(Fiche):
    """Support of the commune to the operation; a bare word is a mode without parameter."""

    mode: ModeContribution
    par_place: DonneeEuros | None = None
    """``forfait``: amount by place and full year, at the prices of the study [€]."""
    plafond_par_place: DonneeEuros | None = None
    """``plafonnee``: cap by place and full year, at the prices of the study [€]."""
    cible: DonneePositif | None = None
    """``couverture``: cover of the debt service wanted each year."""
    plancher: DonneeEuros | None = None
    """``equilibre_tresorerie``: floor of the operating cash [€]; zero when left out."""
    montants: tuple[MontantVote, ...] = Field((), max_length=60)
    """``arretee``: amounts voted; a year open for fewer months is paid pro rata."""
    indexation: Texte | None = "prix"
    """Evolution path that the lump or the cap follows; empty for none."""
    premiere_annee: Literal["prorata", "entiere", "nulle"] = "prorata"
    """Lump and cap of the opening year: pro rata of the open months, whole, or nothing; the last year is always pro rata."""
    versements: tuple[VersementCommune, ...] = Field((), max_length=24)
    """Instalments in the year; without them, evenly over the open months."""
    decalage_mois: DureeMois = 0
    """Months by which each payment comes late."""
    decisions: tuple[Decision, ...] = Field((), max_length=60)
    """Votes that differ from what the mode gives."""

    @model_validator(mode="before")
    @classmethod
    def _mot_seul(cls, brut: Any) -> Any:
        if brut == "equilibre":
            raise faute(
                "« equilibre » ne dit pas quel équilibre.",
                "écrire « equilibre_comptable » (résultat nul), « equilibre_tresorerie » ou « couverture ».",
            )
        return {"mode": brut} if isinstance(brut, str) else brut

    @model_validator(mode="after")
    def _champs_du_mode(self) -> Contribution:
        for champ, modes in _CHAMPS.items():
            donne = bool(getattr(self, champ)) if champ == "montants" else getattr(self, champ) is not None
            if donne and self.mode not in modes:
                raise faute(
                    f"« {champ} » ne sert pas au mode « {self.mode} ».",
                    f"le retirer, ou choisir « mode: {modes[0]} ».",
                )
            if not donne and self.mode in modes and champ not in _FACULTATIFS:
                raise faute(f"le mode « {self.mode} » demande « {champ} ».", f"ajouter « {champ} ».")
        if self.cible is not None and self.cible.valeur is not None and self.cible.valeur < 1.0:
            raise faute(
                f"couverture visée de {self.cible.valeur:g} : la dette ne serait pas payée.", "écrire au moins 1."
            )
        parts = sum(v.part for v in self.versements)
        if self.versements and abs(parts - 1.0) > 1e-9:
            raise faute(f"les parts des versements de l'année font {parts:g} au lieu de 1.", "corriger les parts.")
        sans_double("année décidée", [str(d.annee) for d in self.decisions])
        sans_double("année votée", [str(m.annee) for m in self.montants])
        return self

    def verifier_les_annees(self, premiere: int, derniere: int) -> None:
        """Check that no amount and no vote falls out of the years of the study, where it would be dropped without a word.

        A decision of an earlier year that the following ones follow is kept.

        Raises:
            PydanticCustomError: names the years.
        """
        dehors = [f"montant voté pour {m.annee}" for m in self.montants if not premiere <= m.annee <= derniere]
        dehors += [
            f"décision de {d.annee}"
            for d in self.decisions
            if d.annee > derniere or (d.annee < premiere and not d.suivantes)
        ]
        if dehors:
            raise faute(
                f"contribution de la commune hors des années de l'étude ({premiere} à {derniere}) : {', '.join(dehors)}.",
                "corriger l'année, ou changer « date_depart » ou « horizon_mois ».",
            )

    def sous(self, mode: ModeContribution, champs: Mapping[str, Any]) -> dict[str, Any]:
        """Plain sheet of the same payments and votes under another mode; what belongs to the present mode alone is left out."""
        gardes = {c: v for c, v in self.model_dump(exclude_defaults=True).items() if c not in _CHAMPS}
        return {**gardes, "mode": mode, **champs}

    def est_calculee(self) -> bool:
        """Whether the amount is what it would take, found by the study, rather than what the commune said."""
        return self.mode in MODES_CALCULES

    def est_differee(self) -> bool:
        """Whether it is paid at other dates than it is earned."""
        return self.mode != "aucune" and bool(self.versements or self.decalage_mois)
