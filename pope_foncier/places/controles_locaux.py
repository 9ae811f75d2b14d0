"""Room checks: a programme or a plan against the premises rules, room by room then as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.locaux import LECTURES, Local, lire_fonctions
from pope_foncier.lieu.surfaces_comptees import (
    SeuilsDeCompte,
    SurfacesComptees,
    compter,
    lire_effets,
    lits,
    manquements,
)
from pope_foncier.places.controles_equipement import controler_equipements
from pope_foncier.places.programme_type import lire_programme_type
from pope_foncier.places.regles_locaux import ReglesLocaux, besoin_en_enfants
from pope_foncier.socle.nombres import formater_nombre

_HAUTEUR = "referentiel.locaux.hauteur_libre_min"
LECTURE_EN_CLAIR = {"strict": "stricte", "usuel": "usuelle", "large": "large"}


def seuils_de_compte(catalogue: Catalogue, jour: date) -> SeuilsDeCompte:
    """Thresholds of a date that decide what counts of a room."""
    cles = ("couloir_largeur_min", "couloir_surface_min", "hauteur_libre_min")
    return SeuilsDeCompte(*(float(exiger(catalogue.a_la_date(f"referentiel.locaux.{c}", jour)).valeur) for c in cles))


def compter_au_jour(locaux: Sequence[Local], catalogue: Catalogue, jour: date) -> SurfacesComptees:
    """Child area in the three readings, by the rules of a date."""
    return compter(locaux, seuils_de_compte(catalogue, jour))


def controler_locaux(
    locaux: Sequence[Local],
    regles: ReglesLocaux,
    catalogue: Catalogue,
    places: int | None = None,
    dense: bool | None = False,
    cour_m2: float | None = None,
) -> list[Constat]:
    """Check rooms against the rules.

    Args:
        locaux: rooms of a programme or of a plan.
        regles: rules of the mode at the filing date.
        catalogue: scales, for the rules of single rooms.
        places: places wanted; without them the areas are counted, and not compared.
        dense: very dense zone; None (unknown) is read as an ordinary zone and said.
        cour_m2: yard [m²], None when unknown.
    """
    constats = [c for local in locaux for c in _piece(local, regles, catalogue)]
    comptees = compter_au_jour(locaux, catalogue, regles.jour)
    constats += _a_mesurer(locaux, comptees)
    if regles.referentiel:
        constats.append(_surface(comptees, regles, places, dense, cour_m2))
    if places is not None:
        constats += _ensemble(locaux, comptees, regles, places)
    effets = lire_effets()
    return [
        replace(c, suite=effets[c.id].suite) if c.id in effets and c.statut in ("non_respecte", "a_surveiller") else c
        for c in constats
    ]


def _verdict(respecte: object) -> StatutConstat:
    return "respecte" if respecte else "non_respecte"


def _piece(local: Local, regles: ReglesLocaux, catalogue: Catalogue) -> Iterator[Constat]:
    fonction = lire_fonctions()[local.fonction]
    lieu = f"{local.nom} ({local.secteur})" if local.secteur else local.nom
    seuils = seuils_de_compte(catalogue, regles.jour)
    yield from _hauteur(local, lieu, fonction.enfants, seuils, catalogue.a_la_date(_HAUTEUR, regles.jour).source.titre)
    if not fonction.enfants:
        return
    fautes = manquements(local, seuils)
    if "sous_sol" in fautes:
        interdit: StatutConstat = "a_verifier" if local.fonction == "circulation" else "non_respecte"
        yield Constat(
            "sous_sol", lieu, interdit, f"niveau {local.niveau}", "niveau 0 ou plus, sauf pour le personnel seul"
        )
    if fonction.jour == "exige":
        statut: StatutConstat = "a_verifier" if local.jour_m is None else _verdict("jour" not in fautes)
        facade = "façade inconnue" if local.jour_m is None else f"{formater_nombre(local.jour_m, 1)} m de façade"
        yield Constat("jour", f"{lieu} : lumière du jour", statut, facade, "une façade")
    if fonction.compte == "large" and local.largeur_m is not None:
        tenu: StatutConstat = "a_surveiller" if local.largeur_m < seuils.couloir_largeur_m - 1e-6 else "respecte"
        mesure, exigee = (f"{formater_nombre(v, 2)} m" for v in (local.largeur_m, seuils.couloir_largeur_m))
        yield Constat("largeur", f"{lieu} : passage le plus étroit", tenu, mesure, exigee)
    if local.fonction == "sommeil":
        possibles = int(regles.lits_possibles(np.array(local.surface_m2)))
        valeur = f"{formater_nombre(local.surface_m2, 1)} m², {possibles} lits"
        regle = f"{formater_nombre(regles.premier_lit)} m² puis {formater_nombre(regles.lit_suivant)} m² par lit"
        source = "une seule source, article III.3 non vu"
        yield Constat("chambre", f"{lieu} : lits", _verdict(possibles), valeur, regle, source)


def _hauteur(local: Local, lieu: str, enfants: bool, seuils: SeuilsDeCompte, source: str) -> Iterator[Constat]:
    """Clear height given: due where children are, to watch elsewhere, since no source keeps the rule to their rooms."""
    if local.hauteur_m is None:
        return
    tenue = local.hauteur_m >= seuils.hauteur_m - 1e-9
    mesure, exigee = (f"{formater_nombre(h, 2)} m" for h in (local.hauteur_m, seuils.hauteur_m))
    if enfants:
        yield Constat("hauteur", f"{lieu} : hauteur libre", _verdict(tenue), mesure, exigee, source)
    elif not tenue:
        yield Constat("hauteur_adultes", f"{lieu} : hauteur libre", "a_surveiller", mesure, exigee, source)


def _a_mesurer(locaux: Sequence[Local], comptees: SurfacesComptees) -> Iterator[Constat]:
    """One line for the rooms of children whose height nobody gives, one for the passages counted without their width."""
    fonctions = lire_fonctions()
    sans = dict.fromkeys(x.nom for x in locaux if fonctions[x.fonction].enfants and x.hauteur_m is None)
    if sans:
        yield Constat("hauteur", "Hauteur libre à mesurer", "a_verifier", ", ".join(sans))
    if comptees.a_verifier:
        yield Constat("largeur", "Passage le plus étroit à mesurer", "a_verifier", ", ".join(comptees.a_verifier))


def _surface(
    comptees: SurfacesComptees, regles: ReglesLocaux, places: int | None, dense: bool | None, cour_m2: float | None
) -> Constat:
    valeur = " ; ".join(f"{LECTURE_EN_CLAIR[x]} {formater_nombre(comptees.comptees[x], 1)} m²" for x in LECTURES)
    sujet = "Surface d'enfants comptée"
    if places is None:
        return Constat("surface", sujet, "a_verifier", valeur, "places inconnues")
    compte = 0.0 if cour_m2 is None or cour_m2 < regles.piece_min else cour_m2
    du = float(besoin_en_enfants(regles, np.array([float(bool(dense))]), np.array([compte]))[0, places - 1])
    statut: StatutConstat = "non_respecte"
    if comptees.comptees["usuel"] >= du - 1e-6:
        statut = "respecte"
    elif comptees.comptees["large"] >= du - 1e-6:
        statut = "a_surveiller"
    zone = "zone ordinaire, densité inconnue" if dense is None else "zone très dense" if dense else "zone ordinaire"
    exigee = f"{formater_nombre(du, 1)} m² pour {places} place{'s' if places > 1 else ''} ({zone})"
    return Constat("surface", sujet, statut, valeur, exigee)


def _ensemble(locaux: Sequence[Local], comptees: SurfacesComptees, regles: ReglesLocaux, places: int) -> list[Constat]:
    dus = places * lire_programme_type().lits_par_place
    possibles = lits(comptees.retenus, regles.premier_lit, regles.lit_suivant)
    voulus = f"{formater_nombre(dus)} lit{'s' if dus > 1 else ''} (un par place, hypothèse)"
    chambres = Constat(
        "lits",
        "Lits dans les chambres",
        _verdict(possibles >= dus),
        f"{possibles} lit{'s' if possibles > 1 else ''}",
        voulus,
    )
    return [chambres, *controler_equipements(locaux, regles, places)]
