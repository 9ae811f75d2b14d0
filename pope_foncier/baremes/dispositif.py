"""Public scheme: the rule of a grant as data — who, on what base, how much, under which conditions, paid when.

Every number of the rule is the name of a scale of the same file, so it is dated and sourced like the rest of the law.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.socle.fiches import DureeMois, Fiche, Part, Texte, faute
from pope_foncier.socle.nombres import formater_nombre

Poste = Literal["entree", "loyer_capitalise", "travaux", "honoraires", "etudes", "aleas", "equipement"]
"""Cost lines that a base may hold."""

TypeCondition = Literal[
    "extension_minimale",
    "titre_couvre_engagement",
    "avis_avant_travaux",
    "quartier_prioritaire",
    "couverture_inferieure",
    "potentiel_financier_inferieur",
    "gros_oeuvre_suffisant",
    "local_jamais_occupe",
    "appel_a_projets_ouvert",
    "renouvellement_urbain",
    "friche",
    "age_minimal",
    "depense_minimale",
]
"""Closed list of the conditions that a scheme may ask for."""

Evenement = Literal["accord", "demarrage_travaux", "mi_travaux", "reception", "comptes_definitifs"]
EVENEMENT_EN_CLAIR: dict[Evenement, str] = {
    "accord": "à l'accord",
    "demarrage_travaux": "au démarrage des travaux",
    "mi_travaux": "à mi-travaux",
    "reception": "à la réception",
    "comptes_definitifs": "sur les comptes définitifs",
}
FORME_EN_CLAIR = {
    "association": "association",
    "scic": "Scic",
    "sci": "SCI",
    "collectivite": "collectivité",
    "entreprise": "entreprise",
    "bailleur_social": "bailleur social",
}
"""Legal forms of who asks, in French."""


class FicheAssiette(Fiche):
    """Base of a grant: the cost lines counted, and whether VAT is in."""

    postes: tuple[Poste, ...] = Field(min_length=1)
    taxe: Literal["ht", "ttc", "ttc_si_non_recuperee"]


class FicheCondition(Fiche):
    """Condition of a scheme, with the scale of its threshold when it has one."""

    type: TypeCondition
    bareme: Texte | None = None


class FicheMajoration(Fiche):
    """Bonus per place, under a condition."""

    montant: Texte
    condition: TypeCondition


class FicheCalcul(Fiche):
    """How the amount is computed; the fields are names of scales of the same file."""

    mode: Literal["forfait_par_place", "taux_sur_assiette", "forfait", "tranches"]
    montant: Texte | None = None
    taux: Texte | None = None
    bareme: Texte | None = None
    places: Literal["ajoutees", "existantes", "toutes"] = "ajoutees"
    majorations: tuple[FicheMajoration, ...] = ()

    @model_validator(mode="after")
    def _complet(self) -> Self:
        attendu = {
            "forfait_par_place": "montant",
            "forfait": "montant",
            "taux_sur_assiette": "taux",
            "tranches": "bareme",
        }[self.mode]
        if getattr(self, attendu) is None:
            raise faute(
                f"le mode « {self.mode} » demande le champ « {attendu} ».", "l'ajouter : nom d'un barème du fichier."
            )
        return self

    @property
    def nom_bareme(self) -> str:
        """Name of the scale that carries the amount, rate or brackets."""
        return self.montant or self.taux or self.bareme or ""


class FichePlafonds(Fiche):
    """Caps of a grant, each the name of a scale."""

    par_place: Texte | None = None
    part_assiette: Texte | None = None
    montant: Texte | None = None


class FicheVersement(Fiche):
    """Instalment: share of the grant, paid some months after an event."""

    evenement: Evenement
    part: Part
    delai_mois: DureeMois


class FicheDispositif(Fiche):
    """Rule of a scheme."""

    nom: Texte
    financeur: Texte
    personne_publique: Literal["oui", "non", "deux_lectures"]
    beneficiaires: tuple[Texte, ...] = Field(min_length=1)
    beneficiaires_a_confirmer: tuple[Texte, ...] = ()
    modes_accueil: tuple[Texte, ...] = Field(min_length=1)
    assiette: FicheAssiette
    calcul: FicheCalcul
    plafonds: FichePlafonds = FichePlafonds.model_construct()
    conditions: tuple[FicheCondition, ...] = ()
    exclusions: tuple[Texte, ...] = ()
    versements: tuple[FicheVersement, ...] = Field(min_length=1)
    versements_fiabilite: Fiabilite
    reversement: Literal["prorata_restant", "total", "inconnu"]
    fiabilite: Fiabilite
    note: Texte | None = None

    @model_validator(mode="after")
    def _parts(self) -> Self:
        somme = sum(v.part for v in self.versements)
        if abs(somme - 1.0) > 1e-9:
            raise faute(
                f"les parts des versements font {formater_nombre(somme, 6, 0)} au lieu de 1.", "corriger les parts."
            )
        return self

    def noms_cites(self) -> tuple[str, ...]:
        """Names of the scales that the rule uses."""
        noms = [self.calcul.nom_bareme, self.plafonds.par_place, self.plafonds.part_assiette, self.plafonds.montant]
        noms += [m.montant for m in self.calcul.majorations] + [c.bareme for c in self.conditions]
        return tuple(n for n in noms if n)
