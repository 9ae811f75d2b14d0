"""Exits that a number of persons needs: 5th category (article PE 11), then categories 1 to 4 (article CO 38).

A width that nobody gave is read at its least and at its most: the answer stays open only when the two differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pope_foncier.lieu.constats import StatutConstat
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.socle.nombres import formater_nombre

_EPS = 1e-9


class Cas(NamedTuple):
    """What the exits are for."""

    personnes: int
    cinquieme: bool
    existant: bool
    etage: bool = False
    haut: bool = False
    """Floor above the height from which stairs have their own rules."""


class Sortie(NamedTuple):
    """Exit as the rule reads it: its width, and whether it leads straight to the open air."""

    largeur_m: float
    directe: bool = True
    parcours_m: float = 0.0
    """Longest walk to it, when it is the only one."""


def accorder(statuts: Iterable[StatutConstat]) -> StatutConstat:
    """Answer common to several readings of what is unknown; open when they differ, unless each of them is bad news."""
    lus = set(statuts)
    if lus == {"a_surveiller", "non_respecte"}:
        return "a_surveiller"
    return lus.pop() if len(lus) == 1 else "a_verifier"


def classe(personnes: int, effectifs_max: dict[str, float]) -> str:
    """Class of a headcount, empty above the last one."""
    return next((c for c, maximum in effectifs_max.items() if personnes <= maximum), "")


def unites(largeur_m: float, regles: ReglesDuJour) -> int:
    """Passage units of a door, its tolerance used."""
    unite, t = regles.table("unite_de_passage_m"), 1 - regles.nombre("porte_tolerance")
    if largeur_m < unite["une"] * t - _EPS:
        return 0
    if largeur_m < unite["deux"] * t - _EPS:
        return 1
    return max(2, int(largeur_m / (unite["par_unite"] * t) + _EPS))


def largeur_des_unites(nombre: int, regles: ReglesDuJour) -> float:
    """Width of a number of passage units [m]."""
    unite = regles.table("unite_de_passage_m")
    return {0: 0.0, 1: unite["une"], 2: unite["deux"]}.get(nombre, nombre * unite["par_unite"])


def suffisent(sorties: Sequence[Sortie], cas: Cas, regles: ReglesDuJour) -> bool | None:
    """Whether the exits are enough; None for a headcount that the rules read do not cover."""
    rangees = sorted(sorties, key=lambda s: -s.largeur_m)
    return (_pe11 if cas.cinquieme else _co38)(rangees, cas, regles)


def _pe11(sorties: list[Sortie], cas: Cas, regles: ReglesDuJour) -> bool | None:
    cle = classe(cas.personnes, regles.table("pe11_effectif_max"))
    if not cle:
        return None
    admise, tient = _largeur_admise(cas, regles), _tient(regles)
    largeurs = [s.largeur_m for s in sorties]
    seules = regles.table("pe11_issue_seule_m")
    if cle == "classe_1":
        return any(tient(w, admise(seules[cle])) for w in largeurs)
    if cle == "classe_2":
        if cas.etage:
            accessoire = regles.nombre("issue_accessoire_m")
            une = bool(largeurs) and tient(largeurs[0], admise(regles.table("pe11_deux_issues_m")["classe_2_grande"]))
            return une and (not cas.haut or (len(largeurs) > 1 and tient(largeurs[1], accessoire)))
        loin = regles.nombre("pe11_parcours_issue_seule_m")
        if any(s.directe and tient(s.largeur_m, seules[cle]) and s.parcours_m <= loin + _EPS for s in sorties):
            return True
    for nom in ("pe11_deux_issues_m", "pe11_deux_issues_bis_m"):
        table = regles.table(nom)
        if f"{cle}_grande" in table and len(largeurs) > 1:
            grande, autre = (admise(table[f"{cle}_{x}"]) for x in ("grande", "autre"))
            if tient(largeurs[0], grande) and tient(largeurs[1], autre):
                return True
    return False


def _co38(sorties: list[Sortie], cas: Cas, regles: ReglesDuJour) -> bool | None:
    cle = classe(cas.personnes, regles.table("co38_effectif_max"))
    if not cle:
        return None
    comptes = [unites(s.largeur_m, regles) for s in sorties]
    tient = _tient(regles)
    accessoires = sum(tient(s.largeur_m, regles.nombre("issue_accessoire_m")) for s in sorties)
    dues, nombre = regles.table("co38_unites"), int(regles.table("co38_degagements")[cle])
    if cle == "classe_1":
        return max(comptes, default=0) >= dues[cle]
    if cle == "classe_2":
        une = max(comptes, default=0) >= dues[cle]
        return une and (accessoires >= nombre or (cas.etage and not cas.haut))
    if cle == "classe_3":
        normales = [u for u in comptes if u]
        deux = len(normales) >= nombre and sum(normales) >= dues[cle]
        return deux or (max(comptes, default=0) >= dues[cle] and accessoires >= nombre)
    par_unite = regles.nombre("co38_personnes_par_unite")
    mini = 2 if cas.personnes > regles.nombre("co36_deux_unites_au_dela") else 1
    normales = [u for u in comptes if u >= mini]
    return len(normales) >= nombre and sum(normales) >= math.ceil(cas.personnes / par_unite - _EPS) + 1


def _tient(regles: ReglesDuJour) -> Callable[[float, float], bool]:
    """Comparison of a width with the one due, the tolerance of a door used."""
    t = 1 - regles.nombre("porte_tolerance")
    return lambda largeur, due: largeur >= due * t - _EPS


def _largeur_admise(cas: Cas, regles: ReglesDuJour) -> Callable[[float], float]:
    une = regles.table("unite_de_passage_m")["une"]
    reduite = regles.nombre("pe11_largeur_existant_m") if cas.existant else une
    return lambda due: reduite if abs(due - une) < _EPS else due


def attendu(cas: Cas, regles: ReglesDuJour) -> str:
    """French sentence: the exits due."""
    if cas.cinquieme:
        return _attendu_pe11(cas, regles)
    cle = classe(cas.personnes, regles.table("co38_effectif_max"))
    qui = _personnes(cas.personnes)
    if not cle:
        return f"{qui} : à lire à l'article CO 38"
    if cle == "classe_1":
        return f"{qui} : une issue d'une unité de passage"
    if cle == "classe_2":
        si_haut = f" {_si_haut(regles)}" if cas.etage else ""
        return f"{qui} : une issue d'une unité de passage et une issue accessoire{si_haut}"
    if cle == "classe_3":
        return f"{qui} : deux issues d'une unité de passage, ou une de deux et une accessoire"
    dues = math.ceil(cas.personnes / regles.nombre("co38_personnes_par_unite") - _EPS) + 1
    return f"{qui} : deux issues, {dues} unités de passage en tout"


def _attendu_pe11(cas: Cas, regles: ReglesDuJour) -> str:
    cle, qui = classe(cas.personnes, regles.table("pe11_effectif_max")), _personnes(cas.personnes)
    if not cle:
        return f"{qui} : hors de la table de l'article PE 11"
    admise, seules = _largeur_admise(cas, regles), regles.table("pe11_issue_seule_m")
    if cle == "classe_1":
        return f"{qui} : une issue de {_m(admise(seules[cle]))}"
    if cle == "classe_2" and cas.etage:
        escalier = f"{qui} : un escalier de {_m(admise(regles.table('pe11_deux_issues_m')['classe_2_grande']))}"
        return f"{escalier}, et une issue accessoire {_si_haut(regles)}"
    facons = []
    for nom in ("pe11_deux_issues_m", "pe11_deux_issues_bis_m"):
        table = regles.table(nom)
        if f"{cle}_grande" in table:
            facons.append(" et ".join(_m(admise(table[f"{cle}_{x}"])) for x in ("grande", "autre")))
    if cle == "classe_2":
        loin = formater_nombre(regles.nombre("pe11_parcours_issue_seule_m"))
        facons.append(f"une seule de {_m(seules[cle])} donnant dehors à {loin} m au plus")
    return f"{qui} : deux issues de {', ou '.join(facons)}"


def _si_haut(regles: ReglesDuJour) -> str:
    return f"si le plancher est à plus de {formater_nombre(regles.nombre('plancher_haut_m'))} m"


def _m(largeur: float) -> str:
    return f"{formater_nombre(largeur, 2)} m"


def _personnes(nombre: int) -> str:
    return f"{formater_nombre(nombre)} personne{'s' if nombre > 1 else ''}"
