"""Next step of an input that acts by steps: the nearest value above and below at which a figure jumps, and by how much.

The engine is asked at many values at once, then again where the figure departs from a line, closer and closer: what shrinks with the
distance is a kink, what stays is a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pope_foncier.etude.deplacements import Bougees, Deplacements, Lire, Portee, portee, se_deplace
from pope_foncier.etude.pentes import Effet
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater, formater_nombre

_POINTS = 24
"""Values tried on each side at first."""
_TOURS, _PARTS = 7, 8
"""Rounds that close in on a step, and parts that each cuts its bracket in."""
_PREMIERS = 2
"""Rounds in which a part may still hold several steps, and lose some."""
_CANDIDATS = 4
"""Brackets followed at most on each side: the nearest may be kinks."""
_RIEN = 1e-4
"""Share of a figure under which it does not move."""
_RESTE = 0.5
"""Share of the departure from a line that a step keeps when its bracket closes; a kink keeps little more than the eighth that is left."""


@dataclass(frozen=True, slots=True)
class Saut:
    """Step of a figure.

    Attributes:
        valeur: value of the input where it is; a whole number is beyond it.
        effet: jump, in the unit of the figure.
        quoi: what changes there, when it has a name.
        dessous: whether the jump is met just under the value, the input falling.
    """

    valeur: float
    effet: float
    quoi: str = ""
    dessous: bool = False

    def dire(self, unite_entree: str, unite: str) -> str:
        """The step in French: « 13e place à 202 m² : +3 770 €/an »."""
        signe = "+" if self.effet > 0 else ""
        ou = f"{'sous' if self.dessous else 'à'} {formater(self.valeur, unite_entree)}"
        return f"{f'{self.quoi} {ou}' if self.quoi else ou} : {signe}{formater(self.effet, unite)}"


@dataclass(frozen=True, slots=True)
class Marches:
    """Nearest steps of an input, above and below its value, within the values that were tried."""

    portee: Portee
    plus: Saut | None
    moins: Saut | None


class _Cote(NamedTuple):
    """Values tried on one side, from that of the study outwards."""

    champ: str
    points: Tableau
    entier: bool
    pente: float = 0.0
    """Slope of the figure where the input is."""


@dataclass(frozen=True, slots=True)
class _Creneau:
    """Part of a side where a figure departs from a line: its ends, the departure, and that of the round before."""

    cote: int
    proche: float
    loin: float
    ecart: float
    avant: float = np.inf
    saut: float = 0.0
    quoi: str = ""


def chercher(vue: Vue, effets: Sequence[Effet], lire: Lire) -> dict[str, Marches]:
    """Nearest steps of some inputs, by field; those that are unknown, or have no value to be tried, are left out.

    Args:
        vue: scenario, on the plan as it stands.
        effets: inputs.
        lire: figure that jumps.
    """
    connues = {e.champ: e for e in effets if np.isfinite(e.valeur) and se_deplace(vue, e)}
    portees = {c: p for c, e in connues.items() if (p := portee(vue, c, e.valeur, large=True)) is not None}
    deplacements = Deplacements(vue, lire, {c: connues[c].valeur for c in portees})
    cotes = [_cote(connues[c], borne) for c, p in portees.items() for borne in (p.haut, p.bas)]
    sauts = [
        saut if saut is not None and deplacements.admet(cote.champ, saut.valeur) else None
        for cote, saut in zip(cotes, _premiers_sauts(deplacements, cotes), strict=True)
    ]
    return {c: Marches(p, sauts[2 * i], sauts[2 * i + 1]) for i, (c, p) in enumerate(portees.items())}


def _cote(effet: Effet, borne: float) -> _Cote:
    """Values tried from that of an input to a bound: each whole number, or evenly."""
    entier = effet.en_entiers
    pas = abs(borne - effet.valeur) if entier else _POINTS * (borne != effet.valeur)
    return _Cote(effet.champ, np.linspace(effet.valeur, borne, int(pas) + 1), entier, effet.pente)


def _premiers_sauts(deplacements: Deplacements, cotes: Sequence[_Cote]) -> list[Saut | None]:
    """First step of each side."""
    bougees = deplacements.bouger_par_groupe([(c.champ, c.points) for c in cotes])
    sauts: list[Saut | None] = [None] * len(cotes)
    creneaux: list[_Creneau] = []
    for i, (cote, lues) in enumerate(zip(cotes, bougees, strict=True)):
        if cote.entier:
            sauts[i] = _au_premier_entier(cote, lues)
        else:
            creneaux += _creneaux(i, cote, lues)[:_CANDIDATS]
    for tour in range(_TOURS):
        points = [np.linspace(c.proche, c.loin, _PARTS + 1) for c in creneaux]
        suivis = [cotes[c.cote] for c in creneaux]
        de_pres = deplacements.bouger_par_groupe([(c.champ, p) for c, p in zip(suivis, points, strict=True)])
        serres = [_serrer(*lus) for lus in zip(creneaux, points, de_pres, suivis, strict=True)]
        creneaux = [c for c in serres if _reste(c, tour, bougees[c.cote])]
    for c in creneaux:
        if sauts[c.cote] is None:
            sauts[c.cote] = Saut(_le_plus_simple(c.proche, c.loin), c.saut, c.quoi, c.loin < c.proche)
    return sauts


def _au_premier_entier(cote: _Cote, lues: Bougees) -> Saut | None:
    """First whole number at which the figure moves."""
    ecarts = lues.figure - lues.figure[0]
    bouge = np.flatnonzero(np.abs(ecarts) > _rien(lues.figure))
    if not len(bouge):
        return None
    i = int(bouge[0])
    return Saut(float(cote.points[i]), float(ecarts[i]), _quoi(lues, 0, i))


def _rien(figure: Tableau) -> float:
    return _RIEN * max(abs(float(figure[0])), 1.0)


def _creneaux(rang: int, cote: _Cote, lues: Bougees) -> list[_Creneau]:
    """Parts where the figure moves otherwise than just before, the nearest first."""
    points, pas = cote.points, np.diff(lues.figure)
    if not len(pas):
        return []
    ecarts = np.abs(np.diff(pas, prepend=cote.pente * (points[1] - points[0])))
    return [
        _Creneau(rang, float(points[i]), float(points[i + 1]), float(ecarts[i]))
        for i in np.flatnonzero(ecarts > _rien(lues.figure))
    ]


def _reste(creneau: _Creneau, tour: int, lues: Bougees) -> bool:
    """Whether a departure is still a step once its part is narrower: large enough, and no longer shrinking."""
    return creneau.ecart > _rien(lues.figure) and (tour < _PREMIERS or creneau.ecart > _RESTE * creneau.avant)


def _serrer(creneau: _Creneau, points: Tableau, lues: Bougees, cote: _Cote) -> _Creneau:
    """Nearest part where the figure departs from its line, which is that of the part nearest to the slope; none where the engine refuses."""
    pas = np.diff(lues.figure)
    if not np.isfinite(pas).all():
        return replace(creneau, ecart=0.0)
    droite = pas[np.argmin(np.abs(pas - cote.pente * (points[1] - points[0])))]
    ecarts = np.abs(pas - droite)
    i = int(np.argmax(ecarts >= ecarts.max() / 2.0))
    proche, loin = float(points[i]), float(points[i + 1])
    return _Creneau(creneau.cote, proche, loin, float(ecarts[i]), creneau.ecart, float(pas[i]), _quoi(lues, i, i + 1))


def _quoi(lues: Bougees, avant: int, apres: int) -> str:
    """What changes at a step, when it has a name: a place, the opening."""
    places, ouverture = (np.round(v[[avant, apres]]) for v in (lues.places, lues.ouverture))
    if np.isfinite(places).all() and places[0] != places[1]:
        gagnee = places[1] > places[0]
        return f"{formater_nombre(max(places))}e place{'' if gagnee else ' perdue'}"
    if np.isfinite(ouverture).all() and ouverture[0] != ouverture[1]:
        return f"ouverture {'retardée' if ouverture[1] > ouverture[0] else 'avancée'}"
    return ""


def _le_plus_simple(proche: float, loin: float) -> float:
    """Number with the fewest decimals beyond a step, within its bracket."""
    bas, haut = min(proche, loin), max(proche, loin)
    for decimales in range(8):
        grain = 10.0**-decimales
        rond = np.ceil(bas / grain - 1e-9) * grain if loin > proche else np.floor(haut / grain + 1e-9) * grain
        if bas <= rond <= haut:
            return float(round(rond, decimales))
    return loin
