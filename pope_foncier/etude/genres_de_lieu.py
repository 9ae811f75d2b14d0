"""Kinds of place: what a new study supposes of each until somebody answers — tenure, works, owner, tracks, phases."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from pope_foncier.acquisition.fiche import Possibilite
from pope_foncier.acquisition.titres import Voie
from pope_foncier.lieu.depot import dit_neuf
from pope_foncier.lieu.site import GenreDeLieu, Site
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneePositif
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import DureeMois, Fiche, Identifiant, Jour, Part, Positif, Texte, faute, lire_fiche


class LieuSuppose(Fiche):
    """What a study supposes of a kind of place."""

    libelle: Texte
    usage: Texte
    domaine: Literal["public_ferroviaire", "public_communal", "prive", "inconnu"]
    proprietaire: Texte
    titre: Texte
    travaux: Texte
    neuf: Literal["oui", "non"] | None = None
    """Whether the building is new, for the rules of a plan that no study goes with."""
    voies: Literal["oui", "non"]
    fermees: dict[Voie, Texte] = Field(default_factory=dict)
    """Ways to a tenure that the kind does not open, each with its reason."""
    raison: Texte


class DureeDansUnGenre(Fiche):
    """Duration of a phase for the places of one kind."""

    genre: GenreDeLieu
    duree_mois: Annotated[DonneePositif, Declaration("Durée de la phase, {genre}", "mois")]


class PhaseSupposee(Fiche):
    """Phase of the kinds of place that have it, with its duration in each."""

    id: Identifiant
    libelle: Texte
    apres: tuple[Identifiant, ...] = ()
    role: Literal["travaux", "ouverture", "montee_en_charge"] | None = None
    genres: tuple[GenreDeLieu, ...] = ()
    """Kinds that have it; all when left out."""
    voies: bool = False
    """Whether it is due beside tracks only."""
    duree_mois: Annotated[DonneePositif | None, Declaration("Durée, {libelle}", "mois", unite_du_bareme=True)] = None
    selon_le_genre: tuple[DureeDansUnGenre, ...] = ()
    """In place of ``duree_mois``, for some kinds."""

    def existe(self, genre: GenreDeLieu, voies: bool) -> bool:
        """Whether a place has it."""
        return (not self.genres or genre in self.genres) and (voies or not self.voies)


class FamilleSupposee(Fiche):
    """Income of a family: what makes it of the median of a commune, and what stands where it is not known."""

    unites_de_consommation: Positif
    ailleurs: Annotated[DonneeEuros, Declaration("Revenu mensuel moyen des familles", "€/mois")]


class Lieux(Fiche):
    """Kinds of place and their phases, an assumption file."""

    famille: FamilleSupposee
    date_demande: Jour
    """Day of the requests of a new study: its law and its scales."""
    densite_indecise: Part
    """Share of the density threshold, on both sides, within which a square decides nothing."""
    portage_public: dict[str, Possibilite]
    """Whether a public land body may buy first, by code of region; ``ailleurs`` for the others."""
    genres: dict[GenreDeLieu, LieuSuppose]
    phases: tuple[PhaseSupposee, ...]

    @model_validator(mode="after")
    def _liees(self) -> Lieux:
        noms = {p.id for p in self.phases}
        perdues = sorted({a for p in self.phases for a in p.apres} - noms)
        if perdues:
            raise faute(f"des phases suivent {', '.join(perdues)}, que rien ne décrit.", "les décrire, ou les ôter.")
        return self

    def phases_de(self, genre: GenreDeLieu, voies: bool, noms: Mapping[str, str]) -> list[dict[str, Any]]:
        """Phases of a place, as the sheet of a study holds them; ``noms`` says who stands for {proprietaire}, {caf}, {pmi}."""
        la = [p for p in self.phases if p.existe(genre, voies)]
        presentes = {p.id for p in la}
        return [_en_clair(p, genre, presentes, noms) for p in la]


def _en_clair(phase: PhaseSupposee, genre: GenreDeLieu, presentes: set[str], noms: Mapping[str, str]) -> dict[str, Any]:
    dite: dict[str, Any] = {"id": phase.id, "libelle": phase.libelle}
    apres = [a for a in phase.apres if a in presentes]
    duree = next((d.duree_mois for d in phase.selon_le_genre if d.genre == genre), phase.duree_mois)
    if phase.role:
        dite["role"] = phase.role
    if apres:
        dite["apres"] = apres
    if duree is not None:
        dite["duree_mois"] = duree.model_dump(exclude_defaults=True)
        if duree.a_obtenir_de:
            dite["duree_mois"]["a_obtenir_de"] = duree.a_obtenir_de.format_map(noms)
    return dite


class TitreSuppose(Fiche):
    """What a new study supposes of a tenure."""

    droits_reels: bool
    duree_mois: DureeMois


class SiteSeul(Fiche):
    """What the workshop supposes of a site that has no study."""

    genre: Texte
    genre_domaine_public: Texte
    etat: Texte
    depart: Jour


class Titres(Fiche):
    """Starting values of a new study, by tenure."""

    genres: dict[str, TitreSuppose]
    site_seul: SiteSeul
    redevable: Texte
    """Why the holder of a real right owes the office-creation tax."""
    non_redevable: Texte
    pret_duree_max_mois: DureeMois
    pret_marge_avant_fin_du_titre_mois: DureeMois


@lru_cache(maxsize=4)
def lire_lieux(base: Path | None = None) -> Lieux:
    """Read what a new study supposes by kind of place."""
    return lire_fiche(Lieux, (base or dossier_donnees()) / "hypotheses" / "lieux.yaml")


@lru_cache(maxsize=4)
def lire_titres(base: Path | None = None) -> Titres:
    """Read what a new study supposes by tenure."""
    return lire_fiche(Titres, (base or dossier_donnees()) / "hypotheses" / "titres.yaml")


def batiment_neuf(site: Site, etude: Path | None = None) -> bool | None:
    """New building or not: as the file of a study says, else as the kind of place supposes; None when neither does."""
    dit = None if etude is None else dit_neuf(etude)
    suppose = None if site.genre is None else lire_lieux().genres[site.genre].neuf
    return dit if dit is not None or suppose is None else suppose == "oui"
