"""Parts of a dossier about what is not sure: stresses, draws, what to know first, what is to confirm, open questions."""

from __future__ import annotations

from dataclasses import replace

from pope_foncier.vues.decision import tableaux_epreuves
from pope_foncier.vues.decision.comparer import tableaux as tableaux_comparer
from pope_foncier.vues.decision.doute import graphiques as graphiques_doute
from pope_foncier.vues.decision.doute import tableaux as tableaux_doute
from pope_foncier.vues.decision.sensibilite import mots
from pope_foncier.vues.decision.sensibilite import tableaux as tableaux_sensibilite
from pope_foncier.vues.dossier import abreges, pieces
from pope_foncier.vues.dossier.pieces import Piece
from pope_foncier.vues.dossier.sujet import Sujet
from pope_foncier.vues.etude import tableaux, tableaux_scenarios
from pope_foncier.vues.formes import lectures

_LAISSEES = ("Pire mois", "Mois du creux")
"""Columns of the stresses that the sheet has no room for; nor for who bears them when two cash boxes are shown."""
_BASCULES = 10
"""Inputs that the sheet sets beside the ceiling."""
_AVIS = "Ce qui ferait changer d'avis, une entrée à la fois"
INCONNU = "Le reste à financer est inconnu, des montants manquent : aucune épreuve ni aucun tirage ne se lit. Ce qu'il faut demander est plus loin."


def scenarios(sujet: Sujet) -> list[Piece]:
    """Scenarios side by side, and the inputs that each changes."""
    return [
        *pieces.tableau(tableaux_scenarios.comparaison_courte(sujet.resultat)),
        *pieces.tableau(tableaux_comparer.changements(sujet.resultat)),
    ]


def epreuves(sujet: Sujet) -> list[Piece]:
    """Stresses on the closed plan whose funding is frozen, and the cover that each leaves."""
    if not sujet.plan_connu:
        return pieces.phrase(sujet.sans_chiffre or INCONNU)
    tables = tableaux_epreuves.deux_tables(sujet.vue, sujet.epreuves)
    laissees = (*_LAISSEES, "Porté par") if "Caisse" in tables[0].entetes else _LAISSEES
    annees = [abreges.comme_le_premier(table) for table in tables[1:]]
    return pieces.tableaux([abreges.sans_colonnes(tables[0], laissees), *annees])


def doute(sujet: Sujet) -> list[Piece]:
    """Draws: ranges, risks, cash in a fan."""
    lu = sujet.doute
    if isinstance(lu, str):
        return pieces.phrase(sujet.sans_chiffre or f"Rien n'a été tiré : {lu}.")
    source = lectures.source(sujet.vue)
    return [
        *pieces.phrase(tableaux_doute.phrase(lu)),
        *pieces.tableaux((tableaux_doute.fourchettes(lu), tableaux_doute.risques(lu))),
        *pieces.image(graphiques_doute.eventail(lu, source), 90),
    ]


def savoir(sujet: Sujet) -> list[Piece]:
    """What to know first, what would change the answer, what to ask."""
    bref = sujet.bref
    if not sujet.chiffree:
        return pieces.phrase(sujet.sans_chiffre)
    if bref is None:
        return pieces.phrase(
            "L'étude ne dit pas le plafond que la commune accepte, ou un montant est inconnu : ce que vaut une information ne se mesure pas."
        )
    bascules = replace(tableaux_sensibilite.bascules(bref.question, bref.bascules), titre=_AVIS)
    return [
        *pieces.phrase(mots.savoir_d_abord(bref.savoir), "forte"),
        *pieces.tableau(tableaux_sensibilite.inconnues(bref.savoir)),
        *pieces.phrase(f"{mots.constat(bref)} (hypothèse)."),
        *pieces.tableau(abreges.premiers(bascules, _BASCULES, "{} autres n'en approchent pas plus.")),
    ]


def a_confirmer(sujet: Sujet) -> list[Piece]:
    """What is missing and what somebody must confirm, then the working assumptions."""
    if not sujet.chiffree:
        return pieces.phrase(sujet.sans_chiffre)
    return pieces.tableaux((tableaux.tableau_a_confirmer(sujet.vue), tableaux.hypotheses_de_travail(sujet.vue)))


def questions(sujet: Sujet) -> list[Piece]:
    """Open questions of the study."""
    posees = sujet.dossier.etude.questions_ouvertes
    return pieces.liste(posees, ordre=True) or pieces.phrase("L'étude ne pose aucune question ouverte.")
