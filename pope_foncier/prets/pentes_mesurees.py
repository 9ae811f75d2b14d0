"""Slopes of any loan: the engine computes it again a little below and a little above each of its numbers, all in one call.

Central differences of a schedule that is smooth in its amounts and rates: they err by less than a ten-millionth of the slope. They are
taken once for all the columns of a loan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np

from pope_foncier.prets.pret_sur_les_mois import Mensualites, PretLu
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

Calcul = Callable[[Sequence[Tableau]], Mensualites]
Changes = dict[str, Tableau]
"""Change of each column for one more of a number, (D, M)."""

_PAS, _PAS_DE_TAUX = 1e-5, 1e-6
"""Move of an amount, relative, and of a rate [fraction]."""
_PARTS = ("quotite", "part", "pourcentage")
"""Terms that are shares of a whole: never moved under 0 nor over 1."""


@enregistrement
class Mobile:
    """Operand that may move by a little: its rank, its path or unit, and the places in it that the schedule reads."""

    rang: int
    chemin: str
    unite: str
    places: Sequence[int] = (0,)


@enregistrement
class PentesMesurees:
    """Slopes of a loan: for each operand, None or the places that were moved and the changes of the columns."""

    par_operande: tuple[tuple[Sequence[int], list[Changes]] | None, ...]
    largeurs: tuple[int, ...]

    def rendre(self, g: Tableau, nom: str) -> tuple[Tableau | None, ...]:
        """Slopes on the operands, from that on a column."""
        return tuple(
            None if lue is None else self._rendre(g, nom, *lue, largeur)
            for lue, largeur in zip(self.par_operande, self.largeurs, strict=True)
        )

    def _rendre(self, g: Tableau, nom: str, places: Sequence[int], changes: list[Changes], largeur: int) -> Tableau:
        rendue = np.zeros((*g.shape[:-1], largeur))
        for place, c in zip(places, changes, strict=True):
            rendue[..., place] = (g * c[nom]).sum(axis=-1).reshape(g.shape[:-1])
        return rendue


def mesurer(
    calculer: Calcul, valeurs: Sequence[Tableau], mobiles: Sequence[Mobile], capital: int | None
) -> PentesMesurees:
    """Slopes of a loan.

    Args:
        calculer: columns of the loan, all rows at once.
        valeurs: its operands.
        mobiles: those that may move; one that cannot move alone, because the engine then refuses the loan, has no slope.
        capital: rank of the amount lent; the slope of a loan of nothing on its amount is that of a loan of one euro.
    """
    larges = [v.reshape(-1, v.shape[-1]) for v in valeurs]
    rien = np.zeros((1, 1), dtype=bool)
    if capital is not None:
        rien = larges[capital] == 0.0
        larges[capital] = np.where(rien, 1.0, larges[capital])
    essais = [(m, place) for m in mobiles for place in m.places]
    try:
        changes: list[Changes | None] = [*_changer(calculer, larges, essais)]
    except ErreurCalcul:
        changes = [_seul(calculer, larges, essai) for essai in essais]
    par_operande: list[tuple[Sequence[int], list[Changes]] | None] = [None] * len(valeurs)
    for m in mobiles:
        siens = [c for (autre, _), c in zip(essais, changes, strict=True) if autre is m and c is not None]
        if len(siens) == len(m.places):
            sans_effet = rien & (m.rang != capital)
            par_operande[m.rang] = m.places, [{n: np.where(sans_effet, 0.0, v) for n, v in c.items()} for c in siens]
    return PentesMesurees(tuple(par_operande), tuple(v.shape[-1] for v in valeurs))


def mois_lus(c: PretLu, fin: Tableau | None) -> list[int]:
    """Months of the study at which a loan reads the path of its rate: the drawdown, then each revision up to its end."""
    premiere, pas = (int(c.lue(f"revision.{n}", 12.0).flat[0]) for n in ("premiere_mois", "tous_les_mois"))
    debuts = {int(x) for x in np.nan_to_num(c.debut).flat}
    dernier = c.duree_etude if fin is None else np.nan_to_num(fin, nan=np.inf).max()
    lus = {d + m for d in debuts for m in (0, *range(premiere, c.duree_etude, pas))}
    return sorted(m for m in lus if m < c.duree_etude and m <= dernier)


def _seul(calculer: Calcul, larges: Sequence[Tableau], essai: tuple[Mobile, int]) -> Changes | None:
    try:
        return _changer(calculer, larges, [essai])[0]
    except ErreurCalcul:
        return None


def _changer(calculer: Calcul, larges: Sequence[Tableau], essais: Sequence[tuple[Mobile, int]]) -> list[Changes]:
    """Changes of the columns for each number moved alone: two rows each, below and above."""
    lignes, nombre, bouges = max(v.shape[0] for v in larges), len(essais), {m.rang for m, _ in essais}
    poses = [
        np.tile(np.broadcast_to(v, (lignes, v.shape[1])), (nombre, 2, 1, 1)) if i in bouges or len(v) > 1 else v
        for i, v in enumerate(larges)
    ]
    ecarts = np.empty((nombre, lignes, 1))
    for k, (m, place) in enumerate(essais):
        bas, haut = _autour(larges[m.rang][:, place], m)
        poses[m.rang][k, 0, :, place], poses[m.rang][k, 1, :, place] = bas, haut
        ecarts[k] = np.nan_to_num(haut - bas, nan=1.0)[:, None]
    colonnes = calculer([v.reshape(-1, v.shape[-1]) for v in poses])
    lues = {f.name: getattr(colonnes, f.name) for f in fields(colonnes) if f.name not in ("taux", "fin")}
    paires = {n: v.reshape(nombre, 2, lignes, -1) for n, v in lues.items() if v is not None}
    return [{n: (v[k, 1] - v[k, 0]) / ecarts[k] for n, v in paires.items()} for k in range(nombre)]


def _autour(x: Tableau, m: Mobile) -> tuple[Tableau, Tableau]:
    """Number a little below and a little above, (D,); one that is more than nothing stays so, else a month paid would no longer be one."""
    pas = np.full(x.shape, _PAS_DE_TAUX) if m.unite == "%" else _PAS * np.maximum(np.abs(x), 1.0)
    bas = np.where((x > 0.0) & (x <= pas), x, x - pas)
    if m.chemin.endswith(_PARTS):
        return np.maximum(bas, 0.0), np.minimum(x + pas, 1.0)
    return bas, x + pas
