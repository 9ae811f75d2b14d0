"""Goal seek in words and as a table: values that reach the target, steps that jump over it, stretches without a figure."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.choisir.but import But
from pope_foncier.decision.choisir.exploration import Saut
from pope_foncier.decision.choisir.plage_cherchee import BORNES, INTERVALLE
from pope_foncier.decision.choisir.valeur_fonciere import EN_CLAIR as CONDITIONS
from pope_foncier.decision.choisir.valeur_fonciere import ValeurFonciere
from pope_foncier.etude.lecteur import EN_CLAIR
from pope_foncier.socle.nombres import formater, formater_nombre, pourcent
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table

_RIEN = "—"


def phrase(but: But) -> str:
    """What brings the figure to the target, or that nothing does and what the range gives."""
    entree, chiffre = but.plage.libelle, but.chiffre.libelle
    vise = f"Pour que « {chiffre} » soit {_du_chiffre(but, but.cible)} ({EN_CLAIR[but.lecture]})"
    tete = f"{vise}, « {entree} » doit valoir"
    solutions = [_de_l_entree(but, s.valeur) for s in but.trouve.solutions]
    plages = [f"toute valeur {_de_a(but, p.bas, p.haut)}" for p in but.trouve.plages]
    if solutions or plages:
        dit = f"{tete} {_ou([*solutions, *plages])}."
    else:
        bas, haut = but.etendue
        dit = f"{vise}, aucune valeur de « {entree} » {_de_a(but, but.plage.bas, but.plage.haut)} ne convient"
        if np.isnan(bas):
            dit += f" : le chiffre n'y a jamais de valeur{_raisons(but)}."
        elif but.toujours_pareil:
            dit += f" : le chiffre y vaut toujours {_du_chiffre(but, bas)}, il ne dépend pas de cette entrée ou reste à sa borne."
        else:
            dit += f" : le chiffre y va de {_du_chiffre(but, bas)} à {_du_chiffre(but, haut)}."
    sauts = [
        f"{_au_pas(but, s)}, le chiffre passe de {_du_chiffre(but, s.chiffre_avant)} à {_du_chiffre(but, s.chiffre_apres)}"
        for s in but.trouve.sauts
    ]
    return dit + (f" Marche qui saute la valeur : {' ; '.join(sauts)}." if sauts else "")


def valeur_du_foncier(valeur: ValeurFonciere) -> str:
    """Highest price or rent that keeps the condition, and what happens at the ends of the range."""
    but = valeur.but
    dite = f"{CONDITIONS[valeur.condition]} {_du_chiffre(but, but.cible)} (plan bouclé)"
    libelle = but.plage.libelle
    if np.isnan(valeur.valeur):
        depart, _ = but.aux_bouts
        return (
            f"Valeur du foncier : aucune. Pour que {dite}, aucune valeur de « {libelle} » ne convient : même à "
            f"{_de_l_entree(but, but.plage.bas)}, le chiffre est à {_du_chiffre(but, depart)}{_raisons(but)}."
        )
    if np.isinf(valeur.valeur):
        return f"Pour que {dite}, « {libelle} » n'est pas limité jusqu'à {_de_l_entree(but, but.plage.haut)}."
    suite = (
        "" if valeur.en_dessous else " Attention : certaines valeurs plus basses ne conviennent pas (voir le tableau)."
    )
    return f"Valeur du foncier : pour que {dite}, « {libelle} » peut aller jusqu'à {_de_l_entree(but, valeur.valeur)}.{suite}"


def table(but: But) -> Table:
    """Every answer, every step and every stretch without a figure, in the order of the input."""
    rangs: list[tuple[float, Rang]] = []
    for s in but.trouve.solutions:
        rangs.append((s.valeur, ("donne la valeur", _case(but, s.valeur), _RIEN, _cible(but, s.chiffre))))
    for p in but.trouve.plages:
        bornes = (_case(but, p.bas), _case(but, p.haut))
        rangs.append((p.bas, ("toute valeur la donne", *bornes, _cible(but, but.cible))))
    for x in but.trouve.sauts:
        marche = f"{_du_chiffre(but, x.chiffre_avant)}, puis {_du_chiffre(but, x.chiffre_apres)}"
        rangs.append((x.avant, ("marche : saute la valeur", _case(but, x.avant), _case(but, x.apres), marche)))
    for t, raison in zip(but.trouve.trous, but.raisons, strict=True):
        rangs.append((t.bas, ("sans chiffre", _case(but, t.bas), _case(but, t.haut), raison)))
    if not but.trouve.trouve:
        bouts = (_case(but, but.plage.bas), _case(but, but.plage.haut))
        rangs.insert(0, (-np.inf, ("aucune", *bouts, _aux_bouts(but))))
    lignes = tuple(rang for _, rang in sorted(rangs, key=lambda r: r[0]))
    titre = f"{but.plage.libelle} qui donne « {but.chiffre.libelle} » = {_du_chiffre(but, but.cible)}, {EN_CLAIR[but.lecture]}"
    return Table(titre, ("Réponse", "Valeur, ou de", "à", but.chiffre.libelle), lignes, note=_note(but))


def _note(but: But) -> str:
    plage = but.plage
    dit = f"Cherché {_de_a(but, plage.bas, plage.haut)} ({plage.origine}"
    if plage.entier:
        dit += ", toutes les valeurs entières)"
    else:
        dit += ")" if plage.origine == BORNES else f", relu tous les {_de_l_entree(but, but.trouve.pas)} au plus)"
    if np.isfinite(plage.actuel):
        dit += f". L'étude porte {_de_l_entree(but, plage.actuel)}"
    refus = [f"{ou} : {mot}" for ou, mot in zip(("plus bas", "plus haut"), plage.refus, strict=True) if mot]
    dit += f". L'étude refuse d'aller {' ; '.join(refus)}" if refus else ""
    dit = f"{dit.rstrip('.')}."
    if plage.origine in (INTERVALLE, BORNES) and not but.trouve.trouve:
        dit += " Une autre plage se donne : --entre BAS HAUT, ou entre=(bas, haut)."
    return dit


def _raisons(but: But) -> str:
    """Why the range has no figure at all; empty when it has one somewhere."""
    bas, _ = but.etendue
    dites = " ; ".join(dict.fromkeys(but.raisons))
    return f" ({dites})" if np.isnan(bas) and dites else ""


def _aux_bouts(but: But) -> str:
    bas, haut = but.aux_bouts
    return f"de {_du_chiffre(but, bas)} à {_du_chiffre(but, haut)} aux deux bouts"


def _case(but: But, valeur: float) -> Case:
    return cases.mesure(valeur, but.plage.unite).dite(_de_l_entree(but, valeur))


def _cible(but: But, valeur: float) -> Cellule:
    return cases.mesure(valeur, but.chiffre.unite).dite(_du_chiffre(but, valeur))


def _de_l_entree(but: But, valeur: float) -> str:
    """Value of the input to the cent, or to four decimals of a rate."""
    unite = but.plage.unite
    if unite == "%":
        return pourcent(valeur, 4)
    nombre = formater_nombre(valeur, 2 if abs(valeur) >= 1.0 else 4, 0)
    return f"{nombre}\u00a0{unite}" if unite else nombre


def _du_chiffre(but: But, valeur: float) -> str:
    if np.isnan(valeur):
        return "sans valeur"
    if np.isinf(valeur):
        return "sans limite"
    return formater(valeur, but.chiffre.unite)


def _au_pas(but: But, saut: Saut) -> str:
    """Where a step lies: between two values, or at one when they show alike."""
    avant, apres = _de_l_entree(but, saut.avant), _de_l_entree(but, saut.apres)
    return f"à {avant}" if avant == apres else f"de {avant} à {apres}"


def _de_a(but: But, bas: float, haut: float) -> str:
    return f"de {_de_l_entree(but, bas)} à {_de_l_entree(but, haut)}"


def _ou(dits: list[str]) -> str:
    return dits[0] if len(dits) == 1 else f"{', '.join(dits[:-1])} ou {dits[-1]}"
