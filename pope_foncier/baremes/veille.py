"""Watch on the law: values that are empty, unsure, over or soon over, read long ago, or whose start is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.modele import Bareme, ValeurDatee
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Entier, Fiche, Texte, lire_fiche
from pope_foncier.socle.temps import ajouter_mois, date_en_clair

CASE_VIDE = "case vide"


class ReglesDeVeille(Fiche):
    """When a value is to be looked at again [months]: before its end, and after its source was read."""

    prevenir_mois: Entier
    relire_mois: Entier
    base: Texte


@lru_cache(maxsize=2)
def lire_regles(chemin: Path | None = None) -> ReglesDeVeille:
    """Read them from the data folder."""
    return lire_fiche(ReglesDeVeille, chemin or dossier_donnees() / "hypotheses" / "veille.yaml")


@enregistrement
class AVeiller:
    """Value to look at again, and why."""

    valeur: ValeurDatee
    motifs: tuple[str, ...]

    @property
    def motif(self) -> str:
        """Why, in French."""
        return " ; ".join(self.motifs)

    @property
    def document(self) -> str:
        """What to ask for and whom, or where it was read."""
        if self.valeur.valeur is None:
            return self.valeur.document
        return f"{self.valeur.document} (lu : {self.valeur.source.en_clair()})"


def a_veiller(catalogue: Catalogue, jour: date) -> list[AVeiller]:
    """Values to look at again on a day: the empty slots that are not of the past, and the value in force and the last one of each scale if something is said of them."""
    regles = lire_regles()
    return [a for chemin in catalogue.chemins() for a in _du_bareme(catalogue.bareme(chemin), jour, regles)]


def _du_bareme(bareme: Bareme, jour: date, regles: ReglesDeVeille) -> Iterator[AVeiller]:
    *_, derniere = bareme.valeurs
    for valeur in bareme.valeurs:
        passee = valeur.jusqu_au is not None and valeur.jusqu_au < jour
        motifs: tuple[str, ...]
        if valeur.valeur is None:
            motifs = (CASE_VIDE,) if valeur is derniere or not passee else ()
        elif valeur is derniere:
            motifs = (*_fin(valeur, jour, regles), *_motifs(valeur, jour, regles))
        else:
            motifs = tuple(_motifs(valeur, jour, regles)) if valeur.couvre(jour) else ()
        if motifs:
            yield AVeiller(valeur, motifs)


def _fin(valeur: ValeurDatee, jour: date, regles: ReglesDeVeille) -> Iterator[str]:
    """What is said of the end of a value that none follows."""
    if valeur.jusqu_au is None:
        return
    if valeur.jusqu_au < jour:
        yield f"période close le {date_en_clair(valeur.jusqu_au)}"
    elif valeur.jusqu_au <= ajouter_mois(jour, regles.prevenir_mois):
        yield f"finit le {date_en_clair(valeur.jusqu_au)}"


def _motifs(valeur: ValeurDatee, jour: date, regles: ReglesDeVeille) -> Iterator[str]:
    if valeur.fiabilite == "a_confirmer":
        yield "à confirmer"
    if valeur.fiabilite == "estimation":
        yield "valeur non publiée"
    if ajouter_mois(valeur.source.consulte_le, regles.relire_mois) < jour:
        yield f"source lue le {date_en_clair(valeur.source.consulte_le)}"
    if valeur.au_plus_tard is not None:
        yield "début inconnu"
