"""By which line of the plan an input acts on what is to find: the one that moves most, in the same direction as the figure.

A sign that surprises is read there: an aid of the Caf that grows is paid a year later in part, so the working capital to advance grows with
it, while the commune, which balances the account, pays less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from pope_foncier.etude.a_trouver import EN_TRESORERIE, GROUPE
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.lecteur import A_TROUVER
from pope_foncier.etude.pentes import Effet, effets
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.pentes import Sortie

_TOTAL, _EN_TRESORERIE = f"{GROUPE}total", f"{GROUPE}exploitation"
_EXPLIQUES = (A_TROUVER, f"{GROUPE}investissement", _TOTAL)
"""Figures made of the lines of the plan."""
_TOTAUX = ("besoins.total", "ressources.total", "ressources.reste_a_financer")


class Voie(NamedTuple):
    """Line through which an input acts most on what is to find.

    Attributes:
        libelle: label of the line.
        un_pour_cent: change of what is to find by that line alone when the input rises by 1 % [€]: less when a resource grows.
    """

    libelle: str
    un_pour_cent: float


class _Ligne(NamedTuple):
    libelle: str
    grandeur: Grandeur
    sens: float
    """1 for a use and for the cash that is missing, −1 for a resource."""


def voies(ev: Evaluation, code: str, lus: Sequence[Effet], scenario: int = 0) -> dict[str, Voie]:
    """Main line of each input, by field; none for a figure that is no total of the plan, nor for an input that acts by steps alone.

    Args:
        ev: evaluation of the closed plan.
        code: full code of the figure.
        lus: effects of the inputs on it.
    """
    if code not in _EXPLIQUES or not ev.est_bouclee:
        return {}
    lignes = [*_lignes(ev, code == _TOTAL)]
    sorties = [Sortie(x.grandeur, np.ones(x.grandeur.valeur.shape[-1])) for x in lignes]
    par_ligne = [
        {e.champ: ligne.sens * e.un_pour_cent for e in siens}
        for ligne, siens in zip(lignes, effets(ev, sorties, scenario), strict=True)
    ]
    trouvees = {}
    for effet in lus:
        if not effet.un_pour_cent:
            continue
        dans_le_sens = [x.get(effet.champ, 0.0) * np.sign(effet.un_pour_cent) for x in par_ligne]
        rang = int(np.argmax(dans_le_sens))
        if dans_le_sens[rang] > 0.0:
            trouvees[effet.champ] = Voie(lignes[rang].libelle, par_ligne[rang][effet.champ])
    return trouvees


def _lignes(ev: Evaluation, avec_la_caisse: bool) -> Iterator[_Ligne]:
    """Uses, resources that somebody named brings, and the cash that is missing."""
    codes_a_trouver = {_ressource(b) for b in ev.ctx.boucleurs if b.est_a_trouver}
    lignes = [(x, 1.0) for x in ev.livre.du_groupe("besoins")] + [(x, -1.0) for x in ev.livre.du_groupe("ressources")]
    for ligne, sens in lignes:
        if ligne.code not in (*_TOTAUX, *codes_a_trouver):
            yield _Ligne(ligne.libelle, ligne.grandeur, sens)
    if avec_la_caisse:
        yield _Ligne(EN_TRESORERIE, ev.livre[_EN_TRESORERIE], 1.0)


def _ressource(boucleur: Boucleur) -> str:
    return f"ressources.{boucleur.cle}"
