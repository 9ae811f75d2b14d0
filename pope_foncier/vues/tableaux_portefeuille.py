"""Tables of a portfolio: trials, and the balance sheet of the company."""

from __future__ import annotations

from collections.abc import Sequence

from pope_foncier.analyse.portefeuille import Ensemble, Epreuve, Portefeuille
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.tableaux import Table


def epreuves(portefeuille: Portefeuille, liste: Sequence[Epreuve]) -> Table:
    """What one failure or one late grant does to the pooled cash."""
    lignes = [
        (
            e.libelle,
            euros(e.point_bas),
            e.quand,
            str(e.mois_negatifs),
            "—" if e.sans_mutualiser != e.sans_mutualiser else euros(e.sans_mutualiser),
        )
        for e in liste
    ]
    entetes = (
        "Épreuve",
        "Plus bas de la trésorerie",
        "Quand",
        "Mois sous zéro",
        "Le lieu seul, avec sa part du capital",
    )
    capital = float("nan") if portefeuille.capital.valeur is None else portefeuille.capital.valeur
    note = f"Capital de {euros(capital)}, hypothèse. Une trésorerie négative est un reste à financer."
    return Table(portefeuille.titre, entetes, tuple(lignes), note=note)


def bilan(ensemble: Ensemble, annees: Sequence[int] = (1, 2, 5, 10, 20, 30)) -> Table:
    """Balance sheet at the end of some years from the start."""
    postes = ensemble.bilan()
    nombre = len(next(iter(postes.values())))
    retenues = [a for a in annees if a <= nombre]
    lignes = [(nom, *(euros(float(v[a - 1])) for a in retenues)) for nom, v in postes.items()]
    entetes = ("Poste (actif, puis passif)", *(f"Fin de l'année {a}" for a in retenues))
    note = "Actif : immeubles et trésorerie ; passif : capital, résultats, subventions, emprunts. Égalité vérifiée au centime."
    return Table("Bilan du portefeuille", entetes, tuple(lignes), note=note)
