"""Loan sized on the closed plan of a result, as a Python user reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.decision.assise_du_pret import PretADimensionner
from pope_foncier.decision.taille_du_pret import Taille, dimensionner, sculpter_sur
from pope_foncier.etude.resultats import Vue
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.decision import tableaux_taille

if TYPE_CHECKING:
    import pandas as pd

    from pope_foncier.prets.dimensionnement import DetteSculptee


@dataclass(frozen=True, repr=False)
class Dimensionnement:
    """Size of a loan on a closed plan: its amount, the test that binds, the next one and by how much it follows.

    >>> import pope_foncier as pf
    >>> taille = pf.ouvrir("gare_saint_denis").calculer().dimensionner(pf.Pret(1, 0.04, 96), depuis=2030)
    >>> taille.limite
    'couverture'
    >>> list(taille.limites.columns)
    ['libelle', 'seuil', 'montant', 'annee', 'origine', 'calcul']
    """

    taille: Taille
    _vue: Vue
    _demande: PretADimensionner

    @property
    def montant(self) -> float:
        """Largest loan that every test allows [€]."""
        return self.taille.montant

    @property
    def limite(self) -> str:
        """Code of the test that binds."""
        return self.taille.lie.code

    @property
    def suivante(self) -> str | None:
        """Code of the test that would bind next."""
        return None if self.taille.suivant is None else self.taille.suivant.code

    @property
    def ecart(self) -> float:
        """By how much the next test follows [€]; infinite when there is none."""
        return self.taille.ecart

    @property
    def limites(self) -> pd.DataFrame:
        """Every test: threshold, amount that it allows (NaN when it limits nothing), and how it is computed."""
        import pandas as pd

        rangs = {e.code: (e.libelle, e.seuil, e.montant, e.annee, e.origine, e.phrase) for e in self.taille.essais}
        colonnes = ["libelle", "seuil", "montant", "annee", "origine", "calcul"]
        cadre = pd.DataFrame.from_dict(rangs, orient="index", columns=colonnes)
        cadre.index.name = "limite"
        return cadre.astype({"seuil": float, "montant": float, "annee": "Int64"})

    @property
    def annees(self) -> pd.DataFrame:
        """Cash, service of the other loans and of this one at its size, cover, by calendar year."""
        import pandas as pd

        t = self.taille
        colonnes = {
            "disponible": t.disponible,
            "autres_prets": t.autres,
            "ce_pret": t.service,
            "couverture": t.couverture,
        }
        return pd.DataFrame(colonnes, index=pd.Index(t.annees, name="annee"))

    def sculpter(self) -> DetteSculptee:
        """Debt sculpted on the same cash, its service following it year by year.

        Raises:
            ErreurCalcul: a year that leaves nothing for this loan.
        """
        return sculpter_sur(self._vue, self._demande)

    def __repr__(self) -> str:
        return tableaux_taille.phrase(self.taille)

    def _repr_html_(self) -> str:
        lignes = [("Prêt", euros(self.montant)), ("En clair", tableaux_taille.phrase(self.taille))]
        return en_html(f"Dimensionnement : {self.taille.libelle}", lignes)


def dimensionner_sur(vue: Vue, demande: PretADimensionner) -> Dimensionnement:
    """Size a loan on the closed plan of a scenario."""
    return Dimensionnement(dimensionner(vue, demande), vue, demande)
