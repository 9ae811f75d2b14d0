"""Share of the doubt of a figure that each input explains: Sobol indices, first order and total, with their confidence and their convergence.

A first-order index is the share of the variance that goes if the input alone is known; a total index, the share that stays if all but it are
known. Inputs that the study links by a correlation are drawn and read together, as one group: apart, neither would have a share of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pope_foncier.decision.doute.correlations import Liens, lier
from pope_foncier.decision.doute.etude_tiree import lus
from pope_foncier.decision.doute.reglages import reglages
from pope_foncier.decision.sensibilite.entrees import EVENEMENTS, Entree, entree_tiree
from pope_foncier.decision.sensibilite.essais import Essais
from pope_foncier.etude.lecteur import BOUCLE, Lecteur
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre

POINTS = 256
"""Points of the sequence, a power of two; the study is evaluated so many times for each input, and twice more."""
_CONVERGE = 0.05
"""Largest change of a total index, from half of the points to all of them, under which the indices have converged."""
_REECHANTILLONS = 100
_PRES = 1e-12


@dataclass(frozen=True, slots=True)
class Indice:
    """Sobol indices of a group of inputs, and the half-width of their intervals at 95 %."""

    nom: str
    champs: tuple[str, ...]
    premier: float
    premier_pres: float
    total: float
    total_pres: float


@dataclass(frozen=True)
class Indices:
    """Sobol indices of a figure, the largest total first.

    Attributes:
        evaluations: evaluations that they took.
        ecart: largest change of a total index from half of the points to all of them.
    """

    indices: tuple[Indice, ...]
    evaluations: int
    ecart: float

    @property
    def a_converge(self) -> bool:
        """Whether more points would not change much."""
        return self.ecart <= _CONVERGE


@dataclass(frozen=True)
class PartsDuDoute:
    """Share of the doubt of a figure of a study that each input explains."""

    nom: str
    code: str
    libelle: str
    unite: str
    indices: Indices
    entrees: Mapping[str, Entree]


def parts_du_doute(vue: Vue, code: str, points: int = POINTS) -> PartsDuDoute:
    """Sobol indices of a figure of a scenario, on the closed plan, under the laws of its study; the project is done: no event happens.

    Args:
        points: points of the sequence, a power of two.

    Raises:
        Inconnu: no such figure.
        ErreurCalcul: SALib is not installed, nothing is in doubt, or a draw has no figure.
    """
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    moteur, dossier = Moteur(ctx.catalogue, ctx.evolutions), Dossier(vue.nom, etude, ctx.site, {BASE: etude})
    lecteur = Lecteur(vue.bouclee.ev)
    entier = lecteur.code(code)
    regles = lus(dossier, moteur, reglages(etude, moteur))
    lois = {champ: loi for champ, loi in regles.lois.items() if not champ.startswith(EVENEMENTS)}
    if not lois:
        raise ErreurCalcul("Rien n'est en doute : l'étude ne donne ni loi ni intervalle à ses entrées.")
    essais = Essais(dossier, moteur, (entier,), BOUCLE)

    def lire(chances: Mapping[str, Tableau]) -> Tableau:
        lues = essais.tirer({champ: loi.valeurs(chances[champ]) for champ, loi in lois.items()})
        chiffres = lues.chiffres[entier]
        vides = int(np.isnan(chiffres).sum())
        if vides:
            motif = next(str(m) for m in lues.motifs if m)
            raise ErreurCalcul(
                f"« {code} » n'a pas de chiffre dans {formater_nombre(vides)} tirages sur {formater_nombre(len(chiffres))} ({motif}) : ses parts ne se "
                "calculent pas. Resserrer les lois de l'étude."
            )
        return chiffres

    liens = {paire: v for paire, v in regles.correlations.items() if set(paire) <= lois.keys()}
    trouves = indices(lire, list(lois), points, regles.graine, liens)
    lue = lecteur.grandeur(entier)
    entrees = {champ: entree_tiree(etude, moteur, champ, loi) for champ, loi in lois.items()}
    return PartsDuDoute(vue.nom, entier, lue.nom, lue.unite, trouves, entrees)


def indices(
    lire: Callable[[Mapping[str, Tableau]], Tableau],
    champs: Sequence[str],
    points: int,
    graine: int,
    liens: Liens | None = None,
) -> Indices:
    """Sobol indices of a figure that chances decide, by Saltelli's sample.

    Args:
        lire: figure, shape (n,), for chances by field, strictly between 0 and 1, shape (n,) each.
        liens: correlations; linked fields make one group.

    Raises:
        ErreurCalcul: SALib is not installed, or the number of points is no power of two.
    """
    if points < 8 or points & (points - 1):
        raise ErreurCalcul(f"Indices de Sobol : une puissance de deux, 8 au moins, est attendue ; trouvé : {points}.")
    tirage, analyse = (
        bibliotheque(f"SALib.{quoi}.sobol", "decider", "Un indice de Sobol") for quoi in ("sample", "analyze")
    )
    groupes = _groupes(champs, liens or {})
    noms = list(dict.fromkeys(groupes[c] for c in champs))
    probleme = {
        "num_vars": len(champs),
        "names": list(champs),
        "bounds": [[0.0, 1.0]] * len(champs),
        "groups": [groupes[c] for c in champs],
    }
    points_tires = tirage.sample(probleme, points, calc_second_order=False, seed=graine)
    ouverts = np.clip(points_tires, 2.0**-53, 1.0 - 2.0**-53)
    chances = {champ: np.ascontiguousarray(ouverts[:, rang]) for rang, champ in enumerate(champs)}
    lus_ = lire(lier(chances, liens or {}, garder_les_rangs=False))
    entiers = _analyser(analyse, probleme, lus_, graine)
    moitie = _analyser(analyse, probleme, lus_[: len(lus_) // 2], graine)
    par_nom = [tuple(c for c in champs if groupes[c] == nom) for nom in noms]
    trouves = [
        Indice(nom, siens, *(float(entiers[q][k]) for q in _LUS))
        for k, (nom, siens) in enumerate(zip(noms, par_nom, strict=True))
    ]
    ecart = float(np.abs(np.asarray(entiers["ST"]) - np.asarray(moitie["ST"])).max())
    return Indices(tuple(sorted(trouves, key=lambda i: -i.total)), len(lus_), ecart)


_LUS = ("S1", "S1_conf", "ST", "ST_conf")


def _analyser(analyse: Any, probleme: Mapping[str, Any], lus: Tableau, graine: int) -> Mapping[str, Tableau]:
    """Indices of a sample; all zero when the figure does not move."""
    if np.ptp(lus) <= _PRES * max(1.0, float(np.abs(lus).max())):
        nuls = np.zeros(len(set(probleme["groups"])))
        return dict.fromkeys(_LUS, nuls)
    lue: Mapping[str, Tableau] = analyse.analyze(
        probleme, lus, calc_second_order=False, num_resamples=_REECHANTILLONS, seed=graine
    )
    return lue


def _groupes(champs: Sequence[str], liens: Liens) -> dict[str, str]:
    """Name of the group of each field: that of the first field that it is linked to, whatever the way."""
    groupe = {c: c for c in champs}
    for a, b in liens:
        garde, perd = sorted((groupe[a], groupe[b]), key=list(champs).index)
        groupe = {c: garde if g == perd else g for c, g in groupe.items()}
    return groupe
