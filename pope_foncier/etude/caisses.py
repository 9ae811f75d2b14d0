"""Cash of each party of a project on the closed plan: how low it falls, when, and what is missing.

A plan closes on one page; its cash may lack in two pockets: that of who orders the works, and that of who runs the place. It
may lack twice: while grants are awaited, which a bridge carries, and once they are received, which none does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.socle.grandeur import Tableau

_MOINDRE = 0.5
"""Amount under which no cash is missing [€]."""
_FIN_DU_TITRE = ("tresorerie.loyer.remise_en_etat", "tresorerie.depot_rendu")
"""Lines that the end of the tenure moves, beside the grants given back."""


@dataclass(frozen=True, slots=True)
class Creux:
    """Lowest cash of a span of months.

    Attributes:
        mois: its month.
        manque: cash missing then [€].
        a_venir: grants paid after it [€].
    """

    mois: int
    manque: float
    a_venir: float


@dataclass(frozen=True, slots=True)
class FluxDeFin:
    """Amount that the end of the tenure moves: received, or paid below zero [€]."""

    libelle: str
    mois: int
    montant: float


@dataclass(frozen=True, slots=True)
class CaisseDePartie:
    """Cash of one party.

    Attributes:
        acteur: its name.
        cumul: cash at the end of each month, from zero at the start, shape (M,) [€].
        mois_du_creux: month of the lowest cash.
        premier_mois: first month with less than nothing; None when there is none.
        aides: grants paid to it by month, shape (M,) [€]; none by default.
    """

    acteur: str
    cumul: Tableau
    mois_du_creux: int
    premier_mois: int | None
    aides: Tableau | None = None

    @property
    def est_connue(self) -> bool:
        """Whether every month is known."""
        return not bool(np.isnan(self.cumul).any())

    @property
    def point_bas(self) -> float:
        """Lowest cash [€]; NaN when unknown."""
        return float(self.cumul[self.mois_du_creux]) if self.est_connue else float("nan")

    @property
    def manque(self) -> float:
        """Cash missing at the lowest month [€]; NaN when unknown."""
        return max(-self.point_bas, 0.0) if self.est_connue else float("nan")

    @property
    def en_attente(self) -> Creux | None:
        """Lowest month before the last grant is paid; None when cash is not missing by then."""
        return self._creux(0, self._derniere_aide)

    @property
    def aides_recues(self) -> Creux | None:
        """Lowest month from the last grant on: what no bridge carries; None when cash is not missing any more."""
        return self._creux(self._derniere_aide, len(self.cumul))

    @property
    def _derniere_aide(self) -> int:
        """Month of the last grant; 0 without any."""
        if self.aides is None:
            return 0
        payees = np.flatnonzero(np.nan_to_num(self.aides) > _MOINDRE)
        return int(payees[-1]) if len(payees) else 0

    def _creux(self, debut: int, fin: int) -> Creux | None:
        if not self.est_connue or fin <= debut:
            return None
        mois = debut + int(np.argmin(self.cumul[debut:fin]))
        manque = -float(self.cumul[mois])
        if not manque > _MOINDRE:
            return None
        return Creux(mois, manque, 0.0 if self.aides is None else float(self.aides[mois + 1 :].sum()))

    def mois_sous_zero(self, fin: int) -> int:
        """Months with less than nothing before some month."""
        return int((self.cumul[:fin] < -_MOINDRE).sum())


def lire_caisse(acteur: str, cumul: Tableau, aides: Tableau | None = None) -> CaisseDePartie:
    """Cash of a party from its balances by month, and the grants paid to it, shape (M,)."""
    connue = not np.isnan(cumul).any()
    sous_zero = np.flatnonzero(cumul < -_MOINDRE)
    creux, premier = int(np.argmin(cumul)) if connue else 0, int(sous_zero[0]) if len(sous_zero) else None
    return CaisseDePartie(acteur, cumul, creux, premier, aides)


def caisses(vue: Vue) -> list[CaisseDePartie]:
    """Cash of who orders the works, then of the operator when it is another, on the closed plan of a scenario."""
    bouclee, parties = vue.bouclee, parties_du_projet(vue.bouclee.ev.ctx.etude)
    return [lire_caisse(x, bouclee.mensuel(f"tresorerie.cumul.{x}"), _aides_de(bouclee, x)) for x in parties]


def fin_du_titre(vue: Vue, acteur: str) -> list[FluxDeFin]:
    """What the end of the tenure takes from a party, and gives back to it, on the closed plan: grants given back, restoring, deposit."""
    livre = vue.bouclee.ev.livre
    lignes = [*livre.du_poste("aide_rendue"), *(livre.lignes[c] for c in _FIN_DU_TITRE if c in livre.lignes)]
    flux = []
    for ligne in lignes:
        if acteur in (ligne.payeur, ligne.receveur):
            valeurs = vue.bouclee.mensuel(ligne.code) * (1.0 if ligne.receveur == acteur else -1.0)
            mois = np.flatnonzero(np.abs(valeurs) > _MOINDRE).tolist()
            flux += [FluxDeFin(ligne.libelle, m, float(valeurs[m])) for m in mois]
    return flux


def capital_rembourse(vue: Vue, acteur: str, mois: int) -> float:
    """Capital of loans that a party has repaid by the end of a month, on the closed plan [€]."""
    lignes = vue.bouclee.ev.livre.du_poste("remboursement")
    return sum(float(vue.bouclee.mensuel(x.code)[: mois + 1].sum()) for x in lignes if x.payeur == acteur)


def capital_rembourse_au_creux(vue: Vue) -> float:
    """Capital that the parties short of cash have repaid by their lowest month [€]."""
    return sum(capital_rembourse(vue, c.acteur, c.mois_du_creux) for c in caisses(vue) if c.manque > _MOINDRE)


def _aides_de(bouclee: Vue, acteur: str) -> Tableau:
    """Grants paid to a party by month, shape (M,) [€]."""
    lignes = bouclee.ev.livre.du_poste("aide")
    versees = (bouclee.mensuel(x.code) for x in lignes if x.receveur == acteur)
    return sum(versees, np.zeros(bouclee.ev.ctx.echelle.duree_mois))
