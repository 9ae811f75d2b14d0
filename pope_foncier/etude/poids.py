"""Weight of each input on a figure: how much the figure moves over what the study says that the input may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.deplacements import (
    Deplacements,
    Lire,
    Portee,
    liee_a_d_autres,
    lire_portees,
    portee,
    se_deplace,
)
from pope_foncier.etude.pentes import Effet
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import formater, pourcent

OUI_OU_NON = "oui ou non"
"""Range of an answer."""
PAS_SEULE = "ne bouge pas seule"
"""What stands for the range of an input that the sheet ties to others."""
_POINTS = 9
"""Values tried over the range of an input that acts by steps."""


@dataclass(frozen=True, slots=True)
class Poids:
    """Weight of one input.

    Attributes:
        montant: half of what the figure moves by over the range, in its unit; NaN when the input has no value to move, or does not move alone.
        selon: the range, in French.
        liee: what is to change with an input that does not move alone; nothing when it does.
    """

    effet: Effet
    montant: float
    selon: str
    liee: str = ""


def peser(vue: Vue, effets: Sequence[Effet], lire: Lire) -> list[Poids]:
    """Weights of some inputs, the heaviest first.

    The slope times half of the interval that the study states, else the effect of a share of the value; an input that acts by steps is
    moved over its range.

    Args:
        vue: scenario, on the plan as it stands.
        lire: figure, for the inputs that act by steps.
    """
    liees = {e.champ: remede for e in effets if (remede := liee_a_d_autres(vue, e))}
    portees = {e.champ: p for e in effets if e.champ not in liees and (p := _portee(vue, e)) is not None}
    par_marches = [e for e in effets if e.par_marches and e.champ in portees and se_deplace(vue, e)]
    etendues = _etendues(vue, par_marches, lire, portees)
    seules = (_peser(e, portees.get(e.champ), etendues) for e in effets if e.champ not in liees)
    ensemble = (Poids(e, np.nan, PAS_SEULE, liees[e.champ]) for e in effets if e.champ in liees)
    return sorted((*seules, *ensemble), key=_rang)


def _rang(poids: Poids) -> float:
    return 0.0 if np.isnan(poids.montant) else -poids.montant


def _portee(vue: Vue, effet: Effet) -> Portee | None:
    if effet.genre in ("bareme", "hypothese") or np.isnan(effet.valeur):
        return None
    return portee(vue, effet.champ, effet.valeur, large=False)


def _peser(effet: Effet, lue: Portee | None, etendues: dict[str, float]) -> Poids:
    part = lire_portees().part_pesee
    if lue is None:
        montant = abs(effet.un_pour_cent) * 100.0 * part
        return Poids(effet, montant or np.nan, f"{pourcent(part)} en plus ou en moins" if montant else "")
    montant = etendues[effet.champ] if effet.champ in etendues else abs(effet.pente) * (lue.haut - lue.bas) / 2.0
    return Poids(effet, montant, _selon(effet, lue, part))


def _selon(effet: Effet, lue: Portee, part: float) -> str:
    """Range of an input in French."""
    if lue.origine == "part":
        return f"{pourcent(part)} en plus ou en moins"
    if lue.origine == "reponse":
        return OUI_OU_NON
    if lue.origine == "mois":
        return f"{formater(float(lire_portees().mois_peses), effet.unite)} en plus ou en moins"
    bas, haut = formater(lue.bas, effet.unite), formater(lue.haut, effet.unite)
    return f"de {bas.removesuffix(f'{chr(160)}{effet.unite}')} à {haut}"


def _etendues(vue: Vue, effets: Sequence[Effet], lire: Lire, portees: dict[str, Portee]) -> dict[str, float]:
    """Half of the spread of the figure over the range of each input that acts by steps."""
    groupes = []
    for effet in effets:
        lue = portees[effet.champ]
        points = np.linspace(lue.bas, lue.haut, _POINTS)
        if effet.en_entiers:
            points = np.unique(np.round(points))
        groupes.append((effet.champ, np.append(points, effet.valeur)))
    lues = Deplacements(vue, lire, {e.champ: e.valeur for e in effets}).bouger_par_groupe(groupes)
    return {
        effet.champ: float(np.nanmax(b.figure) - np.nanmin(b.figure)) / 2.0 if np.isfinite(b.figure).any() else np.nan
        for effet, b in zip(effets, lues, strict=True)
    }
