"""Ways of closing a gap, as data: one list of closers for all, whose shares alone differ, so that they are rows of one evaluation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.donnee import DonneeMois, DonneePart, DonneeTaux
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Identifiant, Part, Texte, faute, lire_fiche, sans_double

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


def boucleurs_pour(etude: Etude, fiches: Bouclages) -> tuple[Boucleur, ...]:
    """Closers of all the ways for a study, each bringing nothing until a row gives it its share.

    The grant is that of its commune; the loan has the rate and the term of the first loan of the study, where it says them.
    """
    return tuple(_pour(b, etude) for b in fiches.boucleurs)


def _pour(boucleur: Boucleur, etude: Etude) -> Boucleur:
    dits: dict[str, Any] = {"part": _RIEN_ENCORE}
    if boucleur.apporteur == _COMMUNE:
        dits["apporteur"] = etude.acteurs.commune
    if boucleur.pret is not None and etude.prets:
        premier = etude.prets[0]
        termes = {}
        for champ, sorte in (("taux", DonneeTaux), ("duree_mois", DonneeMois)):
            dite = getattr(premier, champ)
            if dite is not None and dite.valeur is not None:
                termes[champ] = sorte(valeur=dite.valeur, base=f"comme « {premier.libelle} » de l'étude")
        dits["pret"] = boucleur.pret.model_copy(update=termes)
    return boucleur.model_copy(update=dits)
