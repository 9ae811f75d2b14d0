"""Loan alone: its schedule and its effective rates, for one loan or an array of loans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.porte.attendu import verifie, verifier_champs
from pope_foncier.prets import Echeancier, Emprunt, cout_total, echeancier, taux_effectif
from pope_foncier.prets.fiche import calculer_prets
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import euros, pourcent
from pope_foncier.socle.refus import NomsProches, refuser
from pope_foncier.socle.trouver import trouver

if TYPE_CHECKING:
    import pandas as pd

_COLONNES = ("interets_payes", "remboursement", "echeance", "assurance", "frais", "versement", "capital_restant_du")


@dataclass(frozen=True, repr=False)
class Pret(NomsProches, Emprunt):
    """Loan: amount [€], yearly rate [fraction], term in months, then every convention of a French loan.

    Amount, rate, term and grace may be arrays: one ``Pret`` is then as many loans.

    >>> import pope_foncier as pf
    >>> pret = pf.Pret(100_000, 0.04, 120)
    >>> pret
    Prêt de 100 000 € à 4 % sur 120 mois, annuite_constante
    >>> float(pret.echeancier()["echeance"].iloc[1].round(2))
    1012.45
    >>> round(pret.teg(), 6)
    0.04
    """

    def __post_init__(self) -> None:
        verifier_champs(self, Emprunt)
        super().__post_init__()

    @classmethod
    @verifie
    def ouvrir(cls, fichier: str | Path) -> Pret:
        """Loan of a file, or of the shipped examples by name (``pret_bancaire``).

        Raises:
            ErreurDonnees: no such file, or its faults.
            ErreurCalcul: the file holds several tranches.
        """
        lus = calculer_prets(trouver(fichier, "exemples"))
        if len(lus) != 1:
            raise ErreurCalcul(f"Ce fichier porte {len(lus)} tranches : pf.Pret en lit une. Les séparer.")
        return cls(**vars_de(lus[0].emprunt))

    @property
    def _calcule(self) -> Echeancier:
        return echeancier(self)

    def echeancier(self) -> pd.DataFrame:
        """Schedule, one row a period [€]; indexed by rank, by month when the loan has a date, with the loan first for several."""
        import pandas as pd

        lu = self._calcule
        rangs = pd.RangeIndex(len(lu.mois), name="rang")
        if self.date_debut is not None:
            rangs = pd.PeriodIndex([pd.Period(jour, "M") for jour in lu.dates], name="mois")
        if lu.nombre_prets == 1:
            return pd.DataFrame({nom: lu.colonne(nom)[0] for nom in _COLONNES}, index=rangs)
        index = pd.MultiIndex.from_product([range(lu.nombre_prets), rangs], names=["pret", rangs.name])
        return pd.DataFrame({nom: lu.colonne(nom).ravel() for nom in _COLONNES}, index=index)

    def teg(self) -> Any:
        """Annual proportional rate, for professional borrowers (code de la consommation, R. 314-2) [fraction]."""
        return _seul(taux_effectif(self._calcule).teg)

    def taeg(self) -> Any:
        """Annual equivalent rate (R. 314-3) [fraction]."""
        return _seul(taux_effectif(self._calcule).taeg)

    def cout(self) -> Any:
        """Cost of the credit: all that is paid beyond what was lent [€]."""
        return _seul(cout_total(self._calcule))

    def mesures(self) -> dict[str, np.ndarray]:
        """Highest instalment, cost, TEG and TAEG of each loan, shape (loans,) each."""
        lu = self._calcule
        effectif, nombre = taux_effectif(lu), lu.nombre_prets
        lues = {
            "echeance_max": lu.echeance.max(axis=1),
            "cout": cout_total(lu),
            "teg": effectif.teg,
            "taeg": effectif.taeg,
        }
        return {nom: np.broadcast_to(np.ravel(v), (nombre,)) for nom, v in lues.items()}

    def avec(self, **changements: Any) -> Pret:
        """Same loan with some terms changed.

        Raises:
            Inconnu: no such term; the near ones are offered.
        """
        for nom in changements:
            if nom not in Emprunt.__dataclass_fields__:
                raise refuser("Clause de prêt inconnue", nom, Emprunt.__dataclass_fields__)
        return Pret(**{**vars_de(self), **changements})

    def __repr__(self) -> str:
        principaux = [np.ravel(np.asarray(v)) for v in (self.capital, self.taux, self.duree_mois) if v is not None]
        nombre = max(len(v) for v in principaux)
        if nombre > 1 or len(principaux) < 3:
            return f"{nombre} prêts, {self.profil}" if nombre > 1 else f"Prêt, {self.profil}"
        capital, taux, duree = (float(v[0]) for v in principaux)
        return f"Prêt de {euros(capital)} à {pourcent(taux)} sur {duree:.0f} mois, {self.profil}"


def vars_de(emprunt: Emprunt) -> dict[str, Any]:
    """Terms of a loan by name."""
    return {nom: getattr(emprunt, nom) for nom in Emprunt.__dataclass_fields__}


def _seul(valeurs: np.ndarray) -> Any:
    """A float for one loan, an array for several."""
    plates = np.ravel(valeurs)
    return float(plates[0]) if len(plates) == 1 else plates
