"""Published references that a study is set beside: operations, plans, premises, teams, support of communes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.decision.reperes import lire_publies
from pope_foncier.etude.fiche import GenreTravaux
from pope_foncier.etude.plans_publies import lire_plans
from pope_foncier.modele.donnee import Reference
from pope_foncier.places.locaux_observes import LocalObserve, lire_locaux_observes
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Entier, Euros, Fiche, Part, Positif, Texte, faute, lire_fiche, sans_double
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.travaux.calage_donnees import (
    TVA,
    Genre,
    NatureCout,
    Observation,
    OperationPubliee,
    de_la_fiche,
    ecarter_sans_indice,
    lire_fiches,
    observer,
)
from pope_foncier.travaux.calage_modele import lire_reglages as lire_reglages_du_calage
from pope_foncier.travaux.calage_mots import Profondeur

Taille = Literal["micro", "creche", "mam"]
"""Size of a place: micro-crèche, larger crèche, maison d'assistants maternels."""
Groupe = Literal["taille_et_genre", "taille", "genre", "tous"]
Corpus = Literal["operations", "locaux", "plans", "exploitation", "soutien"]


class Mesure(Fiche):
    """Figure of a study that has published references."""

    code: Texte
    valeur: Texte
    """Name of the figure of the study."""
    libelle: Texte
    unite: Texte
    corpus: Corpus
    nature: Texte | None = None
    """Part of the corpus: scope of a cost, measure of a team, kind of support."""
    par: Literal["places", "m2"] | None = None
    noms: Texte
    """French plural of the references of the corpus."""
    tous: Texte
    """French words for all of them."""

    @model_validator(mode="after")
    def _taille_du_cout(self) -> Mesure:
        if (self.corpus == "operations") != (self.par is not None):
            raise faute("un coût publié est lu par place ou par m², le reste non.", "accorder « corpus » et « par ».")
        return self


class ReglagesPlausibilite(Fiche):
    """Settings of the plausibility line, working values."""

    references_min: Entier
    """Fewest references that give a rank."""
    moitie_centrale: tuple[Part, Part]
    atypique: tuple[Part, Part]
    hors_de_tout_min: Entier
    """Fewest references that a figure beyond all of them is said against."""
    genres: dict[GenreTravaux, Genre]
    profondeurs: dict[GenreTravaux, Profondeur]
    """Depth of works that a kind says, in a building that stands."""
    en_usine: tuple[GenreTravaux, ...]
    """Kinds built in a factory."""
    groupes: tuple[Groupe, ...] = Field(min_length=1)
    mesures: tuple[Mesure, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_uniques(self) -> ReglagesPlausibilite:
        sans_double("mesure", [m.code for m in self.mesures])
        return self


class Soutien(Fiche):
    """What a commune paid for a place in a year, as the source says or derives."""

    id: Texte
    nom: Texte
    annee: int
    nature: Literal["subvention", "reservation", "cout_net"]
    places: Entier | None = None
    montant: Euros | None = None
    demande: Euros | None = None
    """What the association had asked for."""
    par_place: Positif
    calcul: Texte | None = None
    remarque: Texte | None = None
    ecarte: Texte | None = None
    source: Reference
    fiabilite: Fiabilite

    @model_validator(mode="after")
    def _quotient(self) -> Soutien:
        if self.places and self.montant and abs(self.montant / self.places - self.par_place) > 1.0:
            raise faute(
                f"{formater_nombre(self.montant, 2, 0)} € pour {self.places} places ne font pas {formater_nombre(self.par_place, 2, 0)} € par place.",
                "corriger « par_place », ou l'un des deux.",
            )
        return self


class Soutiens(Fiche):
    """File of the support of communes."""

    soutiens: tuple[Soutien, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Comparable:
    """Published figure, in the unit of its measure."""

    nom: str
    source: str
    valeur: float
    """Tax read as excluded where the source says nothing."""
    si_ttc: float
    """Same, had the silent source printed a price with tax; equal otherwise."""
    taille: Taille | None = None
    genre: Genre | None = None
    site: str | None = None
    """Site sheet of the project that is this very place."""


@lru_cache(maxsize=2)
def lire_reglages(chemin: Path | None = None) -> ReglagesPlausibilite:
    """Read the settings and the measures."""
    return lire_fiche(ReglagesPlausibilite, chemin or dossier_donnees() / "controles" / "plausibilite.yaml")


@lru_cache(maxsize=2)
def lire_soutiens(chemin: Path | None = None) -> tuple[Soutien, ...]:
    """Read what communes paid for a place."""
    return lire_fiche(Soutiens, chemin or dossier_donnees() / "cas" / "soutien_communes.yaml").soutiens


def places_d_une_micro(catalogue: Catalogue, jour: date) -> float:
    """Last number of places of a micro-crèche, at a date."""
    return float(exiger(catalogue.a_la_date("referentiel.categories.seuils", jour)).valeur["micro_creche"])


def comparables(mesure: Mesure, catalogue: Catalogue, jour: date) -> tuple[Comparable, ...]:
    """References of a measure, those that the files keep out being left aside.

    Args:
        mesure: measure.
        catalogue: scales (BT01, VAT, categories).
        jour: day of the law that sets the size of a micro-crèche.
    """
    lire: dict[Corpus, Callable[[], list[Comparable]]] = {
        "operations": lambda: _des_operations(mesure, catalogue),
        "locaux": lambda: _des_locaux(places_d_une_micro(catalogue, jour)),
        "plans": _des_plans,
        "exploitation": lambda: [
            Comparable(c.quoi, c.source.titre, c.valeur, c.valeur) for c in lire_publies() if c.mesure == mesure.nature
        ],
        "soutien": lambda: [
            Comparable(s.nom, s.source.titre, s.par_place, s.par_place)
            for s in lire_soutiens()
            if s.nature == mesure.nature and s.ecarte is None
        ],
    }
    return tuple(lire[mesure.corpus]())


@lru_cache(maxsize=1)
def _fiches() -> dict[str, OperationPubliee]:
    """Sheets of the published operations, by identifier."""
    return {o.id: o for o in lire_fiches()}


@lru_cache(maxsize=16)
def _des_operations(mesure: Mesure, catalogue: Catalogue) -> list[Comparable]:
    """Costs of one scope, before tax, at the prices of the back-test; two units of one order count once. They are those of the law: no study says them."""
    nature: NatureCout = "travaux" if mesure.nature == "travaux" else "total"
    reglages = lire_reglages_du_calage()
    fiches = tuple(de_la_fiche(o) for o in _fiches().values())
    operations = ecarter_sans_indice(fiches, catalogue, reglages.annees_apres_indice)
    vues: set[tuple[object, ...]] = set()
    retenus = []
    for x in observer(operations, catalogue, reglages.date_prix):
        taille = x.operation.places if mesure.par == "places" else x.operation.surface_m2
        if x.nature == nature and taille and x.empreinte not in vues:
            vues.add(x.empreinte)
            retenus.append(_cout(x, taille, catalogue))
    return retenus


def _cout(x: Observation, taille: float, catalogue: Catalogue) -> Comparable:
    o, tva = _fiches()[x.operation.id], 0.0
    if x.taxe == "non_dit":
        tva = float(catalogue.a_la_date(TVA, date(x.annee_prix, 6, 30)).valeur)
    unitaire = x.montant / taille
    return Comparable(o.nom, o.source.titre, unitaire, unitaire / (1 + tva), _taille(o.mode), o.genre)


def _taille(mode: str | None) -> Taille:
    return "micro" if mode == "micro_creche" else "mam" if mode == "mam" else "creche"


def _des_locaux(micro: float) -> list[Comparable]:
    """Floor area per place: published premises, then operations whose places and area are not among them."""
    vus: set[tuple[float, float]] = set()
    retenus = []
    for cas in lire_locaux_observes():
        places, surface = sum(cas.places) / 2, cas.plancher_m2 or sum(cas.surface_m2) / 2
        vus.add((places, surface))
        if cas.nature != "utile" or cas.plancher_m2:
            retenus.append(_local(cas, places, surface, micro))
    for o in _fiches().values():
        if o.ecarte or not o.places or not o.surface_m2 or (o.places, o.surface_m2) in vus:
            continue
        vus.add((o.places, o.surface_m2))
        m2 = o.surface_m2 / o.places
        retenus.append(Comparable(o.nom, o.source.titre, m2, m2, _taille(o.mode), o.genre))
    return retenus


def _local(cas: LocalObserve, places: float, surface: float, micro: float) -> Comparable:
    taille: Taille = "micro" if places <= micro else "creche"
    return Comparable(cas.nom, cas.source.titre, surface / places, surface / places, taille, cas.operation, cas.site)


def _des_plans() -> list[Comparable]:
    """Share brought by others than the owner, for plans that say the share of the owner; twins count once."""
    vus: set[tuple[object, ...]] = set()
    retenus = []
    for p in lire_plans():
        cle = (p.annee, p.places, p.cout.montant, p.lignes)
        if p.part_des_aides is not None and cle not in vus:
            vus.add(cle)
            retenus.append(Comparable(p.nom, p.source.titre, p.part_des_aides, p.part_des_aides, _taille(p.mode)))
    return retenus
