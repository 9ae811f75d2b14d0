"""Figures of many rows at once, read by their codes: scenarios in an array, grids, draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.lecteur import BOUCLE, RATIOS, Lecteur, Lecture, au_total
from pope_foncier.etude.lectures import decrit_le_plan
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.sans_place import dit_le_lieu
from pope_foncier.modele.livre import TOLERANCE
from pope_foncier.socle.grandeur import Grandeur, Tableau

_PLACES, _FAIT, _RESTE = "·places", "·fait", "·reste"
"""Names of what says whether a row has a place and closes; no figure has such a name."""


class Rangees:
    """Figures of an evaluation of several rows, by name: what to read of the plan as it stands and of the closed plan, and one array each.

    On the plan as it stands, a figure that closing would change has no value (NaN) in the rows whose plan lacks money; under both
    readings, a row that holds no place has only the figures of its place.

    Args:
        noms: names of figures, each read as one number a row.
        lecture: plan that they are read on.
        entieres: quantities of the closed plan kept whole, month by month or year by year, by name.
    """

    def __init__(
        self,
        noms: Sequence[str],
        lecture: Lecture,
        entieres: Mapping[str, Callable[[Evaluation], Grandeur]] | None = None,
    ) -> None:
        self._noms, self._lecture, self._entieres = noms, lecture, entieres or {}
        self._codes: dict[str, str] = {}
        self._stocks: frozenset[str] = frozenset()
        self._du_lieu: frozenset[str] = frozenset()
        self._douteux: tuple[str, ...] = ()

    def tel_quel(self, ouverte: Evaluation) -> dict[str, Grandeur]:
        """Quantities of the plan as it stands; none when the closed plan is read."""
        if self._lecture == BOUCLE:
            return {}
        lues = self._lire(ouverte)
        self._douteux = tuple(
            nom
            for nom, code in self._codes.items()
            if not decrit_le_plan(ouverte.livre, code) and not code.startswith(RATIOS)
        )
        return _de_la_place(ouverte) | {_RESTE: ouverte.plan.reste_a_financer} | lues

    @property
    def ferme(self) -> bool:
        """Whether the closed plan is read, once the plan as it stands has been."""
        return self._lecture == BOUCLE or bool(self._douteux or self._entieres)

    def boucle(self, bouclee: Evaluation) -> dict[str, Grandeur]:
        """Quantities of the closed plan."""
        return (
            _de_la_place(bouclee) | self._lire(bouclee) | {nom: lire(bouclee) for nom, lire in self._entieres.items()}
        )

    def _lire(self, ev: Evaluation) -> dict[str, Grandeur]:
        lecteur = Lecteur(ev)
        self._codes = {nom: lecteur.code(nom) for nom in self._noms}
        self._stocks = frozenset(nom for nom, code in self._codes.items() if lecteur.est_stock(code))
        self._du_lieu = frozenset(nom for nom, code in self._codes.items() if dit_le_lieu(ev.livre, code))
        return {nom: lecteur.grandeur(code) for nom, code in self._codes.items()}

    def lire(self, ouvertes: Mapping[str, Tableau], bouclees: Mapping[str, Tableau]) -> dict[str, Tableau]:
        """Figures from the arrays of both plans, shape (rows,) or (1,) each; those kept whole have a last axis."""
        lues = bouclees if self._lecture == BOUCLE else ouvertes
        valeurs = {nom: au_total(lues[nom], nom in self._stocks) for nom in self._noms}
        if self._douteux and (manque := np.ravel(~(ouvertes[_RESTE] <= BOUCLE_A))).any():
            for nom in self._douteux:
                change = _change(ouvertes[nom], bouclees[nom]) & manque
                valeurs[nom] = np.where(change, np.nan, valeurs[nom])
        valeurs |= {nom: bouclees[nom] for nom in self._entieres}
        vides = np.ravel((lues[_PLACES] == 0) & (lues[_FAIT] > 0))
        if not vides.any():
            return valeurs
        return {
            nom: v if nom in self._du_lieu else np.where(vides if v.ndim < 2 else vides[:, None], np.nan, v)
            for nom, v in valeurs.items()
        }


def lire_rangees(ouverte: Evaluation, noms: Sequence[str], lecture: Lecture) -> dict[str, Tableau]:
    """Figures of an evaluation of several rows, one array a name, shape (rows,) or (1,) each."""
    rangees = Rangees(noms, lecture)
    ouvertes = _valeurs(rangees.tel_quel(ouverte))
    return rangees.lire(ouvertes, _valeurs(rangees.boucle(boucler(ouverte))) if rangees.ferme else {})


def _de_la_place(ev: Evaluation) -> dict[str, Grandeur]:
    """What says whether a row has a place, under any plan."""
    return {_PLACES: ev.capacite.places, _FAIT: ev.ctx.entree("realiser")}


def _valeurs(grandeurs: Mapping[str, Grandeur]) -> dict[str, Tableau]:
    return {nom: g.valeur for nom, g in grandeurs.items()}


def _change(avant: Tableau, apres: Tableau) -> NDArray[np.bool_]:
    """Rows where a figure moves by a cent in some month, shape (rows,)."""
    a, b = np.broadcast_arrays(avant, apres)
    return np.ravel(~np.isclose(a, b, rtol=0.0, atol=TOLERANCE, equal_nan=True).all(axis=-1))
