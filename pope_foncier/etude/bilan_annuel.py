"""Balance sheet at the end of each year, by post: that of a borrower as that of a portfolio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True)
class BilanAnnuel:
    """Assets and liabilities by post at the end of each year, each of shape (…, years) [€]."""

    actif: dict[str, Tableau]
    passif: dict[str, Tableau]

    @property
    def total_actif(self) -> Tableau:
        """Sum of the assets, shape (…, years) [€]."""
        return np.asarray(sum(self.actif.values()))

    @property
    def total_passif(self) -> Tableau:
        """Sum of the liabilities, shape (…, years) [€]."""
        return np.asarray(sum(self.passif.values()))
