"""Room checks: a programme or a plan against the premises rules, room by room then as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.locaux import LECTURES, Local, SurfacesComptees, compter, lire_fonctions, lits
from pope_foncier.places.programme_type import lire_programme_type
from pope_foncier.places.regles_locaux import ReglesLocaux, besoin_en_enfants
from pope_foncier.socle.nombres import formater_nombre

LECTURE_EN_CLAIR = {"strict": "stricte", "usuel": "usuelle", "large": "large"}


def compter_au_jour(locaux: Sequence[Local], catalogue: Catalogue, jour: date) -> SurfacesComptees:
    """Child area in the three readings, with the passage rules of a date."""
    largeur, surface = (
        float(exiger(catalogue.a_la_date(f"referentiel.locaux.couloir_{quoi}_min", jour)).valeur)
        for quoi in ("largeur", "surface")
    )
    return compter(list(locaux), largeur, surface)


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
    if regles.referentiel:
        constats.append(_surface(comptees, regles, places, dense, cour_m2))
    if places is not None:
        constats += _ensemble(locaux, regles, places)
    return constats


def _piece(local: Local, regles: ReglesLocaux, catalogue: Catalogue) -> list[Constat]:
    fonction = lire_fonctions()[local.fonction]
    lieu = f"{local.nom} ({local.secteur})" if local.secteur else local.nom
    constats: list[Constat] = []
    if not fonction.enfants:
        return constats
    if local.niveau < 0:
        constats.append(Constat("sous_sol", lieu, "non_respecte", f"niveau {local.niveau}", "niveau 0 ou plus"))
    if fonction.jour == "exige":
        statut: StatutConstat = "a_verifier"
        valeur = "façade inconnue"
        if local.jour_m is not None:
            statut = "respecte" if local.jour_m > 0 else "non_respecte"
            valeur = f"{formater_nombre(local.jour_m, 1)} m de façade"
        constats.append(Constat("jour", f"{lieu} : lumière du jour", statut, valeur, "une façade"))
    hauteur = exiger(catalogue.a_la_date("referentiel.locaux.hauteur_libre_min", regles.jour))
    if local.hauteur_m is not None:
        constats.append(
            Constat(
                "hauteur",
                f"{lieu} : hauteur libre",
                "respecte" if local.hauteur_m >= hauteur.valeur - 1e-9 else "non_respecte",
                f"{formater_nombre(local.hauteur_m, 2)} m",
                f"{formater_nombre(hauteur.valeur, 2)} m",
                hauteur.source.titre,
            )
        )
    if local.fonction == "sommeil":
        possibles = int(regles.lits_possibles(np.array(local.surface_m2)))
        constats.append(
            Constat(
                "chambre",
                f"{lieu} : lits",
                "respecte" if possibles else "non_respecte",
                f"{formater_nombre(local.surface_m2, 1)} m², {possibles} lits",
                f"{formater_nombre(regles.premier_lit)} m² puis {formater_nombre(regles.lit_suivant)} m² par lit",
                "une seule source, article III.3 non vu",
            )
        )
    return constats


def _surface(
    comptees: SurfacesComptees, regles: ReglesLocaux, places: int | None, dense: bool | None, cour_m2: float | None
) -> Constat:
    valeur = " ; ".join(f"{LECTURE_EN_CLAIR[x]} {formater_nombre(comptees.comptees[x], 1)} m²" for x in LECTURES)
    sujet = "Surface d'enfants comptée"
    reserve = f"largeur à mesurer : {', '.join(comptees.a_verifier)}" if comptees.a_verifier else ""
    if places is None:
        return Constat("surface", sujet, "a_verifier", valeur, "places inconnues", suite=reserve)
    compte = 0.0 if cour_m2 is None or cour_m2 < regles.piece_min else cour_m2
    du = float(besoin_en_enfants(regles, np.array([float(bool(dense))]), np.array([compte]))[0, places - 1])
    statut: StatutConstat = "non_respecte"
    if comptees.comptees["usuel"] >= du - 1e-6:
        statut = "respecte"
    elif comptees.comptees["large"] >= du - 1e-6:
        statut = "a_surveiller"
    zone = "zone ordinaire, densité inconnue" if dense is None else "zone très dense" if dense else "zone ordinaire"
    return Constat(
        "surface", sujet, statut, valeur, f"{formater_nombre(du, 1)} m² pour {places} places ({zone})", suite=reserve
    )


def _ensemble(locaux: Sequence[Local], regles: ReglesLocaux, places: int) -> list[Constat]:
    dus = places * lire_programme_type().lits_par_place
    possibles = lits(list(locaux), regles.premier_lit, regles.lit_suivant)
    tables, cuvettes = (int(f(np.array(places))) for f in (regles.tables_change, regles.toilettes))
    espaces = sum(x.nombre for x in locaux if x.fonction == "change")
    return [
        Constat(
            "lits",
            "Lits dans les chambres",
            "respecte" if possibles >= dus else "non_respecte",
            f"{possibles} lits",
            f"{formater_nombre(dus)} lits (un par place, hypothèse)",
        ),
        Constat(
            "change",
            "Tables de change",
            "a_verifier" if espaces else "non_respecte",
            f"{espaces} espace{'s' if espaces > 1 else ''} de change",
            f"{tables} table{'s' if tables > 1 else ''}",
        ),
        Constat("toilettes", "Cuvettes pour marcheurs", "a_verifier", "", f"{cuvettes} si tous les enfants marchent"),
    ]
