"""Published operations for the back-test: two file schemas in, comparable cost observations out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Annee, Entier, Euros, Fiche, SurfaceM2, Texte, lire_fiche, valider
from pope_foncier.socle.yaml_strict import charger_yaml
from pope_foncier.travaux.calage_mots import Profondeur, modulaire, nom_de_lieu, profondeur
from pope_foncier.travaux.cout import BT01

TVA = "fiscalite.tva.taux_normal"
FICHIER = "operations_publiees.yaml"
"""Published operations of the project, in ``data/cas``."""

Genre = Literal["neuf", "reemploi", "amenagement", "autre"]
NatureCout = Literal["total", "travaux"]
Taxe = Literal["ht", "ttc", "non_dit"]


class Montant(Fiche):
    """Cost as printed; ``base_aide``: amount declared in a grant file, which may be a part of the operation."""

    montant: Euros
    taxe: Taxe
    base_aide: bool = False


class PostePublie(Fiche):
    """Part of the cost that the source names."""

    libelle: Texte
    montant: Euros


class OperationPubliee(Fiche):
    """Published operation: what a childcare place cost, as the source prints it."""

    id: Texte
    nom: Texte
    commune: Texte | None = None
    departement: Texte | None = None
    annee: Annee | None = None
    mode: Literal["creche", "multi_accueil", "micro_creche", "mam", "pole"]
    genre: Genre
    profondeur: Profondeur | None = None
    """Of a building that stands; coded from the description, never from the cost; None when it does not say it."""
    modulaire: bool = False
    """New building made in a factory."""
    travaux: Texte
    places: Entier | None = None
    surface_m2: SurfaceM2 | None = None
    cout_total: Montant | None = None
    cout_travaux: Montant | None = None
    premiere_estimation: Euros | None = None
    postes: tuple[PostePublie, ...] = ()
    abandonnee: bool = False
    ecarte: Texte | None = None
    """Why the operation is kept out of the back-test."""
    remarque: Texte | None = None
    source: Reference
    fiabilite: Fiabilite


class OperationsPubliees(Fiche):
    """File of published operations, in the project's schema."""

    operations: tuple[OperationPubliee, ...] = Field(min_length=1)


class _Cas(Fiche):
    """Row of the exchange schema (``cases``); fields that the back-test does not read are left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    id: Texte
    name: Texte
    commune: Texte | None = None
    dept: Texte | None = None
    year: Annee | None = None
    mode: Texte | None = None
    kind_code: Literal["new", "reuse_renovation", "fit-out", "other"] = "other"
    new_or_renovation: Texte | None = None
    places: Entier | None = None
    surface_m2: SurfaceM2 | None = None
    total_cost_eur: Euros | None = None
    works_cost_eur: Euros | None = None
    ht_or_ttc: Texte | None = None
    in_stats: bool = True
    composite: bool = False
    programme: bool = False
    acquisition_only: bool = False


class _FichierEchange(Fiche):
    cases: tuple[_Cas, ...] = Field(min_length=1)


_GENRES: dict[str, Genre] = {"new": "neuf", "reuse_renovation": "reemploi", "fit-out": "amenagement", "other": "autre"}


@dataclass(frozen=True, slots=True)
class OperationDuCalage:
    """Operation read from either schema: what the back-test needs."""

    id: str
    nom: str
    lieu: str
    annee: int | None
    genre: Genre
    profondeur: Profondeur | None
    """Of a building that stands; None for a new one, a kind not said, or works whose depth is not said."""
    modulaire: bool
    mam: bool
    departement: str | None
    """Code; None when the file does not say it."""
    places: float | None
    surface_m2: float | None
    couts: Mapping[NatureCout, tuple[float, Taxe]]
    """Printed amount [€] and its tax, by scope: works only and total are never added nor swapped."""
    base_aide: bool
    """Cost declared in a grant file, which may be a part of the operation."""
    ecarte: str
    """Why it is kept out; empty when it is kept."""
    annonce: float | None = None
    """Total first announced [€], when the last one that is published is another."""

    @property
    def existant(self) -> bool:
        """Whether a building stands, whose works have a depth."""
        return self.genre in ("reemploi", "amenagement")


@dataclass(frozen=True, slots=True)
class Observation:
    """One printed cost of one operation, at the prices of the reference date; tax removed only when stated."""

    operation: OperationDuCalage
    nature: NatureCout
    taxe: Taxe
    montant: float
    """[€], prices of the reference date."""
    annee_prix: int
    annee_supposee: bool

    @property
    def imprime(self) -> float:
        """Amount that the source prints [€]."""
        return self.operation.couts[self.nature][0]

    @property
    def hausse(self) -> float:
        """How many times the total first announced this one is; NaN for works alone, or when only one is published."""
        annonce = self.operation.annonce if self.nature == "total" else None
        return self.imprime / annonce if annonce else float("nan")

    def jumelle(self, autre: Observation) -> bool:
        """Whether both may be one operation, or two units of one order: neither may teach the other.

        One commune is enough: two sources rarely agree on the places, the year or the amount of one operation.
        """
        o, p = self.operation, autre.operation
        commun = any(x and x == y for x, y in ((o.annee, p.annee), (o.places, p.places), (o.surface_m2, p.surface_m2)))
        meme_cout = self.nature == autre.nature and self.imprime == autre.imprime and commun
        meme_lieu = bool(o.lieu) and nom_de_lieu(o.lieu) == nom_de_lieu(p.lieu)
        return o.id == p.id or self.empreinte == autre.empreinte or meme_lieu or meme_cout

    @property
    def empreinte(self) -> tuple[object, ...]:
        """What twins share: two units of one order must not predict each other."""
        o = self.operation
        return (o.annee, o.places, o.surface_m2, round(self.montant))


def lire_operations(chemin: Path | None = None) -> tuple[OperationDuCalage, ...]:
    """Read a file of published operations: the project's schema (``operations``) or the exchange schema (``cases``).

    Raises:
        ErreurDonnees: every fault of the file at once.
    """
    fichier = chemin or dossier_donnees() / "cas" / FICHIER
    donnees, lignes = charger_yaml(fichier, ("operations", "cases"), {"cases": _Cas.model_fields}, codes=("dept",))
    nom = chemin_court(fichier)
    if "cases" in donnees:
        return tuple(_du_cas(c) for c in valider(_FichierEchange, donnees, nom, lignes).cases)
    return tuple(de_la_fiche(o) for o in valider(OperationsPubliees, donnees, nom, lignes).operations)


def lire_fiches() -> tuple[OperationPubliee, ...]:
    """Read the published operations of the project, with what the back-test does not use.

    Raises:
        ErreurDonnees: every fault of the file at once.
    """
    return lire_fiche(OperationsPubliees, dossier_donnees() / "cas" / FICHIER).operations


def lire_operation(identite: str) -> OperationPubliee:
    """Read one published operation of the project, with what the back-test does not use.

    Raises:
        ErreurCalcul: no such operation.
    """
    for o in lire_fiches():
        if o.id == identite:
            return o
    raise ErreurCalcul(f"Opération publiée inconnue : « {identite} ».")


def de_la_fiche(o: OperationPubliee) -> OperationDuCalage:
    """What the back-test needs of a sheet."""
    couts: dict[NatureCout, tuple[float, Taxe]] = {}
    if o.cout_total:
        couts["total"] = (o.cout_total.montant, o.cout_total.taxe)
    if o.cout_travaux:
        couts["travaux"] = (o.cout_travaux.montant, o.cout_travaux.taxe)
    aide = any(m is not None and m.base_aide for m in (o.cout_total, o.cout_travaux))
    return OperationDuCalage(
        id=o.id,
        nom=o.nom,
        lieu=o.commune or "",
        annee=o.annee,
        genre=o.genre,
        profondeur=o.profondeur,
        modulaire=o.modulaire,
        mam=o.mode == "mam",
        departement=o.departement,
        places=o.places or None,
        surface_m2=o.surface_m2 or None,
        couts=couts,
        base_aide=aide,
        ecarte=o.ecarte or _manque(couts, o.places, o.surface_m2),
        annonce=o.premiere_estimation if o.cout_total else None,
    )


def aux_annonces(operations: tuple[OperationDuCalage, ...]) -> tuple[OperationDuCalage, ...]:
    """Same operations, at the total first announced (tax not said) where another one followed."""
    return tuple(replace(o, couts={**o.couts, "total": (o.annonce, "non_dit")}) if o.annonce else o for o in operations)


def _du_cas(c: _Cas) -> OperationDuCalage:
    total, seuls = taxes_dites(c.ht_or_ttc)
    couts: dict[NatureCout, tuple[float, Taxe]] = {}
    if c.total_cost_eur:
        couts["total"] = (c.total_cost_eur, total)
    if c.works_cost_eur:
        couts["travaux"] = (c.works_cost_eur, seuls)
    motifs: tuple[tuple[Any, str], ...] = (
        (c.composite, "le coût couvre aussi un autre programme"),
        (c.programme, "programme de plusieurs lieux"),
        (c.acquisition_only, "achat seul, sans travaux"),
        (not c.in_stats, "gardée hors des statistiques par le fichier"),
    )
    genre, travaux = _GENRES[c.kind_code], c.new_or_renovation or ""
    return OperationDuCalage(
        id=c.id,
        nom=c.name,
        lieu=c.commune or "",
        annee=c.year,
        genre=genre,
        profondeur=profondeur(travaux) if genre in ("reemploi", "amenagement") else None,
        modulaire=genre == "neuf" and modulaire(travaux),
        mam=(c.mode or "").strip().lower() == "mam",
        departement=c.dept,
        places=c.places or None,
        surface_m2=c.surface_m2 or None,
        couts=couts,
        base_aide="grant base" in (c.ht_or_ttc or "").lower(),
        ecarte=next((texte for vrai, texte in motifs if vrai), "") or _manque(couts, c.places, c.surface_m2),
    )


def taxes_dites(texte: str | None) -> tuple[Taxe, Taxe]:
    """Tax of the total and of the works that the exchange schema says."""
    dit = (texte or "").lower().strip()
    if "works ht" in dit and "total ttc" in dit:
        return "ttc", "ht"
    simple: Taxe = "ht" if dit == "ht" else "ttc" if dit == "ttc" else "non_dit"
    return simple, simple


def _manque(couts: Mapping[NatureCout, object], places: float | None, surface: float | None) -> str:
    if not couts:
        return "aucun coût publié"
    return "" if places or surface else "ni places ni surface publiées"


def ecarter_sans_indice(
    operations: tuple[OperationDuCalage, ...], catalogue: Catalogue, annees_apres: int
) -> tuple[OperationDuCalage, ...]:
    """Same operations, those whose year the known price index (or VAT rate) does not reach being kept out, with the reason.

    Args:
        operations: operations read from a file.
        catalogue: scales (BT01, VAT).
        annees_apres: years after the last known index for which a cost announced is still at the prices of that index.
    """
    debut = max(catalogue.bareme(chemin).valeurs[0].depuis.year for chemin in (BT01, TVA))
    fin = catalogue.bareme(BT01).valeurs[-1].depuis.year + annees_apres

    def motif(annee: int | None) -> str:
        if annee is None or debut <= annee <= fin:
            return ""
        return f"prix d'avant {debut}, plus anciens que l'indice connu" if annee < debut else f"année d'après {fin}"

    return tuple(o if o.ecarte else replace(o, ecarte=motif(o.annee)) for o in operations)


def observer(
    operations: tuple[OperationDuCalage, ...], catalogue: Catalogue, date_prix: date, annee_defaut: int | None = None
) -> tuple[Observation, ...]:
    """Costs of the operations kept, brought to one price date by BT01 (June of the year); tax removed when stated.

    Args:
        operations: operations read from a file.
        catalogue: scales (BT01, VAT).
        date_prix: reference date of prices.
        annee_defaut: year supposed when none is published; by default the median year of these operations.
    """
    gardees = [o for o in operations if not o.ecarte]
    annees = sorted(o.annee for o in gardees if o.annee)
    defaut = annee_defaut or (annees[len(annees) // 2] if annees else date_prix.year)
    lignes = []
    for o in gardees:
        annee = o.annee or defaut
        facteur = indexer(catalogue, annee, date_prix)
        for nature, (montant, taxe) in o.couts.items():
            tva = float(catalogue.a_la_date(TVA, date(annee, 6, 30)).valeur) if taxe == "ttc" else 0.0
            lignes.append(Observation(o, nature, taxe, montant / (1 + tva) * facteur, annee, o.annee is None))
    return tuple(lignes)


def indexer(catalogue: Catalogue, annee: int, date_prix: date) -> float:
    """Price factor from June of a year to the reference date, by BT01; its last known value holds for later years."""
    depart = float(catalogue.derniere(BT01, date(annee, 6, 30)).valeur)
    return float(catalogue.a_la_date(BT01, date_prix).valeur) / depart
