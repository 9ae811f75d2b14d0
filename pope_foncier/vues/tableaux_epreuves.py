"""Stress of a closed plan whose funding is frozen, as tables: hole, cover, lowest cash and its month, who bears it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.analyse.epreuves import Effet
from pope_foncier.analyse.resultats import Vue
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.tableaux import Table

NOTE = (
    "Financement arrêté au bouclage du plan, puis le choc frappe : un dépassement fait un trou, jamais une plus grosse aide. "
    "Qui le porte : qui finit avec moins de trésorerie que sur le plan arrêté, si personne d'autre ne paie."
)


def epreuves(titre: str, vue: Vue, effets: Sequence[Effet]) -> Table:
    """One stress a line."""
    echelle = vue.ev.ctx.echelle
    lignes = [
        (
            e.libelle,
            euros(e.trou),
            _couverture(e.couverture_minimale),
            euros(e.point_bas),
            "inconnu" if np.isnan(e.point_bas) else echelle.mois_en_clair(e.mois_du_creux),
            formater_nombre(e.mois_negatifs),
            " ; ".join(f"{acteur} : {euros(perte)}" for acteur, perte in e.porte_par) or "—",
        )
        for e in effets
    ]
    entetes = (
        "Épreuve",
        "Sans financement",
        "Couverture, minimum",
        "Point bas de trésorerie",
        "Mois du creux",
        "Mois sous zéro",
        "Porté par",
    )
    return Table(titre, entetes, tuple(lignes), note=NOTE)


def couvertures(titre: str, vue: Vue, effets: Sequence[Effet], annees: int = 10) -> Table:
    """Cover of each year of debt, one stress a line; at most so many years from the opening."""
    dettes = [r for r in range(len(vue.annees)) if any(not np.isnan(e.couvertures[r]) for e in effets)][:annees]
    lignes = [(e.libelle, *(_couverture(float(e.couvertures[r])) for r in dettes)) for e in effets]
    return Table(titre, ("Épreuve", *(str(vue.annees[r]) for r in dettes)), tuple(lignes), note=NOTE)


def _couverture(valeur: float) -> str:
    return "sans dette" if np.isnan(valeur) else formater_nombre(valeur, 2)
