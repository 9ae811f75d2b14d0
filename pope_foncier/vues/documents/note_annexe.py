"""Annex of the decision note, one A4 page for a committee: plans by the grants obtained, budget, multi-year plan, ratios by year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pope_foncier.decision.plans_des_aides import plans_des_aides
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.vues.decision import tableaux_essais, tableaux_soutien
from pope_foncier.vues.etude import tableaux
from pope_foncier.vues.etude.tableaux_comite_courts import du_comite
from pope_foncier.vues.formes.table import Table

STYLE = """
.annexe{break-before:page;font-size:7.2pt;line-height:1.2}
.annexe h1{font-size:1.25em}
.annexe .colonnes{display:grid;columns:auto;grid-template-columns:1fr 1.1fr;gap:0 4mm;font-size:.92em}
.annexe .colonnes td:first-child{width:auto}.annexe .budget td:first-child{white-space:normal}
.annexe .serre td{white-space:normal}.annexe .serre td:first-child{max-width:none;white-space:nowrap}
.annexe td,.annexe th{padding:.03em .3em}
"""
_ANNEES_DU_BUDGET = 10


def parties(resultat: Resultat, moteur: Moteur) -> dict[str, Any]:
    """Tables of the annex by their name in the template ``annexe.html``; a part that the study does not hold is none.

    Args:
        resultat: study.
        moteur: engine, for the plans by the grants obtained.
    """
    vue, plans = resultat.vue(), plans_des_aides(resultat.dossier, moteur)
    devrait = tableaux_soutien.devrait(vue)
    return {
        "trois_plans": None if plans is None else tableaux_essais.plans_des_aides(plans),
        "budget": _budget(vue),
        "devrait": None if devrait is None else replace(devrait, note=""),
        "comite": list(du_comite(vue)),
    }


def _budget(vue: Vue) -> Table | None:
    """Budget of the commune year by year; nothing when it pays for neither works nor operation."""
    if vue.ev.compte is None and not np.any(budget(vue).investissement):
        return None
    table = tableaux.budget_commune(vue, annees=_ANNEES_DU_BUDGET)
    return replace(table, note="Ensemble : ce qui est à trouver n'y est pas.")
