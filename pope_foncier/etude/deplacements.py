"""Inputs of a study moved one at a time, all in one array evaluation; and how far each may be moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.pentes import Effet, bornes_de
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.socle.fiches import Entier, Fiche, Part, Texte, lire_fiche
from pope_foncier.socle.grandeur import Tableau

Lire = Callable[[Evaluation], Tableau]
"""Figure of an evaluation of the plan as it stands, one value a row, shape (rows,) or (1,)."""
EVOLUTION = "evolution."


class Portees(Fiche):
    """How far an input is moved when the study states no interval."""

    part_pesee: Part
    part_cherchee: Part
    mois_peses: Entier
    mois_cherches: Entier
    base: Texte


@lru_cache(maxsize=2)
def lire_portees(chemin: Path | None = None) -> Portees:
    """Read them from the data folder."""
    return lire_fiche(Portees, chemin or dossier_donnees() / "hypotheses" / "pentes.yaml")


class Portee(NamedTuple):
    """Values between which an input is moved, and where they come from."""

    bas: float
    haut: float
    origine: Literal["intervalle", "part", "mois", "reponse"]


def portee(vue: Vue, champ: str, valeur: float, large: bool) -> Portee | None:
    """Values between which an input is moved: its interval, or what stands for it; None for an input that is zero and has none.

    Args:
        valeur: its value.
        large: how far a step is looked for, rather than what the input weighs.
    """
    etude = vue.ev.ctx.variantes[vue.rang if len(vue.ev.ctx.variantes) > 1 else 0]
    if champ.startswith(EVOLUTION):
        chemin = vue.ev.ctx.evolutions.chemins[champ.removeprefix(EVOLUTION)]
        return Portee(chemin.bas, chemin.haut, "intervalle")
    donnee = lire_champ(etude, champ)
    if isinstance(donnee, str):
        return Portee(0.0, 1.0, "reponse")
    if isinstance(donnee, Donnee) and donnee.intervalle is not None:
        return Portee(float(donnee.intervalle[0]), float(donnee.intervalle[1]), "intervalle")
    regles, bornes = lire_portees(), bornes_de(etude, champ)
    entier = bornes is not None and bornes.entier
    if entier:
        ecart: float = regles.mois_cherches if large else regles.mois_peses
    else:
        ecart = abs(valeur) * (regles.part_cherchee if large else regles.part_pesee)
    if not ecart:
        return None
    mini, maxi = (bornes.mini, bornes.maxi) if bornes is not None else (-np.inf, np.inf)
    return Portee(max(valeur - ecart, mini), min(valeur + ecart, maxi), "mois" if entier else "part")


@dataclass(frozen=True)
class Bougees:
    """Figures of each input moved, shape (trials,): the figure read, the places, the month of opening; NaN where the engine refuses."""

    figure: Tableau
    places: Tableau
    ouverture: Tableau


class Deplacements:
    """Study of a scenario whose inputs are moved one at a time.

    Args:
        vue: scenario, on the plan as it stands.
        lire: figure wanted.
        valeurs: value of each input that may be moved, by field.
    """

    def __init__(self, vue: Vue, lire: Lire, valeurs: Mapping[str, float]) -> None:
        ctx = vue.ev.ctx
        self._moteur = Moteur(ctx.catalogue, ctx.evolutions)
        self._dossier = vue.une_fois(_seule)
        self._lire = lire
        self._valeurs = {c: 0.0 if c.startswith(EVOLUTION) else v for c, v in valeurs.items()}
        self._taux = {c: v for c, v in valeurs.items() if c.startswith(EVOLUTION)}
        """Draws of a path are added to it."""

    def bouger(self, essais: Sequence[tuple[str, float]]) -> Bougees:
        """Figures when one input has another value, one trial a row; what the engine refuses is left unknown."""
        if not essais:
            return Bougees(*(np.empty(0),) * 3)
        champs = dict.fromkeys(champ for champ, _ in essais)
        tirages = {c: np.full(len(essais), self._valeurs[c]) for c in champs}
        for i, (champ, valeur) in enumerate(essais):
            tirages[champ][i] = valeur - self._taux.get(champ, 0.0)
        try:
            ev = self._moteur.tirer(self._dossier, tirages)
            lues = (self._lire(ev), ev.capacite.places.valeur, ev.calendrier.ouverture.valeur)
        except ErreurPope:
            if len(essais) == 1:
                return Bougees(*(np.full(1, np.nan),) * 3)
            moitie = len(essais) // 2
            deux = (self.bouger(essais[:moitie]), self.bouger(essais[moitie:]))
            return Bougees(*(np.concatenate([getattr(b, n) for b in deux]) for n in ("figure", "places", "ouverture")))
        return Bougees(*(np.array(np.broadcast_to(np.ravel(v), (len(essais),))) for v in lues))

    def admet(self, champ: str, valeur: float) -> bool:
        """Whether the sheet of the study takes a value: an array goes past what it checks."""
        donnee = lire_champ(self._dossier.etude, champ)
        lue = int(valeur) if float(valeur).is_integer() else valeur
        dite = {"valeur": lue, "base": "essai"} if isinstance(donnee, Donnee) else lue
        try:
            varier(self._dossier, "essai", {champ: dite})
        except ErreurPope:
            return False
        return True

    def bouger_par_groupe(self, groupes: Sequence[tuple[str, Tableau]]) -> list[Bougees]:
        """The same for several values of each input, a group apart."""
        if not groupes:
            return []
        lues = self.bouger([(champ, float(v)) for champ, valeurs in groupes for v in valeurs])
        fins = np.cumsum([len(valeurs) for _, valeurs in groupes])[:-1]
        return [
            Bougees(*trois)
            for trois in zip(*(np.split(v, fins) for v in (lues.figure, lues.places, lues.ouverture)), strict=True)
        ]


def se_deplace(vue: Vue, effet: Effet) -> bool:
    """Whether an input may hold an array of values: a number of the study; neither an answer, a path nor a scale."""
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    if effet.genre != "etude" or isinstance(lire_champ(etude, effet.champ), str):
        return False
    return Moteur(ctx.catalogue, ctx.evolutions).se_tire(effet.champ, etude)


def liee_a_d_autres(vue: Vue, effet: Effet) -> str:
    """What the sheet asks to change with an input that it refuses to see moved alone, up as down; nothing when it may move, or has no slope."""
    if effet.genre != "etude" or effet.en_entiers or not effet.pente or not abs(effet.valeur) > 0.0:
        return ""
    seul = vue.une_fois(_seule)
    donnee = lire_champ(seul.etude, effet.champ)
    if isinstance(donnee, str):
        return ""
    remedes = []
    for part in (1.0 + _UN_PEU, 1.0 - _UN_PEU):
        valeur = effet.valeur * part
        try:
            varier(
                seul,
                "essai",
                {effet.champ: {"valeur": valeur, "base": "essai"} if isinstance(donnee, Donnee) else valeur},
            )
        except ErreurDonnees as erreur:
            remedes.append(erreur.problemes[0].remede.rstrip("."))
        else:
            return ""
    return remedes[0]


def _seule(vue: Vue) -> Dossier:
    """Study of a scenario alone, which inputs are changed in one after the other."""
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    return Dossier(vue.nom, etude, ctx.site, {BASE: etude})


_UN_PEU = 0.01
"""Share by which an input is moved to see whether it moves alone."""
