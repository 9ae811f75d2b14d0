"""Tables of childcare needs: communes, coverage and its causes, births projected, places missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.decision.trajectoire import trajectoires
from pope_foncier.lieu.site import LATITUDES, LONGITUDES
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre, pourcent
from pope_foncier.territoire.bassin import enfants_a_distance, lire_enfants_iris
from pope_foncier.territoire.besoins import (
    couverture,
    enfants_moins_3_ans,
    evolution,
    places_manquantes,
    pour_cent_enfants,
    projeter,
    retombees,
)
from pope_foncier.territoire.fiche import FicheTerritoire
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Cellule, Rang
from pope_foncier.vues.formes.table import Table

_ANNEE = 2022
"""Last year of places and births."""


def table_communes(territoire: FicheTerritoire) -> Table:
    """Communes of 2025 with what the tables know; a commune that a table does not have reads « inconnu »."""
    population = territoire.table("population_2025").de(2023)
    naissances = territoire.table("naissances")
    creche, toutes = (territoire.table(n).de(_ANNEE) for n in ("places_creche", "places_toutes"))
    enfants = enfants_moins_3_ans(territoire).de(_ANNEE)
    revenus, pauvrete = (territoire.table(n).de(2021) for n in ("revenu_median", "pauvrete"))
    lignes: list[Rang] = []
    for i, commune in enumerate(territoire.communes):
        debut, fin = naissances.de(2017)[i], naissances.de(_ANNEE)[i]
        lignes.append(
            (
                commune.nom,
                cases.nombre(population[i]),
                cases.nombre(fin),
                _evolution(debut, fin),
                cases.nombre(creche[i]),
                _taux(creche[i], enfants[i]),
                _taux(toutes[i], enfants[i]),
                cases.montant(revenus[i]),
                cases.part(pauvrete[i] / 100.0, 0),
                cases.nombre(len(commune.qpv)),
            )
        )
    entetes = (
        "Commune de 2025",
        "Habitants 2023",
        "Naissances 2022",
        "depuis 2017",
        "Places de crèche 2022",
        "Crèches, pour 100 enfants",
        "Tous modes, pour 100",
        "Revenu médian par UC",
        "Pauvreté",
        "Quartiers prioritaires",
    )
    return Table(
        f"Communes de {territoire.nom}",
        entetes,
        tuple(lignes),
        note="Enfants de moins de trois ans déduits des places et des taux de la Cnaf (estimation). Saint-Denis comprend Pierrefitte. "
        "Une commune absente des tables est inconnue, jamais nulle. Quartiers : nombre de quartiers qui touchent la commune ; "
        "qu'une parcelle soit dans l'un d'eux se demande.",
    )


def _evolution(debut: float, fin: float) -> Cellule:
    return "indéterminé" if debut == 0.0 else cases.part(evolution(debut, fin), 0)


def _taux(places: float, enfants: float) -> Cellule:
    return "indéterminé" if enfants == 0.0 else cases.nombre(pour_cent_enfants(places, enfants), 1)


def table_couverture(territoire: FicheTerritoire) -> Table:
    """Coverage year by year, and what explains its rise."""
    c = couverture(territoire)
    lignes: list[Rang] = [
        (cases.annee(a), *(cases.nombre(x[i], d) for x, d in zip(_series(c), (0, 0, 1, 1), strict=True)))
        for i, a in enumerate(c.annees)
    ]
    par_places, par_enfants = c.causes(c.annees[0], c.annees[-1])
    references = " ; ".join(f"{r.nom} {r.annee} : {formater_nombre(r.taux, 1)}" for r in territoire.references)
    return Table(
        f"{territoire.nom} : places et couverture",
        ("Année", "Places de crèche", "Enfants de moins de 3 ans", "Crèches, pour 100", "Tous modes, pour 100"),
        tuple(lignes),
        note=f"Hausse de {formater_nombre(c.hausse, 1)} points, dont {formater_nombre(par_places, 1)} par les places et "
        f"{formater_nombre(par_enfants, 1)} par la baisse du nombre d'enfants. Tous modes, ailleurs : {references}. "
        f"Communes absentes des tables : {_noms(territoire, c.absentes)}.",
    )


def _series(c: object) -> tuple[Tableau, ...]:
    return tuple(getattr(c, n) for n in ("places_creche", "enfants", "taux_creche", "taux_toutes"))


def _noms(territoire: FicheTerritoire, codes: tuple[str, ...]) -> str:
    return ", ".join(territoire.commune(c).nom for c in codes) or "aucune"


def table_manques(territoire: FicheTerritoire, horizon: int = 2030) -> Table:
    """Places missing to reach the published rates, today and at a horizon, births projected or held."""
    c, p = couverture(territoire), projeter(territoire, horizon)
    places = c.places_toutes[-1]
    lignes: list[Rang] = []
    for reference in territoire.references:
        cas = (c.enfants[-1], p.enfants[-1], p.enfants_constants[-1])
        manques = [float(places_manquantes(places, np.array(e), reference.taux)) for e in cas]
        nom = f"{reference.nom} ({reference.annee}) : {formater_nombre(reference.taux, 1)} pour 100"
        lignes.append((nom, *(cases.nombre(m) for m in manques)))
    return Table(
        "Places à créer pour rejoindre un taux publié, tous modes",
        (
            "Cible",
            f"Enfants de {_ANNEE}",
            f"{horizon}, naissances à leur tendance",
            f"{horizon}, naissances constantes",
        ),
        tuple(lignes),
        note=f"Tendance : {pourcent(p.taux_annuel, 1)} de naissances par an, vue de 2017 à {_ANNEE} et prolongée par hypothèse ; les "
        f"places de {_ANNEE} sont gardées. Une tendance n'est pas une loi : les deux lectures sont données. Communes laissées de "
        f"côté : {_noms(territoire, p.absentes)}.",
    )


def table_retombees(territoire: FicheTerritoire, places: float) -> Table:
    """Jobs and parents helped by new places, with the caution of the source."""
    r, source = retombees(territoire, places), territoire.retombees
    lignes: list[Rang] = [
        ("Emplois de la crèche", cases.nombre(r.emplois, 1), source.emplois_par_place.base or ""),
        (
            "Places de parents en insertion (label Avip)",
            cases.nombre(r.places_avip, 1),
            source.part_places_avip.base or "",
        ),
        ("Parents qui trouvent un emploi", cases.nombre(r.parents_en_emploi, 1), source.part_emploi.base or ""),
        (
            "Parents qui entrent en formation",
            cases.nombre(r.parents_en_formation, 1),
            source.part_formation.base or "",
        ),
        (
            "Emplois gardés après six mois, au plus",
            cases.nombre(r.emplois_gardes, 1),
            source.part_emploi_perdu.base or "",
        ),
    ]
    return Table(
        f"Ce que {formater_nombre(places)} places apportent : ordres de grandeur",
        ("Effet", "Nombre", "Sur quoi il repose"),
        tuple(lignes),
        texte=True,
        note="Ratios publiés ailleurs et à d'autres dates ; ils ne prouvent pas un effet ici. La part d'Avip suppose le label.",
    )


def table_trajectoire(territoire: FicheTerritoire, places: float, catalogue: Catalogue, jour: date) -> Table:
    """What a new crèche brings to each city through the bonus trajectoire, by its co-funded places."""
    lignes: list[Rang] = []
    for lue in trajectoires(territoire, places, catalogue, jour, _ANNEE):
        sans = "inconnu" if np.isnan(lue.base) else "indéterminé"
        hausse, gain = cases.part(lue.hausse, 1).sinon(sans), cases.montant(lue.gain).sinon(sans)
        lignes.append((lue.commune, cases.nombre(lue.base).sinon(sans), hausse, gain))
    return Table(
        f"Bonus trajectoire : ce que {formater_nombre(places)} places nouvelles ouvrent à chaque ville",
        ("Commune", f"Places PSU {_ANNEE}", "Hausse", "Bonus de la ville, par an"),
        tuple(lignes),
        note=f"Places de {_ANNEE} prises pour celles de 2023, toutes supposées cofinancées, sans autre création (hypothèses). Le "
        "bonus porte sur toutes les places cofinancées de la ville, et non sur les seules places nouvelles.",
    )


def _lire_point(point: str) -> tuple[float, float]:
    """Longitude and latitude of a place of metropolitan France."""
    try:
        lon, lat = (float(x) for x in point.split(","))
    except ValueError:
        lon = lat = np.nan
    if not (LONGITUDES[0] <= lon <= LONGITUDES[1] and LATITUDES[0] <= lat <= LATITUDES[1]):
        raise ErreurCalcul(
            f"Point « {point} » illisible ou hors de la France métropolitaine : écrire longitude,latitude, par exemple 2.3459,48.9177."
        )
    return lon, lat


def table_bassin(iris: Path | None, contours: Path | None, point: str, distance_m: float) -> Table:
    """Children of Caf families around a site, from the tables that the user gives.

    Raises:
        ErreurCalcul: a piece is missing, or the point is not « longitude,latitude ».
    """
    if iris is None or contours is None or not point:
        raise ErreurCalcul("Bassin d'un lieu : donner ensemble --iris, --contours et --point « longitude,latitude ».")
    lon, lat = _lire_point(point)
    bassin = enfants_a_distance(contours, lire_enfants_iris(iris), lon, lat, distance_m)
    lignes: list[Rang] = [
        (f"Enfants de 0 à 2 ans à moins de {formater_nombre(distance_m)} m", cases.nombre(round(bassin.enfants))),
        ("Iris comptés", cases.nombre(len(bassin.iris))),
        ("Iris secrets, non comptés", ", ".join(bassin.secrets) or "aucun"),
    ]
    return Table(
        "Bassin du lieu",
        ("Mesure", "Valeur"),
        tuple(lignes),
        texte=True,
        note="À vol d'oiseau ; chaque Iris compte pour la part de sa surface (estimation). Enfants des familles allocataires.",
    )
