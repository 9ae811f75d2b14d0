"""Structures of a loan compared on a study, as a Python user reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.familles_de_pret import Famille
from pope_foncier.decision.limites_du_pret import Seuils
from pope_foncier.decision.structures_de_pret import Structures, comparer
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision import tableaux_structures

if TYPE_CHECKING:
    import pandas as pd

    from pope_foncier.vues.formes.figures import Figure

AXES = {"montants": "montant", "taux": "taux", "durees": "duree_mois", "differes": "differe_mois"}
"""Field of the loan that each list of values moves."""


@dataclass(frozen=True, repr=False)
class ComparaisonDePrets:
    """Structures of a loan, each on its own closed plan.

    >>> import pope_foncier as pf
    >>> prets = pf.ouvrir("gare_saint_denis").comparer_prets(montants=[100_000, 200_000], durees=[84, 96])
    >>> len(prets.structures)
    4
    >>> list(prets.tableau.columns[:4])
    ['conditions', 'montant', 'duree_mois', 'taux']
    """

    structures: Structures
    _seuils: Seuils

    @property
    def tableau(self) -> pd.DataFrame:
        """One row a structure, in numbers; a cover without debt is NaN, an amount without limit infinite."""
        import pandas as pd

        s = self.structures
        return pd.DataFrame(
            {
                "conditions": list(s.familles),
                "montant": s.montant,
                "duree_mois": s.duree,
                "taux": s.taux,
                "differe_mois": s.differe,
                "teg": s.teg,
                "cout": s.cout,
                "annuite_max": s.echeance_max,
                "couverture": s.couverture,
                "annee": pd.array(np.where(np.isnan(s.annee), -1, s.annee), dtype="Int64"),
                "point_bas": s.point_bas,
                "a_trouver": s.a_trouver,
                "limite": list(s.limite),
                "permis": s.permis,
                "tient": s.tient,
                "hors_du_produit": [" ".join(e.message for e in ecarts) for ecarts in s.ecarts],
            }
        ).assign(annee=lambda cadre: cadre["annee"].where(cadre["annee"] >= 0))

    def dessiner(self) -> Figure:
        """Picture: one row a structure, one panel a measure."""
        from pope_foncier.porte.images import en_figure
        from pope_foncier.vues.decision import graphiques

        return en_figure(graphiques.structures(self.structures, self._seuils.valeur("couverture"), ""))

    def __len__(self) -> int:
        return len(self.structures)

    def __repr__(self) -> str:
        return tableaux_structures.phrase(self.structures)

    def _repr_html_(self) -> str:
        return en_html("Structures de prêt", [("En clair", repr(self))])


def comparer_les_prets(
    dossier: Dossier,
    pret: str,
    familles: list[Famille],
    listes: Mapping[str, Iterable[float]],
    seuils: Mapping[str, float],
    depuis: int | None,
) -> ComparaisonDePrets:
    """Compare the structures that lists of values make.

    Raises:
        ErreurCalcul: nothing to compare, or a value that is no number.
    """
    axes = {AXES[nom]: [float(v) for v in valeurs] for nom, valeurs in listes.items()}
    axes = {champ: valeurs for champ, valeurs in axes.items() if valeurs}
    if any(not np.isfinite(v) for valeurs in axes.values() for v in valeurs):
        raise ErreurCalcul("Structures de prêt : des nombres finis sont attendus.")
    lus = Seuils(dict(seuils))
    return ComparaisonDePrets(comparer(moteur_du_projet(), dossier, pret, familles, axes, lus, depuis), lus)
