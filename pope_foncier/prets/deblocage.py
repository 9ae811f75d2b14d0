"""Drawdowns: amounts by period, and the interest of those that fall inside one."""

from __future__ import annotations

import numpy as np

from pope_foncier.prets.contractuel import au_centime
from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import euros


@enregistrement
class PlanDeDeblocage:
    """Drawdowns of a loan.

    Attributes:
        rangs: amount drawn by period index, (1 or D, 1) [€]; a drawdown inside a period counts at its end.
        fractions: (index of the row, years up to the end of the row, amount) of the drawdowns inside a period.
    """

    rangs: dict[int, Tableau]
    fractions: tuple[tuple[int, float, Tableau], ...] = ()

    def a(self, rang: int) -> Tableau:
        """Amount drawn at an index, (1 or D, 1) [€]."""
        return self.rangs.get(rang, np.zeros((1, 1)))

    def lignes(self, debut: int, fin: int) -> Tableau:
        """Amounts drawn at the end of the rows debut+1..fin, (1 or D, w) [€]."""
        return self._remplir(debut, fin, [(rang, montant) for rang, montant in self.rangs.items()])

    def interets_partiels(self, taux: Tableau, debut: int, fin: int) -> Tableau:
        """Interest, at an annual rate, of the drawdowns inside the rows debut+1..fin, (1 or D, w) [€]."""
        return self._remplir(debut, fin, [(rang, montant * taux * duree) for rang, duree, montant in self.fractions])

    def colonne(self, forme: tuple[int, ...], capital: Tableau) -> Tableau:
        """Column of drawdowns, (D, N+1) [€]."""
        colonne = np.zeros(forme) if len(self.rangs) > 1 else np.zeros((1, forme[1]))
        if len(self.rangs) == 1 and capital.shape[0] > 1:
            colonne = np.zeros(forme)
        for rang, montant in self.rangs.items():
            colonne[:, rang : rang + 1] += montant
        return np.asarray(np.broadcast_to(colonne, forme))

    def _remplir(self, debut: int, fin: int, valeurs: list[tuple[int, Tableau]]) -> Tableau:
        gardees = [(rang, v) for rang, v in valeurs if debut < rang <= fin]
        draws = max((v.shape[0] for _, v in gardees), default=1)
        lignes = np.zeros((draws, fin - debut))
        for rang, v in gardees:
            lignes[:, rang - debut - 1] += v[:, 0]
        return lignes


def plan_de_deblocage(emprunt: Emprunt, capital: Tableau) -> PlanDeDeblocage:
    """Drawdowns of a loan; one at the start when the terms give none.

    Raises:
        ErreurCalcul: the amounts drawn do not make the capital.
    """
    e = emprunt
    if not e.deblocages:
        return PlanDeDeblocage({0: capital})
    rangs: dict[int, Tableau] = {}
    fractions = []
    reste = capital
    for d in e.deblocages:
        lu = np.asarray(d.montant if d.part is None else d.part, dtype=np.float64).reshape(-1, 1)
        montant = lu if d.part is None else capital * lu
        if e.arrondi != "aucun":
            montant = au_centime(montant) if d is not e.deblocages[-1] or d.part is None else reste
        reste = reste - montant
        position = d.mois / e.pas_mois
        rang = int(np.ceil(position - 1e-9))
        if rang - position > 1e-9:
            fractions.append((rang, (rang - position) / e.periodes_par_an, montant))
        rangs[rang] = rangs.get(rang, np.zeros((1, 1))) + montant
    somme = np.add.reduce([np.broadcast_to(m, capital.shape) if capital.size > 1 else m for m in rangs.values()])
    if np.any(np.abs(somme - capital) > 0.005 + 1e-9 * capital):
        raise ErreurCalcul(
            f"Les déblocages font {euros(float(np.ravel(somme)[0]), 2)} pour un prêt de {euros(float(capital[0, 0]), 2)} : les accorder."
        )
    return PlanDeDeblocage(rangs, tuple(fractions))
