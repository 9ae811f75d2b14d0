"""Words of each mode of the commune's support: the one table that every view reads."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.exploitation.fiche_contribution import ModeContribution


@dataclass(frozen=True, slots=True)
class Mots:
    """How a mode is said.

    Attributes:
        court: short name; what it would take is an assumption, never a decision.
        paye: what is paid each year, after « la Ville paie ».
        phrase: the whole of it, with ``{}`` for the amount or the target of the sheet.
        champ: field of the sheet that ``{}`` stands for.
    """

    court: str
    paye: str
    phrase: str
    champ: str | None = None


MODES: dict[ModeContribution, Mots] = {
    "forfait": Mots("forfait annoncé", "un forfait par place et par an", "forfait annoncé de {}", champ="par_place"),
    "plafonnee": Mots(
        "plafond annoncé",
        "le déficit, jusqu'à un plafond par place",
        "le déficit, jusqu'à un plafond de {}",
        champ="plafond_par_place",
    ),
    "couverture": Mots(
        "hypothèse « dette couverte »",
        "ce qu'il faut pour couvrir la dette",
        "hypothèse : ce qu'il faudrait pour couvrir la dette {} fois ; personne ne l'a décidé",
        champ="cible",
    ),
    "equilibre_comptable": Mots(
        "hypothèse « à l'équilibre »",
        "ce qu'il faut pour un résultat nul",
        "hypothèse « à l'équilibre » : ce qu'il faudrait pour un résultat nul ; personne ne l'a décidé",
    ),
    "equilibre_tresorerie": Mots(
        "hypothèse « trésorerie à l'équilibre »",
        "ce qu'il faut pour que la caisse ne manque pas, dette payée",
        "hypothèse « trésorerie à l'équilibre » : ce qu'il faudrait pour que la caisse ne manque pas, dette payée ; personne ne l'a "
        "décidé",
    ),
    "arretee": Mots("montants votés", "des montants votés, année par année", "montants votés, année par année"),
    "aucune": Mots("rien d'annoncé", "rien", "rien d'annoncé"),
}
"""In the order in which a workshop proposes them."""
