"""Parts of a dossier about money: funding plan as it stands and closed, cash, operation, budget of the commune, ratios by year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.aides import tableaux as tableaux_aides
from pope_foncier.vues.decision import graphiques as graphiques_decision
from pope_foncier.vues.decision import tableaux_essais, tableaux_soutien
from pope_foncier.vues.dossier import abreges, pieces
from pope_foncier.vues.dossier.pieces import Piece
from pope_foncier.vues.dossier.sujet import Sujet
from pope_foncier.vues.dossier.suppositions import suppositions
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_bouclage, tableaux_financement
from pope_foncier.vues.etude.tableaux_comite_courts import du_comite
from pope_foncier.vues.exploitation import tableaux as tableaux_exploitation
from pope_foncier.vues.exploitation import tableaux_compte
from pope_foncier.vues.formes import lectures, mots_de_caisse
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.prets import tableaux_suretes


def si_des_places(partie: Callable[[Sujet], list[Piece]]) -> Callable[[Sujet], list[Piece]]:
    """Part that shows figures: the reason in their place when the scenario holds no place."""

    def ecrire(sujet: Sujet) -> list[Piece]:
        return partie(sujet) if sujet.chiffree else pieces.phrase(sujet.sans_chiffre)

    return ecrire


@si_des_places
def plan(sujet: Sujet) -> list[Piece]:
    """Sources and uses, what nobody was asked, how the plan is closed, its grants, what each chance of them gives."""
    vue = sujet.vue
    return [
        *pieces.tableau(tableaux_financement.plan_de_financement(vue), note=False),
        *pieces.tableau(tableaux_bouclage.bouclage(vue), note=False),
        *pieces.tableau(tableaux_aides.aides(vue)),
        *(pieces.tableau(tableaux_essais.plans_des_aides(sujet.aides)) if sujet.aides is not None else []),
        *pieces.tableau(tableaux_suretes.table_suretes(vue.bouclee.ev, vue.rang)),
        *suppositions(sujet, "aides", "prets", "apports", "bouclage"),
    ]


@si_des_places
def tresorerie(sujet: Sujet) -> list[Piece]:
    """Cash of each party by month as a picture, by year as a table, what it still lacks."""
    vue = sujet.vue
    return [
        *pieces.image(graphiques.tresorerie(vue)),
        *pieces.tableau(tableaux_financement.tresorerie(vue)),
        *pieces.phrase(mots_de_caisse.en_tout(vue)),
    ]


@si_des_places
def exploitation(sujet: Sujet) -> list[Piece]:
    """Operating account, its picture by place, first years, budget of the commune and what a balance would take."""
    vue = sujet.vue
    if vue.ev.compte is None:
        return pieces.phrase("L'étude n'a pas de compte d'exploitation.")
    return [
        *pieces.tableau(tableaux_compte.compte_exploitation(vue)),
        *pieces.image(graphiques.exploitation(vue), 80),
        *pieces.tableau(tableaux_exploitation.table_soldes(vue)),
        *suppositions(sujet, "exploitation", "personnel", "territoire"),
    ]


@si_des_places
def commune(sujet: Sujet) -> list[Piece]:
    """What the commune pays, year by year, and what each meaning of balance would take."""
    vue = sujet.vue
    if vue.ev.compte is None:
        return pieces.phrase("Sans compte d'exploitation, l'étude ne dit pas ce que paie la commune.")
    budget = tableaux.budget_commune(vue)
    return [
        *pieces.tableau(replace(budget, note=budget.note.removeprefix(lectures.phrase(vue)).strip())),
        *pieces.image(graphiques_decision.commune(vue), 90),
        *pieces.tableau(tableaux_soutien.devrait(vue)),
    ]


@si_des_places
def annees(sujet: Sujet) -> list[Piece]:
    """Multi-year plan, ratios by year and cover as a picture, on the closed plan; ratios under both readings."""
    vue, bouclee = sujet.vue, sujet.vue.bouclee
    return [
        *_du_comite(vue),
        *_ou_pourquoi(lambda: pieces.image(graphiques.couverture(bouclee), 90)),
        *pieces.tableau(abreges.dire_une_fois(replace(tableaux.ratios(vue), note=""))),
    ]


def _du_comite(vue: Vue) -> list[Piece]:
    """Multi-year plan and ratios by year, or why not."""
    return [
        piece
        for dit in du_comite(vue)
        for piece in (pieces.tableau(dit) if isinstance(dit, Table) else pieces.phrase(dit))
    ]


def _ou_pourquoi(ecrire: Callable[[], list[Piece]]) -> list[Piece]:
    """Pieces, or the sentence that says why they cannot be."""
    try:
        return ecrire()
    except ErreurCalcul as erreur:
        return pieces.phrase(str(erreur))
