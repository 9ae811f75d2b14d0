"""What a citizen reads: amounts to the hundred, one line a scenario, what a bad turn costs; a sentence where a scenario opens no place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pope_foncier.ateliers.epreuves import Eprouvee
from pope_foncier.ateliers.reponse import Reponse
from pope_foncier.decision.comparer.difference import AVEC_LE_RESTE, COMMUNE_EN_TOUT, Difference, Effet
from pope_foncier.decision.epreuves import SANS_EFFET
from pope_foncier.etude.lecteur import A_TROUVER, MANQUE
from pope_foncier.etude.lectures import a_trouver_en_tout
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.resultats import Vue
from pope_foncier.vues.decision.comparer import mots
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.cases import Case, Cellule, Rang, centaines
from pope_foncier.vues.formes.table import Table

ARRONDI = "Montants arrondis à la centaine d'euros : une somme peut s'écarter de son total."
RIEN = "Rien n'est fait : aucune place n'ouvre"
_REGLEE = re.compile(r"aides\[([^\]]+)\]\.(?:montant|versements)")
"""Stated amount and instalments of a grant."""
_COLONNES_DU_CHOC = {
    "Épreuve": "Si…",
    "Caisse": "Caisse de",
    "Sans financement": "Personne ne le finance",
    "Trésorerie à avancer au pire mois": "À avancer, au pire mois",
    "Pire mois": "Pire mois",
    "Point bas de trésorerie": "Caisse au plus bas",
}
"""Columns of the stresses that a citizen reads, and their names."""


def arrondie(table: Table) -> Table:
    """Same table, its amounts in euros to the hundred, as everywhere in a workshop."""
    return replace(table, cellules=tuple(tuple(_arrondir(c) for c in rang) for rang in table.cellules))


def _arrondir(cellule: Cellule) -> Cellule:
    if not isinstance(cellule, Case) or cellule.genre != "montant" or cellule.decimales or cellule.dit is not None:
        return cellule
    assert isinstance(cellule.valeur, float)
    return centaines(cellule.valeur)


def sans_projet(vue: Vue) -> str:
    """Sentence in place of the figures of a scenario that opens no place: why, or that nothing is done; nothing when it opens some."""
    if vue.aucune_place:
        return lectures.sans_place(vue)
    if vue.places.nombre != 0:
        return ""
    if vue.montant("besoins.total") > BOUCLE_A or not a_trouver_en_tout(vue)["total"] <= BOUCLE_A:
        return f"{RIEN}."
    return f"{RIEN}, rien n'est à payer ni à trouver."


def une_ligne_chacun(reponses: Mapping[str, Reponse]) -> Table:
    """Answer of every scenario that opens places, one a line."""
    premiere = next(iter(reponses.values()))
    return Table(
        "Tous les scénarios",
        ("Scénario", *(c.libelle for c in premiere.chiffres)),
        tuple((titre, *(c.valeur for c in r.chiffres)) for titre, r in reponses.items()),
    )


def ce_qui_change(lue: Difference) -> str:
    """What separates two scenarios, then what it does to the figures of the cards: before, after; one sentence."""
    aides = {} if lue.sans_place else _aides_reglees(lue)
    restes = tuple(e for e in lue.entrees if e.champ not in aides)
    dites = [*dict.fromkeys(aides.values()), *([mots.entrees_changees(replace(lue, entrees=restes))] if restes else [])]
    tete = ", ".join(dites) or mots.entrees_changees(lue)
    if lue.sans_place:
        return f"{tete} : pas de chiffre à comparer, {lue.sans_place}."
    return f"{tete}. {effets(lue) or 'Rien de ce que disent les cartes ne bouge'}."


def _aides_reglees(lue: Difference) -> dict[str, str]:
    """Grants whose amount is stated, or paid otherwise, by field: what each brings, before and after, whatever the rule that set it."""
    apportes = {e.code: e for e in lue.de("ressources")}
    dites = {}
    for entree in lue.entrees:
        trouve = _REGLEE.fullmatch(entree.champ)
        effet = trouve and apportes.get(f"ressources.{trouve[1]}")
        if effet and math.isfinite(effet.avant) and math.isfinite(effet.apres) and effet.avant != effet.apres:
            dites[entree.champ] = f"{effet.libelle} : {_valeur(effet, 0)} → {_valeur(effet, 1)}"
    return dites


def effets(lue: Difference) -> str:
    """What a scenario does to the figures of the cards: before, after; nothing when none moves."""
    lus = [(_CHANGENT[e.code], _valeur(e, 0), _valeur(e, 1)) for e in lue.effets if e.code in _CHANGENT]
    return " ; ".join(f"{nom} : {avant} → {apres}" for nom, avant, apres in lus if avant != apres)


_CHANGENT = {
    "places": "Places",
    "ouverture": "Ouverture",
    A_TROUVER: "À trouver",
    COMMUNE_EN_TOUT: "La Ville paie, investissement et fonctionnement, par place et par an",
    AVEC_LE_RESTE: "Coût pour la Ville, tout ce qui est à trouver compris, par place et par an",
    MANQUE: "Caisse, manque au pire mois",
}
"""Figures that such a sentence tells, and their names."""


def _valeur(effet: Effet, rang: int) -> str:
    valeur = (effet.avant, effet.apres)[rang]
    return (
        str(centaines(valeur)) if effet.unite.startswith("€") and math.isfinite(valeur) else mots.valeurs(effet)[rang]
    )


def si_cela_tourne_mal(table: Table, eprouvees: Sequence[Eprouvee]) -> Table:
    """Stresses as a citizen reads them: what nobody funds any more, what must be advanced, the lowest cash; those without effect in one sentence.

    Args:
        table: stresses of a scenario.
        eprouvees: the stresses, in the order of its rows.
    """
    gardees = [i for i, nom in enumerate(table.entetes) if nom in _COLONNES_DU_CHOC]
    muettes = [e.effet.libelle for e in eprouvees if e.effet.sans_effet]
    lignes: list[Rang] = []
    muette = False
    for rang in table.cellules:
        muette = str(rang[0]) in muettes if str(rang[0]) else muette
        if not muette:
            lignes.append(tuple(rang[i] for i in gardees))
    return replace(
        table,
        titre=lectures.nommer("Si cela tourne mal", lectures.BOUCLE),
        entetes=tuple(_COLONNES_DU_CHOC[table.entetes[i]] for i in gardees),
        cellules=tuple(lignes),
        note=" ".join(x for x in (_sans_effet(muettes), _NOTE) if x),
    )


def _sans_effet(libelles: Sequence[str]) -> str:
    """Stresses that change nothing, in one sentence; nothing without any."""
    noms = [nom.removesuffix(f" ({SANS_EFFET})") for nom in libelles]
    return f"Ne change{'nt' if len(noms) > 1 else ''} rien ici : {' ; '.join(noms)}." if noms else ""


_NOTE = (
    "Chaque ligne frappe seule, une fois le financement arrêté : personne n'apporte plus rien. À avancer : ce que la caisse perd au pire mois. "
    "Caisse au plus bas sous zéro : de l'argent manque."
)
