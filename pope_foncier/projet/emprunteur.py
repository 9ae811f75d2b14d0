"""Borrower: opening balance sheet, closed accounts, present activity, debts and sureties; a lender lends to a borrower."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from pope_foncier.socle.fiches import (
    Annee,
    DureeMois,
    Euros,
    Fiche,
    Identifiant,
    Jour,
    Nombre,
    Taux,
    Texte,
    faute,
    lire_fiche,
)
from pope_foncier.socle.nombres import euros

_CENTIME = 0.005


class DetteExistante(Fiche):
    """Debt already owed, repaid in constant monthly payments."""

    id: Identifiant
    preteur: Texte
    restant_du: Euros
    taux: Taux
    duree_restante_mois: DureeMois
    surete: Texte | None = None
    """Surety that the lender holds."""

    @model_validator(mode="after")
    def _se_rembourse(self) -> DetteExistante:
        if self.restant_du > 0.0 and self.duree_restante_mois == 0:
            raise faute(
                f"dette « {self.id} » : {euros(self.restant_du, 2)} restent dus et la durée restante est nulle.",
                "donner les mois qui restent, ou retirer la dette du bilan si elle est soldée.",
            )
        return self


class BilanOuverture(Fiche):
    """Opening balance sheet [€]; the debts are those of the sheet, the equity is what closes it and is checked."""

    immobilisations_nettes: Euros
    creances: Euros
    disponibilites: Euros
    fonds_propres: Nombre
    """Associative funds and results carried forward."""
    subventions_investissement: Euros
    """Capital grants not yet released to income."""
    apports_droit_reprise: Euros
    dettes_exploitation: Euros
    """Suppliers, staff, social charges, deferred income."""


class CompteClos(Fiche):
    """Closed account of a year [€]."""

    annee: Annee
    produits: Euros
    """Cash income: the grant quota is apart."""
    charges: Euros
    """Cash charges: depreciation and interest are apart."""
    dotations: Euros
    quote_part: Euros
    interets: Euros
    resultat: Nombre

    @model_validator(mode="after")
    def _resultat_juste(self) -> CompteClos:
        calcule = self.produits + self.quote_part - self.charges - self.dotations - self.interets
        if abs(calcule - self.resultat) > _CENTIME:
            raise faute(
                f"compte {self.annee} : le résultat écrit est {euros(self.resultat, 2)}, les lignes donnent "
                f"{euros(calcule, 2)}.",
                "accorder le résultat et les lignes.",
            )
        return self

    @property
    def capacite_autofinancement(self) -> float:
        """Result + depreciation − grant quota [€]."""
        return self.resultat + self.dotations - self.quote_part


class Activite(Fiche):
    """Present activity carried on each year [€ of ``annee_prix``], besides the project."""

    annee_prix: Annee
    produits: Euros
    charges: Euros
    """Cash charges, without interest."""
    dotations: Euros
    quote_part: Euros


class Emprunteur(Fiche):
    """Borrower as a data sheet."""

    nom: Texte
    cloture: Jour
    """Day of the opening balance sheet: a 31 December."""
    remarque: Texte | None = None
    bilan: BilanOuverture
    comptes: tuple[CompteClos, ...] = Field(min_length=1, max_length=5)
    activite: Activite
    dettes: tuple[DetteExistante, ...] = Field((), max_length=200)

    @model_validator(mode="after")
    def _bilan_equilibre(self) -> Emprunteur:
        b = self.bilan
        actif = b.immobilisations_nettes + b.creances + b.disponibilites
        dettes = sum(d.restant_du for d in self.dettes)
        passif = (
            b.fonds_propres + b.subventions_investissement + b.apports_droit_reprise + dettes + b.dettes_exploitation
        )
        if abs(actif - passif) > _CENTIME:
            raise faute(
                f"le bilan d'ouverture n'est pas équilibré : actif {euros(actif, 2)}, passif {euros(passif, 2)} "
                f"(dont {euros(dettes, 2)} de dettes financières), écart {euros(actif - passif, 2)}.",
                "reprendre le bilan déposé, sans oublier une dette.",
            )
        if (self.cloture.month, self.cloture.day) != (12, 31):
            raise faute("la clôture n'est pas un 31 décembre.", "donner le bilan de fin d'année civile.")
        annees = [c.annee for c in self.comptes]
        if annees != sorted(set(annees)) or annees[-1] != self.cloture.year:
            raise faute(
                f"comptes clos {', '.join(str(a) for a in annees)} pour un bilan au 31 décembre {self.cloture.year}.",
                "donner les comptes du plus ancien au plus récent, le dernier étant celui du bilan.",
            )
        return self


def lire_emprunteur(fichier: Path) -> Emprunteur:
    """Read the sheet of a borrower."""
    return lire_fiche(Emprunteur, fichier)
