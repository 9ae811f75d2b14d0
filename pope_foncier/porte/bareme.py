"""Scale of the law at a date, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING, Any

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import formater
from pope_foncier.socle.refus import NomsProches
from pope_foncier.socle.temps import en_date

if TYPE_CHECKING:
    import pandas as pd


@donnee_par('pf.bareme("subventions.piaje.base_par_place")')
@dataclass(frozen=True, repr=False)
class Bareme(NomsProches):
    """Scale at a date: its value, period, source and reliability; ``historique`` has all its values.

    >>> import pope_foncier as pf
    >>> piaje = pf.bareme("subventions.piaje.base_par_place", "2026-12-01")
    >>> piaje.unite
    '€/place'
    >>> float(piaje) > 0
    True
    """

    _datee: ValeurDatee
    _toutes: tuple[ValeurDatee, ...]

    @property
    def chemin(self) -> str:
        """Path of the scale."""
        return self._datee.chemin

    @property
    def libelle(self) -> str:
        """French name."""
        return self._datee.libelle

    @property
    def unite(self) -> str:
        """Unit."""
        return self._datee.unite

    @property
    def valeur(self) -> Any:
        """A float; a Series for a table; a DataFrame for brackets; NaN for an empty slot."""
        return en_pandas(self._datee.valeur)

    @property
    def periode(self) -> str:
        """French period of validity."""
        return self._datee.periode_en_clair()

    @property
    def source(self) -> str:
        """French mention of the source."""
        return self._datee.source.en_clair()

    @property
    def fiabilite(self) -> str:
        """How sure the value is."""
        return FIABILITE_EN_CLAIR[self._datee.fiabilite]

    @property
    def historique(self) -> pd.DataFrame:
        """Every known value, oldest first: first day read, to, value, source, and when it was seen in force if its start is unknown."""
        import pandas as pd

        rangs = [
            (
                pd.Timestamp(v.depuis),
                pd.Timestamp(v.jusqu_au) if v.jusqu_au else pd.NaT,
                en_pandas(v.valeur),
                v.source.titre,
                pd.Timestamp(v.au_plus_tard) if v.au_plus_tard else pd.NaT,
            )
            for v in self._toutes
        ]
        return pd.DataFrame(rangs, columns=["depuis", "jusqu_au", "valeur", "source", "au_plus_tard"]).set_index(
            "depuis"
        )

    def __float__(self) -> float:
        if isinstance(self._datee.valeur, dict | tuple):
            raise ErreurCalcul(f"« {self.chemin} » est une table : lire sa « valeur ».")
        return float("nan") if self._datee.valeur is None else float(self._datee.valeur)

    def _en_clair(self) -> str:
        valeur = self._datee.valeur
        if valeur is None:
            return f"case vide, document à demander : {self._datee.document}"
        if isinstance(valeur, dict | tuple):
            return f"{'table' if isinstance(valeur, dict) else 'tranches'} de {len(valeur)} lignes"
        return formater(float(valeur), self.unite)

    def __repr__(self) -> str:
        return f"{self.chemin} : {self._en_clair()} {self.periode} ({self.fiabilite})"

    def _repr_html_(self) -> str:
        lignes = [("Valeur", self._en_clair()), ("Période", self.periode), ("Source", self.source)]
        return en_html(f"{self.libelle} ({self.chemin})", [*lignes, ("Fiabilité", self.fiabilite)])


def en_pandas(valeur: Any) -> Any:
    """Value of a scale as pandas holds it."""
    import pandas as pd

    if isinstance(valeur, dict):
        return pd.Series(valeur, dtype=float)
    if isinstance(valeur, tuple):
        bornes = [float("inf") if t.jusqu_a is None else t.jusqu_a for t in valeur]
        return pd.DataFrame({"taux": [t.taux for t in valeur]}, index=pd.Index(bornes, name="jusqu_a"), dtype=float)
    return float("nan") if valeur is None else float(valeur)


@verifie
def bareme(chemin: str, date: str | Date | None = None) -> Bareme:
    """Scale at a path: its value on a day, or the last known one.

    Args:
        chemin: for instance ``subventions.piaje.base_par_place``; ``pope-foncier baremes`` lists them.
        date: day of reading, ``2026-12-01`` or a date.

    Raises:
        ErreurBareme: unknown path (the near names are offered), or a day outside the known periods.

    >>> import pope_foncier as pf
    >>> pf.bareme("subventions.piaje.base_par_place", "2026-12-01").periode
    "en vigueur au plus tard le 31 août 2026, début inconnu, jusqu'au 31 décembre 2027"
    """
    catalogue = Catalogue()
    toutes = catalogue.bareme(chemin).valeurs
    return Bareme(toutes[-1] if date is None else catalogue.a_la_date(chemin, en_date(date)), toutes)
