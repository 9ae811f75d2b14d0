"""Ways of closing a gap, as data: one list of closers for all, whose shares alone differ, so that they are rows of one evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.donnee import DonneeMois, DonneePart, DonneeTaux
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Identifiant, Part, Texte, faute, lire_fiche, sans_double
from pope_foncier.socle.grandeur import Tableau

_COMMUNE = "{commune}"
_RIEN_ENCORE = DonneePart(valeur=0.0, base="selon la façon de boucler")


class Bouclage(Fiche):
    """Way of closing a gap: share of what the plan lacks that each closer brings; what they leave is « à trouver »."""

    nom: Identifiant
    titre: Texte
    parts: dict[Texte, Part] = Field(default_factory=dict)
    base: Texte

    @model_validator(mode="after")
    def _au_plus_un(self) -> Bouclage:
        if sum(self.parts.values()) > 1.0 + 1e-9:
            raise faute("les parts dépassent 1 : plus que ce qui manque.", "corriger les parts.")
        return self


class Bouclages(Fiche):
    """Closers, then the ways that share the gap between them."""

    boucleurs: tuple[Boucleur, ...] = Field(min_length=1, max_length=20)
    bouclages: tuple[Bouclage, ...] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _se_lisent(self) -> Bouclages:
        sans_double("bouclage", [b.nom for b in self.bouclages])
        connus = {b.id for b in self.boucleurs}
        inconnus = sorted({c for b in self.bouclages for c in b.parts if c not in connus})
        if inconnus:
            raise faute(f"parts d'apports inconnus : {', '.join(inconnus)}.", f"apports : {', '.join(sorted(connus))}.")
        return self

    def noms(self) -> dict[str, str]:
        """Title by name."""
        return {b.nom: b.titre for b in self.bouclages}


@lru_cache(maxsize=2)
def lire_bouclages(chemin: Path | None = None) -> Bouclages:
    """Read the ways of closing."""
    return lire_fiche(Bouclages, chemin or dossier_donnees() / "hypotheses" / "bouclages.yaml")


class Termes(NamedTuple):
    """What the closers take of a study: its commune, the name of its first loan, and the rate and the term of that loan when it says them."""

    commune: str
    pret: str
    taux: float | None
    duree_mois: int | None

    @classmethod
    def de(cls, etude: Etude) -> Termes:
        """Terms that a study gives."""
        if not etude.prets:
            return cls(etude.acteurs.commune, "", None, None)
        pret = etude.prets[0]
        taux = None if pret.taux is None else pret.taux.valeur
        duree = None if pret.duree_mois is None else pret.duree_mois.valeur
        return cls(etude.acteurs.commune, pret.libelle, taux, duree)


def boucleurs_pour(termes: Termes, boucleurs: Sequence[Boucleur]) -> tuple[Boucleur, ...]:
    """Closers of all the ways for a study, each bringing nothing until a row gives it its share.

    The grant is that of its commune; the loan has the rate and the term of the first loan of the study, where it says them.
    """
    base = f"comme « {termes.pret} » de l'étude"
    du_pret: dict[str, Any] = {}
    if termes.taux is not None:
        du_pret["taux"] = DonneeTaux(valeur=termes.taux, base=base)
    if termes.duree_mois is not None:
        du_pret["duree_mois"] = DonneeMois(valeur=termes.duree_mois, base=base)
    return tuple(_pour(b, termes.commune, du_pret) for b in boucleurs)


def _pour(boucleur: Boucleur, commune: str, du_pret: Mapping[str, Any]) -> Boucleur:
    dits: dict[str, Any] = {"part": _RIEN_ENCORE}
    if boucleur.apporteur == _COMMUNE:
        dits["apporteur"] = commune
    if boucleur.pret is not None:
        dits["pret"] = boucleur.pret.model_copy(update=du_pret)
    return boucleur.model_copy(update=dits)


class Rangees(NamedTuple):
    """Ways of closing as rows.

    Attributes:
        boucleurs: closers that one of them calls.
        parts: share of each closer in each row, by the field of the study where it is read, shape (ways,).
    """

    bouclages: tuple[Bouclage, ...]
    boucleurs: tuple[Boucleur, ...]
    parts: Mapping[str, Tableau]

    @classmethod
    def de(cls, bouclages: tuple[Bouclage, ...], boucleurs: Sequence[Boucleur]) -> Rangees:
        """Rows of some ways, whose closers are among these."""
        utiles = {c for b in bouclages for c, part in b.parts.items() if part}
        gardes = tuple(b for b in boucleurs if b.id in utiles)
        parts = {f"bouclage[{b.id}].part": np.array([x.parts.get(b.id, 0.0) for x in bouclages]) for b in gardes}
        return cls(bouclages, gardes, parts)


class RangeesDesEtudes:
    """Some ways as rows, for the studies of a comparison: those that say the same have the very same closers, made once.

    Args:
        bouclages: the ways.
        boucleurs: closers of the catalogue.
    """

    def __init__(self, bouclages: Sequence[Bouclage], boucleurs: Sequence[Boucleur]) -> None:
        self.bouclages = tuple(bouclages)
        self._boucleurs = boucleurs
        self._faites: dict[tuple[Termes, str], tuple[Mapping[str, str], Rangees]] = {}

    def pour(self, etude: Etude) -> tuple[Mapping[str, str], Rangees]:
        """Why some of the ways cannot close a study, by name; and the others."""
        cle = (Termes.de(etude), etude.acteurs.nom_maitre_ouvrage)
        if cle not in self._faites:
            self._faites[cle] = self._mettre_en_rangees(*cle)
        return self._faites[cle]

    def _mettre_en_rangees(self, termes: Termes, porteur: str) -> tuple[Mapping[str, str], Rangees]:
        boucleurs = boucleurs_pour(termes, self._boucleurs)
        siens = {b.id for b in boucleurs if b.apporteur == porteur}
        refus = {
            b.nom: f"« {porteur} », qui porte les travaux, se verserait de l'argent à elle-même"
            for b in self.bouclages
            if siens & {c for c, part in b.parts.items() if part}
        }
        autres = [b for b in boucleurs if b.id not in siens]
        return refus, Rangees.de(tuple(b for b in self.bouclages if b.nom not in refus), autres)
