"""Sheets of the stresses: shocks as data, incidents on a grant, combinations, and how they are chosen by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import model_validator

from pope_foncier.etude.champs import verifier_champ
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import (
    DureeMois,
    Fiche,
    Identifiant,
    Nombre,
    Part,
    Positif,
    Texte,
    faute,
    lire_fiche,
    sans_double,
)
from pope_foncier.socle.refus import refuser


class FicheChoc(Fiche):
    """Shock on one quantity: ``valeur × facteur + ajoute``."""

    champ: Texte
    facteur: Positif = 1.0
    ajoute: Nombre = 0.0

    @model_validator(mode="after")
    def _connu(self) -> FicheChoc:
        try:
            verifier_champ(self.champ)
        except ErreurCalcul as erreur:
            raise faute(str(erreur), "corriger « champ ».") from None
        if any(cle != "*" for cle in re.findall(r"\[([^\]]+)\]", self.champ)):
            raise faute(
                f"« {self.champ} » nomme un élément d'une seule étude, quand une épreuve vaut pour toutes.",
                "écrire [*] : chacun.",
            )
        return self


class ChocAide(Fiche):
    """What happens to the largest grant counted: share paid, or delay."""

    part: Part = 1.0
    retard_mois: DureeMois = 0


class FicheEpreuve(Fiche):
    """Stress: shocks as data, on fields or on named points of the chain."""

    id: Identifiant
    libelle: Texte
    chocs: tuple[FicheChoc, ...] = ()
    aide: ChocAide | None = None
    commune_retard_mois: DureeMois = 0
    sans_commune: bool = False
    """Whether the commune pays nothing of what it was to bring, investment and operation."""
    poste_vacant: Positif = 0.0
    """Jobs with the children left vacant from the cruising year on: the hours that they look after are closed; their pay goes
    to replacements and recruitment, a prudent reading."""
    poste_vacant_mois: DureeMois = 12


class Incident(Fiche):
    """Incident on one grant: share really paid, or delay."""

    libelle: Texte
    coefficient: Part = 1.0
    retard_mois: DureeMois = 0


class Incidents(Fiche):
    """Incidents by name."""

    incidents: dict[str, Incident]


class Combinaison(Fiche):
    """Stresses that strike together."""

    libelle: Texte
    epreuves: tuple[Texte, ...]


class Epreuves(Fiche):
    """Stresses, in order, and their combinations."""

    epreuves: tuple[FicheEpreuve, ...]
    combinaisons: tuple[Combinaison, ...] = ()

    @model_validator(mode="after")
    def _connues(self) -> Epreuves:
        connues = [e.id for e in self.epreuves]
        sans_double("épreuve", connues)
        perdues = sorted({i for c in self.combinaisons for i in c.epreuves if i not in connues})
        if perdues:
            raise faute(f"épreuve inconnue : {', '.join(perdues)}.", f"choisir parmi : {', '.join(connues)}.")
        return self


def lire_epreuves(chemin: Path | None = None) -> Epreuves:
    """Stresses of the data folder."""
    return lire_fiche(Epreuves, chemin or dossier_donnees() / "hypotheses" / "epreuves.yaml")


def choisir(noms: Sequence[str], fiches: Epreuves | None = None) -> list[FicheEpreuve]:
    """Stresses by their identifiers, each once, in the order asked.

    Raises:
        Inconnu: an identifier that the data does not have, with the near ones.
    """
    connues = {e.id: e for e in (fiches or lire_epreuves()).epreuves}
    for nom in noms:
        if nom not in connues:
            raise refuser("Épreuve inconnue", nom, connues)
    return [connues[nom] for nom in dict.fromkeys(noms)]
