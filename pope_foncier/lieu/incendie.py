"""Fire safety of a crèche (ERP type R): persons present, and the class read on the whole establishment."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, model_validator

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.lieu.constats import StatutConstat
from pope_foncier.lieu.locaux import Local, lire_fonctions
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Entier, Fiche, Positif, Texte, faute, lire_fiche
from pope_foncier.socle.nombres import formater_nombre


class PersonnelDePlus(Fiche):
    """Staff beside those who mind the children, up to a number of places; the last step has no end."""

    jusqu_a_places: Entier | None = None
    personnes: Entier


class PersonnelPresent(Fiche):
    """Staff present at one time: an estimate, until the team is known."""

    base: Texte
    enfants_par_adulte: Positif
    de_plus: tuple[PersonnelDePlus, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _dernier_palier_ouvert(self) -> PersonnelPresent:
        fins = [p.jusqu_a_places for p in self.de_plus]
        if fins[-1] is not None or None in fins[:-1] or fins[:-1] != sorted(fins[:-1], key=lambda v: v or 0):
            raise faute("des paliers de personnel sans ordre.", "les ranger ; le dernier seul sans « jusqu_a_places ».")
        return self

    def compter(self, places: int, enfants: int) -> int:
        """Adults present with the children of some places."""
        palier = next(p for p in self.de_plus if p.jusqu_a_places is None or places <= p.jusqu_a_places)
        return math.ceil(enfants / self.enfants_par_adulte - 1e-9) + palier.personnes


class Effectifs(NamedTuple):
    """Persons present at one time at most."""

    enfants: int
    personnel: int
    """Estimate."""

    @property
    def personnes(self) -> int:
        """Persons that the exits are for (PE 11 § 5): staff included, unless it has its own exits."""
        return self.enfants + self.personnel


@lru_cache(maxsize=2)
def lire_personnel(chemin: Path | None = None) -> PersonnelPresent:
    """Read the estimate of the staff present."""
    return lire_fiche(PersonnelPresent, chemin or dossier_donnees() / "hypotheses" / "effectifs.yaml")


def presents(places: float, catalogue: Catalogue, jour: date) -> int:
    """Children present at most at one moment, with the option of the law to exceed the places."""
    surnombre = float(exiger(catalogue.a_la_date("referentiel.locaux.surnombre", jour)).valeur)
    return math.floor(places * surnombre + 1e-9)


def effectifs(places: int, catalogue: Catalogue, jour: date, surnombre: bool = True) -> Effectifs:
    """Persons of some places, children then staff; with the option of the law to exceed the places, unless it is not used."""
    enfants = presents(places, catalogue, jour) if surnombre else places
    return Effectifs(enfants, lire_personnel().compter(places, enfants))


def enfants_par_niveau(locaux: Collection[Local], enfants: float) -> dict[int, float]:
    """Children by storey, in proportion to the strict child area of each: a working reading when units are not placed."""
    fonctions = lire_fonctions()
    surfaces: dict[int, float] = {}
    for local in locaux:
        if fonctions[local.fonction].compte == "strict":
            surfaces[local.niveau] = surfaces.get(local.niveau, 0.0) + local.total_m2
    total = sum(surfaces.values())
    return {n: enfants * s / total for n, s in sorted(surfaces.items())} if total else {}


class Niveaux(NamedTuple):
    """Storeys of an establishment: the rule speaks of it, not of the rooms where children live."""

    publics: frozenset[int]
    """Storeys with a room that children use: a hall or a changing room is one."""
    autres: frozenset[int]
    """Storeys with rooms of the staff, or with stairs or a lift alone."""


def niveaux_de(locaux: Collection[Local], passages: Collection[int] = ()) -> Niveaux:
    """Storeys of some rooms; ``passages`` are those of stairs and lifts. A corridor alone does not say that children go there."""
    fonctions = lire_fonctions()
    publics = frozenset(x.niveau for x in locaux if fonctions[x.fonction].enfants and x.fonction != "circulation")
    return Niveaux(publics, frozenset({*(x.niveau for x in locaux), *passages} - publics))


def classer_erp(
    enfants: Mapping[int, float], catalogue: Catalogue, jour: date, niveaux: Niveaux | None = None
) -> tuple[StatutConstat, str]:
    """Fire class of a crèche (type R) from the children on each storey and the storeys of the establishment.

    Basement forbidden; several storeys, one upper storey, or ground floor each have their own threshold, and « from » means
    equal or above. Children on several storeys are counted at the upper ones; a part of a child is a child. A hall below a
    unit upstairs makes several storeys; staff rooms or a landing below it leave the question to the fire service.
    """
    publics = frozenset(enfants) | (niveaux.publics if niveaux else frozenset())
    autres = (niveaux.autres if niveaux else frozenset()) - publics
    if any(n < 0 for n in publics):
        return "non_respecte", "enfants en sous-sol"
    en_haut = sum(v for n, v in enfants.items() if n > 0)
    if any(n > 0 for n in publics) and len(publics) > 1:
        cas, compte, chemin = "établissement sur plusieurs niveaux", max(en_haut, 1.0), "erp_plusieurs_niveaux"
    elif en_haut:
        cas, compte, chemin = "un seul niveau, à l'étage", en_haut, "erp_etage_unique"
    else:
        cas, compte, chemin = "enfants en rez-de-chaussée", sum(enfants.values()), "erp_rez_de_chaussee"
    seuil = float(exiger(catalogue.a_la_date(f"referentiel.batiment.{chemin}", jour)).valeur)
    presents_ici = math.ceil(compte - 1e-9)
    s = "s" if presents_ici > 1 else ""
    ou = " à l'étage" if chemin == "erp_plusieurs_niveaux" else ""
    texte = f"{cas} : {formater_nombre(presents_ici)} enfant{s}{ou}, seuil {formater_nombre(seuil)}"
    if chemin == "erp_plusieurs_niveaux" and not en_haut:
        texte = (
            f"{cas} : local ouvert aux enfants à l'étage, leur nombre n'est pas connu, seuil {formater_nombre(seuil)}"
        )
    if presents_ici >= seuil:
        return "concerne", f"{texte} : hors de la 5e catégorie"
    if chemin == "erp_etage_unique" and autres:
        return "a_verifier", (
            f"{texte} : 5e catégorie si les locaux sans enfants d'un autre niveau n'en font pas un établissement sur "
            "plusieurs niveaux"
        )
    return "respecte", f"{texte} : 5e catégorie"


def classer_l_etablissement(
    locaux: Collection[Local],
    places: float,
    catalogue: Catalogue,
    jour: date,
    surnombre: bool | None = None,
    passages: Collection[int] = (),
) -> tuple[StatutConstat, str]:
    """Fire class of the rooms of an establishment for the children present at most, which its owner declares (R 2).

    Args:
        surnombre: whether the option to exceed the places is used; unknown by default, and said where it decides.
        passages: storeys of stairs and lifts.
    """
    niveaux = niveaux_de(locaux, passages)
    if not enfants_par_niveau(locaux, places):
        return "a_verifier", "aucun local de vie des enfants dessiné"
    au_plus = presents(places, catalogue, jour)

    def classe(enfants: float) -> tuple[StatutConstat, str]:
        return classer_erp(enfants_par_niveau(locaux, enfants), catalogue, jour, niveaux)

    retenue = classe(au_plus if surnombre else places)
    if surnombre is None and retenue[0] == "respecte" and classe(au_plus)[0] != "respecte":
        return (
            "a_verifier",
            f"{retenue[1]} ; hors de la 5e catégorie si l'accueil en surnombre est déclaré ({au_plus} enfants)",
        )
    return retenue
