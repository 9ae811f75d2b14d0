"""Montages as data: who holds the walls, under which tenure, who lets to whom; taxes by legal form; readings of the law."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from pope_foncier.acquisition.titres import GenreTitre, Redevable
from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.modele.clauses_de_pret import Garantie
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Part, Texte, faute, lire_fiche

Porteur = Literal["gestionnaire", "sci", "commune", "fonciere"]
Forme = Literal["association", "scic", "sci", "collectivite", "entreprise"]


class Due(Fiche):
    """Share of a tax that is due, and why."""

    due: Part
    raison: Texte


class FormeJuridique(Fiche):
    """What the law makes a legal form pay when it holds the premises; a commune pays more when it lets than when it lends."""

    droits_mutation: Due
    taxe_fonciere: Due
    bureaux: Due
    amenagement: Due
    interet_general: Literal["oui", "non"] = "non"
    """Whether it may be a body of general interest (CGI 200 and 238 bis), whose loan a commune may guarantee in full."""
    source: Reference
    fiabilite: Fiabilite


class Garanties(Fiche):
    """Securities that a lender takes: a mortgage where the tenure allows one, else a guarantor; or the commune, when it agrees."""

    hypotheque: Garantie
    garant: Garantie
    garant_a_confirmer: Texte
    communale: Garantie
    """Guarantee of the commune, for a borrower of general interest."""
    communale_a_confirmer: Texte
    communale_refusee: Texte
    """Why a borrower that is not of general interest does not have the one that the study states."""


class BailType(Fiche):
    """Letting of a montage."""

    genre: GenreTitre
    loyer: Literal["equilibre", "gratuit"]
    tva: Literal["oui", "non"] = "non"


class Lecture(Fiche):
    """Unsettled point of law: the question, who can answer it, and what the other answer changes in the study."""

    question: Texte
    aupres_de: Texte
    retenue: Texte
    """Answer that the study follows."""
    autre: Texte
    genres: tuple[GenreTitre, ...] = ()
    """Tenures that the question concerns; all of them when empty."""
    tranchee_par: Texte | None = None
    """Field whose answer in the study settles the question."""
    surcharges: dict[str, Any] = Field(default_factory=dict)
    """Fields of the study under the other answer; an empty value removes the field."""
    copies: dict[str, Texte] = Field(default_factory=dict)
    """Fields that take the value of another one."""
    aides_refusees: tuple[Texte, ...] = ()
    """Schemes or aids refused under the other answer."""
    garantie: Literal["communale"] | None = None
    """Security of every loan of the holder under the other answer."""


class Montage(Fiche):
    """Montage: who holds the walls, under which tenure, who lets to whom."""

    titre: Texte
    porteur: Porteur
    forme: Forme
    regime: Texte | None = None
    """Entry of ``formes`` that taxes the holder; that of its legal form when left out."""
    genre: GenreTitre | Literal["achat"]
    """Tenure of the holder; ``achat`` is full ownership or an off-plan purchase, as the site allows."""
    bail: BailType | None = None
    compensation: Literal["recuperation", "fctva"] | None = None
    portage: Literal["oui", "non"] = "non"
    """Whether the public land body buys first and sells at cost."""
    bailleur: Literal["proprietaire_actuel", "commune_apres_achat", "domaine_communal"] = "proprietaire_actuel"
    """Who gives the tenure: today's owner, the commune once it has bought, or the commune on its own domain."""
    loyer: Literal["annuel", "capitalise"] = "annuel"
    """Whether the rent of a long lease is paid each year, or at once when the works start."""
    lectures: tuple[Texte, ...] = ()
    a_confirmer: tuple[Texte, ...] = ()


class Montages(Fiche):
    """Montages by name in the order of the tables, legal forms, securities, readings."""

    formes: dict[str, FormeJuridique]
    garanties: Garanties
    lectures: dict[str, Lecture]
    montages: dict[str, Montage]

    @model_validator(mode="after")
    def _connus(self) -> Montages:
        inconnues = sorted({x for m in self.montages.values() for x in m.lectures} - set(self.lectures))
        sans_forme = sorted({m.regime or m.forme for m in self.montages.values()} - set(self.formes))
        if inconnues or sans_forme:
            raise faute(
                f"lectures ou formes non décrites : {', '.join([*inconnues, *sans_forme])}.",
                "les ajouter sous « lectures » et « formes ».",
            )
        return self

    def forme_de(self, montage: Montage) -> FormeJuridique:
        """What the law makes the holder of a montage pay."""
        return self.formes[montage.regime or montage.forme]


@lru_cache(maxsize=4)
def lire_montages(chemin: Path | None = None) -> Montages:
    """Read the montages."""
    return lire_fiche(Montages, chemin or dossier_donnees() / "montages.yaml")


def taxe_due(taxe: Redevable, forme: Due) -> Due:
    """Share of a tax that the project bears: the tenure says who owes it, then the legal form of the holder."""
    return forme if taxe.qui == "titulaire" else Due(due=0.0, raison=taxe.raison)
