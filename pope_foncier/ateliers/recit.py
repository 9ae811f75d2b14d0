"""Story of the scenarios of a municipality, in order, as HTML: who pays, over time, what may go wrong, what to know first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pope_foncier.ateliers import chiffres, clair, lecture, options_comparees, textes
from pope_foncier.ateliers.journal_entrees import FUSEAU
from pope_foncier.decision.doute.lecture import LectureDuDoute
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.decision import graphiques as budgets
from pope_foncier.vues.decision import tableaux_soutien
from pope_foncier.vues.decision.doute import phrases
from pope_foncier.vues.etude import graphiques, tableaux
from pope_foncier.vues.etude.service_public import soutien_en_clair
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.gabarits import balises, morceau
from pope_foncier.vues.formes.image import Teintes
from pope_foncier.vues.formes.modes_de_soutien import MODES
from pope_foncier.vues.formes.table import Table

QUI_PAIE, DANS_LE_TEMPS = "1. Qui paie", "2. Dans le temps"
CE_QUI_PEUT_ARRIVER, A_SAVOIR = "3. Ce qui peut mal tourner", "4. Ce qu'il faut savoir d'abord"


def chapitre(titre: str, chapeau: str = "") -> str:
    """Heading of a part of the story."""
    return str(morceau("vitrine.html", "chapitre", titre, chapeau))


def qui_paie(vues: Mapping[str, Vue], palette: Teintes, couleurs: Sequence[str]) -> str:
    """Who brings what on each closed plan: picture, where each scenario has its colour, then its table."""
    if not vues:
        return ""
    return textes.image(graphiques.ressources(vues, palette, couleurs)) + textes.repli(lecture.qui_donne_quoi(vues))


def cote_a_cote(vues: Mapping[str, Vue]) -> str:
    """What separates the scenarios, in words, then all their figures."""
    return "" if not vues else textes.repli(chiffres.cote_a_cote(vues))


def ecarts(vues: Mapping[str, Vue]) -> str:
    """What separates each scenario from the first, in words, under a fold."""
    dits = options_comparees.ecarts(vues) if vues else ""
    return str(morceau("vitrine.html", "pli", "Ce qui change d'un scénario à l'autre", balises(dits)))


def dans_le_temps(vue: Vue) -> str:
    """What the city pays year by year, as a picture and a table, then the calendar of a scenario."""
    if vue.aucune_place:
        return textes.note(lectures.sans_place(vue))
    budget = textes.image(budgets.commune(vue)) + textes.repli(_budget(vue)) + textes.note(soutien_en_clair(vue))
    return budget + textes.tables(lecture.etapes(vue))


def _budget(vue: Vue) -> Table:
    """What the city pays year by year, to the hundred; how the plan is closed is said in the band, what the State pays below."""
    table = tableaux.budget_commune(vue)
    note = table.note.removeprefix(lectures.phrase(vue)).removesuffix(soutien_en_clair(vue))
    return clair.arrondie(replace(table, note=note.strip()))


def ce_qui_peut_arriver(titre: str, doute: LectureDuDoute | str) -> str:
    """Ranges and first risk of a scenario, or why there are none."""
    if isinstance(doute, str):
        return textes.message(doute, bon=False)
    return (
        textes.liste({"Scénario": titre})
        + textes.liste(phrases.de_la_commune(doute))
        + textes.note(phrases.comment_en_clair(doute))
    )


def ce_qu_il_faudrait(titre: str, vue: Vue) -> str:
    """What each meaning of balance asks of the city, the scenario named first."""
    try:
        table = tableaux_soutien.devrait(vue)
    except ErreurPope as erreur:
        return textes.message(str(erreur), bon=False)
    return textes.repli(table and clair.arrondie(_du_scenario(table, vue)), f"{titre}.")


def pied(vue: Vue, quand: datetime) -> str:
    """What the paper says of its figures: the day, the study, what its levers are worth."""
    jour = date_en_clair(quand.astimezone(FUSEAU).date())
    return textes.note(
        f"page du {jour}. Source : {lectures.source(vue)}. Les réglages de l'atelier sont des hypothèses."
    )


def a_savoir(vue: Vue) -> str:
    """Questions that weigh most, and those that the study leaves open."""
    posees = vue.ev.ctx.etude.questions_ouvertes
    ouvertes = str(morceau("vitrine.html", "puces", "Questions que l'étude laisse ouvertes", posees)) if posees else ""
    return textes.tables(tableaux.a_demander_d_abord(vue)) + ouvertes


def _du_scenario(table: Table, vue: Vue) -> Table:
    """The same table, its first line saying how the scenario that the levers set pays."""
    fiche = vue.ev.ctx.etude.exploitation
    assert fiche is not None
    premiere = (f"Ce que dit le scénario : {MODES[fiche.contribution_commune.mode].paye}", *table.cellules[0][1:])
    return replace(table, cellules=(premiere, *table.cellules[1:]))
