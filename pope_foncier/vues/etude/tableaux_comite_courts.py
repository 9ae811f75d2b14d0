"""What a committee reads year by year, short: multi-year plan of a few years, then ratios with what the years show at worst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pope_foncier.etude.ratios_annuels import RatiosAnnuels, calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.etude import tableaux_comite
from pope_foncier.vues.formes.table import Table

_ANNEES_DU_PLAN = 4
"""Years after the opening that a page has room for."""
_RESUMES = ("Pire année", "Première année sous le seuil", "Première année non respectée", "Seuil")
"""Rows of the ratios kept beside the years."""


def du_comite(vue: Vue) -> Iterator[Table | str]:
    """Multi-year plan, then ratios by year, both on the closed plan; a sentence in place of what cannot be told."""
    for lire in (_plan, _ratios):
        try:
            yield lire(vue.bouclee)
        except ErreurCalcul as erreur:
            yield str(erreur)


def _plan(vue: Vue) -> Table:
    """Headings that move in the years shown, and whether the cumulated balance stays above zero."""
    table = tableaux_comite.plan_pluriannuel(vue, annees=_ANNEES_DU_PLAN)
    nulle = euros(0.0)
    gardees = [i for i, ligne in enumerate(table.lignes) if i in table.totaux or any(c != nulle for c in ligne[1:])]
    cellules = tuple(table.cellules[i] for i in gardees)
    totaux = tuple(rang for rang, i in enumerate(gardees) if i in table.totaux)
    return replace(table, cellules=cellules, totaux=totaux, note=f"{table.note.split('. ')[0].rstrip('.')}.")


def _ratios(vue: Vue) -> Table | str:
    """Years with a debt, then the worst one, the first that fails, the threshold, the cover over the life of the loans."""
    ratios = calculer(vue.ev)
    if _tous_indetermines(ratios, vue.rang):
        return f"Ratios année par année indéterminés. {tableaux_comite.manque(vue)}".strip()
    table = tableaux_comite.ratios_annuels(vue)
    gardees = [rang for rang in table.cellules if (nom := str(rang[0]))[:1].isdigit() or nom in _RESUMES]
    if not any(str(rang[0])[:1].isdigit() for rang in gardees):
        return f"{table.titre} : sans objet, aucune dette à servir ni loyer à payer."
    gras = tuple(i for i, rang in enumerate(gardees) if rang[0] in _RESUMES[:3])
    vie = tableaux_comite.vie_des_prets(ratios, vue.rang)
    return replace(table, cellules=tuple(gardees), totaux=gras, note=vie)


def _tous_indetermines(ratios: RatiosAnnuels, scenario: int) -> bool:
    """Whether no year of any ratio is known, a debt being served or owed."""
    lus = {r.statut(rang, scenario) for r in ratios.par_annee for rang in range(len(ratios.annees))}
    return lus - {None} == {"indetermine"}
