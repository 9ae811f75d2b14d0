"""Loan terms checked, and what follows from them at once: period rate, months of the rows, periods of grace."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from pope_foncier.prets.coherence import verifier
from pope_foncier.prets.conditions import Conditions
from pope_foncier.prets.conversions import Tableau, colonne, periodes, taux_de_periode
from pope_foncier.prets.profils import PROFILS, Profil
from pope_foncier.socle.erreurs import ErreurCalcul


@dataclass(frozen=True)
class Emprunt(Conditions):
    """Loan terms (see ``Conditions``), refused when they contradict each other."""

    def __post_init__(self) -> None:
        verifier(self)

    @property
    def forme(self) -> Profil:
        """Shape of its repayments, and what it takes."""
        return PROFILS[self.profil]

    @cached_property
    def taux_periode(self) -> Tableau:
        """Period rate of the initial annual rate, shape (1, 1) or (D, 1) [fraction]."""
        return self.en_taux_periode(colonne(self.taux, "Taux du prêt"))

    def en_taux_periode(self, taux: Tableau) -> Tableau:
        """Period rate of an annual rate, by the conventions of this loan."""
        return taux_de_periode(taux, self.periodes_par_an, self.conversion, self.capitalisations_par_an)

    def mois_du_rang(self, rang: int) -> int:
        """Month of the end of a row, counted from the first drawdown (row 0)."""
        return self.premier_mois + (rang - 1) * self.pas_mois if rang else 0

    def rang_du_mois(self, mois: int, quoi: str) -> int:
        """Row that ends at a month counted from the first drawdown.

        Raises:
            ErreurCalcul: no instalment falls at this month.
        """
        periodes_apres, reste = divmod(mois - self.premier_mois, self.pas_mois)
        if reste or periodes_apres < 0:
            premiers = ", ".join(str(self.mois_du_rang(k)) for k in (1, 2, 3))
            raise ErreurCalcul(
                f"{quoi} : le mois {mois} n'est pas celui d'une échéance (mois {premiers}…) ; choisir un mois d'échéance."
            )
        return periodes_apres + 1

    @cached_property
    def periodes_prefinancement(self) -> int:
        """Periods of the drawdown phase."""
        return int(periodes(self.prefinancement_mois, self.periodes_par_an, "Préfinancement"))

    @cached_property
    def periodes_differe(self) -> Tableau:
        """Periods without principal before the first repayment (drawdown phase and grace), shape (1, 1) or (D, 1)."""
        differe = periodes(colonne(self.differe_mois, "Différé"), self.periodes_par_an, "Différé")
        return self.periodes_prefinancement + differe

    def avec(self, **changements: Any) -> Emprunt:
        """Same loan with some terms changed."""
        valeurs = {f.name: getattr(self, f.name) for f in fields(self)}
        return Emprunt(**{**valeurs, **changements})
