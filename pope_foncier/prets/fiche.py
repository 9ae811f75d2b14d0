"""Loan sheet: a ``pret.yaml`` read strictly, then turned into loan terms (one loan, or several tranches)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self, TypeVar

import numpy as np
from pydantic import Field, model_validator

from pope_foncier.prets import clauses
from pope_foncier.prets.conditions import (
    Arrondi,
    Differe,
    InteretsPrefinancement,
    NomProfil,
    PremierePeriode,
    Terme,
)
from pope_foncier.prets.conversions import BaseJours, Conversion
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.fiche_offre import FicheOffre
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme
from pope_foncier.socle.fiches import (
    DureeMois,
    Entier,
    Euros,
    Fiche,
    Jour,
    MoisSigne,
    Nombre,
    Part,
    Taux,
    Texte,
    faute,
    lire_fiche,
    valider,
)
from pope_foncier.socle.yaml_strict import Chemin, champ_en_clair, charger_yaml

R = TypeVar("R")


class FichePalier(Fiche):
    """Known rate stage."""

    mois: DureeMois
    taux: Taux


class FichePalierEcheance(Fiche):
    """Known payment stage."""

    mois: DureeMois
    montant: Euros | None = None
    coefficient: Nombre | None = None


class FicheIndice(Fiche):
    """Index from a month on."""

    a_partir_du_mois: DureeMois
    indice: Taux


class FicheRevision(Fiche):
    """Rate revision along an index path, which is a scenario."""

    indices: tuple[FicheIndice, ...] = Field(min_length=1, max_length=1200)
    marge: Taux | None = None
    premiere_mois: DureeMois = 12
    tous_les_mois: DureeMois = 12
    mode: clauses.ModeRevision = "simple"
    plafond: Taux | None = None
    plancher: Taux | None = None
    variation_max: Taux | None = None
    coefficient_echeance_max: Nombre | None = None

    @model_validator(mode="after")
    def _ordre(self) -> Self:
        mois = [i.a_partir_du_mois for i in self.indices]
        if mois[0] != 0 or mois != sorted(set(mois)):
            raise faute(
                "les mois des indices ne partent pas de 0 ou ne croissent pas.", "les ranger à partir du mois 0."
            )
        return self

    def en_clause(self) -> clauses.Revision:
        """Clause, its path spelt month by month."""
        chemin = np.empty(self.indices[-1].a_partir_du_mois + 1)
        for etape in self.indices:
            chemin[etape.a_partir_du_mois :] = etape.indice
        autres = {n: getattr(self, n) for n in type(self).model_fields if n != "indices"}
        return clauses.Revision(indices=chemin, **autres)


class FicheDeblocage(Fiche):
    """Drawdown."""

    mois: DureeMois
    part: Part | None = None
    montant: Euros | None = None


class FicheFrais(Fiche):
    """Fee; ``mois`` may be negative, ``a_la_fin`` takes its place for an exit fee."""

    libelle: Texte = "frais"
    montant: Euros | None = None
    taux: Part | None = None
    mois: MoisSigne = 0
    a_la_fin: bool = False
    finances: bool = False
    dans_teg: bool = True

    def en_clause(self) -> clauses.Frais:
        """Clause of the engine."""
        mois = None if self.a_la_fin else self.mois
        return clauses.Frais(self.montant, self.taux, mois, self.finances, self.dans_teg, self.libelle)


class FicheGarantie(Fiche):
    """Guarantee."""

    quotite: Part
    commission: Part = 0.0
    plafond: Euros | None = None
    assiette: clauses.AssietteGarantie = "initiale"
    dans_teg: bool = True


class FicheAssurance(Fiche):
    """Borrower insurance."""

    mode: clauses.ModeAssurance = "capital_initial"
    taux: Part | None = None
    montant: Euros | None = None
    financee: bool = False
    quotite: Nombre = 1.0


class FicheIndemnite(Fiche):
    """Early repayment indemnity."""

    mode: clauses.ModeIndemnite = "aucune"
    pourcentage: Part = 0.0
    mois: Nombre = 0.0
    taux_reference: Taux | None = None


class FicheAnticipe(Fiche):
    """Early repayment."""

    mois: DureeMois
    montant: Euros | None = None
    part: Part | None = None
    mode: clauses.ModeAnticipe = "reduire_echeance"
    indemnite: FicheIndemnite = FicheIndemnite()

    def en_clause(self) -> clauses.Anticipe:
        """Clause of the engine."""
        indemnite = clauses.Indemnite(**self.indemnite.model_dump())
        return clauses.Anticipe(self.mois, self.montant, self.part, self.mode, indemnite)


class FicheSuspension(Fiche):
    """Holiday in mid-life."""

    mois: DureeMois
    duree_mois: DureeMois
    interets: clauses.SortDesInterets = "payes"
    allonge: bool = True


class FicheParticipation(Fiche):
    """Participating remuneration."""

    valeur: Euros
    croissance: Taux
    part: Part


class FichePret(Fiche):
    """Loan as written in a file; the fields are those of ``Emprunt``."""

    libelle: Texte = "emprunt"
    capital: Euros | None = None
    taux: Taux
    duree_mois: DureeMois | None = None
    profil: NomProfil = "annuite_constante"
    periodes_par_an: Literal[12, 6, 4, 2, 1] = 12
    terme: Terme = "echu"
    conversion: Conversion = "proportionnelle"
    capitalisations_par_an: Entier | None = None
    base_jours: BaseJours = "30/360"
    base_premiere_periode: BaseJours | None = None
    date_debut: Jour | None = None
    date_premiere_echeance: Jour | None = None
    premiere_periode: PremierePeriode = "interets_en_plus"
    differe: Differe = "aucun"
    differe_mois: DureeMois = 0
    differe_en_plus: bool = False
    prefinancement_mois: DureeMois = 0
    interets_prefinancement: InteretsPrefinancement = "payes"
    commission_non_utilisation: Part = 0.0
    progression: Taux = 0.0
    progression_annees: Entier | None = None
    duree_profil_mois: DureeMois | None = None
    echeance: Euros | None = None
    paliers: tuple[FichePalier, ...] = Field((), max_length=1200)
    paliers_echeance: tuple[FichePalierEcheance, ...] = Field((), max_length=1200)
    service: tuple[Nombre, ...] | None = Field(None, max_length=1200)
    tableau: tuple[Nombre, ...] | None = Field(None, max_length=1200)
    revision: FicheRevision | None = None
    deblocages: tuple[FicheDeblocage, ...] = Field((), max_length=200)
    frais: tuple[FicheFrais, ...] = Field((), max_length=100)
    garantie: FicheGarantie | None = None
    assurance: FicheAssurance | None = None
    anticipes: tuple[FicheAnticipe, ...] = Field((), max_length=200)
    suspensions: tuple[FicheSuspension, ...] = Field((), max_length=200)
    participation: FicheParticipation | None = None
    arrondi: Arrondi = "aucun"

    def en_emprunt(self) -> Emprunt:
        """Loan terms.

        Raises:
            ErreurCalcul: fields that contradict each other.
        """
        simples = {n: getattr(self, n) for n in type(self).model_fields if n not in _CLAUSES}
        return Emprunt(
            **simples,
            paliers=tuple(clauses.Palier(**p.model_dump()) for p in self.paliers),
            paliers_echeance=tuple(clauses.PalierEcheance(**p.model_dump()) for p in self.paliers_echeance),
            revision=self.revision.en_clause() if self.revision else None,
            deblocages=tuple(clauses.Deblocage(**d.model_dump()) for d in self.deblocages),
            frais=tuple(f.en_clause() for f in self.frais),
            garantie=clauses.Garantie(**self.garantie.model_dump()) if self.garantie else None,
            assurance=clauses.Assurance(**self.assurance.model_dump()) if self.assurance else None,
            anticipes=tuple(a.en_clause() for a in self.anticipes),
            suspensions=tuple(clauses.Suspension(**s.model_dump()) for s in self.suspensions),
            participation=clauses.Participation(**self.participation.model_dump()) if self.participation else None,
        )


_CLAUSES = (
    "paliers",
    "paliers_echeance",
    "revision",
    "deblocages",
    "frais",
    "garantie",
    "assurance",
    "anticipes",
    "suspensions",
    "participation",
)


class FicheDossierPret(Fiche):
    """File ``pret.yaml``: one loan (``pret``) or several tranches (``tranches``)."""

    titre: Texte = "prêt"
    offre: FicheOffre | None = None
    """What the bank's offer says besides."""
    pret: FichePret | None = None
    tranches: tuple[FichePret, ...] = Field((), max_length=50)

    @model_validator(mode="after")
    def _un_seul(self) -> Self:
        if (self.pret is None) == (not self.tranches):
            raise faute(
                "le fichier doit décrire un prêt ou des tranches.", "écrire soit « pret: », soit « tranches: »."
            )
        return self

    @property
    def prets(self) -> tuple[FichePret, ...]:
        """The loans of the file."""
        return (self.pret,) if self.pret else self.tranches


def lire_prets(chemin: Path) -> list[Emprunt]:
    """Read a ``pret.yaml``: the terms of its loan or of its tranches.

    Raises:
        ErreurDonnees: faults of form, or terms that contradict each other, in French, with their line.
    """
    return _pour_chaque_pret(chemin, FichePret.en_emprunt)


def calculer_prets(chemin: Path) -> list[Echeancier]:
    """Schedules of a ``pret.yaml``, one per tranche.

    Raises:
        ErreurDonnees: as ``lire_prets``, and what the computation refuses.
    """
    return _pour_chaque_pret(chemin, lambda pret: echeancier(pret.en_emprunt()))


def ouvrir_prets(chemin: Path) -> tuple[tuple[Echeancier, ...], FicheDossierPret]:
    """Schedules of a ``pret.yaml`` and its sheet, with what the bank's offer says besides.

    Raises:
        ErreurDonnees: as ``calculer_prets``.
    """
    return tuple(calculer_prets(chemin)), lire_fiche(FicheDossierPret, chemin)


def _pour_chaque_pret(chemin: Path, faire: Callable[[FichePret], R]) -> list[R]:
    """Do something with each loan of a file; a refusal is placed at the field that it names, else at the loan."""
    donnees, lignes = charger_yaml(chemin)
    fichier = chemin_court(chemin)
    fiche = valider(FicheDossierPret, donnees, fichier, lignes)
    faits, problemes = [], []
    for rang, pret in enumerate(fiche.prets):
        lieu: Chemin = ("pret",) if fiche.pret else ("tranches", rang)
        try:
            faits.append(faire(pret))
        except ErreurCalcul as erreur:
            nommes = [(*lieu, nom) for nom in re.findall(r"« (\w+) »", str(erreur))]
            champ = next((nomme for nomme in nommes if nomme in lignes), lieu)
            remede = "corriger les conditions du prêt."
            problemes.append(Probleme(fichier, lignes.get(champ), champ_en_clair(champ), str(erreur), remede))
    if problemes:
        raise ErreurDonnees(problemes)
    return faits
