"""Rules whose start is unsure: published, announced, confirmed; the published one is computed, the others are shown."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR, Fiabilite
from pope_foncier.modele.donnee import Reference
from pope_foncier.modele.modes import ModeEtude
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Jour, Texte, lire_fiche
from pope_foncier.socle.temps import date_en_clair

Lecture = Literal["publiee", "annoncee"]


class EtatRegle(Fiche):
    """State of a rule: the day it starts, what was read, where."""

    effet: Jour
    texte: Texte
    source: Reference
    fiabilite: Fiabilite

    def en_clair(self) -> str:
        """French mention: start, text, reliability."""
        fiabilite = FIABILITE_EN_CLAIR[self.fiabilite]
        return f"au {date_en_clair(self.effet)} ({self.texte} ; {self.source.titre}, {fiabilite})"


class RegleEnAttente(Fiche):
    """Rule in three states; a state nobody has seen is absent."""

    objet: Texte
    modes: tuple[ModeEtude, ...]
    publiee: EtatRegle
    annoncee: EtatRegle | None = None
    confirmee: EtatRegle | None = None

    def en_vigueur(self, jour: date, lecture: Lecture = "publiee") -> bool:
        """Whether the rule applies on a day: confirmed text first, else the published one, or the announced one if chosen."""
        etat = self.confirmee or (self.annoncee if lecture == "annoncee" and self.annoncee else self.publiee)
        return jour >= etat.effet

    def avertissement(self) -> str:
        """French warning: the three states, the missing one said so."""
        annonce = self.annoncee.en_clair() if self.annoncee else "rien"
        confirme = self.confirmee.en_clair() if self.confirmee else "aucun texte vu"
        return f"{self.objet} : publié {self.publiee.en_clair()} ; annoncé {annonce} ; confirmé : {confirme}."


class ReglesEnAttente(Fiche):
    """All the rules in waiting, by identifier."""

    regles: dict[str, RegleEnAttente]


@lru_cache(maxsize=2)
def lire_regles_en_attente(chemin: Path | None = None) -> dict[str, RegleEnAttente]:
    """Read the rules in waiting."""
    return lire_fiche(ReglesEnAttente, chemin or dossier_donnees() / "controles" / "regles_en_attente.yaml").regles


def regles_du_mode(mode: ModeEtude) -> list[RegleEnAttente]:
    """Rules in waiting that concern a mode."""
    return [r for r in lire_regles_en_attente().values() if mode in r.modes]
