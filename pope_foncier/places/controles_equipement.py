"""Checks of what the rooms of a plan hold, in numbers: change tables, basins, bowls, beds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.locaux import Local
from pope_foncier.lieu.plan import Equipement
from pope_foncier.places.regles_locaux import ReglesLocaux
from pope_foncier.socle.nombres import formater_nombre

_SOURCE = "Annexe de l'arrêté du 31 août 2021, III.2"
_UNE_SOURCE = "une seule source, article III.3 non vu"


def controler_equipements(locaux: Sequence[Local], regles: ReglesLocaux, places: int) -> list[Constat]:
    """Check what is declared in the rooms; what nobody counted stays to verify."""
    constats = [_tables(locaux, regles, places), _cuvettes(locaux, regles, places)]
    return [*constats, *_lavabos(locaux), *_lits(locaux, regles)]


def _compter(locaux: Sequence[Local], quoi: Equipement) -> int | None:
    """How many in all; None when no room declares any."""
    dits = [n for x in locaux if (n := x.compter(quoi)) is not None]
    return sum(dits) if dits else None


def _tables(locaux: Sequence[Local], regles: ReglesLocaux, places: int) -> Constat:
    dues, sujet = int(regles.tables_change(np.array(places))), "Tables de change"
    exigee, comptees = _nombre(dues, "table"), _compter(locaux, "table_change")
    if comptees is not None:
        statut: StatutConstat = "respecte" if comptees >= dues else "non_respecte"
        return Constat("change", sujet, statut, _nombre(comptees, "table"), exigee, _SOURCE)
    espaces = sum(x.nombre for x in locaux if x.fonction == "change")
    trouves = f"{_nombre(espaces, 'espace')} de change"
    return Constat("change", sujet, "a_verifier" if espaces else "non_respecte", trouves, exigee)


def _cuvettes(locaux: Sequence[Local], regles: ReglesLocaux, places: int) -> Constat:
    """Bowls: due by walkers, whose number nobody knows; enough for all the places is enough."""
    dues, comptees = int(regles.toilettes(np.array(places))), _compter(locaux, "cuvette_enfant")
    exigee, sujet = f"{dues} si tous les enfants marchent", "Cuvettes pour marcheurs"
    if comptees is None:
        return Constat("toilettes", sujet, "a_verifier", "", exigee)
    statut: StatutConstat = "respecte" if comptees >= dues else "a_verifier" if comptees else "non_respecte"
    return Constat(
        "toilettes", sujet, statut, _nombre(comptees, "cuvette"), exigee, f"{_SOURCE} (phrase lue en partie)"
    )


def _lavabos(locaux: Sequence[Local]) -> Iterator[Constat]:
    """One basin of adult height in each change space, and one of child height somewhere, once anything is counted."""
    espaces = [x for x in locaux if x.fonction == "change"]
    if not any(x.equipements for x in locaux):
        return
    for espace in espaces:
        compte = _compter([espace], "lavabo_adulte")
        statut: StatutConstat = "a_verifier" if compte is None else "respecte" if compte else "non_respecte"
        valeur = "non compté" if compte is None else _nombre(compte, "lavabo")
        sujet = f"{espace.nom} : lavabo à hauteur d'adulte"
        yield Constat("lavabo", sujet, statut, valeur, "un par espace de change", _SOURCE)
    enfants = _compter(locaux, "lavabo_enfant")
    statut = "a_verifier" if enfants is None else "respecte" if enfants else "non_respecte"
    valeur = "non compté" if enfants is None else _nombre(enfants, "lavabo")
    yield Constat(
        "lavabo", "Lavabo à hauteur d'enfant", statut, valeur, "un dans la salle des marcheurs, ou près", _SOURCE
    )


def _lits(locaux: Sequence[Local], regles: ReglesLocaux) -> Iterator[Constat]:
    """Beds declared in a sleeping room, against those that its area admits."""
    for local in locaux:
        declares = _compter([local], "lits")
        if local.fonction != "sommeil" or declares is None:
            continue
        possibles = int(regles.lits_possibles(np.array(local.surface_m2))) * local.nombre
        valeur = f"{_nombre(declares, 'lit')} pour {formater_nombre(local.surface_m2, 1)} m²"
        statut: StatutConstat = "respecte" if declares <= possibles else "non_respecte"
        sujet = f"{local.nom} : lits posés"
        yield Constat(
            "lits_poses", sujet, statut, valeur, f"{_nombre(possibles, 'lit')} au plus", f"à confirmer : {_UNE_SOURCE}"
        )


def _nombre(combien: int, nom: str) -> str:
    return f"{formater_nombre(combien)} {nom}{'s' if combien > 1 else ''}"
