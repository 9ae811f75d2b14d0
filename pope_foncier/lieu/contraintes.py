"""Constraints checklist of a site: what is known, its evidence, and what stays to verify with whom."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.incendie import classer_l_etablissement
from pope_foncier.lieu.locaux import Local, lire_fonctions
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.rail import bandes_de_bruit, distance_a_l_emprise_m
from pope_foncier.lieu.site import Site
from pope_foncier.modele.donnee import Donnee, Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurBareme, ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Fiche, Texte, faute, lire_fiche
from pope_foncier.socle.nombres import formater, formater_nombre

Examen = Literal[
    "constat",
    "toujours",
    "sous_sol",
    "erp",
    "rail_information",
    "rail_interdiction",
    "bruit",
    "annee",
    "tertiaire",
    "re2020",
]


class Localement(Fiche):
    """What a constraint says in one department."""

    departement: Texte
    consequence: Texte
    source: Reference


class FicheContrainte(Fiche):
    """Constraint as written in the checklist."""

    id: Texte
    libelle: Texte
    examen: Examen
    bareme: Texte | None = None
    repere: Texte = "seuil"
    """What the value of the scale is, before it."""
    a_demander_a: Texte
    consequence: Texte
    source: Reference | None = None
    ici: Localement | None = None

    def dans(self, code_insee: str) -> FicheContrainte:
        """Constraint as the department of a commune reads it."""
        if self.ici is None or not code_insee.startswith(self.ici.departement):
            return self
        return self.model_copy(update={"consequence": self.ici.consequence, "source": self.ici.source})


class Contraintes(Fiche):
    """Checklist."""

    contraintes: tuple[FicheContrainte, ...]

    @model_validator(mode="after")
    def _uniques(self) -> Contraintes:
        ids = [c.id for c in self.contraintes]
        if len(set(ids)) < len(ids):
            raise faute("une contrainte est écrite deux fois.", "donner un « id » différent à chacune.")
        return self


@dataclass(frozen=True, slots=True)
class Projet:
    """What the checks read beside the site: plan, rooms, children, kind of works."""

    site: Site
    catalogue: Catalogue
    jour: date
    plan: PlanTrace | None = None
    locaux: tuple[Local, ...] = ()
    places: float = math.nan
    neuf: bool | None = None
    """New building or extension, reuse, or unknown."""
    surnombre: bool | None = None
    """Whether the option of the law to exceed the places is used, or unknown."""


Lecture = tuple[StatutConstat, str]


@lru_cache(maxsize=4)
def lire_contraintes(chemin: Path | None = None) -> Contraintes:
    """Read the checklist of the project."""
    return lire_fiche(Contraintes, chemin or dossier_donnees() / "controles" / "contraintes.yaml")


def examiner(projet: Projet) -> list[Constat]:
    """Read every constraint on a site; a finding written by hand in the site sheet wins over the reading.

    Those of tracks are left out where the sheet says that none runs nearby and the plan draws none.

    Raises:
        ErreurDonnees: findings of the sheet on constraints that the checklist does not have.
    """
    constats = []
    a_la_main = {c.contrainte: c for c in projet.site.constats}
    _refuser_inconnues(projet.site)
    rail = {"rail_information", "rail_interdiction"} if _loin_des_voies(projet) else set()
    for ecrite in lire_contraintes().contraintes:
        fiche = ecrite.dans(projet.site.code_insee)
        if fiche.examen in rail and fiche.id not in a_la_main:
            continue
        seuil, source = _seuil(projet, fiche)
        ecrit = a_la_main.get(fiche.id)
        if ecrit is not None:
            statut, valeur = ecrit.statut, ecrit.preuve
            source = ecrit.source.titre if ecrit.source else source
        else:
            statut, valeur = _examen(projet, fiche)
        demander = fiche.a_demander_a if statut in ("a_verifier", "a_surveiller") else ""
        constats.append(
            Constat(fiche.id, fiche.libelle, statut, valeur, seuil, source, demander, fiche.repere, fiche.consequence)
        )
    return constats


def _refuser_inconnues(site: Site) -> None:
    connues = [c.id for c in lire_contraintes().contraintes]
    problemes = [
        Probleme(
            f"site « {site.nom} »",
            None,
            f"constats[{rang}].contrainte",
            f"contrainte « {c.contrainte} » inconnue.",
            f"choisir parmi : {', '.join(connues)}.",
        )
        for rang, c in enumerate(site.constats, 1)
        if c.contrainte not in connues
    ]
    if problemes:
        raise ErreurDonnees(problemes)


def _examen(projet: Projet, fiche: FicheContrainte) -> Lecture:
    try:
        return EXAMENS[fiche.examen](projet, fiche)
    except ErreurBareme:
        return "a_verifier", "règle inconnue à cette date"


def _seuil(projet: Projet, fiche: FicheContrainte) -> tuple[str, str]:
    source = fiche.source.titre if fiche.source else ""
    if fiche.bareme is None:
        return "", source
    try:
        valeur = projet.catalogue.a_la_date(fiche.bareme, projet.jour)
    except ErreurBareme:
        return "inconnu à cette date", source
    if valeur.valeur is None:
        return f"non vu : {valeur.document}", valeur.source.titre
    origine = source or valeur.source.titre
    if fiche.examen in ("erp", "re2020"):
        return "", origine
    if fiche.examen == "annee":
        return f"jusqu'à {valeur.valeur:.0f}", origine
    return formater(float(valeur.valeur), valeur.unite), origine


def _nombre(donnee: Donnee | None) -> float:  # type: ignore[type-arg]
    return math.nan if donnee is None or donnee.valeur is None else float(donnee.valeur)


def _constat(projet: Projet, fiche: FicheContrainte) -> Lecture:
    return "a_verifier", "aucun constat dans la fiche du site"


def _toujours(projet: Projet, fiche: FicheContrainte) -> Lecture:
    return "concerne", "toute crèche"


def _sous_sol(projet: Projet, fiche: FicheContrainte) -> Lecture:
    if not projet.locaux:
        return "a_verifier", "niveaux des locaux d'enfants inconnus"
    fonctions = lire_fonctions()
    enterres = [x.nom for x in projet.locaux if x.niveau < 0 and fonctions[x.fonction].enfants]
    return (
        ("non_respecte", f"en sous-sol : {', '.join(enterres)}") if enterres else ("respecte", "aucun local d'enfants")
    )


def _erp(projet: Projet, fiche: FicheContrainte) -> Lecture:
    if not projet.locaux or math.isnan(projet.places):
        return "a_verifier", "niveaux ou nombre d'enfants inconnus"
    passages = () if projet.plan is None else projet.plan.niveaux_des_passages()
    return classer_l_etablissement(
        projet.locaux, projet.places, projet.catalogue, projet.jour, projet.surnombre, passages
    )


def _emprise(projet: Projet) -> float:
    if projet.plan is None:
        return math.inf
    largeur = float(projet.catalogue.a_la_date("referentiel.batiment.rail_emprise_m", projet.jour).valeur)
    return distance_a_l_emprise_m(projet.plan, largeur)


def _loin_des_voies(projet: Projet) -> bool:
    dessinees = projet.plan is not None and bool(projet.plan.formes("voie") or projet.plan.formes("quai"))
    return projet.site.voies_ferrees == "non" and not dessinees


def _suppose(projet: Projet) -> str:
    return " (plan supposé)" if projet.plan is not None and projet.plan.fiche.statut == "hypothese" else ""


def _rail_information(projet: Projet, fiche: FicheContrainte) -> Lecture:
    distance = _emprise(projet)
    seuil = float(projet.catalogue.a_la_date(fiche.bareme or "", projet.jour).valeur)
    if not math.isfinite(distance):
        if projet.site.domaine == "public_ferroviaire":
            return "concerne", "domaine ferroviaire ; distance au quai à mesurer"
        return "a_verifier", "ni quai ni voie sur le plan"
    texte = f"bâtiment à {formater_nombre(distance, 1)} m de l'emprise, d'après le quai ou la voie dessinés{_suppose(projet)}"
    return ("concerne" if distance < seuil - 1e-6 else "sans_objet"), texte


def _rail_interdiction(projet: Projet, fiche: FicheContrainte) -> Lecture:
    if projet.neuf is False:
        return "sans_objet", "bâtiment existant, sans extension"
    distance = _emprise(projet)
    ou = (
        f", bâtiment à {formater_nombre(distance, 1)} m de l'emprise{_suppose(projet)}"
        if math.isfinite(distance)
        else ""
    )
    return "a_verifier", f"extension ou neuf{ou} : distance en vigueur non vue"


def _bruit(projet: Projet, fiche: FicheContrainte) -> Lecture:
    largeurs = projet.catalogue.a_la_date("referentiel.batiment.bruit_bande_m", projet.jour).valeur
    return "a_verifier", bandes_de_bruit(projet.plan, largeurs)


def _annee(projet: Projet, fiche: FicheContrainte) -> Lecture:
    annee = _nombre(projet.site.annee_construction)
    if math.isnan(annee):
        return "a_verifier", "année de construction inconnue"
    seuil = float(projet.catalogue.a_la_date(fiche.bareme or "", projet.jour).valeur)
    return ("concerne" if annee <= seuil else "sans_objet"), f"bâtiment de {annee:.0f}"


def _tertiaire(projet: Projet, fiche: FicheContrainte) -> Lecture:
    ici, voisins = _nombre(projet.site.surface_m2), _nombre(projet.site.surface_tertiaire_voisine_m2)
    seuil = float(projet.catalogue.a_la_date(fiche.bareme or "", projet.jour).valeur)
    if ici >= seuil or voisins >= seuil:
        return "concerne", f"{formater_nombre(max(v for v in (ici, voisins) if not math.isnan(v)))} m²"
    if math.isnan(ici + voisins):
        return "a_verifier", "surface du local ou des voisins inconnue"
    return ("concerne" if ici + voisins >= seuil else "sans_objet"), f"{formater_nombre(ici + voisins)} m² en tout"


def _re2020(projet: Projet, fiche: FicheContrainte) -> Lecture:
    if projet.neuf is None:
        return "a_verifier", "neuf, extension ou réemploi : à dire"
    if not projet.neuf:
        return "sans_objet", "réemploi d'un bâtiment existant"
    applicable = float(projet.catalogue.a_la_date(fiche.bareme or "", projet.jour).valeur) > 0
    return ("concerne" if applicable else "sans_objet"), "construction neuve ou extension"


EXAMENS: dict[str, Callable[[Projet, FicheContrainte], Lecture]] = {
    "constat": _constat,
    "toujours": _toujours,
    "sous_sol": _sous_sol,
    "erp": _erp,
    "rail_information": _rail_information,
    "rail_interdiction": _rail_interdiction,
    "bruit": _bruit,
    "annee": _annee,
    "tertiaire": _tertiaire,
    "re2020": _re2020,
}
"""Reading of each kind of check."""
