"""Tenures: what each right on premises gives and takes — term, real right, mortgage, works, taxes, exit."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import model_validator

from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import DureeMois, Fiche, Texte, faute, lire_fiche

GenreTitre = Literal[
    "propriete",
    "vefa",
    "bail_emphyteotique",
    "bail_construction",
    "bail_emphyteotique_administratif",
    "bail_reel_solidaire_activite",
    "bail_commercial",
    "bail_civil",
    "convention_occupation",
    "pret_usage",
]

Voie = Literal["vente", "bail_reel", "bail_reel_solidaire", "bail_simple", "convention", "mise_a_disposition"]
"""Way by which a site opens: what the owner must accept for a tenure to exist."""

PLEINE_PROPRIETE: tuple[GenreTitre, ...] = ("propriete", "vefa")


class Redevable(Fiche):
    """Who owes a tax on the premises under a tenure, and why."""

    qui: Literal["titulaire", "proprietaire", "exonere"]
    """The holder (as its legal form is taxed), the owner that gives the tenure, or nobody."""
    raison: Texte


class Titre(Fiche):
    """Tenure as the law describes it."""

    libelle: Texte
    voie: Voie
    duree_min_mois: DureeMois | None = None
    duree_max_mois: DureeMois | None = None
    reconduction: Texte
    droits_reels: Literal["oui", "non", "selon_contrat"]
    hypotheque: Literal["oui", "limitee", "non"]
    gros_travaux: Literal["titulaire", "proprietaire"]
    """Who bears the heavy works during the tenure."""
    taxe_fonciere: Literal["titulaire", "proprietaire"]
    bureaux: Redevable
    """Tax on the creation of offices."""
    amenagement: Redevable
    """Taxe d'aménagement."""
    indexation: Literal["ilat", "ilc", "icc"] | None = None
    """Evolution path of the rent."""
    tva: Texte
    sortie: Literal["revente", "retour_sans_indemnite", "neant"]
    """What is left to the holder at the end."""
    depart_anticipe: Texte
    publie: bool = False
    """Whether it is a lease, published beyond a length of the law: notary and land-registry contribution."""
    droit_bail: Texte | None = None
    """Scale of the land-registration tax on the total of the rents of a published lease; none when exempt."""
    droit_bail_plafond: Texte | None = None
    """Scale of the most years of rent that the tax counts, for an ordinary lease."""
    loyer_capitalise: bool = False
    """Whether a rent paid at once may count in the Piaje base."""
    exclus: tuple[Texte, ...] = ()
    """Legal forms that may not hold it."""
    sous_condition: tuple[Texte, ...] = ()
    """Legal forms that may hold it only below limits that the file does not know."""
    raison_exclusion: Texte | None = None
    a_confirmer: tuple[Texte, ...] = ()
    source: Reference
    fiabilite: Fiabilite

    @model_validator(mode="after")
    def _coherent(self) -> Titre:
        if self.droits_reels == "non" and self.hypotheque != "non":
            raise faute("une hypothèque sans droit réel n'existe pas.", "corriger « hypotheque » ou « droits_reels ».")
        if not self.publie and (self.droit_bail is not None or self.droit_bail_plafond is not None):
            raise faute("un droit de bail sans bail publié.", "ajouter « publie: true », ou retirer « droit_bail ».")
        if bool(self.exclus) != (self.raison_exclusion is not None):
            raise faute("une exclusion demande sa raison.", "accorder « exclus » et « raison_exclusion ».")
        return self

    def refus_de_duree(self, mois: float) -> str:
        """Why the law refuses a term, or nothing."""
        if self.duree_min_mois is not None and mois < self.duree_min_mois:
            annees, plus = divmod(self.duree_min_mois, 12)
            return f"{self.libelle} : durée {'de plus de' if plus else 'de'} {annees} ans{'' if plus else ' au moins'}"
        if self.duree_max_mois is not None and mois > self.duree_max_mois:
            return f"{self.libelle} : durée d'au plus {self.duree_max_mois // 12} ans"
        return ""


class Titres(Fiche):
    """Tenures by kind; every kind is there."""

    titres: dict[GenreTitre, Titre]

    @model_validator(mode="after")
    def _tous(self) -> Titres:
        absents = sorted(set(get_args(GenreTitre)) - set(self.titres))
        if absents:
            raise faute(f"titres absents : {', '.join(absents)}.", "les décrire.")
        return self


@lru_cache(maxsize=4)
def lire_titres(chemin: Path | None = None) -> dict[GenreTitre, Titre]:
    """Read the tenures."""
    return lire_fiche(Titres, chemin or dossier_donnees() / "titres.yaml").titres


def titre_de(genre: GenreTitre) -> Titre:
    """One tenure by its kind."""
    return lire_titres()[genre]
